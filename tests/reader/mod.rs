//! What must hold for every text that the reader of letters and acts is given: shared by properties and the fuzzer.

use liaison::digest::content_digest;
use liaison::domain::{Act, Statement};
use liaison::findings::Finding;
use liaison::record::{
    Splice, act_yaml, canonical, parse_act, parse_statement, parse_stub, parse_tree, splice, statement_yaml,
};
use liaison::shape::{Entry, Node, Sink, Span, Value};

const FILE: &str = "x.yaml";

/// New values as commands give them: quoted texts, words, lists.
pub(crate) const VALUES: &[&str] =
    &["\"new: value # no comment\"", "2027-01-15", "[a, b]", "\"\\\"\"", "''", "\"é\\u0301\"", "{level: none-claimed}"];

/// Keys that are added where they are not.
pub(crate) const ADDED: &[&str] = &["deadline", "to.send-to", "consensus.level", "from.send-reply-to"];

/// Reads bytes as everything they could be: never a panic, every place in the text, and what is read without a fault
/// is written and read again as the same.
pub(crate) fn any_bytes(bytes: &[u8]) {
    let mut sink = Sink::new(FILE);
    let statement = parse_statement(bytes, &mut sink);
    places_are_in(bytes, &sink.findings);
    if let (Some(statement), true) = (statement, sink.findings.is_empty()) {
        statement_comes_back(&statement.value);
        canonical_is_the_same_letter(bytes, &statement.value);
    }
    let mut sink = Sink::new(FILE);
    let act = parse_act(bytes, &mut sink);
    places_are_in(bytes, &sink.findings);
    if let (Some(act), true) = (act, sink.findings.is_empty()) {
        act_comes_back(&act.value);
    }
    let mut sink = Sink::new(FILE);
    parse_stub(bytes, &mut sink);
    places_are_in(bytes, &sink.findings);
    let mut sink = Sink::new(FILE);
    if let (Ok(text), Some(root)) = (std::str::from_utf8(bytes), parse_tree(bytes, &mut sink)) {
        spans_are_in(text, &root);
    }
}

/// Changes, adds and removes some keys of any text.
pub(crate) fn any_changes(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let value = VALUES.get(bytes.len() % VALUES.len()).copied().unwrap_or_default();
    for path in scalar_paths(text).iter().take(4) {
        only_the_value_changes(text, path, value);
        only_a_key_is_removed(text, path);
    }
    for path in ADDED {
        only_a_key_is_added(text, path, value);
    }
}

/// Every place lies in the text, between characters, and its line and column are those of its first byte.
fn places_are_in(bytes: &[u8], findings: &[Finding]) {
    let text = std::str::from_utf8(bytes);
    for finding in findings {
        for place in std::iter::once(&finding.place).chain(finding.related.iter().map(|(place, _)| place)) {
            let range = place.range();
            assert!(range.start <= range.end && range.end <= bytes.len(), "{finding:?}");
            if let Ok(text) = text {
                assert!(text.is_char_boundary(range.start) && text.is_char_boundary(range.end), "{finding:?}");
                if place.line > 0 {
                    assert_eq!((place.line, place.column), line_and_column(text, range.start), "{finding:?}");
                }
            }
        }
    }
}

/// Lines end with LF; a byte order mark at the start is no character.
fn line_and_column(text: &str, byte: usize) -> (usize, usize) {
    let before = text[..byte].strip_prefix('\u{feff}').unwrap_or(&text[..byte]);
    let column = before.rsplit('\n').next().map_or(0, |rest| rest.chars().count());
    (before.matches('\n').count() + 1, column + 1)
}

/// Every span of a tree lies in the text, and in the span of what it belongs to.
fn spans_are_in(text: &str, node: &Node) {
    let check = |span: &Span| {
        assert!(span.start.byte <= span.end.byte && span.end.byte <= text.len(), "{span:?}");
        assert!(text.is_char_boundary(span.start.byte) && text.is_char_boundary(span.end.byte), "{span:?}");
    };
    check(&node.span);
    match &node.value {
        Value::Scalar(value) => scalar_is_in(&text[node.span.start.byte..node.span.end.byte], value),
        Value::List(items) => items.iter().for_each(|item| spans_are_in(text, item)),
        Value::Map(entries) => entries.iter().for_each(|entry| {
            check(&entry.key_span);
            spans_are_in(text, &entry.node);
        }),
    }
}

