//! `liaison role list`

use serde_json::{Value, json};

use crate::cli::answers::day;
use crate::cli::args::Format;
use crate::cli::commands::known::known_group;
use crate::cli::context::Context;
use crate::cli::desk::Desk;
use crate::cli::exit::Outcome;
use crate::cli::format::Listing;
use crate::directory::Holder;

/// List who holds which role on a day
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  liaison role list                      Everybody, today
  liaison role list sec --on 2025-01-15
  liaison role list tls --all            With the terms before and after")]
pub(crate) struct ListArgs {
    /// Only at this group
    #[arg(value_name = "GROUP")]
    group: Option<String>,
    /// On this day instead of today
    #[arg(long, value_name = "DATE")]
    on: Option<String>,
    /// With the terms before and after
    #[arg(long, conflicts_with = "on")]
    all: bool,
    /// How the list is printed
    #[arg(long, value_enum, default_value_t = Format::Table, value_name = "FORMAT")]
    format: Format,
}

/// Prints a row a term.
pub(super) fn run(args: &ListArgs, ctx: &mut Context) -> anyhow::Result<Outcome> {
    let desk = Desk::open(ctx)?;
    let record = desk.record()?;
    let on = day("--on", args.on.as_deref(), ctx.now.day())?;
    let directory = &record.directory;
    let only = args.group.as_deref().map(|group| known_group(&record, group, on)).transpose()?.map(|(name, _)| name);
    let mut listing = Listing::new(&["group", "role", "person", "name", "since", "until", "address"]);
    for (group, located) in directory.groups.iter().filter(|(name, _)| only.is_none_or(|only| *name == only)) {
        for held in located.value.roles.iter().filter(|held| args.all || held.term.holds_on(on)) {
            let holder = Holder { person: &held.person, role: &held.role, group };
            let day = held.term.since.filter(|since| *since > on || args.all).unwrap_or(on);
            listing.rows.push(vec![
                json!(group),
                json!(held.role),
                json!(held.person),
                json!(directory.name_of(&held.person)),
                held.term.since.map_or(Value::Null, |since| json!(since.to_string())),
                held.term.until.map_or(Value::Null, |until| json!(until.to_string())),
                directory.contact_of(&holder, day).map_or(Value::Null, |contact| json!(contact.address.as_str())),
            ]);
        }
    }
    listing.write(ctx, args.format)?;
    Ok(Outcome::Done)
}
