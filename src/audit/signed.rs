//! Who signed a commit, as a directory knows the keys.

use chrono::NaiveDate;

use super::commit::Header;
use super::standing::Standing;
use crate::directory::Key;
use crate::domain::Instant;
use crate::signing::{SignatureFault, verify_bytes, verify_openpgp};

/// Who signed a commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Signer {
    /// It bears no signature.
    Nobody,
    /// A person of the directory.
    Person {
        /// The handle.
        person: String,
    },
    /// A key of nobody, by its fingerprint.
    Unknown(String),
    /// A person's key, on a day on which it was not good.
    Expired(String),
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
    if armour.starts_with("-----BEGIN SIGNED MESSAGE") || armour.starts_with("-----BEGIN CMS") {
        return Signer::Unsupported("X.509");
    }
    let (verdict, owners) = if armour.starts_with("-----BEGIN PGP") {
        let Ok(payload) = std::str::from_utf8(&signed.payload) else {
            return Signer::Unsupported("OpenPGP (on a commit that is no UTF-8)");
        };
        (verify_openpgp(payload, armour, &standing.certificates, 0), &standing.holders)
    } else {
        (verify_bytes(&signed.payload, armour, "git", &standing.keys), &standing.owners)
    };
    match verdict.map(|at| owners.get(at)) {
        Ok(Some((person, key))) => by_key(person, key, header),
        Ok(None) => Signer::Unknown(String::new()),
        Err(SignatureFault::OtherKey { fingerprint }) => Signer::Unknown(fingerprint),
        Err(SignatureFault::KeyState(why)) => {
            Signer::Expired(format!("a key of the directory that was of no use: {why}"))
        }
        Err(fault) => Signer::Bad(fault.to_string()),
    }
}

fn by_key(person: &str, key: &Key, header: &Header) -> Signer {
    let day = Instant::from_unix(header.committer.at).map_or(NaiveDate::MIN, Instant::day);
    let why = match (&key.compromised, key.retired, key.since) {
        (Some(since), _, _) => format!("is compromised since the commit {since}"),
        (None, Some(on), _) if day >= on => format!("was retired on {on}"),
        (None, _, Some(since)) if day < since => format!("is theirs only since {since}"),
        (None, _, _) => return Signer::Person { person: person.to_owned() },
    };
    Signer::Expired(format!("a key of {person} that {why}"))
}
