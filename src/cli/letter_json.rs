//! A letter as JSON: everything that `show` tells, for programs.

use serde_json::{Map, Value, json};

use super::present::{approval_lines, next_steps};
use super::redactions::proof_under;
use super::report::finding_json;
use crate::check::{Overview, Whole};
use crate::directory::RootHolder;
use crate::domain::{
    Act, Attachment, Contact, Detail, Direction, Document, Identifier, Instant, Line, Link, StatementName,
};
use crate::policy::{Behind, Pointer, Waiting, behind};
use crate::record::{Corpus, Letter, annotated_identifiers, redacted_files};
use crate::shape::Node;

use super::facts::link_text;

/// A letter with its thread, its acts and what to do next. The keys of the letter are its file's; what was corrected and
/// annotated stands beside them.
pub(crate) fn letter_json(overview: &Overview<'_>, whole: &Whole<'_, '_>, now: Instant) -> Value {
    let mut all = content_json(overview.letter);
    let standing = [standing_json(overview, whole), thread_json(overview, whole), acts_json(overview, whole, now)];
    for (key, value) in standing.into_iter().flatten() {
        all.insert(key, value);
    }
    Value::Object(all)
}

fn standing_json(overview: &Overview<'_>, whole: &Whole<'_, '_>) -> Map<String, Value> {
    let letter = overview.letter;
    let behind = behind(letter, &whole.roots, &whole.record.settings);
    let own = || (!letter.name.is_draft()).then(|| letter.name.to_string());
    object(json!({
        "id": letter.name.to_string(),
        "number": overview.taken.map(|taken| taken.number.to_string()).or_else(own),
        "draft": letter.draft.as_ref().map(StatementName::to_string),
        "state": overview.standing.state.as_str(),
        "flags": overview.standing.flags.iter().map(|flag| flag.as_str()).collect::<Vec<_>>(),
        "open-until": overview.standing.open_until.map(|day| day.to_string()),
        "with": overview.custody.groups,
        "passed-on-to": overview.custody.passed_on,
        "assignees": overview.custody.assignees(),
        "redacted": signed_redaction_json(letter, behind.as_ref()),
        "redactions-waiting": overview.removals.iter().map(removal_json).collect::<Vec<_>>(),
        "content": overview.digest.map(|digest| digest.to_string()),
        "approved": overview.approval.is_complete(),
    }))
}

/// What holders of the trust root signed, and how many are missing until it is taken away.
fn removal_json(waiting: &Waiting<'_>) -> Value {
    let files = redacted_files(waiting.act).unwrap_or_default();
    json!({
        "files": files.into_iter().map(|one| one.file).collect::<Vec<_>>(),
        "signed": handles(&waiting.signed),
        "open": handles(&waiting.open),
        "missing": waiting.missing,
    })
}

/// When, by whom and why a letter was redacted, and the digest of its file's bytes.
pub(crate) fn redaction_json(letter: &Letter) -> Value {
    letter.redaction().map_or(Value::Null, |redaction| {
        json!({
            "at": redaction.at.map(|at| at.to_string()),
            "by": text(redaction.by.as_ref()),
            "reason": redaction.reason.as_str().trim_end(),
            "sha256": redaction.sha256.map(|digest| digest.to_string()),
        })
    })
}

/// The same with whoever of the trust root's holders signed it, and how many it asks for; nobody where no root counts.
pub(crate) fn signed_redaction_json(letter: &Letter, behind: Option<&Behind<'_>>) -> Value {
    let mut told = redaction_json(letter);
    if let (Some(behind), Some(told)) = (behind, told.as_object_mut()) {
        told.insert("signed".to_owned(), handles(&behind.signed).into());
        told.insert("threshold".to_owned(), behind.threshold.into());
    }
    told
}

fn handles(holders: &[&RootHolder]) -> Vec<String> {
    holders.iter().map(|holder| holder.handle.clone()).collect()
}

fn content_json(letter: &Letter) -> Map<String, Value> {
    let statement = &letter.as_filed().value;
    let content = &statement.content;
    let (from, to) = (&content.from, &content.to);
    object(json!({
        "direction": content.direction.map(Direction::as_str),
        "title": text(content.title.as_ref()),
        "language": text(content.language.as_ref()),
        "date": content.date.or_else(|| letter.sent_on()).map(|day| day.to_string()),
        "from": { "groups": texts(&from.groups), "contacts": contacts(&from.contacts), "send-reply-to": text(from.send_reply_to.as_ref()) },
        "to": { "groups": texts(&to.groups), "contacts": contacts(&to.contacts), "send-to": text(to.send_to.as_ref()) },
        "purpose": text(content.purpose.as_ref()),
        "deadline": content.deadline.map(|day| day.to_string()),
        "in-response-to": links(&content.in_response_to),
        "revises": links(&content.revises),
        "consensus": { "level": text(content.consensus.level.as_ref()), "evidence": texts(&content.consensus.evidence) },
        "meeting": text(content.meeting.as_ref()),
        "work-items": texts(&content.work_items),
        "release": text(content.release.as_ref()),
        "questions": texts(&content.questions),
        "documents": content.documents.iter().map(document).collect::<Vec<_>>(),
        "body": content.body.to_string(),
        "attachments": content.attachments.iter().map(attachment).collect::<Vec<_>>(),
        "original": content.original.as_ref().map(|original| json!({
            "file": text(original.file.as_ref()), "sha256": text(original.sha256.as_ref()),
        })),
        "identifiers": identifiers(letter),
        "tags": letter.tags().iter().map(ToString::to_string).collect::<Vec<_>>(),
        "waivers": statement.waivers.iter().map(|waiver| json!({
            "code": text(waiver.code.as_ref()), "reason": text(waiver.reason.as_ref()), "by": text(waiver.by.as_ref()),
        })).collect::<Vec<_>>(),
        "corrected": corrected(letter),
        "corrections": letter.corrections.iter().map(|one| json!({
            "field": one.field, "was": one.was, "now": one.now, "reason": one.reason,
            "by": one.by.as_str(), "at": one.at.to_string(),
        })).collect::<Vec<_>>(),
    }))
}

