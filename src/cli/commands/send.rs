//! `liaison send`

use anyhow::Context as _;

use crate::check::{Whole, letter_files};
use crate::cli::ask;
use crate::cli::context::Context;
use crate::cli::desk::{Desk, letter_name, me};
use crate::cli::exit::{Outcome, refuse, refuse_with};
use crate::cli::locking::{Base, Taking, take_number};
use crate::cli::numbered::refuse_numbered_before;
use crate::cli::present::{approval_lines, next_steps, state_text};
use crate::cli::signature::sign_fact;
use crate::cli::travel::refuse_unsaved;
use crate::dispatch::number_draft;
use crate::domain::{Act, ActKind, Digest, Instant, StatementId, StatementName, Word};
use crate::history::Repo;
use crate::mail::{Message, Open, announcement, encode, statement};
use crate::policy::{Reached as Told, State};
use crate::store::{Record, act_path};

use super::acting::{ActorArgs, after_all, in_role, keeper_role, sound_act, with_detail, with_list};
use super::outbox;
use super::preview::write_message;

/// Send an approved letter: lock it, number it, lay its messages into the outbox
#[derive(Debug, Clone, Default, clap::Args)]
#[command(after_help = "Examples:
  liaison send ech-in-5g --dry-run   What would leave, under which number, to whom
  liaison send ech-in-5g
  liaison mark-sent ls-2026-031 --copy copy.eml   Once the message in the outbox was sent

A second `send` of the same letter sends nothing; it tells what happened.")]
pub(crate) struct SendArgs {
    /// The letter
    #[arg(value_name = "ID")]
    letter: String,
    /// Show what would happen, and do nothing
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    actor: ActorArgs,
}

impl SendArgs {
    /// Whether nothing is done, only shown.
    pub(super) fn only_shows(&self) -> bool {
        self.dry_run
    }
}

/// Both messages of a sending, as bytes too, and the act that says so.
struct Mails {
    statement: (Message, Vec<u8>),
    announcement: Option<(Message, Vec<u8>, Vec<Told>)>,
    sending: Act,
}

/// Refuses what is not approved and names what is missing; otherwise locks, numbers, and hands the messages over.
pub(crate) fn run(args: &SendArgs, ctx: &mut Context) -> anyhow::Result<Outcome> {
    let desk = Desk::open(ctx)?;
    let record = desk.record()?;
    let name = letter_name(&record, &args.letter)?;
    let StatementName::Draft(slug) = name.clone() else { return already(args, ctx, &desk, &record, &name) };
    let by = me(&record.directory, ctx, &desk, args.actor.actor.as_deref())?;
    let repo = desk.repo(ctx)?;
    repo.ready()?;
    refuse_unsaved(&repo, &name, &[])?;
    if args.dry_run {
        return dry_run(ctx, &repo, &record, &name, &by);
    }
    if !ctx.yes && ctx.interactive {
        dry_run(ctx, &repo, &record, &name, &by)?;
        if !ask::confirm(ctx, "lock the number and lay both messages into the outbox?")? {
            return Err(refuse_with(Outcome::WaitsForPeople, "nothing was sent", []));
        }
    }
    outbox::prepare(ctx, &desk, &record)?;
    let flow = record.settings.flow.clone();
    let mut mails = None;
    let nonce = ctx.fresh_id();
    let clone = repo.clone_id(&ctx.fresh_id())?;
    let attempt = Attempt { by: &by, nonce: &nonce, clone: &clone, signs: true };
    let (taking, held) = take_number(&repo, &flow, |base| {
        let at_base = Record::open(&base.revision)?;
        refuse_taken(&repo, base, &at_base, &slug, &name)?;
        refuse_unshared(&repo, base, &record, &at_base, &name)?;
        let plan = plan(ctx, (&repo, base), &at_base, &name, &attempt)?;
        mails = Some(plan.1);
        Ok(plan.0)
    })?;
    let mails: Mails = mails.context("a sending has its messages")?;
    ctx.hint(format!("{slug} became {}", taking.number))?;
    let locked = outbox::Locked {
        number: &taking.number,
        sending: &mails.sending,
        last: mails.sending.at,
        held: &held,
        statement: &mails.statement.1,
        announcement: mails.announcement.as_ref().map(|(_, bytes, _)| bytes.as_slice()),
    };
    outbox::hand_over(ctx, &desk, &record, &repo, &locked, &by)
}

