//! Whether the remote holds this record: nothing is based on another record's history, and nothing goes there.

use super::exit::{Outcome, refuse, refuse_with};
use super::format::terminal_safe;
use super::record_id::settings_at;
use crate::config::{Flow, Lock, Settings};
use crate::dispatch::LEDGER;
use crate::domain::RecordId;
use crate::history::{Oid, Repo, tracking};

/// Fetches, and refuses what is no clone of this record, or lost what it had; the clone knows the remote as before then.
pub(crate) fn fetch(repo: &Repo, flow: &Flow) -> anyhow::Result<()> {
    let judge = |at: &dyn Fn(&str) -> Option<Oid>| {
        let there = at(&flow.mainline);
        if let (Some(here), Some(there)) = (repo.commit_at("HEAD"), there) {
            refuse_other(repo, flow, here, there)?;
        }
        refuse_lost(repo, flow, there)?;
        refuse_lost_ledger(repo, flow, at(LEDGER))?;
        Ok(true)
    };
    repo.fetch_if(&[], &flow.remote, judge).map(drop)
}

/// What is added for whoever typed a command that would have pushed.
pub(crate) const NOTHING_HAPPENED: &str = "; nothing was changed and nothing was pushed";

/// How many of the commits that are gone are named.
const NAMED: &str = "-5";

/// Refuses a mainline that does not hold any more what it held when it was last fetched: a push of what this clone has would
/// bring that back, or go past it, without anybody having decided so.
pub(crate) fn refuse_lost(repo: &Repo, flow: &Flow, now: Option<Oid>) -> anyhow::Result<()> {
    let (remote, mainline) = (&flow.remote, &flow.mainline);
    let Some(was) = repo.tracked(remote, mainline).filter(|_| !repo.has_grown(remote, mainline, now)) else {
        return Ok(());
    };
    let back = format!("git push {remote} {was}:refs/heads/{mainline} brings back what is gone");
    let Some(now) = now else {
        let told = format!("{remote} has no branch {mainline} any more, which was at {was}{NOTHING_HAPPENED}");
        let url = format!("git remote set-url {remote} URL, if that is another place than it was");
        return Err(refuse_with(Outcome::Findings, told, [url, back]));
    };
    let range = format!("{now}..{was}");
    let gone = repo.git.run(&["log", NAMED, "--format=%h %s", &range, "--"])?;
    let named: Vec<String> = gone.lines().map(terminal_safe).collect();
    let count = repo.beyond(now, was)?;
    let more = if count > named.len() { "; …" } else { "" };
    let told = format!(
        "{remote}/{mainline} was rewritten, and lacks {count} of the commits that it had: {}{more}{NOTHING_HAPPENED}",
        named.join("; ")
    );
    let look = format!("git log -p {range} shows what is gone; liaison audit judges what this clone still has");
    let on = format!(
        "to go on without it: git fetch {remote} && git rebase --onto {} {was}, then liaison audit --accept-rewrite",
        repo.shown(&tracking(remote, mainline))
    );
    let back = repo.contains(was, now).then_some(back);
    Err(refuse_with(Outcome::Findings, told, [Some(look), back, Some(on)].into_iter().flatten()))
}

/// Refuses a ledger that does not hold any more what it held: numbers that it gave away would be given again.
fn refuse_lost_ledger(repo: &Repo, flow: &Flow, now: Option<Oid>) -> anyhow::Result<()> {
    let remote = &flow.remote;
    let is_lost = flow.lock == Lock::Ledger && !repo.has_grown(remote, LEDGER, now);
    let Some(was) = repo.tracked(remote, LEDGER).filter(|_| is_lost) else { return Ok(()) };
    let now = now.map_or_else(|| "is gone".to_owned(), |now| format!("is at {now}"));
    Err(refuse_with(
        Outcome::Findings,
        format!("the ledger {remote}/{LEDGER} {now}, and lacks entries that it had at {was}{NOTHING_HAPPENED}"),
        [
            format!("find out who took them away: git log -p {was}"),
            format!("git push --force {remote} {was}:refs/heads/{LEDGER} brings back what is gone"),
        ],
    ))
}

/// Refuses a remote whose mainline, as it was last fetched, is another record, or has no history in common with this one.
///
/// # Errors
/// Says what the remote holds, and what names the right one.
pub(crate) fn refuse_other_record(repo: &Repo, flow: &Flow) -> anyhow::Result<()> {
    let (Some(here), Some(there)) = (repo.commit_at("HEAD"), repo.tracked(&flow.remote, &flow.mainline)) else {
        return Ok(());
    };
    refuse_other(repo, flow, here, there)
}

/// Refuses a mainline that is another record, or has no history in common with what is here.
fn refuse_other(repo: &Repo, flow: &Flow, here: Oid, there: Oid) -> anyhow::Result<()> {
    let (ours, theirs) = (settings_at(repo, here), settings_at(repo, there));
    let id = |settings: &Option<Settings>| settings.as_ref().and_then(|settings| settings.id.clone());
    let (own, other) = (id(&ours), id(&theirs));
    let is_known = |settings: &Option<Settings>, id: &Option<RecordId>| {
        settings.as_ref().is_some_and(|settings| settings.ids().any(|known| Some(known) == id.as_ref()))
    };
    let place = format!("{}/{}", flow.remote, flow.mainline);
    let url = ours.as_ref().and_then(|settings| settings.home.clone()).unwrap_or_else(|| "URL".to_owned());
    let mend = format!("git remote set-url {} {url}, with the address of this record", flow.remote);
    match (&own, &other) {
        (Some(_), None) if theirs.is_none() && !repo.is_related(here, there) => {
            Err(refuse(format!("{place} holds no record; nothing was changed and nothing was pushed"), mend))
        }
        (Some(own), Some(other))
            if !is_known(&ours, &Some(other.clone())) && !is_known(&theirs, &Some(own.clone())) =>
        {
            let message = format!(
                "{place} is another record, {other}; this one is {own}; nothing was changed and nothing was pushed"
            );
            Err(refuse(message, mend))
        }
        _ if !repo.is_related(here, there) => Err(refuse_with(
            Outcome::Findings,
            format!("{place} has no history in common with this clone; nothing was changed and nothing was pushed"),
            [mend, "or clone the record anew, if its history was rewritten".to_owned()],
        )),
        _ => Ok(()),
    }
}
