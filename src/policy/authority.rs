//! The approval table, asked: which row is meant, who holds a role of it, whether somebody had authority on a day.

use chrono::NaiveDate;

use super::roles::at_groups;
use crate::config::{ANY, ApprovalRow, At, Authority, Grade, Settings};
use crate::directory::{Directory, Group, Holder};
use crate::domain::ActKind;

/// The row for an act and the kind of a group on a day: one for the kind goes before one for any kind.
///
/// A group that the directory does not know has no kind, and so no row, not even one for any kind.
pub fn row_for<'a>(
    act: &str,
    group: &str,
    directory: &Directory,
    settings: &'a Settings,
    day: NaiveDate,
) -> Option<&'a ApprovalRow> {
    let (_, known) = directory.group(group, day)?;
    let concerned = || settings.approval.iter().filter(|row| row.concerns(act, &known.kind, day));
    concerned().find(|row| row.from == known.kind).or_else(|| concerned().next())
}

/// The role and group in which a person may do an act on a letter of `group` on a day, the first of the row that fits.
pub fn authority_for<'a>(
    person: &str,
    act: &str,
    group: &str,
    directory: &'a Directory,
    settings: &'a Settings,
    day: NaiveDate,
) -> Option<Holder<'a>> {
    roles_for(person, act, group, directory, settings, day).into_iter().next()
}

/// The roles in which a person covers some groups for an act: as few as possible, each with the groups it covers.
pub fn coverage<'a>(
    person: &str,
    act: &str,
    groups: &[String],
    directory: &'a Directory,
    settings: &'a Settings,
    day: NaiveDate,
) -> Vec<(Holder<'a>, Vec<String>)> {
    let roles = |group: &String| roles_for(person, act, group, directory, settings, day);
    let mut open: Vec<String> = groups.iter().filter(|group| !roles(group).is_empty()).cloned().collect();
    let mut covered = Vec::new();
    while let Some(first) = open.first() {
        let width = |holder: &Holder<'_>| open.iter().filter(|group| roles(group).contains(holder)).count();
        let mut candidates = roles(first);
        candidates.sort_by_key(|holder| std::cmp::Reverse(width(holder)));
        let Some(widest) = candidates.into_iter().next() else { break };
        let (with, without) = open.into_iter().partition(|group| roles(group).contains(&widest));
        covered.push((widest, with));
        open = without;
    }
    covered
}

/// Every role in which a person may do an act on a letter of `group` on a day.
pub fn roles_for<'a>(
    person: &str,
    act: &str,
    group: &str,
    directory: &'a Directory,
    settings: &'a Settings,
    day: NaiveDate,
) -> Vec<Holder<'a>> {
    let row = row_for(act, group, directory, settings, day);
    row.map(|row| Table { directory, settings }.roles_of(person, row, group, day)).unwrap_or_default()
}

/// Who may approve a letter from a group on a day, whom to ask first first.
pub fn approvers<'a>(group: &str, directory: &'a Directory, settings: &'a Settings, day: NaiveDate) -> Vec<Holder<'a>> {
    let row = row_for("send", group, directory, settings, day);
    row.map(|row| Table { directory, settings }.holders(row, group, day)).unwrap_or_default()
}

/// Whether a person may do an act on letters of some groups: with the role that allows it. Where the directory knows
/// none of the groups, the record's own organization stands for them.
pub fn may_do<'a>(
    person: &str,
    act: &str,
    groups: &[String],
    directory: &'a Directory,
    settings: &'a Settings,
    day: NaiveDate,
) -> Option<Holder<'a>> {
    let may = |group: &str| authority_for(person, act, group, directory, settings, day);
    if groups.iter().any(|group| directory.group(group, day).is_some()) {
        groups.iter().find_map(|group| may(group))
    } else {
        may(&settings.organization)
    }
}

/// Everybody who may change directory or policy on a day, in the order of their handles.
pub fn changers<'a>(
    kind: ActKind,
    directory: &'a Directory,
    settings: &'a Settings,
    day: NaiveDate,
) -> Vec<Holder<'a>> {
    let may = |person: &'a String| may_do(person, kind.as_str(), &[], directory, settings, day);
    directory.people.keys().filter_map(may).collect()
}

