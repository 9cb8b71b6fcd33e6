//! Whether a letter has the approval it needs: which acts count, what is missing, who could give it.

use chrono::NaiveDate;

use super::roles::{at_groups, drafter};
use crate::config::{ApprovalRow, Cover, Settings};
use crate::digest::{act_id, changed_fields};
use crate::directory::{Directory, Holder};
use crate::domain::{Act, ActKind, Content, Digest, Instant};
use crate::record::Letter;

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
    /// Who could give one today, whom to ask first first.
    pub who: Vec<Holder<'a>>,
}

/// An approval or decline of another content.
#[derive(Debug, Clone)]
pub struct Stale<'a> {
    /// The act.
    pub act: &'a Act,
    /// The fields that changed since.
    pub changed: Vec<String>,
}

/// How the approval of a letter stands.
#[derive(Debug, Clone, Default)]
pub struct Approval<'a> {
    /// What each From group needs.
    pub needs: Vec<Need<'a>>,
    /// Declines of the present content that stand.
    pub declines: Vec<&'a Act>,
    /// Approvals and declines of other content.
    pub stale: Vec<Stale<'a>>,
    /// Approvals of the present content that do not count, with the reason.
    pub void: Vec<(&'a Act, String)>,
}

impl Approval<'_> {
    /// Whether every From group is covered and nobody with authority declines.
    pub fn is_complete(&self) -> bool {
        !self.needs.is_empty() && self.needs.iter().all(|need| need.missing == 0) && self.declines.is_empty()
    }
}

/// Judges the approvals of a letter for sending, as of `now`.
pub fn approval<'a>(
    letter: &'a Letter,
    content: Digest,
    directory: &'a Directory,
    settings: &'a Settings,
    now: Instant,
) -> Approval<'a> {
    let judge = Judge { letter, content, directory, settings };
    let groups: Vec<String> = letter.statement.value.content.from.groups.iter().map(ToString::to_string).collect();
    let mut verdict = Approval::default();
    let (present, other): (Vec<&Act>, Vec<&Act>) =
        judge.standing().into_iter().partition(|act| act.content == Some(content));
    verdict.stale =
        other.into_iter().map(|act| Stale { act, changed: changed(act, &letter.statement.value.content) }).collect();
    verdict.void = present
        .iter()
        .filter(|act| act.kind == ActKind::Approve)
        .filter_map(|act| judge.reason_void(act, &groups).map(|reason| (*act, reason)))
        .collect();
    verdict.declines = present
        .iter()
        .filter(|act| act.kind == ActKind::Decline && judge.reason_void(act, &groups).is_none())
        .copied()
        .collect();
    let approvals: Vec<&Act> = present.into_iter().filter(|act| act.kind == ActKind::Approve).collect();
    verdict.needs = groups.iter().map(|group| judge.need(group, &approvals, now.day())).collect();
    let once = verdict.needs.iter().all(|need| need.row.is_some_and(|row| row.cover == Cover::Once));
    if once && verdict.needs.iter().any(|need| need.missing == 0) {
        verdict.needs.iter_mut().for_each(|need| need.missing = 0);
    }
    verdict
}

fn changed(act: &Act, content: &Content) -> Vec<String> {
    act.fields.as_ref().map(|fields| changed_fields(fields.as_str(), content)).unwrap_or_default()
}

/// The role and group in which a person may approve a letter from `group` today, the first of the row that fits.
pub fn authority_for<'a>(
    person: &str,
    act: &str,
    group: &str,
    directory: &'a Directory,
    settings: &'a Settings,
    day: NaiveDate,
) -> Option<Holder<'a>> {
    let row = row_for(act, group, directory, settings, day)?;
    holders(row, group, directory, settings, day).into_iter().find(|holder| holder.person == person)
}

/// Who may approve a letter from a group on a day, whom to ask first first.
pub fn approvers<'a>(group: &str, directory: &'a Directory, settings: &'a Settings, day: NaiveDate) -> Vec<Holder<'a>> {
    let row = row_for("send", group, directory, settings, day);
    row.map(|row| holders(row, group, directory, settings, day)).unwrap_or_default()
}

/// Whether a person may do an act on letters from some groups: with the role that allows it.
pub fn may_do<'a>(
    person: &str,
    act: &str,
    groups: &[String],
    directory: &'a Directory,
    settings: &'a Settings,
    day: NaiveDate,
) -> Option<Holder<'a>> {
    let at = groups.first().map_or(settings.organization.as_str(), String::as_str);
    authority_for(person, act, at, directory, settings, day)
        .or_else(|| groups.iter().find_map(|group| authority_for(person, act, group, directory, settings, day)))
}

/// The row for an act and a kind of group: one for the kind goes before one for any kind.
fn row_for<'a>(
    act: &str,
    group: &str,
    directory: &Directory,
    settings: &'a Settings,
    day: NaiveDate,
) -> Option<&'a ApprovalRow> {
    let kind = directory.group(group, day).map_or("", |(_, group)| group.kind.as_str());
    let concerned = || settings.approval.iter().filter(move |row| row.concerns(act, kind, day));
    concerned().find(|row| row.from == kind).or_else(|| concerned().next())
}

