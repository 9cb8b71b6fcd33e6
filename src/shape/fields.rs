//! Reads the keys of one mapping, remembers which were asked for, and reports all others.

use super::read::{draw, read_choice, read_list, read_one_or_more, read_scalar};
use super::{Entry, Form, Mapping, Node, Shape, Sink, Span, Value};
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
    /// What is expected of each key, where that is drawn and nothing is read.
    drawn: Option<Mapping>,
}

impl<'n> Fields<'n> {
    /// Begins to read a mapping; `what` names it in messages ("a letter").
    pub fn of(node: &'n Node, what: &'static str, sink: &mut Sink<'_>) -> Option<Self> {
        let drawn = sink.draws().then(|| Mapping::new(what));
        match &node.value {
            Value::Map(entries) => Some(Self { what, entries, span: node.span, asked: Vec::new(), drawn }),
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

    /// The value of a key put through a reader; nothing where it is absent or empty.
    pub fn value<T>(
        &mut self,
        key: &'static str,
        sink: &mut Sink<'_>,
        read: impl FnOnce(&Node, &mut Sink<'_>) -> T,
    ) -> Option<T> {
        self.asked.push(key);
        if let Some(mapping) = &mut self.drawn {
            mapping.key(key, draw(read));
            return None;
        }
        let node = self.entries.iter().find(|entry| entry.key == key).map(|entry| &entry.node);
        node.filter(|node| !node.is_empty()).map(|node| read(node, sink))
    }

    /// Whether a key stands there at all.
    pub fn has(&self, key: &str) -> bool {
        self.entries.iter().any(|entry| entry.key == key && !entry.node.is_empty())
    }

    /// The place of the whole mapping.
    pub fn span(&self) -> Span {
        self.span
    }

    /// A scalar of some form put through `parse`; faults become findings.
    pub fn scalar<T, E: ToString>(
        &mut self,
        key: &'static str,
        form: Form,
        sink: &mut Sink<'_>,
        parse: impl Fn(&str) -> Result<Option<T>, E>,
    ) -> Option<T> {
        self.value(key, sink, |node, sink| read_scalar(key, form, node, sink, parse)).flatten()
    }

    /// A list whose items are scalars; a single scalar is a list of one.
    pub fn scalars<T, E: ToString>(
        &mut self,
        key: &'static str,
        form: Form,
        sink: &mut Sink<'_>,
        parse: impl Fn(&str) -> Result<Option<T>, E>,
    ) -> Vec<T> {
        self.items(key, sink, |node, sink| read_scalar(key, form, node, sink, &parse))
    }

    /// A list whose items are put through a reader; a single text is a list of one.
    pub fn items<T>(
        &mut self,
        key: &'static str,
        sink: &mut Sink<'_>,
        read: impl Fn(&Node, &mut Sink<'_>) -> Option<T>,
    ) -> Vec<T> {
        self.value(key, sink, |node, sink| read_one_or_more(key, node, sink, read)).unwrap_or_default()
    }

    /// A list whose items are mappings, each read by `read`.
    pub fn mappings<T>(
        &mut self,
        key: &'static str,
        sink: &mut Sink<'_>,
        read: impl Fn(&Node, &mut Sink<'_>) -> Option<T>,
    ) -> Vec<T> {
        self.value(key, sink, |node, sink| read_list(key, node, sink, read)).unwrap_or_default()
    }

    /// One line of text.
    pub fn line(&mut self, key: &'static str, sink: &mut Sink<'_>) -> Option<Line> {
        self.scalar(key, Form::Line, sink, Line::parse)
    }

    /// Lines of text.
    pub fn lines(&mut self, key: &'static str, sink: &mut Sink<'_>) -> Vec<Line> {
        self.scalars(key, Form::Line, sink, Line::parse)
    }

    /// A word.
    pub fn word(&mut self, key: &'static str, sink: &mut Sink<'_>) -> Option<Word> {
        self.scalar(key, Form::Word, sink, Word::parse)
    }

    /// Words.
    pub fn words(&mut self, key: &'static str, sink: &mut Sink<'_>) -> Vec<Word> {
        self.scalars(key, Form::Word, sink, Word::parse)
    }

    /// A contact.
    pub fn contact(&mut self, key: &'static str, sink: &mut Sink<'_>) -> Option<Contact> {
        self.scalar(key, Form::Contact, sink, Contact::parse)
    }

    /// Contacts.
    pub fn contacts(&mut self, key: &'static str, sink: &mut Sink<'_>) -> Vec<Contact> {
        self.scalars(key, Form::Contact, sink, Contact::parse)
    }

    /// A digest.
    pub fn digest(&mut self, key: &'static str, sink: &mut Sink<'_>) -> Option<Digest> {
        self.scalar(key, Form::Digest, sink, Digest::parse)
    }

    /// A date.
    pub fn date(&mut self, key: &'static str, sink: &mut Sink<'_>) -> Option<chrono::NaiveDate> {
        self.scalar(key, Form::Date, sink, crate::domain::time::parse_date)
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
        self.scalar(key, Form::Instant, sink, Instant::parse)
    }

    /// Text of several lines.
    pub fn text(&mut self, key: &'static str, sink: &mut Sink<'_>) -> Text {
        self.scalar(key, Form::Text, sink, |value| Text::parse(value).map(Some)).unwrap_or_default()
    }

    /// `true` or `false`.
    pub fn flag(&mut self, key: &'static str, sink: &mut Sink<'_>) -> Option<bool> {
        self.scalar(key, Form::Flag, sink, |value| match value {
            "true" => Ok(Some(true)),
            "false" => Ok(Some(false)),
            _ => Err(Malformed::new(value, "`true` or `false`")),
        })
    }

    /// A whole number from 0.
    pub fn number(&mut self, key: &'static str, sink: &mut Sink<'_>) -> Option<u64> {
        self.scalar(key, Form::Number, sink, |value| {
            value.replace('_', "").parse().map(Some).map_err(|_| Malformed::new(value, "a whole number"))
        })
    }

    /// One of some words.
    pub fn choice<T: Copy>(&mut self, key: &'static str, sink: &mut Sink<'_>, choices: &[(&str, T)]) -> Option<T> {
        self.value(key, sink, |node, sink| read_choice(key, choices, node, sink)).flatten()
    }

    /// Reports a key that must be there and is not.
    pub fn require(&mut self, key: &'static str, sink: &mut Sink<'_>) {
        if let Some(mapping) = &mut self.drawn {
            mapping.require(key);
        } else if !self.has(key) {
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

    /// The keys that were asked for, in their order.
    pub fn asked(&self) -> &[&'static str] {
        &self.asked
    }

    /// Ends the reading where the reader itself has looked at what was not asked for.
    pub fn end(self, sink: &mut Sink<'_>) {
        if let Some(mapping) = self.drawn {
            sink.expect(Shape::Mapping(mapping));
        }
    }

    /// Ends the reading, and reports every key that was not asked for.
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
        self.end(sink);
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
