//! Changes of the directory, the settings and the trust root: each needs a signed act of somebody who had authority before.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::arrival::{Arrival, Signature};
use super::authority::{Authority, is_governed};
use super::changes::{Changed, files_below};
use super::facts::Facts;
use super::ground::Ground;
use super::object::{AuditError, Blob};
use super::shelf::Shelf;
use super::signed::Signer;
use super::standing::Standing;
use super::step::Step;
use super::tree::{Node, TreeError, node_at};
use crate::config::Grade;
use crate::domain::{ActKind, Digest, changes as changes_of, kind_of_change};
use crate::findings::{Code, Finding, Place, Severity};
use crate::policy::{begins, may_do, wanted_grade};

/// The largest file whose digest is taken.
const LIMIT: u64 = 50_000_000;

pub(super) fn digest(shelf: &Shelf<'_>, node: Option<Node>) -> Result<Option<Digest>, AuditError> {
    let Some(node) = node else { return Ok(None) };
    Ok(match shelf.blob(node.id, LIMIT)? {
        Blob::Whole(bytes) => Some(Digest::of(&bytes)),
        Blob::TooLarge(_) => None,
    })
}

/// Judges every such change of a commit; what is proven and what is not goes into the facts.
///
/// # Errors
/// Returns [`AuditError`] when the clone lacks a file.
pub(super) fn changes(
    shelf: &Shelf<'_>,
    step: &Step,
    signer: &Signer,
    facts: &mut Facts,
) -> Result<Vec<Finding>, AuditError> {
    let mut findings = Vec::new();
    for arrival in step.arrivals.iter().filter(|arrival| arrival.letter.is_none() && is_proven(arrival, step)) {
        facts.proven.extend(confirmed(arrival));
    }
    for changed in &step.own {
        let Some(kind) = kind_of_change(&changed.path).filter(|kind| *kind != ActKind::Trust) else { continue };
        let (before, after) = (digest(shelf, changed.before)?, digest(shelf, changed.after)?);
        let key = (changed.path.clone(), after.map(|after| after.to_string()).unwrap_or_default());
        let acts = || step.arrivals.iter().filter(|arrival| arrival.value().kind == kind);
        let said = |acts: Vec<&Arrival>| acts.into_iter().flat_map(|act| pairs(act, &changed.path)).collect();
        if leads(before, after, said(acts().filter(|act| is_proven(act, step)).collect())) {
            continue;
        }
        facts.unproven.push(key);
        let is_usual = has_such_acts(shelf, step)?;
        findings.push(unproven(step, changed, kind, signer, is_usual));
    }
    Ok(findings)
}

/// Files of the directory and the settings that a commit makes unreadable.
pub(super) fn unreadable(ground: &Ground<'_>, step: &Step) -> Result<Vec<Finding>, AuditError> {
    if !step.own.iter().any(|changed| kind_of_change(&changed.path).is_some()) {
        return Ok(Vec::new());
    }
    let faulty = ground.unreadable(step.index)?;
    let broken = |path: &&String| step.own.iter().any(|changed| changed.path == **path);
    let told = |path: &String| {
        let message = format!("{path} cannot be read; what it said before counts on");
        let help = format!("liaison check {path} tells why");
        let finding = Finding::plain(Code::RecordUnreadable, message).at(Place::file(path)).help(help);
        Finding { severity: Severity::Warning, ..finding }
    };
    Ok(faulty.iter().filter(broken).map(told).collect())
}

/// A file's digest before and after; nothing where there is no such file.
type Pair = (Option<Digest>, Option<Digest>);

/// What an act says of a path.
fn pairs(arrival: &Arrival, path: &str) -> Vec<Pair> {
    let changes = changes_of(arrival.value()).unwrap_or_default().into_iter();
    changes.filter(|change| change.path == path).map(|change| (change.before, change.after)).collect()
}

/// The paths of an act with the digests after it, and the act's own file.
fn confirmed(arrival: &Arrival) -> Vec<(String, String, String)> {
    let changes = changes_of(arrival.value()).unwrap_or_default().into_iter();
    let after = |after: Option<Digest>| after.map(|after| after.to_string()).unwrap_or_default();
    changes.map(|change| (change.path, after(change.after), arrival.act.file.clone())).collect()
}

/// Whether steps lead from one digest to another, each taken at most once: so a squash of several changes stays proven.
fn leads(before: Option<Digest>, after: Option<Digest>, steps: Vec<Pair>) -> bool {
    let mut reached = vec![before];
    let mut steps = steps;
    while let Some(at) = steps.iter().position(|(from, _)| reached.contains(from)) {
        let (_, to) = steps.swap_remove(at);
        if to == after {
            return true;
        }
        reached.push(to);
    }
    false
}

/// Whether an act is signed by whoever had the authority before the commit: a grant never justifies itself.
fn is_proven(arrival: &Arrival, step: &Step) -> bool {
    if !is_governed(arrival.value().kind, &step.before) {
        return false;
    }
    step.sides.iter().all(|side| is_proven_by(arrival, side, step.clock.day()))
}

/// Whether a standing knows the key that signed an act, and the authority for it.
pub(super) fn is_proven_by(arrival: &Arrival, standing: &Standing, today: NaiveDate) -> bool {
    matches!(arrival.signature(standing, today), Signature::Good { own: true, .. })
        && matches!(arrival.authority(standing, today), Authority::Held { .. })
}

