//! `liaison status`

use serde_json::json;

use crate::check::{Overview, Whole};
use crate::cli::args::Format;
use crate::cli::context::Context;
use crate::cli::desk::{Desk, me};
use crate::cli::exit::Outcome;
use crate::cli::format::Listing;
use crate::cli::present::who_text;
use crate::config::FlowMode;
use crate::domain::ActKind;
use crate::policy::{Flag, State};
use crate::store::Record;

use super::acting::our_groups;
use super::list::warn_of_unread;

/// Show what waits, and for whom
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  liaison status           What waits for anybody
  liaison status --mine    What waits for you")]
pub(crate) struct StatusArgs {
    /// Only what waits for you
    #[arg(long)]
    mine: bool,
    /// Be this person of the directory
    #[arg(long = "as", value_name = "HANDLE")]
    actor: Option<String>,
    /// How the list is printed
    #[arg(long, value_enum, default_value_t = Format::Table, value_name = "FORMAT")]
    format: Format,
}

/// One thing that waits.
struct Waiting {
    what: String,
    people: Vec<String>,
    text: String,
}

/// Prints each letter that waits for somebody, and what is not on the mainline yet.
pub(crate) fn run(args: &StatusArgs, ctx: &mut Context) -> anyhow::Result<Outcome> {
    let desk = Desk::open(ctx)?;
    let record = desk.record()?;
    let whole = Whole::read(&record)?;
    let person = if args.mine || args.actor.is_some() { Some(me(&record.directory, ctx, &desk, args.actor.as_deref())?) } else { None };
    let mut listing = Listing::new(&["id", "state", "waits-for", "what"]);
    for overview in whole.overviews(ctx.now)? {
        let Some(waiting) = waiting(&overview, &record, ctx) else { continue };
        if person.as_ref().is_some_and(|person| !waiting.people.iter().any(|other| other == person.as_str())) {
            continue;
        }
        listing.rows.push(vec![overview.letter.name.to_string().into(), waiting.text.into(), json!(waiting.people), waiting.what.into()]);
    }
    listing.write(ctx, args.format)?;
    branches(ctx, &desk, &record)?;
    warn_of_unread(ctx, &whole)?;
    Ok(Outcome::Done)
}

/// What a letter waits for, if it waits.
fn waiting(overview: &Overview<'_>, record: &Record<'_>, ctx: &Context) -> Option<Waiting> {
    let letter = overview.letter;
    let directory = &record.directory;
    let day = ctx.now.day();
    let drafter = || letter.acts_of(ActKind::Draft).next().map(|act| act.value.by.to_string());
    let chairs = || {
        let groups = our_groups(letter, record, day);
        groups.iter().flat_map(|group| directory.holders("chair", group, day)).map(|holder| holder.person.to_owned()).collect::<Vec<_>>()
    };
    let authors = || drafter().map_or_else(chairs, |drafter| vec![drafter]);
    let (what, people) = match overview.standing.state {
        State::Draft => ("to be finished".to_owned(), authors()),
        State::Ready if !overview.approval.declines.is_empty() => ("declined: change it, or ask again".to_owned(), authors()),
        State::Ready => {
            let missing: Vec<_> = overview.approval.needs.iter().filter(|need| need.missing > 0).collect();
            let people = missing.iter().flat_map(|need| need.who.iter().map(|holder| holder.person.to_owned())).collect();
            let asked = missing.iter().map(|need| format!("{} by {}", need.group, who_text(need, directory))).collect::<Vec<_>>();
            (format!("approval for {}", asked.join("; ")), people)
        }
        State::Approved => ("to be sent".to_owned(), authors()),
        State::Sending => ("a sending that began".to_owned(), authors()),
        State::HandedOver => ("to be sent from the outbox, then `liaison mark-sent`".to_owned(), authors()),
        State::InDoubt => ("somebody who finds out whether it left".to_owned(), authors()),
        State::Refused => ("the mail server refused it".to_owned(), authors()),
        State::SentUnapproved => ("ratification, or a revised letter".to_owned(), overview.approval.needs.iter().flat_map(|need| need.who.iter().map(|holder| holder.person.to_owned())).collect()),
        State::Received => ("somebody who takes care of it".to_owned(), keepers(record, ctx).into_iter().chain(chairs()).collect()),
        State::Assigned => {
            let assignees = letter.last(ActKind::Assign).map(|act| act.detail_list("assignee")).unwrap_or_default();
            ("an answer, or a decision".to_owned(), assignees)
        }
        State::Sent if overview.standing.flags.contains(&Flag::Bounced) => ("it did not arrive".to_owned(), authors()),
        State::Sent if overview.standing.open_until.is_some() => ("the other body's answer".to_owned(), Vec::new()),
        State::Sent | State::Resolved | State::Withdrawn | State::Redacted => return None,
    };
    let due = overview.standing.open_until.map(|deadline| format!(", by {deadline}")).unwrap_or_default();
    let mut people: Vec<String> = people;
    people.dedup();
    Some(Waiting { what, people, text: format!("{}{due}", crate::cli::present::state_text(overview)) })
}

/// Coordinators and registrars of the record.
fn keepers(record: &Record<'_>, ctx: &Context) -> Vec<String> {
    let at = |role: &str| record.directory.holders(role, &record.settings.organization, ctx.now.day());
    let keepers = at("liaison-coordinator").into_iter().chain(at("registrar"));
    keepers.map(|holder| holder.person.to_owned()).collect()
}

/// In pull-request flow: the branches that are not on the mainline yet, and what was sent and not merged.
fn branches(ctx: &mut Context, desk: &Desk, record: &Record<'_>) -> anyhow::Result<()> {
    let Ok(repo) = desk.repo(ctx) else { return Ok(()) };
    let flow = &record.settings.flow;
    if flow.mode != FlowMode::PullRequest {
        return Ok(());
    }
    for branch in repo.remote_branches(&flow.remote, "statement/") {
        ctx.hint(format!("{}/{branch} is not merged yet: git switch {branch}", flow.remote))?;
    }
    for branch in repo.remote_branches(&flow.remote, "liaison/send/") {
        let number = branch.trim_start_matches("liaison/send/").to_owned();
        let merged = record.names().any(|name| name.to_string() == number);
        if !merged {
            ctx.hint(format!("{number}: sent, not yet on {}; merge {}/{branch}", flow.mainline, flow.remote))?;
        }
    }
    Ok(())
}
