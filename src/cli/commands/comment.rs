//! `liaison comment`

use crate::cli::args::TravelArgs;
use crate::cli::context::Context;
use crate::cli::desk::{Desk, letter_name, me};
use crate::cli::exit::{Outcome, refuse};
use crate::domain::ActKind;
use crate::store::Change;

use super::acting::{ActorArgs, act_on, in_role, keeper_role, told, with_detail, write_act};

/// Comment on a letter; neither approves nor declines it
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  liaison comment ech-in-5g 'section 2 could name the deployment'")]
pub(crate) struct CommentArgs {
    /// The letter
    #[arg(value_name = "ID")]
    letter: String,
    /// What you say of it
    text: String,
    #[command(flatten)]
    actor: ActorArgs,
    #[command(flatten)]
    travel: TravelArgs,
}

/// Writes the act `comment`.
pub(crate) fn run(args: &CommentArgs, ctx: &mut Context) -> anyhow::Result<Outcome> {
    let desk = Desk::open(ctx)?;
    let record = desk.record()?;
    let name = letter_name(&record, &args.letter)?;
    let Some(letter) = record.letter(&name)? else {
        return Err(refuse(format!("{name} cannot be read"), format!("liaison check {name}")));
    };
    let by = me(&record.directory, ctx, &desk, args.actor.actor.as_deref())?;
    let role = keeper_role(by.as_str(), &letter, &record, ctx.now.day());
    let mut act = in_role(act_on(ActKind::Comment, by, ctx, &letter), role.as_ref())?;
    with_detail(&mut act, "comment", Some(&args.text))?;
    let (_, reached) = write_act(ctx, &desk, &record, &name, act, Change::default(), args.travel)?;
    writeln!(ctx.out, "{name}: commented")?;
    ctx.hint(told(&reached))?;
    Ok(Outcome::Done)
}
