//! The keys and items of a tree, by the path that leads to each.

use crate::shape::{LineIndex, Node, Value};

/// From a letter to one of its values.
pub(super) type Path = Vec<Step>;

/// One step on the way.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
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
    /// Where its value begins.
    pub(super) value_start: usize,
    /// The line of its start, from 1.
    pub(super) line: usize,
    /// The column of its start, from 1.
    pub(super) column: usize,
    /// The last line of its value.
    pub(super) last_line: usize,
    /// Whether nothing else begins before it on its line.
    pub(super) is_first: bool,
    /// What it stands in, by its place among all that are there.
    within: Option<usize>,
    /// Its own place.
    place: usize,
}

impl Anchor {
    /// Whether it stands in another one.
    pub(super) fn is_in(&self, other: &Self) -> bool {
        self.path.starts_with(&other.path)
    }
}

/// All keys and items of a tree, in the order of its text.
pub(super) struct Anchors {
    /// Those that say something.
    pub(super) there: Vec<Anchor>,
    /// Those that say nothing.
    absent: Vec<Anchor>,
}

impl Anchors {
    /// Those of a text, from its tree.
    pub(super) fn of(text: &str, root: &Node) -> Self {
        let lines = LineIndex::new(text);
        let mut walk = Walk { text, lines, path: Vec::new(), there: Vec::new(), absent: Vec::new() };
        walk.node(root, None);
        let Walk { mut there, absent, .. } = walk;
        let mut line = 0;
        for anchor in &mut there {
            anchor.is_first = anchor.line != line;
            line = anchor.line;
        }
        Self { there, absent }
    }

    /// What begins next behind a place.
    pub(super) fn after(&self, at: usize) -> Option<&Anchor> {
        self.there.get(self.there.partition_point(|anchor| anchor.start <= at))
    }

    /// What begins last before a place.
    pub(super) fn before(&self, at: usize) -> Option<&Anchor> {
        self.there.get(self.there.partition_point(|anchor| anchor.start < at).checked_sub(1)?)
    }

    /// What begins last before a place, where that says nothing.
    pub(super) fn unsaid(&self, at: usize) -> Option<&Anchor> {
        let unsaid = self.absent.get(self.absent.partition_point(|anchor| anchor.start < at).checked_sub(1)?)?;
        self.before(at).is_none_or(|before| before.start < unsaid.start).then_some(unsaid)
    }

    /// The leftmost of what begins on a line.
    pub(super) fn first_on(&self, line: usize) -> Option<&Anchor> {
        self.there.get(self.there.partition_point(|anchor| anchor.line < line)).filter(|anchor| anchor.line == line)
    }

    /// An anchor, what it stands in, and so on.
    pub(super) fn up<'a>(&'a self, anchor: &'a Anchor) -> impl Iterator<Item = &'a Anchor> {
        std::iter::successors(Some(anchor), |anchor| self.there.get(anchor.within?))
    }

    /// What begins its line, from some anchor to the left.
    pub(super) fn leftmost<'a>(&'a self, anchor: &'a Anchor) -> &'a Anchor {
        let before = self.there.get(..=anchor.place).unwrap_or_default();
        before.iter().rfind(|one| one.is_first).unwrap_or(anchor)
    }
}

struct Walk<'t> {
    text: &'t str,
    lines: LineIndex<'t>,
    path: Path,
    there: Vec<Anchor>,
    absent: Vec<Anchor>,
}

impl Walk<'_> {
    fn node(&mut self, node: &Node, within: Option<usize>) {
        match &node.value {
            Value::Scalar(_) => {}
            Value::List(items) => {
                let mut number = 0;
                for item in items {
                    let start = hyphen(self.text, item.span.start.byte);
                    self.anchor(Step::Item(number), start, item, within);
                    number += usize::from(!item.is_empty());
                }
            }
            Value::Map(entries) => {
                for entry in entries {
                    let step = Step::Key(entry.key.clone());
                    self.anchor(step, entry.key_span.start.byte, &entry.node, within);
                }
            }
        }
    }

    fn anchor(&mut self, step: Step, start: usize, node: &Node, within: Option<usize>) {
        self.path.push(step);
        let start_at = self.lines.of_byte(start);
        let place = self.there.len();
        let anchor = Anchor {
            path: self.path.clone(),
            start,
            value_start: node.span.start.byte,
            line: start_at.line,
            column: start_at.column,
            last_line: self.last_line(node).max(start_at.line),
            is_first: false,
            within,
            place,
        };
        if node.is_empty() {
            self.absent.push(anchor);
        } else {
            self.there.push(anchor);
            self.node(node, Some(place));
        }
        self.path.pop();
    }

    /// The line on which a value ends: a block of text ends behind its last line.
    fn last_line(&self, node: &Node) -> usize {
        let end = node.span.end.byte;
        let start = node.span.start.byte.min(end);
        self.lines.of_byte(start + self.text[start..end].trim_end_matches(['\n', '\r']).len()).line
    }
}

/// Where an item begins: at its hyphen, with blanks, line ends and comments between; or at itself, between brackets.
fn hyphen(text: &str, start: usize) -> usize {
    let mut end = start;
    loop {
        let line = text[..end].rfind('\n').map_or(0, |at| at + 1);
        let before = text[line..end].trim_end_matches([' ', '\t', '\r']);
        if before.ends_with('-') {
            return line + before.len() - 1;
        }
        if !before.is_empty() || line == 0 {
            return start;
        }
        // The line above, up to its comment.
        end = line - 1;
        let above = text[..end].rfind('\n').map_or(0, |at| at + 1);
        let sign = text[above..end].match_indices('#').map(|(at, _)| above + at);
        let is_sign = |at: &usize| *at == above || text[..*at].ends_with([' ', '\t']);
        end = sign.filter(|at| is_sign(at)).min().unwrap_or(end);
    }
}
