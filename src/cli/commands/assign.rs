//! `liaison assign`

use crate::cli::args::TravelArgs;
use crate::cli::context::Context;
use crate::cli::exit::{Outcome, usage};
use crate::domain::ActKind;

use super::acting::{ActorArgs, act_on, in_role, keeper_role, our_groups, with_detail, with_list};
use super::scene::{Decision, Scene, play};

/// Give a received letter to somebody; to the chairs of the groups it is with, if you name nobody
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  liaison assign ls-2026-007
  liaison assign ls-2026-007 --to carla-sample
  liaison assign ls-2026-007 --to carla-sample --to ned-muster --lead carla-sample")]
pub(crate) struct AssignArgs {
    /// The letter
    #[arg(value_name = "ID")]
    letter: String,
    /// Who takes care of it
    #[arg(long, value_name = "HANDLE")]
    to: Vec<String>,
    /// Who takes the lead, when there are several
    #[arg(long, value_name = "HANDLE")]
    lead: Option<String>,
    /// A remark that stands with it
    #[arg(long, value_name = "TEXT")]
    comment: Option<String>,
    #[command(flatten)]
    actor: ActorArgs,
    #[command(flatten)]
    travel: TravelArgs,
}

/// Writes the act `assign` (LS-118, LS-119).
pub(crate) fn run(args: &AssignArgs, ctx: &mut Context) -> anyhow::Result<Outcome> {
    play(ctx, &args.letter, &args.actor, args.travel, |scene, ctx| {
        scene.needs_received()?;
        let people = people(args, scene, ctx)?;
        let lead = args.lead.clone().or_else(|| people.first().filter(|_| people.len() > 1).cloned());
        if let Some(lead) = lead.as_ref().filter(|lead| !people.contains(lead)) {
            let message = format!("{lead} leads, but is not among those it is given to");
            return Err(usage(message, format!("add --to {lead}")));
        }
        let role = keeper_role(scene.by.as_str(), &scene.letter, scene.record, ctx.now);
        let mut act = in_role(act_on(ActKind::Assign, scene.by.clone(), ctx, &scene.letter), role.as_ref())?;
        with_list(&mut act, "assignee", &people)?;
        with_detail(&mut act, "lead", lead.as_deref())?;
        with_detail(&mut act, "comment", args.comment.as_deref())?;
        let next = format!("liaison reply {0}, or liaison resolve {0} --outcome …", scene.name);
        Ok(Decision::new(act, format!("assigned to {}", people.join(", "))).next(next))
    })
}

/// Those that are named, else the chairs of our groups it is with now.
fn people(args: &AssignArgs, scene: &Scene<'_>, ctx: &Context) -> anyhow::Result<Vec<String>> {
    let directory = &scene.record.directory;
    let day = ctx.now.day();
    let mut people = args.to.clone();
    if people.is_empty() {
        let groups = our_groups(&scene.letter, scene.record, ctx.now);
        let chairs = groups.iter().flat_map(|group| directory.holders("chair", group, day));
        people = chairs.map(|holder| holder.person.to_owned()).collect();
        if people.is_empty() {
            let message = match groups.as_slice() {
                [] => format!("{} is with none of our groups", scene.name),
                groups => format!("nobody is chair of {} today", groups.join(", ")),
            };
            return Err(usage(message, "name somebody with --to HANDLE"));
        }
    }
    people.dedup();
    for person in people.iter().chain(&args.lead) {
        if !directory.people.contains_key(person) {
            let help = format!("liaison person add {person} --name …");
            return Err(usage(format!("`{person}` is no person of the directory"), help));
        }
    }
    Ok(people)
}
