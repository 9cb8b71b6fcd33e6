//! What a commit says that later steps rest on: small, so that a cache can keep it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// What is kept of a commit.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Facts {
    /// The acts it brings.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub acts: Vec<ActFact>,
    /// Letters it revises, with the digests of their contents.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub revisions: Vec<(String, String)>,
    /// Stubs it writes: draft, number, file.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stubs: Vec<(String, String, String)>,
    /// Terms whose end it records.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ended: Vec<EndFact>,
    /// Keys that it calls compromised, with the commit since when.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub suspects: BTreeMap<String, String>,
    /// Letters that left unapproved and were ratified with it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub settled: Vec<String>,
    /// Files of directory, settings or trust root that it changed without proof, with their digests.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unproven: Vec<(String, String)>,
    /// Such files for which it brings the proof, with the digests and the files of the acts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub proven: Vec<(String, String, String)>,
    /// Numbered files that it takes away.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub removed: Vec<String>,
    /// A signature of the commit that proves nothing here, in words: by a key of nobody, or of a kind not verified.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub foreign: String,
    /// Whether it is signed.
    #[serde(default)]
    pub is_signed: bool,
}

/// An act that a commit brings.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ActFact {
    /// Its file.
    pub path: String,
    /// What it is about, by the name for life.
    pub subject: String,
    /// Its word.
    pub kind: String,
    /// Whose act.
    pub by: String,
    /// The role it rests on, at a group.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub role: String,
    /// The group.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub of: String,
    /// Whether the approval table says who may do it.
    #[serde(default)]
    pub decides: bool,
    /// The groups it covers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<String>,
    /// Its day.
    pub day: String,
    /// The content it names.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub content: String,
    /// The fingerprint of the key that signed it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub key: String,
    /// How well it is proven: asserted, commit, signed.
    pub grade: String,
    /// Whether nothing is wrong with it.
    pub is_good: bool,
}

/// A term whose end a commit records.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EndFact {
    /// The group's file.
    pub group: String,
    /// The role.
    pub role: String,
    /// Who held it.
    pub person: String,
    /// The first day no longer.
    pub until: String,
}
