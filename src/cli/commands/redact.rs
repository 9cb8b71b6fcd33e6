//! `liaison redact`

mod root;

use anyhow::Context as _;

use crate::check::Whole;
use crate::cli::answers::answer;
use crate::cli::args::TravelArgs;
use crate::cli::ask;
use crate::cli::context::Context;
use crate::cli::desk::{Desk, letter_name, me};
use crate::cli::exit::{Outcome, refuse, refuse_with};
use crate::cli::format::terminal_safe;
use crate::cli::present::holder_text;
use crate::cli::travel::refuse_unsaved;
use crate::cli::wording::counted;
use crate::directory::Holder;
use crate::domain::{Act, ActKind, Detail, Redaction, StatementName, Text, Word};
use crate::policy::{State, may_do};
use crate::record::{Letter, RedactedFile, leave_tombstone, parse_statement, statement_yaml};
use crate::shape::Sink;
use crate::store::{Change, Record, last_act_time};

use root::Among;

use super::acting::{ActorArgs, after_all, in_role, our_groups, sits_here, told, with_detail, write_act};

/// Take away the words of a numbered letter, or files beside it, because the law asks for it
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  liaison redact ls-2026-007 --reason 'court order 12/26' --dry-run    What would go, and what stays
  liaison redact ls-2026-007 --reason 'court order 12/26'              The letter and all files beside it
  liaison redact ls-2026-007 --reason 'court order 12/26' --file ech-profile.pdf
  liaison redact ls-2026-007     Sign the removal that another holder of the trust root began

A tombstone takes the letter's place: number, day, groups, links, the digests of what went, when, why and by whom. The signed
act `redact` names every file that goes. Acts stay as they are, with what they quote; so write no such words into the reason.

In a record with a trust root its holders redact, so many of them as its threshold says. Each types the same command; whoever is
the last of them takes the files away, and until then nothing goes.

It goes from the newest commit only: git's history, every clone, forge and backup, and mails that left still hold the bytes.
docs/statements.md tells what an owner does when the law asks for more.")]
pub(crate) struct RedactArgs {
    /// The letter
    #[arg(value_name = "ID")]
    letter: String,
    /// Why; it is published, and cannot be taken back
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
    /// Only this file of the letter's folder; several may be given
    #[arg(long, value_name = "NAME")]
    file: Vec<String>,
    /// Say what would go and what stays, and do nothing
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    actor: ActorArgs,
    #[command(flatten)]
    travel: TravelArgs,
}

