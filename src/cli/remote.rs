//! Whether the remote holds this record: nothing is based on another record's history, and nothing goes there.

use super::exit::{Outcome, refuse, refuse_with};
use super::record_id::settings_at;
use crate::config::{Flow, Settings};
use crate::domain::RecordId;
use crate::history::Repo;

/// Fetches, and refuses what is no clone of this record.
pub(crate) fn fetch(repo: &Repo, flow: &Flow) -> anyhow::Result<()> {
    repo.fetch(&flow.remote)?;
    refuse_other_record(repo, flow)
}

/// Refuses a remote whose mainline, as it was last fetched, is another record, or has no history in common with this one.
///
/// # Errors
/// Says what the remote holds, and what names the right one.
pub(crate) fn refuse_other_record(repo: &Repo, flow: &Flow) -> anyhow::Result<()> {
    let (Some(here), Some(there)) = (repo.commit_at("HEAD"), repo.tracked(&flow.remote, &flow.mainline)) else {
        return Ok(());
    };
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
