//! `liaison status`

use chrono::NaiveDate;
use serde_json::json;

use crate::check::{Overview, Whole};
use crate::cli::args::Format;
use crate::cli::branches::unmerged_branches;
use crate::cli::context::Context;
use crate::cli::desk::{Desk, me};
use crate::cli::exit::Outcome;
use crate::cli::format::Listing;
use crate::cli::ledger::with_ledger;
use crate::cli::moved::tell_moved_drafts;
use crate::cli::present::who_text;
use crate::cli::redactions::{redaction_note, removal_people, removal_text};
use crate::domain::{ActKind, StatementName};
use crate::history::tracking;
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

/// What waits on branches, and the letters that were sent and not merged.
type OnBranches = (Vec<(StatementName, Waiting)>, Vec<StatementName>);

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
    let whole = with_ledger(ctx, &desk, Whole::read(&record)?)?;
    let person = if args.mine || args.actor.is_some() {
        Some(me(&record.directory, ctx, &desk, args.actor.as_deref())?)
    } else {
        None
    };
    let mut listing = Listing::new(&["id", "state", "waits-for", "what"]);
    let (elsewhere, taken) = on_branches(ctx, &desk, &record)?;
    let mut here = whole.overviews(ctx.now)?;
    here.retain(|overview| !taken.contains(&overview.letter.name));
    let today = ctx.now.day();
    let lately = here.iter().filter(|overview| is_lately_redacted(overview, today));
    for told in lately.filter_map(|overview| redaction_note(overview.letter, &record.directory)) {
        ctx.hint(told)?;
    }
    let here = here.iter().flat_map(|overview| {
        let all = waiting(overview, &record, ctx).into_iter().chain(removals(overview));
        all.map(|waiting| (overview.letter.name.clone(), waiting))
    });
    let mut all: Vec<(StatementName, Waiting)> = here.collect();
    all.extend(elsewhere);
    for (name, waiting) in all {
        if person.as_ref().is_some_and(|person| !waiting.people.iter().any(|other| other == person.as_str())) {
            continue;
        }
        listing.rows.push(vec![
            name.to_string().into(),
            waiting.text.into(),
            json!(waiting.people),
            waiting.what.into(),
        ]);
    }
    listing.write(ctx, args.format)?;
    warn_of_unread(ctx, &whole)?;
    tell_moved_drafts(ctx, &desk, &record)?;
    Ok(Outcome::Done)
}

/// For so many days it is told that a letter was redacted; it waits for nobody.
const LATELY: i64 = 30;

fn is_lately_redacted(overview: &Overview<'_>, today: NaiveDate) -> bool {
    let at = overview.letter.redaction().and_then(|redaction| redaction.at);
    at.is_some_and(|at| (today - at.day()).num_days() <= LATELY)
}

/// What of it waits to be taken away by the holders of the trust root.
fn removals<'o>(overview: &'o Overview<'_>) -> impl Iterator<Item = Waiting> + 'o {
    overview.removals.iter().map(|one| Waiting {
        what: removal_text(one),
        people: removal_people(one).iter().map(|holder| holder.handle.clone()).collect(),
        text: crate::cli::present::state_text(overview),
    })
}

/// What a letter waits for, if it waits.
fn waiting(overview: &Overview<'_>, record: &Record<'_>, ctx: &Context) -> Option<Waiting> {
    let letter = overview.letter;
    let directory = &record.directory;
    let day = ctx.now.day();
    let drafter = || letter.acts_of(ActKind::Draft).next().map(|act| act.value.by.to_string());
    let chairs = || {
        let groups = our_groups(letter, record, ctx.now);
        groups
            .iter()
            .flat_map(|group| directory.holders("chair", group, day))
            .map(|holder| holder.person.to_owned())
            .collect::<Vec<_>>()
    };
    let authors = || drafter().map_or_else(chairs, |drafter| vec![drafter]);
    let (what, people) = match overview.standing.state {
        State::Draft => ("to be finished".to_owned(), authors()),
        State::Ready if !overview.approval.declines.is_empty() => {
            ("declined: change it, or ask again".to_owned(), authors())
        }
        State::Ready => {
            let missing: Vec<_> = overview.approval.needs.iter().filter(|need| need.missing > 0).collect();
            let people =
                missing.iter().flat_map(|need| need.who.iter().map(|holder| holder.person.to_owned())).collect();
            let asked = missing
                .iter()
                .map(|need| format!("{} by {}", need.group, who_text(need, directory)))
                .collect::<Vec<_>>();
            (format!("approval for {}", asked.join("; ")), people)
        }
        State::Approved => ("to be sent".to_owned(), authors()),
        State::Sending => ("a sending that began".to_owned(), authors()),
        State::HandedOver => ("to be sent from the outbox, then `liaison mark-sent`".to_owned(), authors()),
        State::InDoubt => ("somebody who finds out whether it left".to_owned(), authors()),
        State::Refused => ("the mail server refused it".to_owned(), authors()),
        State::SentUnapproved => (
            "ratification, or a revised letter".to_owned(),
            overview
                .approval
                .needs
                .iter()
                .flat_map(|need| need.who.iter().map(|holder| holder.person.to_owned()))
                .collect(),
        ),
        State::Received => {
            ("somebody who takes care of it".to_owned(), keepers(record, ctx).into_iter().chain(chairs()).collect())
        }
        State::Assigned => {
            let promised = overview.standing.flags.contains(&Flag::Promised);
            let what = if promised { "what was promised" } else { "an answer, or a decision" };
            (what.to_owned(), overview.custody.assignees())
        }
        State::Sent if overview.standing.flags.contains(&Flag::Bounced) => ("it did not arrive".to_owned(), authors()),
        State::Sent if overview.standing.flags.contains(&Flag::Promised) => {
            ("what the other body promised".to_owned(), Vec::new())
        }
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

/// In pull-request flow: letters that are not here, but on branches of their own, as they were last fetched; and drafts that
/// are letters there.
fn on_branches(ctx: &mut Context, desk: &Desk, record: &Record<'_>) -> anyhow::Result<OnBranches> {
    let (mut all, mut taken) = (Vec::new(), Vec::new());
    let (flow, Ok(repo)) = (&record.settings.flow, desk.repo(ctx)) else { return Ok((all, taken)) };
    for (branch, revision) in unmerged_branches(&repo, flow)? {
        let is_here = record.names().any(|name| *name == branch.letter);
        let there = Record::open(&revision)?;
        let whole = Whole::around(&there, &branch.letter, None)?;
        let Some(overview) = whole.overview(&branch.letter, ctx.now)? else { continue };
        taken.extend(overview.letter.draft.clone());
        let (number, state) = (branch.letter.to_string(), overview.standing.state);
        if branch.name.starts_with("liaison/send/") {
            ctx.hint(format!(
                "{number}: {state}, not yet on {}; merge {}",
                flow.mainline,
                repo.shown(&tracking(&flow.remote, &branch.name))
            ))?;
        } else {
            ctx.hint(format!("{number}: not yet on {}; git switch {}", flow.mainline, branch.name))?;
        }
        if let Some(mut waiting) = waiting(&overview, &there, ctx).filter(|_| !is_here) {
            waiting.text = format!("{}, on {}", waiting.text, branch.name);
            all.push((branch.letter, waiting));
        }
    }
    Ok((all, taken))
}
