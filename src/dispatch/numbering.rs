//! The change that moves a draft to its number and leaves the stub (docs/digest.md, section 4).

use crate::domain::{StatementId, StatementName};
use crate::store::{Change, Record, StoreError};

/// What a draft leaves behind at its path.
pub fn stub_text(number: &StatementId) -> String {
    format!("became: {number}\n")
}

/// Moves a draft with its folder to a number: the letter's bytes stay as they are, the stub takes its path.
///
/// # Errors
/// Returns [`StoreError`] when a file cannot be read.
pub fn number_draft(record: &Record<'_>, draft: &StatementName, number: &StatementId) -> Result<Change, StoreError> {
    let target = StatementName::Numbered(number.clone());
    let mut change = Change::default();
    for path in record.paths(draft) {
        let bytes = record.files().read(&path)?.unwrap_or_default();
        let below = path.strip_prefix(&draft.stem()).unwrap_or_default();
        let moved = format!("{}{below}", target.stem());
        change = change.write(moved, bytes);
        if path == draft.path() {
            change = change.write(path, stub_text(number));
        } else {
            change = change.remove(path);
        }
    }
    Ok(change)
}
