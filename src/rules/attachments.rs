//! Rules about attachments as the letter lists them: what they name, how they are called, how large they are.

use super::Case;
use super::files::{Named, attachments, named};
use crate::domain::file::name_fault;
use crate::domain::text::quote;
use crate::domain::{Attachment, FileFact};
use crate::findings::{Code, Finding, Place};
use crate::record::files_named;
use crate::shape::{Node, Value};

/// An attachment is a file or an address (LS-50).
pub(super) fn attachment_empty(case: &Case<'_>) -> Vec<Finding> {
    let statement = &case.letter.statement;
    let says = |index: usize, key: &str| statement.mentions_in_item("attachments", index, key);
    let empty = (0..case.content().attachments.len()).filter(|index| !says(*index, "file") && !says(*index, "url"));
    let finding = |index: usize| {
        let finding = case.finding(Code::AttachmentEmpty, "the attachment has neither `file` nor `url`");
        finding.at(statement.place_item("attachments", index)).help(format!(
            "put the file into {}/ and name it as `file`, or give its address as `url`",
            case.letter.name.stem()
        ))
    };
    empty.map(finding).collect()
}

/// An attachment is a file or an address, not both (LS-50).
pub(super) fn attachment_both(case: &Case<'_>) -> Vec<Finding> {
    let finding = |(index, attachment): (usize, &Attachment)| {
        let (file, url) = (attachment.file.as_ref()?, attachment.url.as_ref()?);
        let statement = &case.letter.statement;
        let finding = case
            .finding(
                Code::AttachmentBoth,
                format!(
                    "the attachment is both the file {} and the address {}",
                    quote(file.as_str()),
                    quote(url.as_str())
                ),
            )
            .at(statement.place_in_item("attachments", index, "url"))
            .with(statement.place_in_item("attachments", index, "file"), "the file");
        Some(finding.help("keep one of them, or make two attachments"))
    };
    case.content().attachments.iter().enumerate().filter_map(finding).collect()
}

/// A name is plain, and no two names are one on systems that fold case (digest 1.2).
pub(super) fn attachment_name(case: &Case<'_>) -> Vec<Finding> {
    let files = named(case);
    let mut findings = Vec::new();
    for (index, file) in files.iter().enumerate() {
        let finding = |message: String| case.finding(Code::AttachmentName, message).at(file.place.clone());
        if let Some(fault) = name_fault(file.name) {
            let help = "rename the file with `git mv`, such as `ech-profile.pdf`, and keep its old name in `title`";
            findings.push(finding(format!("the name {} {fault}", quote(file.name))).help(help));
        }
        let twin = files
            .iter()
            .take(index)
            .find(|other| other.name.eq_ignore_ascii_case(file.name) && !(file.is_original && other.name == file.name));
        if let Some(twin) = twin {
            let message = if twin.name == file.name {
                format!("the file {} is attached twice", quote(file.name))
            } else {
                format!("the names {} and {} differ only by case", quote(twin.name), quote(file.name))
            };
            findings.push(
                finding(message).with(twin.place.clone(), "first here").help("rename one of them, or take it out"),
            );
        }
    }
    findings
}

/// Every file of the folder is named by the letter, or is the record's own (digest 1.1).
pub(super) fn attachment_unlisted(case: &Case<'_>) -> Vec<Finding> {
    let root = &case.letter.statement.root;
    let mut names: Vec<String> =
        root.at("attachments").map_or(&[][..], Node::items).iter().filter_map(file_of).collect();
    names.extend(root.at("original").and_then(file_of));
    names.extend(files_named(case.letter));
    let finding = |fact: &FileFact| {
        if names.contains(&fact.name) {
            return None;
        }
        let place = Place::file(format!("{}/{}", case.letter.name.stem(), fact.name));
        Some(if fact.is_link {
            case.finding(Code::Symlink, "this is a link to elsewhere, not a file")
                .at(place)
                .help("put the file itself here")
        } else {
            case.finding(Code::AttachmentUnlisted, format!("the letter names no file {}", quote(&fact.name)))
                .at(place)
                .with(case.letter.statement.place("attachments"), "`attachments` does not name it")
                .help(if case.letter.name.is_draft() {
                    format!("`liaison edit {}` and add `{{file: {}}}`, or remove the file", case.id(), fact.name)
                } else {
                    "the letter is frozen and names its files; remove this one".to_owned()
                })
        })
    };
    case.files.iter().filter_map(finding).collect()
}

/// The file that an item names, well-formed or not.
fn file_of(item: &Node) -> Option<String> {
    match &item.at("file")?.value {
        Value::Scalar(text) => Some(text.trim().to_owned()),
        Value::List(_) | Value::Map(_) => None,
    }
}

/// Attachments have a limit, each and together (format, `[limits]`).
pub(super) fn attachment_large(case: &Case<'_>) -> Vec<Finding> {
    let limits = &case.settings.limits;
    let finding = |file: &Named<'_>| {
        let size = file.fact.map(|fact| fact.size).filter(|size| *size > limits.attachment)?;
        let message = format!("{} has {size} bytes, allowed are {}", quote(file.name), limits.attachment);
        Some(case.finding(Code::AttachmentLarge, message).at(file.place.clone()).help(
            "put it where it can be fetched and attach `{url: …, sha256: …}`, or raise `attachment` under [limits] in liaison.toml",
        ))
    };
    let mut findings: Vec<Finding> = named(case).iter().filter_map(finding).collect();
    let sum: u64 = attachments(case).iter().filter_map(|file| file.fact).map(|fact| fact.size).sum();
    if sum > limits.statement {
        let message = format!("the attachments have {sum} bytes together, allowed are {}", limits.statement);
        let finding = case.finding(Code::AttachmentLarge, message).at(case.letter.statement.place("attachments"));
        findings.push(finding.help(
            "put the largest where it can be fetched and attach `{url: …, sha256: …}`, or raise `statement` under [limits] in liaison.toml",
        ));
    }
    findings
}
