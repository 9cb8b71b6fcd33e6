//! Detached OpenPGP signatures, as `gpg --armor --detach-sign` makes them, verified with the semantics that the library leaves
//! to its caller: which part of a certificate may sign, and whether it was valid when it signed (RFC 9580).
//!
//! OpenPGP has no namespaces: the first line and `record:` of the act text separate the domains (digest.md, section 2).

use std::io::BufReader;
use std::time::{Duration, SystemTime};

use pgp::armor::Dearmor;
use pgp::composed::{Deserializable as _, DetachedSignature, SignedPublicKey, SignedPublicSubKey};
use pgp::crypto::hash::HashAlgorithm;
use pgp::packet::{Packet, PacketParser, RevocationCode, Signature, SignatureType};
use pgp::ser::Serialize;
use pgp::types::{KeyDetails, PublicParams, VerifyingKey};

use super::SignatureFault;

/// Fewest bytes in which an RSA key is written: a modulus of 2048 bits and an exponent, each behind its length.
const RSA_BYTES: usize = 2 + 256 + 2 + 1;

/// A certificate: a primary key with its subkeys, and what it says of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenPgpKey(SignedPublicKey);

impl OpenPgpKey {
    /// Reads an armoured certificate, and nothing beside it.
    ///
    /// # Errors
    /// Returns what is wrong with it, in words.
    pub fn parse(block: &str) -> Result<Self, String> {
        let (keys, _) = SignedPublicKey::from_string_many(block.trim()).map_err(|error| error.to_string())?;
        let mut keys: Vec<SignedPublicKey> = keys.collect::<Result<_, _>>().map_err(|error| error.to_string())?;
        match (keys.pop(), keys.is_empty()) {
            (Some(key), true) => Ok(Self(key)),
            (Some(_), false) => Err("it holds several keys".into()),
            (None, _) => Err("it holds no key".into()),
        }
    }

    /// Whether a block holds the secret half of a key, whatever its armour calls it.
    pub fn is_secret(block: &str) -> bool {
        let packets = PacketParser::new(BufReader::new(Dearmor::new(block.trim().as_bytes())));
        packets.flatten().any(|packet| matches!(packet, Packet::SecretKey(_) | Packet::SecretSubkey(_)))
    }

    /// The fingerprint of the primary key, as `gpg --list-keys` prints it.
    pub fn fingerprint(&self) -> String {
        format!("{:X}", self.0.primary_key.fingerprint())
    }

    /// Verifies a signature by whichever part of the certificate made it; nothing when it is by none.
    fn verify(&self, text: &str, signature: &Signature, at: SystemTime) -> Option<Result<(), SignatureFault>> {
        if is_by(signature, &self.0.primary_key) {
            return Some(self.primary(at).and_then(|()| fits(text, signature, &self.0.primary_key)));
        }
        let subkey = self.0.public_subkeys.iter().find(|subkey| is_by(signature, &subkey.key))?;
        let verdict = self.is_alive(at).and_then(|()| self.subkey(subkey, at));
        Some(verdict.and_then(|()| fits(text, signature, &subkey.key)))
    }

    /// Whether the primary key could sign texts at a moment.
    fn primary(&self, at: SystemTime) -> Result<(), SignatureFault> {
        self.is_alive(at)?;
        let may_sign = self.newest_statement(at).is_some_and(|statement| statement.key_flags().sign());
        if may_sign { Ok(()) } else { Err(SignatureFault::KeyState("its flags do not let it sign")) }
    }

    /// Whether the certificate as a whole was valid at a moment: neither revoked nor expired.
    fn is_alive(&self, at: SystemTime) -> Result<(), SignatureFault> {
        let primary = &self.0.primary_key;
        let revocations = self.0.details.revocation_signatures.iter().filter(|one| one.verify_key(primary).is_ok());
        refuse_revoked(revocations, at)?;
        let Some(statement) = self.newest_statement(at) else {
            return Err(SignatureFault::KeyState("it says nothing valid of itself"));
        };
        refuse_expired(primary.created_at().into(), statement, at)
    }

    /// The newest valid statement of the key about itself at a moment: on a name of its owner, or direct.
    fn newest_statement(&self, at: SystemTime) -> Option<&Signature> {
        let (primary, details) = (&self.0.primary_key, &self.0.details);
        let named = details.users.iter().flat_map(|user| {
            let own = |one: &&Signature| {
                one.is_certification() && one.verify_certification(primary, pgp::types::Tag::UserId, &user.id).is_ok()
            };
            user.signatures.iter().filter(own)
        });
        let direct = details.direct_signatures.iter().filter(|one| one.verify_key(primary).is_ok());
        named.chain(direct).filter(|one| made(one).is_some_and(|made| made <= at)).max_by_key(|one| made(one))
    }

    /// Whether a subkey was bound, with leave to sign, and neither revoked nor expired.
    fn subkey(&self, subkey: &SignedPublicSubKey, at: SystemTime) -> Result<(), SignatureFault> {
        let primary = &self.0.primary_key;
        let of = |kind: SignatureType| {
            let valid = move |one: &&Signature| {
                one.typ() == Some(kind) && one.verify_subkey_binding(primary, &subkey.key).is_ok()
            };
            subkey.signatures.iter().filter(valid)
        };
        refuse_revoked(of(SignatureType::SubkeyRevocation), at)?;
        let bindings = of(SignatureType::SubkeyBinding).filter(|one| made(one).is_some_and(|made| made <= at));
        let Some(binding) = bindings.max_by_key(|one| made(one)) else {
            return Err(SignatureFault::KeyState("its subkey was not bound to it"));
        };
        // The subkey says so as well, or somebody could bind a stranger's key.
        let both = binding
            .embedded_signature()
            .is_some_and(|back| back.verify_primary_key_binding(&subkey.key, primary).is_ok());
        if !binding.key_flags().sign() || !both {
            return Err(SignatureFault::KeyState("its subkey may not sign"));
        }
        refuse_expired(subkey.key.created_at().into(), binding, at)
    }
}

