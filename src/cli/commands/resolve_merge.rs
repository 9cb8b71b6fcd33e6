//! `liaison resolve-merge`

use std::collections::BTreeSet;

use crate::cli::context::Context;
use crate::cli::desk::Desk;
use crate::cli::exit::Outcome;
use crate::config::Flow;
use crate::domain::{Slug, StatementName};
use crate::history::Conflict;
use crate::record::parse_stub;
use crate::shape::Sink;
use crate::store::layout::{Slot, classify};
use crate::store::{Change, Files as _, Record, apply, free_slug};

/// Settle what two people did at once where a merge stopped, or left acts behind
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  git merge origin/main          It stops: a draft was sent there, and edited here
  liaison resolve-merge          The draft stays as it was sent; the edit becomes a draft of its own
  git commit

During git merge, git rebase and git cherry-pick alike. What only a person can decide is told, with what to type.")]
pub(crate) struct ResolveMergeArgs {
    /// Show what would be done, and do nothing
    #[arg(long)]
    dry_run: bool,
}

/// What is done, and what is left.
#[derive(Default)]
struct Plan {
    change: Change,
    done: Vec<String>,
    left: Vec<String>,
}

/// Settles what leaves no choice; ends with 1 where something is left for a person.
pub(crate) fn run(args: &ResolveMergeArgs, ctx: &mut Context) -> anyhow::Result<Outcome> {
    let desk = Desk::open(ctx)?;
    let repo = desk.repo(ctx)?;
    let record = desk.any_record()?;
    let mut plan = Plan::default();
    let conflicts = repo.conflicts()?;
    let taken: BTreeSet<StatementName> = conflicts.iter().filter_map(taken_twice).collect();
    for conflict in &conflicts {
        settle(&mut plan, &record, &taken, conflict);
    }
    leftovers(&mut plan, &desk, &record)?;
    for told in plan.done.iter().chain(&plan.left) {
        writeln!(ctx.out, "{told}")?;
    }
    if plan.done.is_empty() && plan.left.is_empty() {
        writeln!(ctx.out, "nothing is in conflict here, and no act was left behind")?;
        return Ok(Outcome::Done);
    }
    if !args.dry_run && !plan.done.is_empty() {
        let paths = plan.change.paths();
        apply(desk.tree.root(), &plan.change)?;
        let mut add = vec!["add".to_owned(), "--all".to_owned(), "--".to_owned()];
        add.extend(paths);
        repo.git.run(&add)?;
    }
    if plan.left.is_empty() && !args.dry_run {
        ctx.hint("next: liaison check, then git commit; in a rebase: git rebase --continue")?;
    }
    Ok(if plan.left.is_empty() { Outcome::Done } else { Outcome::Findings })
}

/// The number that both sides took, where that is what a conflict is about.
fn taken_twice(conflict: &Conflict) -> Option<StatementName> {
    let is_of_both = conflict.ours.is_some() && conflict.theirs.is_some();
    classify(&conflict.path).letter().filter(|name| !name.is_draft() && is_of_both)
}

fn settle(plan: &mut Plan, record: &Record<'_>, taken: &BTreeSet<StatementName>, conflict: &Conflict) {
    let path = &conflict.path;
    // What was begun with a number that both took is told once, whichever of its files git stopped at.
    if let Some(name) = classify(path).letter().filter(|name| taken.contains(name)) {
        let told = twice(&name, &record.settings.flow);
        if !plan.left.contains(&told) {
            plan.left.push(told);
        }
        return;
    }
    match (classify(path), &conflict.ours, &conflict.theirs) {
        (Slot::Letter(StatementName::Draft(slug)), ..) => draft(plan, record, &slug, conflict),
        (Slot::Act(name, file), Some(bytes), None) | (Slot::Act(name, file), None, Some(bytes)) => {
            plan.change = std::mem::take(&mut plan.change).write(path, bytes.clone());
            plan.done.push(format!("{file} goes along with its letter, to {name}"));
        }
        _ => plan.left.push(format!(
            "{path}: both sides changed it, and only a person can say what it is to be: edit it, then git add {path}"
        )),
    }
}

/// A draft that one side numbered stays as that side has it; what the other side made of it becomes a draft of its own.
fn draft(plan: &mut Plan, record: &Record<'_>, slug: &Slug, conflict: &Conflict) {
    let Conflict { path, ours, theirs } = conflict;
    let stub = |bytes: &Vec<u8>| parse_stub(bytes, &mut Sink::new(path)).map(|stub| stub.value.became);
    let sides = [(ours.as_ref(), theirs.as_ref()), (theirs.as_ref(), ours.as_ref())];
    let found = sides.into_iter().find_map(|(one, other)| Some((one?, stub(one?)?, other)));
    let Some((kept, number, edited)) = found else {
        plan.left.push(format!("{path}: both edited the draft: settle the lines that git marks, then git add {path}"));
        return;
    };
    plan.change = std::mem::take(&mut plan.change).write(path, kept.clone());
    plan.done.push(format!("{slug} was sent as {number}, and stays as it was sent"));
    let Some(edited) = edited.filter(|edited| stub(edited).is_none()) else { return };
    let new = free_slug(record, &slug.with_suffix(2));
    let mut text = String::from_utf8_lossy(edited).into_owned();
    if !text.lines().any(|line| line.starts_with("revises:")) {
        text = format!("{}\nrevises: [{number}]\n", text.trim_end());
    }
    plan.change = std::mem::take(&mut plan.change).write(format!("drafts/{new}.yaml"), text);
    plan.done.push(format!(
        "what was edited meanwhile is the draft {new}, which revises {number}: liaison edit {new}, or git rm it"
    ));
}

/// A number that both sides took: the mainline's letter keeps it. What has left under it cannot be called back, what was only
/// recorded gets another number.
fn twice(name: &StatementName, flow: &Flow) -> String {
    let Flow { remote, mainline, .. } = flow;
    format!(
        "both sides took {name}; the letter on the mainline keeps it, and nothing of either is edited. git merge --abort (or git rebase \
         --abort), and keep your own side: git branch my-side. Then git reset --keep {remote}/{mainline}, and: a letter that you received \
         is recorded again, liaison receive; one that you sent and that has not left is taken out of the outbox and sent again, liaison send; one that has left \
         keeps its mail, so tell its receiver its new number: git show my-side:{} shows it",
        name.path()
    )
}

/// Acts that stayed in a draft's folder while the draft was numbered go along with it.
fn leftovers(plan: &mut Plan, desk: &Desk, record: &Record<'_>) -> anyhow::Result<()> {
    for entry in desk.tree.list()?.into_iter().filter(|entry| !entry.is_link) {
        let Slot::Act(StatementName::Draft(slug), file) = classify(&entry.path) else { continue };
        let Some(stub) = record.stub(&slug)? else { continue };
        let number = StatementName::Numbered(stub.value.became.clone());
        let Some(bytes) = desk.tree.read(&entry.path)? else { continue };
        let target = format!("{}/acts/{file}", number.stem());
        match desk.tree.read(&target)? {
            Some(there) if there != bytes => {
                plan.left.push(format!("{}: {target} is there and says something else", entry.path));
                continue;
            }
            Some(_) | None => {}
        }
        plan.change = std::mem::take(&mut plan.change).write(target, bytes).remove(&*entry.path);
        plan.done.push(format!("{file} goes along with its letter, to {number}"));
    }
    Ok(())
}
