//! Letters that this work tree does not have: newer on the mainline, or on the branch of a pull request, on the remote or in
//! this clone. Commands that only read look there and leave the work tree alone; commands that write switch to it.

use std::collections::BTreeSet;

use super::context::Context;
use super::desk::Desk;
use super::exit::{Outcome, refuse_with};
use super::remote::{fetch, refuse_other_record};
use crate::config::{Flow, FlowMode, Lock};
use crate::domain::StatementName;
use crate::history::{HistoryError, Oid, Repo, Revision, WorkState, tracking};
use crate::store::{Files as _, Record, find_letter};

/// What the names of the branches that carry a letter begin with.
const PREFIXES: [&str; 2] = ["statement/", "liaison/send/"];

/// A branch of the remote that carries one letter towards the mainline.
pub(crate) struct LetterBranch {
    /// Its name on the remote.
    pub(crate) name: String,
    /// Its last commit.
    pub(crate) tip: Oid,
    /// The letter.
    pub(crate) letter: StatementName,
}

/// The branch on which a letter changes, in pull-request flow.
pub(crate) fn branch_of(letter: &StatementName) -> String {
    format!("statement/{letter}")
}

/// The branch on which a letter that was numbered in the ledger waits for its merge.
pub(crate) fn sending_branch(letter: &StatementName) -> String {
    format!("liaison/send/{letter}")
}

/// All branches of the remote that carry a letter, as they were last fetched.
fn letter_branches(repo: &Repo, flow: &Flow) -> Vec<LetterBranch> {
    let names = PREFIXES.iter().flat_map(|prefix| repo.remote_branches(&flow.remote, prefix));
    let read = names.filter_map(|name| {
        let tip = repo.commit_at(&tracked(flow, &name))?;
        Some(LetterBranch { tip, letter: letter_of(&name)?, name })
    });
    read.collect()
}

/// Those of them whose letter the mainline does not have yet, each with the record as the branch has it.
pub(crate) fn unmerged_branches(repo: &Repo, flow: &Flow) -> anyhow::Result<Vec<(LetterBranch, Revision)>> {
    if flow.mode != FlowMode::PullRequest && flow.lock != Lock::Ledger {
        return Ok(Vec::new());
    }
    let mainline = repo.commit_at(&tracked(flow, &flow.mainline)).map(|tip| repo.revision(tip)).transpose()?;
    let mut unmerged = Vec::new();
    for branch in letter_branches(repo, flow) {
        let path = branch.letter.path();
        let merged = mainline.as_ref().map(|mainline| mainline.stamp(&path));
        if merged.flatten().is_none() {
            let revision = repo.revision(branch.tip)?;
            unmerged.push((branch, revision));
        }
    }
    Ok(unmerged)
}

/// What comes before a letter is sent that the mainline does not have as it is here, its acts among it.
pub(crate) fn merge_first(repo: &Repo, flow: &Flow, letter: &StatementName) -> anyhow::Result<Option<String>> {
    let (Some(here), Some(mainline)) = (repo.commit_at("HEAD"), repo.commit_at(&tracked(flow, &flow.mainline))) else {
        return Ok(None);
    };
    let acts = |tip: Oid| repo.names_at(tip, &format!("{}/acts", letter.stem()));
    let (own, theirs) = (acts(here)?, acts(mainline)?);
    let text = |tip: Oid| -> anyhow::Result<_> { Ok(repo.revision(tip)?.read(&letter.path())?) };
    let is_there = own.iter().all(|act| theirs.contains(act)) && text(here)? == text(mainline)?;
    let branch =
        if repo.work_state() == WorkState::Branch(flow.mainline.clone()) { None } else { Some(branch_of(letter)) };
    let what = match (branch, flow.mode) {
        (Some(branch), FlowMode::PullRequest) => format!("merge {branch} into {}", flow.mainline),
        (Some(_) | None, _) => format!("git push, so that {} has it", flow.mainline),
    };
    Ok((!is_there).then(|| format!("{what}: what is sent is what everybody can see")))
}

/// The letter that a branch carries, as its name says.
fn letter_of(branch: &str) -> Option<StatementName> {
    let letter = PREFIXES.iter().find_map(|prefix| branch.strip_prefix(prefix))?;
    StatementName::parse(letter).ok()
}

/// A branch of the remote as this clone last fetched it.
pub(crate) fn tracked(flow: &Flow, branch: &str) -> String {
    tracking(&flow.remote, branch)
}

/// A branch that has the letter which the work tree lacks.
pub(crate) struct Found {
    /// Its name.
    branch: String,
    /// Whether the remote has it.
    is_remote: bool,
    /// The commit to read: of this clone's own branch when that holds all the remote's has, else of the remote's.
    tip: Oid,
    /// That branch as git names it.
    shown: String,
}

