//! Whom a letter reaches, and why (rfc4053bis, section "Contact Information").

use chrono::NaiveDate;

use super::roles::at_groups;
use crate::config::{At, Learner, Settings};
use crate::directory::Directory;
use crate::domain::{Contact, Content};

/// An address with the reason it is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reached {
    /// The address.
    pub contact: Contact,
    /// Which role of which group it stands for.
    pub reason: String,
}

/// Whom one letter concerns: our groups, theirs, and the day.
struct View<'a> {
    directory: &'a Directory,
    settings: &'a Settings,
    receivers: &'a [String],
    day: NaiveDate,
}

/// From-contacts of our groups: lists, chairs, directors, liaison management (LS-27, LS-28).
pub fn from_contacts(
    groups: &[String],
    receivers: &[String],
    directory: &Directory,
    settings: &Settings,
    day: NaiveDate,
) -> Vec<Reached> {
    informed("sent", groups, receivers, directory, settings, day)
}

/// Whom `[[inform]]` names for an event of some of our groups. Each address stands once.
pub fn informed(
    event: &str,
    groups: &[String],
    receivers: &[String],
    directory: &Directory,
    settings: &Settings,
    day: NaiveDate,
) -> Vec<Reached> {
    let view = View { directory, settings, receivers, day };
    let mut reached = Vec::new();
    for group in groups {
        let kind = directory.group(group, day).map_or("", |(_, group)| group.kind.as_str());
        let row = settings.inform.iter().filter(|row| row.event == event).find(|row| row.from == kind);
        let row =
            row.or_else(|| settings.inform.iter().find(|row| row.event == event && row.from == crate::config::ANY));
        for learner in row.iter().flat_map(|row| &row.who) {
            reached.extend(view.learner(learner, group));
        }
    }
    once(reached)
}

/// To-contacts of receiving groups: their own address, liaison contacts, chairs (LS-37, LS-38).
pub fn to_contacts(groups: &[String], directory: &Directory, settings: &Settings, day: NaiveDate) -> Vec<Reached> {
    let view = View { directory, settings, receivers: groups, day };
    once(groups.iter().flat_map(|group| view.receiver(group)).collect())
}

/// The one address that takes every letter for some groups, if they share one (LS-39).
pub fn send_to(groups: &[String], directory: &Directory, day: NaiveDate) -> Option<Reached> {
    let intake = |group: &String| {
        let (own, _) = directory.group(group, day)?;
        std::iter::once(own).chain(directory.above(group, day)).find_map(|name| {
            let contact = directory.groups.get(name)?.value.send_to.on(day)?.clone();
            Some(Reached { contact, reason: format!("send-to of {name}") })
        })
    };
    let mut intakes = groups.iter().map(intake);
    let first = intakes.next()??;
    intakes.all(|other| other.is_some_and(|other| other.contact == first.contact)).then_some(first)
}

/// Where replies to a letter of ours go: the liaison manager's role address, else our own, else the coordination (LS-33).
pub fn send_reply_to(
    groups: &[String],
    receivers: &[String],
    directory: &Directory,
    settings: &Settings,
    day: NaiveDate,
) -> Option<Reached> {
    let manager = at_groups(&At::Receiver, Some("liaison-manager"), "", receivers, directory, settings, day)
        .into_iter()
        .find_map(|name| {
            let group = &directory.groups.get(&name)?.value;
            let of_role = group.addresses.get("liaison-manager").cloned();
            let of_term = || {
                let term = group
                    .roles
                    .iter()
                    .find(|term| term.role == "liaison-manager" && term.term.holds_on(day) && term.address.is_some())?;
                let address = term.address.clone()?;
                Some(Contact::bare(address))
            };
            Some(Reached { contact: of_role.or_else(of_term)?, reason: format!("liaison manager for {name}") })
        });
    let ours = || {
        groups.iter().find_map(|group| {
            let (own, _) = directory.group(group, day)?;
            std::iter::once(own).chain(directory.above(group, day)).find_map(|name| {
                let contact = directory.groups.get(name)?.value.send_reply_to.on(day)?.clone();
                Some(Reached { contact, reason: format!("send-reply-to of {name}") })
            })
        })
    };
    let coordination =
        || settings.mail.coordination.clone().map(|contact| Reached { contact, reason: "liaison coordination".into() });
    manager.or_else(ours).or_else(coordination)
}

