//! A message as bytes: the same message gives the same bytes.

use mail_builder::MessageBuilder;
use mail_builder::headers::address::Address as BuilderAddress;
use mail_builder::headers::content_type::ContentType;
use mail_builder::headers::date::Date;
use mail_builder::headers::message_id::MessageId as BuilderId;
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
        .header("From", address(&message.from))
        .header("To", addresses(&message.to))
        .header("Subject", Text::new(message.subject.as_str()))
        .header("Date", Date::new(message.date))
        .header("Message-ID", BuilderId::new(message.message_id.as_str()))
        .header("MIME-Version", mail_builder::headers::raw::Raw::new("1.0"));
    if !message.reply_to.is_empty() {
        builder = builder.header("Reply-To", addresses(&message.reply_to));
    }
    if !message.in_reply_to.is_empty() {
        let ids: Vec<&str> = message.in_reply_to.iter().map(super::MessageId::as_str).collect();
        builder = builder.header("In-Reply-To", BuilderId::new_list(ids.iter().copied()));
        builder = builder.header("References", BuilderId::new_list(ids.iter().copied()));
    }
    for (name, value) in &message.extra {
        builder = builder.header(*name, Text::new(value.as_str()));
    }
    builder.body(body(message)).write_to_vec()
}

fn address(contact: &Contact) -> BuilderAddress<'_> {
    BuilderAddress::new_address(contact.name.as_deref(), contact.address.as_str())
}

fn addresses(contacts: &[Contact]) -> BuilderAddress<'_> {
    BuilderAddress::new_list(contacts.iter().map(address).collect())
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

fn part(part: &Part) -> MimePart<'_> {
    let mut kind = ContentType::new(part.mime.as_str());
    if part.mime.starts_with("text/") || part.mime == "application/json" {
        kind = kind.attribute("charset", "utf-8");
    }
    let kind = kind.attribute("name", part.name.as_str());
    MimePart::new(kind, BodyPart::Binary(part.bytes.as_slice().into())).attachment(part.name.as_str())
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
