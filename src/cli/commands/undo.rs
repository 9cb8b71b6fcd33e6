//! `liaison undo`

use crate::cli::ask;
use crate::cli::context::Context;
use crate::cli::desk::Desk;
use crate::cli::exit::{Outcome, refuse, refuse_with};
use crate::cli::pin::PIN;
use crate::domain::{ActKind, StatementName};
use crate::history::{Oid, Repo, WorkState};
use crate::store::layout::{Slot, classify};

/// What the subjects of commits that keep the directory begin with.
const DIRECTORY: [&str; 4] = ["person", "group", "role", "list"];

/// Take back the last change, as long as it is not pushed
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  liaison undo --dry-run   What would be taken back
  liaison undo

Only a commit that this program made is taken back. What others may have seen is never taken back: an act is answered by
another act, an edit by another edit; the command says by which.")]
pub(crate) struct UndoArgs {
    /// Show what would be taken back, and do nothing
    #[arg(long)]
    dry_run: bool,
}

/// What a commit of this program did.
enum Made {
    /// Added acts, the first of them of this kind, to a letter.
    Act(ActKind, String),
    /// Changed a draft.
    Edit(String),
    /// Changed the directory.
    Directory,
    /// Changed `liaison.toml`, by an act.
    Policy,
    /// Made or signed a version of the trust root.
    Trust,
}

/// A commit, as far as taking it back asks for it.
struct Last {
    subject: String,
    /// What this program did with it; nothing when somebody else made it.
    made: Option<Made>,
    id: Oid,
    parent: Option<Oid>,
    is_merge: bool,
    added: Vec<String>,
}

/// Moves the branch back by its last commit, when this program made it and it is not on the remote.
pub(crate) fn run(args: &UndoArgs, ctx: &mut Context) -> anyhow::Result<Outcome> {
    let desk = Desk::open(ctx)?;
    let repo = desk.repo(ctx)?;
    let WorkState::Branch(branch) = repo.ready()? else {
        return Err(refuse("there is no commit on a branch to take back", "git log"));
    };
    let last = last(&repo)?;
    refuse_seen(&repo, &last)?;
    let parent = refuse_others(&last)?;
    let range = [parent.to_string(), last.id.to_string()];
    let files = repo.git.run(&["diff", "--name-status", &range[0], &range[1]])?;
    let verb = if args.dry_run { "would take back" } else { "taking back" };
    writeln!(ctx.out, "{verb}: {}\n{}", last.subject, files.trim_end())?;
    if last.added.iter().any(|path| matches!(classify(path), Slot::Letter(StatementName::Numbered(_)))) {
        ctx.hint("the number becomes free again")?;
    }
    if args.dry_run {
        return Ok(Outcome::Done);
    }
    if !ask::confirm(ctx, "take it back?")? {
        return Err(refuse_with(Outcome::WaitsForPeople, "nothing was changed", []));
    }
    repo.git.run(&["reset", "--quiet", "--keep", &range[0]])?;
    if repo.setting(PIN).is_some_and(|pin| pin == last.id.to_string()) {
        ctx.hint(format!("this clone's pin names what was taken back: git config --unset {PIN}"))?;
    }
    ctx.hint(format!("{branch} is as it was before; git reflog keeps what was taken back: {}", last.id))?;
    Ok(Outcome::Done)
}

/// The last commit of the branch; one without a parent, or with several, this program did not make.
fn last(repo: &Repo) -> anyhow::Result<Last> {
    let Some(id) = repo.commit_at("HEAD") else { return Err(refuse("there is no commit to take back", "")) };
    let subject = repo.git.run(&["log", "-1", "--format=%s"])?.trim().to_owned();
    let (parent, is_merge) = (repo.commit_at("HEAD^"), repo.commit_at("HEAD^2").is_some());
    let Some(before) = parent.filter(|_| !is_merge) else {
        return Ok(Last { subject, made: None, id, parent, is_merge, added: Vec::new() });
    };
    let range = [before.to_string(), id.to_string()];
    let paths = |options: &[&str]| -> anyhow::Result<Vec<String>> {
        let args = [&["diff", "--name-only", "-z", "--no-renames"], options, &[&range[0], &range[1]]].concat();
        Ok(repo.git.run(&args)?.split_terminator('\0').map(str::to_owned).collect())
    };
    let (added, touched) = (paths(&["--relative", "--diff-filter=A"])?, paths(&["--relative"])?);
    let is_only_of_record = paths(&[])?.len() == touched.len();
    let made = if is_only_of_record { made(&subject, &touched, &added) } else { None };
    Ok(Last { subject, made, id, parent, is_merge, added })
}

