//! `liaison annotate`

use crate::cli::args::TravelArgs;
use crate::cli::context::Context;
use crate::cli::exit::{Outcome, refuse};
use crate::domain::ActKind;
use crate::domain::Detail;
use crate::findings::Code;

use super::acting::{ActorArgs, act_on, in_role, keeper_role, with_detail, with_list};
use super::scene::{Decision, play};

/// Add numbers, tags or a waiver to a letter that is frozen
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  liaison annotate ls-2026-031 --identifier 3gpp=S3-261234
  liaison annotate ls-2026-007 --tag 5g --tag ech
  liaison annotate ls-2026-007 --waive deadline-missing --reason 'their form has no field for it'")]
pub(crate) struct AnnotateArgs {
    /// The letter
    #[arg(value_name = "ID")]
    letter: String,
    /// A body's own number of the letter
    #[arg(long, value_name = "BODY=NUMBER")]
    identifier: Vec<String>,
    /// A word to find it by
    #[arg(long, value_name = "TAG")]
    tag: Vec<String>,
    /// A rule that is set aside for this letter
    #[arg(long, value_name = "CODE", requires = "reason")]
    waive: Vec<String>,
    /// Why it is set aside
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
    /// A remark that stands with it
    #[arg(long, value_name = "TEXT")]
    comment: Option<String>,
    #[command(flatten)]
    actor: ActorArgs,
    #[command(flatten)]
    travel: TravelArgs,
}

/// Writes the act `annotate`; the letter itself stays as it is.
pub(crate) fn run(args: &AnnotateArgs, ctx: &mut Context) -> anyhow::Result<Outcome> {
    play(ctx, &args.letter, &args.actor, args.travel, |scene, ctx| {
        scene.needs_number()?;
        let role = keeper_role(scene.by.as_str(), &scene.letter, scene.record, ctx.now);
        let mut act = in_role(act_on(ActKind::Annotate, scene.by.clone(), ctx, &scene.letter), role.as_ref())?;
        let mut identifiers = Vec::new();
        for text in &args.identifier {
            let Some((body, value)) = text.split_once('=') else {
                return Err(refuse(format!("`{text}` is no BODY=NUMBER"), "for example --identifier 3gpp=S3-261234"));
            };
            identifiers.push(Detail::Map(
                [("body", body), ("value", value)]
                    .into_iter()
                    .map(|(key, text)| Ok((key.to_owned(), Detail::text(text)?)))
                    .collect::<anyhow::Result<_>>()?,
            ));
        }
        let mut waivers = Vec::new();
        for code in &args.waive {
            let code =
                Code::parse(code).map_err(|error| refuse(error.to_string(), "liaison explain lists all rules"))?;
            if !code.may_be_lowered() {
                return Err(refuse(
                    format!("`{code}` proves the record and cannot be waived"),
                    format!("liaison explain {code}"),
                ));
            }
            let pairs = [
                ("code", code.as_str()),
                ("reason", args.reason.as_deref().unwrap_or_default()),
                ("by", scene.by.as_str()),
            ];
            waivers.push(Detail::Map(
                pairs
                    .into_iter()
                    .map(|(key, text)| Ok((key.to_owned(), Detail::text(text)?)))
                    .collect::<anyhow::Result<_>>()?,
            ));
        }
        for tag in &args.tag {
            crate::domain::Word::parse(tag)?;
        }
        for (key, list) in [("identifiers", identifiers), ("waivers", waivers)] {
            if !list.is_empty() {
                act.details.insert(key.to_owned(), Detail::List(list));
            }
        }
        with_list(&mut act, "tags", &args.tag)?;
        with_detail(&mut act, "comment", args.comment.as_deref())?;
        if act.details.is_empty() {
            return Err(refuse("there is nothing to annotate", "give --identifier, --tag, --waive or --comment"));
        }
        Ok(Decision::new(act, "annotated"))
    })
}
