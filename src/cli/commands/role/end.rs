//! `liaison role end`

use crate::cli::answers::{answer, day, need, tomorrow};
use crate::cli::commands::acting::told;
use crate::cli::commands::keeping::{KeepArgs, Keeper};
use crate::cli::commands::known::{known_group, known_person};
use crate::cli::context::Context;
use crate::cli::desk::Desk;
use crate::cli::exit::{Outcome, refuse};
use crate::cli::present::term_text;
use crate::directory::edit::Edit;

use super::terms;

/// Record that somebody no longer holds a role
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  liaison role end chair tls carla-example                                 From tomorrow on no longer
  liaison role end area-director sec ada-example --until 2026-03-19

The term stays in the file: what was approved in it remains approved.")]
pub(crate) struct EndArgs {
    /// The role
    #[arg(value_name = "ROLE")]
    role: Option<String>,
    /// The group at which it is held
    #[arg(value_name = "GROUP")]
    group: Option<String>,
    /// The person
    #[arg(value_name = "PERSON")]
    person: Option<String>,
    /// The first day no longer; tomorrow, if none is given: what was done today counts
    #[arg(long, value_name = "DATE")]
    until: Option<String>,
    #[command(flatten)]
    keep: KeepArgs,
}

/// Gives the term its end in the group's file.
pub(super) fn run(args: &EndArgs, ctx: &mut Context) -> anyhow::Result<Outcome> {
    let desk = Desk::open(ctx)?;
    let record = desk.record()?;
    let keeper = Keeper::new(ctx, &desk, &record, &args.keep)?;
    let answers = [(args.role.is_some(), "ROLE"), (args.group.is_some(), "GROUP"), (args.person.is_some(), "PERSON")];
    need(ctx, "role end", &answers)?;
    let role = answer(ctx, args.role.as_deref(), "Role", None, "ROLE")?;
    let group = answer(ctx, args.group.as_deref(), "Group (acronym)", None, "GROUP")?;
    let person = answer(ctx, args.person.as_deref(), "Person (handle)", None, "PERSON")?;
    let until = day("--until", args.until.as_deref(), tomorrow(ctx))?;
    let (acronym, group) = known_group(&record, &group, ctx.now.day())?;
    known_person(&record, &person)?;
    if !terms(group, &role, &person).any(|held| held.term.until.is_none()) {
        let message = match terms(group, &role, &person).last() {
            Some(past) => format!("{person} was {role} of {acronym} {}, and is no longer", term_text(&past.term)),
            None => format!("{person} is not {role} of {acronym}"),
        };
        return Err(refuse(
            message,
            format!("liaison role list {acronym} and liaison person show {person} tell who holds what"),
        ));
    }
    let path = format!("directory/groups/{acronym}.toml");
    let item = vec![("role", role.clone()), ("person", person.clone())];
    let message = format!("role: {person} ends as {role} of {acronym} on {until}");
    let reached = keeper.change(ctx, &path, &Edit::End { list: "role", item, until }, "--until", &message)?;
    writeln!(ctx.out, "{acronym}: {person} is no longer {role} from {until} on")?;
    ctx.hint(told(&reached))?;
    let others = group.roles.iter().filter(|term| term.role == role && term.person != person);
    if others.filter(|term| term.term.holds_on(until)).count() == 0 {
        ctx.hint(format!(
            "nobody is {role} of {acronym} then: liaison role begin {role} {acronym} PERSON --since {until}"
        ))?;
    }
    Ok(Outcome::Done)
}
