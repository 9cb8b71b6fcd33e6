//! `liaison person key list`

use serde_json::{Value, json};

use crate::cli::args::Format;
use crate::cli::commands::known::known_person;
use crate::cli::context::Context;
use crate::cli::desk::Desk;
use crate::cli::exit::Outcome;
use crate::cli::format::Listing;
use crate::directory::Key;

use super::{comment, fingerprint_of};

/// List the keys of a person, or of everybody, with their lives
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  liaison person key list
  liaison person key list ada-example --format json")]
pub(crate) struct ListArgs {
    /// Only this person's
    #[arg(value_name = "HANDLE")]
    handle: Option<String>,
    /// How the list is printed
    #[arg(long, value_enum, default_value_t = Format::Table, value_name = "FORMAT")]
    format: Format,
}

/// Prints a row a key.
pub(super) fn run(args: &ListArgs, ctx: &mut Context) -> anyhow::Result<Outcome> {
    let desk = Desk::open(ctx)?;
    let record = desk.record()?;
    if let Some(handle) = &args.handle {
        known_person(&record, handle)?;
    }
    let columns =
        ["person", "number", "state", "type", "fingerprint", "comment", "since", "retired", "compromised", "reason"];
    let mut listing = Listing::new(&columns);
    for (handle, person) in &record.directory.people {
        if args.handle.as_ref().is_some_and(|only| only != handle) {
            continue;
        }
        for (index, key) in person.value.keys.iter().enumerate() {
            let date = |date: Option<chrono::NaiveDate>| -> Value { date.map(|date| date.to_string()).into() };
            listing.rows.push(vec![
                json!(handle),
                json!(index + 1),
                json!(state(key, ctx.now.day())),
                json!(if key.is_ssh { "ssh" } else { "openpgp" }),
                json!(fingerprint_of(key.is_ssh, &key.public)),
                json!(comment(key)),
                date(key.since),
                date(key.retired),
                json!(key.compromised),
                json!(key.reason),
            ]);
        }
    }
    listing.write(ctx, args.format)?;
    Ok(Outcome::Done)
}

fn state(key: &Key, day: chrono::NaiveDate) -> &'static str {
    match key {
        Key { compromised: Some(_), .. } => "compromised",
        Key { retired: Some(retired), .. } if *retired <= day => "retired",
        Key { since: Some(since), .. } if *since > day => "to come",
        Key { .. } => "good",
    }
}
