//! What only the whole history tells: ends recorded late, keys that turned out compromised, what was confirmed later.

use std::collections::{BTreeMap, BTreeSet};

use super::facts::{ActFact, EndFact};
use super::graph::Index;
use super::object::{AuditError, ObjectId};
use super::run::Auditor;
use super::step::letter_at;
use crate::domain::StatementName;
use crate::findings::{Code, Finding, Place};

/// Adds what the whole tells, and drops what was settled later.
pub(super) fn settle(auditor: &mut Auditor<'_>, root: Index) -> Result<(), AuditError> {
    let mut findings = gaps(auditor);
    findings.extend(suspects(auditor));
    findings.extend(unknown_contents(auditor, root)?);
    findings.extend(foreign(auditor));
    auditor.found.extend(findings);
    drop_settled(auditor);
    Ok(())
}

fn acts<'a>(auditor: &'a Auditor<'_>) -> impl Iterator<Item = (Index, &'a ActFact)> {
    auditor.facts.iter().flat_map(|(index, facts)| facts.acts.iter().map(move |act| (*index, act)))
}

/// Acts of the days between the end of a term and the commit that records it.
fn gaps(auditor: &Auditor<'_>) -> Vec<(Index, Finding)> {
    let ends = auditor.facts.iter().flat_map(|(index, facts)| facts.ended.iter().map(move |end| (*index, end)));
    let mut findings = Vec::new();
    for (at, end) in ends {
        let within = |(index, act): &(Index, &ActFact)| *index < at && is_of(act, end) && act.day >= end.until;
        for (_, act) in acts(auditor).filter(within) {
            let EndFact { person, role, group, until } = end;
            let message = format!(
                "the term of {person} as {role} of {group} ended on {until}, which was recorded only after {} of {}",
                act.kind, act.day
            );
            let finding = Finding::plain(Code::TermEndedLate, message).at(Place::file(&act.path));
            findings.push((
                at,
                finding.help("whoever holds the role today agrees: liaison approve, or ratify; or revokes it"),
            ));
        }
    }
    findings
}

/// Whether an act decides something in a role at a group.
fn is_of(act: &ActFact, end: &EndFact) -> bool {
    let decides = crate::domain::ActKind::parse(&act.kind).is_some_and(|kind| super::authority::needed(kind).is_some());
    decides && act.by == end.person && act.role == end.role && act.of == end.group
}

/// Acts by keys that the record calls compromised: what came before the suspect commit holds.
fn suspects(auditor: &Auditor<'_>) -> Vec<(Index, Finding)> {
    let mut latest: BTreeMap<&str, &str> = BTreeMap::new();
    for (_, facts) in &auditor.facts {
        latest.extend(facts.suspects.iter().map(|(key, since)| (key.as_str(), since.as_str())));
    }
    let mut findings = Vec::new();
    for (key, since) in latest {
        let commit = ObjectId::parse(since).and_then(|id| auditor.graph.place(id));
        for (index, act) in acts(auditor).filter(|(_, act)| act.key == key) {
            let is_earlier = commit.is_some_and(|commit| index != commit && auditor.graph.is_before(index, commit));
            if !is_earlier {
                let known = if commit.is_some() { "" } else { ", which the history does not have" };
                let message = format!(
                    "`{}` by {} is signed with a key that is compromised since {since}{known}",
                    act.kind, act.by
                );
                let finding = Finding::plain(Code::KeyCompromised, message).at(Place::file(&act.path));
                let help = "whoever has authority today looks at it, and ratifies it, approves anew or revokes it";
                findings.push((index, finding.help(help)));
            }
        }
    }
    findings
}

/// Decisions about a content that the letter never had in this history.
fn unknown_contents(auditor: &mut Auditor<'_>, root: Index) -> Result<Vec<(Index, Finding)>, AuditError> {
    let mut known: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut drafts: BTreeMap<&str, &str> = BTreeMap::new();
    for (_, facts) in &auditor.facts {
        drafts.extend(facts.stubs.iter().map(|(slug, number, _)| (number.as_str(), slug.as_str())));
    }
    for (name, digest) in auditor.facts.iter().flat_map(|(_, facts)| &facts.revisions) {
        let subject = drafts.get(name.as_str()).copied().unwrap_or(name);
        known.entry(subject.to_owned()).or_default().insert(digest.clone());
    }
    let open: Vec<(Index, ActFact)> = acts(auditor)
        .filter(|(_, act)| {
            !act.content.is_empty() && !known.get(&act.subject).is_some_and(|known| known.contains(&act.content))
        })
        .map(|(index, act)| (index, act.clone()))
        .collect();
    let mut findings = Vec::new();
    for (index, act) in open {
        if !is_of_root(auditor, root, &act)? {
            let message = format!(
                "`{}` by {} is about a content that {} never had in this history",
                act.kind, act.by, act.subject
            );
            let finding = Finding::plain(Code::ActContentUnknown, message).at(Place::file(&act.path));
            findings.push((
                index,
                finding.help("a squash drops what was approved and changed again; else the act is of another text"),
            ));
        }
    }
    Ok(findings)
}

