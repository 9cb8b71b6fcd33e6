//! Text that may enter a header: types that cannot hold a line break or any other control character.

use std::fmt;

use crate::domain::{Line, Malformed};

/// Text for a header.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct HeaderText(String);

impl HeaderText {
    /// Checks a text.
    ///
    /// # Errors
    /// Returns [`Malformed`] when it holds a line break, a tab or another control character, or nothing at all.
    pub fn new(text: &str) -> Result<Self, Malformed> {
        match Line::parse(text)? {
            Some(line) => Ok(Self(line.to_string())),
            None => Err(Malformed::new(text, "text that is not empty")),
        }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&Line> for HeaderText {
    fn from(line: &Line) -> Self {
        Self(line.to_string())
    }
}

impl fmt::Display for HeaderText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A Message-ID without its angle brackets.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct MessageId(String);

impl MessageId {
    /// Checks an id; angle brackets around it are dropped.
    ///
    /// # Errors
    /// Returns [`Malformed`] for anything but printable ASCII with one `@` and no blanks, angle brackets or commas.
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        let id = text.trim().trim_start_matches('<').trim_end_matches('>');
        let plain = id.bytes().all(|b| b.is_ascii_graphic() && !b"<>,;\"()\\".contains(&b));
        match id.split_once('@') {
            Some((left, right)) if plain && !left.is_empty() && !right.is_empty() && !right.contains('@') => {
                Ok(Self(id.to_owned()))
            }
            _ => Err(Malformed::new(text, "a Message-ID such as `ls-2026-031@liaison.example.org`")),
        }
    }

    /// The id without angle brackets.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for MessageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<{}>", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_ends_a_header_gets_in() {
        for refused in ["a\r\nBcc: x@y", "a\nb", "a\u{0}b", "a\u{85}b", ""] {
            assert!(HeaderText::new(refused).is_err(), "{refused:?}");
        }
        for refused in ["m@x\r\nX-Evil: 1", "a b@c", "<a@b> <c@d>", "a@b@c", "ä@b"] {
            assert!(MessageId::parse(refused).is_err(), "{refused:?}");
        }
        assert_eq!(MessageId::parse("<a.b@c.example>").unwrap().as_str(), "a.b@c.example");
    }
}
