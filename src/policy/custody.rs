//! With whom of us a received letter is now: it begins with the To groups that are ours; acts move it on, its file never
//! changes.

use chrono::NaiveDate;

use crate::config::Settings;
use crate::directory::Directory;
use crate::domain::time::parse_date;
use crate::domain::{Act, ActKind, Instant};
use crate::record::Letter;

/// With whom a received letter is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Custody<'a> {
    /// Our groups whose letter it is: theirs is the answer (LS-70, LS-118).
    pub groups: Vec<String>,
    /// Our groups that it was passed on to besides; they know of it and owe nothing (LS-68).
    pub passed_on: Vec<String>,
    /// The act by which somebody of those groups takes care of it.
    pub assigned: Option<&'a Act>,
    /// The act that says what came of it, there or at the other body.
    pub resolved: Option<&'a Act>,
}

impl Custody<'_> {
    /// Who takes care of it, by their handles.
    pub fn assignees(&self) -> Vec<String> {
        self.assigned.map(|act| act.detail_list("assignee")).unwrap_or_default()
    }

    /// Until when its action will be done, if whoever resolved it last promised that (LS-116).
    pub fn promised(&self) -> Option<Promise> {
        let act = self.resolved.filter(|act| act.detail("outcome").as_deref() == Some(WILL_BE_DONE))?;
        let until = act.detail("until").and_then(|day| parse_date(&day).ok().flatten());
        Some(Promise { made: act.at, until })
    }

    /// Whether what came of it was decided, and nothing is still to be done.
    pub fn is_settled(&self) -> bool {
        self.resolved.is_some() && self.promised().is_none()
    }

    /// Every group of ours that it is with or was passed on to.
    pub fn concerned(&self) -> impl Iterator<Item = &String> {
        self.groups.iter().chain(&self.passed_on)
    }
}

/// The outcome that settles nothing yet.
pub const WILL_BE_DONE: &str = "will-be-done";

/// That an action will be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Promise {
    /// When it was recorded; an answer that is older does not keep it.
    pub made: Instant,
    /// Until when.
    pub until: Option<NaiveDate>,
}

/// Follows the acts of a letter, oldest first.
///
/// `redirect` moves it from the groups it names, else from all, to others. Where it is moved from all, it begins anew: it is
/// assigned to nobody, and not resolved. `distribute` tells further groups. A letter of ours is with none of our groups.
pub fn custody<'a>(letter: &'a Letter, directory: &Directory, settings: &Settings, now: Instant) -> Custody<'a> {
    let content = &letter.statement.value.content;
    let mut custody = Custody::default();
    let is_received = !content.is_outgoing();
    let is_ours = |group: &String| is_received && directory.is_below(group, &settings.organization, now.day());
    custody.groups = content.to.groups.iter().map(ToString::to_string).filter(is_ours).collect();
    for act in letter.acts.iter().map(|act| &act.value) {
        if act.kind == ActKind::Redirect {
            let from = act.detail_list("from");
            custody.groups.retain(|group| !from.is_empty() && !from.contains(group));
            if custody.groups.is_empty() {
                (custody.assigned, custody.resolved) = (None, None);
            }
            add(&mut custody.groups, act.detail_list("to").into_iter().filter(is_ours));
        } else if act.kind == ActKind::Distribute {
            add(&mut custody.passed_on, act.detail_list("groups").into_iter().filter(is_ours));
        } else if act.kind == ActKind::Assign {
            custody.assigned = Some(act);
        } else if act.kind == ActKind::Resolve {
            custody.resolved = Some(act);
        }
    }
    custody.passed_on.retain(|group| !custody.groups.contains(group));
    custody
}

/// Adds what is not there yet.
fn add(groups: &mut Vec<String>, more: impl Iterator<Item = String>) {
    for group in more {
        if !groups.contains(&group) {
            groups.push(group);
        }
    }
}
