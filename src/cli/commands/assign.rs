//! `liaison assign`

use crate::cli::args::TravelArgs;
use crate::cli::context::Context;
use crate::cli::desk::{Desk, letter_name, me};
use crate::cli::exit::{Outcome, refuse, usage};
use crate::domain::ActKind;
use crate::store::Change;

use super::acting::{ActorArgs, act_on, in_role, keeper_role, our_groups, told, with_detail, with_list, write_act};

/// Give a received letter to somebody; to the chairs of the groups it went to, if you name nobody
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
    let desk = Desk::open(ctx)?;
    let record = desk.record()?;
    let name = letter_name(&record, &args.letter)?;
    let letter = match record.letter(&name)? {
        Some(letter) if !name.is_draft() && !letter.statement.value.content.is_outgoing() => letter,
        Some(_) => return Err(refuse(format!("{name} is ours; only a received letter is assigned"), format!("liaison show {name}"))),
        None => return Err(refuse(format!("{name} cannot be read"), format!("liaison check {name}"))),
    };
    let day = ctx.now.day();
    let directory = &record.directory;
    let mut people = args.to.clone();
    if people.is_empty() {
        let groups = our_groups(&letter, &record, day);
        people = groups.iter().flat_map(|group| directory.holders("chair", group, day)).map(|holder| holder.person.to_owned()).collect();
        if people.is_empty() {
            return Err(usage(format!("nobody is chair of {} today", groups.join(", ")), "name somebody with --to HANDLE"));
        }
    }
    people.dedup();
    for person in people.iter().chain(&args.lead) {
        if !directory.people.contains_key(person) {
            return Err(usage(format!("`{person}` is no person of the directory"), format!("liaison person add {person} --name …")));
        }
    }
    let lead = args.lead.clone().or_else(|| if people.len() > 1 { people.first().cloned() } else { None });
    if let Some(lead) = lead.as_ref().filter(|lead| !people.contains(lead)) {
        return Err(usage(format!("{lead} leads, but is not among those it is given to"), format!("add --to {lead}")));
    }
    let by = me(directory, ctx, &desk, args.actor.actor.as_deref())?;
    let role = keeper_role(by.as_str(), &letter, &record, day);
    let mut act = in_role(act_on(ActKind::Assign, by, ctx, &letter), role.as_ref())?;
    with_list(&mut act, "assignee", &people)?;
    with_detail(&mut act, "lead", lead.as_deref())?;
    with_detail(&mut act, "comment", args.comment.as_deref())?;
    let (_, reached) = write_act(ctx, &desk, &record, &name, act, Change::default(), args.travel)?;
    writeln!(ctx.out, "{name}: assigned to {}", people.join(", "))?;
    ctx.hint(told(&reached))?;
    ctx.hint(format!("next: liaison reply {name}, or liaison resolve {name} --outcome …"))?;
    Ok(Outcome::Done)
}
