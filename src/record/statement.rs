//! The strict shape of a letter.

use super::redaction;
use super::stub::stub;
use super::tree::parse_tree;
use crate::domain::{
    Attachment, Consensus, Content, Direction, Document, Identifier, Link, Malformed, Original, Purpose, Receiver,
    Sender, Statement, StatementName, Waiver, Word,
};
use crate::shape::{Fields, Form, Located, Node, Shape, Sink, draw, read_either, read_scalar};

/// Reads a letter; everything wrong with its form goes to the sink.
///
/// What cannot be understood is left out of the value; whoever needs the whole letter asks whether the sink is empty.
pub fn parse_statement(bytes: &[u8], sink: &mut Sink<'_>) -> Option<Located<Statement>> {
    let root = parse_tree(bytes, sink)?;
    Located::read(root, sink, statement)
}

/// What a letter's file may hold: a letter, what is left of a redacted one, or the stub of a draft that was numbered.
pub fn letter_shapes() -> [Shape; 3] {
    [draw(statement), draw(redaction::tombstone), draw(stub)]
}

/// The meaning of a letter's tree.
pub(super) fn statement(root: &Node, sink: &mut Sink<'_>) -> Option<Statement> {
    if root.at("redacted").is_some() {
        return redaction::tombstone(root, sink);
    }
    let mut fields = Fields::of(root, "a letter", sink)?;
    let content = Content {
        direction: fields.scalar("direction", Form::OneOf(&Direction::KNOWN), sink, Direction::parse),
        title: fields.line("title", sink),
        language: fields.line("language", sink),
        date: fields.date("date", sink),
        from: fields.value("from", sink, sender).flatten().unwrap_or_default(),
        to: fields.value("to", sink, receiver).flatten().unwrap_or_default(),
        purpose: fields.scalar("purpose", Form::Usual(&Purpose::KNOWN), sink, Purpose::parse),
        deadline: fields.date("deadline", sink),
        in_response_to: links("in-response-to", &mut fields, sink),
        revises: links("revises", &mut fields, sink),
        consensus: fields.value("consensus", sink, consensus).flatten().unwrap_or_default(),
        meeting: fields.line("meeting", sink),
        work_items: fields.lines("work-items", sink),
        release: fields.line("release", sink),
        questions: fields.lines("questions", sink),
        documents: fields.mappings("documents", sink, document),
        body: fields.text("body", sink),
        attachments: fields.mappings("attachments", sink, attachment),
        original: fields.value("original", sink, original).flatten(),
    };
    let identifiers = fields.mappings("identifiers", sink, identifier);
    let tags = fields.words("tags", sink);
    let waivers = fields.mappings("waivers", sink, waiver);
    fields.finish(sink);
    Some(Statement { content, identifiers, tags, waivers, redacted: None })
}

fn sender(node: &Node, sink: &mut Sink<'_>) -> Option<Sender> {
    let mut fields = Fields::of(node, "`from`", sink)?;
    let sender = Sender {
        groups: fields.lines("groups", sink),
        contacts: fields.contacts("contacts", sink),
        send_reply_to: fields.contact("send-reply-to", sink),
    };
    fields.finish(sink);
    Some(sender)
}

fn receiver(node: &Node, sink: &mut Sink<'_>) -> Option<Receiver> {
    let mut fields = Fields::of(node, "`to`", sink)?;
    let receiver = Receiver {
        groups: fields.lines("groups", sink),
        contacts: fields.contacts("contacts", sink),
        send_to: fields.contact("send-to", sink),
    };
    fields.finish(sink);
    Some(receiver)
}

pub(super) fn links(key: &'static str, fields: &mut Fields<'_>, sink: &mut Sink<'_>) -> Vec<Link> {
    fields.items(key, sink, |node, sink| read_either(node, sink, |node, sink| here(key, node, sink), elsewhere))
}

/// A letter of this record, by its name.
fn here(key: &str, node: &Node, sink: &mut Sink<'_>) -> Option<Link> {
    let expected = "a number such as `ls-2026-007`, a draft's name, or `{organization: …, reference: …, title: …, date: …}` \
                    for a letter that only the other body has";
    let name = |text: &str| StatementName::parse(text.trim()).map_err(|_| Malformed::new(text, expected));
    read_scalar(key, Form::Pattern(StatementName::PATTERN), node, sink, |text| name(text).map(Some)).map(Link::Here)
}

/// A letter that only the other body has.
fn elsewhere(node: &Node, sink: &mut Sink<'_>) -> Option<Link> {
    let mut fields = Fields::of(node, "a link", sink)?;
    let link = Link::Elsewhere {
        organization: fields.line("organization", sink),
        reference: fields.line("reference", sink),
        title: fields.line("title", sink),
        date: fields.date("date", sink),
    };
    fields.finish(sink);
    Some(link)
}

fn consensus(node: &Node, sink: &mut Sink<'_>) -> Option<Consensus> {
    let mut fields = Fields::of(node, "`consensus`", sink)?;
    let consensus = Consensus {
        level: fields.scalar("level", Form::Usual(&Consensus::LEVELS), sink, Word::parse),
        evidence: fields.lines("evidence", sink),
    };
    fields.finish(sink);
    Some(consensus)
}

fn document(node: &Node, sink: &mut Sink<'_>) -> Option<Document> {
    let mut fields = Fields::of(node, "a document", sink)?;
    let document = Document {
        name: fields.line("name", sink),
        status: fields.scalar("status", Form::Usual(&Document::STATUSES), sink, Word::parse),
        url: fields.line("url", sink),
    };
    fields.finish(sink);
    Some(document)
}

fn attachment(node: &Node, sink: &mut Sink<'_>) -> Option<Attachment> {
    let mut fields = Fields::of(node, "an attachment", sink)?;
    let attachment = Attachment {
        file: fields.line("file", sink),
        url: fields.line("url", sink),
        title: fields.line("title", sink),
        sha256: fields.digest("sha256", sink),
    };
    fields.finish(sink);
    Some(attachment)
}

fn original(node: &Node, sink: &mut Sink<'_>) -> Option<Original> {
    let mut fields = Fields::of(node, "`original`", sink)?;
    let original = Original { file: fields.line("file", sink), sha256: fields.digest("sha256", sink) };
    fields.finish(sink);
    Some(original)
}

fn identifier(node: &Node, sink: &mut Sink<'_>) -> Option<Identifier> {
    let mut fields = Fields::of(node, "an identifier", sink)?;
    let identifier = Identifier { body: fields.line("body", sink), value: fields.line("value", sink) };
    fields.require("value", sink);
    fields.finish(sink);
    Some(identifier)
}

fn waiver(node: &Node, sink: &mut Sink<'_>) -> Option<Waiver> {
    let mut fields = Fields::of(node, "a waiver", sink)?;
    let waiver =
        Waiver { code: fields.word("code", sink), reason: fields.line("reason", sink), by: fields.word("by", sink) };
    for key in ["code", "reason", "by"] {
        fields.require(key, sink);
    }
    fields.finish(sink);
    Some(waiver)
}
