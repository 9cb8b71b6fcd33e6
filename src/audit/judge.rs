//! Judges what one commit does by itself: by the standing of its parent's tree, never by names in commits.

use super::arrival::{Arrival, Signature};
use super::authority::{Authority, rests_on};
use super::facts::{ActFact, Facts};
use super::grade::{grade, less_proven, unknown_people, unproven};
use super::redaction::of_nobody;
use super::signed::{Signer, signer_of};
use super::standing::Standing;
use super::step::Step;
use crate::domain::{Act, ActKind, Digest, Instant};
use crate::findings::{Code, Finding, Place, Severity};
use crate::policy::table_word;

/// How far two clocks may differ, in seconds.
pub(super) const SKEW: i64 = 86_400;

/// What is wrong with the commit itself: its bytes, its trees, its date.
pub(super) fn commit(step: &Step, parent_clock: Option<Instant>, now: Instant) -> Vec<Finding> {
    let mut findings = Vec::new();
    if let Err(fault) = &step.header {
        findings.push(
            Finding::plain(Code::CommitMalformed, format!("the commit could be read in several ways: {fault}")).help(
                "no git command writes such a commit; find out who made it, and build the branch anew without it",
            ),
        );
    }
    if let Some(fault) = &step.fault {
        findings
            .push(Finding::plain(Code::TreeMalformed, fault.to_string()).help(
                "no git command writes such a tree; `git fsck` tells the same; build the branch anew without it",
            ));
    }
    findings.extend(date(step, parent_clock, now));
    findings
}

/// A commit is not older than its parents, nor of a time to come.
fn date(step: &Step, parent_clock: Option<Instant>, now: Instant) -> Option<Finding> {
    let at = Instant::from_unix(step.header.as_ref().ok()?.committer.at)?;
    let message = if at > now.plus_seconds(SKEW) {
        format!("the commit says {at}, a time to come")
    } else {
        let before = parent_clock.filter(|before| at.plus_seconds(SKEW) < *before)?;
        format!("the commit says {at}, and one before it says {before}")
    };
    let help = "a wrong clock, or a date that was made up; what it claims of days counts for nothing";
    Some(Finding::plain(Code::CommitMisdated, message).help(help))
}

/// What is wrong with the acts it brings, and what later steps have to know of them.
pub(super) fn acts(step: &Step, signer: &Signer) -> (Vec<Finding>, Vec<ActFact>) {
    let mut findings = Vec::new();
    let mut facts = Vec::new();
    for arrival in &step.arrivals {
        let found = act(step, arrival, signer);
        let is_good = found.iter().all(|finding| finding.severity < Severity::Warning);
        facts.push(fact(step, arrival, signer, is_good));
        findings.extend(found);
    }
    (findings, facts)
}

fn act(step: &Step, arrival: &Arrival, signer: &Signer) -> Vec<Finding> {
    let today = step.clock.day();
    let mut findings: Vec<Finding> = misdated(step, arrival).into_iter().collect();
    findings.extend(unknown_people(arrival, &step.before, &step.after));
    // What a merge brings by itself is told as such.
    findings.extend(unproven(arrival, &step.before, signer, today).filter(|_| !step.is_merge));
    for (place, side) in step.sides.iter().enumerate() {
        if let Some(root) = step.redactions.root(place).filter(|_| arrival.value().kind == ActKind::Redact) {
            findings.extend(of_nobody(arrival, root, side));
            continue;
        }
        // A signature by a key that this very commit brings, or an authority that it grants, proves nothing.
        findings.extend(signature(arrival, side, today));
        findings.extend(authority_finding(step, arrival, side));
        findings.extend(less_proven(arrival, side, signer, today));
    }
    findings
}

