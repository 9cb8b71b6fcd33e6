//! Comments of a letter's file: where they are, and what each is about.

use super::path::{Anchor, Path, Step, anchors};
use crate::shape::{Node, Value};

/// A comment of a file, or a blank line between its keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Comment {
    /// From its sign to the end of its line; nothing for a blank line.
    pub(super) text: String,
    /// What it is about.
    pub(super) about: Path,
    /// On which side of that.
    pub(super) side: Side,
}

/// Where a comment stands, seen from what it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// On lines of its own before it.
    Above,
    /// At the end of its first line.
    Beside,
    /// On lines of its own behind its last.
    Below,
    /// At the head of the file, with a blank line behind it: about the file as a whole.
    Top,
}

/// All comments of a text, and its blank lines, in their order. `root` is its tree.
pub(super) fn comments(text: &str, root: &Node) -> Vec<Comment> {
    let (there, absent): (Vec<Anchor>, Vec<Anchor>) =
        anchors(text, root).into_iter().partition(|anchor| !anchor.is_absent);
    let scalars = scalars(root);
    let mut found = Vec::new();
    let mut start = 0;
    for (number, line) in (1..).zip(text.split_inclusive('\n')) {
        let range = (start, start + line.trim_end_matches(['\n', '\r']).len());
        start += line.len();
        let bare = line.trim_end();
        let inside = |at: usize| scalars.iter().any(|(from, to)| *from <= at && at < *to);
        if bare.is_empty() {
            if !inside(range.0) {
                found.extend(blank(range.0, &there));
            }
            continue;
        }
        let Some(sign) = sign(text, range, &inside) else { continue };
        let comment = text[sign..range.1].trim_end().to_owned();
        let is_alone = text[range.0..sign].trim().is_empty();
        found.extend(if is_alone {
            alone(comment, sign, text[range.0..sign].chars().count() + 1, &there)
        } else {
            beside(comment, sign, number, &there, &absent)
        });
    }
    let before_all =
        |note: &Comment| there.first().is_some_and(|first| note.side == Side::Above && note.about == first.path);
    let head = found.iter().take_while(|note| before_all(note)).count();
    let top = found.iter().take(head).rposition(|note| note.text.is_empty()).map_or(0, |last| last + 1);
    found.iter_mut().take(top).for_each(|note| note.side = Side::Top);
    found
}

/// Where a comment begins on a line: at a sign that no text holds, with a blank before it.
fn sign(text: &str, (from, to): (usize, usize), inside: &impl Fn(usize) -> bool) -> Option<usize> {
    let is_sign = |at: &usize| {
        text[*at..].starts_with('#') && !inside(*at) && (*at == from || text[..*at].ends_with([' ', '\t', '\u{feff}']))
    };
    (from..to).filter(|at| text.is_char_boundary(*at)).find(is_sign)
}

/// A blank line before a key of the letter itself; others are not kept.
fn blank(at: usize, there: &[Anchor]) -> Option<Comment> {
    let next = there.iter().find(|anchor| anchor.start > at);
    let (anchor, side) = match next {
        Some(next) => (next, Side::Above),
        None => (there.iter().rfind(|anchor| anchor.path.len() == 1)?, Side::Below),
    };
    (anchor.path.len() == 1).then(|| Comment { text: String::new(), about: anchor.path.clone(), side })
}

/// A comment on a line of its own: about what follows, or the last thing of what it is indented like.
fn alone(text: String, at: usize, column: usize, there: &[Anchor]) -> Option<Comment> {
    let next = there.iter().find(|anchor| anchor.start > at);
    let before = || there.iter().filter(|one| one.start < at && one.column <= column && one.is_first);
    let last = || before().map(|anchor| anchor.column).max().and_then(|most| before().rfind(|one| one.column == most));
    let (anchor, side) = match next {
        Some(next) if column <= next.column => (next, Side::Above),
        Some(next) => match last() {
            Some(last) if !next.path.starts_with(&last.path) => (last, Side::Below),
            Some(_) | None => (next, Side::Above),
        },
        None => (last()?, Side::Below),
    };
    Some(Comment { text, about: anchor.path.clone(), side })
}

/// A comment behind something: about what begins on its line, leftmost first. A key that says nothing goes into its comment,
/// which then stands before what follows.
fn beside(text: String, at: usize, line: usize, there: &[Anchor], absent: &[Anchor]) -> Option<Comment> {
    let begins_here = |anchor: &&Anchor| anchor.line == line && anchor.start < at;
    if let Some(anchor) = there.iter().find(begins_here) {
        return Some(Comment { text, about: anchor.path.clone(), side: Side::Beside });
    }
    if let Some((Step::Key(key), anchor)) =
        absent.iter().find(begins_here).and_then(|anchor| anchor.path.last().zip(Some(anchor)))
    {
        let told = format!("# {key}: {}", text.trim_start_matches(['#', ' ', '\t']));
        return alone(told, at, anchor.column, there);
    }
    let last = there.iter().rfind(|anchor| anchor.start < at)?;
    Some(Comment { text, about: last.path.clone(), side: Side::Beside })
}

/// From where to where each text stands, keys among them: no sign in one begins a comment.
fn scalars(node: &Node) -> Vec<(usize, usize)> {
    match &node.value {
        Value::Scalar(_) => vec![(node.span.start.byte, node.span.end.byte)],
        Value::List(items) => items.iter().flat_map(scalars).collect(),
        Value::Map(entries) => entries
            .iter()
            .flat_map(|entry| {
                let key = (entry.key_span.start.byte, entry.key_span.end.byte);
                std::iter::once(key).chain(scalars(&entry.node))
            })
            .collect(),
    }
}
