//! Signatures as `ssh-keygen -Y sign` makes them (SSHSIG).

use std::fmt;

use ssh_key::public::KeyData;
use ssh_key::{Algorithm, HashAlg, LineEnding, PrivateKey, PublicKey, SshSig};

use super::SignatureFault;
use super::block::rewrapped;

/// The bit by which a hardware key says that somebody touched it.
const TOUCHED: u8 = 0x01;

/// Flags and counter, which a hardware key adds to its signature, in bytes.
const TRAILER: usize = 5;

/// Fewest bits of an RSA key.
const RSA_BITS: usize = 2048;

/// A public key that may have made a signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SshPublicKey(PublicKey);

impl SshPublicKey {
    /// Reads a line as in `id_ed25519.pub`.
    ///
    /// # Errors
    /// Returns what is wrong with it, in words.
    pub fn parse(line: &str) -> Result<Self, String> {
        PublicKey::from_openssh(line.trim()).map(Self).map_err(|error| error.to_string())
    }

    /// Whether it is an RSA key of fewer than 2048 bits.
    pub fn is_short(&self) -> bool {
        is_short(self.0.key_data())
    }

    /// `SHA256:` and the hash of the key, as `ssh-keygen -l` prints it.
    pub fn fingerprint(&self) -> String {
        self.0.fingerprint(HashAlg::Sha256).to_string()
    }
}

impl fmt::Display for SshPublicKey {
    /// Type and data, without a comment.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let line = self.0.to_openssh().map_err(|_| fmt::Error)?;
        f.write_str(&line.split(' ').take(2).collect::<Vec<_>>().join(" "))
    }
}

/// Signs a text in this program, with a private key that is no secret: one of an invented person. Whoever is real signs with
/// programs of their own (`history::Signer`).
///
/// # Errors
/// Returns what is wrong with the key, in words.
pub fn sign_invented(private: &str, text: &str, namespace: &str) -> Result<String, String> {
    let key = PrivateKey::from_openssh(private).map_err(|error| error.to_string())?;
    let signature = key.sign(namespace, HashAlg::Sha512, text.as_bytes()).map_err(|error| error.to_string())?;
    signature.to_pem(LineEnding::LF).map_err(|error| error.to_string())
}

/// A signature, not yet verified.
pub(super) struct Signature(SshSig);

impl Signature {
    /// Reads the armoured block, whatever the width of its lines.
    pub(super) fn parse(block: &str) -> Result<Self, SignatureFault> {
        SshSig::from_pem(rewrapped(block).trim())
            .map(Self)
            .map_err(|error| SignatureFault::Unreadable(error.to_string()))
    }

    /// The fingerprint of the key that it names.
    pub(super) fn fingerprint(&self) -> String {
        self.0.public_key().fingerprint(HashAlg::Sha256).to_string()
    }

    /// Whether it names this key.
    pub(super) fn is_by(&self, key: &SshPublicKey) -> bool {
        self.0.public_key() == key.0.key_data()
    }

    /// Whether it was made for the namespace and in a way that can prove something.
    pub(super) fn fits(&self, namespace: &str) -> Result<(), SignatureFault> {
        if self.0.namespace() != namespace {
            let found = self.0.namespace().escape_debug().to_string();
            return Err(SignatureFault::Namespace { found, expected: namespace.to_owned() });
        }
        if !self.0.reserved().is_empty() {
            return Err(SignatureFault::Unreadable("it holds more than its format allows".into()));
        }
        if is_short(self.0.public_key()) {
            return Err(SignatureFault::Weak("an RSA key needs 2048 bits"));
        }
        let algorithm = self.0.signature().algorithm();
        if algorithm == (Algorithm::Rsa { hash: None }) {
            return Err(SignatureFault::Weak("RSA with SHA-1"));
        }
        let is_hardware = matches!(algorithm, Algorithm::SkEd25519 | Algorithm::SkEcdsaSha2NistP256);
        if is_hardware { self.touched() } else { Ok(()) }
    }

    fn touched(&self) -> Result<(), SignatureFault> {
        let bytes = self.0.signature().as_bytes();
        let flags = bytes.len().checked_sub(TRAILER).and_then(|at| bytes.get(at)).copied().unwrap_or(0);
        if flags & TOUCHED == 0 { Err(SignatureFault::NotTouched) } else { Ok(()) }
    }

    /// Whether the key made it of these bytes.
    pub(super) fn verify(&self, bytes: &[u8], namespace: &str, key: &SshPublicKey) -> Result<(), SignatureFault> {
        key.0.verify(namespace, bytes, &self.0).map_err(|_| SignatureFault::Altered)
    }
}

fn is_short(key: &KeyData) -> bool {
    key.rsa().is_some_and(|key| bits(key.n.as_positive_bytes().unwrap_or_default()) < RSA_BITS)
}

/// How many bits a positive number has.
fn bits(bytes: &[u8]) -> usize {
    match bytes.iter().position(|byte| *byte != 0) {
        Some(first) => {
            let leading = bytes.get(first).map_or(0, |byte| byte.leading_zeros() as usize);
            (bytes.len() - first) * 8 - leading
        }
        None => 0,
    }
}
