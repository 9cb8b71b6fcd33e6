//! Where a file first appeared: in which commit, and by which commit it came onto a branch.

use git2::{Oid, Sort};

use super::{HistoryError, Repo};
use crate::domain::Instant;

/// The commit in which a file first appeared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct First {
    /// The commit.
    pub commit: Oid,
    /// Its first parent: what was known when it was made.
    pub parent: Option<Oid>,
    /// The committer's time: a claim, no proof.
    pub at: Instant,
    /// The committer's name: a claim, no proof.
    pub committer: String,
    /// Whether the commit bears a signature; git tells whose.
    pub is_signed: bool,
}

/// The oldest commit reachable from a tip that has one of some paths while no parent has.
///
/// # Errors
/// Returns [`HistoryError`] when the history cannot be read.
pub fn first_with(repo: &Repo, tip: Oid, paths: &[String]) -> Result<Option<First>, HistoryError> {
    oldest(repo, tip, paths, false)
}

/// The oldest commit of a branch itself, first parents only, that has one of some paths: by it they came onto the branch.
///
/// # Errors
/// Returns [`HistoryError`] when the history cannot be read.
pub fn first_on_branch(repo: &Repo, tip: Oid, paths: &[String]) -> Result<Option<First>, HistoryError> {
    oldest(repo, tip, paths, true)
}

fn oldest(repo: &Repo, tip: Oid, paths: &[String], is_branch: bool) -> Result<Option<First>, HistoryError> {
    let paths: Vec<String> = paths.iter().map(|path| format!("{}{path}", repo.prefix)).collect();
    let has = |commit: &git2::Commit<'_>| -> Result<bool, HistoryError> {
        let tree = commit.tree()?;
        Ok(paths.iter().any(|path| tree.get_path(std::path::Path::new(path)).is_ok()))
    };
    let mut walk = repo.inner.revwalk()?;
    walk.set_sorting(Sort::TOPOLOGICAL | Sort::REVERSE)?;
    if is_branch {
        walk.simplify_first_parent()?;
    }
    walk.push(tip)?;
    for id in walk {
        let commit = repo.inner.find_commit(id?)?;
        if has(&commit)? {
            let at = Instant::from_unix(commit.time().seconds()).unwrap_or_else(|| Instant::new(Default::default()));
            return Ok(Some(First {
                commit: commit.id(),
                parent: commit.parent_ids().next(),
                at,
                committer: String::from_utf8_lossy(commit.committer().name_bytes()).into_owned(),
                is_signed: repo.inner.extract_signature(&commit.id(), None).is_ok(),
            }));
        }
    }
    Ok(None)
}
