//! What an act says beside the keys that all acts have: values of a small tree, hashed as lines.

use std::collections::BTreeMap;

use super::text::{Malformed, Text};

/// The details of an act, by key.
pub type Details = BTreeMap<String, Detail>;

/// A text, a list or a mapping.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Detail {
    /// Text in its normal form.
    Text(Text),
    /// Values in their order.
    List(Vec<Detail>),
    /// Values by key.
    Map(Details),
}

impl Detail {
    /// A text.
    ///
    /// # Errors
    /// Returns [`Malformed`] for control characters.
    pub fn text(value: &str) -> Result<Self, Malformed> {
        Text::parse(value).map(Self::Text)
    }

    /// A list of texts.
    ///
    /// # Errors
    /// Returns [`Malformed`] for control characters.
    pub fn list<S: AsRef<str>>(values: impl IntoIterator<Item = S>) -> Result<Self, Malformed> {
        values.into_iter().map(|value| Self::text(value.as_ref())).collect::<Result<_, _>>().map(Self::List)
    }

    /// The text in one piece, without a last line break; nothing for lists and mappings.
    pub fn as_text(&self) -> Option<String> {
        match self {
            Self::Text(text) => Some(text.as_str().to_owned()),
            Self::List(_) | Self::Map(_) => None,
        }
    }

    /// The texts of a list, or the one text as a list of one.
    pub fn texts(&self) -> Vec<String> {
        match self {
            Self::List(items) => items.iter().filter_map(Self::as_text).collect(),
            Self::Text(_) => self.as_text().into_iter().collect(),
            Self::Map(_) => Vec::new(),
        }
    }

    /// Whether nothing is in it; then it counts as absent.
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Text(text) => text.is_empty(),
            Self::List(items) => items.iter().all(Self::is_empty),
            Self::Map(map) => map.values().all(Self::is_empty),
        }
    }
}