/// Writes the act `redact` and, where the letter itself goes, the tombstone; in one commit with the removal.
pub(crate) fn run(args: &RedactArgs, ctx: &mut Context) -> anyhow::Result<Outcome> {
    let desk = Desk::open(ctx)?;
    let record = desk.record()?;
    let name = letter_name(&record, &args.letter)?;
    if name.is_draft() {
        let next = format!("liaison withdraw {name} --reason TEXT; nothing of a draft is frozen");
        return Err(refuse(format!("{name} is a draft; only a numbered letter is redacted"), next));
    }
    let whole = Whole::around(&record, &name, None)?;
    let overview = whole.overview(&name, ctx.now)?;
    let overview = overview.with_context(|| format!("{name} cannot be read; `liaison check {name}` tells why"))?;
    let letter = overview.letter;
    let by = me(&record.directory, ctx, &desk, args.actor.actor.as_deref())?;
    let roots = root::present(&record)?;
    let holder = match roots.present() {
        Some(root) => root::may(ctx, &desk, &record, root, &by).map(|()| None)?,
        None => Some(holder(ctx, &desk, &record, letter, &by)?),
    };
    refuse_open(&name, overview.standing.state)?;
    if let Ok(repo) = desk.repo(ctx) {
        refuse_unsaved(&repo, &name, &[])?;
    }
    let there = record.redactable(letter)?;
    let found = chosen(&args.file, letter, &there)?;
    let named = (!args.file.is_empty()).then_some(found.as_slice());
    let among = roots.present().map(|root| Among::of(root, &by, letter, &there, named, &record.settings));
    let among = among.transpose()?;
    if let Some(among) = among.as_ref().filter(|among| among.has_signed()) {
        return among.tell_signed(ctx, &record);
    }
    let is_last = among.as_ref().is_none_or(Among::is_last);
    let files = among.as_ref().and_then(Among::files).unwrap_or(found);
    let reason = why(ctx, args, among.as_ref())?;
    if let Some(among) = &among {
        among.tell(ctx, &record)?;
    }
    tell(ctx, args, letter, &files, is_last)?;
    if args.dry_run {
        return Ok(Outcome::Done);
    }
    confirm(ctx, is_last)?;
    let mut act = in_role(Act::new(ActKind::Redact, by, ctx.now), holder.as_ref())?;
    if let Some((since, _)) = roots.0.last() {
        act.at = after_all(Some(*since), &"the trust root", act.at)?;
    }
    act.at = after_all(last_act_time(desk.tree.root(), &name.stem()), &name, act.at)?;
    act.content = letter.held();
    with_detail(&mut act, "reason", Some(&reason))?;
    let listed: Result<Vec<Detail>, _> = files.iter().map(RedactedFile::detail).collect();
    act.details.insert("files".to_owned(), Detail::List(listed?));
    if let Some(among) = &among {
        among.sign(ctx, &desk, &record, &letter.subject(), &mut act)?;
    }
    let change = if is_last { removal(letter, &files, &act, &record)? } else { Change::default() };
    let (_, reached) = write_act(ctx, &desk, &record, &name, act, change, args.travel)?;
    if let Some(among) = among.filter(|among| !among.is_last()) {
        among.tell_waiting(ctx, &name, &record)?;
        ctx.hint(told(&reached))?;
        return Ok(Outcome::Done);
    }
    writeln!(ctx.out, "{name}: redacted: {}", counted(files.len(), "file"))?;
    ctx.hint(told(&reached))?;
    ctx.hint(
        "git's history still holds the bytes, and so do clones, the outbox and mails that left: docs/statements.md",
    )?;
    Ok(Outcome::Done)
}

/// The reason: where a redaction waits, by itself the one that stands there.
fn why(ctx: &Context, args: &RedactArgs, among: Option<&Among<'_>>) -> anyhow::Result<String> {
    match (&args.reason, among.and_then(Among::reason)) {
        (None, Some(told)) => Ok(told),
        (given, _) => answer(ctx, given.as_deref(), "Why, as everybody will read it", None, "--reason TEXT"),
    }
}

fn confirm(ctx: &mut Context, is_last: bool) -> anyhow::Result<()> {
    let (question, otherwise) = match is_last {
        true => ("take this away? It cannot be undone once it is pushed", "nothing was redacted"),
        false => ("sign that this is to be taken away?", "nothing was signed"),
    };
    match ask::confirm(ctx, question)? {
        true => Ok(()),
        false => Err(refuse_with(Outcome::WaitsForPeople, otherwise, [])),
    }
}

/// The role that the table asks for, of somebody who can sign it; or a refusal that says who may.
fn holder<'d>(
    ctx: &Context,
    desk: &Desk,
    record: &'d Record<'_>,
    letter: &Letter,
    by: &Word,
) -> anyhow::Result<Holder<'d>> {
    let (directory, day) = (&record.directory, ctx.now.day());
    let groups = our_groups(letter, record, ctx.now);
    let may = |person: &str| may_do(person, ActKind::Redact.as_str(), &groups, directory, &record.settings, day);
    let all: Vec<String> =
        directory.people.keys().filter_map(|person| may(person)).map(|one| holder_text(&one, directory)).collect();
    let who = match all.is_empty() {
        true => "nobody may: `liaison role begin` records who holds the role that the approval table names".to_owned(),
        false => format!("the approval table lets {}", all.join(", or ")),
    };
    let Some(holder) = may(by.as_str()) else {
        return Err(refuse(format!("{} may not redact {}", directory.name_of(by.as_str()), letter.name), who));
    };
    if let Some(other) = sits_here(ctx, desk, record, by) {
        let message = format!("you are {other}; a redaction counts only with a signature of {by}'s own");
        return Err(refuse_with(Outcome::Findings, message, [format!("{by} does it in an own clone"), who]));
    }
    let keys = directory.people.get(by.as_str()).map(|person| person.value.keys.as_slice()).unwrap_or_default();
    if !keys.iter().any(|key| key.is_good_on(day)) {
        let message = format!("a redaction counts only signed, and the directory holds no key of {by}");
        return Err(refuse_with(
            Outcome::Findings,
            message,
            [format!("liaison person key add {by} --ssh FILE.pub"), who],
        ));
    }
    Ok(holder)
}

