//! Whether the remote holds this record: nothing is based on another record's history, and nothing goes there.

use super::exit::{Outcome, refuse, refuse_with};
use super::pin::PIN;
use crate::config::{Flow, Settings, parse_config};
use crate::domain::RecordId;
use crate::history::{Oid, Repo};
use crate::shape::Sink;
use crate::store::Files as _;

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

/// The settings of the record as a commit holds it.
fn settings_at(repo: &Repo, commit: Oid) -> Option<Settings> {
    let bytes = repo.revision(commit).ok()?.read("liaison.toml").ok()??;
    Some(parse_config(&bytes, &mut Sink::new("liaison.toml"))?.value)
}

/// The id of the record as a commit holds it.
pub(crate) fn record_id(repo: &Repo, commit: Oid) -> Option<RecordId> {
    settings_at(repo, commit)?.id
}

/// Refuses an id in `liaison.toml` that is another record's: than the committed one, or than that of the commit which this clone
/// trusts. What is signed is bound to it for ever.
///
/// # Errors
/// Says both ids, and what mends it.
pub(crate) fn refuse_other_id(repo: &Repo, settings: &Settings) -> anyhow::Result<()> {
    let Some(id) = &settings.id else { return Ok(()) };
    let pinned = repo.setting(PIN).and_then(|pin| repo.commit_at(pin.trim()));
    let committed = repo.commit_at("HEAD");
    for (commit, whose, mend) in [
        (committed, "the last commit", "git restore liaison.toml".to_owned()),
        (pinned, "the commit that this clone trusts", "git log -p -- liaison.toml tells who changed it".to_owned()),
    ] {
        let Some(before) = commit.and_then(|commit| settings_at(repo, commit)) else { continue };
        let Some(known) = &before.id else { continue };
        let is_same = known == id || settings.ids().any(|one| one == known) || before.ids().any(|one| one == id);
        if !is_same && !known.is_template() {
            return Err(refuse(
                format!("liaison.toml says that this is the record {id}, and {whose} says {known}; nothing was signed"),
                mend,
            ));
        }
    }
    Ok(())
}
