//! `liaison approve`

use crate::check::{Overview, Whole};
use crate::cli::args::TravelArgs;
use crate::cli::ask;
use crate::cli::branches::merge_first;
use crate::cli::context::Context;
use crate::cli::desk::{Desk, letter_name, me};
use crate::cli::exit::{Outcome, refuse, refuse_with, usage};
use crate::cli::ledger::with_ledger;
use crate::cli::numbered::{refuse_lost_stub, refuse_numbered_before};
use crate::cli::present::{holder_text, next_steps, stale_text, state_text, who_text};
use crate::cli::record_id::bound;
use crate::directory::{Directory, Holder};
use crate::domain::{Act, ActKind, Line, StatementName, Word};
use crate::policy::{State, approvers, coverage};
use crate::store::{Change, Record};

use super::acting::{ActorArgs, in_role, sits_here, told, with_detail, write_act};
use super::preview::{Shown, messages, write_message};
use super::reaffirm;
use super::scene::refuse_redacted;
use super::{approve_reviewed, approve_signed};

/// Approve a letter's present content, or decline it, in the role you hold today
#[derive(Debug, Clone, Default, clap::Args)]
#[command(after_help = "Examples:
  liaison approve ech-in-5g
  liaison approve ech-in-5g --for tls
  liaison approve ech-in-5g --decline --reason 'the deadline is too short'
  liaison approve ech-in-5g --signature reply.eml
  liaison approve ech-in-5g --signature act.txt.sig --text act.txt      In a clone that did not make the request
  liaison approve ech-in-5g --recorded-for ada-example --evidence mid:1234.5@example.org
  liaison approve ech-in-5g --from-review https://github.com/them/record/pull/7#pullrequestreview-42
  liaison approve ech-in-5g --from-review 'https://gitlab.com/them/record/-/merge_requests/7#note_42'
  liaison approve ls-2026-031 --reaffirm        Its approval was signed with a key that was stolen

Any later change of the content makes an approval stale.")]
pub(crate) struct ApproveArgs {
    /// The letter
    #[arg(value_name = "ID")]
    letter: String,
    /// Only for this From group; all groups you have authority for, if none is given
    #[arg(long = "for", value_name = "GROUP")]
    groups: Vec<String>,
    /// Decline instead: it cannot be sent until you revoke that or the content changes
    #[arg(long, requires = "reason")]
    decline: bool,
    /// Why, when you decline
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
    /// A remark that stands with the approval
    #[arg(long, value_name = "TEXT")]
    pub(super) comment: Option<String>,
    /// Record the decision of this person, who gave it elsewhere
    #[arg(long, value_name = "PERSON", requires = "evidence")]
    recorded_for: Option<String>,
    /// Where the decision can be seen: an https address, or mid: and a Message-ID
    #[arg(long, value_name = "URL|MESSAGE-ID")]
    evidence: Option<String>,
    /// Record what somebody signed elsewhere: the block of ssh-keygen -Y sign, or a mail with it
    #[arg(long, value_name = "FILE|-", conflicts_with_all = ["decline", "recorded_for", "groups", "comment"])]
    signature: Option<std::path::PathBuf>,
    /// Record what somebody decided as a review on a forge; the forge is asked what it was, and of which commit
    #[arg(long, value_name = "URL", conflicts_with_all = ["decline", "reason", "recorded_for", "evidence", "signature", "reaffirm"])]
    from_review: Option<String>,
    /// The account that decided there.
    #[arg(skip)]
    account: Option<String>,
    /// The text that was signed, act.txt or the mail of the request, where it comes in another file than the signature
    #[arg(long, value_name = "FILE", requires = "signature")]
    text: Option<std::path::PathBuf>,
    /// Confirm an approval whose key or term became doubtful: on a draft by a new one, on a numbered letter by a ratification
    #[arg(long, conflicts_with_all = ["decline", "signature"])]
    reaffirm: bool,
    #[command(flatten)]
    pub(super) actor: ActorArgs,
    #[command(flatten)]
    pub(super) travel: TravelArgs,
}

