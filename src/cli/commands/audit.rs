//! `liaison audit`

use std::cell::RefCell;
use std::path::PathBuf;

use indicatif::ProgressBar;

use crate::audit::{AuditError, Found, ObjectId, Report, Request, audit};
use crate::cli::audit_cache::Memory;
use crate::cli::checkpoints::{Verdict, bytes_of, verify};
use crate::cli::context::Context;
use crate::cli::desk::Desk;
use crate::cli::exit::{Outcome, refuse_with, usage};
use crate::cli::format::terminal_safe;
use crate::cli::record_id::settings_at;
use crate::cli::report::{self, ReportFormat, Reported};
use crate::cli::wording::counted;
use crate::config::{Flow, Lock};
use crate::dispatch::LEDGER;
use crate::findings::{Code, Finding, Severity};
use crate::history::Repo;

/// Prove the mainline's history: who had authority when an act came in, and that what was frozen stayed
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  liaison audit                          The whole mainline, from the pinned root on
  liaison audit --since v2026.11         Only what came after a commit
  liaison audit --root 4f7092d0c1…       From this commit on, given in full
  liaison audit --no-cache               Judge everything anew
  liaison audit --checkpoint FILE        And it grew out of what somebody published: docs/approval.md
  liaison audit --checkpoint https://example.org/checkpoint.txt
  liaison audit --format json            For programs: docs/findings.md; sarif, github and others likewise
  liaison explain authority-self-granted What a code means

The root is pinned by: git config liaison.trustRoot COMMIT
docs/audit.md tells what needs a person and how it is settled, docs/threat-model.md what each finding stands
against.")]
pub(crate) struct AuditArgs {
    /// Tell only what commits brought that this one does not contain
    #[arg(long, value_name = "REV")]
    since: Option<String>,
    /// Trust this commit as it is: a full object id, never a name
    #[arg(long, value_name = "OID")]
    root: Option<String>,
    /// How findings are printed
    #[arg(long, value_enum, default_value_t = ReportFormat::Table, value_name = "FORMAT")]
    format: ReportFormat,
    /// Judge every commit anew, and remember nothing
    #[arg(long)]
    no_cache: bool,
    /// The mainline was rewritten, and you know why: go on from its present commit
    #[arg(long, conflicts_with = "no_cache")]
    accept_rewrite: bool,
    /// Prove too that the mainline grew out of what this checkpoint says: a file, an address that your curl fetches, or -
    /// for standard input
    #[arg(long, value_name = "FILE|URL|-")]
    checkpoint: Option<PathBuf>,
    /// Treat warnings as errors
    #[arg(long)]
    strict: bool,
}

/// Tells all findings, oldest commit first; ends with 1 when one is an error, with 4 when the clone cannot prove anything.
pub(crate) fn run(args: &AuditArgs, ctx: &mut Context) -> anyhow::Result<Outcome> {
    let desk = Desk::open(ctx)?;
    let settings = desk.settings()?;
    let flow = &settings.flow;
    let repo = desk.repo(ctx)?;
    refuse_incomplete(&repo, flow)?;
    let (reference, tip) = mainline(&repo, flow)?;
    let root = pinned(args, &repo)?;
    let checkpoint = args.checkpoint.as_ref().map(|place| bytes_of(ctx, place)).transpose()?;
    let mut memory =
        Memory::open(ctx, &repo, (&reference, &repo.counting(&flow.remote, LEDGER)), root, !args.no_cache)?;
    let tips: Vec<ObjectId> = memory.tips.iter().copied().chain(repo.seen_tips(&reference)).collect();
    let bar = RefCell::new(ProgressBar::hidden());
    let (loud, ledger) = (ctx.interactive && !ctx.quiet, ledger(&repo, flow));
    let request = Request {
        tip,
        root,
        now: ctx.now,
        prefix: repo.prefix(),
        tips: &tips,
        ledger,
        progress: &|total, done| progress(&bar, loud, total, done),
    };
    let mut judged = audit(&repo.objects(), &memory.past, &request);
    if matches!(judged, Err(AuditError::Past(_))) && memory.is_kept() {
        memory.begin_anew()?;
        judged = audit(&repo.objects(), &memory.past, &request);
    }
    bar.borrow().finish_and_clear();
    let mut report = judged.map_err(|error| not_complete(&error, flow))?;
    let lost = lost(&reference, &memory.tips, &tips, &report);
    if lost.is_none() || args.accept_rewrite {
        memory.stands_at(tip, &report.lost);
    }
    let lost_ledger = lost_ledger(&repo, flow, &memory.ledger_tips, ledger);
    if lost_ledger.is_none() || args.accept_rewrite {
        memory.ledger_stands_at(ledger);
    }
    if let Some(since) = &args.since {
        only_since(&repo, since, &mut report)?;
    }
    // What is wrong with the branch as a whole is told whatever is asked.
    report.found.extend(root.and_then(|root| renamed(&repo, root, &reference, tip)));
    report.found.extend(lost.filter(|_| !args.accept_rewrite).map(|lost| rewritten(tip, lost)));
    report.found.extend(lost_ledger.filter(|_| !args.accept_rewrite).map(|lost| ledger_taken(tip, lost)));
    let checkpoint = checkpoint.map(|bytes| verify(&bytes, &repo, &settings, &reference)).transpose()?;
    report.found.extend(checkpoint.as_ref().and_then(|verdict| broken(tip, verdict)));
    write(args, ctx, &report, (tip, &reference, repo.prefix()), checkpoint.as_ref())?;
    let threshold = if args.strict { Severity::Warning } else { Severity::Error };
    let failed = report.found.iter().any(|found| found.finding.severity >= threshold);
    Ok(if failed { Outcome::Findings } else { Outcome::Done })
}

