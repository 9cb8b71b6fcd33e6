//! Whose record this is. Signatures are bound to its id, so nothing is signed under one that was only written into
//! `liaison.toml`: it would count nowhere, or in somebody else's record.

use super::context::Context;
use super::desk::Desk;
use super::exit::{Outcome, refuse, refuse_with};
use crate::config::{Settings, parse_config};
use crate::domain::{Digest, RecordId, changes};
use crate::history::{HistoryError, Oid, Repo, versions_of};
use crate::shape::Sink;
use crate::store::{Files as _, Record};

/// The file that holds the id.
const FILE: &str = "liaison.toml";

/// The settings of the record as a commit holds it.
pub(crate) fn settings_at(repo: &Repo, commit: Oid) -> Option<Settings> {
    read_settings(&repo.revision(commit).ok()?.read(FILE).ok()??)
}

fn read_settings(bytes: &[u8]) -> Option<Settings> {
    Some(parse_config(bytes, &mut Sink::new(FILE))?.value)
}

/// The id of the record as a commit holds it.
pub(crate) fn record_id(repo: &Repo, commit: Oid) -> Option<RecordId> {
    settings_at(repo, commit)?.id
}

/// The record's own id; refused where nothing that is signed would be bound to it.
///
/// # Errors
/// Says what is wrong with the id, and what mends it.
pub(crate) fn bound<'r>(ctx: &Context, desk: &Desk, record: &'r Record<'_>) -> anyhow::Result<&'r RecordId> {
    if let Ok(repo) = desk.repo(ctx) {
        refuse_exchanged_id(&repo, &record.settings)?;
    }
    record.settings.id.as_ref().filter(|id| !id.is_template()).ok_or_else(|| {
        refuse(
            "the record has the template's id, or none, and nothing signed here would be bound to it",
            "write one of its own at `id` under [record] in liaison.toml: what `uuidgen` prints",
        )
    })
}

/// Refuses settings whose id is not that of the last commit, or of the remote's mainline as it was last fetched. An id that
/// either side had before is the record's own.
///
/// # Errors
/// Names both ids, and what brings the right one back.
pub(crate) fn refuse_exchanged_id(repo: &Repo, settings: &Settings) -> anyhow::Result<()> {
    let Some(here) = &settings.id else { return Ok(()) };
    let head = repo.commit_at("HEAD").and_then(|head| record_id(repo, head));
    if let Some(committed) = head.filter(|committed| committed != here) {
        let told = format!(
            "{FILE} gives the record the id {here}, and the last commit has {committed}: nothing is signed for another \
             record; nothing was changed"
        );
        return Err(refuse_with(
            Outcome::Findings,
            told,
            [
                format!("git restore --staged --worktree {FILE} brings the id back"),
                "liaison record-change, if the record is to have another id; the one before goes under `former-ids`"
                    .to_owned(),
            ],
        ));
    }
    let flow = &settings.flow;
    let Some(tip) = repo.tracked(&flow.remote, &flow.mainline) else { return Ok(()) };
    let Some(theirs) = settings_at(repo, tip).filter(|theirs| theirs.id.is_some()) else { return Ok(()) };
    if settings.ids().any(|id| Some(id) == theirs.id.as_ref()) || theirs.ids().any(|id| id == here) {
        return Ok(());
    }
    let (place, there) = (format!("{}/{}", flow.remote, flow.mainline), theirs.id.map(|id| id.to_string()));
    let told = format!(
        "{FILE} gives the record the id {here}, and {place} has {}: nothing is signed for another record; nothing was \
         changed",
        there.unwrap_or_default()
    );
    let source = crate::history::tracking(&flow.remote, &flow.mainline);
    Err(refuse_with(
        Outcome::Findings,
        told,
        [
            format!("git restore --source={source} {FILE}, then liaison record-change, if this is a clone of {place}"),
            format!("git remote set-url {} URL, if it is not, with the address of this record", flow.remote),
        ],
    ))
}

/// Refuses an id that was committed by hand, where an act vouches for another one.
///
/// # Errors
/// Names both ids, and the commands that look at it and settle it.
pub(crate) fn refuse_unvouched_id(repo: &Repo, record: &Record<'_>) -> anyhow::Result<()> {
    let (Some(here), Some(head)) = (&record.settings.id, repo.commit_at("HEAD")) else { return Ok(()) };
    let trust = record.trust()?;
    let named = trust.acts.iter().flat_map(|act| changes(&act.value).unwrap_or_default());
    let vouched = named.filter(|change| change.path == FILE).last().and_then(|change| change.after);
    if vouched.is_none() || vouched.as_ref() == trust.present.get(FILE) {
        return Ok(());
    }
    let version = version_with(repo, head, vouched)?;
    let Some(signed) = version.as_deref().and_then(read_settings).and_then(|settings| settings.id) else {
        return Ok(());
    };
    if record.settings.ids().any(|id| *id == signed) {
        return Ok(());
    }
    Err(refuse_with(
        Outcome::Findings,
        format!(
            "{FILE} gives the record the id {here}, and its newest act vouches for {signed}: nothing is signed for \
             another record; nothing was changed"
        ),
        [
            format!("git log -p -- {FILE} shows who exchanged it; write `id = \"{signed}\"` again, and commit that"),
            "liaison record-change, if the record is to have another id; the one before goes under `former-ids`"
                .to_owned(),
        ],
    ))
}

/// The bytes with some digest that the file had in the history up to a commit.
fn version_with(repo: &Repo, head: Oid, digest: Option<Digest>) -> Result<Option<Vec<u8>>, HistoryError> {
    Ok(versions_of(repo, head, FILE)?.into_iter().find(|bytes| Some(Digest::of(bytes)) == digest))
}
