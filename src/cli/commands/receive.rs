//! `liaison receive`

use std::cell::RefCell;
use std::path::PathBuf;

use crate::check::Whole;
use crate::cli::args::TravelArgs;
use crate::cli::ask;
use crate::cli::context::Context;
use crate::cli::desk::{Desk, letter_name, me, recorder};
use crate::cli::exit::{Outcome, refuse, usage};
use crate::cli::input::{Limit, given, read_input, read_input_or_stdin, refuse_sum, text_of};
use crate::cli::locking::{Taking, follow, last_ever, take_number};
use crate::cli::signature::sign_fact;
use crate::cli::travel::Traveller;
use crate::domain::{
    Act, ActKind, Attachment, Contact, Digest, Line, Link, Original, Purpose, Statement, StatementId, StatementName,
    Word,
};
use crate::history::Below;
use crate::mail::{Arrived, read_mail, safe_name};
use crate::record::statement_yaml;
use crate::store::{Change, Record, act_path};

use super::acting::{ActorArgs, best_role, in_role, sound_act, told, with_detail};
use super::arrival::{Flags, copied_groups, propose, recorded_as};
use super::importing::imported;

/// Record a letter of another body: from a mail, or from what you say of it
#[derive(Debug, Clone, Default, clap::Args)]
#[command(after_help = "Examples:
  liaison receive ls.eml                                      All that the mail says; asks for the rest
  liaison receive ls.eml --from 3gpp-sa3 --to tls --purpose for-action --deadline 2026-12-18
  liaison receive --from itu-t-sg15 --to ccamp --title 'OTN work' --original SG15-LS123.docx --attach SG15-LS123.pdf
  liaison receive - < ls.eml

The original's bytes are always kept. The same mail is recorded once.")]
pub(crate) struct ReceiveArgs {
    /// The mail, or - for standard input
    #[arg(value_name = "FILE.eml")]
    mail: Option<PathBuf>,
    #[command(flatten)]
    flags: Flags,
    /// The letter as it came, when it was no mail: a PDF or Word file
    #[arg(long, value_name = "FILE", conflicts_with = "mail")]
    original: Option<PathBuf>,
    /// The text: a file
    #[arg(long, value_name = "FILE")]
    body: Option<PathBuf>,
    /// A file that came along
    #[arg(long, value_name = "FILE")]
    attach: Vec<PathBuf>,
    /// How it came: mail, list, portal, import, or other, such as on paper; a mail comes by mail, unless you say otherwise
    #[arg(long, value_name = "WAY", value_parser = ["mail", "list", "portal", "import", "other"])]
    via: Option<String>,
    #[command(flatten)]
    actor: ActorArgs,
    #[command(flatten)]
    travel: TravelArgs,
}

/// A letter that is about to be recorded: what its file says, and the files beside it.
struct Parcel {
    statement: Statement,
    files: Vec<(String, Vec<u8>)>,
    key: String,
    arrived: Option<Arrived>,
}

