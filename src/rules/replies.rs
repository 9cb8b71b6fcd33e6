//! Rules about where replies go: our send-reply-to, and the send-to of a reply (rfc4053bis, section "Contact
//! Information").

use chrono::NaiveDate;

use super::Case;
use super::places::{is_ours_to_send, is_silent, mend};
use crate::directory::Group;
use crate::domain::{Address, Contact, Direction, StatementName};
use crate::findings::{Code, Finding};
use crate::policy::{Reached, send_reply_to};
use crate::record::Letter;

/// Reports an outgoing letter that does not say where replies go (LS-33).
pub(super) fn send_reply_to_missing(case: &Case<'_>) -> Vec<Finding> {
    if !is_ours_to_send(case) || !is_silent(case, "from.send-reply-to") {
        return Vec::new();
    }
    let add = match usual_reply_address(case) {
        Some(usual) => {
            format!("add `send-reply-to: {}` below `from` ({})", usual.contact, usual.reason)
        }
        None => "add `send-reply-to` below `from`; `coordination` under [mail] in liaison.toml is its default".into(),
    };
    let finding = case.finding(Code::SendReplyToMissing, "the letter does not say where replies go: no send-reply-to");
    vec![finding.at(case.letter.statement.place("from.send-reply-to")).help(mend(case, add))]
}

/// Reports a send-reply-to that is a person's own address (LS-32).
pub(super) fn send_reply_to_personal(case: &Case<'_>) -> Vec<Finding> {
    let Some((given, handle)) = personal_reply_address(case) else { return Vec::new() };
    let message = format!("send-reply-to {} is the address of a person, {}", given.address, person_name(case, handle));
    let mut finding = case
        .finding(Code::SendReplyToPersonal, message)
        .at(case.letter.statement.place("from.send-reply-to"))
        .help(mend(case, replace_by_usual(case)));
    if let Some(person) = case.directory.people.get(handle) {
        finding = finding.with(person.place("addresses"), "the person's addresses");
    }
    vec![finding]
}

/// Reports a send-reply-to that is neither the liaison manager's nor the coordination's (LS-33).
pub(super) fn send_reply_to_unusual(case: &Case<'_>) -> Vec<Finding> {
    let Some(given) = case.content().from.send_reply_to.as_ref().filter(|_| is_ours_to_send(case)) else {
        return Vec::new();
    };
    let Some(usual) = usual_reply_address(case) else { return Vec::new() };
    if is_role_address(case, &given.address) || personal_reply_address(case).is_some() {
        return Vec::new();
    }
    let message = format!("send-reply-to is {}, usual is {} ({})", given.address, usual.contact.address, usual.reason);
    let finding = case.finding(Code::SendReplyToUnusual, message);
    vec![finding.at(case.letter.statement.place("from.send-reply-to")).help(mend(case, replace_by_usual(case)))]
}

/// Reports a reply that does not go to the send-reply-to of the letter it answers (LS-40).
///
/// Of several letters that are answered at once, one may decide.
pub(super) fn send_to_not_reply_to(case: &Case<'_>) -> Vec<Finding> {
    let asked = reply_addresses(case);
    let is_malformed = case.content().to.send_to.is_none() && !is_silent(case, "to.send-to");
    if is_malformed || asked.iter().any(|(asked, _)| goes_to(case, asked)) {
        return Vec::new();
    }
    let given = match &case.content().to.send_to {
        Some(given) => format!("the send-to of this reply is {}", given.address),
        None => "this reply has no send-to".to_owned(),
    };
    let report = |(asked, original): (&Contact, &Letter)| {
        let message = format!("{} asks for replies to {}, {given}", original.name, asked.address);
        case.finding(Code::SendToNotReplyTo, message)
            .at(case.letter.statement.place("to.send-to"))
            .with(original.statement.place("from.send-reply-to"), "replies go here")
            .help(mend(case, format!("write `send-to: {asked}` below `to`")))
    };
    asked.into_iter().map(report).collect()
}

/// Whether the letter goes to an address: as its send-to or, when it was received without one, as a to-contact.
fn goes_to(case: &Case<'_>, asked: &Contact) -> bool {
    let to = &case.content().to;
    let is_asked = |contact: &Contact| contact.address.same_mailbox(&asked.address);
    match &to.send_to {
        Some(send_to) => is_asked(send_to),
        None => case.content().direction == Some(Direction::Incoming) && to.contacts.iter().any(is_asked),
    }
}

/// The send-reply-to of each letter of this record that the letter answers. A letter that follows one of our own has
/// none to keep to.
pub(super) fn reply_addresses<'a>(case: &Case<'a>) -> Vec<(&'a Contact, &'a Letter)> {
    let asked = |name: &StatementName| {
        let original = case.corpus.get(name)?;
        let content = &original.statement.value.content;
        let both_ours = content.is_outgoing() && case.content().is_outgoing();
        let contact = content.from.send_reply_to.as_ref().filter(|_| !both_ours)?;
        Some((contact, original))
    };
    case.content().answers().filter_map(asked).collect()
}

/// What the directory would write into `from.send-reply-to`.
fn usual_reply_address(case: &Case<'_>) -> Option<Reached> {
    send_reply_to(&case.from_groups(), &case.to_groups(), case.directory, case.settings, case.day())
}

fn replace_by_usual(case: &Case<'_>) -> String {
    match usual_reply_address(case) {
        Some(usual) => format!("write `send-reply-to: {}` ({})", usual.contact, usual.reason),
        None => "write the address of a role, such as a liaison manager's or the coordination's".to_owned(),
    }
}

