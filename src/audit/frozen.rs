//! What never changes: numbered letters with their folders, stubs, and acts from the day they are written.

use super::arrival::Arrival;
use super::changes::Changed;
use super::governance::is_proven_by;
use super::step::{Step, is_moved};
use super::tree::Node;
use crate::domain::{Act, StatementName};
use crate::findings::{Code, Finding, Place, Severity};
use crate::record::redacted_files;
use crate::store::layout::{Slot, classify};

/// How sure it is that the mainline had a file before a commit touched it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Had {
    /// The mainline had it.
    Mainline,
    /// Only the branch, as far as the history tells.
    Branch,
}

/// A file that is written once.
enum Once {
    /// A numbered letter, or a file of its folder.
    Frozen(StatementName),
    /// An act of a draft, or of the trust root.
    Act,
    /// A numbered draft's stub.
    Stub,
}

/// Reports what a commit does to files that are written once. `had` tells whether the mainline had a file; `is_stub` whether an
/// object is a stub.
pub(super) fn touched(step: &Step, had: &dyn Fn(&str, Node) -> Had, is_stub: &dyn Fn(Node) -> bool) -> Vec<Finding> {
    let mut findings = Vec::new();
    for changed in &step.own {
        let Some(before) = changed.before else { continue };
        let Some(once) = once(&changed.path, before, is_stub).filter(|_| !step.untold.contains(&changed.path)) else {
            continue;
        };
        if is_leaving(changed, step) || is_renumbered(changed, &once, step, had) || is_redacted(changed, &once, step) {
            continue;
        }
        findings.push(finding(changed, &once, step, had(&changed.path, before)));
    }
    findings
}

fn once(path: &str, before: Node, is_stub: &dyn Fn(Node) -> bool) -> Option<Once> {
    if path.starts_with("trust/acts/") {
        return Some(Once::Act);
    }
    let is_act = classify(path).act_of().is_some();
    let is_letter = matches!(classify(path), Slot::Letter(_));
    let name = classify(path).letter()?;
    if !name.is_draft() {
        return Some(Once::Frozen(name));
    }
    if is_act { Some(Once::Act) } else { (is_letter && is_stub(before)).then_some(Once::Stub) }
}

/// Whether a draft's act goes along when the draft is numbered.
fn is_leaving(changed: &Changed, step: &Step) -> bool {
    let arrives = |other: &Changed| other.after == changed.before && is_moved(other, &step.own);
    let is_of_draft = matches!(classify(&changed.path), Slot::Act(name, _) if name.is_draft());
    is_of_draft && changed.after.is_none() && step.own.iter().any(arrives)
}

/// Whether a letter that only the branch has takes another number, with all its files.
fn is_renumbered(changed: &Changed, once: &Once, step: &Step, had: &dyn Fn(&str, Node) -> Had) -> bool {
    let Some(before) = changed.before else { return false };
    if had(&changed.path, before) == Had::Mainline {
        return false;
    }
    match once {
        Once::Stub => {
            step.revisions.stubs.iter().any(|(_, _, blob)| changed.after.is_some_and(|node| node.id == *blob))
        }
        Once::Frozen(_) => {
            let elsewhere = |other: &Changed| other.before.is_none() && other.after == changed.before;
            changed.after.is_none() && step.own.iter().any(elsewhere)
        }
        Once::Act => false,
    }
}

/// Whether a letter's bytes are removed by whoever may: where a trust root counts, by enough of its holders; else with a signed
/// act `redact` in the same commit that names the file. An act is never redacted.
fn is_redacted(changed: &Changed, once: &Once, step: &Step) -> bool {
    let Once::Frozen(name) = once else { return false };
    if classify(&changed.path).act_of().is_some() {
        return false;
    }
    let beside = changed.path.strip_prefix(&format!("{}/", name.stem())).map(str::to_owned);
    // What goes beside a letter goes for good; in the place of the letter itself a tombstone stands.
    let is_removal = if beside.is_some() { changed.after.is_none() } else { step.revisions.tombstones.contains(name) };
    let file = beside.unwrap_or_else(|| format!("{name}.yaml"));
    if let Some(lets_go) = step.redactions.lets_go(&changed.path) {
        return is_removal && lets_go;
    }
    let names = |act: &Act| redacted_files(act).is_some_and(|files| files.iter().any(|one| one.file == file));
    let redacts = |arrival: &&Arrival| arrival.letter.as_ref() == Some(name) && names(arrival.value());
    let is_proven = |arrival: &Arrival| step.sides.iter().all(|side| is_proven_by(arrival, side, step.clock.day()));
    is_removal && step.arrivals.iter().filter(redacts).any(is_proven)
}

fn finding(changed: &Changed, once: &Once, step: &Step, had: Had) -> Finding {
    let path = &changed.path;
    let gone = changed.after.is_none();
    let to = step.own.iter().find(|other| other.before.is_none() && other.after == changed.before);
    let how = match (gone, to) {
        (true, Some(to)) => format!("is renamed to {}", to.path),
        (true, None) => "is removed".to_owned(),
        (false, _) => "is changed".to_owned(),
    };
    let (code, what) = match once {
        Once::Act => (Code::ActChanged, "an act, which is written once,"),
        Once::Stub => (Code::StubChanged, "a numbered draft's stub"),
        Once::Frozen(_) if matches!(classify(path), Slot::Act(..)) => {
            (Code::ActChanged, "an act, which is written once,")
        }
        Once::Frozen(_) if gone => (Code::FrozenFileRemoved, "a file of a numbered letter"),
        Once::Frozen(_) => (Code::FrozenFileEdited, "a file of a numbered letter"),
    };
    let since = match had {
        Had::Mainline => "and the mainline had it before",
        Had::Branch => "before it was on the mainline",
    };
    let finding = Finding::plain(code, format!("{path}, {what} {how}, {since}"));
    let finding = finding
        .at(Place::file(path))
        .help(format!("bring it back as it was: git restore --source {}~ -- {path}", step.id.short()));
    match had {
        Had::Mainline => finding,
        Had::Branch => Finding { severity: Severity::Warning, ..finding },
    }
}

/// Numbered files that a commit takes away, so that none comes back.
pub(super) fn removed(step: &Step) -> Vec<String> {
    let gone = step.own.iter().filter(|changed| changed.after.is_none() && !step.untold.contains(&changed.path));
    gone.filter(|changed| is_numbered(&changed.path)).map(|changed| changed.path.clone()).collect()
}

/// Numbered files that a commit brings.
pub(super) fn added(step: &Step) -> Vec<String> {
    let new = step.own.iter().filter(|changed| changed.before.is_none());
    new.filter(|changed| is_numbered(&changed.path)).map(|changed| changed.path.clone()).collect()
}

/// Whether a path is a numbered letter's, or of its folder.
pub(super) fn is_numbered(path: &str) -> bool {
    classify(path).letter().is_some_and(|name| !name.is_draft())
}

/// Reports a number's file that was taken away before.
pub(super) fn returned(path: &str) -> Finding {
    let message = format!("{path} was taken away before, and comes back");
    Finding::plain(Code::FrozenFileReturned, message)
        .at(Place::file(path))
        .help("a number belongs to one letter for ever; a new letter takes the next number")
}
