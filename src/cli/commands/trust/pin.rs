//! `liaison trust pin`

use crate::cli::context::Context;
use crate::cli::desk::Desk;
use crate::cli::exit::{Outcome, refuse, refuse_with};
use crate::cli::pin::{PIN, Pin, pin, root_at};
use crate::history::{Oid, Repo, log_of};
use crate::store::Record;

use super::begin::ROOT;

/// Trust the root of a commit in this clone
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  liaison trust pin 2f1c09a4d6…     The commit that the holders publish
  liaison trust pin                 The first commit here whose root is complete: compare it with what they publish

It is written into this clone's git config, liaison.trustRoot. What came before that commit is taken as it is.")]
pub(super) struct PinArgs {
    /// A commit whose root you know to be the right one
    #[arg(value_name = "COMMIT")]
    commit: Option<String>,
}

/// Sets the clone's pin, when the root of the commit leads to the present one.
pub(super) fn run(args: &PinArgs, ctx: &mut Context) -> anyhow::Result<Outcome> {
    let desk = Desk::open(ctx)?;
    let record = desk.record()?;
    let repo = desk.repo(ctx)?;
    let before = repo.setting(PIN);
    let commit = match &args.commit {
        Some(text) => repo.commit_at(text).ok_or_else(|| {
            refuse(format!("`{text}` is no commit of this clone"), "git fetch, or ask for the whole id")
        })?,
        None => first_complete(&desk, &record, &repo)?,
    };
    repo.git.run(&["config", PIN, &commit.to_string()])?;
    match pin(&desk, &repo, &record, &record.trust()?) {
        Pin::Good { commit, version } => {
            writeln!(ctx.out, "pinned: {commit}, version {version} of the trust root")?;
            if let Some(before) = before.filter(|before| *before != commit.to_string()) {
                ctx.hint(format!(
                    "before it was {before}; liaison audit trusts what lies between as it is from now on"
                ))?;
            }
            if let Some((_, digest)) = root_at(&repo, commit) {
                ctx.hint(format!("compare with what its holders say, by another way: {digest}"))?;
            }
            Ok(Outcome::Done)
        }
        Pin::Older { .. } => {
            restore(&repo, before.as_deref())?;
            let why = "the commit holds no trust root that has its signatures";
            let audit = format!("to let the audit begin there all the same: git config {PIN} {commit}");
            Err(refuse_with(
                Outcome::Findings,
                format!("{commit} was not pinned: {why}"),
                ["liaison trust show".into(), audit],
            ))
        }
        Pin::Bad { why, .. } => {
            restore(&repo, before.as_deref())?;
            Err(refuse(format!("{commit} was not pinned: {why}"), "liaison trust show"))
        }
        Pin::None => Err(refuse("git did not keep the pin", "git config --list --show-origin")),
    }
}

/// The pin as it was.
fn restore(repo: &Repo, before: Option<&str>) -> anyhow::Result<()> {
    match before {
        Some(before) => repo.git.run(&["config", PIN, before])?,
        None => repo.git.run(&["config", "--unset", PIN])?,
    };
    Ok(())
}

/// The first commit in which the root had all its signatures.
fn first_complete(desk: &Desk, record: &Record<'_>, repo: &Repo) -> anyhow::Result<Oid> {
    let acts = record.trust()?.acts;
    let trust = acts.iter().map(|act| act.file.clone()).filter(|file| file.contains("Z-trust-"));
    let paths: Vec<String> = trust.chain([ROOT.to_owned()]).collect();
    let log = desk.tip(repo).map(|tip| log_of(repo, tip, &paths)).transpose()?.unwrap_or_default();
    let complete = log.iter().rev().map(|entry| entry.commit).find(|commit| root_at(repo, *commit).is_some());
    complete.ok_or_else(|| refuse("no commit here holds a trust root that has its signatures", "liaison trust show"))
}
