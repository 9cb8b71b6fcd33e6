//! JSON Schema (2020-12) of the record's files, for editors and other people's programs. It is drawn by the readers
//! themselves (`shape::draw`), so that it says what they read; only the words beside each key stand here.

mod json;
mod meaning;

use serde_json::{Value, json};

use crate::config::{FORMAT, config_shape};
use crate::directory::{group_shape, list_shape, person_shape, root_shape};
use crate::record::{act_shapes, letter_shapes, posting_rights_shape};

/// A kind of file of the record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A letter: a draft, a numbered one, and what a redacted or a numbered one leaves.
    Statement,
    /// What somebody did.
    Act,
    /// A posting rights action.
    PostingRights,
    /// A group or body of the directory.
    Group,
    /// A person or service of the directory.
    Person,
    /// A mailing list of the directory.
    List,
    /// The record's settings.
    Config,
    /// The trust root.
    Trust,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Self; 8] = [
        Self::Statement,
        Self::Act,
        Self::PostingRights,
        Self::Group,
        Self::Person,
        Self::List,
        Self::Config,
        Self::Trust,
    ];

    /// Its word on the command line, and the name of its file.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Statement => "statement",
            Self::Act => "act",
            Self::PostingRights => "posting-rights",
            Self::Group => "group",
            Self::Person => "person",
            Self::List => "list",
            Self::Config => "config",
            Self::Trust => "trust",
        }
    }

    /// What such a file is.
    pub fn title(self) -> &'static str {
        match self {
            Self::Statement => "A liaison statement",
            Self::Act => "An act: what somebody did with a letter, the directory or the settings",
            Self::PostingRights => "A posting rights action (RFC 3683)",
            Self::Group => "A body, or a group of one",
            Self::Person => "A person, or a service",
            Self::List => "A mailing list",
            Self::Config => "The settings of a record",
            Self::Trust => "The trust root of a record",
        }
    }

    /// Where such files lie below the record's root, as patterns of paths.
    pub fn paths(self) -> &'static [&'static str] {
        match self {
            Self::Statement => &["drafts/*.yaml", "statements/*/*.yaml"],
            Self::Act => &["drafts/*/acts/*.yaml", "statements/*/*/acts/*.yaml", "trust/acts/*.yaml"],
            Self::PostingRights => &["posting-rights/*/*.yaml"],
            Self::Group => &["directory/groups/*.toml"],
            Self::Person => &["directory/people/*.toml"],
            Self::List => &["directory/lists/*.toml"],
            Self::Config => &["liaison.toml"],
            Self::Trust => &["trust/root.toml", "trust/roots/*.toml"],
        }
    }

    /// Whether such a file is YAML; else it is TOML.
    pub fn is_yaml(self) -> bool {
        matches!(self, Self::Statement | Self::Act | Self::PostingRights)
    }

    /// Its schema.
    pub fn schema(self) -> Value {
        let schema = match self {
            Self::Statement => json::statement(&letter_shapes()),
            Self::Act => json::act(&act_shapes()),
            Self::PostingRights => json::yaml(&posting_rights_shape()),
            Self::Group => json::toml(&group_shape()),
            Self::Person => json::toml(&person_shape()),
            Self::List => json::toml(&list_shape()),
            Self::Config => json::toml(&config_shape()),
            Self::Trust => json::toml(&root_shape()),
        };
        let head = [
            ("$schema", json!("https://json-schema.org/draft/2020-12/schema")),
            ("$id", json!(format!("urn:liaison:format-{FORMAT}:{self}"))),
            ("title", json!(self.title())),
        ];
        let head = head.into_iter().map(|(key, value)| (key.to_owned(), value));
        head.chain(schema).collect()
    }
}

impl std::fmt::Display for Kind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}
