//! New YAML files: fixed key order, only what is there, text as block.

use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};
use serde_saphyr::{DoubleQuoted, FlowMap, FlowSeq, LitStr};

use super::path::{Path, Step};
use crate::domain::{Act, Contact, Detail, Details, Link, Statement};

/// A value that cannot be written as YAML.
#[derive(Debug, thiserror::Error)]
#[error("the file could not be written as YAML: {0}")]
pub struct WriteError(String);

/// A letter's file. Reading it back gives the same letter.
///
/// # Errors
/// Returns [`WriteError`] when the YAML library refuses a value.
pub fn statement_yaml(statement: &Statement) -> Result<String, WriteError> {
    to_yaml(&Tree::Map(statement_tree(statement)))
}

/// A letter's file in which what stands at some paths has lines of its own, for the comments beside it.
pub(super) fn statement_yaml_with(statement: &Statement, paths: &[&Path]) -> Result<String, WriteError> {
    let mut tree = Tree::Map(statement_tree(statement));
    paths.iter().for_each(|path| tree.open(path));
    to_yaml(&tree)
}

/// An act's file. Reading it back gives the same act.
///
/// # Errors
/// Returns [`WriteError`] when the YAML library refuses a value.
pub fn act_yaml(act: &Act) -> Result<String, WriteError> {
    to_yaml(&Tree::Map(act_tree(act)))
}

/// The shape of what is written: texts, blocks of text, lists and mappings, the last two in block or flow style.
enum Tree {
    Text(String),
    Block(String),
    List(Vec<Tree>),
    Words(Vec<String>),
    Map(Vec<(String, Tree)>),
    Inline(Vec<(String, String)>),
}

impl Tree {
    /// Gives each value on the way to some place lines of its own.
    fn open(&mut self, path: &[Step]) {
        let Some((first, rest)) = path.split_first() else { return };
        match self {
            Self::Words(words) => *self = Self::List(words.drain(..).map(Self::Text).collect()),
            Self::Inline(entries) => {
                *self = Self::Map(entries.drain(..).map(|(key, text)| (key, Self::Text(text))).collect());
            }
            Self::Text(_) | Self::Block(_) | Self::List(_) | Self::Map(_) => {}
        }
        let inner = match (self, first) {
            (Self::List(items), Step::Item(number)) => items.get_mut(*number),
            (Self::Map(entries), Step::Key(key)) => {
                entries.iter_mut().find(|(known, _)| known == key).map(|(_, value)| value)
            }
            _ => None,
        };
        if let Some(inner) = inner {
            inner.open(rest);
        }
    }

    fn is_empty(&self) -> bool {
        match self {
            Self::Text(text) | Self::Block(text) => text.is_empty(),
            Self::List(items) => items.is_empty(),
            Self::Words(words) => words.is_empty(),
            Self::Map(entries) => entries.is_empty(),
            Self::Inline(entries) => entries.is_empty(),
        }
    }
}

impl Serialize for Tree {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Text(text) => serializer.serialize_str(text),
            Self::Block(text) => LitStr(text).serialize(serializer),
            Self::Words(words) => {
                FlowSeq(words.iter().map(|word| Flow(word)).collect::<Vec<_>>()).serialize(serializer)
            }
            Self::List(items) => {
                let mut list = serializer.serialize_seq(Some(items.len()))?;
                items.iter().try_for_each(|item| list.serialize_element(item))?;
                list.end()
            }
            Self::Map(entries) => {
                let mut map = serializer.serialize_map(Some(entries.len()))?;
                entries.iter().try_for_each(|(key, value)| map.serialize_entry(key, value))?;
                map.end()
            }
            Self::Inline(entries) => FlowMap(Pairs(entries)).serialize(serializer),
        }
    }
}

struct Pairs<'a>(&'a [(String, String)]);

impl Serialize for Pairs<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        self.0.iter().try_for_each(|(key, value)| map.serialize_entry(key, &Flow(value)))?;
        map.end()
    }
}

/// A text between brackets or braces, quoted unless it is quite plain.
///
/// The writer leaves `a -` without quotes there, and the reader takes a hyphen before a closing brace for an error.
struct Flow<'a>(&'a str);

impl Serialize for Flow<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let is_plain = self.0.chars().all(|c| c.is_alphanumeric() || " ._/-".contains(c));
        if is_plain && self.0.ends_with(char::is_alphanumeric) {
            serializer.serialize_str(self.0)
        } else {
            DoubleQuoted(self.0).serialize(serializer)
        }
    }
}

