//! People, services and mailing lists.

use chrono::NaiveDate;

use crate::config::toml_tree::parse_toml;
use crate::domain::{Address, Contact};
use crate::shape::{Fields, Form, Located, Node, Shape, Sink, draw};

/// Somebody who acts, or a service that records.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Person {
    /// The name.
    pub name: String,
    /// A service never approves.
    pub is_service: bool,
    /// Addresses, the usual one first.
    pub addresses: Vec<Address>,
    /// Keys the person signs with.
    pub keys: Vec<Key>,
    /// Accounts on forges.
    pub forges: Vec<Forge>,
}

/// A key and its life.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// Whether it is an SSH key; else OpenPGP.
    pub is_ssh: bool,
    /// The public key as text.
    pub public: String,
    /// First day.
    pub since: Option<NaiveDate>,
    /// From this day no longer used.
    pub retired: Option<NaiveDate>,
    /// Suspect since this commit.
    pub compromised: Option<String>,
    /// The day of that commit: what claims to be older is judged by the history, what is younger proves nothing.
    pub compromised_on: Option<NaiveDate>,
    /// Why it was retired, or what makes it suspect.
    pub reason: Option<String>,
}

impl Key {
    /// Whether it may sign on a day, as the directory says now.
    pub fn is_good_on(&self, day: NaiveDate) -> bool {
        self.compromised.is_none()
            && self.since.is_none_or(|since| since <= day)
            && self.retired.is_none_or(|retired| day < retired)
    }
}

/// An account on a forge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Forge {
    /// The forge's host.
    pub host: String,
    /// The numeric account, which stays when the name changes.
    pub id: Option<u64>,
    /// The account's name.
    pub login: Option<String>,
}

/// A mailing list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailingList {
    /// Where mail goes.
    pub address: Contact,
    /// Who owns it.
    pub owners: Vec<Contact>,
    /// Where its messages can be read.
    pub archive: Option<String>,
    /// What runs it.
    pub software: Option<String>,
    /// Whose list it is.
    pub group: Option<String>,
}

/// Reads a person's file.
pub fn parse_person(bytes: &[u8], sink: &mut Sink<'_>) -> Option<Located<Person>> {
    let root = parse_toml(bytes, sink)?;
    Located::read(root, sink, person)
}

/// What a person's file may say.
pub fn person_shape() -> Shape {
    draw(person)
}

fn person(root: &Node, sink: &mut Sink<'_>) -> Option<Person> {
    let mut fields = Fields::of(root, "a person", sink)?;
    fields.require("name", sink);
    let person = Person {
        name: fields.line("name", sink).map(|line| line.to_string()).unwrap_or_default(),
        is_service: fields.choice("kind", sink, &[("person", false), ("service", true)]).unwrap_or(false),
        addresses: fields.scalars("addresses", Form::Address, sink, |text| Address::parse(text).map(Some)),
        keys: fields.mappings("key", sink, key),
        forges: fields.mappings("forge", sink, forge),
    };
    fields.finish(sink);
    Some(person)
}

fn key(node: &Node, sink: &mut Sink<'_>) -> Option<Key> {
    let mut fields = Fields::of(node, "a key", sink)?;
    for name in ["type", "public"] {
        fields.require(name, sink);
    }
    let is_ssh = fields.choice("type", sink, &[("ssh", true), ("openpgp", false)]);
    let public = fields.text("public", sink);
    let key = Key {
        is_ssh: is_ssh.unwrap_or(true),
        public: public.to_string(),
        since: fields.date("since", sink),
        retired: fields.date("retired", sink),
        compromised: fields.line("compromised", sink).map(|line| line.to_string()),
        compromised_on: fields.date("compromised-on", sink),
        reason: fields.line("reason", sink).map(|line| line.to_string()),
    };
    fields.finish(sink);
    Some(key)
}

fn forge(node: &Node, sink: &mut Sink<'_>) -> Option<Forge> {
    let mut fields = Fields::of(node, "a forge account", sink)?;
    fields.require("host", sink);
    let host = fields.line("host", sink);
    let forge = Forge {
        host: host.map(|line| line.to_string()).unwrap_or_default(),
        id: fields.number("id", sink),
        login: fields.line("login", sink).map(|line| line.to_string()),
    };
    fields.finish(sink);
    Some(forge)
}

/// Reads a mailing list's file.
pub fn parse_list(bytes: &[u8], sink: &mut Sink<'_>) -> Option<Located<MailingList>> {
    let root = parse_toml(bytes, sink)?;
    Located::read(root, sink, list)
}

/// What a mailing list's file may say.
pub fn list_shape() -> Shape {
    draw(list)
}

fn list(root: &Node, sink: &mut Sink<'_>) -> Option<MailingList> {
    let mut fields = Fields::of(root, "a mailing list", sink)?;
    fields.require("address", sink);
    let name = fields.line("name", sink);
    let address = fields.contact("address", sink);
    let owners = fields.contacts("owners", sink);
    let archive = fields.line("archive", sink).map(|line| line.to_string());
    let software = fields.choice(
        "software",
        sink,
        &[
            ("mailman3", "mailman3"),
            ("mailman2", "mailman2"),
            ("sympa", "sympa"),
            ("google-groups", "google-groups"),
            ("other", "other"),
        ],
    );
    let group = fields.word("group", sink).map(|word| word.to_string());
    fields.finish(sink);
    let mut address = address?;
    address.name = address.name.or_else(|| name.map(|line| line.to_string()));
    Some(MailingList { address, owners, archive, software: software.map(str::to_owned), group })
}
