//! `liaison preview`

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use serde_json::json;

use crate::check::{Whole, letter_files};
use crate::cli::context::Context;
use crate::cli::desk::{Desk, letter_name};
use crate::cli::exit::{Outcome, refuse};
use crate::cli::format::{terminal_safe, write_one};
use crate::cli::ledger::refuse_taken_draft;
use crate::cli::page::PageFormat;
use crate::digest::hints;
use crate::domain::Digest;
use crate::mail::{Message, Open, announcement, encode, statement};
use crate::policy::Reached;
use crate::store::Record;

/// Show exactly what will leave: the statement and the announcement
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  liaison preview ech-in-5g
  liaison preview ech-in-5g --eml /tmp/look   Write both messages as files, to look at them in a mail program

Number, Date and Message-ID are open until the letter is sent; they are marked [open].")]
pub(crate) struct PreviewArgs {
    /// The letter
    #[arg(value_name = "ID")]
    letter: String,
    /// Write the messages into this folder
    #[arg(long, value_name = "DIR")]
    eml: Option<PathBuf>,
    /// How it is printed
    #[arg(long, value_enum, default_value_t = PageFormat::Text, value_name = "FORMAT")]
    format: PageFormat,
}

/// Prints both messages as they will be, the three open values marked.
pub(crate) fn run(args: &PreviewArgs, ctx: &mut Context) -> anyhow::Result<Outcome> {
    let desk = Desk::open(ctx)?;
    let record = desk.record()?;
    let name = letter_name(&record, &args.letter)?;
    if !name.is_draft() {
        return Err(refuse(
            format!("{name} has its number; what left is not a preview any more"),
            format!("the messages' bytes are {}/sent-1.eml and announcement-1.eml", name.stem()),
        ));
    }
    if let Ok(repo) = desk.repo(ctx) {
        refuse_taken_draft(&repo, &record.settings.flow, &name)?;
    }
    let shown = messages(&record, &name, ctx)?;
    match args.format.shape() {
        None => write_text(ctx, &shown)?,
        Some(shape) => write_one(ctx, shape, &as_json(&name, &shown))?,
    }
    if let Some(folder) = &args.eml {
        write_files(ctx, folder, &shown)?;
    }
    Ok(Outcome::Done)
}

fn write_text(ctx: &mut Context, shown: &Shown) -> anyhow::Result<()> {
    write_message(ctx, "Statement", &shown.statement, &[])?;
    if let Some((message, told)) = &shown.announcement {
        writeln!(ctx.out)?;
        write_message(ctx, "Announcement", message, told)?;
    }
    writeln!(ctx.out, "\nContent  {}\nPreview  {}", shown.content, shown.preview)?;
    Ok(())
}

/// Both messages for programs; number, date and Message-ID, which are open, are left out.
fn as_json(name: &crate::domain::StatementName, shown: &Shown) -> serde_json::Value {
    json!({
        "id": name.to_string(),
        "content": shown.content.to_string(),
        "preview": shown.preview.to_string(),
        "statement": message_json(&shown.statement, &[]),
        "announcement": shown.announcement.as_ref().map(|(message, told)| message_json(message, told)),
    })
}

fn message_json(message: &Message, told: &[Reached]) -> serde_json::Value {
    let texts = |contacts: &[crate::domain::Contact]| contacts.iter().map(ToString::to_string).collect::<Vec<_>>();
    let recipient = |(index, address): (usize, &crate::domain::Address)| json!({ "address": address.to_string(), "reason": told.get(index).map(|reached| &reached.reason) });
    json!({
        "from": message.from.to_string(),
        "to": texts(&message.to),
        "reply-to": texts(&message.reply_to),
        "subject": message.subject.to_string(),
        "in-reply-to": message.in_reply_to.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "recipients": message.recipients().into_iter().enumerate().map(recipient).collect::<Vec<_>>(),
        "text": open_text(&message.text),
        "parts": message.parts.iter().map(|part| json!({
            "name": part.name.to_string(), "mime": part.mime, "bytes": part.bytes.len(),
            "sha256": (part.name.as_str() != "liaison.json").then(|| Digest::of(&part.bytes).to_string()),
        })).collect::<Vec<_>>(),
    })
}

