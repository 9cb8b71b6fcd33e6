//! `liaison group list`

use serde_json::{Value, json};

use crate::cli::answers::day;
use crate::cli::args::Format;
use crate::cli::commands::known::known_group;
use crate::cli::context::Context;
use crate::cli::desk::Desk;
use crate::cli::exit::Outcome;
use crate::cli::format::Listing;

/// List the bodies and groups
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  liaison group list
  liaison group list --kind organization
  liaison group list --below rtg --on 2025-01-15
  liaison group list --format json | jq -r '.[].acronym'")]
pub(crate) struct ListArgs {
    /// Only this kind
    #[arg(long)]
    kind: Option<String>,
    /// Only what is below this group
    #[arg(long, value_name = "GROUP")]
    below: Option<String>,
    /// As it was on this day instead of today
    #[arg(long, value_name = "DATE")]
    on: Option<String>,
    /// How the list is printed
    #[arg(long, value_enum, default_value_t = Format::Table, value_name = "FORMAT")]
    format: Format,
}

/// Prints a row a group.
pub(super) fn run(args: &ListArgs, ctx: &mut Context) -> anyhow::Result<Outcome> {
    let desk = Desk::open(ctx)?;
    let record = desk.record()?;
    let on = day("--on", args.on.as_deref(), ctx.now.day())?;
    let directory = &record.directory;
    let top = args.below.as_deref().map(|top| known_group(&record, top, on)).transpose()?.map(|(top, _)| top);
    let is_meant = |name: &str, kind: &str| {
        args.kind.as_ref().is_none_or(|wanted| wanted == kind)
            && top.is_none_or(|top| name != top && directory.is_below(name, top, on))
    };
    let text = |value: Option<&String>| value.map_or(Value::Null, |value| json!(value));
    let mut listing = Listing::new(&["acronym", "name", "kind", "parent", "state", "list"]);
    for (acronym, located) in directory.groups.iter().filter(|(name, group)| is_meant(name, &group.value.kind)) {
        let group = &located.value;
        listing.rows.push(vec![
            json!(acronym),
            text(group.name.on(on)),
            json!(group.kind),
            text(group.parent.on(on)),
            json!(if group.is_closed(on) { "closed" } else { "active" }),
            group.list.on(on).map_or(Value::Null, |list| json!(list.address.as_str())),
        ]);
    }
    listing.write(ctx, args.format)?;
    Ok(Outcome::Done)
}
