//! How well an act is proven where it comes in, and whether the approval table asks for more.

use chrono::NaiveDate;

use super::arrival::{Arrival, Signature};
use super::signed::Signer;
use super::standing::Standing;
use crate::config::Grade;
use crate::directory::Person;
use crate::findings::{Code, Finding};
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

/// What is wrong with an act that neither its person nor whoever recorded it signed, though they have a key, and whose commit
/// they did not sign either: anybody may have written it.
pub(super) fn unproven(arrival: &Arrival, standing: &Standing, signer: &Signer, today: NaiveDate) -> Option<Finding> {
    let act = arrival.value();
    let person = vouching(act).as_str();
    let has_key = |person: &Person| person.keys.iter().any(|key| key.is_good_on(act.at.day()));
    let known = standing.directory.people.get(person).is_some_and(|known| has_key(&known.value));
    let is_told = lacking(arrival, standing, grade(arrival, standing, signer, today), today).is_some();
    if arrival.letter.is_none() || act.signature.is_some() || signer.is(person) || !known || is_told {
        return None;
    }
    let (told, name) = (arrival.told(standing), standing.directory.name_of(person));
    let message = format!("nobody signed {told}, though {name} has a key; anybody may have written it");
    let finding = Finding::plain(Code::ActUnproven, message).at(arrival.act.place("by"));
    Some(finding.help(format!("{name} does the same again, and signs it; or tells that it is not theirs")))
}
