//! How a change reaches the others: written whole, committed, pushed, with what to do next.

use super::args::TravelArgs;
use super::branches::{branch_of, sending_branch};
use super::context::Context;
use super::desk::Desk;
use super::exit::{Outcome, refuse, refuse_with};
use super::ledger::refuse_taken_draft;
use super::push::Push;
use super::record_id::refuse_exchanged_id;
use super::remote::fetch;
use crate::config::{FlowMode, Settings};
use crate::domain::{Slug, StatementName};
use crate::history::{HistoryError, Repo, WorkState, commit_paths, tracking};
use crate::store::{Change, Files as _, apply};

/// How far a change got.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Reached {
    /// Written, not committed.
    Files,
    /// Committed in this clone; why it went no further.
    Clone(String),
    /// Pushed to a branch of the remote.
    Remote(String),
}

/// A change on its way.
pub(crate) struct Traveller<'a> {
    /// The record's settings.
    pub(crate) settings: &'a Settings,
    /// How far it may go.
    pub(crate) args: TravelArgs,
    /// The letter it is about, for the branch of a pull request.
    pub(crate) letter: Option<&'a StatementName>,
}

impl Traveller<'_> {
    /// Makes sure that a commit can be made, before anything is written.
    pub(crate) fn prepare(&self, ctx: &Context, desk: &Desk) -> anyhow::Result<Option<Repo>> {
        if self.args.no_commit {
            return Ok(None);
        }
        let repo = desk.repo(ctx)?;
        match repo.ready()? {
            WorkState::Detached => Err(HistoryError::Detached(self.settings.flow.mainline.clone()).into()),
            WorkState::Branch(_) | WorkState::Unborn(_) => {
                refuse_exchanged_id(&repo, self.settings)?;
                Ok(Some(repo))
            }
        }
    }

    /// Writes, commits and pushes a change; what cannot be committed leaves files and branch as they were.
    pub(crate) fn go(&self, ctx: &mut Context, desk: &Desk, change: &Change, message: &str) -> anyhow::Result<Reached> {
        let repo = self.prepare(ctx, desk)?;
        if let (Some(repo), Some(letter)) = (&repo, self.letter) {
            refuse_unsaved(repo, letter, &change.paths())?;
            refuse_taken_draft(repo, &self.settings.flow, letter)?;
        }
        let left = repo.as_ref().map(|repo| self.choose_branch(repo, message)).transpose()?.flatten();
        let before = saved(desk, change);
        let Some(repo) = repo else {
            apply(desk.tree.root(), change)?;
            ctx.hint(format!("written, not committed: {}", change.paths().join(" ")))?;
            return Ok(Reached::Files);
        };
        if let Err(error) = apply(desk.tree.root(), change) {
            go_back(&repo, left.as_ref())?;
            return Err(error.into());
        }
        if let Err(error) = commit_paths(&repo, &change.paths(), message) {
            apply(desk.tree.root(), &before)?;
            go_back(&repo, left.as_ref())?;
            return Err(error.into());
        }
        let before = repo.commit_at("HEAD^");
        let reached = self.publish(ctx, &repo);
        if reached.is_err() && repo.commit_at("HEAD") == before {
            // It was taken back: whoever stood elsewhere before stands there again.
            go_back(&repo, left.as_ref())?;
        }
        reached
    }

    /// In pull-request flow a letter has a branch of its own; the person is put on it when nothing is lost by that.
    fn choose_branch(&self, repo: &Repo, message: &str) -> anyhow::Result<Option<Left>> {
        let flow = &self.settings.flow;
        let letter = match (flow.mode, self.letter) {
            (FlowMode::PullRequest, Some(letter)) => letter,
            (FlowMode::PullRequest, None) => return self.branch_for_directory(repo, message),
            (FlowMode::Direct, _) => return Ok(None),
        };
        let (WorkState::Branch(current), own) = (repo.work_state(), branch_of(letter)) else { return Ok(None) };
        if current == own || current == sending_branch(letter) {
            return Ok(None);
        }
        if repo.has_remote(&flow.remote) {
            let _ = fetch(repo, flow);
        }
        let text_at = |revision: &str| -> anyhow::Result<Option<Vec<u8>>> {
            let tip = repo.commit_at(revision).map(|tip| repo.revision(tip)).transpose()?;
            Ok(tip.map(|tip| tip.read(&letter.path())).transpose()?.flatten())
        };
        let (here, tracked) = (text_at("HEAD")?, tracking(&flow.remote, &own));
        let local = format!("refs/heads/{own}");
        let existing = [&local, &tracked].into_iter().find(|name| repo.commit_at(name).is_some());
        if let Some(name) = existing
            && text_at(name)? != here
        {
            return Err(refuse_with(
                Outcome::SomebodyElse,
                format!("the branch {own} holds another text of {letter} than {current}; nothing was changed"),
                [
                    format!("git switch {own}, to work on the text there"),
                    "a new letter of the same name takes another one with --slug NAME".into(),
                    format!("git branch -D {own}, if that text was merged"),
                ],
            ));
        }
        let mainline = tracking(&flow.remote, &flow.mainline);
        let start = match repo.commit_at(&mainline) {
            Some(_) if text_at(&mainline)? == here => mainline.as_str(),
            Some(_) | None => "HEAD",
        };
        let args: Vec<&str> = match existing {
            Some(name) if *name == local => vec!["switch", "--quiet", &own],
            Some(name) => vec!["switch", "--quiet", "--create", &own, "--track", name],
            None => vec!["switch", "--quiet", "--create", &own, "--no-track", start],
        };
        repo.git.run(&args).map_err(|error| {
            refused_by_git(error, |message| {
                let message = format!("the branch {own} cannot be switched to: {message}");
                refuse(message, "commit or stash your other changes first")
            })
        })?;
        Ok(Some(Left { branch: current, made: (existing != Some(&local)).then_some(own) }))
    }

    /// In pull-request flow a change without a letter, of the directory, leaves the mainline for a branch of its own.
    fn branch_for_directory(&self, repo: &Repo, message: &str) -> anyhow::Result<Option<Left>> {
        let WorkState::Branch(current) = repo.work_state() else { return Ok(None) };
        let subject = message.lines().next().unwrap_or_default();
        let Some(slug) = Slug::of_title(subject).filter(|_| current == self.settings.flow.mainline) else {
            return Ok(None);
        };
        let own = format!("directory/{slug}");
        repo.git.run(&["switch", "--quiet", "--create", &own, "--no-track", "HEAD"]).map_err(|error| {
            refused_by_git(error, |message| {
                let message = format!("the branch {own} cannot be made: {message}");
                refuse(message, format!("git switch {own}, or delete it first"))
            })
        })?;
        Ok(Some(Left { branch: current, made: Some(own) }))
    }

    /// Pushes the present branch as the flow says.
    pub(crate) fn publish(&self, ctx: &mut Context, repo: &Repo) -> anyhow::Result<Reached> {
        let flow = &self.settings.flow;
        if self.args.no_push {
            return Ok(Reached::Clone("--no-push".into()));
        }
        if !repo.has_remote(&flow.remote) {
            return Ok(Reached::Clone(format!("there is no remote `{}`", flow.remote)));
        }
        let current = match repo.work_state() {
            WorkState::Branch(name) | WorkState::Unborn(name) => name,
            WorkState::Detached => return Ok(Reached::Clone("the clone is at a commit, not on a branch".into())),
        };
        let target = match flow.mode {
            FlowMode::Direct if current != flow.mainline => {
                return Ok(Reached::Clone(format!("you are on the branch {current}, not on {}", flow.mainline)));
            }
            FlowMode::Direct => flow.mainline.clone(),
            FlowMode::PullRequest if current == flow.mainline => {
                return Ok(Reached::Clone(format!("{current} changes by pull request only")));
            }
            FlowMode::PullRequest => current,
        };
        Push { repo, settings: self.settings, letter: self.letter, now: ctx.now, branch: &target }.run()?;
        if flow.mode == FlowMode::PullRequest {
            let address = repo.remote_url(&flow.remote).and_then(|url| pull_request_address(&url, &target));
            let address = address.unwrap_or_else(|| format!("from {target} into {}", flow.mainline));
            ctx.hint(format!("open a pull request, if there is none yet: {address}"))?;
        }
        Ok(Reached::Remote(target))
    }
}

