//! `liaison withdraw`

use crate::cli::answers::answer;
use crate::cli::args::TravelArgs;
use crate::cli::context::Context;
use crate::cli::exit::Outcome;
use crate::domain::ActKind;

use super::acting::{ActorArgs, act_on, authority, in_role, with_detail};
use super::scene::{Decision, play};

/// Withdraw a draft, or a letter of ours that no longer stands
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  liaison withdraw ech-in-5g --reason 'the working group decided otherwise'")]
pub(crate) struct WithdrawArgs {
    /// The letter
    #[arg(value_name = "ID")]
    letter: String,
    /// Why
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
    #[command(flatten)]
    actor: ActorArgs,
    #[command(flatten)]
    travel: TravelArgs,
}

/// Writes the act `withdraw`; approvals given before it count no more.
pub(crate) fn run(args: &WithdrawArgs, ctx: &mut Context) -> anyhow::Result<Outcome> {
    play(ctx, &args.letter, &args.actor, args.travel, |scene, ctx| {
        scene.needs_ours()?;
        let holder = authority(scene.by.as_str(), "withdraw", &scene.letter, scene.record, ctx.now)?;
        let reason = answer(ctx, args.reason.as_deref(), "Why it is withdrawn", None, "--reason TEXT")?;
        let mut act = in_role(act_on(ActKind::Withdraw, scene.by.clone(), ctx, &scene.letter), Some(&holder))?;
        with_detail(&mut act, "reason", Some(&reason))?;
        let decision = Decision::new(act, "withdrawn");
        Ok(if scene.name.is_draft() {
            decision.next(format!("liaison reopen {} --reason …, to work on it again", scene.name))
        } else {
            decision
        })
    })
}
