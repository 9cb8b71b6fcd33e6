//! What an act's signature proves: whose key made it, and whether that key was good on the act's day.

use chrono::NaiveDate;

use crate::config::{Grade, Settings};
use crate::digest::act_text;
use crate::directory::{Directory, Key};
use crate::domain::{Act, ActKind, Word};
use crate::record::Letter;
use crate::signing::{OpenPgpKey, SignatureFault, SshPublicKey, namespace, verify, verify_openpgp};

/// What an act proves by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Proof<'d> {
    /// Nothing: it bears no signature.
    Asserted,
    /// A person's key made its signature.
    Signed {
        /// Whose key: the person's whose act it is, or the recorder's.
        by: &'d str,
        /// The key.
        key: &'d Key,
    },
    /// Its signature proves nothing.
    Faulty(ProofFault),
}

/// Why a signature proves nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProofFault {
    /// The signature itself.
    #[error("{0}")]
    Signature(SignatureFault),
    /// The directory knows no key of the signer.
    #[error("the directory holds no key of {person}")]
    NoKey {
        /// The signer's handle.
        person: String,
    },
    /// It is by a key that is not the signer's.
    #[error("it was made with the key {fingerprint}, which is none of {person}'s")]
    OtherKey {
        /// The key.
        fingerprint: String,
        /// The signer's handle.
        person: String,
    },
    /// The key was not yet the person's.
    #[error("the key is {person}'s only since {since}")]
    NotYet {
        /// The signer's handle.
        person: String,
        /// The key's first day.
        since: NaiveDate,
    },
    /// The key was retired before.
    #[error("the key was retired on {on}")]
    Retired {
        /// The first day it no longer signs.
        on: NaiveDate,
    },
    /// Somebody else may have had the key.
    #[error("the key is compromised, since the commit {since}")]
    Compromised {
        /// The commit.
        since: String,
    },
    /// The record has no id to which a signature could be bound.
    #[error("the record has no id that it could be bound to")]
    NoRecord,
}

impl Proof<'_> {
    /// How well the act is proven; that a commit is signed only its history tells.
    pub fn grade(&self, act: &Act) -> Grade {
        match self {
            Self::Signed { by, .. } if *by == act.by.as_str() && act.recorded_by.is_none() => Grade::Signed,
            Self::Signed { .. } | Self::Asserted | Self::Faulty(_) => Grade::Asserted,
        }
    }
}

/// Who signs an act: whoever recorded it, else whose act it is.
pub fn signer(act: &Act) -> &Word {
    act.recorded_by.as_ref().unwrap_or(&act.by)
}

/// What the act proves by itself; `subject` is the name its signature is bound to.
pub fn proof<'d>(act: &Act, subject: &str, directory: &'d Directory, settings: &Settings) -> Proof<'d> {
    let Some(signature) = &act.signature else { return Proof::Asserted };
    let signature = signature.to_string();
    let mut first: Option<ProofFault> = None;
    for id in settings.ids() {
        let (text, signer) = (act_text(act, id, subject), signer(act).as_str());
        match signed_by(signer, &text, &signature, &namespace(id), act.at.day(), directory) {
            Ok((by, key)) => return Proof::Signed { by, key },
            Err(fault) => first = first.or(Some(fault)),
        }
    }
    Proof::Faulty(first.unwrap_or(ProofFault::NoRecord))
}

/// Whether a decision on a letter was confirmed later, with a signature that proves something: by an approval of the same
/// content, or by a ratification, for every group that the decision covers.
pub fn is_reaffirmed(act: &Act, letter: &Letter, directory: &Directory, settings: &Settings) -> bool {
    let subject = letter.subject();
    let confirms = |later: &&Act| {
        let is_later = later.at > act.at && matches!(later.kind, ActKind::Approve | ActKind::Ratify);
        let is_same = later.kind == ActKind::Ratify || later.content == act.content;
        is_later && is_same && !matches!(proof(later, &subject, directory, settings), Proof::Faulty(_))
    };
    let later: Vec<&Act> = letter.acts.iter().map(|act| &act.value).filter(confirms).collect();
    !later.is_empty() && act.for_groups.iter().all(|group| later.iter().any(|act| act.for_groups.contains(group)))
}

/// The key by which a person signed a text for a namespace, with the person's handle in the directory.
///
/// # Errors
/// Returns [`ProofFault`] when no key of the person's made the signature, or none that was good on that day.
pub fn signed_by<'d>(
    signer: &str,
    text: &str,
    signature: &str,
    namespace: &str,
    day: NaiveDate,
    directory: &'d Directory,
) -> Result<(&'d str, &'d Key), ProofFault> {
    let no_key = || ProofFault::NoKey { person: signer.to_owned() };
    let (by, person) = directory.people.get_key_value(signer).ok_or_else(no_key)?;
    let keys: Vec<&Key> = person.value.keys.iter().collect();
    let verdict = if is_openpgp(signature) {
        let (known, parsed) =
            of_kind(&keys, |key| (!key.is_ssh).then(|| OpenPgpKey::parse(&key.public).ok()).flatten());
        verify_openpgp(text, signature, &parsed, a_day_before(day)).map(|index| known.get(index).copied())
    } else {
        let (known, parsed) = of_kind(&keys, |key| key.is_ssh.then(|| SshPublicKey::parse(&key.public).ok()).flatten());
        verify(text, signature, namespace, &parsed).map(|index| known.get(index).copied())
    };
    let key = verdict.map_err(|fault| {
        let SignatureFault::OtherKey { fingerprint } = fault else { return ProofFault::Signature(fault) };
        if keys.is_empty() { no_key() } else { ProofFault::OtherKey { fingerprint, person: signer.to_owned() } }
    })?;
    let key = key.ok_or_else(no_key)?;
    life(key, signer, day).map_or(Ok((by, key)), Err)
}

/// The beginning of the day before, in seconds since 1970: clocks differ, and days begin at different times.
fn a_day_before(day: NaiveDate) -> i64 {
    day.pred_opt().unwrap_or(day).and_time(chrono::NaiveTime::MIN).and_utc().timestamp()
}

/// Whether a signature is an OpenPGP one, by the first line of its block.
fn is_openpgp(signature: &str) -> bool {
    signature.trim_start().starts_with("-----BEGIN PGP SIGNATURE-----")
}

/// The keys of one kind, each with what it was read as.
fn of_kind<'k, T>(keys: &[&'k Key], read: impl Fn(&Key) -> Option<T>) -> (Vec<&'k Key>, Vec<T>) {
    keys.iter().filter_map(|key| Some((*key, read(key)?))).unzip()
}

/// What keeps a key from proving an act of a day.
fn life(key: &Key, person: &str, day: NaiveDate) -> Option<ProofFault> {
    if let Some(since) = key.compromised.as_ref().filter(|_| key.compromised_on.is_none_or(|on| day >= on)) {
        return Some(ProofFault::Compromised { since: since.clone() });
    }
    if let Some(on) = key.retired.filter(|on| day >= *on) {
        return Some(ProofFault::Retired { on });
    }
    key.since.filter(|since| day < *since).map(|since| ProofFault::NotYet { person: person.to_owned(), since })
}
