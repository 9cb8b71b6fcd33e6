//! The files that a letter names, and the rules that bind them: they are there, and they are the bytes that were named.

use super::Case;
use crate::domain::file::is_path;
use crate::domain::text::quote;
use crate::domain::{Attachment, Digest, FileFact, Line, Media};
use crate::findings::{Code, Finding, Place};

/// A file that the letter names: an attachment, or the original.
pub(super) struct Named<'a> {
    pub(super) name: &'a str,
    pub(super) title: Option<&'a Line>,
    pub(super) fact: Option<&'a FileFact>,
    /// Where the name stands.
    pub(super) place: Place,
    pub(super) is_original: bool,
    sha256: Option<Digest>,
    /// Where the hash stands, or the item without one.
    hash_place: Place,
    mentions_hash: bool,
}

impl Named<'_> {
    /// The file's bytes, unless it is absent or a link.
    pub(super) fn bytes(&self) -> Option<(&FileFact, Digest)> {
        self.fact.and_then(|fact| Some((fact, fact.digest?)))
    }
}

/// The attachments that are files.
pub(super) fn attachments<'a>(case: &Case<'a>) -> Vec<Named<'a>> {
    let statement = &case.letter.statement;
    let named = |(index, attachment): (usize, &'a Attachment)| {
        let name = attachment.file.as_ref()?.as_str();
        Some(Named {
            name,
            title: attachment.title.as_ref(),
            fact: case.files.iter().find(|fact| fact.name == name),
            place: statement.place_in_item("attachments", index, "file"),
            is_original: false,
            sha256: attachment.sha256,
            hash_place: statement.place_in_item("attachments", index, "sha256"),
            mentions_hash: statement.mentions_in_item("attachments", index, "sha256"),
        })
    };
    case.content().attachments.iter().enumerate().filter_map(named).collect()
}

/// The attachments that are files, and the original.
pub(super) fn named<'a>(case: &Case<'a>) -> Vec<Named<'a>> {
    let statement = &case.letter.statement;
    let original = case.content().original.as_ref().and_then(|original| {
        let name = original.file.as_ref()?.as_str();
        Some(Named {
            name,
            title: None,
            fact: case.files.iter().find(|fact| fact.name == name),
            place: statement.place("original.file"),
            is_original: true,
            sha256: original.sha256,
            hash_place: statement.place("original.sha256"),
            mentions_hash: statement.mentions("original.sha256"),
        })
    });
    attachments(case).into_iter().chain(original).collect()
}

/// The files that are named exist, as files (digest 1.1).
pub(super) fn missing(case: &Case<'_>) -> Vec<Finding> {
    let folder = case.letter.name.stem();
    let finding = |file: &Named<'_>| {
        let code = if file.is_original { Code::OriginalMissing } else { Code::AttachmentMissing };
        let (message, help) = match file.fact {
            Some(fact) if fact.is_link => (
                format!("{folder}/{} is a link to elsewhere, not a file", file.name),
                format!("put the file itself into {folder}/"),
            ),
            Some(_) => return None,
            None if is_path(file.name) || case.letter.redacted(file.name).next().is_some() => return None,
            None => {
                let frozen = || {
                    format!(
                        "restore the file that was recorded: `git log -- {folder}/{}` tells when it went",
                        file.name
                    )
                };
                let near = case.files.iter().find(|fact| fact.name.eq_ignore_ascii_case(file.name));
                let help = if case.letter.name.is_draft() {
                    near.map_or_else(
                        || format!("put the file into {folder}/, or `liaison edit {}` and take it out", case.id()),
                        |near| format!("there is {}; `liaison edit {}` and write its name so", near.name, case.id()),
                    )
                } else {
                    frozen()
                };
                (format!("the file {} is not in {folder}/", quote(file.name)), help)
            }
        };
        Some(case.finding(code, message).at(file.place.clone()).help(help))
    };
    let mut findings: Vec<Finding> = named(case).iter().filter_map(finding).collect();
    let statement = &case.letter.statement;
    if statement.mentions("original") && !statement.mentions("original.file") {
        let finding = case.finding(Code::OriginalMissing, "`original` names no `file`").at(statement.place("original"));
        findings.push(finding.help(format!("put the file that came into {folder}/ and name it")));
    }
    findings
}

/// The bytes are those that were named (digest 1.1).
pub(super) fn hash(case: &Case<'_>) -> Vec<Finding> {
    let finding = |file: &Named<'_>| {
        let (fact, found) = file.bytes().filter(|(fact, _)| fact.media != Media::LfsPointer)?;
        let wanted = file.sha256.filter(|wanted| *wanted != found)?;
        let code = if file.is_original { Code::OriginalHash } else { Code::AttachmentHash };
        let path = format!("{}/{}", case.letter.name.stem(), fact.name);
        let help = if case.letter.name.is_draft() {
            format!("if these bytes are meant, `liaison edit {}` and write `sha256: {found}`", case.id())
        } else {
            format!("restore the bytes that were recorded; `git log -- {path}` tells when they changed")
        };
        let message = format!(
            "{} has the digest sha256:{}…, the letter names sha256:{}…",
            quote(file.name),
            found.short(12),
            wanted.short(12)
        );
        let finding = case.finding(code, message).at(file.hash_place.clone());
        Some(finding.with(Place::file(path), "the file").help(help))
    };
    named(case).iter().filter_map(finding).collect()
}

/// A file is bound by its hash (digest 1.1). An address is bound by itself.
pub(super) fn unhashed(case: &Case<'_>) -> Vec<Finding> {
    let finding = |file: &Named<'_>| {
        let (_, found) = file.bytes().filter(|(fact, _)| fact.media != Media::LfsPointer)?;
        if file.mentions_hash {
            return None;
        }
        let code = if file.is_original { Code::OriginalUnhashed } else { Code::AttachmentUnhashed };
        let finding =
            case.finding(code, format!("{} has no `sha256`, so other bytes could take its place", quote(file.name)));
        Some(finding.at(file.hash_place.clone()).help(format!("add `sha256: {found}`")))
    };
    named(case).iter().filter_map(finding).collect()
}
