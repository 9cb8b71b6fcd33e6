//! How the trust root stands: whose signatures each of its versions has, and how many it lacks (docs/trust.md, "The root").

use std::collections::BTreeMap;

use crate::config::Settings;
use crate::digest::act_text;
use crate::directory::{RootFile, RootHolder, TrustRoot};
use crate::domain::{Act, ActKind, Digest, changes};
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
        standings.push(RootStanding { version, signers, signed, missing });
        before = Some(file);
    }
    Ok(standings)
}

/// The version that counts: the last one up to which none lacks a signature.
pub fn effective_version(standings: &[RootStanding<'_>]) -> Option<u64> {
    standings.iter().take_while(|standing| standing.missing == 0).last().map(|standing| standing.version)
}

/// The holders who signed that the root became this file, out of that one.
fn signed<'a>(
    after: Digest,
    before: Option<Digest>,
    signers: &'a TrustRoot,
    acts: &[Located<Act>],
    settings: &Settings,
) -> Vec<&'a RootHolder> {
    let is_about = |act: &&Located<Act>| {
        let changes = changes(&act.value).unwrap_or_default();
        act.value.kind == ActKind::Trust
            && changes.iter().any(|change| {
                change.path == "trust/root.toml" && change.after == Some(after) && change.before == before
            })
    };
    let about: Vec<&Act> = acts.iter().filter(is_about).map(|act| &act.value).collect();
    let has_signed = |holder: &&RootHolder| about.iter().any(|act| is_signed_by(act, holder, settings));
    signers.holders.iter().filter(has_signed).collect()
}

/// Whether a holder signed an act with the key that the root names; the directory is not asked.
pub fn is_signed_by(act: &Act, holder: &RootHolder, settings: &Settings) -> bool {
    let (Some(signature), Ok(key)) = (&act.signature, SshPublicKey::parse(&holder.public)) else { return false };
    let (signature, key) = (signature.to_string(), [key]);
    let is_own = act.by.as_str() == holder.handle && act.recorded_by.is_none();
    is_own
        && settings
            .ids()
            .any(|id| verify(&act_text(act, id, ActKind::Trust.as_str()), &signature, &namespace(id), &key).is_ok())
}
