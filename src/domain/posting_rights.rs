//! Posting rights actions (RFC 3683): what an action says of itself. Its process, from the introduction to the decision, is
//! acts; its force follows from them.

use chrono::NaiveDate;

use super::sha::Digest;
use super::text::{Line, Text, Word};

/// Whether an action takes posting rights away or gives them back: both go the same way (section 2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PostingRightsType {
    /// Takes them away.
    Revoke,
    /// Gives them back.
    Restore,
}

/// An action, as it is published.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PostingRightsAction {
    /// What it does.
    pub kind: Option<PostingRightsType>,
    /// Whose rights it is about, one or more (section 2).
    pub individuals: Vec<Individual>,
    /// The lists it is about, by their names in the directory.
    pub lists: Vec<Word>,
    /// Why, in the words of whoever introduces it.
    pub grounds: Text,
    /// Messages that appear to be abusive (section 2).
    pub cited_messages: Vec<CitedMessage>,
    /// What was tried before (section 1).
    pub prior_measures: Vec<PriorMeasure>,
    /// The earlier actions whose effect it ends, by their numbers.
    pub restores: Vec<Word>,
}

/// Somebody whose posting rights an action is about.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Individual {
    /// The word by which the rest of the record names them.
    pub id: Option<Word>,
    /// The name, as the process does.
    pub name: Option<Line>,
}

/// A message that an action cites.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CitedMessage {
    /// Who posted it, by `Individual::id`.
    pub individual: Option<Word>,
    /// To which list.
    pub list: Option<Word>,
    /// Its Message-ID, without angle brackets.
    pub message_id: Option<Line>,
    /// Where it is archived.
    pub url: Option<Line>,
    /// The day it was posted.
    pub date: Option<NaiveDate>,
    /// Its subject.
    pub subject: Option<Line>,
    /// Of its bytes.
    pub sha256: Option<Digest>,
}

/// A lesser measure that was taken before.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PriorMeasure {
    /// What it was.
    pub measure: Option<Word>,
    /// Against whom, by `Individual::id`.
    pub individual: Option<Word>,
    /// On which list.
    pub list: Option<Word>,
    /// The day it was taken.
    pub date: Option<NaiveDate>,
    /// For how many days, for a suspension.
    pub days: Option<u64>,
    /// Where it can be read.
    pub url: Option<Line>,
}

impl PriorMeasure {
    /// The measures that usually come first (RFC 2418, section 3.2; RFC 3934).
    pub const USUAL: [&'static str; 3] = ["private-warning", "public-warning", "suspension"];
}