/// Whether a record begins: no term of the directory, of whatever time, ever gave somebody the authority to change directory
/// or policy, and so everybody may. A gap between two terms is no beginning: an act can bear any day.
pub fn begins(kind: ActKind, directory: &Directory, settings: &Settings) -> bool {
    let organization = named(directory, &settings.organization);
    let at = |at: &At| match at {
        At::Group | At::Organization => organization.clone(),
        At::Parent => {
            let above = organization.iter().flat_map(|group| group.parent.all());
            above.flat_map(|(parent, _)| named(directory, parent)).collect()
        }
        At::Named(name) => named(directory, name),
        At::Receiver => Vec::new(),
    };
    let is_service = |person: &str| directory.people.get(person).is_some_and(|person| person.value.is_service);
    let gave = |one: &Authority| {
        let mut terms = at(&one.at).into_iter().flat_map(|group| &group.roles).filter(|term| term.role == one.role);
        terms.any(|term| !is_service(&term.person))
    };
    let is_ours = |row: &&ApprovalRow| row.from == ANY || organization.iter().any(|group| group.kind == row.from);
    let rows = settings.approval.iter().filter(|row| row.act == kind.as_str()).filter(is_ours);
    !rows.flat_map(|row| &row.any_of).any(gave)
}

/// How well a change of directory or policy has to be proven on a day, as its row of the table says. Where nobody who may make
/// one has a key yet, nobody could do better than say so: a record begins.
pub fn wanted_grade(kind: ActKind, directory: &Directory, settings: &Settings, day: NaiveDate) -> Grade {
    let has_key =
        |holder: &Holder<'_>| directory.people.get(holder.person).is_some_and(|person| !person.value.keys.is_empty());
    let row = row_for(kind.as_str(), &settings.organization, directory, settings, day);
    let could_sign = || changers(kind, directory, settings, day).iter().any(has_key);
    row.map(|row| row.grade).filter(|_| could_sign()).unwrap_or(Grade::Asserted)
}

/// The groups that have, or on some day had, a name.
fn named<'d>(directory: &'d Directory, name: &str) -> Vec<&'d Group> {
    let is_named =
        |file: &str, group: &Group| file == name || group.acronym.all().iter().any(|(acronym, _)| acronym == name);
    let groups = directory.groups.iter().filter(|(file, group)| is_named(file, &group.value));
    groups.map(|(_, group)| &group.value).collect()
}

/// The table with the directory it is read against.
#[derive(Debug, Clone, Copy)]
pub(super) struct Table<'a> {
    pub(super) directory: &'a Directory,
    pub(super) settings: &'a Settings,
}

impl<'a> Table<'a> {
    /// The people who hold a role of a row, whom to ask first first; each stands once, and services never.
    pub(super) fn holders(&self, row: &ApprovalRow, group: &str, day: NaiveDate) -> Vec<Holder<'a>> {
        let mut found: Vec<Holder<'a>> = Vec::new();
        for holder in row.any_of.iter().flat_map(|authority| self.at(authority, group, day)) {
            if self.is_person(holder.person) && !found.iter().any(|known| known.person == holder.person) {
                found.push(holder);
            }
        }
        found
    }

    /// Every role of a row that a person holds on a day.
    pub(super) fn roles_of(&self, person: &str, row: &ApprovalRow, group: &str, day: NaiveDate) -> Vec<Holder<'a>> {
        let all = row.any_of.iter().flat_map(|authority| self.at(authority, group, day));
        all.filter(|holder| holder.person == person && self.is_person(person)).collect()
    }

    /// Whether a handle is a person of the directory; a service never approves.
    pub(super) fn is_person(&self, handle: &str) -> bool {
        self.directory.people.get(handle).is_some_and(|person| !person.value.is_service)
    }

    /// Whether two words mean the same group on a day: a group keeps its file's name when its acronym changes.
    pub(super) fn is_same_group(&self, one: &str, other: &str, day: NaiveDate) -> bool {
        let name = |group: &str| self.directory.group(group, day).map(|(name, _)| name.to_owned());
        one == other || name(one).is_some_and(|one| Some(one) == name(other))
    }

    fn at(&self, authority: &Authority, group: &str, day: NaiveDate) -> Vec<Holder<'a>> {
        at_groups(&authority.at, Some(&authority.role), group, &[], self.directory, self.settings, day)
            .iter()
            .flat_map(|name| self.directory.holders(&authority.role, name, day))
            .collect()
    }
}
