//! What the work tree changes beside an older commit.

use std::collections::BTreeSet;

use git2::{DiffOptions, Oid};

use super::{HistoryError, Repo};

impl Repo {
    /// The newest commit that two commits have in common; none where they have nothing in common.
    pub fn common(&self, one: Oid, other: Oid) -> Option<Oid> {
        self.inner.merge_base(one, other).ok()
    }

    /// The record's files that the work tree has otherwise than a commit, new and missing ones among them.
    ///
    /// # Errors
    /// Returns [`HistoryError`] when the commit or the work tree cannot be read.
    pub fn changed_since(&self, commit: Oid) -> Result<BTreeSet<String>, HistoryError> {
        let tree = self.inner.find_commit(commit)?.tree()?;
        let mut options = DiffOptions::new();
        options.include_untracked(true).recurse_untracked_dirs(true).include_typechange(true);
        if !self.prefix.is_empty() {
            options.disable_pathspec_match(true).pathspec(self.prefix.as_str());
        }
        let difference = self.inner.diff_tree_to_workdir_with_index(Some(&tree), Some(&mut options))?;
        let files = difference.deltas().flat_map(|delta| {
            let path =
                |file: git2::DiffFile<'_>| file.path_bytes().map(|path| String::from_utf8_lossy(path).into_owned());
            [path(delta.old_file()), path(delta.new_file())]
        });
        let below = |path: String| path.strip_prefix(self.prefix.as_str()).map(str::to_owned);
        Ok(files.flatten().filter_map(below).collect())
    }
}
