//! Public keys as people hand them over: their shape is checked, and no private key gets through or is quoted.

use crate::domain::Line;
use crate::signing::{OpenPgpKey, SshPublicKey};

/// The types of SSH keys that sign.
const SSH_TYPES: [&str; 7] = [
    "ssh-ed25519",
    "ssh-rsa",
    "ecdsa-sha2-nistp256",
    "ecdsa-sha2-nistp384",
    "ecdsa-sha2-nistp521",
    "sk-ssh-ed25519@openssh.com",
    "sk-ecdsa-sha2-nistp256@openssh.com",
];

const BEGIN: &str = "-----BEGIN PGP PUBLIC KEY BLOCK-----";
const END: &str = "-----END PGP PUBLIC KEY BLOCK-----";

/// A text that is no public key. It says what was found and never shows it: it could be a secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// The half that stays with its owner.
    #[error("this is a private key; it stays with its owner, and nothing of it was kept")]
    Private,
    /// Something else.
    #[error("found {found}, expected {expected}")]
    Shape {
        /// What it is.
        found: String,
        /// What it should be.
        expected: &'static str,
    },
}

fn ssh(found: impl Into<String>) -> KeyError {
    KeyError::Shape { found: found.into(), expected: "one line `ssh-ed25519 AAAA… comment`, as in id_ed25519.pub" }
}

fn openpgp(found: impl Into<String>) -> KeyError {
    KeyError::Shape { found: found.into(), expected: "an armoured public key, as `gpg --armor --export` prints it" }
}

/// Reads the line of an SSH public key; gives type, data and comment with one blank between them.
///
/// # Errors
/// Returns [`KeyError`] for a private key, and for any other shape.
pub fn parse_ssh(text: &str) -> Result<String, KeyError> {
    if is_private(text) {
        return Err(KeyError::Private);
    }
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    let line = lines.next().ok_or_else(|| ssh("no key"))?;
    let more = lines.count();
    if line.starts_with("----") {
        return Err(ssh("a key in another file format; `ssh-keygen -i -f FILE` converts it"));
    }
    let mut words = line.split_whitespace();
    let (kind, data) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    if kind.ends_with("-cert-v01@openssh.com") {
        return Err(ssh("a certificate"));
    }
    if !SSH_TYPES.contains(&kind) {
        return Err(ssh(format!("a line that begins with none of the types {}", SSH_TYPES.join(", "))));
    }
    if more > 0 {
        return Err(ssh(format!("{} lines", more + 1)));
    }
    let key = SshPublicKey::parse(&format!("{kind} {data}"));
    let key = key.map_err(|_| ssh(format!("{kind} with data that is cut off, damaged or of another type")))?;
    if key.is_short() {
        return Err(ssh(format!("{kind} with fewer than 2048 bits")));
    }
    let comment =
        Line::parse(&words.collect::<Vec<_>>().join(" ")).map_err(|_| ssh("control characters in the comment"))?;
    Ok(comment.map_or_else(|| format!("{kind} {data}"), |comment| format!("{kind} {data} {comment}")))
}

/// Reads an armoured OpenPGP public key.
///
/// # Errors
/// Returns [`KeyError`] for a private key, also inside an armour that calls it public, and for any other shape.
pub fn parse_openpgp(text: &str) -> Result<String, KeyError> {
    if is_private(text) {
        return Err(KeyError::Private);
    }
    let lines: Vec<&str> = text.trim().lines().map(str::trim_end).collect();
    let [BEGIN, inner @ .., END] = lines.as_slice() else {
        return Err(openpgp("a text that is not one whole block"));
    };
    if inner.iter().any(|line| line.starts_with("-----")) {
        return Err(openpgp("several blocks"));
    }
    if OpenPgpKey::is_secret(text) {
        return Err(KeyError::Private);
    }
    match OpenPgpKey::parse(text) {
        Ok(_) => Ok(lines.join("\n") + "\n"),
        Err(_) => Err(openpgp("data that is cut off, damaged or no public key")),
    }
}

