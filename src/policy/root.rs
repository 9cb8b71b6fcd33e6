//! How the trust root stands: whose signatures each of its versions has, and how many it lacks (docs/trust.md, "The root").

use std::collections::BTreeMap;

use super::redaction::Roots;
use crate::config::Settings;
use crate::digest::act_text;
use crate::directory::{RootFile, RootHolder, TrustRoot};
use crate::domain::{Act, ActKind, Digest, Instant, changes};
use crate::shape::Located;
use crate::signing::{SshPublicKey, namespace, verify};

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

/// The holders who signed that the root became this file, out of that one, and when.
fn signed<'a>(
    after: Digest,
    before: Option<Digest>,
    signers: &'a TrustRoot,
    acts: &[Located<Act>],
    settings: &Settings,
) -> Vec<(&'a RootHolder, Instant)> {
    let is_about = |act: &&Located<Act>| {
        let changes = changes(&act.value).unwrap_or_default();
        act.value.kind == ActKind::Trust
            && changes.iter().any(|change| {
                change.path == "trust/root.toml" && change.after == Some(after) && change.before == before
            })
    };
    let about: Vec<&Act> = acts.iter().filter(is_about).map(|act| &act.value).collect();
    let is_by = |act: &&&Act, holder: &RootHolder| is_signed_by(act, holder, ActKind::Trust.as_str(), settings);
    let first = |holder: &RootHolder| about.iter().filter(|act| is_by(act, holder)).map(|act| act.at).min();
    signers.holders.iter().filter_map(|holder| Some((holder, first(holder)?))).collect()
}

/// Whether a holder signed an act, about `subject`, with the key that the root names; the directory is not asked.
pub fn is_signed_by(act: &Act, holder: &RootHolder, subject: &str, settings: &Settings) -> bool {
    let (Some(signature), Ok(key)) = (&act.signature, SshPublicKey::parse(&holder.public)) else { return false };
    let (signature, key) = (signature.to_string(), [key]);
    let is_own = act.by.as_str() == holder.handle && act.recorded_by.is_none();
    is_own && settings.ids().any(|id| verify(&act_text(act, id, subject), &signature, &namespace(id), &key).is_ok())
}
