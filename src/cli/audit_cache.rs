//! What an audit remembers in the clone: commits with which nothing was wrong, and where the mainline stood.
//!
//! Every line bears a seal made with a secret that lies outside the repository, in the person's own folder. So a cache that
//! came with a repository, or was changed, is worth nothing: such lines are left out, and their commits judged anew. New lines
//! are written behind the old ones while the audit is at work, so one that is interrupted goes on where it was.

use std::cell::RefCell;
use std::collections::HashMap;
use std::ops::Range;
use std::path::{Path, PathBuf};

use super::context::Context;
use crate::audit::{Edges, Facts, Kept, ObjectId};
use crate::domain::Digest;
use crate::history::Repo;
use crate::store::{keep, keep_more};

/// Changes with whatever changes a verdict; the program's version is part of every seal besides.
const JUDGE: u32 = 5;

/// How many places of the branch are remembered.
const TIPS: usize = 500;

/// How many bytes of lines are written at once.
const PAGE: usize = 64_000;

/// The cache of one clone, for one branch and root.
pub(crate) struct Cache {
    file: Option<PathBuf>,
    secret: String,
    /// What the lines are about: a line for another branch, root or program is none.
    scope: String,
    /// Where a branch stood depends on neither program nor root.
    branch: String,
    /// The file, as it was.
    text: String,
    /// Where in it a commit's clock, edges and facts are.
    known: HashMap<ObjectId, Range<usize>>,
    /// Where the branch stood when it was audited, newest first.
    pub(crate) tips: Vec<ObjectId>,
    /// Lines that are not written yet.
    page: RefCell<String>,
}

/// A line that counts.
enum Line<'t> {
    /// Where the branch stood.
    Tip(ObjectId),
    /// A commit, its edges and its facts.
    Commit(ObjectId, &'t str),
}

impl Cache {
    /// Reads the cache of a clone; without one, without a secret or unwanted it is empty.
    pub(crate) fn open(ctx: &Context, repo: &Repo, reference: &str, root: Option<ObjectId>, wanted: bool) -> Self {
        let root = root.map(|root| root.to_string()).unwrap_or_default();
        let version = env!("CARGO_PKG_VERSION");
        let place = repo.private_folder();
        let branch = format!("{}\n{reference}", place.display());
        let mut cache = Self {
            file: None,
            secret: String::new(),
            scope: format!("{version} {JUDGE}\n{branch}\n{}\n{root}", repo.prefix()),
            branch,
            text: String::new(),
            known: HashMap::new(),
            tips: Vec::new(),
            page: RefCell::default(),
        };
        if let Some(secret) = ctx.state_folder.as_deref().and_then(secret) {
            cache.secret = secret;
            cache.read(&place.join("audit"), wanted);
        }
        cache
    }

    fn read(&mut self, file: &Path, wanted: bool) {
        let text = String::from_utf8_lossy(&std::fs::read(file).unwrap_or_default()).into_owned();
        let mut at = 0;
        let mut all_count = text.is_empty() || text.ends_with('\n');
        for line in text.split_inclusive('\n') {
            match self.line(line) {
                Some(Line::Tip(tip)) => self.tips.push(tip),
                Some(Line::Commit(id, told)) if wanted => {
                    let begin = at + "commit\t".len() + id.to_string().len() + 1;
                    self.known.insert(id, begin..begin + told.len());
                }
                Some(Line::Commit(..)) => {}
                None => all_count = false,
            }
            at += line.len();
        }
        self.text = if wanted { text } else { String::new() };
        self.tips.reverse();
        self.tips.truncate(TIPS);
        self.file = wanted.then(|| file.to_owned());
        if !all_count {
            self.rewrite(&|_| true);
        }
    }