impl ApproveArgs {
    /// The same for a person who gave the decision elsewhere; with a reason it is a decline.
    pub(super) fn given_elsewhere(&self, person: &str, evidence: &str, account: &str, reason: Option<String>) -> Self {
        Self {
            recorded_for: Some(person.to_owned()),
            evidence: Some(evidence.to_owned()),
            account: Some(account.to_owned()),
            decline: reason.is_some(),
            reason,
            from_review: None,
            ..self.clone()
        }
    }
}

/// Shows what is approved, then writes the act for the role held today; refuses whoever has no authority.
pub(crate) fn run(args: &ApproveArgs, ctx: &mut Context) -> anyhow::Result<Outcome> {
    let desk = Desk::open(ctx)?;
    let record = desk.record()?;
    bound(ctx, &desk, &record)?;
    let name = letter_name(&record, &args.letter)?;
    refuse_lost(ctx, &desk, &name)?;
    let whole = with_ledger(ctx, &desk, Whole::around(&record, &name, None)?)?;
    let Some(overview) = whole.overview(&name, ctx.now)? else {
        return Err(refuse(format!("{name} cannot be read"), format!("liaison check {name}")));
    };
    refuse_redacted(overview.letter)?;
    if args.reaffirm && !name.is_draft() && args.recorded_for.is_none() {
        return reaffirm::run(ctx, &desk, &whole, &overview, args);
    }
    if !name.is_draft() || overview.taken.is_some() {
        let number = overview.taken.map_or_else(|| name.to_string(), |taken| taken.number.to_string());
        return Err(refuse(
            format!("{name} is {} already; an approval comes before sending", state_text(&overview)),
            format!("liaison ratify {number}, if it left without approval"),
        ));
    }
    refuse_left(ctx, &desk, &record, &name)?;
    refuse_incomplete(&overview)?;
    if let Some(url) = &args.from_review {
        let decision = approve_reviewed::decision(args, ctx, &desk, &record, &name, url)?;
        return run(&decision, ctx);
    }
    if let Some(file) = &args.signature {
        let handed = approve_signed::Handed { file, text: args.text.as_deref() };
        approve_signed::run(ctx, &desk, &record, overview.letter, &handed, args.travel)?;
        return after(ctx, &desk, &name);
    }
    let recorder = me(&record.directory, ctx, &desk, args.actor.actor.as_deref())?;
    let by = match &args.recorded_for {
        Some(_) => me(&record.directory, ctx, &desk, args.recorded_for.as_deref())?,
        None => recorder.clone(),
    };
    let covered = authority(args, &overview, &record, &by, ctx)?;
    let kind = if args.decline { ActKind::Decline } else { ActKind::Approve };
    if !args.reaffirm && is_given(&overview, kind, &by, &covered) {
        writeln!(ctx.out, "{name}: {} by {} already", if args.decline { "declined" } else { "approved" }, by)?;
        tell_own_decline(ctx, &overview, &by)?;
        return after(ctx, &desk, &name);
    }
    if args.reaffirm
        && is_given(&overview, kind, &by, &covered)
        && reaffirm::is_settled(overview.letter, &record, &by, &covered, ctx)
    {
        reaffirm::tell_settled(ctx, overview.letter, &by)?;
        return after(ctx, &desk, &name);
    }
    let other = sits_here(ctx, &desk, &record, &by).filter(|_| args.evidence.is_none());
    if let Some(other) = other {
        return Err(refuse(
            format!("you are {other}, and the decision is {by}'s: it counts only with its evidence"),
            format!("liaison approve {name} --recorded-for {by} --evidence URL, or {by} approves in an own clone"),
        ));
    }
    let groups: Vec<String> = covered.iter().flat_map(|(_, groups)| groups.clone()).collect();
    let shown = messages(&record, &name, ctx)?;
    show(ctx, &overview, &record.directory, &shown, &groups)?;
    let verb = if args.decline { "decline" } else { "approve" };
    if !ask::confirm(ctx, &format!("{verb} this for {}?", groups.join(", ")))? {
        return Err(refuse_with(Outcome::WaitsForPeople, "nothing was recorded", []));
    }
    let mut reached = None;
    for (holder, groups) in &covered {
        let mut act = in_role(Act::new(kind, by.clone(), ctx.now), Some(holder))?;
        act.for_groups = groups.iter().filter_map(|group| Word::parse(group).ok().flatten()).collect();
        act.content = Some(shown.content);
        act.preview = Some(shown.preview);
        act.fields = Line::parse(&shown.hints)?;
        act.evidence = args.evidence.as_deref().map(evidence).transpose()?.flatten();
        act.recorded_by = (recorder != by).then(|| recorder.clone());
        with_detail(&mut act, "reason", args.reason.as_deref().filter(|_| args.decline))?;
        with_detail(&mut act, "comment", args.comment.as_deref())?;
        with_detail(&mut act, "account", args.account.as_deref())?;
        reached = Some(write_act(ctx, &desk, &record, &name, act, Change::default(), args.travel)?.1);
    }
    writeln!(
        ctx.out,
        "{name}: {verb}d by {} for {}, {}",
        record.directory.name_of(by.as_str()),
        groups.join(", "),
        shown.content
    )?;
    ctx.hint(reached.as_ref().map(told).unwrap_or_default())?;
    after(ctx, &desk, &name)
}

