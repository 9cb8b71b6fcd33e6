//! What a legal removal leaves: a tombstone in place of a letter, and the names and digests of the files that went.

use super::statement::links;
use crate::domain::{
    Act, ActKind, Content, Detail, Details, Digest, Direction, Line, Link, Malformed, Receiver, Redaction, Sender,
    Statement,
};
use crate::shape::{Fields, Form, Node, Sink};

/// A file whose bytes were removed, as an act `redact` names it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct RedactedFile {
    /// Its name in the letter's folder; the letter's own file by its name, such as `ls-2026-014.yaml`.
    pub file: String,
    /// The digest of the bytes that were there.
    pub sha256: Digest,
}

impl RedactedFile {
    /// The file as the act's detail holds it.
    ///
    /// # Errors
    /// Returns [`Malformed`] for a name with control characters.
    pub fn detail(&self) -> Result<Detail, Malformed> {
        let file = ("file".to_owned(), Detail::text(&self.file)?);
        Ok(Detail::Map(Details::from([file, ("sha256".to_owned(), Detail::text(&self.sha256.to_string())?)])))
    }

    fn parse(detail: &Detail) -> Option<Self> {
        let Detail::Map(map) = detail else { return None };
        let text = |key: &str| map.get(key).and_then(Detail::as_text);
        let sha256 = Digest::parse(&text("sha256")?).ok().flatten()?;
        (map.len() == 2).then_some(Self { file: text("file")?, sha256 })
    }
}

/// The files that an act `redact` removed; nothing where its `files` are not all `{file, sha256}`, and for other acts.
pub fn redacted_files(act: &Act) -> Option<Vec<RedactedFile>> {
    match act.details.get("files") {
        Some(Detail::List(items)) if act.kind == ActKind::Redact => items.iter().map(RedactedFile::parse).collect(),
        Some(_) | None => None,
    }
}

/// Whether an act says what a tombstone in place of a file says: moment, person, reason, and both digests.
pub fn stands_behind(act: &Act, file: &str, redaction: &Redaction) -> bool {
    let files = redacted_files(act).unwrap_or_default();
    let reason = act.detail("reason").unwrap_or_default();
    files.iter().any(|one| one.file == file && Some(one.sha256) == redaction.sha256)
        && Some(act.at) == redaction.at
        && Some(&act.by) == redaction.by.as_ref()
        && act.content == redaction.content
        && reason.trim() == redaction.reason.as_str().trim()
}

/// What stays of a letter: whose it was, to whom, of which day, and which letters of this record it is linked to. No words of
/// it: `is_known` tells the groups that the directory has a name for; others are named by the letter alone.
pub fn leave_tombstone(statement: &Statement, redaction: Redaction, is_known: impl Fn(&str) -> bool) -> Statement {
    let content = &statement.content;
    let known = |groups: &[Line]| groups.iter().filter(|group| is_known(group.as_str())).cloned().collect();
    let here = |links: &[Link]| links.iter().filter(|link| link.here().is_some()).cloned().collect();
    let content = Content {
        direction: content.direction,
        date: content.date,
        from: Sender { groups: known(&content.from.groups), ..Sender::default() },
        to: Receiver { groups: known(&content.to.groups), ..Receiver::default() },
        in_response_to: here(&content.in_response_to),
        revises: here(&content.revises),
        ..Content::default()
    };
    Statement { content, redacted: Some(redaction), ..Statement::default() }
}

/// The meaning of a tombstone's tree: it has no key that a letter's words could stand in.
pub(super) fn tombstone(root: &Node, sink: &mut Sink<'_>) -> Option<Statement> {
    let mut fields = Fields::of(root, "a redacted letter", sink)?;
    let redacted = fields.value("redacted", sink, redaction).flatten().unwrap_or_default();
    let content = Content {
        direction: fields.scalar("direction", Form::OneOf(&Direction::KNOWN), sink, Direction::parse),
        date: fields.date("date", sink),
        from: Sender { groups: groups("from", "`from`", &mut fields, sink), ..Sender::default() },
        to: Receiver { groups: groups("to", "`to`", &mut fields, sink), ..Receiver::default() },
        in_response_to: links("in-response-to", &mut fields, sink),
        revises: links("revises", &mut fields, sink),
        ..Content::default()
    };
    fields.require("redacted", sink);
    fields.finish(sink);
    Some(Statement { content, redacted: Some(redacted), ..Statement::default() })
}

