//! Lines `path: value`, grouped into units whose change has one name.

use std::fmt::{Display, Write as _};

/// The lines of one unit: a field, or a group of fields that change together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Unit {
    pub(super) name: &'static str,
    pub(super) lines: String,
}

/// Collects units in the order of the specification.
#[derive(Debug, Default)]
pub(super) struct Lines {
    pub(super) units: Vec<Unit>,
}

impl Lines {
    /// One value, or none.
    pub(super) fn value(&mut self, path: &'static str, value: Option<impl Display>) {
        self.values(path, value);
    }

    /// Values of a list, a line each.
    pub(super) fn values<T: Display>(&mut self, path: &'static str, values: impl IntoIterator<Item = T>) {
        self.unit(path, |lines| values.into_iter().for_each(|value| line(lines, path, value)));
    }

    /// A unit written by `write`; left out when it stays empty.
    pub(super) fn unit(&mut self, name: &'static str, write: impl FnOnce(&mut String)) {
        let mut lines = String::new();
        write(&mut lines);
        if !lines.is_empty() {
            self.units.push(Unit { name, lines });
        }
    }
}

/// One line `path: value`.
pub(super) fn line(lines: &mut String, path: &str, value: impl Display) {
    lines.push_str(path);
    // Writing into a string never fails.
    let _ = writeln!(lines, ": {value}");
}

/// One line `path: value`, if there is a value.
pub(super) fn maybe(lines: &mut String, path: &str, value: Option<impl Display>) {
    if let Some(value) = value {
        line(lines, path, value);
    }
}

/// A bare path: an empty line of a text, or the start of an item.
pub(super) fn bare(lines: &mut String, path: &str) {
    lines.push_str(path);
    lines.push_str(":\n");
}

/// The lines of a text, an empty one as a bare path.
pub(super) fn text<'t>(lines: &mut String, path: &str, text: impl Iterator<Item = &'t str>) {
    for part in text {
        if part.is_empty() { bare(lines, path) } else { line(lines, path, part) }
    }
}
