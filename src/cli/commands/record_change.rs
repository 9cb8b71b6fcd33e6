//! `liaison record-change`

use std::collections::BTreeSet;

use crate::cli::args::TravelArgs;
use crate::cli::ask;
use crate::cli::context::Context;
use crate::cli::desk::Desk;
use crate::cli::exit::{Outcome, refuse, refuse_with};
use crate::cli::findings_text::write_findings;
use crate::cli::format::terminal_safe;
use crate::cli::pin::PIN;
use crate::cli::signature::Signed;
use crate::cli::travel::Traveller;
use crate::cli::whom::Whom;
use crate::domain::{ActKind, FileChange, kind_of_change};
use crate::findings::{Code, Finding};
use crate::history::{Repo, Revision};
use crate::store::{Change, Files as _, Record};

use super::acting::{ActorArgs, told};
use super::confirm::{self, named, removals, unproven};
use super::keeping::added;
use super::seal::{Author, author, file_changes, seal, tell_unsigned, unvouched};

/// Sign and commit what was edited by hand in directory/ or liaison.toml
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  liaison record-change --dry-run     What would be signed
  liaison record-change
  liaison record-change --message 'The IAB has a new address'
  liaison record-change directory/groups/ietf.toml     Confirm this file as it is

It also signs what was committed without a signed act: a change made on a forge's page, a merge of two changes, a change that
somebody else recorded. A file that is named is confirmed whatever its acts say.
You may do so if the approval table lets you, as the record was before your change.")]
pub(crate) struct RecordChangeArgs {
    /// Confirm these files as they are; whatever no signed act explains, if none is given
    #[arg(value_name = "FILE")]
    files: Vec<String>,
    /// What changed, for the history
    #[arg(long, short, value_name = "TEXT")]
    message: Option<String>,
    /// Show what would be signed, and do nothing
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    actor: ActorArgs,
    #[command(flatten)]
    travel: TravelArgs,
}

/// Shows the changes, asks, and commits them with an act for each kind: `directory`, `policy`.
pub(crate) fn run(args: &RecordChangeArgs, ctx: &mut Context) -> anyhow::Result<Outcome> {
    let desk = Desk::open(ctx)?;
    let repo = desk.repo(ctx)?;
    let Some(head) = repo.commit_at("HEAD") else {
        return Err(refuse("the record has no commit yet, so nothing changed", "git add . && git commit"));
    };
    let revision = repo.revision(head)?;
    let before = Record::open(&revision)?;
    let (change, gone) = changed(ctx, &desk, &repo, &revision, &before, args)?;
    let paths: Vec<String> = change.paths().into_iter().chain(gone.iter().cloned()).collect();
    if paths.is_empty() {
        writeln!(ctx.out, "nothing to record: directory and liaison.toml are as their acts say")?;
        ctx.hint("to confirm a file as it is all the same: liaison record-change FILE")?;
        if repo.setting(PIN).is_none() {
            ctx.hint(format!(
                "what liaison audit tells all the same was confirmed by a key that nobody else vouches for: whoever looked at the \
                 record trusts it from here on with: git config {PIN} {head}"
            ))?;
        }
        return Ok(Outcome::Done);
    }
    // Whoever may not is told so at once, and not after all that they may not confirm.
    let authors = if args.dry_run { Vec::new() } else { authors(ctx, &desk, &before, args, &paths)? };
    if !args.dry_run {
        refuse_faults(ctx, &desk, &before, &paths)?;
    }
    show(ctx, &repo, &revision, &before, &change)?;
    for path in &gone {
        writeln!(ctx.out, "{path}, which is gone since an earlier commit")?;
    }
    if args.dry_run {
        return Ok(Outcome::Done);
    }
    let sealed = seal_each(ctx, &desk, &before, authors, change, &gone)?;
    if !ask::confirm(ctx, &format!("sign and commit {}?", paths.join(", ")))? {
        return Err(refuse_with(Outcome::WaitsForPeople, "nothing was recorded", []));
    }
    let message = message(args.message.as_deref(), &paths, &sealed.authors, &before);
    let traveller = Traveller { settings: &before.settings, args: args.travel, letter: None };
    let reached = traveller.go(ctx, &desk, &sealed.change, &message)?;
    writeln!(ctx.out, "recorded: {}", paths.join(", "))?;
    for signed in &sealed.signed {
        tell_unsigned(ctx, signed)?;
    }
    ctx.hint(told(&reached))?;
    ctx.hint("next: liaison check; liaison audit judges the history with it")?;
    let own = |author: &&Author<'_>| paths.contains(&format!("directory/people/{}.toml", author.by));
    if let Some(author) = sealed.authors.iter().find(own) {
        let record = desk.any_record()?;
        let whom = Whom { directory: &record.directory, settings: &record.settings, day: ctx.now.day(), reader: None };
        let head = repo.commit_at("HEAD").map(|head| head.to_string()).unwrap_or_default();
        ctx.hint(format!(
            "a key does not vouch for itself: if yours came just now, {}",
            whom.first_key(author.by.as_str(), &head)
        ))?;
    }
    Ok(Outcome::Done)
}

