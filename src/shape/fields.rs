//! Reads the keys of one mapping, remembers which were asked for, and reports all others.

use super::{Entry, Node, Sink, Span, Value};
use crate::domain::text::quote;
use crate::domain::time::Term;
use crate::domain::{Contact, Digest, Instant, Line, Malformed, Text, Word};
use crate::findings::{Code, Finding};

/// The keys of one mapping while they are read.
#[derive(Debug)]
pub struct Fields<'n> {
    what: &'static str,
    entries: &'n [Entry],
    span: Span,
    asked: Vec<&'static str>,
}

impl<'n> Fields<'n> {
    /// Begins to read a mapping; `what` names it in messages ("a letter").
    pub fn of(node: &'n Node, what: &'static str, sink: &mut Sink<'_>) -> Option<Self> {
        match &node.value {
            Value::Map(entries) => Some(Self { what, entries, span: node.span, asked: Vec::new() }),
            Value::Scalar(_) | Value::List(_) => {
                sink.push(
                    Finding::plain(
                        Code::WrongShape,
                        format!("found {}, expected {what}, a mapping of keys", node.kind()),
                    ),
                    node.span,
                );
                None
            }
        }
    }

    /// The value of a key, unless it is absent or empty.
    pub fn node(&mut self, key: &'static str) -> Option<&'n Node> {
        self.asked.push(key);
        self.entries.iter().find(|entry| entry.key == key).map(|entry| &entry.node).filter(|node| !node.is_empty())
    }

    /// Whether a key stands there at all.
    pub fn has(&self, key: &str) -> bool {
        self.entries.iter().any(|entry| entry.key == key && !entry.node.is_empty())
    }

    /// The place of the whole mapping.
    pub fn span(&self) -> Span {
        self.span
    }

    /// A scalar put through `parse`; faults become findings.
    pub fn scalar<T, E: ToString>(
        &mut self,
        key: &'static str,
        sink: &mut Sink<'_>,
        parse: impl Fn(&str) -> Result<Option<T>, E>,
    ) -> Option<T> {
        let node = self.node(key)?;
        parse_scalar(key, node, sink, parse)
    }

    /// A list whose items are scalars; a single scalar is a list of one.
    pub fn scalars<T, E: ToString>(
        &mut self,
        key: &'static str,
        sink: &mut Sink<'_>,
        parse: impl Fn(&str) -> Result<Option<T>, E>,
    ) -> Vec<T> {
        let Some(node) = self.node(key) else { return Vec::new() };
        node.items().iter().filter_map(|item| parse_scalar(key, item, sink, &parse)).collect()
    }

    /// A list whose items are mappings, each read by `read`.
    pub fn mappings<T>(
        &mut self,
        key: &'static str,
        sink: &mut Sink<'_>,
        read: impl Fn(&Node, &mut Sink<'_>) -> Option<T>,
    ) -> Vec<T> {
        let Some(node) = self.node(key) else { return Vec::new() };
        let Value::List(items) = &node.value else {
            sink.push(
                Finding::plain(Code::WrongShape, format!("`{key}` is {}, expected a list", node.kind())),
                node.span,
            );
            return Vec::new();
        };
        items.iter().filter(|item| !item.is_empty()).filter_map(|item| read(item, sink)).collect()
    }

    /// One line of text.
    pub fn line(&mut self, key: &'static str, sink: &mut Sink<'_>) -> Option<Line> {
        self.scalar(key, sink, Line::parse)
    }

    /// Lines of text.
    pub fn lines(&mut self, key: &'static str, sink: &mut Sink<'_>) -> Vec<Line> {
        self.scalars(key, sink, Line::parse)
    }

    /// A word.
    pub fn word(&mut self, key: &'static str, sink: &mut Sink<'_>) -> Option<Word> {
        self.scalar(key, sink, Word::parse)
    }

    /// Words.
    pub fn words(&mut self, key: &'static str, sink: &mut Sink<'_>) -> Vec<Word> {
        self.scalars(key, sink, Word::parse)
    }

    /// A contact.
    pub fn contact(&mut self, key: &'static str, sink: &mut Sink<'_>) -> Option<Contact> {
        self.scalar(key, sink, Contact::parse)
    }

    /// Contacts.
    pub fn contacts(&mut self, key: &'static str, sink: &mut Sink<'_>) -> Vec<Contact> {
        self.scalars(key, sink, Contact::parse)
    }

    /// A digest.
    pub fn digest(&mut self, key: &'static str, sink: &mut Sink<'_>) -> Option<Digest> {
        self.scalar(key, sink, Digest::parse)
    }

    /// A date.
    pub fn date(&mut self, key: &'static str, sink: &mut Sink<'_>) -> Option<chrono::NaiveDate> {
        self.scalar(key, sink, crate::domain::time::parse_date)
    }

    /// A span of days: `since` and `until`.
    pub fn term(&mut self, sink: &mut Sink<'_>) -> Term {
        let term = Term { since: self.date("since", sink), until: self.date("until", sink) };
        if let (Some(since), Some(until)) = (term.since, term.until)
            && until <= since
        {
            let finding = Finding::plain(Code::TermReversed, format!("the term ends on {until} and begins on {since}"));
            sink.push(finding.help("`until` is the first day no longer; swap the dates"), self.span);
        }
        term
    }

    /// A moment.
    pub fn instant(&mut self, key: &'static str, sink: &mut Sink<'_>) -> Option<Instant> {
        self.scalar(key, sink, Instant::parse)
    }

    /// Text of several lines.
    pub fn text(&mut self, key: &'static str, sink: &mut Sink<'_>) -> Text {
        self.scalar(key, sink, |value| Text::parse(value).map(Some)).unwrap_or_default()
    }

    /// `true` or `false`.
    pub fn flag(&mut self, key: &'static str, sink: &mut Sink<'_>) -> Option<bool> {
        self.scalar(key, sink, |value| match value {
            "true" => Ok(Some(true)),
            "false" => Ok(Some(false)),
            _ => Err(Malformed::new(value, "`true` or `false`")),
        })
    }

    /// A whole number from 0.
    pub fn number(&mut self, key: &'static str, sink: &mut Sink<'_>) -> Option<u64> {
        self.scalar(key, sink, |value| {
            value.replace('_', "").parse().map(Some).map_err(|_| Malformed::new(value, "a whole number"))
        })
    }

    /// One of some words.
    pub fn choice<T: Copy>(&mut self, key: &'static str, sink: &mut Sink<'_>, choices: &[(&str, T)]) -> Option<T> {
        let allowed = choices.iter().map(|(word, _)| format!("`{word}`")).collect::<Vec<_>>().join(", ");
        self.scalar(key, sink, |value| match choices.iter().find(|(word, _)| *word == value) {
            Some((_, choice)) => Ok(Some(*choice)),
            None => Err(format!("found {}, expected one of {allowed}", quote(value))),
        })
    }

    /// Reports a key that must be there and is not.
    pub fn require(&self, key: &'static str, sink: &mut Sink<'_>) {
        if !self.has(key) {
            sink.push(
                Finding::plain(Code::MissingKey, format!("{} has no `{key}`", self.what))
                    .help(format!("add `{key}`; docs/format.md tells its form")),
                first_line(self.span),
            );
        }
    }

    /// The entries whose keys were not asked for.
    pub fn others(&self) -> impl Iterator<Item = &'n Entry> + use<'n, '_> {
        self.entries.iter().filter(|entry| !self.asked.contains(&entry.key.as_str()))
    }

    /// Reports every key that was not asked for.
    pub fn finish(self, sink: &mut Sink<'_>) {
        for entry in self.others() {
            let near = self.asked.iter().find(|key| is_near(key, &entry.key));
            let help = near.map_or_else(
                || format!("allowed: {}", self.asked.join(", ")),
                |key| format!("did you mean `{key}`? allowed: {}", self.asked.join(", ")),
            );
            sink.push(
                Finding::plain(Code::UnknownKey, format!("`{}` is no key of {}", entry.key.escape_debug(), self.what))
                    .help(help),
                entry.key_span,
            );
        }
    }
}

fn parse_scalar<T, E: ToString>(
    key: &str,
    node: &Node,
    sink: &mut Sink<'_>,
    parse: impl Fn(&str) -> Result<Option<T>, E>,
) -> Option<T> {
    match &node.value {
        Value::Scalar(text) => match parse(text) {
            Ok(value) => value,
            Err(error) => {
                sink.push(Finding::plain(Code::InvalidValue, format!("`{key}`: {}", error.to_string())), node.span);
                None
            }
        },
        Value::List(_) | Value::Map(_) => {
            sink.push(
                Finding::plain(Code::WrongShape, format!("`{key}` is {}, expected a text", node.kind())),
                node.span,
            );
            None
        }
    }
}

/// The first position of a span, so that a missing key does not underline a whole file.
fn first_line(span: Span) -> Span {
    Span { start: span.start, end: span.start }
}

/// Whether two keys differ by a slip of the finger: `_` for `-`, case, or one letter.
fn is_near(known: &str, found: &str) -> bool {
    let folded = found.to_ascii_lowercase().replace(['_', ' '], "-");
    if folded == known || folded.trim_end_matches('s') == known.trim_end_matches('s') {
        return true;
    }
    let differing = known.chars().zip(folded.chars()).filter(|(a, b)| a != b).count();
    known.len() == folded.len() && differing <= 2 && known.len() > 4
}
