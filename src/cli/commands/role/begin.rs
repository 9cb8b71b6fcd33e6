//! `liaison role begin`

use std::collections::BTreeSet;

use crate::cli::answers::{answer, day, need, read, url};
use crate::cli::commands::acting::told;
use crate::cli::commands::keeping::{KeepArgs, Keeper};
use crate::cli::commands::known::{known_group, known_person, name};
use crate::cli::context::Context;
use crate::cli::desk::Desk;
use crate::cli::exit::{Outcome, refuse};
use crate::cli::present::term_text;
use crate::directory::edit::{Cell, Edit};
use crate::domain::Address;
use crate::store::Record;

use super::terms;

/// Record that somebody begins to hold a role
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  liaison role begin chair tls carla-example
  liaison role begin area-director sec ada-example --since 2024-03-21 --source https://example.org/1
  liaison role begin liaison-manager 3gpp liam-example --address 3gpp-liaison-manager@example.org

A liaison manager holds the role at the other body's group, a coordinator and a registrar at yours.")]
pub(crate) struct BeginArgs {
    /// The role: a word such as chair, area-director, liaison-manager, liaison-coordinator, registrar
    #[arg(value_name = "ROLE")]
    role: Option<String>,
    /// The group at which it is held
    #[arg(value_name = "GROUP")]
    group: Option<String>,
    /// The person
    #[arg(value_name = "PERSON")]
    person: Option<String>,
    /// The first day; today, if none is given
    #[arg(long, value_name = "DATE")]
    since: Option<String>,
    /// Where mail for this role goes, when it is not the person's first address
    #[arg(long, value_name = "ADDRESS")]
    address: Option<String>,
    /// Where the appointment was announced
    #[arg(long, value_name = "URL")]
    source: Option<String>,
    #[command(flatten)]
    keep: KeepArgs,
}

/// Adds a `[[role]]` to the group's file.
pub(super) fn run(args: &BeginArgs, ctx: &mut Context) -> anyhow::Result<Outcome> {
    let desk = Desk::open(ctx)?;
    let record = desk.record()?;
    let keeper = Keeper::new(ctx, &desk, &record, &args.keep)?;
    let answers = [(args.role.is_some(), "ROLE"), (args.group.is_some(), "GROUP"), (args.person.is_some(), "PERSON")];
    need(ctx, "role begin", &answers)?;
    let role = name("ROLE", &answer(ctx, args.role.as_deref(), "Role", None, "ROLE")?)?;
    let group = answer(ctx, args.group.as_deref(), "Group (acronym)", None, "GROUP")?;
    let person = answer(ctx, args.person.as_deref(), "Person (handle)", None, "PERSON")?;
    let since = day("--since", args.since.as_deref(), ctx.now.day())?;
    let (acronym, group) = known_group(&record, &group, since)?;
    known_person(&record, &person)?;
    if group.is_closed(since) {
        return Err(refuse(
            format!("{acronym} is closed on {since}"),
            format!("liaison group show {acronym}; a term before that begins with --since DATE"),
        ));
    }
    if let Some(held) = terms(group, &role, &person).find(|held| held.term.until.is_none_or(|until| until > since)) {
        let message = format!("{person} is {role} of {acronym} {}", term_text(&held.term));
        let help = match held.term.until {
            Some(until) => format!("a next term begins with --since {until}"),
            None => format!("liaison role end {role} {acronym} {person} ends it"),
        };
        return Err(refuse(message, help));
    }
    let mut item =
        vec![("role", Cell::Text(role.clone())), ("person", Cell::Text(person.clone())), ("since", Cell::Day(since))];
    if let Some(text) = &args.address {
        let address = read("--address", text, |text| Address::parse(text.trim()).map(Some))?;
        item.push(("address", Cell::Text(address.to_string())));
    }
    if let Some(text) = &args.source {
        item.push(("source", Cell::Text(url("--source", text)?)));
    }
    let path = format!("directory/groups/{acronym}.toml");
    let message = format!("role: {person} begins as {role} of {acronym} on {since}");
    let reached = keeper.change(ctx, &path, &Edit::Append { list: "role", item }, "--since", &message)?;
    writeln!(ctx.out, "{acronym}: {person} is {role} from {since} on")?;
    ctx.hint(told(&reached))?;
    let known = known_roles(&record);
    if !known.contains(role.as_str()) {
        let known = known.into_iter().collect::<Vec<_>>().join(", ");
        ctx.hint(format!("note: no table and nobody else has the role `{role}`; is it one of {known}?"))?;
    }
    Ok(Outcome::Done)
}

/// The roles of the approval table and of everybody.
fn known_roles<'r>(record: &'r Record<'_>) -> BTreeSet<&'r str> {
    let rows = record.settings.approval.iter().flat_map(|row| &row.any_of).map(|authority| authority.role.as_str());
    let held = record.directory.groups.values().flat_map(|group| &group.value.roles).map(|term| term.role.as_str());
    rows.chain(held).chain(["chair", "secretary", "liaison-manager", "liaison-contact"]).collect()
}
