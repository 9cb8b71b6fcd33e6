//! Rules about the contacts of the two sides (rfc4053bis, section "Contact Information").

use super::Case;
use super::places::{is_ours_to_send, is_silent, mend, told};
use super::replies::{is_role_address, reply_addresses};
use crate::directory::Holder;
use crate::domain::{Address, Contact};
use crate::findings::{Code, Finding};
use crate::policy::{Reached, from_contacts, send_to, to_contacts};

/// Reports a letter without a from-contact (LS-26).
pub(super) fn from_contact_missing(case: &Case<'_>) -> Vec<Finding> {
    if !is_silent(case, "from.contacts") {
        return Vec::new();
    }
    let known = if is_ours_to_send(case) { our_contacts(case) } else { Vec::new() };
    let add = match known.as_slice() {
        [] => "add `contacts` below `from`, the addresses the letter comes from".to_owned(),
        known => format!("add `contacts` below `from`; the directory knows {}", told(known)),
    };
    let finding = case.finding(Code::FromContactMissing, "the letter has no from-contact");
    vec![finding.at(case.letter.statement.place("from.contacts")).help(mend(case, add))]
}

/// Reports the addresses of our side that the from-contacts leave out (LS-27, LS-28).
///
/// Send-reply-to counts as one of them. Of those who manage the liaison, one is enough.
pub(super) fn from_contact_incomplete(case: &Case<'_>) -> Vec<Finding> {
    let from = &case.content().from;
    if !is_ours_to_send(case) || from.contacts.is_empty() {
        return Vec::new();
    }
    let named: Vec<&Contact> = from.contacts.iter().chain(&from.send_reply_to).collect();
    let is_managed = named.iter().any(|contact| is_role_address(case, &contact.address));
    let mut missing = missing(case, our_contacts(case), &named);
    missing.retain(|one| !(is_managed && is_role_address(case, &one.contact.address)));
    incomplete(case, Code::FromContactIncomplete, "from.contacts", &missing)
}

/// Reports a letter that has no address to go to (LS-37).
pub(super) fn to_contact_missing(case: &Case<'_>) -> Vec<Finding> {
    if !is_ours_to_send(case) || !is_silent(case, "to.contacts") || !is_silent(case, "to.send-to") {
        return Vec::new();
    }
    let (intake, known) = (their_intake(case), their_contacts(case));
    let add = match (
        reply_addresses(case).first().map(|(contact, _)| *contact).or(intake.as_ref().map(|one| &one.contact)),
        known.as_slice(),
    ) {
        (Some(intake), _) => format!("add `send-to: {intake}` below `to`"),
        (None, []) => "add `contacts` or `send-to` below `to`".to_owned(),
        (None, known) => format!("add `contacts` below `to`; the directory knows {}", told(known)),
    };
    let finding = case.finding(Code::ToContactMissing, "the letter has no address to go to: no to-contact, no send-to");
    vec![finding.at(case.letter.statement.place("to.contacts")).help(mend(case, add))]
}

/// Reports the addresses of the other side that the to-contacts leave out, unless all goes to a send-to (LS-38).
pub(super) fn to_contact_incomplete(case: &Case<'_>) -> Vec<Finding> {
    let to = &case.content().to;
    if !is_ours_to_send(case) || to.contacts.is_empty() || !is_silent(case, "to.send-to") {
        return Vec::new();
    }
    let intake = their_intake(case).filter(|_| reply_addresses(case).is_empty());
    let known = intake.into_iter().chain(their_contacts(case)).collect();
    let missing = missing(case, known, &to.contacts.iter().collect::<Vec<_>>());
    incomplete(case, Code::ToContactIncomplete, "to.contacts", &missing)
}

/// What the directory would write into `from.contacts`.
fn our_contacts(case: &Case<'_>) -> Vec<Reached> {
    from_contacts(&case.from_groups(), &case.to_groups(), case.directory, case.settings, case.day())
}

/// What the directory would write into `to.contacts`.
fn their_contacts(case: &Case<'_>) -> Vec<Reached> {
    to_contacts(&case.to_groups(), case.directory, case.settings, case.day())
}

/// What the directory would write into `to.send-to`.
fn their_intake(case: &Case<'_>) -> Option<Reached> {
    send_to(&case.to_groups(), case.directory, case.day())
}

/// What is known and not named, neither itself nor by another address that reaches the same person.
fn missing(case: &Case<'_>, known: Vec<Reached>, named: &[&Contact]) -> Vec<Reached> {
    let is_named = |address: &Address| named.iter().any(|contact| contact.address.same_mailbox(address));
    let reaches = |handle: &str| {
        let own = case.directory.people.get(handle).map_or(&[][..], |person| &person.value.addresses);
        let held = case.directory.roles_of(handle, case.day());
        let of_role = |holder: &Holder<'_>| case.directory.groups.get(holder.group)?.value.addresses.get(holder.role);
        own.iter().any(is_named) || held.iter().filter_map(of_role).any(|contact| is_named(&contact.address))
    };
    let is_missing = |one: &Reached| {
        let handle = case.directory.person_by_address(one.contact.address.as_str());
        !is_named(&one.contact.address) && !handle.is_some_and(reaches)
    };
    known.into_iter().filter(is_missing).collect()
}

fn incomplete(case: &Case<'_>, code: Code, path: &str, missing: &[Reached]) -> Vec<Finding> {
    if missing.is_empty() {
        return Vec::new();
    }
    let side = path.replace(".contacts", "-contacts");
    let finding = case.finding(code, format!("the {side} leave out {}", told(missing)));
    vec![
        finding.at(case.letter.statement.place(path)).help(mend(case, "add them, unless they are left out on purpose")),
    ]
}

#[cfg(test)]
mod tests {
    use super::super::examples::findings;

    /// Who is left out of some from-contacts.
    fn left_out(contacts: &str) -> Option<String> {
        let letter = format!(
            "direction: outgoing\nfrom: {{groups: [tls], contacts: [{contacts}]}}\nto: {{groups: [3gpp-sa3]}}\n"
        );
        let found = findings(&[("drafts/ech-in-5g.yaml", &letter)]);
        found.into_iter().find(|finding| finding.code == super::Code::FromContactIncomplete).map(|found| found.message)
    }

    #[test]
    fn a_person_is_reached_by_any_address() {
        let but_ada = "tls@ietf.example, TLS-Chairs@IETF.example, liaison-coordination@iab.example";
        let message = left_out(but_ada).unwrap();
        assert!(message.contains("ada@networks.example") && message.contains("sec-ads@ietf.example"), "{message}");
        let message = left_out(&format!("{but_ada}, ada.example@university.example")).unwrap();
        assert!(!message.contains("ada@networks.example") && message.contains("sec-ads@ietf.example"), "{message}");
        assert_eq!(left_out(&format!("{but_ada}, sec-ads@ietf.example")), None);
    }

    #[test]
    fn of_those_who_manage_the_liaison_one_is_enough() {
        let others = "tls@ietf.example, tls-chairs@ietf.example, sec-ads@ietf.example";
        let message = left_out(others).unwrap();
        assert!(message.contains("3gpp-liaison-manager@iab.example"), "{message}");
        assert!(message.contains("liaison-coordination@iab.example"), "{message}");
        assert_eq!(left_out(&format!("{others}, 3gpp-liaison-manager@iab.example")), None);
    }
}
