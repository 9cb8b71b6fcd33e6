//! What the rules about letters of ours share: which letters these are, how their approval stood, how they are mended.

use super::Case;
use crate::directory::Holder;
use crate::domain::Act;
use crate::findings::{Finding, Place, Stage};
use crate::policy::{Approval, Departure, approval, approval_until, departure, was_approved};
use crate::shape::Located;

/// Whether the letter is ours to send; a draft that does not say is taken for one, a withdrawn one no longer.
pub(super) fn is_our_letter(case: &Case<'_>) -> bool {
    match case.stage() {
        Stage::Draft => case.letter.withdrawn().is_none(),
        Stage::Sent => true,
        Stage::Received => false,
        Stage::Imported => case.content().is_outgoing(),
    }
}

/// How the approval of a letter of ours stands: of a draft today, of what left at that moment; nothing for other letters,
/// and for a draft whose content cannot be read.
pub(super) fn approval_of<'a>(case: &Case<'a>) -> Option<(Approval<'a>, Option<Departure<'a>>)> {
    if !is_our_letter(case) {
        return None;
    }
    let present = case.letter.content;
    match departure(case.letter).filter(|_| case.stage() != Stage::Draft) {
        Some(left) => {
            let content = left.content.unwrap_or(present);
            Some((approval_until(case.letter, content, case.directory, case.settings, left.at), Some(left)))
        }
        None if case.stage() == Stage::Draft && case.letter.is_sound() => {
            Some((approval(case.letter, present, case.mailing, case.directory, case.settings, case.now), None))
        }
        None => None,
    }
}

/// Whether what left without approval was followed up: ratified by who should have approved, or revised by a later letter.
pub(super) fn is_followed_up(case: &Case<'_>) -> bool {
    was_approved(case.letter, case.directory, case.settings, case.now)
        || case.threads.revisions(&case.letter.name).iter().any(|revision| revision.public)
}

/// Says where the level of consensus stands, if the letter states one.
pub(super) fn with_level(case: &Case<'_>, finding: Finding) -> Finding {
    let statement = &case.letter.statement;
    if statement.mentions("consensus") { finding.with(statement.place("consensus"), "the consensus") } else { finding }
}

/// People with their roles: "Ada Example (area-director of tls) or Pavel Příklad (area-director of sec)".
pub(super) fn told(case: &Case<'_>, holders: &[Holder<'_>]) -> String {
    let one = |holder: &Holder<'_>| {
        format!("{} ({} of {})", case.directory.name_of(holder.person), holder.role, holder.group)
    };
    holders.iter().map(one).collect::<Vec<_>>().join(" or ")
}

/// The name of whoever acts.
pub(super) fn actor<'a>(case: &Case<'a>, act: &'a Act) -> &'a str {
    case.directory.name_of(act.by.as_str())
}

/// The file of an act, so that a finding can stand at one of its keys.
pub(super) fn located<'a>(case: &Case<'a>, act: &Act) -> Option<&'a Located<Act>> {
    case.letter.acts.iter().find(|located| located.value == *act)
}

/// The place of a key of an act; of the letter, where the act is not one of its own.
pub(super) fn act_place(case: &Case<'_>, act: &Act, key: &str) -> Place {
    located(case, act).map_or_else(|| Place::file(&case.letter.statement.file), |act| act.place(key))
}
