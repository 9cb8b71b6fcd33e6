//! Rules about acts that move a letter: the approval table says who may do them, and how well that has to be proven.

use super::Case;
use super::ours::{actor, told};
use crate::domain::{Act, ActKind};
use crate::findings::{Code, Finding};
use crate::policy::{Reason, may_revoke, reason_not_revoking, revoked_act, who_could, without_effect};
use crate::shape::Located;

/// Reports acts that have no effect: by somebody without authority, or without the proof that the table asks for. A signature
/// that proves nothing is told by itself.
pub(super) fn act_without_effect(case: &Case<'_>) -> Vec<Finding> {
    let void = without_effect(case.letter, case.directory, case.settings);
    let governed = void.into_iter().map(|(act, reason)| (act, reason, next(case, &act.value)));
    let revokes = case.letter.acts_of(ActKind::Revoke).filter_map(|revoke| {
        let act = revoked_act(&revoke.value, case.letter, case.settings)?;
        let reason = reason_not_revoking(&revoke.value, act, case.letter, case.directory, case.settings)
            .filter(|_| may_revoke(&revoke.value, act, case.directory))?;
        let name = actor(case, &revoke.value);
        Some((revoke, reason, format!("if {name} means it, {name} types: liaison revoke {}", case.id())))
    });
    let finding = |(act, reason, help): (&Located<Act>, Reason, String)| {
        let message = format!("`{}` by {} has no effect: {reason}", act.value.kind, actor(case, &act.value));
        let is_told = matches!(reason, Reason::Signature(_));
        (!is_told).then(|| case.finding(Code::ActWithoutEffect, message).at(act.place("by")).help(help))
    };
    governed.chain(revokes).filter_map(finding).collect()
}

/// Who could do it with effect, and what they type.
fn next(case: &Case<'_>, act: &Act) -> String {
    let who = who_could(act, case.letter, case.directory, case.settings);
    if who.is_empty() {
        return format!(
            "nobody had that authority on {}; see [[approval]] in liaison.toml and the directory",
            act.at.day()
        );
    }
    let (who, id, kind) = (told(case, &who), case.id(), act.kind);
    if matches!(kind, ActKind::Sent | ActKind::Redact) {
        return format!("{who} looks whether it is so, and makes the act anew with their own signature");
    }
    let command = if kind == ActKind::Receive {
        "liaison receive --via import".to_owned()
    } else {
        format!("liaison {} {id}", if kind == ActKind::Resent { "resend" } else { kind.as_str() })
    };
    format!("if it shall be so, it is for {who}: {command}")
}
