//! The record as a commit holds it.

use std::sync::Mutex;

use git2::{ObjectType, Oid, Repository, TreeWalkMode, TreeWalkResult};

use super::{HistoryError, Repo};
use crate::store::{FileEntry, Files, StoreError};

/// The files of one commit, below the record's root.
pub struct Revision {
    /// The library's repository is not shared between threads; each read takes it for a moment.
    repository: Mutex<Repository>,
    prefix: String,
    /// The commit.
    pub commit: Oid,
    tree: Oid,
}

impl Revision {
    pub(super) fn new(repo: &Repo, commit: Oid) -> Result<Self, HistoryError> {
        let repository = Repository::open(repo.inner.path())?;
        let tree = repository.find_commit(commit)?.tree_id();
        Ok(Self { repository: Mutex::new(repository), prefix: repo.prefix.clone(), commit, tree })
    }

    fn locked(&self) -> std::sync::MutexGuard<'_, Repository> {
        self.repository.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

fn failed(error: &git2::Error) -> StoreError {
    StoreError::History(error.message().to_owned())
}

impl Files for Revision {
    fn list(&self) -> Result<Vec<FileEntry>, StoreError> {
        let repository = self.locked();
        let tree = repository.find_tree(self.tree).map_err(|error| failed(&error))?;
        let mut entries = Vec::new();
        tree.walk(TreeWalkMode::PreOrder, |folder, entry| {
            let path = format!("{folder}{}", String::from_utf8_lossy(entry.name_bytes()));
            if let Some(below) = path.strip_prefix(&self.prefix)
                && entry.kind() == Some(ObjectType::Blob)
                && below.contains('/')
            {
                let is_link = entry.filemode() == 0o120_000;
                entries.push(FileEntry { path: below.to_owned(), size: 0, modified: 0, is_link });
            }
            TreeWalkResult::Ok
        })
        .map_err(|error| failed(&error))?;
        for entry in &mut entries {
            entry.size = size_of(&repository, &tree, &format!("{}{}", self.prefix, entry.path));
        }
        let folders = ["directory/", "drafts/", "posting-rights/", "statements/", "trust/"];
        entries.retain(|entry| folders.iter().any(|folder| entry.path.starts_with(folder)));
        entries.sort();
        Ok(entries)
    }

    fn read(&self, path: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let repository = self.locked();
        let tree = repository.find_tree(self.tree).map_err(|error| failed(&error))?;
        let full = format!("{}{path}", self.prefix);
        let entry = match tree.get_path(std::path::Path::new(&full)) {
            Ok(entry) => entry,
            Err(error) if error.code() == git2::ErrorCode::NotFound => return Ok(None),
            Err(error) => return Err(failed(&error)),
        };
        if entry.kind() != Some(ObjectType::Blob) || entry.filemode() == 0o120_000 {
            return Ok(None);
        }
        let blob = repository.find_blob(entry.id()).map_err(|error| failed(&error))?;
        Ok(Some(blob.content().to_vec()))
    }
}

/// The size of a file without reading it.
fn size_of(repository: &Repository, tree: &git2::Tree<'_>, path: &str) -> u64 {
    let entry = tree.get_path(std::path::Path::new(path)).ok();
    let header = entry.and_then(|entry| repository.odb().ok()?.read_header(entry.id()).ok());
    header.map_or(0, |(size, _)| size as u64)
}
