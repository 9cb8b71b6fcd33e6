//! `liaison fmt`

use serde_json::json;
use similar::TextDiff;

use crate::cli::context::Context;
use crate::cli::desk::{Desk, letter_name};
use crate::cli::exit::{Outcome, refuse};
use crate::cli::findings_text::write_findings;
use crate::cli::format::{terminal_safe, write_json};
use crate::cli::ledger::refuse_taken_draft;
use crate::cli::report::finding_json;
use crate::cli::wording::{agreeing, counted};
use crate::domain::{ActKind, StatementName};
use crate::findings::{Code, Finding, Place};
use crate::history::Repo;
use crate::record::{CanonicalError, Letter, canonical, parse_stub};
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
    /// A list of `{letter, file, canonical, findings}` for every draft; `canonical` is null where it cannot be read
    Json,
}

/// A draft with its text as it is and as it should be.
struct Draft {
    name: StatementName,
    text: String,
    /// The canonical text, or what keeps it from having one.
    formed: Result<String, Vec<Finding>>,
}

impl Draft {
    /// The canonical text, where it is another one.
    fn other(&self) -> Option<&str> {
        self.formed.as_deref().ok().filter(|formed| *formed != self.text)
    }

    fn faults(&self) -> &[Finding] {
        self.formed.as_ref().err().map_or(&[], Vec::as_slice)
    }
}

/// Forms what can be formed; what cannot is told, and left as it is.
pub(crate) fn run(args: &FmtArgs, ctx: &mut Context) -> anyhow::Result<Outcome> {
    let desk = Desk::open(ctx)?;
    let record = desk.any_record()?;
    let names = names(args, ctx, &desk, &record)?;
    let drafts: Vec<Draft> =
        names.into_iter().filter_map(|name| read(&record, name).transpose()).collect::<anyhow::Result<_>>()?;
    if !args.check {
        let write = |change: Change, draft: &Draft| match draft.other() {
            Some(formed) => change.write(draft.name.path(), formed.as_bytes().to_vec()),
            None => change,
        };
        apply(desk.tree.root(), &drafts.iter().fold(Change::default(), write))?;
    }
    match args.format {
        FmtFormat::Json => write_json(ctx, &drafts.iter().map(json).collect::<Vec<_>>())?,
        FmtFormat::Text => text(args, ctx, &desk, &drafts)?,
    }
    let is_unformed = |draft: &Draft| args.check && draft.other().is_some();
    let fails = drafts.iter().any(|draft| is_unformed(draft) || !draft.faults().is_empty());
    Ok(if fails { Outcome::Findings } else { Outcome::Done })
}

/// The files that were changed, or what would be, then what is wrong, then what comes next.
fn text(args: &FmtArgs, ctx: &mut Context, desk: &Desk, drafts: &[Draft]) -> anyhow::Result<()> {
    let other: Vec<(&Draft, &str)> = drafts.iter().filter_map(|draft| Some((draft, draft.other()?))).collect();
    for (draft, formed) in &other {
        if args.check { diff(ctx, draft, formed)? } else { writeln!(ctx.out, "{}", draft.name.path())? }
    }
    let faults: Vec<Finding> = drafts.iter().flat_map(|draft| draft.faults().to_vec()).collect();
    write_findings(ctx, desk.files(), &faults)?;
    let of = counted(drafts.len(), "draft");
    match (other.len(), args.check) {
        (0, _) => ctx.hint(format!("{of}: nothing to change")),
        (count, true) => {
            let others = agreeing(count, "draft is", "drafts are");
            ctx.hint(format!("{others} not in the canonical form, of {of}: liaison fmt"))
        }
        (_, false) => ctx.hint("nothing is committed: git diff shows it, git commit keeps it"),
    }
}

fn json(draft: &Draft) -> serde_json::Value {
    json!({
        "letter": draft.name.to_string(),
        "file": draft.name.path(),
        "canonical": draft.faults().is_empty().then_some(draft.other().is_none()),
        "findings": draft.faults().iter().map(finding_json).collect::<Vec<_>>(),
    })
}

/// The drafts that are meant, but for those that are frozen.
fn names(args: &FmtArgs, ctx: &Context, desk: &Desk, record: &Record<'_>) -> anyhow::Result<Vec<StatementName>> {
    let repo = desk.repo(ctx).ok();
    let frozen = |name: &StatementName| refuse_frozen(record, repo.as_ref(), name);
    if !args.letters.is_empty() {
        let named = |part: &String| {
            let name = letter_name(record, part)?;
            frozen(&name).map(|()| name)
        };
        return args.letters.iter().map(named).collect();
    }
    let drafts = record.names().filter(|name| name.is_draft());
    Ok(drafts.filter(|name| frozen(name).is_ok()).cloned().collect())
}

/// From the beginning of its sending a letter is frozen, whatever it is called and wherever that is known.
fn refuse_frozen(record: &Record<'_>, repo: Option<&Repo>, name: &StatementName) -> anyhow::Result<()> {
    if let Some(repo) = repo {
        refuse_taken_draft(repo, &record.settings.flow, name)?;
    }
    let is_sending = |letter: &Letter| letter.acts.iter().any(|act| act.value.kind == ActKind::Sending);
    if name.is_draft() && !record.letter(name)?.is_some_and(|letter| is_sending(&letter)) {
        return Ok(());
    }
    let help = format!("nothing to do: what was approved and sent is kept byte for byte; liaison show {name}");
    Err(refuse(format!("{name} is frozen"), help))
}

/// A draft with its canonical text; nothing for a stub.
fn read(record: &Record<'_>, name: StatementName) -> anyhow::Result<Option<Draft>> {
    let path = name.path();
    let Some(bytes) = record.files().read(&path)? else { return Ok(None) };
    if parse_stub(&bytes, &mut Sink::new(&path)).is_some() {
        return Ok(None);
    }
    let formed = canonical(&bytes, &path).map_err(|error| match error {
        CanonicalError::Unreadable(found) => found,
        CanonicalError::Refused | CanonicalError::Write(_) => {
            let finding = Finding::plain(Code::InvalidValue, error.to_string()).at(Place::file(&path));
            vec![finding.help(format!("liaison edit {name} changes it by hand"))]
        }
    });
    Ok(Some(Draft { name, text: String::from_utf8_lossy(&bytes).into_owned(), formed }))
}

fn diff(ctx: &mut Context, draft: &Draft, formed: &str) -> anyhow::Result<()> {
    let (path, diff) = (draft.name.path(), TextDiff::from_lines(draft.text.as_str(), formed));
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
