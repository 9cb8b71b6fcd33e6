//! `liaison list`

use std::collections::BTreeSet;

use chrono::NaiveDate;
use clap::ValueEnum;
use serde_json::{Value, json};

use crate::check::{Overview, Whole};
use crate::cli::args::Format;
use crate::cli::branches::unmerged_branches;
use crate::cli::context::Context;
use crate::cli::desk::Desk;
use crate::cli::exit::{Outcome, usage};
use crate::cli::format::Listing;
use crate::cli::ledger::with_ledger;
use crate::cli::letter_json::redaction_json;
use crate::cli::moved::tell_moved_drafts;
use crate::cli::present::state_text;
use crate::cli::redactions::redaction_note;
use crate::domain::time::parse_date;
use crate::domain::{Direction, Line, Purpose, StatementName};
use crate::history::Revision;
use crate::policy::{Flag, State};
use crate::record::Letter;
use crate::store::Record;

use super::contacts::known_groups;
use super::list_add::{self, ListAddArgs};

/// List letters; filters narrow what is listed
#[derive(Debug, clap::Args)]
#[command(
    args_conflicts_with_subcommands = true,
    disable_help_subcommand = true,
    after_help = "Examples:
  liaison list                                   Everything, newest first
  liaison list --state received --to rtg         Received by the routing area or a group below it
  liaison list --organization itu-t --since 2026-01-01 --until 2026-06-30
  liaison list --due 2026-12-31 --sort deadline
  liaison list --format json | jq -r '.[].id'
  liaison list -- add                            Letters that contain the word \"add\"
  liaison list add tls --address 'TLS <tls@example.org>'   Not a letter: add a mailing list"
)]
pub(crate) struct ListArgs {
    #[command(subcommand)]
    command: Option<ListCommand>,
    #[command(flatten)]
    filter: Filter,
    /// The order
    #[arg(long, value_enum, default_value_t = Sort::Date, value_name = "KEY")]
    sort: Sort,
    /// The other way round
    #[arg(long)]
    reverse: bool,
    /// How the list is printed
    #[arg(long, value_enum, default_value_t = Format::Table, value_name = "FORMAT")]
    format: Format,
}

/// What `list` does besides listing letters.
#[derive(Debug, clap::Subcommand)]
enum ListCommand {
    Add(ListAddArgs),
}

/// What is listed.
#[derive(Debug, Clone, Default, clap::Args)]
pub(crate) struct Filter {
    /// Words that title, text, contacts, numbers or tags contain, whatever their case
    #[arg(value_name = "TEXT")]
    text: Vec<String>,
    /// Only this state (several may be given), or one of overdue, due-soon, bounced, revised, answered,
    /// promised, partly-redacted, not-on-mainline, not-pulled
    #[arg(long, value_name = "STATE")]
    state: Vec<String>,
    /// Only what we sent (outgoing) or got (incoming)
    #[arg(long, value_name = "DIRECTION")]
    direction: Option<String>,
    /// From or to this group or one below it, or with it now
    #[arg(long, value_name = "GROUP")]
    group: Option<String>,
    /// From this group or one below it
    #[arg(long, value_name = "GROUP")]
    from: Option<String>,
    /// To this group or one below it, or with it now: redirected or passed on to it
    #[arg(long, value_name = "GROUP")]
    to: Option<String>,
    /// To or from this other body or a group of it
    #[arg(long, value_name = "GROUP")]
    organization: Option<String>,
    /// Only this purpose
    #[arg(long, value_name = "PURPOSE")]
    purpose: Option<String>,
    /// Only letters of this day or later
    #[arg(long, value_name = "DATE")]
    since: Option<String>,
    /// Only letters of this day or earlier
    #[arg(long, value_name = "DATE")]
    until: Option<String>,
    /// Only open actions whose deadline is this day or earlier
    #[arg(long, value_name = "DATE")]
    due: Option<String>,
    /// Only letters with this tag
    #[arg(long, value_name = "TAG")]
    tag: Option<String>,
}

/// The order of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Sort {
    /// Newest first; drafts before all
    Date,
    /// By number
    Id,
    /// By title
    Title,
    /// The nearest first
    Deadline,
    /// In the order of a letter's life
    State,
}

