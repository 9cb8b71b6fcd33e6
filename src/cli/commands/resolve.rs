//! `liaison resolve`

use crate::cli::answers::{answer, read};
use crate::cli::args::TravelArgs;
use crate::cli::ask;
use crate::cli::context::Context;
use crate::cli::exit::Outcome;
use crate::domain::ActKind;
use crate::domain::time::parse_date;
use crate::policy::WILL_BE_DONE;

use super::acting::{ActorArgs, act_on, in_role, keeper_role, with_detail};
use super::scene::{Decision, play};

/// Record what came of a letter, and how its sender was told
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "Examples:
  liaison resolve ls-2026-007 --outcome done --told 'by mail to liaison@3gpp.example'
  liaison resolve ls-2026-007 --outcome will-be-done --until 2027-03-01 --url https://…
  liaison resolve ls-2026-007 --outcome declined --reason 'outside our charter' --told 'by mail'")]
pub(crate) struct ResolveArgs {
    /// The letter
    #[arg(value_name = "ID")]
    letter: String,
    /// done, will-be-done, declined, modified, answered, useful, not-useful or no-response-intended
    #[arg(long, value_name = "OUTCOME", value_parser = OUTCOMES)]
    outcome: Option<String>,
    /// Until when it will be done
    #[arg(long, value_name = "DATE")]
    until: Option<String>,
    /// Why it is declined or done otherwise
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
    /// How the sender was told
    #[arg(long, value_name = "TEXT")]
    told: Option<String>,
    /// Where that can be seen
    #[arg(long, value_name = "URL")]
    url: Option<String>,
    /// A remark that stands with it
    #[arg(long, value_name = "TEXT")]
    comment: Option<String>,
    #[command(flatten)]
    actor: ActorArgs,
    #[command(flatten)]
    travel: TravelArgs,
}

/// Writes the act `resolve` (LS-113, LS-116, LS-117).
pub(crate) fn run(args: &ResolveArgs, ctx: &mut Context) -> anyhow::Result<Outcome> {
    play(ctx, &args.letter, &args.actor, args.travel, |scene, ctx| {
        scene.needs_number()?;
        let args = &asked(args, ctx)?;
        let outcome = args.outcome.clone().unwrap_or_default();
        let until = args.until.as_deref().map(|day| read("--until", day, parse_date)).transpose()?;
        let role = keeper_role(scene.by.as_str(), &scene.letter, scene.record, ctx.now);
        let mut act = in_role(act_on(ActKind::Resolve, scene.by.clone(), ctx, &scene.letter), role.as_ref())?;
        with_detail(&mut act, "outcome", Some(&outcome))?;
        with_detail(&mut act, "until", until.map(|day| day.to_string()).as_deref())?;
        with_detail(&mut act, "reason", args.reason.as_deref())?;
        with_detail(&mut act, "told", args.told.as_deref())?;
        with_detail(&mut act, "url", args.url.as_deref())?;
        with_detail(&mut act, "comment", args.comment.as_deref())?;
        let done = match until {
            Some(until) if outcome == WILL_BE_DONE => format!("will be done by {until}; open until then"),
            Some(_) | None => format!("resolved, {outcome}"),
        };
        let decision = Decision::new(act, done);
        let is_told = args.told.is_some() || args.url.is_some() || outcome == "no-response-intended";
        let received = !scene.letter.statement.value.content.is_outgoing();
        Ok(if received && !is_told {
            decision.next("tell the sender, and say how: --told TEXT, or liaison reply")
        } else {
            decision
        })
    })
}

/// The arguments, with what was asked for: the outcome, and what must or may stand with it.
fn asked(args: &ResolveArgs, ctx: &Context) -> anyhow::Result<ResolveArgs> {
    let mut args = args.clone();
    let asks = args.outcome.is_none() && ctx.interactive;
    let outcome = match args.outcome.take() {
        Some(outcome) => outcome,
        None => ask::choice(ctx, "What came of it", &OUTCOMES, "--outcome OUTCOME")?,
    };
    if outcome == WILL_BE_DONE {
        let until =
            answer(ctx, args.until.as_deref(), "Until when it will be done (YYYY-MM-DD)", None, "--until DATE")?;
        args.until = Some(until);
    }
    if ["declined", "modified"].contains(&outcome.as_str()) {
        args.reason = Some(answer(ctx, args.reason.as_deref(), "Why", None, "--reason TEXT")?);
    }
    if asks && args.told.is_none() && args.url.is_none() {
        args.told = Some(ask::line(ctx, "How its sender was told (empty: not yet)", None, "--told TEXT")?);
        args.told = args.told.filter(|told| !told.is_empty());
    }
    args.outcome = Some(outcome);
    Ok(args)
}

/// What a reply may be (rfc4053bis, section "Receiving and Responding").
const OUTCOMES: [&str; 8] =
    ["done", "will-be-done", "declined", "modified", "answered", "useful", "not-useful", "no-response-intended"];
