//! Rules about what a letter is about and what it wants: title, purpose, and what it answers (rfc4053bis, sections
//! "Purpose" and "Body, Title, and Attachments").

use super::Case;
use super::places::{is_silent, mend};
use crate::domain::{Purpose, Word};
use crate::findings::{Code, Finding};

/// Longest title that still is short, in characters.
const TITLE: usize = 150;

/// Reports a letter without a title (LS-49).
pub(super) fn title_missing(case: &Case<'_>) -> Vec<Finding> {
    if !is_silent(case, "title") {
        return Vec::new();
    }
    let finding = case.finding(Code::TitleMissing, "the letter has no title").at(case.letter.statement.place("title"));
    vec![finding.help(mend(case, "add `title`, one line that says what the letter is about"))]
}

/// Reports a title that is no longer short (LS-49).
pub(super) fn title_long(case: &Case<'_>) -> Vec<Finding> {
    let length = case.content().title.as_ref().map_or(0, |title| title.as_str().chars().count());
    if length <= TITLE {
        return Vec::new();
    }
    let finding = case.finding(Code::TitleLong, format!("the title has {length} characters, more than {TITLE}"));
    let finding = finding.at(case.letter.statement.place("title"));
    vec![finding.help(mend(case, "shorten it; the body holds the rest"))]
}

/// Reports a letter that does not state its purpose (LS-42).
pub(super) fn purpose_missing(case: &Case<'_>) -> Vec<Finding> {
    if !is_silent(case, "purpose") {
        return Vec::new();
    }
    let finding = case.finding(Code::PurposeMissing, "the letter does not state its purpose");
    let add = format!("add `purpose`, one of {}", purposes());
    vec![finding.at(case.letter.statement.place("purpose")).help(mend(case, add))]
}

/// Reports a purpose that is none of the three (LS-42).
pub(super) fn purpose_unknown(case: &Case<'_>) -> Vec<Finding> {
    let Some(word) = other_purpose(case).filter(|word| !is_for_comment(word)) else { return Vec::new() };
    let finding =
        case.finding(Code::PurposeUnknown, format!("the purpose is `{word}`, expected one of {}", purposes()));
    let finding = finding.at(case.letter.statement.place("purpose"));
    vec![finding.help(mend(case, "write `for-action` where a response is expected, else `for-information`"))]
}

/// Reports the purpose "for comment", which is no more (LS-132).
pub(super) fn purpose_for_comment(case: &Case<'_>) -> Vec<Finding> {
    let Some(word) = other_purpose(case).filter(|word| is_for_comment(word)) else { return Vec::new() };
    let (why, instead) = match case.content().deadline {
        Some(deadline) => (format!("comments are expected by {deadline}"), "for-action"),
        None => ("comments are welcome, without a deadline".to_owned(), "for-information"),
    };
    let mut finding = case
        .finding(Code::PurposeForComment, format!("the purpose `{word}` is no more: {why}, so `{instead}` is meant"))
        .at(case.letter.statement.place("purpose"));
    if case.content().deadline.is_some() {
        finding = finding.with(case.letter.statement.place("deadline"), "expected by then");
    }
    vec![finding.help(mend(case, format!("write `purpose: {instead}`")))]
}

/// Reports a response that does not say what it answers (LS-45).
pub(super) fn response_without_link(case: &Case<'_>) -> Vec<Finding> {
    if case.content().purpose != Some(Purpose::InResponse) || !is_silent(case, "in-response-to") {
        return Vec::new();
    }
    let finding = case
        .finding(Code::ResponseWithoutLink, "the purpose is `in-response`, but nothing says which letter is answered")
        .at(case.letter.statement.place("purpose"));
    let add = "add `in-response-to`, a list of numbers such as `ls-2026-007`, or \
               `{organization: …, reference: …, title: …, date: …}` for a letter this record does not hold";
    vec![finding.help(mend(case, add))]
}

fn other_purpose<'a>(case: &Case<'a>) -> Option<&'a Word> {
    match case.content().purpose.as_ref()? {
        Purpose::Other(word) => Some(word),
        Purpose::ForInformation | Purpose::ForAction | Purpose::InResponse => None,
    }
}

fn is_for_comment(word: &Word) -> bool {
    ["for-comment", "for-comments", "comment", "comments"].contains(&word.as_str())
}

fn purposes() -> String {
    Purpose::KNOWN.map(|word| format!("`{word}`")).join(", ")
}