impl Found {
    /// A branch of that name, here or on the remote.
    fn at(repo: &Repo, flow: &Flow, branch: &str) -> Option<Self> {
        let own = repo.commit_at(&format!("refs/heads/{branch}"));
        let theirs = repo.commit_at(&tracked(flow, branch));
        let is_ahead = |own: &Oid| theirs.is_none_or(|theirs| repo.contains(*own, theirs));
        let (branch, is_remote) = (branch.to_owned(), theirs.is_some());
        match (own.filter(is_ahead), theirs) {
            (Some(tip), _) => Some(Self { shown: branch.clone(), branch, is_remote, tip }),
            (None, Some(tip)) => Some(Self { shown: format!("{}/{branch}", flow.remote), branch, is_remote, tip }),
            (None, None) => None,
        }
    }

    /// The letter that it means by a part of a name; a branch without a record means none.
    fn letter(&self, repo: &Repo, part: &str) -> Option<StatementName> {
        let revision = repo.revision(self.tip).ok()?;
        find_letter(&Record::open(&revision).ok()?, part).ok()
    }
}

/// Looks for a letter that is not in the work tree: on the mainline, then on the branches of letters.
///
/// # Errors
/// Refuses a part of a name that several branches answer to.
pub(crate) fn find(ctx: &Context, part: &str) -> anyhow::Result<Option<Found>> {
    let Ok(desk) = Desk::open(ctx) else { return Ok(None) };
    let (record, Ok(repo)) = (desk.any_record()?, desk.repo(ctx)) else { return Ok(None) };
    let flow = &record.settings.flow;
    if repo.has_remote(&flow.remote)
        && let Err(error) = fetch(&repo, flow)
        && !error.is::<HistoryError>()
    {
        return Ok(None);
    }
    if refuse_other_record(&repo, flow).is_err() {
        return Ok(None);
    }
    if let Some(mainline) = Found::at(&repo, flow, &flow.mainline)
        && mainline.letter(&repo, part).is_some()
    {
        return Ok(Some(mainline));
    }
    let both = |prefix: &&str| [repo.remote_branches(&flow.remote, prefix), repo.local_branches(prefix)].concat();
    let names: BTreeSet<String> = PREFIXES.iter().flat_map(both).collect();
    let carries = |branch: &Found| letter_of(&branch.branch).is_some_and(|own| branch.letter(&repo, part) == Some(own));
    let mut found: Vec<Found> = names.iter().filter_map(|name| Found::at(&repo, flow, name)).filter(carries).collect();
    if found.len() > 1 {
        let names: Vec<&str> = found.iter().map(|branch| branch.branch.as_str()).collect();
        let help = format!("name the letter in full, or git switch {}, to look there", names.join(" or "));
        return Err(refuse_with(Outcome::CouldNotLook, format!("\"{part}\" could be on {}", names.join(", ")), [help]));
    }
    Ok(found.pop())
}

/// Lets a command that only reads stand on the branch; work tree, index and present branch stay as they are.
pub(crate) fn read_from(ctx: &mut Context, found: &Found, part: &str) -> anyhow::Result<()> {
    ctx.reads = Some(found.tip);
    ctx.hint(format!("\"{part}\" is not in your work tree; this is read from {}", found.shown))
}

/// Puts the work tree on the branch, as the remote has it, for a command that writes.
///
/// # Errors
/// Refuses when the work tree's own changes are in the way, and says what to type.
pub(crate) fn switch_to(ctx: &mut Context, found: &Found, part: &str) -> anyhow::Result<()> {
    let desk = Desk::open(ctx)?;
    let (record, repo) = (desk.record()?, desk.repo(ctx)?);
    let remote = &record.settings.flow.remote;
    let branch = &found.branch;
    let upstream = tracking(remote, branch);
    let by_hand = |why: String| {
        let pull = if found.is_remote { " && git pull --rebase" } else { "" };
        let help = format!("git stash, if you have changes; then git switch {branch}{pull}");
        refuse_with(Outcome::CouldNotLook, format!("\"{part}\" is on {}, not here; {why}", found.shown), [help])
    };
    let changed = repo.changed_files()?;
    if !changed.is_empty() {
        return Err(by_hand(format!("{} has changes that are not committed", changed.join(", "))));
    }
    match repo.work_state() {
        WorkState::Branch(current) if current == *branch => {}
        WorkState::Detached => return Err(by_hand("the clone is at a commit, not on a branch".into())),
        WorkState::Branch(_) | WorkState::Unborn(_) => {
            let known = repo.commit_at(&format!("refs/heads/{branch}")).is_some();
            let args: &[&str] = if known {
                &["switch", "--quiet", branch]
            } else {
                &["switch", "--quiet", "--create", branch, "--track", &upstream]
            };
            let output = repo.git.try_run(args)?;
            if !output.success {
                return Err(by_hand(output.reason()));
            }
        }
    }
    if !found.is_remote {
        return ctx.hint(format!("brought {branch} here"));
    }
    let output = repo.git.try_run(&["merge", "--ff-only", "--quiet", &upstream])?;
    if !output.success {
        return Err(by_hand(format!("{branch} has commits here that {remote} does not have")));
    }
    ctx.hint(format!("brought {branch} here, as {remote} has it"))
}
