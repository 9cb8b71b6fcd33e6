//! How removals are told: what was redacted and why, what waits, and who of the trust root's holders stands behind it.

use super::format::terminal_safe;
use super::present::proof_text;
use crate::directory::{Directory, RootHolder};
use crate::domain::{Act, ActKind};
use crate::policy::{Behind, Roots, Waiting, is_of_holder, proof};
use crate::record::Letter;
use crate::store::Record;

/// "2026-11-24 by Rob Registrar: a court said so", of a letter whose words were removed.
pub(crate) fn redaction_text(letter: &Letter, directory: &Directory) -> Option<String> {
    let redaction = letter.redaction()?;
    let day = redaction.at.map(|at| format!("{} ", at.day())).unwrap_or_default();
    let by = redaction.by.as_ref().map_or("nobody", |by| directory.name_of(by.as_str()));
    let reason = redaction.reason.lines().collect::<Vec<_>>().join(" ");
    Some(terminal_safe(&format!("{day}by {by}: {reason}")))
}

/// "ls-2026-031 was redacted 2026-11-24 by Rob Registrar: a court said so".
pub(crate) fn redaction_note(letter: &Letter, directory: &Directory) -> Option<String> {
    redaction_text(letter, directory).map(|told| format!("{} was redacted {told}", letter.name))
}

/// "signed by Ada Example, Carla Sample; the trust root asks for 2 of its holders", of such a letter where a root counts.
pub(crate) fn behind_text(behind: &Behind<'_>, directory: &Directory) -> String {
    let asked = match behind.threshold {
        1 => "1 of its holders".to_owned(),
        count => format!("{count} of its holders"),
    };
    let signed = match behind.signed.as_slice() {
        [] => "signed by nobody who holds the trust root".to_owned(),
        signed => format!("signed by {}", names_text(signed, directory)),
    };
    let counts = if behind.is_enough() { "" } else { ", so it proves nothing" };
    format!("{signed}; the trust root asks for {asked}{counts}")
}

/// How an act is proven. Where a trust root counts on the day of an act `redact`, only the keys that it names prove one.
pub(crate) fn proof_under(roots: &Roots, act: &Act, subject: &str, record: &Record<'_>) -> String {
    let root = roots.at(act.at).filter(|_| act.kind == ActKind::Redact);
    match root {
        None => proof_text(&proof(act, subject, &record.directory, &record.settings), act),
        Some(root) if is_of_holder(act, subject, root, &record.settings) => {
            "signed, with the key that the trust root names".to_owned()
        }
        Some(root) if root.holder(act.by.as_str()).is_none() => {
            format!("no proof: {} does not hold version {} of the trust root", act.by, root.version)
        }
        Some(_) => "no proof: no good signature with the key that the trust root names".to_owned(),
    }
}

/// "a redaction waits for 1 more holder of the trust root", of what some holders signed.
pub(crate) fn removal_text(waiting: &Waiting<'_>) -> String {
    match waiting.missing {
        0 => "a redaction waits to be carried out by a holder of the trust root".to_owned(),
        1 => "a redaction waits for 1 more holder of the trust root".to_owned(),
        missing => format!("a redaction waits for {missing} more holders of the trust root"),
    }
}

/// Who may go on with it: whoever has not signed, or, where enough did, any of the holders.
pub(crate) fn removal_people<'a>(waiting: &'a Waiting<'a>) -> &'a [&'a RootHolder] {
    if waiting.missing > 0 { &waiting.open } else { &waiting.signed }
}

/// "Ada Example, Carla Sample".
pub(crate) fn names_text(holders: &[&RootHolder], directory: &Directory) -> String {
    holders.iter().map(|holder| directory.name_of(&holder.handle)).collect::<Vec<_>>().join(", ")
}
