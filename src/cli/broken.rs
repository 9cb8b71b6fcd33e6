//! A file of the directory that cannot be read is missing everywhere: whoever is refused for that is told which file it is.

use super::context::Context;
use super::desk::Desk;
use super::exit::Refusal;
use crate::findings::{Finding, Severity};
use crate::store::Record;
use crate::store::layout::{Slot, classify};

/// Adds to a refusal which file of the directory cannot be read, if there is one.
pub(crate) fn with_broken_file(ctx: &Context, mut error: anyhow::Error) -> anyhow::Error {
    let Some(refusal) = error.downcast_mut::<Refusal>() else { return error };
    let Ok(desk) = Desk::open(ctx) else { return error };
    let Ok(record) = desk.any_record() else { return error };
    if let Some(finding) = unreadable(&record)
        && !refusal.message.contains(&finding.place.file)
    {
        let (place, file, message) = (&finding.place, &finding.place.file, &finding.message);
        let help = format!(
            "{place} cannot be read, and that may be why: {message}; mend {file} first, liaison check tells how"
        );
        refusal.help.insert(0, help);
    }
    error
}

/// The first fault of a file that gave no group, person or list.
fn unreadable<'r>(record: &'r Record<'_>) -> Option<&'r Finding> {
    let directory = &record.directory;
    let is_lost = |finding: &&Finding| {
        let slot = classify(&finding.place.file);
        matches!(&slot, Slot::Group(name) if !directory.groups.contains_key(name))
            || matches!(&slot, Slot::Person(name) if !directory.people.contains_key(name))
            || matches!(&slot, Slot::List(name) if !directory.lists.contains_key(name))
    };
    record.findings.iter().filter(|finding| finding.severity == Severity::Error).find(is_lost)
}
