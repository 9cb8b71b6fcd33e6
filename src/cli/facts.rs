//! A letter's facts as people read them, a line each: what its file says, and beside that what was corrected since.

use crate::directory::Directory;
use crate::domain::{ActKind, Direction, Identifier, Line, Link, Word};
use crate::record::{Corpus, Correction, Letter, NOTHING, annotated_identifiers, annotated_tags};

/// Lines that grow, and the corrections that none of them tells yet.
struct Facts<'a> {
    letter: &'a Letter,
    directory: &'a Directory,
    lines: Vec<String>,
    untold: Vec<&'a Correction>,
}

impl Facts<'_> {
    /// A fact with the corrections of its key, unless there is neither.
    fn fact(&mut self, label: &str, key: &str, value: Option<impl ToString>) {
        let value = value.map(|value| value.to_string()).filter(|value| !value.is_empty());
        let (own, others): (Vec<_>, Vec<_>) = self.untold.iter().copied().partition(|one| one.field == key);
        if value.is_none() && own.is_empty() {
            return;
        }
        self.untold = others;
        let told: String = own.iter().map(|one| format!(" ({})", self.corrected(one))).collect();
        self.lines.push(format!("{label:<15} {}{told}", value.as_deref().unwrap_or("nothing")));
    }

    /// A fact of which there may be several; corrections stand beside the first.
    fn each(&mut self, label: &str, key: &str, values: impl IntoIterator<Item = String>) {
        let mut values = values.into_iter().peekable();
        if values.peek().is_none() {
            return self.fact(label, key, None::<String>);
        }
        values.for_each(|value| self.fact(label, key, Some(value)));
    }

    /// A fact of several values on one line.
    fn all<T: ToString>(&mut self, label: &str, key: &str, values: &[T]) {
        self.fact(label, key, Some(joined(values)));
    }

    /// Numbers and tags that were added since, with who added them.
    fn annotated(&mut self) {
        for act in self.letter.acts_of(ActKind::Annotate).map(|act| &act.value) {
            let who = format!("(annotated {} by {})", act.at.day(), self.directory.name_of(act.by.as_str()));
            let numbers = annotated_identifiers(act);
            self.lines.extend(numbers.iter().map(|one| format!("{:<15} {} {who}", "Number", number_text(one))));
            let tags = annotated_tags(act);
            if !tags.is_empty() {
                self.lines.push(format!("{:<15} {} {who}", "Tags", joined(&tags)));
            }
        }
    }

    /// "corrected 2026-12-01 by Ada Example: 2027-01-10; reason: the PDF says the 10th".
    fn corrected(&self, one: &Correction) -> String {
        let told = |text: &str| if text == NOTHING { "nothing".to_owned() } else { text.replace('\n', " ") };
        let stands = self.letter.as_filed().root.at(&one.field).map(|node| node.texts().len()).unwrap_or_default();
        let instead = if stands > 1 { format!(" instead of {}", told(&one.was)) } else { String::new() };
        let (day, who) = (one.at.day(), self.directory.name_of(one.by.as_str()));
        format!("corrected {day} by {who}: {}{instead}; reason: {}", told(&one.now), told(&one.reason))
    }
}

/// The facts of a letter.
pub(crate) fn facts(letter: &Letter, corpus: &Corpus, directory: &Directory) -> Vec<String> {
    let statement = &letter.as_filed().value;
    let content = &statement.content;
    let untold = letter.corrections.iter().collect();
    let mut facts = Facts { letter, directory, lines: Vec::new(), untold };
    facts.fact("Title", "title", content.title.as_ref());
    facts.fact("Direction", "direction", content.direction.map(Direction::as_str));
    facts.fact("Date", "date", content.date);
    facts.all("From", "from.groups", &content.from.groups);
    facts.all("From contacts", "from.contacts", &content.from.contacts);
    facts.fact("Send reply to", "from.send-reply-to", content.from.send_reply_to.as_ref());
    facts.all("To", "to.groups", &content.to.groups);
    facts.all("To contacts", "to.contacts", &content.to.contacts);
    facts.fact("Send to", "to.send-to", content.to.send_to.as_ref().map(|to| format!("{to}, and only there")));
    facts.fact("Purpose", "purpose", content.purpose.as_ref());
    facts.fact("Deadline", "deadline", content.deadline.map(|deadline| format!("{deadline}, anywhere on earth")));
    facts.each("Answers", "in-response-to", content.in_response_to.iter().map(|link| link_text(link, corpus)));
    facts.each("Revises", "revises", content.revises.iter().map(|link| link_text(link, corpus)));
    facts.fact("Consensus", "consensus.level", content.consensus.level.as_ref());
    facts.each("Evidence", "consensus.evidence", content.consensus.evidence.iter().map(ToString::to_string));
    facts.fact("Meeting", "meeting", content.meeting.as_ref());
    facts.all("Work items", "work-items", &content.work_items);
    facts.fact("Release", "release", content.release.as_ref());
    facts.all("Questions", "questions", &content.questions);
    let documents = content.documents.iter();
    let documents = documents.map(|document| {
        let status = document.status.as_ref().map(Word::as_str);
        parts([document.name.as_ref().map(Line::as_str), status, document.url.as_ref().map(Line::as_str)])
    });
    facts.each("Document", "documents", documents);
    let attachments = content.attachments.iter();
    let attachments = attachments.map(|attachment| {
        let place = attachment.file.as_ref().or(attachment.url.as_ref());
        parts([place.map(Line::as_str), attachment.title.as_ref().map(Line::as_str), None])
    });
    facts.each("Attachment", "attachments", attachments);
    facts.fact("Original", "original", content.original.as_ref().and_then(|original| original.file.as_ref()));
    facts.each("Number", "identifiers", statement.identifiers.iter().map(number_text));
    facts.all("Tags", "tags", &statement.tags);
    facts.annotated();
    for one in std::mem::take(&mut facts.untold) {
        let line = format!("{:<15} {}", capital(&one.field), facts.corrected(one));
        facts.lines.push(line);
    }
    facts.lines
}

/// "3gpp S3-261234".
fn number_text(identifier: &Identifier) -> String {
    let words = [identifier.body.as_ref(), identifier.value.as_ref()];
    words.into_iter().flatten().map(Line::as_str).collect::<Vec<_>>().join(" ")
}

/// A letter that is linked to, with its title.
pub(crate) fn link_text(link: &Link, corpus: &Corpus) -> String {
    match link {
        Link::Here(name) => {
            let title = corpus.get(name).and_then(|letter| letter.statement.value.content.title.as_ref());
            format!("{}{}", corpus.resolve(name), title.map(|title| format!("  {title}")).unwrap_or_default())
        }
        Link::Elsewhere { organization, reference, title, date } => {
            let date = date.map(|date| date.to_string());
            let words = [organization, reference, title].map(|word| word.as_ref().map(Line::as_str));
            let words = words.into_iter().flatten().chain(date.as_deref());
            words.collect::<Vec<_>>().join(", ")
        }
    }
}

fn joined<T: ToString>(values: &[T]) -> String {
    values.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

fn parts(words: [Option<&str>; 3]) -> String {
    words.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// A key as a label: `Language`.
fn capital(key: &str) -> String {
    let mut letters = key.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
