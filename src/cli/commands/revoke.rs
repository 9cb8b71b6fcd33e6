//! `liaison revoke`

use crate::cli::args::TravelArgs;
use crate::cli::context::Context;
use crate::cli::desk::{Desk, letter_name, me};
use crate::cli::exit::{Outcome, refuse};
use crate::digest::act_id;
use crate::domain::ActKind;
use crate::store::Change;

use super::acting::{ActorArgs, act_on, told, with_detail, write_act};

/// Take back your approval or your decline of a letter, for ever
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  liaison revoke ech-in-5g                        Your last approval or decline
  liaison revoke ech-in-5g --comment 'I had seen an older text'")]
pub(crate) struct RevokeArgs {
    /// The letter
    #[arg(value_name = "ID")]
    letter: String,
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
    let revoked: Vec<_> = letter.acts_of(ActKind::Revoke).filter_map(|act| act.value.revokes).collect();
    let mine = |act: &&crate::domain::Act| {
        matches!(act.kind, ActKind::Approve | ActKind::Decline)
            && act.by == by
            && !revoked.contains(&act_id(act, id, &subject))
    };
    let acts: Vec<&crate::domain::Act> = letter.acts.iter().map(|act| &act.value).collect();
    let own: Vec<&crate::domain::Act> = acts.into_iter().filter(mine).collect();
    let Some(last) = own.last().copied() else {
        return Err(refuse(
            format!("{} neither approved nor declined {name}", record.directory.name_of(by.as_str())),
            format!("liaison show {name}"),
        ));
    };
    let what = last.kind.noun();
    let same = own.iter().filter(|act| act.kind == last.kind && act.content == last.content);
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
    Ok(Outcome::Done)
}