fn to_yaml(tree: &Tree) -> Result<String, WriteError> {
    let options = serde_saphyr::ser_options! { prefer_block_scalars: false, min_fold_chars: 0 };
    let mut yaml = String::new();
    serde_saphyr::to_fmt_writer_with_options(&mut yaml, tree, options)
        .map_err(|error| WriteError(error.to_string()))?;
    Ok(yaml)
}

/// Collects key and value pairs, leaving out what is absent.
#[derive(Default)]
struct Keys(Vec<(String, Tree)>);

impl Keys {
    fn add(&mut self, key: &str, value: Tree) {
        if !value.is_empty() {
            self.0.push((key.to_owned(), value));
        }
    }

    fn text(&mut self, key: &str, value: Option<impl ToString>) {
        if let Some(value) = value {
            self.add(key, Tree::Text(value.to_string()));
        }
    }

    fn words<T: ToString>(&mut self, key: &str, values: &[T]) {
        self.add(key, Tree::Words(values.iter().map(T::to_string).collect()));
    }

    fn texts<T: ToString>(&mut self, key: &str, values: &[T]) {
        self.add(key, Tree::List(values.iter().map(|value| Tree::Text(value.to_string())).collect()));
    }
}

/// A contact as people write it: without angle brackets when there is no name, the name quoted where it needs that.
fn contact_text(contact: &Contact) -> String {
    let Some(name) = &contact.name else { return contact.address.to_string() };
    let plain = contact.to_string();
    if Contact::parse(&plain).is_ok_and(|read| read.as_ref() == Some(contact)) {
        return plain;
    }
    let quoted = name.replace('\\', "\\\\").replace('"', "\\\"");
    format!("\"{quoted}\" <{}>", contact.address)
}

fn statement_tree(statement: &Statement) -> Vec<(String, Tree)> {
    let content = &statement.content;
    let mut keys = Keys::default();
    if let Some(redacted) = &statement.redacted {
        let mut item = Keys::default();
        item.text("at", redacted.at);
        item.text("by", redacted.by.as_ref());
        item.text("reason", Some(redacted.reason.as_str().trim_end()));
        item.text("content", redacted.content);
        item.text("sha256", redacted.sha256);
        keys.add("redacted", Tree::Map(item.0));
    }
    keys.text("direction", content.direction.map(crate::domain::Direction::as_str));
    keys.text("title", content.title.as_ref());
    keys.text("language", content.language.as_ref());
    keys.text("date", content.date);
    let mut from = Keys::default();
    from.words("groups", &content.from.groups);
    from.texts("contacts", &content.from.contacts.iter().map(contact_text).collect::<Vec<_>>());
    from.text("send-reply-to", content.from.send_reply_to.as_ref().map(contact_text));
    keys.add("from", Tree::Map(from.0));
    let mut to = Keys::default();
    to.words("groups", &content.to.groups);
    to.texts("contacts", &content.to.contacts.iter().map(contact_text).collect::<Vec<_>>());
    to.text("send-to", content.to.send_to.as_ref().map(contact_text));
    keys.add("to", Tree::Map(to.0));
    keys.text("purpose", content.purpose.as_ref());
    keys.text("deadline", content.deadline);
    keys.add("in-response-to", links(&content.in_response_to));
    keys.add("revises", links(&content.revises));
    let mut consensus = Keys::default();
    consensus.text("level", content.consensus.level.as_ref());
    consensus.texts("evidence", &content.consensus.evidence);
    keys.add("consensus", Tree::Map(consensus.0));
    keys.text("meeting", content.meeting.as_ref());
    keys.texts("work-items", &content.work_items);
    keys.text("release", content.release.as_ref());
    keys.texts("questions", &content.questions);
    let documents = content.documents.iter().map(|document| {
        let mut item = Keys::default();
        item.text("name", document.name.as_ref());
        item.text("status", document.status.as_ref());
        item.text("url", document.url.as_ref());
        Tree::Map(item.0)
    });
    keys.add("documents", Tree::List(documents.collect()));
    keys.add("body", Tree::Block(content.body.to_string()));
    let attachments = content.attachments.iter().map(|attachment| {
        let mut item = Keys::default();
        item.text("file", attachment.file.as_ref());
        item.text("url", attachment.url.as_ref());
        item.text("title", attachment.title.as_ref());
        item.text("sha256", attachment.sha256);
        Tree::Map(item.0)
    });
    keys.add("attachments", Tree::List(attachments.collect()));
    if let Some(original) = &content.original {
        let mut item = Keys::default();
        item.text("file", original.file.as_ref());
        item.text("sha256", original.sha256);
        keys.add("original", Tree::Map(item.0));
    }
    let identifiers = statement.identifiers.iter().map(|identifier| {
        let mut item = Keys::default();
        item.text("body", identifier.body.as_ref());
        item.text("value", identifier.value.as_ref());
        Tree::Map(item.0)
    });
    keys.add("identifiers", Tree::List(identifiers.collect()));
    keys.words("tags", &statement.tags);
    let waivers = statement.waivers.iter().map(|waiver| {
        let mut item = Keys::default();
        item.text("code", waiver.code.as_ref());
        item.text("reason", waiver.reason.as_ref());
        item.text("by", waiver.by.as_ref());
        Tree::Map(item.0)
    });
    keys.add("waivers", Tree::List(waivers.collect()));
    keys.0
}