fn holders<'a>(
    row: &ApprovalRow,
    group: &str,
    directory: &'a Directory,
    settings: &Settings,
    day: NaiveDate,
) -> Vec<Holder<'a>> {
    let at = |authority: &crate::config::Authority| -> Vec<Holder<'a>> {
        at_groups(&authority.at, Some(&authority.role), group, &[], directory, settings, day)
            .iter()
            .flat_map(|name| directory.holders(&authority.role, name, day))
            .collect()
    };
    let mut found: Vec<Holder<'a>> = Vec::new();
    for holder in row.any_of.iter().flat_map(at) {
        let is_person = directory.people.get(holder.person).is_some_and(|person| !person.value.is_service);
        if is_person && !found.iter().any(|known| known.person == holder.person) {
            found.push(holder);
        }
    }
    found
}

struct Judge<'a> {
    letter: &'a Letter,
    content: Digest,
    directory: &'a Directory,
    settings: &'a Settings,
}

impl<'a> Judge<'a> {
    /// Approvals and declines that are not revoked and are younger than the last withdrawal.
    fn standing(&self) -> Vec<&'a Act> {
        let withdrawn = self.letter.last(ActKind::Withdraw).map(|act| act.at);
        let revoked: Vec<Digest> = self.letter.acts_of(ActKind::Revoke).filter_map(|act| act.value.revokes).collect();
        let subject = self.letter.subject();
        let is_revoked = |act: &Act| {
            self.settings
                .id
                .as_ref()
                .is_some_and(|id| !revoked.is_empty() && revoked.contains(&act_id(act, id, &subject)))
        };
        let acts = self
            .letter
            .acts
            .iter()
            .map(|act| &act.value)
            .filter(|act| matches!(act.kind, ActKind::Approve | ActKind::Decline));
        acts.filter(|act| withdrawn.is_none_or(|day| act.at > day)).filter(|act| !is_revoked(act)).collect()
    }

    fn need(&self, group: &str, approvals: &[&'a Act], day: NaiveDate) -> Need<'a> {
        let row = row_for("send", group, self.directory, self.settings, day);
        let mut given: Vec<&Act> = Vec::new();
        for &act in approvals {
            let counts = row.is_some_and(|_| self.reason_void_for(act, group).is_none());
            if counts && !given.iter().any(|known| known.by == act.by) {
                given.push(act);
            }
        }
        let wanted = row.map_or(1, |row| row.count);
        let missing = wanted.saturating_sub(given.len() as u64);
        let who = row.map(|row| holders(row, group, self.directory, self.settings, day)).unwrap_or_default();
        let who = who.into_iter().filter(|holder| !given.iter().any(|act| act.by.as_str() == holder.person)).collect();
        Need { group: group.to_owned(), row, given, missing, who }
    }

    /// Why an act counts for none of the groups; nothing when it counts for one.
    fn reason_void(&self, act: &Act, groups: &[String]) -> Option<String> {
        let mut reasons = groups.iter().map(|group| self.reason_void_for(act, group));
        let first = reasons.next()?;
        if first.is_none() || reasons.any(|reason| reason.is_none()) { None } else { first }
    }

    /// Why an act does not count for one group (authority is judged as of the act).
    fn reason_void_for(&self, act: &Act, group: &str) -> Option<String> {
        let day = act.at.day();
        if act.content != Some(self.content) {
            return Some("it is about other content".into());
        }
        if !act.for_groups.iter().any(|covered| covered.as_str() == group) {
            return Some(format!("it does not cover {group}"));
        }
        let row = row_for("send", group, self.directory, self.settings, day)?;
        let holders = holders(row, group, self.directory, self.settings, day);
        let in_role = |holder: &&Holder<'_>| {
            act.role.as_ref().is_some_and(|role| role.as_str() == holder.role)
                && act.of.as_ref().is_some_and(|of| of.as_str() == holder.group)
        };
        let held = |authority: &crate::config::Authority| {
            at_groups(&authority.at, Some(&authority.role), group, &[], self.directory, self.settings, day)
                .iter()
                .any(|name| self.directory.holds(act.by.as_str(), &authority.role, name, day))
        };
        if self.directory.people.get(act.by.as_str()).is_some_and(|person| person.value.is_service) {
            return Some(format!("{} is a service, and a service never approves", act.by));
        }
        if !row.any_of.iter().any(held)
            || !(holders.iter().filter(|holder| holder.person == act.by.as_str()).any(|holder| in_role(&holder))
                || self.any_role(act, row, group, day))
        {
            return Some(format!("{} had no authority for {group} on {day}", act.by));
        }
        if row.evidence_required && act.evidence.is_none() {
            return Some("it names no evidence".into());
        }
        if row.second_person && drafter(self.letter).is_some_and(|draft| draft.by == act.by) {
            return Some(format!("{} drafted the letter, and the table asks for a second person", act.by));
        }
        None
    }

    /// Whether the role the act names is one of the row's, held there: a person may hold two.
    fn any_role(&self, act: &Act, row: &ApprovalRow, group: &str, day: NaiveDate) -> bool {
        let (Some(role), Some(of)) = (&act.role, &act.of) else { return false };
        row.any_of.iter().filter(|authority| authority.role == role.as_str()).any(|authority| {
            at_groups(&authority.at, Some(&authority.role), group, &[], self.directory, self.settings, day).iter().any(
                |name| {
                    self.directory.group(name, day).is_some_and(|(name, _)| name == of.as_str())
                        && self.directory.holds(act.by.as_str(), role.as_str(), name, day)
                },
            )
        })
    }
}
