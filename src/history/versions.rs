//! Everything that ever stood at one path.

use std::collections::BTreeSet;
use std::path::Path;

use git2::{ObjectType, Oid};

use super::{Below, HistoryError, Repo};

/// The contents that a path of the record had in any commit that leads to a tip, on whatever side of a merge; each once,
/// newest first.
///
/// # Errors
/// Returns [`HistoryError`] when the history cannot be read.
pub fn versions_of(repo: &Repo, tip: Oid, path: &str) -> Result<Vec<Vec<u8>>, HistoryError> {
    let path = format!("{}{path}", repo.prefix);
    let mut walk = repo.inner.revwalk()?;
    walk.push(tip)?;
    let (mut seen, mut versions) = (BTreeSet::new(), Vec::new());
    for commit in walk {
        let tree = repo.inner.find_commit(commit?)?.tree()?;
        let Ok(entry) = tree.get_path(Path::new(&path)) else { continue };
        if entry.kind() == Some(ObjectType::Blob) && seen.insert(entry.id()) {
            versions.push(repo.inner.find_blob(entry.id())?.content().to_vec());
        }
    }
    Ok(versions)
}

/// The names that a folder had in any commit that leads to a tip, on whatever side of a merge.
///
/// # Errors
/// Returns [`HistoryError`] when the history cannot be read.
pub fn names_ever(repo: &Repo, tip: Oid, below: Below, folder: &str) -> Result<BTreeSet<String>, HistoryError> {
    let folder = format!("{}{folder}", if below == Below::Record { repo.prefix.as_str() } else { "" });
    let mut walk = repo.inner.revwalk()?;
    walk.push(tip)?;
    let (mut seen, mut names) = (BTreeSet::new(), BTreeSet::new());
    for commit in walk {
        let tree = repo.inner.find_commit(commit?)?.tree()?;
        let Ok(entry) = tree.get_path(Path::new(&folder)) else { continue };
        if entry.kind() == Some(ObjectType::Tree) && seen.insert(entry.id()) {
            let folder = repo.inner.find_tree(entry.id())?;
            names.extend(folder.iter().map(|entry| String::from_utf8_lossy(entry.name_bytes()).into_owned()));
        }
    }
    Ok(names)
}
