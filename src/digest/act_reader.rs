//! Reads an act text back: whoever has only `ssh-keygen` signs it and sends it, and anybody records the act.

use super::act::act_text;
use crate::domain::text::quote;
use crate::domain::{Act, ActKind, Digest, Instant, Line, Malformed, RecordId, Word};

/// The first line of every act text.
const FIRST: &str = "liaison-act-v1";

/// An act as its text says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActText {
    /// The record it is bound to.
    pub record: RecordId,
    /// What the act is about: a draft's name, or a number.
    pub subject: String,
    /// The act, without signature and hints.
    pub act: Act,
}

/// Why a text is no act text that can be recorded.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ActTextError {
    /// A line is none of those that an act text has there.
    #[error("line {number} is {found}, expected `{expected}`")]
    Line {
        /// From 1.
        number: usize,
        /// What stands there.
        found: String,
        /// The key, or what comes first.
        expected: &'static str,
    },
    /// A value has another form.
    #[error("`{key}`: {error}")]
    Value {
        /// The key.
        key: &'static str,
        /// What is wrong.
        error: Malformed,
    },
    /// It has details, whose digest alone does not tell them.
    #[error("it has details, which only whoever made it can record")]
    Details,
    /// Written again it would be another text.
    #[error("it is not written as act texts are: the order of lines, a line twice, or a blank")]
    NotCanonical,
}

/// Reads an act text that has no details.
///
/// # Errors
/// Returns [`ActTextError`] for anything that is not exactly the text of an act.
pub fn read_act_text(text: &str) -> Result<ActText, ActTextError> {
    let mut lines = Lines { lines: text.split_terminator('\n').collect(), at: 0 };
    if lines.lines.first() != Some(&FIRST) {
        return Err(lines.expected(FIRST));
    }
    lines.at = 1;
    let record = lines.required("record", RecordId::parse)?;
    let subject = lines.required("subject", |text| Ok(text.to_owned()))?;
    let kind = lines.required("act", |text| ActKind::parse(text).ok_or_else(|| Malformed::new(text, "an act")))?;
    let content = lines.optional("content", Digest::parse)?;
    let preview = lines.optional("preview", Digest::parse)?;
    let revokes = lines.optional("revokes", Digest::parse)?;
    if lines.value("details").is_some() {
        return Err(ActTextError::Details);
    }
    let by = lines.required("by", word)?;
    let role = lines.optional("role", Word::parse)?;
    let of = lines.optional("of", Word::parse)?;
    let mut for_groups = Vec::new();
    while let Some(group) = lines.optional("for", Word::parse)? {
        for_groups.push(group);
    }
    let recorded_by = lines.optional("recorded-by", Word::parse)?;
    let evidence = lines.optional("evidence", Line::parse)?;
    let at = lines.required("at", |text| {
        Instant::parse(text)?.ok_or_else(|| Malformed::new(text, "a moment such as 2026-11-24T10:00:00Z"))
    })?;
    let act = Act { role, of, for_groups, content, preview, revokes, recorded_by, evidence, ..Act::new(kind, by, at) };
    if act_text(&act, &record, &subject) != text {
        return Err(ActTextError::NotCanonical);
    }
    Ok(ActText { record, subject, act })
}

fn word(text: &str) -> Result<Word, Malformed> {
    Word::parse(text)?.ok_or_else(|| Malformed::new(text, "a handle such as `ada-example`"))
}

struct Lines<'t> {
    lines: Vec<&'t str>,
    at: usize,
}

impl<'t> Lines<'t> {
    /// The value of the next line, if it has this key; the line is then read.
    fn value(&mut self, key: &str) -> Option<&'t str> {
        let value = self.lines.get(self.at)?.strip_prefix(key)?.strip_prefix(": ")?;
        self.at += 1;
        Some(value)
    }

    fn required<T>(
        &mut self,
        key: &'static str,
        parse: impl Fn(&str) -> Result<T, Malformed>,
    ) -> Result<T, ActTextError> {
        let value = self.value(key).ok_or_else(|| self.expected(key))?;
        parse(value).map_err(|error| ActTextError::Value { key, error })
    }

    fn optional<T>(
        &mut self,
        key: &'static str,
        parse: impl Fn(&str) -> Result<Option<T>, Malformed>,
    ) -> Result<Option<T>, ActTextError> {
        let Some(value) = self.value(key) else { return Ok(None) };
        parse(value).map_err(|error| ActTextError::Value { key, error })
    }

    fn expected(&self, expected: &'static str) -> ActTextError {
        let found = self.lines.get(self.at).map_or_else(|| "missing".to_owned(), |line| quote(line));
        ActTextError::Line { number: self.at + 1, found, expected }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const VECTOR: &str = include_str!("../../fixtures/digest/act.txt");

    #[test]
    fn a_text_is_read_back_as_its_act() {
        let read = read_act_text(VECTOR).unwrap();
        assert_eq!((read.subject.as_str(), read.act.by.as_str()), ("ech-5g-core", "ada-example"));
        assert_eq!(act_text(&read.act, &read.record, &read.subject), VECTOR);
    }

    #[test]
    fn anything_else_is_refused() {
        for (text, told) in [
            (VECTOR.trim_end().to_owned(), "not written"),
            (VECTOR.replace('\n', "\r\n"), "line 1"),
            (VECTOR.replace("by: ada-example\n", ""), "expected `by`"),
            (VECTOR.replace("for: tls\n", "for: TLS\n"), "`for`"),
            (format!("{VECTOR}at: 2026-11-24T10:00:00Z\n"), "not written"),
            (VECTOR.replace("by:", "details: sha256:00\nby:"), "details"),
            (String::new(), "missing"),
        ] {
            let error = read_act_text(&text).unwrap_err().to_string();
            assert!(error.contains(told), "{error}");
        }
    }
}
