//! What a merge of two commits would be, made without touching work tree or branches.

use git2::{Oid, Signature, Time};

use super::{HistoryError, Repo};

impl Repo {
    /// Whether two commits have a history in common; a shallow clone cannot tell, and is believed.
    pub fn is_related(&self, one: Oid, other: Oid) -> bool {
        self.inner.is_shallow() || self.inner.merge_base(one, other).is_ok()
    }

    /// How many commits one history has that another lacks.
    ///
    /// # Errors
    /// Returns [`HistoryError`] when the history cannot be read.
    pub fn beyond(&self, known: Oid, other: Oid) -> Result<usize, HistoryError> {
        Ok(self.inner.graph_ahead_behind(other, known)?.0)
    }

    /// The commit that a merge of two would make; no branch leads to it. Nothing where both changed the same lines.
    ///
    /// # Errors
    /// Returns [`HistoryError`] when an object cannot be read or written.
    pub fn merged(&self, ours: Oid, theirs: Oid) -> Result<Option<Oid>, HistoryError> {
        if self.contains(ours, theirs) {
            return Ok(Some(ours));
        }
        let (first, second) = (self.inner.find_commit(ours)?, self.inner.find_commit(theirs)?);
        let mut index = self.inner.merge_commits(&first, &second, None)?;
        if index.has_conflicts() {
            return Ok(None);
        }
        let tree = self.inner.find_tree(index.write_tree_to(&self.inner)?)?;
        let nobody = Signature::new("liaison", "liaison@localhost", &Time::new(0, 0))?;
        Ok(Some(self.inner.commit(None, &nobody, &nobody, "merged to look at it", &tree, &[&first, &second])?))
    }

    /// The files of the record that a commit changes since it left another one's history, new and removed ones among them.
    ///
    /// # Errors
    /// Returns [`HistoryError`] when git cannot compare them.
    pub fn touched(&self, since: &str, commit: &str) -> Result<Vec<String>, HistoryError> {
        let range = format!("{since}...{commit}");
        let told = self.git.run(&["diff", "--name-only", "-z", "--no-renames", "--relative", range.as_str(), "--"])?;
        Ok(told.split_terminator('\0').map(str::to_owned).collect())
    }
}