/// Numbers the letter and writes it with the act `receive`.
pub(crate) fn run(args: &ReceiveArgs, ctx: &mut Context) -> anyhow::Result<Outcome> {
    let desk = Desk::open(ctx)?;
    let record = desk.record()?;
    let by = me(&record.directory, ctx, &desk, args.actor.actor.as_deref())?;
    let whole = Whole::read(&record)?;
    let bytes = match &args.mail {
        None => None,
        Some(path) => Some(read_input_or_stdin(ctx, path, Limit::mail(&record.settings.limits))?),
    };
    let arrived = bytes.as_deref().map(arrived).transpose()?;
    let original = original(args, ctx, &record, bytes)?;
    let known_key = arrived.as_ref().and_then(|arrived| arrived.message_id.clone());
    let known_key = known_key.or_else(|| original.as_ref().map(|(_, bytes)| Digest::of(bytes).to_string()));
    if let Some(known) = known_key.as_deref().and_then(|key| recorded_as(&whole.corpus, key)) {
        return recorded_already(ctx, &known.to_string());
    }
    let mut parcel = parcel(args, ctx, &whole, arrived, original)?;
    fit(&mut parcel, record.settings.limits.yaml)?;
    if let Some(known) = recorded_as(&whole.corpus, &parcel.key) {
        return recorded_already(ctx, &known.to_string());
    }
    let via = if args.mail.is_some() { "mail" } else { "other" };
    let day = ctx.now.day();
    let receivers: Vec<&str> = parcel.statement.content.to.groups.iter().map(Line::as_str).collect();
    let role = best_role(by.as_str(), &receivers, &record, day);
    let role = role.or_else(|| record.directory.roles_of(by.as_str(), day).into_iter().next());
    let mut act = in_role(Act::new(ActKind::Receive, by.clone(), ctx.now), role.as_ref())?;
    act.recorded_by = recorder(&record.directory, ctx, &desk, &by);
    act.content = Some(crate::digest::content_digest(&parcel.statement.content));
    let via = args.via.as_deref().unwrap_or(via);
    with_detail(&mut act, "via", Some(via))?;
    with_detail(&mut act, "key", Some(&parcel.key))?;
    if let Some(arrived) = &parcel.arrived {
        with_detail(&mut act, "message-id", arrived.message_id.as_deref())?;
        with_detail(&mut act, "received-from", arrived.from.first().map(ToString::to_string).as_deref())?;
    }
    with_detail(&mut act, "received-from", args.flags.received_from.as_deref())?;
    let unsigned = RefCell::new(None);
    let change = |ctx: &Context, number: &StatementId| -> anyhow::Result<Change> {
        let name = StatementName::Numbered(number.clone());
        let act = match via {
            "import" => imported(ctx, &desk, &record, &name, &parcel.statement, &act)?,
            _ => {
                let mut act = act.clone();
                if let Ok(repo) = desk.repo(ctx) {
                    *unsigned.borrow_mut() = sign_fact(ctx, &repo, &record, &name.to_string(), &mut act)?;
                }
                act
            }
        };
        let mut change = Change::default()
            .write(name.path(), statement_yaml(&parcel.statement)?)
            .write(act_path(&name, &act), sound_act(&act)?);
        for (file, bytes) in &parcel.files {
            change = change.write(format!("{}/{file}", name.stem()), bytes.clone());
        }
        Ok(change)
    };
    let title = parcel.statement.content.title.as_ref().map(ToString::to_string).unwrap_or_default();
    let from = parcel.statement.content.from.groups.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let text = |number: &StatementId| {
        format!("receive: {number} from {from}, by {}\n\n{title}", record.directory.name_of(by.as_str()))
    };
    let year = u16::try_from(chrono::Datelike::year(&ctx.now.day())).unwrap_or_default();
    let (number, reached) = if args.travel.no_push || args.travel.no_commit {
        let repo = desk.repo(ctx).ok();
        let head = repo.as_ref().and_then(|repo| Some((repo, repo.commit_at("HEAD")?)));
        let ever = head.map_or(Ok(0), |(repo, head)| last_ever(repo, head, Below::Record, year))?;
        let last = record.last_serial(year).max(whole.corpus.last_in_stubs(year)).max(ever);
        let number = StatementId::new(year, last + 1);
        let name = StatementName::Numbered(number.clone());
        let traveller = Traveller { settings: &record.settings, args: args.travel, letter: Some(&name) };
        let change = change(ctx, &number)?;
        let reached = traveller.go(ctx, &desk, &change, &text(&number))?;
        ctx.hint(format!("{number} is not locked for others: push it before anybody takes the same number"))?;
        (number, reached)
    } else {
        match publish(ctx, &desk, &record, &parcel, year, &change, &text)? {
            Published::Now(number, reached) => (number, reached),
            Published::Before(number) => return recorded_already(ctx, &number),
        }
    };
    writeln!(ctx.out, "{number}")?;
    unsigned.into_inner().map_or(Ok(()), |told| ctx.hint(told))?;
    ctx.hint(told(&reached))?;
    ctx.hint(format!("next: liaison show {number}, liaison assign {number}, liaison distribute {number}"))?;
    Ok(Outcome::Done)
}

/// A text that is too long for the letter's file becomes a file beside it: nothing is recorded that cannot be read again.
fn fit(parcel: &mut Parcel, limit: u64) -> anyhow::Result<()> {
    let size = |statement: &Statement| statement_yaml(statement).map(|yaml| yaml.len() as u64);
    if size(&parcel.statement)? <= limit {
        return Ok(());
    }
    let text = parcel.statement.content.body.to_string().into_bytes();
    parcel.statement.content.body = crate::domain::Text::default();
    let taken: Vec<String> = parcel.files.iter().map(|(name, _)| name.clone()).collect();
    add_file(&mut parcel.statement, &mut parcel.files, safe_name("body.txt", &taken), None, text)?;
    if size(&parcel.statement)? <= limit {
        return Ok(());
    }
    Err(refuse(
        format!("the letter's file would have more than the {limit} bytes allowed"),
        "raise `yaml` under [limits] in liaison.toml",
    ))
}

