//! What commits say that is seldom and concerns others: at hand as a whole.

use std::collections::{BTreeMap, BTreeSet};

use super::facts::{EndFact, Facts};
use super::graph::Index;
use super::past::Past;

/// What the commits of a history said of others.
#[derive(Debug, Default)]
pub(super) struct Chronicle {
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
}

/// A signed act that says what a file of the directory or the settings holds.
#[derive(Debug, Clone)]
pub(super) struct Confirmation {
    /// The commit that brought it.
    pub(super) index: Index,
    /// The file.
    pub(super) path: String,
    /// The digest of what it holds; empty when it is gone.
    pub(super) digest: String,
    /// The act's file.
    pub(super) act: String,
}

impl Chronicle {
    /// What earlier audits read.
    pub(super) fn of(past: &Past) -> Self {
        let mut chronicle = Self::default();
        past.facts().into_iter().for_each(|(index, facts)| chronicle.add(index, facts));
        chronicle
    }

    /// Takes in what a commit said.
    pub(super) fn add(&mut self, index: Index, facts: Facts) {
        self.ended.extend(facts.ended.into_iter().map(|end| (index, end)));
        self.suspects.extend(facts.suspects);
        self.settled.extend(facts.settled);
        for path in facts.removed {
            self.removed.entry(path).or_default().push(index);
        }
        let confirmed = facts.proven.into_iter();
        self.confirmations.extend(confirmed.map(|(path, digest, act)| Confirmation { index, path, digest, act }));
        if !facts.unproven.is_empty() {
            self.unproven.insert(index, facts.unproven);
        }
    }
}
