//! Hints: eight hexadecimal digits a field, which name what changed since an approval (docs/digest.md, section 1.5).

use std::collections::BTreeMap;

use super::content::content_lines;
use crate::domain::{Content, Digest};

/// The hints of a content, in the order of its fields: `title=d8a2c786 body=…`.
pub fn hints(content: &Content) -> String {
    let hint = |unit: super::lines::Unit| format!("{}={}", unit.name, Digest::of(unit.lines.as_bytes()).short(8));
    content_lines(content).units.into_iter().map(hint).collect::<Vec<_>>().join(" ")
}

/// The fields in which a content differs from the one that was hinted at, in the order of the format.
pub fn changed_fields(before: &str, content: &Content) -> Vec<String> {
    let now = hints(content);
    let pairs = |text: &str| -> Vec<(String, String)> {
        text.split_whitespace()
            .filter_map(|pair| pair.split_once('='))
            .map(|(name, hint)| (name.to_owned(), hint.to_owned()))
            .collect()
    };
    let old: BTreeMap<String, String> = pairs(before).into_iter().collect();
    let new = pairs(&now);
    let mut changed: Vec<String> =
        new.iter().filter(|(name, hint)| old.get(name) != Some(hint)).map(|(name, _)| name.clone()).collect();
    changed.extend(
        pairs(before).into_iter().map(|(name, _)| name).filter(|name| !new.iter().any(|(known, _)| known == name)),
    );
    changed
}
