//! Mail that arrives: what its headers, its text and its parts say. Nothing is unpacked or run.

use chrono::NaiveDate;
use mail_parser::{Address as ParsedAddress, HeaderValue, Message, MessageParser, MessagePart, MimeHeaders, PartType};

use super::labels::below_labels;
use super::metadata::{Metadata, parse_metadata};
use crate::domain::{Address, Contact, Line, Text};

/// What a mail says.
#[derive(Debug, Clone, Default)]
pub struct Arrived {
    /// Its Message-ID without angle brackets.
    pub message_id: Option<String>,
    /// Who sent it.
    pub from: Vec<Contact>,
    /// To whom it went.
    pub to: Vec<Contact>,
    /// Who got a copy. A letter has no place for them; its original keeps them.
    pub cc: Vec<Contact>,
    /// Where the sender wants replies.
    pub reply_to: Vec<Contact>,
    /// The subject without "Re:" and "Fwd:".
    pub subject: Option<Line>,
    /// The day of its Date.
    pub date: Option<NaiveDate>,
    /// Message-IDs it refers to.
    pub references: Vec<String>,
    /// Its text.
    pub text: Text,
    /// Its other parts.
    pub files: Vec<ArrivedFile>,
    /// What `liaison.json` says, when there is one.
    pub metadata: Option<Metadata>,
}

/// A part of the mail that is a file.
#[derive(Debug, Clone)]
pub struct ArrivedFile {
    /// A safe name in the letter's folder.
    pub name: String,
    /// The name the sender gave it, when that is another one.
    pub title: Option<Line>,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// Reads a mail; nothing when the bytes are no mail.
pub fn read_mail(bytes: &[u8]) -> Option<Arrived> {
    let message = MessageParser::default().parse(bytes)?;
    let text = (0..message.text_body_count()).filter_map(|part| message.body_text(part)).collect::<Vec<_>>().join("\n");
    let mut arrived = Arrived {
        message_id: message.message_id().map(str::to_owned),
        from: contacts(message.from()),
        to: contacts(message.to()),
        cc: contacts(message.cc()),
        reply_to: contacts(message.reply_to()),
        subject: message.subject().and_then(subject),
        date: message
            .date()
            .and_then(|date| chrono::DateTime::from_timestamp(date.to_timestamp(), 0))
            .map(|date| date.date_naive()),
        references: ids(message.in_reply_to()).into_iter().chain(ids(message.references())).collect(),
        text: lenient_text(&text),
        files: Vec::new(),
        metadata: None,
    };
    arrived.references.dedup();
    for part in message.attachments() {
        let (bytes, unnamed) = match &part.body {
            PartType::Message(inner) => (bytes_of(inner, part, &message), "message.eml"),
            PartType::Text(_)
            | PartType::Html(_)
            | PartType::Binary(_)
            | PartType::InlineBinary(_)
            | PartType::Multipart(_) => (part.contents().to_vec(), "attachment"),
        };
        let given = part.attachment_name().unwrap_or(unnamed);
        if given == "liaison.json"
            && let Some(metadata) = parse_metadata(&bytes)
        {
            // The last one counts, as it is the sender's program that writes it behind all else.
            arrived.metadata = Some(metadata);
            continue;
        }
        let taken: Vec<String> = arrived.files.iter().map(|file| file.name.clone()).collect();
        let name = safe_name(given, &taken);
        let title = (name != given).then(|| Line::parse(&printable(given)).ok().flatten()).flatten();
        arrived.files.push(ArrivedFile { name, title, bytes });
    }
    if let Some(metadata) = &arrived.metadata {
        arrived.text = lenient_text(below_labels(arrived.text.as_str(), &metadata.id));
    }
    Some(arrived)
}

/// The bytes of a mail that is attached to another one. Where it stands there as it is, the library gives the outer mail's.
fn bytes_of(inner: &Message<'_>, part: &MessagePart<'_>, outer: &Message<'_>) -> Vec<u8> {
    let whole = outer.raw_message.as_ref();
    let lies_inside = std::ptr::eq(inner.raw_message.as_ptr(), whole.as_ptr());
    let place = usize::try_from(part.offset_body).ok().zip(usize::try_from(part.offset_end).ok());
    let own = place.filter(|_| lies_inside).and_then(|(begin, end)| whole.get(begin..end));
    own.unwrap_or(&inner.raw_message).to_vec()
}

fn contacts(address: Option<&ParsedAddress<'_>>) -> Vec<Contact> {
    let Some(address) = address else { return Vec::new() };
    let contact = |addr: &mail_parser::Addr<'_>| {
        let address = Address::parse(addr.address.as_deref()?.trim()).ok()?;
        let name = addr.name.as_deref().map(printable).map(|name| name.replace(['<', '>'], " ").trim().to_owned());
        Some(Contact { name: name.filter(|name| !name.is_empty()), address })
    };
    address.iter().filter_map(contact).collect()
}

fn ids(value: &HeaderValue<'_>) -> Vec<String> {
    match value {
        HeaderValue::Text(id) => vec![id.to_string()],
        HeaderValue::TextList(ids) => ids.iter().map(ToString::to_string).collect(),
        HeaderValue::Address(_)
        | HeaderValue::DateTime(_)
        | HeaderValue::ContentType(_)
        | HeaderValue::Received(_)
        | HeaderValue::Empty => Vec::new(),
    }
}

