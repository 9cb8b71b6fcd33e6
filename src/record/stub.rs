//! What a draft leaves behind when it is numbered.

use super::tree::parse_tree;
use crate::domain::{StatementId, StatementName};
use crate::shape::{Fields, Form, Located, Node, Sink};

/// What a draft leaves behind at its path when it is numbered: `became: ls-2026-031`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stub {
    /// The number it became.
    pub became: StatementId,
}

/// Reads a stub, if the file is one; a letter gives nothing and no finding.
pub fn parse_stub(bytes: &[u8], sink: &mut Sink<'_>) -> Option<Located<Stub>> {
    let is_stub = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes).starts_with(b"became:");
    if !is_stub {
        return None;
    }
    let root = parse_tree(bytes, sink)?;
    Located::read(root, sink, stub)
}

pub(super) fn stub(root: &Node, sink: &mut Sink<'_>) -> Option<Stub> {
    let mut fields = Fields::of(root, "a numbered draft's stub", sink)?;
    fields.require("became", sink);
    let became = fields
        .scalar("became", Form::Pattern(StatementId::PATTERN), sink, |text| StatementId::parse(text.trim()).map(Some));
    fields.finish(sink);
    became.map(|became| Stub { became })
}

/// What to type so that a draft's path holds its stub, and nothing else, again.
pub fn stub_again(path: &str, number: &StatementName) -> String {
    format!("what was sent stays: echo 'became: {number}' > {path} && git add {path}")
}
