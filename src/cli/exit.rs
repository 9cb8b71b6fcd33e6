//! How a command ended, in one table for all commands (docs/exit-codes.md).

use std::io::Write;
use std::process::ExitCode;

use crate::domain::Malformed;
use crate::history::HistoryError;
use crate::store::{FindError, StoreError};

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// 0: done.
    Done,
    /// 1: findings, or refused by policy.
    Findings,
    /// 2: could not look: usage, unreadable.
    CouldNotLook,
    /// 3: only waits for people.
    WaitsForPeople,
    /// 4: the clone lacks a part of the history.
    IncompleteClone,
    /// 65: refused for good.
    RefusedForGood,
    /// 70: in doubt.
    InDoubt,
    /// 73: somebody else was first.
    SomebodyElse,
    /// 75: try again later.
    TryLater,
}

impl Outcome {
    /// The number.
    pub fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Findings => 1,
            Self::CouldNotLook => 2,
            Self::WaitsForPeople => 3,
            Self::IncompleteClone => 4,
            Self::RefusedForGood => 65,
            Self::InDoubt => 70,
            Self::SomebodyElse => 73,
            Self::TryLater => 75,
        }
    }
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        Self::from(outcome.code())
    }
}

/// A refusal with its exit code and the next step.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub(crate) struct Refusal {
    pub(crate) outcome: Outcome,
    pub(crate) message: String,
    pub(crate) help: Vec<String>,
}

/// Ends a command: policy or the person's input forbids it.
pub(crate) fn refuse(message: impl Into<String>, help: impl Into<String>) -> anyhow::Error {
    refuse_with(Outcome::Findings, message, [help.into()])
}

/// Ends a command because of how it was called.
pub(crate) fn usage(message: impl Into<String>, help: impl Into<String>) -> anyhow::Error {
    refuse_with(Outcome::CouldNotLook, message, [help.into()])
}

/// Ends a command with an outcome of its own.
pub(crate) fn refuse_with(
    outcome: Outcome,
    message: impl Into<String>,
    help: impl IntoIterator<Item = String>,
) -> anyhow::Error {
    Refusal { outcome, message: message.into(), help: help.into_iter().filter(|help| !help.is_empty()).collect() }
        .into()
}

/// What keeps a command from going on, collected to be told at once.
#[derive(Debug, Default)]
pub(crate) struct Faults(Vec<anyhow::Error>);

impl Faults {
    /// What came of a step; why nothing did is kept.
    pub(crate) fn of<T>(&mut self, step: anyhow::Result<T>) -> Option<T> {
        step.map_err(|error| self.0.push(error)).ok()
    }

    /// Ends the command if a step failed: one reason as it is, several in one refusal with all their next steps.
    pub(crate) fn end(self) -> anyhow::Result<()> {
        let mut all = Vec::new();
        for error in self.0 {
            all.push(error.downcast::<Refusal>()?);
        }
        if all.len() < 2 {
            return all.pop().map_or(Ok(()), |only| Err(only.into()));
        }
        // How it was called is the least of several reasons.
        let policy = all.iter().map(|refusal| refusal.outcome).find(|outcome| *outcome != Outcome::CouldNotLook);
        let outcome = policy.unwrap_or(Outcome::CouldNotLook);
        let messages: Vec<&str> = all.iter().map(|refusal| refusal.message.as_str()).collect();
        let help = all.iter().flat_map(|refusal| refusal.help.iter().cloned());
        Err(refuse_with(outcome, messages.join("; and "), help))
    }
}

/// Tells an error and its next step, and gives its exit code. A closed pipe is no error.
pub(crate) fn report(error: &anyhow::Error, err: &mut dyn Write) -> ExitCode {
    if is_closed_pipe(error) {
        return ExitCode::SUCCESS;
    }
    let _ = writeln!(err, "error: {error:#}");
    if let Some(refusal) = error.downcast_ref::<Refusal>() {
        for help in &refusal.help {
            let _ = writeln!(err, "help: {help}");
        }
        return refusal.outcome.into();
    }
    if let Some(help) = help_for(error) {
        let _ = writeln!(err, "help: {help}");
    }
    Outcome::CouldNotLook.into()
}

