//! `liaison review`

mod found;
mod gather;
mod letters;
mod markdown;
mod words;

use crate::cli::context::Context;
use crate::cli::desk::Desk;
use crate::cli::exit::Outcome;
use crate::cli::format::write_json;

use gather::Review;
use markdown::markdown;

/// Tell what this branch does: letters, changes, approvals, what is in the way, what leaves once it is merged
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  liaison review                          Beside the mainline, for a comment on the pull request
  liaison review --base origin/main       Beside another branch or commit
  liaison review --format json            For programs

The directory, the settings and the trust root of the base judge the branch, not those that it brings.
Ends with 1 where something is in the way, with 3 where only people are awaited.")]
pub(crate) struct ReviewArgs {
    /// The branch that this one wants to join; the remote's mainline, if none is given
    #[arg(long, value_name = "REV")]
    base: Option<String>,
    /// The most characters of a Markdown review; 0 for as many as it takes
    #[arg(long, value_name = "N", default_value_t = 60_000)]
    limit: usize,
    /// How it is printed
    #[arg(long, value_enum, default_value_t = ReviewFormat::Markdown, value_name = "FORMAT")]
    format: ReviewFormat,
}

/// How a review is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum ReviewFormat {
    /// Markdown, for a comment on a pull request
    Markdown,
    /// JSON, for programs
    Json,
}

/// Prints the review.
pub(crate) fn run(args: &ReviewArgs, ctx: &mut Context) -> anyhow::Result<Outcome> {
    let desk = Desk::open(ctx)?;
    let flow = desk.settings()?.flow;
    let base = args.base.clone().unwrap_or_else(|| match desk.repo(ctx) {
        Ok(repo) => repo.counting(&flow.remote, &flow.mainline),
        Err(_) => flow.mainline.clone(),
    });
    let review = Review::of(ctx, &desk, &base)?;
    match args.format {
        ReviewFormat::Json => write_json(ctx, &review.json())?,
        ReviewFormat::Markdown => {
            let limit = if args.limit == 0 { usize::MAX } else { args.limit };
            write!(ctx.out, "{}", markdown(&review, limit))?;
        }
    }
    Ok(match (review.errors(), review.waiting()) {
        (0, 0) => Outcome::Done,
        (0, _) => Outcome::WaitsForPeople,
        _ => Outcome::Findings,
    })
}