/// A numbered letter is not sent again; it is told what happened, and what did not happen yet is done.
fn already(
    args: &SendArgs,
    ctx: &mut Context,
    desk: &Desk,
    record: &Record<'_>,
    name: &StatementName,
) -> anyhow::Result<Outcome> {
    let whole = Whole::around(record, name, None)?;
    let Some(overview) = whole.overview(name, ctx.now)? else {
        return Err(refuse(format!("{name} cannot be read"), format!("liaison check {name}")));
    };
    if overview.standing.state == State::Sending && !args.dry_run {
        let by = me(&record.directory, ctx, desk, args.actor.actor.as_deref())?;
        return outbox::resume(ctx, desk, record, &desk.repo(ctx)?, overview.letter, &by);
    }
    let last = overview.letter.acts.iter().rev().map(|act| &act.value).find(|act| {
        matches!(
            act.kind,
            ActKind::Sending
                | ActKind::HandedOver
                | ActKind::Sent
                | ActKind::InDoubt
                | ActKind::Refused
                | ActKind::Receive
        )
    });
    let when = last
        .map(|act| format!("; {} on {} by {}", act.kind, act.at, record.directory.name_of(act.by.as_str())))
        .unwrap_or_default();
    writeln!(ctx.out, "{name} is {} already{when}; nothing was sent again", state_text(&overview))?;
    for step in next_steps(&overview, &record.directory, ctx.now) {
        ctx.hint(format!("next: {step}"))?;
    }
    Ok(if overview.standing.state == State::InDoubt { Outcome::InDoubt } else { Outcome::Done })
}

/// What this clone has committed to the letter's own file, and the others do not have, would not be in the message.
pub(super) fn refuse_unshared(
    repo: &Repo,
    base: &Base,
    here: &Record<'_>,
    at_base: &Record<'_>,
    name: &StatementName,
) -> anyhow::Result<()> {
    let path = name.path();
    let is_behind = repo.commit_at("HEAD").is_none_or(|head| repo.contains(base.tip, head));
    if is_behind || here.files().read(&path)? == at_base.files().read(&path)? {
        return Ok(());
    }
    Err(refuse(
        format!("{path} differs from the mainline, and what is sent is what everybody can see"),
        "git push, or merge your branch, first; `git diff` against the mainline shows what differs",
    ))
}

/// What to do about a draft that has its number on the mainline: look at the letter, or go on with a sending that began here.
fn pull_first(repo: &Repo, at_base: &Record<'_>, number: &StatementName) -> anyhow::Result<String> {
    let letter = at_base.letter(number)?;
    let is_open = letter.as_ref().filter(|letter| letter.acts.iter().all(|act| act.value.kind != ActKind::HandedOver));
    let began_in = is_open.and_then(|letter| letter.last(ActKind::Sending)?.detail("clone"));
    Ok(match began_in {
        Some(clone) if Some(&clone) == repo.known_clone_id().as_ref() => {
            format!("git pull, then liaison send {number}: it goes on where this clone stopped")
        }
        Some(_) | None => format!("git pull, then liaison show {number}"),
    })
}

/// Stops when somebody else took the draft first.
pub(super) fn refuse_taken(
    repo: &Repo,
    base: &Base,
    at_base: &Record<'_>,
    slug: &crate::domain::Slug,
    name: &StatementName,
) -> anyhow::Result<()> {
    if let Some(stub) = at_base.stub(slug)? {
        return Err(refuse_with(
            Outcome::SomebodyElse,
            format!("{slug} became {} meanwhile; nothing was changed", stub.value.became),
            [pull_first(repo, at_base, &StatementName::Numbered(stub.value.became.clone()))?],
        ));
    }
    if let Some((number, at)) = base.in_ledger(repo, slug)? {
        return Err(refuse_with(
            Outcome::SomebodyElse,
            format!("{slug} was taken as {number} at {at}, and is not on the mainline yet; nothing was changed"),
            [
                format!(
                    "liaison show {number} shows it; it comes to the mainline when liaison/send/{number} is merged"
                ),
                format!("liaison send {number} goes on, if this clone began it and something came in between"),
            ],
        ));
    }
    refuse_numbered_before(repo, &at_base.settings.flow, base.tip, slug)?;
    if at_base.letter(name)?.is_none() {
        let help = if base.has_remote() {
            "push or merge it first: what is sent is what everybody can see"
        } else {
            "commit it first"
        };
        return Err(refuse(format!("{name} is not on the mainline"), help));
    }
    Ok(())
}

