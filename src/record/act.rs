//! The strict shape of an act, and its text in files.

use super::tree::parse_tree;
use crate::domain::text::is_word;
use crate::domain::{Act, ActKind, Detail, Details, Line, Malformed, Text};
use crate::findings::{Code, Finding};
use crate::shape::{Entry, Fields, Form, Located, Mapping, Node, Shape, Sink, Value, draw};

/// Reads an act; everything wrong with its form goes to the sink.
pub fn parse_act(bytes: &[u8], sink: &mut Sink<'_>) -> Option<Located<Act>> {
    let root = parse_tree(bytes, sink)?;
    Located::read(root, sink, act)
}

fn act(root: &Node, sink: &mut Sink<'_>) -> Option<Act> {
    let mut fields = Fields::of(root, "an act", sink)?;
    let kind = fields.scalar("act", Form::Word, sink, |text| match ActKind::parse(text.trim()) {
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
    let (role, of, for_groups) = (fields.word("role", sink), fields.word("of", sink), fields.words("for", sink));
    let (content, preview) = (fields.digest("content", sink), fields.digest("preview", sink));
    let revokes = fields.digest("revokes", sink);
    let recorded_by = fields.word("recorded-by", sink);
    let evidence = fields.scalar("evidence", Form::Token, sink, evidence);
    let hints = fields.line("fields", sink);
    let signature = Some(fields.text("signature", sink)).filter(|text| !text.is_empty());
    let details = kind.map(|kind| details(kind, &fields, sink)).unwrap_or_default();
    fields.end(sink);
    let (kind, by, at) = (kind?, by?, at?);
    let fields = hints;
    Some(Act {
        kind,
        by,
        role,
        of,
        for_groups,
        at,
        content,
        preview,
        revokes,
        recorded_by,
        evidence,
        fields,
        signature,
        details,
    })
}

/// What each kind of act may say: what all may, and its own details.
pub fn act_shapes() -> Vec<(ActKind, Mapping)> {
    let Shape::Mapping(common) = draw(act) else { return Vec::new() };
    let shape_of = |kind: ActKind| {
        let mut shape = common.clone();
        for key in kind.required_details() {
            shape.key(key, Shape::Anything);
            shape.require(key);
        }
        kind.optional_details().iter().for_each(|key| shape.key(key, Shape::Anything));
        (kind, shape)
    };
    ActKind::ALL.iter().map(|kind| shape_of(*kind)).collect()
}

/// Where what proves an act is found: values of the act text hold no spaces and no non-ASCII characters (docs/digest.md).
fn evidence(text: &str) -> Result<Option<Line>, Malformed> {
    match Line::parse(text)? {
        Some(line) if !line.as_str().bytes().all(|b| b.is_ascii_graphic()) => {
            Err(Malformed::new(line.as_str(), "`mid:…` or an https address, without spaces"))
        }
        line => Ok(line),
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
            sink.push(unknown(kind, entry, fields), entry.key_span);
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

fn unknown(kind: ActKind, entry: &Entry, fields: &Fields<'_>) -> Finding {
    let allowed = fields.asked().iter().chain(kind.required_details()).chain(kind.optional_details());
    let allowed = allowed.copied().collect::<Vec<_>>().join(", ");
    Finding::plain(Code::UnknownKey, format!("`{}` is no key of an act `{kind}`", entry.key.escape_debug()))
        .help(format!("allowed: {allowed}"))
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
