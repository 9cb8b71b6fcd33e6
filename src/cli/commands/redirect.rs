//! `liaison redirect`

use crate::cli::answers::answer;
use crate::cli::args::TravelArgs;
use crate::cli::context::Context;
use crate::cli::exit::{Outcome, refuse};
use crate::domain::ActKind;
use crate::domain::Contact;
use crate::policy::informed;

use super::acting::{ActorArgs, act_on, in_role, keeper_role, our_groups, with_detail, with_list};
use super::notice::notice;
use super::scene::{Decision, Scene, play};

/// Pass a letter that reached the wrong group on to the right one
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  liaison redirect ls-2026-007 --to mpls --reason 'the topic moved to mpls'
  liaison redirect ls-2026-007 --from quic --to mpls   Only quic has no part in it

The letter itself stays as it is. `assign`, `reply`, `status` and `list --to` follow the groups it is with now; when it leaves
all it was with, nobody is assigned any more.")]
pub(crate) struct RedirectArgs {
    /// The letter
    #[arg(value_name = "ID")]
    letter: String,
    /// The right group
    #[arg(long, value_name = "GROUP")]
    to: Vec<String>,
    /// The group it reached wrongly; all it is with, if none is given
    #[arg(long, value_name = "GROUP")]
    from: Vec<String>,
    /// Why
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
    #[command(flatten)]
    actor: ActorArgs,
    #[command(flatten)]
    travel: TravelArgs,
}

/// Writes the act `redirect`, with a notice to the liaison manager or the coordination (LS-70, LS-71).
pub(crate) fn run(args: &RedirectArgs, ctx: &mut Context) -> anyhow::Result<Outcome> {
    play(ctx, &args.letter, &args.actor, args.travel, |scene, ctx| {
        scene.needs_received()?;
        let (record, day) = (scene.record, ctx.now.day());
        let to = right_groups(args, ctx)?;
        for group in &to {
            if record.directory.group(group, day).is_none() {
                return Err(refuse(
                    format!("`{group}` is no group of the directory"),
                    super::contacts::known_groups(record, group),
                ));
            }
        }
        let from = wrong_groups(args, &to, scene, ctx)?;
        let senders: Vec<String> =
            scene.letter.statement.value.content.from.groups.iter().map(ToString::to_string).collect();
        let people: Vec<Contact> = informed("received", &to, &senders, &record.directory, &record.settings, day)
            .into_iter()
            .map(|reached| reached.contact)
            .collect();
        let role = keeper_role(scene.by.as_str(), &scene.letter, record, ctx.now);
        let mut act = in_role(act_on(ActKind::Redirect, scene.by.clone(), ctx, &scene.letter), role.as_ref())?;
        with_list(&mut act, "from", &from)?;
        with_list(&mut act, "to", &to)?;
        with_detail(&mut act, "reason", args.reason.as_deref())?;
        with_list(&mut act, "informed", &people.iter().map(|contact| contact.address.to_string()).collect::<Vec<_>>())?;
        let decision = Decision::new(act, format!("redirected to {}", to.join(", ")));
        if people.is_empty() {
            return Ok(decision);
        }
        let file = notice(
            ctx,
            scene,
            &people,
            "redirect",
            &format!("redirected to {}; please tell its sender for the future", to.join(", ")),
            args.reason.as_deref(),
        )?;
        Ok(decision.next(format!("send {file} with your mail program")).next(format!("liaison assign {}", scene.name)))
    })
}

/// The groups that are named, else asked for.
fn right_groups(args: &RedirectArgs, ctx: &Context) -> anyhow::Result<Vec<String>> {
    if !args.to.is_empty() {
        return Ok(args.to.clone());
    }
    let text = answer(ctx, None, "The right group (acronym)", None, "--to GROUP")?;
    Ok(text.split([',', ' ']).filter(|word| !word.is_empty()).map(str::to_owned).collect())
}

/// The groups that it reached wrongly: those named, which have to have it, else all.
fn wrong_groups(args: &RedirectArgs, to: &[String], scene: &Scene<'_>, ctx: &Context) -> anyhow::Result<Vec<String>> {
    let with = our_groups(&scene.letter, scene.record, ctx.now);
    if let Some(stranger) = args.from.iter().find(|group| !with.contains(group)) {
        let help =
            if with.is_empty() { "leave --from out".to_owned() } else { format!("it is with {}", with.join(", ")) };
        return Err(refuse(format!("{} is not with {stranger}", scene.name), help));
    }
    let from = if args.from.is_empty() { with } else { args.from.clone() };
    if !from.is_empty() && from.iter().all(|group| to.contains(group)) {
        let message = format!("{} is with {} already", scene.name, from.join(", "));
        return Err(refuse(message, format!("liaison assign {}", scene.name)));
    }
    Ok(from)
}
