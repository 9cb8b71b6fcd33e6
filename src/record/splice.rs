//! Changes single values of a letter's file and leaves every other byte as it is.

use super::tree::parse_tree;
use crate::shape::{Entry, Node, Sink, Value};

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
        Some(parent) => {
            root.at(parent).filter(|node| matches!(&node.value, Value::Map(entries) if !entries.is_empty()))
        }
    };
    let entry = holder.and_then(|holder| holder.entry(key));
    match (entry, &change.value) {
        (None, None) => Some(text.to_owned()),
        (Some(entry), None) => {
            let start = line_start(text, entry.key_span.start.byte);
            let end = line_end(text, entry.node.span.end.byte.max(entry.key_span.end.byte));
            Some(format!("{}{}", &text[..start], &text[end..]))
        }
        (Some(entry), Some(value)) => set(text, entry, value),
        (None, Some(value)) => add(text, root, holder, parent, key, value),
    }
}

/// Puts a value in the place of another one; comments beside it stay.
fn set(text: &str, entry: &Entry, value: &str) -> Option<String> {
    let span = entry.node.span;
    let colon = behind_colon(text, entry.key_span.end.byte)?;
    let head = text.get(colon..)?.trim_start_matches([' ', '\t']);
    let sign = text.len() - head.len();
    // Between braces the parser takes the sign for the first character of a plain text.
    let is_block = head.starts_with(['|', '>']) && span.start.byte != sign;
    if matches!(entry.node.value, Value::Scalar(_)) && is_block {
        // The sign of block text gives way, what else stands on its line stays, the lines of the text go.
        let after = sign + head.find([' ', '\t', '\r', '\n']).unwrap_or(head.len());
        let first = line_end(text, after);
        let rest = if entry.node.is_empty() { first } else { line_end(text, span.end.byte.max(first)) };
        return Some(format!("{}{value}{}{}", &text[..sign], &text[after..first], &text[rest..]));
    }
    let between = text.get(colon..span.start.byte.max(colon))?;
    let (start, end) = match &entry.node.value {
        _ if span.start.byte >= span.end.byte => (colon, colon),
        // A list below its key moves up beside it.
        Value::List(_) | Value::Map(_) if between.contains('\n') && between.trim().is_empty() => (colon, span.end.byte),
        Value::Scalar(_) | Value::List(_) | Value::Map(_) => (span.start.byte, span.end.byte),
    };
    let lead = if start == colon { " " } else { "" };
    Some(format!("{}{lead}{value}{}", &text[..start], &text[end..]))
}

/// The byte behind the colon that belongs to a key, which blanks and comments may precede.
fn behind_colon(text: &str, key_end: usize) -> Option<usize> {
    let mut rest = text.get(key_end..)?;
    loop {
        rest = rest.trim_start_matches([' ', '\t', '\r', '\n']);
        match rest.strip_prefix('#') {
            Some(comment) => rest = comment.get(comment.find(['\r', '\n'])?..)?,
            None => return rest.strip_prefix(':').map(|behind| text.len() - behind.len()),
        }
    }
}

/// Adds a key behind the last one of its mapping, in the mapping's own indentation.
fn add(text: &str, root: &Node, holder: Option<&Node>, parent: Option<&str>, key: &str, value: &str) -> Option<String> {
    if let (None, Some(parent)) = (holder, parent) {
        let inline = format!("{{{key}: {value}}}");
        return match root.entry(parent).filter(|_| !parent.contains('.')) {
            Some(entry) if entry.node.is_empty() => set(text, entry, &inline),
            None if !parent.contains('.') => add(text, root, Some(root), None, parent, &inline),
            Some(_) | None => None,
        };
    }
    let holder = holder?;
    let Value::Map(entries) = &holder.value else { return None };
    let last = entries.last()?;
    let end = last.node.span.end.byte.max(last.key_span.end.byte);
    if text.as_bytes().get(holder.span.start.byte) == Some(&b'{') {
        let end = end.max(last.key_span.end.byte + 1);
        return Some(format!("{}, {key}: {value}{}", text.get(..end)?, text.get(end..)?));
    }
    let at = line_end(text, end);
    let indent = " ".repeat(last.key_span.start.column - 1);
    let line_break = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let fresh = if at > 0 && !text[..at].ends_with('\n') { line_break } else { "" };
    Some(format!("{}{fresh}{indent}{key}: {value}{line_break}{}", &text[..at], &text[at..]))
}

