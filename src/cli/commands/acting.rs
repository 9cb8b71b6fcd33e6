//! What the commands that write an act share: who acts, in which role, and how the act travels.

use crate::cli::args::TravelArgs;
use crate::cli::context::Context;
use crate::cli::desk::{Desk, recorder};
use crate::cli::example;
use crate::cli::exit::{Outcome, refuse, refuse_with};
use crate::cli::record_id::refuse_unvouched_id;
use crate::cli::signature::{Signed, demand, demand_effect, sign};
use crate::cli::travel::{Reached, Traveller};
use crate::directory::Holder;
use crate::domain::{Act, ActKind, Detail, Instant, Line, StatementName, Word};
use crate::policy::{custody, may_do};
use crate::record::{Letter, act_yaml, parse_act};
use crate::shape::Sink;
use crate::store::{Change, Record, act_path, last_act_time};

/// Who acts, when it is not the person git knows.
#[derive(Debug, Clone, Default, clap::Args)]
pub(crate) struct ActorArgs {
    /// Act as this person of the directory instead of whoever uses git's user.email
    #[arg(long = "as", value_name = "HANDLE")]
    pub(crate) actor: Option<String>,
}

/// Puts a role into an act.
pub(crate) fn in_role(mut act: Act, holder: Option<&Holder<'_>>) -> anyhow::Result<Act> {
    if let Some(holder) = holder {
        act.role = Word::parse(holder.role)?;
        act.of = Word::parse(holder.group)?;
    }
    Ok(act)
}

/// Adds a detail, unless it is empty.
pub(crate) fn with_detail(act: &mut Act, key: &str, value: Option<&str>) -> anyhow::Result<()> {
    if let Some(value) = value.filter(|value| !value.trim().is_empty()) {
        act.details.insert(key.to_owned(), Detail::text(value)?);
    }
    Ok(())
}

/// Adds a detail that is a list, unless it is empty.
pub(crate) fn with_list(act: &mut Act, key: &str, values: &[String]) -> anyhow::Result<()> {
    if !values.is_empty() {
        act.details.insert(key.to_owned(), Detail::list(values)?);
    }
    Ok(())
}

/// The From groups of a letter of ours, or our groups that a received one is with now.
pub(crate) fn our_groups(letter: &Letter, record: &Record<'_>, now: Instant) -> Vec<String> {
    let content = &letter.statement.value.content;
    if !content.is_outgoing() {
        return custody(letter, &record.directory, &record.settings, now).groups;
    }
    let ours = |group: &String| record.directory.is_below(group, &record.settings.organization, now.day());
    content.from.groups.iter().map(ToString::to_string).filter(ours).collect()
}

/// The role in which a person keeps a letter: registrar, coordinator, manager, chair or director of a group it concerns.
pub(crate) fn keeper_role<'d>(
    person: &str,
    letter: &Letter,
    record: &'d Record<'_>,
    now: Instant,
) -> Option<Holder<'d>> {
    let content = &letter.statement.value.content;
    let custody = custody(letter, &record.directory, &record.settings, now);
    let groups = content.from.groups.iter().chain(&content.to.groups).map(Line::as_str);
    let groups: Vec<&str> = groups.chain(custody.concerned().map(String::as_str)).collect();
    best_role(person, &groups, record, now.day())
}

