//! What a branch does to files that are written once: the audit would condemn it once it is merged.

use std::collections::BTreeSet;

use crate::domain::StatementName;
use crate::findings::{Code, Finding, Place, Severity};
use crate::policy::is_told;
use crate::record::{files_named, redacted_files};
use crate::store::layout::{Slot, classify};
use crate::store::{Record, StoreError};

/// Reports numbered letters, files beside them and acts that a branch changes or takes away.
///
/// # Errors
/// Returns [`StoreError`] when a file cannot be read.
pub(crate) fn touched(
    (went_on, before): (&str, &Record<'_>),
    present: &Record<'_>,
    changed: &BTreeSet<String>,
) -> Result<Vec<Finding>, StoreError> {
    let mut findings = Vec::new();
    for path in changed {
        let Some(was) = before.files().read(path)? else { continue };
        let is = present.files().read(path)?;
        if is.as_ref() == Some(&was) {
            continue;
        }
        let Some((code, what)) = broken(before, present, path, (&was, is.is_some()))? else { continue };
        let how = if is.is_some() { "is changed" } else { "is taken away" };
        let message = format!("{path}, {what} {how} by this branch");
        let help = format!("bring it back as it was: git checkout {went_on} -- {path}");
        findings.push(Finding::plain(code, message).at(Place::file(path)).help(help));
    }
    Ok(findings)
}

/// What a file is that should have stayed as it was, if it is one.
fn broken(
    before: &Record<'_>,
    present: &Record<'_>,
    path: &str,
    (was, is_there): (&[u8], bool),
) -> Result<Option<(Code, &'static str)>, StoreError> {
    let slot = classify(path);
    let act = (Code::ActChanged, "an act, which is written once,");
    if slot == Slot::TrustAct {
        return Ok(Some(act));
    }
    if let Slot::Act(name, file) = &slot {
        return Ok((!went_along(present, name, file, was)?).then_some(act));
    }
    let Some(name) = slot.letter() else { return Ok(None) };
    let code = if is_there { Code::FrozenFileEdited } else { Code::FrozenFileRemoved };
    Ok(is_frozen(before, present, &name, path)?.then_some((code, "a file of a numbered letter,")))
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
fn went_along(present: &Record<'_>, name: &StatementName, file: &str, was: &[u8]) -> Result<bool, StoreError> {
    let StatementName::Draft(slug) = name else { return Ok(false) };
    let Some(stub) = present.stub(slug)? else { return Ok(false) };
    let number = StatementName::Numbered(stub.value.became);
    Ok(present.files().read(&format!("{}/acts/{file}", number.stem()))?.as_deref() == Some(was))
}

/// Whether a file under a number was the record's, and no act of the branch says that a law removed it.
fn is_frozen(before: &Record<'_>, present: &Record<'_>, name: &StatementName, path: &str) -> Result<bool, StoreError> {
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
    let acts = present.letter(name)?.map(|letter| letter.acts).unwrap_or_default();
    let redacted = acts.iter().filter_map(|act| redacted_files(&act.value)).flatten().any(|one| one.file == file);
    Ok(was_told && !redacted)
}
