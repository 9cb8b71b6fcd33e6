//! What is known of a file beside a letter, without keeping its bytes.

use super::sha::Digest;

/// A file of a letter's folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileFact {
    /// Its name below the letter's folder.
    pub name: String,
    /// Its size in bytes.
    pub size: u64,
    /// Whether it is a link instead of a file.
    pub is_link: bool,
    /// The digest of its bytes; absent for a link, and for a file that could not be read.
    pub digest: Option<Digest>,
    /// What its bytes say it is.
    pub media: Media,
}

/// Names that no attachment may have, in whatever case: they are the record's own, or those of a message.
pub fn is_reserved(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name == "acts" || name == "liaison.json" || name.starts_with("sent-") || name.starts_with("announcement-")
}

/// Names that Windows keeps for devices, whatever ending follows.
const DEVICES: [&str; 22] = [
    "con", "prn", "aux", "nul", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8", "com9", "lpt1", "lpt2",
    "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9",
];

/// Whether a name without its ending is one that Windows keeps for a device.
pub fn is_device(stem: &str) -> bool {
    DEVICES.contains(&stem.to_ascii_lowercase().as_str())
}

/// The most characters of an attachment's name.
pub const MAX_NAME: usize = 100;

/// Whether a name leads into or out of folders.
pub fn is_path(name: &str) -> bool {
    name.contains(['/', '\\']) || matches!(name, "." | "..")
}

/// What is wrong with an attachment's name: why some system or mail program would not keep it.
///
/// A name is `[A-Za-z0-9][A-Za-z0-9._-]*`, at most [`MAX_NAME`] characters, none of the record's own and no device.
pub fn name_fault(name: &str) -> Option<&'static str> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    let stem = name.split('.').next().unwrap_or_default().to_ascii_lowercase();
    match name {
        _ if is_path(name) => Some("is a path, not the bare name of a file"),
        _ if !name.chars().all(is_plain) => Some("has other characters than A-Z, a-z, 0-9, `.`, `_` and `-`"),
        _ if !name.starts_with(|c: char| c.is_ascii_alphanumeric()) => Some("does not begin with a letter or digit"),
        _ if name.ends_with('.') => Some("ends with a dot"),
        _ if name.len() > MAX_NAME => Some("has more than 100 characters"),
        _ if is_reserved(name) => Some("is kept for the record's own files"),
        _ if is_device(&stem) => Some("means a device on Windows"),
        _ => None,
    }
}

/// What a file is, told by its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Media {
    /// A PDF.
    Pdf,
    /// HTML without proprietary extensions.
    Html,
    /// HTML with an office program's own extensions, with the words that give it away.
    ProprietaryHtml(String),
    /// UTF-8 text.
    Text,
    /// Text in another encoding.
    LegacyText,
    /// A ZIP file that holds an office program's file, by that file's name.
    OfficeZip(String),
    /// A pointer of Git LFS.
    LfsPointer,
    /// Something else, by its media type.
    Other(String),
}

impl Media {
    /// Whether the seed counts it as generally readable (rfc4053bis, section "Body, Title, and Attachments").
    pub fn is_readable(&self) -> bool {
        matches!(self, Self::Pdf | Self::Html | Self::Text)
    }

    /// Whether only some programs of some makers open it: Word, PowerPoint, Excel, Visio, RTF, or a ZIP file with one.
    pub fn is_proprietary(&self) -> bool {
        match self {
            Self::OfficeZip(_) => true,
            Self::Other(mime) => {
                mime.starts_with("application/vnd.openxmlformats-officedocument")
                    || mime.starts_with("application/vnd.ms-")
                    || ["application/msword", "application/x-ole-storage", "application/rtf"].contains(&mime.as_str())
            }
            Self::Pdf | Self::Html | Self::ProprietaryHtml(_) | Self::Text | Self::LegacyText | Self::LfsPointer => {
                false
            }
        }
    }

    /// The media type for a message's part.
    pub fn mime(&self) -> &str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Html | Self::ProprietaryHtml(_) => "text/html",
            Self::Text => "text/plain",
            Self::LegacyText | Self::LfsPointer => "application/octet-stream",
            Self::OfficeZip(_) => "application/zip",
            Self::Other(mime) => mime,
        }
    }

    /// What to call it in a message.
    pub fn describe(&self) -> String {
        match self {
            Self::Pdf => "PDF".into(),
            Self::Html => "HTML".into(),
            Self::ProprietaryHtml(sign) => format!("HTML with proprietary extensions ({sign})"),
            Self::Text => "UTF-8 text".into(),
            Self::LegacyText => "text that is not UTF-8".into(),
            Self::OfficeZip(inside) => format!("a ZIP file with {inside}"),
            Self::LfsPointer => "a Git LFS pointer".into(),
            Self::Other(mime) => match mime.as_str() {
                "application/msword" | "application/x-ole-storage" => {
                    "an older file of Word, Excel or PowerPoint".into()
                }
                "application/vnd.openxmlformats-officedocument.wordprocessingml.document" => "a Word file".into(),
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" => "an Excel file".into(),
                "application/vnd.openxmlformats-officedocument.presentationml.presentation" => {
                    "a PowerPoint file".into()
                }
                "application/rtf" => "an RTF file".into(),
                "application/zip" => "a ZIP file".into(),
                "application/octet-stream" => "a file of unknown kind".into(),
                _ => mime.clone(),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_that_every_system_keeps() {
        for name in ["ech-profile.pdf", "R5-205392.zip", "0", "README.md", "a..b", "consensus.txt", &"a".repeat(100)] {
            assert_eq!(name_fault(name), None, "{name}");
        }
        for name in [
            "",
            ".",
            "..",
            "../x",
            "a/b",
            "a\\b",
            "/etc/passwd",
            "-a",
            ".hidden",
            "a b",
            "é.pdf",
            "a.",
            "acts",
            "sent-1.eml",
            "Sent-2.eml",
            "announcement-1.eml",
            "con",
            "NUL.txt",
            "com1.tar.gz",
            &"a".repeat(101),
        ] {
            assert!(name_fault(name).is_some(), "{name}");
        }
    }
}
