//! What only the whole history tells: ends recorded late, keys that turned out compromised, what was confirmed later.

use std::collections::HashSet;

use super::chronicle::{Chronicle, PastAct};
use super::confirm::confirmed;
use super::facts::EndFact;
use super::governance::{of_two_people, shared_keys};
use super::graph::Index;
use super::object::{AuditError, ObjectId};
use super::run::Auditor;
use super::step::letter_at;
use crate::domain::{ActKind, Digest, StatementName};
use crate::findings::{Code, Finding, Place};

/// Adds what the whole tells, and drops what was settled later.
pub(super) fn settle(auditor: &mut Auditor<'_>, root: Index) -> Result<(), AuditError> {
    let mut findings = gaps(auditor);
    findings.extend(suspects(auditor));
    findings.extend(unknown_contents(auditor, root)?);
    findings.extend(foreign(auditor));
    auditor.found.extend(findings);
    drop_settled(auditor)
}

/// Acts of the days between the end of a term and the commit that records it.
fn gaps(auditor: &Auditor<'_>) -> Vec<(Index, Finding)> {
    let mut findings = Vec::new();
    for (at, end) in &auditor.chronicle.ended {
        let within = |act: &&PastAct| act.index < *at && is_of(act, end) && *act.day >= *end.until;
        for act in auditor.chronicle.acts.iter().filter(within) {
            let EndFact { person, role, group, until } = end;
            let message = format!(
                "the term of {person} as {role} of {group} ended on {until}, which was recorded only after {} of {}",
                act.word(),
                act.day
            );
            let finding = Finding::plain(Code::TermEndedLate, message).at(Place::file(&*act.path));
            findings.push((
                *at,
                finding.help("whoever holds the role today agrees: liaison approve, or ratify; or revokes it"),
            ));
        }
    }
    findings
}

/// Whether an act decides something in a role at a group.
fn is_of(act: &PastAct, end: &EndFact) -> bool {
    act.decides && *act.by == *end.person && *act.role == *end.role && *act.of == *end.group
}

/// Acts by keys that the record calls compromised: what came before the suspect commit holds.
fn suspects(auditor: &Auditor<'_>) -> Vec<(Index, Finding)> {
    let graph = &auditor.ground.graph;
    let mut findings = Vec::new();
    for (key, since) in &auditor.chronicle.suspects {
        let commit = ObjectId::parse(since).and_then(|id| graph.place(id));
        for act in auditor.chronicle.acts.iter().filter(|act| *act.key == **key) {
            let is_earlier = commit.is_some_and(|commit| act.index != commit && graph.is_before(act.index, commit));
            if !is_earlier {
                let known = if commit.is_some() { "" } else { ", which the history does not have" };
                let message = format!(
                    "`{}` by {} is signed with a key that is compromised since {since}{known}",
                    act.word(),
                    act.by
                );
                let finding = Finding::plain(Code::KeyCompromised, message).at(Place::file(&*act.path));
                let help = "whoever has authority today looks at it, and ratifies it, approves anew or revokes it";
                findings.push((act.index, finding.help(help)));
            }
        }
    }
    findings
}

/// Decisions about a content that the letter never had in this history.
fn unknown_contents(auditor: &Auditor<'_>, root: Index) -> Result<Vec<(Index, Finding)>, AuditError> {
    let chronicle = &auditor.chronicle;
    let subject = |name: &'_ str| chronicle.drafts.get(name).map(String::as_str);
    let revisions = chronicle.revisions.iter();
    let known: HashSet<(&str, Digest)> =
        revisions.filter_map(|(name, digest)| Some((subject(name).unwrap_or(name), (*digest)?))).collect();
    let mut findings = Vec::new();
    for act in &chronicle.acts {
        let Some(content) = act.content.filter(|content| !known.contains(&(&act.subject, *content))) else { continue };
        if !is_of_root(auditor, root, act, content)? {
            let message = format!(
                "`{}` by {} is about a content that {} never had in this history",
                act.word(),
                act.by,
                act.subject
            );
            let finding = Finding::plain(Code::ActContentUnknown, message).at(Place::file(&*act.path));
            findings.push((
                act.index,
                finding.help("a squash drops what was approved and changed again; else the act is of another text"),
            ));
        }
    }
    Ok(findings)
}

