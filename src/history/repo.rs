//! The clone: who commits here, on which branch, in which state, with which remote.

use std::path::{Path, PathBuf};

use git2::{Repository, RepositoryState, Status, StatusOptions};

use super::{Git, HistoryError, Revision};
use crate::domain::Instant;

/// Who commits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// git's `user.name`.
    pub name: String,
    /// git's `user.email`.
    pub email: String,
}

/// What the work tree is in the middle of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WorkState {
    /// On a branch, with nothing unfinished.
    Branch(String),
    /// On a branch without a commit yet.
    Unborn(String),
    /// At a commit.
    Detached,
}

/// A clone that holds a record.
pub struct Repo {
    pub(super) inner: Repository,
    /// The git command in the record's root.
    pub git: Git,
    root: PathBuf,
    /// The record's root below the repository's root, with a slash at its end, or nothing.
    pub(super) prefix: String,
}

impl Repo {
    /// The repository around a record's root.
    ///
    /// # Errors
    /// Returns [`HistoryError`] when there is none, or it cannot be read.
    pub fn open(root: &Path, environment: Vec<(String, String)>) -> Result<Self, HistoryError> {
        let root = root.canonicalize().unwrap_or_else(|_| root.to_owned());
        let inner = Repository::discover(&root).map_err(|error| {
            let code = error.code();
            if code == git2::ErrorCode::NotFound {
                HistoryError::NoRepository(root.display().to_string())
            } else if code == git2::ErrorCode::Owner {
                HistoryError::OtherOwner(root.display().to_string())
            } else {
                HistoryError::Library(error)
            }
        })?;
        let top = inner.workdir().map(|top| top.canonicalize().unwrap_or_else(|_| top.to_owned()));
        let below = top.as_deref().and_then(|top| root.strip_prefix(top).ok()).map(Path::to_owned).unwrap_or_default();
        let mut prefix =
            below.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/");
        if !prefix.is_empty() {
            prefix.push('/');
        }
        Ok(Self { inner, git: Git::new(&root, environment), root, prefix })
    }

    /// The record's root.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The clone's own folder for what is not tracked: `.git/liaison`.
    pub fn private_folder(&self) -> PathBuf {
        self.inner.commondir().join("liaison")
    }

    /// Who commits here: as git itself decides, from its settings and environment.
    ///
    /// # Errors
    /// Returns [`HistoryError::NoIdentity`] when git does not know.
    pub fn identity(&self) -> Result<Identity, HistoryError> {
        let output = self.git.try_run(&["-c", "user.useConfigOnly=true", "var", "GIT_AUTHOR_IDENT"])?;
        let parsed = output.stdout.split_once(" <").and_then(|(name, rest)| Some((name, rest.split_once('>')?.0)));
        match parsed {
            Some((name, email)) if output.success && !name.is_empty() && !email.is_empty() => {
                Ok(Identity { name: name.to_owned(), email: email.to_owned() })
            }
            _ => Err(HistoryError::NoIdentity),
        }
    }

    /// Whether a commit can be made here now, and on which branch.
    ///
    /// # Errors
    /// Returns what stands in the way: no identity, an unfinished merge, a locked index.
    pub fn ready(&self) -> Result<WorkState, HistoryError> {
        self.identity()?;
        let unfinished = match self.inner.state() {
            RepositoryState::Clean => None,
            RepositoryState::Merge => Some(("a merge", "merge --abort")),
            RepositoryState::Revert | RepositoryState::RevertSequence => Some(("a revert", "revert --abort")),
            RepositoryState::CherryPick | RepositoryState::CherryPickSequence => {
                Some(("a cherry-pick", "cherry-pick --abort"))
            }
            RepositoryState::Bisect => Some(("a bisection", "bisect reset")),
            RepositoryState::Rebase | RepositoryState::RebaseInteractive | RepositoryState::RebaseMerge => {
                Some(("a rebase", "rebase --abort"))
            }
            RepositoryState::ApplyMailbox | RepositoryState::ApplyMailboxOrRebase => {
                Some(("applying mail", "am --abort"))
            }
        };
        if let Some((what, command)) = unfinished {
            return Err(HistoryError::Unfinished(what, command));
        }
        let lock = self.inner.path().join("index.lock");
        if lock.exists() {
            return Err(HistoryError::Locked(lock.display().to_string()));
        }
        Ok(self.work_state())
    }

