//! Which commits touched some paths.

use git2::{Oid, Sort, Tree};

use super::{HistoryError, Repo};
use crate::domain::Instant;

/// A commit that touched what was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The commit.
    pub commit: Oid,
    /// Its author's name: a claim, no proof.
    pub author: String,
    /// The author's time.
    pub at: Instant,
    /// The first line of its message.
    pub subject: String,
    /// The paths it touched among those asked for.
    pub paths: Vec<String>,
}

/// The commits reachable from a commit that changed one of some paths (files or folders), newest first.
///
/// # Errors
/// Returns [`HistoryError`] when the history cannot be read.
pub fn log_of(repo: &Repo, tip: Oid, paths: &[String]) -> Result<Vec<Entry>, HistoryError> {
    let mut walk = repo.inner.revwalk()?;
    walk.set_sorting(Sort::TOPOLOGICAL | Sort::TIME)?;
    walk.push(tip)?;
    let paths: Vec<String> = paths.iter().map(|path| format!("{}{path}", repo.prefix)).collect();
    let mut entries = Vec::new();
    for commit in walk {
        let commit = repo.inner.find_commit(commit?)?;
        let tree = commit.tree()?;
        let parents: Vec<Tree<'_>> = commit.parents().map(|parent| parent.tree()).collect::<Result<_, _>>()?;
        let changed = |path: &&String| {
            let now = oid_at(&tree, path);
            if parents.is_empty() { now.is_some() } else { parents.iter().all(|parent| oid_at(parent, path) != now) }
        };
        let touched: Vec<String> =
            paths.iter().filter(changed).map(|path| path[repo.prefix.len()..].to_owned()).collect();
        if !touched.is_empty() {
            entries.push(Entry {
                commit: commit.id(),
                author: String::from_utf8_lossy(commit.author().name_bytes()).into_owned(),
                at: Instant::from_unix(commit.author().when().seconds())
                    .unwrap_or_else(|| Instant::new(Default::default())),
                subject: commit.summary().ok().flatten().unwrap_or_default().to_owned(),
                paths: touched,
            });
        }
    }
    Ok(entries)
}

fn oid_at(tree: &Tree<'_>, path: &str) -> Option<Oid> {
    tree.get_path(std::path::Path::new(path)).ok().map(|entry| entry.id())
}
