//! `liaison approve --reaffirm` on a numbered letter: confirms an approval whose key or term became doubtful.

use crate::check::{Overview, Whole};
use crate::cli::ask;
use crate::cli::context::Context;
use crate::cli::desk::{Desk, me};
use crate::cli::exit::{Outcome, refuse, refuse_with};
use crate::cli::present::act_text;
use crate::digest::act_id;
use crate::domain::{Act, ActKind, Word};
use crate::policy::{Proof, is_reaffirmed, proof};
use crate::record::Letter;
use crate::store::{Change, Record};

use super::acting::{act_on, in_role, told, with_detail, write_act};
use super::approve::{ApproveArgs, authority};

/// Writes an act `ratify` by whoever has authority today; its comment names the acts that it confirms.
pub(super) fn run(
    ctx: &mut Context,
    desk: &Desk,
    whole: &Whole<'_, '_>,
    overview: &Overview<'_>,
    args: &ApproveArgs,
) -> anyhow::Result<Outcome> {
    let (record, letter) = (whole.record, overview.letter);
    let name = &letter.name;
    if !letter.statement.value.content.is_outgoing() {
        return Err(refuse(format!("{name} is another body's letter"), format!("liaison show {name}")));
    }
    let doubtful = doubtful(letter, record);
    if doubtful.is_empty() {
        return Err(refuse(
            format!("{name} has no approval that could be confirmed"),
            format!("liaison ratify {name}, if it left without approval"),
        ));
    }
    let by = me(&record.directory, ctx, desk, args.actor.actor.as_deref())?;
    let covered = authority(args, overview, record, &by, ctx)?;
    for act in &doubtful {
        writeln!(ctx.out, "{}", act_text(act, letter, record))?;
    }
    if !ask::confirm(ctx, &format!("confirm this for {name}?"))? {
        return Err(refuse_with(Outcome::WaitsForPeople, "nothing was recorded", []));
    }
    let comment = comment(&doubtful, letter, record, args.comment.as_deref());
    for (holder, groups) in &covered {
        let mut act = in_role(act_on(ActKind::Ratify, by.clone(), ctx, letter), Some(holder))?;
        act.for_groups = groups.iter().filter_map(|group| Word::parse(group).ok().flatten()).collect();
        with_detail(&mut act, "comment", Some(&comment))?;
        let (_, reached) = write_act(ctx, desk, record, name, act, Change::default(), args.travel)?;
        writeln!(ctx.out, "{name}: reaffirmed by {} for {}", record.directory.name_of(by.as_str()), groups.join(", "))?;
        ctx.hint(told(&reached))?;
    }
    Ok(Outcome::Done)
}

/// The approvals whose proof is gone and that nobody confirmed; where there are none, all of them: a person may know more.
fn doubtful<'l>(letter: &'l Letter, record: &Record<'_>) -> Vec<&'l Act> {
    let (directory, settings, subject) = (&record.directory, &record.settings, letter.subject());
    let given: Vec<&Act> = letter
        .acts
        .iter()
        .map(|act| &act.value)
        .filter(|act| matches!(act.kind, ActKind::Approve | ActKind::Ratify))
        .collect();
    let is_faulty = |act: &&&Act| {
        matches!(proof(act, &subject, directory, settings), Proof::Faulty(_))
            && !is_reaffirmed(act, letter, directory, settings)
    };
    let faulty: Vec<&Act> = given.iter().filter(is_faulty).copied().collect();
    if faulty.is_empty() { given } else { faulty }
}

/// "reaffirms sha256:… (approve of 2026-11-24 by ada-example)".
fn comment(acts: &[&Act], letter: &Letter, record: &Record<'_>, given: Option<&str>) -> String {
    let named = |act: &&Act| {
        let id = record.settings.id.as_ref().map(|id| format!("{} ", act_id(act, id, &letter.subject())));
        format!("{}({} of {} by {})", id.unwrap_or_default(), act.kind, act.at.day(), act.by)
    };
    let confirmed = format!("reaffirms {}", acts.iter().map(named).collect::<Vec<_>>().join(", "));
    given.map_or_else(|| confirmed.clone(), |text| format!("{confirmed}; {}", text.trim()))
}
