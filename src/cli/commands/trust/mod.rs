//! `liaison trust`

mod begin;
mod pin;
mod show;
mod sign;
mod withdraw;

use anyhow::Context as _;

use crate::cli::context::Context;
use crate::cli::desk::{Desk, me};
use crate::cli::exit::{Outcome, refuse};
use crate::cli::pin::{PIN, counting};
use crate::cli::record_id::refuse_unvouched_id;
use crate::cli::signature::{Keys, Signed, sign_as_holder};
use crate::cli::travel::{Reached, Traveller};
use crate::config::FlowMode;
use crate::directory::TrustRoot;
use crate::domain::{Act, ActKind, Detail, FileChange, Word};
use crate::store::{Change, Record, last_act_time, trust_act_path};

use super::acting::{after_all, sound_act};
use super::person::key::name_of;
use crate::cli::args::TravelArgs;

/// Keep the trust root: the few people who together vouch for who may change what
#[derive(Debug, clap::Args)]
#[command(
    disable_help_subcommand = true,
    after_help = "Examples:
  liaison trust init --holder ada-example --holder rob-registrar --holder carla-sample --threshold 2
  liaison trust sign                 Add your signature to a root that waits for it
  liaison trust withdraw             Take a root back that waits and will not get its signatures
  liaison trust show
  liaison trust pin 2f1c09a          Trust the root of that commit in this clone
  liaison trust rotate --holder ada-example --holder carla-sample --threshold 2"
)]
pub(crate) struct TrustArgs {
    #[command(subcommand)]
    command: TrustCommand,
}

#[derive(Debug, clap::Subcommand)]
enum TrustCommand {
    Init(begin::InitArgs),
    Sign(sign::SignArgs),
    Rotate(begin::RotateArgs),
    Withdraw(withdraw::WithdrawArgs),
    Show(show::ShowArgs),
    Pin(pin::PinArgs),
}

/// Runs one of the commands.
pub(crate) fn run(args: &TrustArgs, ctx: &mut Context) -> anyhow::Result<Outcome> {
    match &args.command {
        TrustCommand::Init(args) => begin::init(args, ctx),
        TrustCommand::Sign(args) => sign::run(args, ctx),
        TrustCommand::Rotate(args) => begin::rotate(args, ctx),
        TrustCommand::Withdraw(args) => withdraw::run(args, ctx),
        TrustCommand::Show(args) => show::run(args, ctx),
        TrustCommand::Pin(args) => pin::run(args, ctx),
    }
}

impl TrustArgs {
    /// Whether it leaves the record as it is.
    pub(super) fn only_reads(&self) -> bool {
        matches!(self.command, TrustCommand::Show(_) | TrustCommand::Pin(_))
    }
}

/// Whoever works here, if they hold the root; nobody signs for somebody else.
fn me_as_holder(ctx: &Context, desk: &Desk, record: &Record<'_>, root: &TrustRoot) -> anyhow::Result<Word> {
    let by = me(&record.directory, ctx, desk, None)?;
    if root.holder(by.as_str()).is_none() {
        let names: Vec<&str> = root.holders.iter().map(|holder| record.directory.name_of(&holder.handle)).collect();
        return Err(refuse(
            format!(
                "{} does not hold version {} of the trust root",
                record.directory.name_of(by.as_str()),
                root.version
            ),
            format!("its holders are {}", names.join(", ")),
        ));
    }
    Ok(by)
}

/// A holder's signature of a change of the root, and how it travels.
struct Signing<'a> {
    by: &'a Word,
    /// The root that the person holds.
    root: &'a TrustRoot,
    /// What is signed.
    changes: &'a [FileChange],
    travel: TravelArgs,
    message: String,
}

/// Writes a change of the root, or none, with the signed act of a holder of it, and lets both travel. The clone's pin is set
/// when the root has all its signatures for the first time.
fn write(
    ctx: &mut Context,
    desk: &Desk,
    record: &Record<'_>,
    signing: &Signing<'_>,
    change: Change,
) -> anyhow::Result<Reached> {
    let Signing { by, root, changes, travel, message } = signing;
    let mut act = Act::new(ActKind::Trust, (*by).clone(), ctx.now);
    let details = changes.iter().map(FileChange::detail).collect::<Result<Vec<_>, _>>()?;
    act.details.insert("changes".to_owned(), Detail::List(details));
    act.at = after_all(last_act_time(desk.tree.root(), "trust"), &"the trust root", act.at)?;
    let holder = root.holder(by.as_str()).context("whoever signs holds the root")?;
    let repo = desk.repo(ctx)?;
    refuse_unvouched_id(&repo, record)?;
    let keys = Keys { ctx, repo: &repo, directory: &record.directory, settings: &record.settings };
    if let Signed::No(why, next) = sign_as_holder(&keys, holder, ActKind::Trust.as_str(), &mut act)? {
        return Err(refuse(format!("nothing was written: a change of the trust root is signed, and {why}"), next));
    }
    let change = change.write(trust_act_path(&act), sound_act(&act)?);
    let traveller = Traveller { settings: &record.settings, args: *travel, letter: None };
    let reached = traveller.go(ctx, desk, &change, message)?;
    set_pin(ctx, desk, &reached)?;
    Ok(reached)
}

/// Pins the root that this clone has just seen completed, unless there is a pin, or a merge will make another commit of it.
fn set_pin(ctx: &mut Context, desk: &Desk, reached: &Reached) -> anyhow::Result<()> {
    let (repo, record) = (desk.repo(ctx)?, desk.record()?);
    let trust = record.trust()?;
    let Some((_, digest)) = counting(&trust, &record) else { return Ok(()) };
    let is_first = trust.root.as_ref().is_some_and(|root| root.root.value.version == 1);
    if repo.setting(PIN).is_some() || *reached == Reached::Files {
        return Ok(());
    }
    if !is_first {
        return ctx
            .hint("this clone has no pin: liaison trust pin COMMIT, with a commit that you know from the holders");
    }
    if record.settings.flow.mode == FlowMode::PullRequest {
        return ctx.hint("once it is merged: git pull && liaison trust pin");
    }
    if let Some(head) = repo.commit_at("HEAD") {
        repo.git.run(&["config", PIN, &head.to_string()])?;
        ctx.hint(format!("pinned in this clone: {head}\nothers pin it with: liaison trust pin {head}"))?;
        ctx.hint(format!("let them compare the root's digest with you by another way: {digest}"))?;
    }
    Ok(())
}

/// Shows whoever signs what the root is.
fn tell(ctx: &mut Context, root: &TrustRoot) -> anyhow::Result<()> {
    let (version, threshold, all) = (root.version, root.threshold, root.holders.len());
    writeln!(ctx.out, "version {version} of the trust root, {threshold} of {all} holders:")?;
    for holder in &root.holders {
        writeln!(ctx.out, "  {}  {}", holder.handle, name_of(true, &holder.public))?;
    }
    Ok(())
}

/// Warns of a root that one person can change alone.
fn warn_of_one(ctx: &mut Context, root: &TrustRoot) -> anyhow::Result<()> {
    if root.threshold > 1 {
        return Ok(());
    }
    let who = if root.holders.len() == 1 { "its one holder" } else { "any one of its holders" };
    ctx.hint(format!("warning: {who} can change this root alone, and so can whoever takes that key"))?;
    ctx.hint(
        "help: liaison trust rotate --holder A --holder B --holder C --threshold 2, as soon as there are more people",
    )
}
