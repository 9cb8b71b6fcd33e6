//! What the files of a letter's folder are, told by their bytes.

use super::{FileEntry, Files, StoreError};
use crate::domain::{Digest, FileFact, Media};

/// Words by which an office program's HTML gives itself away.
const PROPRIETARY_HTML: [&str; 6] =
    ["urn:schemas-microsoft-com", "<o:p", "mso-", "<v:shape", "<![if ", "<w:WordDocument"];

/// Reads files and says what they are.
///
/// # Errors
/// Returns [`StoreError`] when a file is there and cannot be read.
pub fn file_facts(files: &dyn Files, folder: &str, entries: &[FileEntry]) -> Result<Vec<FileFact>, StoreError> {
    let fact = |entry: &FileEntry| -> Result<FileFact, StoreError> {
        let name = entry.path.strip_prefix(folder).unwrap_or(&entry.path).trim_start_matches('/');
        match files.read(&entry.path)? {
            Some(bytes) if !entry.is_link => Ok(inspect(name, &bytes)),
            Some(_) | None => Ok(FileFact {
                name: name.to_owned(),
                size: entry.size,
                is_link: entry.is_link,
                digest: None,
                media: Media::Other("inode/symlink".into()),
            }),
        }
    };
    entries.iter().map(fact).collect()
}

/// What some bytes are.
pub fn inspect(name: &str, bytes: &[u8]) -> FileFact {
    FileFact {
        name: name.to_owned(),
        size: bytes.len() as u64,
        is_link: false,
        digest: Some(Digest::of(bytes)),
        media: media(bytes),
    }
}

fn media(bytes: &[u8]) -> Media {
    if bytes.starts_with(b"version https://git-lfs.github.com/spec/") {
        return Media::LfsPointer;
    }
    if let Some(kind) = infer::get(bytes) {
        match kind.mime_type() {
            "application/pdf" => return Media::Pdf,
            "text/html" | "text/xml" => {}
            mime => return Media::Other(mime.to_owned()),
        }
    }
    let Ok(text) = std::str::from_utf8(bytes) else {
        let printable = !bytes.iter().any(|b| *b < 0x09 || (0x0e..0x20).contains(b));
        return if printable { Media::LegacyText } else { Media::Other("application/octet-stream".into()) };
    };
    if text.bytes().any(|b| b == 0) {
        return Media::Other("application/octet-stream".into());
    }
    if is_html(text) { html(text) } else { Media::Text }
}

fn is_html(text: &str) -> bool {
    let head: String =
        text.trim_start_matches('\u{feff}').trim_start().chars().take(512).collect::<String>().to_ascii_lowercase();
    head.starts_with("<!doctype html")
        || head.starts_with("<html")
        || (head.starts_with("<?xml") && head.contains("<html"))
        || (head.starts_with("<!--") && head.contains("<html"))
}

fn html(text: &str) -> Media {
    match PROPRIETARY_HTML.iter().find(|sign| text.contains(**sign)) {
        Some(sign) => Media::ProprietaryHtml((*sign).to_owned()),
        None => Media::Html,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_say_what_a_file_is() {
        for (bytes, media) in [
            (&b"%PDF-1.7\n"[..], Media::Pdf),
            (b"<!DOCTYPE html><html><p>x</p></html>", Media::Html),
            (
                b"<html xmlns:o=\"urn:schemas-microsoft-com:office:office\">",
                Media::ProprietaryHtml("urn:schemas-microsoft-com".into()),
            ),
            ("Réponse".as_bytes(), Media::Text),
            (b"R\xe9ponse", Media::LegacyText),
            (b"version https://git-lfs.github.com/spec/v1\n", Media::LfsPointer),
            (b"\x00\x01", Media::Other("application/octet-stream".into())),
            (b"PK\x03\x04\x14\x00", Media::Other("application/zip".into())),
        ] {
            assert_eq!(inspect("x", bytes).media, media);
        }
    }
}