/// Who sends, from which clone, and how the attempt is told from others.
struct Attempt<'a> {
    by: &'a Word,
    nonce: &'a str,
    clone: &'a str,
    /// Whether the act is signed; not where nothing is written.
    signs: bool,
}

/// Everything a sending does, made from the mainline as it is now.
fn plan(
    ctx: &Context,
    (repo, base): (&Repo, &Base),
    record: &Record<'_>,
    name: &StatementName,
    attempt: &Attempt<'_>,
) -> anyhow::Result<(Taking, Mails)> {
    let Attempt { by, nonce, clone, signs } = *attempt;
    let whole = Whole::read(record)?;
    refuse_unapproved(&whole, name, ctx)?;
    let year = u16::try_from(chrono::Datelike::year(&ctx.now.day())).unwrap_or_default();
    let number = base.next_number(repo, &whole.corpus, year)?;
    let letter = whole.corpus.letters.get(name).context("the letter was there a moment ago")?;
    let at = moment(letter, ctx.now)?;
    let open = Open { number: number.clone(), date: at, attempt: 1 };
    refuse_unnumbered_links(&whole, letter)?;
    let files = letter_files(record, name)?;
    let prepared = whole.prepared(letter, &files, ctx.now);
    let message = statement(&prepared, &open)?;
    let bytes = encode(&message)?;
    let second = announcement(&prepared, &open)?
        .map(|(message, told)| encode(&message).map(|bytes| (message, bytes, told)))
        .transpose()?;
    let mut act = in_role(
        Act::new(ActKind::Sending, by.clone(), at),
        keeper_role(by.as_str(), letter, record, ctx.now).as_ref(),
    )?;
    act.content = Some(letter.content);
    for (key, value) in [
        ("number", number.to_string()),
        ("draft", name.to_string()),
        ("message-id", message.message_id.as_str().to_owned()),
        ("message", Digest::of(&bytes).to_string()),
        ("date", at.to_string()),
        ("transport", "outbox".to_owned()),
        ("attempt", "1".to_owned()),
        ("nonce", nonce.to_owned()),
        ("clone", clone.to_owned()),
        ("base", base.tip.to_string()),
    ] {
        with_detail(&mut act, key, Some(&value))?;
    }
    with_list(&mut act, "recipients", &message.recipients().iter().map(ToString::to_string).collect::<Vec<_>>())?;
    if let Some((message, bytes, told)) = &second {
        with_detail(&mut act, "announcement-id", Some(message.message_id.as_str()))?;
        with_detail(&mut act, "announcement", Some(&Digest::of(bytes).to_string()))?;
        with_list(&mut act, "informed", &told.iter().map(|told| told.contact.address.to_string()).collect::<Vec<_>>())?;
    }
    if signs {
        // Whoever lacks a key is told when the messages are handed over.
        sign_fact(ctx, repo, record, &name.to_string(), &mut act)?;
    }
    let target = StatementName::Numbered(number.clone());
    let mut change = number_draft(record, name, &number)?
        .write(act_path(&target, &act), sound_act(&act)?)
        .write(format!("{}/sent-1.eml", target.stem()), bytes.clone());
    if let Some((_, bytes, _)) = &second {
        change = change.write(format!("{}/announcement-1.eml", target.stem()), bytes.clone());
    }
    let StatementName::Draft(slug) = name else { return Err(refuse("only a draft is sent", "")) };
    let text = format!(
        "send: {slug} becomes {number}, by {}\n\nTo {}",
        record.directory.name_of(by.as_str()),
        message.recipients().iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
    );
    let taking = Taking {
        number,
        draft: Some(slug.clone()),
        key: None,
        content: act.content,
        message: Some(Digest::of(&bytes)),
        at,
        change,
        text,
        nonce: nonce.to_owned(),
    };
    Ok((taking, Mails { statement: (message, bytes), announcement: second, sending: act }))
}

