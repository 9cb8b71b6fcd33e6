//! `liaison distribute`

use crate::cli::args::TravelArgs;
use crate::cli::context::Context;
use crate::cli::exit::{Outcome, refuse};
use crate::domain::ActKind;
use crate::domain::Contact;
use crate::policy::informed;

use super::acting::{ActorArgs, act_on, in_role, keeper_role, our_groups, with_detail, with_list};
use super::notice::notice;
use super::scene::{Decision, play};

/// Record that a received letter was passed on inside; the table proposes to whom
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  liaison distribute ls-2026-007                     Whom [[inform]] names
  liaison distribute ls-2026-007 --group ccamp       To another group's people too
  liaison distribute ls-2026-007 --to expert@ietf.example")]
pub(crate) struct DistributeArgs {
    /// The letter
    #[arg(value_name = "ID")]
    letter: String,
    /// An address, besides those that the table names
    #[arg(long, value_name = "CONTACT")]
    to: Vec<String>,
    /// A group it concerns, besides those it went to
    #[arg(long, value_name = "GROUP")]
    group: Vec<String>,
    /// A remark that stands with it
    #[arg(long, value_name = "TEXT")]
    comment: Option<String>,
    #[command(flatten)]
    actor: ActorArgs,
    #[command(flatten)]
    travel: TravelArgs,
}

/// Writes the act `distribute` and lays a message for them into the outbox (LS-68).
pub(crate) fn run(args: &DistributeArgs, ctx: &mut Context) -> anyhow::Result<Outcome> {
    play(ctx, &args.letter, &args.actor, args.travel, |scene, ctx| {
        scene.needs_received()?;
        let (record, day) = (scene.record, ctx.now.day());
        let mut groups = our_groups(&scene.letter, record, ctx.now);
        groups.extend(args.group.iter().cloned());
        let senders: Vec<String> =
            scene.letter.statement.value.content.from.groups.iter().map(ToString::to_string).collect();
        let table = informed("received", &groups, &senders, &record.directory, &record.settings, day);
        let mut people: Vec<Contact> = table.into_iter().map(|reached| reached.contact).collect();
        for text in &args.to {
            people.extend(Contact::parse(text)?);
        }
        if people.is_empty() {
            return Err(refuse("there is nobody to pass it on to", "name somebody with --to CONTACT or --group GROUP"));
        }
        let role = keeper_role(scene.by.as_str(), &scene.letter, record, ctx.now);
        let mut act = in_role(act_on(ActKind::Distribute, scene.by.clone(), ctx, &scene.letter), role.as_ref())?;
        with_list(&mut act, "to", &people.iter().map(|contact| contact.address.to_string()).collect::<Vec<_>>())?;
        with_list(&mut act, "groups", &args.group)?;
        with_detail(&mut act, "comment", args.comment.as_deref())?;
        let file = notice(ctx, scene, &people, "distribute", "passed on to you", args.comment.as_deref())?;
        Ok(Decision::new(act, format!("passed on to {} addresses", people.len()))
            .next(format!("send {file} with your mail program")))
    })
}
