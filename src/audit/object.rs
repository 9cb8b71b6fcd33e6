//! Git's objects as the audit reads them: by id, as bytes, from whoever has them.

use std::collections::BTreeMap;
use std::fmt;

/// The id of an object.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectId([u8; 20]);

impl ObjectId {
    /// An id from its bytes.
    pub fn new(bytes: [u8; 20]) -> Self {
        Self(bytes)
    }

    /// Reads 40 hexadecimal digits: a full id, never a part of one or a name.
    pub fn parse(text: &str) -> Option<Self> {
        let is_hex = text.len() == 40 && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
        let mut bytes = [0; 20];
        for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks(2)) {
            *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
        }
        is_hex.then_some(Self(bytes))
    }

    /// Its bytes.
    pub fn bytes(&self) -> &[u8; 20] {
        &self.0
    }

    /// The first digits, for messages.
    pub fn short(&self) -> String {
        self.to_string().chars().take(10).collect()
    }
}

impl fmt::Display for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// What a commit says of the history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Edges {
    /// Its files; absent only where its bytes name none.
    pub(super) tree: Option<ObjectId>,
    /// The commits before it.
    pub(super) parents: Vec<ObjectId>,
    /// The time that it claims, in seconds since 1970.
    pub(super) at: i64,
}

/// The bytes of a file of the history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Blob {
    /// All of them.
    Whole(Vec<u8>),
    /// It was not read; its size in bytes.
    TooLarge(u64),
}

/// Being unable to look at the history.
#[derive(Debug, thiserror::Error)]
pub enum AuditError {
    /// An object is not in the clone, so nothing that rests on it can be judged.
    #[error("the clone lacks the {kind} {id}")]
    Missing {
        /// What kind of object.
        kind: &'static str,
        /// Its id.
        id: ObjectId,
    },
    /// The clone cannot be read.
    #[error("the {kind} {id} cannot be read: {message}")]
    Unreadable {
        /// What kind of object.
        kind: &'static str,
        /// Its id.
        id: ObjectId,
        /// What the library said.
        message: String,
    },
    /// The root is not in the history.
    #[error("the root {0} is no commit of the mainline's history")]
    RootElsewhere(ObjectId),
    /// What earlier audits found cannot be read or written.
    #[error("what earlier audits found cannot be relied on: {0}")]
    Past(String),
    /// There is no record in the history.
    #[error("no commit of the mainline holds a liaison.toml")]
    NoRecord,
}

/// The files of a merge by their paths; nothing for one that a person has to settle.
pub type Merged = BTreeMap<String, Option<ObjectId>>;

/// Where the objects of a history come from.
pub trait Objects: Sync {
    /// The bytes of a commit, as they are hashed.
    ///
    /// # Errors
    /// Returns [`AuditError`] when the clone does not have it.
    fn commit(&self, id: ObjectId) -> Result<Vec<u8>, AuditError>;

    /// The bytes of a tree, as they are hashed.
    ///
    /// # Errors
    /// Returns [`AuditError`] when the clone does not have it.
    fn tree(&self, id: ObjectId) -> Result<Vec<u8>, AuditError>;

    /// The bytes of a file of at most `limit` bytes.
    ///
    /// # Errors
    /// Returns [`AuditError`] when the clone does not have it.
    fn blob(&self, id: ObjectId, limit: u64) -> Result<Blob, AuditError>;

    /// What git itself makes of two commits: files by their paths in the repository, nothing for those that a person has to
    /// settle. Nothing at all where git can make nothing of them.
    ///
    /// # Errors
    /// Returns [`AuditError`] when the clone does not have one of them.
    fn merged(&self, one: ObjectId, other: ObjectId) -> Result<Option<Merged>, AuditError>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_written_in_full() {
        let full = "00112233445566778899aabbccddeeff00112233";
        assert_eq!(ObjectId::parse(full).unwrap().to_string(), full);
        for refused in
            ["main", "0011223344", &full.to_uppercase(), &format!("{full}0"), "é0112233445566778899aabbccddeeff0011223"]
        {
            assert_eq!(ObjectId::parse(refused), None, "{refused}");
        }
    }
}