/// The files that somebody named; else those that are not as they were committed, those whose newest act does not vouch for what
/// they hold, and those that no signed act explains. Apart from them what is gone since an earlier commit: nothing is to be done but
/// to say so.
fn changed(
    ctx: &Context,
    desk: &Desk,
    repo: &Repo,
    revision: &Revision,
    before: &Record<'_>,
    args: &RecordChangeArgs,
) -> anyhow::Result<(Change, Vec<String>)> {
    let committed = before.trust()?;
    let record = desk.any_record()?;
    let present = record.trust()?;
    let all: BTreeSet<&String> = committed.present.keys().chain(present.present.keys()).collect();
    let differs = |path: &&&String| committed.present.get(**path) != present.present.get(**path);
    let mut paths = named(ctx, desk, &args.files)?;
    if paths.is_empty() {
        paths = all.iter().filter(differs).map(|path| (*path).clone()).collect();
        paths.extend(unvouched(&record, &present));
        let by = args.actor.actor.as_deref();
        paths.extend(unproven(ctx, desk, repo, revision.commit, (before, &committed), by)?);
    }
    paths.retain(|path| kind_of_change(path).is_some_and(|kind| kind != ActKind::Trust));
    let (mut change, mut gone) = (Change::default(), Vec::new());
    for path in paths {
        match desk.tree.read(&path)? {
            // As git stores text, whatever the editor wrote (.gitattributes).
            Some(bytes) => change = change.write(path, String::from_utf8_lossy(&bytes).replace("\r\n", "\n")),
            None if revision.read(&path)?.is_some() => change = change.remove(path),
            // It is gone already; an act is still to say so.
            None => gone.push(path),
        }
    }
    Ok((change, gone))
}

/// What is different from the last commit; of what is committed already, how it differs from what was signed.
fn show(
    ctx: &mut Context,
    repo: &Repo,
    revision: &Revision,
    before: &Record<'_>,
    change: &Change,
) -> anyhow::Result<()> {
    let trust = before.trust()?;
    for (path, bytes) in &change.write {
        match revision.read(path)? {
            None => {
                writeln!(ctx.out, "{path}, which is new")?;
                for line in String::from_utf8_lossy(bytes).lines() {
                    writeln!(ctx.out, "  + {}", terminal_safe(line))?;
                }
            }
            Some(old) if old == *bytes => confirm::show(ctx, repo, revision.commit, path, (before, &trust))?,
            Some(_) => {
                writeln!(ctx.out, "{path}")?;
                let diff = repo.git.run(&["diff", "--no-color", "--no-ext-diff", "HEAD", "--", path])?;
                for line in diff.lines().skip_while(|line| !line.starts_with("@@")) {
                    writeln!(ctx.out, "  {}", terminal_safe(line))?;
                }
            }
        }
    }
    for path in &change.remove {
        writeln!(ctx.out, "{path}, which is gone")?;
    }
    Ok(())
}

