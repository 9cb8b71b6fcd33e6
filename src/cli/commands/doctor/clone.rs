//! Questions about git and the clone: programs, settings, the work tree, a whole history.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::history::WorkState;

use super::{Answer, Scene};

/// The first git that signs and verifies with SSH keys.
const GIT: (u32, u32) = (2, 34);

/// The first OpenSSH whose `ssh-keygen -Y verify` knows lifetimes of keys.
const OPENSSH: (u32, u32) = (8, 9);

/// Whether git and ssh-keygen are there, and new enough.
pub(super) fn programs(scene: &Scene<'_>) -> Vec<Answer> {
    let keygen = scene.repo.as_ref().and_then(|repo| repo.setting("gpg.ssh.program"));
    let git = match said("git", "--version") {
        None => Answer::problem("git", "the command `git` cannot be started").mend("install git, or put it into PATH"),
        Some(text) => aged("git", &text, GIT, "it cannot sign with SSH keys"),
    };
    let ssh = match (said("ssh", "-V"), keygen) {
        (_, Some(program)) if !is_there(&program) => {
            Answer::problem("ssh-keygen", format!("gpg.ssh.program names `{program}`, and there is no such program"))
                .mend("git config --unset gpg.ssh.program, or name a program that is here")
        }
        (_, Some(program)) => Answer::ok("ssh-keygen", format!("gpg.ssh.program names `{program}`")),
        (None, None) => Answer::problem("ssh-keygen", "OpenSSH cannot be started, so nothing is signed with SSH keys")
            .mend("install OpenSSH (Debian: openssh-client)"),
        (Some(text), None) => aged("ssh-keygen", &text, OPENSSH, "it does not know the days of keys"),
    };
    vec![git, ssh]
}

/// Whether there is a program of that name, in a folder of PATH or where it says.
fn is_there(program: &str) -> bool {
    if program.contains('/') {
        return Path::new(program).is_file();
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
}

/// What a program says of its version, on either stream.
fn said(program: &str, flag: &str) -> Option<String> {
    let output = Command::new(program).arg(flag).stdin(Stdio::null()).output().ok()?;
    let text = [output.stdout, output.stderr].concat();
    Some(String::from_utf8_lossy(&text).lines().next().unwrap_or_default().trim().to_owned())
}

fn aged(question: &'static str, text: &str, least: (u32, u32), lacks: &str) -> Answer {
    match version(text) {
        Some(found) if found < least => {
            let told = format!("{text} is older than {}.{}: {lacks}", least.0, least.1);
            Answer::warning(question, told).mend(format!("install {question} {}.{} or newer", least.0, least.1))
        }
        Some(_) | None => Answer::ok(question, text),
    }
}

/// The first two numbers in a text such as `git version 2.43.0` or `OpenSSH_9.6p1 Ubuntu`.
fn version(text: &str) -> Option<(u32, u32)> {
    let start = text.find(|c: char| c.is_ascii_digit())?;
    let mut parts = text.get(start..)?.split(|c: char| !c.is_ascii_digit());
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

/// Whether a commit can be made here now.
pub(super) fn work_tree(scene: &Scene<'_>) -> Option<Answer> {
    let question = "work tree";
    let repo = scene.repo.as_ref()?;
    let mainline = &scene.record.settings.flow.mainline;
    match repo.ready() {
        // It is told above, with what to type.
        Err(crate::history::HistoryError::NoIdentity) => None,
        Err(error) => Some(Answer::problem(question, error.to_string()).mend("git status tells how it stands")),
        Ok(WorkState::Detached) => {
            let answer = Answer::problem(question, "the clone is at a commit, not on a branch");
            Some(answer.mend(format!("git switch {mainline}")))
        }
        Ok(WorkState::Unborn(branch)) => {
            let answer = Answer::warning(question, format!("the branch {branch} has no commit yet"));
            Some(answer.mend("git add . && git commit"))
        }
        Ok(WorkState::Branch(branch)) => {
            let changed = repo.changed_files().unwrap_or_default();
            if changed.is_empty() {
                return Some(Answer::ok(question, format!("on the branch {branch}, with nothing to commit")));
            }
            let told =
                format!("on the branch {branch}, with changes that are not committed: {}", super::some(&changed, 4));
            Some(
                Answer::warning(question, told)
                    .mend("git status; liaison record-change for directory and liaison.toml"),
            )
        }
    }
}

/// Whether the whole history is here.
pub(super) fn complete(scene: &Scene<'_>) -> Option<Answer> {
    let question = "history";
    let gaps = scene.repo.as_ref()?.gaps(&scene.record.settings.flow.remote);
    if gaps.is_empty() {
        return Some(Answer::ok(question, "the clone has all of it"));
    }
    let told: Vec<&str> = gaps.iter().map(|gap| gap.what).collect();
    let answer = Answer::problem(question, told.join("; "));
    Some(gaps.into_iter().flat_map(|gap| gap.commands).fold(answer, Answer::mend))
}

#[cfg(test)]
mod tests {
    use super::version;

    #[test]
    fn programs_say_their_versions_in_their_own_ways() {
        assert_eq!(version("git version 2.43.0"), Some((2, 43)));
        assert_eq!(version("OpenSSH_9.6p1 Ubuntu-3ubuntu13, OpenSSL 3.0.13"), Some((9, 6)));
        assert_eq!(version("OpenSSH_for_Windows_8.1p1"), Some((8, 1)));
        assert_eq!(version("something else"), None);
    }
}