/// Refuses a letter with changes that are not committed, but those that the command itself makes: the others would not see
/// what was approved or sent.
pub(crate) fn refuse_unsaved(repo: &Repo, letter: &StatementName, own: &[String]) -> anyhow::Result<()> {
    let mut changed = repo.uncommitted(&[letter.path(), letter.stem()])?;
    changed.retain(|path| !own.contains(path));
    if changed.is_empty() {
        return Ok(());
    }
    let files = changed.join(" ");
    Err(refuse(
        format!("{} has changes that are not committed", changed.join(", ")),
        format!("git add {files} && git commit; `git restore` takes changes back"),
    ))
}

/// What git itself refused, told as the caller does; what kept git from working is told as it is.
fn refused_by_git(error: HistoryError, told: impl FnOnce(String) -> anyhow::Error) -> anyhow::Error {
    if let HistoryError::Failed { message, .. } = error { told(message) } else { error.into() }
}

/// The branch that was left for a letter's own.
struct Left {
    branch: String,
    /// The letter's branch, when it is new in this clone.
    made: Option<String>,
}

/// Back to the branch that was left.
fn go_back(repo: &Repo, left: Option<&Left>) -> anyhow::Result<()> {
    let Some(left) = left else { return Ok(()) };
    repo.git.run(&["switch", "--quiet", &left.branch])?;
    if let Some(made) = &left.made {
        repo.git.run(&["branch", "--quiet", "-D", made])?;
    }
    Ok(())
}

