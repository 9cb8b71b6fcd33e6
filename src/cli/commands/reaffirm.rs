//! `liaison approve --reaffirm` on a numbered letter: confirms an approval whose key or term became doubtful.

use crate::check::{Overview, Whole};
use crate::cli::ask;
use crate::cli::context::Context;
use crate::cli::desk::{Desk, me};
use crate::cli::exit::{Outcome, refuse, refuse_with};
use crate::cli::present::act_text;
use crate::digest::act_id;
use crate::directory::Holder;
use crate::domain::{Act, ActKind, Word};
use crate::policy::{Proof, Roots, is_reaffirmed, proof};
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
    if faulty(letter, record).is_empty() && is_settled(letter, record, &by, &covered, ctx) {
        return tell_settled(ctx, letter, &by).map(|()| Outcome::Done);
    }
    for act in &doubtful {
        writeln!(ctx.out, "{}", act_text(act, letter, record, &Roots::default()))?;
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
    let faulty = faulty(letter, record);
    if faulty.is_empty() { given(letter).collect() } else { faulty }
}

fn given(letter: &Letter) -> impl Iterator<Item = &Act> {
    letter.acts.iter().map(|act| &act.value).filter(|act| matches!(act.kind, ActKind::Approve | ActKind::Ratify))
}

/// The approvals whose proof is gone and that nobody confirmed.
fn faulty<'l>(letter: &'l Letter, record: &Record<'_>) -> Vec<&'l Act> {
    let (directory, settings, subject) = (&record.directory, &record.settings, letter.subject());
    let is_faulty = |act: &&Act| {
        matches!(proof(act, &subject, directory, settings), Proof::Faulty(_))
            && !is_reaffirmed(act, letter, directory, settings)
    };
    given(letter).filter(is_faulty).collect()
}

/// Whether a person's own approvals cover the groups with nothing to doubt: of the present content, in a role that the person
/// holds today, signed with a key that is good today, or asserted by a person who has none.
pub(super) fn is_settled(
    letter: &Letter,
    record: &Record<'_>,
    by: &Word,
    covered: &[(Holder<'_>, Vec<String>)],
    ctx: &Context,
) -> bool {
    let (directory, day, subject) = (&record.directory, ctx.now.day(), letter.subject());
    let known = directory.people.get(by.as_str()).into_iter().flat_map(|person| &person.value.keys);
    let has_key = known.into_iter().any(|key| key.is_good_on(day));
    let is_firm = |act: &&Act| match proof(act, &subject, directory, &record.settings) {
        Proof::Signed { key, .. } => key.is_good_on(day),
        Proof::Asserted => !has_key,
        Proof::Faulty(_) => false,
    };
    let holds = |act: &&Act| {
        let role = act.role.as_ref().zip(act.of.as_ref());
        role.is_some_and(|(role, of)| directory.holds(by.as_str(), role.as_str(), of.as_str(), day))
    };
    let own = given(letter).filter(|act| act.by == *by && act.content == Some(letter.content));
    let firm: Vec<&Act> = own.filter(holds).filter(is_firm).collect();
    let mut groups = covered.iter().flat_map(|(_, groups)| groups);
    groups.all(|group| firm.iter().any(|act| act.for_groups.iter().any(|named| named.as_str() == group.as_str())))
}

/// Says that there is nothing to do.
pub(super) fn tell_settled(ctx: &mut Context, letter: &Letter, by: &Word) -> anyhow::Result<()> {
    let name = &letter.name;
    writeln!(ctx.out, "{name}: nothing to reaffirm: {by} approved it, in a role and with a key that are good today")?;
    Ok(())
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