fn refuse_incomplete(repo: &Repo, flow: &Flow) -> anyhow::Result<()> {
    let Some(gap) = repo.gaps(&flow.remote).into_iter().next() else { return Ok(()) };
    let message = format!("nothing can be proven from this clone: {}", gap.what);
    Err(refuse_with(Outcome::IncompleteClone, message, gap.commands))
}

/// An object that is missing makes the clone an incomplete one, whatever made it so.
fn not_complete(error: &AuditError, flow: &Flow) -> anyhow::Error {
    let remote = &flow.remote;
    match error {
        AuditError::Missing { .. } => refuse_with(
            Outcome::IncompleteClone,
            format!("{error}, so nothing can be proven from it"),
            [format!("git fetch --refetch {remote}"), "or clone the record anew".into()],
        ),
        AuditError::RootElsewhere(_) => usage(
            error.to_string(),
            "git config --get liaison.trustRoot shows what is pinned; it is the full id of a commit of this record",
        ),
        AuditError::NoRecord => usage(error.to_string(), "git push, or name the mainline under [flow] in liaison.toml"),
        AuditError::Past(_) => usage(error.to_string(), "free some room for temporary files, then type it again"),
        AuditError::Unreadable { .. } => usage(error.to_string(), "`git fsck` tells what is wrong with it"),
    }
}

/// The branch that counts: the remote's, or the clone's own without a remote.
fn mainline(repo: &Repo, flow: &Flow) -> anyhow::Result<(String, ObjectId)> {
    let (remote, branch) = (&flow.remote, &flow.mainline);
    let reference = repo.counting(remote, branch);
    let help = if repo.has_remote(remote) {
        format!("git fetch {remote}")
    } else {
        "name the mainline under [flow] in liaison.toml, or commit to it".to_owned()
    };
    match repo.tip_of(&reference) {
        Some(tip) => Ok((reference, tip)),
        None => Err(usage(format!("there is no {reference} to audit"), help)),
    }
}

/// The ledger's newest commit, where there is one.
fn ledger(repo: &Repo, flow: &Flow) -> Option<ObjectId> {
    repo.tip_of(&repo.counting(&flow.remote, LEDGER))
}

/// The root that a person pinned.
fn pinned(args: &AuditArgs, repo: &Repo) -> anyhow::Result<Option<ObjectId>> {
    let given = args
        .root
        .clone()
        .map(|root| (root, "--root"))
        .or_else(|| repo.setting("liaison.trustRoot").map(|root| (root, "git config liaison.trustRoot")));
    let Some((text, whence)) = given else { return Ok(None) };
    match ObjectId::parse(text.trim()) {
        Some(root) => Ok(Some(root)),
        None => Err(usage(
            format!("{whence}: found \"{}\", expected the full id of a commit, 40 digits", terminal_safe(&text)),
            "git rev-parse REV prints it; a name or a short id can mean another commit tomorrow",
        )),
    }
}

