//! Public keys as people hand them over: their shape is checked, and no private key gets through or is quoted.

use crate::domain::{Digest, Line};

/// The types of SSH keys that sign, with how many parts follow the type inside the key.
const SSH_TYPES: [(&str, usize); 7] = [
    ("ssh-ed25519", 1),
    ("ssh-rsa", 2),
    ("ecdsa-sha2-nistp256", 2),
    ("ecdsa-sha2-nistp384", 2),
    ("ecdsa-sha2-nistp521", 2),
    ("sk-ssh-ed25519@openssh.com", 2),
    ("sk-ecdsa-sha2-nistp256@openssh.com", 3),
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
    let Some((kind, parts)) = SSH_TYPES.iter().find(|(known, _)| *known == kind) else {
        let known: Vec<&str> = SSH_TYPES.iter().map(|(known, _)| *known).collect();
        return Err(ssh(format!("a line that begins with none of the types {}", known.join(", "))));
    };
    if more > 0 {
        return Err(ssh(format!("{} lines", more + 1)));
    }
    let bytes = decode(data).ok_or_else(|| ssh(format!("{kind} with data that is not base64")))?;
    let inner = strings(&bytes).ok_or_else(|| ssh(format!("{kind} with data that is cut off or damaged")))?;
    if inner.first().copied() != Some(kind.as_bytes()) {
        return Err(ssh(format!("{kind} with the data of another type")));
    }
    let is_sized = match (*kind, inner.get(1), inner.get(2)) {
        ("ssh-ed25519" | "sk-ssh-ed25519@openssh.com", Some(point), _) => point.len() == 32,
        ("ssh-rsa", _, Some(modulus)) => modulus.len() >= 256,
        (_, part, _) => part.is_some(),
    };
    if inner.len() != parts + 1 || !is_sized {
        return Err(ssh(format!("{kind} with data of the wrong length (RSA needs 2048 bits)")));
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
    let body =
        inner.iter().position(|line| line.is_empty()).map_or(inner, |blank| inner.get(blank + 1..).unwrap_or_default());
    let data: String = body.iter().filter(|line| !line.starts_with('=')).copied().collect();
    let bytes = decode(&data).ok_or_else(|| openpgp("data that is not base64"))?;
    match packet_tags(&bytes).as_deref() {
        None => Err(openpgp("data that is cut off or damaged")),
        Some(tags) if tags.iter().any(|tag| [5, 7].contains(tag)) => Err(KeyError::Private),
        Some([6, ..]) => Ok(lines.join("\n") + "\n"),
        Some(_) => Err(openpgp("an armour without a key in it")),
    }
}

/// Whether two keys are the same one: comments and line breaks do not count.
pub fn is_same(a: &str, b: &str) -> bool {
    let essence = |key: &str| {
        let key = key.trim();
        if key.starts_with(BEGIN) {
            key.split_whitespace().collect::<String>()
        } else {
            key.split_whitespace().take(2).collect()
        }
    };
    essence(a) == essence(b)
}

/// How people compare an SSH key: `SHA256:…`, as `ssh-keygen -l` prints it.
pub fn fingerprint(public: &str) -> Option<String> {
    let bytes = decode(public.split_whitespace().nth(1)?)?;
    let hex = Digest::of(&bytes).hex();
    let pair = |pair: &[u8]| std::str::from_utf8(pair).ok().and_then(|pair| u8::from_str_radix(pair, 16).ok());
    let bytes: Vec<u8> = hex.as_bytes().chunks(2).filter_map(pair).collect();
    Some(format!("SHA256:{}", encode(&bytes)))
}

fn is_private(text: &str) -> bool {
    text.lines().map(|line| line.trim().to_ascii_uppercase()).any(|line| {
        (line.starts_with("----") && (line.contains("PRIVATE KEY") || line.contains("SECRET KEY")))
            || line.starts_with("PUTTY-USER-KEY-FILE")
            || line.starts_with("AGE-SECRET-KEY")
    })
}

/// The parts inside an SSH key: each a length of four bytes and as many bytes.
fn strings(bytes: &[u8]) -> Option<Vec<&[u8]>> {
    let mut parts = Vec::new();
    let mut rest = bytes;
    while !rest.is_empty() {
        let (length, after) = rest.split_first_chunk::<4>()?;
        let (part, next) = after.split_at_checked(usize::try_from(u32::from_be_bytes(*length)).ok()?)?;
        parts.push(part);
        rest = next;
    }
    Some(parts)
}

/// The kinds of an OpenPGP message's packets (RFC 9580, section 4.2).
fn packet_tags(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut tags = Vec::new();
    let mut rest = bytes;
    while let Some((&first, after)) = rest.split_first() {
        let is_new = first & 0x40 != 0;
        let (tag, size) = match (first & 0x80 != 0, is_new) {
            (false, _) => return None,
            (true, true) => (
                first & 0x3f,
                match *after.first()? {
                    0..=191 => 1,
                    192..=223 => 2,
                    224..=254 => return None,
                    255 => 5,
                },
            ),
            (true, false) => (
                (first & 0x3c) >> 2,
                match first & 3 {
                    0 => 1,
                    1 => 2,
                    2 => 4,
                    _ => return None,
                },
            ),
        };
        let (length, body) = after.split_at_checked(size)?;
        let number = |bytes: &[u8]| bytes.iter().fold(0_usize, |sum, byte| sum << 8 | usize::from(*byte));
        let length = match (is_new, length) {
            (true, [high, low]) => ((usize::from(*high) - 192) << 8) + usize::from(*low) + 192,
            (true, [_, four @ ..]) if four.len() == 4 => number(four),
            (_, length) => number(length),
        };
        tags.push(tag);
        rest = body.get(length..)?;
    }
    (!tags.is_empty()).then_some(tags)
}

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Reads base64 with its padding and nothing else in it.
fn decode(text: &str) -> Option<Vec<u8>> {
    let body = text.trim_end_matches('=');
    let padding = text.len() - body.len();
    if text.is_empty() || !text.len().is_multiple_of(4) || padding > 2 {
        return None;
    }
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let (mut bits, mut count) = (0_u32, 0);
    for symbol in body.bytes() {
        let value = ALPHABET.iter().position(|known| *known == symbol)?;
        bits = bits << 6 | u32::try_from(value).ok()?;
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push(u8::try_from(bits >> count & 0xff).ok()?);
        }
    }
    (bits & ((1 << count) - 1) == 0).then_some(bytes)
}

