//! What only the whole history tells: ends recorded late, keys that turned out compromised, what was confirmed later.

use std::collections::BTreeSet;

use super::chronicle::{Chronicle, Confirmation};
use super::confirm::confirmed;
use super::facts::EndFact;
use super::governance::{of_two_people, shared_keys};
use super::graph::Index;
use super::ground::Ground;
use super::object::{AuditError, ObjectId};
use super::past::{Past, PastAct};
use super::run::Auditor;
use super::standing::Standing;
use super::{outbox, trust, untold};
use crate::domain::{ActKind, Digest, StatementName};
use crate::findings::{Code, Finding, Place};

/// What somebody laid under a number is settled when it is gone, or told of.
const LAID_THERE: [Code; 3] = [Code::ReceiptMissing, Code::AttachmentUnlisted, Code::MergeOwnChange];

/// What cannot be read, or does not belong there, is settled when it is gone. That an act or a letter went is told by itself.
const UNTIL_IT_IS_GONE: [Code; 2] = [Code::OutboxTracked, Code::RecordUnreadable];

/// Adds what the whole tells, and drops what was settled later.
pub(super) fn settle(auditor: &mut Auditor<'_>, root: Index) -> Result<(), AuditError> {
    let mut findings = gaps(auditor);
    findings.extend(suspects(auditor));
    findings.extend(unknown_contents(auditor, root)?);
    findings.extend(strangers(auditor));
    auditor.found.extend(findings);
    drop_settled(auditor)
}

