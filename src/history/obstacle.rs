//! What keeps git from writing, told from its words: each asks for something else of the person.

use super::HistoryError;

/// How the system says that there is no room; the last is git's word for a file that it could create and not fill.
const FULL: [&str; 5] =
    ["no space left on device", "out of diskspace", "disk quota exceeded", "file too large", "couldn't write '"];

/// How the system says that nothing may be written here.
const FORBIDDEN: [&str; 3] = ["read-only file system", "permission denied", "operation not permitted"];

/// The error behind what git said while it did something; nothing where git itself refused.
pub(super) fn obstacle(doing: &str, said: &str) -> Option<HistoryError> {
    let lower = said.to_lowercase();
    let has = |signs: &[&str]| signs.iter().any(|sign| lower.contains(sign));
    if has(&FULL) {
        return Some(HistoryError::Full { doing: doing.to_owned(), message: said.to_owned() });
    }
    if has(&FORBIDDEN) && !is_remote(&lower) {
        return Some(HistoryError::Forbidden { doing: doing.to_owned(), message: said.to_owned() });
    }
    lock_file(said).map(|file| HistoryError::Locked(file.to_owned()))
}

/// Whether it is another machine that refuses: `Permission denied (publickey).`
fn is_remote(said: &str) -> bool {
    said.contains("permission denied (") || said.contains("remote:") || said.contains("could not read from remote")
}

/// The lock that another git holds: `Unable to create '/srv/record/.git/index.lock': File exists.`
fn lock_file(said: &str) -> Option<&str> {
    let (before, _) = said.split_once(".lock': File exists")?;
    let start = before.rfind('\'')? + 1;
    said.get(start..before.len() + ".lock".len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(said: &str) -> String {
        obstacle("git switch", said).map(|error| error.to_string()).unwrap_or_default()
    }

    #[test]
    fn what_keeps_git_from_writing_is_told_apart() {
        for (said, told) in [
            (
                "fatal: Unable to create '/srv/record/.git/index.lock': File exists.",
                "another git command is running here, or ended badly: /srv/record/.git/index.lock exists",
            ),
            (
                "error: cannot lock ref 'refs/heads/main': Unable to create '/srv/record/.git/refs/heads/main.lock': File exists.",
                "another git command is running here, or ended badly: /srv/record/.git/refs/heads/main.lock exists",
            ),
            (
                "fatal: Unable to create '/srv/record/.git/index.lock': Read-only file system",
                "git switch may not write here: fatal: Unable to create",
            ),
            (
                "fatal: cannot lock ref 'HEAD': Unable to create '/srv/record/.git/HEAD.lock': Permission denied",
                "git switch may not write here",
            ),
            ("error: Out of diskspace", "there is no room left on the disk: git switch: error: Out of diskspace"),
            (
                "error: cannot update ref 'refs/x/main': couldn't write '/srv/record/.git/refs/x/main.lock'",
                "there is no room left on the disk: git switch",
            ),
            ("fatal: unable to write new index file: No space left on device", "there is no room left on the disk"),
        ] {
            assert!(kind(said).starts_with(told), "{said}: {}", kind(said));
        }
    }

    #[test]
    fn what_git_itself_or_another_machine_refuses_is_no_obstacle_here() {
        for said in [
            "error: cannot lock ref 'refs/heads/a/b': 'refs/heads/a' exists; cannot create 'refs/heads/a/b'",
            "git@forge.example: Permission denied (publickey).; fatal: Could not read from remote repository.",
            "error: pathspec 'x' did not match any file(s) known to git",
        ] {
            assert_eq!(kind(said), "");
        }
    }
}
