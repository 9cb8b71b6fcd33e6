//! `liaison log`

use crate::cli::args::Format;
use crate::cli::context::Context;
use crate::cli::desk::{Desk, letter_name};
use crate::cli::exit::Outcome;
use crate::cli::format::Listing;
use crate::cli::ledger::Ledger;
use crate::digest::{changed_fields, hints};
use crate::domain::{ActKind, StatementName};
use crate::history::{Entry, Oid, Repo, log_of};
use crate::record::{parse_act, parse_statement};
use crate::shape::Sink;
use crate::store::{Files as _, Record};

/// Show what happened to a letter: acts and commits, who did what when, field by field
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  liaison log ls-2026-014
  liaison log ech --format json")]
pub(crate) struct LogArgs {
    /// The letter
    #[arg(value_name = "ID")]
    letter: String,
    /// How it is printed
    #[arg(long, value_enum, default_value_t = Format::Table, value_name = "FORMAT")]
    format: Format,
}

/// Prints the letter's history, oldest first. Names in commits are claims; acts say who acted.
pub(crate) fn run(args: &LogArgs, ctx: &mut Context) -> anyhow::Result<Outcome> {
    let desk = Desk::open(ctx)?;
    let record = desk.record()?;
    let name = letter_name(&record, &args.letter)?;
    let repo = desk.repo(ctx)?;
    let here = record.linked(&name)?.letters.remove(&name).and_then(|letter| letter.draft);
    let (own, draft, tip) = match became(&repo, &record, &name)? {
        Some((number, tip)) => (number, Some(name.clone()), Some(tip)),
        None => (name.clone(), here, desk.tip(&repo)),
    };
    let mut paths = vec![own.path(), own.stem()];
    paths.extend(draft.iter().flat_map(|draft| [draft.path(), draft.stem()]));
    let mut entries = tip.map(|tip| log_of(&repo, tip, &paths)).transpose()?.unwrap_or_default();
    entries.reverse();
    let mut listing = Listing::new(&["when", "commit", "author", "what", "details"]);
    for entry in &entries {
        listing.rows.push(vec![
            entry.at.to_string().into(),
            entry.commit.to_string().chars().take(10).collect::<String>().into(),
            entry.author.clone().into(),
            entry.subject.clone().into(),
            details(&repo, entry, &own, draft.as_ref()).into(),
        ]);
    }
    if listing.rows.is_empty() {
        ctx.hint(format!("{name} is in no commit yet"))?;
    }
    listing.write(ctx, args.format)?;
    tell_uncommitted(ctx, &repo, &record, &name)?;
    Ok(Outcome::Done)
}

/// The letter that a draft became and the commit that has it, where its number has not come here yet.
fn became(repo: &Repo, record: &Record<'_>, name: &StatementName) -> anyhow::Result<Option<(StatementName, Oid)>> {
    let flow = &record.settings.flow;
    let (StatementName::Draft(slug), Some(ledger)) = (name, Ledger::tracked(repo, flow)?) else { return Ok(None) };
    ledger.tip_of(repo, flow, slug)
}

/// The fields that a commit changed in the letter, and the acts it added.
fn details(repo: &Repo, entry: &Entry, name: &StatementName, draft: Option<&StatementName>) -> String {
    let Ok(now) = repo.revision(entry.commit) else { return String::new() };
    let parent = repo.parent(entry.commit).and_then(|parent| repo.revision(parent).ok());
    let names: Vec<&StatementName> = std::iter::once(name).chain(draft).collect();
    let mut told = Vec::new();
    let read = |revision: &crate::history::Revision| {
        names.iter().find_map(|name| {
            let bytes = revision.read(&name.path()).ok().flatten()?;
            parse_statement(&bytes, &mut Sink::new(&name.path()))
                .map(|statement| statement.value.content)
                .filter(|content| content.direction.is_some() || content.title.is_some())
        })
    };
    let before = parent.as_ref().and_then(read);
    if let (Some(before), Some(after)) = (before, read(&now)) {
        let changed = changed_fields(&hints(&before), &after);
        if !changed.is_empty() {
            told.push(format!("changed {}", changed.join(", ")));
        }
    }
    let acts = |revision: &crate::history::Revision| {
        let entries = revision.list().unwrap_or_default();
        let folders: Vec<String> = names.iter().map(|name| format!("{}/acts/", name.stem())).collect();
        let is_act = move |path: &String| folders.iter().any(|folder| path.starts_with(folder));
        entries.into_iter().map(|entry| entry.path).filter(is_act).collect::<Vec<_>>()
    };
    let known: Vec<String> = parent.as_ref().map(acts).unwrap_or_default();
    let base = |path: &str| path.rsplit('/').next().unwrap_or_default().to_owned();
    for path in acts(&now).into_iter().filter(|path| !known.iter().any(|known| base(known) == base(path))) {
        let act = now.read(&path).ok().flatten().and_then(|bytes| parse_act(&bytes, &mut Sink::new(&path)));
        if let Some(act) = act {
            let role =
                act.value.role.as_ref().zip(act.value.of.as_ref()).map(|(role, of)| format!(" as {role} of {of}"));
            let reason = act.value.detail("reason").filter(|_| act.value.kind == ActKind::Redact);
            let reason = reason.map(|reason| format!(": {}", reason.trim().replace('\n', " ")));
            told.push(format!(
                "{} by {}{}{}",
                act.value.kind,
                act.value.by,
                role.unwrap_or_default(),
                reason.unwrap_or_default()
            ));
        }
    }
    told.join("; ")
}

fn tell_uncommitted(ctx: &mut Context, repo: &Repo, record: &Record<'_>, name: &StatementName) -> anyhow::Result<()> {
    let own = record.paths(name);
    let changed: Vec<String> =
        repo.changed_files()?.into_iter().filter(|path| own.iter().any(|own| path.ends_with(own.as_str()))).collect();
    if !changed.is_empty() {
        ctx.hint(format!("not committed: {}", changed.join(", ")))?;
    }
    Ok(())
}
