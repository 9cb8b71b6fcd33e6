//! `liaison revoke`

use crate::cli::args::TravelArgs;
use crate::cli::ask;
use crate::cli::context::Context;
use crate::cli::desk::{Desk, letter_name, me};
use crate::cli::exit::{Outcome, refuse, refuse_with};
use crate::digest::act_id;
use crate::domain::{Act, ActKind, Word};
use crate::policy::{may_revoke, reason_not_revoking, revoked_act};
use crate::record::Letter;
use crate::store::{Change, Record};

use super::acting::{ActorArgs, act_on, told, with_detail, write_act};

/// Take back your approval or your decline of a letter, for ever
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  liaison revoke ech-in-5g                        Your last approval or decline
  liaison revoke ech-in-5g --dry-run              What would be revoked
  liaison revoke ech-in-5g --act decline          Your decline; an approval of yours stands again
  liaison revoke ech-in-5g --comment 'I had seen an older text'")]
pub(crate) struct RevokeArgs {
    /// The letter
    #[arg(value_name = "ID")]
    letter: String,
    /// Only this decision of yours; the last one, if none is given
    #[arg(long, value_name = "ACT", value_parser = ["approve", "decline"])]
    act: Option<String>,
    /// Say what would be revoked, and do nothing
    #[arg(long)]
    dry_run: bool,
    /// A remark that stands with it
    #[arg(long, value_name = "TEXT")]
    comment: Option<String>,
    #[command(flatten)]
    actor: ActorArgs,
    #[command(flatten)]
    travel: TravelArgs,
}

/// Writes an act `revoke` for each of the person's approvals, or declines, of the same content.
pub(crate) fn run(args: &RevokeArgs, ctx: &mut Context) -> anyhow::Result<Outcome> {
    let desk = Desk::open(ctx)?;
    let record = desk.record()?;
    let name = letter_name(&record, &args.letter)?;
    let Some(letter) = record.linked(&name)?.letters.remove(&name) else {
        return Err(refuse(format!("{name} cannot be read"), format!("liaison check {name}")));
    };
    if !name.is_draft() {
        return Err(refuse(
            format!("{name} was numbered; a revoke has no effect any more"),
            format!("liaison comment {name} …, or a new letter that revises it"),
        ));
    }
    let Some(id) = &record.settings.id else {
        return Err(refuse("the record has no id", "liaison check"));
    };
    let by = me(&record.directory, ctx, &desk, args.actor.actor.as_deref())?;
    let subject = letter.subject();
    let revokes = revokes(&letter, &record);
    let revoked: Vec<_> = revokes.iter().filter_map(|act| act.revokes).collect();
    let mine = |act: &&Act| {
        matches!(act.kind, ActKind::Approve | ActKind::Decline)
            && act.by == by
            && !revoked.contains(&act_id(act, id, &subject))
    };
    let own: Vec<&Act> = letter.acts.iter().map(|act| &act.value).filter(mine).collect();
    let wanted = |act: &&&Act| args.act.as_deref().is_none_or(|kind| kind == act.kind.as_str());
    let Some(last) = own.iter().rfind(wanted).copied() else {
        let who = record.directory.name_of(by.as_str());
        let message = match args.act.as_deref() {
            None => format!("{who} neither approved nor declined {name}, or revoked it"),
            Some(act) => format!("{who} has no act `{act}` on {name} that could be revoked"),
        };
        return Err(refuse(message, format!("liaison show {name}")));
    };
    if args.act.is_none() {
        refuse_again(&letter, &revokes, &by, last)?;
    }
    let what = format!("{} of {}", last.kind.noun(), last.at);
    let (same, others): (Vec<&Act>, Vec<&Act>) =
        own.iter().partition(|act| act.kind == last.kind && act.content == last.content);
    if args.dry_run {
        writeln!(ctx.out, "{name}: would revoke your {what}, for ever")?;
        return tell_standing(ctx, &others);
    }
    if !ask::confirm(ctx, &format!("revoke your {what}, for ever?"))? {
        return Err(refuse_with(Outcome::WaitsForPeople, "nothing was revoked", []));
    }
    for revoked in same {
        let mut act = act_on(ActKind::Revoke, by.clone(), ctx, &letter);
        act.at = act.at.max(revoked.at.plus_seconds(1));
        act.role.clone_from(&revoked.role);
        act.of.clone_from(&revoked.of);
        act.for_groups.clone_from(&revoked.for_groups);
        act.revokes = Some(act_id(revoked, id, &subject));
        act.content = None;
        with_detail(&mut act, "comment", args.comment.as_deref())?;
        let (_, reached) = write_act(ctx, &desk, &record, &name, act, Change::default(), args.travel)?;
        ctx.hint(told(&reached))?;
    }
    writeln!(ctx.out, "{name}: your {what} is revoked, for ever; a new one is a new act")?;
    tell_standing(ctx, &others)
}

/// The revokes that have an effect.
fn revokes<'l>(letter: &'l Letter, record: &Record<'_>) -> Vec<&'l Act> {
    let (directory, settings) = (&record.directory, &record.settings);
    let counts = |revoke: &&Act| {
        let revoked = revoked_act(revoke, letter, settings).filter(|act| may_revoke(revoke, act, directory));
        revoked.is_some_and(|act| reason_not_revoking(revoke, act, letter, directory, settings).is_none())
    };
    letter.acts_of(ActKind::Revoke).map(|act| &act.value).filter(counts).collect()
}

/// Whoever revokes twice may have meant to revoke once: the decision before is revoked only when it is named.
fn refuse_again(letter: &Letter, revokes: &[&Act], by: &Word, last: &Act) -> anyhow::Result<()> {
    let again = revokes.iter().any(|act| act.by == *by && act.at > last.at);
    if !again {
        return Ok(());
    }
    let (name, what) = (&letter.name, last.kind.noun());
    Err(refuse(
        format!("your last decision on {name} is revoked already; your {what} of {} stands", last.at),
        format!("to take that back too: liaison revoke {name} --act {}", last.kind),
    ))
}

/// Says which other decisions of the person are not revoked.
fn tell_standing(ctx: &mut Context, others: &[&Act]) -> anyhow::Result<Outcome> {
    for act in others {
        ctx.hint(format!("your {} of {} stands", act.kind.noun(), act.at))?;
    }
    Ok(Outcome::Done)
}
