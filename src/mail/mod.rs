//! What leaves and what arrives: recipients, messages, their bytes, the outbox. The only home of the mail libraries.

mod announcement;
mod compose;
mod encode;
mod header;
mod incoming;
mod labels;
mod metadata;
mod outbox;

pub use announcement::announcement;
pub use compose::{Open, Prepared, statement};
pub use encode::encode;
pub use header::{HeaderText, MessageId};
pub(crate) use incoming::safe_name;
pub use incoming::{Arrived, ArrivedFile, read_mail};
pub use metadata::{Metadata, Reference, parse_metadata};
pub use outbox::{deliver, lies_at, link_at, put_away};

use crate::domain::{Address, Contact};

/// A message before it is bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// The From header; its address is the envelope's sender.
    pub from: Contact,
    /// The To header, and the envelope's recipients.
    pub to: Vec<Contact>,
    /// The Reply-To header.
    pub reply_to: Vec<Contact>,
    /// The Subject header.
    pub subject: HeaderText,
    /// Seconds since 1970.
    pub date: i64,
    /// The Message-ID header.
    pub message_id: MessageId,
    /// In-Reply-To and References: what it answers.
    pub in_reply_to: Vec<MessageId>,
    /// Further headers.
    pub extra: Vec<(&'static str, HeaderText)>,
    /// The text.
    pub text: String,
    /// The parts behind the text.
    pub parts: Vec<Part>,
}

/// A part of a message behind its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// The file's name.
    pub name: HeaderText,
    /// The media type.
    pub mime: String,
    /// The bytes.
    pub bytes: Vec<u8>,
}

impl Message {
    /// The envelope's recipients.
    pub fn recipients(&self) -> Vec<&Address> {
        self.to.iter().map(|contact| &contact.address).collect()
    }
}

/// Why a message cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    /// A setting or field is missing.
    #[error("{what}; {help}")]
    Missing {
        /// What is missing.
        what: String,
        /// What to do.
        help: String,
    },
    /// Text that must not enter a header.
    #[error("{0}")]
    Refused(#[from] crate::domain::Malformed),
    /// The system refused.
    #[error("{path}: {error}")]
    Io {
        /// The file or folder.
        path: String,
        /// What the system said.
        error: std::io::Error,
    },
}
