//! What a branch does against the rules of its base, whatever its own rules say.

use std::collections::BTreeSet;

use crate::check::Whole;
use crate::domain::{Instant, StatementName};
use crate::findings::{Code, Finding, Place};
use crate::history::Revision;
use crate::record::parse_stub;
use crate::shape::Sink;
use crate::store::layout::classify;
use crate::store::{Files, StoreError};

/// Findings on a branch's letters by the base's directory and settings that no setting may lower and that the branch's own rules do
/// not give: approval, authority, signatures, what is frozen.
pub(super) fn by_the_base(
    judged: &Whole<'_, '_>,
    own: &[Finding],
    letters: &BTreeSet<StatementName>,
    now: Instant,
) -> Result<Vec<Finding>, StoreError> {
    let is_new = |finding: &Finding| {
        let same = |other: &Finding| other.code == finding.code && other.place.file == finding.place.file;
        !finding.code.may_be_lowered() && !own.iter().any(same)
    };
    let is_about =
        |finding: &Finding| classify(&finding.place.file).letter().is_some_and(|letter| letters.contains(&letter));
    let mut findings = judged.check(now)?;
    findings.retain(|finding| is_new(finding) && is_about(finding));
    Ok(findings)
}

/// Drafts that the branch edits and the base has numbered: what was sent stays as it was sent.
pub(super) fn frozen_drafts(
    mainline: &dyn Files,
    branch: &dyn Files,
    before: &Revision,
    letters: &BTreeSet<StatementName>,
) -> Result<Vec<Finding>, StoreError> {
    let mut findings = Vec::new();
    for name in letters.iter().filter(|name| name.is_draft()) {
        let path = name.path();
        let Some(bytes) = mainline.read(&path)? else { continue };
        let Some(stub) = parse_stub(&bytes, &mut Sink::new(&path)) else { continue };
        let (here, was) = (branch.read(&path)?, before.read(&path)?);
        if here.as_ref() == Some(&bytes) || here == was {
            continue;
        }
        let number = &stub.value.became;
        let message = format!("{name} became {number} meanwhile, and this branch edits the draft");
        let help = format!(
            "what was sent stays as it is; a new text is a new letter that `revises` {number}; take the edit out: git checkout {} -- {path}",
            before.commit
        );
        findings.push(Finding::plain(Code::FrozenContentChanged, message).at(Place::file(&path)).help(help));
    }
    Ok(findings)
}
