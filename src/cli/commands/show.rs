//! `liaison show`

use serde_json::json;

use crate::check::{Overview, Whole};
use crate::cli::context::Context;
use crate::cli::desk::{Desk, letter_name};
use crate::cli::exit::{Outcome, refuse};
use crate::cli::findings_text::{finding_json, write_findings};
use crate::cli::format::{terminal_safe, write_json};
use crate::cli::ledger::with_ledger;
use crate::cli::present::{act_text, approval_lines, next_steps, state_text};
use crate::domain::{Contact, Content, Line, Link, StatementName};
use crate::policy::Pointer;
use crate::record::Corpus;

/// Show everything about a letter: content, thread, approvals, acts, and what to do next
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  liaison show ls-2026-014
  liaison show 014               Any unambiguous part of a name, or another body's number of it
  liaison show ech --format json")]
pub(crate) struct ShowArgs {
    /// The letter
    #[arg(value_name = "ID")]
    letter: String,
    /// How it is printed
    #[arg(long, value_enum, default_value_t = ShowFormat::Text, value_name = "FORMAT")]
    format: ShowFormat,
}

/// How a letter is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum ShowFormat {
    /// For people
    Text,
    /// For programs
    Json,
    /// The letter's own file
    Yaml,
}

/// Prints a letter without reading the whole record: its thread is looked up.
pub(crate) fn run(args: &ShowArgs, ctx: &mut Context) -> anyhow::Result<Outcome> {
    let desk = Desk::open(ctx)?;
    let record = desk.record()?;
    let name = letter_name(&record, &args.letter)?;
    let whole = with_ledger(ctx, &desk, Whole::around(&record, &name, desk.cache(ctx).as_deref())?)?;
    let Some(overview) = whole.overview(&name, ctx.now)? else {
        let faults = record.faults(&name)?;
        if args.format == ShowFormat::Json {
            let faults: Vec<_> = faults.iter().map(finding_json).collect();
            write_json(ctx, &json!({ "id": name.to_string(), "findings": faults }))?;
        } else {
            write_findings(ctx, desk.files(), &faults)?;
        }
        return Err(refuse(format!("{name} cannot be read"), format!("liaison check {name}")));
    };
    match args.format {
        ShowFormat::Text => text(ctx, &overview, &whole)?,
        ShowFormat::Json => write_json(ctx, &as_json(&overview, &whole))?,
        ShowFormat::Yaml => {
            let bytes = desk.files().read(&name.path())?.unwrap_or_default();
            ctx.out.write_all(&bytes)?;
        }
    }
    Ok(Outcome::Done)
}

fn text(ctx: &mut Context, overview: &Overview<'_>, whole: &Whole<'_, '_>) -> anyhow::Result<()> {
    let letter = overview.letter;
    let statement = &letter.statement.value;
    let content = &statement.content;
    let mut lines = vec![format!("{}  [{}]", letter.name, state_text(overview))];
    lines.extend(letter.draft.as_ref().map(|draft| format!("was the draft {draft}")));
    lines.extend(overview.taken.map(|taken| format!("became {}, which is {}", taken.number, taken.whereabouts())));
    lines.push(String::new());
    lines.extend(facts(content, &whole.corpus));
    for identifier in &statement.identifiers {
        let body = identifier.body.as_ref().map(|body| format!("{body} ")).unwrap_or_default();
        lines.extend(identifier.value.as_ref().map(|value| format!("{:<15} {body}{value}", "Number")));
    }
    lines.extend(overview.digest.map(|digest| format!("{:<15} {digest}", "Content")));
    lines.extend(thread(overview, whole));
    if !content.body.is_empty() {
        lines.push(String::new());
        lines.extend(content.body.lines().map(|line| format!("  {line}")));
    }
    let approvals = if content.is_outgoing() && !letter.is_imported() {
        approval_lines(overview, &whole.record.directory)
    } else {
        Vec::new()
    };
    section(&mut lines, "Approvals", approvals);
    section(&mut lines, "Acts", letter.acts.iter().map(|act| act_text(&act.value, &whole.record.directory)).collect());
    let findings =
        overview.findings.iter().map(|finding| format!("{}: {} [{}]", finding.severity, finding.message, finding.code));
    section(&mut lines, "Still to do", findings.collect());
    section(&mut lines, "Next", next_steps(overview, &whole.record.directory, ctx.now));
    for line in lines {
        writeln!(ctx.out, "{}", terminal_safe(&line).trim_end())?;
    }
    Ok(())
}