/// When a letter leaves: now, but not before anything that was done with it. An approval that seems younger than the sending
/// would not count any more once the letter is frozen.
pub(super) fn moment(letter: &crate::record::Letter, now: Instant) -> anyhow::Result<Instant> {
    after_all(letter.acts.iter().map(|act| act.value.at).max(), &letter.name, now)
}

/// Nothing leaves without approval; what is missing is named, and who can give it.
fn refuse_unapproved(whole: &Whole<'_, '_>, name: &StatementName, ctx: &Context) -> anyhow::Result<()> {
    let record = whole.record;
    if record.settings.mail.domain == crate::config::NO_DOMAIN {
        return Err(refuse(
            "liaison.toml does not say whose mail this is",
            "set `domain` and `from` under [mail] in liaison.toml, commit it, and approve again",
        ));
    }
    if record.settings.id.as_ref().is_none_or(crate::domain::RecordId::is_template) {
        return Err(refuse(
            "the record has the template's id",
            "write one of its own at `id` under [record] in liaison.toml: what `uuidgen` prints",
        ));
    }
    let Some(overview) = whole.overview(name, ctx.now)? else {
        return Err(refuse(format!("{name} cannot be read"), format!("liaison check {name}")));
    };
    let open = overview.open();
    let state = overview.standing.state;
    if state == State::Approved && open.is_empty() {
        return Ok(());
    }
    if state == State::Withdrawn {
        return Err(refuse(format!("{name} is withdrawn"), format!("liaison reopen {name} --reason …")));
    }
    if !open.is_empty() {
        let message = format!("{name} is not ready: {}", open.join("; "));
        return Err(refuse_with(Outcome::Findings, message, [overview.mend()]));
    }
    Err(refuse_with(
        Outcome::WaitsForPeople,
        format!("{name} has not every approval it needs"),
        approval_lines(&overview, record),
    ))
}

/// A link to a draft leads nowhere for the receiver until that draft has a number.
fn refuse_unnumbered_links(whole: &Whole<'_, '_>, letter: &crate::record::Letter) -> anyhow::Result<()> {
    let content = &letter.statement.value.content;
    let links = content.in_response_to.iter().chain(&content.revises).filter_map(crate::domain::Link::here);
    match links.map(|name| whole.corpus.resolve(name)).find(StatementName::is_draft) {
        Some(draft) => Err(refuse(
            format!("the letter refers to {draft}, which has no number yet"),
            format!("liaison send {draft} first"),
        )),
        None => Ok(()),
    }
}

fn dry_run(
    ctx: &mut Context,
    repo: &Repo,
    record: &Record<'_>,
    name: &StatementName,
    by: &Word,
) -> anyhow::Result<Outcome> {
    let base = Base::fetch(repo, &record.settings.flow)?;
    let at_base = Record::open(&base.revision)?;
    let StatementName::Draft(slug) = name else { return Err(refuse("only a draft is sent", "")) };
    refuse_taken(repo, &base, &at_base, slug, name)?;
    refuse_unshared(repo, &base, record, &at_base, name)?;
    let attempt = Attempt { by, nonce: "dry-run", clone: "dry-run", signs: false };
    let (taking, mails) = plan(ctx, (repo, &base), &at_base, name, &attempt)?;
    write_message(ctx, "Statement", &mails.statement.0, &[])?;
    if let Some((message, _, told)) = &mails.announcement {
        writeln!(ctx.out)?;
        write_message(ctx, "Announcement", message, told)?;
    }
    let number: &StatementId = &taking.number;
    writeln!(ctx.out, "\nwould become {number}, and lie in {}/new; nothing was done", record.settings.mail.outbox)?;
    Ok(Outcome::Done)
}
