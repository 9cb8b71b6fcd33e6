//! Why an approval or a decline does not count.

use std::fmt;

use chrono::NaiveDate;

use crate::config::Grade;
use crate::policy::ProofFault;

/// Why an act of approval or decline has no effect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// Its file has not the form of an act.
    Form,
    /// It does not say which content it is about.
    NoContent,
    /// It does not say which message was read.
    NoPreview,
    /// A service gave it.
    Service,
    /// It does not name the group.
    NotCovered {
        /// The From group that is left out.
        group: String,
    },
    /// The table had no row for the group's kind on that day, or the directory does not know the group.
    NoRow {
        /// The From group.
        group: String,
        /// The act's day.
        day: NaiveDate,
    },
    /// The person did not hold a role of the table in the way the act says.
    NoAuthority {
        /// The From group.
        group: String,
        /// The act's day.
        day: NaiveDate,
    },
    /// It is older than the draft it is about.
    BeforeDraft,
    /// It is older than the act that it takes back.
    BeforeAct,
    /// The table asks for evidence.
    NoEvidence,
    /// Somebody else says so, without evidence.
    Unproven,
    /// The table asks for a second person, and this one drafted the letter.
    SamePerson,
    /// Its signature proves nothing.
    Signature(ProofFault),
    /// The table asks for better proof.
    Grade {
        /// How well it is proven.
        given: Grade,
        /// What the table asks for.
        wanted: Grade,
    },
}

impl Reason {
    /// Whether the person had no authority for the letter; all other reasons are about the act's form.
    pub fn is_authority(&self) -> bool {
        match self {
            Self::NotCovered { .. } | Self::NoAuthority { .. } | Self::BeforeDraft => true,
            Self::Form
            | Self::BeforeAct
            | Self::NoContent
            | Self::NoPreview
            | Self::Service
            | Self::NoRow { .. }
            | Self::NoEvidence
            | Self::Unproven
            | Self::SamePerson
            | Self::Signature(_)
            | Self::Grade { .. } => false,
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Form => f.write_str("its file has not the form of an act"),
            Self::NoContent => f.write_str("it does not name the content it is about"),
            Self::NoPreview => f.write_str("it does not name the preview of the message it is about"),
            Self::Service => f.write_str("a service never approves"),
            Self::NotCovered { group } => write!(f, "it does not cover {group}"),
            Self::NoRow { group, day } => write!(f, "the approval table had no row for {group} on {day}"),
            Self::NoAuthority { group, day } => write!(f, "its role gave no authority for {group} on {day}"),
            Self::BeforeDraft => f.write_str("it is older than the draft it is about"),
            Self::BeforeAct => f.write_str("it is older than the act that it takes back"),
            Self::NoEvidence => f.write_str("it names no evidence, and the approval table asks for it"),
            Self::Unproven => f.write_str("somebody else recorded it and names no evidence"),
            Self::SamePerson => f.write_str("whoever drafted the letter may not approve it"),
            Self::Signature(fault) => write!(f, "its signature proves nothing: {fault}"),
            Self::Grade { given, wanted } => {
                write!(f, "it is {}, and the approval table asks for {}", given.as_str(), wanted.as_str())
            }
        }
    }
}
