//! `liaison correct`

use crate::cli::answers::{answer, need};
use crate::cli::args::TravelArgs;
use crate::cli::context::Context;
use crate::cli::exit::{Outcome, refuse};
use crate::domain::ActKind;
use crate::record::{Correction, NOTHING};
use crate::shape::Node;

use super::acting::{ActorArgs, act_on, authority, in_role, with_detail};
use super::scene::{Decision, play};

/// Mend what we transcribed wrongly from a received letter
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  liaison correct ls-2026-007 --field deadline --was 2026-12-08 --now-is 2026-12-18 --reason 'the PDF says the 18th'
  liaison correct ls-2026-007 --field from.send-reply-to --was - --now-is sa3@3gpp.example --reason 'page 2 names it'

The letter's file stays as it is. Lists, deadlines, states and rules follow the last correction; `show` tells both values.")]
pub(crate) struct CorrectArgs {
    /// The letter
    #[arg(value_name = "ID")]
    letter: String,
    /// The key that is wrong, such as deadline
    #[arg(long, value_name = "KEY")]
    field: Option<String>,
    /// What stands there; - for nothing
    #[arg(long, value_name = "TEXT")]
    was: Option<String>,
    /// What the letter says; - for nothing
    #[arg(long = "now-is", alias = "is", value_name = "TEXT")]
    now_is: Option<String>,
    /// How it is known
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
    #[command(flatten)]
    actor: ActorArgs,
    #[command(flatten)]
    travel: TravelArgs,
}

/// Writes the act `correct`, when the letter with it can be read; its file stays as it is, both values are shown.
pub(crate) fn run(args: &CorrectArgs, ctx: &mut Context) -> anyhow::Result<Outcome> {
    play(ctx, &args.letter, &args.actor, args.travel, |scene, ctx| {
        scene.needs_received()?;
        let flags = [
            (args.field.is_some(), "--field KEY"),
            (args.was.is_some(), "--was TEXT"),
            (args.now_is.is_some(), "--now-is TEXT"),
            (args.reason.is_some(), "--reason TEXT"),
        ];
        need(ctx, "correct ID", &flags)?;
        let holder = authority(scene.by.as_str(), "correct", &scene.letter, scene.record, ctx.now)?;
        let field = answer(ctx, args.field.as_deref(), "The key that is wrong, such as deadline", None, "--field KEY")?;
        if !is_key(&field) {
            return Err(refuse(
                format!("nothing was corrected: `{field}` is no key of a letter"),
                format!("the keys are {}", KEYS.join(", ")),
            ));
        }
        let stands = scene.letter.statement.root.at(&field).map(Node::texts).unwrap_or_default();
        let proposal = if let [one] = stands.as_slice() { one.trim() } else { NOTHING };
        let was = answer(ctx, args.was.as_deref(), "What stands there (- for nothing)", Some(proposal), "--was TEXT")?;
        let is_so = match stands.as_slice() {
            [] => was.trim() == NOTHING,
            texts => texts.iter().any(|text| text.trim() == was.trim()),
        };
        if !is_so {
            let found = if stands.is_empty() { "nothing".to_owned() } else { stands.join(", ") };
            return Err(refuse(
                format!("`{field}` is {found}, not {was}"),
                "give what stands there with --was; - for nothing",
            ));
        }
        let now = answer(ctx, args.now_is.as_deref(), "What the letter says (- for nothing)", None, "--now-is TEXT")?;
        let reason = answer(ctx, args.reason.as_deref(), "How that is known", None, "--reason TEXT")?;
        let mut act = in_role(act_on(ActKind::Correct, scene.by.clone(), ctx, &scene.letter), Some(&holder))?;
        for (key, value) in [("field", &field), ("was", &was), ("now", &now), ("reason", &reason)] {
            with_detail(&mut act, key, Some(value))?;
        }
        if let Some(correction) = Correction::of(&act) {
            let check = scene.letter.check_correction(&correction);
            check.map_err(|why| {
                refuse(format!("nothing was corrected: {why}"), "docs/format.md tells keys and values")
            })?;
        }
        Ok(Decision::new(act, format!("corrected: {field} is {now}, not {was}")))
    })
}

/// The keys of a letter that were transcribed, those below a key after a full stop.
const KEYS: [&str; 22] = [
    "title",
    "language",
    "date",
    "from.groups",
    "from.contacts",
    "from.send-reply-to",
    "to.groups",
    "to.contacts",
    "to.send-to",
    "purpose",
    "deadline",
    "in-response-to",
    "revises",
    "consensus.level",
    "consensus.evidence",
    "meeting",
    "work-items",
    "release",
    "questions",
    "documents",
    "body",
    "identifiers",
];

/// The keys that a letter has, and nobody transcribed: why they are not corrected is told with the correction.
const OTHER_KEYS: [&str; 5] = ["direction", "attachments", "original", "tags", "waivers"];

/// Whether a letter has a key: one of those, or one that has keys below it.
fn is_key(field: &str) -> bool {
    let first = field.split('.').next().unwrap_or_default();
    let above = KEYS.iter().any(|key| key.strip_prefix(field).is_some_and(|rest| rest.starts_with('.')));
    KEYS.contains(&field) || above || OTHER_KEYS.contains(&first)
}
