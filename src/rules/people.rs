//! Rules about who acts: people of the directory, in roles they hold, and no service that approves.

use super::Case;
use crate::directory::RoleTerm;
use crate::domain::{Act, ActKind, Word};
use crate::findings::{Code, Finding, Place, Severity};
use crate::policy::table_word;
use crate::shape::Located;

/// Reports acts and waivers by somebody whom the directory does not know.
pub(super) fn unknown_person(case: &Case<'_>) -> Vec<Finding> {
    let acts = case.letter.acts.iter().flat_map(people_of);
    let statement = &case.letter.statement;
    let waivers = statement.value.waivers.iter().enumerate().filter_map(|(index, waiver)| {
        let by = waiver.by.as_ref()?;
        Some((by.to_string(), "waives a rule", statement.place_in_item("waivers", index, "by")))
    });
    let unknown = acts.chain(waivers).filter(|(handle, ..)| !case.directory.people.contains_key(handle));
    unknown
        .map(|(handle, what, place)| {
            let message = format!("`{handle}` {what} and is no person of the directory");
            let help = format!("`liaison person add {handle} --name …` records who that is");
            case.finding(Code::UnknownPerson, message).at(place).help(help)
        })
        .collect()
}

/// Everybody an act names, with what they do and where it stands.
fn people_of(act: &Located<Act>) -> Vec<(String, &'static str, Place)> {
    let mut people = vec![(act.value.by.to_string(), "acts", act.place("by"))];
    people.extend(
        act.value.recorded_by.iter().map(|by| (by.to_string(), "records the act of another", act.place("recorded-by"))),
    );
    let assignees = act.value.detail_list("assignee");
    people.extend(
        assignees
            .into_iter()
            .enumerate()
            .map(|(index, handle)| (handle, "is assigned", act.place_item("assignee", index))),
    );
    people
}

/// Reports acts in a role that the person did not hold at that group on that day.
pub(super) fn role_not_held(case: &Case<'_>) -> Vec<Finding> {
    let known = |act: &&Located<Act>| case.directory.people.contains_key(act.value.by.as_str());
    case.letter.acts.iter().filter(known).filter_map(|act| not_held(case, act)).collect()
}

fn not_held(case: &Case<'_>, act: &Located<Act>) -> Option<Finding> {
    let (by, role) = (act.value.by.as_str(), act.value.role.as_ref()?.as_str());
    let day = act.value.at.day();
    let name = case.directory.name_of(by);
    let Some(of) = act.value.of.as_ref().map(Word::as_str) else {
        let finding =
            case.finding(Code::RoleNotHeld, format!("{name} acts as {role}, and the act does not say of which group"));
        return Some(
            finding.at(act.place("role")).help("an act names the group at which the role is held, such as `of: tls`"),
        );
    };
    if case.directory.holds(by, role, of, day) {
        return None;
    }
    let finding = case.finding(Code::RoleNotHeld, format!("{name} did not hold {role} of {of} on {day}"));
    let finding = finding.at(act.place("role"));
    // Where the table says nothing of the act, anybody may do it, and nothing rests on the role.
    let decides = table_word(&act.value).is_some();
    let severity = if decides { finding.severity } else { finding.severity.min(Severity::Warning) };
    let finding = Finding { severity, ..finding };
    let Some((file, _)) = case.directory.group(of, day) else {
        return Some(finding.help(format!("the directory has no group `{of}`; `liaison group add {of}` records it")));
    };
    let finding = match case.directory.groups.get(file) {
        Some(group) => {
            let terms = group.value.roles.iter().enumerate();
            let terms = terms.filter(|(_, term)| term.person == by && term.role == role);
            terms.fold(finding, |finding, (index, one)| {
                let key = if one.term.until.is_some() { "until" } else { "since" };
                finding.with(group.place_in_item("role", index, key), format!("on record: {}", days(one)))
            })
        }
        None => finding,
    };
    let if_not = if decides { "the act does not count" } else { "nothing rests on it: anybody may do such an act" };
    Some(finding.help(format!(
        "if {name} did hold it, `liaison role begin {role} {of} {by} --since DATE` records the term; if not, {if_not}"
    )))
}

/// "from 2021-03-11 until 2025-03-20", the second day no longer in it.
fn days(term: &RoleTerm) -> String {
    let part = |word: &str, day: Option<chrono::NaiveDate>| day.map(|day| format!("{word} {day}"));
    [part("from", term.term.since), part("until", term.term.until)].into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// Reports decisions by a service: it may record what people decided, and never decides itself.
pub(super) fn service_approves(case: &Case<'_>) -> Vec<Finding> {
    let decides =
        |kind: ActKind| matches!(kind, ActKind::Approve | ActKind::Decline | ActKind::Ratify | ActKind::Revoke);
    let finding = |act: &Located<Act>| {
        let person = case.directory.people.get(act.value.by.as_str()).filter(|person| person.value.is_service)?;
        let message = format!("`{}` is an act of {}, which is a service", act.value.kind, person.value.name);
        let finding = case.finding(Code::ServiceApproves, message).at(act.place("by"));
        let finding = finding.with(person.place("kind"), "a service here");
        Some(finding.help("`by` is the person who decides; a service may stand in `recorded-by`"))
    };
    case.letter.acts.iter().filter(|act| decides(act.value.kind)).filter_map(finding).collect()
}
