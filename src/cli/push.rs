//! The push of what was just committed: based on what others pushed meanwhile, and judged again on that before it goes out.

use super::exit::{Outcome, refuse_with};
use super::ledger::refuse_taken_draft;
use super::meanwhile::{Fault, Meanwhile, is_act, is_text};
use super::remote::fetch;
use crate::config::{FlowMode, Settings};
use crate::domain::{Instant, StatementName};
use crate::history::{HistoryError, Oid, Pushed, Repo, push_branch, tracking};
use crate::store::Record;

/// How often a push is tried again when others move the branch.
const TRIES: usize = 40;

/// A push of the present branch.
pub(crate) struct Push<'a> {
    /// The clone.
    pub(crate) repo: &'a Repo,
    /// The record's settings.
    pub(crate) settings: &'a Settings,
    /// The letter it is about, if it is about one.
    pub(crate) letter: Option<&'a StatementName>,
    /// The present moment.
    pub(crate) now: Instant,
    /// The branch of the remote.
    pub(crate) branch: &'a str,
}

impl Push<'_> {
    /// Pushes; where others were first, rebases on what they did and pushes again. What does not hold any more on what they did
    /// is not pushed, and taken back.
    pub(crate) fn run(&self) -> anyhow::Result<()> {
        let (repo, branch, remote) = (self.repo, self.branch, &self.settings.flow.remote);
        let Some(own) = repo.commit_at("HEAD") else { return Ok(()) };
        if self.settings.flow.mode == FlowMode::PullRequest {
            match self.fetch(own) {
                Ok(()) => self.judge(own)?,
                // A remote out of reach is told by the push.
                Err(error) if error.is::<HistoryError>() => {}
                Err(error) => return Err(error),
            }
        }
        for _ in 0..TRIES {
            // The mainline is only added to as this clone knows it: what somebody removed there is not pushed again.
            let known = Some(branch).filter(|branch| *branch == self.settings.flow.mainline);
            let known = known.and_then(|branch| repo.tracked(remote, branch));
            match push_branch(repo, remote, branch, known)? {
                Pushed::Done => {
                    let _ = fetch(repo, &self.settings.flow);
                    if repo.commit_at("@{upstream}").is_none() {
                        let upstream = format!("--set-upstream-to={}", tracking(remote, branch));
                        let _ = repo.git.try_run(&["branch", "--quiet", &upstream]);
                    }
                    return Ok(());
                }
                Pushed::Refused(reason) => {
                    return Err(refuse_with(
                        Outcome::TryLater,
                        format!("committed in this clone, but {remote} did not take it: {reason}"),
                        [
                            format!("when that is mended: git push {remote} HEAD:{branch}"),
                            "where the mainline is protected, set [flow] mode = \"pull-request\" in liaison.toml"
                                .into(),
                        ],
                    ));
                }
                Pushed::Moved => self.rebase(own)?,
            }
        }
        Err(refuse_with(
            Outcome::TryLater,
            format!("others pushed faster {TRIES} times; the change is committed in this clone"),
            ["push again later: git pull --rebase && liaison check && git push".into()],
        ))
    }

    /// Bases the branch on the remote's, and judges what it adds there.
    fn rebase(&self, own: Oid) -> anyhow::Result<()> {
        let (repo, remote) = (self.repo, &self.settings.flow.remote);
        self.fetch(own)?;
        let changed = repo.changed_files()?;
        if !changed.is_empty() {
            return Err(refuse_with(
                Outcome::SomebodyElse,
                format!(
                    "committed in this clone, but others pushed meanwhile, and {} has changes that are not committed",
                    changed.join(", ")
                ),
                ["git stash && git pull --rebase && liaison check && git push && git stash pop".into()],
            ));
        }
        let upstream = tracking(remote, self.branch);
        if repo.git.try_run(&["rebase", "--quiet", upstream.as_str()])?.success {
            return self.judge(own);
        }
        repo.git.run(&["rebase", "--abort"])?;
        let became = self.became(&upstream)?;
        if self.is_only_acts(own)? {
            return Err(self.give_up(
                own,
                Fault {
                    told: match &became {
                        Some((slug, number)) => format!("{slug} was sent as {number}"),
                        None => "the same lines were changed".to_owned(),
                    },
                    help: vec![match &became {
                        Some((_, number)) => format!("liaison show {number}"),
                        None => "git log -p @{upstream} shows what they changed; then run the command again".to_owned(),
                    }],
                },
            )?);
        }
        let back = format!("git reset --keep {} takes your change back", repo.shown(&upstream));
        Err(match became {
            Some((slug, number)) => refuse_with(
                Outcome::SomebodyElse,
                format!(
                    "{slug} was sent meanwhile as {number}, without your change; it is committed in this clone only"
                ),
                [back, format!("liaison new --revises {number} begins a letter that says what changed")],
            ),
            None => refuse_with(
                Outcome::SomebodyElse,
                "others changed the same lines meanwhile; your change is committed in this clone only",
                ["git pull --rebase shows both sides, then liaison check and git push".into(), back],
            ),
        })
    }

    /// Fetches. Where the remote holds another record, or lost what it had, the clone is as it was before the command.
    fn fetch(&self, own: Oid) -> anyhow::Result<()> {
        fetch(self.repo, &self.settings.flow).or_else(|error| {
            if let Some(before) = self.before(own).filter(|_| !error.is::<HistoryError>()) {
                self.repo.git.run(&["reset", "--quiet", "--keep", &before.to_string()])?;
            }
            Err(error)
        })
    }

    /// Judges what the branch adds on what the remote has now: its branch, and in pull-request flow the mainline as well.
    fn judge(&self, own: Oid) -> anyhow::Result<()> {
        let (repo, flow) = (self.repo, &self.settings.flow);
        let Some(head) = repo.commit_at("HEAD") else { return Ok(()) };
        let mainline = repo.tracked(&flow.remote, &flow.mainline);
        let tracked = tracking(&flow.remote, self.branch);
        let base = repo.commit_at(&tracked).or(mainline);
        let Some(base) = base else { return Ok(()) };
        let touched = repo.touched(&base.to_string(), &head.to_string())?;
        if !touched.iter().any(|path| is_act(path)) {
            return Ok(());
        }
        let meanwhile = Meanwhile { repo, now: self.now, own, touched: &touched };
        let mut fault = meanwhile.judge(base, head)?;
        if flow.mode == FlowMode::PullRequest && fault.is_none() {
            let merged = mainline.map(|mainline| anyhow::Ok((mainline, repo.merged(mainline, head)?))).transpose()?;
            fault = match merged {
                Some((mainline, Some(merged))) => meanwhile.judge(mainline, merged)?,
                Some((_, None)) | None => None,
            };
            fault = fault.or(mainline.map(|mainline| self.sent_on(mainline)).transpose()?.flatten());
        }
        if let Some(letter) = self.letter
            && let Err(error) = refuse_taken_draft(repo, flow, letter)
        {
            self.take_back(own)?;
            return Err(error);
        }
        fault.map_or(Ok(()), |fault| Err(self.give_up(own, fault)?))
    }

    /// The letter, if a commit has it under its number.
    fn sent_on(&self, commit: Oid) -> anyhow::Result<Option<Fault>> {
        let became = self.became(&commit.to_string())?;
        Ok(became.map(|(slug, number)| Fault {
            told: format!("{slug} was sent as {number}"),
            help: vec![format!("liaison show {number}")],
        }))
    }

    /// Takes the change back, if it can be, and tells why nothing was pushed.
    fn give_up(&self, own: Oid, fault: Fault) -> anyhow::Result<anyhow::Error> {
        let Fault { told, mut help } = fault;
        let what = match self.take_back(own)? {
            Some(next) => {
                help.extend(next);
                "nothing was pushed, and your change was taken back"
            }
            None => {
                let upstream = self.repo.shown(&tracking(&self.settings.flow.remote, self.branch));
                help.push(format!("git reset --keep {upstream} takes your change back"));
                "your change is committed in this clone only"
            }
        };
        Ok(refuse_with(Outcome::SomebodyElse, format!("others pushed meanwhile, and {told}; {what}"), help))
    }

    /// Takes a change back that its command can make again, and brings the branch to where the remote has it; tells what else
    /// there is to do. A text stays in this clone.
    fn take_back(&self, own: Oid) -> anyhow::Result<Option<Vec<String>>> {
        let (repo, flow) = (self.repo, &self.settings.flow);
        let reset = |to: Oid| repo.git.run(&["reset", "--quiet", "--keep", &to.to_string()]);
        let Some(before) = self.before(own).filter(|_| self.is_only_acts(own).unwrap_or(false)) else {
            reset(own)?;
            return Ok(None);
        };
        let tip = repo.tracked(&flow.remote, self.branch);
        let is_pushed = tip.is_none_or(|tip| repo.contains(tip, before));
        reset(tip.filter(|_| is_pushed).unwrap_or(before))?;
        let mut next = Vec::new();
        if !is_pushed {
            next.push("other commits of this clone are not pushed either; liaison undo takes the last one back".into());
        }
        if flow.mode == FlowMode::PullRequest {
            next.push(format!(
                "git merge {} brings here what they did",
                repo.shown(&tracking(&flow.remote, &flow.mainline))
            ));
        }
        Ok(Some(next))
    }

    /// Where the branch stood before the command.
    fn before(&self, own: Oid) -> Option<Oid> {
        self.repo.parent(own)
    }

    /// Whether a commit consists of what a command makes again when it is run again: acts and what they vouch for, no text.
    fn is_only_acts(&self, own: Oid) -> anyhow::Result<bool> {
        let Some(before) = self.before(own) else { return Ok(false) };
        let touched = self.repo.touched(&before.to_string(), &own.to_string())?;
        Ok(touched.iter().any(|path| is_act(path)) && !touched.iter().any(|path| is_text(path)))
    }

    /// The draft that this is about, and the number that it has at a revision by now.
    fn became(&self, revision: &str) -> anyhow::Result<Option<(String, String)>> {
        let Some(StatementName::Draft(slug)) = self.letter else { return Ok(None) };
        let Some(tip) = self.repo.commit_at(revision) else { return Ok(None) };
        let revision = self.repo.revision(tip)?;
        let stub = Record::open(&revision)?.stub(slug)?;
        Ok(stub.map(|stub| (slug.to_string(), stub.value.became.to_string())))
    }
}
