//! What an approval has to be of, and what changed when it is of something else.

use std::fmt;

use crate::digest::{Elsewhere, changed_elsewhere, changed_fields};
use crate::domain::{Act, Content, Digest};

/// What would be mailed if a draft were sent now. Names in it come from elsewhere than the letter, so an approval names its
/// digest beside the content's (docs/digest.md, "Preview").
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mailing {
    /// The digest of the message as it is previewed; nothing when no message can be made.
    pub preview: Option<Digest>,
    /// Hints of what the message takes from elsewhere.
    pub hints: String,
}

/// What changed since an approval or a decline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// The letter; its fields, as far as the act hints at them.
    Content(Vec<String>),
    /// Not the letter, but the message made of it; by what, if the act hints at it.
    Mailing(Option<Vec<Elsewhere>>),
}

impl Change {
    pub(super) fn of_content(act: &Act, content: &Content) -> Self {
        Self::Content(act.fields.as_ref().map(|fields| changed_fields(fields.as_str(), content)).unwrap_or_default())
    }

    pub(super) fn of_mailing(act: &Act, mailing: &Mailing) -> Self {
        Self::Mailing(act.fields.as_ref().and_then(|fields| changed_elsewhere(fields.as_str(), &mailing.hints)))
    }

    /// What it is that changed.
    pub fn what(&self) -> String {
        match self {
            Self::Content(fields) if fields.is_empty() => "something".to_owned(),
            Self::Content(fields) => fields.join(", "),
            Self::Mailing(None) => {
                "a group's name in directory/, `[mail]` in liaison.toml, or a letter that it links to".to_owned()
            }
            Self::Mailing(Some(by)) if by.is_empty() => "the form of messages in this version of liaison".to_owned(),
            Self::Mailing(Some(by)) => by.iter().map(|what| what.as_str()).collect::<Vec<_>>().join(", "),
        }
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let how = match self {
            Self::Content(_) => "changed since",
            Self::Mailing(_) => "what would be sent changed",
        };
        write!(f, "{how}: {}", self.what())
    }
}