/// What is wrong with an act's signature, as a standing sees it.
pub(super) fn signature(arrival: &Arrival, standing: &Standing, today: chrono::NaiveDate) -> Option<Finding> {
    let told = arrival.told(standing);
    let place = arrival.act.place("signature");
    let by = &arrival.value().by;
    let (code, message, help) = match arrival.signature(standing, today) {
        Signature::None | Signature::Good { retired: None, .. } => return None,
        Signature::Good { retired: Some(on), .. } => (
            Code::ReaffirmationWanted,
            format!(
                "{told} is signed with a key that was retired on {on}, and the record took it in only after that day"
            ),
            format!("{by} signs it again with a key of today, or somebody with authority ratifies it"),
        ),
        Signature::Unknown(fault) => (
            Code::KeyUnknown,
            format!("{told} is signed, but {fault}; so it proves nothing"),
            format!("if the key is theirs: liaison person key add {by} --ssh FILE, then sign again"),
        ),
        Signature::Expired(fault) => (
            Code::KeyExpired,
            format!("{told} is signed, but {fault}; so it proves nothing"),
            format!("{by} signs it again with a key that is good on that day"),
        ),
        Signature::Compromised(fault) => (
            Code::KeyCompromised,
            format!("{told}: {fault}"),
            "whoever has authority today looks at it, and ratifies it or revokes it".to_owned(),
        ),
        Signature::Bad(fault) => (
            Code::ActSignatureBad,
            format!("the signature of {told} proves nothing: {fault}"),
            "the act does not count; find out who wrote it".to_owned(),
        ),
    };
    Some(Finding::plain(code, message).at(place).help(help))
}

fn authority_finding(step: &Step, arrival: &Arrival, before: &Standing) -> Option<Finding> {
    let today = step.clock.day();
    let (act, told) = (arrival.value(), arrival.told(before));
    let place = arrival.act.place("role");
    let verdict = arrival.authority(before, today);
    let granted = || matches!(arrival.authority(&step.after, today), Authority::Held { .. });
    let what =
        table_word(act).map_or_else(|| "the role it names".to_owned(), |word| format!("the authority to {word}"));
    let finding = match verdict {
        Authority::Held { ended: None } => return None,
        Authority::Held { ended: Some(until) } => reaffirm(arrival, before, until),
        Authority::Ended { until } => {
            let message = format!("{told}: the term ended on {until}, before the act");
            Finding::plain(Code::ActWithoutAuthority, message).help("whoever holds the role today decides anew")
        }
        Authority::Unknown | Authority::Other if granted() && table_word(act).is_some() => {
            let message = format!("{told} rests on an authority that its own commit grants");
            Finding::plain(Code::AuthoritySelfGranted, message)
                .help("whoever had authority before the commit grants it first, in a commit of its own")
        }
        Authority::Unknown => {
            let message = format!("{told}: the tree before the commit knows no term that gave {what}");
            let finding = Finding::plain(Code::ActWithoutAuthority, message);
            finding.help("if the term was held, the directory says so first; the act is made again after that")
        }
        Authority::Other => {
            let message = format!("{told}: the role that it names did not give {what}");
            Finding::plain(Code::ActWithoutAuthority, message)
                .help("[[approval]] in liaison.toml says who may; whoever may decides anew")
        }
    };
    Some(finding.at(place))
}

/// An act of a term that has ended by the day on which the record takes it in: late, or backdated.
pub(super) fn reaffirm(arrival: &Arrival, standing: &Standing, until: chrono::NaiveDate) -> Finding {
    let told = arrival.told(standing);
    let message = format!(
        "{told} came into the record after the term had ended on {until}; nobody can tell a late act from a backdated one"
    );
    let help = match arrival.letter {
        Some(_) if table_word(arrival.value()) != Some("send") => "whoever may today makes the same act anew",
        Some(_) => "whoever holds the role today agrees: liaison approve, or ratify where the letter has left",
        None => "whoever may change it today confirms it: liaison record-change FILE",
    };
    Finding::plain(Code::ReaffirmationWanted, message).at(arrival.act.place("at")).help(help)
}

/// An act happens after the draft was begun, and before the commit that brings it.
fn misdated(step: &Step, arrival: &Arrival) -> Option<Finding> {
    let at = arrival.value().at;
    let told = arrival.told(&step.before);
    let committed = step.header.as_ref().ok().and_then(|header| Instant::from_unix(header.committer.at));
    let message = match (arrival.drafted, committed) {
        (_, Some(committed)) if at > committed.plus_seconds(SKEW) => {
            format!("{told} is of a time to come: its commit is of {committed}")
        }
        (Some(drafted), _) if at < drafted && arrival.value().kind != ActKind::Draft => {
            format!("{told} is older than the draft, which was begun at {drafted}")
        }
        _ => return None,
    };
    let finding = Finding::plain(Code::ActMisdated, message).at(arrival.act.place("at"));
    Some(finding.help("an act bears the moment at which it was done; this one is made again"))
}

