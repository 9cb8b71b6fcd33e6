//! Numbers and drafts are locked on the remote before anything leaves (docs/digest.md, section 5).

use super::exit::{Outcome, refuse, refuse_with};
use super::ledger::Ledger;
use super::record_id::settings_at;
use super::remote::fetch;
use super::travel::Reached;
use crate::config::{Flow, Lock};
use crate::dispatch::{LEDGER, LedgerEntry, entry_paths, outcome_change};
use crate::domain::{Digest, Instant, Slug, StatementId};
use crate::history::{
    Below, HistoryError, Oid, Pushed, Repo, Revision, WorkState, commit_on, names_ever, push_locked, tracking,
};
use crate::record::Corpus;
use crate::store::Change;

/// How often a lock is tried again when others move the branch.
const TRIES: usize = 40;

/// Where everything is read from that a number depends on: the remote's mainline, or the clone's own without a remote.
pub(crate) struct Base {
    /// The commit.
    pub(crate) tip: Oid,
    /// The record as it holds it.
    pub(crate) revision: Revision,
    /// The ledger, where it is the lock.
    ledger: Option<Ledger>,
    has_remote: bool,
}

/// A number with everything that takes it.
pub(crate) struct Taking {
    /// The number.
    pub(crate) number: StatementId,
    /// The draft it was, if it was one.
    pub(crate) draft: Option<Slug>,
    /// Digest of the key of a received letter.
    pub(crate) key: Option<Digest>,
    /// Digest of the content.
    pub(crate) content: Option<Digest>,
    /// Digest of the message, if one leaves.
    pub(crate) message: Option<Digest>,
    /// When.
    pub(crate) at: Instant,
    /// The record's change.
    pub(crate) change: Change,
    /// The commit's message.
    pub(crate) text: String,
    /// The nonce that is also in the record's change.
    pub(crate) nonce: String,
}

/// A lock that is held.
pub(crate) struct Held {
    /// The commit with the record's change.
    pub(crate) commit: Oid,
    /// The branch it went to.
    pub(crate) branch: String,
}

impl Held {
    /// The lock of a number that was taken before: the branch to which its facts go.
    pub(crate) fn again(repo: &Repo, flow: &Flow, number: &StatementId) -> Option<Self> {
        let branch = match (repo.has_remote(&flow.remote), flow.lock) {
            (false, _) => return Some(Self { commit: repo.commit_at("HEAD")?, branch: "HEAD".into() }),
            (true, Lock::Ledger) => format!("liaison/send/{number}"),
            (true, Lock::Mainline) => flow.mainline.clone(),
        };
        let commit = repo.tracked(&flow.remote, &branch)?;
        Some(Self { commit, branch })
    }
}

/// Refuses to take a number where the mainline's settings say that numbers are locked elsewhere than this clone believes.
fn refuse_other_lock(repo: &Repo, flow: &Flow, tip: Oid) -> anyhow::Result<()> {
    let Some(there) = settings_at(repo, tip).map(|settings| settings.flow) else { return Ok(()) };
    if there.lock == flow.lock && there.mainline == flow.mainline {
        return Ok(());
    }
    Err(refuse_with(
        Outcome::SomebodyElse,
        "numbers are locked elsewhere by now, as liaison.toml on the mainline says; nothing was changed",
        ["git pull, then type it again".to_owned()],
    ))
}

impl Base {
    /// Fetches and reads where things stand.
    pub(crate) fn fetch(repo: &Repo, flow: &Flow) -> anyhow::Result<Self> {
        let has_remote = repo.has_remote(&flow.remote);
        if has_remote {
            fetch(repo, flow)?;
        }
        if !has_remote {
            stand_on_mainline(repo, flow)?;
        }
        let mainline = if has_remote { tracking(&flow.remote, &flow.mainline) } else { "HEAD".into() };
        let Some(tip) = repo.commit_at(&mainline) else {
            let help = if has_remote {
                format!("git push {} HEAD:{}", flow.remote, flow.mainline)
            } else {
                "git add . && git commit".into()
            };
            return Err(refuse(format!("{mainline} has no commit yet"), help));
        };
        refuse_other_lock(repo, flow, tip)?;
        Ok(Self { tip, revision: repo.revision(tip)?, ledger: Ledger::tracked(repo, flow)?, has_remote })
    }

    /// Whether the lock is on a remote at all.
    pub(crate) fn has_remote(&self) -> bool {
        self.has_remote
    }

    /// The next number of a year that nothing ever had: behind all that stubs name, and all that record and ledger hold or held.
    pub(crate) fn next_number(&self, repo: &Repo, corpus: &Corpus, year: u16) -> Result<StatementId, HistoryError> {
        let ledger = self.ledger.as_ref().and_then(|ledger| ledger.tip);
        let of_ledger = ledger.map_or(Ok(0), |tip| last_ever(repo, tip, Below::Repository, year))?;
        let of_record = last_ever(repo, self.tip, Below::Record, year)?;
        Ok(StatementId::new(year, of_record.max(corpus.last_in_stubs(year)).max(of_ledger) + 1))
    }

