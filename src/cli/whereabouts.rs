//! On which branch a person stands before a command and after it.

use super::context::Context;
use super::desk::Desk;
use crate::history::{Oid, Repo, WorkState};

/// Where a work tree stands.
#[derive(PartialEq, Eq)]
pub(crate) struct Standing {
    branch: String,
    commit: Option<Oid>,
    /// The clone's own branches.
    branches: Vec<String>,
}

impl Standing {
    /// Where it stands now; nothing outside of a clone, and at a commit that is on no branch.
    pub(crate) fn now(ctx: &Context) -> Option<Self> {
        let repo = repo(ctx)?;
        let (WorkState::Branch(branch) | WorkState::Unborn(branch)) = repo.work_state() else { return None };
        Some(Self { branch, commit: repo.commit_at("HEAD"), branches: repo.local_branches("") })
    }

    /// Says on which branch a command has left whoever stood here before it.
    pub(crate) fn tell_left(&self, ctx: &mut Context) -> anyhow::Result<()> {
        match Self::now(ctx).filter(|now| now.branch != self.branch) {
            Some(now) => {
                ctx.hint(format!("you are on the branch {} now; git switch {} goes back", now.branch, self.branch))
            }
            None => Ok(()),
        }
    }

    /// Goes back here from where a command that was refused had gone; what it committed there stays.
    pub(crate) fn go_back(&self, ctx: &mut Context, from: &Self) -> anyhow::Result<()> {
        let (Some(repo), Some(commit)) = (repo(ctx), self.commit) else { return Ok(()) };
        let has_moved = Self::now(ctx).is_none_or(|now| now != *from);
        if self == from || has_moved || !repo.changed_files()?.is_empty() {
            return Ok(());
        }
        if self.branch == from.branch {
            repo.git.run(&["reset", "--quiet", "--keep", &commit.to_string()])?;
        } else {
            repo.git.run(&["switch", "--quiet", &self.branch])?;
            if !self.branches.contains(&from.branch) {
                repo.git.run(&["branch", "--quiet", "-D", &from.branch])?;
            }
        }
        ctx.hint(format!("back on {}, as before", self.branch))
    }
}

fn repo(ctx: &Context) -> Option<Repo> {
    Desk::open(ctx).ok()?.repo(ctx).ok()
}
