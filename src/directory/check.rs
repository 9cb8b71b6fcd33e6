//! What is wrong with the directory as a whole.

use std::collections::BTreeMap;

use super::{Directory, Group};
use crate::domain::time::Term;
use crate::findings::{Code, Finding};
use crate::shape::Located;

/// Parents that exist and make no circle, people that exist, acronyms that mean one group.
pub fn check_directory(directory: &Directory) -> Vec<Finding> {
    let mut findings: Vec<Finding> =
        directory.groups.iter().flat_map(|(name, group)| group_findings(directory, name, group)).collect();
    findings.extend(duplicate_acronyms(directory));
    findings
}

fn group_findings(directory: &Directory, name: &str, group: &Located<Group>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (parent, term) in group.value.parent.all() {
        let day = term.since.or(term.until.and_then(|until| until.pred_opt())).unwrap_or_default();
        if directory.group(parent, day).is_none() {
            let finding = Finding::plain(
                Code::UnknownParent,
                format!("`{parent}`, the parent of `{name}`, is no group of the directory"),
            );
            findings
                .push(finding.at(group.place("parent")).help(format!("liaison group add {parent} --name … --kind …")));
        } else if is_above_itself(directory, name, day) {
            findings.push(
                Finding::plain(Code::ParentCycle, format!("`{name}` is above itself"))
                    .at(group.place("parent"))
                    .help("change the parent of one of the groups in the circle"),
            );
        }
    }
    for (index, term) in group.value.roles.iter().enumerate() {
        if !directory.people.contains_key(&term.person) {
            let finding = Finding::plain(
                Code::UnknownPerson,
                format!("`{}` ({} at `{name}`) is no person of the directory", term.person, term.role),
            );
            findings.push(
                finding
                    .at(group.place_in_item("role", index, "person"))
                    .help(format!("liaison person add {} --name …", term.person)),
            );
        }
    }
    findings
}

fn is_above_itself(directory: &Directory, name: &str, day: chrono::NaiveDate) -> bool {
    let mut seen = vec![name.to_owned()];
    let mut at = name.to_owned();
    while let Some((parent, _)) = directory
        .group(&at, day)
        .and_then(|(_, group)| group.parent.on(day))
        .and_then(|parent| directory.group(parent, day))
    {
        if parent == name {
            return true;
        }
        if seen.iter().any(|known| known == parent) {
            return false;
        }
        seen.push(parent.to_owned());
        at = parent.to_owned();
    }
    false
}

fn duplicate_acronyms(directory: &Directory) -> Vec<Finding> {
    let mut taken: BTreeMap<&str, Vec<(&str, Term)>> = BTreeMap::new();
    for (name, group) in &directory.groups {
        for (acronym, term) in group.value.acronym.all() {
            taken.entry(acronym).or_default().push((name, *term));
        }
    }
    let clash = |(acronym, holders): (&str, Vec<(&str, Term)>)| {
        let file = directory.groups.get(acronym).filter(|_| !holders.iter().any(|(name, _)| *name == acronym));
        let (first, _) = holders.first()?;
        let second = holders.get(1).map(|(name, _)| *name).or(file.map(|_| acronym))?;
        let group = directory.groups.get(*first)?;
        Some(
            Finding::plain(Code::DuplicateAcronym, format!("`{acronym}` means both `{first}` and `{second}`"))
                .at(group.place("acronym")),
        )
    };
    taken.into_iter().filter_map(clash).collect()
}