    /// What the ledger says of a draft that somebody is sending or has sent.
    pub(crate) fn in_ledger(&self, repo: &Repo, slug: &Slug) -> anyhow::Result<Option<(StatementId, String)>> {
        self.ledger.as_ref().map_or(Ok(None), |ledger| ledger.draft(repo, slug))
    }

    /// What the ledger says of a letter that somebody has received already.
    pub(crate) fn received(&self, repo: &Repo, key: Digest) -> anyhow::Result<Option<(StatementId, String)>> {
        self.ledger.as_ref().map_or(Ok(None), |ledger| ledger.received(repo, key))
    }

    /// Takes a number: nothing when somebody else moved the branch first, and everything has to be read again.
    pub(crate) fn take(&self, repo: &Repo, flow: &Flow, taking: &Taking) -> anyhow::Result<Option<Held>> {
        let commit = commit_on(repo, Some(self.tip), Below::Record, &taking.change, &taking.text)?;
        match &self.ledger {
            Some(ledger) => self.take_ledger(repo, flow, taking, ledger.tip, commit),
            None if self.has_remote => {
                match push_locked(repo, (&flow.remote, &flow.mainline), &flow.mainline, Some(self.tip), commit)? {
                    Pushed::Done => Ok(Some(Held { commit, branch: flow.mainline.clone() })),
                    Pushed::Moved => Ok(None),
                    Pushed::Refused(reason) => Err(refused(&flow.mainline, &reason)),
                }
            }
            None => self.take_here(repo, commit),
        }
    }

    fn take_ledger(
        &self,
        repo: &Repo,
        flow: &Flow,
        taking: &Taking,
        tip: Option<Oid>,
        commit: Oid,
    ) -> anyhow::Result<Option<Held>> {
        let entry = LedgerEntry {
            number: taking.number.clone(),
            draft: taking.draft.clone(),
            key: taking.key,
            content: taking.content,
            base: self.tip.to_string(),
            message: taking.message,
            at: taking.at,
            clone: repo.clone_id(&taking.nonce)?,
            nonce: taking.nonce.clone(),
        };
        let text = format!("take {} for {}", entry.number, entry_paths(&entry).first().cloned().unwrap_or_default());
        let lock = commit_on(repo, tip, Below::Repository, &entry.change(), &text)?;
        match push_locked(repo, (&flow.remote, &flow.mainline), LEDGER, tip, lock)? {
            Pushed::Moved => Ok(None),
            Pushed::Refused(reason) => Err(refused(LEDGER, &reason)),
            Pushed::Done => {
                let branch = format!("liaison/send/{}", taking.number);
                match push_locked(repo, (&flow.remote, &flow.mainline), &branch, None, commit)? {
                    Pushed::Done => Ok(Some(Held { commit, branch })),
                    Pushed::Moved | Pushed::Refused(_) => Err(refuse_with(
                        Outcome::TryLater,
                        format!("{} is locked in the ledger, but the branch {branch} was not taken", taking.number),
                        [format!("when that is mended: git push {} {commit}:refs/heads/{branch}", flow.remote)],
                    )),
                }
            }
        }
    }

    /// Without a remote the clone's own branch is the lock; it moves only if nobody moved it meanwhile.
    fn take_here(&self, repo: &Repo, commit: Oid) -> anyhow::Result<Option<Held>> {
        if repo.commit_at("HEAD") != Some(self.tip) {
            return Ok(None);
        }
        let output = repo.git.try_run(&["merge", "--ff-only", "--quiet", &commit.to_string()])?;
        match output.success {
            true => Ok(Some(Held { commit, branch: "HEAD".into() })),
            false if repo.commit_at("HEAD") != Some(self.tip) => Ok(None),
            false => Err(refuse(
                format!("the work tree cannot take the change: {}", output.reason()),
                "commit or stash your other changes first",
            )),
        }
    }
}

/// The last number of a year that the history up to a commit holds, 0 when there is none. A letter that was taken out of the record, or
/// an entry out of the ledger, keeps its number.
pub(crate) fn last_ever(repo: &Repo, tip: Oid, below: Below, year: u16) -> Result<u32, HistoryError> {
    let folder = match below {
        Below::Record => format!("statements/{year:04}"),
        Below::Repository => format!("{year:04}"),
    };
    let names = names_ever(repo, tip, below, &folder)?;
    let numbers = names.iter().filter_map(|name| StatementId::parse(name.split('.').next()?).ok());
    Ok(numbers.filter(|number| number.year() == year).map(|number| number.serial()).max().unwrap_or(0))
}

