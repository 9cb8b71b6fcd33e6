//! The clone's objects for the audit, by their bytes.

use git2::{ErrorCode, ObjectType, Oid};

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

impl Repo {
    fn object(&self, id: ObjectId, kind: ObjectType) -> Result<Vec<u8>, AuditError> {
        let name = kind.str();
        let object = self.inner.odb().and_then(|objects| Ok(objects.read(id.into())?.data().to_vec()));
        object.map_err(|error| failed(name, id, &error))
    }

    /// The commit that a branch points at, whatever that commit looks like.
    pub fn tip_of(&self, reference: &str) -> Option<ObjectId> {
        self.inner.refname_to_id(reference).ok().map(ObjectId::from)
    }

    /// The commits that a branch of a remote pointed at, as this clone saw them, newest first.
    pub fn seen_tips(&self, reference: &str) -> Vec<ObjectId> {
        let Ok(log) = self.inner.reflog(reference) else { return Vec::new() };
        log.iter().map(|entry| entry.id_new().into()).collect()
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

impl Objects for Repo {
    fn commit(&self, id: ObjectId) -> Result<Vec<u8>, AuditError> {
        self.object(id, ObjectType::Commit)
    }

    fn tree(&self, id: ObjectId) -> Result<Vec<u8>, AuditError> {
        self.object(id, ObjectType::Tree)
    }

    fn blob(&self, id: ObjectId, limit: u64) -> Result<Blob, AuditError> {
        let size = self.inner.odb().and_then(|objects| objects.read_header(id.into()));
        let (size, _) = size.map_err(|error| failed("file", id, &error))?;
        if size as u64 > limit {
            return Ok(Blob::TooLarge(size as u64));
        }
        self.object(id, ObjectType::Blob).map(Blob::Whole)
    }

    fn merged(&self, one: ObjectId, other: ObjectId) -> Result<Option<Merged>, AuditError> {
        let commit = |id: ObjectId| self.inner.find_commit(id.into()).map_err(|error| failed("commit", id, &error));
        let Ok(index) = self.inner.merge_commits(&commit(one)?, &commit(other)?, None) else { return Ok(None) };
        let mut merged = Merged::new();
        for entry in index.iter() {
            let is_settled = (entry.flags >> 12) & 3 == 0;
            let path = String::from_utf8_lossy(&entry.path).into_owned();
            merged.insert(path, is_settled.then(|| entry.id.into()));
        }
        Ok(Some(merged))
    }
}
