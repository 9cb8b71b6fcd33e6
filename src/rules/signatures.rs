//! Rules about the signatures of acts. Whether a key or a role was good at the time only the history tells: `liaison audit`.

use super::Case;
use crate::config::Settings;
use crate::directory::Directory;
use crate::domain::{Act, ActKind};
use crate::findings::{Code, Finding};
use crate::policy::{Proof, ProofFault, is_of_holder, is_reaffirmed, proof};
use crate::shape::Located;

/// Acts whose signatures are judged alike.
pub(super) struct Acts<'a> {
    /// The acts.
    pub(super) acts: Vec<&'a Located<Act>>,
    /// The name that their signatures are bound to; the act's own word, if there is none.
    pub(super) subject: Option<String>,
    pub(super) directory: &'a Directory,
    pub(super) settings: &'a Settings,
    /// The command that confirms an act whose key became doubtful.
    pub(super) again: String,
}

impl<'a> Acts<'a> {
    /// The acts of a letter, but for removals that a holder of the trust root signed: the root names that key.
    fn of(case: &Case<'a>) -> Self {
        let by_root = |act: &&Located<Act>| {
            let root = case.roots.at(act.value.at).filter(|_| act.value.kind == ActKind::Redact);
            root.is_some_and(|root| is_of_holder(&act.value, &case.letter.subject(), root, case.settings))
        };
        Self {
            acts: case.letter.acts.iter().filter(|act| !by_root(act)).collect(),
            subject: Some(case.letter.subject()),
            directory: case.directory,
            settings: case.settings,
            again: format!("liaison approve {} --reaffirm", case.id()),
        }
    }

    /// A finding at every act whose signature has one of some faults.
    fn faults(&self, told: impl Fn(&Act, &ProofFault) -> Option<(Code, String, String)>) -> Vec<Finding> {
        let finding = |act: &&Located<Act>| {
            let subject = self.subject.as_deref().unwrap_or(act.value.kind.as_str());
            let Proof::Faulty(fault) = proof(&act.value, subject, self.directory, self.settings) else { return None };
            let (code, message, help) = told(&act.value, &fault)?;
            Some(Finding::plain(code, message).at(act.place("signature")).help(help))
        };
        self.acts.iter().filter_map(finding).collect()
    }

    /// Signatures that do not fit their act.
    pub(super) fn invalid(&self) -> Vec<Finding> {
        self.faults(|act, fault| {
            let message = format!("the signature of the act `{}` of {} proves nothing: {fault}", act.kind, act.by);
            let help = "an act is never edited: restore the file from history, and make a new act".to_owned();
            matches!(fault, ProofFault::Signature(_) | ProofFault::NoRecord).then_some((
                Code::SignatureInvalid,
                message,
                help,
            ))
        })
    }

    /// Signatures by a key that is not the signer's.
    pub(super) fn of_other(&self) -> Vec<Finding> {
        self.faults(|act, fault| {
            let message = format!("the act `{}` of {} is signed, but {fault}", act.kind, act.by);
            let help =
                "liaison person key add HANDLE --ssh FILE.pub, if it is theirs; else the act proves nothing".to_owned();
            matches!(fault, ProofFault::NoKey { .. } | ProofFault::OtherKey { .. }).then_some((
                Code::SignatureOfOther,
                message,
                help,
            ))
        })
    }

    /// Signatures by a key outside of its days, or by one that somebody else may have had. The latter matters only where the
    /// act decides something, and neither once a later act settles it.
    pub(super) fn not_valid(&self, decides: impl Fn(&Act) -> bool, is_settled: impl Fn(&Act) -> bool) -> Vec<Finding> {
        self.faults(|act, fault| {
            let decides = decides(act);
            let is_meant = match fault {
                ProofFault::NotYet { .. } | ProofFault::Retired { .. } => !(decides && is_settled(act)),
                ProofFault::Compromised { .. } => decides && !is_settled(act),
                ProofFault::Signature(_)
                | ProofFault::NoRecord
                | ProofFault::NoKey { .. }
                | ProofFault::OtherKey { .. } => false,
            };
            let message = format!("the act `{}` of {} on {} is signed, but {fault}", act.kind, act.by, act.at.day());
            let help = format!("whoever has authority confirms it with a good key: {}", self.again);
            is_meant.then_some((Code::KeyNotValid, message, help))
        })
    }
}

/// Reports signatures that do not fit their act.
pub(super) fn signature_invalid(case: &Case<'_>) -> Vec<Finding> {
    Acts::of(case).invalid()
}

/// Reports signatures by a key that is not the signer's.
pub(super) fn signature_of_other(case: &Case<'_>) -> Vec<Finding> {
    Acts::of(case).of_other()
}

/// Reports signatures by a key outside of its days; a compromised one only where it decides something that nobody confirmed.
pub(super) fn key_not_valid(case: &Case<'_>) -> Vec<Finding> {
    let decides = |act: &Act| matches!(act.kind, ActKind::Approve | ActKind::Decline | ActKind::Ratify);
    Acts::of(case).not_valid(decides, |act| is_reaffirmed(act, case.letter, case.directory, case.settings))
}
