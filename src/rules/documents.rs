//! Rules about documents that a letter transmits or refers to (rfc4053bis, section "Transmitting documents").

use super::Case;
use super::ours::{is_our_letter, with_level};
use super::places::mend;
use crate::domain::{Document, Line};
use crate::findings::{Code, Finding, Place};
use crate::shape::Node;

/// Reports a document without a name.
pub(super) fn document_name_missing(case: &Case<'_>) -> Vec<Finding> {
    let nameless = documents(case).filter(|one| !one.says("name"));
    let finding = |one: Listed<'_>| {
        let finding = case.finding(Code::DocumentNameMissing, format!("document {} has no name", one.number));
        finding
            .at(one.place(case))
            .help(mend(case, "add `name`, such as `RFC 9849` or a draft's name with its revision"))
    };
    nameless.map(finding).collect()
}

/// Reports a document whose status is not noted (LS-105).
pub(super) fn document_status_missing(case: &Case<'_>) -> Vec<Finding> {
    let without = documents(case).filter(|one| !one.says("status"));
    let finding = |one: Listed<'_>| {
        let finding = case.finding(Code::DocumentStatusMissing, format!("the status of {} is not noted", one.name()));
        let likely = match one.document.name.as_ref().map(Line::as_str) {
            Some(name) if name.starts_with("draft-ietf-") => "most likely `working-group-draft`".to_owned(),
            Some(name) if name.starts_with("draft-") => "most likely `individual-draft`".to_owned(),
            Some(_) | None => format!("one of {}", statuses()),
        };
        finding.at(one.place(case)).help(mend(case, format!("add `status`, {likely}")))
    };
    without.map(finding).collect()
}

/// Reports a status that is none of the format's.
pub(super) fn document_status_unknown(case: &Case<'_>) -> Vec<Finding> {
    let finding = |one: Listed<'_>| {
        let status = one.document.status.as_ref().filter(|status| !Document::STATUSES.contains(&status.as_str()))?;
        let message = format!("the status of {} is `{status}`, expected one of {}", one.name(), statuses());
        let finding = case.finding(Code::DocumentStatusUnknown, message).at(one.place_of(case, "status"));
        Some(finding.help(mend(case, "choose the status that fits; `external` is for documents of other bodies")))
    };
    documents(case).filter_map(finding).collect()
}

/// Reports a working group draft that the body does not call work in progress (LS-106).
pub(super) fn work_in_progress_missing(case: &Case<'_>) -> Vec<Finding> {
    let body = &case.content().body;
    let says_it = || ["work in progress", "work-in-progress"].iter().any(|words| body.mentions(words));
    if !is_our_letter(case) || case.content().documents.is_empty() || says_it() {
        return Vec::new();
    }
    let finding = |one: Listed<'_>| {
        let message =
            format!("{} is a working group draft, and the body does not say \"work in progress\"", one.name());
        let finding = case.finding(Code::WorkInProgressMissing, message).at(case.letter.statement.place("body"));
        finding.with(one.place(case), "the draft").help(mend(
            case,
            "say that the group accepted the draft as a work item, and that its content is work in progress",
        ))
    };
    documents(case).find(is_group_draft).map(finding).into_iter().collect()
}

fn is_group_draft(one: &Listed<'_>) -> bool {
    let named = one.document.name.as_ref().is_some_and(|name| name.as_str().starts_with("draft-ietf-"));
    one.document.has_status("working-group-draft") || (one.document.status.is_none() && named)
}

/// Reports documents that are nobody's position, without further consensus behind the letter (LS-104).
pub(super) fn document_without_consensus(case: &Case<'_>) -> Vec<Finding> {
    let consensus = &case.content().consensus;
    let has_consensus = consensus.is_claimed() && case.letter.statement.mentions("consensus.evidence");
    if !is_our_letter(case) || has_consensus {
        return Vec::new();
    }
    let finding = |one: Listed<'_>| {
        let weak = ["individual-draft", "experimental", "historic"];
        let status = weak.into_iter().find(|status| one.document.has_status(status))?;
        let message =
            format!("{} is of the status `{status}`, and no consensus of a group to send it is shown", one.name());
        let finding = case.finding(Code::DocumentWithoutConsensus, message).at(one.place_of(case, "status"));
        Some(
            with_level(case, finding)
                .help(mend(case, "ask the group first, and add `consensus.evidence`; or leave the document out")),
        )
    };
    documents(case).filter_map(finding).collect()
}

/// A document and where it stands in the letter.
struct Listed<'a> {
    document: &'a Document,
    node: &'a Node,
    number: usize,
}

impl Listed<'_> {
    /// Whether the file says something under a key, well-formed or not.
    fn says(&self, key: &str) -> bool {
        self.node.at(key).is_some_and(|node| !node.is_empty())
    }

    fn name(&self) -> String {
        let named = self.document.name.as_ref().or(self.document.url.as_ref());
        named.map_or_else(|| format!("document {}", self.number), ToString::to_string)
    }

    fn place(&self, case: &Case<'_>) -> Place {
        self.node.span.place(&case.letter.statement.file)
    }

    fn place_of(&self, case: &Case<'_>, key: &str) -> Place {
        let node = self.node.at(key).unwrap_or(self.node);
        node.span.place(&case.letter.statement.file)
    }
}

/// The documents with their places: empty items of the list are none, and what is no mapping was reported as it was read.
fn documents<'a>(case: &Case<'a>) -> impl Iterator<Item = Listed<'a>> + use<'a> {
    let nodes = case.letter.statement.root.at("documents").map_or(&[][..], Node::items);
    let mappings = nodes.iter().filter(|node| !node.is_empty() && matches!(node.value, crate::shape::Value::Map(_)));
    let listed = case.content().documents.iter().zip(mappings).enumerate();
    listed.map(|(index, (document, node))| Listed { document, node, number: index + 1 })
}

fn statuses() -> String {
    Document::STATUSES.map(|status| format!("`{status}`")).join(", ")
}
