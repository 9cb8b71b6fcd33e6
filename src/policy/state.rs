//! The state of a letter: derived from its place and its acts, never stored.

use std::fmt;

use chrono::NaiveDate;

use super::custody::{Custody, custody};
use super::threads::{Pointer, Threads};
use crate::config::Settings;
use crate::directory::Directory;
use crate::domain::{ActKind, Instant, Purpose, StatementId};
use crate::record::Letter;

/// Where a letter is in its life (design, "State is derived, never stored").
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// Being prepared; something is missing.
    Draft,
    /// Nothing is missing; approvals are.
    Ready,
    /// Every From group is covered.
    Approved,
    /// Number and draft are locked.
    Sending,
    /// Nobody knows whether it left.
    InDoubt,
    /// The message lies in the outbox, or with the person who sends it.
    HandedOver,
    /// It left.
    Sent,
    /// It left without approval.
    SentUnapproved,
    /// Recorded; nobody takes care of it yet.
    Received,
    /// Somebody takes care of it.
    Assigned,
    /// What was asked is settled.
    Resolved,
    /// The mail server refused it.
    Refused,
    /// It shall not be sent, or no longer stands.
    Withdrawn,
    /// Its words were removed by law; a tombstone keeps its number.
    Redacted,
}

impl State {
    /// All states, in the order of a letter's life.
    pub const ALL: [Self; 14] = [
        Self::Draft,
        Self::Ready,
        Self::Approved,
        Self::Sending,
        Self::InDoubt,
        Self::HandedOver,
        Self::Sent,
        Self::SentUnapproved,
        Self::Received,
        Self::Assigned,
        Self::Resolved,
        Self::Refused,
        Self::Withdrawn,
        Self::Redacted,
    ];

    /// The words shown; in options and JSON with hyphens.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Ready => "ready",
            Self::Approved => "approved",
            Self::Sending => "sending",
            Self::InDoubt => "in-doubt",
            Self::HandedOver => "handed-over",
            Self::Sent => "sent",
            Self::SentUnapproved => "sent-unapproved",
            Self::Received => "received",
            Self::Assigned => "assigned",
            Self::Resolved => "resolved",
            Self::Refused => "refused",
            Self::Withdrawn => "withdrawn",
            Self::Redacted => "redacted",
        }
    }

    /// Reads the word of an option.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What is true beside the state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Flag {
    /// The deadline is over and nothing settled the letter.
    Overdue,
    /// The deadline is near.
    DueSoon,
    /// A notice said that it did not arrive.
    Bounced,
    /// A later letter revises it.
    Revised,
    /// A public letter answers it.
    Answered,
    /// It will be done until a day that was named; it stays open until then.
    Promised,
    /// What we sent was settled in another way than by an answer; a received letter has this as its state.
    Resolved,
    /// Files of its folder were removed by law; the letter itself stands.
    PartlyRedacted,
    /// It left, and whoever may says that it no longer stands.
    Withdrawn,
    /// It took its number, and the mainline does not have it yet.
    Unmerged,
    /// It took its number, and this work tree does not have it yet.
    Unpulled,
}

impl Flag {
    /// All flags.
    pub const ALL: [Self; 11] = [
        Self::Overdue,
        Self::DueSoon,
        Self::Bounced,
        Self::Revised,
        Self::Answered,
        Self::Promised,
        Self::Resolved,
        Self::PartlyRedacted,
        Self::Withdrawn,
        Self::Unmerged,
        Self::Unpulled,
    ];

    /// The words shown.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Overdue => "overdue",
            Self::DueSoon => "due-soon",
            Self::Bounced => "bounced",
            Self::Revised => "revised",
            Self::Answered => "answered",
            Self::Promised => "promised",
            Self::Resolved => State::Resolved.as_str(),
            Self::PartlyRedacted => "partly-redacted",
            Self::Withdrawn => State::Withdrawn.as_str(),
            Self::Unmerged => "not-on-mainline",
            Self::Unpulled => "not-pulled",
        }
    }
}

/// A letter's state, its flags, and its deadline while that still matters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The state.
    pub state: State,
    /// What is true beside it.
    pub flags: Vec<Flag>,
    /// The deadline of an action nobody settled yet.
    pub open_until: Option<NaiveDate>,
}

/// What the ledger says of a draft that is one no longer: its number is locked and its message may have left, and the letter
/// with its acts is still on its way to where the draft is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// Its number.
    pub number: StatementId,
    /// How far the sending got: `sending`, `handed-over`, `refused`, `in-doubt` or `sent`.
    pub step: ActKind,
    /// Whether the mainline has the letter.
    pub is_merged: bool,
}

impl Taken {
    /// What is true beside its state.
    pub fn flag(&self) -> Flag {
        if self.is_merged { Flag::Unpulled } else { Flag::Unmerged }
    }

    /// Where the letter is.
    pub fn whereabouts(&self) -> String {
        if self.is_merged {
            "on the mainline, but not pulled".to_owned()
        } else {
            format!("not yet on the mainline: liaison/send/{} is to be merged", self.number)
        }
    }
}

/// What the state of a letter is derived from, beside its own file and acts.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    /// What the ledger says of a draft that took its number.
    pub taken: Option<&'a Taken>,
    /// Whether rules still miss something in a draft.
    pub is_missing_something: bool,
    /// Whether it has, or at its sending had, the approval it needs, or was ratified since: [`super::was_approved`].
    pub is_approved: bool,
    /// Whether files beside it were removed by law.
    pub is_partly_redacted: bool,
}