/// A text on one line stands in its place as it is, or in quotes; nothing else stands there, no comment either.
fn scalar_is_in(slice: &str, value: &str) {
    let is_quoted = |quote: char| slice.len() > 1 && slice.starts_with(quote) && slice.ends_with(quote);
    let is_itself = slice.trim() == value.trim() || is_quoted('"') || is_quoted('\'');
    // An anchor or a tag is refused, and its place is that of the value.
    let is_refused = slice.starts_with(['&', '!']);
    assert!(is_itself || is_refused || value.is_empty() || slice.contains(['\n', '\r']), "{value:?} is at {slice:?}");
}

/// A letter that is written and read again is the same letter with the same digest.
pub(crate) fn statement_comes_back(statement: &Statement) {
    let yaml = statement_yaml(statement).unwrap();
    let mut sink = Sink::new(FILE);
    let again = parse_statement(yaml.as_bytes(), &mut sink);
    assert!(sink.findings.is_empty(), "{:#?}\n{yaml}", sink.findings);
    let again = again.map(|read| read.value).unwrap_or_default();
    assert_eq!(again, *statement, "\n{yaml}");
    assert_eq!(content_digest(&again.content), content_digest(&statement.content), "\n{yaml}");
}

/// A letter that says something has a canonical form; that is the same letter, and its own canonical form.
pub(crate) fn canonical_is_the_same_letter(bytes: &[u8], statement: &Statement) -> Option<String> {
    if *statement == Statement::default() || statement.redacted.is_some() {
        return None;
    }
    let shown = String::from_utf8_lossy(bytes);
    let formed = canonical(bytes, FILE).unwrap_or_else(|error| panic!("{error:?}\n{shown}"));
    let again = parse_statement(formed.as_bytes(), &mut Sink::new(FILE)).map(|read| read.value).unwrap_or_default();
    assert_eq!(content_digest(&again.content), content_digest(&statement.content), "\n{shown}\n{formed}");
    let twice = canonical(formed.as_bytes(), FILE).unwrap_or_else(|error| panic!("{error:?}\n{formed}"));
    assert_eq!(twice, formed, "\n{shown}");
    Some(formed)
}

/// Comments and blank lines are put into a letter where it stays the same letter, and all of the former are in its canonical
/// form.
pub(crate) fn comments_are_kept(text: &str, statement: &Statement, planted: &[(usize, usize, bool)]) {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let mut kept = Vec::new();
    for (number, (at, indent, is_alone)) in planted.iter().enumerate() {
        let (at, mut changed) = (at % lines.len(), lines.clone());
        let comment = format!("# note {number};");
        match is_alone {
            true => changed.splice(at..at, [String::new(), format!("{}{comment}", " ".repeat(*indent))]).for_each(drop),
            false => changed[at] = format!("{}{}{comment}", changed[at], " ".repeat(indent + 1)),
        }
        let mut sink = Sink::new(FILE);
        let read = parse_statement((changed.join("\n") + "\n").as_bytes(), &mut sink);
        if sink.findings.is_empty() && read.is_some_and(|read| read.value == *statement) {
            lines = changed;
            kept.push(comment);
        }
    }
    let text = lines.join("\n") + "\n";
    if let Some(formed) = canonical_is_the_same_letter(text.as_bytes(), statement) {
        for comment in kept {
            assert_eq!(formed.matches(&comment).count(), 1, "{comment} in\n{text}\n{formed}");
        }
    }
}

/// An act that is written and read again is the same act.
pub(crate) fn act_comes_back(act: &Act) {
    let yaml = act_yaml(act).unwrap();
    let mut sink = Sink::new(FILE);
    let again = parse_act(yaml.as_bytes(), &mut sink);
    assert!(sink.findings.is_empty(), "{:#?}\n{yaml}", sink.findings);
    assert_eq!(again.map(|read| read.value).as_ref(), Some(act), "\n{yaml}");
}

/// The paths of keys, at the top and one level below, whose values are scalars.
pub(crate) fn scalar_paths(text: &str) -> Vec<String> {
    let Some(root) = parse_tree(text.as_bytes(), &mut Sink::new(FILE)) else { return Vec::new() };
    let mut paths = Vec::new();
    collect(&root, "", &mut paths);
    paths
}

fn collect(node: &Node, above: &str, paths: &mut Vec<String>) {
    let Value::Map(entries) = &node.value else { return };
    for entry in entries.iter().filter(|entry| !entry.key.contains('.')) {
        let path = if above.is_empty() { entry.key.clone() } else { format!("{above}.{}", entry.key) };
        match &entry.node.value {
            Value::Scalar(_) => paths.push(path),
            Value::Map(_) => collect(&entry.node, &path, paths),
            Value::List(_) => {}
        }
    }
}

