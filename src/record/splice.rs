//! Changes single values of a letter's file and leaves every other byte as it is.

use super::tree::parse_tree;
use crate::shape::{Node, Sink, Value};

/// One change of a letter's file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Splice {
    /// The key, such as `deadline` or `to.send-to`; its parent mapping must be there or is added.
    pub path: String,
    /// The new value as a YAML flow value on one line (a quoted text, a flow list); nothing removes the key.
    pub value: Option<String>,
}

/// A change that could not be made so that everything else stays.
#[derive(Debug, thiserror::Error)]
pub enum SpliceError {
    /// The file cannot be read before the change.
    #[error("the letter cannot be read as it stands; `liaison check` tells what is wrong")]
    Unreadable,
    /// The change would have altered more than it should.
    #[error("`{0}` cannot be changed without touching other text; change it with `liaison edit`")]
    Refused(String),
}

/// Applies changes one after the other; each is checked by reading the result: everything but the one value is equal.
///
/// # Errors
/// Returns [`SpliceError`] when the text cannot be read, or a change cannot be made safely.
pub fn splice(text: &str, changes: &[Splice]) -> Result<String, SpliceError> {
    changes.iter().try_fold(text.to_owned(), |text, change| one(&text, change))
}

fn one(text: &str, change: &Splice) -> Result<String, SpliceError> {
    let before = read(text).ok_or(SpliceError::Unreadable)?;
    let refused = || SpliceError::Refused(change.path.clone());
    let edited = edit(text, &before, change).ok_or_else(refused)?;
    let after = read(&edited).ok_or_else(refused)?;
    if without(&before, &change.path) == without(&after, &change.path) && holds(&after, change) {
        Ok(edited)
    } else {
        Err(refused())
    }
}

fn read(text: &str) -> Option<Node> {
    let mut sink = Sink::new("");
    let node = parse_tree(text.as_bytes(), &mut sink)?;
    sink.findings.is_empty().then_some(node)
}

fn edit(text: &str, root: &Node, change: &Splice) -> Option<String> {
    let (parent, key) =
        change.path.rsplit_once('.').map_or((None, change.path.as_str()), |(parent, key)| (Some(parent), key));
    let holder = match parent {
        None => Some(root),
        Some(parent) => root.at(parent).filter(|node| matches!(node.value, Value::Map(_))),
    };
    let entry = holder.and_then(|holder| holder.entry(key));
    match (entry, &change.value) {
        (None, None) => Some(text.to_owned()),
        (Some(entry), None) => {
            let start = line_start(text, entry.key_span.start.byte);
            let end = block_end(text, entry.key_span.start, entry.node.span.end.byte.max(entry.key_span.end.byte));
            Some(format!("{}{}", &text[..start], &text[end..]))
        }
        (Some(entry), Some(value)) => {
            let colon = entry.key_span.end.byte + text[entry.key_span.end.byte..].find(':')? + 1;
            let is_block = entry.node.span.start.line > entry.key_span.start.line
                || text[colon..].trim_start_matches(' ').starts_with(['|', '>']);
            let (start, end) = if entry.node.is_empty() || is_block {
                (
                    colon,
                    if entry.node.is_empty() {
                        colon
                    } else {
                        block_end(text, entry.key_span.start, entry.node.span.end.byte)
                    },
                )
            } else {
                (entry.node.span.start.byte, entry.node.span.end.byte)
            };
            let lead = if start == colon { " " } else { "" };
            let tail = if is_block && !entry.node.is_empty() { "\n" } else { "" };
            Some(format!("{}{lead}{value}{tail}{}", &text[..start], &text[end..]))
        }
        (None, Some(value)) => add(text, root, holder, parent, key, value),
    }
}

/// Adds a key behind the last one of its mapping, in the mapping's own indentation.
fn add(text: &str, root: &Node, holder: Option<&Node>, parent: Option<&str>, key: &str, value: &str) -> Option<String> {
    let entries = |node: &Node| match &node.value {
        Value::Map(entries) => entries
            .last()
            .map(|entry| (entry.key_span.start, entry.node.span.end.byte.max(entry.key_span.end.byte + 1))),
        Value::Scalar(_) | Value::List(_) => None,
    };
    match (holder, parent) {
        (Some(holder), _) => {
            let (start, end) = entries(holder)?;
            let flow = text.as_bytes().get(holder.span.start.byte) == Some(&b'{');
            if flow {
                return Some(format!("{}, {key}: {value}{}", &text[..end], &text[end..]));
            }
            let at = block_end(text, start, end);
            let indent = " ".repeat(start.column - 1);
            let fresh = if at > 0 && !text[..at].ends_with('\n') { "\n" } else { "" };
            Some(format!("{}{fresh}{indent}{key}: {value}\n{}", &text[..at], &text[at..]))
        }
        (None, Some(parent))
            if !parent.contains('.') && root.entry(parent).is_none_or(|entry| entry.node.is_empty()) =>
        {
            let without_parent = edit(text, root, &Splice { path: parent.to_owned(), value: None })?;
            add(
                &without_parent,
                &read(&without_parent)?,
                read(&without_parent).as_ref(),
                None,
                parent,
                &format!("{{{key}: {value}}}"),
            )
        }
        (None, _) => None,
    }
}

