//! `liaison contacts`

use chrono::NaiveDate;
use serde_json::{Value, json};

use crate::cli::args::Format;
use crate::cli::context::Context;
use crate::cli::desk::Desk;
use crate::cli::exit::{Outcome, usage};
use crate::cli::format::Listing;
use crate::cli::present::holder_text;
use crate::domain::Slug;
use crate::domain::time::parse_date;
use crate::policy::{Reached, approvers, from_contacts, informed, send_reply_to, send_to, to_contacts};
use crate::store::Record;

/// Show whom a letter between some groups reaches, why, and who approves it
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  liaison contacts --from tls --to 3gpp-sa3
  liaison contacts --from mpls --from ccamp --to itu-t-sg15 --on 2025-01-15
  liaison contacts --from tls --to 3gpp-sa3 --format json")]
pub(crate) struct ContactsArgs {
    /// A group the letter comes from
    #[arg(long, value_name = "GROUP", required_unless_present = "to")]
    from: Vec<String>,
    /// A group the letter goes to
    #[arg(long, value_name = "GROUP")]
    to: Vec<String>,
    /// On this day instead of today
    #[arg(long, value_name = "DATE")]
    on: Option<String>,
    /// How the addresses are printed
    #[arg(long, value_enum, default_value_t = Format::Table, value_name = "FORMAT")]
    format: Format,
}

/// Prints each address with its use and its reason, then who approves.
pub(crate) fn run(args: &ContactsArgs, ctx: &mut Context) -> anyhow::Result<Outcome> {
    let desk = Desk::open(ctx)?;
    let record = desk.record()?;
    let day = match &args.on {
        Some(text) => parse_date(text)?.unwrap_or_else(|| ctx.now.day()),
        None => ctx.now.day(),
    };
    for group in &args.from {
        if record.directory.group(group, day).is_none() {
            return Err(usage(format!("`{group}` is no group of the directory"), known_groups(&record, group)));
        }
    }
    tell_unknown(ctx, &record, &args.to, day)?;
    let (directory, settings) = (&record.directory, &record.settings);
    let ours = args.from.iter().all(|group| directory.is_below(group, &settings.organization, day));
    let mut listing = Listing::new(&["use", "address", "reason"]);
    let mut add = |used: &str, reached: Vec<Reached>| {
        for one in reached {
            listing.rows.push(vec![used.into(), one.contact.to_string().into(), one.reason.into()]);
        }
    };
    if ours {
        add("from-contact", from_contacts(&args.from, &args.to, directory, settings, day));
        add("send-reply-to", send_reply_to(&args.from, &args.to, directory, settings, day).into_iter().collect());
    }
    add("to-contact", to_contacts(&args.to, directory, settings, day));
    add("send-to", send_to(&args.to, directory, day).into_iter().collect());
    add(
        "informed",
        informed(
            if ours { "sent" } else { "received" },
            if ours { &args.from } else { &args.to },
            if ours { &args.to } else { &args.from },
            directory,
            settings,
            day,
        ),
    );
    for group in args.from.iter().filter(|_| ours) {
        let who = approvers(group, directory, settings, day);
        let names: Vec<Value> = who.iter().map(|holder| json!(holder_text(holder, directory))).collect();
        let reason = if names.is_empty() {
            "nobody holds the role, or the approval table has no row for this kind of group"
        } else {
            "any of them, whom to ask first first"
        };
        listing.rows.push(vec![format!("approves for {group}").into(), Value::Array(names), reason.into()]);
    }
    listing.write(ctx, args.format)?;
    Ok(Outcome::Done)
}

/// Says which receivers the directory does not know: a letter may go to them, but nobody knows their addresses (LS-09).
pub(crate) fn tell_unknown(
    ctx: &mut Context,
    record: &Record<'_>,
    to: &[String],
    day: NaiveDate,
) -> anyhow::Result<()> {
    for group in to.iter().filter(|group| record.directory.group(group, day).is_none()) {
        ctx.hint(format!("the directory does not know {group}, so it has no addresses for it"))?;
        ctx.hint(format!("next: {}", known_groups(record, group)))?;
    }
    Ok(())
}

/// Groups whose names come close to one that does not exist.
pub(crate) fn known_groups(record: &Record<'_>, group: &str) -> String {
    let part: String = group.chars().take(3).collect();
    let near: Vec<&str> =
        record.directory.groups.keys().filter(|name| name.contains(&part)).map(String::as_str).take(8).collect();
    match near.as_slice() {
        [] => {
            let acronym = Slug::of_title(group).map_or_else(|| "ACRONYM".to_owned(), |slug| slug.to_string());
            format!("liaison group add {acronym} --name … --kind …")
        }
        near => format!("did you mean {}? `liaison group add` adds one", near.join(", ")),
    }
}
