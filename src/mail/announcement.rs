//! The announcement: a second message, to ours, about what was sent (LS-101).

use super::compose::{Open, Prepared};
use super::{HeaderText, MailError, Message};
use crate::domain::Contact;
use crate::policy::{Reached, informed};

/// Who is told of a sending: from-contacts, and whom `[[inform]]` names. Nobody who gets the statement itself is told twice.
fn told(prepared: &Prepared<'_>) -> Vec<Reached> {
    let content = prepared.content();
    let groups = |groups: &[crate::domain::Line]| groups.iter().map(ToString::to_string).collect::<Vec<_>>();
    let table = informed(
        "sent",
        &groups(&content.from.groups),
        &groups(&content.to.groups),
        prepared.directory,
        prepared.settings,
        prepared.day,
    );
    let own =
        content.from.contacts.iter().map(|contact| Reached { contact: contact.clone(), reason: "from-contact".into() });
    let gets_it = |contact: &Contact| {
        crate::policy::receivers(content).iter().any(|to| to.address.same_mailbox(&contact.address))
    };
    let mut told: Vec<Reached> = Vec::new();
    for reached in own.chain(table) {
        let known = told.iter().any(|other| other.contact.address.same_mailbox(&reached.contact.address));
        if !known && !gets_it(&reached.contact) {
            told.push(reached);
        }
    }
    told
}

/// The message to ours; nothing when nobody is to be told.
///
/// # Errors
/// Returns [`MailError`] when there is no sender, or a text must not enter a header.
pub fn announcement(prepared: &Prepared<'_>, open: &Open) -> Result<Option<(Message, Vec<Reached>)>, MailError> {
    let told = told(prepared);
    if told.is_empty() {
        return Ok(None);
    }
    let content = prepared.content();
    let title = content.title.as_ref().map(ToString::to_string).unwrap_or_default();
    let to = crate::policy::receivers(content).iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let text = format!(
        "The following liaison statement was sent to {to}.\nIts public record is {}.{}\n\n{}",
        open.number,
        prepared.settings.home.as_ref().map(|home| format!(" ({home})")).unwrap_or_default(),
        prepared.text(open)
    );
    let message = Message {
        from: prepared.sender()?,
        to: told.iter().map(|reached| reached.contact.clone()).collect(),
        reply_to: Vec::new(),
        subject: HeaderText::new(&format!("Liaison statement sent: {title}"))?,
        date: open.date.unix(),
        message_id: prepared.message_id(open, ".announcement")?,
        in_reply_to: Vec::new(),
        extra: vec![("Liaison-ID", HeaderText::new(&open.number.to_string())?)],
        text,
        parts: Vec::new(),
    };
    Ok(Some((message, told)))
}