/// The role at one of some groups, or at a body above them, that fits an act best: who leads a group goes before who keeps the
/// record, and the group itself before what is above it.
pub(crate) fn best_role<'d>(
    person: &str,
    groups: &[&str],
    record: &'d Record<'_>,
    day: chrono::NaiveDate,
) -> Option<Holder<'d>> {
    let directory = &record.directory;
    let named = |group: &&str| directory.group(group, day).map(|(name, _)| name);
    let above = groups.iter().flat_map(|group| directory.above(group, day));
    let organization = directory.group(&record.settings.organization, day).map(|(name, _)| name);
    let near: Vec<&str> = groups.iter().filter_map(named).chain(above).chain(organization).collect();
    let approving = record.settings.approval.iter().filter(|row| row.act == "send").flat_map(|row| &row.any_of);
    let leading: Vec<&str> =
        ["chair", "area-director"].into_iter().chain(approving.map(|one| one.role.as_str())).collect();
    let fits = |holder: &Holder<'_>| {
        let distance = near.iter().position(|group| *group == holder.group)?;
        Some((!leading.contains(&holder.role), distance))
    };
    let mut roles: Vec<_> = directory.roles_of(person, day);
    roles.retain(|holder| fits(holder).is_some());
    roles.into_iter().min_by_key(fits)
}

/// The role that the table asks for, or a refusal that says who has it.
pub(crate) fn authority<'d>(
    person: &str,
    act: &str,
    letter: &Letter,
    record: &'d Record<'_>,
    now: Instant,
) -> anyhow::Result<Holder<'d>> {
    let groups = our_groups(letter, record, now);
    may_do(person, act, &groups, &record.directory, &record.settings, now.day()).ok_or_else(|| {
        let roles: Vec<String> = record
            .settings
            .approval
            .iter()
            .filter(|row| row.act == act)
            .flat_map(|row| row.any_of.iter().map(|authority| authority.role.clone()))
            .collect();
        refuse(
            format!("{} may not {act} {}", record.directory.name_of(person), letter.name),
            format!(
                "the approval table gives this to {}",
                if roles.is_empty() { "nobody".into() } else { roles.join(", ") }
            ),
        )
    })
}

/// How far two clocks may differ, in seconds.
const SKEW: i64 = 600;

/// When an act on a letter is: now, but after every act before it, or the record would tell for ever that they happened in
/// another order. Clocks differ, and several acts may fall into one second.
pub(crate) fn after_all(last: Option<Instant>, name: &impl std::fmt::Display, now: Instant) -> anyhow::Result<Instant> {
    let Some(last) = last.filter(|last| *last >= now) else { return Ok(now) };
    if now.plus_seconds(SKEW) < last {
        return Err(refuse_with(
            Outcome::TryLater,
            format!("the last act on {name} is of {last}, and it is {now} here"),
            ["one of the two clocks is wrong: set this one right, or ask for the act again".to_owned()],
        ));
    }
    Ok(last.plus_seconds(1))
}

/// An act's text in files, after reading it back: what `check` would call invalid is never written.
pub(crate) fn sound_act(act: &Act) -> anyhow::Result<String> {
    let text = act_yaml(act)?;
    let file = act.file_name();
    let mut sink = Sink::new(&file);
    let read = parse_act(text.as_bytes(), &mut sink);
    if let Some(fault) = sink.findings.first() {
        let missing = act.kind.required_details().iter().find(|key| !act.details.contains_key(**key));
        let help = match missing {
            Some(key) => format!("an act `{}` needs its `{key}`; give one that is not empty", act.kind),
            None => fault.help.clone().unwrap_or_else(|| "give the value in the form expected".into()),
        };
        return Err(refuse(format!("nothing was written: {}", fault.message), help));
    }
    if read.is_none_or(|read| read.value != *act) {
        return Err(refuse(
            format!("nothing was written: the act `{}` would be read back as another one", act.kind),
            "give its texts without unusual blanks and line breaks",
        ));
    }
    Ok(text)
}

