//! `liaison undo`

use crate::cli::ask;
use crate::cli::context::Context;
use crate::cli::desk::Desk;
use crate::cli::exit::{Outcome, refuse, refuse_with};
use crate::history::WorkState;

/// Take back the last change, as long as it is not pushed
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  liaison undo --dry-run   What would be taken back
  liaison undo

What others may have seen is never taken back: an act is answered by another act (`revoke`, `withdraw`, `correct`).")]
pub(crate) struct UndoArgs {
    /// Show what would be taken back, and do nothing
    #[arg(long)]
    dry_run: bool,
}

/// Moves the branch back by its last commit, when that is not on the remote and the files it touched are as it left them.
pub(crate) fn run(args: &UndoArgs, ctx: &mut Context) -> anyhow::Result<Outcome> {
    let desk = Desk::open(ctx)?;
    let repo = desk.repo(ctx)?;
    let WorkState::Branch(branch) = repo.ready()? else {
        return Err(refuse("there is no commit on a branch to take back", "git log"));
    };
    let Some(head) = repo.commit_at("HEAD") else { return Err(refuse("there is no commit to take back", "")) };
    let subject = repo.git.run(&["log", "-1", "--format=%s"])?.trim().to_owned();
    let on_remote = repo.git.run(&["branch", "--remotes", "--contains", &head.to_string()])?;
    let is_branch = |line: &&str| !line.is_empty() && !line.contains(" -> ");
    if let Some(remote) = on_remote.lines().map(str::trim).find(is_branch) {
        return Err(refuse(
            format!("\"{subject}\" is on {remote} already; others may have seen it"),
            "answer an act by another: liaison revoke, withdraw, correct or comment",
        ));
    }
    let Some(parent) = repo.commit_at("HEAD^") else {
        return Err(refuse(format!("\"{subject}\" is the first commit"), "there is nothing before it"));
    };
    if repo.commit_at("HEAD^2").is_some() {
        return Err(refuse(format!("\"{subject}\" is a merge"), "git reset takes a merge back"));
    }
    let numbered = repo.git.run(&[
        "diff",
        "--name-only",
        "--diff-filter=A",
        &parent.to_string(),
        &head.to_string(),
        "--",
        "statements",
    ])?;
    let sent = subject.starts_with("send:") || subject.starts_with("handed over:") || subject.starts_with("sent:");
    if sent {
        return Err(refuse(
            format!("\"{subject}\" is about a letter that left, or may have left"),
            "what left cannot be taken back; liaison withdraw says that it no longer stands",
        ));
    }
    let files = repo.git.run(&["diff", "--name-status", &parent.to_string(), &head.to_string()])?;
    writeln!(
        ctx.out,
        "{}: {subject}\n{}",
        if args.dry_run { "would take back" } else { "taking back" },
        files.trim_end()
    )?;
    if numbered.lines().any(|path| path.ends_with(".yaml") && !path.contains("/acts/")) {
        ctx.hint("the number becomes free again")?;
    }
    if args.dry_run {
        return Ok(Outcome::Done);
    }
    if !ask::confirm(ctx, "take it back?")? {
        return Err(refuse_with(Outcome::WaitsForPeople, "nothing was changed", []));
    }
    repo.git.run(&["reset", "--quiet", "--keep", &parent.to_string()])?;
    ctx.hint(format!("{branch} is as it was before; git reflog keeps what was taken back: {head}"))?;
    Ok(Outcome::Done)
}
