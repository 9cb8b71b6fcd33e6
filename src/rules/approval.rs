//! Rules about approval before a letter leaves (rfc4053bis, section "Approval").

use super::Case;
use super::ours::{act_place, actor, approval_of, is_followed_up, is_our_letter, told};
use crate::domain::{Act, ActKind};
use crate::findings::{Code, Finding, Stage};
use crate::policy::{Approval, Change, Departure, Need, Reason, approval, approvers, departure, row_for};

/// Reports a From group whose authority has not approved: in a draft with who can, in what left as a fault (LS-87 to LS-90).
pub(super) fn approval_missing(case: &Case<'_>) -> Vec<Finding> {
    let Some((verdict, left)) = approval_of(case).filter(|(_, left)| left.is_none() || !is_followed_up(case)) else {
        return Vec::new();
    };
    let missing = verdict.needs.iter().enumerate().filter(|(_, need)| need.missing > 0);
    let told = missing.filter_map(|(index, need)| match left {
        Some(left) => Some((index, left_without(case, need, left))),
        None => need.row.map(|_| (index, still_needs(case, need))),
    });
    told.map(|(index, finding)| {
        let finding = finding.at(case.letter.statement.place_item("from.groups", index));
        let void = verdict.void.iter().filter(|(act, _)| act.kind == ActKind::Approve);
        void.fold(finding, |finding, (act, reason)| {
            finding.with(act_place(case, act, "act"), format!("does not count: {reason}"))
        })
    })
    .collect()
}

fn still_needs(case: &Case<'_>, need: &Need<'_>) -> Finding {
    let (id, group) = (case.id(), &need.group);
    let what = if need.missing == 1 { "an approval".to_owned() } else { format!("{} approvals", need.missing) };
    if need.who.is_empty() {
        let roles: Vec<&str> = need.row.iter().flat_map(|row| &row.any_of).map(|one| one.role.as_str()).collect();
        let message =
            format!("{group} needs {what}, and nobody can give it: nobody holds {} there", roles.join(" or "));
        let help = format!("`liaison role begin` records who holds the role for {group}");
        return case.finding(Code::ApprovalMissing, message).help(help);
    }
    let message = format!("{group} needs {what}; it can be given by {}", told(case, &need.who));
    let help = format!("`liaison preview {id}` shows what would be sent; `liaison approve {id}` approves exactly that");
    case.finding(Code::ApprovalMissing, message).help(help)
}

fn left_without(case: &Case<'_>, need: &Need<'_>, left: Departure<'_>) -> Finding {
    let (id, group, day) = (case.id(), &need.group, left.at.day());
    let whose = match (need.row, need.who.as_slice()) {
        (None, _) => "the approval table has no row for it".to_owned(),
        (Some(_), []) => "nobody held the role that gives it".to_owned(),
        (Some(_), who) => format!("it was {} to give", told(case, who)),
    };
    let message = format!("the letter left on {day} without the approval that {group} needs; {whose}");
    case.finding(Code::ApprovalMissing, message).with(act_place(case, left.act, "at"), "it left here").help(format!(
        "whoever should have approved it agrees with `liaison ratify {id}`, or a new letter `revises` it"
    ))
}

/// Reports approvals of another content, or of another message than would be mailed now, with what changed since.
pub(super) fn approval_stale(case: &Case<'_>) -> Vec<Finding> {
    let Some((verdict, left)) = approval_of(case).filter(|(verdict, _)| !verdict.is_complete()) else {
        return Vec::new();
    };
    if left.is_some() && is_followed_up(case) {
        return Vec::new();
    }
    let mut findings: Vec<Finding> = last_stale(&verdict).map(|stale| stale_finding(case, stale)).collect();
    let silent = verdict.void.iter().filter(|(act, _)| act.kind == ActKind::Approve);
    findings.extend(silent.filter_map(|(act, reason)| silent_finding(case, act, reason)));
    findings
}

/// An approval that does not say what it is of cannot be told from a stale one.
fn silent_finding(case: &Case<'_>, act: &Act, reason: &Reason) -> Option<Finding> {
    if !matches!(reason, Reason::NoContent | Reason::NoPreview) {
        return None;
    }
    let message = format!("the approval of {} does not count: {reason}", actor(case, act));
    let finding = case.finding(Code::ApprovalStale, message).at(act_place(case, act, "act"));
    Some(finding.help(format!("`liaison approve {}` names the content and the message that were read", case.id())))
}

/// The newest stale approval of each person who has not approved since.
fn last_stale<'v>(verdict: &'v Approval<'_>) -> impl Iterator<Item = &'v crate::policy::Stale<'v>> {
    let approvals = || verdict.stale.iter().filter(|stale| stale.act.kind == ActKind::Approve);
    let is_last = move |stale: &&crate::policy::Stale<'_>| {
        let by = &stale.act.by;
        let newer = approvals().any(|other| other.act.by == *by && other.act.at > stale.act.at);
        let again = verdict.needs.iter().flat_map(|need| &need.given).any(|given| given.by == *by);
        !newer && !again
    };
    approvals().filter(is_last)
}

