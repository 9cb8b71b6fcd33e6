//! Hints: eight hexadecimal digits a field, which name what changed since an approval (docs/digest.md, section 1.5).

use super::content::content_lines;
use super::elsewhere::is_elsewhere;
use crate::domain::{Content, Digest};

/// The hints of a content, in the order of its fields: `title=d8a2c786 body=…`.
pub fn hints(content: &Content) -> String {
    content_lines(content).units.iter().map(|unit| hint(unit.name, &unit.lines)).collect::<Vec<_>>().join(" ")
}

/// The fields in which a content differs from the one that was hinted at, in the order of the format.
pub fn changed_fields(before: &str, content: &Content) -> Vec<String> {
    let before: Vec<(String, String)> = pairs(before).into_iter().filter(|(unit, _)| !is_elsewhere(unit)).collect();
    changed_units(&before, &pairs(&hints(content)))
}

/// One hint: `title=d8a2c786`.
pub(super) fn hint(unit: &str, text: &str) -> String {
    format!("{unit}={}", Digest::of(text.as_bytes()).short(8))
}

/// Hints as units with their digits.
pub(super) fn pairs(hints: &str) -> Vec<(String, String)> {
    let pairs = hints.split_whitespace().filter_map(|pair| pair.split_once('='));
    pairs.map(|(unit, digits)| (unit.to_owned(), digits.to_owned())).collect()
}

/// The units that are new or other than before, then those that are gone.
pub(super) fn changed_units(before: &[(String, String)], now: &[(String, String)]) -> Vec<String> {
    let changed = now.iter().filter(|pair| !before.contains(pair));
    let gone = before.iter().filter(|(unit, _)| !now.iter().any(|(known, _)| known == unit));
    changed.chain(gone).map(|(unit, _)| unit.clone()).collect()
}