fn section(lines: &mut Vec<String>, title: &str, content: Vec<String>) {
    if !content.is_empty() {
        lines.push(String::new());
        lines.push(title.to_owned());
        lines.extend(content.into_iter().map(|line| format!("  {line}")));
    }
}

/// The content's facts, a line each.
fn facts(content: &Content, corpus: &Corpus) -> Vec<String> {
    let mut lines = Vec::new();
    let mut fact = |label: &str, value: Option<String>| {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            lines.push(format!("{label:<15} {value}"));
        }
    };
    let join = |groups: &[Line]| groups.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let contacts = |contacts: &[Contact]| contacts.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    fact("Title", content.title.as_ref().map(ToString::to_string));
    fact("Direction", content.direction.map(|direction| direction.as_str().to_owned()));
    fact("Date", content.date.map(|date| date.to_string()));
    fact("From", Some(join(&content.from.groups)));
    fact("From contacts", Some(contacts(&content.from.contacts)));
    fact("Send reply to", content.from.send_reply_to.as_ref().map(ToString::to_string));
    fact("To", Some(join(&content.to.groups)));
    fact("To contacts", Some(contacts(&content.to.contacts)));
    fact("Send to", content.to.send_to.as_ref().map(|to| format!("{to}, and only there")));
    fact("Purpose", content.purpose.as_ref().map(ToString::to_string));
    fact("Deadline", content.deadline.map(|deadline| format!("{deadline}, anywhere on earth")));
    for link in &content.in_response_to {
        fact("Answers", Some(link_text(link, corpus)));
    }
    for link in &content.revises {
        fact("Revises", Some(link_text(link, corpus)));
    }
    fact("Consensus", content.consensus.level.as_ref().map(ToString::to_string));
    for evidence in &content.consensus.evidence {
        fact("Evidence", Some(evidence.to_string()));
    }
    fact("Meeting", content.meeting.as_ref().map(ToString::to_string));
    fact("Work items", Some(join(&content.work_items)));
    fact("Release", content.release.as_ref().map(ToString::to_string));
    fact("Questions", Some(join(&content.questions)));
    for document in &content.documents {
        let parts = [
            document.name.as_ref().map(ToString::to_string),
            document.status.as_ref().map(ToString::to_string),
            document.url.as_ref().map(ToString::to_string),
        ];
        fact("Document", Some(parts.into_iter().flatten().collect::<Vec<_>>().join(", ")));
    }
    for attachment in &content.attachments {
        let place = attachment.file.as_ref().or(attachment.url.as_ref()).map(ToString::to_string);
        let parts = [place, attachment.title.as_ref().map(ToString::to_string)];
        fact("Attachment", Some(parts.into_iter().flatten().collect::<Vec<_>>().join(", ")));
    }
    fact("Original", content.original.as_ref().and_then(|original| original.file.as_ref()).map(ToString::to_string));
    lines
}

fn link_text(link: &Link, corpus: &Corpus) -> String {
    match link {
        Link::Here(name) => {
            let title = corpus.get(name).and_then(|letter| letter.statement.value.content.title.as_ref());
            format!("{}{}", corpus.resolve(name), title.map(|title| format!("  {title}")).unwrap_or_default())
        }
        Link::Elsewhere { organization, reference, title, date } => {
            let parts = [
                organization.as_ref().map(ToString::to_string),
                reference.as_ref().map(ToString::to_string),
                title.as_ref().map(ToString::to_string),
                date.map(|date| date.to_string()),
            ];
            parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
        }
    }
}