fn help_for(error: &anyhow::Error) -> Option<String> {
    if let Some(StoreError::NoRecord(_)) = error.downcast_ref::<StoreError>() {
        return Some("go to a record's folder, name it with -C DIR, or begin one with `liaison init DIR`".into());
    }
    if let Some(FindError::Unknown { .. } | FindError::Ambiguous { .. }) = error.downcast_ref::<FindError>() {
        return Some("`liaison list` shows all letters; any part that is unambiguous will do".into());
    }
    if error.chain().any(is_forbidden) {
        return Some(LEAVE.into());
    }
    if error.chain().any(is_full) {
        return Some(ROOM.into());
    }
    if error.downcast_ref::<Malformed>().is_some() {
        return Some("give the value again in the form expected".into());
    }
    match error.downcast_ref::<HistoryError>()? {
        HistoryError::Failed { .. } => {
            Some("nothing was changed; mend what git says, then run the command again".into())
        }
        HistoryError::OtherOwner(path) => {
            Some(format!("if you trust them: git config --global --add safe.directory {path}"))
        }
        HistoryError::Library(_) => Some("`git fsck` tells what is wrong with it".into()),
        HistoryError::NoGit(_) => Some("install git, or put the folder it is in into PATH".into()),
        HistoryError::Forbidden { .. } => Some(LEAVE.into()),
        HistoryError::Full { .. } => Some(ROOM.into()),
        HistoryError::NoRepository(_)
        | HistoryError::NoIdentity
        | HistoryError::Unfinished(..)
        | HistoryError::Detached(_)
        | HistoryError::Locked(_) => None,
    }
}

/// What to do where nothing may be written.
const LEAVE: &str = "ask whoever owns the files for leave to write, or work in a clone of your own";

/// What to do where nothing can be written.
const ROOM: &str = "make room, then run the command again";

/// Whether the system refused because of who asks.
fn is_forbidden(cause: &(dyn std::error::Error + 'static)) -> bool {
    let kind = system_error(cause);
    matches!(kind, Some(std::io::ErrorKind::PermissionDenied | std::io::ErrorKind::ReadOnlyFilesystem))
}

/// Whether the system has no room.
fn is_full(cause: &(dyn std::error::Error + 'static)) -> bool {
    use std::io::ErrorKind;
    let kind = system_error(cause);
    matches!(kind, Some(ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge))
}

fn system_error(cause: &(dyn std::error::Error + 'static)) -> Option<std::io::ErrorKind> {
    match cause.downcast_ref::<StoreError>() {
        Some(StoreError::Io { error, .. }) => Some(error.kind()),
        _ => cause.downcast_ref::<std::io::Error>().map(std::io::Error::kind),
    }
}

fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        cause.downcast_ref::<std::io::Error>().is_some_and(|error| error.kind() == std::io::ErrorKind::BrokenPipe)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_system_forbids_has_a_next_step() {
        let error = std::io::Error::from(std::io::ErrorKind::PermissionDenied);
        let error = anyhow::Error::from(StoreError::Io { path: "drafts/x.yaml".into(), error });
        assert!(error.to_string().starts_with("drafts/x.yaml: "), "{error}");
        assert!(help_for(&error).is_some_and(|help| help.contains("leave to write")));
        let error = std::io::Error::from(std::io::ErrorKind::StorageFull);
        let help = help_for(&StoreError::Io { path: "x".into(), error }.into());
        assert!(help.is_some_and(|help| help.contains("make room")));
    }

    #[test]
    fn somebody_elses_repository_has_a_next_step() {
        let help = help_for(&HistoryError::OtherOwner("/srv/record".into()).into());
        assert!(help.is_some_and(|help| help.contains("--add safe.directory /srv/record")));
    }
}
