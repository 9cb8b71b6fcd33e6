//! `liaison comment`

use crate::cli::args::TravelArgs;
use crate::cli::context::Context;
use crate::cli::exit::Outcome;
use crate::domain::ActKind;

use super::acting::{ActorArgs, act_on, in_role, keeper_role, with_detail};
use super::scene::{Decision, play};

/// Comment on a letter; neither approves nor declines it
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  liaison comment ech-in-5g 'section 2 could name the deployment'")]
pub(crate) struct CommentArgs {
    /// The letter
    #[arg(value_name = "ID")]
    letter: String,
    /// What you say of it
    text: String,
    #[command(flatten)]
    actor: ActorArgs,
    #[command(flatten)]
    travel: TravelArgs,
}

/// Writes the act `comment`.
pub(crate) fn run(args: &CommentArgs, ctx: &mut Context) -> anyhow::Result<Outcome> {
    play(ctx, &args.letter, &args.actor, args.travel, |scene, ctx| {
        let role = keeper_role(scene.by.as_str(), &scene.letter, scene.record, ctx.now);
        let mut act = in_role(act_on(ActKind::Comment, scene.by.clone(), ctx, &scene.letter), role.as_ref())?;
        with_detail(&mut act, "comment", Some(&args.text))?;
        Ok(Decision::new(act, "commented"))
    })
}
