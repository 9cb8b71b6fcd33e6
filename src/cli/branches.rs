//! Letters that this work tree does not have: newer on the remote's mainline, or on the branch of a pull request.

use super::context::Context;
use super::desk::Desk;
use super::exit::{Outcome, refuse_with};
use crate::config::Flow;
use crate::domain::StatementName;
use crate::history::{Oid, Repo, WorkState};
use crate::store::{Record, find_letter};

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
pub(crate) fn letter_branches(repo: &Repo, flow: &Flow) -> Vec<LetterBranch> {
    let prefixes = ["statement/", "liaison/send/"];
    let names = prefixes.iter().flat_map(|prefix| {
        let names = repo.remote_branches(&flow.remote, prefix);
        names.into_iter().map(move |name| (name.trim_start_matches(prefix).to_owned(), name))
    });
    let read = names.filter_map(|(letter, name)| {
        let tip = repo.commit_at(&format!("refs/remotes/{}/{name}", flow.remote))?;
        Some(LetterBranch { tip, letter: StatementName::parse(&letter).ok()?, name })
    });
    read.collect()
}

/// Brings a letter that is not here into the work tree: by following the mainline, or by switching to its branch.
///
/// Says nothing and changes nothing when the remote does not have it either.
///
/// # Errors
/// Refuses when the work tree's own changes are in the way, and says what to type.
pub(crate) fn bring(ctx: &mut Context, part: &str) -> anyhow::Result<bool> {
    let Ok(desk) = Desk::open(ctx) else { return Ok(false) };
    let (record, Ok(repo)) = (desk.record()?, desk.repo(ctx)) else { return Ok(false) };
    let flow = record.settings.flow.clone();
    if !repo.has_remote(&flow.remote) || repo.fetch(&flow.remote).is_err() {
        return Ok(false);
    }
    let holds = |tip: Oid| -> anyhow::Result<Option<StatementName>> {
        Ok(find_letter(&Record::open(&repo.revision(tip)?)?, part).ok())
    };
    let mainline = repo.commit_at(&format!("refs/remotes/{}/{}", flow.remote, flow.mainline));
    if let Some(tip) = mainline
        && holds(tip)?.is_some()
    {
        switch(ctx, &repo, &flow, &flow.mainline, part)?;
        return Ok(true);
    }
    let mut found = Vec::new();
    for branch in letter_branches(&repo, &flow) {
        if holds(branch.tip)?.as_ref() == Some(&branch.letter) {
            found.push(branch);
        }
    }
    match found.as_slice() {
        [] => Ok(false),
        [branch] => {
            switch(ctx, &repo, &flow, &branch.name, part)?;
            Ok(true)
        }
        several => {
            let names: Vec<&str> = several.iter().map(|branch| branch.name.as_str()).collect();
            Err(refuse_with(
                Outcome::CouldNotLook,
                format!("\"{part}\" could be on {}", names.join(", ")),
                ["name the letter in full".to_owned()],
            ))
        }
    }
}

/// Puts the work tree on a branch as the remote has it.
fn switch(ctx: &mut Context, repo: &Repo, flow: &Flow, branch: &str, part: &str) -> anyhow::Result<()> {
    let upstream = format!("{}/{branch}", flow.remote);
    let by_hand = |why: String| {
        let help = format!("git stash, if you have changes; then git switch {branch} && git pull --rebase");
        refuse_with(Outcome::CouldNotLook, format!("\"{part}\" is on {upstream}, not here; {why}"), [help])
    };
    let changed = repo.changed_files()?;
    if !changed.is_empty() {
        return Err(by_hand(format!("{} has changes that are not committed", changed.join(", "))));
    }
    match repo.work_state() {
        WorkState::Branch(current) if current == branch => {}
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
    let output = repo.git.try_run(&["merge", "--ff-only", "--quiet", &upstream])?;
    if !output.success {
        return Err(by_hand(format!("{branch} has commits here that {} does not have", flow.remote)));
    }
    ctx.hint(format!("brought {branch} here, as {} has it", flow.remote))
}
