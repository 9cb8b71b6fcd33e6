//! SHA-256 digests as they are written in records.

use std::fmt;

use sha2::Digest as _;

use super::text::Malformed;

/// A SHA-256 digest, written `sha256:` and 64 lower-case hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest([u8; 32]);

impl Digest {
    /// The digest of some bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self(sha2::Sha256::digest(bytes).into())
    }

    /// Reads a digest; the prefix `sha256:` may be missing. `Ok(None)` is an empty value.
    ///
    /// # Errors
    /// Returns [`Malformed`] for any other shape.
    pub fn parse(value: &str) -> Result<Option<Self>, Malformed> {
        let text = value.trim();
        if text.is_empty() {
            return Ok(None);
        }
        let hex = text.strip_prefix("sha256:").unwrap_or(text);
        let malformed = || Malformed::new(value, "`sha256:` and 64 lower-case hexadecimal digits");
        if hex.len() != 64 || !hex.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b)) {
            return Err(malformed());
        }
        let mut bytes = [0; 32];
        for (byte, pair) in bytes.iter_mut().zip(hex.as_bytes().chunks(2)) {
            let pair = std::str::from_utf8(pair).map_err(|_| malformed())?;
            *byte = u8::from_str_radix(pair, 16).map_err(|_| malformed())?;
        }
        Ok(Some(Self(bytes)))
    }

    /// The digits without the prefix.
    pub fn hex(&self) -> String {
        self.0.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// The first `digits` digits, for hints and messages.
    pub fn short(&self, digits: usize) -> String {
        self.hex().chars().take(digits).collect()
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "sha256:{}", self.hex())
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
