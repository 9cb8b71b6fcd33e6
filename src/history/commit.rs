//! Commits: of the work tree's files, or on a tip without touching the work tree.

use git2::build::TreeUpdateBuilder;
use git2::{FileMode, Oid};

use super::{HistoryError, Repo};
use crate::store::Change;

/// Commits exactly some paths of the work tree, as the person's git is configured: hooks, signatures, identity.
///
/// # Errors
/// Returns [`HistoryError`] when git refuses; the paths are then unstaged again.
pub fn commit_paths(repo: &Repo, paths: &[String], message: &str) -> Result<(), HistoryError> {
    let with = |args: &[&str]| -> Vec<String> {
        args.iter().map(|arg| (*arg).to_owned()).chain(["--".to_owned()]).chain(paths.iter().cloned()).collect()
    };
    repo.git.run(&with(&["add", "--all", "--force"]))?;
    let committed = repo.git.run_with(&with(&["commit", "--quiet", "--only", "-F", "-"]), &with_short_subject(message));
    if committed.is_err() {
        let _ = repo.git.try_run(&with(&["reset", "--quiet"]));
    }
    committed.map(drop)
}

/// What the paths of a change are below.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Below {
    /// The record's root, which may lie below the repository's.
    Record,
    /// The repository's root: for a branch that holds no record.
    Repository,
}

/// Makes a commit on a tip from a change; neither the work tree nor any branch moves.
///
/// # Errors
/// Returns [`HistoryError`] when an object cannot be written or the commit cannot be signed.
pub fn commit_on(
    repo: &Repo,
    tip: Option<Oid>,
    below: Below,
    change: &Change,
    message: &str,
) -> Result<Oid, HistoryError> {
    let inner = &repo.inner;
    let prefix = if below == Below::Record { repo.prefix.as_str() } else { "" };
    let mut update = TreeUpdateBuilder::new();
    for (path, bytes) in &change.write {
        update.upsert(format!("{prefix}{path}"), inner.blob(bytes)?, FileMode::Blob);
    }
    for path in &change.remove {
        update.remove(format!("{prefix}{path}"));
    }
    let base = match tip {
        Some(tip) => inner.find_commit(tip)?.tree()?,
        None => inner.find_tree(inner.treebuilder(None)?.write()?)?,
    };
    let tree = update.create_updated(inner, &base)?;
    let mut args = vec!["commit-tree".to_owned(), tree.to_string()];
    if let Some(tip) = tip {
        args.extend(["-p".to_owned(), tip.to_string()]);
    }
    args.extend(["-F".to_owned(), "-".to_owned()]);
    if inner.config()?.get_bool("commit.gpgsign").unwrap_or(false) {
        args.push("-S".to_owned());
    }
    let printed = repo.git.run_with(&args, &with_short_subject(message))?;
    Ok(Oid::from_str(printed.trim())?)
}

/// The most characters of a commit's first line: room for a key with its fingerprint and day.
const SUBJECT: usize = 120;

/// A message whose first line is cut where it is longer than anybody reads.
fn with_short_subject(message: &str) -> String {
    let (subject, rest) = message.split_once('\n').unwrap_or((message, ""));
    let subject = match subject.char_indices().nth(SUBJECT - 1) {
        Some((at, _)) if subject.chars().nth(SUBJECT).is_some() => format!("{}…", subject[..at].trim_end()),
        _ => subject.to_owned(),
    };
    format!("{subject}\n{rest}").trim_end().to_owned() + "\n"
}

#[cfg(test)]
mod tests {
    use super::with_short_subject;

    #[test]
    fn a_subject_is_cut_where_it_is_too_long_and_the_rest_stays() {
        assert_eq!(with_short_subject("a: b"), "a: b\n");
        assert_eq!(with_short_subject("a: b\n\nc\nd"), "a: b\n\nc\nd\n");
        assert_eq!(with_short_subject(&"é".repeat(120)), "é".repeat(120) + "\n");
        assert_eq!(with_short_subject(&format!("{}\n\nc", "é".repeat(121))), format!("{}…\n\nc\n", "é".repeat(119)));
    }
}