/// Derives the standing of a letter.
pub fn standing(
    letter: &Letter,
    facts: Facts<'_>,
    threads: &Threads,
    directory: &Directory,
    settings: &Settings,
    now: Instant,
) -> Standing {
    let custody = custody(letter, directory, settings, now);
    let state = state(letter, facts, threads, &custody);
    let content = &letter.statement.value.content;
    let answers = threads.answers(&letter.name);
    let is_answered = answers.iter().any(|answer| settles(answer, &custody));
    let has_left = matches!(state, State::Sent | State::SentUnapproved);
    let is_withdrawn = has_left && letter.withdrawn().is_some();
    let is_settled = match state {
        State::Resolved | State::Withdrawn | State::Redacted => true,
        State::Sent | State::SentUnapproved => is_answered || custody.is_settled() || is_withdrawn,
        State::Received | State::Assigned => false,
        State::Draft
        | State::Ready
        | State::Approved
        | State::Sending
        | State::InDoubt
        | State::HandedOver
        | State::Refused => true,
    };
    let promise = custody.promised().filter(|_| !is_settled);
    let asked = content.deadline.filter(|_| !is_settled && content.purpose != Some(Purpose::InResponse));
    let open_until = promise.and_then(|promise| promise.until).or(asked);
    let today = now.day_anywhere();
    let mut flags = Vec::new();
    match open_until {
        Some(deadline) if deadline < today => flags.push(Flag::Overdue),
        Some(deadline) if (deadline - today).num_days() <= i64::try_from(settings.due_soon).unwrap_or(i64::MAX) => {
            flags.push(Flag::DueSoon);
        }
        Some(_) | None => {}
    }
    let bounced = letter
        .last(ActKind::Bounced)
        .is_some_and(|bounce| letter.effective(ActKind::Resent).next_back().is_none_or(|one| one.at < bounce.at));
    flags.extend(bounced.then_some(Flag::Bounced));
    flags.extend(threads.revisions(&letter.name).iter().any(|revision| revision.public).then_some(Flag::Revised));
    flags.extend(answers.iter().any(|answer| answer.public).then_some(Flag::Answered));
    flags.extend(promise.map(|_| Flag::Promised));
    flags.extend((has_left && custody.is_settled()).then_some(Flag::Resolved));
    let is_partly = facts.is_partly_redacted && state != State::Redacted;
    flags.extend(is_partly.then_some(Flag::PartlyRedacted));
    flags.extend(is_withdrawn.then_some(Flag::Withdrawn));
    flags.extend(facts.taken.map(Taken::flag));
    Standing { state, flags, open_until }
}

fn state(letter: &Letter, facts: Facts<'_>, threads: &Threads, custody: &Custody<'_>) -> State {
    if letter.redaction().is_some() {
        return State::Redacted;
    }
    if letter.withdrawn().is_some() && !has_left(letter) {
        return State::Withdrawn;
    }
    if letter.name.is_draft() {
        return match facts {
            Facts { taken: Some(taken), .. } => after_step(taken.step, facts.is_approved),
            Facts { is_missing_something: true, .. } => State::Draft,
            Facts { is_approved: true, .. } => State::Approved,
            Facts { .. } => State::Ready,
        };
    }
    if letter.statement.value.content.is_outgoing() {
        outgoing(letter, facts)
    } else {
        incoming(letter, threads, custody)
    }
}

/// Whether it is with the receiver, where nothing takes it back.
fn has_left(letter: &Letter) -> bool {
    !letter.name.is_draft() && letter.last(ActKind::Sent).is_some()
}

/// The last act of sending decides; `sent` stays whatever comes after it.
fn outgoing(letter: &Letter, facts: Facts<'_>) -> State {
    let steps = [ActKind::Sending, ActKind::HandedOver, ActKind::Refused, ActKind::InDoubt];
    let last = letter.acts.iter().rev().map(|act| act.value.kind).find(|kind| steps.contains(kind));
    let sent = letter.last(ActKind::Sent).map(|act| act.kind);
    after_step(sent.or(last).unwrap_or(ActKind::Sending), facts.is_approved || letter.is_imported())
}

/// The state after a step of sending.
fn after_step(step: ActKind, is_approved: bool) -> State {
    let states = [
        (ActKind::Sent, if is_approved { State::Sent } else { State::SentUnapproved }),
        (ActKind::HandedOver, State::HandedOver),
        (ActKind::Refused, State::Refused),
        (ActKind::InDoubt, State::InDoubt),
    ];
    states.into_iter().find(|(kind, _)| *kind == step).map_or(State::Sending, |(_, state)| state)
}

/// Whether an answer settles what was asked: a public one, unless it is older than a promise that something will be done.
fn settles(answer: &Pointer, custody: &Custody<'_>) -> bool {
    answer.public && custody.promised().is_none_or(|promise| answer.since.is_some_and(|since| since > promise.made))
}

/// Resolved by an act, or because every one of our groups it is with has answered.
fn incoming(letter: &Letter, threads: &Threads, custody: &Custody<'_>) -> State {
    let answers = threads.answers(&letter.name);
    let answered =
        |group: &String| answers.iter().any(|answer| settles(answer, custody) && answer.groups.contains(group));
    match () {
        () if custody.is_settled() => State::Resolved,
        () if !custody.groups.is_empty() && custody.groups.iter().all(answered) => State::Resolved,
        () if custody.assigned.is_some() => State::Assigned,
        () => State::Received,
    }
}
