//! `liaison group close`

use crate::cli::answers::{answer, day, need};
use crate::cli::commands::acting::told;
use crate::cli::commands::keeping::{KeepArgs, Keeper};
use crate::cli::commands::known::known_group;
use crate::cli::context::Context;
use crate::cli::desk::Desk;
use crate::cli::exit::{Outcome, refuse};
use crate::directory::edit::Edit;

/// Close a group from a day on; its file and its letters stay
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  liaison group close tls                   From today on
  liaison group close tls --on 2026-12-31")]
pub(crate) struct CloseArgs {
    /// The group
    #[arg(value_name = "ACRONYM")]
    acronym: Option<String>,
    /// The first day it is closed; today, if none is given
    #[arg(long, value_name = "DATE")]
    on: Option<String>,
    #[command(flatten)]
    keep: KeepArgs,
}

/// Dates the group's state.
pub(super) fn run(args: &CloseArgs, ctx: &mut Context) -> anyhow::Result<Outcome> {
    let desk = Desk::open(ctx)?;
    let record = desk.record()?;
    let keeper = Keeper::new(ctx, &desk, &record, &args.keep)?;
    need(ctx, "group close", &[(args.acronym.is_some(), "ACRONYM")])?;
    let group = answer(ctx, args.acronym.as_deref(), "Which group (acronym)", None, "ACRONYM")?;
    let on = day("--on", args.on.as_deref(), ctx.now.day())?;
    let (acronym, group) = known_group(&record, &group, ctx.now.day())?;
    if group.is_closed(on) {
        return Err(refuse(format!("{acronym} is closed already"), format!("liaison group show {acronym}")));
    }
    let path = format!("directory/groups/{acronym}.toml");
    let change = Edit::Change { key: "state", value: "closed".into(), since: on };
    let reached = keeper.change(ctx, &path, &change, "--on", &format!("group: close {acronym} on {on}"))?;
    writeln!(ctx.out, "{acronym}: closed from {on} on")?;
    ctx.hint(told(&reached))?;
    for held in group.roles.iter().filter(|held| held.term.until.is_none()) {
        ctx.hint(format!("still held: liaison role end {} {acronym} {} --until {on}", held.role, held.person))?;
    }
    for (below, inner) in &record.directory.groups {
        let parent = inner.value.parent.on(on).and_then(|parent| record.directory.group(parent, on));
        if parent.is_some_and(|(parent, _)| parent == acronym) && !inner.value.is_closed(on) {
            ctx.hint(format!("still below it: liaison group move {below} --to GROUP --since {on}"))?;
        }
    }
    Ok(Outcome::Done)
}
