//! A message as bytes: the same message gives the same bytes.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use mail_builder::MessageBuilder;
use mail_builder::headers::HeaderType;
use mail_builder::headers::address::Address as BuilderAddress;
use mail_builder::headers::content_type::ContentType;
use mail_builder::headers::date::Date;
use mail_builder::headers::message_id::MessageId as BuilderId;
use mail_builder::headers::raw::Raw;
use mail_builder::headers::text::Text;
use mail_builder::mime::{BodyPart, MimePart};

use super::{Message, Part};
use crate::domain::{Contact, Digest};

/// The bytes of a message, with CRLF line ends, ASCII only.
///
/// # Errors
/// Returns the library's error when it cannot write, which a vector never causes.
pub fn encode(message: &Message) -> std::io::Result<Vec<u8>> {
    let mut builder = MessageBuilder::new()
        .header("From", addresses(std::slice::from_ref(&message.from)))
        .header("To", addresses(&message.to))
        .header("Subject", unstructured(message.subject.as_str()))
        .header("Date", Date::new(message.date))
        .header("Message-ID", BuilderId::new(message.message_id.as_str()))
        .header("MIME-Version", Raw::new("1.0"));
    if !message.reply_to.is_empty() {
        builder = builder.header("Reply-To", addresses(&message.reply_to));
    }
    if !message.in_reply_to.is_empty() {
        let ids: Vec<&str> = message.in_reply_to.iter().map(super::MessageId::as_str).collect();
        builder = builder.header("In-Reply-To", BuilderId::new_list(ids.iter().copied()));
        builder = builder.header("References", BuilderId::new_list(ids.iter().copied()));
    }
    for (name, value) in &message.extra {
        builder = builder.header(*name, unstructured(value.as_str()));
    }
    builder.body(body(message)).write_to_vec()
}

fn address(contact: &Contact) -> BuilderAddress<'_> {
    BuilderAddress::new_address(contact.name.as_deref(), contact.address.as_str())
}

/// A list of addresses. Where a name looks like an encoded word, all names are encoded, or it would be read as another one.
fn addresses(contacts: &[Contact]) -> HeaderType<'_> {
    if !contacts.iter().filter_map(|contact| contact.name.as_deref()).any(looks_encoded) {
        return BuilderAddress::new_list(contacts.iter().map(address).collect()).into();
    }
    let written = contacts.iter().map(|contact| match &contact.name {
        Some(name) => format!("{} <{}>", encoded_words(name), contact.address),
        None => format!("<{}>", contact.address),
    });
    Raw::new(written.collect::<Vec<_>>().join(", ")).into()
}

/// Text of a header; what looks like an encoded word is encoded, or it would be read as another text.
fn unstructured(text: &str) -> HeaderType<'_> {
    if looks_encoded(text) { Raw::new(encoded_words(text)).into() } else { Text::new(text).into() }
}

fn looks_encoded(text: &str) -> bool {
    text.contains("=?")
}

/// A text as encoded words (RFC 2047) of at most 75 characters, with a blank between them.
fn encoded_words(text: &str) -> String {
    let mut pieces = vec![String::new()];
    for c in text.chars() {
        let is_full = pieces.last().is_none_or(|piece| piece.len() + c.len_utf8() > 45);
        if is_full {
            pieces.push(String::new());
        }
        pieces.last_mut().into_iter().for_each(|piece| piece.push(c));
    }
    pieces.iter().map(|piece| format!("=?utf-8?B?{}?=", STANDARD.encode(piece))).collect::<Vec<_>>().join(" ")
}

/// Bytes in base64, on lines of 76 characters.
fn base64_lines(bytes: &[u8]) -> String {
    let lines = bytes.chunks(57).map(|line| STANDARD.encode(line) + "\r\n");
    lines.collect()
}

fn body(message: &Message) -> MimePart<'_> {
    let text = MimePart::new(ContentType::new("text/plain").attribute("charset", "utf-8"), message.text.as_str());
    if message.parts.is_empty() {
        return text;
    }
    let parts = std::iter::once(text).chain(message.parts.iter().map(part)).collect::<Vec<_>>();
    let multipart = ContentType::new("multipart/mixed").attribute("boundary", boundary(message));
    MimePart::new(multipart, BodyPart::Multipart(parts))
}

/// A file, always in base64: text would be sent as it is, and a line break within it might not arrive as it left.
fn part(part: &Part) -> MimePart<'_> {
    let mut kind = ContentType::new(part.mime.as_str());
    if part.mime.starts_with("text/") || part.mime == "application/json" {
        kind = kind.attribute("charset", "utf-8");
    }
    let kind = kind.attribute("name", part.name.as_str());
    let encoded = BodyPart::Binary(base64_lines(&part.bytes).into_bytes().into());
    MimePart::new(kind, encoded).attachment(part.name.as_str()).transfer_encoding("base64")
}

/// A boundary made of what it bounds: no part can hold it but by chance of one in 2^128.
fn boundary(message: &Message) -> String {
    let mut bytes = message.text.clone().into_bytes();
    for part in &message.parts {
        bytes.extend_from_slice(part.name.as_str().as_bytes());
        bytes.extend_from_slice(&part.bytes);
    }
    bytes.extend_from_slice(message.message_id.as_str().as_bytes());
    format!("liaison-{}", Digest::of(&bytes).short(32))
}

#[cfg(test)]
mod tests {
    use super::encoded_words;

    #[test]
    fn encoded_words_are_short_and_hold_whole_characters() {
        let words = encoded_words(&"é=?".repeat(40));
        assert!(words.split(' ').count() > 3 && words.split(' ').all(|word| word.len() <= 75), "{words}");
    }
}
