//! `liaison mark-sent`

use std::path::PathBuf;

use anyhow::Context as _;

use crate::check::Whole;
use crate::cli::answers::{answer, need};
use crate::cli::args::TravelArgs;
use crate::cli::ask;
use crate::cli::context::Context;
use crate::cli::desk::{Desk, letter_name, me};
use crate::cli::exit::{Outcome, refuse, usage};
use crate::cli::input::{Limit, read_input};
use crate::cli::locking::{Taking, follow, note_outcome, take_number};
use crate::cli::signature::sign_fact;
use crate::cli::travel::{Reached, refuse_unsaved};
use crate::dispatch::number_draft;
use crate::domain::text::quote;
use crate::domain::{Act, ActKind, Digest, StatementName, Word};
use crate::mail::{Arrived, lies_at, read_mail};
use crate::policy::State;
use crate::record::Letter;
use crate::store::{Change, Record, act_path};

use super::acting::{ActorArgs, act_on, in_role, keeper_role, message, sound_act, told, with_detail, write_act};
use super::outbox;
use super::send::{moment, refuse_taken, refuse_unshared};

/// Record that a letter left: from the outbox, by a portal, or by another way
#[derive(Debug, Clone, Default, clap::Args)]
#[command(after_help = "Examples:
  liaison mark-sent ls-2026-031 --copy copy.eml     The message as it was sent
  liaison mark-sent ls-2026-031 --url https://mailarchive.example/msg/1
  liaison mark-sent ech-in-5g --url https://portal.example/4711 --reason 'their portal takes no mail'

The letter's messages then move from outbox/new to outbox/cur, in the clone that has them.
On a draft that left by another way: it is locked, numbered and recorded.")]
pub(crate) struct MarkSentArgs {
    /// The letter
    #[arg(value_name = "ID")]
    letter: String,
    /// The message as it was sent
    #[arg(long, value_name = "FILE")]
    copy: Option<PathBuf>,
    /// Where what was sent can be seen
    #[arg(long, value_name = "URL")]
    url: Option<String>,
    /// Why it left by another way
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
    /// The day it left, when that was not today
    #[arg(long, value_name = "DATE")]
    date: Option<String>,
    #[command(flatten)]
    actor: ActorArgs,
    #[command(flatten)]
    travel: TravelArgs,
}

/// Writes the act `sent`; a draft is numbered first.
pub(crate) fn run(args: &MarkSentArgs, ctx: &mut Context) -> anyhow::Result<Outcome> {
    let desk = Desk::open(ctx)?;
    let record = desk.record()?;
    let name = letter_name(&record, &args.letter)?;
    let by = me(&record.directory, ctx, &desk, args.actor.actor.as_deref())?;
    let args = &asked(args, ctx)?;
    if let Some(url) = args.url.as_deref().filter(|url| !url.starts_with("https://") && !url.starts_with("http://")) {
        return Err(usage(format!("`{url}` is no address on the web"), "give an https address"));
    }
    if args.copy.is_none() && args.url.is_none() {
        return Err(usage(
            "nothing shows what left",
            "add --copy FILE, the message as it was sent, or --url URL, where it can be seen",
        ));
    }
    let place = |path: &PathBuf| lies_at(&ctx.folder.join(path));
    let copy = args.copy.as_ref().map(place);
    let copy = copy.map(|path| read_input(ctx, &path, Limit::mail(&record.settings.limits))).transpose()?;
    match &name {
        StatementName::Numbered(_) => close(args, ctx, &desk, &record, &name, by, copy.as_deref()),
        StatementName::Draft(_) => left_elsewhere(args, ctx, &desk, &record, &name, &by, copy.as_deref()),
    }
}

/// The arguments, with what proves that it left, which is asked for.
fn asked(args: &MarkSentArgs, ctx: &Context) -> anyhow::Result<MarkSentArgs> {
    let mut args = args.clone();
    if args.copy.is_some() || args.url.is_some() {
        return Ok(args);
    }
    need(ctx, "mark-sent ID", &[(false, "--copy FILE or --url URL")])?;
    let copy = ask::line(
        ctx,
        "The file of the message as it was sent (empty: it can be seen on the web)",
        None,
        "--copy FILE",
    )?;
    if copy.is_empty() {
        args.url = Some(answer(ctx, None, "Where it can be seen (https://…)", None, "--url URL")?);
    } else {
        args.copy = Some(PathBuf::from(copy));
    }
    Ok(args)
}