fn line_start(text: &str, byte: usize) -> usize {
    text[..byte].rfind('\n').map_or(0, |at| at + 1)
}

/// The start of the first line behind a value that is not indented deeper than its key: behind block text and its blank lines.
fn block_end(text: &str, key: crate::shape::Position, value_end: usize) -> usize {
    let mut at = text[value_end..].find('\n').map_or(text.len(), |offset| value_end + offset + 1);
    if value_end > 0 && text[..value_end].ends_with('\n') {
        at = value_end;
    }
    let mut end = at;
    for line in text[at..].split_inclusive('\n') {
        let indent = line.len() - line.trim_start_matches(' ').len();
        at += line.len();
        if line.trim().is_empty() {
            continue;
        }
        if indent < key.column || line.trim_start().starts_with('#') {
            break;
        }
        end = at;
    }
    end
}

/// The tree as plain values, without the one at a path, for comparison.
fn without(node: &Node, path: &str) -> Vec<(String, String)> {
    let mut flat = Vec::new();
    flatten(node, "", path, &mut flat);
    flat
}

fn flatten(node: &Node, at: &str, skipped: &str, flat: &mut Vec<(String, String)>) {
    if at == skipped || node.is_empty() {
        return;
    }
    match &node.value {
        Value::Scalar(text) => flat.push((at.to_owned(), text.trim_end_matches('\n').to_owned())),
        Value::List(items) => {
            items.iter().enumerate().for_each(|(index, item)| flatten(item, &format!("{at}[{index}]"), skipped, flat))
        }
        Value::Map(entries) => entries.iter().for_each(|entry| {
            let path = if at.is_empty() { entry.key.clone() } else { format!("{at}.{}", entry.key) };
            flatten(&entry.node, &path, skipped, flat);
        }),
    }
}

/// Whether the path holds the value that was asked for.
fn holds(after: &Node, change: &Splice) -> bool {
    let found = after.at(&change.path).filter(|node| !node.is_empty());
    match &change.value {
        None => found.is_none(),
        Some(value) => {
            let wanted = read(&format!("value: {value}\n"));
            let wanted = wanted.as_ref().and_then(|node| node.at("value"));
            found.map(|node| without(node, "-")) == wanted.map(|node| without(node, "-"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LETTER: &str = "# a comment\ntitle: ECH # why\nfrom:\n  groups: [tls]\n  # inner\nto: {groups: [sa3]}\ndeadline:   2026-12-20   # soon\nbody: |\n  Dear all,\n\n  text\n\ntags: [a]\n";

    fn set(path: &str, value: &str) -> Splice {
        Splice { path: path.into(), value: Some(value.into()) }
    }

    #[test]
    fn only_the_value_changes() {
        let edited = splice(LETTER, &[set("deadline", "2027-01-15"), set("title", "\"ECH in 5G\"")]).unwrap();
        assert_eq!(edited, LETTER.replace("2026-12-20", "2027-01-15").replace("title: ECH", "title: \"ECH in 5G\""));
    }

    #[test]
    fn keys_are_added_where_their_mapping_is() {
        let edited = splice(
            LETTER,
            &[
                set("from.send-reply-to", "a@b.example"),
                set("to.send-to", "c@d.example"),
                set("consensus.level", "none-claimed"),
            ],
        )
        .unwrap();
        assert!(edited.contains("  groups: [tls]\n  send-reply-to: a@b.example\n  # inner\n"), "{edited}");
        assert!(edited.contains("to: {groups: [sa3], send-to: c@d.example}"), "{edited}");
        assert!(edited.ends_with("tags: [a]\nconsensus: {level: none-claimed}\n"), "{edited}");
    }

    #[test]
    fn keys_are_removed_with_their_whole_block() {
        let removed = |path: &str| splice(LETTER, &[Splice { path: path.into(), value: None }]).unwrap();
        assert!(!removed("body").contains("Dear"));
        assert!(removed("body").contains("tags: [a]"));
        assert!(!removed("deadline").contains("soon"));
    }

    #[test]
    fn block_text_is_replaced() {
        let edited = splice(LETTER, &[set("body", "\"short\"")]).unwrap();
        assert!(edited.contains("body: \"short\"\n"), "{edited}");
        assert!(edited.ends_with("tags: [a]\n"), "{edited}");
    }

    #[test]
    fn what_is_unreadable_is_left_alone() {
        assert!(matches!(splice("a: [", &[set("a", "1")]), Err(SpliceError::Unreadable)));
    }
}