/// What this program did with a commit, if it made it: it touched nothing but what its subject is about.
fn made(subject: &str, touched: &[String], added: &[String]) -> Option<Made> {
    let (word, _) = subject.split_once(": ")?;
    let slots: Vec<Slot> = touched.iter().map(|path| classify(path)).collect();
    let is_kept = |(path, slot): (&String, &Slot)| {
        let is_trust = matches!(slot, Slot::TrustAct | Slot::Root | Slot::FormerRoot(_));
        is_trust || matches!(slot, Slot::Group(_) | Slot::Person(_) | Slot::List(_)) || path == "liaison.toml"
    };
    let is_sealed = added.iter().any(|path| classify(path) == Slot::TrustAct);
    if (DIRECTORY.contains(&word) || is_sealed) && touched.iter().zip(&slots).all(is_kept) {
        let has = |kind: ActKind| added.iter().any(|path| is_trust_act(path, Some(kind)));
        return Some(match (has(ActKind::Trust), has(ActKind::Policy)) {
            (true, _) => Made::Trust,
            (false, true) => Made::Policy,
            (false, false) => Made::Directory,
        });
    }
    let letters: Option<Vec<String>> =
        slots.into_iter().map(|slot| slot.letter().map(|name| name.to_string())).collect();
    let letter = letters?.last()?.clone();
    if word == "edit" {
        return Some(Made::Edit(letter));
    }
    let kind = match word {
        "send" => ActKind::Sending,
        "handed over" => ActKind::HandedOver,
        word => ActKind::parse(word)?,
    };
    let is_it = |path: &String| matches!(classify(path), Slot::Act(_, file) if file.contains(&format!("Z-{kind}-")));
    added.iter().any(is_it).then_some(Made::Act(kind, letter))
}

/// Whether a file is an act on directory, policy or trust root: of some kind, or of any.
fn is_trust_act(path: &str, kind: Option<ActKind>) -> bool {
    classify(path) == Slot::TrustAct && kind.is_none_or(|kind| path.contains(&format!("Z-{kind}-")))
}

/// What others may have seen is answered, each by what fits it.
fn refuse_seen(repo: &Repo, last: &Last) -> anyhow::Result<()> {
    let on_remote = repo.git.run(&["branch", "--remotes", "--contains", &last.id.to_string()])?;
    let is_branch = |line: &&str| !line.is_empty() && !line.contains(" -> ");
    let Some(remote) = on_remote.lines().map(str::trim).find(is_branch) else { return Ok(()) };
    let message = format!("\"{}\" is on {remote} already; others may have seen it", last.subject);
    if last.made.is_none() && last.added.iter().any(|path| is_trust_act(path, None)) {
        let help = "no act is ever taken out, and a revert would: change directory and settings again and type liaison \
                    record-change; liaison trust rotate makes the next version of the root";
        return Err(refuse(message, help));
    }
    Err(refuse(message, answer(last.made.as_ref())))
}

/// What answers a commit that others have.
fn answer(made: Option<&Made>) -> String {
    match made {
        None => "git revert HEAD makes a commit that takes it back".to_owned(),
        Some(Made::Directory) => "change it again: liaison person, person key, group, role or list".to_owned(),
        Some(Made::Policy) => "edit liaison.toml again, then liaison record-change: another act answers this one".to_owned(),
        Some(Made::Trust) => {
            "liaison trust withdraw takes back a version of the root that still waits for signatures; one that counts stays, and liaison \
             trust rotate makes the next one"
                .to_owned()
        }
        Some(Made::Edit(letter)) => {
            format!("git show tells what it was before; liaison edit {letter} --set KEY=VALUE changes it back")
        }
        Some(Made::Act(kind, letter)) => match kind {
            ActKind::Approve | ActKind::Decline => format!("liaison revoke {letter}"),
            ActKind::Draft | ActKind::Reopen => format!("liaison withdraw {letter} --reason TEXT"),
            ActKind::Withdraw => format!("liaison reopen {letter} --reason TEXT"),
            ActKind::Receive | ActKind::Correct => {
                format!("liaison correct {letter} mends what was transcribed wrongly; liaison comment {letter} TEXT")
            }
            ActKind::Assign => format!("liaison assign {letter} --to HANDLE gives it to somebody else"),
            ActKind::Resolve => format!("liaison resolve {letter} --outcome OUTCOME says what came of it instead"),
            ActKind::Sending | ActKind::HandedOver | ActKind::Sent | ActKind::Resent => format!(
                "what left cannot be taken back: liaison withdraw {letter} --reason TEXT says that it no longer stands"
            ),
            ActKind::Redact => "what was redacted stays away; git's history keeps what was there".to_owned(),
            ActKind::Comment
            | ActKind::Revoke
            | ActKind::Refused
            | ActKind::InDoubt
            | ActKind::Bounced
            | ActKind::Distribute
            | ActKind::Redirect
            | ActKind::Route
            | ActKind::Remind
            | ActKind::Notify
            | ActKind::Annotate
            | ActKind::Ratify
            | ActKind::Directory
            | ActKind::Policy
            | ActKind::Trust => format!("liaison comment {letter} TEXT says what is wrong with it"),
        },
    }
}

/// Only what this program committed is taken back by it, and nothing that left, or may have left; gives what was before.
fn refuse_others(last: &Last) -> anyhow::Result<Oid> {
    let subject = &last.subject;
    let Some(parent) = last.parent else {
        return Err(refuse(format!("\"{subject}\" is the first commit"), "there is nothing before it"));
    };
    match &last.made {
        None if last.is_merge => Err(refuse(format!("\"{subject}\" is a merge"), "git reset takes a merge back")),
        None => Err(refuse(
            format!("\"{subject}\" is a commit of your own, not of this program; nothing was changed"),
            "git reset --keep HEAD^ takes it back",
        )),
        Some(Made::Act(ActKind::Sending | ActKind::HandedOver | ActKind::Sent | ActKind::Resent, letter)) => {
            let help = format!(
                "what left cannot be taken back; liaison withdraw {letter} --reason TEXT says that it no longer stands"
            );
            Err(refuse(format!("\"{subject}\" is about a letter that left, or may have left"), help))
        }
        Some(_) => Ok(parent),
    }
}