/// What the files of a change hold now, to put back when the commit fails.
fn saved(desk: &Desk, change: &Change) -> Change {
    let mut before = Change::default();
    for path in change.paths() {
        match std::fs::read(desk.tree.root().join(&path)) {
            Ok(bytes) => before.write.push((path, bytes)),
            Err(_) => before.remove.push(path),
        }
    }
    before
}

/// Where a pull request for a branch is opened, for the forges whose addresses are known.
fn pull_request_address(url: &str, branch: &str) -> Option<String> {
    let path = url.strip_prefix("git@").map(|rest| rest.replacen(':', "/", 1)).or_else(|| {
        let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("ssh://git@"))?;
        Some(rest.rsplit('@').next().unwrap_or(rest).to_owned())
    })?;
    let path = path.trim_end_matches('/').trim_end_matches(".git");
    let host = path.split('/').next()?;
    Some(if host.contains("gitlab") {
        format!("https://{path}/-/merge_requests/new?merge_request[source_branch]={branch}")
    } else {
        format!("https://{path}/compare/{branch}?expand=1")
    })
}

#[cfg(test)]
mod tests {
    use super::pull_request_address;

    #[test]
    fn forges_have_addresses_for_pull_requests() {
        let at = |url: &str| pull_request_address(url, "statement/ech");
        let github = Some("https://github.com/o/r/compare/statement/ech?expand=1".to_owned());
        assert_eq!(at("git@github.com:o/r.git"), github);
        assert_eq!(at("https://token@github.com/o/r.git"), github);
        assert!(at("https://gitlab.example/o/r").is_some_and(|url| url.contains("/-/merge_requests/new")));
        assert_eq!(at("/srv/git/record.git"), None);
    }
}