/// Whether two keys are the same one: comments and line breaks do not count.
pub fn is_same(a: &str, b: &str) -> bool {
    essence(a) == essence(b)
}

/// A key without comment and line breaks.
pub(super) fn essence(key: &str) -> String {
    let key = key.trim();
    let words = if key.starts_with(BEGIN) { usize::MAX } else { 2 };
    key.split_whitespace().take(words).collect()
}

/// How people compare an SSH key: `SHA256:…`, as `ssh-keygen -l` prints it.
pub fn fingerprint(public: &str) -> Option<String> {
    SshPublicKey::parse(public).ok().map(|key| key.fingerprint())
}

fn is_private(text: &str) -> bool {
    text.lines().map(|line| line.trim().to_ascii_uppercase()).any(|line| {
        (line.starts_with("----") && (line.contains("PRIVATE KEY") || line.contains("SECRET KEY")))
            || line.starts_with("PUTTY-USER-KEY-FILE")
            || line.starts_with("AGE-SECRET-KEY")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const ED25519: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAID+LDkFosyAOyoWU4A6wUs9P8ygS6Flo1k6OxP3uK7Jz ada@laptop";
    const RSA_1024: &str = "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQDNRH41uLbY/kQuPUNyBOUtsiIaWACKBabEZHFZwyTJhZuBDnZuydKGY8qCjdX0s7LksGzmB0HHqHzkLIIYBy6MNb+ZLcnpxhZhLnaWps7MG3jlEGFzEdijws5vRH7U1XseL+uJQUw0PBAnxNHDhrvEzWE+MNjxat+Rt1hKImWx9Q==";
    /// The secret key of nobody, made for this test, in an armour for public ones.
    const DRESSED_UP: &str = "-----BEGIN PGP PUBLIC KEY BLOCK-----

lFgEawY2phYJKwYBBAHaRw8BAQdAP5RR/5VbVpakq9adEwW3OIiXtCHdd0u3t4rL
lhSAYcsAAQD26D5BbrUR4NwgD/5dJFrXR85XtyWpBVimMW6zAGv0Ew7ltA5ub2Jv
ZHlAZXhhbXBsZYiQBBMWCAA4FiEE6krS8v3DhzHTzIL43Y/TIAs8fyAFAmsGNqYC
GwMFCwkIBwIGFQoJCAsCBBYCAwECHgECF4AACgkQ3Y/TIAs8fyAaIgEA3BW9RpoW
HF/aVkw4Z6dhVtDFI4aq2M3rBgrxp0qtVEYA/jcJ6LqbDVNhP4qrzxiXeUjmNmic
XU7m2AUInEsLwbME
=1Jgg
-----END PGP PUBLIC KEY BLOCK-----
";
    const GPG: &str = "-----BEGIN PGP PUBLIC KEY BLOCK-----

mDMEawXp2RYJKwYBBAHaRw8BAQdAEiJKi63UzSI2/yb5kR/euv/FjFKbyNzh+mM+
BrOvcpW0IkFkYSBFeGFtcGxlIDxhZGFAbmV0d29ya3MuZXhhbXBsZT6IkAQTFggA
OBYhBOc9iBBvwYu3hNiKWNVJdGSHN6IPBQJrBenZAhsDBQsJCAcCBhUKCQgLAgQW
AgMBAh4BAheAAAoJENVJdGSHN6IPadABAPYTgIFjaF3JTXJ0+HNAmlYRYEj6HggT
XvJJQZofZjzRAP9XSQPpdBcLyAgcefD557I1ydK1ExThk6nh6D/cH4R4DA==
=M5x9
-----END PGP PUBLIC KEY BLOCK-----
";

    #[test]
    fn public_ssh_keys_are_read() {
        for (given, read) in [
            (format!("{ED25519}\n"), ED25519.to_owned()),
            (format!("# mine\r\n\r\n  {}\r\n", ED25519.replace(' ', "\t ")), ED25519.to_owned()),
            (format!("{ED25519}'s"), format!("{ED25519}'s")),
        ] {
            assert_eq!(parse_ssh(&given), Ok(read), "{given}");
        }
    }

    #[test]
    fn what_is_no_public_ssh_key_is_told() {
        for (given, found) in [
            (String::new(), "no key"),
            ("no-pty ssh-ed25519 AAAA".to_owned(), "a line that begins with none of the types"),
            ("ssh-dss AAAA".to_owned(), "a line that begins with none of the types"),
            ("ssh-rsa-cert-v01@openssh.com AAAA".to_owned(), "a certificate"),
            ("---- BEGIN SSH2 PUBLIC KEY ----".to_owned(), "a key in another file format"),
            (format!("{ED25519}\n{ED25519}"), "2 lines"),
            ("ssh-ed25519".to_owned(), "ssh-ed25519 with data that is cut off"),
            (ED25519.replace("AAAA", "AAA"), "ssh-ed25519 with data that is cut off"),
            (ED25519.replace("AAAAC3", "AAAAD3"), "ssh-ed25519 with data that is cut off"),
            (ED25519.replacen("ssh-ed25519", "ssh-rsa", 1), "ssh-rsa with data that is cut off"),
            (RSA_1024.to_owned(), "ssh-rsa with fewer than 2048 bits"),
            (format!("{ED25519}\u{7}"), "control characters in the comment"),
        ] {
            let error = parse_ssh(&given).unwrap_err().to_string();
            assert!(error.starts_with(&format!("found {found}")), "{given}: {error}");
        }
    }

    #[test]
    fn private_keys_are_told_and_never_quoted() {
        let block = |name: &str| format!("-----BEGIN {name}-----\nc2VjcmV0\n-----END {name}-----\n");
        for kind in ["OPENSSH", "RSA", "EC", "ENCRYPTED", "PGP"] {
            let text = block(&format!("{kind} {} KEY{}", "PRIVATE", if kind == "PGP" { " BLOCK" } else { "" }));
            assert_eq!(parse_ssh(&text), Err(KeyError::Private), "{kind}");
            assert_eq!(parse_openpgp(&text), Err(KeyError::Private), "{kind}");
            assert_eq!(parse_ssh(&format!("{ED25519}\n{text}")), Err(KeyError::Private), "{kind}");
        }
        assert_eq!(parse_ssh("PuTTY-User-Key-File-3: ssh-ed25519\nc2VjcmV0"), Err(KeyError::Private));
        assert_eq!(parse_openpgp(DRESSED_UP), Err(KeyError::Private), "an armour that calls a secret key public");
        for text in ["hunter2", "ssh-ed25519 hunter2", "-----BEGIN hunter2-----"] {
            assert!(!parse_ssh(text).unwrap_err().to_string().contains("hunter2"));
            assert!(!parse_openpgp(text).unwrap_err().to_string().contains("hunter2"));
        }
    }

    #[test]
    fn openpgp_keys_are_read_whole_and_alone() {
        assert_eq!(parse_openpgp(&format!("\r\n{}", GPG.replace('\n', "\r\n"))).as_deref(), Ok(GPG));
        for (text, found) in [
            (GPG.replace("mDMEawXp2RYJ", "mDMEawXp"), "data that is cut off"),
            (GPG.replace("mDMEawXp2RYJ", "!"), "data that is cut off"),
            (format!("{GPG}{GPG}"), "several blocks"),
        ] {
            let error = parse_openpgp(&text).unwrap_err().to_string();
            assert!(error.starts_with(&format!("found {found}")), "{error}");
        }
    }

    #[test]
    fn keys_are_compared_as_people_compare_them() {
        assert_eq!(fingerprint(ED25519).as_deref(), Some("SHA256:EUpDXsLackn/GTqF0Yz/R/vSjf7Cw479ahjKUAEE+gI"));
        assert!(is_same(ED25519, &ED25519.replace("ada@laptop", "")));
        assert!(is_same(GPG, GPG.trim()));
        assert!(!is_same(ED25519, GPG));
    }
}
