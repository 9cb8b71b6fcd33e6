//! `liaison fmt`

use serde_json::json;
use similar::TextDiff;

use crate::cli::context::Context;
use crate::cli::desk::{Desk, letter_name};
use crate::cli::exit::{Outcome, refuse};
use crate::cli::findings_text::write_findings;
use crate::cli::format::{terminal_safe, write_json};
use crate::cli::wording::{agreeing, counted};
use crate::domain::{ActKind, StatementName};
use crate::findings::{Code, Finding, Place};
use crate::record::{CanonicalError, canonical, parse_stub};
use crate::shape::Sink;
use crate::store::{Change, Record, apply};

/// Write drafts in their canonical form: same meaning, same digest, every comment kept
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  liaison fmt                   Every draft
  liaison fmt ech-in-5g
  liaison fmt --check           Changes nothing; shows what it would change, and ends with 1 if there is anything

Approvals stay: what they are of is the content, not the layout. Numbered letters and acts are frozen, and left alone.
docs/format.md, \"The canonical form\", tells what it is.")]
pub(crate) struct FmtArgs {
    /// The drafts; all of them, if none is named
    #[arg(value_name = "ID")]
    letters: Vec<String>,
    /// Change nothing, and show what would be changed
    #[arg(long)]
    check: bool,
    /// How the answer is printed
    #[arg(long, value_enum, default_value_t = FmtFormat::Text, value_name = "FORMAT")]
    format: FmtFormat,
}

/// How the answer is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum FmtFormat {
    /// The files that were changed, or with --check a diff of each
    Text,
    /// A list of `{letter, file, canonical}` for every draft
    Json,
}

/// A draft with its text as it is and as it should be.
struct Draft {
    name: StatementName,
    text: String,
    formed: String,
}

/// Forms what can be formed; what cannot is told, and left as it is.
pub(crate) fn run(args: &FmtArgs, ctx: &mut Context) -> anyhow::Result<Outcome> {
    let desk = Desk::open(ctx)?;
    let record = desk.any_record()?;
    let (drafts, faults) = drafts(&record, &names(args, &record)?)?;
    let other: Vec<&Draft> = drafts.iter().filter(|draft| draft.text != draft.formed).collect();
    if !args.check {
        let change = other.iter().fold(Change::default(), |change, draft| {
            change.write(draft.name.path(), draft.formed.clone().into_bytes())
        });
        apply(desk.tree.root(), &change)?;
    }
    match args.format {
        FmtFormat::Json => {
            let is_other = |draft: &Draft| draft.text != draft.formed;
            let row = |draft: &Draft| json!({"letter": draft.name.to_string(), "file": draft.name.path(), "canonical": !is_other(draft)});
            write_json(ctx, &drafts.iter().map(row).collect::<Vec<_>>())?;
        }
        FmtFormat::Text => {
            for draft in &other {
                if args.check { diff(ctx, draft)? } else { writeln!(ctx.out, "{}", draft.name.path())? }
            }
        }
    }
    write_findings(ctx, desk.files(), &faults)?;
    let others = agreeing(other.len(), "draft is", "drafts are");
    let of = counted(drafts.len() + faults.len(), "draft");
    match (other.is_empty(), args.check) {
        (true, _) => ctx.hint(format!("{of}: nothing to change"))?,
        (false, true) => ctx.hint(format!("{others} not in the canonical form, of {of}: liaison fmt"))?,
        (false, false) => ctx.hint("nothing is committed: git diff shows it, git commit keeps it")?,
    }
    let fails = !faults.is_empty() || (args.check && !other.is_empty());
    Ok(if fails { Outcome::Findings } else { Outcome::Done })
}

/// The drafts that are meant.
fn names(args: &FmtArgs, record: &Record<'_>) -> anyhow::Result<Vec<StatementName>> {
    if args.letters.is_empty() {
        let mut all = Vec::new();
        for name in record.names().filter(|name| name.is_draft()) {
            if !is_locked(record, name)? {
                all.push(name.clone());
            }
        }
        return Ok(all);
    }
    let named = |part: &String| {
        let name = letter_name(record, part)?;
        if !name.is_draft() || is_locked(record, &name)? {
            let help = format!("nothing to do: what was approved and sent is kept byte for byte; liaison show {name}");
            return Err(refuse(format!("{name} is frozen"), help));
        }
        Ok(name)
    };
    args.letters.iter().map(named).collect()
}

/// Whether its sending has begun: from then on it is frozen, whatever it is called.
fn is_locked(record: &Record<'_>, name: &StatementName) -> anyhow::Result<bool> {
    let letter = record.letter(name)?;
    Ok(letter.is_some_and(|letter| letter.acts.iter().any(|act| act.value.kind == ActKind::Sending)))
}

fn drafts(record: &Record<'_>, names: &[StatementName]) -> anyhow::Result<(Vec<Draft>, Vec<Finding>)> {
    let (mut drafts, mut faults) = (Vec::new(), Vec::new());
    for name in names {
        let path = name.path();
        let Some(bytes) = record.files().read(&path)? else { continue };
        if parse_stub(&bytes, &mut Sink::new(&path)).is_some() {
            continue;
        }
        match canonical(&bytes, &path) {
            Ok(formed) => {
                let text = String::from_utf8_lossy(&bytes).into_owned();
                drafts.push(Draft { name: name.clone(), text, formed });
            }
            Err(CanonicalError::Unreadable(found)) => faults.extend(found),
            Err(error @ (CanonicalError::Refused | CanonicalError::Write(_))) => {
                let finding = Finding::plain(Code::InvalidValue, error.to_string()).at(Place::file(&path));
                faults.push(finding.help(format!("liaison edit {name} changes it by hand")));
            }
        }
    }
    Ok((drafts, faults))
}

fn diff(ctx: &mut Context, draft: &Draft) -> anyhow::Result<()> {
    let (path, diff) = (draft.name.path(), TextDiff::from_lines(&draft.text, &draft.formed));
    let diff = diff.unified_diff().header(&format!("a/{path}"), &format!("b/{path}")).to_string();
    for line in diff.lines() {
        let line = terminal_safe(line);
        let code = match line.as_bytes().first() {
            Some(b'+') if ctx.color => "32",
            Some(b'-') if ctx.color => "31",
            _ => "",
        };
        if code.is_empty() { writeln!(ctx.out, "{line}")? } else { writeln!(ctx.out, "\u{1b}[{code}m{line}\u{1b}[0m")? }
    }
    Ok(())
}
