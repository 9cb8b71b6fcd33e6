//! `liaison ratify`

use crate::check::Whole;
use crate::cli::args::TravelArgs;
use crate::cli::context::Context;
use crate::cli::exit::{Outcome, refuse};
use crate::domain::ActKind;
use crate::domain::Word;
use crate::policy::State;

use super::acting::{ActorArgs, act_on, authority, in_role, our_groups, with_detail};
use super::scene::{Decision, play};

/// Approve after the fact what was sent without approval
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  liaison ratify ls-2026-031 --comment 'I agree with the text as it was sent'")]
pub(crate) struct RatifyArgs {
    /// The letter
    #[arg(value_name = "ID")]
    letter: String,
    /// A remark that stands with it
    #[arg(long, value_name = "TEXT")]
    comment: Option<String>,
    #[command(flatten)]
    actor: ActorArgs,
    #[command(flatten)]
    travel: TravelArgs,
}

/// Writes the act `ratify`, by whoever should have approved (LS-94).
pub(crate) fn run(args: &RatifyArgs, ctx: &mut Context) -> anyhow::Result<Outcome> {
    play(ctx, &args.letter, &args.actor, args.travel, |scene, ctx| {
        scene.needs_number()?;
        scene.needs_ours()?;
        let whole = Whole::around(scene.record, &scene.name, None)?;
        let state = whole.overview(&scene.name, ctx.now)?.map(|overview| overview.standing.state);
        if state != Some(State::SentUnapproved) {
            let state = state.map(|state| state.to_string()).unwrap_or_default();
            let message = format!("{} is {state}; only what was sent without approval is ratified", scene.name);
            return Err(refuse(message, format!("liaison show {}", scene.name)));
        }
        let holder = authority(scene.by.as_str(), "send", &scene.letter, scene.record, ctx.now)?;
        let mut act = in_role(act_on(ActKind::Ratify, scene.by.clone(), ctx, &scene.letter), Some(&holder))?;
        act.for_groups = our_groups(&scene.letter, scene.record, ctx.now)
            .iter()
            .filter_map(|group| Word::parse(group).ok().flatten())
            .collect();
        with_detail(&mut act, "comment", args.comment.as_deref())?;
        Ok(Decision::new(act, "ratified"))
    })
}
