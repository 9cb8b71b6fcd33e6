//! Groups, people, lists and terms: who held which role when, and who belongs to whom.

mod check;
mod dated;
pub mod edit;
mod group;
pub mod key;
mod person;
mod root;

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;

pub use check::check_directory;
pub use dated::Dated;
pub use group::{Group, RoleTerm, group_shape, parse_group};
pub use person::{Forge, Key, MailingList, Person, list_shape, parse_list, parse_person, person_shape};
pub use root::{RootFile, RootHolder, TrustRoot, parse_root, root_shape};

use crate::domain::Contact;
use crate::shape::Located;

/// Everybody and everything the record knows.
#[derive(Debug, Clone, Default)]
pub struct Directory {
    /// By the file's name: the first acronym, for ever.
    pub groups: BTreeMap<String, Arc<Located<Group>>>,
    /// By handle.
    pub people: BTreeMap<String, Arc<Located<Person>>>,
    /// By name.
    pub lists: BTreeMap<String, Arc<Located<MailingList>>>,
}

/// Somebody who holds a role at a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder<'d> {
    /// The person's handle.
    pub person: &'d str,
    /// The role's word.
    pub role: &'d str,
    /// The group at which it is held, by its file's name.
    pub group: &'d str,
}

impl Directory {
    /// A group by its acronym on a day; the file's name always works.
    pub fn group(&self, acronym: &str, day: NaiveDate) -> Option<(&str, &Group)> {
        let named = |(name, group): (&'_ String, &'_ Arc<Located<Group>>)| {
            (name == acronym || group.value.acronym.on(day).is_some_and(|now| now == acronym)).then_some(())
        };
        if let Some((name, group)) = self.groups.get_key_value(acronym) {
            return Some((name.as_str(), &group.value));
        }
        self.groups.iter().find(|entry| named(*entry).is_some()).map(|(name, group)| (name.as_str(), &group.value))
    }

    /// The groups above a group on a day, nearest first. Ends where a group would stand twice.
    pub fn above<'d>(&'d self, acronym: &str, day: NaiveDate) -> Vec<&'d str> {
        let mut chain: Vec<&str> = Vec::new();
        let mut next = self.group(acronym, day);
        while let Some((name, group)) = next {
            if chain.contains(&name) {
                break;
            }
            chain.push(name);
            next = group.parent.on(day).and_then(|parent| self.group(parent, day));
        }
        chain.into_iter().skip(1).collect()
    }

    /// The body at the top of a group's chain on a day: its organization.
    pub fn organization<'d>(&'d self, acronym: &str, day: NaiveDate) -> Option<&'d str> {
        let (own, _) = self.group(acronym, day)?;
        Some(self.above(acronym, day).last().copied().unwrap_or(own))
    }

    /// Whether a group is another one, or somewhere below it, on a day.
    pub fn is_below(&self, acronym: &str, top: &str, day: NaiveDate) -> bool {
        let Some((top, _)) = self.group(top, day) else { return acronym == top };
        self.group(acronym, day).is_some_and(|(name, _)| name == top) || self.above(acronym, day).contains(&top)
    }

    /// Who holds a role at a group on a day, in the order of the file.
    pub fn holders<'d>(&'d self, role: &str, acronym: &str, day: NaiveDate) -> Vec<Holder<'d>> {
        let Some((name, group)) = self.group(acronym, day) else { return Vec::new() };
        let held = |term: &&RoleTerm| term.role == role && term.term.holds_on(day);
        group
            .roles
            .iter()
            .filter(held)
            .map(|term| Holder { person: &term.person, role: &term.role, group: name })
            .collect()
    }

    /// Whether a person holds a role at a group on a day.
    pub fn holds(&self, person: &str, role: &str, acronym: &str, day: NaiveDate) -> bool {
        self.holders(role, acronym, day).iter().any(|holder| holder.person == person)
    }

    /// Every role a person holds on a day.
    pub fn roles_of<'d>(&'d self, person: &str, day: NaiveDate) -> Vec<Holder<'d>> {
        let of = |(name, group): (&'d String, &'d Arc<Located<Group>>)| {
            let held = |term: &&RoleTerm| term.person == person && term.term.holds_on(day);
            group
                .value
                .roles
                .iter()
                .filter(held)
                .map(|term| Holder { person: &term.person, role: &term.role, group: name })
                .collect::<Vec<_>>()
        };
        self.groups.iter().flat_map(of).collect()
    }

    /// A person's name, or the handle of somebody unknown.
    pub fn name_of<'d>(&'d self, handle: &'d str) -> &'d str {
        self.people.get(handle).map_or(handle, |person| person.value.name.as_str())
    }

    /// A group's name on a day, or the acronym of one unknown.
    pub fn group_name<'d>(&'d self, acronym: &'d str, day: NaiveDate) -> &'d str {
        self.group(acronym, day).and_then(|(_, group)| group.name.on(day)).map_or(acronym, String::as_str)
    }

    /// The handle of the person who uses an address.
    pub fn person_by_address(&self, address: &str) -> Option<&str> {
        let uses = |person: &Located<Person>| {
            person.value.addresses.iter().any(|known| known.as_str().eq_ignore_ascii_case(address))
        };
        self.people.iter().find(|(_, person)| uses(person)).map(|(handle, _)| handle.as_str())
    }

    /// Where mail for the holder of a role goes: the address of the term, else the person's first.
    pub fn contact_of(&self, holder: &Holder<'_>, day: NaiveDate) -> Option<Contact> {
        let group = self.groups.get(holder.group)?;
        let term = group
            .value
            .roles
            .iter()
            .find(|term| term.person == holder.person && term.role == holder.role && term.term.holds_on(day))?;
        let person = self.people.get(holder.person);
        let address =
            term.address.clone().or_else(|| person.and_then(|person| person.value.addresses.first().cloned()))?;
        Some(Contact { name: person.map(|person| person.value.name.clone()), address })
    }
}