/// Without a remote the clone's own mainline is the lock: a number taken anywhere else could be taken twice.
fn stand_on_mainline(repo: &Repo, flow: &Flow) -> anyhow::Result<()> {
    match repo.work_state() {
        WorkState::Branch(branch) if branch != flow.mainline => Err(refuse(
            format!("you are on the branch {branch}; without a remote, numbers are taken on {}", flow.mainline),
            format!("git switch {}, and merge {branch} if the letter is there", flow.mainline),
        )),
        WorkState::Branch(_) | WorkState::Unborn(_) => Ok(()),
        WorkState::Detached => Err(HistoryError::Detached(flow.mainline.clone()).into()),
    }
}

/// Takes a number again and again until it is taken or `make` refuses: each time everything is read anew.
pub(crate) fn take_number(
    repo: &Repo,
    flow: &Flow,
    mut make: impl FnMut(&Base) -> anyhow::Result<Taking>,
) -> anyhow::Result<(Taking, Held)> {
    for _ in 0..TRIES {
        let base = Base::fetch(repo, flow)?;
        let taking = make(&base)?;
        if let Some(held) = base.take(repo, flow, &taking)? {
            return Ok((taking, held));
        }
    }
    Err(refuse_with(
        Outcome::TryLater,
        format!("others were faster {TRIES} times; nothing was changed"),
        ["run the command again".into()],
    ))
}

/// Adds a change to what a lock holds: to the same branch, whoever moved it meanwhile.
pub(crate) fn add_to(repo: &Repo, flow: &Flow, held: &Held, change: &Change, text: &str) -> anyhow::Result<Oid> {
    for _ in 0..TRIES {
        if held.branch == "HEAD" {
            let tip = repo.commit_at("HEAD").unwrap_or(held.commit);
            let commit = commit_on(repo, Some(tip), Below::Record, change, text)?;
            repo.git.run(&["merge", "--ff-only", "--quiet", &commit.to_string()])?;
            return Ok(commit);
        }
        fetch(repo, flow)?;
        let tip = repo.tracked(&flow.remote, &held.branch).unwrap_or(held.commit);
        let commit = commit_on(repo, Some(tip), Below::Record, change, text)?;
        match push_locked(repo, (&flow.remote, &flow.mainline), &held.branch, Some(tip), commit)? {
            Pushed::Done => return Ok(commit),
            Pushed::Moved => {}
            Pushed::Refused(reason) => return Err(refused(&held.branch, &reason)),
        }
    }
    Err(refuse_with(
        Outcome::TryLater,
        "others were faster too often",
        ["liaison send NUMBER again: it goes on where it stopped".into()],
    ))
}

/// Notes in the ledger what came of a sending.
pub(crate) fn note_outcome(
    repo: &Repo,
    flow: &Flow,
    number: &StatementId,
    outcome: &str,
    at: Instant,
) -> anyhow::Result<()> {
    if flow.lock != Lock::Ledger || !repo.has_remote(&flow.remote) {
        return Ok(());
    }
    for _ in 0..TRIES {
        fetch(repo, flow)?;
        let tip = repo.tracked(&flow.remote, LEDGER);
        let commit = commit_on(
            repo,
            tip,
            Below::Repository,
            &outcome_change(number, outcome, at),
            &format!("{number}: {outcome}"),
        )?;
        if push_locked(repo, (&flow.remote, &flow.mainline), LEDGER, tip, commit)? == Pushed::Done {
            return Ok(());
        }
    }
    Ok(())
}

/// Brings the work tree to what the remote now has, when it stands on the mainline and nothing of its own is in the way.
pub(crate) fn follow(repo: &Repo, flow: &Flow, held: &Held, latest: Oid) -> anyhow::Result<Reached> {
    if held.branch == "HEAD" {
        return Ok(Reached::Clone(format!("there is no remote `{}`", flow.remote)));
    }
    if held.branch == flow.mainline && repo.work_state() == WorkState::Branch(flow.mainline.clone()) {
        let output = repo.git.try_run(&["merge", "--ff-only", "--quiet", &latest.to_string()])?;
        if !output.success {
            return Ok(Reached::Remote(format!("{}; `git pull` brings it into this clone", held.branch)));
        }
    } else if held.branch == flow.mainline {
        return Ok(Reached::Remote(format!("{}, which is not the branch you are on", held.branch)));
    }
    Ok(Reached::Remote(held.branch.clone()))
}

fn refused(branch: &str, reason: &str) -> anyhow::Error {
    refuse_with(
        Outcome::TryLater,
        format!("nothing was sent: the remote does not take {branch}: {reason}"),
        ["where the mainline is protected, set [send] lock = \"liaison/outbox\" in liaison.toml".into()],
    )
}
