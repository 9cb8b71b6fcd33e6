//! `liaison check`

use indicatif::ProgressBar;

use crate::check::Whole;
use crate::cli::context::Context;
use crate::cli::desk::{Desk, letter_name};
use crate::cli::exit::Outcome;
use crate::cli::findings_text::write_findings;
use crate::cli::ledger::with_ledger;
use crate::cli::report::{Report, ReportFormat, Reported};
use crate::cli::since::Since;
use crate::cli::wording::counted;
use crate::domain::StatementName;
use crate::findings::{Finding, Severity};
use crate::store::Record;

use super::outbox;

/// Check the record, or some letters of it, against the format and all rules
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  liaison check                      The whole record
  liaison check ech-in-5g            One letter, by any unambiguous part of its name
  liaison check drafts/ --strict     All drafts; warnings fail too
  liaison check --since origin/main  What this branch brings, and what it breaks elsewhere
  liaison check --format json        For programs: docs/findings.md
  liaison check --format github      Annotations on a pull request; gitlab, sarif and junit likewise
  liaison explain deadline-missing   What a code means")]
pub(crate) struct CheckArgs {
    /// Letters, or files and folders of the record; everything, if none is given
    #[arg(value_name = "PATH|ID")]
    what: Vec<String>,
    /// Only what is news beside a branch or commit: in files that changed since this branch went on from it, and what it breaks
    /// elsewhere
    #[arg(long, value_name = "REV")]
    since: Option<String>,
    /// Treat warnings as errors
    #[arg(long)]
    strict: bool,
    /// How findings are printed
    #[arg(long, value_enum, default_value_t = ReportFormat::Table, value_name = "FORMAT")]
    format: ReportFormat,
}

/// Tells all findings, sorted by place; ends with 1 when one is an error.
pub(crate) fn run(args: &CheckArgs, ctx: &mut Context) -> anyhow::Result<Outcome> {
    let desk = Desk::open(ctx)?;
    let record = desk.any_record()?;
    let scopes = args.what.iter().map(|what| scope(&record, ctx, &desk, what)).collect::<anyhow::Result<Vec<_>>>()?;
    let whole = with_ledger(ctx, &desk, Whole::read(&record)?)?;
    let bar = progress(ctx, whole.corpus.letters.len());
    let mut findings = whole.check_telling(ctx.now, &|| bar.inc(1))?;
    bar.finish_and_clear();
    findings.extend(outbox::tracked(ctx, &desk, &record)?);
    if let Some(revision) = &args.since {
        Since::of(ctx, &desk.repo(ctx)?, &record, revision)?.only_news(&mut findings);
    }
    let mut letters: Vec<String> = whole.corpus.letters.keys().map(StatementName::path).collect();
    if !args.what.is_empty() {
        let in_scope = |path: &str| scopes.iter().flatten().any(|start| is_below(path, start));
        findings.retain(|finding| in_scope(&finding.place.file));
        letters.retain(|path| in_scope(path));
    }
    if args.format == ReportFormat::Table {
        write_findings(ctx, desk.files(), &findings)?;
        ctx.hint(summary(&findings, letters.len()))?;
    } else {
        let repo = desk.repo(ctx).ok();
        let prefix = repo.as_ref().map_or("", |repo| repo.prefix());
        let reported = findings.iter().map(|finding| Reported { finding, commit: None }).collect();
        let report = Report { prefix, findings: reported, judged: letters, ..Report::of("check") };
        report.write(ctx, args.format)?;
    }
    let threshold = if args.strict { Severity::Warning } else { Severity::Error };
    let failed = findings.iter().any(|finding| finding.severity >= threshold);
    // The program ends here: giving a large record back piece by piece would take a tenth of the whole run.
    std::mem::forget(whole);
    Ok(if failed { Outcome::Findings } else { Outcome::Done })
}

/// A bar on a terminal, when there is much to check.
fn progress(ctx: &Context, letters: usize) -> ProgressBar {
    if ctx.interactive && !ctx.quiet && letters > 2_000 {
        ProgressBar::new(letters as u64)
    } else {
        ProgressBar::hidden()
    }
}

/// Where a path leads, a link at its end not followed: what is wrong with it is the link itself.
fn resolved(path: &std::path::Path) -> Option<std::path::PathBuf> {
    match (path.parent(), path.file_name()) {
        (Some(folder), Some(name)) if path.is_symlink() => Some(folder.canonicalize().ok()?.join(name)),
        _ => path.canonicalize().ok(),
    }
}

/// The paths that an argument means: a file or folder of the record, or a letter with its folder.
fn scope(record: &Record<'_>, ctx: &Context, desk: &Desk, what: &str) -> anyhow::Result<Vec<String>> {
    let absolute = ctx.folder.join(what);
    if let (Some(path), Ok(root)) = (resolved(&absolute), desk.tree.root().canonicalize())
        && let Ok(below) = path.strip_prefix(&root)
    {
        let below = below.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/");
        let folder = below.trim_end_matches(".yaml").to_owned();
        return Ok(vec![below, folder]);
    }
    let name = letter_name(record, what)?;
    Ok(vec![name.path(), name.stem()])
}

fn is_below(file: &str, start: &str) -> bool {
    start.is_empty() || file == start || file.strip_prefix(start).is_some_and(|rest| rest.starts_with('/'))
}

fn summary(findings: &[Finding], letters: usize) -> String {
    let count = |severity| findings.iter().filter(|finding| finding.severity == severity).count();
    let (errors, warnings, todo) = (count(Severity::Error), count(Severity::Warning), count(Severity::Todo));
    let letters = if letters == 1 { "1 letter".into() } else { format!("{letters} letters") };
    if errors + warnings + todo == 0 {
        return format!("{letters} checked: all is well");
    }
    let codes: std::collections::BTreeSet<_> = findings.iter().map(|finding| finding.code.as_str()).collect();
    let example = codes.first().copied().unwrap_or_default();
    format!(
        "{letters} checked: {}, {}, {todo} still to do\n`liaison explain {example}` tells what a code means",
        counted(errors, "error"),
        counted(warnings, "warning")
    )
}
