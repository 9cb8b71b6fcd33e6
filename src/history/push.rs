//! Pushing: what counts as done, and what a refusal means (docs/digest.md, section 5).

use git2::Oid;

use super::{GitOutput, HistoryError, Repo, tracking};

/// How a push ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pushed {
    /// The remote has our commit, and it was ours that moved the branch.
    Done,
    /// Somebody else moved the branch first.
    Moved,
    /// The remote does not let us push there; what it said.
    Refused(String),
}

/// Pushes a commit to a branch that must still be at `tip`. Only one of several pushers succeeds. What the remote has otherwise is
/// fetched, unless its mainline lost what it had: whoever tries again meets that.
///
/// # Errors
/// Returns [`HistoryError`] when git cannot be started or the remote cannot be asked.
pub fn push_locked(
    repo: &Repo,
    (remote, mainline): (&str, &str),
    branch: &str,
    tip: Option<Oid>,
    commit: Oid,
) -> Result<Pushed, HistoryError> {
    let lease = tip.map_or_else(String::new, |tip| tip.to_string());
    let lease = format!("--force-with-lease=refs/heads/{branch}:{lease}");
    let refspec = format!("{commit}:refs/heads/{branch}");
    let output = repo.git.try_run(&["push", "--porcelain", lease.as_str(), remote, refspec.as_str()])?;
    if output.success && has_moved(&output.stdout) {
        update_tracking(repo, remote, branch, commit);
        return Ok(Pushed::Done);
    }
    let judge = |at: &dyn Fn(&str) -> Option<Oid>| {
        let grown = [mainline, branch].into_iter().all(|branch| repo.has_grown(remote, branch, at(branch)));
        Ok::<_, HistoryError>(grown)
    };
    if !repo.fetch_if(&[], remote, judge)? {
        return Ok(Pushed::Moved);
    }
    let now = repo.tracked(remote, branch);
    Ok(match now {
        Some(now) if !output.success && repo.contains(now, commit) => Pushed::Done,
        now if now != tip || is_contended(&output) => Pushed::Moved,
        _ => Pushed::Refused(refusal(&output.stdout, &output.reason())),
    })
}

/// Whether the remote was just busy with another push to the same branch: git says so before that push is done.
fn is_contended(output: &GitOutput) -> bool {
    let signs = ["cannot lock ref", "failed to update ref", "unable to create", "incorrect old value provided"];
    signs.iter().any(|sign| output.stdout.contains(sign) || output.stderr.contains(sign))
}

/// Pushes the present commit to a branch, if that only adds to it; where a tip is given, also only if the branch is still there.
///
/// # Errors
/// Returns [`HistoryError`] when git cannot be started.
pub fn push_branch(repo: &Repo, remote: &str, branch: &str, tip: Option<Oid>) -> Result<Pushed, HistoryError> {
    let refspec = format!("HEAD:refs/heads/{branch}");
    let lease = tip.map(|tip| format!("--force-with-lease=refs/heads/{branch}:{tip}"));
    if let (Some(tip), Some(own)) = (tip, repo.commit_at("HEAD"))
        && !repo.contains(own, tip)
    {
        return Ok(Pushed::Moved);
    }
    let args = ["push", "--porcelain"].into_iter().chain(lease.as_deref()).chain([remote, refspec.as_str()]);
    let output = repo.git.try_run(&args.collect::<Vec<_>>())?;
    if output.success {
        return Ok(Pushed::Done);
    }
    let behind = ["non-fast-forward", "fetch first", "stale info"].iter().any(|word| output.stdout.contains(word));
    if behind || is_contended(&output) {
        return Ok(Pushed::Moved);
    }
    Ok(Pushed::Refused(refusal(&output.stdout, &output.reason())))
}

/// Whether the porcelain output says that a branch moved: by a fast-forward (a blank), or by being new (`*`).
fn has_moved(stdout: &str) -> bool {
    stdout.lines().any(|line| line.starts_with(" \t") || line.starts_with("*\t"))
}

/// What the remote said: its own words go before git's.
fn refusal(stdout: &str, reason: &str) -> String {
    let said = stdout.lines().find(|line| line.starts_with('!')).and_then(|line| line.split('\t').nth(2)).unwrap_or("");
    [said, reason].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("; ")
}

fn update_tracking(repo: &Repo, remote: &str, branch: &str, commit: Oid) {
    let _ = repo.inner.reference(&tracking(remote, branch), commit, true, "liaison: pushed");
}
