//! What `receive --via import` asks for besides: the approval table says who brings a letter in without its history.

use super::acting::{authority, in_role};
use crate::cli::context::Context;
use crate::cli::desk::Desk;
use crate::cli::signature::{demand_effect, sign};
use crate::domain::{Act, Statement, StatementName};
use crate::record::{Letter, parse_statement, statement_yaml};
use crate::shape::Sink;
use crate::store::Record;

/// The act of an import, in the role that the table asks for, and signed where its maker has a key here.
///
/// # Errors
/// Refuses whoever may not import, and an act without the proof that the table asks for: it would have no effect.
pub(super) fn imported(
    ctx: &Context,
    desk: &Desk,
    record: &Record<'_>,
    name: &StatementName,
    statement: &Statement,
    act: &Act,
) -> anyhow::Result<Act> {
    let (directory, settings) = (&record.directory, &record.settings);
    let Some(letter) = letter(name, statement)? else { return Ok(act.clone()) };
    let holder = authority(act.by.as_str(), "import", &letter, record, act.at)?;
    let mut act = in_role(act.clone(), Some(&holder))?;
    let signed = sign(ctx, &desk.repo(ctx)?, directory, settings, &name.to_string(), &mut act)?;
    demand_effect(&act, &signed, &letter, directory, settings)?;
    Ok(act)
}

/// The letter as it will be read.
fn letter(name: &StatementName, statement: &Statement) -> anyhow::Result<Option<Letter>> {
    let path = name.path();
    let mut sink = Sink::new(&path);
    let read = parse_statement(statement_yaml(statement)?.as_bytes(), &mut sink);
    Ok(read.map(|statement| Letter::new(name.clone(), statement, Vec::new(), sink.findings, 0)))
}
