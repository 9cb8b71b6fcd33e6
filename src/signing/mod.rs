//! Verifies the signatures of act texts (docs/approval.md, "Signatures"). Pure: a text, a signature, a namespace and the
//! keys that may have made it. Signing is for the person's own programs: `history::Signer`.

mod block;
mod openpgp;
mod ssh;

pub use block::{armored, blocks};
pub use openpgp::{OpenPgpKey, verify_openpgp};
pub use ssh::{SshPublicKey, sign_invented};

use crate::domain::RecordId;

/// What binds a signature to acts of one record, so that it proves nothing anywhere else (digest.md, section 2).
pub fn namespace(record: &RecordId) -> String {
    format!("liaison-act@{record}")
}

/// Why a signature proves nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SignatureFault {
    /// It is no signature of a kind that is known.
    #[error("it cannot be read as a signature: {0}")]
    Unreadable(String),
    /// It was made for something else: another record, a git commit, a file.
    #[error("it was made for `{found}`, expected `{expected}`")]
    Namespace {
        /// What it was made for.
        found: String,
        /// The record's own namespace.
        expected: String,
    },
    /// It is by a key, or in a way, that is too weak to prove anything.
    #[error("it is too weak: {0}")]
    Weak(&'static str),
    /// None of the keys made it.
    #[error("it was made with the key {fingerprint}")]
    OtherKey {
        /// The key that it names.
        fingerprint: String,
    },
    /// The key could not sign at the time.
    #[error("the key was of no use when it signed: {0}")]
    KeyState(&'static str),
    /// A hardware key made it without anybody touching it.
    #[error("the hardware key was not touched")]
    NotTouched,
    /// The text is another one, or the signature was changed.
    #[error("it does not fit the text: one of them was changed")]
    Altered,
}

/// Verifies the signature of a text; gives the place of the key that made it.
///
/// # Errors
/// Returns [`SignatureFault`] when none of the keys made this signature of this text for this namespace.
pub fn verify(text: &str, signature: &str, namespace: &str, keys: &[SshPublicKey]) -> Result<usize, SignatureFault> {
    verify_bytes(text.as_bytes(), signature, namespace, keys)
}

/// Verifies the signature of any bytes, such as a commit's, as [`verify`] does.
///
/// # Errors
/// Returns [`SignatureFault`] when none of the keys made this signature of these bytes for this namespace.
pub fn verify_bytes(
    bytes: &[u8],
    signature: &str,
    namespace: &str,
    keys: &[SshPublicKey],
) -> Result<usize, SignatureFault> {
    let signature = ssh::Signature::parse(signature)?;
    signature.fits(namespace)?;
    let by = keys.iter().position(|key| signature.is_by(key));
    let Some((index, key)) = by.and_then(|index| Some((index, keys.get(index)?))) else {
        return Err(SignatureFault::OtherKey { fingerprint: signature.fingerprint() });
    };
    signature.verify(bytes, namespace, key).map(|()| index)
}

#[cfg(test)]
mod tests;
