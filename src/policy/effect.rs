//! Which acts on a letter have no effect, though they are there: the approval table says who may do them and how well that is
//! proven, and they are not. Approvals, declines and redactions are judged by themselves.

use super::approval::Reason;
use super::authority::Table;
use super::authority::row_for;
use super::custody::custody;
use super::proof::{Proof, proof};
use crate::config::{ApprovalRow, Grade, Settings};
use crate::directory::{Directory, Holder};
use crate::domain::{Act, ActKind};
use crate::record::Letter;
use crate::shape::Located;

/// The words of acts that have an effect of their own on a letter, or none.
const WITH_EFFECT: [&str; 5] = ["withdraw", "reopen", "correct", "resend", "import"];

/// The word in the approval table under which it says who may do an act; nothing where anybody may.
pub fn table_word(act: &Act) -> Option<&'static str> {
    let is_import = || act.detail("via").as_deref() == Some("import");
    match act.kind {
        ActKind::Approve | ActKind::Decline | ActKind::Ratify => Some("send"),
        ActKind::Resent => Some("resend"),
        ActKind::Withdraw
        | ActKind::Reopen
        | ActKind::Correct
        | ActKind::Redact
        | ActKind::Directory
        | ActKind::Policy
        | ActKind::Trust => Some(act.kind.as_str()),
        ActKind::Sent | ActKind::Receive => is_import().then_some("import"),
        ActKind::Draft
        | ActKind::Comment
        | ActKind::Revoke
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
        | ActKind::Annotate => None,
    }
}

/// The lowest grade with which whoever did an act on a letter of some groups may do it; nothing where they may not, and where
/// the act has no effect of its own.
pub fn grade_asked(act: &Act, groups: &[String], directory: &Directory, settings: &Settings) -> Option<Grade> {
    let (table, day) = (Table { directory, settings }, act.at.day());
    let may = |(group, row): &(String, &ApprovalRow)| !table.roles_of(act.by.as_str(), row, group, day).is_empty();
    rows(act, groups, directory, settings)?.into_iter().filter(may).map(|(_, row)| row.grade).min()
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
    let groups = groups(act, letter, directory, settings);
    let rows = rows(act, &groups, directory, settings)?;
    let subject = letter.draft.clone().or_else(|| letter.told_draft()).unwrap_or_else(|| letter.name.clone());
    let proof = proof(act, &subject.to_string(), directory, settings);
    if let Proof::Faulty(fault) = proof {
        return Some(Reason::Signature(fault));
    }
    let Some(wanted) = grade_asked(act, &groups, directory, settings) else {
        let group = rows.first().map_or_else(|| settings.organization.clone(), |(group, _)| group.clone());
        return Some(Reason::NoAuthority { group, day: act.at.day() });
    };
    let given = proof.grade(act);
    (given < wanted).then_some(Reason::Grade { given, wanted })
}

/// Who could do such an act on its day, whom to ask first first.
pub fn who_could<'d>(act: &Act, letter: &Letter, directory: &'d Directory, settings: &'d Settings) -> Vec<Holder<'d>> {
    let (table, day) = (Table { directory, settings }, act.at.day());
    let mut who: Vec<Holder<'_>> = Vec::new();
    let groups = groups(act, letter, directory, settings);
    for (group, row) in rows(act, &groups, directory, settings).unwrap_or_default() {
        for holder in table.holders(row, &group, day) {
            if !who.iter().any(|known| known.person == holder.person) {
                who.push(holder);
            }
        }
    }
    who
}

/// The groups that an act on a letter concerns: the From groups of a letter of ours, our groups that a received one is with.
fn groups(act: &Act, letter: &Letter, directory: &Directory, settings: &Settings) -> Vec<String> {
    let content = &letter.statement.value.content;
    let mut groups = match content.is_outgoing() {
        true => content.from.groups.iter().map(ToString::to_string).collect(),
        false => custody(letter, directory, settings, act.at).groups,
    };
    groups.retain(|group| directory.is_below(group, &settings.organization, act.at.day()));
    groups
}

/// The groups that an act with an effect of its own concerns, each with its row of the table. Where the directory knows none of
/// them, the record's own organization stands for them.
fn rows<'s>(
    act: &Act,
    groups: &[String],
    directory: &Directory,
    settings: &'s Settings,
) -> Option<Vec<(String, &'s ApprovalRow)>> {
    let day = act.at.day();
    let word = table_word(act).filter(|word| WITH_EFFECT.contains(word))?;
    let is_known = |group: &String| directory.group(group, day).is_some();
    let organization = [settings.organization.clone()];
    let concerned = if groups.iter().any(is_known) { groups } else { &organization };
    let row = |group: &String| row_for(word, group, directory, settings, day).map(|row| (group.clone(), row));
    Some(concerned.iter().filter_map(row).collect())
}
