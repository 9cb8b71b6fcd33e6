//! The strict shape of an act, and its text in files.

use super::tree::parse_tree;
use crate::domain::text::is_word;
use crate::domain::{Act, ActKind, Detail, Details, Malformed, Text};
use crate::findings::{Code, Finding};
use crate::shape::{Entry, Fields, Located, Node, Sink, Value};

/// Reads an act; everything wrong with its form goes to the sink.
pub fn parse_act(bytes: &[u8], sink: &mut Sink<'_>) -> Option<Located<Act>> {
    let root = parse_tree(bytes, sink)?;
    let mut fields = Fields::of(&root, "an act", sink)?;
    let kind = fields.scalar("act", sink, |text| match ActKind::parse(text.trim()) {
        Some(kind) => Ok(Some(kind)),
        None => {
            Err(Malformed::new(text, "the word of an act, such as `approve` or `receive`; docs/format.md lists them"))
        }
    });
    let by = fields.word("by", sink);
    let at = fields.instant("at", sink);
    for key in ["act", "by", "at"] {
        fields.require(key, sink);
    }
    let (Some(kind), Some(by), Some(at)) = (kind, by, at) else { return None };
    let mut act = Act::new(kind, by, at);
    act.role = fields.word("role", sink);
    act.of = fields.word("of", sink);
    act.for_groups = fields.words("for", sink);
    act.content = fields.digest("content", sink);
    act.preview = fields.digest("preview", sink);
    act.revokes = fields.digest("revokes", sink);
    act.recorded_by = fields.word("recorded-by", sink);
    act.evidence = fields.line("evidence", sink);
    act.fields = fields.line("fields", sink);
    act.signature = Some(fields.text("signature", sink)).filter(|text| !text.is_empty());
    printable(&act, &fields, sink);
    act.details = details(kind, &fields, sink);
    Some(Located { value: act, file: sink.file.to_owned(), root })
}

/// Values of the act text hold no spaces and no non-ASCII characters (digest.md, section 2).
fn printable(act: &Act, fields: &Fields<'_>, sink: &mut Sink<'_>) {
    if let Some(evidence) = act.evidence.as_ref().filter(|line| !line.as_str().bytes().all(|b| b.is_ascii_graphic())) {
        sink.push(
            Finding::plain(
                Code::InvalidValue,
                format!(
                    "`evidence`: {}",
                    Malformed::new(evidence.as_str(), "`mid:…` or an https address, without spaces")
                ),
            ),
            fields.span(),
        );
    }
}

fn details(kind: ActKind, fields: &Fields<'_>, sink: &mut Sink<'_>) -> Details {
    let mut details = Details::new();
    for entry in fields.others() {
        let known = kind.required_details().iter().chain(kind.optional_details()).any(|key| *key == entry.key);
        if known {
            if let Some(detail) = detail(&entry.node, sink).filter(|detail| !detail.is_empty()) {
                details.insert(entry.key.clone(), detail);
            }
        } else {
            sink.push(unknown(kind, entry), entry.key_span);
        }
    }
    for key in kind.required_details() {
        if !details.contains_key(*key) {
            let span = crate::shape::Span { start: fields.span().start, end: fields.span().start };
            sink.push(Finding::plain(Code::MissingKey, format!("an act `{kind}` has no `{key}`")), span);
        }
    }
    details
}

fn unknown(kind: ActKind, entry: &Entry) -> Finding {
    let common = [
        "act",
        "by",
        "role",
        "of",
        "for",
        "at",
        "content",
        "preview",
        "revokes",
        "recorded-by",
        "evidence",
        "fields",
        "signature",
    ];
    let allowed: Vec<&str> =
        common.iter().chain(kind.required_details()).chain(kind.optional_details()).copied().collect();
    Finding::plain(Code::UnknownKey, format!("`{}` is no key of an act `{kind}`", entry.key.escape_debug()))
        .help(format!("allowed: {}", allowed.join(", ")))
}

fn detail(node: &Node, sink: &mut Sink<'_>) -> Option<Detail> {
    match &node.value {
        Value::Scalar(text) => match Text::parse(text) {
            Ok(text) => Some(Detail::Text(text)),
            Err(error) => {
                sink.push(Finding::plain(Code::InvalidValue, error.to_string()), node.span);
                None
            }
        },
        Value::List(items) => Some(Detail::List(
            items.iter().filter(|item| !item.is_empty()).filter_map(|item| detail(item, sink)).collect(),
        )),
        Value::Map(entries) => {
            let mut map = Details::new();
            for entry in entries {
                if !is_word(&entry.key) {
                    sink.push(
                        Finding::plain(Code::InvalidValue, format!("`{}` is no word", entry.key.escape_debug())),
                        entry.key_span,
                    );
                } else if let Some(detail) = detail(&entry.node, sink).filter(|detail| !detail.is_empty()) {
                    map.insert(entry.key.clone(), detail);
                }
            }
            Some(Detail::Map(map))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A detail's keys become paths of the text that is signed, so none may hold what a path may not.
    #[test]
    fn keys_of_details_are_words() {
        for key in ["\"\"", "\" a\"", "\"a\\n\"", "A", "\"a: b\""] {
            let text = format!("act: directory\nby: ada\nat: 2026-11-24T10:00:00Z\nchanges:\n- path: x\n  {key}: y\n");
            let mut sink = Sink::new("x.yaml");
            parse_act(text.as_bytes(), &mut sink);
            let codes: Vec<_> = sink.findings.iter().map(|finding| finding.code).collect();
            assert_eq!(codes, [Code::InvalidValue], "{key}");
        }
    }
}
