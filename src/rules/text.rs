//! Rules about text: whether there is any, and whether readers see what it says.

use unicode_normalization::{UnicodeNormalization as _, is_nfc};

use super::Case;
use super::places::mend;
use crate::domain::Direction;
use crate::domain::language::is_language_tag;
use crate::domain::text::quote;
use crate::domain::unicode::{encoded_word, invisible, is_bidi_control, name};
use crate::findings::{Code, Finding, Place};
use crate::shape::{Node, Value};

/// A letter has a text or an attachment; a received one may be its original (LS-48, LS-57).
pub(super) fn body_missing(case: &Case<'_>) -> Vec<Finding> {
    let statement = &case.letter.statement;
    let has_original = !case.content().is_outgoing() && statement.mentions("original");
    if statement.mentions("body") || statement.mentions("attachments") || has_original {
        return Vec::new();
    }
    let is_theirs = case.content().direction == Some(Direction::Incoming);
    let (wanted, help) = if !is_theirs {
        ("`body` and `attachments` are", mend(case, "write the `body`"))
    } else {
        (
            "`body`, `attachments` and `original` are",
            format!(
                "copy the letter's text: `liaison correct {} --field body --was - --now-is TEXT --reason …`",
                case.id()
            ),
        )
    };
    let finding = case.finding(Code::BodyMissing, format!("the letter says nothing: {wanted} empty"));
    vec![finding.at(statement.place("body")).help(help)]
}

/// Our letter says in plain text what it says (LS-59).
pub(super) fn only_attachments(case: &Case<'_>) -> Vec<Finding> {
    let statement = &case.letter.statement;
    if statement.mentions("body") || !statement.mentions("attachments") {
        return Vec::new();
    }
    let count = case.content().attachments.len();
    let finding =
        case.finding(Code::OnlyAttachments, format!("the letter has no `body`, only `attachments` ({count})"));
    vec![finding.at(statement.place("attachments")).help(mend(case, "say in `body` what the letter is about"))]
}

/// A text of the file, with the path that names it in messages.
struct Told<'a> {
    path: String,
    text: &'a str,
    place: Place,
}

/// The texts of the letter's file that `wanted` picks; only these get a path and a place.
fn texts<'a>(case: &Case<'a>, wanted: fn(&str) -> bool) -> Vec<Told<'a>> {
    let statement = case.letter.as_filed();
    let mut told = Vec::new();
    collect(&statement.root, &mut Vec::new(), &statement.file, wanted, &mut told);
    told
}

/// The texts of the letter's acts that `wanted` picks; signatures are no text.
fn texts_of_acts<'a>(case: &Case<'a>, wanted: fn(&str) -> bool) -> Vec<Told<'a>> {
    let mut told = Vec::new();
    for act in &case.letter.acts {
        collect(&act.root, &mut Vec::new(), &act.file, wanted, &mut told);
    }
    told
}

/// Whether a text can hold anything that the Unicode rules look for.
fn is_unicode(text: &str) -> bool {
    !text.is_ascii()
}

fn collect<'a>(
    node: &'a Node,
    path: &mut Vec<&'a str>,
    file: &str,
    wanted: fn(&str) -> bool,
    told: &mut Vec<Told<'a>>,
) {
    match &node.value {
        Value::Scalar(text) if wanted(text) => {
            let path = path.iter().map(|key| key.escape_debug().to_string()).collect::<Vec<_>>().join(".");
            told.push(Told { path, text, place: node.span.place(file) });
        }
        Value::Scalar(_) => {}
        Value::List(items) => items.iter().for_each(|item| collect(item, path, file, wanted, told)),
        Value::Map(entries) => {
            for entry in entries {
                path.push(&entry.key);
                collect(&entry.node, path, file, wanted, told);
                path.pop();
            }
        }
    }
}

