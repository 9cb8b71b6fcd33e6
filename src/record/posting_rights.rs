//! The strict shape of a posting rights action.

use super::tree::parse_tree;
use crate::domain::posting_rights::{CitedMessage, Individual, PostingRightsAction, PostingRightsType, PriorMeasure};
use crate::domain::{Malformed, Word};
use crate::shape::{Fields, Form, Located, Node, Shape, Sink, draw, read_scalar};

/// The words of both types.
const TYPES: [(&str, PostingRightsType); 2] =
    [("revoke", PostingRightsType::Revoke), ("restore", PostingRightsType::Restore)];

/// An action's number.
const NUMBER: &str = "^pr-[0-9]{4}-([0-9]{3}|[1-9][0-9]{3,8})$";

/// Reads an action; everything wrong with its form goes to the sink.
pub fn parse_posting_rights(bytes: &[u8], sink: &mut Sink<'_>) -> Option<Located<PostingRightsAction>> {
    let root = parse_tree(bytes, sink)?;
    Located::read(root, sink, action)
}

/// What an action's file may say.
pub fn posting_rights_shape() -> Shape {
    draw(action)
}

fn action(root: &Node, sink: &mut Sink<'_>) -> Option<PostingRightsAction> {
    let mut fields = Fields::of(root, "a posting rights action", sink)?;
    for key in ["type", "individuals", "lists"] {
        fields.require(key, sink);
    }
    let action = PostingRightsAction {
        kind: fields.choice("type", sink, &TYPES),
        individuals: fields.mappings("individuals", sink, individual),
        lists: fields.words("lists", sink),
        grounds: fields.text("grounds", sink),
        cited_messages: fields.mappings("cited-messages", sink, cited_message),
        prior_measures: fields.mappings("prior-measures", sink, prior_measure),
        restores: fields.items("restores", sink, number),
    };
    fields.finish(sink);
    Some(action)
}

fn number(node: &Node, sink: &mut Sink<'_>) -> Option<Word> {
    read_scalar("restores", Form::Pattern(NUMBER), node, sink, |text| match Word::parse(text)? {
        Some(word) if !crate::domain::name::is_posting_rights_number(word.as_str()) => {
            Err(Malformed::new(text, "the number of a posting rights action, such as `pr-2026-001`"))
        }
        word => Ok(word),
    })
}

fn individual(node: &Node, sink: &mut Sink<'_>) -> Option<Individual> {
    let mut fields = Fields::of(node, "an individual", sink)?;
    for key in ["id", "name"] {
        fields.require(key, sink);
    }
    let individual = Individual { id: fields.word("id", sink), name: fields.line("name", sink) };
    fields.finish(sink);
    Some(individual)
}

fn cited_message(node: &Node, sink: &mut Sink<'_>) -> Option<CitedMessage> {
    let mut fields = Fields::of(node, "a cited message", sink)?;
    let message = CitedMessage {
        individual: fields.word("individual", sink),
        list: fields.word("list", sink),
        message_id: fields.line("message-id", sink),
        url: fields.line("url", sink),
        date: fields.date("date", sink),
        subject: fields.line("subject", sink),
        sha256: fields.digest("sha256", sink),
    };
    fields.finish(sink);
    Some(message)
}

fn prior_measure(node: &Node, sink: &mut Sink<'_>) -> Option<PriorMeasure> {
    let mut fields = Fields::of(node, "a prior measure", sink)?;
    fields.require("measure", sink);
    let measure = PriorMeasure {
        measure: fields.scalar("measure", Form::Usual(&PriorMeasure::USUAL), sink, Word::parse),
        individual: fields.word("individual", sink),
        list: fields.word("list", sink),
        date: fields.date("date", sink),
        days: fields.number("days", sink),
        url: fields.line("url", sink),
    };
    fields.finish(sink);
    Some(measure)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<String> {
        let mut sink = Sink::new("x.yaml");
        parse_posting_rights(text.as_bytes(), &mut sink);
        sink.findings.iter().map(|finding| format!("{} {}", finding.code, finding.place.line)).collect()
    }

    #[test]
    fn an_action_is_read_strictly() {
        let sound = "type: revoke\nindividuals: [{id: individual-a, name: A}]\nlists: [ietf]\nprior-measures:\n- {measure: \
                     suspension, individual: individual-a, list: ietf, date: 2025-03-01, days: 30}\n";
        assert_eq!(found(sound), Vec::<String>::new());
        assert_eq!(
            found("type: ban\nindividuals: [{name: A}]\nlists: ietf\nsubscriptions: none\n"),
            ["invalid-value 1", "missing-key 2", "unknown-key 4"]
        );
        assert_eq!(
            found("type: restore\nindividuals: []\nrestores: [ls-2026-001]\n"),
            ["missing-key 1", "missing-key 1", "invalid-value 3"]
        );
    }
}
