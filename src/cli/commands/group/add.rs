//! `liaison group add`

use std::collections::BTreeSet;

use crate::cli::answers::{answer, contact, line, need};
use crate::cli::ask;
use crate::cli::commands::acting::told;
use crate::cli::commands::keeping::{KeepArgs, Keeper};
use crate::cli::commands::known::{known_group, name};
use crate::cli::context::Context;
use crate::cli::desk::Desk;
use crate::cli::exit::{Outcome, refuse, usage};
use crate::config::ANY;
use crate::directory::edit::Cell;
use crate::store::Record;

/// The kinds of groups that the built-in tables and the format know.
const KINDS: [&str; 9] =
    ["working-group", "area", "ietf", "iesg", "iab", "irtf", "research-group", "organization", "organization-group"];

/// Add a body or a group of one
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  liaison group add                        Asks for everything, on a terminal
  liaison group add sec --name 'Security Area' --kind area --parent ietf
  liaison group add tls --name 'Transport Layer Security' --kind working-group --parent sec \\
    --list 'TLS <tls@example.org>' --chair-address 'TLS Chairs <tls-chairs@example.org>'
  liaison group add 3gpp --name '3rd Generation Partnership Project' --kind organization \\
    --send-to '3GPP Liaisons <liaisons@3gpp.example>' --contact support@3gpp.example")]
pub(crate) struct AddArgs {
    /// The acronym, for life: a-z, 0-9 and hyphens
    #[arg(value_name = "ACRONYM")]
    acronym: Option<String>,
    /// The name
    #[arg(long)]
    name: Option<String>,
    /// What it is: working-group, area, organization, organization-group …
    #[arg(long)]
    kind: Option<String>,
    /// The group above it; without one it is a body of its own
    #[arg(long, value_name = "GROUP")]
    parent: Option<String>,
    /// Its mailing list
    #[arg(long, value_name = "CONTACT")]
    list: Option<String>,
    /// The one address that takes every letter for it
    #[arg(long, value_name = "CONTACT")]
    send_to: Option<String>,
    /// Its own address, such as a secretariat's
    #[arg(long, value_name = "CONTACT")]
    contact: Option<String>,
    /// One address for all its chairs
    #[arg(long, value_name = "CONTACT")]
    chair_address: Option<String>,
    #[command(flatten)]
    keep: KeepArgs,
}

/// Writes the group's file.
pub(super) fn run(args: &AddArgs, ctx: &mut Context) -> anyhow::Result<Outcome> {
    let desk = Desk::open(ctx)?;
    let record = desk.record()?;
    let keeper = Keeper::new(ctx, &desk, &record, &args.keep)?;
    let answers = [
        (args.acronym.is_some(), "ACRONYM"),
        (args.name.is_some(), "--name NAME"),
        (args.kind.is_some(), "--kind KIND"),
    ];
    need(ctx, "group add", &answers)?;
    let acronym = name("ACRONYM", &answer(ctx, args.acronym.as_deref(), "Acronym, for life", None, "ACRONYM")?)?;
    if let Some((taken, _)) = record.directory.group(&acronym, ctx.now.day()) {
        let called = record.directory.group_name(taken, ctx.now.day());
        return Err(refuse(format!("`{acronym}` is {called} already"), format!("liaison group show {taken}")));
    }
    let full = line("--name", &answer(ctx, args.name.as_deref(), "Name", None, "--name NAME")?)?;
    let kind = match &args.kind {
        Some(kind) => kind.clone(),
        None => ask::choice(ctx, "Kind", &KINDS, "--kind KIND")?,
    };
    let known = known_kinds(&record);
    if !known.contains(kind.as_str()) {
        let known = known.into_iter().collect::<Vec<_>>().join(", ");
        return Err(usage(
            format!("--kind: found \"{}\", expected one of {known}", kind.escape_debug()),
            "a kind of your own needs an [[approval]] row in liaison.toml first",
        ));
    }
    let parent = match (&args.parent, args.kind.is_none() && ctx.interactive) {
        (None, true) => Some(ask::line(ctx, "Group above it (empty for a body of its own)", None, "--parent GROUP")?),
        (given, _) => given.clone(),
    };
    let parent = parent.filter(|parent| !parent.is_empty());
    let mut keys = vec![("name", Cell::Text(full.clone())), ("kind", Cell::Text(kind))];
    if let Some(parent) = &parent {
        let (parent, above) = known_group(&record, parent, ctx.now.day())?;
        if above.is_closed(ctx.now.day()) {
            return Err(refuse(format!("{parent} is closed"), format!("liaison group show {parent}")));
        }
        keys.push(("parent", Cell::Text(parent.to_owned())));
    }
    for (key, flag, given) in [("list", "--list", &args.list), ("send-to", "--send-to", &args.send_to)] {
        if let Some(text) = given {
            keys.push((key, Cell::Text(contact(flag, text)?)));
        }
    }
    let mut addresses = Vec::new();
    for (role, flag, given) in
        [("chair", "--chair-address", &args.chair_address), ("contact", "--contact", &args.contact)]
    {
        if let Some(text) = given {
            addresses.push((role.to_owned(), contact(flag, text)?));
        }
    }
    if !addresses.is_empty() {
        keys.push(("addresses", Cell::Map(addresses)));
    }
    let path = format!("directory/groups/{acronym}.toml");
    let reached = keeper.add(ctx, &path, &keys, &format!("group: add {acronym}\n\n{full}"))?;
    writeln!(ctx.out, "{acronym}: added")?;
    ctx.hint(told(&reached))?;
    if parent.is_none() && acronym != record.settings.organization {
        ctx.hint(format!("{acronym} has no group above it, so it is another body; `liaison group move {acronym} --to GROUP` puts it below one"))?;
    }
    ctx.hint(format!("next: liaison role begin ROLE {acronym} PERSON, and liaison group show {acronym}"))?;
    Ok(Outcome::Done)
}

/// The kinds of the format, of the record's tables and of its groups.
fn known_kinds<'r>(record: &'r Record<'_>) -> BTreeSet<&'r str> {
    let approval = record.settings.approval.iter().map(|row| row.from.as_str());
    let inform = record.settings.inform.iter().map(|row| row.from.as_str());
    let used = record.directory.groups.values().map(|group| group.value.kind.as_str());
    approval.chain(inform).filter(|kind| *kind != ANY).chain(used).chain(KINDS).collect()
}