/// What stands before a byte of a text, at most a few words of its line.
fn before(text: &str, byte: usize) -> String {
    let line = text.get(..byte).unwrap_or_default().rsplit('\n').next().unwrap_or_default();
    let start = line.char_indices().rev().nth(23).map_or(0, |(at, _)| at);
    match line.get(start..) {
        Some(shown) if !shown.trim().is_empty() => format!("behind {}", quote(shown)),
        Some(_) | None => "at the start of a line".into(),
    }
}

fn and_more(count: usize) -> String {
    if count > 1 { format!(", and {} more of the kind", count - 1) } else { String::new() }
}

/// Text is in the usual Unicode form, NFC (digest 1.2).
pub(super) fn text_not_nfc(case: &Case<'_>) -> Vec<Finding> {
    let finding = |told: Told<'_>| {
        if is_nfc(told.text) {
            return None;
        }
        let word = told.text.split_whitespace().find(|word| !is_nfc(word)).unwrap_or(told.text);
        let usual: String = word.nfc().collect();
        let finding = case.finding(
            Code::TextNotNfc,
            format!(
                "`{}` is not in the usual form of Unicode (NFC): found {}, usual is {}",
                told.path,
                quote(word),
                quote(&usual)
            ),
        );
        Some(finding.at(told.place).help(mend(case, "type the word anew; nothing is changed by itself")))
    };
    texts(case, is_unicode).into_iter().filter_map(finding).collect()
}

/// Text does not change its direction unseen (digest 1.2).
pub(super) fn text_bidi(case: &Case<'_>) -> Vec<Finding> {
    let finding = |told: Told<'_>| {
        let mut controls = told.text.char_indices().filter(|(_, c)| is_bidi_control(*c));
        let (byte, c) = controls.next()?;
        let message = format!(
            "`{}` holds U+{:04X} ({}) {}{}",
            told.path,
            u32::from(c),
            name(c),
            before(told.text, byte),
            and_more(1 + controls.count())
        );
        let help = "take it out, unless a language that is written from right to left needs it";
        Some(case.finding(Code::TextBidi, message).at(told.place).help(help))
    };
    texts(case, is_unicode).into_iter().chain(texts_of_acts(case, is_unicode)).filter_map(finding).collect()
}

/// Text has no characters that nobody sees (digest 1.2).
pub(super) fn text_invisible(case: &Case<'_>) -> Vec<Finding> {
    let finding = |told: Told<'_>| {
        let (byte, c, count) = invisible(told.text)?;
        let message = format!(
            "`{}` holds U+{:04X} ({}) {}{}",
            told.path,
            u32::from(c),
            name(c),
            before(told.text, byte),
            and_more(count)
        );
        let help = mend(case, "type the words around it anew");
        Some(case.finding(Code::TextInvisible, message).at(told.place).help(help))
    };
    texts(case, is_unicode).into_iter().filter_map(finding).collect()
}

/// A line that may enter a header holds nothing that a mail reader decodes into something else.
///
/// Line breaks and control characters are refused when the file is read; encoded words (RFC 2047) are plain text there.
pub(super) fn injected_text(case: &Case<'_>) -> Vec<Finding> {
    let finding = |told: Told<'_>| {
        let word = encoded_word(told.text).filter(|_| told.path != "body")?;
        let message = format!("`{}` holds {}, which a mail reader shows as something else", told.path, quote(word));
        let help = mend(case, "write the text itself, in any script; the mail encodes it");
        Some(case.finding(Code::InjectedText, message).at(told.place).help(help))
    };
    texts(case, |text| text.contains("=?")).into_iter().filter_map(finding).collect()
}

/// A language is a tag (BCP 47).
pub(super) fn language_tag(case: &Case<'_>) -> Vec<Finding> {
    let Some(language) = case.content().language.as_ref().filter(|tag| !is_language_tag(tag.as_str())) else {
        return Vec::new();
    };
    let finding = case
        .finding(
            Code::LanguageTag,
            format!("`language` is {}, expected a tag such as `fr` or `pt-BR`", quote(language.as_str())),
        )
        .at(case.letter.statement.place("language"));
    vec![finding.help("write the tag; for English leave `language` out")]
}
