//! Files beside a letter that come into the history with other bytes than those that the letter or an act names.

use super::arrival::Arrival;
use super::governance::digest;
use super::ground::Ground;
use super::object::AuditError;
use super::step::{Step, file_at};
use super::tree::Node;
use crate::domain::{Content, Digest, StatementName};
use crate::findings::{Code, Finding, Place, Stage};
use crate::record::{BoundFile, bound_files};

/// A file that the text of a letter names, with the digest that binds it.
#[derive(Debug, Clone)]
pub(super) struct Named {
    /// The letter.
    letter: StatementName,
    /// The file's name in the letter's folder.
    file: String,
    sha256: Digest,
    /// What is wrong where it is another file.
    code: Code,
}

impl Named {
    /// The files that a letter binds: its attachments, and the original of one that was received.
    pub(super) fn of(letter: &StatementName, content: &Content) -> Vec<Self> {
        let code = if content.is_outgoing() { Code::DepartureUnapproved } else { Code::AttachmentHash };
        let attachments = content.attachments.iter().map(|one| (&one.file, one.sha256, code));
        let original = content.original.iter().map(|one| (&one.file, one.sha256, Code::OriginalHash));
        let named = |(file, sha256, code): (&Option<crate::domain::Line>, Option<Digest>, Code)| {
            Some(Self { letter: letter.clone(), file: file.as_ref()?.to_string(), sha256: sha256?, code })
        };
        attachments.chain(original).filter_map(named).collect()
    }
}

/// Judges the files of the letters that take a number with a commit, and the messages of the acts that it brings.
pub(super) fn judge(ground: &Ground<'_>, step: &Step) -> Result<Vec<Finding>, AuditError> {
    let mut findings = Vec::new();
    for named in &step.revisions.named {
        findings.extend(of_letter(ground, step, named)?);
    }
    for arrival in &step.arrivals {
        for bound in bound_files(arrival.value()) {
            findings.extend(of_act(ground, step, arrival, &bound)?);
        }
    }
    Ok(findings)
}

/// What is wrong with a file that a letter names.
fn of_letter(ground: &Ground<'_>, step: &Step, named: &Named) -> Result<Option<Finding>, AuditError> {
    let Named { letter, file, sha256, code } = named;
    if is_there(ground, step, letter, file, Some(*sha256))? {
        return Ok(None);
    }
    let path = format!("{}/{file}", letter.stem());
    let (stage, came, help) = if *code == Code::DepartureUnapproved {
        (Stage::Sent, "left", "find out what was mailed, and who exchanged the file")
    } else {
        (Stage::Received, "came in", "find out what was received, and who exchanged the file")
    };
    let message = format!("{letter} {came}, and its file {file} is not the one that its text names");
    Ok(Some(Finding::new(*code, stage, message).at(Place::file(path)).help(help)))
}

/// What is wrong with a message that an act binds.
fn of_act(
    ground: &Ground<'_>,
    step: &Step,
    arrival: &Arrival,
    bound: &BoundFile,
) -> Result<Option<Finding>, AuditError> {
    let Some(letter) = arrival.letter.as_ref().filter(|letter| !letter.is_draft()) else { return Ok(None) };
    if is_there(ground, step, letter, &bound.file, bound.digest)? {
        return Ok(None);
    }
    let BoundFile { key, file, .. } = bound;
    let told = arrival.told(&step.before);
    let message = format!("{file} of {letter} is not the message that `{key}` in {told} names");
    let finding = Finding::plain(Code::FrozenMessageChanged, message).at(arrival.act.place(key));
    Ok(Some(finding.help("find out what was mailed, and who exchanged the file")))
}

/// Whether the tree has a file beside a letter with these bytes, or an act says that its bytes were removed.
fn is_there(
    ground: &Ground<'_>,
    step: &Step,
    letter: &StatementName,
    file: &str,
    wanted: Option<Digest>,
) -> Result<bool, AuditError> {
    let Some(tree) = step.tree else { return Ok(true) };
    let node = file_at(&ground.shelf, tree, &format!("{}/{file}", letter.stem()))?;
    if node.is_none() {
        let letter = ground.letter(tree, letter, &step.before)?;
        return Ok(letter.is_some_and(|letter| letter.redacted(file).next().is_some()));
    }
    is_of(ground, node, wanted)
}

/// Whether a file has a digest; one that is too large to be read is believed.
fn is_of(ground: &Ground<'_>, node: Option<Node>, wanted: Option<Digest>) -> Result<bool, AuditError> {
    let held = digest(&ground.shelf, node)?;
    Ok(wanted.is_some_and(|wanted| held.is_none_or(|held| held == wanted)))
}
