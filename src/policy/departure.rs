//! When a letter of ours left, and with which content.

use crate::domain::{Act, ActKind, Digest, Instant};
use crate::record::Letter;

/// The first act that says that the letter left.
#[derive(Debug, Clone, Copy)]
pub struct Departure<'a> {
    /// The act: `sending`, `handed-over` or `sent`.
    pub act: &'a Act,
    /// The last moment at which an approval was in time.
    pub at: Instant,
    /// The content that left, as the act says.
    pub content: Option<Digest>,
}

/// When a letter left; nothing for a draft, and for what we only received.
pub fn departure(letter: &Letter) -> Option<Departure<'_>> {
    let leaves = |kind: ActKind| matches!(kind, ActKind::Sending | ActKind::HandedOver | ActKind::Sent);
    let act = letter.acts.iter().map(|act| &act.value).filter(|act| leaves(act.kind)).min_by_key(|act| act.at)?;
    Some(Departure { act, at: moment(act), content: act.content })
}

/// Whether an act says how a numbered letter left or came in.
pub fn is_told(letter: &Letter) -> bool {
    if letter.statement.value.content.is_outgoing() {
        departure(letter).is_some()
    } else {
        letter.last(ActKind::Receive).is_some()
    }
}

/// The act's time; for what was recorded after the fact, the end of the day on which it left.
fn moment(act: &Act) -> Instant {
    let date = act.detail("date").and_then(|date| crate::domain::time::parse_date(&date).ok().flatten());
    let earlier = date.filter(|date| act.kind == ActKind::Sent && *date < act.at.day());
    let end = earlier.and_then(|date| Instant::parse(&format!("{date}T23:59:59Z")).ok().flatten());
    end.unwrap_or(act.at)
}
