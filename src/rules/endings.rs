//! What the endings of files' names promise.

use crate::domain::Media;

/// What the ending of a name promises.
#[derive(Debug, Clone, Copy)]
pub(super) enum Said {
    Pdf,
    Html,
    Text,
    /// The older files of Word, Excel and PowerPoint.
    OldOffice,
    /// The newer ones, which are ZIP files inside.
    Office,
    OpenDocument,
    Zip,
    Rtf,
    Image,
}

impl Said {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Pdf => "PDF",
            Self::Html => "HTML",
            Self::Text => "text",
            Self::OldOffice | Self::Office => "a file of Word, Excel or PowerPoint",
            Self::OpenDocument => "an OpenDocument file",
            Self::Zip => "a ZIP file",
            Self::Rtf => "RTF",
            Self::Image => "an image",
        }
    }

    pub(super) fn fits(self, media: &Media) -> bool {
        let mime = media.mime();
        let is_zip = mime == "application/zip";
        match self {
            Self::Pdf => *media == Media::Pdf,
            Self::Html => matches!(media, Media::Html | Media::ProprietaryHtml(_) | Media::LegacyText),
            Self::Text => matches!(media, Media::Text | Media::LegacyText),
            Self::OldOffice => {
                mime == "application/msword"
                    || mime == "application/x-ole-storage"
                    || mime.starts_with("application/vnd.ms-")
            }
            Self::Office => is_zip || mime.starts_with("application/vnd.openxmlformats-officedocument"),
            Self::OpenDocument => is_zip || mime.starts_with("application/vnd.oasis.opendocument"),
            Self::Zip => is_zip,
            Self::Rtf => mime == "application/rtf",
            Self::Image => mime.starts_with("image/"),
        }
    }
}

/// What a name's ending promises, in lower case; nothing for an ending that promises nothing we can tell.
pub(super) fn said_by(ending: &str) -> Option<Said> {
    Some(match ending {
        "pdf" => Said::Pdf,
        "html" | "htm" => Said::Html,
        "txt" | "text" | "csv" => Said::Text,
        "doc" | "xls" | "ppt" => Said::OldOffice,
        "docx" | "docm" | "xlsx" | "xlsm" | "pptx" | "pptm" => Said::Office,
        "odt" | "ods" | "odp" => Said::OpenDocument,
        "zip" => Said::Zip,
        "rtf" => Said::Rtf,
        "png" | "jpg" | "jpeg" | "gif" => Said::Image,
        _ => return None,
    })
}

/// A name without its ending.
pub(super) fn stem(name: &str) -> &str {
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}