/// What nobody vouches for, whenever it came in: a file that cannot be read says nothing, and with one key of two people both would
/// sign.
const HARD: [Code; 5] = [Code::NotUtf8, Code::TooLarge, Code::ConflictMarkers, Code::TomlSyntax, Code::KeyOfTwoPeople];

/// Refuses what would make something wrong that was right before, and what nobody vouches for.
fn refuse_faults(ctx: &mut Context, desk: &Desk, before: &Record<'_>, paths: &[String]) -> anyhow::Result<()> {
    let after = desk.any_record()?.findings;
    let is_here = |finding: &&Finding| {
        let mut places = finding.related.iter().map(|(place, _)| place).chain([&finding.place]);
        HARD.contains(&finding.code) && places.any(|place| paths.contains(&place.file))
    };
    let shared: Vec<Finding> = after.iter().filter(is_here).cloned().collect();
    let mut added = added(&before.findings, after);
    added.extend(shared.into_iter().filter(|finding| !added.contains(finding)).collect::<Vec<_>>());
    if added.is_empty() {
        return Ok(());
    }
    write_findings(ctx, desk.files(), &added)?;
    Err(refuse("nothing was recorded: this would be wrong", "mend what is told above, then run the command again"))
}

/// The change with its acts, who made them, and how they are signed.
struct Sealed<'r> {
    change: Change,
    authors: Vec<Author<'r>>,
    signed: Vec<Signed>,
}

/// Who makes each kind of change; refuses whoever may not make one of them.
fn authors<'r>(
    ctx: &Context,
    desk: &Desk,
    before: &'r Record<'_>,
    args: &RecordChangeArgs,
    paths: &[String],
) -> anyhow::Result<Vec<(ActKind, Author<'r>)>> {
    let mut authors = Vec::new();
    for kind in [ActKind::Directory, ActKind::Policy] {
        if !paths.iter().any(|path| kind_of_change(path) == Some(kind)) {
            continue;
        }
        let Some(author) = author(ctx, desk, before, kind, args.actor.actor.as_deref())? else {
            return Err(refuse(
                "git says who you are, and the directory does not know you",
                "liaison person add HANDLE adds you; or say who you are with --as HANDLE",
            ));
        };
        authors.push((kind, author));
    }
    Ok(authors)
}

/// An act for each kind of change.
fn seal_each<'r>(
    ctx: &Context,
    desk: &Desk,
    before: &'r Record<'_>,
    authors: Vec<(ActKind, Author<'r>)>,
    change: Change,
    gone: &[String],
) -> anyhow::Result<Sealed<'r>> {
    let mut changes = file_changes(ctx, desk, &change)?;
    changes.extend(removals(&desk.repo(ctx)?, gone)?);
    let mut sealed = Sealed { change, authors: Vec::new(), signed: Vec::new() };
    for (kind, author) in authors {
        let of_kind = |change: &&FileChange| kind_of_change(&change.path) == Some(kind);
        let own: Vec<FileChange> = changes.iter().filter(of_kind).cloned().collect();
        let (change, signed) = seal(ctx, desk, before, &author, kind, &own, sealed.change)?;
        sealed.change = change;
        sealed.authors.push(author);
        sealed.signed.push(signed);
    }
    Ok(sealed)
}

fn message(given: Option<&str>, paths: &[String], authors: &[Author<'_>], before: &Record<'_>) -> String {
    let kind = if paths.iter().all(|path| path == "liaison.toml") { "policy" } else { "directory" };
    let what = match (given, paths) {
        (Some(text), _) => text.trim().to_owned(),
        (None, [path]) => format!("{path} was edited by hand"),
        (None, paths) => format!("{} files were edited by hand", paths.len()),
    };
    let by = authors.first().map(|author| author.text(&before.directory)).unwrap_or_default();
    format!("{kind}: {what}\n\n{}\n\nby {by}", paths.join("\n"))
}
