//! The blocks in which signatures travel: found in a text, and brought into the form in which they are read.

use pgp::composed::{ArmorOptions, Deserializable as _, DetachedSignature};

/// Where a signature begins and ends: one of `ssh-keygen`, or of `gpg`.
const SSH: (&str, &str) = ("-----BEGIN SSH SIGNATURE-----", "-----END SSH SIGNATURE-----");
const OPENPGP: (&str, &str) = ("-----BEGIN PGP SIGNATURE-----", "-----END PGP SIGNATURE-----");

/// How wide `ssh-keygen` writes a block.
const WIDTH: usize = 70;

/// The bit with which every packet of OpenPGP begins, and no text.
const PACKET: u8 = 0x80;

/// Every signature of a text, in the order in which they stand there. One that is cut off gives none.
pub fn blocks(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (begin, end) in [SSH, OPENPGP] {
        for (start, _) in text.match_indices(begin) {
            let rest = text.get(start..).unwrap_or_default();
            let inner = rest.get(begin.len()..).and_then(|inner| inner.split_once(end)).map(|(inner, _)| inner);
            // What begins again before it ends was cut off, and the next one is whole.
            if let Some(inner) = inner.filter(|inner| !inner.contains(begin)) {
                let block = format!("{begin}{inner}{end}\n");
                found.push((start, if begin == SSH.0 { rewrapped(&block) } else { block }));
            }
        }
    }
    found.sort();
    found.into_iter().map(|(_, block)| block).collect()
}

/// An SSH block with lines as `ssh-keygen` writes them. It reads lines of any width, as mail programs break them; the library
/// that reads them here does not.
pub(super) fn rewrapped(block: &str) -> String {
    let (begin, end) = SSH;
    let Some(inner) = block.trim().strip_prefix(begin).and_then(|rest| rest.strip_suffix(end)) else {
        return block.to_owned();
    };
    let data: Vec<char> = inner.chars().filter(|c| !c.is_ascii_whitespace()).collect();
    let lines = data.chunks(WIDTH).map(|line| line.iter().collect::<String>() + "\n");
    format!("{begin}\n{}{end}\n", lines.collect::<String>())
}

/// A signature as `gpg --detach-sign` writes it without `--armor`, as a block; nothing for any other bytes.
pub fn armored(bytes: &[u8]) -> Option<String> {
    bytes.first().filter(|first| **first & PACKET != 0)?;
    let mut found = DetachedSignature::from_bytes_many(bytes).ok()?;
    match (found.next(), found.next()) {
        (Some(Ok(signature)), None) => signature.to_armored_string(ArmorOptions::default()).ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIGNATURE: &str = include_str!("../../fixtures/digest/act.sig");

    #[test]
    fn every_whole_block_is_found_whatever_stands_around_it() {
        let (cut, _) = SIGNATURE.split_at(120);
        let pgp = "-----BEGIN PGP SIGNATURE-----\n\nabcd\n-----END PGP SIGNATURE-----\n";
        let text = format!("Yes.\n{pgp}{cut}\nsorry:\n{SIGNATURE}-- \nAda\n{SIGNATURE}");
        assert_eq!(blocks(&text), [pgp, SIGNATURE, SIGNATURE]);
        assert_eq!(blocks(cut), [""; 0]);
    }

    #[test]
    fn a_block_is_the_same_at_any_width() {
        let inner: String = SIGNATURE.lines().filter(|line| !line.starts_with('-')).collect();
        for width in [1, 19, 60, 76, 1000] {
            let chars: Vec<char> = inner.chars().collect();
            let lines: Vec<String> = chars.chunks(width).map(|line| line.iter().collect()).collect();
            for end in ["\n", " \r\n"] {
                let block = format!("{}\n{}\n{}", SSH.0, lines.join(end), SSH.1);
                assert_eq!(blocks(&block), [SIGNATURE], "{width}");
                assert_eq!(rewrapped(&block), SIGNATURE, "{width}");
            }
        }
    }

    #[test]
    fn bytes_that_are_no_signature_give_no_block() {
        for bytes in [&b""[..], b"yes", SIGNATURE.as_bytes(), &[0x88, 0x75, 0x04], &[0xff; 40]] {
            assert_eq!(armored(bytes), None);
        }
    }
}
