//! `liaison show`

use serde_json::json;

use crate::check::{Overview, Whole};
use crate::cli::context::Context;
use crate::cli::desk::{Desk, letter_name};
use crate::cli::exit::{Outcome, refuse};
use crate::cli::facts::{facts, link_text};
use crate::cli::findings_text::{finding_json, write_findings};
use crate::cli::format::{terminal_safe, write_json};
use crate::cli::ledger::with_ledger;
use crate::cli::present::{act_text, approval_lines, next_steps, proof_of, state_text};
use crate::domain::{Contact, Line, Link, StatementName};
use crate::policy::Pointer;
use crate::record::{Corpus, Letter};
use crate::shape::Node;

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
    let content = &letter.as_filed().value.content;
    let mut lines = vec![format!("{}  [{}]", letter.name, state_text(overview))];
    lines.extend(letter.draft.as_ref().map(|draft| format!("was the draft {draft}")));
    lines.extend(overview.taken.map(|taken| format!("became {}, which is {}", taken.number, taken.whereabouts())));
    lines.push(String::new());
    lines.extend(facts(letter, &whole.corpus, &whole.record.directory));
    lines.extend(overview.digest.map(|digest| format!("{:<15} {digest}", "Content")));
    lines.extend(thread(overview, whole));
    if !content.body.is_empty() {
        lines.push(String::new());
        lines.extend(content.body.lines().map(|line| format!("  {line}")));
    }
    let approvals = if content.is_outgoing() && !letter.is_imported() {
        approval_lines(overview, whole.record)
    } else {
        Vec::new()
    };
    section(&mut lines, "Approvals", approvals);
    section(&mut lines, "Acts", letter.acts.iter().map(|act| act_text(&act.value, letter, whole.record)).collect());
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
    let content = &letter.as_filed().value.content;
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
        "date": content.date.or_else(|| letter.sent_on()).map(|day| day.to_string()),
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
        "corrected": corrected(letter),
        "corrections": letter.corrections.iter().map(|one| json!({
            "field": one.field, "was": one.was, "now": one.now, "reason": one.reason,
            "by": one.by.as_str(), "at": one.at.to_string(),
        })).collect::<Vec<_>>(),
        "approvals": approval_lines(overview, whole.record),
        "approved": overview.approval.is_complete(),
        "acts": letter.acts.iter().map(|act| json!({
            "act": act.value.kind.as_str(), "by": act.value.by.as_str(), "at": act.value.at.to_string(),
            "role": act.value.role.as_ref().map(ToString::to_string), "of": act.value.of.as_ref().map(ToString::to_string),
            "for": act.value.for_groups.iter().map(ToString::to_string).collect::<Vec<_>>(), "file": act.file,
            "proof": proof_of(&act.value, letter, whole.record),
        })).collect::<Vec<_>>(),
        "findings": overview.findings.iter().map(finding_json).collect::<Vec<_>>(),
        "next": next_steps(overview, &whole.record.directory, crate::domain::Instant::new(chrono::DateTime::default())),
    })
}

/// What counts at each key that was corrected: a text, or a list where the key has several.
fn corrected(letter: &Letter) -> serde_json::Value {
    let value = |field: &str| match letter.statement.root.at(field).map(Node::texts).unwrap_or_default().as_slice() {
        [] => serde_json::Value::Null,
        [text] => json!(text),
        texts => json!(texts),
    };
    letter
        .corrections
        .iter()
        .map(|one| (one.field.clone(), value(&one.field)))
        .collect::<serde_json::Map<_, _>>()
        .into()
}
