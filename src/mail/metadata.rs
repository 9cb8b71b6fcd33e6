//! `liaison.json`: the last part of a statement's message, so that a body with the same tool need not retype anything.

#![expect(missing_docs, reason = "the fields bear the names of the keys in docs/format.md")]

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::compose::{Open, Prepared};
use crate::domain::{ActKind, Link};
use crate::record::Letter;

/// The newest form of the part that this program writes and reads.
const FORM: u32 = 1;

/// What `liaison.json` says. Unauthenticated: a proposal that a person confirms.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
pub struct Metadata {
    pub liaison: u32,
    pub id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub record: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    pub from: Side,
    pub to: Side,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub purpose: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deadline: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub in_response_to: Vec<Reference>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub revises: Vec<Reference>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub consensus: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub meeting: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub work_items: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub release: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub questions: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub documents: Vec<MetaDocument>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<MetaAttachment>,
}

/// Sender or receiver.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
pub struct Side {
    pub groups: Vec<String>,
    pub contacts: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub send_reply_to: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub send_to: Option<String>,
}

/// A letter that is answered or revised: the receiver's own number and Message-ID of it, and the sender's.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
pub struct Reference {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organization: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
}

/// A document that is transmitted or referred to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
pub struct MetaDocument {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

/// A file that comes along, or its address.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
pub struct MetaAttachment {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
}

/// The bytes of the part for a letter.
pub(super) fn metadata(prepared: &Prepared<'_>, open: &Open) -> Vec<u8> {
    let content = prepared.content();
    let texts = |values: &[crate::domain::Line]| values.iter().map(ToString::to_string).collect::<Vec<_>>();
    let contacts = |values: &[crate::domain::Contact]| values.iter().map(ToString::to_string).collect();
    let text = |value: &Option<crate::domain::Line>| value.as_ref().map(ToString::to_string);
    let metadata = Metadata {
        liaison: FORM,
        id: open.number.to_string(),
        record: prepared.settings.id.as_ref().map(ToString::to_string),
        title: text(&content.title),
        language: text(&content.language),
        date: Some(open.date.day().to_string()),
        from: Side {
            groups: texts(&content.from.groups),
            contacts: contacts(&content.from.contacts),
            send_reply_to: content.from.send_reply_to.as_ref().map(ToString::to_string),
            send_to: None,
        },
        to: Side {
            groups: texts(&content.to.groups),
            contacts: contacts(&content.to.contacts),
            send_reply_to: None,
            send_to: content.to.send_to.as_ref().map(ToString::to_string),
        },
        purpose: content.purpose.as_ref().map(ToString::to_string),
        deadline: content.deadline.map(|deadline| deadline.to_string()),
        in_response_to: content.in_response_to.iter().map(|link| reference(link, prepared, open)).collect(),
        revises: content.revises.iter().map(|link| reference(link, prepared, open)).collect(),
        consensus: content.consensus.level.as_ref().map(ToString::to_string),
        evidence: texts(&content.consensus.evidence),
        meeting: text(&content.meeting),
        work_items: texts(&content.work_items),
        release: text(&content.release),
        questions: texts(&content.questions),
        documents: content
            .documents
            .iter()
            .map(|document| MetaDocument {
                name: text(&document.name),
                status: document.status.as_ref().map(ToString::to_string),
                url: text(&document.url),
            })
            .collect(),
        attachments: content
            .attachments
            .iter()
            .map(|attachment| MetaAttachment {
                file: text(&attachment.file),
                url: text(&attachment.url),
                title: text(&attachment.title),
                sha256: attachment.sha256.map(|digest| digest.to_string()),
            })
            .collect(),
    };
    let mut bytes = serde_json::to_vec_pretty(&metadata).unwrap_or_default();
    bytes.push(b'\n');
    bytes
}

pub(super) fn reference(link: &Link, prepared: &Prepared<'_>, open: &Open) -> Reference {
    match link {
        Link::Here(name) => {
            let letter = prepared.corpus.get(name);
            let statement = letter.map(|letter| &letter.statement.value);
            let peer =
                letter.and_then(|letter| letter.identifiers().into_iter().find_map(|identifier| identifier.value));
            let receive = letter.and_then(|letter| letter.last(ActKind::Receive));
            Reference {
                id: Some(prepared.corpus.resolve(name).to_string()),
                organization: None,
                reference: peer.map(|value| value.to_string()),
                message_id: receive.and_then(|act| act.detail("message-id")),
                title: statement.and_then(|statement| statement.content.title.as_ref()).map(ToString::to_string),
                date: letter.and_then(|letter| known_date(letter, open)).map(|date| date.to_string()),
            }
        }
        Link::Elsewhere { organization, reference, title, date } => Reference {
            id: None,
            organization: organization.as_ref().map(ToString::to_string),
            reference: reference.as_ref().map(ToString::to_string),
            message_id: None,
            title: title.as_ref().map(ToString::to_string),
            date: date.map(|date| date.to_string()),
        },
    }
}

/// The date of a letter that is linked to. In a preview only the one it bears: the day on which one of ours leaves may become
/// known between approval and sending.
fn known_date(letter: &Letter, open: &Open) -> Option<NaiveDate> {
    if open.is_preview() { letter.statement.value.content.date } else { letter.date() }
}

/// Reads the part; another form, or what is no JSON, gives nothing.
pub fn parse_metadata(bytes: &[u8]) -> Option<Metadata> {
    serde_json::from_slice::<Metadata>(bytes).ok().filter(|metadata| metadata.liaison == FORM)
}