fn unproven(step: &Step, changed: &Changed, kind: ActKind, signer: &Signer, is_usual: bool) -> Finding {
    let standing = step.before.as_ref();
    let what = match (changed.before, changed.after) {
        (None, _) => "comes into the record",
        (Some(_), None) => "goes out of the record",
        (Some(_), Some(_)) => "changes",
    };
    let path = &changed.path;
    let place = Place::file(path);
    let by_signature = "whoever may looks at it and confirms it: liaison record-change";
    if step.is_merge {
        let message = format!("the merge itself changes {path}: it is neither side's, nor what git makes of both");
        return Finding::plain(Code::MergeOwnChange, message).at(place).help(by_signature);
    }
    if let Signer::Person { person, .. } = signer
        && !may(person, kind, standing, step)
        && !begins(kind, &standing.directory, &standing.settings)
    {
        let message = format!("{path} {what}; {person} signed the commit, and may not change it");
        let help = "[[approval]] in liaison.toml says who may; whoever may takes it back or confirms it";
        return Finding::plain(Code::CommitWithoutAuthority, message).at(place).help(help);
    }
    let message = format!("{path} {what}, and no signed act `{kind}` of somebody with authority says so");
    let finding = Finding::plain(Code::MainlineChangeUnsigned, message).at(place);
    let confirm = "`git show` the commit; whoever may looks at it and confirms it: liaison record-change";
    let first = "; a first key has nobody before it: look at it, then git config liaison.trustRoot COMMIT";
    let is_person = path.starts_with("directory/people/");
    let finding = finding.help(if is_person { format!("{confirm}{first}") } else { confirm.to_owned() });
    let wanted = wanted_grade(kind, &standing.directory, &standing.settings, step.clock.day());
    if is_usual && wanted == Grade::Signed { Finding { severity: Severity::Error, ..finding } } else { finding }
}

fn may(person: &str, kind: ActKind, standing: &Standing, step: &Step) -> bool {
    may_do(person, kind.as_str(), &[], &standing.directory, &standing.settings, step.clock.day()).is_some()
}

/// Whether the record had acts about directory or policy before: from then on its people know how such a change is signed.
fn has_such_acts(shelf: &Shelf<'_>, step: &Step) -> Result<bool, AuditError> {
    let folder = step.tree_before.map_or(Ok(None), |tree| node_at(shelf, tree, "trust/acts"));
    let listed = folder.and_then(|folder| folder.map_or(Ok(Vec::new()), |node| files_below(shelf, node.id, "")));
    match listed {
        Ok(listed) => Ok(listed.iter().any(|(name, _)| name.contains("Z-directory-") || name.contains("Z-policy-"))),
        Err(TreeError::Fault(_)) => Ok(false),
        Err(TreeError::Audit(error)) => Err(error),
    }
}

/// Keys that a commit writes into the files of two people: a signature must lead to one person.
pub(super) fn newly_shared(step: &Step) -> Vec<Finding> {
    if std::sync::Arc::ptr_eq(&step.before, &step.after) {
        return Vec::new();
    }
    let old = shared_keys(&step.before);
    let new = shared_keys(&step.after).into_iter().filter(|pair| !old.contains(pair));
    new.map(|(key, people)| of_two_people(&key, &people)).collect()
}

/// The keys that stand in the files of two people, by their fingerprints.
pub(super) fn shared_keys(standing: &Standing) -> Vec<(String, Vec<String>)> {
    let mut known: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (fingerprint, person, _) in standing.known() {
        let people = known.entry(fingerprint).or_default();
        if !people.iter().any(|known| known == person) {
            people.push(person.to_owned());
        }
    }
    known.into_iter().filter(|(_, people)| people.len() > 1).collect()
}

/// What is said of such a key.
pub(super) fn of_two_people(key: &str, people: &[String]) -> Finding {
    let message = format!("the key {key} stands in the files of {}", people.join(" and "));
    let place = people.last().map(|person| Place::file(format!("directory/people/{person}.toml")));
    Finding::plain(Code::KeyOfTwoPeople, message)
        .at(place.unwrap_or_default())
        .help("a signature leads to one person; the key goes out of the other file")
}

/// The ends of terms that a commit records, and the keys that it calls compromised.
pub(super) fn recorded(step: &Step, facts: &mut Facts) {
    if std::sync::Arc::ptr_eq(&step.before, &step.after) {
        return;
    }
    let until = |standing: &Standing, group: &str, role: &str, person: &str, since: Option<chrono::NaiveDate>| {
        let group = standing.directory.groups.get(group)?;
        let same =
            |term: &&crate::directory::RoleTerm| term.role == role && term.person == person && term.term.since == since;
        group.value.roles.iter().find(same).map(|term| term.term.until)
    };
    for (name, group) in &step.after.directory.groups {
        for term in &group.value.roles {
            let before = until(&step.before, name, &term.role, &term.person, term.term.since);
            let (Some(before), Some(now)) = (before, term.term.until) else { continue };
            if before.is_none_or(|before| before > now) {
                facts.ended.push(super::facts::EndFact {
                    group: name.clone(),
                    role: term.role.clone(),
                    person: term.person.clone(),
                    until: now.to_string(),
                });
            }
        }
    }
    for (fingerprint, _, key) in step.after.known() {
        if let Some(since) = &key.compromised {
            facts.suspects.insert(fingerprint, since.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_lead_from_one_state_to_another() {
        let of = |text: &str| Some(Digest::of(text.as_bytes()));
        let (a, b, c) = (of("a"), of("b"), of("c"));
        assert!(leads(a, b, vec![(a, b)]));
        assert!(leads(a, c, vec![(b, c), (a, b)]), "a squash of two changes");
        assert!(leads(None, c, vec![(None, b), (b, c)]));
        assert!(!leads(a, c, vec![(a, b)]));
        assert!(!leads(a, c, vec![(b, c)]));
        assert!(!leads(a, a, vec![]));
    }
}
