//! What the trust root lets go: a removal counts once enough holders signed acts `redact` about the same files
//! (docs/trust.md, "What it is asked for").

use super::root::is_signed_by;
use crate::config::Settings;
use crate::directory::{RootHolder, TrustRoot};
use crate::domain::{Act, ActKind, Instant};
use crate::record::{Letter, RedactedFile, redacted_files, stands_behind};

/// The versions of the trust root that count, each from the moment at which it had its signatures, oldest first.
#[derive(Debug, Clone, Default)]
pub struct Roots(pub Vec<(Instant, TrustRoot)>);

impl Roots {
    /// The root that counted at a moment.
    pub fn at(&self, at: Instant) -> Option<&TrustRoot> {
        self.0.iter().rev().find(|(since, _)| *since <= at).map(|(_, root)| root)
    }

    /// The root that counts now.
    pub fn present(&self) -> Option<&TrustRoot> {
        self.0.last().map(|(_, root)| root)
    }
}

/// The holders of a root who signed acts `redact` about the same files and the same content as an act.
pub fn redacting<'r, 'l>(
    act: &Act,
    acts: impl Iterator<Item = &'l Act>,
    subject: &str,
    root: &'r TrustRoot,
    settings: &Settings,
) -> Vec<&'r RootHolder> {
    let wanted = sorted(act);
    let is_same = |other: &&Act| wanted.is_some() && sorted(other) == wanted && other.content == act.content;
    let same: Vec<&Act> = acts.filter(is_same).collect();
    let has_signed = |holder: &&RootHolder| same.iter().any(|act| is_signed_by(act, holder, subject, settings));
    root.holders.iter().filter(has_signed).collect()
}

/// Whether as many holders of a root as it asks for signed the removal that an act is about.
pub fn is_let_go<'l>(
    act: &Act,
    acts: impl Iterator<Item = &'l Act>,
    subject: &str,
    root: &TrustRoot,
    settings: &Settings,
) -> bool {
    redacting(act, acts, subject, root, settings).len() as u64 >= root.threshold
}

/// Whether an act is by a holder of a root, signed with the key that the root names.
pub fn is_of_holder(act: &Act, subject: &str, root: &TrustRoot, settings: &Settings) -> bool {
    root.holder(act.by.as_str()).is_some_and(|holder| is_signed_by(act, holder, subject, settings))
}

/// Who stands behind the tombstone in a letter's place, where a trust root counted on its day.
#[derive(Debug, Clone)]
pub struct Behind<'r> {
    /// The holders who signed it.
    pub signed: Vec<&'r RootHolder>,
    /// How many of them the root asks for.
    pub threshold: u64,
}

impl Behind<'_> {
    /// Whether enough holders signed it.
    pub fn is_enough(&self) -> bool {
        self.signed.len() as u64 >= self.threshold
    }
}

/// The holders behind the tombstone in a letter's place; nothing where there is none, or no root counted on its day.
pub fn behind<'r>(letter: &Letter, roots: &'r Roots, settings: &Settings) -> Option<Behind<'r>> {
    let redaction = letter.redaction()?;
    let root = roots.at(redaction.at?)?;
    let acts = || letter.acts_of(ActKind::Redact).map(|act| &act.value);
    let act = acts().find(|act| stands_behind(act, &letter.file_name(), redaction));
    let signed = act.map(|act| redacting(act, acts(), &letter.subject(), root, settings)).unwrap_or_default();
    Some(Behind { signed, threshold: root.threshold })
}

/// A removal that holders of the trust root signed, and that is not carried out.
#[derive(Debug, Clone)]
pub struct Waiting<'a> {
    /// The newest act about it.
    pub act: &'a Act,
    /// Whose signatures are there.
    pub signed: Vec<&'a RootHolder>,
    /// Whose could be added.
    pub open: Vec<&'a RootHolder>,
    /// How many are missing.
    pub missing: u64,
}

/// The removals of a letter that wait, the newest first; `there` is what could be taken away of it.
pub fn waiting_removals<'a>(
    letter: &'a Letter,
    there: &[RedactedFile],
    root: &'a TrustRoot,
    settings: &Settings,
) -> Vec<Waiting<'a>> {
    let acts = || letter.acts_of(ActKind::Redact).map(|act| &act.value);
    let mut waiting: Vec<Waiting<'a>> = Vec::new();
    for act in acts().rev() {
        let files = redacted_files(act).unwrap_or_default();
        let is_whole = !files.is_empty() && files.iter().all(|file| there.contains(file));
        let is_known = waiting.iter().any(|one| sorted(one.act) == sorted(act) && one.act.content == act.content);
        if !is_whole || is_known || !is_of_holder(act, &letter.subject(), root, settings) {
            continue;
        }
        let signed = redacting(act, acts(), &letter.subject(), root, settings);
        let open = root.holders.iter().filter(|holder| !signed.contains(holder)).collect();
        let missing = root.threshold.saturating_sub(signed.len() as u64);
        waiting.push(Waiting { act, signed, open, missing });
    }
    waiting
}

/// What an act takes away, in an order that does not depend on how it names it.
fn sorted(act: &Act) -> Option<Vec<RedactedFile>> {
    let mut files = redacted_files(act)?;
    files.sort();
    Some(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_version_of_the_root_counts_from_its_last_signature_on() {
        let at = |text: &str| Instant::parse(text).unwrap().unwrap();
        let root = |version: u64| TrustRoot { version, threshold: 1, holders: Vec::new() };
        let (first, second) = (at("2026-11-20T10:00:00Z"), at("2026-11-24T10:00:00Z"));
        let roots = Roots(vec![(first, root(1)), (second, root(2))]);
        let version = |text: &str| roots.at(at(text)).map(|root| root.version);
        assert_eq!(version("2026-11-20T09:59:59Z"), None);
        assert_eq!(version("2026-11-20T10:00:00Z"), Some(1));
        assert_eq!(version("2026-11-24T09:59:59Z"), Some(1));
        assert_eq!(version("2026-11-24T10:00:00Z"), Some(2));
        assert_eq!(roots.present().map(|root| root.version), Some(2));
    }
}