fn links(links: &[Link]) -> Tree {
    let plain: Option<Vec<String>> = links.iter().map(|link| link.here().map(ToString::to_string)).collect();
    if let Some(names) = plain {
        return Tree::Words(names);
    }
    let item = |link: &Link| match link {
        Link::Here(name) => Tree::Text(name.to_string()),
        Link::Elsewhere { organization, reference, title, date } => {
            let mut keys: Vec<(String, String)> = Vec::new();
            let mut add = |key: &str, value: Option<String>| keys.extend(value.map(|value| (key.to_owned(), value)));
            add("organization", organization.as_ref().map(ToString::to_string));
            add("reference", reference.as_ref().map(ToString::to_string));
            add("title", title.as_ref().map(ToString::to_string));
            add("date", date.as_ref().map(ToString::to_string));
            Tree::Inline(keys)
        }
    };
    Tree::List(links.iter().map(item).collect())
}

fn act_tree(act: &Act) -> Vec<(String, Tree)> {
    let mut keys = Keys::default();
    keys.text("act", Some(act.kind));
    keys.text("by", Some(&act.by));
    keys.text("role", act.role.as_ref());
    keys.text("of", act.of.as_ref());
    keys.words("for", &act.for_groups);
    keys.text("at", Some(act.at));
    keys.text("content", act.content);
    keys.text("preview", act.preview);
    keys.text("revokes", act.revokes);
    keys.text("recorded-by", act.recorded_by.as_ref());
    keys.text("evidence", act.evidence.as_ref());
    for (key, detail) in &act.details {
        keys.add(key, detail_tree(detail));
    }
    keys.text("fields", act.fields.as_ref());
    if let Some(signature) = &act.signature {
        keys.add("signature", Tree::Block(signature.to_string()));
    }
    keys.0
}

fn detail_tree(detail: &Detail) -> Tree {
    match detail {
        Detail::Text(text) if text.lines().nth(1).is_some() => Tree::Block(text.to_string()),
        Detail::Text(text) => Tree::Text(text.as_str().to_owned()),
        Detail::List(items) => Tree::List(items.iter().map(detail_tree).collect()),
        Detail::Map(map) => Tree::Map(details_tree(map)),
    }
}

fn details_tree(details: &Details) -> Vec<(String, Tree)> {
    details
        .iter()
        .filter(|(_, detail)| !detail.is_empty())
        .map(|(key, detail)| (key.clone(), detail_tree(detail)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Line;
    use crate::record::parse_statement;
    use crate::shape::Sink;

    fn comes_back(change: impl FnOnce(&mut Statement)) {
        let mut statement = Statement::default();
        change(&mut statement);
        let yaml = statement_yaml(&statement).unwrap();
        let mut sink = Sink::new("x.yaml");
        let again = parse_statement(yaml.as_bytes(), &mut sink).unwrap().value;
        assert!(sink.findings.is_empty(), "{:?} in {yaml}", sink.findings);
        assert_eq!(again, statement, "{yaml}");
    }

    #[test]
    fn names_with_quotes_and_backslashes_come_back() {
        for name in ["\"SA3\" Chair", "\"SA3 Chair\"", "a \\ b", "\\", "\"", "O'Brien, \"Chair\""] {
            let written = format!("\"{}\" <a@b.example>", name.replace('\\', "\\\\").replace('"', "\\\""));
            let contact = Contact::parse(&written).unwrap().unwrap();
            assert_eq!(contact.name.as_deref(), Some(name));
            comes_back(|statement| statement.content.from.contacts.push(contact));
        }
    }

    #[test]
    fn texts_between_brackets_and_braces_come_back() {
        for text in ["a -", "-", "a: b", "a, b", "}", "#", "no", "~", "a?", "é", "ITU-T SG15"] {
            let line = Line::parse(text).unwrap();
            comes_back(|statement| {
                statement.content.from.groups.extend(line.clone());
                let link =
                    Link::Elsewhere { organization: line.clone(), reference: line.clone(), title: line, date: None };
                statement.content.revises.push(link);
            });
        }
    }
}
