//! Requests for approval that were made in this clone: the texts that approvers sign, by the acts' ids. None is forgotten when
//! its signature is recorded: what was recorded may be taken back, and then the signature is recorded again.

use std::path::PathBuf;
use std::time::SystemTime;

use crate::domain::Digest;
use crate::history::Repo;

/// How many requests a clone keeps.
const MOST: usize = 200;

fn folder(repo: &Repo) -> PathBuf {
    repo.private_folder().join("requests")
}

/// Keeps the text of a request until its signature comes back, and the newest of those before.
pub(crate) fn keep(repo: &Repo, id: &Digest, text: &str) -> std::io::Result<()> {
    std::fs::create_dir_all(folder(repo))?;
    std::fs::write(folder(repo).join(id.hex()), text)?;
    for old in files(repo).into_iter().skip(MOST) {
        std::fs::remove_file(old)?;
    }
    Ok(())
}

/// The texts of all requests, the newest first.
pub(crate) fn kept(repo: &Repo) -> Vec<String> {
    files(repo).iter().filter_map(|file| std::fs::read_to_string(file).ok()).collect()
}

fn files(repo: &Repo) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder(repo)).into_iter().flatten().filter_map(Result::ok);
    let made = |entry: &std::fs::DirEntry| entry.metadata().and_then(|facts| facts.modified());
    let mut files: Vec<(SystemTime, PathBuf)> =
        entries.map(|entry| (made(&entry).unwrap_or(SystemTime::UNIX_EPOCH), entry.path())).collect();
    files.sort_by(|one, other| other.cmp(one));
    files.into_iter().map(|(_, file)| file).collect()
}
