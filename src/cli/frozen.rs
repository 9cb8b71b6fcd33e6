//! What a branch does to files that are written once: the audit would condemn it once it is merged.

use std::collections::BTreeSet;

use crate::domain::StatementName;
use crate::findings::{Code, Finding, Place, Severity};
use crate::policy::is_told;
use crate::record::{files_named, parse_stub, redacted_files};
use crate::shape::Sink;
use crate::store::layout::{Slot, classify};
use crate::store::{Files, Record, StoreError};

/// Reports numbered letters, files beside them and acts that a branch changes or takes away.
///
/// # Errors
/// Returns [`StoreError`] when a file cannot be read.
pub(crate) fn touched(
    (went_on, before): (&str, &Record<'_>),
    now: &dyn Files,
    changed: &BTreeSet<String>,
) -> Result<Vec<Finding>, StoreError> {
    let mut findings = Vec::new();
    for path in changed {
        let Some(was) = before.files().read(path)? else { continue };
        let is = now.read(path)?;
        if is.as_ref() == Some(&was) {
            continue;
        }
        let (code, what) = match classify(path) {
            Slot::Act(name, file) if !went_along(before, now, &name, &file, &was)? => {
                (Code::ActChanged, "an act, which is written once,")
            }
            Slot::TrustAct => (Code::ActChanged, "an act, which is written once,"),
            Slot::Letter(name) | Slot::Beside(name, _) if is_frozen(before, now, &name, path)? => {
                let code = if is.is_some() { Code::FrozenFileEdited } else { Code::FrozenFileRemoved };
                (code, "a file of a numbered letter,")
            }
            Slot::Letter(_)
            | Slot::Beside(..)
            | Slot::Act(..)
            | Slot::Group(_)
            | Slot::Person(_)
            | Slot::List(_)
            | Slot::PostingRights
            | Slot::Root
            | Slot::FormerRoot(_)
            | Slot::Silent
            | Slot::Wrong(..)
            | Slot::Stray => continue,
        };
        let how = if is.is_some() { "is changed" } else { "is taken away" };
        let message = format!("{path}, {what} {how} by this branch");
        let help = format!("bring it back as it was: git checkout {went_on} -- {path}");
        findings.push(Finding::plain(code, message).at(Place::file(path)).help(help));
    }
    Ok(findings)
}

/// What nothing tells of may be taken out again, and is an error until then.
pub(crate) fn weigh(findings: &mut [Finding], changed: &BTreeSet<String>) {
    let is_nobodys = |finding: &Finding| {
        let is_numbered = classify(&finding.place.file).letter().is_some_and(|name| !name.is_draft());
        [Code::ReceiptMissing, Code::AttachmentUnlisted].contains(&finding.code)
            && is_numbered
            && changed.contains(&finding.place.file)
    };
    for finding in findings.iter_mut().filter(|finding| is_nobodys(finding)) {
        finding.severity = Severity::Error;
    }
}

/// Whether a draft's act is with its letter, which was numbered.
fn went_along(
    before: &Record<'_>,
    now: &dyn Files,
    name: &StatementName,
    file: &str,
    was: &[u8],
) -> Result<bool, StoreError> {
    let StatementName::Draft(slug) = name else { return Ok(false) };
    let Some(bytes) = now.read(&name.path())? else { return Ok(false) };
    let stub = parse_stub(&bytes, &mut Sink::new(&name.path()));
    let Some(stub) = stub.filter(|_| before.stub(slug).is_ok()) else { return Ok(false) };
    let number = StatementName::Numbered(stub.value.became.clone());
    Ok(now.read(&format!("{}/acts/{file}", number.stem()))?.as_deref() == Some(was))
}

/// Whether a file under a number was the record's, and no act of the branch says that a law removed it.
fn is_frozen(before: &Record<'_>, now: &dyn Files, name: &StatementName, path: &str) -> Result<bool, StoreError> {
    if name.is_draft() {
        return Ok(false);
    }
    let Some(letter) = before.letter(name)? else { return Ok(true) };
    let file = path.strip_prefix(&format!("{}/", name.stem()));
    let was_told = match file {
        None => is_told(&letter),
        Some(file) => files_named(&letter).iter().any(|named| named == file),
    };
    let file = file.map_or_else(|| format!("{name}.yaml"), str::to_owned);
    let present = Record::open(now)?;
    let acts = present.letter(name)?.map(|letter| letter.acts).unwrap_or_default();
    let redacted = acts.iter().filter_map(|act| redacted_files(&act.value)).flatten().any(|one| one.file == file);
    Ok(was_told && !redacted)
}
