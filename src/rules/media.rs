//! Rules about what attachments are: files that everybody can read (rfc4053bis, section "Body, Title, and Attachments").

use super::Case;
use super::endings::{Said, said_by, stem};
use super::files::{Named, attachments, named};
use crate::domain::text::quote;
use crate::domain::{FileFact, Media};
use crate::findings::{Code, Finding};

/// A file is the file, not a pointer to it (digest 4).
pub(super) fn attachment_lfs(case: &Case<'_>) -> Vec<Finding> {
    let finding = |file: &Named<'_>| {
        file.fact.filter(|fact| fact.media == Media::LfsPointer)?;
        let message = format!("{} is a Git LFS pointer of a few lines, not the file", quote(file.name));
        let finding = case.finding(Code::AttachmentLfs, message).at(file.place.clone());
        Some(
            finding
                .help("`git lfs untrack` its pattern, add the file itself, and keep `-text` for it in .gitattributes"),
        )
    };
    named(case).iter().filter_map(finding).collect()
}

/// Attachments are PDF, HTML or UTF-8 text (LS-51). Proprietary files and HTML have rules of their own.
pub(super) fn attachment_format(case: &Case<'_>) -> Vec<Finding> {
    let finding = |file: &Named<'_>| {
        let (fact, _) = file.bytes()?;
        let told_elsewhere = matches!(fact.media, Media::LfsPointer | Media::ProprietaryHtml(_))
            || fact.media.is_readable()
            || is_proprietary(fact)
            || has_companion(case, file);
        if told_elsewhere {
            return None;
        }
        let message = format!("{} is {}, expected PDF, HTML or UTF-8 text", quote(file.name), fact.media.describe());
        let finding = case.finding(Code::AttachmentFormat, message).at(file.place.clone());
        Some(finding.help("attach it as PDF, or add such a file beside it under the same name"))
    };
    attachments(case).iter().filter_map(finding).collect()
}

/// HTML comes without proprietary extensions (LS-51).
pub(super) fn attachment_html(case: &Case<'_>) -> Vec<Finding> {
    let finding = |file: &Named<'_>| {
        let Media::ProprietaryHtml(sign) = &file.fact?.media else { return None };
        let message =
            format!("{} is HTML with an office program's own extensions: it holds {}", quote(file.name), quote(sign));
        let finding = case.finding(Code::AttachmentHtml, message).at(file.place.clone());
        Some(finding.help("save it as PDF, or as filtered web page"))
    };
    attachments(case).iter().filter_map(finding).collect()
}

/// An attachment is what its name says (rfc4053bis 2.3).
pub(super) fn attachment_kind_differs(case: &Case<'_>) -> Vec<Finding> {
    let finding = |file: &Named<'_>| {
        let (fact, _) = file.bytes().filter(|(fact, _)| fact.media != Media::LfsPointer)?;
        let (_, ending) = file.name.rsplit_once('.')?;
        let said = said_by(&ending.to_ascii_lowercase()).filter(|kind| !kind.fits(&fact.media))?;
        let found = if fact.size == 0 { "an empty file".to_owned() } else { fact.media.describe() };
        let message = format!("{} is {found}, its name says {}", quote(file.name), said.name());
        let finding = case.finding(Code::AttachmentKindDiffers, message).at(file.place.clone());
        Some(finding.help("attach the right file, or give it the ending of what it is"))
    };
    named(case).iter().filter_map(finding).collect()
}

/// A proprietary file comes with a readable one (LS-53); a received one is converted and both are kept (LS-62).
pub(super) fn attachment_without_readable(case: &Case<'_>) -> Vec<Finding> {
    let finding = |file: &Named<'_>| {
        let (fact, _) = file.bytes().filter(|(fact, _)| is_proprietary(fact))?;
        if has_companion(case, file) {
            return None;
        }
        let stem = stem(file.name);
        let message =
            format!("{} is {}, and no PDF, HTML or text comes with it", quote(file.name), fact.media.describe());
        let finding = case.finding(Code::AttachmentWithoutReadable, message).at(file.place.clone());
        Some(finding.help(format!(
            "convert it and attach {stem}.pdf too, or name {} in the title of its readable form",
            file.name
        )))
    };
    named(case).iter().filter_map(finding).collect()
}

/// Whether a file needs an office program: by its bytes, or a ZIP file by its name.
fn is_proprietary(fact: &FileFact) -> bool {
    let is_office = || {
        let ending = fact.name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
        ending.and_then(|ending| said_by(&ending)).is_some_and(|said| matches!(said, Said::Office | Said::OldOffice))
    };
    fact.media.is_proprietary() || (fact.media.mime() == "application/zip" && is_office())
}

/// Whether a readable file, sent along or at an address, has the same stem or title, or names this one in its title.
fn has_companion(case: &Case<'_>, file: &Named<'_>) -> bool {
    let mut stems = vec![stem(file.name)];
    if let Some(Media::OfficeZip(inside)) = file.fact.map(|fact| &fact.media) {
        stems.push(stem(inside));
    }
    let same_stem = |name: &str| stems.iter().any(|own| own.eq_ignore_ascii_case(stem(name)));
    let same_title = |title: Option<&crate::domain::Line>| {
        title.is_some_and(|title| file.title == Some(title) || names(title.as_str(), file.name))
    };
    let beside = named(case).iter().any(|other| {
        let is_readable = other.name != file.name && other.fact.is_some_and(|fact| fact.media.is_readable());
        is_readable && (same_stem(other.name) || same_title(other.title))
    });
    let at_address = || {
        case.content().attachments.iter().any(|other| {
            let name = other.url.as_ref().and_then(|url| url.as_str().rsplit('/').next()).unwrap_or_default();
            let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
            let is_readable = ending.is_some_and(|ending| ["pdf", "txt", "html", "htm"].contains(&ending.as_str()));
            is_readable && (same_stem(name) || same_title(other.title.as_ref()))
        })
    };
    beside || at_address()
}

/// Whether a title contains a file's name, or its stem as a word.
fn names(title: &str, file: &str) -> bool {
    let (title, file) = (title.to_lowercase(), file.to_lowercase());
    let is_word = |word: &str| word.trim_matches(|c: char| !c.is_alphanumeric()) == stem(&file);
    title.contains(&file) || title.split_whitespace().any(is_word)
}
