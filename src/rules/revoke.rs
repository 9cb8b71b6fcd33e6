//! Rules about acts that take other acts back.

use super::Case;
use super::ours::{act_place, actor};
use crate::domain::{Act, ActKind};
use crate::findings::{Code, Finding};
use crate::policy::{may_revoke, revoked_act};
use crate::shape::Located;

/// Reports revokes that name no act of the letter.
pub(super) fn revoke_unknown(case: &Case<'_>) -> Vec<Finding> {
    if case.settings.id.is_none() {
        return Vec::new();
    }
    let unknown = |act: &&Located<Act>| {
        let says_something = act.value.revokes.is_some() || !act.mentions("revokes");
        says_something && revoked_act(&act.value, case.letter, case.settings).is_none()
    };
    let finding = |act: &Located<Act>| {
        let message = match act.value.revokes {
            Some(id) => format!("no act of this letter has the id {}…", id.short(16)),
            None => "it does not name the act that it takes back".to_owned(),
        };
        let finding = case.finding(Code::RevokeUnknown, message).at(act.place("revokes"));
        finding.help(format!("`liaison show {0}` lists the acts; `liaison revoke {0}` names the right one", case.id()))
    };
    case.letter.acts_of(ActKind::Revoke).filter(unknown).map(finding).collect()
}

/// Reports revokes by neither the person nor the successor in the role.
pub(super) fn revoke_by_other(case: &Case<'_>) -> Vec<Finding> {
    let finding = |revoke: &Located<Act>| {
        let act = revoked_act(&revoke.value, case.letter, case.settings)?;
        if may_revoke(&revoke.value, act, case.directory) {
            return None;
        }
        let (name, other) = (actor(case, act), actor(case, &revoke.value));
        let message = format!("{other} revokes `{}` of {}, which is {name}'s", act.kind, act.at);
        let finding = case.finding(Code::RevokeByOther, message).at(revoke.place("by"));
        let finding = finding.with(act_place(case, act, "by"), "whose act it is");
        Some(finding.help(match (&act.role, &act.of) {
            (Some(role), Some(of)) => {
                format!("{name} may, or who holds {role} of {of} once {name} no longer does; anybody else with authority declines it: `liaison approve --decline`")
            }
            _ => format!("only {name} may"),
        }))
    };
    case.letter.acts_of(ActKind::Revoke).filter_map(finding).collect()
}
