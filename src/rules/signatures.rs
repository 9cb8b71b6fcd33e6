//! Rules about the signatures of acts. Whether a key or a role was good at the time only the history tells: `liaison audit`.

use super::Case;
use crate::domain::Act;
use crate::findings::{Code, Finding};
use crate::policy::{Proof, ProofFault, proof};
use crate::shape::Located;

/// Reports signatures that do not fit their act.
pub(super) fn signature_invalid(case: &Case<'_>) -> Vec<Finding> {
    faults(
        case,
        |fault| matches!(fault, ProofFault::Signature(_) | ProofFault::NoRecord),
        |act, fault| {
            let message = format!("the signature of the act `{}` of {} proves nothing: {fault}", act.kind, act.by);
            let help = "an act is never edited: restore the file from history, and make a new act".to_owned();
            (Code::SignatureInvalid, message, help)
        },
    )
}

/// Reports signatures by a key that is not the signer's.
pub(super) fn signature_of_other(case: &Case<'_>) -> Vec<Finding> {
    faults(
        case,
        |fault| matches!(fault, ProofFault::NoKey { .. } | ProofFault::OtherKey { .. }),
        |act, fault| {
            let message = format!("the act `{}` of {} is signed, but {fault}", act.kind, act.by);
            let help =
                "liaison person key add HANDLE --ssh FILE.pub, if it is theirs; else the act proves nothing".to_owned();
            (Code::SignatureOfOther, message, help)
        },
    )
}

/// Reports signatures by a key outside of its days.
pub(super) fn key_not_valid(case: &Case<'_>) -> Vec<Finding> {
    let is_life = |fault: &ProofFault| {
        matches!(fault, ProofFault::NotYet { .. } | ProofFault::Retired { .. } | ProofFault::Compromised { .. })
    };
    faults(case, is_life, |act, fault| {
        let message = format!("the act `{}` of {} on {} is signed, but {fault}", act.kind, act.by, act.at.day());
        let help = format!("{} confirms it with a key of today: `liaison approve {} --reaffirm`", act.by, case.id());
        (Code::KeyNotValid, message, help)
    })
}

/// A finding at every act whose signature has one of some faults.
fn faults(
    case: &Case<'_>,
    is_meant: impl Fn(&ProofFault) -> bool,
    told: impl Fn(&Act, &ProofFault) -> (Code, String, String),
) -> Vec<Finding> {
    let subject = case.letter.subject();
    let finding = |act: &Located<Act>| {
        let Proof::Faulty(fault) = proof(&act.value, &subject, case.directory, case.settings) else { return None };
        is_meant(&fault).then(|| {
            let (code, message, help) = told(&act.value, &fault);
            case.finding(code, message).at(act.place("signature")).help(help)
        })
    };
    case.letter.acts.iter().filter(|act| act.value.signature.is_some()).filter_map(finding).collect()
}
