//! `liaison checkpoint`

use std::path::PathBuf;

use crate::cli::checkpoints::{Verdict, bytes_of, verify};
use crate::cli::context::Context;
use crate::cli::desk::{Desk, me};
use crate::cli::exit::{Outcome, refuse};
use crate::cli::input::write_output;
use crate::cli::record_id::bound;
use crate::cli::signature::Keys;
use crate::digest::{Checkpoint, checkpoint_namespace};
use crate::history::Repo;
use crate::store::Record;

use super::acting::ActorArgs;

/// Sign what the history is now, to publish it elsewhere; or prove that it has only grown since
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  liaison checkpoint > checkpoint.txt         Post it to a mailing list, or put it on a web site
  liaison checkpoint --verify checkpoint.txt  Anybody, later, in any clone
  liaison checkpoint --verify https://example.org/checkpoint.txt

A branch can be rewritten, and whoever clones afterwards sees nothing of it. A checkpoint that lies elsewhere shows it.")]
pub(crate) struct CheckpointArgs {
    /// Prove this one instead: its signature, and that the mainline grew out of the commit it names. A file, an address
    /// that your curl fetches, or - for standard input
    #[arg(long, value_name = "FILE|URL|-")]
    verify: Option<PathBuf>,
    /// Write into this file instead of printing
    #[arg(long, value_name = "FILE", conflicts_with = "verify")]
    out: Option<PathBuf>,
    #[command(flatten)]
    actor: ActorArgs,
}

/// Prints a signed checkpoint of the mainline as fetched, or verifies one; ends with 1 when it does not hold.
pub(crate) fn run(args: &CheckpointArgs, ctx: &mut Context) -> anyhow::Result<Outcome> {
    let desk = Desk::open(ctx)?;
    let record = desk.record()?;
    let repo = desk.repo(ctx)?;
    match &args.verify {
        Some(file) => {
            let bytes = bytes_of(ctx, file)?;
            prove(ctx, &bytes, &repo, &record)
        }
        None => make(args, ctx, &desk, &repo, &record),
    }
}

/// The reference of the branch that a checkpoint is about.
fn mainline(repo: &Repo, record: &Record<'_>) -> String {
    let flow = &record.settings.flow;
    repo.counting(&flow.remote, &flow.mainline)
}

fn prove(ctx: &mut Context, file: &[u8], repo: &Repo, record: &Record<'_>) -> anyhow::Result<Outcome> {
    match verify(file, repo, &record.settings, &mainline(repo, record))? {
        Verdict::Grown { more: 0, .. } => writeln!(ctx.out, "the history is exactly what the checkpoint says")?,
        Verdict::Grown { more: 1, .. } => writeln!(ctx.out, "the history has only grown since: by 1 commit")?,
        Verdict::Grown { more, .. } => writeln!(ctx.out, "the history has only grown since: by {more} commits")?,
        Verdict::Refused(why, next) => return Err(refuse(why, next)),
    }
    Ok(Outcome::Done)
}

fn make(
    args: &CheckpointArgs,
    ctx: &mut Context,
    desk: &Desk,
    repo: &Repo,
    record: &Record<'_>,
) -> anyhow::Result<Outcome> {
    let id = bound(ctx, desk, record)?.clone();
    let by = me(&record.directory, ctx, desk, args.actor.actor.as_deref())?;
    let Some(tip) = repo.commit_at(&mainline(repo, record)) else {
        return Err(refuse("there is no commit yet", "liaison status"));
    };
    let checkpoint = Checkpoint {
        record: id,
        branch: record.settings.flow.mainline.clone(),
        tip: tip.to_string(),
        commits: repo.count(tip)?,
        by,
        at: ctx.now,
    };
    let (text, space) = (checkpoint.text(), checkpoint_namespace(&checkpoint.record));
    let keys = Keys { ctx, repo, directory: &record.directory, settings: &record.settings };
    let signature = keys
        .sign(checkpoint.by.as_str(), ctx.now.day(), &text, &space)
        .map_err(|(reason, next)| refuse(format!("a checkpoint is nothing without a signature: {reason}"), next))?;
    let file = format!("{text}\n{signature}");
    match &args.out {
        None => write!(ctx.out, "{file}")?,
        Some(path) => {
            let path = write_output(ctx, path, &file, "--out")?;
            writeln!(ctx.out, "{}", path.display())?;
        }
    }
    ctx.hint("next: publish it where nobody can change it together with the record")?;
    Ok(Outcome::Done)
}