fn groups(key: &'static str, what: &'static str, fields: &mut Fields<'_>, sink: &mut Sink<'_>) -> Vec<Line> {
    let read = |node: &Node, sink: &mut Sink<'_>| {
        let mut fields = Fields::of(node, what, sink)?;
        let groups = fields.lines("groups", sink);
        fields.finish(sink);
        Some(groups)
    };
    fields.value(key, sink, read).flatten().unwrap_or_default()
}

fn redaction(node: &Node, sink: &mut Sink<'_>) -> Option<Redaction> {
    let mut fields = Fields::of(node, "`redacted`", sink)?;
    let redaction = Redaction {
        at: fields.instant("at", sink),
        by: fields.word("by", sink),
        reason: fields.text("reason", sink),
        content: fields.digest("content", sink),
        sha256: fields.digest("sha256", sink),
    };
    for key in ["at", "by", "reason", "sha256"] {
        fields.require(key, sink);
    }
    fields.finish(sink);
    Some(redaction)
}

#[cfg(test)]
mod tests {
    use super::super::{parse_statement, statement_yaml};
    use super::*;
    use crate::domain::{Instant, Text, Word};

    const LETTER: &str = "direction: incoming\ntitle: A title\ndate: 2026-10-05\nfrom: {groups: [3gpp-sa3, Some Body], \
                          contacts: [A <a@x.example>]}\nto: {groups: [tls]}\nin-response-to: [ls-2026-001, {organization: \
                          X, title: Theirs}]\nbody: |\n  words\nattachments: [{file: a.pdf}]\nidentifiers: [{value: 7}]\n";

    fn redaction() -> Redaction {
        Redaction {
            at: Instant::parse("2026-11-24T10:00:00Z").unwrap(),
            by: Word::parse("rob-registrar").unwrap(),
            reason: Text::parse("a court: said so").unwrap(),
            content: Some(Digest::of(b"content")),
            sha256: Some(Digest::of(LETTER.as_bytes())),
        }
    }

    #[test]
    fn a_tombstone_keeps_no_words_and_is_read_back() {
        let letter = parse_statement(LETTER.as_bytes(), &mut Sink::new("x.yaml")).unwrap().value;
        let left = leave_tombstone(&letter, redaction(), |group| group != "Some Body");
        let yaml = statement_yaml(&left).unwrap();
        let mut sink = Sink::new("x.yaml");
        let read = parse_statement(yaml.as_bytes(), &mut sink).unwrap().value;
        assert_eq!((read, sink.findings), (left, Vec::new()), "{yaml}");
        for word in ["title", "Some Body", "a@x.example", "words", "a.pdf", "Theirs", "identifiers"] {
            assert!(!yaml.contains(word), "{word} in {yaml}");
        }
        assert!(yaml.starts_with("redacted:\n  at: "), "{yaml}");
    }

    #[test]
    fn what_is_wrong_with_a_tombstone_is_told_with_its_line() {
        let found = |text: &str| {
            let mut sink = Sink::new("x.yaml");
            parse_statement(text.as_bytes(), &mut sink);
            let places = sink.findings.iter().map(|finding| (finding.code.as_str(), finding.place.line));
            places.collect::<Vec<_>>()
        };
        let sound = statement_yaml(&Statement { redacted: Some(redaction()), ..Statement::default() }).unwrap();
        assert_eq!(found(&sound), []);
        assert_eq!(found(&format!("{sound}title: still here\n")), [("unknown-key", 7)]);
        assert_eq!(found(&format!("{sound}from:\n  contacts: [a@x.example]\n")), [("unknown-key", 8)]);
        assert_eq!(found("redacted: yes\n"), [("wrong-shape", 1)]);
        assert_eq!(found("direction: incoming\nredacted:\n"), [("missing-key", 1)]);
        assert_eq!(found(&sound.replace("  by: rob-registrar\n", "")), [("missing-key", 2)]);
        assert_eq!(found(&sound.replace("sha256: sha256:", "sha256: md5:")).first().unwrap().1, 6);
    }
}