/// Closes a sending that was handed over.
fn close(
    args: &MarkSentArgs,
    ctx: &mut Context,
    desk: &Desk,
    record: &Record<'_>,
    name: &StatementName,
    by: Word,
    copy: Option<&[u8]>,
) -> anyhow::Result<Outcome> {
    let whole = Whole::around(record, name, None)?;
    let overview = whole.overview(name, ctx.now)?.context("the letter was there a moment ago")?;
    let state = overview.standing.state;
    if !matches!(state, State::HandedOver | State::Sending | State::InDoubt | State::Refused) {
        return again(ctx, desk, record, name, state);
    }
    if let Some(bytes) = copy {
        refuse_other_message(bytes, record, overview.letter, args)?;
    }
    let (act, files) = sent_act(args, ctx, record, overview.letter, name, by, copy)?;
    let (act, reached) = write_act(ctx, desk, record, name, act, files, args.travel)?;
    if let (StatementName::Numbered(number), Reached::Remote(_)) = (name, &reached) {
        note_outcome(&desk.repo(ctx)?, &record.settings.flow, number, "sent", act.at)?;
    }
    writeln!(ctx.out, "{name}: sent")?;
    ctx.hint(told(&reached))?;
    outbox::empty(ctx, desk, record, name)?;
    ctx.hint(format!("next: answers are recorded with `liaison receive`; liaison show {name}"))?;
    Ok(Outcome::Done)
}

/// A letter that is sent already is not recorded again; but what was sent once more, or is recorded by another clone, leaves the
/// outbox.
fn again(
    ctx: &mut Context,
    desk: &Desk,
    record: &Record<'_>,
    name: &StatementName,
    state: State,
) -> anyhow::Result<Outcome> {
    let has_left = matches!(state, State::Sent | State::SentUnapproved);
    if has_left && outbox::empty(ctx, desk, record, name)? {
        writeln!(ctx.out, "{name} is {state} already; nothing was recorded")?;
        return Ok(Outcome::Done);
    }
    Err(refuse(format!("{name} is {state} already"), format!("liaison show {name}")))
}

/// The copy must be the message that was handed over: by its Message-ID, else by its number.
fn refuse_other_message(bytes: &[u8], record: &Record<'_>, letter: &Letter, args: &MarkSentArgs) -> anyhow::Result<()> {
    let Some(sending) = letter.last(ActKind::Sending) else { return Ok(()) };
    let Some(expected) = sending.detail("message-id") else { return Ok(()) };
    let Some(mail) = read_mail(bytes) else {
        return Err(usage("the copy is no mail", "give the message as a file with its headers (.eml)"));
    };
    let number = letter.name.to_string();
    let same = mail.message_id.as_deref() == Some(expected.as_str())
        || mail.metadata.as_ref().is_some_and(|metadata| metadata.id == number)
        || mail.text.lines().any(|line| line == format!("Liaison statement: {number}"));
    let is_announcement = mail.message_id.is_some() && mail.message_id == sending.detail("announcement-id");
    if args.reason.is_some() {
        return Ok(());
    }
    if same && !is_announcement {
        return refuse_other_text(&mail, record, letter);
    }
    Err(refuse(
        format!(
            "the copy is another message: its Message-ID is {}, expected {expected}",
            mail.message_id.unwrap_or_else(|| "missing".into())
        ),
        "give the right copy, or say with --reason why this one is it",
    ))
}

/// What was sent says what was handed over; a list may add lines below it.
fn refuse_other_text(copy: &Arrived, record: &Record<'_>, letter: &Letter) -> anyhow::Result<()> {
    let kept = record.beside(&letter.name, "sent-1.eml")?.as_deref().and_then(read_mail);
    let Some(kept) = kept.filter(|kept| !copy.text.begins_with(&kept.text)) else { return Ok(()) };
    let mut pairs = kept.text.lines().zip(copy.text.lines());
    let differing = pairs.find(|(kept, copy)| kept != copy);
    let told = differing.map_or_else(
        || "it is shorter".to_owned(),
        |(kept, copy)| format!("{} where {} was handed over", quote(copy), quote(kept)),
    );
    Err(refuse(
        format!("the copy has another text than the message in the record: {told}"),
        "give the message as it was sent; if it really left like this, say so with --reason",
    ))
}

