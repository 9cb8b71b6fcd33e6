//! Values with their places, whatever file format they came from, and the strict reading of mappings.
//!
//! `record` makes such trees from YAML, `directory` and `config` from TOML; all faults of a file are collected.

mod fields;
mod form;
mod lines;
mod read;

pub use fields::Fields;
pub use form::{Form, Mapping, Shape};
pub use lines::LineIndex;
pub use read::{draw, read_by_key, read_choice, read_either, read_list, read_scalar};

use crate::findings::{Code, Finding, Place};

/// A position in a text.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Position {
    /// From 0.
    pub byte: usize,
    /// From 1.
    pub line: usize,
    /// From 1, in characters.
    pub column: usize,
}

/// From one position to another, the second no longer in it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Span {
    /// First.
    pub start: Position,
    /// First no longer.
    pub end: Position,
}

impl Span {
    /// No place: what is not read from a file.
    pub(super) const NOWHERE: Self = {
        let start = Position { byte: 0, line: 0, column: 0 };
        Self { start, end: start }
    };

    /// The span as a place in a file.
    pub fn place(&self, file: &str) -> Place {
        Place {
            file: file.to_owned(),
            line: self.start.line,
            column: self.start.column,
            bytes: (self.start.byte, self.end.byte),
        }
    }
}

/// A value and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// The value.
    pub value: Value,
    /// Its place.
    pub span: Span,
}

/// A text, a list or a mapping; keys are in the order of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// A scalar is its text, whatever it looks like.
    Scalar(String),
    /// Values in order.
    List(Vec<Node>),
    /// Keys and values in order.
    Map(Vec<Entry>),
}

/// A key with its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The key.
    pub key: String,
    /// Where the key stands.
    pub key_span: Span,
    /// Its value.
    pub node: Node,
}

impl Node {
    /// What kind of value it is, for messages.
    pub fn kind(&self) -> &'static str {
        match &self.value {
            Value::Scalar(_) => "a text",
            Value::List(_) => "a list",
            Value::Map(_) => "a mapping",
        }
    }

    /// Whether there is nothing in it: an empty text, list or mapping is an absent one.
    pub fn is_empty(&self) -> bool {
        match &self.value {
            Value::Scalar(text) => text.trim_matches([' ', '\t', '\n']).is_empty(),
            Value::List(items) => items.iter().all(Self::is_empty),
            Value::Map(entries) => entries.iter().all(|entry| entry.node.is_empty()),
        }
    }

    /// The entry of a mapping.
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        match &self.value {
            Value::Map(entries) => entries.iter().find(|entry| entry.key == key),
            Value::Scalar(_) | Value::List(_) => None,
        }
    }

    /// The value below a path of keys.
    pub fn at(&self, path: &str) -> Option<&Self> {
        path.split('.').try_fold(self, |node, key| node.entry(key).map(|entry| &entry.node))
    }

    /// All texts in it, in order; empty ones are absent.
    pub fn texts(&self) -> Vec<&str> {
        match &self.value {
            Value::Scalar(_) if self.is_empty() => Vec::new(),
            Value::Scalar(text) => vec![text.as_str()],
            Value::List(items) => items.iter().flat_map(Self::texts).collect(),
            Value::Map(entries) => entries.iter().flat_map(|entry| entry.node.texts()).collect(),
        }
    }

    /// The items of a list; a single value is a list of one.
    pub fn items(&self) -> &[Self] {
        match &self.value {
            Value::List(items) => items,
            Value::Scalar(_) | Value::Map(_) => std::slice::from_ref(self),
        }
    }

    /// An item as values count them: without the empty ones, which are absent.
    pub fn item(&self, index: usize) -> Option<&Self> {
        self.items().iter().filter(|item| !item.is_empty()).nth(index)
    }
}

/// A value read from a file, with the tree it came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Located<T> {
    /// The meaning.
    pub value: T,
    /// The path below the record's root.
    pub file: String,
    /// The tree.
    pub root: Node,
}

impl<T> Located<T> {
    /// Reads a whole file from its tree.
    pub fn read(root: Node, sink: &mut Sink<'_>, read: impl FnOnce(&Node, &mut Sink<'_>) -> Option<T>) -> Option<Self> {
        let value = read(&root, sink)?;
        Some(Self { value, file: sink.file.to_owned(), root })
    }

    /// The place of the value at a path such as `from.contacts`; of the nearest thing above it where it is absent.
    pub fn place(&self, path: &str) -> Place {
        self.place_of(path, None)
    }

    /// The place of one item of a list.
    pub fn place_item(&self, path: &str, index: usize) -> Place {
        self.place_of(path, Some(index))
    }

    /// The place of a key of one item of a list of mappings.
    pub fn place_in_item(&self, path: &str, index: usize, key: &str) -> Place {
        let item = self.root.at(path).and_then(|node| node.item(index));
        item.and_then(|item| item.at(key))
            .map_or_else(|| self.place_item(path, index), |node| node.span.place(&self.file))
    }

    /// Whether the file says something at a path, well-formed or not.
    pub fn mentions(&self, path: &str) -> bool {
        self.root.at(path).is_some_and(|node| !node.is_empty())
    }

    /// Whether an item of a list of mappings says something at a key, well-formed or not.
    pub fn mentions_in_item(&self, path: &str, index: usize, key: &str) -> bool {
        let item = self.root.at(path).and_then(|node| node.item(index));
        item.and_then(|item| item.at(key)).is_some_and(|node| !node.is_empty())
    }

    fn place_of(&self, path: &str, index: Option<usize>) -> Place {
        let mut node = &self.root;
        let mut span = None;
        for key in path.split('.') {
            let Some(entry) = node.entry(key) else { break };
            node = &entry.node;
            span = Some(if node.is_empty() { entry.key_span } else { node.span });
        }
        match (span, index.and_then(|index| node.item(index))) {
            (_, Some(item)) => item.span.place(&self.file),
            (Some(span), None) => span.place(&self.file),
            (None, None) => Place::file(&self.file),
        }
    }
}

/// Where findings go while a file is read.
#[derive(Debug)]
pub struct Sink<'f> {
    /// The path below the record's root.
    pub file: &'f str,
    /// What was found.
    pub findings: Vec<Finding>,
    /// What the reader at work expects, where it is asked for that; else nothing is drawn.
    drawing: Option<Shape>,
}

impl<'f> Sink<'f> {
    /// A sink for one file.
    pub fn new(file: &'f str) -> Self {
        Self { file, findings: Vec::new(), drawing: None }
    }

    /// Adds a finding at a span of the file; one that does not say what to do next gets the next step of its kind.
    pub fn push(&mut self, mut finding: Finding, span: Span) {
        finding.help = finding.help.or_else(|| usual_step(finding.code).map(str::to_owned));
        self.findings.push(finding.at(span.place(self.file)));
    }
}

/// What to do about a value that its field does not allow.
fn usual_step(code: Code) -> Option<&'static str> {
    let steps = [
        (
            Code::InvalidValue,
            "write it in the form that is expected, or take the key out; docs/format.md shows every key",
        ),
        (Code::WrongShape, "write it as docs/format.md shows; a list of one text may stand as the text alone"),
    ];
    steps.into_iter().find(|(known, _)| *known == code).map(|(_, step)| step)
}