fn thread_json(overview: &Overview<'_>, whole: &Whole<'_, '_>) -> Map<String, Value> {
    let name = &overview.letter.name;
    let pointers = |pointers: &[Pointer]| pointers.iter().map(|pointer| pointer.from.to_string()).collect::<Vec<_>>();
    object(json!({
        "answered-by": pointers(whole.threads.answers(name)),
        "revised-by": pointers(whole.threads.revisions(name)),
    }))
}

fn acts_json(overview: &Overview<'_>, whole: &Whole<'_, '_>, now: Instant) -> Map<String, Value> {
    let letter = overview.letter;
    let act = |act: &crate::shape::Located<Act>| {
        let proof = proof_under(&whole.roots, &act.value, &letter.subject(), whole.record);
        act_json(&act.value, &act.file, &proof)
    };
    object(json!({
        "approvals": approval_lines(overview, whole.record),
        "acts": letter.acts.iter().map(act).collect::<Vec<_>>(),
        "findings": overview.findings.iter().map(finding_json).collect::<Vec<_>>(),
        "next": next_steps(overview, &whole.record.directory, now),
    }))
}

fn act_json(act: &Act, file: &str, proof: &str) -> Value {
    json!({
        "act": act.kind.as_str(),
        "by": act.by.as_str(),
        "at": act.at.to_string(),
        "role": text(act.role.as_ref()),
        "of": text(act.of.as_ref()),
        "for": act.for_groups.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "content": text(act.content.as_ref()),
        "preview": text(act.preview.as_ref()),
        "revokes": text(act.revokes.as_ref()),
        "recorded-by": text(act.recorded_by.as_ref()),
        "evidence": text(act.evidence.as_ref()),
        "details": act.details.iter().map(|(key, detail)| (key.clone(), detail_json(detail))).collect::<Map<_, _>>(),
        "file": file,
        "proof": proof,
    })
}

fn detail_json(detail: &Detail) -> Value {
    match detail {
        Detail::Text(text) => text.as_str().into(),
        Detail::List(items) => items.iter().map(detail_json).collect(),
        Detail::Map(map) => map.iter().map(|(key, detail)| (key.clone(), detail_json(detail))).collect(),
    }
}

/// Every body's number of the letter; whether it was annotated since.
fn identifiers(letter: &Letter) -> Value {
    let annotated: Vec<Identifier> = letter.acts.iter().flat_map(|act| annotated_identifiers(&act.value)).collect();
    let one = |identifier: &Identifier| {
        json!({
            "body": text(identifier.body.as_ref()),
            "value": text(identifier.value.as_ref()),
            "annotated": annotated.contains(identifier),
        })
    };
    letter.identifiers().iter().map(one).collect()
}

fn document(document: &Document) -> Value {
    json!({
        "name": text(document.name.as_ref()), "status": text(document.status.as_ref()), "url": text(document.url.as_ref()),
    })
}

fn attachment(attachment: &Attachment) -> Value {
    json!({
        "file": text(attachment.file.as_ref()), "url": text(attachment.url.as_ref()),
        "title": text(attachment.title.as_ref()), "sha256": text(attachment.sha256.as_ref()),
    })
}

/// What counts at each key that was corrected: a text, or a list where the key has several.
fn corrected(letter: &Letter) -> Map<String, Value> {
    let value = |field: &str| match letter.statement.root.at(field).map(Node::texts).unwrap_or_default().as_slice() {
        [] => Value::Null,
        [text] => json!(text),
        texts => json!(texts),
    };
    letter.corrections.iter().map(|one| (one.field.clone(), value(&one.field))).collect()
}

fn text(value: Option<&impl ToString>) -> Option<String> {
    value.map(ToString::to_string)
}

fn texts(lines: &[Line]) -> Vec<String> {
    lines.iter().map(ToString::to_string).collect()
}

fn contacts(contacts: &[Contact]) -> Vec<String> {
    contacts.iter().map(ToString::to_string).collect()
}

fn links(links: &[Link]) -> Vec<String> {
    links.iter().map(|link| link_text(link, &Corpus::default())).collect()
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => Map::new(),
    }
}
