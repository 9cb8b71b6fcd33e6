//! The pin: the commit from which this clone trusts the record's root, in `git config liaison.trustRoot`.

use std::collections::BTreeMap;

use super::desk::Desk;
use crate::domain::Digest;
use crate::history::{Oid, Repo};
use crate::policy::{effective_version, root_standings};
use crate::store::{Record, Trust};

/// The setting of the clone.
pub(crate) const PIN: &str = "liaison.trustRoot";

/// How the clone's pin stands to the record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Pin {
    /// There is none.
    None,
    /// The root of that commit leads to the present one.
    Good {
        /// The commit.
        commit: Oid,
        /// The version that it holds.
        version: u64,
    },
    /// The commit is older than any root here: the whole history since is judged, and the root where it begins.
    Older {
        /// The commit.
        commit: Oid,
    },
    /// It does not.
    Bad {
        /// What is set.
        commit: String,
        /// Why it does not lead here.
        why: String,
        /// Whether nothing is wrong but what was set: a word or a part of an id. Else the history may be another one.
        is_slip: bool,
    },
}

/// Compares the clone's pin with the record as it is here.
pub(crate) fn pin(desk: &Desk, repo: &Repo, record: &Record<'_>, trust: &Trust) -> Pin {
    let Some(set) = repo.setting(PIN) else { return Pin::None };
    let bad = |why: &str| Pin::Bad { commit: set.clone(), why: why.to_owned(), is_slip: false };
    let slip = |why: &str| Pin::Bad { commit: set.clone(), why: why.to_owned(), is_slip: true };
    let is_id = set.len() >= 40 && set.bytes().all(|b| b.is_ascii_hexdigit());
    let commit = match repo.commit_at(&set) {
        Some(commit) if commit.to_string() == set => commit,
        Some(_) => return slip("it is no whole commit id"),
        None if !is_id => return slip("it is no whole commit id"),
        None => return bad("the clone does not have that commit"),
    };
    if !desk.tip(repo).is_some_and(|tip| repo.contains(tip, commit)) {
        return bad(
            "the commit is not in the history of what is here: the history was rewritten, or it is another record",
        );
    }
    match root_at(repo, commit) {
        None => Pin::Older { commit },
        Some((version, digest)) if chain(trust, record).get(&version) == Some(&digest) => Pin::Good { commit, version },
        Some(_) => bad("the root of that commit is no version of the present one"),
    }
}

/// The version of the root that counts at a commit, with its digest.
pub(crate) fn root_at(repo: &Repo, commit: Oid) -> Option<(u64, Digest)> {
    chain_at(repo, commit)?.pop_last()
}

/// A version of the root that counts at one commit and not at another one, which should hold all that counts there.
pub(crate) fn taken_away(repo: &Repo, before: Oid, after: Oid) -> Option<u64> {
    let (before, after) = (chain_at(repo, before)?, chain_at(repo, after).unwrap_or_default());
    before.into_iter().find(|(version, digest)| after.get(version) != Some(digest)).map(|(version, _)| version)
}

fn chain_at(repo: &Repo, commit: Oid) -> Option<BTreeMap<u64, Digest>> {
    let revision = repo.revision(commit).ok()?;
    let record = Record::open(&revision).ok()?;
    Some(chain(&record.trust().ok()?, &record))
}

/// The version of the root that counts, with its digest.
pub(crate) fn counting(trust: &Trust, record: &Record<'_>) -> Option<(u64, Digest)> {
    chain(trust, record).pop_last()
}

/// Every version of the root up to the one that counts. A file of `trust/roots/` that is none of them proves nothing.
fn chain(trust: &Trust, record: &Record<'_>) -> BTreeMap<u64, Digest> {
    let Some(present) = &trust.root else { return BTreeMap::new() };
    let standings = root_standings(present, &trust.former, &trust.acts, &record.settings).unwrap_or_default();
    let former = trust.former.iter().map(|(version, file)| (*version, file.digest));
    let last = effective_version(&standings).unwrap_or(0);
    let own = (present.root.value.version, present.digest);
    let before = former.filter(|(version, _)| *version < own.0);
    before.chain([own]).filter(|(version, _)| *version <= last).collect()
}
