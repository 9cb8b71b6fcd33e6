//! How a change reaches the others: written whole, committed, pushed, with what to do next.

use super::args::TravelArgs;
use super::context::Context;
use super::desk::Desk;
use super::exit::{Outcome, refuse, refuse_with};
use crate::config::{FlowMode, Settings};
use crate::domain::StatementName;
use crate::history::{Pushed, Repo, WorkState, commit_paths, push_branch};
use crate::store::{Change, apply};

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
            WorkState::Detached => {
                Err(crate::history::HistoryError::Detached(self.settings.flow.mainline.clone()).into())
            }
            WorkState::Branch(_) | WorkState::Unborn(_) => Ok(Some(repo)),
        }
    }

    /// Writes, commits and pushes a change.
    pub(crate) fn go(&self, ctx: &mut Context, desk: &Desk, change: &Change, message: &str) -> anyhow::Result<Reached> {
        let repo = self.prepare(ctx, desk)?;
        if let Some(repo) = &repo {
            self.choose_branch(repo)?;
        }
        let before = saved(desk, change);
        apply(desk.tree.root(), change)?;
        let Some(repo) = repo else {
            ctx.hint(format!("written, not committed: {}", change.paths().join(" ")))?;
            return Ok(Reached::Files);
        };
        if let Err(error) = commit_paths(&repo, &change.paths(), message) {
            apply(desk.tree.root(), &before)?;
            return Err(error.into());
        }
        self.publish(ctx, &repo)
    }

    /// In pull-request flow a draft has a branch of its own; the person is put on it when nothing is lost by that.
    fn choose_branch(&self, repo: &Repo) -> anyhow::Result<()> {
        let (FlowMode::PullRequest, Some(StatementName::Draft(slug))) = (self.settings.flow.mode, self.letter) else {
            return Ok(());
        };
        let branch = format!("statement/{slug}");
        let WorkState::Branch(current) = repo.work_state() else { return Ok(()) };
        if current == branch {
            return Ok(());
        }
        let remote = &self.settings.flow.remote;
        let tracked = format!("refs/remotes/{remote}/{branch}");
        let args = if repo.commit_at(&format!("refs/heads/{branch}")).is_some() {
            vec!["switch".to_owned(), "--quiet".into(), branch.clone()]
        } else if repo.commit_at(&tracked).is_some() {
            vec!["switch".to_owned(), "--quiet".into(), "--create".into(), branch.clone(), tracked]
        } else {
            vec!["switch".to_owned(), "--quiet".into(), "--create".into(), branch.clone()]
        };
        repo.git.run(&args).map(drop).map_err(|error| {
            refuse(
                format!("the branch {branch} cannot be switched to: {error}"),
                "commit or stash your other changes first",
            )
        })
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
        push_with_rebase(repo, &flow.remote, &target)?;
        if flow.mode == FlowMode::PullRequest
            && let Some(address) = repo.remote_url(&flow.remote).and_then(|url| pull_request_address(&url, &target))
        {
            ctx.hint(format!("open a pull request: {address}"))?;
        }
        Ok(Reached::Remote(target))
    }
}

/// Pushes; where others were first, rebases on what they did and pushes again.
fn push_with_rebase(repo: &Repo, remote: &str, branch: &str) -> anyhow::Result<()> {
    for _ in 0..8 {
        match push_branch(repo, remote, branch, "HEAD")? {
            Pushed::Done => {
                let _ = repo.git.try_run(&["fetch", "--quiet", remote]);
                return Ok(());
            }
            Pushed::Refused(reason) => {
                return Err(refuse_with(
                    Outcome::TryLater,
                    format!("committed in this clone, but {remote} did not take it: {reason}"),
                    [
                        format!("when that is mended: git push {remote} HEAD:{branch}"),
                        "where the mainline is protected, set [flow] mode = \"pull-request\" in liaison.toml".into(),
                    ],
                ));
            }
            Pushed::Moved => rebase(repo, remote, branch)?,
        }
    }
    Err(refuse_with(
        Outcome::TryLater,
        "others pushed faster eight times; the change is committed in this clone",
        ["liaison push again later: git pull --rebase && git push".into()],
    ))
}

fn rebase(repo: &Repo, remote: &str, branch: &str) -> anyhow::Result<()> {
    repo.fetch(remote)?;
    let changed = repo.changed_files()?;
    if !changed.is_empty() {
        return Err(refuse_with(
            Outcome::SomebodyElse,
            format!(
                "committed in this clone, but others pushed meanwhile, and {} has changes that are not committed",
                changed.join(", ")
            ),
            ["git stash && git pull --rebase && git push && git stash pop".into()],
        ));
    }
    let upstream = format!("{remote}/{branch}");
    let output = repo.git.try_run(&["rebase", "--quiet", upstream.as_str()])?;
    if output.success {
        return Ok(());
    }
    repo.git.run(&["rebase", "--abort"])?;
    Err(refuse_with(
        Outcome::SomebodyElse,
        "committed in this clone, but others changed the same letter meanwhile",
        [format!(
            "git pull --rebase shows both sides; a draft that was sent keeps the stub, your edit becomes a new letter ({upstream})"
        )],
    ))
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
