//! Rules about what comes of a received letter (rfc4053bis, section "Receiving and Responding").

use super::Case;
use crate::domain::{ActKind, Purpose};
use crate::findings::{Code, Finding, Stage};
use crate::policy::custody;

/// Reports a settled request whose sender was not told (LS-113).
pub(super) fn outcome_not_told(case: &Case<'_>) -> Vec<Finding> {
    let asks = case.content().purpose == Some(Purpose::ForAction);
    if case.stage() != Stage::Received || !asks || is_answered(case) {
        return Vec::new();
    }
    let Some(resolve) = case.letter.acts_of(ActKind::Resolve).next_back() else { return Vec::new() };
    if ["told", "url"].iter().any(|key| resolve.value.detail(key).is_some()) {
        return Vec::new();
    }
    let outcome = resolve.value.detail("outcome").unwrap_or_default();
    let from = case.from_groups().join(", ");
    let message = format!("the outcome is `{outcome}`, and nothing says that {from} was told");
    let finding = case.finding(Code::OutcomeNotTold, message).at(resolve.place("outcome"));
    vec![finding.help(format!(
        "answer it with `liaison reply {0}`, or say how they were told: `liaison resolve {0} --told …`",
        case.id()
    ))]
}

/// Reports a refusal or change without its reason (LS-117).
pub(super) fn outcome_without_reason(case: &Case<'_>) -> Vec<Finding> {
    let Some(resolve) = case.letter.acts_of(ActKind::Resolve).next_back() else { return Vec::new() };
    let outcome = resolve.value.detail("outcome").unwrap_or_default();
    let needs_reason = ["declined", "modified"].contains(&outcome.as_str());
    if !needs_reason || resolve.value.detail("reason").is_some() {
        return Vec::new();
    }
    let message = format!("the outcome is `{outcome}`, and the act gives no reason");
    let finding = case.finding(Code::OutcomeWithoutReason, message).at(resolve.place("outcome"));
    vec![finding.help(format!(
        "`liaison resolve {} --outcome {outcome} --reason …`, with an alternative, if there is one",
        case.id()
    ))]
}

/// Reports a letter to several of our groups for which nobody takes the lead (LS-119). One person alone leads anyway.
pub(super) fn lead_missing(case: &Case<'_>) -> Vec<Finding> {
    let custody = custody(case.letter, case.directory, case.settings, case.now);
    let ours = &custody.groups;
    let is_settled = custody.resolved.is_some() || is_answered(case);
    if case.stage() != Stage::Received || ours.len() < 2 || is_settled {
        return Vec::new();
    }
    let is_near = case.content().deadline.is_some_and(|deadline| {
        let days = crate::domain::time::days_between(case.now.day_anywhere(), deadline);
        days <= i64::try_from(case.settings.due_soon).unwrap_or(i64::MAX)
    });
    let acts = || case.letter.acts_of(ActKind::Assign).filter(|_| custody.assigned.is_some());
    let assigned = acts().next_back();
    let mut people: Vec<String> = acts().flat_map(|act| act.value.detail_list("assignee")).collect();
    people.sort();
    people.dedup();
    let named = acts().any(|act| act.value.detail("lead").is_some());
    let leads = named || people.len() == 1;
    if leads || (assigned.is_none() && !is_near) {
        return Vec::new();
    }
    let message = format!("the letter is for {}, and nobody takes the lead", ours.join(" and "));
    let place = assigned.map_or_else(|| case.letter.statement.place("to.groups"), |act| act.place("assignee"));
    let help = format!("`liaison assign {} --to … --lead PERSON` says who sees to the response", case.id());
    vec![case.finding(Code::LeadMissing, message).at(place).help(help)]
}

/// Whether a letter that was sent answers it.
fn is_answered(case: &Case<'_>) -> bool {
    case.threads.answers(&case.letter.name).iter().any(|answer| answer.public)
}