    /// On which branch the work tree is.
    pub fn work_state(&self) -> WorkState {
        if self.inner.head_detached().unwrap_or(false) {
            return WorkState::Detached;
        }
        let head = self.inner.find_reference("HEAD").ok();
        let target = head.as_ref().and_then(|head| head.symbolic_target().ok().flatten()).map(str::to_owned);
        let name = target.as_deref().map_or("main", |target| target.strip_prefix("refs/heads/").unwrap_or(target));
        let name = name.to_owned();
        if self.inner.head().is_ok() { WorkState::Branch(name) } else { WorkState::Unborn(name) }
    }

    /// Tracked files with changes that are not committed, below the record's root.
    ///
    /// # Errors
    /// Returns [`HistoryError`] when the status cannot be read.
    pub fn changed_files(&self) -> Result<Vec<String>, HistoryError> {
        let mut options = StatusOptions::new();
        options.include_untracked(false).include_ignored(false);
        let statuses = self.inner.statuses(Some(&mut options))?;
        let changed = statuses.iter().filter(|entry| entry.status() != Status::CURRENT);
        Ok(changed.filter_map(|entry| entry.path().ok().map(str::to_owned)).collect())
    }

    /// The files below a folder of the record that git tracks, committed or to be; what stands in its place is told as well.
    ///
    /// # Errors
    /// Returns [`HistoryError`] when the index cannot be read.
    pub fn tracked_below(&self, folder: &str) -> Result<Vec<String>, HistoryError> {
        let start = format!("{}{folder}/", self.prefix);
        let index = self.inner.index()?;
        let paths = index.iter().map(|entry| String::from_utf8_lossy(&entry.path).into_owned());
        let is_there = |path: &str| path.starts_with(&start) || start.strip_suffix('/') == Some(path);
        let below = |path: String| is_there(&path).then(|| path.get(self.prefix.len()..).map(str::to_owned));
        Ok(paths.filter_map(below).flatten().collect())
    }

    /// Files at or below some paths of the record that are not as they were committed, new ones among them.
    ///
    /// # Errors
    /// Returns [`HistoryError`] when the status cannot be read.
    pub fn uncommitted(&self, paths: &[String]) -> Result<Vec<String>, HistoryError> {
        let mut options = StatusOptions::new();
        options.include_untracked(true).recurse_untracked_dirs(true).include_ignored(false);
        options.disable_pathspec_match(true);
        for path in paths {
            options.pathspec(format!("{}{path}", self.prefix));
        }
        let statuses = self.inner.statuses(Some(&mut options))?;
        let changed = statuses.iter().filter(|entry| entry.status() != Status::CURRENT);
        let below = |path: &str| path.strip_prefix(self.prefix.as_str()).unwrap_or(path).to_owned();
        Ok(changed.filter_map(|entry| entry.path().ok().map(below)).collect())
    }

    /// A setting of git's, as every git command here sees it.
    pub fn setting(&self, name: &str) -> Option<String> {
        let output = self.git.try_run(&["config", "--get", name]).ok()?;
        Some(output.stdout.trim().to_owned()).filter(|value| output.success && !value.is_empty())
    }

    /// A setting of git's that is a path; `~` is the home folder.
    pub fn path_setting(&self, name: &str) -> Option<String> {
        let output = self.git.try_run(&["config", "--type=path", "--get", name]).ok()?;
        Some(output.stdout.trim().to_owned()).filter(|value| output.success && !value.is_empty())
    }

