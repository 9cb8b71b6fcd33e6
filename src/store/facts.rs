//! What the files of a letter's folder are, told by their bytes.

use super::{FileEntry, Files, StoreError};
use crate::domain::{Digest, FileFact, Media};

/// Words by which an office program's HTML gives itself away.
const PROPRIETARY_HTML: [&str; 7] =
    ["urn:schemas-microsoft-com", "<o:p", "<v:shape", "<![if ", "<!--[if gte mso", "<!--[if mso", "<w:WordDocument"];

/// Endings of files that an office program writes.
const OFFICE_ENDINGS: [&str; 12] =
    [".doc", ".docx", ".docm", ".ppt", ".pptx", ".pptm", ".xls", ".xlsx", ".xlsm", ".vsd", ".vsdx", ".rtf"];

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
                size: 0,
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
    if bytes.starts_with(b"%PDF-") {
        return Media::Pdf;
    }
    // Text comes before other kinds: a letter that begins with "BMWG" is no bitmap.
    if let Some(text) = plain_text(bytes) {
        return match text {
            text if text.starts_with("{\\rtf") => Media::Other("application/rtf".into()),
            text if text.starts_with("%!PS") => Media::Other("application/postscript".into()),
            text if is_html(text) => html(text),
            _ => Media::Text,
        };
    }
    match infer::get(bytes).map(|kind| kind.mime_type()) {
        Some("application/pdf") => Media::Pdf,
        Some("application/zip") => {
            office_file_inside(bytes).map_or_else(|| Media::Other("application/zip".into()), Media::OfficeZip)
        }
        Some("text/html" | "text/xml" | "text/x-shellscript") => Media::LegacyText,
        Some(mime) => Media::Other(mime.to_owned()),
        None if bytes.contains(&0) => Media::Other("application/octet-stream".into()),
        None if std::str::from_utf8(bytes).is_ok() => Media::Text,
        None if bytes.iter().copied().any(is_control) => Media::Other("application/octet-stream".into()),
        None => Media::LegacyText,
    }
}

/// UTF-8 text without control characters.
fn plain_text(bytes: &[u8]) -> Option<&str> {
    std::str::from_utf8(bytes).ok().filter(|text| !text.bytes().any(is_control))
}

fn is_control(byte: u8) -> bool {
    byte < 0x09 || (0x0e..0x20).contains(&byte)
}

/// The name of an office program's file in a ZIP file, as its directory lists it.
fn office_file_inside(bytes: &[u8]) -> Option<String> {
    let names = bytes.windows(4).enumerate().filter(|(_, window)| *window == b"PK\x01\x02").filter_map(|(at, _)| {
        let length = u16::from_le_bytes([*bytes.get(at + 28)?, *bytes.get(at + 29)?]);
        bytes.get(at + 46..at + 46 + usize::from(length)).map(String::from_utf8_lossy)
    });
    let is_office = |name: &std::borrow::Cow<'_, str>| {
        let name = name.to_ascii_lowercase();
        OFFICE_ENDINGS.iter().any(|ending| name.ends_with(ending))
    };
    let found = names.into_iter().find(is_office)?;
    found.rsplit(['/', '\\']).next().map(str::to_owned)
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
    let sign = PROPRIETARY_HTML.iter().find(|sign| text.contains(**sign)).copied();
    match sign.or_else(|| has_office_style(text).then_some("mso-")) {
        Some(sign) => Media::ProprietaryHtml(sign.to_owned()),
        None => Media::Html,
    }
}

/// Whether a style names a property of an office program, such as `mso-margin-top-alt: auto`.
fn has_office_style(text: &str) -> bool {
    text.match_indices("mso-").any(|(at, _)| {
        let begins = text[..at].ends_with([' ', '\t', '\n', ';', '{', '"', '\'']);
        let property = text[at..].trim_start_matches(|c: char| c.is_ascii_lowercase() || c == '-');
        begins && property.trim_start().starts_with(':')
    })
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
            (b"BMWG would be glad to hear from you", Media::Text),
            (b"A file that begins with %PDF is a PDF", Media::Text),
            (b"<html><style>p {mso-margin-top-alt: auto}</style>", Media::ProprietaryHtml("mso-".into())),
            (b"<html>Some mso- words prove nothing", Media::Html),
            (b"{\\rtf1\\ansi Hello}", Media::Other("application/rtf".into())),
            (b"version https://git-lfs.github.com/spec/v1\n", Media::LfsPointer),
            (b"\x00\x01", Media::Other("application/octet-stream".into())),
            (b"PK\x03\x04\x14\x00", Media::Other("application/zip".into())),
        ] {
            assert_eq!(inspect("x", bytes).media, media);
        }
    }

    #[test]
    fn a_zip_file_tells_what_office_file_it_holds() {
        let mut zip = b"PK\x03\x04\x14\x00".to_vec();
        for name in ["folder/S3-261234.docx", "note.txt"] {
            zip.extend(b"PK\x01\x02");
            zip.extend([0; 24]);
            zip.extend(u16::try_from(name.len()).unwrap().to_le_bytes());
            zip.extend([0; 16]);
            zip.extend(name.as_bytes());
        }
        assert_eq!(inspect("x.zip", &zip).media, Media::OfficeZip("S3-261234.docx".into()));
    }
}