/// An approval does not take the person's own decline back: that blocks sending until it is revoked.
fn tell_own_decline(ctx: &mut Context, overview: &Overview<'_>, by: &Word) -> anyhow::Result<()> {
    for decline in overview.approval.declines.iter().filter(|decline| decline.by == *by) {
        let day = decline.at.day();
        ctx.hint(format!("your decline of {day} stands, and nothing is sent until you revoke it"))?;
    }
    Ok(())
}

/// Whether the person's decision on this content stands for all of these groups already.
fn is_given(overview: &Overview<'_>, kind: ActKind, by: &Word, covered: &[(Holder<'_>, Vec<String>)]) -> bool {
    let approval = &overview.approval;
    let gave = |group: &String| {
        let need = approval.needs.iter().find(|need| need.group == *group);
        need.is_some_and(|need| need.given.iter().any(|act| act.by == *by))
    };
    if kind == ActKind::Decline {
        return approval.declines.iter().any(|act| act.by == *by);
    }
    covered.iter().flat_map(|(_, groups)| groups).all(gave)
}

/// What the letter needs now.
fn after(ctx: &mut Context, desk: &Desk, name: &StatementName) -> anyhow::Result<Outcome> {
    let record = desk.record()?;
    let whole = Whole::around(&record, name, None)?;
    if let Some(overview) = whole.overview(name, ctx.now.plus_seconds(1))? {
        let first = desk.repo(ctx).ok().map(|repo| merge_first(&repo, &record.settings.flow, name)).transpose()?;
        if let (Some(merge), State::Approved) = (first.flatten(), overview.standing.state) {
            ctx.hint(format!("next: {merge}"))?;
        }
        for step in next_steps(&overview, &record.directory, ctx.now) {
            ctx.hint(format!("next: {step}"))?;
        }
    }
    Ok(Outcome::Done)
}

/// A draft that left before, and is there again, is nothing to approve.
fn refuse_lost(ctx: &Context, desk: &Desk, name: &StatementName) -> anyhow::Result<()> {
    let (StatementName::Draft(slug), Ok(repo)) = (name, desk.repo(ctx)) else { return Ok(()) };
    desk.tip(&repo).map_or(Ok(()), |tip| refuse_lost_stub(&repo, tip, slug))
}

/// Nor is one that left meanwhile.
fn refuse_left(ctx: &Context, desk: &Desk, record: &Record<'_>, name: &StatementName) -> anyhow::Result<()> {
    let (StatementName::Draft(slug), Ok(repo)) = (name, desk.repo(ctx)) else { return Ok(()) };
    let flow = &record.settings.flow;
    let mainline = repo.tracked(&flow.remote, &flow.mainline);
    mainline.map_or(Ok(()), |tip| refuse_numbered_before(&repo, flow, tip, slug))
}

