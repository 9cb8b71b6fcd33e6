//! The course of every command that writes one act on one letter: read, decide, write, tell.

use anyhow::Context as _;

use crate::cli::args::TravelArgs;
use crate::cli::context::Context;
use crate::cli::desk::{Desk, letter_name, me};
use crate::cli::exit::{Outcome, refuse};
use crate::domain::{Act, StatementName, Word};
use crate::record::Letter;
use crate::store::{Change, Record};

use super::acting::{ActorArgs, told, write_act};

/// What a command decides from.
pub(crate) struct Scene<'a> {
    /// The record.
    pub(crate) record: &'a Record<'a>,
    /// The letter's name.
    pub(crate) name: StatementName,
    /// The letter.
    pub(crate) letter: Letter,
    /// Who acts.
    pub(crate) by: Word,
}

impl Scene<'_> {
    /// Refuses a command that is only for numbered letters.
    pub(crate) fn needs_number(&self) -> anyhow::Result<()> {
        if self.name.is_draft() {
            return Err(refuse(format!("{} is a draft", self.name), format!("liaison edit {} changes it", self.name)));
        }
        Ok(())
    }

    /// Refuses a command that is only for letters of other bodies.
    pub(crate) fn needs_received(&self) -> anyhow::Result<()> {
        self.needs_number()?;
        if self.letter.statement.value.content.is_outgoing() {
            return Err(refuse(format!("{} is ours", self.name), format!("liaison show {}", self.name)));
        }
        Ok(())
    }

    /// Refuses a command that is only for letters of ours.
    pub(crate) fn needs_ours(&self) -> anyhow::Result<()> {
        if self.letter.statement.value.content.is_outgoing() {
            return Ok(());
        }
        Err(refuse(format!("{} is another body's letter", self.name), format!("liaison show {}", self.name)))
    }
}

/// What a command decided: the act, what else changes, and what the person reads.
pub(crate) struct Decision {
    /// The act.
    pub(crate) act: Act,
    /// Files beside it.
    pub(crate) also: Change,
    /// The result in a few words.
    pub(crate) done: String,
    /// What to do next.
    pub(crate) next: Vec<String>,
}

impl Decision {
    /// An act and how it is told.
    pub(crate) fn new(act: Act, done: impl Into<String>) -> Self {
        Self { act, also: Change::default(), done: done.into(), next: Vec::new() }
    }

    /// Says what to do next.
    pub(crate) fn next(mut self, step: impl Into<String>) -> Self {
        self.next.push(step.into());
        self
    }
}

/// Refuses a command that would go on with a letter of which nobody can read any more what it said.
pub(crate) fn refuse_redacted(letter: &Letter) -> anyhow::Result<()> {
    let Some(redaction) = letter.redaction() else { return Ok(()) };
    let day = redaction.at.map(|at| format!(" on {}", at.day())).unwrap_or_default();
    let name = &letter.name;
    Err(refuse(format!("{name} was redacted{day}; nothing is done with it any more"), format!("liaison show {name}")))
}

/// Reads a letter, lets the command decide, writes the act and lets it travel.
pub(crate) fn play(
    ctx: &mut Context,
    part: &str,
    actor: &ActorArgs,
    travel: TravelArgs,
    decide: impl FnOnce(&Scene<'_>, &mut Context) -> anyhow::Result<Decision>,
) -> anyhow::Result<Outcome> {
    let desk = Desk::open(ctx)?;
    let record = desk.record()?;
    let name = letter_name(&record, part)?;
    let letter = record.linked(&name)?.letters.remove(&name);
    let letter = letter.with_context(|| format!("{name} cannot be read; `liaison check {name}` tells why"))?;
    let by = me(&record.directory, ctx, &desk, actor.actor.as_deref())?;
    refuse_redacted(&letter)?;
    let scene = Scene { record: &record, name, letter, by };
    let decision = decide(&scene, ctx)?;
    let (_, reached) = write_act(ctx, &desk, &record, &scene.name, decision.act, decision.also, travel)?;
    writeln!(ctx.out, "{}: {}", scene.name, decision.done)?;
    ctx.hint(told(&reached))?;
    for step in decision.next {
        ctx.hint(format!("next: {step}"))?;
    }
    Ok(Outcome::Done)
}
