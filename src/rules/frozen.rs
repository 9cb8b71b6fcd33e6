//! Rules about what never changes once a letter has a number: its content and the messages that left.

use super::Case;
use crate::digest::changed_fields;
use crate::domain::{Act, ActKind};
use crate::findings::{Code, Finding, Place};
use crate::record::{BoundFile, bound_files};
use crate::shape::Located;

/// Reports a numbered letter whose content is no longer the one that was sent or received.
pub(super) fn frozen_content_changed(case: &Case<'_>) -> Vec<Finding> {
    if case.letter.name.is_draft() || !case.letter.is_sound() {
        return Vec::new();
    }
    let digest = case.letter.content;
    let freezes = |kind: ActKind| matches!(kind, ActKind::Sending | ActKind::Sent | ActKind::Receive);
    let differs =
        |act: &&Located<Act>| freezes(act.value.kind) && act.value.content.is_some_and(|content| content != digest);
    let mut acts = case.letter.acts.iter().filter(differs);
    let Some(act) = acts.next() else { return Vec::new() };
    let statement = &case.letter.statement;
    let hints = act.value.fields.as_ref().filter(|_| case.letter.redaction().is_none());
    let fields = hints.map(|fields| changed_fields(fields.as_str(), &case.letter.as_filed().value.content));
    let fields = fields.unwrap_or_default();
    let changed = if fields.is_empty() { String::new() } else { format!("; changed: {}", fields.join(", ")) };
    let frozen = act.value.content.map(|content| content.short(8)).unwrap_or_default();
    let message = format!(
        "the letter's content is {}…, and `{}` of {} froze {frozen}…{changed}",
        digest.short(8),
        act.value.kind,
        act.value.at
    );
    let place = fields.first().map_or_else(|| Place::file(&statement.file), |field| statement.place(field));
    let finding = case.finding(Code::FrozenContentChanged, message).at(place).with(act.place("content"), "frozen here");
    let finding = acts.fold(finding, |finding, act| finding.with(act.place("content"), "and here"));
    let instead = match case.content().is_outgoing() {
        true => "a new text is a new letter that `revises` this one".to_owned(),
        false => format!("what was transcribed wrongly is mended by `liaison correct {}`", case.id()),
    };
    vec![finding.help(format!("bring back the file as it was (`git log -- {}`); {instead}", statement.file))]
}

/// Reports messages that no longer have the bytes they left with, or are gone.
pub(super) fn frozen_message_changed(case: &Case<'_>) -> Vec<Finding> {
    if case.letter.name.is_draft() {
        return Vec::new();
    }
    case.letter
        .acts
        .iter()
        .flat_map(|act| bound_files(&act.value).into_iter().filter_map(|bound| changed(case, act, &bound)))
        .collect()
}

fn changed(case: &Case<'_>, act: &Located<Act>, bound: &BoundFile) -> Option<Finding> {
    let BoundFile { key, file, digest } = bound;
    let fact = case.files.iter().find(|fact| fact.name == *file);
    let message = match (*digest, fact) {
        (None, _) => format!("`{key}` of `{}` is no digest, so nothing binds {file}", act.value.kind),
        (Some(_), None) if case.letter.redacted(file).next().is_some() => return None,
        (Some(_), None) => format!("{file}, which `{}` of {} made, is gone", act.value.kind, act.value.at),
        (Some(wanted), Some(fact)) if fact.digest == Some(wanted) => return None,
        (Some(wanted), Some(fact)) => {
            let found = fact.digest.map_or_else(|| "unreadable".into(), |digest| format!("{}…", digest.short(8)));
            format!("{file} is {found}, and `{}` of {} left with {}…", act.value.kind, act.value.at, wanted.short(8))
        }
    };
    let path = format!("{}/{file}", case.letter.name.stem());
    let finding = case.finding(Code::FrozenMessageChanged, message);
    let finding = match fact {
        Some(_) => finding.at(Place::file(&path)).with(act.place(key), "the bytes that left"),
        None => finding.at(act.place(key)),
    };
    Some(finding.help(format!("bring back the file as it was: `git log -- {path}`")))
}
