//! `liaison route`

use crate::cli::args::TravelArgs;
use crate::cli::context::Context;
use crate::cli::exit::{Outcome, refuse};
use crate::domain::ActKind;
use crate::domain::Contact;
use crate::policy::informed;

use super::acting::{ActorArgs, act_on, in_role, keeper_role, with_detail, with_list};
use super::notice::notice;
use super::scene::{Decision, play};

/// Consult the IRTF on a letter that touches research, and record what was decided
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  liaison route ls-2026-007                              Consult the IRTF chair
  liaison route ls-2026-007 --to cfrg --decision 'the research group answers by mail'")]
pub(crate) struct RouteArgs {
    /// The letter
    #[arg(value_name = "ID")]
    letter: String,
    /// The group consulted: irtf, or a research group
    #[arg(long, value_name = "GROUP", default_value = "irtf")]
    to: Vec<String>,
    /// What the IRTF chair, the IAB and the research group's chairs decided
    #[arg(long, value_name = "TEXT")]
    decision: Option<String>,
    /// A remark that stands with it
    #[arg(long, value_name = "TEXT")]
    comment: Option<String>,
    #[command(flatten)]
    actor: ActorArgs,
    #[command(flatten)]
    travel: TravelArgs,
}

/// Writes the act `route` (LS-16, LS-17).
pub(crate) fn run(args: &RouteArgs, ctx: &mut Context) -> anyhow::Result<Outcome> {
    play(ctx, &args.letter, &args.actor, args.travel, |scene, ctx| {
        scene.needs_received()?;
        let (record, day) = (scene.record, ctx.now.day());
        for group in &args.to {
            let kind = record.directory.group(group, day).map(|(_, group)| group.kind.clone());
            if !kind.as_deref().is_some_and(|kind| ["irtf", "research-group"].contains(&kind)) {
                return Err(refuse(
                    format!("`{group}` is neither the IRTF nor a research group"),
                    "liaison redirect passes a letter on to any other group",
                ));
            }
        }
        let people: Vec<Contact> = informed("received", &args.to, &[], &record.directory, &record.settings, day)
            .into_iter()
            .map(|reached| reached.contact)
            .collect();
        let role = keeper_role(scene.by.as_str(), &scene.letter, record, ctx.now);
        let mut act = in_role(act_on(ActKind::Route, scene.by.clone(), ctx, &scene.letter), role.as_ref())?;
        with_list(&mut act, "to", &args.to)?;
        with_detail(&mut act, "decision", args.decision.as_deref())?;
        with_detail(&mut act, "comment", args.comment.as_deref())?;
        let decision = Decision::new(act, format!("routed to {}", args.to.join(", ")));
        if people.is_empty() || args.decision.is_some() {
            return Ok(decision);
        }
        let file = notice(
            ctx,
            scene,
            &people,
            "route",
            "relevant for research: is a response needed, and by whom?",
            args.comment.as_deref(),
        )?;
        Ok(decision.next(format!("send {file} with your mail program")))
    })
}
