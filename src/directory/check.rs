//! What is wrong with the directory as a whole.

use std::collections::BTreeMap;

use super::key::fingerprint;
use super::{Directory, Group, Key};
use crate::domain::time::Term;
use crate::findings::{Code, Finding, Place};
use crate::shape::Located;
use crate::signing::OpenPgpKey;

/// Parents that exist and make no circle, people that exist, acronyms that mean one group, keys that lead to one person.
pub fn check_directory(directory: &Directory) -> Vec<Finding> {
    let mut findings: Vec<Finding> =
        directory.groups.iter().flat_map(|(name, group)| group_findings(directory, name, group)).collect();
    findings.extend(duplicate_acronyms(directory));
    findings.extend(shared_keys(directory));
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

/// Two groups with one acronym on one day. A file's name always means its own group, on every day.
fn duplicate_acronyms(directory: &Directory) -> Vec<Finding> {
    let mut taken: BTreeMap<&str, Vec<(&str, Term)>> = BTreeMap::new();
    for (name, group) in &directory.groups {
        taken.entry(name).or_default().push((name, Term::default()));
        for (acronym, term) in group.value.acronym.all() {
            taken.entry(acronym).or_default().push((name, *term));
        }
    }
    let clash = |(acronym, holders): (&str, Vec<(&str, Term)>)| {
        let pairs = holders
            .iter()
            .enumerate()
            .flat_map(|(index, first)| holders.iter().take(index).map(move |second| (first, second)));
        let (first, second) = pairs.into_iter().find(|((a, on), (b, then))| a != b && on.meets(then))?;
        let renamed = if first.0 == acronym { second.0 } else { first.0 };
        let other = if first.0 == renamed { second.0 } else { first.0 };
        let (group, other_group) = (directory.groups.get(renamed)?, directory.groups.get(other)?);
        Some(
            Finding::plain(Code::DuplicateAcronym, format!("`{acronym}` means both `{other}` and `{renamed}`"))
                .at(group.place("acronym"))
                .with(other_group.place("acronym"), format!("`{other}` is here"))
                .help("give the earlier acronym its last day with `until`, or choose another one"),
        )
    };
    taken.into_iter().filter_map(clash).collect()
}

/// A key that stands in the files of two people: each of them could be counted with it.
fn shared_keys(directory: &Directory) -> Vec<Finding> {
    let mut known: BTreeMap<String, (&str, Place)> = BTreeMap::new();
    let mut findings = Vec::new();
    for (handle, person) in &directory.people {
        for (index, key) in person.value.keys.iter().enumerate() {
            let place = person.place_in_item("key", index, "public");
            let (other, first) = known.entry(essence(key)).or_insert((handle, place.clone()));
            if other != handle {
                let called = fingerprint(&key.public).unwrap_or_else(|| "OpenPGP".to_owned());
                let message = format!("the key {called} is `{other}`'s already: `{handle}` cannot have the same one");
                let finding = Finding::plain(Code::KeyOfTwoPeople, message).at(place);
                findings.push(finding.with(first.clone(), format!("`{other}` has it here")).help(format!(
                    "take it out of the file of whoever does not hold it; a key of their own: liaison person key add {handle} --ssh FILE.pub"
                )));
            }
        }
    }
    findings
}

/// What makes a key the same one, whatever its comment and its armour say.
fn essence(key: &Key) -> String {
    let print = if key.is_ssh { None } else { OpenPgpKey::parse(&key.public).ok().map(|key| key.fingerprint()) };
    print.unwrap_or_else(|| super::key::essence(&key.public))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::directory::parse_group;
    use crate::shape::Sink;

    fn clashes(groups: &[(&str, &str)]) -> Vec<String> {
        let mut directory = Directory::default();
        for (name, acronym) in groups {
            let text = format!("name = \"{name}\"\nkind = \"working-group\"\n{acronym}\n");
            let mut sink = Sink::new("x.toml");
            directory.groups.insert((*name).to_owned(), parse_group(text.as_bytes(), &mut sink).unwrap().into());
            assert!(sink.findings.is_empty(), "{:?}", sink.findings);
        }
        check_directory(&directory).into_iter().map(|finding| finding.message).collect()
    }

    #[test]
    fn an_acronym_may_pass_from_one_group_to_another() {
        let until = "acronym = [{ value = \"sig\", until = 2020-01-01 }, { value = \"a\", since = 2020-01-01 }]";
        let since = "acronym = [{ value = \"b\", until = 2020-01-01 }, { value = \"sig\", since = 2020-01-01 }]";
        let before = "acronym = [{ value = \"b\", until = 2019-01-01 }, { value = \"sig\", since = 2019-01-01 }]";
        assert!(clashes(&[("a", until), ("b", since)]).is_empty());
        assert_eq!(clashes(&[("a", until), ("b", before)]), ["`sig` means both `a` and `b`"]);
    }

    #[test]
    fn an_acronym_that_is_a_files_name_always_clashes() {
        assert_eq!(clashes(&[("a", ""), ("b", "acronym = \"a\"")]), ["`a` means both `a` and `b`"]);
        assert!(
            clashes(&[(
                "a",
                "acronym = [{ value = \"c\", until = 2020-01-01 }, { value = \"c\", since = 2022-01-01 }]"
            )])
            .is_empty()
        );
    }
}
