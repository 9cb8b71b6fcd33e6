//! Which acts were taken back. A revoke is for ever, and only the person or the successor in the role may give one.

use super::approval::Reason;
use super::authority::{Table, row_for};
use super::proof::{Proof, proof};
use crate::config::{Grade, Settings};
use crate::digest::act_id;
use crate::directory::Directory;
use crate::domain::{Act, ActKind, Digest, Instant, Word};
use crate::record::Letter;

/// The act that a revoke names, by its id; nothing when the letter has none of that id, or the record has no id.
pub fn revoked_act<'a>(revoke: &Act, letter: &'a Letter, settings: &Settings) -> Option<&'a Act> {
    let id = settings.id.as_ref()?;
    let subject = letter.subject();
    let named = |act: &&Act| Some(act_id(act, id, &subject)) == revoke.revokes;
    letter.acts.iter().map(|act| &act.value).filter(|act| act.kind != ActKind::Revoke).find(named)
}

/// Whether whoever revokes is the person whose act it was, or followed that person in the role.
///
/// A second holder of the same role is no successor while the first still holds it.
pub fn may_revoke(revoke: &Act, act: &Act, directory: &Directory) -> bool {
    if revoke.by == act.by {
        return true;
    }
    let (Some(role), Some(of)) = (&act.role, &act.of) else { return false };
    let day = revoke.at.day();
    let holds = |person: &str| directory.holds(person, role.as_str(), of.as_str(), day);
    let is_person = directory.people.get(revoke.by.as_str()).is_some_and(|person| !person.value.is_service);
    is_person && holds(revoke.by.as_str()) && !holds(act.by.as_str())
}

/// Why a revoke by somebody who may does not count: it has to be proven as well as the act that it takes back, or as well as the
/// row of that act asks; otherwise whoever may push could take back what others signed.
pub fn reason_not_revoking(
    revoke: &Act,
    act: &Act,
    letter: &Letter,
    directory: &Directory,
    settings: &Settings,
) -> Option<Reason> {
    let subject = letter.subject();
    let proven = proof(revoke, &subject, directory, settings);
    let given = proven.grade(revoke);
    if let Proof::Faulty(fault) = proven {
        return Some(Reason::Signature(fault));
    }
    if revoke.at < act.at {
        return Some(Reason::BeforeAct);
    }
    let row = |group: &Word| row_for("send", group.as_str(), directory, settings, act.at.day());
    let asked = act.for_groups.iter().filter_map(row).map(|row| row.grade).max().unwrap_or(Grade::Asserted);
    let is_as_good = || given >= proof(act, &subject, directory, settings).grade(act);
    (given < asked && !is_as_good()).then_some(Reason::Grade { given, wanted: asked })
}

/// The ids of all acts that were taken back, by somebody who may, up to a moment.
#[derive(Debug)]
pub(super) struct Revoked<'a> {
    settings: &'a Settings,
    subject: String,
    ids: Vec<Digest>,
    any: bool,
}

impl<'a> Revoked<'a> {
    pub(super) fn of(letter: &'a Letter, table: Table<'a>, until: Option<Instant>) -> Self {
        let revokes = || {
            letter
                .acts_of(ActKind::Revoke)
                .map(|act| &act.value)
                .filter(|revoke| until.is_none_or(|until| revoke.at <= until))
        };
        let counts = |revoke: &&Act| {
            revoked_act(revoke, letter, table.settings).is_some_and(|act| {
                may_revoke(revoke, act, table.directory)
                    && reason_not_revoking(revoke, act, letter, table.directory, table.settings).is_none()
            })
        };
        Self {
            settings: table.settings,
            subject: letter.subject(),
            ids: revokes().filter(counts).filter_map(|revoke| revoke.revokes).collect(),
            any: revokes().next().is_some(),
        }
    }

    /// Whether an act was taken back. Without the record's id nobody can tell, and then every revoke counts for all.
    pub(super) fn holds(&self, act: &Act) -> bool {
        match &self.settings.id {
            Some(id) => !self.ids.is_empty() && self.ids.contains(&act_id(act, id, &self.subject)),
            None => self.any,
        }
    }
}