/// The text with its open values marked.
pub(super) fn open_text(text: &str) -> String {
    text.replace("ls-0000-000", "[open]").replace("Submission Date: 1970-01-01", "Submission Date: [open]")
}

/// Both messages of a letter as an approver sees them.
pub(crate) struct Shown {
    pub(crate) statement: Message,
    pub(crate) announcement: Option<(Message, Vec<Reached>)>,
    pub(crate) content: Digest,
    pub(crate) preview: Digest,
    /// What names the changes since, once content or preview are others.
    pub(crate) hints: String,
}

/// Renders both messages with the values that stand for the open ones.
pub(crate) fn messages(
    record: &Record<'_>,
    name: &crate::domain::StatementName,
    ctx: &Context,
) -> anyhow::Result<Shown> {
    let corpus = record.linked(name)?;
    let threads = crate::policy::Threads::of(corpus.letters.values(), |name| corpus.resolve(name));
    let whole =
        Whole { record, corpus, threads, taken: Default::default(), roots: Default::default(), findings: Vec::new() };
    let letter = whole.corpus.letters.get(name).filter(|letter| letter.is_sound());
    let Some(letter) = letter else {
        return Err(refuse(format!("{name} cannot be read"), format!("liaison check {name}")));
    };
    let files = letter_files(record, name)?;
    let prepared = whole.prepared(letter, &files, ctx.now);
    let open = Open::preview();
    Ok(Shown {
        statement: statement(&prepared, &open)?,
        announcement: announcement(&prepared, &open)?,
        content: letter.content,
        preview: prepared.preview_digest()?,
        hints: format!("{} {}", hints(&letter.statement.value.content), prepared.elsewhere_hints()),
    })
}

/// One message: envelope, headers, text, parts.
pub(crate) fn write_message(ctx: &mut Context, title: &str, message: &Message, told: &[Reached]) -> anyhow::Result<()> {
    let contacts =
        |contacts: &[crate::domain::Contact]| contacts.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let mut lines = vec![format!("=== {title} ==="), format!("Envelope from  {}", message.from.address)];
    for (index, address) in message.recipients().iter().enumerate() {
        let reason = told.get(index).map(|reached| format!("  ({})", reached.reason)).unwrap_or_default();
        lines.push(format!("Envelope to    {address}{reason}"));
    }
    lines.push(String::new());
    lines.push(format!("From: {}", message.from));
    lines.push(format!("To: {}", contacts(&message.to)));
    if !message.reply_to.is_empty() {
        lines.push(format!("Reply-To: {}", contacts(&message.reply_to)));
    }
    lines.push(format!("Subject: {}", message.subject));
    lines.push("Date: [open]".into());
    lines
        .push(format!("Message-ID: [open] ({})", message.message_id.to_string().replace("ls-0000-000", "ls-YYYY-NNN")));
    for id in &message.in_reply_to {
        lines.push(format!("In-Reply-To: {id}"));
    }
    for (name, value) in &message.extra {
        lines.push(format!("{name}: {}", if *name == "Liaison-ID" { "[open]" } else { value.as_str() }));
    }
    lines.push(String::new());
    lines.extend(open_text(&message.text).lines().map(str::to_owned));
    for part in &message.parts {
        lines.push(String::new());
        let digest = match part.name.as_str() {
            "liaison.json" => "[open]: it holds number and date".to_owned(),
            _ => Digest::of(&part.bytes).to_string(),
        };
        lines.push(format!("--- {} ({}, {} bytes, {digest})", part.name, part.mime, part.bytes.len()));
    }
    for line in lines {
        writeln!(ctx.out, "{}", terminal_safe(&line))?;
    }
    Ok(())
}

pub(super) fn write_files(ctx: &mut Context, folder: &Path, shown: &Shown) -> anyhow::Result<()> {
    let folder = ctx.folder.join(folder);
    std::fs::create_dir_all(&folder).with_context(|| format!("{} cannot be made", folder.display()))?;
    let mut files = vec![("statement.eml", &shown.statement)];
    files.extend(shown.announcement.as_ref().map(|(message, _)| ("announcement.eml", message)));
    for (name, message) in files {
        let path = folder.join(name);
        std::fs::write(&path, encode(message)?).with_context(|| format!("{} cannot be written", path.display()))?;
        ctx.hint(format!("wrote {}", path.display()))?;
    }
    Ok(())
}