/// Who gets a letter's mail: send-to alone if there is one, else the to-contacts (LS-39).
pub fn receivers(content: &Content) -> Vec<&Contact> {
    match &content.to.send_to {
        Some(send_to) => vec![send_to],
        None => content.to.contacts.iter().collect(),
    }
}

impl View<'_> {
    fn learner(&self, learner: &Learner, group: &str) -> Vec<Reached> {
        match learner {
            Learner::Coordination => self
                .settings
                .mail
                .coordination
                .iter()
                .map(|contact| Reached { contact: contact.clone(), reason: "liaison coordination".into() })
                .collect(),
            Learner::List(at) => self.groups_at(at, None, group).iter().filter_map(|name| self.list(name)).collect(),
            Learner::Role { role, at, or_else } => {
                let found = self.role(role, at, group);
                match or_else {
                    Some(other) if found.is_empty() => self.role(role, other, group),
                    _ => found,
                }
            }
        }
    }

    fn groups_at(&self, at: &At, role: Option<&str>, group: &str) -> Vec<String> {
        at_groups(at, role, group, self.receivers, self.directory, self.settings, self.day)
    }

    fn list(&self, name: &str) -> Option<Reached> {
        let (name, group) = self.directory.group(name, self.day)?;
        let mut contact = group.list.on(self.day)?.clone();
        contact.name = contact.name.or_else(|| group.name.on(self.day).map(|name| format!("{name} list")));
        Some(Reached { contact, reason: format!("list of {name}") })
    }

    fn role(&self, role: &str, at: &At, group: &str) -> Vec<Reached> {
        self.groups_at(at, Some(role), group).iter().flat_map(|name| self.role_at(role, name)).collect()
    }

    /// The role's own address at a group, else each holder's.
    fn role_at(&self, role: &str, name: &str) -> Vec<Reached> {
        let Some((name, group)) = self.directory.group(name, self.day) else { return Vec::new() };
        if let Some(contact) = group.addresses.get(role) {
            return vec![Reached { contact: contact.clone(), reason: format!("{role} of {name}") }];
        }
        let holders = self.directory.holders(role, name, self.day);
        let reached = |holder: &crate::directory::Holder<'_>| {
            let contact = self.directory.contact_of(holder, self.day)?;
            Some(Reached { contact, reason: format!("{role} of {name} ({})", holder.person) })
        };
        holders.iter().filter_map(reached).collect()
    }

    /// How a receiving group is reached: what it says of itself, else the nearest body above it that says something.
    fn receiver(&self, group: &str) -> Vec<Reached> {
        let Some((own, _)) = self.directory.group(group, self.day) else { return Vec::new() };
        for name in std::iter::once(own).chain(self.directory.above(group, self.day)) {
            let ways = ["contact", "liaison-contact", "liaison-cc-contact", "chair", "secretary"];
            let found: Vec<Reached> = ways.iter().flat_map(|role| self.role_at(role, name)).collect();
            if !found.is_empty() {
                return found;
            }
        }
        std::iter::once(own)
            .chain(self.directory.above(group, self.day))
            .map(|name| self.role_at("authorized-individual", name))
            .find(|found| !found.is_empty())
            .unwrap_or_default()
    }
}

/// Keeps the first mention of each address.
fn once(reached: Vec<Reached>) -> Vec<Reached> {
    let mut kept: Vec<Reached> = Vec::new();
    for one in reached {
        if !kept.iter().any(|known| known.contact.address.same_mailbox(&one.contact.address)) {
            kept.push(one);
        }
    }
    kept
}
