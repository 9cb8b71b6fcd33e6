//! What the commands that show or make messages share.

use crate::check::Whole;
use crate::domain::{FileFact, StatementName};
use crate::mail::Prepared;
use crate::store::{Record, StoreError, inspect};

/// The files of a letter's folder with their bytes.
pub(crate) fn letter_files(record: &Record<'_>, name: &StatementName) -> Result<Vec<(FileFact, Vec<u8>)>, StoreError> {
    let mut files = Vec::new();
    for fact in record.facts(name)? {
        if let Some(bytes) = record.beside(name, &fact.name)? {
            files.push((inspect(&fact.name, &bytes), bytes));
        }
    }
    Ok(files)
}

/// A letter with all that its message is made of.
pub(crate) fn prepared<'a>(
    whole: &'a Whole<'_, '_>,
    letter: &'a crate::record::Letter,
    files: &'a [(FileFact, Vec<u8>)],
) -> Prepared<'a> {
    Prepared {
        letter,
        corpus: &whole.corpus,
        directory: &whole.record.directory,
        settings: &whole.record.settings,
        files,
    }
}