/// Whether a letter had a content at the root already.
fn is_of_root(auditor: &Auditor<'_>, root: Index, act: &PastAct, content: Digest) -> Result<bool, AuditError> {
    let names = [StatementName::parse(&act.subject).ok(), crate::store::layout::classify(&act.path).act_of()];
    let Some(tree) = auditor.ground.tree(root)? else { return Ok(false) };
    let standing = auditor.ground.standing(Some(root))?;
    for name in names.into_iter().flatten() {
        let letter = letter_at(&auditor.ground.shelf, tree, &name, None, &standing)?;
        if letter.is_some_and(|letter| letter.content == content) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Signatures of commits that prove nothing here: told once for each key and kind.
fn foreign(auditor: &Auditor<'_>) -> Vec<(Index, Finding)> {
    let told = |(kind, (first, count)): (&String, &(Index, usize))| {
        let commits = if *count == 1 { "1 commit".to_owned() } else { format!("{count} commits, this one first,") };
        let finding = match kind.strip_prefix("key ") {
            Some(key) => Finding::plain(Code::KeyUnknown, format!("{commits} signed with the key {key}, which is nobody's in the directory"))
                .help("if it is somebody's: liaison person key add HANDLE --ssh FILE; a forge's key proves nothing of persons"),
            None => Finding::plain(Code::SignatureUnsupported, format!("{commits} with {kind} signatures, which this program does not verify yet"))
                .help("git verify-commit checks them; acts are judged by their own signatures"),
        };
        (*first, finding)
    };
    auditor.chronicle.foreign.iter().map(told).collect()
}

fn drop_settled(auditor: &mut Auditor<'_>) -> Result<(), AuditError> {
    let confirmed = confirmed(auditor)?;
    let roots = roots(auditor)?;
    let shared = shared(auditor)?;
    let chronicle = &auditor.chronicle;
    let ratified = |path: &str| {
        let acts = chronicle.acts.iter().filter(|act| *act.path == *path);
        acts.map(|act| &*act.subject).any(|subject| chronicle.settled.contains(subject))
    };
    let is_settled = |(index, finding): &(Index, Finding)| {
        let (code, file) = (finding.code, &finding.place.file);
        if [Code::ReaffirmationWanted, Code::TermEndedLate, Code::KeyCompromised].contains(&code) {
            return is_reaffirmed(file, &chronicle.acts) || is_confirmed_anew(file, chronicle);
        }
        if [Code::MainlineChangeUnsigned, Code::CommitWithoutAuthority, Code::MergeOwnChange].contains(&code) {
            return confirmed.contains(&(*index, file.clone()));
        }
        if code == Code::KeyOfTwoPeople {
            return !shared.contains(&finding.message);
        }
        if code == Code::TrustRootUnsigned {
            let left = chronicle.unproven.get(index).into_iter().flatten();
            return left.map(|(_, digest)| digest).any(|digest| roots.contains(digest));
        }
        code == Code::DepartureUnapproved && ratified(file)
    };
    auditor.found.retain(|one| !is_settled(one));
    Ok(())
}

/// What is wrong today with keys that stand in the files of two people.
fn shared(auditor: &Auditor<'_>) -> Result<Vec<String>, AuditError> {
    let newest = auditor.ground.graph.points.len().checked_sub(1);
    let standing = auditor.ground.standing(newest)?;
    Ok(shared_keys(&standing).into_iter().map(|(key, people)| of_two_people(&key, &people).message).collect())
}

/// The digests of the trust root's versions that count today.
fn roots(auditor: &Auditor<'_>) -> Result<Vec<String>, AuditError> {
    let ground = &auditor.ground;
    let newest = ground.graph.points.len().checked_sub(1);
    let tree = newest.map_or(Ok(None), |newest| ground.tree(newest))?;
    let counting = super::trust::counting(ground, tree, &*ground.standing(newest)?)?;
    Ok(counting.iter().map(ToString::to_string).collect())
}

/// Whether somebody with authority decided later what an act of a file had decided, with nothing wrong.
fn is_reaffirmed(file: &str, acts: &[PastAct]) -> bool {
    let Some(act) = acts.iter().find(|act| *act.path == *file) else { return false };
    let again = |other: &PastAct| {
        let is_same =
            other.subject == act.subject && (other.content == act.content || other.kind == Some(ActKind::Ratify));
        let covers = act.groups.iter().all(|group| other.groups.contains(group));
        let agrees =
            matches!(other.kind, Some(ActKind::Approve | ActKind::Ratify)) && act.kind != Some(ActKind::Decline);
        let is_anew = act.content.is_some() && act.decides && other.decides && other.kind == act.kind;
        let is_later = other.index > act.index && other.path != act.path && other.is_good;
        is_later && is_same && covers && (agrees || is_anew)
    };
    acts.iter().any(again)
}

/// Whether the files that an act of a file changed are vouched for by a later act, with nothing wrong.
fn is_confirmed_anew(file: &str, chronicle: &Chronicle) -> bool {
    let is_good = |act: &str| chronicle.acts.iter().any(|past| *past.path == *act && past.is_good);
    let mut own = chronicle.confirmations.iter().filter(|one| *one.act == *file).peekable();
    let later = |one: &super::chronicle::Confirmation| {
        let mut others = chronicle.confirmations.iter();
        others.any(|other| other.index > one.index && other.path == one.path && is_good(&other.act))
    };
    own.peek().is_some() && own.all(later)
}
