//! `liaison resend`

use crate::cli::answers::answer;
use crate::cli::args::TravelArgs;
use crate::cli::context::Context;
use crate::cli::exit::{Outcome, refuse};
use crate::domain::ActKind;

use super::acting::{ActorArgs, act_on, authority, in_role, with_detail, with_list};
use super::notice::resent;
use super::scene::{Decision, play};

/// Send the same letter again: the same bytes into the outbox, or to another address
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  liaison resend ls-2026-031 --reason 'they lost it'
  liaison resend ls-2026-031 --to other@3gpp.example --reason 'the first address bounced'")]
pub(crate) struct ResendArgs {
    /// The letter
    #[arg(value_name = "ID")]
    letter: String,
    /// Why
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
    /// To this address instead
    #[arg(long, value_name = "CONTACT")]
    to: Vec<String>,
    #[command(flatten)]
    actor: ActorArgs,
    #[command(flatten)]
    travel: TravelArgs,
}

/// Lays the message into the outbox and writes the act `resent`. The same recipients get the same bytes.
pub(crate) fn run(args: &ResendArgs, ctx: &mut Context) -> anyhow::Result<Outcome> {
    play(ctx, &args.letter, &args.actor, args.travel, |scene, ctx| {
        scene.needs_number()?;
        scene.needs_ours()?;
        let holder = authority(scene.by.as_str(), "resend", &scene.letter, scene.record, ctx.now)?;
        let left = [ActKind::Sent, ActKind::Refused, ActKind::Bounced, ActKind::HandedOver];
        if !left.iter().any(|kind| scene.letter.last(*kind).is_some()) {
            return Err(refuse(format!("{} has not left yet", scene.name), format!("liaison send {}", scene.name)));
        }
        let reason = answer(ctx, args.reason.as_deref(), "Why it is sent again", None, "--reason TEXT")?;
        let copy = resent(ctx, scene, &args.to)?;
        let mut act = in_role(act_on(ActKind::Resent, scene.by.clone(), ctx, &scene.letter), Some(&holder))?;
        with_detail(&mut act, "reason", Some(&reason))?;
        with_detail(&mut act, "message-id", Some(&copy.message_id))?;
        with_detail(&mut act, "message", Some(&copy.digest.to_string()))?;
        with_detail(&mut act, "attempt", Some(&copy.attempt.to_string()))?;
        with_list(&mut act, "recipients", &copy.recipients)?;
        let mut decision = Decision::new(act, format!("lies in the outbox again, for {}", copy.recipients.join(", ")))
            .next(format!(
                "send {} with your mail program, then: liaison mark-sent {} --copy FILE",
                copy.file, scene.name
            ));
        if let Some((path, bytes)) = copy.kept {
            decision.also = decision.also.write(path, bytes);
        }
        Ok(decision)
    })
}
