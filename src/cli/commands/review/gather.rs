//! What a branch does, for whoever decides on it. The rules of the branch that it wants to join judge it: nobody uses an authority
//! or a rule that the same change gives.

use std::collections::BTreeSet;

use serde_json::json;

use super::super::outbox;
use super::{found, letters};
use crate::check::Whole;
use crate::cli::context::Context;
use crate::cli::desk::Desk;
use crate::cli::ledger::with_ledger;
use crate::cli::report::finding_json;
use crate::cli::since::Since;
use crate::domain::StatementName;
use crate::findings::{Finding, Severity};
use crate::store::layout::classify;
use crate::store::{Files as _, Overlay, Record, is_of_rules};

/// What a branch does.
pub(super) struct Review {
    /// What it is compared with, as it was named.
    pub(super) base: String,
    /// The files of directory, settings and trust root that it changes.
    pub(super) rules: Vec<String>,
    /// The letters that it touches, drafts first.
    pub(super) letters: Vec<Reviewed>,
    /// What is news and about none of these letters.
    pub(super) elsewhere: Vec<Finding>,
}

/// A letter that a branch touches.
pub(super) struct Reviewed {
    /// Its name.
    pub(super) name: StatementName,
    /// Its title; empty where it has none.
    pub(super) title: String,
    /// What the branch does to it: "new draft", "changed".
    pub(super) what: String,
    /// Its state, by the rules of the base.
    pub(super) state: String,
    /// From, to, purpose, deadline and the like, a line each.
    pub(super) facts: Vec<String>,
    /// What its content says otherwise than on the base.
    pub(super) changes: Vec<String>,
    /// Approvals that the branch makes stale.
    pub(super) stale: Vec<String>,
    /// What people did with it on this branch, with how that is proven, a line each.
    pub(super) acts: Vec<String>,
    /// How its approvals stand, a line each.
    pub(super) approvals: Vec<String>,
    /// What to do next, a line each; what to type stands before three blanks.
    pub(super) steps: Vec<String>,
    /// What leaves to whom once it is merged and sent, a line for each recipient.
    pub(super) leaves: Vec<String>,
    /// The letter as it will read.
    pub(super) text: String,
    /// What is news about it.
    pub(super) findings: Vec<Finding>,
    /// Whether people are awaited: somebody to finish it, or to approve it.
    pub(super) waits: bool,
}

impl Review {
    /// Compares the work tree with a branch.
    ///
    /// # Errors
    /// Returns an error when either cannot be read.
    pub(super) fn of(ctx: &Context, desk: &Desk, base: &str) -> anyhow::Result<Self> {
        let repo = desk.repo(ctx)?;
        let present = desk.any_record()?;
        let mut since = Since::of(ctx, &repo, &present, base)?;
        let mainline = repo.revision(repo.commit_meant(base).unwrap_or(since.before.commit))?;
        let overlay = Overlay::new(&mainline, desk.files());
        let has_rules = mainline.read("liaison.toml")?.is_some();
        let judged = Record::open(if has_rules { &overlay } else { desk.files() })?;
        let judged = with_ledger(ctx, desk, Whole::read(&judged)?)?;
        let mut findings = Whole::read(&present)?.check(ctx.now)?;
        findings.extend(outbox::tracked(ctx, desk, &present)?);
        let own = findings.clone();
        since.only_news(&mut findings);
        let Since { before, changed, .. } = since;
        let names: BTreeSet<StatementName> = changed.iter().filter_map(|path| classify(path).letter()).collect();
        if has_rules {
            findings.extend(found::by_the_base(&judged, &own, &names, ctx.now)?);
            findings.extend(found::frozen_drafts(&mainline, desk.files(), &before, &names)?);
        }
        let mut review = Self {
            base: base.trim_start_matches("refs/remotes/").trim_start_matches("refs/heads/").to_owned(),
            rules: changed.into_iter().filter(|path| is_of_rules(path) && !path.starts_with("trust/acts/")).collect(),
            letters: Vec::new(),
            elsewhere: Vec::new(),
        };
        let older = Record::open(&before).ok();
        for name in names {
            let about = |finding: &Finding| classify(&finding.place.file).letter().as_ref() == Some(&name);
            let (about, rest) = findings.into_iter().partition(about);
            findings = rest;
            review.letters.extend(letters::reviewed(ctx, &judged, older.as_ref(), &name, about)?);
        }
        review.elsewhere = findings;
        Ok(review)
    }

    /// Everything that is news.
    pub(super) fn findings(&self) -> impl Iterator<Item = &Finding> {
        self.elsewhere.iter().chain(self.letters.iter().flat_map(|letter| &letter.findings))
    }

    /// How many of them break a rule.
    pub(super) fn errors(&self) -> usize {
        self.findings().filter(|finding| finding.severity == Severity::Error).count()
    }

    /// How many letters wait for people.
    pub(super) fn waiting(&self) -> usize {
        self.letters.iter().filter(|letter| letter.waits).count()
    }

    /// The same for programs.
    pub(super) fn json(&self) -> serde_json::Value {
        let findings = |findings: &[Finding]| findings.iter().map(finding_json).collect::<Vec<_>>();
        let letter = |letter: &Reviewed| {
            json!({
                "id": letter.name.to_string(),
                "title": letter.title,
                "what": letter.what,
                "state": letter.state,
                "facts": letter.facts,
                "changes": letter.changes,
                "stale": letter.stale,
                "acts": letter.acts,
                "approvals": letter.approvals,
                "next": letter.steps,
                "leaves": letter.leaves,
                "text": letter.text,
                "waits": letter.waits,
                "findings": findings(&letter.findings),
            })
        };
        json!({
            "version": 1,
            "base": self.base,
            "rules": self.rules,
            "errors": self.errors(),
            "waiting": self.waiting(),
            "letters": self.letters.iter().map(letter).collect::<Vec<_>>(),
            "findings": findings(&self.elsewhere),
        })
    }
}
