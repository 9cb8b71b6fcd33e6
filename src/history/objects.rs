//! The clone's objects for the audit, by their bytes.

use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use git2::{ErrorCode, ObjectType, Oid, Repository};

use super::Repo;
use crate::audit::{AuditError, Blob, Merged, ObjectId, Objects};

impl From<ObjectId> for Oid {
    fn from(id: ObjectId) -> Self {
        // 20 bytes are an id, always.
        Self::from_bytes(id.bytes()).unwrap_or(Self::ZERO_SHA1)
    }
}

impl From<Oid> for ObjectId {
    fn from(id: Oid) -> Self {
        Self::new(id.as_bytes().try_into().unwrap_or_default())
    }
}

/// The clone's objects for several threads at once: each reads with a handle of its own. What a handle read it forgets, so
/// that a long history needs no more memory than a short one.
pub struct Store {
    place: PathBuf,
    idle: Mutex<Vec<Repository>>,
}

impl Store {
    fn with<T>(&self, act: impl FnOnce(&Repository) -> Result<T, git2::Error>) -> Result<T, git2::Error> {
        let idle = || self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let taken = idle().pop();
        let repository = taken.map_or_else(|| Repository::open(&self.place), Ok)?;
        let done = act(&repository);
        idle().push(repository);
        done
    }

    fn object(&self, id: ObjectId, kind: ObjectType) -> Result<Vec<u8>, AuditError> {
        let read = |repository: &Repository| Ok(repository.odb()?.read(id.into())?.data().to_vec());
        self.with(read).map_err(|error| failed(kind.str(), id, &error))
    }
}

impl Repo {
    /// The clone's objects, for reading a whole history.
    pub fn objects(&self) -> Store {
        git2::opts::enable_caching(false);
        Store { place: self.inner.path().to_owned(), idle: Mutex::default() }
    }

    /// The commit that a branch points at, whatever that commit looks like.
    pub fn tip_of(&self, reference: &str) -> Option<ObjectId> {
        self.inner.refname_to_id(reference).ok().map(ObjectId::from)
    }

    /// The commits that a branch of a remote pointed at, as this clone saw them, newest first.
    pub fn seen_tips(&self, reference: &str) -> Vec<ObjectId> {
        let Ok(log) = self.inner.reflog(reference) else { return Vec::new() };
        // The oldest entry says where the branch stood before it, too.
        let before = log.iter().next_back().map(|entry| entry.id_old()).filter(|id| !id.is_zero());
        log.iter().map(|entry| entry.id_new()).chain(before).map(ObjectId::from).collect()
    }

    /// The record's root below the repository's, with a slash at its end, or nothing.
    pub fn prefix(&self) -> &str {
        &self.prefix
    }
}

fn failed(kind: &'static str, id: ObjectId, error: &git2::Error) -> AuditError {
    if error.code() == ErrorCode::NotFound {
        return AuditError::Missing { kind, id };
    }
    AuditError::Unreadable { kind, id, message: error.message().to_owned() }
}

impl Objects for Store {
    fn commit(&self, id: ObjectId) -> Result<Vec<u8>, AuditError> {
        self.object(id, ObjectType::Commit)
    }

    fn tree(&self, id: ObjectId) -> Result<Vec<u8>, AuditError> {
        self.object(id, ObjectType::Tree)
    }

    fn blob(&self, id: ObjectId, limit: u64) -> Result<Blob, AuditError> {
        let size = self.with(|repository| repository.odb()?.read_header(id.into()));
        let (size, _) = size.map_err(|error| failed("file", id, &error))?;
        if size as u64 > limit {
            return Ok(Blob::TooLarge(size as u64));
        }
        self.object(id, ObjectType::Blob).map(Blob::Whole)
    }

    fn merged(&self, one: ObjectId, other: ObjectId) -> Result<Option<Merged>, AuditError> {
        let merge = |repository: &Repository| {
            // With nothing but the objects: attributes of a work tree, which come with it, would settle what is in conflict.
            let objects = Repository::from_odb(repository.odb()?)?;
            let (ours, theirs) = (objects.find_commit(one.into())?, objects.find_commit(other.into())?);
            Ok(objects.merge_commits(&ours, &theirs, None).ok())
        };
        let Some(index) = self.with(merge).map_err(|error| failed("commit", one, &error))? else { return Ok(None) };
        let mut merged = Merged::new();
        for entry in index.iter() {
            let is_settled = (entry.flags >> 12) & 3 == 0;
            let path = String::from_utf8_lossy(&entry.path).into_owned();
            merged.insert(path, is_settled.then(|| entry.id.into()));
        }
        Ok(Some(merged))
    }
}