/// Sets a key to a value: only the value's own bytes change, or nothing does. Tells whether it was set.
///
/// Blanks beside the value may change, and the sign of block text does; a comment between key and value stays.
pub(crate) fn only_the_value_changes(text: &str, path: &str, value: &str) -> bool {
    let Some(before) = parse_tree(text.as_bytes(), &mut Sink::new(FILE)) else { return false };
    let Ok(edited) = splice(text, &[Splice { path: path.to_owned(), value: Some(value.to_owned()) }]) else {
        return false;
    };
    let Some(entry) = entry_at(&before, path) else { return false };
    let (key, span) = (entry.key_span.end.byte, entry.node.span);
    let behind = if span.start.byte < span.end.byte {
        &text[span.end.byte..]
    } else {
        // Nothing stands there, or the sign of block text without a text.
        let (gap, behind) = text[key..].split_once(':').unwrap_or_default();
        if gap.contains('#') {
            return true;
        }
        let behind = behind.trim_start();
        if behind.starts_with(['|', '>']) {
            behind.trim_start_matches(|c: char| "|>-+0123456789".contains(c))
        } else {
            behind
        }
    };
    let (head, tail) = (&text[..key], behind.trim());
    let between = if span.start.byte < span.end.byte { &text[key..span.start.byte] } else { "" };
    let mut comments = between.lines().filter_map(|line| line.find('#').map(|at| line[at..].trim()));
    let told =
        || format!("{path} in {text:?}, the value is at {:?}, edited: {edited:?}", (span.start.byte, span.end.byte));
    assert!(edited.starts_with(head), "{}", told());
    let rest = edited[key..].trim_end().strip_suffix(tail);
    assert!(rest.is_some_and(|rest| comments.all(|comment| rest.contains(comment))), "{}", told());
    true
}

fn entry_at<'n>(root: &'n Node, path: &str) -> Option<&'n Entry> {
    match path.rsplit_once('.') {
        Some((parent, key)) => root.at(parent)?.entry(key),
        None => root.entry(path),
    }
}

/// Adds a key that is not there: every byte of the text stays, or nothing is added. Tells whether it was added.
pub(crate) fn only_a_key_is_added(text: &str, path: &str, value: &str) -> bool {
    let Some(before) = parse_tree(text.as_bytes(), &mut Sink::new(FILE)) else { return false };
    let parent = path.rsplit_once('.').and_then(|(parent, _)| before.at(parent));
    if before.at(path).is_some() || parent.is_some_and(Node::is_empty) {
        return false;
    }
    let Ok(edited) = splice(text, &[Splice { path: path.to_owned(), value: Some(value.to_owned()) }]) else {
        return false;
    };
    let (start, end) = changed(text, &edited);
    assert!(start == end, "{:?} is gone from {text:?}, edited: {edited:?}", &text[start..end]);
    true
}

/// Takes a key out: only its own lines go, or nothing does. Tells whether it was taken out.
pub(crate) fn only_a_key_is_removed(text: &str, path: &str) -> bool {
    let Some(before) = parse_tree(text.as_bytes(), &mut Sink::new(FILE)) else { return false };
    let Ok(edited) = splice(text, &[Splice { path: path.to_owned(), value: None }]) else { return false };
    let Some(span) = before.at(path).map(|node| node.span) else { return false };
    let (start, end) = changed(&edited, text);
    assert!(start == end, "{:?} is new in {edited:?}", &edited[start..end]);
    let key = entry_at(&before, path);
    let first = key.map_or(0, |entry| text[..entry.key_span.start.byte].rfind(['\n', '\r']).map_or(0, |at| at + 1));
    let last = text[span.end.byte..].find('\n').map_or(text.len(), |at| span.end.byte + at + 1);
    assert!(text.len() - edited.len() <= last - first, "{path} in {text:?}, edited: {edited:?}");
    true
}

/// The bytes of a text that another one does not have: what is between their common beginning and end.
fn changed(text: &str, edited: &str) -> (usize, usize) {
    let start = text
        .char_indices()
        .zip(edited.chars())
        .find(|((_, a), b)| a != b)
        .map_or(text.len().min(edited.len()), |((at, _), _)| at);
    let tail = |text: &str| text[start..].to_owned();
    let (old, new) = (tail(text), tail(edited));
    let same: usize =
        old.chars().rev().zip(new.chars().rev()).take_while(|(a, b)| a == b).map(|(c, _)| c.len_utf8()).sum();
    (start, text.len() - same)
}
