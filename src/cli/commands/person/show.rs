//! `liaison person show`

use chrono::NaiveDate;
use serde_json::json;

use crate::cli::commands::known::known_person;
use crate::cli::context::Context;
use crate::cli::desk::Desk;
use crate::cli::exit::Outcome;
use crate::cli::format::write_one;
use crate::cli::page::{Page, PageFormat};
use crate::cli::present::term_text;
use crate::directory::key::fingerprint;
use crate::directory::{Directory, Key, Person, RoleTerm};

use super::key::name_of;

/// Show a person: addresses, keys, and the roles held now and before
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  liaison person show ada-example
  liaison person show ada-example --format json")]
pub(crate) struct ShowArgs {
    /// The person
    #[arg(value_name = "HANDLE")]
    handle: String,
    /// How it is printed
    #[arg(long, value_enum, default_value_t = PageFormat::Text, value_name = "FORMAT")]
    format: PageFormat,
}

/// Prints a person's facts, keys and terms.
pub(super) fn run(args: &ShowArgs, ctx: &mut Context) -> anyhow::Result<Outcome> {
    let desk = Desk::open(ctx)?;
    let record = desk.record()?;
    known_person(&record, &args.handle)?;
    if let Some(person) = record.directory.people.get(&args.handle) {
        let terms = terms(&record.directory, &args.handle);
        match args.format.shape() {
            None => page(&args.handle, &person.value, &terms, ctx.now.day()).print(ctx)?,
            Some(shape) => write_one(ctx, shape, &as_json(&args.handle, &person.value, &terms, ctx.now.day()))?,
        }
    }
    Ok(Outcome::Done)
}

/// Every term of a person with its group, the latest first.
fn terms<'d>(directory: &'d Directory, handle: &str) -> Vec<(&'d str, &'d RoleTerm)> {
    let of = |group: &'d str, terms: &'d [RoleTerm]| terms.iter().map(move |term| (group, term));
    let all = directory.groups.iter().flat_map(|(name, group)| of(name, &group.value.roles));
    let mut terms: Vec<_> = all.filter(|(_, term)| term.person == handle).collect();
    terms.sort_by_key(|(_, term)| std::cmp::Reverse(term.term.since));
    terms
}

fn page(handle: &str, person: &Person, terms: &[(&str, &RoleTerm)], day: NaiveDate) -> Page {
    let mut page = Page::new(format!("{handle}  {}", person.name));
    page.fact("Kind", person.is_service.then(|| "service: it records and never approves".into()));
    let addresses: Vec<String> = person.addresses.iter().map(ToString::to_string).collect();
    page.fact("Addresses", Some(addresses.join(", ")));
    for forge in &person.forges {
        let id = forge.id.map(|id| format!(" (account {id})")).unwrap_or_default();
        page.fact("Forge", Some(format!("{} at {}{id}", forge.login.as_deref().unwrap_or("somebody"), forge.host)));
    }
    page.section("Keys", person.keys.iter().map(|key| key_text(key, day)));
    let line = |(group, term): &(&str, &RoleTerm)| {
        let address = term.address.as_ref().map(|address| format!("  <{address}>")).unwrap_or_default();
        format!("{:<32} {}{address}", format!("{} of {group}", term.role), term_text(&term.term))
    };
    let (held, other): (Vec<_>, Vec<_>) = terms.iter().partition(|(_, term)| term.term.holds_on(day));
    page.section(&format!("Roles on {day}"), held.iter().map(line));
    page.section("Other terms", other.iter().map(line));
    page
}

/// A key as people compare it, with its life.
fn key_text(key: &Key, day: NaiveDate) -> String {
    let called = name_of(key.is_ssh, &key.public);
    let since = key.since.map(|since| format!(" since {since}")).unwrap_or_default();
    let retired =
        key.retired.map(|retired| format!(", {} {retired}", if retired <= day { "retired on" } else { "retires on" }));
    let suspect = key.compromised.as_ref().map(|commit| format!(", suspect since commit {commit}"));
    let reason = key.reason.as_ref().map(|reason| format!(" ({reason})"));
    let parts = [retired, suspect, reason].map(Option::unwrap_or_default);
    format!("{called}{since}{}", parts.concat())
}

fn as_json(handle: &str, person: &Person, terms: &[(&str, &RoleTerm)], day: NaiveDate) -> serde_json::Value {
    let date = |date: Option<NaiveDate>| date.map(|date| date.to_string());
    json!({
        "handle": handle,
        "name": person.name,
        "kind": if person.is_service { "service" } else { "person" },
        "addresses": person.addresses.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "keys": person.keys.iter().map(|key| json!({
            "type": if key.is_ssh { "ssh" } else { "openpgp" },
            "public": key.public.trim_end(),
            "fingerprint": if key.is_ssh { fingerprint(&key.public) } else { None },
            "since": date(key.since),
            "retired": date(key.retired),
            "compromised": key.compromised,
            "compromised-on": date(key.compromised_on),
            "reason": key.reason,
        })).collect::<Vec<_>>(),
        "roles": terms.iter().map(|(group, term)| json!({
            "role": term.role,
            "group": group,
            "since": date(term.term.since),
            "until": date(term.term.until),
            "held": term.term.holds_on(day),
            "address": term.address.as_ref().map(ToString::to_string),
        })).collect::<Vec<_>>(),
    })
}
