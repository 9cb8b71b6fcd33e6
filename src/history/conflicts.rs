//! What git could not merge by itself.

use git2::IndexEntry;

use super::{HistoryError, Repo};

/// A path that a merge, a rebase or the like left in conflict, with what each side has there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// The path below the record's root.
    pub path: String,
    /// The bytes on this side; nothing where it has no such file.
    pub ours: Option<Vec<u8>>,
    /// The bytes on the other side.
    pub theirs: Option<Vec<u8>>,
}

impl Repo {
    /// The paths of the record that are in conflict, in order.
    ///
    /// # Errors
    /// Returns [`HistoryError`] when the index or a file that it names cannot be read.
    pub fn conflicts(&self) -> Result<Vec<Conflict>, HistoryError> {
        let index = self.inner.index()?;
        let mut conflicts = Vec::new();
        for conflict in index.conflicts()? {
            let conflict = conflict?;
            let sides = [&conflict.our, &conflict.their, &conflict.ancestor];
            let Some(entry) = sides.into_iter().flatten().next() else { continue };
            let path = String::from_utf8_lossy(&entry.path).into_owned();
            let Some(path) = path.strip_prefix(self.prefix.as_str()).map(str::to_owned) else { continue };
            let bytes = |side: &Option<IndexEntry>| {
                side.as_ref()
                    .map(|side| Ok::<_, git2::Error>(self.inner.find_blob(side.id)?.content().to_vec()))
                    .transpose()
            };
            let (ours, theirs) = (bytes(&conflict.our), bytes(&conflict.their));
            conflicts.push(Conflict { path, ours: ours?, theirs: theirs? });
        }
        Ok(conflicts)
    }
}
