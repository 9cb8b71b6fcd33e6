//! A spanned tree from TOML: the same shape as YAML's, so that one reader reports all faults with their places.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::findings::{Code, Finding};
use crate::shape::{Entry, LineIndex, Node, Sink, Span, Value};

/// Reads TOML; all faults of its syntax go to the sink.
pub fn parse_toml(bytes: &[u8], sink: &mut Sink<'_>) -> Option<Node> {
    let Ok(text) = std::str::from_utf8(bytes) else {
        sink.push(
            Finding::plain(Code::NotUtf8, "the file is not UTF-8 text").help("save the file as UTF-8"),
            Span::default(),
        );
        return None;
    };
    let lines = LineIndex::new(text);
    let (table, errors) = DeTable::parse_recoverable(text);
    for error in &errors {
        let span = error.span().map_or_else(Span::default, |range| lines.span(range.start, range.end));
        let message = if text.contains("\n<<<<<<< ") || text.starts_with("<<<<<<< ") {
            "a merge conflict is not resolved in this file".to_owned()
        } else {
            error.message().replace('\n', "; ")
        };
        let finding = Finding::plain(Code::TomlSyntax, format!("this is no TOML: {message}"));
        sink.push(finding.help("mend the line: `key = value`, texts in quotes, lists in brackets"), span);
    }
    errors.is_empty().then(|| map_node(table.get_ref(), lines.span(table.span().start, table.span().end), &lines))
}

fn map_node(table: &DeTable<'_>, span: Span, lines: &LineIndex<'_>) -> Node {
    let mut entries: Vec<Entry> = table
        .iter()
        .map(|(key, value)| Entry {
            key: key.get_ref().to_string(),
            key_span: lines.span(key.span().start, key.span().end),
            node: node(value, lines),
        })
        .collect();
    entries.sort_by_key(|entry| entry.key_span.start.byte);
    Node { value: Value::Map(entries), span }
}

fn node(value: &Spanned<DeValue<'_>>, lines: &LineIndex<'_>) -> Node {
    let span = lines.span(value.span().start, value.span().end);
    let scalar = |text: String| Node { value: Value::Scalar(text), span };
    match value.get_ref() {
        DeValue::String(text) => scalar(text.to_string()),
        DeValue::Integer(number) => scalar(number.to_string()),
        DeValue::Float(number) => scalar(number.to_string()),
        DeValue::Boolean(flag) => scalar(flag.to_string()),
        DeValue::Datetime(moment) => scalar(moment.to_string()),
        DeValue::Array(items) => {
            Node { value: Value::List(items.iter().map(|item| node(item, lines)).collect()), span }
        }
        DeValue::Table(table) => map_node(table, span, lines),
    }
}
