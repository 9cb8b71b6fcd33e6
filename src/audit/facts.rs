//! What a commit says that later steps rest on.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// What is kept of a commit. Acts and contents are asked for one by one, the rest is at hand as a whole.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Facts {
    /// The acts it brings.
    #[serde(skip)]
    pub(super) acts: Vec<ActFact>,
    /// Letters it revises, with the digests of their contents.
    #[serde(skip)]
    pub(super) revisions: Vec<(String, String)>,
    /// A signature of the commit that proves nothing here, in words: by a key of nobody, or of a kind not verified.
    #[serde(skip)]
    pub(super) stranger: String,
    /// Whether it is signed.
    #[serde(skip)]
    pub(super) is_signed: bool,
    /// Terms whose end it records.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) ended: Vec<EndFact>,
    /// Keys that it calls compromised, with the commit since when.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) suspects: BTreeMap<String, String>,
    /// Letters that left unapproved and were ratified with it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) settled: Vec<String>,
    /// Files of directory, settings or trust root that it changed without proof, with their digests.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) unproven: Vec<(String, String)>,
    /// Such files for which it brings the proof, with the digests and the files of the acts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) proven: Vec<(String, String, String)>,
    /// Numbered files that it takes away.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) removed: Vec<String>,
}

impl Facts {
    /// What is at hand as a whole, as it is kept; nothing where there is nothing.
    pub(super) fn of_the_whole(&self) -> Option<String> {
        serde_json::to_string(self).ok().filter(|told| told != "{}")
    }
}

/// An act that a commit brings.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct ActFact {
    /// Its file.
    pub(super) path: String,
    /// What it is about, by the name for life.
    pub(super) subject: String,
    /// Its word.
    pub(super) kind: String,
    /// Whose act.
    pub(super) by: String,
    /// The role it rests on, at a group.
    pub(super) role: String,
    /// The group.
    pub(super) of: String,
    /// Whether the approval table says who may do it.
    pub(super) decides: bool,
    /// The groups it covers.
    pub(super) groups: Vec<String>,
    /// Its day.
    pub(super) day: String,
    /// The content it names.
    pub(super) content: String,
    /// Who recorded it for them.
    pub(super) recorded_by: String,
    /// What it says, apart from who and when: a digest.
    pub(super) says: String,
    /// The fingerprint of the key that signed it.
    pub(super) key: String,
    /// How well it is proven: asserted, commit, signed.
    pub(super) grade: String,
    /// Whether nothing is wrong with it.
    pub(super) is_good: bool,
}

/// A term whose end a commit records.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EndFact {
    /// The group's file.
    pub(super) group: String,
    /// The role.
    pub(super) role: String,
    /// Who held it.
    pub(super) person: String,
    /// The first day no longer.
    pub(super) until: String,
}
