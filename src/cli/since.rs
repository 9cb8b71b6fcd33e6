//! What is news beside an older commit: findings in files that changed since, and those that the older record has not.

use std::collections::{BTreeMap, BTreeSet};

use super::context::Context;
use super::exit::usage;
use super::frozen::{touched, weigh};
use crate::check::Whole;
use crate::findings::{Code, Finding, sort};
use crate::history::{Oid, Repo, Revision};
use crate::store::Record;

/// An older state of the record, to compare with.
pub(crate) struct Since {
    /// The record as the commit has it from which the work tree's branch went on.
    pub(crate) before: Revision,
    /// The files that are otherwise now.
    pub(crate) changed: BTreeSet<String>,
    /// What was found in the older state, and how often.
    known: BTreeMap<(Code, String, String), usize>,
    /// What is done to files that are written once.
    frozen: Vec<Finding>,
}

/// The commit from which the work tree's branch went on, beside another branch or commit.
fn parting(repo: &Repo, revision: &str) -> anyhow::Result<Oid> {
    let none = |what: &str| {
        usage(
            format!("{revision} {what}"),
            "git fetch, then git log shows the commits; in CI the clone needs its whole history",
        )
    };
    let commit = repo.commit_meant(revision).ok_or_else(|| none("names no commit"))?;
    let head = repo.commit_at("HEAD").ok_or_else(|| usage("there is no commit here yet", "git commit"))?;
    repo.common(commit, head).ok_or_else(|| none("has no commit in common with this branch"))
}

impl Since {
    /// Judges the record as a commit has it, by the same rules and the same day as that of today.
    ///
    /// # Errors
    /// Returns a usage error where the name means no commit, or none that has anything in common with this branch; an error when the
    /// commit or the work tree cannot be read.
    pub(crate) fn of(ctx: &Context, repo: &Repo, present: &Record<'_>, revision: &str) -> anyhow::Result<Self> {
        let commit = parting(repo, revision)?;
        let changed = repo.changed_since(commit)?;
        let before = repo.revision(commit)?;
        let (mut known, mut frozen) = (BTreeMap::new(), Vec::new());
        // Where there was no record yet, nothing was wrong with it.
        if let Ok(record) = Record::open(&before) {
            for finding in Whole::read(&record)?.check(ctx.now)? {
                *known.entry(key(&finding)).or_default() += 1;
            }
            frozen = touched((&commit.to_string(), &record), present, &changed)?;
        }
        Ok(Self { before, changed, known, frozen })
    }

    /// Leaves out what stands in files that are as they were, and was found there before; adds what is done to files that are written
    /// once.
    pub(crate) fn only_news(&mut self, findings: &mut Vec<Finding>) {
        findings.retain(|finding| {
            let left = self.known.get_mut(&key(finding)).filter(|left| **left > 0);
            let was_known = left.map(|left| *left -= 1).is_some();
            self.changed.contains(&finding.place.file) || !was_known
        });
        weigh(findings, &self.changed);
        findings.append(&mut self.frozen);
        sort(findings);
    }
}

/// What makes a finding the same one, wherever it stands in its file.
fn key(finding: &Finding) -> (Code, String, String) {
    (finding.code, finding.place.file.clone(), finding.message.clone())
}
