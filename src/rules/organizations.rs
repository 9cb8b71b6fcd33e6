//! Rules about letters that come from or go to several organizations (rfc4053bis, section "Contact Information").

use super::Case;
use super::parties::quoted;
use super::places::{is_silent, mend};
use crate::findings::{Code, Finding};

/// Reports From groups of several organizations (LS-25).
pub(super) fn from_organizations_mixed(case: &Case<'_>) -> Vec<Finding> {
    let organizations = organizations(case, case.from_groups());
    if organizations.len() < 2 {
        return Vec::new();
    }
    let message = format!("the From groups belong to several organizations: {}", grouped(&organizations));
    let finding = case.finding(Code::FromOrganizationsMixed, message).at(case.letter.statement.place("from.groups"));
    vec![finding.help(mend(case, "keep the groups of one organization, unless they really send it together"))]
}

/// Reports To groups of several other organizations: a letter each is better (LS-36).
pub(super) fn to_several_organizations(case: &Case<'_>) -> Vec<Finding> {
    let others = case.to_groups().into_iter().filter(|group| !case.is_ours(group)).collect();
    let organizations = organizations(case, others);
    if organizations.len() < 2 || !is_silent(case, "to.send-to") {
        return Vec::new();
    }
    let message = format!("the To groups belong to several organizations: {}", grouped(&organizations));
    let finding = case.finding(Code::ToSeveralOrganizations, message).at(case.letter.statement.place("to.groups"));
    vec![finding.help(mend(case, "keep one organization, and write the others their own letter with `liaison new`"))]
}

/// Reports one send-to for To groups of several organizations: only one of them would get the letter (LS-39).
pub(super) fn send_to_several_organizations(case: &Case<'_>) -> Vec<Finding> {
    let organizations = organizations(case, case.to_groups());
    let Some(send_to) = case.content().to.send_to.as_ref().filter(|_| organizations.len() > 1) else {
        return Vec::new();
    };
    let message = format!(
        "the letter goes only to send-to {}, but its To groups belong to several organizations: {}",
        send_to.address,
        grouped(&organizations)
    );
    let finding = case
        .finding(Code::SendToSeveralOrganizations, message)
        .at(case.letter.statement.place("to.send-to"))
        .with(case.letter.statement.place("to.groups"), "several organizations");
    vec![finding.help(mend(case, "keep one organization, and write the others their own letter with `liaison new`"))]
}

/// The organizations of those groups that the directory knows, each with its groups.
fn organizations(case: &Case<'_>, groups: Vec<String>) -> Vec<(String, Vec<String>)> {
    let mut found: Vec<(String, Vec<String>)> = Vec::new();
    for group in groups {
        let Some(organization) = case.directory.organization(&group, case.day()).map(str::to_owned) else { continue };
        match found.iter_mut().find(|(known, _)| *known == organization) {
            Some((_, members)) => members.push(group),
            None => found.push((organization, vec![group])),
        }
    }
    found
}

fn grouped(organizations: &[(String, Vec<String>)]) -> String {
    let one = |(organization, groups): &(String, Vec<String>)| format!("{} to `{organization}`", quoted(groups));
    organizations.iter().map(one).collect::<Vec<_>>().join(", ")
}
