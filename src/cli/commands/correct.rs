//! `liaison correct`

use crate::cli::args::TravelArgs;
use crate::cli::context::Context;
use crate::cli::exit::{Outcome, refuse};
use crate::domain::ActKind;
use crate::record::{Correction, NOTHING};
use crate::shape::Node;

use super::acting::{ActorArgs, act_on, authority, in_role, with_detail};
use super::scene::{Decision, play};

/// Mend what we transcribed wrongly from a received letter
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  liaison correct ls-2026-007 --field deadline --was 2026-12-08 --now-is 2026-12-18 --reason 'the PDF says the 18th'
  liaison correct ls-2026-007 --field from.send-reply-to --was - --now-is sa3@3gpp.example --reason 'page 2 names it'

The letter's file stays as it is. Lists, deadlines, states and rules follow the last correction; `show` tells both values.")]
pub(crate) struct CorrectArgs {
    /// The letter
    #[arg(value_name = "ID")]
    letter: String,
    /// The key that is wrong, such as deadline
    #[arg(long, value_name = "KEY")]
    field: String,
    /// What stands there; - for nothing
    #[arg(long, value_name = "TEXT")]
    was: String,
    /// What the letter says; - for nothing
    #[arg(long = "now-is", alias = "is", value_name = "TEXT")]
    now_is: String,
    /// How it is known
    #[arg(long, value_name = "TEXT")]
    reason: String,
    #[command(flatten)]
    actor: ActorArgs,
    #[command(flatten)]
    travel: TravelArgs,
}

/// Writes the act `correct`, when the letter with it can be read; its file stays as it is, both values are shown.
pub(crate) fn run(args: &CorrectArgs, ctx: &mut Context) -> anyhow::Result<Outcome> {
    play(ctx, &args.letter, &args.actor, args.travel, |scene, ctx| {
        scene.needs_received()?;
        let holder = authority(scene.by.as_str(), "correct", &scene.letter, scene.record, ctx.now)?;
        let stands = scene.letter.statement.root.at(&args.field).map(Node::texts).unwrap_or_default();
        let was = args.was.trim();
        let is_so = if stands.is_empty() { was == NOTHING } else { stands.iter().any(|text| text.trim() == was) };
        if !is_so {
            let found = if stands.is_empty() { "nothing".to_owned() } else { stands.join(", ") };
            return Err(refuse(
                format!("`{}` is {found}, not {}", args.field, args.was),
                "give what stands there with --was; - for nothing",
            ));
        }
        let mut act = in_role(act_on(ActKind::Correct, scene.by.clone(), ctx, &scene.letter), Some(&holder))?;
        for (key, value) in
            [("field", &args.field), ("was", &args.was), ("now", &args.now_is), ("reason", &args.reason)]
        {
            with_detail(&mut act, key, Some(value))?;
        }
        if let Some(correction) = Correction::of(&act) {
            let check = scene.letter.check_correction(&correction);
            check.map_err(|why| {
                refuse(format!("nothing was corrected: {why}"), "docs/format.md tells keys and values")
            })?;
        }
        Ok(Decision::new(act, format!("corrected: {} is {}, not {}", args.field, args.now_is, args.was)))
    })
}
