//! `liaison person key compromised`

use crate::cli::answers::{answer, line, need};
use crate::cli::commands::acting::told;
use crate::cli::commands::keeping::{KeepArgs, Keeper};
use crate::cli::commands::known::known_person;
use crate::cli::context::Context;
use crate::cli::desk::Desk;
use crate::cli::exit::{Faults, Outcome, refuse};
use crate::cli::holders::{present_root, rotation};
use crate::directory::edit::{Cell, Edit};
use crate::directory::key::is_same;
use crate::domain::Instant;
use crate::history::{Oid, Repo};

use super::{chosen, name_of, refuse_only_key};

/// Record that somebody else may have had a key, since a commit
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  liaison person key compromised ada-example SHA256:EUpDXs --since 2f1c09a --reason 'the laptop was stolen'
  git log --oneline --until 2026-11-20 -1     The last commit before a day

Name the first commit that could be somebody else's. What the key signed from then on proves nothing; what is older in the
history remains proven. `liaison audit` goes by the commit; `liaison check`, which looks at no history, by whole days: from the day
of that commit on it takes nothing that the key signed, not even what is older than the commit on that day. `liaison approve ID --reaffirm` confirms an approval with another key.")]
pub(crate) struct CompromisedArgs {
    /// Whose key it is
    #[arg(value_name = "HANDLE")]
    handle: Option<String>,
    /// The beginning of its fingerprint, its comment, or its number in the list
    #[arg(value_name = "KEY")]
    key: Option<String>,
    /// The commit since which it is suspect
    #[arg(long, value_name = "COMMIT")]
    since: Option<String>,
    /// What happened
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
    #[command(flatten)]
    keep: KeepArgs,
}

/// Writes the commit and its day beside the key in the person's file.
pub(super) fn run(args: &CompromisedArgs, ctx: &mut Context) -> anyhow::Result<Outcome> {
    let desk = Desk::open(ctx)?;
    let record = desk.record()?;
    let keeper = Keeper::new(ctx, &desk, &record, &args.keep)?;
    let answers = [
        (args.handle.is_some(), "HANDLE"),
        (args.key.is_some(), "KEY"),
        (args.since.is_some(), "--since COMMIT"),
        (args.reason.is_some(), "--reason TEXT"),
    ];
    if args.handle.is_none() || args.key.is_none() {
        need(ctx, "person key compromised", &answers)?;
    }
    let handle = answer(ctx, args.handle.as_deref(), "Whose key (handle)", None, "HANDLE")?;
    known_person(&record, &handle)?;
    let meant = answer(ctx, args.key.as_deref(), "Which key (fingerprint or number)", None, "KEY")?;
    let (index, key) = chosen(&record, &handle, meant.trim())?;
    let called = name_of(key.is_ssh, &key.public);
    if let Some(since) = &key.compromised {
        return Err(refuse(
            format!("{called} is compromised already, since {since}"),
            format!(
                "an earlier commit is written by hand into directory/people/{handle}.toml; then liaison record-change"
            ),
        ));
    }
    let repo = desk.repo(ctx)?;
    let mut faults = Faults::default();
    faults.of(refuse_only_key(&record, &handle, key, ctx.now.day()));
    faults.of(args.since.as_deref().map(|since| commit_of(&repo, since.trim())).transpose());
    faults.of(need(ctx, "person key compromised", &answers));
    faults.of(args.reason.as_deref().map(|reason| line("--reason", reason)).transpose());
    faults.end()?;
    let since = answer(ctx, args.since.as_deref(), "Since which commit", None, "--since COMMIT")?;
    let (commit, at) = commit_of(&repo, since.trim())?;
    let reason = line("--reason", &answer(ctx, args.reason.as_deref(), "What happened", None, "--reason TEXT")?)?;
    let told_reason = key.reason.as_ref().map_or_else(|| reason.clone(), |known| format!("{known}; {reason}"));
    let keys = vec![
        ("reason", Cell::Text(told_reason)),
        ("compromised", Cell::Text(commit.to_string())),
        ("compromised-on", Cell::Day(at.day())),
    ];
    let path = format!("directory/people/{handle}.toml");
    let message = format!("person: {called} of {handle} is compromised\n\nsince {commit}\n{reason}");
    let reached = keeper.change(ctx, &path, &Edit::Set { list: "key", index, keys }, "--since", &message)?;
    writeln!(ctx.out, "{handle}: {called} is compromised since {commit} of {}", at.day())?;
    ctx.hint(told(&reached))?;
    ctx.hint(format!("next: liaison person key add {handle} --ssh FILE.pub, a new key"))?;
    ctx.hint("then: liaison check tells which decisions need to be confirmed: liaison approve ID --reaffirm")?;
    tell_holder(ctx, &desk, &key.public)?;
    Ok(Outcome::Done)
}

/// The trust root goes by the keys that it names: whoever has this one is a holder until the others rotate it.
fn tell_holder(ctx: &mut Context, desk: &Desk, public: &str) -> anyhow::Result<()> {
    let record = desk.record()?;
    let trust = record.trust()?;
    let Some(root) = present_root(&trust, &record) else { return Ok(()) };
    if !root.holders.iter().any(|holder| is_same(&holder.public, public)) {
        return Ok(());
    }
    ctx.hint("the trust root names this key, and goes by it whatever the directory says: whoever has it is a holder")?;
    let commands = rotation(&root, &record.directory, ctx.now.day());
    let rotate = commands.last().map(String::as_str).unwrap_or_default();
    ctx.hint(format!("then, by one of its holders: {rotate}"))
}

/// The commit that is meant, with the time it gives itself; it must be one of the record's history.
fn commit_of(repo: &Repo, since: &str) -> anyhow::Result<(Oid, Instant)> {
    let found = repo.commit_at(since).filter(|_| !since.starts_with('-'));
    let ours = found.filter(|commit| repo.commit_at("HEAD").is_some_and(|head| repo.contains(head, *commit)));
    match ours.and_then(|commit| Some((commit, repo.committed_at(commit)?))) {
        Some(found) => Ok(found),
        None => {
            let what = if found.is_some() { "is not in the history of this branch" } else { "is no commit" };
            Err(refuse(format!("`{since}` {what}"), "git log --oneline -- directory drafts statements lists them"))
        }
    }
}
