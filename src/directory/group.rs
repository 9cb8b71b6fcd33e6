//! A group: its kind, its parent, its addresses, who holds which role when.

use std::collections::BTreeMap;

use super::dated::Dated;
use crate::config::toml_tree::parse_toml;
use crate::domain::time::Term;
use crate::domain::{Address, Contact, Line, Word};
use crate::findings::{Code, Finding};
use crate::shape::{Entry, Fields, Form, Located, Node, Shape, Sink, draw, read_by_key, read_scalar};

/// A body or a group of one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Group {
    /// What it is called.
    pub name: Dated<String>,
    /// The present acronym, when it is no longer the file's name.
    pub acronym: Dated<String>,
    /// What kind of group it is: a word the approval table knows.
    pub kind: String,
    /// The group above it.
    pub parent: Dated<String>,
    /// Whether it is `active` or `closed`.
    pub state: Dated<String>,
    /// Its mailing list.
    pub list: Dated<Contact>,
    /// The one address that takes every letter for it.
    pub send_to: Dated<Contact>,
    /// Where replies to its letters go.
    pub send_reply_to: Dated<Contact>,
    /// One address for all holders of a role; `contact` for the group itself.
    pub addresses: BTreeMap<String, Contact>,
    /// Its page.
    pub uri: Option<String>,
    /// Who holds which role when.
    pub roles: Vec<RoleTerm>,
}

/// A person's term in a role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleTerm {
    /// The role's word.
    pub role: String,
    /// The person's handle.
    pub person: String,
    /// The days.
    pub term: Term,
    /// Where mail for this role goes.
    pub address: Option<Address>,
}

impl Group {
    /// Whether it is closed on a day.
    pub fn is_closed(&self, day: chrono::NaiveDate) -> bool {
        self.state.on(day).is_some_and(|state| state == "closed")
    }
}

/// Reads a group's file.
pub fn parse_group(bytes: &[u8], sink: &mut Sink<'_>) -> Option<Located<Group>> {
    let root = parse_toml(bytes, sink)?;
    Located::read(root, sink, group)
}

/// What a group's file may say.
pub fn group_shape() -> Shape {
    draw(group)
}

fn group(root: &Node, sink: &mut Sink<'_>) -> Option<Group> {
    let mut fields = Fields::of(root, "a group", sink)?;
    fields.require("name", sink);
    fields.require("kind", sink);
    let text = |value: &str| Line::parse(value).map(|line| line.map(|line| line.to_string()));
    let word = |value: &str| Word::parse(value).map(|word| word.map(|word| word.to_string()));
    let group = Group {
        name: Dated::read("name", Form::Line, &mut fields, sink, text),
        kind: fields.word("kind", sink).map(|word| word.to_string()).unwrap_or_default(),
        acronym: Dated::read("acronym", Form::Word, &mut fields, sink, word),
        parent: Dated::read("parent", Form::Word, &mut fields, sink, word),
        state: Dated::read("state", Form::OneOf(&["active", "closed"]), &mut fields, sink, |value| match value {
            "active" | "closed" => Ok(Some(value.to_owned())),
            _ => Err(format!("found \"{}\", expected `active` or `closed`", value.escape_debug())),
        }),
        list: Dated::read("list", Form::Contact, &mut fields, sink, Contact::parse),
        send_to: Dated::read("send-to", Form::Contact, &mut fields, sink, Contact::parse),
        send_reply_to: Dated::read("send-reply-to", Form::Contact, &mut fields, sink, Contact::parse),
        addresses: fields.value("addresses", sink, addresses).unwrap_or_default(),
        uri: fields.line("uri", sink).map(|line| line.to_string()),
        roles: fields.mappings("role", sink, role),
    };
    fields.finish(sink);
    Some(group)
}

fn addresses(node: &Node, sink: &mut Sink<'_>) -> BTreeMap<String, Contact> {
    read_by_key("addresses", || Shape::Scalar(Form::Word), node, sink, address).into_iter().collect()
}

fn address(entry: &Entry, sink: &mut Sink<'_>) -> Option<(String, Contact)> {
    let contact = read_scalar(&entry.key, Form::Contact, &entry.node, sink, Contact::parse);
    let Ok(Some(role)) = Word::parse(&entry.key) else {
        sink.push(
            Finding::plain(Code::InvalidValue, format!("`{}` is no word of a role", entry.key.escape_debug())),
            entry.key_span,
        );
        return None;
    };
    contact.map(|contact| (role.to_string(), contact))
}

fn role(node: &Node, sink: &mut Sink<'_>) -> Option<RoleTerm> {
    let mut fields = Fields::of(node, "a role", sink)?;
    for key in ["role", "person", "since"] {
        fields.require(key, sink);
    }
    let role = fields.word("role", sink);
    let person = fields.word("person", sink);
    let term = fields.term(sink);
    let address = fields.scalar("address", Form::Address, sink, |text| Address::parse(text).map(Some));
    let _source = fields.line("source", sink);
    fields.finish(sink);
    Some(RoleTerm { role: role?.to_string(), person: person?.to_string(), term, address })
}