/// The act, and the copy beside it.
fn sent_act(
    args: &MarkSentArgs,
    ctx: &Context,
    record: &Record<'_>,
    letter: &Letter,
    target: &StatementName,
    by: Word,
    copy: Option<&[u8]>,
) -> anyhow::Result<(Act, Change)> {
    let role = keeper_role(by.as_str(), letter, record, ctx.now);
    let mut act = in_role(act_on(ActKind::Sent, by, ctx, letter), role.as_ref())?;
    act.at = moment(letter, ctx.now)?;
    let mut files = Change::default();
    // What lay in the outbox left by mail, unless somebody gives a reason why it went another way.
    let by_mail = copy.is_some() || (letter.last(ActKind::Sending).is_some() && args.reason.is_none());
    with_detail(&mut act, "via", Some(if by_mail { "mail" } else { "portal" }))?;
    with_detail(&mut act, "draft", letter.name.is_draft().then(|| letter.name.to_string()).as_deref())?;
    with_detail(&mut act, "url", args.url.as_deref())?;
    with_detail(&mut act, "reason", args.reason.as_deref())?;
    if let Some(date) = &args.date {
        let day = crate::domain::time::parse_date(date)?.context("--date is empty")?;
        with_detail(&mut act, "date", Some(&day.to_string()))?;
    }
    if let Some(bytes) = copy {
        let file = "sent-copy.eml";
        with_detail(&mut act, "copy", Some(file))?;
        with_detail(&mut act, "copy-sha256", Some(&Digest::of(bytes).to_string()))?;
        with_detail(&mut act, "message-id", read_mail(bytes).and_then(|mail| mail.message_id).as_deref())?;
        files = files.write(format!("{}/{file}", target.stem()), bytes);
    } else if args.reason.is_none() && letter.last(ActKind::Sending).is_none() {
        return Err(usage("why it left by another way is not given", "add --reason TEXT"));
    }
    Ok((act, files))
}

/// A draft that left without this program: it takes a number, and its state says whether it had its approval.
fn left_elsewhere(
    args: &MarkSentArgs,
    ctx: &mut Context,
    desk: &Desk,
    record: &Record<'_>,
    name: &StatementName,
    by: &Word,
    copy: Option<&[u8]>,
) -> anyhow::Result<Outcome> {
    let repo = desk.repo(ctx)?;
    repo.ready()?;
    refuse_unsaved(&repo, name, &[])?;
    let flow = record.settings.flow.clone();
    let nonce = ctx.fresh_id();
    let mut unsigned = None;
    let (taking, held) = take_number(&repo, &flow, |base| {
        let at_base = Record::open(&base.revision)?;
        let StatementName::Draft(slug) = name else { return Err(refuse("only a draft is numbered", "")) };
        refuse_taken(&repo, base, &at_base, slug, name)?;
        refuse_unshared(&repo, base, record, &at_base, name)?;
        let whole = Whole::read(&at_base)?;
        let Some(letter) = whole.corpus.letters.get(name).filter(|letter| letter.is_sound()) else {
            return Err(refuse(format!("{name} cannot be read on the mainline"), format!("liaison check {name}")));
        };
        if !letter.statement.value.content.is_outgoing() {
            let message = format!("{name} says that another body sent it; only a letter of ours is sent");
            return Err(refuse(message, format!("liaison edit {name} --set direction=outgoing")));
        }
        let year = u16::try_from(chrono::Datelike::year(&ctx.now.day())).unwrap_or_default();
        let number = base.next_number(&repo, &whole.corpus, year)?;
        let target = StatementName::Numbered(number.clone());
        let (mut act, files) = sent_act(args, ctx, &at_base, letter, &target, by.clone(), copy)?;
        unsigned = sign_fact(ctx, &repo, &at_base, &letter.subject(), &mut act)?;
        let mut change = number_draft(&at_base, name, &number)?;
        change.write.extend(files.write);
        let change = change.write(act_path(&target, &act), sound_act(&act)?);
        let text = message(&act, &target, &at_base);
        Ok(Taking {
            number,
            draft: Some(slug.clone()),
            key: None,
            content: act.content,
            message: copy.map(Digest::of),
            at: ctx.now,
            change,
            text,
            nonce: nonce.clone(),
        })
    })?;
    note_outcome(&repo, &flow, &taking.number, "sent", taking.at)?;
    let reached = follow(&repo, &flow, &held, held.commit)?;
    writeln!(ctx.out, "{}", taking.number)?;
    ctx.hint(format!("{name} became {}: it left by another way", taking.number))?;
    unsigned.map_or(Ok(()), |told| ctx.hint(told))?;
    ctx.hint(told(&reached))?;
    Ok(Outcome::Done)
}
