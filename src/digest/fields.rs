//! The fields of a content with their values, for telling what changed.

use super::content::content_lines;
use crate::domain::Content;

/// A field and its values, in the order of the format: `deadline` and `2026-12-20`; a text's lines are its values.
pub fn fields(content: &Content) -> Vec<(&'static str, Vec<String>)> {
    let values = |name: &str, lines: &str| lines.lines().map(|line| value(name, line)).collect();
    content_lines(content).units.iter().map(|unit| (unit.name, values(unit.name, &unit.lines))).collect()
}

/// What a line says: the value alone where the line is the field's own, else with the part of the field that it is about.
fn value(name: &str, line: &str) -> String {
    let own = line.strip_prefix(name).unwrap_or(line);
    own.strip_prefix(": ").unwrap_or_else(|| own.strip_prefix(':').unwrap_or(own)).trim_start_matches('.').to_owned()
}
