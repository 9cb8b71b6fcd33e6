//! Rules about the two sides of a link: who answers whom, and who revises whose letter.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::Case;
use super::places::mend;
use crate::domain::{Line, Link};
use crate::findings::{Code, Finding, Place};
use crate::record::Letter;

/// Groups as a letter names them, with the place and the day by which they are judged.
struct Party<'a> {
    groups: &'a [Line],
    place: Place,
    day: NaiveDate,
}

fn senders<'a>(case: &Case<'a>) -> Party<'a> {
    Party { groups: &case.content().from.groups, place: case.letter.statement.place("from.groups"), day: case.day() }
}

fn receivers<'a>(case: &Case<'a>) -> Party<'a> {
    Party { groups: &case.content().to.groups, place: case.letter.statement.place("to.groups"), day: case.day() }
}

/// The bodies of two parties when they have none in common; nothing when that cannot be told.
fn apart(case: &Case<'_>, one: &Party<'_>, other: &Party<'_>) -> Option<(String, String)> {
    let same = |group: &Line| other.groups.iter().any(|known| known.as_str().eq_ignore_ascii_case(group.as_str()));
    if one.groups.is_empty() || other.groups.is_empty() || one.groups.iter().any(same) {
        return None;
    }
    let bodies = |party: &Party<'_>| -> Option<BTreeSet<&str>> {
        party.groups.iter().map(|group| case.directory.organization(group.as_str(), party.day)).collect()
    };
    let (one, other) = (bodies(one)?, bodies(other)?);
    let named = |bodies: BTreeSet<&str>| bodies.into_iter().collect::<Vec<_>>().join(", ");
    one.is_disjoint(&other).then(|| (named(one), named(other)))
}

/// Whether a letter that is linked to says from whom to whom it went: a redacted one no longer does.
fn is_comparable(case: &Case<'_>, other: &Letter) -> bool {
    other.name != case.letter.name && other.redaction().is_none()
}

/// A reply goes between the parties of the original (rfc4053bis 2.1).
pub(super) fn link_other_parties(case: &Case<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (index, link) in case.content().in_response_to.iter().enumerate() {
        let at = case.letter.statement.place_item("in-response-to", index);
        let mut report = |mine: Party<'_>, theirs: Party<'_>, verb: &str, told: &str, name: &str| {
            if let Some((my, their)) = apart(case, &mine, &theirs) {
                let finding = case
                    .finding(
                        Code::LinkOtherParties,
                        format!("the letter {verb} {my}, but {name}, which it answers, {told} {their}"),
                    )
                    .at(at.clone())
                    .with(mine.place, format!("{verb} {my}"))
                    .with(theirs.place, format!("{told} {their}"));
                findings.push(finding.help(mend(case, "link the letter that is meant, or change From or To")));
            }
        };
        match link {
            Link::Here(name) => {
                let Some(other) = case.corpus.get(name).filter(|other| is_comparable(case, other)) else {
                    continue;
                };
                let original = Case { letter: other, ..*case };
                report(senders(case), receivers(&original), "comes from", "went to", &other.name.to_string());
                report(receivers(case), senders(&original), "goes to", "came from", &other.name.to_string());
            }
            Link::Elsewhere { organization, reference, .. } => {
                let name = reference.as_ref().map_or_else(|| "the letter".to_owned(), ToString::to_string);
                let theirs = Party { groups: organization.as_slice(), place: at.clone(), day: case.day() };
                report(receivers(case), theirs, "goes to", "is of", &name);
            }
        }
    }
    findings
}

/// Only the sender revises a letter (rfc4053bis 4.1).
pub(super) fn revises_other_sender(case: &Case<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (index, link) in case.content().revises.iter().enumerate() {
        let mine = senders(case);
        let (theirs, name) = match link {
            Link::Here(name) => {
                let Some(other) = case.corpus.get(name).filter(|other| is_comparable(case, other)) else {
                    continue;
                };
                (senders(&Case { letter: other, ..*case }), other.name.to_string())
            }
            Link::Elsewhere { organization, reference, .. } => (
                Party {
                    groups: organization.as_slice(),
                    place: case.letter.statement.place_item("revises", index),
                    day: case.day(),
                },
                reference.as_ref().map_or_else(|| "a letter".to_owned(), ToString::to_string),
            ),
        };
        if let Some((my, their)) = apart(case, &mine, &theirs) {
            let finding = case
                .finding(
                    Code::RevisesOtherSender,
                    format!("the letter comes from {my} and revises {name}, which is of {their}"),
                )
                .at(case.letter.statement.place_item("revises", index))
                .with(mine.place, format!("comes from {my}"))
                .with(theirs.place, format!("is of {their}"));
            findings.push(
                finding.help("answer the other body's letter with `in-response-to`; revise a letter of your own"),
            );
        }
    }
    findings
}
