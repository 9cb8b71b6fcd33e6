//! The record's history: revisions, commits, branches, and what travels to the others. The only home of the git library.

mod changed;
mod command;
mod commit;
mod conflicts;
mod fetch;
mod first;
mod gaps;
mod log;
mod merged;
mod objects;
mod obstacle;
mod probe;
mod push;
mod repo;
mod revision;
mod signer;
mod versions;

pub use command::{Git, GitOutput};
pub use commit::{Below, commit_on, commit_paths};
pub use conflicts::Conflict;
pub use first::{First, first_on_branch, first_with};
pub use gaps::Gap;
pub use git2::Oid;
pub use log::{Entry, log_of};

pub use push::{Pushed, push_branch, push_locked};
pub use repo::{Identity, Repo, WorkState, tracking};
pub use revision::Revision;
pub use signer::{SignError, Signer, SigningKey};
pub use versions::{names_ever, versions_of};

/// What git could not do, in words a person can act on.
#[derive(Debug, thiserror::Error)]
pub enum HistoryError {
    /// There is no repository here.
    #[error("{0} is not in a git repository; `git init` makes one, `--no-commit` works without")]
    NoRepository(String),
    /// The git command is not installed.
    #[error("the command `git` cannot be started: {0}")]
    NoGit(std::io::Error),
    /// Nobody to commit as.
    #[error(
        "git does not know who you are: git config --global user.name \"Your Name\"; git config --global user.email you@example.org"
    )]
    NoIdentity,
    /// A merge, rebase or the like is not finished.
    #[error("{0} is not finished here; finish it, or give it up with `git {1}`, then try again")]
    Unfinished(&'static str, &'static str),
    /// The head points at a commit, not a branch.
    #[error("the clone is at a commit, not on a branch (detached HEAD); `git switch {0}` first")]
    Detached(String),
    /// Somebody else holds the index.
    #[error("another git command is running here, or ended badly: {0} exists; remove it when no git runs")]
    Locked(String),
    /// The system lets nobody write here, or not this person.
    #[error("{doing} may not write here: {message}")]
    Forbidden {
        /// What was tried.
        doing: String,
        /// What git said, one line.
        message: String,
    },
    /// The disk, or what the person may use of it, is full.
    #[error("there is no room left on the disk: {doing}: {message}")]
    Full {
        /// What was tried.
        doing: String,
        /// What git said, one line.
        message: String,
    },
    /// The git command failed.
    #[error("git {command} failed: {message}")]
    Failed {
        /// The subcommand.
        command: String,
        /// What git said, one line.
        message: String,
    },
    /// The repository is somebody else's.
    #[error("the repository {0} belongs to another user of this system, and git trusts none but yours")]
    OtherOwner(String),
    /// The library failed.
    #[error("the repository cannot be read: {0}")]
    Library(git2::Error),
}

impl From<git2::Error> for HistoryError {
    fn from(error: git2::Error) -> Self {
        obstacle::obstacle("writing the repository", error.message()).unwrap_or(Self::Library(error))
    }
}
