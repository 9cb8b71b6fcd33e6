//! `liaison person list`

use serde_json::{Value, json};

use crate::cli::args::Format;
use crate::cli::context::Context;
use crate::cli::desk::Desk;
use crate::cli::exit::Outcome;
use crate::cli::format::Listing;

/// List the people, with the roles they hold today
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  liaison person list
  liaison person list --role area-director
  liaison person list --format csv")]
pub(crate) struct ListArgs {
    /// Only who holds this role somewhere today
    #[arg(long, value_name = "ROLE")]
    role: Option<String>,
    /// How the list is printed
    #[arg(long, value_enum, default_value_t = Format::Table, value_name = "FORMAT")]
    format: Format,
}

/// Prints a row a person.
pub(super) fn run(args: &ListArgs, ctx: &mut Context) -> anyhow::Result<Outcome> {
    let desk = Desk::open(ctx)?;
    let record = desk.record()?;
    let mut listing = Listing::new(&["handle", "name", "kind", "roles", "addresses"]);
    for (handle, person) in &record.directory.people {
        let roles = record.directory.roles_of(handle, ctx.now.day());
        if args.role.as_ref().is_some_and(|role| !roles.iter().any(|holder| holder.role == role)) {
            continue;
        }
        let roles: Vec<Value> =
            roles.iter().map(|holder| json!(format!("{} of {}", holder.role, holder.group))).collect();
        let addresses: Vec<Value> = person.value.addresses.iter().map(|address| json!(address.as_str())).collect();
        let kind = if person.value.is_service { "service" } else { "person" };
        listing.rows.push(vec![json!(handle), json!(person.value.name), json!(kind), roles.into(), addresses.into()]);
    }
    listing.write(ctx, args.format)?;
    Ok(Outcome::Done)
}
