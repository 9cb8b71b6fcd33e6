//! Whether editors are told the form of the record's files as this program reads them.

use std::path::Path;

use super::{Answer, Scene};
use crate::cli::commands::schema::{file_name, file_text};
use crate::schema::Kind;

/// Where a record keeps the schemas, below its root.
const FOLDER: &str = ".schema";

/// Nothing, where the record keeps no schemas.
pub(super) fn schemas(scene: &Scene<'_>) -> anyhow::Result<Option<Answer>> {
    let folder = scene.desk.tree.root().join(FOLDER);
    if !folder.is_dir() {
        return Ok(None);
    }
    let mut other = Vec::new();
    for kind in Kind::ALL {
        if !is_same(&folder.join(file_name(kind)), &file_text(kind)?) {
            other.push(format!("{FOLDER}/{}", file_name(kind)));
        }
    }
    Ok(Some(if other.is_empty() {
        Answer::ok("editors", format!("{FOLDER} tells them what this program reads"))
    } else {
        let told = format!("not what this program reads: {}", super::some(&other, 3));
        Answer::warning("editors", told)
            .mend(format!("liaison schema --out {FOLDER}   at the record's root; commit it"))
    }))
}

/// Whether a file holds a text; how its lines end is git's own matter.
fn is_same(path: &Path, text: &str) -> bool {
    std::fs::read_to_string(path).is_ok_and(|found| found.replace("\r\n", "\n") == text)
}