    /// Whether a remote of that name exists.
    pub fn has_remote(&self, name: &str) -> bool {
        self.inner.find_remote(name).is_ok()
    }

    /// The names of all remotes.
    pub fn remotes(&self) -> Vec<String> {
        let names = self.inner.remotes();
        names.iter().flat_map(|names| names.iter().flatten().flatten().map(str::to_owned)).collect()
    }

    /// The address of a remote.
    pub fn remote_url(&self, name: &str) -> Option<String> {
        self.inner.find_remote(name).ok().and_then(|remote| remote.url().ok().map(str::to_owned))
    }

    /// The commit a reference or revision names. A whole id means that commit, whatever tags and branches are called.
    pub fn commit_at(&self, revision: &str) -> Option<git2::Oid> {
        if revision.len() == 40
            && let Ok(id) = git2::Oid::from_str(revision)
        {
            return self.inner.find_commit(id).ok().map(|commit| commit.id());
        }
        self.inner.revparse_single(revision).ok()?.peel_to_commit().ok().map(|commit| commit.id())
    }

    /// The commit that a person means by a name: a branch of that name, of a remote or here, comes before a tag of the same name.
    pub fn commit_meant(&self, name: &str) -> Option<git2::Oid> {
        let branches = ["refs/remotes/", "refs/heads/"].map(|start| format!("{start}{name}"));
        let branch = branches.iter().find(|branch| self.inner.find_reference(branch).is_ok());
        self.commit_at(branch.map_or(name, String::as_str))
    }

    /// The first parent of a commit.
    pub fn parent(&self, commit: git2::Oid) -> Option<git2::Oid> {
        self.inner.find_commit(commit).ok()?.parent_ids().next()
    }

    /// A reference as people write it: in short, where that means nothing else here. A tag `origin/main` would come first.
    pub fn shown(&self, reference: &str) -> String {
        let Some(short) = ["refs/remotes/", "refs/heads/"].iter().find_map(|start| reference.strip_prefix(start))
        else {
            return reference.to_owned();
        };
        let could_be = ["refs/", "refs/tags/", "refs/heads/", "refs/remotes/"].map(|start| format!("{start}{short}"));
        let there = could_be.iter().filter(|name| self.inner.find_reference(name).is_ok()).count();
        if there > 1 { reference.to_owned() } else { short.to_owned() }
    }

    /// When a commit was made, as it says itself.
    pub fn committed_at(&self, commit: git2::Oid) -> Option<Instant> {
        Instant::from_unix(self.inner.find_commit(commit).ok()?.time().seconds())
    }

    /// Where a branch of a remote stood when it was last fetched.
    pub fn tracked(&self, remote: &str, branch: &str) -> Option<git2::Oid> {
        self.commit_at(&tracking(remote, branch))
    }

    /// The reference of the branch that counts: the remote's as last fetched, or the clone's own where there is no remote.
    pub fn counting(&self, remote: &str, branch: &str) -> String {
        if self.has_remote(remote) { tracking(remote, branch) } else { format!("refs/heads/{branch}") }
    }

    /// The record as a commit holds it.
    ///
    /// # Errors
    /// Returns [`HistoryError`] when the commit cannot be read.
    pub fn revision(&self, commit: git2::Oid) -> Result<Revision, HistoryError> {
        Revision::new(self, commit)
    }

    /// Branches of a remote whose names begin with a word, without the remote's name.
    pub fn remote_branches(&self, remote: &str, prefix: &str) -> Vec<String> {
        self.branches_below(&format!("refs/remotes/{remote}/"), prefix)
    }

    /// Branches of this clone whose names begin with a word.
    pub fn local_branches(&self, prefix: &str) -> Vec<String> {
        self.branches_below("refs/heads/", prefix)
    }

