//! A letter as its file holds it: the content, and what is no part of the content.

use super::content::Content;
use super::sha::Digest;
use super::text::{Line, Text, Word};
use super::time::Instant;

/// A liaison statement.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Statement {
    /// What the receiver sees and approvals cover.
    pub content: Content,
    /// Each body's own numbers of the letter.
    pub identifiers: Vec<Identifier>,
    /// Words to find it by.
    pub tags: Vec<Word>,
    /// Rules that are set aside here, with reasons.
    pub waivers: Vec<Waiver>,
    /// What a tombstone says of the letter that was here: its words were removed by law.
    pub redacted: Option<Redaction>,
}

/// What stands in place of a letter whose words were removed by law.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Redaction {
    /// When.
    pub at: Option<Instant>,
    /// By whom: a handle.
    pub by: Option<Word>,
    /// Why.
    pub reason: Text,
    /// The digest of the content that was there; nothing where its file could not be read as a letter.
    pub content: Option<Digest>,
    /// The digest of the file's bytes.
    pub sha256: Option<Digest>,
}

/// A number that a body gave the letter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Identifier {
    /// Whose number.
    pub body: Option<Line>,
    /// The number.
    pub value: Option<Line>,
}

/// A rule set aside for one letter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Waiver {
    /// The rule's code.
    pub code: Option<Word>,
    /// Why.
    pub reason: Option<Line>,
    /// Who says so: a handle.
    pub by: Option<Word>,
}
