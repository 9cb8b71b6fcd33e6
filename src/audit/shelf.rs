//! The objects of a history at hand: trees that were read lately are neither read nor parsed again.

use std::sync::Arc;

use super::object::{AuditError, Blob, Merged, ObjectId, Objects};
use super::recent::Recent;
use super::tree::{Tree, TreeError, TreeFault};

/// Bytes of trees that are kept at hand; what is read of them takes as much again.
const ROOM: usize = 4_000_000;

/// Objects, with the trees that were read lately.
pub(super) struct Shelf<'o> {
    objects: &'o dyn Objects,
    trees: Recent<ObjectId, Result<Arc<Tree>, TreeFault>>,
}

impl<'o> Shelf<'o> {
    /// A shelf with nothing on it.
    pub(super) fn new(objects: &'o dyn Objects) -> Self {
        Self { objects, trees: Recent::new(ROOM) }
    }

    /// The bytes of a commit.
    ///
    /// # Errors
    /// Returns [`AuditError`] when the clone does not have it.
    pub(super) fn commit(&self, id: ObjectId) -> Result<Vec<u8>, AuditError> {
        self.objects.commit(id)
    }

    /// A tree, strictly read.
    ///
    /// # Errors
    /// Returns [`TreeError`] when it is malformed, or the clone does not have it.
    pub(super) fn tree(&self, id: ObjectId) -> Result<Arc<Tree>, TreeError> {
        if let Some(known) = self.trees.get(&id) {
            return Ok(known?);
        }
        let bytes = self.objects.tree(id)?;
        let weight = bytes.len();
        let read = Tree::read(id, bytes).map(Arc::new);
        self.trees.put(id, read.clone(), weight);
        Ok(read?)
    }

    /// The bytes of a file of at most `limit` bytes.
    ///
    /// # Errors
    /// Returns [`AuditError`] when the clone does not have it.
    pub(super) fn blob(&self, id: ObjectId, limit: u64) -> Result<Blob, AuditError> {
        self.objects.blob(id, limit)
    }

    /// What git itself makes of two commits.
    ///
    /// # Errors
    /// Returns [`AuditError`] when the clone does not have one of them.
    pub(super) fn merged(&self, one: ObjectId, other: ObjectId) -> Result<Option<Merged>, AuditError> {
        self.objects.merged(one, other)
    }
}