/// Whether replies may arrive at an address by the directory or the settings: it is the coordination's, our own
/// send-reply-to, or the manager's for the receiver.
pub(super) fn is_role_address(case: &Case<'_>, address: &Address) -> bool {
    let day = case.day();
    let mut known: Vec<&Address> = case.settings.mail.coordination.iter().map(|contact| &contact.address).collect();
    for group in chains(case, &case.from_groups()) {
        known.extend(group.send_reply_to.on(day).map(|contact| &contact.address));
        known.extend(addresses_of(group, "liaison-coordinator", day));
    }
    for group in chains(case, &case.to_groups()) {
        known.extend(addresses_of(group, "liaison-manager", day));
    }
    let usual = usual_reply_address(case).map(|usual| usual.contact.address);
    known.into_iter().chain(&usual).any(|known| known.same_mailbox(address))
}

/// Groups and all that is above them.
fn chains<'a>(case: &Case<'a>, groups: &[String]) -> Vec<&'a Group> {
    let day = case.day();
    let chain = |group: &String| {
        let own = case.directory.group(group, day).map(|(name, _)| name);
        own.into_iter().chain(case.directory.above(group, day)).collect::<Vec<_>>()
    };
    groups.iter().flat_map(chain).filter_map(|name| Some(&case.directory.groups.get(name)?.value)).collect()
}

/// The addresses that a group keeps for a role: one for all holders, and those of terms.
fn addresses_of<'a>(group: &'a Group, role: &str, day: NaiveDate) -> Vec<&'a Address> {
    let terms = group.roles.iter().filter(|term| term.role == role && term.term.holds_on(day));
    let shared = group.addresses.get(role).map(|contact| &contact.address);
    shared.into_iter().chain(terms.filter_map(|term| term.address.as_ref())).collect()
}

/// The send-reply-to of our letter when it is a person's own and no role's, with the person's handle.
fn personal_reply_address<'a>(case: &Case<'a>) -> Option<(&'a Contact, &'a str)> {
    let given = case.content().from.send_reply_to.as_ref().filter(|_| is_ours_to_send(case))?;
    let handle = case.directory.person_by_address(given.address.as_str())?;
    let person = &case.directory.people.get(handle)?.value;
    (!person.is_service && !is_role_address(case, &given.address)).then_some((given, handle))
}

fn person_name(case: &Case<'_>, handle: &str) -> String {
    case.directory.people.get(handle).map_or_else(|| handle.to_owned(), |person| person.value.name.clone())
}

#[cfg(test)]
mod tests {
    use super::super::examples::fires;

    const QUESTION: &str = "direction: incoming\ndate: 2026-10-05\nfrom: {groups: [3gpp-sa3], send-reply-to: \
                            liaisons@3gpp.example}\nto: {groups: [tls]}\n";
    const OURS: &str = "direction: outgoing\nfrom: {groups: [tls], send-reply-to: liaison-coordination@iab.example}\nto: \
                        {groups: [3gpp-sa3]}\n";

    fn strays(original: &str, reply: &str) -> bool {
        let files = [
            ("statements/2026/ls-2026-007.yaml", original),
            ("drafts/sa3-question.yaml", "became: ls-2026-007\n"),
            ("statements/2026/ls-2026-009.yaml", reply),
        ];
        fires("send-to-not-reply-to", &files) && !fires("send-to-not-reply-to", &files[..2])
    }

    #[test]
    fn an_original_is_also_found_by_the_draft_it_was() {
        let reply =
            |to: &str| format!("direction: outgoing\nto: {{groups: [3gpp-sa3]{to}}}\nin-response-to: [sa3-question]\n");
        assert!(strays(QUESTION, &reply("")));
        assert!(strays(QUESTION, &reply(", contacts: [liaisons@3gpp.example]")));
        assert!(strays(QUESTION, &reply(", send-to: sa3@3gpp.example")));
        assert!(!strays(QUESTION, &reply(", send-to: Liaisons <Liaisons@3GPP.example>")));
        assert!(!strays(QUESTION, &reply(", send-to: malformed")));
    }

    #[test]
    fn a_received_reply_may_have_reached_the_address_as_a_contact() {
        let reply =
            |to: &str| format!("direction: incoming\nto: {{groups: [tls]{to}}}\nin-response-to: [ls-2026-007]\n");
        assert!(strays(OURS, &reply("")));
        assert!(strays(OURS, &reply(", contacts: [tls@ietf.example]")));
        assert!(!strays(OURS, &reply(", contacts: [liaison-coordination@iab.example, tls@ietf.example]")));
    }

    #[test]
    fn a_letter_that_follows_our_own_goes_wherever_it_likes() {
        let follow = "direction: outgoing\nto: {groups: [3gpp-sa3], send-to: liaisons@3gpp.example}\nin-response-to: [ls-2026-007]\n";
        assert!(!strays(OURS, follow));
    }

    #[test]
    fn an_address_kept_for_a_role_is_not_personal() {
        let letter = |address: &str| {
            format!(
                "direction: outgoing\nfrom: {{groups: [tls], send-reply-to: {address}}}\nto: {{groups: [3gpp-ct]}}\n"
            )
        };
        for (address, personal, unusual) in [
            ("3gpp-liaison-manager@iab.example", false, false),
            ("liaison-coordination@iab.example", false, false),
            ("liam@mobile.example", true, false),
            ("robot@ietf.example", false, true),
            ("tls@ietf.example", false, true),
        ] {
            let files = [("drafts/ech-in-5g.yaml", &*letter(address))];
            assert_eq!(fires("send-reply-to-personal", &files), personal, "{address}");
            assert_eq!(fires("send-reply-to-unusual", &files), unusual, "{address}");
        }
    }
}