fn progress(bar: &RefCell<ProgressBar>, loud: bool, total: usize, done: usize) {
    let mut bar = bar.borrow_mut();
    if loud && total > 2_000 && bar.is_hidden() && bar.length().is_none() {
        *bar = ProgressBar::new(total as u64);
    }
    bar.set_position(done as u64);
}

/// A commit at which the remote's branch stood, and on which it no longer rests. Without a remote nobody else saw what was
/// taken back, so that is nobody's business.
fn lost(reference: &str, remembered: &[ObjectId], seen: &[ObjectId], report: &Report) -> Option<ObjectId> {
    // Without a memory the clone's own log of the remote's branch tells; with one, what a person accepted is past.
    let before = if remembered.is_empty() { seen } else { remembered };
    let mut before = before.iter().copied().filter(|_| reference.starts_with("refs/remotes/"));
    before.find(|old| report.lost.contains(old))
}

/// The branch that the trusted root calls the mainline, where another one is judged that does not have everything of it.
fn renamed(repo: &Repo, root: ObjectId, reference: &str, tip: ObjectId) -> Option<Found> {
    let flow = settings_at(repo, root.into())?.flow;
    let trusted = repo.counting(&flow.remote, &flow.mainline);
    let there = repo.tip_of(&trusted).filter(|_| trusted != reference)?;
    if repo.contains(tip.into(), there.into()) {
        return None;
    }
    let message = format!(
        "liaison.toml says that {reference} is the mainline; the trusted root says {trusted}, whose commit {there} it does not contain"
    );
    let help = format!(
        "git log -p -- liaison.toml tells who changed it; if it is right: merge {trusted} into the new mainline, or trust a commit of that"
    );
    Some(Found { commit: tip, finding: Finding::plain(Code::HistoryRewritten, message).help(help) })
}

/// A commit at which the ledger stood, and on which it no longer rests: as this clone's own log and earlier audits know it.
fn lost_ledger(repo: &Repo, flow: &Flow, remembered: &[ObjectId], ledger: Option<ObjectId>) -> Option<ObjectId> {
    let reference = repo.counting(&flow.remote, LEDGER);
    if flow.lock != Lock::Ledger || !reference.starts_with("refs/remotes/") {
        return None;
    }
    // What a person accepted is past.
    let seen = if remembered.is_empty() { repo.seen_tips(&reference) } else { remembered.to_vec() };
    seen.into_iter().find(|old| ledger.is_none_or(|tip| !repo.contains(tip.into(), (*old).into())))
}

fn ledger_taken(tip: ObjectId, lost: ObjectId) -> Found {
    let message = format!(
        "the ledger does not contain {lost}, which it contained before: numbers that it gave away could be given again"
    );
    let help = format!(
        "git log -p {lost} shows its entries; find out who took them away, and protect the branch; if that is right: liaison audit --accept-rewrite"
    );
    Found { commit: tip, finding: Finding::plain(Code::LedgerDisagrees, message).help(help) }
}

fn rewritten(tip: ObjectId, lost: ObjectId) -> Found {
    let message = format!("the mainline does not contain {lost}, which it contained before");
    let help = format!(
        "find out who rewrote it, and what is gone: git log {tip}..{lost}; if that is right: liaison audit --accept-rewrite"
    );
    Found { commit: tip, finding: Finding::plain(Code::HistoryRewritten, message).help(help) }
}

/// What a checkpoint tells of a history that did not only grow since.
fn broken(tip: ObjectId, verdict: &Verdict) -> Option<Found> {
    let Verdict::Refused(message, help) = verdict else { return None };
    let finding = Finding::plain(Code::CheckpointBroken, message.clone()).help(help.clone());
    Some(Found { commit: tip, finding })
}

/// That a checkpoint holds; of one that does not, the finding tells.
fn holding(verdict: &Verdict) -> Option<String> {
    let Verdict::Grown { then, more } = verdict else { return None };
    let since = match more {
        0 => "nothing came since".to_owned(),
        1 => "1 more commit since".to_owned(),
        more => format!("{more} more commits since"),
    };
    let (tip, commits) = (
        then.tip.chars().take(12).collect::<String>(),
        counted(usize::try_from(then.commits).unwrap_or(usize::MAX), "commit"),
    );
    Some(format!("the checkpoint of {} by {} ({tip}, {commits}) holds: {since}", then.at.day(), then.by))
}

