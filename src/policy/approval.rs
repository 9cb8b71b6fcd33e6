//! Whether a letter has the approval it needs: which acts count, what is missing, who could give it.

mod outdated;
mod reason;
#[cfg(test)]
mod tests;

use chrono::NaiveDate;

pub use outdated::{Change, Mailing};
pub use reason::Reason;

use super::authority::{Table, row_for};
use super::departure::departure;
use super::proof::{Proof, ProofFault, proof};
use super::revocation::Revoked;
use super::roles::drafter;
use crate::config::{ApprovalRow, Cover, Grade, Settings};
use crate::directory::{Directory, Holder, Key};
use crate::domain::{Act, ActKind, Content, Digest, Instant};
use crate::record::Letter;
use crate::shape::Located;

/// What one From group still needs.
#[derive(Debug, Clone)]
pub struct Need<'a> {
    /// The From group.
    pub group: String,
    /// The row of the table, if there is one for this kind of group.
    pub row: Option<&'a ApprovalRow>,
    /// The approvals that count.
    pub given: Vec<&'a Act>,
    /// How many are missing.
    pub missing: u64,
    /// Who could give one on that day, whom to ask first first.
    pub who: Vec<Holder<'a>>,
}

/// An approval of something else than what would be sent now, or a decline of another content.
#[derive(Debug, Clone)]
pub struct Stale<'a> {
    /// The act.
    pub act: &'a Act,
    /// What changed since.
    pub change: Change,
}

/// How the approval of a letter stands.
#[derive(Debug, Clone, Default)]
pub struct Approval<'a> {
    /// What each From group needs.
    pub needs: Vec<Need<'a>>,
    /// Declines of the present content that stand.
    pub declines: Vec<&'a Act>,
    /// Approvals and declines of something else.
    pub stale: Vec<Stale<'a>>,
    /// Approvals and declines of the present content that do not count, with the reason.
    pub void: Vec<(&'a Act, Reason)>,
}

impl Approval<'_> {
    /// Whether every From group is covered and nobody with authority declines.
    pub fn is_complete(&self) -> bool {
        !self.needs.is_empty() && self.needs.iter().all(|need| need.missing == 0) && self.declines.is_empty()
    }
}

/// Judges the approvals of a letter for sending: all acts that are there, and who could give what is missing today.
///
/// Approvals of a draft are also judged by the message that would be mailed now; without one, by the content alone.
pub fn approval<'a>(
    letter: &'a Letter,
    content: Digest,
    mailing: Option<&Mailing>,
    directory: &'a Directory,
    settings: &'a Settings,
    now: Instant,
) -> Approval<'a> {
    let table = Table { directory, settings };
    Judge { letter, content, mailing, table, until: None, with_ratified: false }.judge(now.day())
}

/// Judges the approvals of a letter as they stood at a moment: later acts, revokes and withdrawals are not looked at.
pub fn approval_until<'a>(
    letter: &'a Letter,
    content: Digest,
    directory: &'a Directory,
    settings: &'a Settings,
    moment: Instant,
) -> Approval<'a> {
    let table = Table { directory, settings };
    Judge { letter, content, mailing: None, table, until: Some(moment), with_ratified: false }.judge(moment.day())
}

/// Whether a letter that left had the approval it needs, or was ratified since. It is judged by its content alone: names from
/// elsewhere may have changed after it left.
pub fn was_approved(letter: &Letter, directory: &Directory, settings: &Settings, now: Instant) -> bool {
    let departed = departed_approval(letter, directory, settings);
    departed.unwrap_or_else(|| approval(letter, letter.content, None, directory, settings, now)).is_complete()
}

/// The approvals of a letter that left: as they stood when it did, and where they did not suffice with what ratified it since.
pub fn departed_approval<'a>(
    letter: &'a Letter,
    directory: &'a Directory,
    settings: &'a Settings,
) -> Option<Approval<'a>> {
    let left = departure(letter).filter(|_| !letter.name.is_draft())?;
    let content = left.content.unwrap_or(letter.content);
    let judge = |with_ratified: bool| {
        let table = Table { directory, settings };
        Judge { letter, content, mailing: None, table, until: Some(left.at), with_ratified }.judge(left.at.day())
    };
    let in_time = judge(false);
    Some(if in_time.is_complete() { in_time } else { judge(true) })
}

/// An act with how well it is proven, which is asked once: a signature costs more than all else here.
#[derive(Clone, Copy)]
struct Proven<'a> {
    act: &'a Act,
    grade: Grade,
}

