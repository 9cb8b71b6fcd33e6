//! `liaison person key retire`

use anyhow::Context as _;
use chrono::NaiveDate;

use crate::cli::answers::{answer, day, line, need, tomorrow};
use crate::cli::commands::acting::told;
use crate::cli::commands::keeping::{KeepArgs, Keeper};
use crate::cli::commands::known::known_person;
use crate::cli::context::Context;
use crate::cli::desk::Desk;
use crate::cli::exit::{Faults, Outcome, refuse};
use crate::directory::edit::{Cell, Edit};

use super::{chosen, name_of, refuse_only_key};

/// Record that a person no longer signs with a key
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  liaison person key retire ada-example SHA256:EUpDXs --reason 'a new laptop'
  liaison person key retire ada-example 1 --from 2026-12-31 --reason 'left the IESG'

What it signed before remains proven. Who had the key stolen or lost needs `compromised` instead.")]
pub(crate) struct RetireArgs {
    /// Whose key it is
    #[arg(value_name = "HANDLE")]
    handle: Option<String>,
    /// The beginning of its fingerprint, its comment, or its number in the list
    #[arg(value_name = "KEY")]
    key: Option<String>,
    /// The first day it is no longer used; tomorrow, if none is given: what it signed today counts
    #[arg(long, value_name = "DATE")]
    from: Option<String>,
    /// Why
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
    #[command(flatten)]
    keep: KeepArgs,
}

/// Gives the key its last day in the person's file.
pub(super) fn run(args: &RetireArgs, ctx: &mut Context) -> anyhow::Result<Outcome> {
    let desk = Desk::open(ctx)?;
    let record = desk.record()?;
    let keeper = Keeper::new(ctx, &desk, &record, &args.keep)?;
    let answers =
        [(args.handle.is_some(), "HANDLE"), (args.key.is_some(), "KEY"), (args.reason.is_some(), "--reason TEXT")];
    if args.handle.is_none() || args.key.is_none() {
        need(ctx, "person key retire", &answers)?;
    }
    let handle = answer(ctx, args.handle.as_deref(), "Whose key (handle)", None, "HANDLE")?;
    known_person(&record, &handle)?;
    let meant = answer(ctx, args.key.as_deref(), "Which key (fingerprint or number)", None, "KEY")?;
    let (index, key) = chosen(&record, &handle, meant.trim())?;
    let called = name_of(key.is_ssh, &key.public);
    if let Some(on) = key.retired {
        return Err(refuse(
            format!("{called} is retired already, from {on} on"),
            format!("liaison person show {handle}"),
        ));
    }
    // All that is wrong with the key and the day is told before anybody is asked for a reason.
    let mut faults = Faults::default();
    let from = faults.of(day("--from", args.from.as_deref(), tomorrow(ctx)));
    if let Some(from) = from {
        faults.of(after_beginning(&handle, &called, key.since, from));
        faults.of(refuse_only_key(&record, &handle, key, from));
    }
    faults.of(need(ctx, "person key retire", &answers));
    faults.of(args.reason.as_deref().map(|reason| line("--reason", reason)).transpose());
    faults.end()?;
    let from = from.context("a day that cannot be read is a fault")?;
    let reason = line("--reason", &answer(ctx, args.reason.as_deref(), "Why", None, "--reason TEXT")?)?;
    let keys = vec![("retired", Cell::Day(from)), ("reason", Cell::Text(reason.clone()))];
    let path = format!("directory/people/{handle}.toml");
    let message = format!("person: {handle} no longer signs with {called} from {from} on\n\n{reason}");
    let reached = keeper.change(ctx, &path, &Edit::Set { list: "key", index, keys }, "--from", &message)?;
    writeln!(ctx.out, "{handle}: {called} is retired from {from} on")?;
    ctx.hint(told(&reached))?;
    let has_another = record.directory.people.get(&handle).is_some_and(|person| {
        let mut others = person.value.keys.iter().filter(|other| other.public != key.public);
        others.any(|other| other.is_good_on(from))
    });
    if !has_another {
        ctx.hint(format!("{handle} has no key then: liaison person key add {handle} --ssh FILE.pub"))?;
    }
    Ok(Outcome::Done)
}

/// A key is not given up before it began.
fn after_beginning(handle: &str, called: &str, since: Option<NaiveDate>, from: NaiveDate) -> anyhow::Result<()> {
    match since.filter(|since| from <= *since) {
        Some(since) => Err(refuse(
            format!("{called} is {handle}'s since {since}, and cannot be retired from {from} on"),
            "choose a later day with --from DATE",
        )),
        None => Ok(()),
    }
}