/// A letter with something missing is not shown to approvers: it would change, and their approval would be stale.
pub(super) fn refuse_incomplete(overview: &Overview<'_>) -> anyhow::Result<()> {
    let name = &overview.letter.name;
    if overview.standing.state == State::Withdrawn {
        return Err(refuse(format!("{name} is withdrawn"), format!("liaison reopen {name} --reason … first")));
    }
    if overview.standing.state != State::Draft {
        return Ok(());
    }
    Err(refuse(format!("{name} is not ready: {}", overview.open().join("; ")), overview.mend()))
}

/// The roles in which the person covers the groups asked for; a refusal says who has authority.
pub(super) fn authority<'r>(
    args: &ApproveArgs,
    overview: &Overview<'_>,
    record: &'r Record<'_>,
    by: &Word,
    ctx: &Context,
) -> anyhow::Result<Vec<(Holder<'r>, Vec<String>)>> {
    let content = &overview.letter.statement.value.content;
    let from: Vec<String> = content.from.groups.iter().map(ToString::to_string).collect();
    if let Some(other) = args.groups.iter().find(|group| !from.contains(group)) {
        return Err(usage(
            format!("the letter does not come from `{other}`"),
            format!("it comes from {}", from.join(", ")),
        ));
    }
    let asked = if args.groups.is_empty() { &from } else { &args.groups };
    let covered = coverage(by.as_str(), "send", asked, &record.directory, &record.settings, ctx.now.day());
    let is_covered = |group: &&String| covered.iter().any(|(_, groups)| groups.contains(group));
    let without: Vec<&str> = asked.iter().filter(|group| !is_covered(group)).map(String::as_str).collect();
    if without.is_empty() || (args.groups.is_empty() && !covered.is_empty()) {
        return Ok(covered);
    }
    let needs = overview.approval.needs.iter().filter(|need| without.contains(&need.group.as_str()));
    let told = |need: &crate::policy::Need<'_>| {
        let who = approvers(&need.group, &record.directory, &record.settings, ctx.now.day());
        let names: Vec<String> = who.iter().map(|holder| holder_text(holder, &record.directory)).collect();
        let names = if names.is_empty() { who_text(need, &record.directory) } else { names.join(", or ") };
        format!("for {}: {names}", need.group)
    };
    let who: Vec<String> = needs.map(told).collect();
    let name = record.directory.name_of(by.as_str());
    Err(refuse(format!("{name} has no authority to approve for {} today", without.join(", ")), who.join("; ")))
}

/// The message as it will leave, and what changed since an approval that is stale now.
fn show(
    ctx: &mut Context,
    overview: &Overview<'_>,
    directory: &Directory,
    shown: &Shown,
    groups: &[String],
) -> anyhow::Result<()> {
    if ctx.quiet {
        return Ok(());
    }
    write_message(ctx, "Statement", &shown.statement, &[])?;
    writeln!(ctx.out)?;
    for stale in &overview.approval.stale {
        writeln!(ctx.out, "Stale    {}", stale_text(stale, directory))?;
    }
    writeln!(ctx.out, "For      {}\nContent  {}\nPreview  {}\n", groups.join(", "), shown.content, shown.preview)?;
    Ok(())
}

/// Evidence as acts hold it: an address without blanks; a bare Message-ID gets `mid:` before it.
fn evidence(text: &str) -> anyhow::Result<Option<Line>> {
    let text = text.trim().trim_start_matches('<').trim_end_matches('>');
    let full =
        if text.starts_with("https://") || text.starts_with("mid:") { text.to_owned() } else { format!("mid:{text}") };
    if !full.bytes().all(|b| b.is_ascii_graphic()) || full.len() < 6 {
        return Err(usage(
            format!("`{text}` is no evidence that can be looked up"),
            "give an https address, or mid: and the Message-ID of the approving mail",
        ));
    }
    Ok(Line::parse(&full)?)
}
