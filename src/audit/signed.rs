//! Who signed a commit, as a directory knows the keys.

use chrono::NaiveDate;

use super::commit::Header;
use super::standing::Standing;
use crate::domain::Instant;
use crate::signing::{SignatureFault, verify_bytes};

/// Who signed a commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Signer {
    /// It bears no signature.
    Nobody,
    /// A person of the directory.
    Person {
        /// The handle.
        person: String,
        /// The key's place in the standing.
        key: usize,
    },
    /// A key of nobody, by its fingerprint.
    Unknown(String),
    /// A person's key, on a day on which it was not good.
    Expired {
        /// The handle.
        person: String,
        /// Why.
        why: String,
    },
    /// A kind of signature that is not verified here.
    Unsupported(&'static str),
    /// It proves nothing.
    Bad(String),
}

impl Signer {
    /// Whether a person signed.
    pub(super) fn is(&self, handle: &str) -> bool {
        matches!(self, Self::Person { person, .. } if person == handle)
    }
}

/// Who signed a commit, by the keys of a standing.
pub(super) fn signer_of(header: &Header, standing: &Standing) -> Signer {
    let Some(signed) = &header.signature else { return Signer::Nobody };
    let armour = signed.armour.trim_start();
    if armour.starts_with("-----BEGIN PGP") {
        return Signer::Unsupported("OpenPGP");
    }
    if armour.starts_with("-----BEGIN SIGNED MESSAGE") || armour.starts_with("-----BEGIN CMS") {
        return Signer::Unsupported("X.509");
    }
    match verify_bytes(&signed.payload, armour, "git", &standing.keys) {
        Ok(key) => by_key(key, header, standing),
        Err(SignatureFault::OtherKey { fingerprint }) => Signer::Unknown(fingerprint),
        Err(fault) => Signer::Bad(fault.to_string()),
    }
}

fn by_key(key: usize, header: &Header, standing: &Standing) -> Signer {
    let Some((person, known)) = standing.owners.get(key) else { return Signer::Unknown(String::new()) };
    let day = Instant::from_unix(header.committer.at).map_or(NaiveDate::MIN, Instant::day);
    let why = match (&known.compromised, known.retired, known.since) {
        (Some(since), _, _) => format!("is compromised since the commit {since}"),
        (None, Some(on), _) if day >= on => format!("was retired on {on}"),
        (None, _, Some(since)) if day < since => format!("is theirs only since {since}"),
        (None, _, _) => return Signer::Person { person: person.clone(), key },
    };
    Signer::Expired { person: person.clone(), why }
}