/// Whether a letter had a content at the root already.
fn is_of_root(auditor: &mut Auditor<'_>, root: Index, act: &ActFact) -> Result<bool, AuditError> {
    let names = [StatementName::parse(&act.subject).ok(), crate::store::layout::classify(&act.path).act_of()];
    let Some(tree) = auditor.tree(root)? else { return Ok(false) };
    let standing = auditor.standing(Some(root))?;
    for name in names.into_iter().flatten() {
        let letter = letter_at(auditor.objects, tree, &name, None, &standing)?;
        if letter.is_some_and(|letter| letter.content.to_string() == act.content) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Signatures of commits that prove nothing here: told once for each key and kind.
fn foreign(auditor: &Auditor<'_>) -> Vec<(Index, Finding)> {
    let mut kinds: BTreeMap<&str, (Index, usize)> = BTreeMap::new();
    for (index, facts) in auditor.facts.iter().filter(|(_, facts)| !facts.foreign.is_empty()) {
        kinds.entry(&facts.foreign).or_insert((*index, 0)).1 += 1;
    }
    let told = |(kind, (first, count)): (&str, (Index, usize))| {
        let commits = if count == 1 { "1 commit".to_owned() } else { format!("{count} commits, this one first,") };
        let finding = match kind.strip_prefix("key ") {
            Some(key) => Finding::plain(Code::KeyUnknown, format!("{commits} signed with the key {key}, which is nobody's in the directory"))
                .help("if it is somebody's: liaison person key add HANDLE --ssh FILE; a forge's key proves nothing of persons"),
            None => Finding::plain(Code::SignatureUnsupported, format!("{commits} with {kind} signatures, which this program does not verify yet"))
                .help("git verify-commit checks them; acts are judged by their own signatures"),
        };
        (first, finding)
    };
    kinds.into_iter().map(told).collect()
}

fn drop_settled(auditor: &mut Auditor<'_>) {
    let settled: Vec<String> = auditor.facts.iter().flat_map(|(_, facts)| facts.settled.clone()).collect();
    let proven: BTreeMap<(String, String), Index> = auditor
        .facts
        .iter()
        .flat_map(|(index, facts)| facts.proven.iter().map(move |proof| (proof.clone(), *index)))
        .collect();
    let all: Vec<(Index, ActFact)> = acts(auditor).map(|(index, act)| (index, act.clone())).collect();
    let found = std::mem::take(&mut auditor.found);
    let is_settled = |(index, finding): &(Index, Finding)| {
        let code = finding.code;
        if [Code::ReaffirmationWanted, Code::TermEndedLate, Code::KeyCompromised].contains(&code) {
            return is_reaffirmed(finding, &all);
        }
        if [Code::MainlineChangeUnsigned, Code::CommitWithoutAuthority, Code::MergeOwnChange].contains(&code) {
            let unproven = auditor.facts_of(*index).map(|facts| facts.unproven.as_slice()).unwrap_or_default();
            let mut of_file = unproven.iter().filter(|(path, _)| *path == finding.place.file);
            return of_file.any(|change| proven.get(change).is_some_and(|at| at > index));
        }
        code == Code::DepartureUnapproved
            && all.iter().any(|(_, act)| act.path == finding.place.file && settled.contains(&act.subject))
    };
    auditor.found = found.into_iter().filter(|one| !is_settled(one)).collect();
}

/// Whether somebody with authority decided the same later, with nothing wrong.
fn is_reaffirmed(finding: &Finding, acts: &[(Index, ActFact)]) -> bool {
    let Some((at, act)) = acts.iter().find(|(_, act)| act.path == finding.place.file) else { return false };
    let again = |(index, other): &&(Index, ActFact)| {
        let is_same = other.subject == act.subject && (other.content == act.content || other.kind == "ratify");
        let covers = act.groups.iter().all(|group| other.groups.contains(group));
        let agrees = matches!(other.kind.as_str(), "approve" | "ratify") && act.kind != "decline";
        index > at && other.path != act.path && is_same && covers && agrees && other.is_good
    };
    acts.iter().any(|other| again(&other))
}