/// Refuses a letter that is just leaving: what came of that is recorded first.
fn refuse_open(name: &StatementName, state: State) -> anyhow::Result<()> {
    if matches!(state, State::Sending | State::HandedOver | State::InDoubt) {
        let message = format!("{name} is {state}; a tombstone would leave open whether it left");
        return Err(refuse(message, format!("liaison mark-sent {name} --copy FILE, or liaison send {name} --resume")));
    }
    Ok(())
}

/// The files that go, with the digests of their bytes: those named, or all that are there.
fn chosen(named: &[String], letter: &Letter, there: &[RedactedFile]) -> anyhow::Result<Vec<RedactedFile>> {
    let (name, stem) = (&letter.name, letter.name.stem());
    if there.is_empty() {
        return Err(refuse(format!("nothing of {name} is left to redact"), format!("liaison show {name}")));
    }
    if named.is_empty() {
        return Ok(there.to_vec());
    }
    let mut files: Vec<RedactedFile> = Vec::new();
    for wanted in named {
        let file = wanted.strip_prefix(&format!("{stem}/")).unwrap_or(wanted);
        let file = if *file == name.path() { letter.file_name() } else { file.to_owned() };
        let Some(found) = there.iter().find(|one| one.file == file) else {
            let message = match file.starts_with("acts/") {
                true => format!("{file} is an act; acts are never taken away"),
                false => format!("{name} has no file {}", terminal_safe(&file)),
            };
            let names: Vec<&str> = there.iter().map(|one| one.file.as_str()).collect();
            return Err(refuse(message, format!("its files are {}", names.join(", "))));
        };
        if !files.contains(found) {
            files.push(found.clone());
        }
    }
    Ok(files)
}

/// Says what goes and what stays.
fn tell(
    ctx: &mut Context,
    args: &RedactArgs,
    letter: &Letter,
    files: &[RedactedFile],
    is_last: bool,
) -> anyhow::Result<()> {
    let verb = match (args.dry_run, is_last) {
        (true, true) => "would take away",
        (false, true) => "taking away",
        (true, false) => "would sign the removal of",
        (false, false) => "signing the removal of",
    };
    writeln!(ctx.out, "{}: {verb} {}", letter.name, counted(files.len(), "file"))?;
    for one in files {
        writeln!(ctx.out, "  {}  {}", one.sha256, terminal_safe(&one.file))?;
    }
    let own = letter.file_name();
    if files.iter().any(|one| one.file == own) {
        writeln!(ctx.out, "a tombstone keeps the number, the day, the groups and the links; acts stay as they are")?;
    } else {
        writeln!(ctx.out, "the letter itself and its acts stay as they are")?;
    }
    Ok(())
}

/// The files go; in the letter's own place the tombstone appears.
fn removal(letter: &Letter, files: &[RedactedFile], act: &Act, record: &Record<'_>) -> anyhow::Result<Change> {
    let (own, stem) = (letter.file_name(), letter.name.stem());
    let mut change = Change::default();
    for one in files {
        if one.file != own {
            change = change.remove(format!("{stem}/{}", one.file));
            continue;
        }
        let redaction = Redaction {
            at: Some(act.at),
            by: Some(act.by.clone()),
            reason: Text::parse(act.detail("reason").unwrap_or_default().trim())?,
            content: act.content,
            sha256: Some(one.sha256),
        };
        let days = [Some(act.at.day()), letter.date()];
        let is_known = |group: &str| days.iter().flatten().any(|day| record.directory.group(group, *day).is_some());
        let tombstone = leave_tombstone(&letter.as_filed().value, redaction, is_known);
        let (yaml, path) = (statement_yaml(&tombstone)?, letter.name.path());
        let mut sink = Sink::new(&path);
        let read = parse_statement(yaml.as_bytes(), &mut sink);
        if read.is_none_or(|read| read.value != tombstone) || !sink.findings.is_empty() {
            return Err(refuse("the tombstone would be read back as another one", "give a plainer --reason"));
        }
        change = change.write(path, yaml);
    }
    Ok(change)
}
