//! Which acts on a letter have no effect, though they are there: the approval table says who may do them and how well that is
//! proven, and they are not. Approvals, declines and redactions are judged by themselves.

use super::approval::Reason;
use super::authority::Table;
use super::authority::row_for;
use super::custody::custody;
use super::proof::{Proof, proof};
use crate::config::{ApprovalRow, Settings};
use crate::directory::{Directory, Holder};
use crate::domain::{Act, ActKind};
use crate::record::Letter;
use crate::shape::Located;

/// The word in the approval table under which it says who may do an act on a letter; nothing where anybody may.
pub fn table_word(act: &Act) -> Option<&'static str> {
    let is_import = || act.detail("via").as_deref() == Some("import");
    match act.kind {
        ActKind::Withdraw | ActKind::Reopen | ActKind::Correct => Some(act.kind.as_str()),
        ActKind::Resent => Some("resend"),
        ActKind::Sent | ActKind::Receive => is_import().then_some("import"),
        ActKind::Draft
        | ActKind::Approve
        | ActKind::Decline
        | ActKind::Comment
        | ActKind::Revoke
        | ActKind::Ratify
        | ActKind::Sending
        | ActKind::HandedOver
        | ActKind::Refused
        | ActKind::InDoubt
        | ActKind::Bounced
        | ActKind::Distribute
        | ActKind::Assign
        | ActKind::Redirect
        | ActKind::Route
        | ActKind::Resolve
        | ActKind::Remind
        | ActKind::Notify
        | ActKind::Annotate
        | ActKind::Redact
        | ActKind::Directory
        | ActKind::Policy
        | ActKind::Trust => None,
    }
}

/// The acts of a letter that the table governs and that have no effect, each with the reason.
pub fn without_effect<'a>(
    letter: &'a Letter,
    directory: &Directory,
    settings: &Settings,
) -> Vec<(&'a Located<Act>, Reason)> {
    let void = |act: &'a Located<Act>| Some((act, reason_without_effect(&act.value, letter, directory, settings)?));
    letter.acts.iter().filter_map(void).collect()
}

/// Why such an act has no effect; nothing where it has, and where the table says nothing of it.
pub fn reason_without_effect(act: &Act, letter: &Letter, directory: &Directory, settings: &Settings) -> Option<Reason> {
    let rows = rows(act, letter, directory, settings)?;
    let subject = letter.draft.clone().or_else(|| letter.told_draft()).unwrap_or_else(|| letter.name.clone());
    let proof = proof(act, &subject.to_string(), directory, settings);
    if let Proof::Faulty(fault) = proof {
        return Some(Reason::Signature(fault));
    }
    let (table, day) = (Table { directory, settings }, act.at.day());
    let may = |(group, row): &&(String, &ApprovalRow)| !table.roles_of(act.by.as_str(), row, group, day).is_empty();
    let Some(wanted) = rows.iter().filter(may).map(|(_, row)| row.grade).min() else {
        let group = rows.first().map_or_else(|| settings.organization.clone(), |(group, _)| group.clone());
        return Some(Reason::NoAuthority { group, day });
    };
    let given = proof.grade(act);
    (given < wanted).then_some(Reason::Grade { given, wanted })
}

/// Who could do such an act on its day, whom to ask first first.
pub fn who_could<'d>(act: &Act, letter: &Letter, directory: &'d Directory, settings: &'d Settings) -> Vec<Holder<'d>> {
    let (table, day) = (Table { directory, settings }, act.at.day());
    let mut who: Vec<Holder<'_>> = Vec::new();
    for (group, row) in rows(act, letter, directory, settings).unwrap_or_default() {
        for holder in table.holders(row, &group, day) {
            if !who.iter().any(|known| known.person == holder.person) {
                who.push(holder);
            }
        }
    }
    who
}

/// The groups that an act on a letter concerns, each with its row of the table: the From groups of a letter of ours, our groups
/// that a received one is with. Where the directory knows none of them, the record's own organization stands for them.
fn rows<'s>(
    act: &Act,
    letter: &Letter,
    directory: &Directory,
    settings: &'s Settings,
) -> Option<Vec<(String, &'s ApprovalRow)>> {
    let (word, day) = (table_word(act)?, act.at.day());
    let content = &letter.statement.value.content;
    let mut groups = match content.is_outgoing() {
        true => content.from.groups.iter().map(ToString::to_string).collect(),
        false => custody(letter, directory, settings, act.at).groups,
    };
    groups.retain(|group| directory.is_below(group, &settings.organization, day));
    if !groups.iter().any(|group| directory.group(group, day).is_some()) {
        groups = vec![settings.organization.clone()];
    }
    let row = |group: String| row_for(word, &group, directory, settings, day).map(|row| (group, row));
    Some(groups.into_iter().filter_map(row).collect())
}
