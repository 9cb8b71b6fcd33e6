//! `liaison due`

use crate::check::{Overview, Whole};
use crate::cli::args::Format;
use crate::cli::context::Context;
use crate::cli::desk::Desk;
use crate::cli::exit::Outcome;
use crate::cli::format::Listing;
use crate::cli::ledger::with_ledger;
use crate::cli::present::state_text;
use crate::domain::time::days_between;

use super::list::warn_of_unread;

/// Show open actions by deadline: what we owe, and what others owe us
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  liaison due               Everything that is open
  liaison due --within 14   Overdue, or due within two weeks
  liaison due --ours        Only what we owe

A deadline that was corrected counts as corrected, and what will be done is open until the day that was promised; what
the letter says stands beside it.
A deadline lasts until it is over anywhere on earth (UTC-12). Nothing is closed by its passing; silence is not agreement.")]
pub(crate) struct DueArgs {
    /// Only what is due within so many days, and what is overdue
    #[arg(long, value_name = "DAYS")]
    within: Option<i64>,
    /// Only what we owe others
    #[arg(long, conflicts_with = "theirs")]
    ours: bool,
    /// Only what others owe us
    #[arg(long)]
    theirs: bool,
    /// How the list is printed
    #[arg(long, value_enum, default_value_t = Format::Table, value_name = "FORMAT")]
    format: Format,
}

/// Prints open actions, the nearest deadline first.
pub(crate) fn run(args: &DueArgs, ctx: &mut Context) -> anyhow::Result<Outcome> {
    let desk = Desk::open(ctx)?;
    let record = desk.record()?;
    let whole = with_ledger(ctx, &desk, Whole::read(&record)?)?;
    let today = ctx.now.day_anywhere();
    let mut open: Vec<_> = whole
        .overviews(ctx.now)?
        .into_iter()
        .filter_map(|overview| overview.standing.open_until.map(|deadline| (deadline, overview)))
        .collect();
    open.retain(|(deadline, overview)| {
        let outgoing = overview.letter.statement.value.content.is_outgoing();
        let near = args.within.is_none_or(|days| days_between(today, *deadline) <= days);
        near && if outgoing { !args.ours } else { !args.theirs }
    });
    open.sort_by(|a, b| (a.0, &a.1.letter.name).cmp(&(b.0, &b.1.letter.name)));
    let mut listing = Listing::new(&["deadline", "days", "id", "state", "who-owes", "title", "letter-says"]);
    for (deadline, overview) in &open {
        let content = &overview.letter.statement.value.content;
        let assignees = overview.custody.assignees();
        let theirs = || content.to.groups.iter().map(ToString::to_string).collect::<Vec<_>>();
        let owes = match () {
            () if content.is_outgoing() => theirs(),
            () if assignees.is_empty() => overview.custody.groups.clone(),
            () => assignees,
        };
        listing.rows.push(vec![
            deadline.to_string().into(),
            days_between(today, *deadline).into(),
            overview.letter.name.to_string().into(),
            state_text(overview).into(),
            serde_json::json!(owes),
            content.title.as_ref().map(ToString::to_string).into(),
            letter_says(overview).into(),
        ]);
    }
    if args.format == Format::Table && open.iter().all(|(_, overview)| letter_says(overview).is_none()) {
        listing.hide("letter-says");
    }
    listing.write(ctx, args.format)?;
    warn_of_unread(ctx, &whole)?;
    Ok(Outcome::Done)
}

/// The deadline in the letter's file, when another one counts since it was corrected or something was promised.
fn letter_says(overview: &Overview<'_>) -> Option<String> {
    let filed = overview.letter.as_filed().value.content.deadline;
    let differs = filed != overview.standing.open_until;
    differs.then(|| filed.map_or_else(|| "no deadline".to_owned(), |day| day.to_string()))
}