/// Writes base64 without padding.
fn encode(bytes: &[u8]) -> String {
    let symbol = |chunk: &[u8], index: usize| {
        let part = |at: usize| chunk.get(at).copied().map_or(0, usize::from);
        let bits = part(0) << 16 | part(1) << 8 | part(2);
        ALPHABET.get(bits >> (18 - 6 * index) & 0x3f).map(|symbol| char::from(*symbol))
    };
    bytes.chunks(3).flat_map(|chunk| (0..=chunk.len()).filter_map(move |index| symbol(chunk, index))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ED25519: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAID+LDkFosyAOyoWU4A6wUs9P8ygS6Flo1k6OxP3uK7Jz ada@laptop";
    const GPG: &str = "-----BEGIN PGP PUBLIC KEY BLOCK-----

mDMEawXp2RYJKwYBBAHaRw8BAQdAEiJKi63UzSI2/yb5kR/euv/FjFKbyNzh+mM+
BrOvcpW0IkFkYSBFeGFtcGxlIDxhZGFAbmV0d29ya3MuZXhhbXBsZT6IkAQTFggA
OBYhBOc9iBBvwYu3hNiKWNVJdGSHN6IPBQJrBenZAhsDBQsJCAcCBhUKCQgLAgQW
AgMBAh4BAheAAAoJENVJdGSHN6IPadABAPYTgIFjaF3JTXJ0+HNAmlYRYEj6HggT
XvJJQZofZjzRAP9XSQPpdBcLyAgcefD557I1ydK1ExThk6nh6D/cH4R4DA==
=M5x9
-----END PGP PUBLIC KEY BLOCK-----
";

    /// The line of a key made of some parts.
    fn line(kind: &str, inside: &str, sizes: &[usize]) -> String {
        let mut bytes = Vec::new();
        let parts = std::iter::once(inside.as_bytes().to_vec()).chain(sizes.iter().map(|size| vec![7; *size]));
        for part in parts {
            bytes.extend(u32::try_from(part.len()).unwrap().to_be_bytes());
            bytes.extend(part);
        }
        let mut data = encode(&bytes);
        data.extend(std::iter::repeat_n('=', (4 - data.len() % 4) % 4));
        format!("{kind} {data}")
    }

    /// An armour around some bytes.
    fn armour(bytes: &[u8]) -> String {
        let mut data = encode(bytes);
        data.extend(std::iter::repeat_n('=', (4 - data.len() % 4) % 4));
        format!("{BEGIN}\nComment: made up\n\n{data}\n{END}\n")
    }

    #[test]
    fn public_ssh_keys_are_read() {
        for (given, read) in [
            (format!("{ED25519}\n"), ED25519.to_owned()),
            (format!("# mine\r\n\r\n  {}\r\n", ED25519.replace(' ', "\t ")), ED25519.to_owned()),
            (line("ssh-rsa", "ssh-rsa", &[3, 257]), line("ssh-rsa", "ssh-rsa", &[3, 257])),
            (
                format!("{} Ada Example's", line("ssh-ed25519", "ssh-ed25519", &[32])),
                format!("{} Ada Example's", line("ssh-ed25519", "ssh-ed25519", &[32])),
            ),
        ] {
            assert_eq!(parse_ssh(&given), Ok(read), "{given}");
        }
    }

    #[test]
    fn what_is_no_public_ssh_key_is_told() {
        for (given, found) in [
            (String::new(), "no key"),
            ("no-pty ssh-ed25519 AAAA".to_owned(), "a line that begins with none of the types"),
            (line("ssh-dss", "ssh-dss", &[20]), "a line that begins with none of the types"),
            (line("ssh-rsa-cert-v01@openssh.com", "x", &[1]), "a certificate"),
            ("---- BEGIN SSH2 PUBLIC KEY ----".to_owned(), "a key in another file format"),
            (format!("{ED25519}\n{ED25519}"), "2 lines"),
            ("ssh-ed25519".to_owned(), "ssh-ed25519 with data that is not base64"),
            (ED25519.replace("AAAA", "AAA"), "ssh-ed25519 with data that is not base64"),
            (ED25519.replace("AAAAC3", "AAAAD3"), "ssh-ed25519 with data that is cut off or damaged"),
            (line("ssh-ed25519", "ssh-rsa", &[3, 257]), "ssh-ed25519 with the data of another type"),
            (line("ssh-ed25519", "ssh-ed25519", &[31]), "ssh-ed25519 with data of the wrong length"),
            (line("ssh-ed25519", "ssh-ed25519", &[32, 1]), "ssh-ed25519 with data of the wrong length"),
            (line("ssh-rsa", "ssh-rsa", &[3, 129]), "ssh-rsa with data of the wrong length"),
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
        assert_eq!(parse_openpgp(&armour(&[0xc5, 1, 0])), Err(KeyError::Private));
        assert_eq!(parse_openpgp(&armour(&[0xc6, 1, 0, 0x9c, 1, 0])), Err(KeyError::Private));
        for text in ["hunter2", "ssh-ed25519 hunter2", "-----BEGIN hunter2-----"] {
            assert!(!parse_ssh(text).unwrap_err().to_string().contains("hunter2"));
            assert!(!parse_openpgp(text).unwrap_err().to_string().contains("hunter2"));
        }
    }

    #[test]
    fn openpgp_keys_are_read_packet_by_packet() {
        assert_eq!(parse_openpgp(&format!("\r\n{}", GPG.replace('\n', "\r\n"))).as_deref(), Ok(GPG));
        let long =
            [&[0x99, 1, 0][..], &[0; 256], &[0xcd, 0xc1, 0x00], &[0; 448], &[0xc2, 0xff, 0, 0, 0, 1, 0]].concat();
        assert!(parse_openpgp(&armour(&long)).is_ok());
        for (bytes, found) in [
            (&[0xcd, 1, 0][..], "an armour without a key in it"),
            (&[0x99, 1][..], "data that is cut off or damaged"),
            (&[0x00][..], "data that is cut off or damaged"),
        ] {
            let error = parse_openpgp(&armour(bytes)).unwrap_err().to_string();
            assert!(error.starts_with(&format!("found {found}")), "{bytes:?}: {error}");
        }
        let error = parse_openpgp(&format!("{GPG}{GPG}")).unwrap_err().to_string();
        assert!(error.starts_with("found several blocks"), "{error}");
    }

    #[test]
    fn keys_are_compared_as_people_compare_them() {
        assert_eq!(fingerprint(ED25519).as_deref(), Some("SHA256:EUpDXsLackn/GTqF0Yz/R/vSjf7Cw479ahjKUAEE+gI"));
        assert!(is_same(ED25519, &ED25519.replace("ada@laptop", "")));
        assert!(is_same(GPG, GPG.trim()));
        assert!(!is_same(ED25519, GPG));
    }
}
