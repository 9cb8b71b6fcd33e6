//! A letter as its file holds it: the content, and what is no part of the content.

use super::content::Content;
use super::text::{Line, Word};

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