fn stale_finding(case: &Case<'_>, stale: &crate::policy::Stale<'_>) -> Finding {
    let (name, day) = (actor(case, stale.act), stale.act.at.day());
    let (message, key, fields) = match &stale.change {
        Change::Content(fields) => {
            let changed = match fields.as_slice() {
                [] => "something, the approval does not say what, has changed".to_owned(),
                [one] => format!("{one} has changed"),
                several => format!("{} have changed", several.join(", ")),
            };
            (format!("{name} approved another content on {day}; {changed} since"), "content", fields.as_slice())
        }
        Change::Mailing(_) => {
            (format!("{name} approved another message on {day}; {}", stale.change), "preview", &[][..])
        }
    };
    let finding = case.finding(Code::ApprovalStale, message).at(act_place(case, stale.act, key));
    let finding =
        fields.iter().fold(finding, |finding, field| finding.with(case.letter.statement.place(field), "changed since"));
    finding.help(match case.stage() {
        Stage::Draft => {
            format!("{name} looks at it again: `liaison preview {0}`, then `liaison approve {0}`", case.id())
        }
        Stage::Sent | Stage::Received | Stage::Imported => {
            format!("`liaison ratify {}`, if {name} agrees with what left", case.id())
        }
    })
}

/// Reports approvals and declines of the present content by somebody without authority for the From groups.
pub(super) fn approval_without_authority(case: &Case<'_>) -> Vec<Finding> {
    if !is_our_letter(case) {
        return Vec::new();
    }
    let present = case.letter.content;
    let content = departure(case.letter).and_then(|left| left.content).unwrap_or(present);
    let verdict = approval(case.letter, content, case.mailing, case.directory, case.settings, case.now);
    let without = verdict.void.iter().filter(|(_, reason)| reason.is_authority());
    without.map(|(act, reason)| without_authority(case, act, reason)).collect()
}

fn without_authority(case: &Case<'_>, act: &Act, reason: &Reason) -> Finding {
    let key = if matches!(reason, Reason::NotCovered { .. }) { "for" } else { "role" };
    let message = format!("`{}` by {} does not count: {reason}", act.kind, actor(case, act));
    let finding = case.finding(Code::ApprovalWithoutAuthority, message).at(act_place(case, act, key));
    let may = |group: &String| {
        let who = approvers(group, case.directory, case.settings, act.at.day());
        (!who.is_empty()).then(|| format!("for {group}: {}", told(case, &who)))
    };
    let who: Vec<String> = case.from_groups().iter().filter_map(may).collect();
    match who.is_empty() {
        true => finding.help("nobody had authority on that day; see [[approval]] in liaison.toml and the directory"),
        false => finding.help(format!("authority had {}", who.join("; "))),
    }
}

/// Reports declines by somebody with authority that nobody took back (LS-95).
pub(super) fn decline_stands(case: &Case<'_>) -> Vec<Finding> {
    let Some((verdict, left)) = approval_of(case).filter(|(_, left)| left.is_none() || !is_followed_up(case)) else {
        return Vec::new();
    };
    let finding = |act: &&Act| {
        let (name, id) = (actor(case, act), case.id());
        let reason = act.detail("reason").unwrap_or_default().replace('\n', " ");
        let declined = format!("{name} declined this content on {}: {reason}", act.at.day());
        let finding = match left {
            Some(left) => case
                .finding(Code::DeclineStands, format!("{declined}; it left on {} all the same", left.at.day()))
                .with(act_place(case, left.act, "at"), "it left here")
                .help(format!("`liaison ratify {id}`, if {name} agrees by now; else a new letter `revises` it")),
            None => case
                .finding(Code::DeclineStands, declined)
                .help(format!("`liaison edit {id}` and ask again, or {name} takes it back with `liaison revoke {id}`")),
        };
        finding.at(act_place(case, act, "reason"))
    };
    verdict.declines.iter().map(finding).collect()
}

/// Reports From groups of ours for whose kind the approval table has no row.
pub(super) fn policy_missing(case: &Case<'_>) -> Vec<Finding> {
    if !is_our_letter(case) {
        return Vec::new();
    }
    let finding = |(index, group): (usize, String)| {
        let (name, known) = case.directory.group(&group, case.day()).filter(|_| case.is_ours(&group))?;
        if row_for("send", &group, case.directory, case.settings, case.day()).is_some() {
            return None;
        }
        let kind = &known.kind;
        let message = format!("{group} is of the kind `{kind}`, and the approval table has no row for that kind");
        let finding = case.finding(Code::PolicyMissing, message);
        let finding = finding.at(case.letter.statement.place_item("from.groups", index));
        let finding = match case.directory.groups.get(name) {
            Some(file) => finding.with(file.place("kind"), "its kind"),
            None => finding,
        };
        Some(finding.help(format!(
            "say in liaison.toml who approves: [[approval]] act = \"send\", from = \"{kind}\", any-of = [{{ role = \"chair\", at = \"group\" }}]"
        )))
    };
    case.from_groups().into_iter().enumerate().filter_map(finding).collect()
}
