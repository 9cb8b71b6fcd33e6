//! `liaison reply`

use std::path::PathBuf;

use crate::cli::args::TravelArgs;
use crate::cli::context::Context;
use crate::cli::desk::{Desk, letter_name};
use crate::cli::exit::{Outcome, refuse};

use super::acting::{ActorArgs, our_groups};
use super::new::{self, NewArgs};
use super::scene::refuse_redacted;

/// Begin an answer to a letter that was received: groups, contacts and send-to are filled in
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "Examples:
  liaison reply ls-2026-007 --body answer.txt
  liaison reply 007 --from tls --purpose for-action --deadline 2027-01-15   An answer that asks in turn
  liaison reply 007 --courtesy 2027-02-01                                   Offers a later date")]
pub(crate) struct ReplyArgs {
    /// The letter that is answered
    #[arg(value_name = "ID")]
    letter: String,
    /// The group that answers; all of ours it went to, if none is given
    #[arg(long, value_name = "GROUP")]
    from: Vec<String>,
    /// The title; "Reply to: …", if none is given
    #[arg(long)]
    title: Option<String>,
    /// The purpose
    #[arg(long, default_value = "in-response")]
    purpose: String,
    /// Until when, when the answer asks in turn
    #[arg(long, value_name = "DATE")]
    deadline: Option<String>,
    /// The text: a file, or - for standard input
    #[arg(long, value_name = "FILE|-", conflicts_with = "courtesy")]
    body: Option<PathBuf>,
    /// Say that the deadline cannot be met, and offer this day
    #[arg(long, value_name = "DATE")]
    courtesy: Option<String>,
    /// A file to send along
    #[arg(long, value_name = "FILE")]
    attach: Vec<PathBuf>,
    /// The level of consensus, such as working-group or collected-comments
    #[arg(long, value_name = "LEVEL")]
    consensus: Option<String>,
    /// Where the consensus was called or is documented
    #[arg(long, value_name = "URL")]
    evidence: Vec<String>,
    /// A document the letter is about, with its status
    #[arg(long, value_name = "NAME=STATUS")]
    document: Vec<String>,
    /// The draft's name, for life
    #[arg(long)]
    slug: Option<String>,
    #[command(flatten)]
    actor: ActorArgs,
    #[command(flatten)]
    travel: TravelArgs,
}

/// Begins a draft from the original's facts; a reply goes to the original's send-reply-to (LS-40).
pub(crate) fn run(args: &ReplyArgs, ctx: &mut Context) -> anyhow::Result<Outcome> {
    let desk = Desk::open(ctx)?;
    let record = desk.record()?;
    let name = letter_name(&record, &args.letter)?;
    let Some(original) = record.letter(&name)? else {
        return Err(refuse(format!("{name} cannot be read"), format!("liaison check {name}")));
    };
    refuse_redacted(&original)?;
    let content = &original.statement.value.content;
    if name.is_draft() || content.is_outgoing() {
        return Err(refuse(
            format!("{name} is ours; only a letter that was received is answered"),
            format!("liaison new --revises {name} begins a revised letter"),
        ));
    }
    let from = if args.from.is_empty() { our_groups(&original, &record, ctx.now) } else { args.from.clone() };
    let title = content.title.as_ref().map_or_else(|| format!("Reply to {name}"), |title| format!("Reply to: {title}"));
    let courtesy = args.courtesy.as_deref().map(|day| courtesy_text(&original, day)).transpose()?;
    let folder = tempfile::tempdir()?;
    let body = match courtesy {
        Some(text) => {
            let path = folder.path().join("courtesy.txt");
            std::fs::write(&path, text)?;
            Some(path)
        }
        None => args.body.clone(),
    };
    let new = NewArgs {
        from,
        to: content.from.groups.iter().map(ToString::to_string).collect(),
        title: args.title.clone().or(Some(title)),
        purpose: Some(args.purpose.clone()),
        deadline: args.deadline.clone(),
        body,
        attach: args.attach.clone(),
        in_response_to: vec![name.to_string()],
        consensus: args.consensus.clone().or_else(|| args.courtesy.as_ref().map(|_| "none-claimed".to_owned())),
        evidence: args.evidence.clone(),
        document: args.document.clone(),
        slug: args.slug.clone(),
        to_contact: if content.from.send_reply_to.is_some() {
            Vec::new()
        } else {
            content.from.contacts.iter().map(ToString::to_string).collect()
        },
        together: true,
        actor: args.actor.clone(),
        travel: args.travel,
        ..NewArgs::default()
    };
    new::run(&new, ctx)
}

/// A courtesy answer: the deadline cannot be met, a later day is offered (LS-47).
fn courtesy_text(original: &crate::record::Letter, day: &str) -> anyhow::Result<String> {
    let day = crate::domain::time::parse_date(day)?
        .ok_or_else(|| refuse("--courtesy is empty", "give a day, such as 2027-02-01"))?;
    let content = &original.statement.value.content;
    let title = content.title.as_ref().map(|title| format!(" on \"{title}\"")).unwrap_or_default();
    let wanted = content.deadline.map(|deadline| format!(" by {deadline}")).unwrap_or_default();
    Ok(format!(
        "Dear colleagues,\n\nthank you for your liaison statement{title}.\n\nWe cannot give you a considered answer{wanted}. We expect to answer by {day}.\nIf that is too late for your work, please tell us which part matters most to you.\n\nThis message claims no consensus of our group on the matter itself.\n\nKind regards\n"
    ))
}
