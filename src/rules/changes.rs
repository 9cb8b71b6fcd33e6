//! Rules about the acts that change directory, policy and trust root (docs/trust.md).

use std::collections::{BTreeMap, BTreeSet};

use super::signatures::Acts;
use crate::config::{Grade, Settings};
use crate::directory::{Directory, RootFile};
use crate::domain::{Act, ActKind, Digest, FileChange, Word, changes, kind_of_change};
use crate::findings::{Code, Finding, Place, Severity, sort};
use crate::policy::{Proof, begins, changers, effective_version, may_do, proof, root_standings, wanted_grade};
use crate::shape::Located;

/// The trust root's file.
const ROOT: &str = "trust/root.toml";

/// For each file the newest act that names it, and what that says of it.
type Newest<'a> = BTreeMap<String, (&'a Located<Act>, FileChange)>;

/// The acts on directory, policy and trust root, and everything a rule may ask about them.
#[derive(Debug, Clone, Copy)]
pub struct TrustCase<'a> {
    /// The acts, oldest first.
    pub acts: &'a [Located<Act>],
    /// The present bytes of every file that is there.
    pub present: &'a BTreeMap<String, Digest>,
    /// The trust root, with its former versions.
    pub root: Option<&'a RootFile>,
    /// The trust root as it was, by version.
    pub former: &'a BTreeMap<u64, RootFile>,
    /// Groups and people.
    pub directory: &'a Directory,
    /// What the record says of itself.
    pub settings: &'a Settings,
}

/// Everything that is wrong with them.
pub fn judge_trust(case: &TrustCase<'_>) -> Vec<Finding> {
    let newest = newest(case.acts);
    let is_newest = |act: &Act| newest.values().any(|(known, _)| known.value == *act);
    let acts = Acts {
        acts: case.acts.iter().collect(),
        subject: None,
        directory: case.directory,
        settings: case.settings,
        again: "liaison record-change".into(),
    };
    let mut findings = [acts.invalid(), acts.of_other(), acts.not_valid(|_| true, |act| !is_newest(act))].concat();
    let still_newest = case.acts.iter().filter(|act| is_newest(&act.value));
    findings.extend(still_newest.flat_map(|act| without_authority(act, case).or_else(|| unproven(act, case))));
    findings.extend(unsigned(&newest, case.present));
    findings.extend(case.root.and_then(|root| root_lacks(root, case)));
    sort(&mut findings);
    findings
}

/// The files that are not as their newest act left them, and those that should have an act and have none.
pub fn unsigned_files(acts: &[Located<Act>], present: &BTreeMap<String, Digest>) -> BTreeSet<String> {
    unsigned(&newest(acts), present).into_iter().map(|finding| finding.place.file).collect()
}

/// Those, and the files whose newest act proves nothing: its signature is faulty, it is by somebody without authority, or the
/// table asks for a signature and it has none of that person's.
pub fn unvouched_files(case: &TrustCase<'_>) -> BTreeSet<String> {
    let is_void = |act: &Located<Act>| {
        let proof = proof(&act.value, act.value.kind.as_str(), case.directory, case.settings);
        let is_weak = || without_authority(act, case).or_else(|| unproven(act, case)).is_some();
        matches!(proof, Proof::Faulty(_)) || is_weak()
    };
    let newest = newest(case.acts);
    let void = newest.iter().filter(|(_, (act, _))| is_void(act)).map(|(path, _)| path.clone());
    void.chain(unsigned_files(case.acts, case.present)).collect()
}

/// The files that no act explains which its person signed with authority: the newest such act left another state, or there is
/// none and the file is another one than at the beginning. `began` has the bytes from then.
pub fn unproven_files(case: &TrustCase<'_>, began: &BTreeMap<String, Digest>) -> BTreeSet<String> {
    let proven = proven_states(case);
    let known = case.present.keys().chain(began.keys()).chain(proven.keys());
    let expected = |path: &String| proven.get(path).copied().unwrap_or_else(|| began.get(path).copied());
    known.filter(|path| case.present.get(*path).copied() != expected(path)).cloned().collect()
}

/// The state in which the newest act left a file that its person signed with authority; nothing where it left none.
pub fn proven_states(case: &TrustCase<'_>) -> BTreeMap<String, Option<Digest>> {
    let is_proven = |act: &&Located<Act>| {
        let proof = proof(&act.value, act.value.kind.as_str(), case.directory, case.settings);
        proof.grade(&act.value) == Grade::Signed && without_authority(act, case).is_none()
    };
    let acts = case.acts.iter().filter(is_proven);
    let changes = acts.flat_map(|act| changes(&act.value).unwrap_or_default());
    changes.map(|change| (change.path, change.after)).collect()
}

/// For each file the newest act that names it.
fn newest(acts: &[Located<Act>]) -> Newest<'_> {
    let mut newest = BTreeMap::new();
    for act in acts {
        for change in changes(&act.value).unwrap_or_default() {
            newest.insert(change.path.clone(), (act, change));
        }
    }
    newest
}

/// Reports files that are not as their newest act left them: somebody edited them by hand. In a record with a trust root
/// every file is named by an act; without one, a file may be as old as the record.
fn unsigned(newest: &Newest<'_>, present: &BTreeMap<String, Digest>) -> Vec<Finding> {
    let has_root = present.contains_key(ROOT);
    let unnamed = present.keys().filter(|path| has_root && !newest.contains_key(*path));
    let unnamed = unnamed.map(|path| {
        let finding = Finding::plain(Code::ChangeUnsigned, "the record has a trust root, and no act names this file");
        finding.at(Place::file(path)).help(next_step(path))
    });
    newest.iter().filter_map(|(path, (act, change))| edited(path, act, change, present)).chain(unnamed).collect()
}

