//! What an audit remembers in the clone: commits with which nothing was wrong, and where the mainline stood.
//!
//! Every line bears a seal made with a secret that lies outside the repository, in the person's own folder. So a cache that
//! came with a repository, or was changed, is worth nothing: such lines are left out, and their commits judged anew.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use super::context::Context;
use crate::audit::{Facts, ObjectId, Report};
use crate::domain::Digest;
use crate::history::Repo;
use crate::store::keep;

/// Changes with whatever changes a verdict; the program's version is part of every seal besides.
const JUDGE: u32 = 1;

/// How many places of the branch are remembered.
const TIPS: usize = 500;

/// The cache of one clone, for one branch and root.
pub(crate) struct Cache {
    file: Option<PathBuf>,
    secret: String,
    /// What the lines are about: a line for another branch, root or program is none.
    scope: String,
    /// Where a branch stood depends on neither program nor root.
    branch: String,
    known: HashMap<ObjectId, String>,
    /// Where the branch stood when it was audited, newest first.
    pub(crate) tips: Vec<ObjectId>,
}

impl Cache {
    /// Reads the cache of a clone; without one, without a secret or unwanted it is empty.
    pub(crate) fn open(ctx: &Context, repo: &Repo, reference: &str, root: Option<ObjectId>, wanted: bool) -> Self {
        let root = root.map(|root| root.to_string()).unwrap_or_default();
        let version = env!("CARGO_PKG_VERSION");
        let place = repo.private_folder();
        let branch = format!("{}\n{reference}", place.display());
        let scope = format!("{version} {JUDGE}\n{branch}\n{}\n{root}", repo.prefix());
        let mut cache =
            Self { file: None, secret: String::new(), scope, branch, known: HashMap::new(), tips: Vec::new() };
        let Some(secret) = ctx.state_folder.as_deref().and_then(secret) else { return cache };
        cache.secret = secret;
        let file = place.join("audit");
        if let Ok(text) = std::fs::read_to_string(&file) {
            text.lines().for_each(|line| cache.read(line, wanted));
        }
        cache.file = wanted.then_some(file);
        cache
    }

    /// `commit ID FACTS SEAL` or `tip ID SEAL`, separated by tabs.
    fn read(&mut self, line: &str, wanted: bool) {
        let Some((said, seal)) = line.rsplit_once('\t') else { return };
        let mut parts = said.split('\t');
        let kind = parts.next();
        let Some(id) = parts.next().and_then(ObjectId::parse) else { return };
        let scope = if kind == Some("tip") { &self.branch } else { &self.scope };
        if seal != self.seal(scope, said) {
            return;
        }
        match (kind, parts.next()) {
            (Some("tip"), None) => self.tips.push(id),
            (Some("commit"), Some(facts)) if wanted => drop(self.known.insert(id, facts.to_owned())),
            _ => {}
        }
    }

    fn seal(&self, scope: &str, said: &str) -> String {
        let inner = Digest::of(format!("{}\n{scope}\n{said}", self.secret).as_bytes());
        Digest::of(format!("{}\n{}", self.secret, inner.hex()).as_bytes()).short(40)
    }

    /// What was kept of a commit.
    pub(crate) fn facts(&self, id: ObjectId) -> Option<Facts> {
        serde_json::from_str(self.known.get(&id)?).ok()
    }

    /// Keeps what is clean, and where the branch stands and stood, as far as that still holds. A cache that cannot be written
    /// is none.
    pub(crate) fn remember(&self, report: &Report, tip: Option<ObjectId>, holds: &dyn Fn(ObjectId) -> bool) {
        let Some(file) = &self.file else { return };
        let mut text = String::new();
        let mut line = |scope: &str, said: String| {
            let seal = self.seal(scope, &said);
            text.push_str(&format!("{said}\t{seal}\n"));
        };
        for (id, facts) in &report.keep {
            if let Ok(facts) = serde_json::to_string(facts) {
                line(&self.scope, format!("commit\t{id}\t{facts}"));
            }
        }
        let before = self.tips.iter().copied().filter(|old| Some(*old) != tip && holds(*old));
        let tips: Vec<ObjectId> = tip.into_iter().chain(before).collect();
        tips.iter().take(TIPS).for_each(|tip| line(&self.branch, format!("tip\t{tip}")));
        keep(file, &text);
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
