//! The record as a commit holds it.

use std::sync::Mutex;

use git2::{ObjectType, Oid, Repository, TreeWalkMode, TreeWalkResult};

use super::{HistoryError, Repo};
use crate::store::{Contents, FileEntry, Files, Stamp, StoreError};

/// The mode of a link in a tree.
const LINK: i32 = 0o120_000;

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

    /// The object of a file; nothing where there is none, or a link stands there.
    fn blob(&self, repository: &Repository, path: &str) -> Result<Option<Oid>, StoreError> {
        let tree = repository.find_tree(self.tree).map_err(|error| failed(&error))?;
        let full = format!("{}{path}", self.prefix);
        match tree.get_path(std::path::Path::new(&full)) {
            Ok(entry) if entry.kind() == Some(ObjectType::Blob) && entry.filemode() != LINK => Ok(Some(entry.id())),
            Ok(_) => Ok(None),
            Err(error) if error.code() == git2::ErrorCode::NotFound => Ok(None),
            Err(error) => Err(failed(&error)),
        }
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
                let is_link = entry.filemode() == LINK;
                entries.push(FileEntry { path: below.to_owned(), is_link });
            }
            TreeWalkResult::Ok
        })
        .map_err(|error| failed(&error))?;
        let folders = ["directory/", "drafts/", "posting-rights/", "statements/", "trust/"];
        entries.retain(|entry| folders.iter().any(|folder| entry.path.starts_with(folder)));
        entries.sort();
        Ok(entries)
    }

    fn read_up_to(&self, path: &str, limit: u64) -> Result<Contents, StoreError> {
        let repository = self.locked();
        let Some(blob) = self.blob(&repository, path)? else { return Ok(Contents::Absent) };
        match size_of(&repository, blob)? {
            size if size > limit => Ok(Contents::TooLarge(size)),
            _ => {
                let blob = repository.find_blob(blob).map_err(|error| failed(&error))?;
                Ok(Contents::Whole(blob.content().to_vec()))
            }
        }
    }

    fn stamp(&self, path: &str) -> Option<Stamp> {
        let repository = self.locked();
        let blob = self.blob(&repository, path).ok()??;
        Some(Stamp { size: size_of(&repository, blob).ok()?, modified: 0 })
    }
}

/// The size of a file without reading it.
fn size_of(repository: &Repository, blob: Oid) -> Result<u64, StoreError> {
    let header = repository.odb().and_then(|objects| objects.read_header(blob));
    header.map(|(size, _)| size as u64).map_err(|error| failed(&error))
}
