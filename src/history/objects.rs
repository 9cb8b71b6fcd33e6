//! The clone's objects for the audit, by their bytes; and whether the clone has all of them.

use git2::{ErrorCode, ObjectType, Oid};

use super::Repo;
use crate::audit::{AuditError, Blob, Merged, ObjectId, Objects};

/// What a clone lacks, or shows otherwise than its remote has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Incomplete {
    /// What it is.
    pub what: String,
    /// The commands that complete it.
    pub commands: Vec<String>,
}

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

    /// What the clone lacks to prove anything.
    pub fn incomplete(&self, remote: &str) -> Option<Incomplete> {
        let told =
            |what: &str, commands: &[String]| Some(Incomplete { what: what.into(), commands: commands.to_vec() });
        if self.inner.is_shallow() {
            return told("the clone is shallow: its history is cut off", &[format!("git fetch --unshallow {remote}")]);
        }
        if let Some(promisor) = self.promisor() {
            return told(
                "the clone is partial: it lacks files of the history",
                &[
                    format!("git config --unset-all remote.{promisor}.partialclonefilter"),
                    format!("git fetch --refetch {promisor}"),
                    format!("git config --unset-all remote.{promisor}.promisor"),
                    "git config --unset-all extensions.partialclone".into(),
                ],
            );
        }
        let grafts = self.inner.commondir().join("info/grafts");
        if std::fs::read_to_string(&grafts).is_ok_and(|text| text.lines().any(|line| !line.trim().is_empty())) {
            return told("the clone has grafts: it shows another history", &[format!("rm {}", grafts.display())]);
        }
        let replaced: Vec<String> = self
            .inner
            .references_glob("refs/replace/*")
            .into_iter()
            .flatten()
            .filter_map(Result::ok)
            .filter_map(|reference| reference.name().ok().map(str::to_owned))
            .collect();
        if replaced.is_empty() {
            return None;
        }
        let commands: Vec<String> = replaced
            .iter()
            .map(|name| format!("git replace -d {}", name.trim_start_matches("refs/replace/")))
            .collect();
        told("the clone has replacement refs: git shows other objects than the history holds", &commands)
    }

    /// The remote that a partial clone would fetch from.
    fn promisor(&self) -> Option<String> {
        let config = self.inner.config().ok()?.snapshot().ok()?;
        if let Ok(name) = config.get_str("extensions.partialclone") {
            return Some(name.to_owned());
        }
        let remotes = self.inner.remotes().ok()?;
        let names = remotes.iter().filter_map(|name| name.ok().flatten().map(str::to_owned));
        names.into_iter().find(|name| config.get_bool(&format!("remote.{name}.promisor")).unwrap_or(false))
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
