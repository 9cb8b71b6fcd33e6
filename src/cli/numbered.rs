//! A draft's name is used once: what was numbered stays numbered, whatever became of its stub.

use super::exit::{Outcome, refuse_with};
use crate::config::{Flow, Lock};
use crate::dispatch::{LEDGER, draft_path, parse_entry};
use crate::domain::{Slug, StatementName};
use crate::history::{Oid, Repo, versions_of};
use crate::record::{parse_stub, stub_again};
use crate::shape::Sink;
use crate::store::Files as _;

/// Refuses a draft that took a number before, as the history up to a commit tells, or the ledger as it was last fetched.
///
/// # Errors
/// Says which number, and what to do.
pub(crate) fn refuse_numbered_before(repo: &Repo, flow: &Flow, tip: Oid, slug: &Slug) -> anyhow::Result<()> {
    refuse_lost_stub(repo, tip, slug)?;
    let Some(ledger) = repo.tracked(&flow.remote, LEDGER) else { return Ok(()) };
    let entry = repo.read_at(ledger, &draft_path(slug))?;
    match entry.and_then(|bytes| parse_entry(&String::from_utf8_lossy(&bytes))) {
        Some((number, at)) => Err(refuse_with(
            Outcome::SomebodyElse,
            format!("{slug} was taken as {number} at {at}; nothing was changed"),
            match flow.lock {
                Lock::Ledger => [format!("liaison show {number} shows it")],
                // Whatever was numbered there may have left: it is not sent a second time.
                Lock::Mainline => {
                    [format!("{LEDGER} says so, which is not the lock any more: liaison doctor tells how it stands")]
                }
            },
        )),
        None => Ok(()),
    }
}

/// Refuses a draft whose path held a stub in some commit up to a tip: the stub was lost, as by a merge that kept the wrong
/// side, or it is there and has not come here.
///
/// # Errors
/// Says which number it became, and what brings the stub back or here.
pub(crate) fn refuse_lost_stub(repo: &Repo, tip: Oid, slug: &Slug) -> anyhow::Result<()> {
    let path = StatementName::Draft(slug.clone()).path();
    let stub_in = |bytes: &Vec<u8>| parse_stub(bytes, &mut Sink::new(&path)).map(|stub| stub.value.became);
    let Some(number) = versions_of(repo, tip, &path)?.iter().find_map(stub_in) else { return Ok(()) };
    let number = StatementName::Numbered(number);
    let is_there = repo.revision(tip)?.read(&path)?.as_ref().and_then(stub_in).is_some();
    Err(if is_there {
        let message = format!("{slug} became {number} meanwhile; nothing was changed");
        refuse_with(Outcome::SomebodyElse, message, [format!("git pull, then liaison show {number}")])
    } else {
        refuse_with(
            Outcome::SomebodyElse,
            format!(
                "{slug} became {number} before, and its stub was lost; it is not sent a second time; nothing was changed"
            ),
            [
                stub_again(&path, &number),
                format!("liaison new --revises {number} begins a letter that says what changed"),
            ],
        )
    })
}
