//! `liaison group move`

use crate::cli::answers::{answer, day, need};
use crate::cli::commands::acting::told;
use crate::cli::commands::keeping::{KeepArgs, Keeper};
use crate::cli::commands::known::known_group;
use crate::cli::context::Context;
use crate::cli::desk::Desk;
use crate::cli::exit::{Outcome, refuse};
use crate::directory::edit::Edit;

/// Put a group below another one from a day on
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  liaison group move tls --to ops                     From today on
  liaison group move tls --to ops --since 2026-03-19

The old parent stays with its days, so letters of that time are judged by it.")]
pub(crate) struct MoveArgs {
    /// The group
    #[arg(value_name = "ACRONYM")]
    acronym: Option<String>,
    /// The group above it from then on
    #[arg(long, value_name = "GROUP")]
    to: Option<String>,
    /// The first day; today, if none is given
    #[arg(long, value_name = "DATE")]
    since: Option<String>,
    #[command(flatten)]
    keep: KeepArgs,
}

/// Dates the group's parent.
pub(super) fn run(args: &MoveArgs, ctx: &mut Context) -> anyhow::Result<Outcome> {
    let desk = Desk::open(ctx)?;
    let record = desk.record()?;
    let keeper = Keeper::new(ctx, &desk, &record, &args.keep)?;
    need(ctx, "group move", &[(args.acronym.is_some(), "ACRONYM"), (args.to.is_some(), "--to GROUP")])?;
    let group = answer(ctx, args.acronym.as_deref(), "Which group (acronym)", None, "ACRONYM")?;
    let to = answer(ctx, args.to.as_deref(), "Below which group (acronym)", None, "--to GROUP")?;
    let since = day("--since", args.since.as_deref(), ctx.now.day())?;
    let (acronym, group) = known_group(&record, &group, ctx.now.day())?;
    let (parent, above) = known_group(&record, &to, since)?;
    if above.is_closed(since) {
        return Err(refuse(format!("{parent} is closed on {since}"), format!("liaison group show {parent}")));
    }
    let old = group.parent.on(since).map(String::as_str);
    if old.is_some_and(|old| record.directory.group(old, since).is_some_and(|(old, _)| old == parent)) {
        return Err(refuse(
            format!("{acronym} is below {parent} already"),
            format!("liaison group show {acronym} --on {since}"),
        ));
    }
    let from = old.map(|old| format!(" from {old}")).unwrap_or_default();
    let path = format!("directory/groups/{acronym}.toml");
    let change = Edit::Change { key: "parent", value: parent.to_owned(), since };
    let message = format!("group: {acronym} moves{from} to {parent} on {since}");
    let reached = keeper.change(ctx, &path, &change, "--since", &message)?;
    writeln!(ctx.out, "{acronym}: below {parent} from {since} on")?;
    ctx.hint(told(&reached))?;
    ctx.hint(format!("its roles stay as they are: liaison role list {acronym} --on {since}"))?;
    Ok(Outcome::Done)
}