/// Acts of the days between the end of a term and the commit that records it.
fn gaps(auditor: &Auditor<'_>) -> Vec<(Index, Finding)> {
    let Ground { graph, past, .. } = &auditor.ground;
    let mut findings = Vec::new();
    for (at, end) in &auditor.chronicle.ended {
        let recorded = graph.order(*at);
        let within = |act: &PastAct| Some(act.order) < recorded && act.decides;
        for act in past.acts_after(end).into_iter().filter(within) {
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

/// Acts by keys that the record calls compromised: what came before the suspect commit holds.
fn suspects(auditor: &Auditor<'_>) -> Vec<(Index, Finding)> {
    let Ground { graph, past, .. } = &auditor.ground;
    let mut findings = Vec::new();
    for (key, since) in &auditor.chronicle.suspects {
        let acts = past.acts_with(key);
        let commit = ObjectId::parse(since).and_then(|id| graph.place(id));
        let first = acts.iter().map(|act| act.index).min().unwrap_or_default();
        let earlier = commit.map(|commit| graph.before(commit, first)).unwrap_or_default();
        for act in acts.iter().filter(|act| !earlier.contains(&act.index)) {
            let known = if commit.is_some() { "" } else { ", which the history does not have" };
            let message =
                format!("`{}` by {} is signed with a key that is compromised since {since}{known}", act.word(), act.by);
            let finding = Finding::plain(Code::KeyCompromised, message).at(Place::file(&*act.path));
            let help = "whoever has authority today looks at it, and ratifies it, approves anew or revokes it";
            findings.push((act.index, finding.help(help)));
        }
    }
    findings
}

/// Decisions about a content that the letter never had in this history.
fn unknown_contents(auditor: &Auditor<'_>, root: Index) -> Result<Vec<(Index, Finding)>, AuditError> {
    let past = auditor.ground.past;
    let mut findings = Vec::new();
    for act in past.doubtful() {
        let Some(content) = act.content else { continue };
        if past.had(&act.subject, &content.to_string()) || is_of_root(auditor, root, &act, content)? {
            past.doubt_no_more(&act);
            continue;
        }
        let message =
            format!("`{}` by {} is about a content that {} never had in this history", act.word(), act.by, act.subject);
        let finding = Finding::plain(Code::ActContentUnknown, message).at(Place::file(&*act.path));
        let help = "a squash drops what was approved and changed again; else the act is of another text";
        findings.push((act.index, finding.help(help)));
    }
    Ok(findings)
}

/// Whether a letter had a content at the root already.
fn is_of_root(auditor: &Auditor<'_>, root: Index, act: &PastAct, content: Digest) -> Result<bool, AuditError> {
    let names = [StatementName::parse(&act.subject).ok(), crate::store::layout::classify(&act.path).act_of()];
    let Some(tree) = auditor.ground.tree(root)? else { return Ok(false) };
    let standing = auditor.ground.standing(Some(root))?;
    for name in names.into_iter().flatten() {
        let letter = auditor.ground.letter(tree, &name, &standing)?;
        if letter.is_some_and(|letter| letter.content == content) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Signatures of commits that prove nothing here: told once for each key and kind.
fn strangers(auditor: &Auditor<'_>) -> Vec<(Index, Finding)> {
    let told = |(kind, first, count): (String, Index, usize)| {
        let commits = if count == 1 { "1 commit".to_owned() } else { format!("{count} commits, this one first,") };
        let finding = match kind.strip_prefix("key ") {
            Some(key) => Finding::plain(Code::KeyUnknown, format!("{commits} signed with the key {key}, which is nobody's in the directory"))
                .help("if it is somebody's: liaison person key add HANDLE --ssh FILE; a forge's key proves nothing of persons"),
            None => Finding::plain(Code::SignatureUnsupported, format!("{commits} with {kind} signatures, which this program does not verify yet"))
                .help("git verify-commit checks them; acts are judged by their own signatures"),
        };
        (first, finding)
    };
    auditor.ground.past.strangers().into_iter().map(told).collect()
}

fn drop_settled(auditor: &mut Auditor<'_>) -> Result<(), AuditError> {
    let confirmed = confirmed(auditor)?;
    let (roots, is_open) = roots(auditor)?;
    let shared = shared(auditor)?;
    let mended = mended(auditor)?;
    let known = auditor.ground.standing(auditor.ground.graph.newest())?;
    let chronicle = &auditor.chronicle;
    let past = auditor.ground.past;
    let ratified = |path: &str| past.acts_at(path).iter().any(|act| chronicle.settled.contains(&act.subject));
    let is_settled = |(index, finding): &(Index, Finding)| {
        let (code, file) = (finding.code, &finding.place.file);
        if [Code::ReaffirmationWanted, Code::TermEndedLate, Code::KeyCompromised].contains(&code) {
            return is_reaffirmed(file, past) || is_confirmed_anew(file, &auditor.ground, chronicle);
        }
        if [Code::MainlineChangeUnsigned, Code::CommitWithoutAuthority].contains(&code) {
            return confirmed.contains(&(*index, file.clone()));
        }
        if code == Code::ActUnproven {
            return is_proven_anew(file, past);
        }
        if LAID_THERE.contains(&code) || UNTIL_IT_IS_GONE.contains(&code) {
            let is_confirmed = code == Code::MergeOwnChange && confirmed.contains(&(*index, file.clone()));
            return mended.contains(file) || is_confirmed;
        }
        if code == Code::UnknownPerson {
            return is_known_now(file, &known, past);
        }
        if code == Code::KeyOfTwoPeople {
            return !shared.contains(&finding.message);
        }
        if code == Code::TrustRootUnsigned {
            // A version that was completed, or that another one or none stands in place of.
            let left = chronicle.unproven.get(index).into_iter().flatten();
            return !is_open || left.map(|(_, digest)| digest).any(|digest| roots.contains(digest));
        }
        code == Code::DepartureUnapproved && ratified(file)
    };
    auditor.found.retain(|one| !is_settled(one));
    Ok(())
}

/// The paths that somebody laid there and that are gone by now or told of.
fn mended(auditor: &Auditor<'_>) -> Result<BTreeSet<String>, AuditError> {
    let mut mended = BTreeSet::new();
    let ground = &auditor.ground;
    for Finding { code, place, .. } in auditor.found.iter().map(|(_, finding)| finding) {
        let is_mended = match code {
            code if LAID_THERE.contains(code) => untold::is_mended(ground, &place.file)?,
            code if UNTIL_IT_IS_GONE.contains(code) => !outbox::is_there(ground, &place.file)?,
            _ => false,
        };
        if is_mended {
            mended.insert(place.file.clone());
        }
    }
    Ok(mended)
}

/// What is wrong today with keys that stand in the files of two people.
fn shared(auditor: &Auditor<'_>) -> Result<Vec<String>, AuditError> {
    let standing = auditor.ground.standing(auditor.ground.graph.newest())?;
    Ok(shared_keys(&standing).into_iter().map(|(key, people)| of_two_people(&key, &people).message).collect())
}

/// The digests of the trust root's versions that count today, and whether a version waits for signatures.
fn roots(auditor: &Auditor<'_>) -> Result<(Vec<String>, bool), AuditError> {
    let ground = &auditor.ground;
    let newest = ground.graph.newest();
    let tree = newest.map_or(Ok(None), |newest| ground.tree(newest))?;
    let standing = ground.standing(newest)?;
    let counting = trust::counting(ground, tree, &standing)?;
    Ok((counting.iter().map(ToString::to_string).collect(), trust::is_open(ground, tree, &standing)?))
}

/// Whether somebody with authority decided later what an act of a file had decided, with nothing wrong.
fn is_reaffirmed(file: &str, past: &Past) -> bool {
    let Some(act) = past.acts_at(file).into_iter().next() else { return false };
    let again = |other: &PastAct| {
        let is_same = other.content == act.content || other.kind == Some(ActKind::Ratify);
        let covers = act.groups.iter().all(|group| other.groups.contains(group));
        let agrees =
            matches!(other.kind, Some(ActKind::Approve | ActKind::Ratify)) && act.kind != Some(ActKind::Decline);
        let is_anew = act.content.is_some() && act.decides && other.decides && other.kind == act.kind;
        let is_later = other.order > act.order && other.path != act.path && other.is_good;
        is_later && is_same && covers && (agrees || is_anew)
    };
    past.acts_about(&act.subject).iter().any(again)
}

/// Whether the files that an act of a file changed are vouched for by a later act, with nothing wrong.
fn is_confirmed_anew(file: &str, ground: &Ground<'_>, chronicle: &Chronicle) -> bool {
    let Ground { graph, past, .. } = ground;
    let confirmations = &chronicle.confirmations;
    let is_good = |act: &str| past.acts_at(act).iter().any(|act| act.is_good);
    let is_later = |one: &Confirmation, other: &Confirmation| graph.order(other.index) > graph.order(one.index);
    let mut own = confirmations.iter().filter(|one| one.act == *file).peekable();
    let confirmed = |one: &Confirmation| {
        let mut others = confirmations.iter().filter(|other| other.path == one.path);
        others.any(|other| is_later(one, other) && is_good(&other.act))
    };
    own.peek().is_some() && own.all(confirmed)
}

/// Whether whoever an act of a file names said exactly the same later, with a signature and nothing wrong.
fn is_proven_anew(file: &str, past: &Past) -> bool {
    let Some(act) = past.acts_at(file).into_iter().next() else { return false };
    let is_later = |other: &&PastAct| other.order > act.order && other.is_good && other.is_signed;
    // Whoever wrote it by hand may have left out of which content it is.
    let is_of_it = |other: &PastAct| act.content.is_none() || other.content == act.content;
    let is_same =
        |other: &PastAct| other.by == act.by && other.kind == act.kind && other.says == act.says && is_of_it(other);
    past.acts_about(&act.subject).iter().filter(is_later).any(is_same)
}

/// Whether whom an act of a file names is in the directory by now.
fn is_known_now(file: &str, standing: &Standing, past: &Past) -> bool {
    let is_known = |handle: &str| standing.directory.people.contains_key(handle);
    let acts = past.acts_at(file);
    !acts.is_empty()
        && acts.iter().all(|act| is_known(&act.by) && (act.recorded_by.is_empty() || is_known(&act.recorded_by)))
}
