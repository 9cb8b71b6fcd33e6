//! `liaison reopen`

use crate::cli::answers::answer;
use crate::cli::args::TravelArgs;
use crate::cli::context::Context;
use crate::cli::exit::{Outcome, refuse};
use crate::domain::ActKind;

use super::acting::{ActorArgs, act_on, authority, in_role, with_detail};
use super::scene::{Decision, play};

/// Work again on a draft that was withdrawn
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  liaison reopen ech-in-5g --reason 'the question came up again'")]
pub(crate) struct ReopenArgs {
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

/// Writes the act `reopen`; it needs new approvals.
pub(crate) fn run(args: &ReopenArgs, ctx: &mut Context) -> anyhow::Result<Outcome> {
    play(ctx, &args.letter, &args.actor, args.travel, |scene, ctx| {
        if !scene.name.is_draft() {
            return Err(refuse(
                format!("{} was numbered; only a draft is reopened", scene.name),
                format!("liaison new --revises {}", scene.name),
            ));
        }
        if scene.letter.last(ActKind::Withdraw).is_none() {
            return Err(refuse(format!("{} is not withdrawn", scene.name), format!("liaison show {}", scene.name)));
        }
        let holder = authority(scene.by.as_str(), "reopen", &scene.letter, scene.record, ctx.now)?;
        let reason = answer(ctx, args.reason.as_deref(), "Why it is worked on again", None, "--reason TEXT")?;
        let mut act = in_role(act_on(ActKind::Reopen, scene.by.clone(), ctx, &scene.letter), Some(&holder))?;
        with_detail(&mut act, "reason", Some(&reason))?;
        Ok(Decision::new(act, "a draft again; it needs new approvals").next(format!("liaison edit {}", scene.name)))
    })
}
