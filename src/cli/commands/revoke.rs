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

/// Writes the act `revoke`, which names the act it takes back.
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
    let Some(last) = acts.into_iter().rev().find(mine) else {
        return Err(refuse(
            format!("{} neither approved nor declined {name}", record.directory.name_of(by.as_str())),
            format!("liaison show {name}"),
        ));
    };
    let mut act = act_on(ActKind::Revoke, by, ctx, &letter);
    act.role.clone_from(&last.role);
    act.of.clone_from(&last.of);
    act.for_groups.clone_from(&last.for_groups);
    act.revokes = Some(act_id(last, id, &subject));
    act.content = None;
    with_detail(&mut act, "comment", args.comment.as_deref())?;
    let what = last.kind.noun();
    let (_, reached) = write_act(ctx, &desk, &record, &name, act, Change::default(), args.travel)?;
    writeln!(ctx.out, "{name}: your {what} is revoked, for ever; a new one is a new act")?;
    ctx.hint(told(&reached))?;
    Ok(Outcome::Done)
}