/// The subject as a title: "Re:", "Fwd:" and a list's tag in brackets removed.
fn subject(text: &str) -> Option<Line> {
    let mut title = printable(text);
    loop {
        let trimmed = title.trim();
        let lower = trimmed.to_lowercase();
        let reply = ["re:", "fwd:", "fw:", "aw:", "tr:"].iter().find(|mark| lower.starts_with(**mark));
        let rest = match reply {
            Some(mark) => trimmed.get(mark.len()..),
            None if trimmed.starts_with('[') => trimmed.find(']').and_then(|end| trimmed.get(end + 1..)),
            None => None,
        };
        match rest.map(str::trim).filter(|rest| !rest.is_empty()) {
            Some(rest) => title = rest.to_owned(),
            None => return Line::parse(trimmed).ok().flatten(),
        }
    }
}

/// Text without the characters that no value may hold; blanks stand for line breaks.
fn printable(text: &str) -> String {
    let plain = |c: char| {
        if c.is_control() || crate::domain::text::refused_character(&c.to_string()).is_some() { ' ' } else { c }
    };
    text.chars().map(plain).collect()
}

/// The text of a mail as a letter's body: what no value may hold is dropped, the original keeps it.
fn lenient_text(text: &str) -> Text {
    let kept: String = text
        .replace("\r\n", "\n")
        .replace('\r', "\n")
        .chars()
        .filter(|c| crate::domain::text::refused_character(&c.to_string()).is_none())
        .collect();
    Text::parse(&kept).unwrap_or_default()
}

/// A plain ASCII name for a file in the letter's folder, different from all that are taken and from those that the
/// record itself uses, the `original.…` of a letter that arrived among them.
pub(crate) fn safe_name(given: &str, taken: &[String]) -> String {
    let base = given.rsplit(['/', '\\']).next().unwrap_or(given);
    let plain: String =
        base.chars().map(|c| if c.is_ascii_alphanumeric() || "._-".contains(c) { c } else { '-' }).collect();
    let plain = plain.trim_start_matches(['.', '-', '_']).trim_end_matches('.');
    let nothing_left =
        |stem: &str| !stem.trim_matches('.').is_empty() && !stem.contains(|c: char| c.is_ascii_alphanumeric());
    let in_other_letters = base.rsplit_once('.').is_some_and(|(stem, _)| nothing_left(stem)) && !plain.is_empty();
    let kept = if in_other_letters { format!("file.{plain}") } else { plain.to_owned() };
    let plain = kept.as_str();
    let plain: String = if plain.is_empty() {
        "file".into()
    } else {
        plain.chars().rev().take(80).collect::<String>().chars().rev().collect()
    };
    let plain = plain.trim_start_matches(['.', '-', '_']).to_owned();
    let stem = plain.split('.').next().unwrap_or_default().to_ascii_lowercase();
    let device = ["con", "prn", "aux", "nul"].contains(&stem.as_str())
        || (stem.len() == 4 && (stem.starts_with("com") || stem.starts_with("lpt")));
    let reserved = device || stem == "original" || crate::domain::file::is_reserved(&plain);
    let name = if reserved || plain.is_empty() { format!("file-{plain}") } else { plain };
    let is_taken = |name: &str| taken.iter().any(|other| other.eq_ignore_ascii_case(name));
    if !is_taken(&name) {
        return name;
    }
    let (stem, ending) =
        name.rsplit_once('.').map_or((name.as_str(), String::new()), |(stem, ending)| (stem, format!(".{ending}")));
    (2..).map(|number| format!("{stem}-{number}{ending}")).find(|name| !is_taken(name)).unwrap_or_else(|| name.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_names_that_attack_become_plain() {
        for (given, name) in [
            ("..\\..\\evil/../LS.zip", "LS.zip"),
            ("/etc/passwd", "passwd"),
            ("Réponse 1.pdf", "R-ponse-1.pdf"),
            ("con.txt", "file-con.txt"),
            ("acts", "file-acts"),
            ("original.eml", "file-original.eml"),
            ("Original.PDF", "file-Original.PDF"),
            ("sent-copy.eml", "file-sent-copy.eml"),
            ("announcement-1.eml", "file-announcement-1.eml"),
            ("日本.txt", "file.txt"),
            ("日本.tar.gz", "tar.gz"),
            ("日本", "file"),
            (".hidden", "hidden"),
            ("..", "file"),
            ("a\u{0}b", "a-b"),
        ] {
            assert_eq!(safe_name(given, &[]), name);
        }
        assert_eq!(safe_name("A.pdf", &["a.pdf".into()]), "A-2.pdf");
    }

    #[test]
    fn a_mail_that_is_attached_keeps_its_own_bytes_and_no_others() {
        let inner = "From: a@b.example\nSubject: inner\n\nHello\n";
        let encoded = "RnJvbTogYUBiLmV4YW1wbGUKU3ViamVjdDogaW5uZXIKCkhlbGxvCg==";
        for (encoding, body) in [("7bit", inner), ("base64", encoded)] {
            let mail = format!(
                "From: c@d.example\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nSee.\n--b\n\
                 Content-Type: message/rfc822\nContent-Transfer-Encoding: {encoding}\n\n{body}\n--b--\n"
            );
            let read = read_mail(mail.as_bytes()).unwrap();
            let bytes = String::from_utf8_lossy(&read.files[0].bytes);
            assert_eq!((read.files.len(), bytes.trim_end()), (1, inner.trim_end()), "{encoding}");
        }
    }

    #[test]
    fn a_subject_is_a_title_without_marks_of_replies() {
        assert_eq!(subject("Re: Fwd: [tls] LS on ECH").unwrap().as_str(), "LS on ECH");
        assert_eq!(subject("[LS 12]").unwrap().as_str(), "[LS 12]");
    }
}