/// Prints the letters that pass the filters.
pub(crate) fn run(args: &ListArgs, ctx: &mut Context) -> anyhow::Result<Outcome> {
    if let Some(ListCommand::Add(args)) = &args.command {
        return list_add::run(args, ctx);
    }
    let desk = Desk::open(ctx)?;
    let record = desk.record()?;
    let whole = with_ledger(ctx, &desk, Whole::read(&record)?)?;
    let there = numbered_elsewhere(ctx, &desk, &whole)?;
    let records: Vec<Record<'_>> = there.iter().map(|(_, files)| Record::open(files)).collect::<Result<_, _>>()?;
    let around = records.iter().zip(&there).map(|(record, (name, _))| Whole::around(record, name, None));
    let others: Vec<Whole<'_, '_>> = around.collect::<Result<_, _>>()?;
    let mut shown: Vec<Overview<'_>> = whole.overviews(ctx.now)?;
    for (other, (name, _)) in others.iter().zip(&there) {
        shown.extend(other.overview(name, ctx.now)?.map(unmerged));
    }
    let test = Test::new(&args.filter, &record, &shown, ctx.now.day())?;
    shown.retain(|overview| test.passes(overview, &record));
    sort(&mut shown, args.sort);
    if args.reverse {
        shown.reverse();
    }
    let mut listing = listing(&shown);
    if args.format == Format::Table {
        listing.hide("corrected");
        listing.hide("redacted");
        hide_usual(&mut listing, &shown);
    }
    listing.write(ctx, args.format)?;
    tell_corrected(ctx, &shown)?;
    for told in shown.iter().filter_map(|overview| redaction_note(overview.letter, &record.directory)) {
        ctx.hint(told)?;
    }
    warn_of_unread(ctx, &whole)?;
    tell_moved_drafts(ctx, &desk, &record)?;
    Ok(Outcome::Done)
}

/// Letters that have their number and wait on a branch for their merge, where no draft stands for them here.
fn numbered_elsewhere(
    ctx: &Context,
    desk: &Desk,
    whole: &Whole<'_, '_>,
) -> anyhow::Result<Vec<(StatementName, Revision)>> {
    let Ok(repo) = desk.repo(ctx) else { return Ok(Vec::new()) };
    let is_here = |name: &StatementName| {
        let is_taken = whole.taken.values().any(|taken| StatementName::Numbered(taken.number.clone()) == *name);
        name.is_draft() || is_taken || whole.record.names().any(|known| known == name)
    };
    let branches = unmerged_branches(&repo, &whole.record.settings.flow)?;
    let letters = branches.into_iter().map(|(branch, files)| (branch.letter, files));
    Ok(letters.filter(|(name, _)| !is_here(name)).collect())
}

/// A letter that the mainline does not have yet.
fn unmerged(mut overview: Overview<'_>) -> Overview<'_> {
    overview.standing.flags.push(Flag::Unmerged);
    overview
}

/// Leaves out of a table what says nothing new of any letter: with whom it is, and until when it is open.
fn hide_usual(listing: &mut Listing, shown: &[Overview<'_>]) {
    let is_moved = |overview: &Overview<'_>| {
        let to = &overview.letter.statement.value.content.to.groups;
        overview.custody.concerned().any(|group| !to.iter().any(|to| to.as_str() == group))
    };
    let is_other_day = |overview: &Overview<'_>| {
        let deadline = overview.letter.statement.value.content.deadline;
        overview.standing.open_until.is_some_and(|until| Some(until) != deadline)
    };
    if !shown.iter().any(is_moved) {
        listing.hide("with");
    }
    if !shown.iter().any(is_other_day) {
        listing.hide("open-until");
    }
}