/// For YAML a line ends with LF, CR or both.
fn line_start(text: &str, byte: usize) -> usize {
    text[..byte].rfind(['\n', '\r']).map_or(0, |at| at + 1)
}

/// The start of the line behind the one on which a value ends; a value that ends with its line break ends there.
fn line_end(text: &str, byte: usize) -> usize {
    if text[..byte].ends_with('\n') || (text[..byte].ends_with('\r') && !text[byte..].starts_with('\n')) {
        return byte;
    }
    let Some(at) = text[byte..].find(['\n', '\r']).map(|offset| byte + offset) else { return text.len() };
    if text[at..].starts_with("\r\n") { at + 2 } else { at + 1 }
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
            items.iter().enumerate().for_each(|(index, item)| flatten(item, &format!("{at}[{index}]"), skipped, flat));
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
            let wanted = wanted.as_ref().and_then(|node| node.at("value")).filter(|node| !node.is_empty());
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
    fn comments_beside_a_value_stay() {
        for (before, path, after) in [
            ("body: |- # the text\n  Dear all\n\n# end\n", "body", "body: \"x\" # the text\n\n# end\n"),
            (
                "body: |\n    Dear all\n  # behind the text\ntags: [a]\n",
                "body",
                "body: \"x\"\n  # behind the text\ntags: [a]\n",
            ),
            ("title: # later\n  Long\n  title\n", "title", "title: # later\n  \"x\"\n"),
            ("tags: # who\n  - a\n  - b # last\n", "tags", "tags: # who\n  \"x\" # last\n"),
            ("tags:\n- a\n- b\n", "tags", "tags: \"x\"\n"),
            ("title: '' # none yet\n", "title", "title: \"x\" # none yet\n"),
            ("title: # none yet\n", "title", "title: \"x\" # none yet\n"),
            ("to: {send-to: |\n  a, groups: [b] } # c\n", "to.send-to", "to: {send-to: \"x\", groups: [b] } # c\n"),
            ("body: >-\ntags: [a]\n", "body", "body: \"x\"\ntags: [a]\n"),
        ] {
            assert_eq!(
                splice(before, &[set(path, "\"x\"")]).unwrap_or_else(|error| panic!("{before:?}: {error}")),
                after
            );
        }
    }

    #[test]
    fn a_key_that_stands_empty_beside_others_is_filled_where_it_stands() {
        let before = "to:\n  groups: [] # whom\n  send-to:\ntitle: a\n";
        let after = "to:\n  groups: [] # whom\n  send-to: \"x\"\ntitle: a\n";
        assert_eq!(splice(before, &[set("to.send-to", "\"x\"")]).unwrap(), after);
        assert_eq!(splice("to: # whom\n", &[set("to.groups", "[a]")]).unwrap(), "to: {groups: [a]} # whom\n");
    }

    #[test]
    fn line_ends_are_those_of_the_file() {
        let text = "title: a\r\nbody: |\r\n  Dear all\r\ntags: [b]\r\n";
        let edited = splice(text, &[set("body", "\"x\""), set("deadline", "2027-01-15")]).unwrap();
        assert_eq!(edited, "title: a\r\nbody: \"x\"\r\ntags: [b]\r\ndeadline: 2027-01-15\r\n");
    }

    #[test]
    fn what_is_unreadable_is_left_alone() {
        assert!(matches!(splice("a: [", &[set("a", "1")]), Err(SpliceError::Unreadable)));
    }
}
