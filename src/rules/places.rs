//! What the rules about parties and purposes share: values with their places, and the words of the next step.

use super::Case;
use crate::domain::{Contact, Line};
use crate::findings::{Place, Stage};
use crate::policy::Reached;
use crate::shape::{Node, Value};

/// The keys of a letter that hold addresses.
pub(super) const ADDRESS_KEYS: [&str; 4] = ["from.contacts", "from.send-reply-to", "to.contacts", "to.send-to"];

/// The well-formed groups of a list, each with its place.
pub(super) fn groups_at(case: &Case<'_>, path: &str) -> Vec<(Line, Place)> {
    items_at(case, path, |text| Line::parse(text).ok().flatten())
}

/// The well-formed contacts of a key, each with its place.
pub(super) fn contacts_at(case: &Case<'_>, path: &str) -> Vec<(Contact, Place)> {
    items_at(case, path, |text| Contact::parse(text).ok().flatten())
}

fn items_at<T>(case: &Case<'_>, path: &str, parse: impl Fn(&str) -> Option<T>) -> Vec<(T, Place)> {
    let statement = &case.letter.statement;
    let read = |node: &Node| match &node.value {
        Value::Scalar(text) => parse(text).map(|value| (value, node.span.place(&statement.file))),
        Value::List(_) | Value::Map(_) => None,
    };
    statement.root.at(path).map_or(&[][..], Node::items).iter().filter_map(read).collect()
}

/// Whether the letter says nothing at all at a path: what is there but malformed is another rule's matter.
pub(super) fn is_silent(case: &Case<'_>, path: &str) -> bool {
    !case.letter.statement.mentions(path)
}

/// Whether the letter is ours to send; a draft that does not say is taken for one.
pub(super) fn is_ours_to_send(case: &Case<'_>) -> bool {
    case.content().direction != Some(crate::domain::Direction::Incoming)
}

/// The next step for a value that is missing or wrong: a draft is edited, a received letter corrected, and what was
/// sent stays as it is.
pub(super) fn mend(case: &Case<'_>, what: impl AsRef<str>) -> String {
    let (id, what) = (case.id(), what.as_ref());
    match case.stage() {
        Stage::Draft => format!("`liaison edit {id}`: {what}"),
        Stage::Received | Stage::Imported if !case.content().is_outgoing() => {
            format!("{what}: `liaison correct {id}`, when the letter itself has it right")
        }
        Stage::Received | Stage::Imported | Stage::Sent => {
            format!("a sent letter stays as it is; when it matters, send a new one whose `revises` names {id}")
        }
    }
}

/// Addresses with their reasons, as one text.
pub(super) fn told(reached: &[Reached]) -> String {
    let one = |one: &Reached| format!("{} as {}", one.contact, one.reason);
    reached.iter().map(one).collect::<Vec<_>>().join("; ")
}
