//! Whether somebody had the authority for an act, as one standing knows it.

use chrono::NaiveDate;

use super::standing::Standing;
use crate::directory::RoleTerm;
use crate::domain::{Act, ActKind, Word};
use crate::policy::{begins, may_do, roles_for, table_word};

/// What a standing says of the authority for an act.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Authority {
    /// It was held on the act's day.
    Held {
        /// The first day it was held no longer, if the term has ended meanwhile.
        ended: Option<NaiveDate>,
    },
    /// The term had ended before.
    Ended {
        /// The first day it was held no longer.
        until: NaiveDate,
    },
    /// The role was held, and gave no such authority: the table or the group's place is another one.
    Other,
    /// Nothing is known of such a role of this person.
    Unknown,
}

/// Whether the approval table says who may do an act at all. It says nothing of the trust root, whose holders stand in it.
pub(super) fn is_governed(kind: ActKind, standing: &Standing) -> bool {
    kind != ActKind::Trust || standing.settings.approval.iter().any(|row| row.act == kind.as_str())
}

/// The authority for an act on a letter of `groups`; `today` is the day on which the history takes it in.
pub(super) fn authority(act: &Act, groups: &[String], standing: &Standing, today: NaiveDate) -> Authority {
    let day = act.at.day();
    // Where nobody ever might change the directory or the settings, everybody does: so that a record can begin.
    let may_begin = || {
        matches!(act.kind, ActKind::Directory | ActKind::Policy)
            && begins(act.kind, &standing.directory, &standing.settings)
    };
    if !is_governed(act.kind, standing) || may_begin() {
        return Authority::Held { ended: None };
    }
    if may(act, groups, standing, day) {
        let held = terms(act, groups, standing).find(|term| term.term.holds_on(day));
        let ended = held.and_then(|term| term.term.until).filter(|until| *until <= today);
        return Authority::Held { ended: ended.filter(|_| table_word(act).is_some()) };
    }
    if terms(act, groups, standing).any(|term| term.term.holds_on(day)) {
        return Authority::Other;
    }
    let ended = terms(act, groups, standing).filter_map(|term| term.term.until).filter(|until| *until <= day).max();
    ended.map_or(Authority::Unknown, |until| Authority::Ended { until })
}

fn may(act: &Act, groups: &[String], standing: &Standing, day: NaiveDate) -> bool {
    let (directory, settings) = (&standing.directory, &standing.settings);
    let by = act.by.as_str();
    let named: Vec<String> = act.for_groups.iter().map(ToString::to_string).collect();
    let concerned = if named.is_empty() { groups } else { &named };
    match table_word(act) {
        Some("send") => {
            let roles = |group: &String| roles_for(by, "send", group, directory, settings, day);
            let claimed =
                |group: &String| roles(group).iter().any(|holder| is_claimed(act, holder.role, holder.group, standing));
            // A decline counts for any group, an approval for each that it names.
            let is_decline = act.kind == ActKind::Decline;
            !concerned.is_empty()
                && if is_decline {
                    concerned.iter().any(|group| !roles(group).is_empty())
                } else {
                    concerned.iter().all(claimed)
                }
        }
        Some(word) => may_do(by, word, groups, directory, settings, day).is_some(),
        None => act
            .role
            .as_ref()
            .is_none_or(|role| act.of.as_ref().is_none_or(|of| directory.holds(by, role.as_str(), of.as_str(), day))),
    }
}

/// Whether an act claims a role at a group: a group keeps its file's name when its acronym changes.
fn is_claimed(act: &Act, role: &str, group: &str, standing: &Standing) -> bool {
    let of = act.of.as_ref().map(Word::as_str);
    let file = of.and_then(|of| standing.directory.group(of, act.at.day())).map(|(name, _)| name);
    act.role.as_ref().is_some_and(|claimed| claimed.as_str() == role) && (of == Some(group) || file == Some(group))
}

/// The role that an act rests on, and the group at which it is held: what it claims, else what the table asks of its person.
pub(super) fn rests_on<'s>(act: &'s Act, groups: &[String], standing: &'s Standing) -> Option<(&'s str, &'s str)> {
    if let Some(role) = &act.role {
        return Some((role.as_str(), act.of.as_ref()?.as_str()));
    }
    let (directory, settings) = (&standing.directory, &standing.settings);
    let holder = may_do(act.by.as_str(), table_word(act)?, groups, directory, settings, act.at.day())?;
    Some((holder.role, holder.group))
}

/// The terms of the role that an act rests on.
fn terms<'s>(act: &'s Act, groups: &[String], standing: &'s Standing) -> impl Iterator<Item = &'s RoleTerm> {
    let (role, of) = rests_on(act, groups, standing).unzip();
    let group = of.and_then(|of| standing.directory.group(of, act.at.day()));
    let roles = group.map(|(_, group)| group.roles.as_slice()).unwrap_or_default();
    roles.iter().filter(move |term| Some(term.role.as_str()) == role && term.person == act.by.as_str())
}