/// The same letter is recorded once, whoever was first.
fn recorded_already(ctx: &mut Context, number: &str) -> anyhow::Result<Outcome> {
    writeln!(ctx.out, "{number}")?;
    ctx.hint(format!("this letter was recorded already, as {number}; nothing was written"))?;
    Ok(Outcome::Done)
}

/// Who recorded the letter.
enum Published {
    /// This command.
    Now(StatementId, crate::cli::travel::Reached),
    /// Somebody before it, under this number.
    Before(String),
}

/// Takes the next number where everybody takes it.
fn publish(
    ctx: &mut Context,
    desk: &Desk,
    record: &Record<'_>,
    parcel: &Parcel,
    year: u16,
    change: &dyn Fn(&Context, &StatementId) -> anyhow::Result<Change>,
    text: &dyn Fn(&StatementId) -> String,
) -> anyhow::Result<Published> {
    let repo = desk.repo(ctx)?;
    repo.ready()?;
    let nonce = ctx.fresh_id();
    let key = Digest::of(parcel.key.as_bytes());
    let mut known = None;
    let taken = take_number(&repo, &record.settings.flow, |base| {
        let at_base = Record::open(&base.revision)?;
        let (corpus, _) = at_base.corpus()?;
        let before = match recorded_as(&corpus, &parcel.key) {
            Some(name) => Some(name.to_string()),
            None => base.received(&repo, key)?.map(|(number, _)| number.to_string()),
        };
        if let Some(number) = before {
            known = Some(number.clone());
            return Err(refuse(format!("recorded as {number}"), ""));
        }
        let number = base.next_number(&repo, &corpus, year)?;
        Ok(Taking {
            draft: None,
            key: Some(key),
            content: Some(crate::digest::content_digest(&parcel.statement.content)),
            message: None,
            at: ctx.now,
            change: change(ctx, &number)?,
            text: text(&number),
            nonce: nonce.clone(),
            number,
        })
    });
    if let Some(number) = known {
        return Ok(Published::Before(number));
    }
    let (taking, held) = taken?;
    let reached = follow(&repo, &record.settings.flow, &held, held.commit)?;
    Ok(Published::Now(taking.number, reached))
}

/// What a mail says.
fn arrived(bytes: &[u8]) -> anyhow::Result<Arrived> {
    let arrived = read_mail(bytes).filter(|arrived| arrived.subject.is_some() || !arrived.from.is_empty());
    arrived.ok_or_else(|| {
        usage(
            "the file is no mail: it has neither From nor Subject",
            "give the message as a file with its headers (.eml); a PDF or Word file is given with --original FILE",
        )
    })
}

/// The letter as it came, with the name it is kept under: the mail, else the file of `--original`.
fn original(
    args: &ReceiveArgs,
    ctx: &Context,
    record: &Record<'_>,
    mail: Option<Vec<u8>>,
) -> anyhow::Result<Option<(String, Vec<u8>)>> {
    if let Some(bytes) = mail {
        return Ok(Some(("original.eml".to_owned(), bytes)));
    }
    let Some(path) = &args.original else { return Ok(None) };
    let ending = path.extension().map_or_else(|| "bin".into(), |ending| ending.to_string_lossy().to_ascii_lowercase());
    let bytes = read_input(ctx, path, Limit::mail(&record.settings.limits))?;
    Ok(Some((format!("original.{}", safe_name(&ending, &[])), bytes)))
}

/// Makes a letter of the mail and the flags; asks for what is missing.
fn parcel(
    args: &ReceiveArgs,
    ctx: &mut Context,
    whole: &Whole<'_, '_>,
    arrived: Option<Arrived>,
    original: Option<(String, Vec<u8>)>,
) -> anyhow::Result<Parcel> {
    let mut statement = propose(arrived.as_ref(), &args.flags, whole, ctx.now.day())?;
    let mut files = Vec::new();
    if let Some(arrived) = &arrived {
        for file in &arrived.files {
            add_file(&mut statement, &mut files, file.name.clone(), file.title.clone(), file.bytes.clone())?;
        }
    }
    let limits = &whole.record.settings.limits;
    let mut sum = 0;
    for path in &args.attach {
        let given = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let taken: Vec<String> = files.iter().map(|(name, _): &(String, Vec<u8>)| name.clone()).collect();
        let name = safe_name(&given, &taken);
        let title = if name == given { None } else { Line::parse(&given)? };
        let bytes = read_input(ctx, path, Limit::attachment(limits))?;
        sum += bytes.len() as u64;
        refuse_sum(sum, limits)?;
        add_file(&mut statement, &mut files, name, title, bytes)?;
    }
    if let Some(path) = &args.body {
        let text = text_of(read_input(ctx, path, Limit::text(limits))?, "the text")?;
        statement.content.body = given("--body", crate::domain::Text::parse(&text))?;
    }
    if let Some(arrived) = &arrived {
        tell_copies(ctx, whole, arrived, &statement)?;
    }
    ask_for_missing(&mut statement, ctx)?;
    let key = match (&arrived, &original) {
        (Some(Arrived { message_id: Some(id), .. }), _) => id.clone(),
        (_, Some((_, bytes))) => Digest::of(bytes).to_string(),
        (_, None) => crate::digest::content_digest(&statement.content).to_string(),
    };
    if let Some((file, bytes)) = original {
        statement.content.original = Some(Original { file: Line::parse(&file)?, sha256: Some(Digest::of(&bytes)) });
        files.push((file, bytes));
    }
    Ok(Parcel { statement, files, key, arrived })
}