/// Writes one act, with whatever else changes, and lets it travel.
pub(crate) fn write_act(
    ctx: &mut Context,
    desk: &Desk,
    record: &Record<'_>,
    name: &StatementName,
    act: Act,
    also: Change,
    travel: TravelArgs,
) -> anyhow::Result<(Act, Reached)> {
    let mut act = act;
    if let Ok(repo) = desk.repo(ctx) {
        refuse_unvouched_id(&repo, record)?;
    }
    if act.signature.is_none() {
        act.at = after_all(last_act_time(desk.tree.root(), &name.stem()), name, act.at)?;
        act.recorded_by = act.recorded_by.or_else(|| sits_here(ctx, desk, record, &act.by));
        sign_here(ctx, desk, record, name, &mut act)?;
    }
    let change = also.write(act_path(name, &act), sound_act(&act)?);
    let traveller = Traveller { settings: &record.settings, args: travel, letter: Some(name) };
    let reached = traveller.go(ctx, desk, &change, &message(&act, name, record))?;
    Ok((act, reached))
}

/// Whoever sits here, when the act is somebody else's; an invented person's act anybody does, with the key that comes with the
/// program.
pub(super) fn sits_here(ctx: &Context, desk: &Desk, record: &Record<'_>, by: &Word) -> Option<Word> {
    let is_invented = record.settings.example && example::private_key(by.as_str()).is_some();
    if is_invented { None } else { recorder(&record.directory, ctx, desk, by) }
}

/// Signs an act with the key of whoever sits here. Without one it is only asserted, and refused where that does not count.
fn sign_here(
    ctx: &mut Context,
    desk: &Desk,
    record: &Record<'_>,
    name: &StatementName,
    act: &mut Act,
) -> anyhow::Result<()> {
    let Ok(repo) = desk.repo(ctx) else { return Ok(()) };
    let letter = record.linked(name)?.letters.remove(name);
    let subject = letter.as_ref().map_or_else(|| name.to_string(), Letter::subject);
    let signed = sign(ctx, &repo, &record.directory, &record.settings, &subject, act)?;
    demand(act, &signed, &record.directory, &record.settings)?;
    letter.map_or(Ok(()), |letter| demand_effect(act, &signed, &letter, &record.directory, &record.settings))?;
    let decides = matches!(act.kind, ActKind::Approve | ActKind::Decline | ActKind::Ratify);
    let (reason, next) = match signed {
        Signed::No(reason, next) => (reason, next),
        Signed::Unexpected(reason, next) if decides => (reason, next),
        Signed::Unexpected(..) | Signed::Yes => return Ok(()),
    };
    ctx.hint(format!("not signed: {reason}; the act is only asserted"))?;
    ctx.hint(format!("next: {next}"))
}

/// The commit's message: history reads like a journal.
pub(crate) fn message(act: &Act, name: &StatementName, record: &Record<'_>) -> String {
    let who = record.directory.name_of(act.by.as_str());
    let role = match (&act.role, &act.of) {
        (Some(role), Some(of)) => format!(" as {role} of {of}"),
        _ => String::new(),
    };
    let groups: Vec<&str> = act.for_groups.iter().map(Word::as_str).collect();
    let covered = if groups.is_empty() { String::new() } else { format!(" for {}", groups.join(", ")) };
    let recorder =
        act.recorded_by.as_ref().map(|by| format!(" (recorded by {})", record.directory.name_of(by.as_str())));
    let subject = format!("{}: {name} by {who}{role}{covered}{}", act.kind, recorder.unwrap_or_default());
    let told = ["reason", "comment", "outcome"].iter().find_map(|key| act.detail(key));
    match told {
        Some(text) => format!("{subject}\n\n{text}"),
        None => subject,
    }
}

/// What a person reads when a change went out.
pub(crate) fn told(reached: &Reached) -> String {
    match reached {
        Reached::Files => "written; nothing is committed yet".into(),
        Reached::Clone(why) => format!("committed in this clone, not pushed: {why}"),
        Reached::Remote(branch) => format!("committed and pushed to {branch}"),
    }
}

/// An act of a person on a letter, about its present content.
pub(crate) fn act_on(kind: ActKind, by: Word, ctx: &Context, letter: &Letter) -> Act {
    let mut act = Act::new(kind, by, ctx.now);
    act.content = letter.is_sound().then_some(letter.content);
    act
}
