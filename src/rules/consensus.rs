//! Rules about how far a letter of ours is agreed (rfc4053bis, sections "Level of Consensus").

use super::Case;
use super::ours::{is_our_letter, with_level};
use super::places::mend;
use crate::domain::{Consensus, Purpose, Word};
use crate::findings::{Code, Finding, Place};

/// What a text says when it tells how far it is agreed.
const WORDS: [&str; 7] = [
    "consensus",
    "collected comments",
    "level of agreement",
    "formal position",
    "official position",
    "individual view",
    "individual opinion",
];

/// Reports a letter of ours that does not state its level of consensus (LS-08, LS-86).
pub(super) fn consensus_unstated(case: &Case<'_>) -> Vec<Finding> {
    if !is_our_letter(case) || case.letter.statement.mentions("consensus.level") {
        return Vec::new();
    }
    let finding = case.finding(Code::ConsensusUnstated, "the letter does not state its level of consensus");
    let help = format!("add `consensus.level`, one of {}; a letter alone implies none", levels());
    vec![finding.at(place(case, "consensus")).help(mend(case, help))]
}

/// Reports a level that is none of the format's.
pub(super) fn consensus_unknown(case: &Case<'_>) -> Vec<Finding> {
    let unknown = level(case).filter(|level| !Consensus::LEVELS.contains(&level.as_str()));
    let finding = |level: &Word| {
        let message = format!("the level of consensus is `{level}`, expected one of {}", levels());
        let finding = case.finding(Code::ConsensusUnknown, message).at(place(case, "consensus.level"));
        finding.help(mend(case, "choose the level that comes nearest, and let the body say the rest"))
    };
    unknown.map(finding).into_iter().collect()
}

/// Reports a body that does not itself say how far the letter is agreed (LS-08). Only English bodies are read.
pub(super) fn consensus_not_in_text(case: &Case<'_>) -> Vec<Finding> {
    let Some(level) = level(case).filter(|level| Consensus::LEVELS.contains(&level.as_str())) else {
        return Vec::new();
    };
    let body = &case.content().body;
    if body.is_empty() || !is_english(case) || WORDS.iter().any(|word| body.mentions(word)) {
        return Vec::new();
    }
    let message =
        format!("the level of consensus is `{level}`, and the body does not say how far the letter is agreed");
    let finding = case.finding(Code::ConsensusNotInText, message).at(place(case, "body"));
    let finding = finding.with(place(case, "consensus.level"), "the level");
    vec![finding.help(mend(case, "add a sentence about the consensus that is, or is not, behind the letter"))]
}

/// Reports a claimed consensus without a sign of it (LS-06, LS-99).
pub(super) fn consensus_without_evidence(case: &Case<'_>) -> Vec<Finding> {
    let Some(level) = level(case).filter(|_| !case.letter.statement.mentions("consensus.evidence")) else {
        return Vec::new();
    };
    let rests_on_documents = level.as_str() == "existing-documents" && !case.letter.statement.mentions("documents");
    let (message, add) = match (case.content().consensus.is_claimed(), rests_on_documents) {
        (true, _) => (
            format!("the consensus of the {} is claimed, without evidence", level.as_str().replace('-', " ")),
            "add `consensus.evidence`, the address of the message that called or declared it",
        ),
        (false, true) => (
            "the letter rests on existing documents, and names none".to_owned(),
            "add the documents with their status, or their addresses as `consensus.evidence`",
        ),
        (false, false) => return Vec::new(),
    };
    let finding = case.finding(Code::ConsensusWithoutEvidence, message).at(place(case, "consensus.level"));
    vec![finding.help(mend(case, add))]
}

