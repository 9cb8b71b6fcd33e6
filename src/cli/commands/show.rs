//! `liaison show`

use serde_json::json;

use crate::check::{Overview, Whole};
use crate::cli::context::Context;
use crate::cli::desk::{Desk, letter_name};
use crate::cli::exit::{Outcome, refuse};
use crate::cli::facts::facts;
use crate::cli::findings_text::write_findings;
use crate::cli::format::{Shape, terminal_safe, write_json, write_one};
use crate::cli::ledger::with_ledger;
use crate::cli::letter_json::letter_json;
use crate::cli::present::{act_text, approval_lines, next_steps, state_text};
use crate::cli::redactions::{behind_text, names_text, redaction_text, removal_people, removal_text};
use crate::cli::report::finding_json;
use crate::domain::{Act, Line};
use crate::policy::{Pointer, Waiting, behind};
use crate::shape::Located;

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
    /// Keys and values in two columns
    Table,
    /// JSON, for programs
    Json,
    /// Comma-separated keys and values, with a header line
    Csv,
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
        ShowFormat::Table => write_one(ctx, Shape::Table, &letter_json(&overview, &whole, ctx.now))?,
        ShowFormat::Json => write_one(ctx, Shape::Json, &letter_json(&overview, &whole, ctx.now))?,
        ShowFormat::Csv => write_one(ctx, Shape::Csv, &letter_json(&overview, &whole, ctx.now))?,
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
    let redaction = redaction_text(letter, &whole.record.directory);
    lines.extend(redaction.map(|told| format!("redacted {told}")));
    let signed = behind(letter, &whole.roots, &whole.record.settings);
    lines.extend(signed.map(|signed| behind_text(&signed, &whole.record.directory)));
    let removal = |one: &Waiting<'_>| {
        let people = names_text(removal_people(one), &whole.record.directory);
        format!("{}: {people}; they type: liaison redact {}", removal_text(one), letter.name)
    };
    lines.extend(overview.removals.iter().map(removal));
    lines.push(String::new());
    lines.extend(facts(letter, &whole.corpus, &whole.record.directory));
    lines.extend(whereabouts(overview, whole));
    lines.extend(overview.digest.map(|digest| format!("{:<15} {digest}", "Content")));
    lines.extend(thread(overview, whole));
    if !content.body.is_empty() {
        lines.push(String::new());
        lines.extend(content.body.lines().map(|line| format!("  {line}")));
    }
    section(&mut lines, "Approvals", approval_lines(overview, whole.record));
    let told = |act: &Located<Act>| act_text(&act.value, letter, whole.record, &whole.roots);
    section(&mut lines, "Acts", letter.acts.iter().map(told).collect());
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

/// With whom a received letter is, where its To does not tell, and until when it is open, where its deadline does not.
fn whereabouts(overview: &Overview<'_>, whole: &Whole<'_, '_>) -> Vec<String> {
    let (letter, custody) = (overview.letter, &overview.custody);
    let content = &letter.statement.value.content;
    let to: Vec<&str> = content.to.groups.iter().map(Line::as_str).collect();
    let with: Vec<&str> = custody.groups.iter().map(String::as_str).collect();
    let name = |handle: &String| whole.record.directory.name_of(handle).to_owned();
    let people: Vec<String> = custody.assignees().iter().map(name).collect();
    let until = overview.standing.open_until.filter(|until| Some(*until) != content.deadline);
    let facts = [
        ("With", with.iter().any(|group| !to.contains(group)).then(|| with.join(", "))),
        ("Passed on to", Some(custody.passed_on.join(", "))),
        ("Assigned to", Some(people.join(", "))),
        ("Open until", until.map(|until| format!("{until}, as promised"))),
    ];
    let told = facts.into_iter().filter_map(|(label, value)| Some((label, value.filter(|value| !value.is_empty())?)));
    told.map(|(label, value)| format!("{label:<15} {value}")).collect()
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
