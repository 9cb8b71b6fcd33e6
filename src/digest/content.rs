//! `liaison-content-v1`: everything the receiver sees, as lines (docs/digest.md, section 1).

use super::lines::{Lines, bare, line, maybe, text};
use crate::domain::{Content, Digest, Direction, Link};

/// The text that an approval covers.
pub fn content_text(content: &Content) -> String {
    let mut text = String::from("liaison-content-v1\nkind: statement\n");
    for unit in content_lines(content).units {
        text.push_str(&unit.lines);
    }
    text
}

/// The digest of that text.
pub fn content_digest(content: &Content) -> Digest {
    Digest::of(content_text(content).as_bytes())
}

pub(super) fn content_lines(content: &Content) -> Lines {
    let mut lines = Lines::default();
    lines.value("direction", content.direction.map(Direction::as_str));
    lines.value("title", content.title.as_ref());
    lines.value("language", content.language.as_ref());
    lines.value("date", content.date);
    lines.values("from.groups", &content.from.groups);
    lines.values("from.contacts", &content.from.contacts);
    lines.value("from.send-reply-to", content.from.send_reply_to.as_ref());
    lines.values("to.groups", &content.to.groups);
    lines.values("to.contacts", &content.to.contacts);
    lines.value("to.send-to", content.to.send_to.as_ref());
    lines.value("purpose", content.purpose.as_ref());
    lines.value("deadline", content.deadline);
    links(&mut lines, "in-response-to", &content.in_response_to);
    links(&mut lines, "revises", &content.revises);
    lines.unit("consensus", |lines| {
        maybe(lines, "consensus.level", content.consensus.level.as_ref());
        content.consensus.evidence.iter().for_each(|evidence| line(lines, "consensus.evidence", evidence));
    });
    lines.value("meeting", content.meeting.as_ref());
    lines.values("work-items", &content.work_items);
    lines.value("release", content.release.as_ref());
    lines.values("questions", &content.questions);
    lines.unit("documents", |lines| {
        for document in content.documents.iter().filter(|document| **document != Default::default()) {
            bare(lines, "documents");
            maybe(lines, "documents.name", document.name.as_ref());
            maybe(lines, "documents.status", document.status.as_ref());
            maybe(lines, "documents.url", document.url.as_ref());
        }
    });
    lines.unit("body", |lines| text(lines, "body", content.body.lines()));
    lines.unit("attachments", |lines| {
        for attachment in content.attachments.iter().filter(|attachment| **attachment != Default::default()) {
            bare(lines, "attachments");
            maybe(lines, "attachments.file", attachment.file.as_ref());
            maybe(lines, "attachments.url", attachment.url.as_ref());
            maybe(lines, "attachments.title", attachment.title.as_ref());
            maybe(lines, "attachments.sha256", attachment.sha256);
        }
    });
    lines.unit("original", |lines| {
        let original = content.original.as_ref();
        maybe(lines, "original.file", original.and_then(|original| original.file.as_ref()));
        maybe(lines, "original.sha256", original.and_then(|original| original.sha256));
    });
    lines
}

/// A link is hashed as written: a name, or an item with its facts.
fn links(lines: &mut Lines, path: &'static str, links: &[Link]) {
    lines.unit(path, |lines| {
        for link in links {
            match link {
                Link::Here(name) => line(lines, path, name),
                Link::Elsewhere { organization, reference, title, date } => {
                    bare(lines, path);
                    maybe(lines, &format!("{path}.organization"), organization.as_ref());
                    maybe(lines, &format!("{path}.reference"), reference.as_ref());
                    maybe(lines, &format!("{path}.title"), title.as_ref());
                    maybe(lines, &format!("{path}.date"), *date);
                }
            }
        }
    });
}