/// Reports a letter of the IESG that does not say whether it has the IESG's consensus (LS-93).
pub(super) fn iesg_consensus_unstated(case: &Case<'_>) -> Vec<Finding> {
    let is_iesg =
        |group: &String| case.directory.group(group, case.day()).is_some_and(|(_, group)| group.kind == "iesg");
    let index = case.from_groups().iter().position(is_iesg).filter(|_| is_our_letter(case));
    let told = case.content().consensus.level.as_ref().map(Word::as_str);
    let body = &case.content().body;
    let says_it = ["consensus of the IESG", "IESG consensus", "consensus among the IESG"];
    let says_it = || says_it.iter().any(|words| body.mentions(words));
    let Some(index) =
        index.filter(|_| !says_it() && !["iesg", "ietf", "none-claimed"].contains(&told.unwrap_or_default()))
    else {
        return Vec::new();
    };
    let said = told.map_or_else(|| "no level of consensus".to_owned(), |level| format!("the level `{level}`"));
    let message = format!("the letter comes from the IESG with {said}; it does not say whether the IESG has consensus");
    let finding = case.finding(Code::IesgConsensusUnstated, message);
    let finding = finding.at(case.letter.statement.place_item("from.groups", index));
    vec![
        with_level(case, finding)
            .help(mend(case, "choose `consensus.level: iesg` or `none-claimed`, and say it in the body")),
    ]
}

/// Reports collected comments that the body does not call so (LS-124).
pub(super) fn collected_comments_unlabelled(case: &Case<'_>) -> Vec<Finding> {
    let collected = level(case).is_some_and(|level| level.as_str() == "collected-comments");
    if !collected || case.content().body.mentions("collected comments") {
        return Vec::new();
    }
    let message = "the level is `collected-comments`, and the body does not contain the words \"collected comments\"";
    let finding = case.finding(Code::CollectedCommentsUnlabelled, message).at(place(case, "body"));
    let finding = finding.with(place(case, "consensus.level"), "the level");
    let add = "say in the body that these are collected comments, and no consensus of the group";
    vec![finding.help(mend(case, add))]
}

/// Reports a request or answer that rests on nothing a reader could look up (LS-84).
pub(super) fn references_missing(case: &Case<'_>) -> Vec<Finding> {
    let content = case.content();
    let asks_or_answers = matches!(content.purpose, Some(Purpose::ForAction | Purpose::InResponse));
    let says = |path: &str| case.letter.statement.mentions(path);
    if !is_our_letter(case) || !asks_or_answers || says("documents") || says("consensus") || refers(case) {
        return Vec::new();
    }
    let message = "the letter names no document and no consensus that it rests on";
    let finding = case.finding(Code::ReferencesMissing, message).at(place(case, "body"));
    let add = "name the RFCs or drafts it rests on under `documents`, or the consensus behind it";
    vec![finding.help(mend(case, add))]
}

/// Whether the body or an attachment names an RFC, a draft or an address.
fn refers(case: &Case<'_>) -> bool {
    let content = case.content();
    let attachments = content.attachments.iter().flat_map(|one| [&one.title, &one.url]).flatten();
    let lines = content.body.lines().chain(attachments.map(crate::domain::Line::as_str));
    let text = lines.collect::<Vec<_>>().join(" ").to_lowercase();
    let follows = |word: &str, next: fn(char) -> bool| {
        text.match_indices(word).any(|(at, _)| {
            let begins = !text.get(..at).is_some_and(|before| before.ends_with(|c: char| c.is_alphanumeric()));
            let rest = text.get(at + word.len()..).unwrap_or_default();
            begins && rest.trim_start_matches([' ', '-', '\u{a0}']).starts_with(next)
        })
    };
    text.contains("http://")
        || text.contains("https://")
        || follows("draft-", char::is_alphanumeric)
        || follows("rfc", |c| c.is_ascii_digit())
        || follows("bcp", |c| c.is_ascii_digit())
}

/// The level that a letter of ours states.
fn level<'a>(case: &Case<'a>) -> Option<&'a Word> {
    case.content().consensus.level.as_ref().filter(|_| is_our_letter(case))
}

fn is_english(case: &Case<'_>) -> bool {
    let language = case.content().language.as_ref().map(|language| language.as_str().to_lowercase());
    language.is_none_or(|language| language == "en" || language.starts_with("en-"))
}

fn levels() -> String {
    Consensus::LEVELS.map(|level| format!("`{level}`")).join(", ")
}

fn place(case: &Case<'_>, path: &str) -> Place {
    case.letter.statement.place(path)
}
