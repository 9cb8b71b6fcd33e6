//! Requests for approval that were made in this clone: the texts that approvers sign, by the acts' ids.

use std::path::PathBuf;

use crate::domain::Digest;
use crate::history::Repo;

fn folder(repo: &Repo) -> PathBuf {
    repo.private_folder().join("requests")
}

/// Keeps the text of a request until its signature comes back.
pub(crate) fn keep(repo: &Repo, id: &Digest, text: &str) -> std::io::Result<()> {
    std::fs::create_dir_all(folder(repo))?;
    std::fs::write(folder(repo).join(id.hex()), text)
}

/// The texts of all requests, in the order of their ids.
pub(crate) fn kept(repo: &Repo) -> Vec<String> {
    let entries = std::fs::read_dir(folder(repo)).into_iter().flatten().filter_map(Result::ok);
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    files.sort();
    files.iter().filter_map(|file| std::fs::read_to_string(file).ok()).collect()
}

/// Forgets a request whose signature was recorded.
pub(crate) fn forget(repo: &Repo, id: &Digest) {
    let _ = std::fs::remove_file(folder(repo).join(id.hex()));
}
