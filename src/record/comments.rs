//! Comments of a letter's file: where they are, and what each is about.

use super::path::{Anchor, Anchors, Path, Step};
use crate::shape::{Node, Value};

/// A comment of a file, or a blank line between its keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Comment {
    /// From its sign to the end of its line; nothing for a blank line.
    pub(super) text: String,
    /// What it is about; nothing for the file as a whole.
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
    /// At the head of the file, with a blank line behind it.
    Top,
    /// At its end.
    Bottom,
}

/// A comment where it was found, before anybody asks what it is about.
struct Found<'t> {
    text: &'t str,
    at: usize,
    line: usize,
    column: usize,
    is_alone: bool,
}

/// All comments of a text, and its blank lines, in their order. `root` is its tree. None is left out.
pub(super) fn comments(text: &str, root: &Node) -> Vec<Comment> {
    let anchors = Anchors::of(text, root);
    let mut comments: Vec<Comment> = found(text, root).iter().filter_map(|one| placed(one, &anchors)).collect();
    // What stands at the head of the file with a blank line behind it is about the file.
    let is_before_all = |note: &Comment| match note.side {
        Side::Top => true,
        Side::Above => anchors.there.first().is_some_and(|first| note.about == first.path),
        Side::Beside | Side::Below | Side::Bottom => false,
    };
    let head = comments.iter().take_while(|note| is_before_all(note)).count();
    let top = comments.iter().take(head).rposition(|note| note.text.is_empty()).map_or(0, |last| last + 1);
    comments.iter_mut().take(top).for_each(|note| note.side = Side::Top);
    comments
}

/// How many comments a text holds.
pub(super) fn count(text: &str, root: &Node) -> usize {
    found(text, root).iter().filter(|one| !one.text.is_empty()).count()
}

fn found<'t>(text: &'t str, root: &Node) -> Vec<Found<'t>> {
    let mut scalars = Vec::new();
    collect(root, &mut scalars);
    scalars.sort_unstable();
    let inside = |at: usize| {
        let before = scalars.partition_point(|(from, _)| *from <= at);
        before.checked_sub(1).and_then(|last| scalars.get(last)).is_some_and(|(_, to)| at < *to)
    };
    let mut found = Vec::new();
    let mut start = 0;
    for (line, whole) in (1..).zip(text.split_inclusive('\n')) {
        let (from, to) = (start, start + whole.trim_end_matches(['\n', '\r']).len());
        start += whole.len();
        let is_sign = |at: &usize| {
            let is_apart = *at == from || text[..*at].ends_with([' ', '\t', '\u{feff}']);
            is_apart && !inside(*at)
        };
        let sign = text[from..to].match_indices('#').map(|(at, _)| from + at).find(is_sign);
        let (before, comment) = match sign {
            Some(at) => (&text[from..at], text[at..to].trim_end()),
            None if text[from..to].trim_matches([' ', '\t']).is_empty() && !inside(from) => (&text[from..from], ""),
            None => continue,
        };
        let before = before.trim_start_matches('\u{feff}');
        found.push(Found {
            text: comment,
            at: sign.unwrap_or(from),
            line,
            column: before.chars().count() + 1,
            is_alone: before.trim_matches([' ', '\t']).is_empty(),
        });
    }
    found
}

fn placed(one: &Found<'_>, anchors: &Anchors) -> Option<Comment> {
    if one.text.is_empty() {
        return blank(one.at, anchors);
    }
    if !one.is_alone {
        return Some(beside(one, anchors));
    }
    // Within what says nothing it stands as its key would.
    let column = anchors.unsaid(one.at).map_or(one.column, |unsaid| one.column.min(unsaid.column));
    Some(alone(one.text.to_owned(), one.at, column, anchors))
}

/// A blank line before a key of the letter itself, or before its end; others are not kept.
fn blank(at: usize, anchors: &Anchors) -> Option<Comment> {
    let kept = |about: Path, side: Side| Some(Comment { text: String::new(), about, side });
    match anchors.after(at) {
        Some(next) if next.path.len() == 1 => kept(next.path.clone(), Side::Above),
        Some(_) => None,
        None => kept(Path::new(), Side::Bottom),
    }
}

/// A comment on a line of its own: about what follows; or, where it is indented deeper, the last thing that it is indented like.
fn alone(text: String, at: usize, column: usize, anchors: &Anchors) -> Comment {
    let about = |anchor: &Anchor, side: Side| Comment { text: text.clone(), about: anchor.path.clone(), side };
    let (next, before) = (anchors.after(at), anchors.before(at));
    if let Some(unsaid) =
        before.filter(|before| before.value_start > at && !next.is_some_and(|next| next.is_in(before)))
    {
        // Between a key and its text.
        return about(unsaid, Side::Above);
    }
    let like = before.and_then(|before| anchors.up(before).find(|one| one.is_first && one.column <= column));
    match (next, like) {
        (Some(next), _) if column <= next.column => about(next, Side::Above),
        (Some(next), Some(like)) if next.is_in(like) => about(next, Side::Above),
        (_, Some(like)) if like.column > 1 || column > 1 => about(like, Side::Below),
        (Some(next), _) => about(next, Side::Above),
        (None, Some(_)) => Comment { text, about: Path::new(), side: Side::Bottom },
        (None, None) => {
            Comment { text, about: Path::new(), side: if before.is_some() { Side::Bottom } else { Side::Top } }
        }
    }
}

/// A comment behind something: about what begins on its line, leftmost first, else about what ends there. A key that says nothing
/// goes into its comment, which then stands before what follows.
fn beside(one: &Found<'_>, anchors: &Anchors) -> Comment {
    let text = one.text.to_owned();
    let on_line = |anchor: &Anchor| Comment { text: text.clone(), about: anchor.path.clone(), side: Side::Beside };
    if let Some(anchor) = anchors.first_on(one.line).filter(|anchor| anchor.start < one.at) {
        return on_line(anchor);
    }
    if let Some(unsaid) = anchors.unsaid(one.at) {
        let key = unsaid.path.iter().rev().find_map(|step| match step {
            Step::Key(key) => Some(key),
            Step::Item(_) => None,
        });
        let text = text.trim_start_matches(['#', ' ', '\t']);
        let told = key.map_or_else(|| one.text.to_owned(), |key| format!("# {key}: {text}"));
        return alone(told, one.at, unsaid.column, anchors);
    }
    let before = anchors.before(one.at);
    let ended = before.and_then(|before| anchors.up(before).find(|anchor| anchor.last_line == one.line));
    match (ended.or(before), anchors.after(one.at)) {
        (Some(anchor), _) => on_line(anchor),
        (None, Some(next)) => Comment { text, about: next.path.clone(), side: Side::Above },
        (None, None) => Comment { text, about: Path::new(), side: Side::Top },
    }
}

/// From where to where each text stands, keys among them: no sign in one begins a comment.
fn collect(node: &Node, scalars: &mut Vec<(usize, usize)>) {
    match &node.value {
        Value::Scalar(_) => scalars.push((node.span.start.byte, node.span.end.byte)),
        Value::List(items) => items.iter().for_each(|item| collect(item, scalars)),
        Value::Map(entries) => {
            for entry in entries {
                scalars.push((entry.key_span.start.byte, entry.key_span.end.byte));
                collect(&entry.node, scalars);
            }
        }
    }
}
