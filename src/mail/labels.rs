//! The labelled block at the head of a letter's text: what a person, and a program without the last part, can read.

use std::fmt::Write as _;

use chrono::NaiveDate;

use super::compose::Open;
use crate::directory::Directory;
use crate::domain::{Content, Line, Link};
use crate::record::Corpus;

/// What the block needs to know beside the content.
pub(super) struct Names<'a> {
    pub(super) directory: &'a Directory,
    pub(super) corpus: &'a Corpus,
    pub(super) day: NaiveDate,
    pub(super) open: &'a Open,
}

/// The block, one label a line; a label without a value is left out.
pub(super) fn labels(content: &Content, names: &Names<'_>) -> String {
    let mut block = String::new();
    let mut label = |name: &str, value: Option<String>| {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            let _ = writeln!(block, "{name}: {value}");
        }
    };
    label("Title", content.title.as_ref().map(ToString::to_string));
    label("Liaison statement", Some(names.open.number.to_string()));
    label("Submission Date", Some(names.open.date.day().to_string()));
    label("From", Some(group_names(&content.from.groups, names)));
    label("From Contacts", Some(list(&content.from.contacts)));
    label("Send Reply To", content.from.send_reply_to.as_ref().map(ToString::to_string));
    label("To", Some(group_names(&content.to.groups, names)));
    label("To Contacts", Some(list(&content.to.contacts)));
    label("Purpose", content.purpose.as_ref().map(crate::domain::Purpose::label));
    label("Please reply by", content.deadline.map(|deadline| format!("{deadline} (anywhere on earth)")));
    label("In Response To", Some(links(&content.in_response_to, names)));
    label("Revises", Some(links(&content.revises, names)));
    label("Consensus", content.consensus.level.as_ref().map(|level| level.as_str().replace('-', " ")));
    label("Consensus Evidence", Some(list(&content.consensus.evidence)));
    label("Meeting", content.meeting.as_ref().map(ToString::to_string));
    label("Work Items", Some(list(&content.work_items)));
    label("Release", content.release.as_ref().map(ToString::to_string));
    label("Questions", Some(list(&content.questions)));
    label("Language", content.language.as_ref().map(ToString::to_string));
    for document in &content.documents {
        let status = document.status.as_ref().map(|status| status.as_str().replace('-', " "));
        let parts =
            [document.name.as_ref().map(ToString::to_string), status, document.url.as_ref().map(ToString::to_string)];
        label("Document", Some(parts.into_iter().flatten().collect::<Vec<_>>().join(", ")));
    }
    for attachment in &content.attachments {
        let place = attachment.file.as_ref().or(attachment.url.as_ref()).map(ToString::to_string);
        let digest = attachment.sha256.map(|digest| digest.to_string());
        let parts = [place, attachment.title.as_ref().map(ToString::to_string), digest];
        label("Attachment", Some(parts.into_iter().flatten().collect::<Vec<_>>().join(", ")));
    }
    block
}

/// The text below the block that this program wrote above it; the whole text where none stands.
///
/// What the block says stands in `liaison.json` as well, with which `number` has to agree.
pub(super) fn below_labels<'t>(text: &'t str, number: &str) -> &'t str {
    let (block, below) = text.split_once("\n\n").unwrap_or((text, ""));
    let is_label = |line: &str| line.split_once(": ").is_some_and(|(name, _)| LABELS.contains(&name));
    let is_ours = block.lines().any(|line| line.trim_end() == format!("Liaison statement: {number}"));
    if is_ours && block.lines().all(is_label) { below } else { text }
}

/// The labels that the block may have.
const LABELS: [&str; 21] = [
    "Title",
    "Liaison statement",
    "Submission Date",
    "From",
    "From Contacts",
    "Send Reply To",
    "To",
    "To Contacts",
    "Purpose",
    "Please reply by",
    "In Response To",
    "Revises",
    "Consensus",
    "Consensus Evidence",
    "Meeting",
    "Work Items",
    "Release",
    "Questions",
    "Language",
    "Document",
    "Attachment",
];

/// Groups as the directory calls them, each with its acronym.
pub(super) fn group_names(groups: &[Line], names: &Names<'_>) -> String {
    let name = |group: &Line| match names.directory.group_name(group.as_str(), names.day) {
        known if known == group.as_str() => known.to_owned(),
        known => format!("{known} ({group})"),
    };
    groups.iter().map(name).collect::<Vec<_>>().join("; ")
}

fn list<T: ToString>(values: &[T]) -> String {
    values.iter().map(T::to_string).collect::<Vec<_>>().join(", ")
}

fn links(links: &[Link], names: &Names<'_>) -> String {
    links.iter().map(|link| describe(link, names.corpus)).collect::<Vec<_>>().join("; ")
}

/// A link as a reader sees it: the other body's own number and the title, and our number.
pub(super) fn describe(link: &Link, corpus: &Corpus) -> String {
    match link {
        Link::Here(name) => {
            let number = corpus.resolve(name).to_string();
            let Some(letter) = corpus.get(name) else { return number };
            let statement = &letter.statement.value;
            let title = statement.content.title.as_ref().map(|title| format!("\"{title}\""));
            let own = letter.identifiers().into_iter().filter_map(|identifier| identifier.value);
            own.map(|value| value.to_string()).chain([number]).chain(title).collect::<Vec<_>>().join(", ")
        }
        Link::Elsewhere { organization, reference, title, date } => {
            let title = title.as_ref().map(|title| format!("\"{title}\""));
            let parts = [
                organization.as_ref().map(ToString::to_string),
                reference.as_ref().map(ToString::to_string),
                title,
                date.map(|date| date.to_string()),
            ];
            parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
        }
    }
}