fn edited(path: &str, act: &Located<Act>, change: &FileChange, present: &BTreeMap<String, Digest>) -> Option<Finding> {
    let is_there = present.get(path).copied();
    if is_there == change.after {
        return None;
    }
    let what = match (is_there, change.after) {
        (None, _) => "was removed",
        (Some(_), None) => "came back",
        (Some(_), Some(_)) => "changed",
    };
    let act_of = format!("the act `{}` of {} on {}", act.value.kind, act.value.by, act.value.at.day());
    let finding = Finding::plain(Code::ChangeUnsigned, format!("this file {what} after {act_of}"));
    Some(finding.at(Place::file(path)).with(act.place("changes"), "the newest act that names it").help(next_step(path)))
}

fn next_step(path: &str) -> &'static str {
    match kind_of_change(path) {
        Some(ActKind::Trust) => "liaison trust show tells how the trust root stands",
        _ => "liaison record-change shows what changed, and signs it",
    }
}

/// Reports a trust root that lacks signatures, or whose former versions are gone.
fn root_lacks(root: &RootFile, case: &TrustCase<'_>) -> Option<Finding> {
    let standings = match root_standings(root, case.former, case.acts, case.settings) {
        Ok(standings) => standings,
        Err(fault) => {
            let finding = Finding::plain(Code::TrustRootBroken, fault.to_string()).at(root.root.place("version"));
            return Some(finding.help("restore the file from history; a version of the root never vanishes"));
        }
    };
    let lacking = standings.iter().find(|standing| standing.missing > 0)?;
    let counts = effective_version(&standings);
    let counts =
        counts.map_or_else(|| "the record has no root yet".to_owned(), |last| format!("version {last} counts"));
    let message = format!(
        "version {} of the trust root lacks {} of {} signatures; until then {counts}",
        lacking.version, lacking.missing, lacking.signers.threshold
    );
    let open = lacking.signers.holders.iter().filter(|holder| !lacking.signed.contains(holder));
    let names: Vec<&str> = open.map(|holder| case.directory.name_of(&holder.handle)).collect();
    let finding = Finding::plain(Code::TrustRootUnsigned, message).at(root.root.place("threshold"));
    Some(finding.help(format!("liaison trust sign, by {}", names.join(", or "))))
}

/// Reports an act by somebody who had no authority for it on its day. For the trust root only its holders have. Once somebody
/// with authority made a newer act on the same files, it matters no more.
fn without_authority(act: &Located<Act>, case: &TrustCase<'_>) -> Option<Finding> {
    let (Act { kind, by, at, .. }, day) = (&act.value, act.value.at.day());
    let who = changers(*kind, case.directory, case.settings, day);
    let may = || may_do(by.as_str(), kind.as_str(), &[], case.directory, case.settings, day).is_some();
    let is_free = || who.is_empty() && begins(*kind, case.directory, case.settings);
    if *kind == ActKind::Trust || kind.required_details() != ["changes"] || may() || is_free() {
        return None;
    }
    let names: Vec<String> = who
        .iter()
        .map(|holder| format!("{} ({} of {})", case.directory.name_of(holder.person), holder.role, holder.group))
        .collect();
    let name = case.directory.name_of(by.as_str());
    let message = format!("{name} had no authority for the act `{kind}` on {}", at.day());
    let finding = Finding::plain(Code::ChangeWithoutAuthority, message).at(act.place("by"));
    if names.is_empty() {
        let help =
            "nobody had on that day; let whoever may today look at the change, and record it: liaison record-change";
        return Some(finding.help(help));
    }
    Some(finding.help(format!(
        "{} had; let one of them look at the change, and record it: liaison record-change",
        names.join(", or ")
    )))
}

/// Reports an act that its person did not sign, where the approval table asks for that: whoever may push could have written it.
/// A signature that proves nothing is told by itself.
fn unproven(act: &Located<Act>, case: &TrustCase<'_>) -> Option<Finding> {
    let Act { kind, by, at, recorded_by, .. } = &act.value;
    if !matches!(kind, ActKind::Directory | ActKind::Policy) {
        return None;
    }
    let proof = proof(&act.value, kind.as_str(), case.directory, case.settings);
    let wanted = wanted_grade(*kind, case.directory, case.settings, at.day());
    if matches!(proof, Proof::Faulty(_)) || wanted < Grade::Signed || proof.grade(&act.value) >= wanted {
        return None;
    }
    let name = |handle: &Word| case.directory.name_of(handle.as_str()).to_owned();
    let how = match recorded_by {
        Some(recorder) => format!("is recorded by {} for {}", name(recorder), name(by)),
        None => format!("of {} is only asserted", name(by)),
    };
    let message = format!("the act `{kind}` of {} {how}, and the approval table asks for a signature", at.day());
    let finding = Finding { severity: Severity::Error, ..Finding::plain(Code::ChangeUnsigned, message) };
    let (key, who) = (if recorded_by.is_some() { "recorded-by" } else { "by" }, name(by));
    Some(finding.at(act.place(key)).help(format!(
        "{who}, or whoever else may, looks at the change and confirms it with their own key: liaison record-change"
    )))
}
