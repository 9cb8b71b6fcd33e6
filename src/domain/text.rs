//! Normal forms of values: made once, when a value is built, so that what is hashed is what is rendered.

use std::fmt;
use std::sync::OnceLock;

/// A value that does not have the form its field asks for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("found {found}, expected {expected}")]
pub struct Malformed {
    /// What stands there, quoted and shortened.
    pub found: String,
    /// The form that is expected, with an example.
    pub expected: &'static str,
}

impl Malformed {
    /// Names what was found and what is expected.
    pub fn new(found: &str, expected: &'static str) -> Self {
        Self { found: quote(found), expected }
    }
}

/// Shows a value in a message: quoted, escaped, at most 60 characters of it.
pub fn quote(value: &str) -> String {
    let mut shown: String = value.chars().take(60).flat_map(char::escape_debug).collect();
    if value.chars().nth(60).is_some() {
        shown.push('…');
    }
    format!("\"{shown}\"")
}

/// The first character that no value may hold: control characters except LF and TAB, line and paragraph
/// separators, U+FEFF, noncharacters.
pub fn refused_character(value: &str) -> Option<char> {
    let is_plain = |b: u8| matches!(b, b'\n' | b'\t' | b' '..=b'~');
    if value.bytes().all(is_plain) {
        return None;
    }
    value.chars().find(|&c| match c {
        '\n' | '\t' => false,
        '\u{2028}' | '\u{2029}' | '\u{feff}' => true,
        '\u{fdd0}'..='\u{fdef}' => true,
        c if (c as u32) & 0xfffe == 0xfffe => true,
        c => c.is_control(),
    })
}

fn clean(value: &str) -> Result<&str, Malformed> {
    match refused_character(value) {
        Some(c) => Err(Malformed {
            found: format!("the character U+{:04X} in {}", c as u32, quote(value)),
            expected: "text without control characters",
        }),
        None => Ok(value),
    }
}

/// One line of text, trimmed; inner spaces kept; never empty.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Line(String);

impl Line {
    /// Trims and checks a line. `Ok(None)` is an empty value, which is an absent one.
    ///
    /// # Errors
    /// Returns [`Malformed`] for control characters, and for a line break or tab inside.
    pub fn parse(value: &str) -> Result<Option<Self>, Malformed> {
        let line = clean(value)?.trim_matches([' ', '\t', '\n']);
        if line.contains(['\n', '\t']) {
            return Err(Malformed::new(line, "one line, without line breaks or tabs inside"));
        }
        Ok((!line.is_empty()).then(|| Self(line.to_owned())))
    }

    /// The text of the line.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A word such as `for-action`: lower-case letters, digits and hyphens.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Word(String);

impl Word {
    /// Checks a word. `Ok(None)` is an empty value.
    ///
    /// # Errors
    /// Returns [`Malformed`] for anything but `[a-z0-9][a-z0-9-]*`.
    pub fn parse(value: &str) -> Result<Option<Self>, Malformed> {
        let word = value.trim_matches([' ', '\t', '\n']);
        if word.is_empty() {
            return Ok(None);
        }
        if is_word(word) {
            Ok(Some(Self(word.to_owned())))
        } else {
            Err(Malformed::new(value, "a word of a-z, 0-9 and hyphens, such as `for-action`"))
        }
    }

    /// The word itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Word {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Whether a text is `[a-z0-9][a-z0-9-]*`.
pub fn is_word(text: &str) -> bool {
    !text.is_empty()
        && !text.starts_with('-')
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

/// Text of several lines: blanks at line ends gone, no empty lines at either end.
#[derive(Debug, Clone, Default)]
pub struct Text {
    /// The lines with an LF between them.
    text: String,
    /// All in one line, in lower case: made when a phrase is first looked for.
    folded: OnceLock<String>,
}

impl PartialEq for Text {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Text {}

impl Text {
    /// Splits and trims; so `|`, `|-`, `|+` and editors that strip blanks change nothing.
    ///
    /// # Errors
    /// Returns [`Malformed`] for control characters other than LF and TAB.
    pub fn parse(value: &str) -> Result<Self, Malformed> {
        let mut text = String::with_capacity(value.len());
        for line in clean(value)?.split('\n') {
            let line = line.trim_end_matches([' ', '\t']);
            if !(text.is_empty() && line.is_empty()) {
                text.push_str(line);
                text.push('\n');
            }
        }
        text.truncate(text.trim_end_matches('\n').len());
        Ok(Self { text, folded: OnceLock::new() })
    }

    /// The lines, without their line ends.
    pub fn lines(&self) -> impl DoubleEndedIterator<Item = &str> + Clone {
        let lines = if self.is_empty() { None } else { Some(self.text.split('\n')) };
        lines.into_iter().flatten()
    }

    /// The lines with an LF between them.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether the first lines are those of another text.
    pub fn begins_with(&self, other: &Self) -> bool {
        let mut lines = self.lines();
        other.lines().all(|line| lines.next() == Some(line))
    }

    /// Whether there is no text at all.
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// Whether the text contains a phrase, whatever its case and line breaks.
    pub fn mentions(&self, phrase: &str) -> bool {
        self.folded.get_or_init(|| fold(&self.text)).contains(&fold(phrase))
    }
}

/// A text in one line and in lower case.
fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !folded.is_empty() {
            folded.push(' ');
        }
        folded.push_str(&word.to_lowercase());
    }
    folded
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.lines().try_for_each(|line| writeln!(f, "{line}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_trimmed_and_holds_no_break() {
        assert_eq!(Line::parse(" a  b \n").unwrap().unwrap().as_str(), "a  b");
        assert_eq!(Line::parse(" \n\t"), Ok(None));
        for refused in ["a\nb", "a\tb", "a\rb", "a\u{0}b", "a\u{2028}b", "a\u{feff}b", "a\u{ffff}b"] {
            assert!(Line::parse(refused).is_err(), "{refused:?}");
        }
    }

    #[test]
    fn chomping_and_blanks_at_line_ends_do_not_matter() {
        let text = Text::parse("\n \n a \t\n\n  b\n\n").unwrap();
        assert_eq!(text.as_str(), " a\n\n  b");
        assert_eq!(Text::parse(" a\n\n  b").unwrap(), text);
    }

    #[test]
    fn words_are_lower_case() {
        assert!(Word::parse("for-action").unwrap().is_some());
        for refused in ["For", "-a", "a b", "ä"] {
            assert!(Word::parse(refused).is_err(), "{refused}");
        }
    }
}
