//! What all commits together tell, as little of it as what only the whole decides needs: so that memory stays small.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::facts::{ActFact, EndFact, Facts};
use super::graph::Index;
use crate::domain::{ActKind, Digest};

/// A text that many facts share.
pub(super) type Shared = Arc<str>;

/// What the commits of a history brought, in their order.
#[derive(Debug, Default)]
pub(super) struct Chronicle {
    /// How many commits there are.
    pub(super) commits: usize,
    /// How many of them are signed.
    pub(super) signed_commits: usize,
    /// How many acts there are, by how well they are proven.
    pub(super) grades: BTreeMap<String, usize>,
    /// The acts.
    pub(super) acts: Vec<PastAct>,
    /// Letters by the names they had, with the digests of their contents.
    pub(super) revisions: Vec<(Shared, Option<Digest>)>,
    /// Numbers, with the drafts that they come of.
    pub(super) drafts: BTreeMap<String, String>,
    /// Ends of terms, with the commits that record them.
    pub(super) ended: Vec<(Index, EndFact)>,
    /// Compromised keys, with the commit since when, as the newest commit says it.
    pub(super) suspects: BTreeMap<String, String>,
    /// Letters that left unapproved and were ratified.
    pub(super) settled: BTreeSet<String>,
    /// Numbered files that were taken away, and where.
    pub(super) removed: BTreeMap<String, Vec<Index>>,
    /// Files that were changed without proof, by the commits that did.
    pub(super) unproven: BTreeMap<Index, Vec<(String, String)>>,
    /// Proofs that came for what files hold.
    pub(super) confirmations: Vec<Confirmation>,
    /// Signatures that prove nothing here: the first commit, and how many there are.
    pub(super) foreign: BTreeMap<String, (Index, usize)>,
    shared: BTreeSet<Shared>,
}

/// An act of the history.
#[derive(Debug, Clone)]
pub(super) struct PastAct {
    /// The commit that brought it.
    pub(super) index: Index,
    /// Its file.
    pub(super) path: Box<str>,
    /// What it is about, by the name for life.
    pub(super) subject: Shared,
    /// What it does; nothing where this program knows no such act.
    pub(super) kind: Option<ActKind>,
    /// Whose act.
    pub(super) by: Shared,
    /// The role it rests on.
    pub(super) role: Shared,
    /// The group of the role.
    pub(super) of: Shared,
    /// Whether the approval table says who may do it.
    pub(super) decides: bool,
    /// The groups it covers.
    pub(super) groups: Box<[Shared]>,
    /// Its day, as it is written.
    pub(super) day: Shared,
    /// The content it names.
    pub(super) content: Option<Digest>,
    /// The fingerprint of the key that signed it.
    pub(super) key: Shared,
    /// Whether nothing is wrong with it.
    pub(super) is_good: bool,
}

/// A signed act that says what a file of the directory or the settings holds.
#[derive(Debug, Clone)]
pub(super) struct Confirmation {
    /// The commit that brought it.
    pub(super) index: Index,
    /// The file.
    pub(super) path: Box<str>,
    /// The digest of what it holds; empty when it is gone.
    pub(super) digest: String,
    /// The act's file.
    pub(super) act: Box<str>,
}

impl PastAct {
    /// Its word.
    pub(super) fn word(&self) -> &'static str {
        self.kind.map_or("act", ActKind::as_str)
    }
}

impl Chronicle {
    /// Takes in what a commit brought.
    pub(super) fn add(&mut self, index: Index, facts: Facts) {
        self.commits += 1;
        self.signed_commits += usize::from(facts.is_signed);
        for act in facts.acts {
            *self.grades.entry(act.grade.clone()).or_default() += 1;
            let act = self.past(index, act);
            self.acts.push(act);
        }
        for (name, digest) in facts.revisions {
            let name = self.share(&name);
            self.revisions.push((name, Digest::parse(&digest).ok().flatten()));
        }
        self.drafts.extend(facts.stubs.into_iter().map(|(slug, number, _)| (number, slug)));
        self.ended.extend(facts.ended.into_iter().map(|end| (index, end)));
        self.suspects.extend(facts.suspects);
        self.settled.extend(facts.settled);
        for path in facts.removed {
            self.removed.entry(path).or_default().push(index);
        }
        let confirmed = facts.proven.into_iter();
        self.confirmations.extend(confirmed.map(|(path, digest, act)| Confirmation {
            index,
            path: path.into(),
            digest,
            act: act.into(),
        }));
        if !facts.unproven.is_empty() {
            self.unproven.insert(index, facts.unproven);
        }
        if !facts.foreign.is_empty() {
            self.foreign.entry(facts.foreign).or_insert((index, 0)).1 += 1;
        }
    }

    fn past(&mut self, index: Index, act: ActFact) -> PastAct {
        PastAct {
            index,
            path: act.path.into(),
            subject: self.share(&act.subject),
            kind: ActKind::parse(&act.kind),
            by: self.share(&act.by),
            role: self.share(&act.role),
            of: self.share(&act.of),
            decides: act.decides,
            groups: act.groups.iter().map(|group| self.share(group)).collect(),
            day: self.share(&act.day),
            content: Digest::parse(&act.content).ok().flatten(),
            key: self.share(&act.key),
            is_good: act.is_good,
        }
    }

    fn share(&mut self, text: &str) -> Shared {
        if let Some(known) = self.shared.get(text) {
            return Arc::clone(known);
        }
        let fresh: Shared = text.into();
        self.shared.insert(Arc::clone(&fresh));
        fresh
    }
}