fn checkpoint_json(verdict: Option<&Verdict>) -> serde_json::Value {
    match verdict {
        None => serde_json::Value::Null,
        Some(Verdict::Refused(..)) => serde_json::json!({ "holds": false }),
        Some(Verdict::Grown { then, more }) => serde_json::json!({
            "holds": true,
            "tip": then.tip,
            "commits": then.commits,
            "by": then.by.to_string(),
            "at": then.at.to_string(),
            "commits-since": more,
        }),
    }
}

fn only_since(repo: &Repo, since: &str, report: &mut Report) -> anyhow::Result<()> {
    let Some(since) = repo.commit_meant(since) else {
        return Err(usage(format!("--since {since} names no commit"), "git log shows the commits"));
    };
    report.found.retain(|found| !repo.contains(since, found.commit.into()));
    Ok(())
}

fn write(
    args: &AuditArgs,
    ctx: &mut Context,
    report: &Report,
    (tip, reference, prefix): (ObjectId, &str, &str),
    checkpoint: Option<&Verdict>,
) -> anyhow::Result<()> {
    let holding = checkpoint.and_then(holding);
    if args.format == ReportFormat::Table {
        for found in &report.found {
            writeln!(ctx.out, "{}\n", paragraph(found))?;
        }
        if let Some(holding) = holding {
            writeln!(ctx.out, "{holding}")?;
        }
        return ctx.hint(format!("{reference}: {}", summary(report)));
    }
    let count = |severity| report.found.iter().filter(|found| found.finding.severity == severity).count();
    let about = serde_json::json!({
        "branch": reference,
        "tip": tip.to_string(),
        "root": report.root.map(|root| root.to_string()),
        "commits": report.commits,
        "signed-commits": report.signed_commits,
        "acts": report.acts,
        "errors": count(Severity::Error),
        "warnings": count(Severity::Warning),
        "checkpoint": checkpoint_json(checkpoint),
    });
    let about = about.as_object().cloned().unwrap_or_default();
    let commits: Vec<String> = report.found.iter().map(|found| found.commit.to_string()).collect();
    let findings = report.found.iter().map(|found| &found.finding).zip(&commits);
    let findings = findings.map(|(finding, commit)| Reported { finding, commit: Some(commit) }).collect();
    report::Report { prefix, findings, judged: Vec::new(), is_of_history: true, about, command: "audit" }
        .write(ctx, args.format)?;
    // Lines are for scripts, and each of them is a finding.
    let is_lines = matches!(args.format, ReportFormat::Text | ReportFormat::Csv);
    holding.filter(|_| is_lines).map_or(Ok(()), |holding| ctx.hint(holding))
}

fn paragraph(found: &Found) -> String {
    let Found { commit, finding } = found;
    let place = if finding.place.file.is_empty() { String::new() } else { format!(" {}", finding.place) };
    let help = finding.help.as_ref().map(|help| format!("\n  help: {help}")).unwrap_or_default();
    terminal_safe(&format!(
        "{}[{}]: {}\n  --> {}{place}{help}",
        finding.severity,
        finding.code,
        finding.message,
        commit.short()
    ))
}

fn summary(report: &Report) -> String {
    let count = |severity| report.found.iter().filter(|found| found.finding.severity == severity).count();
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    let acts: usize = report.acts.values().sum();
    let signed = report.acts.get("signed").copied().unwrap_or(0);
    let by_commit = report.acts.get("commit").copied().unwrap_or(0);
    let verdict = match (errors, warnings) {
        (0, 0) => "nothing is wrong".to_owned(),
        (0, warnings) => format!("nothing is wrong; {} for a person to look at", counted(warnings, "finding")),
        (errors, warnings) => format!("{}, {}", counted(errors, "error"), counted(warnings, "warning")),
    };
    format!(
        "{} judged ({} signed), {} ({signed} signed, {by_commit} by the person's own commit, {} asserted): {verdict}",
        counted(report.commits, "commit"),
        report.signed_commits,
        counted(acts, "act"),
        acts - signed - by_commit,
    )
}
