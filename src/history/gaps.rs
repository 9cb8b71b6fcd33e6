//! What a clone may lack: history that is not whole proves nothing about what it leaves out.

use super::Repo;

/// Something that makes the history of a clone another one than the record's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gap {
    /// Commits before some are cut off.
    Shallow,
    /// Files are fetched only when somebody looks at them.
    Partial,
    /// Commits have other parents here.
    Grafted,
    /// Objects stand for others here.
    Replaced,
}

impl Gap {
    /// What it is, and the command that mends it.
    pub fn told(self) -> (&'static str, &'static str) {
        match self {
            Self::Shallow => ("it is shallow: older commits are cut off", "git fetch --unshallow"),
            Self::Partial => (
                "it is partial: files are missing until they are asked for",
                "git clone the record anew, without --filter",
            ),
            Self::Grafted => {
                ("it has grafts: commits with other parents", "rm .git/info/grafts, once you know why it is there")
            }
            Self::Replaced => {
                ("it has replace refs: objects that stand for others", "git replace --list | xargs git replace -d")
            }
        }
    }
}

impl Repo {
    /// What this clone lacks of the record's history.
    pub fn gaps(&self) -> Vec<Gap> {
        let partial = "^(extensions\\.partialclone|remote\\..*\\.(promisor|partialclonefilter))$";
        let is_partial = self.git.try_run(&["config", "--get-regexp", partial]).is_ok_and(|output| output.success);
        let replaced = self.git.try_run(&["for-each-ref", "--count=1", "refs/replace/"]);
        let is_replaced = replaced.is_ok_and(|output| !output.stdout.trim().is_empty());
        let is_grafted = self.inner.commondir().join("info/grafts").exists();
        let all = [
            (self.inner.is_shallow(), Gap::Shallow),
            (is_partial, Gap::Partial),
            (is_grafted, Gap::Grafted),
            (is_replaced, Gap::Replaced),
        ];
        all.into_iter().filter(|(is_so, _)| *is_so).map(|(_, gap)| gap).collect()
    }
}