    fn branches_below(&self, start: &str, prefix: &str) -> Vec<String> {
        let names = self.inner.references_glob(&format!("{start}{prefix}*"));
        let names = names.into_iter().flatten().filter_map(Result::ok);
        names.filter_map(|name| name.name().ok().and_then(|name| name.strip_prefix(start)).map(str::to_owned)).collect()
    }

    /// Whether one commit is another, or one of its ancestors.
    pub fn contains(&self, tip: git2::Oid, commit: git2::Oid) -> bool {
        tip == commit || self.inner.graph_descendant_of(tip, commit).unwrap_or(false)
    }

    /// How many commits can be reached from one, itself included.
    ///
    /// # Errors
    /// Returns [`HistoryError`] when the history cannot be read.
    pub fn count(&self, tip: git2::Oid) -> Result<u64, HistoryError> {
        let mut walk = self.inner.revwalk()?;
        walk.push(tip)?;
        let mut count = 0;
        for commit in walk {
            commit?;
            count += 1;
        }
        Ok(count)
    }

    /// The paths of all files of a commit below a folder of the repository, or of all.
    ///
    /// # Errors
    /// Returns [`HistoryError`] when the commit cannot be read.
    pub fn paths_at(&self, commit: git2::Oid, folder: &str) -> Result<Vec<String>, HistoryError> {
        let tree = self.inner.find_commit(commit)?.tree()?;
        let mut paths = Vec::new();
        tree.walk(git2::TreeWalkMode::PreOrder, |parent, entry| {
            let path = format!("{parent}{}", String::from_utf8_lossy(entry.name_bytes()));
            if entry.kind() == Some(git2::ObjectType::Blob) && path.starts_with(folder) {
                paths.push(path);
            }
            git2::TreeWalkResult::Ok
        })?;
        Ok(paths)
    }

    /// The names in a folder of the record as a commit has it, sorted; none when there is no such folder.
    ///
    /// # Errors
    /// Returns [`HistoryError`] when the commit cannot be read.
    pub fn names_at(&self, commit: git2::Oid, folder: &str) -> Result<Vec<String>, HistoryError> {
        let tree = self.inner.find_commit(commit)?.tree()?;
        let Ok(entry) = tree.get_path(Path::new(&format!("{}{folder}", self.prefix))) else { return Ok(Vec::new()) };
        let folder = self.inner.find_tree(entry.id())?;
        Ok(folder.iter().map(|entry| String::from_utf8_lossy(entry.name_bytes()).into_owned()).collect())
    }

    /// The bytes of a file of a commit, by its path below the repository's root.
    ///
    /// # Errors
    /// Returns [`HistoryError`] when the commit cannot be read.
    pub fn read_at(&self, commit: git2::Oid, path: &str) -> Result<Option<Vec<u8>>, HistoryError> {
        let tree = self.inner.find_commit(commit)?.tree()?;
        match tree.get_path(Path::new(path)) {
            Ok(entry) => Ok(Some(self.inner.find_blob(entry.id())?.content().to_vec())),
            Err(error) if error.code() == git2::ErrorCode::NotFound => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// The identity of this clone, if it has one yet.
    pub fn known_clone_id(&self) -> Option<String> {
        let known = std::fs::read_to_string(self.private_folder().join("clone-id")).ok()?;
        Some(known.trim().to_owned())
    }

    /// An identity of this clone, made once from `fresh`: who holds a lock.
    ///
    /// # Errors
    /// Returns the system's error when the clone's folder cannot be written.
    pub fn clone_id(&self, fresh: &str) -> std::io::Result<String> {
        if let Some(known) = self.known_clone_id() {
            return Ok(known);
        }
        std::fs::create_dir_all(self.private_folder())?;
        std::fs::write(self.private_folder().join("clone-id"), format!("{fresh}\n"))?;
        Ok(fresh.to_owned())
    }
}

/// The reference in which git keeps a branch of a remote as it was last fetched.
pub fn tracking(remote: &str, branch: &str) -> String {
    format!("refs/remotes/{remote}/{branch}")
}