/// Says who got a copy, as the letter has no place for them.
fn tell_copies(
    ctx: &mut Context,
    whole: &Whole<'_, '_>,
    arrived: &Arrived,
    statement: &Statement,
) -> anyhow::Result<()> {
    if arrived.cc.is_empty() {
        return Ok(());
    }
    let copies: Vec<String> = arrived.cc.iter().map(ToString::to_string).collect();
    ctx.hint(format!("copies went to {}; only the original keeps them", copies.join(", ")))?;
    let to = &statement.content.to.groups;
    for group in copied_groups(arrived, whole, ctx.now.day()).iter().filter(|group| !to.contains(group)) {
        ctx.hint(format!("{group} got a copy; add --to {group} if the letter is for it as well"))?;
    }
    Ok(())
}

fn add_file(
    statement: &mut Statement,
    files: &mut Vec<(String, Vec<u8>)>,
    name: String,
    title: Option<Line>,
    bytes: Vec<u8>,
) -> anyhow::Result<()> {
    let sha256 = Some(Digest::of(&bytes));
    statement.content.attachments.push(Attachment { file: Line::parse(&name)?, url: None, title, sha256 });
    files.push((name, bytes));
    Ok(())
}

/// What must be known of a letter: from whom, to whom, its title. The purpose is asked for, and may stay unknown.
fn ask_for_missing(statement: &mut Statement, ctx: &Context) -> anyhow::Result<()> {
    let words = |text: &str| -> anyhow::Result<Vec<Line>> {
        let read: Result<Vec<_>, _> = text.split(',').map(Line::parse).collect();
        Ok(read?.into_iter().flatten().collect())
    };
    let content = &mut statement.content;
    if content.from.groups.is_empty() {
        content.from.groups = words(&ask::line(ctx, "The body or group it comes from", None, "--from GROUP")?)?;
    }
    if content.to.groups.is_empty() {
        content.to.groups = words(&ask::line(ctx, "The group it goes to", None, "--to GROUP")?)?;
    }
    if content.title.is_none() {
        content.title = Line::parse(&ask::line(ctx, "Title", None, "--title TITLE")?)?;
    }
    if content.purpose.is_none() && ctx.interactive {
        content.purpose = Purpose::parse(&ask::choice(ctx, "Purpose", &Purpose::KNOWN, "--purpose PURPOSE")?)?;
    }
    if content.deadline.is_none() && content.purpose == Some(Purpose::ForAction) && ctx.interactive {
        let text = ask::line(ctx, "Deadline (YYYY-MM-DD, empty for none)", None, "--deadline DATE")?;
        content.deadline = crate::domain::time::parse_date(&text)?;
    }
    Ok(())
}

/// The links, contacts and words that flags give, for `arrival`.
pub(super) fn links(parts: &[String], record: &Record<'_>) -> anyhow::Result<Vec<Link>> {
    parts.iter().map(|part| letter_name(record, part).map(Link::Here)).collect()
}

/// Contacts that flags give.
pub(super) fn contacts(texts: &[String]) -> anyhow::Result<Vec<Contact>> {
    let read: Result<Vec<Option<Contact>>, _> = texts.iter().map(|text| Contact::parse(text)).collect();
    Ok(read?.into_iter().flatten().collect())
}

/// Tags that flags give.
pub(super) fn words(texts: &[String]) -> anyhow::Result<Vec<Word>> {
    let read: Result<Vec<Option<Word>>, _> = texts.iter().map(|text| Word::parse(text)).collect();
    Ok(read?.into_iter().flatten().collect())
}
