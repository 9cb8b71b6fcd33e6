//! What would be mailed of a letter: where the record's files and the messages made of them meet.

use super::Whole;
use crate::domain::{ActKind, FileFact, Instant, StatementName};
use crate::mail::Prepared;
use crate::policy::Mailing;
use crate::record::Letter;
use crate::store::{Record, StoreError, inspect};

/// The files of a letter's folder with their bytes.
///
/// # Errors
/// Returns [`StoreError`] when a file cannot be read.
pub fn letter_files(record: &Record<'_>, name: &StatementName) -> Result<Vec<(FileFact, Vec<u8>)>, StoreError> {
    let mut files = Vec::new();
    for fact in record.facts(name)? {
        if let Some(bytes) = record.beside(name, &fact.name)? {
            files.push((inspect(&fact.name, &bytes), bytes));
        }
    }
    Ok(files)
}

impl Whole<'_, '_> {
    /// A letter with all that its message is made of, if it leaves on the day of `now`.
    pub fn prepared<'a>(&'a self, letter: &'a Letter, files: &'a [(FileFact, Vec<u8>)], now: Instant) -> Prepared<'a> {
        Prepared {
            letter,
            corpus: &self.corpus,
            directory: &self.record.directory,
            settings: &self.record.settings,
            files,
            day: now.day(),
        }
    }

    /// What would be mailed of a draft now. It is made only where an approval of the present content is judged by it, because
    /// it takes the bytes of all attachments.
    pub(super) fn mailing(&self, letter: &Letter, now: Instant) -> Result<Option<Mailing>, StoreError> {
        let mut approvals = letter.acts_of(ActKind::Approve);
        let is_draft = letter.name.is_draft() && self.taken_as(&letter.name).is_none();
        if !is_draft || !approvals.any(|act| act.value.content == Some(letter.content)) {
            return Ok(None);
        }
        let files = letter_files(self.record, &letter.name)?;
        let prepared = self.prepared(letter, &files, now);
        Ok(Some(Mailing { preview: prepared.preview_digest().ok(), hints: prepared.elsewhere_hints() }))
    }
}
