//! The vocabulary: letters, acts, contacts, names, dates. No I/O, no YAML, no terminal.

pub mod act;
pub mod changes;
pub mod contact;
pub mod content;
pub mod detail;
pub mod file;
pub mod language;
pub mod name;
pub mod posting_rights;
pub mod sha;
pub mod statement;
pub mod text;
pub mod time;
pub mod unicode;

pub use act::{Act, ActKind};
pub use changes::{FileChange, changes, kind_of_change};
pub use contact::{Address, Contact};
pub use content::{Attachment, Consensus, Content, Direction, Document, Link, Original, Purpose, Receiver, Sender};
pub use detail::{Detail, Details};
pub use file::{FileFact, Media};
pub use name::{RecordId, Slug, StatementId, StatementName};
pub use posting_rights::PostingRightsAction;
pub use sha::Digest;
pub use statement::{Identifier, Redaction, Statement, Waiver};
pub use text::{Line, Malformed, Text, Word};
pub use time::Instant;