    /// `commit ID EDGES FACTS SEAL` or `tip ID SEAL`, separated by tabs.
    fn line<'t>(&self, line: &'t str) -> Option<Line<'t>> {
        let (said, seal) = line.strip_suffix('\n')?.rsplit_once('\t')?;
        let (kind, rest) = said.split_once('\t')?;
        let (line, scope) = match (kind, rest.split_once('\t')) {
            ("tip", None) => (Line::Tip(ObjectId::parse(rest)?), &self.branch),
            ("commit", Some((id, told))) => (Line::Commit(ObjectId::parse(id)?, told), &self.scope),
            _ => return None,
        };
        (seal == self.seal(scope, said)).then_some(line)
    }

    fn seal(&self, scope: &str, said: &str) -> String {
        let inner = Digest::of(format!("{}\n{scope}\n{said}", self.secret).as_bytes());
        Digest::of(format!("{}\n{}", self.secret, inner.hex()).as_bytes()).short(40)
    }

    /// Remembers where the branch stands, and writes what is not written yet.
    pub(crate) fn stands_at(&self, tip: ObjectId) {
        if self.tips.first() != Some(&tip) {
            self.add(&self.branch, &format!("tip\t{tip}"));
        }
        self.write();
    }

    /// Forgets where the branch stood, as far as that no longer holds.
    pub(crate) fn forget(&self, holds: &dyn Fn(ObjectId) -> bool) {
        if !self.tips.iter().all(|tip| holds(*tip)) {
            self.rewrite(&|line| matches!(line, Line::Commit(..)) || matches!(line, Line::Tip(tip) if holds(*tip)));
        }
    }

    fn add(&self, scope: &str, said: &str) {
        let line = format!("{said}\t{}\n", self.seal(scope, said));
        self.page.borrow_mut().push_str(&line);
        if self.page.borrow().len() > PAGE {
            self.write();
        }
    }

    /// Writes what is not written yet. A cache that cannot be written is none.
    pub(crate) fn write(&self) {
        let page = self.page.take();
        if let Some(file) = self.file.as_deref().filter(|_| !page.is_empty()) {
            keep_more(file, &page);
        }
    }

    /// Writes the file anew, with the lines that count and are wanted.
    fn rewrite(&self, wanted: &dyn Fn(&Line<'_>) -> bool) {
        let Some(file) = &self.file else { return };
        self.write();
        let text = String::from_utf8_lossy(&std::fs::read(file).unwrap_or_default()).into_owned();
        let counts = |line: &&str| self.line(line).is_some_and(|line| wanted(&line));
        keep(file, &text.split_inclusive('\n').filter(counts).collect::<String>());
    }

    fn told(&self, id: ObjectId) -> Option<(&str, &str)> {
        self.text.get(self.known.get(&id)?.clone())?.split_once('\t')
    }
}

impl Kept for Cache {
    fn edges(&self, id: ObjectId) -> Option<Edges> {
        let (edges, _) = self.told(id)?;
        let mut parts = edges.split(' ');
        let (_clock, at) = (parts.next()?, parts.next()?.parse().ok()?);
        let tree = ObjectId::parse(parts.next()?)?;
        Some(Edges { tree: Some(tree), parents: parts.map(ObjectId::parse).collect::<Option<_>>()?, at })
    }

    fn facts(&self, id: ObjectId, clock: i64) -> Option<Facts> {
        let (edges, facts) = self.told(id)?;
        let kept: i64 = edges.split(' ').next()?.parse().ok()?;
        serde_json::from_str(facts).ok().filter(|_| kept == clock)
    }

    fn keep(&self, id: ObjectId, edges: &Edges, clock: i64, facts: &Facts) {
        let (Some(_), Some(tree), Ok(facts)) = (&self.file, edges.tree, serde_json::to_string(facts)) else { return };
        let parents: String = edges.parents.iter().map(|parent| format!(" {parent}")).collect();
        self.add(&self.scope, &format!("commit\t{id}\t{clock} {} {tree}{parents}\t{facts}", edges.at));
    }
}

/// The secret of this person, made at the first audit.
fn secret(folder: &Path) -> Option<String> {
    let file = folder.join("audit-secret");
    if let Ok(known) = std::fs::read_to_string(&file) {
        return Some(known.trim().to_owned()).filter(|known| known.len() >= 32);
    }
    std::fs::create_dir_all(folder).ok()?;
    let fresh = format!("{}{}", uuid::Uuid::new_v4().simple(), uuid::Uuid::new_v4().simple());
    let beside = tempfile::NamedTempFile::new_in(folder).ok()?;
    std::fs::write(beside.path(), format!("{fresh}\n")).ok()?;
    beside.persist_noclobber(&file).ok()?;
    Some(fresh)
}
