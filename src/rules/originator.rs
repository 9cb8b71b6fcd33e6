//! Rules about who begins a letter of ours, and what must not be in one that becomes public.

use super::Case;
use super::ours::{actor, is_our_letter, located};
use crate::domain::Word;
use crate::findings::{Code, Finding};
use crate::policy::{drafter, row_for};

/// Reports a research group that originates a letter instead of answering one (LS-18).
pub(super) fn research_group_originates(case: &Case<'_>) -> Vec<Finding> {
    if !is_our_letter(case) || case.content().is_reply() || case.letter.statement.mentions("in-response-to") {
        return Vec::new();
    }
    let finding = |(index, group): (usize, String)| {
        let row = row_for("send", &group, case.directory, case.settings, case.day()).filter(|row| row.replies_only)?;
        let message =
            format!("{group} is a {}: it answers letters, and this one answers none", row.from.replace('-', " "));
        let finding = case.finding(Code::ResearchGroupOriginates, message);
        let finding = finding.at(case.letter.statement.place_item("from.groups", index));
        Some(finding.help("name the letter it answers in `in-response-to`, or let another group send it"))
    };
    case.from_groups().into_iter().enumerate().filter_map(finding).collect()
}

/// Reports a liaison manager who originates a letter: managers transmit them (rfc4052bis).
pub(super) fn manager_originates(case: &Case<'_>) -> Vec<Finding> {
    let drafted = drafter(case.letter).filter(|_| is_our_letter(case));
    let Some(draft) = drafted.filter(|act| act.role.as_ref().is_some_and(|role| role.as_str() == "liaison-manager"))
    else {
        return Vec::new();
    };
    let message = format!(
        "{} began the letter as liaison manager, who transmits letters and does not originate them",
        actor(case, draft)
    );
    let finding = case.finding(Code::ManagerOriginates, message);
    let finding = located(case, draft).map_or(finding.clone(), |act| finding.at(act.place("role")));
    let help =
        "the chair or director who decides on the content begins it: `by` is theirs, `recorded-by` the manager's";
    vec![finding.help(help)]
}

/// Reports a letter that somebody else than a chair or director of its groups began (LS-75, LS-83).
pub(super) fn originator_unusual(case: &Case<'_>) -> Vec<Finding> {
    let Some(draft) = drafter(case.letter).filter(|_| is_our_letter(case)) else { return Vec::new() };
    let day = draft.at.day();
    let groups = case.from_groups();
    let role = draft.role.as_ref().map(Word::as_str);
    let name_of = |group: &str| case.directory.group(group, day).map(|(name, _)| name.to_owned());
    let of = draft.of.as_ref().and_then(|of| name_of(of.as_str()));
    let leads = |group: &String| {
        let above = case.directory.above(group, day).into_iter().map(str::to_owned);
        matches!(role, Some("chair" | "area-director"))
            && name_of(group).into_iter().chain(above).any(|at| Some(at) == of)
    };
    let approves = |group: &String| {
        let row = row_for("send", group, case.directory, case.settings, day);
        row.is_some_and(|row| row.any_of.iter().any(|one| Some(one.role.as_str()) == role))
    };
    let is_manager = role == Some("liaison-manager");
    if groups.is_empty() || is_manager || groups.iter().any(|group| leads(group) || approves(group)) {
        return Vec::new();
    }
    let as_what = match (&draft.role, &draft.of) {
        (Some(role), Some(of)) => format!("as {role} of {of}"),
        (Some(role), None) => format!("as {role}"),
        (None, _) => "in no role the act names".to_owned(),
    };
    let message = format!(
        "{} began the letter {as_what}; usually a chair or director of {} does",
        actor(case, draft),
        groups.join(" or ")
    );
    let finding = case.finding(Code::OriginatorUnusual, message);
    let finding = located(case, draft).map_or(finding.clone(), |act| finding.at(act.place("role")));
    vec![finding.help("see that the chairs or directors decide on the content and on the consensus it needs")]
}
