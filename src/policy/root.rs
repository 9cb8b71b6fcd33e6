//! How the trust root stands: whose signatures each of its versions has, and how many it lacks (docs/trust.md, "The root").

use std::collections::BTreeMap;

use super::redaction::Roots;
use crate::config::Settings;
use crate::digest::act_text;
use crate::directory::{RootFile, RootHolder, TrustRoot};
use crate::domain::{Act, ActKind, Digest, FileChange, Instant, changes};
use crate::shape::Located;
use crate::signing::{SshPublicKey, namespace, verify};

/// The trust root's file.
const ROOT: &str = "trust/root.toml";

/// How one version of the root stands.
#[derive(Debug, Clone)]
pub struct RootStanding<'a> {
    /// The version.
    pub version: u64,
    /// Whose signatures count: those of the version before, and of the first version its own.
    pub signers: &'a TrustRoot,
    /// Whose are there.
    pub signed: Vec<&'a RootHolder>,
    /// How many are missing.
    pub missing: u64,
    /// When it had enough of them, as the acts say.
    pub since: Option<Instant>,
}

/// A chain of versions that is not whole.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RootFault {
    /// A version that is gone.
    #[error(
        "version {version} of the trust root is not in trust/roots/, so nobody can tell who had to sign the next one"
    )]
    Gone {
        /// The version.
        version: u64,
    },
    /// A version in the place of another one.
    #[error("trust/roots/{place}.toml is version {found}")]
    Misplaced {
        /// The version that its name says.
        place: u64,
        /// The version it is.
        found: u64,
    },
}

/// How each version of the root stands, the first one first.
///
/// # Errors
/// Returns [`RootFault`] when a version is gone.
pub fn root_standings<'a>(
    present: &'a RootFile,
    former: &'a BTreeMap<u64, RootFile>,
    acts: &'a [Located<Act>],
    settings: &Settings,
) -> Result<Vec<RootStanding<'a>>, RootFault> {
    let mut standings = Vec::new();
    let mut before: Option<&RootFile> = None;
    for version in 1..=present.root.value.version {
        let is_last = version == present.root.value.version;
        let file = if is_last { Some(present) } else { former.get(&version) };
        let file = file.ok_or(RootFault::Gone { version })?;
        let found = file.root.value.version;
        if found != version {
            return Err(RootFault::Misplaced { place: version, found });
        }
        let signers = &before.unwrap_or(file).root.value;
        let signed = signed(file.digest, before.map(|before| before.digest), signers, acts, settings);
        let missing = signers.threshold.saturating_sub(signed.len() as u64);
        let mut days: Vec<Instant> = signed.iter().map(|(_, at)| *at).collect();
        days.sort();
        let needed = usize::try_from(signers.threshold).unwrap_or(usize::MAX);
        let since = needed.checked_sub(1).and_then(|last| days.get(last).copied());
        let signed = signed.into_iter().map(|(holder, _)| holder).collect();
        standings.push(RootStanding { version, signers, signed, missing, since });
        before = Some(file);
    }
    Ok(standings)
}

/// The version that counts: the last one up to which none lacks a signature.
pub fn effective_version(standings: &[RootStanding<'_>]) -> Option<u64> {
    standings.iter().take_while(|standing| standing.missing == 0).last().map(|standing| standing.version)
}

/// The versions that count, each from the moment at which it had its signatures. A chain that is not whole gives none.
pub fn counting_roots(
    present: &RootFile,
    former: &BTreeMap<u64, RootFile>,
    acts: &[Located<Act>],
    settings: &Settings,
) -> Roots {
    let standings = root_standings(present, former, acts, settings).unwrap_or_default();
    let last = effective_version(&standings).unwrap_or(0);
    let mut roots: Vec<(Instant, TrustRoot)> = Vec::new();
    for standing in standings.iter().filter(|standing| standing.version <= last) {
        let file =
            if standing.version == present.root.value.version { Some(present) } else { former.get(&standing.version) };
        let (Some(file), Some(since)) = (file, standing.since) else { continue };
        // Clocks differ; a version never counts from before the one that it replaced.
        let since = roots.last().map_or(since, |(before, _)| since.max(*before));
        roots.push((since, file.root.value.clone()));
    }
    Roots(roots)
}

/// The holders who signed that the root became this file, out of that one, and when. What was withdrawn before it had enough of
/// them is signed anew, by everybody: nobody brings it back with signatures that were given for the first attempt.
fn signed<'a>(
    after: Digest,
    before: Option<Digest>,
    signers: &'a TrustRoot,
    acts: &[Located<Act>],
    settings: &Settings,
) -> Vec<(&'a RootHolder, Instant)> {
    let mut acts: Vec<&Act> = acts.iter().map(|act| &act.value).filter(|act| act.kind == ActKind::Trust).collect();
    acts.sort_by_key(|act| act.at);
    let mut signed: Vec<(&RootHolder, Instant)> = Vec::new();
    for act in acts {
        let changes = changes(act).unwrap_or_default();
        let is_whole = signed.len() as u64 >= signers.threshold;
        let holder = || signers.holder(act.by.as_str());
        let by = || holder().filter(|holder| is_signed_by(act, holder, ActKind::Trust.as_str(), settings));
        if makes(&changes, after, before) && !signed.iter().any(|(known, _)| known.handle == act.by.as_str()) {
            signed.extend(by().map(|holder| (holder, act.at)));
        } else if !is_whole && withdraws(&changes, after, before) && by().is_some() {
            signed.clear();
        }
    }
    signed.sort_by_key(|(holder, _)| signers.holders.iter().position(|other| other == *holder));
    signed
}

/// Whether changes make this file the root, out of that one.
fn makes(changes: &[FileChange], after: Digest, before: Option<Digest>) -> bool {
    let is_it = |change: &FileChange| change.after == Some(after) && change.before == before;
    changes.iter().any(|change| change.path == ROOT && is_it(change))
}

/// Whether changes put that file in the root's place again, and take this one away.
fn withdraws(changes: &[FileChange], after: Digest, before: Option<Digest>) -> bool {
    let is_back = |change: &FileChange| change.path == ROOT && change.after == before;
    changes.iter().any(is_back) && changes.iter().any(|change| change.before == Some(after))
}

/// Whether a holder signed an act, about `subject`, with the key that the root names; the directory is not asked.
pub fn is_signed_by(act: &Act, holder: &RootHolder, subject: &str, settings: &Settings) -> bool {
    let (Some(signature), Ok(key)) = (&act.signature, SshPublicKey::parse(&holder.public)) else { return false };
    let (signature, key) = (signature.to_string(), [key]);
    let is_own = act.by.as_str() == holder.handle && act.recorded_by.is_none();
    is_own && settings.ids().any(|id| verify(&act_text(act, id, subject), &signature, &namespace(id), &key).is_ok())
}