/// Which letters point at this one.
fn thread(overview: &Overview<'_>, whole: &Whole<'_, '_>) -> Vec<String> {
    let name = &overview.letter.name;
    let told = |label: &'static str, pointers: &[Pointer]| {
        pointers
            .iter()
            .map(|pointer| {
                let state = if pointer.public { "" } else { " (a draft)" };
                format!("{label:<15} {}{state} from {}", pointer.from, pointer.groups.join(", "))
            })
            .collect::<Vec<_>>()
    };
    let mut lines = told("Answered by", whole.threads.answers(name));
    lines.extend(told("Revised by", whole.threads.revisions(name)));
    lines
}

fn as_json(overview: &Overview<'_>, whole: &Whole<'_, '_>) -> serde_json::Value {
    let letter = overview.letter;
    let content = &letter.statement.value.content;
    let pointers = |pointers: &[Pointer]| pointers.iter().map(|pointer| pointer.from.to_string()).collect::<Vec<_>>();
    let lines = |groups: &[Line]| groups.iter().map(ToString::to_string).collect::<Vec<_>>();
    let contacts = |contacts: &[Contact]| contacts.iter().map(ToString::to_string).collect::<Vec<_>>();
    let here = |links: &[Link]| links.iter().map(|link| link_text(link, &Corpus::default())).collect::<Vec<_>>();
    json!({
        "id": letter.name.to_string(),
        "number": overview.taken.map(|taken| taken.number.to_string()),
        "draft": letter.draft.as_ref().map(StatementName::to_string),
        "state": overview.standing.state.as_str(),
        "flags": overview.standing.flags.iter().map(|flag| flag.as_str()).collect::<Vec<_>>(),
        "open-until": overview.standing.open_until.map(|day| day.to_string()),
        "content": overview.digest.map(|digest| digest.to_string()),
        "direction": content.direction.map(crate::domain::Direction::as_str),
        "title": content.title.as_ref().map(ToString::to_string),
        "date": letter.date().map(|day| day.to_string()),
        "from": { "groups": lines(&content.from.groups), "contacts": contacts(&content.from.contacts), "send-reply-to": content.from.send_reply_to.as_ref().map(ToString::to_string) },
        "to": { "groups": lines(&content.to.groups), "contacts": contacts(&content.to.contacts), "send-to": content.to.send_to.as_ref().map(ToString::to_string) },
        "purpose": content.purpose.as_ref().map(ToString::to_string),
        "deadline": content.deadline.map(|day| day.to_string()),
        "in-response-to": here(&content.in_response_to),
        "revises": here(&content.revises),
        "answered-by": pointers(whole.threads.answers(&letter.name)),
        "revised-by": pointers(whole.threads.revisions(&letter.name)),
        "body": content.body.to_string(),
        "attachments": content.attachments.iter().map(|attachment| json!({
            "file": attachment.file.as_ref().map(ToString::to_string), "url": attachment.url.as_ref().map(ToString::to_string),
            "title": attachment.title.as_ref().map(ToString::to_string), "sha256": attachment.sha256.map(|digest| digest.to_string()),
        })).collect::<Vec<_>>(),
        "approvals": approval_lines(overview, &whole.record.directory),
        "approved": overview.approval.is_complete(),
        "acts": letter.acts.iter().map(|act| json!({
            "act": act.value.kind.as_str(), "by": act.value.by.as_str(), "at": act.value.at.to_string(),
            "role": act.value.role.as_ref().map(ToString::to_string), "of": act.value.of.as_ref().map(ToString::to_string),
            "for": act.value.for_groups.iter().map(ToString::to_string).collect::<Vec<_>>(), "file": act.file,
        })).collect::<Vec<_>>(),
        "findings": overview.findings.iter().map(finding_json).collect::<Vec<_>>(),
        "next": next_steps(overview, &whole.record.directory, crate::domain::Instant::new(chrono::DateTime::default())),
    })
}
