//! What audits remember of a clone: what was found of its commits, and where the mainline stood.
//!
//! It lies in this person's own folder, outside every repository: nothing that came with a repository is believed.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::context::Context;
use crate::audit::{ObjectId, Past};
use crate::domain::Digest;
use crate::history::Repo;
use crate::store::keep;

/// Changes with whatever changes a verdict; the program's version counts besides.
const JUDGE: u32 = 8;

/// How many places of the branch are remembered.
const TIPS: usize = 500;

/// After how many days nobody needs what is remembered of a clone.
const UNUSED: u64 = 180;

/// What is remembered of one clone, for one branch and root.
pub(crate) struct Memory {
    /// What was found.
    pub(crate) past: Past,
    /// Its file; none where it is gone at the end.
    file: Option<PathBuf>,
    /// Where the branch stood depends on neither program nor root.
    tips_file: Option<PathBuf>,
    /// Where the ledger stood.
    ledger_file: Option<PathBuf>,
    pub(crate) ledger_tips: Vec<ObjectId>,
    /// Which branch was audited last in this clone, with the name of the one that is audited now.
    branch: Option<(PathBuf, String)>,
    /// Where the branch stood when it was audited, newest first; where another one was audited before, where that stood, too.
    pub(crate) tips: Vec<ObjectId>,
}

impl Memory {
    /// What is remembered; nothing without a folder for it, or unwanted, but for where the branch stood.
    ///
    /// # Errors
    /// Returns an error when the system has no room for what is found.
    pub(crate) fn open(
        ctx: &Context,
        repo: &Repo,
        (reference, ledger): (&str, &str),
        root: Option<ObjectId>,
        wanted: bool,
    ) -> anyhow::Result<Self> {
        let about = format!("{}\n{reference}", repo.private_folder().display());
        let root = root.map(|root| root.to_string()).unwrap_or_default();
        let scope = format!("{} {JUDGE}\n{about}\n{}\n{root}", env!("CARGO_PKG_VERSION"), repo.prefix());
        let folder = ctx.state_folder.as_ref().map(|folder| folder.join("audit"));
        let named = |about: &str, kind: &str| {
            let name = Digest::of(about.as_bytes()).short(24);
            folder.as_ref().map(|folder| folder.join(format!("{name}.{kind}")))
        };
        let tips_file = named(&about, "tips");
        let mut tips = tips_file.as_deref().map(tips_of).unwrap_or_default();
        let ledger_file = named(&format!("{}\n{ledger}", repo.private_folder().display()), "tips");
        let ledger_tips = ledger_file.as_deref().map(tips_of).unwrap_or_default();
        // Whoever may push could name another branch in `liaison.toml`: what was audited under the old name has to be in it.
        let branch_file = named(&repo.private_folder().display().to_string(), "branch");
        let last = branch_file.as_deref().and_then(|file| std::fs::read_to_string(file).ok());
        if let Some(last) = last.filter(|last| last.trim_end() != reference) {
            let other = format!("{}\n{}", repo.private_folder().display(), last.trim_end());
            tips.extend(named(&other, "tips").as_deref().map(tips_of).unwrap_or_default());
        }
        let branch = branch_file.filter(|_| wanted).map(|file| (file, reference.to_owned()));
        // The program's version stands in the scope alone, so that its successor takes the file over.
        let file = named(&format!("{about}\n{}\n{root}", repo.prefix()), "db").filter(|_| wanted);
        let kept = file.as_deref().and_then(|file| past_of(file, &scope, ctx));
        let (past, file) = match kept {
            Some(past) => (past, file),
            None => (Past::passing()?, None),
        };
        Ok(Self {
            past,
            file,
            tips_file: tips_file.filter(|_| wanted),
            ledger_file: ledger_file.filter(|_| wanted),
            ledger_tips,
            branch,
            tips,
        })
    }

    /// Forgets what cannot be relied on: what is found from now on is gone at the end.
    ///
    /// # Errors
    /// Returns an error when the system has no room for it.
    pub(crate) fn begin_anew(&mut self) -> anyhow::Result<()> {
        self.past = Past::passing()?;
        self.file.take().iter().for_each(|file| remove(file));
        Ok(())
    }

    /// Whether what was found is kept in a file.
    pub(crate) fn is_kept(&self) -> bool {
        self.file.is_some()
    }

    /// Remembers where the ledger stands, where there is one.
    pub(crate) fn ledger_stands_at(&self, tip: Option<ObjectId>) {
        let Some(file) = &self.ledger_file else { return };
        let now: Vec<ObjectId> = tip.into_iter().collect();
        if now != self.ledger_tips {
            keep(file, &now.iter().map(|tip| format!("{tip}\n")).collect::<String>());
        }
    }

    /// Remembers where the branch stands, and where it stood, but for what it lost.
    pub(crate) fn stands_at(&self, tip: ObjectId, lost: &BTreeSet<ObjectId>) {
        let Some(file) = &self.tips_file else { return };
        let mut tips: Vec<ObjectId> = self.tips.iter().copied().filter(|tip| !lost.contains(tip)).collect();
        if tips.first() != Some(&tip) {
            tips.insert(0, tip);
        }
        tips.truncate(TIPS);
        if let Some((file, reference)) = &self.branch {
            keep(file, &format!("{reference}\n"));
        }
        if tips != self.tips {
            keep(file, &tips.iter().map(|tip| format!("{tip}\n")).collect::<String>());
        }
    }
}

/// What a file keeps. One that is none, or is damaged, is begun anew; one with which another audit is at work is left alone.
fn past_of(file: &Path, scope: &str, ctx: &Context) -> Option<Past> {
    let folder = file.parent()?;
    std::fs::create_dir_all(folder).ok()?;
    if !file.exists() {
        remove_unused(folder, ctx);
    }
    Past::kept(file, scope)
        .or_else(|error| {
            if !error.is_busy() {
                remove(file);
            }
            Past::kept(file, scope)
        })
        .ok()
}

fn remove(file: &Path) {
    for end in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{}{end}", file.display()));
    }
}

/// Removes what was remembered of clones that are long gone.
fn remove_unused(folder: &Path, ctx: &Context) {
    let limit = std::time::Duration::from_secs(UNUSED * 86_400);
    let is_unused = |file: &std::fs::DirEntry| {
        let used = file.metadata().and_then(|file| file.modified()).ok()?;
        let used = used.duration_since(std::time::UNIX_EPOCH).ok()?;
        let now = std::time::Duration::from_secs(u64::try_from(ctx.now.unix()).ok()?);
        (used + limit < now).then_some(())
    };
    let files = std::fs::read_dir(folder).into_iter().flatten().flatten();
    for file in files.filter(|file| is_unused(file).is_some()) {
        let _ = std::fs::remove_file(file.path());
    }
}

fn tips_of(file: &Path) -> Vec<ObjectId> {
    let text = std::fs::read_to_string(file).unwrap_or_default();
    text.lines().filter_map(ObjectId::parse).take(TIPS).collect()
}