/// Verifies the signature of a text; gives the place of the certificate that made it. One that says it was made before
/// `earliest`, in seconds since 1970, proves nothing: its clock was set back to when the key could still sign.
///
/// # Errors
/// Returns [`SignatureFault`] when none of the certificates made this signature of this text.
pub fn verify_openpgp(text: &str, block: &str, keys: &[OpenPgpKey], earliest: i64) -> Result<usize, SignatureFault> {
    let signature = only_signature(block)?;
    let Some(at) = made(&signature) else {
        return Err(SignatureFault::Unreadable("it does not say when it was made".into()));
    };
    let seconds = at.duration_since(SystemTime::UNIX_EPOCH).map_or(0, |since| since.as_secs());
    if i64::try_from(seconds).is_ok_and(|seconds| seconds < earliest) {
        return Err(SignatureFault::KeyState("it says that it was made before what it signs"));
    }
    let verdicts = keys.iter().enumerate().filter_map(|(index, key)| Some((index, key.verify(text, &signature, at)?)));
    let mut verdicts: Vec<_> = verdicts.collect();
    match verdicts.pop() {
        Some((index, verdict)) => verdict.map(|()| index),
        None => Err(SignatureFault::OtherKey { fingerprint: issuer(&signature) }),
    }
}

/// The one signature of a block, of a kind and strength that can prove something.
fn only_signature(block: &str) -> Result<Signature, SignatureFault> {
    let unreadable = |error: pgp::errors::Error| SignatureFault::Unreadable(error.to_string());
    let (found, _) = DetachedSignature::from_string_many(block.trim()).map_err(unreadable)?;
    let mut found: Vec<DetachedSignature> = found.collect::<Result<_, _>>().map_err(unreadable)?;
    let (Some(one), true) = (found.pop(), found.is_empty()) else {
        return Err(SignatureFault::Unreadable("it is not exactly one signature".into()));
    };
    let signature = one.signature;
    if signature.typ() != Some(SignatureType::Binary) {
        return Err(SignatureFault::Unreadable(
            "it is of a text, whose line ends do not count; sign the file itself".into(),
        ));
    }
    if signature.signature_expiration_time().is_some() {
        return Err(SignatureFault::Unreadable("it expires, and an act does not".into()));
    }
    match signature.hash_alg() {
        Some(
            HashAlgorithm::Sha256
            | HashAlgorithm::Sha384
            | HashAlgorithm::Sha512
            | HashAlgorithm::Sha3_256
            | HashAlgorithm::Sha3_512,
        ) => Ok(signature),
        _ => Err(SignatureFault::Weak("its hash is none of SHA-256, SHA-384, SHA-512, SHA-3")),
    }
}

fn fits(text: &str, signature: &Signature, key: &(impl VerifyingKey + Serialize)) -> Result<(), SignatureFault> {
    let params = key.public_params();
    if matches!(params, PublicParams::DSA(_)) {
        return Err(SignatureFault::Weak("a DSA key"));
    }
    if matches!(params, PublicParams::RSA(_)) && params.write_len() < RSA_BYTES {
        return Err(SignatureFault::Weak("an RSA key needs 2048 bits"));
    }
    signature.verify(key, text.as_bytes()).map_err(|_| SignatureFault::Altered)
}

/// Whether a signature names a key as its maker.
fn is_by(signature: &Signature, key: &impl KeyDetails) -> bool {
    let fingerprints = signature.issuer_fingerprint();
    if fingerprints.is_empty() {
        return signature.issuer_key_id().contains(&&key.legacy_key_id());
    }
    fingerprints.contains(&&key.fingerprint())
}

fn issuer(signature: &Signature) -> String {
    let fingerprint = signature.issuer_fingerprint().first().map(|one| format!("{one:X}"));
    let id = || signature.issuer_key_id().first().map(|id| id.to_string().to_uppercase());
    fingerprint.or_else(id).unwrap_or_else(|| "that it does not name".into())
}

fn made(signature: &Signature) -> Option<SystemTime> {
    signature.created().map(SystemTime::from)
}

/// A revocation because of a stolen key, or without a reason, holds for ever; any other from its day on.
fn refuse_revoked<'s>(
    mut revocations: impl Iterator<Item = &'s Signature>,
    at: SystemTime,
) -> Result<(), SignatureFault> {
    let counts = |one: &Signature| {
        let is_soft =
            matches!(one.revocation_reason_code(), Some(RevocationCode::KeySuperseded | RevocationCode::KeyRetired));
        !is_soft || made(one).is_none_or(|made| made <= at)
    };
    if revocations.any(counts) { Err(SignatureFault::KeyState("it was revoked")) } else { Ok(()) }
}

fn refuse_expired(created: SystemTime, statement: &Signature, at: SystemTime) -> Result<(), SignatureFault> {
    let life = statement.key_expiration_time().map(Duration::from).filter(|life| !life.is_zero());
    let is_over = life.and_then(|life| created.checked_add(life)).is_some_and(|end| at >= end);
    if is_over || at < created { Err(SignatureFault::KeyState("it was expired, or not made yet")) } else { Ok(()) }
}