fn fact(step: &Step, arrival: &Arrival, signer: &Signer, is_good: bool) -> ActFact {
    let act = arrival.value();
    let (role, of) = rests_on(act, &arrival.groups, &step.before).unwrap_or_default();
    let key = match arrival.signature(&step.before, step.clock.day()) {
        Signature::Good { key, .. } => key,
        Signature::None
        | Signature::Unknown(_)
        | Signature::Expired(_)
        | Signature::Compromised(_)
        | Signature::Bad(_) => String::new(),
    };
    ActFact {
        path: arrival.act.file.clone(),
        subject: arrival.subject.clone(),
        kind: act.kind.to_string(),
        by: act.by.to_string(),
        role: role.to_owned(),
        of: of.to_owned(),
        decides: table_word(act).is_some(),
        groups: act.for_groups.iter().map(ToString::to_string).collect(),
        day: act.at.day().to_string(),
        content: act.content.map(|content| content.to_string()).unwrap_or_default(),
        recorded_by: act.recorded_by.as_ref().map(ToString::to_string).unwrap_or_default(),
        says: says_what(act),
        key,
        grade: grade(arrival, &step.before, signer, step.clock.day()).as_str().to_owned(),
        is_good,
    }
}

/// A digest of what an act says, apart from who says it, when, of which content, and how it is proven.
fn says_what(act: &Act) -> String {
    let groups = act.for_groups.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
    Digest::of(format!("{groups}\n{:?}", act.details).as_bytes()).short(16)
}

/// What is wrong with the commit's own signature, and who signed.
pub(super) fn commit_signature(step: &Step) -> (Option<Finding>, Signer) {
    let Ok(header) = &step.header else { return (None, Signer::Nobody) };
    let signer = signer_of(header, &step.before);
    let address = &header.committer.address;
    let claimed = step.before.directory.person_by_address(address);
    let (code, message, help) = match (&signer, claimed) {
        (Signer::Person { person, .. }, Some(claimed)) if person != claimed => {
            let said = step.arrivals.iter().any(|arrival| says(arrival, claimed));
            let more = if said { ", and it brings an act as theirs that nobody signed" } else { "" };
            let message = format!("the commit says it is by {claimed}, and {person} signed it{more}");
            let finding = Finding::plain(Code::CommitSignerDiffers, message)
                .help("names in commits prove nothing; find out who made it");
            let severity = if said { Severity::Error } else { Severity::Warning };
            return (Some(Finding { severity, ..finding }), signer);
        }
        // A foreign signature is told once a history, not once a commit.
        (Signer::Nobody | Signer::Person { .. } | Signer::Unknown(_) | Signer::Unsupported(_), _) => {
            return (None, signer);
        }
        (Signer::Expired(why), _) => (
            Code::KeyExpired,
            format!("the commit is signed with {why}"),
            "a commit's signature decides nothing; the person takes the new key into git: git config user.signingKey",
        ),
        (Signer::Bad(fault), _) => (
            Code::CommitSignatureBad,
            format!("the commit's signature proves nothing: {fault}"),
            "the commit was changed after it was signed, or the signature is of something else; find out who made it",
        ),
    };
    (Some(Finding::plain(code, message).at(Place::default()).help(help)), signer)
}

/// Whether an act without a signature says that it is somebody's own.
fn says(arrival: &Arrival, person: &str) -> bool {
    let act = arrival.value();
    act.by.as_str() == person && act.signature.is_none() && act.recorded_by.is_none()
}

/// What the reading of files found: in an act or a numbered letter it hides what the file says.
pub(super) fn unreadable(step: &Step) -> Vec<Finding> {
    let told = |finding: &Finding| {
        let message = format!("the file is none of the format ({}): {}", finding.code, finding.message);
        let told = Finding::plain(Code::RecordUnreadable, message).at(finding.place.clone());
        told.help("what programs could read in several ways is not read at all; write it anew as docs/format.md says")
    };
    step.unreadable.iter().map(told).collect()
}

/// The facts of a commit without anything that judging adds.
pub(super) fn facts(step: &Step, acts: Vec<ActFact>, signer: &Signer) -> Facts {
    let stranger = match signer {
        Signer::Unknown(key) => format!("key {key}"),
        Signer::Unsupported(kind) => (*kind).to_owned(),
        Signer::Nobody | Signer::Person { .. } | Signer::Expired(_) | Signer::Bad(_) => String::new(),
    };
    Facts { acts, stranger, is_signed: !matches!(signer, Signer::Nobody), ..revised(step) }
}

fn revised(step: &Step) -> Facts {
    let revisions = &step.revisions;
    Facts {
        revisions: revisions.letters.iter().map(|(name, digest)| (name.to_string(), digest.to_string())).collect(),
        ..Facts::default()
    }
}