struct Judge<'a, 'm> {
    letter: &'a Letter,
    content: Digest,
    /// What would be mailed, for a draft.
    mailing: Option<&'m Mailing>,
    table: Table<'a>,
    /// The last moment that counts.
    until: Option<Instant>,
    /// Whether a ratification counts as if it had been an approval in time.
    with_ratified: bool,
}

impl<'a> Judge<'a, '_> {
    fn judge(&self, day: NaiveDate) -> Approval<'a> {
        let groups: Vec<String> = self.content().from.groups.iter().map(ToString::to_string).collect();
        let mut verdict = Approval::default();
        if groups.is_empty() {
            return verdict;
        }
        let mut approvals: Vec<Proven<'_>> = Vec::new();
        for one in self.standing() {
            let act = &one.value;
            if let Some(change) = self.change_since(act) {
                verdict.stale.push(Stale { act, change });
                continue;
            }
            let proof = proof(act, &self.letter.subject(), self.table.directory, self.table.settings);
            let proven = Proven { act, grade: proof.grade(act) };
            let misshapen = (act.kind != ActKind::Decline && self.letter.has_fault(&one.file)).then_some(Reason::Form);
            match misshapen.or_else(|| self.reason_void(proven, proof, &groups)) {
                Some(reason) => verdict.void.push((act, reason)),
                None if act.kind == ActKind::Decline => verdict.declines.push(act),
                None => approvals.push(proven),
            }
        }
        verdict.declines.retain(|decline| !approvals.iter().any(|one| settles(one.act, decline)));
        verdict.needs = groups.iter().map(|group| self.need(group, &approvals, day)).collect();
        cover_once(&mut verdict.needs);
        verdict
    }

    fn content(&self) -> &'a Content {
        &self.letter.statement.value.content
    }

    /// The content an act is about; a ratification is about what left, also when it does not say so.
    fn about(&self, act: &Act) -> Option<Digest> {
        act.content.or_else(|| (act.kind == ActKind::Ratify).then_some(self.content))
    }

    /// What changed since an act: the content it is about, or what would be mailed of it.
    fn change_since(&self, act: &Act) -> Option<Change> {
        if self.about(act).is_some_and(|content| content != self.content) {
            return Some(Change::of_content(act, self.content()));
        }
        let mailing = self.mailing.filter(|_| act.kind == ActKind::Approve)?;
        let is_other = act.preview.is_some_and(|preview| Some(preview) != mailing.preview);
        is_other.then(|| Change::of_mailing(act, mailing))
    }

    /// Approvals and declines that are not revoked and are younger than the last withdrawal.
    fn standing(&self) -> Vec<&'a Located<Act>> {
        let in_time = |at: Instant| self.until.is_none_or(|until| at <= until);
        let withdrawals = self.letter.effective(ActKind::Withdraw).map(|act| act.at);
        let withdrawn = withdrawals.filter(|at| in_time(*at)).max();
        let revoked = Revoked::of(self.letter, self.table, self.until);
        let counts = |act: &Act| {
            let is_decision = matches!(act.kind, ActKind::Approve | ActKind::Decline);
            let is_asked = (is_decision && in_time(act.at)) || (act.kind == ActKind::Ratify && self.with_ratified);
            is_asked && withdrawn.is_none_or(|at| act.at > at) && !revoked.holds(act)
        };
        self.letter.acts.iter().filter(|act| counts(&act.value)).collect()
    }

    fn need(&self, group: &str, approvals: &[Proven<'a>], day: NaiveDate) -> Need<'a> {
        let row = row_for("send", group, self.table.directory, self.table.settings, day);
        let mut given: Vec<&Act> = Vec::new();
        for one in approvals {
            let is_new = !given.iter().any(|known| known.by == one.act.by);
            if is_new && self.reason_void_for(*one, group).is_none() {
                given.push(one.act);
            }
        }
        let missing = row.map_or(1, |row| row.count).saturating_sub(given.len() as u64);
        let could = |holder: &Holder<'_>| {
            let gave = given.iter().any(|act| act.by.as_str() == holder.person);
            let drafted = row.is_some_and(|row| row.second_person) && self.drafted(holder.person);
            !gave && !drafted
        };
        let who = row.map(|row| self.table.holders(row, group, day)).unwrap_or_default();
        Need { group: group.to_owned(), row, missing, who: who.into_iter().filter(could).collect(), given }
    }

    /// Why an act counts for none of the groups; nothing when it counts for one. Of several reasons the one that says
    /// most: not that it leaves out a group, when it fails for a group it names.
    fn reason_void(&self, one: Proven<'_>, proof: Proof<'_>, groups: &[String]) -> Option<Reason> {
        match proof {
            Proof::Faulty(fault) => return Some(Reason::Signature(fault)),
            // Nobody can tell when a draft's act was made, so a key that is suspect proves nothing in a draft.
            Proof::Signed { key: Key { compromised: Some(since), .. }, .. } if self.letter.name.is_draft() => {
                return Some(Reason::Signature(ProofFault::Compromised { since: since.clone() }));
            }
            Proof::Signed { .. } | Proof::Asserted => {}
        }
        let mut said: Option<Reason> = None;
        for group in groups {
            let reason = self.reason_void_for(one, group)?;
            if said.as_ref().is_none_or(|said| matches!(said, Reason::NotCovered { .. })) {
                said = Some(reason);
            }
        }
        said
    }

    /// Why an act does not count for one group. Authority, evidence and grade are judged as of the act's own day.
    fn reason_void_for(&self, one: Proven<'_>, group: &str) -> Option<Reason> {
        let Proven { act, grade: given } = one;
        let day = act.at.day();
        let group_text = || group.to_owned();
        if self.about(act).is_none() {
            return Some(Reason::NoContent);
        }
        if drafter(self.letter).is_some_and(|draft| act.at < draft.at) {
            return Some(Reason::BeforeDraft);
        }
        if self.table.directory.people.get(act.by.as_str()).is_some_and(|person| person.value.is_service) {
            return Some(Reason::Service);
        }
        let is_decline = act.kind == ActKind::Decline;
        let covers = |named: &str| self.table.is_same_group(named, group, day);
        if !is_decline && !act.for_groups.iter().any(|named| covers(named.as_str())) {
            return Some(Reason::NotCovered { group: group_text() });
        }
        let Some(row) = row_for("send", group, self.table.directory, self.table.settings, day) else {
            return Some(Reason::NoRow { group: group_text(), day });
        };
        let held = self.table.roles_of(act.by.as_str(), row, group, day);
        let named = |holder: &Holder<'_>| {
            act.role.as_ref().is_some_and(|role| role.as_str() == holder.role)
                && act.of.as_ref().is_some_and(|of| self.table.is_same_group(of.as_str(), holder.group, day))
        };
        if is_decline {
            let lacking = (given < row.grade).then_some(Reason::Grade { given, wanted: row.grade });
            return if held.is_empty() { Some(Reason::NoAuthority { group: group_text(), day }) } else { lacking };
        }
        if !held.iter().any(named) {
            return Some(Reason::NoAuthority { group: group_text(), day });
        }
        if row.evidence_required && act.evidence.is_none() {
            return Some(Reason::NoEvidence);
        }
        if act.evidence.is_none() && act.recorded_by.as_ref().is_some_and(|recorder| *recorder != act.by) {
            return Some(Reason::Unproven);
        }
        if row.second_person && self.drafted(act.by.as_str()) {
            return Some(Reason::SamePerson);
        }
        if given < row.grade {
            return Some(Reason::Grade { given, wanted: row.grade });
        }
        (self.mailing.is_some() && act.preview.is_none()).then_some(Reason::NoPreview)
    }

    fn drafted(&self, person: &str) -> bool {
        drafter(self.letter).is_some_and(|draft| draft.by.as_str() == person)
    }
}

/// Whether somebody who declined later ratified what had left all the same.
fn settles(act: &Act, decline: &Act) -> bool {
    act.kind == ActKind::Ratify && act.by == decline.by && act.at > decline.at
}

/// Where a row asks for approvals once for the letter, those for any of its groups count together.
fn cover_once(needs: &mut [Need<'_>]) {
    let is_once = |need: &Need<'_>| need.row.is_some_and(|row| row.cover == Cover::Once);
    let mut people: Vec<&str> =
        needs.iter().filter(|need| is_once(need)).flat_map(|need| &need.given).map(|act| act.by.as_str()).collect();
    people.sort_unstable();
    people.dedup();
    let given = people.len() as u64;
    for need in needs.iter_mut() {
        if let Some(row) = need.row.filter(|row| row.cover == Cover::Once) {
            need.missing = row.count.saturating_sub(given);
        }
    }
}
