//! The content of a letter: exactly what the receiver sees, and exactly what an approval covers.

use std::fmt;

use chrono::NaiveDate;

use super::contact::Contact;
use super::name::StatementName;
use super::sha::Digest;
use super::text::{Line, Malformed, Text, Word};

/// Whether we send the letter or got it. Letters between two other bodies are incoming.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    /// From one of our groups.
    Outgoing,
    /// From another body.
    Incoming,
}

impl Direction {
    /// The words of both.
    pub const KNOWN: [&'static str; 2] = ["outgoing", "incoming"];

    /// The word in the file.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Outgoing => "outgoing",
            Self::Incoming => "incoming",
        }
    }

    /// Reads the word. `Ok(None)` is an empty value.
    ///
    /// # Errors
    /// Returns [`Malformed`] for another word.
    pub fn parse(text: &str) -> Result<Option<Self>, Malformed> {
        match text.trim() {
            "" => Ok(None),
            "outgoing" => Ok(Some(Self::Outgoing)),
            "incoming" => Ok(Some(Self::Incoming)),
            _ => Err(Malformed::new(text, "`outgoing` or `incoming`")),
        }
    }
}

/// What the sender wants (rfc4053bis, section "Purpose").
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Purpose {
    /// Informs and expects no response.
    ForInformation,
    /// Asks for something, within a stated time.
    ForAction,
    /// Answers and expects no further response.
    InResponse,
    /// A word of older rules or of another body, kept as it came.
    Other(Word),
}

impl Purpose {
    /// The three purposes of the seed.
    pub const KNOWN: [&'static str; 3] = ["for-information", "for-action", "in-response"];

    /// Reads a purpose. `Ok(None)` is an empty value.
    ///
    /// # Errors
    /// Returns [`Malformed`] for what is no word.
    pub fn parse(text: &str) -> Result<Option<Self>, Malformed> {
        Ok(Word::parse(text)?.map(|word| match word.as_str() {
            "for-information" => Self::ForInformation,
            "for-action" => Self::ForAction,
            "in-response" => Self::InResponse,
            _ => Self::Other(word),
        }))
    }

    /// The word in the file.
    pub fn as_str(&self) -> &str {
        match self {
            Self::ForInformation => "for-information",
            Self::ForAction => "for-action",
            Self::InResponse => "in-response",
            Self::Other(word) => word.as_str(),
        }
    }

    /// As a letter says it: "For action".
    pub fn label(&self) -> String {
        let words = self.as_str().replace('-', " ");
        let mut chars = words.chars();
        chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
    }
}

impl fmt::Display for Purpose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Who sends: groups, their addresses, and where replies go.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sender {
    /// From: the originating bodies.
    pub groups: Vec<Line>,
    /// From-Contact.
    pub contacts: Vec<Contact>,
    /// From-Liaison-Contact: a reply goes only there.
    pub send_reply_to: Option<Contact>,
}

/// Who receives: groups, their addresses, and the one address that takes everything.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Receiver {
    /// To: the receiving bodies.
    pub groups: Vec<Line>,
    /// To-Contact.
    pub contacts: Vec<Contact>,
    /// To-Liaison-Contact: if present, the letter goes only there.
    pub send_to: Option<Contact>,
}

/// What a letter answers or revises: one in this record, or one that only the other body has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Link {
    /// By number or slug, as written.
    Here(StatementName),
    /// Described, because this record does not hold it.
    Elsewhere {
        /// Whose letter it is.
        organization: Option<Line>,
        /// That body's number of it.
        reference: Option<Line>,
        /// Its title.
        title: Option<Line>,
        /// Its date.
        date: Option<NaiveDate>,
    },
}

/// How far the content is agreed (rfc4053bis, section "Level of Consensus").
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Consensus {
    /// Whose consensus is claimed; `none-claimed` says that none is.
    pub level: Option<Word>,
    /// Where the consensus was called or is documented.
    pub evidence: Vec<Line>,
}

/// A document the letter transmits or refers to (rfc4053bis, section "Transmitting documents").
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Document {
    /// Its name, such as `RFC 8453` or a draft's name with revision.
    pub name: Option<Line>,
    /// What it is worth at its body.
    pub status: Option<Word>,
    /// Where it is.
    pub url: Option<Line>,
}

/// A file sent along, or the address of one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Attachment {
    /// Bare name of a file in the letter's folder.
    pub file: Option<Line>,
    /// Where the file is, when it is not sent along.
    pub url: Option<Line>,
    /// What it is; keeps the original file name.
    pub title: Option<Line>,
    /// Binds its bytes.
    pub sha256: Option<Digest>,
}

/// A received letter as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Original {
    /// Bare name of the file in the letter's folder.
    pub file: Option<Line>,
    /// Binds its bytes.
    pub sha256: Option<Digest>,
}

/// Everything the receiver sees. What is not here cannot be rendered, and what is here is covered by the digest.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields bear the names of the keys in docs/format.md")]
pub struct Content {
    pub direction: Option<Direction>,
    pub title: Option<Line>,
    pub language: Option<Line>,
    pub date: Option<NaiveDate>,
    pub from: Sender,
    pub to: Receiver,
    pub purpose: Option<Purpose>,
    pub deadline: Option<NaiveDate>,
    pub in_response_to: Vec<Link>,
    pub revises: Vec<Link>,
    pub consensus: Consensus,
    pub meeting: Option<Line>,
    pub work_items: Vec<Line>,
    pub release: Option<Line>,
    pub questions: Vec<Line>,
    pub documents: Vec<Document>,
    pub body: Text,
    pub attachments: Vec<Attachment>,
    pub original: Option<Original>,
}

impl Content {
    /// Whether it answers another letter.
    pub fn is_reply(&self) -> bool {
        !self.in_response_to.is_empty() || self.purpose == Some(Purpose::InResponse)
    }

    /// Whether we send it.
    pub fn is_outgoing(&self) -> bool {
        self.direction == Some(Direction::Outgoing)
    }

    /// The letters of this record that it answers.
    pub fn answers(&self) -> impl Iterator<Item = &StatementName> {
        self.in_response_to.iter().filter_map(Link::here)
    }
}

impl Consensus {
    /// The levels of the format.
    pub const LEVELS: [&'static str; 8] =
        ["none-claimed", "working-group", "area", "iesg", "iab", "ietf", "existing-documents", "collected-comments"];

    /// Whether the consensus of a group is claimed, not only that documents have it or that there is none.
    pub fn is_claimed(&self) -> bool {
        let claims = ["working-group", "area", "iesg", "iab", "ietf"];
        self.level.as_ref().is_some_and(|level| claims.contains(&level.as_str()))
    }
}

impl Document {
    /// The statuses of the format.
    pub const STATUSES: [&'static str; 9] = [
        "working-group-draft",
        "individual-draft",
        "proposed-standard",
        "internet-standard",
        "bcp",
        "informational",
        "experimental",
        "historic",
        "external",
    ];

    /// Whether it has a status.
    pub fn has_status(&self, status: &str) -> bool {
        self.status.as_ref().is_some_and(|word| word.as_str() == status)
    }
}

impl Link {
    /// The letter of this record, if it is one.
    pub fn here(&self) -> Option<&StatementName> {
        match self {
            Self::Here(name) => Some(name),
            Self::Elsewhere { .. } => None,
        }
    }
}
