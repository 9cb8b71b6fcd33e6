//! How faults of YAML are told, each with the next step.

use super::MAX_DEPTH;
use crate::findings::{Code, Finding, Place};
use crate::shape::{Position, Span};

/// What the parser could not read; where a list or mapping in brackets is open, with the place where that was opened.
pub(super) fn syntax(info: &str, open: Option<(Place, char)>) -> Finding {
    if info.contains("recursion limit") {
        return too_deep();
    }
    let finding = Finding::plain(Code::YamlSyntax, format!("this is no YAML: {info}"));
    match open {
        None => {
            finding.help("mend the line; a text that begins with a sign, or has `: ` or ` #` in it, stands in quotes")
        }
        Some((place, sign)) => {
            let closing = if sign == '{' { '}' } else { ']' };
            finding
                .with(place, format!("`{sign}` was opened here"))
                .help(format!("write the `{closing}` that is missing, or put a text with `{sign}` in quotes"))
        }
    }
}

/// Nesting beyond the limit, the parser's or ours.
pub(super) fn too_deep() -> Finding {
    let finding = Finding::plain(Code::TooDeep, format!("values are nested deeper than {MAX_DEPTH} levels here"));
    finding.help("write the values flat, as docs/format.md shows; no key of a record is nested so deep")
}

/// A feature of YAML that a record does without.
pub(super) fn feature(what: &str) -> Finding {
    Finding::plain(Code::YamlFeature, format!("{what} stands here; a record uses none")).help("write the value out")
}

/// The place of a byte in a text that is not UTF-8 from there on.
pub(super) fn span_of_bytes(bytes: &[u8], at: usize) -> Span {
    let before = String::from_utf8_lossy(bytes.get(..at).unwrap_or_default());
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().map_or(0, |rest| rest.chars().count()) + 1;
    let position = Position { byte: at, line, column };
    Span { start: position, end: position }
}