/// Says which letters are listed as corrected.
fn tell_corrected(ctx: &mut Context, shown: &[Overview<'_>]) -> anyhow::Result<()> {
    let corrected = shown.iter().filter(|overview| !overview.letter.corrections.is_empty());
    for letter in corrected.map(|overview| overview.letter) {
        ctx.hint(format!("{} is listed as corrected: {}", letter.name, corrected_fields(letter).join(", ")))?;
    }
    Ok(())
}

/// A letter that cannot be read is not listed; whoever lists should know.
pub(crate) fn warn_of_unread(ctx: &mut Context, whole: &Whole<'_, '_>) -> anyhow::Result<()> {
    let unread: std::collections::BTreeSet<_> =
        whole.findings.iter().map(|finding| finding.place.file.as_str()).collect();
    if !unread.is_empty() {
        ctx.hint(format!("{} files could not be read: liaison check", unread.len()))?;
    }
    Ok(())
}

/// A purpose that is neither the seed's nor any letter's is a slip of the pen.
fn refuse_purpose(purpose: &str, letters: &[Overview<'_>]) -> anyhow::Result<()> {
    let own = letters.iter().filter_map(|overview| overview.letter.statement.value.content.purpose.as_ref());
    let known: BTreeSet<&str> = Purpose::KNOWN.into_iter().chain(own.map(Purpose::as_str)).collect();
    if known.contains(purpose) {
        return Ok(());
    }
    let known: Vec<&str> = known.into_iter().collect();
    Err(usage(format!("no letter has the purpose `{purpose}`"), format!("one of {}", known.join(", "))))
}

/// Filters with their values read.
struct Test {
    filter: Filter,
    since: Option<NaiveDate>,
    until: Option<NaiveDate>,
    due: Option<NaiveDate>,
    today: NaiveDate,
    words: Vec<String>,
}

impl Test {
    fn new(filter: &Filter, record: &Record<'_>, letters: &[Overview<'_>], day: NaiveDate) -> anyhow::Result<Self> {
        for state in &filter.state {
            if State::parse(state).is_none() && !Flag::ALL.iter().any(|flag| flag.as_str() == state) {
                let states =
                    State::ALL.iter().map(|state| state.as_str()).chain(Flag::ALL.iter().map(|flag| flag.as_str()));
                return Err(usage(
                    format!("`{state}` is no state"),
                    format!("one of {}", states.collect::<Vec<_>>().join(", ")),
                ));
            }
        }
        if let Some(purpose) = &filter.purpose {
            refuse_purpose(purpose, letters)?;
        }
        if let Some(direction) = &filter.direction {
            Direction::parse(direction).map_err(|error| usage(error.to_string(), ""))?;
        }
        for group in [&filter.group, &filter.from, &filter.to, &filter.organization].into_iter().flatten() {
            if record.directory.group(group, day).is_none() {
                return Err(usage(format!("`{group}` is no group of the directory"), known_groups(record, group)));
            }
        }
        let date = |text: &Option<String>| text.as_deref().map(parse_date).transpose().map(Option::flatten);
        let read = |text: &Option<String>| date(text).map_err(|error| usage(error.to_string(), ""));
        Ok(Self {
            since: read(&filter.since)?,
            until: read(&filter.until)?,
            due: read(&filter.due)?,
            today: day,
            words: filter.text.iter().map(|word| word.to_lowercase()).collect(),
            filter: filter.clone(),
        })
    }

    fn passes(&self, overview: &Overview<'_>, record: &Record<'_>) -> bool {
        let content = &overview.letter.statement.value.content;
        let day = overview.letter.date().unwrap_or_default();
        let below =
            |groups: &[Line], top: &str| groups.iter().any(|group| record.directory.is_below(group.as_str(), top, day));
        let is_with = |top: &str| {
            let today = self.today;
            overview.custody.concerned().any(|group| record.directory.is_below(group, top, today))
        };
        let to = |top: &str| below(&content.to.groups, top) || is_with(top);
        let either = |top: &str| below(&content.from.groups, top) || to(top);
        let filter = &self.filter;
        let date = overview.letter.date();
        let standing = &overview.standing;
        let in_state = |state: &String| {
            standing.state.as_str() == state || standing.flags.iter().any(|flag| flag.as_str() == state)
        };
        (filter.state.is_empty() || filter.state.iter().any(in_state))
            && filter
                .direction
                .as_ref()
                .is_none_or(|wanted| content.direction.is_some_and(|own| own.as_str() == wanted))
            && filter.group.as_ref().is_none_or(|group| either(group))
            && filter.from.as_ref().is_none_or(|group| below(&content.from.groups, group))
            && filter.to.as_ref().is_none_or(|group| to(group))
            && filter.organization.as_ref().is_none_or(|group| either(group))
            && filter
                .purpose
                .as_ref()
                .is_none_or(|wanted| content.purpose.as_ref().is_some_and(|own| own.as_str() == wanted))
            && self.since.is_none_or(|since| date.is_some_and(|date| date >= since))
            && self.until.is_none_or(|until| date.is_some_and(|date| date <= until))
            && self.due.is_none_or(|due| standing.open_until.is_some_and(|deadline| deadline <= due))
            && filter.tag.as_ref().is_none_or(|wanted| overview.letter.tags().iter().any(|tag| tag.as_str() == wanted))
            && (self.words.is_empty() || contains(overview, &self.words))
    }
}

fn contains(overview: &Overview<'_>, words: &[String]) -> bool {
    let content = &overview.letter.statement.value.content;
    let mut text =
        format!("{} {} ", overview.letter.name, content.title.as_ref().map(Line::as_str).unwrap_or_default());
    text.push_str(&content.body.to_string());
    for contact in content.from.contacts.iter().chain(&content.to.contacts) {
        text.push_str(&format!(" {contact}"));
    }
    for identifier in overview.letter.identifiers().iter().filter_map(|identifier| identifier.value.as_ref()) {
        text.push_str(&format!(" {identifier}"));
    }
    for tag in overview.letter.tags() {
        text.push_str(&format!(" {tag}"));
    }
    let text = text.to_lowercase();
    words.iter().all(|word| text.contains(word))
}

fn sort(shown: &mut [Overview<'_>], key: Sort) {
    let title = |overview: &Overview<'_>| overview.letter.statement.value.content.title.clone();
    match key {
        Sort::Date => shown.sort_by(|a, b| {
            let key = |overview: &Overview<'_>| {
                (overview.letter.name.is_draft(), overview.letter.date(), overview.letter.name.clone())
            };
            key(b).cmp(&key(a))
        }),
        Sort::Id => shown.sort_by(|a, b| a.letter.name.cmp(&b.letter.name)),
        Sort::Title => shown.sort_by_key(title),
        Sort::Deadline => shown.sort_by_key(|overview| {
            let deadline = overview.standing.open_until.or(overview.letter.statement.value.content.deadline);
            (overview.standing.open_until.is_none(), deadline.is_none(), deadline)
        }),
        Sort::State => shown.sort_by_key(|overview| overview.standing.state),
    }
}

/// The keys whose values are not as the letter's file has them, each once.
fn corrected_fields(letter: &Letter) -> Vec<String> {
    let fields: BTreeSet<&String> = letter.corrections.iter().map(|correction| &correction.field).collect();
    fields.into_iter().cloned().collect()
}

/// The rows of some letters.
pub(crate) fn listing(shown: &[Overview<'_>]) -> Listing {
    let mut listing = Listing::new(&[
        "id",
        "date",
        "state",
        "from",
        "to",
        "with",
        "purpose",
        "deadline",
        "open-until",
        "title",
        "corrected",
        "redacted",
    ])
    .spare(&["purpose", "date", "from", "with", "to", "deadline"]);
    for overview in shown {
        let content = &overview.letter.statement.value.content;
        let groups = |groups: &[Line]| Value::Array(groups.iter().map(|group| json!(group.as_str())).collect());
        listing.rows.push(vec![
            overview.letter.name.to_string().into(),
            overview.letter.date().map(|date| date.to_string()).into(),
            state_text(overview).into(),
            groups(&content.from.groups),
            groups(&content.to.groups),
            overview.custody.concerned().cloned().collect::<Vec<_>>().into(),
            content.purpose.as_ref().map(ToString::to_string).into(),
            content.deadline.map(|deadline| deadline.to_string()).into(),
            overview.standing.open_until.map(|day| day.to_string()).into(),
            content.title.as_ref().map(ToString::to_string).into(),
            corrected_fields(overview.letter).into(),
            redaction_json(overview.letter),
        ]);
    }
    listing
}
