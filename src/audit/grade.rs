//! How well an act is proven where it comes in, and whether the approval table asks for more.

use chrono::NaiveDate;

use super::arrival::{Arrival, Signature};
use super::signed::Signer;
use super::standing::Standing;
use crate::config::Grade;
use crate::directory::Key;
use crate::domain::Word;
use crate::findings::{Code, Finding, Severity};
use crate::policy::{Reason, grade_asked, signer as vouching};

/// How well an act is proven, as a standing knows keys; `signer` signed the commit that brings it.
pub(super) fn grade(arrival: &Arrival, standing: &Standing, signer: &Signer, today: NaiveDate) -> Grade {
    match arrival.signature(standing, today) {
        Signature::Good { own: true, .. } => Grade::Signed,
        Signature::None if signer.is(arrival.value().by.as_str()) => Grade::Commit,
        Signature::Good { own: false, .. }
        | Signature::None
        | Signature::Unknown(_)
        | Signature::Expired(_)
        | Signature::Compromised(_)
        | Signature::Bad(_) => Grade::Asserted,
    }
}

/// How well it can be proven at most, where nobody knows which commit brought it.
pub(super) fn best_grade(arrival: &Arrival, standing: &Standing, today: NaiveDate) -> Grade {
    match arrival.signature(standing, today) {
        Signature::Good { own: true, .. } => Grade::Signed,
        Signature::None => Grade::Commit,
        Signature::Good { own: false, .. }
        | Signature::Unknown(_)
        | Signature::Expired(_)
        | Signature::Compromised(_)
        | Signature::Bad(_) => Grade::Asserted,
    }
}

/// Why an act on a letter has no effect where it is proven so well: the table asks for more. A signature that proves nothing is
/// told by itself.
pub(super) fn lacking(arrival: &Arrival, standing: &Standing, given: Grade, today: NaiveDate) -> Option<Reason> {
    if !matches!(arrival.signature(standing, today), Signature::None | Signature::Good { .. }) {
        return None;
    }
    let asked = grade_asked(arrival.value(), &arrival.groups, &standing.directory, &standing.settings);
    asked.filter(|wanted| given < *wanted).map(|wanted| Reason::Grade { given, wanted })
}

/// What is wrong with an act that is less well proven than the table asks for.
pub(super) fn less_proven(
    arrival: &Arrival,
    standing: &Standing,
    signer: &Signer,
    today: NaiveDate,
) -> Option<Finding> {
    let reason = lacking(arrival, standing, grade(arrival, standing, signer, today), today)?;
    let message = format!("{} has no effect: {reason}", arrival.told(standing));
    let finding = Finding::plain(Code::ActWithoutEffect, message).at(arrival.act.place("by"));
    Some(finding.help("whoever may makes the act anew, with their own signature"))
}

/// What is wrong with an act that neither its person nor whoever recorded it signed, though they have a key where it comes in, and
/// whose commit they did not sign either: anybody may have written it.
pub(super) fn unproven(arrival: &Arrival, standing: &Standing, signer: &Signer, today: NaiveDate) -> Option<Finding> {
    let act = arrival.value();
    let person = vouching(act).as_str();
    // The act's own day is its writer's word: a key of today is asked for as well.
    let is_good = |key: &Key| key.is_good_on(act.at.day()) || key.is_good_on(today);
    let has_key =
        |handle: &str| standing.directory.people.get(handle).is_some_and(|known| known.value.keys.iter().any(is_good));
    // What somebody without a key recorded for one who has a key shows where that person said so.
    let is_told_elsewhere = act.evidence.is_some() || !has_key(act.by.as_str());
    let is_believed = !has_key(person) && is_told_elsewhere;
    let is_told = lacking(arrival, standing, grade(arrival, standing, signer, today), today).is_some();
    if arrival.letter.is_none() || act.signature.is_some() || signer.is(person) || is_believed || is_told {
        return None;
    }
    let (told, name) = (arrival.told(standing), standing.directory.name_of(act.by.as_str()));
    let message = format!("nobody who has a key signed {told}; anybody may have written it");
    let finding = Finding::plain(Code::ActUnproven, message).at(arrival.act.place("by"));
    Some(finding.help(format!("{name} does the same again, and signs it; or tells that it is not theirs")))
}

/// The people of an act whom the directory knows neither before the commit nor after it.
pub(super) fn unknown_people(arrival: &Arrival, before: &Standing, after: &Standing) -> Vec<Finding> {
    let act = arrival.value();
    let is_unknown =
        |handle: &str| !before.directory.people.contains_key(handle) && !after.directory.people.contains_key(handle);
    let people = std::iter::once((&act.by, "by")).chain(act.recorded_by.iter().map(|by| (by, "recorded-by")));
    let told = |(handle, key): (&Word, &str)| {
        let message = format!("`{handle}`, whose act {} says it is, is nobody in the directory", arrival.told(before));
        let finding = Finding::plain(Code::UnknownPerson, message).at(arrival.act.place(key));
        Finding { severity: Severity::Error, ..finding }
            .help(format!("if there is such a person: liaison person add {handle}; if not, find out who wrote the act"))
    };
    people.filter(|(handle, _)| is_unknown(handle.as_str())).map(told).collect()
}
