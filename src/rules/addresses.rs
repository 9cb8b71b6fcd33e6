//! Rules about single addresses: stated once, and spelt right.

use super::Case;
use super::delivery::fault;
use super::places::{ADDRESS_KEYS, contacts_at, mend};
use super::spelling::is_misspelt;
use crate::directory::{Group, MailingList, Person};
use crate::domain::{Address, Contact};
use crate::findings::{Code, Finding, Place};
use crate::shape::Located;

/// Reports an address that stands twice among the contacts of one side.
pub(super) fn contact_twice(case: &Case<'_>) -> Vec<Finding> {
    ["from.contacts", "to.contacts"].into_iter().flat_map(|path| twice(case, path)).collect()
}

fn twice(case: &Case<'_>, path: &str) -> Vec<Finding> {
    let contacts = contacts_at(case, path);
    let mut findings = Vec::new();
    for (index, (contact, place)) in contacts.iter().enumerate() {
        let mut earlier = contacts.iter().take(index);
        if let Some((_, first)) = earlier.find(|(known, _)| known.address.same_mailbox(&contact.address)) {
            let side = path.replace(".contacts", "-contacts");
            let message = format!("{} stands twice among the {side}", contact.address);
            let finding = case.finding(Code::ContactTwice, message).at(place.clone()).with(first.clone(), "first here");
            findings.push(finding.help(mend(case, "keep one of them")));
        }
    }
    findings
}

/// Reports an address that is nobody's of the directory, but nearly somebody's. One of a form that cannot be is told
/// as that.
pub(super) fn address_misspelt(case: &Case<'_>) -> Vec<Finding> {
    let known: Vec<Known<'_>> = known(case).collect();
    let is_known = |address: &Address| known.iter().any(|one| one.address.same_mailbox(address));
    let foreign = |domain: &str| known.iter().any(|one| one.address.domain().eq_ignore_ascii_case(domain));
    let report = |(contact, place): (Contact, Place)| {
        let found = &contact.address;
        if is_known(found) || fault(found).is_some() {
            return None;
        }
        let near = known.iter().find(|one| is_misspelt(one.address.as_str(), found.as_str(), foreign))?;
        let message = format!("the directory does not know {found}, but {} ({})", near.address, near.what());
        let finding = case.finding(Code::AddressMisspelt, message).at(place).with(near.place(), "the known address");
        Some(finding.help(mend(case, format!("write {}, if that is meant", near.address))))
    };
    ADDRESS_KEYS.into_iter().flat_map(|path| contacts_at(case, path)).filter_map(report).collect()
}

/// A well-known address, and what says so.
#[derive(Debug, Clone, Copy)]
struct Known<'a> {
    address: &'a Address,
    owner: Owner<'a>,
}

/// Whose address it is.
#[derive(Debug, Clone, Copy)]
enum Owner<'a> {
    /// The coordination's, by the settings.
    Coordination,
    /// A group's, under a key of its file.
    Group(&'a str, &'a Located<Group>, &'static str),
    /// A role's at a group.
    Role(&'a str, &'a Located<Group>, &'a str),
    /// A term's at a group, by its place in the file.
    Term(&'a str, &'a Located<Group>, usize),
    /// A mailing list's, or its owners'.
    List(&'a str, &'a Located<MailingList>, &'static str),
    /// A person's own.
    Person(&'a Located<Person>),
}

impl Known<'_> {
    fn what(&self) -> String {
        match self.owner {
            Owner::Coordination => "the coordination".to_owned(),
            Owner::Group(name, _, key) => format!("{key} of `{name}`"),
            Owner::Role(name, _, role) => format!("{role} of `{name}`"),
            Owner::Term(name, group, index) => {
                format!("{} of `{name}`", group.value.roles.get(index).map_or("a role", |term| &term.role))
            }
            Owner::List(name, _, "owners") => format!("an owner of the list `{name}`"),
            Owner::List(name, _, _) => format!("the list `{name}`"),
            Owner::Person(person) => person.value.name.clone(),
        }
    }

    fn place(&self) -> Place {
        match self.owner {
            Owner::Coordination => Place::file("liaison.toml"),
            Owner::Group(_, group, key) => group.place(key),
            Owner::Role(_, group, role) => group.place(&format!("addresses.{role}")),
            Owner::Term(_, group, index) => group.place_in_item("role", index, "address"),
            Owner::List(_, list, key) => list.place(key),
            Owner::Person(person) => person.place("addresses"),
        }
    }
}

/// Every address of the settings and the directory: of roles first, of people last.
fn known<'a>(case: &Case<'a>) -> impl Iterator<Item = Known<'a>> {
    let coordination = case.settings.mail.coordination.iter();
    let coordination = coordination.map(|contact| Known { address: &contact.address, owner: Owner::Coordination });
    let groups = case.directory.groups.iter().flat_map(|(name, group)| of_group(name, group));
    let lists = case.directory.lists.iter().flat_map(|(name, list)| {
        let of = move |key| {
            move |contact: &'a Contact| Known { address: &contact.address, owner: Owner::List(name, list, key) }
        };
        std::iter::once(&list.value.address).map(of("address")).chain(list.value.owners.iter().map(of("owners")))
    });
    let people = case.directory.people.values().flat_map(|person| {
        person.value.addresses.iter().map(move |address| Known { address, owner: Owner::Person(person) })
    });
    coordination.chain(groups).chain(lists).chain(people)
}

fn of_group<'a>(name: &'a str, group: &'a Located<Group>) -> impl Iterator<Item = Known<'a>> {
    let value = &group.value;
    let dated = [("list", &value.list), ("send-to", &value.send_to), ("send-reply-to", &value.send_reply_to)];
    let dated = dated.into_iter().flat_map(move |(key, contacts)| {
        let owner = Owner::Group(name, group, key);
        contacts.all().iter().map(move |(contact, _)| Known { address: &contact.address, owner })
    });
    let roles = value
        .addresses
        .iter()
        .map(move |(role, contact)| Known { address: &contact.address, owner: Owner::Role(name, group, role) });
    let terms = value.roles.iter().enumerate().filter_map(move |(index, term)| {
        Some(Known { address: term.address.as_ref()?, owner: Owner::Term(name, group, index) })
    });
    dated.chain(roles).chain(terms)
}

#[cfg(test)]
mod tests {
    use super::super::examples::findings;

    #[test]
    fn the_known_address_is_named_with_its_place() {
        for (written, told, place) in [
            ("liason-coordination@iab.example", "the coordination", "liaison.toml"),
            ("tls-chiars@ietf.example", "chair of `tls`", "directory/groups/tls.toml:5:23"),
            ("3gpp-liaison-manger@iab.example", "liaison-manager of `3gpp`", "directory/groups/3gpp.toml:17:11"),
            ("last-cal@ietf.example", "the list `last-call`", "directory/lists/last-call.toml:1:11"),
            ("ada@netwroks.example", "Ada Example", "directory/people/ada-example.toml:3:13"),
        ] {
            let letter = format!("direction: outgoing\nfrom: {{groups: [tls], contacts: [{written}]}}\n");
            let found = findings(&[("drafts/ech-in-5g.yaml", &letter)]);
            let finding = found.iter().find(|finding| finding.code == super::Code::AddressMisspelt);
            let finding = finding.unwrap_or_else(|| panic!("{written}: {found:?}"));
            assert!(finding.message.contains(told), "{}", finding.message);
            assert_eq!(finding.related[0].0.to_string(), place, "{written}");
        }
    }
}
