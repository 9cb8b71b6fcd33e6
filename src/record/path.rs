//! The keys and items of a tree, by the path that leads to each.

use crate::shape::{LineIndex, Node, Value};

/// From a letter to one of its values.
pub(super) type Path = Vec<Step>;

/// One step on the way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    /// To the value of a key.
    Key(String),
    /// To an item of a list, from 0; absent ones do not count.
    Item(usize),
}

/// A key, or an item of a list, and where it stands.
#[derive(Debug, Clone)]
pub(super) struct Anchor {
    /// What it is.
    pub(super) path: Path,
    /// Where its key begins, or the hyphen of its item.
    pub(super) start: usize,
    /// The line of that, from 1.
    pub(super) line: usize,
    /// The column of that, from 1.
    pub(super) column: usize,
    /// The last line of its value.
    pub(super) last_line: usize,
    /// Whether it says nothing.
    pub(super) is_absent: bool,
    /// Whether nothing else begins before it on its line.
    pub(super) is_first: bool,
}

/// All keys and items of a tree, in the order of its text.
pub(super) fn anchors(text: &str, root: &Node) -> Vec<Anchor> {
    let mut walk = Walk { text, lines: LineIndex::new(text), path: Vec::new(), found: Vec::new() };
    walk.node(root);
    let mut found = walk.found;
    found.sort_by_key(|anchor| anchor.start);
    let mut line = 0;
    for anchor in &mut found {
        anchor.is_first = anchor.line != line;
        line = anchor.line;
    }
    found
}

struct Walk<'t> {
    text: &'t str,
    lines: LineIndex<'t>,
    path: Path,
    found: Vec<Anchor>,
}

impl Walk<'_> {
    fn node(&mut self, node: &Node) {
        match &node.value {
            Value::Scalar(_) => {}
            Value::List(items) => {
                for (number, item) in items.iter().filter(|item| !item.is_empty()).enumerate() {
                    let start = hyphen(self.text, item.span.start.byte);
                    self.anchor(Step::Item(number), start, item);
                }
            }
            Value::Map(entries) => {
                for entry in entries {
                    self.anchor(Step::Key(entry.key.clone()), entry.key_span.start.byte, &entry.node);
                }
            }
        }
    }

    fn anchor(&mut self, step: Step, start: usize, node: &Node) {
        self.path.push(step);
        let place = self.lines.of_byte(start);
        let last_line = self.last_line(node).max(place.line);
        self.found.push(Anchor {
            path: self.path.clone(),
            start,
            line: place.line,
            column: place.column,
            last_line,
            is_absent: node.is_empty(),
            is_first: false,
        });
        self.node(node);
        self.path.pop();
    }

    /// The line on which a value ends: a block of text ends behind its last line.
    fn last_line(&self, node: &Node) -> usize {
        let end = node.span.end.byte;
        let start = node.span.start.byte.min(end);
        self.lines.of_byte(start + self.text[start..end].trim_end_matches(['\n', '\r']).len()).line
    }
}

/// Where an item begins: at its hyphen, or at itself between brackets.
fn hyphen(text: &str, start: usize) -> usize {
    let before = without_comment(text[..start].trim_end_matches([' ', '\t', '\n', '\r']));
    if before.ends_with('-') { before.len() - 1 } else { start }
}

/// A text without the comment at its end, which may stand between a hyphen and its item.
fn without_comment(text: &str) -> &str {
    let line = text.rfind('\n').map_or(0, |at| at + 1);
    match text[line..].find("- #") {
        Some(at) if text[line..line + at].trim().is_empty() => &text[..=line + at],
        Some(_) | None => text,
    }
}
