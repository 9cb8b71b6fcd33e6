//! Properties of the reader: any bytes are read without a panic, and what is written is read as the same.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test ends where it is wrong"
)]

mod reader;

use std::path::Path;

use liaison::domain::time::parse_date;
use liaison::domain::{
    Act, ActKind, Attachment, Consensus, Contact, Content, Detail, Details, Digest, Direction, Document, Identifier,
    Instant, Line, Link, Original, Purpose, Receiver, Sender, Slug, Statement, StatementId, StatementName, Text,
    Waiver, Word,
};
use proptest::collection::{btree_map, vec};
use proptest::option::of as maybe;
use proptest::prelude::*;
use proptest::sample::{Index, select};

/// The letters and acts of fixtures/digest, whatever is wrong with some of them.
fn fixtures() -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/digest");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
        .iter()
        .filter(|path| path.extension().is_some_and(|end| end == "yaml"))
        .map(|path| std::fs::read(path).unwrap())
        .collect()
}

/// Bytes that mean something to a YAML reader.
const AWKWARD: &[&str] = &[
    ":",
    ": ",
    "- ",
    "# ",
    " #",
    "? ",
    "|",
    ">",
    "|-",
    "|2",
    ">+",
    "[",
    "]",
    "{",
    "}",
    ",",
    "\"",
    "'",
    "&a ",
    "*a",
    "!t ",
    "%YAML 1.2",
    "---\n",
    "...\n",
    "\n",
    "\r",
    "\r\n",
    "\t",
    " ",
    "\n\n",
    "\u{feff}",
    "\u{85}",
    "\u{2028}",
    "é",
    "😀",
    "\u{0}",
    "\u{1b}",
    "~",
    "<<: ",
    "=======\n",
    "<<<<<<< HEAD\n",
    "\\",
    "\"\\",
    "\\u12",
    "became: ",
    "title: ",
    "body: |\n",
];

/// One change of some bytes.
#[derive(Debug, Clone)]
enum Mutation {
    Insert(Index, Vec<u8>),
    Remove(Index, usize),
    Flip(Index, u8),
    Repeat(Index, usize),
    Cut(Index),
}

fn mutation() -> impl Strategy<Value = Mutation> {
    let token = select(AWKWARD).prop_map(|token| token.as_bytes().to_vec());
    prop_oneof![
        4 => (any::<Index>(), token).prop_map(|(at, token)| Mutation::Insert(at, token)),
        1 => (any::<Index>(), vec(any::<u8>(), 1..4)).prop_map(|(at, bytes)| Mutation::Insert(at, bytes)),
        2 => (any::<Index>(), 1_usize..12).prop_map(|(at, count)| Mutation::Remove(at, count)),
        1 => (any::<Index>(), any::<u8>()).prop_map(|(at, byte)| Mutation::Flip(at, byte)),
        1 => (any::<Index>(), 1_usize..60).prop_map(|(at, count)| Mutation::Repeat(at, count)),
        1 => any::<Index>().prop_map(Mutation::Cut),
    ]
}

fn apply(bytes: &mut Vec<u8>, mutation: &Mutation) {
    let length = bytes.len();
    let at = |index: &Index| index.index(length + 1);
    match mutation {
        Mutation::Insert(index, added) => drop(bytes.splice(at(index)..at(index), added.iter().copied())),
        Mutation::Remove(index, count) => drop(bytes.drain(at(index)..(at(index) + count).min(length))),
        Mutation::Flip(index, byte) => bytes.get_mut(at(index)).into_iter().for_each(|place| *place ^= byte),
        Mutation::Repeat(index, count) => {
            let part = bytes[at(index)..(at(index) + count).min(length)].to_vec();
            drop(bytes.splice(at(index)..at(index), part));
        }
        Mutation::Cut(index) => bytes.truncate(at(index)),
    }
}

/// Bytes that a failure shows as text.
#[derive(Clone)]
struct Bytes(Vec<u8>);

impl std::fmt::Debug for Bytes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "b\"{}\"", self.0.escape_ascii())
    }
}

fn mutated() -> impl Strategy<Value = Bytes> {
    (select(fixtures()), vec(mutation(), 1..5)).prop_map(|(mut bytes, mutations)| {
        mutations.iter().for_each(|mutation| apply(&mut bytes, mutation));
        Bytes(bytes)
    })
}

/// Texts that YAML could take for something else.
fn awkward() -> impl Strategy<Value = String> {
    let known = [
        "no",
        "Yes",
        "~",
        "null",
        "true",
        "19",
        "1e3",
        "0x1F",
        "1_000",
        "2026-12-20",
        "12:30:00",
        ".inf",
        "- x",
        "-",
        "--- x",
        "...",
        "# y",
        "a # b",
        "a: b",
        "a:",
        ": a",
        "?",
        "? x",
        "!t",
        "&a b",
        "*a",
        "%x",
        "@x",
        "`x`",
        "|",
        "> x",
        "[a",
        "{a: b}",
        "]",
        ",",
        "'",
        "''",
        "it's",
        "\"",
        "\"a\"",
        "\\",
        "a\\n",
        "=",
        "<<",
        "é",
        "日本語 テキスト",
        "😀 ok",
        "e\u{301}",
        "\u{200b}",
        "a\u{a0}b",
        "a  b",
        "\u{202e}abc",
        "=?utf-8?q?a?=",
        "key: [1, 2",
        "- - -",
        "a,b",
        "a, b",
        "x:y",
        "'a",
        "a'",
        "}",
        "\u{e000}",
        "\u{10fffd}",
    ];
    prop_oneof![
        3 => select(known.to_vec()).prop_map(str::to_owned),
        1 => "[ -~]{1,40}",
        1 => "[a-z:#,\\[\\]{}&*!|>'\"%@`\\\\ -]{1,12}",
        1 => "\\PC{1,30}",
        1 => "[a-z ]{70,200}",
    ]
}

fn line() -> impl Strategy<Value = Line> {
    awkward().prop_filter_map("no line", |text| Line::parse(&text).ok().flatten())
}

fn text() -> impl Strategy<Value = Text> {
    let part = prop_oneof![
        3 => awkward(),
        1 => Just(String::new()),
        1 => (select(vec![" ", "  ", "    ", "\t", " \t"]), awkward()).prop_map(|(indent, text)| format!("{indent}{text}")),
    ];
    vec(part, 0..7).prop_filter_map("no text", |lines| Text::parse(&lines.join("\n")).ok())
}

fn word() -> impl Strategy<Value = Word> {
    prop_oneof![
        select(vec!["no", "null", "1", "1e3", "2026-12-20", "for-action", "y"]).prop_map(str::to_owned),
        "[a-z0-9][a-z0-9-]{0,12}"
    ]
    .prop_filter_map("no word", |text| Word::parse(&text).ok().flatten())
}

fn contact() -> impl Strategy<Value = Contact> {
    let address = select(vec![
        "a@b.example",
        "o'brien@b.example",
        "A.B+c@[192.0.2.1]",
        "#x@y",
        "é@b.example",
        "a,b@c",
        "!def!xyz%abc@b",
    ]);
    let quoted = |name: &str| format!("\"{}\"", name.replace('\\', "\\\\").replace('"', "\\\""));
    (maybe(awkward()), any::<bool>(), address).prop_filter_map("no contact", move |(name, quote, address)| {
        let written = match name {
            None => address.to_owned(),
            Some(name) if quote => format!("{} <{address}>", quoted(&name)),
            Some(name) => format!("{name} <{address}>"),
        };
        Contact::parse(&written).ok().flatten()
    })
}

fn date() -> impl Strategy<Value = chrono::NaiveDate> {
    (0_u32..=9999, 1_u32..=12, 1_u32..=31).prop_filter_map("no day", |(year, month, day)| {
        parse_date(&format!("{year:04}-{month:02}-{day:02}")).ok().flatten()
    })
}

fn digest() -> impl Strategy<Value = Digest> {
    any::<u64>().prop_map(|seed| Digest::of(&seed.to_be_bytes()))
}

fn name() -> impl Strategy<Value = StatementName> {
    prop_oneof![
        (1_u16..=9999, 1_u32..=20_000)
            .prop_map(|(year, serial)| StatementName::Numbered(StatementId::new(year, serial))),
        "[a-z0-9-]{3,20}".prop_filter_map("no slug", |text| Slug::parse(&text).ok().map(StatementName::Draft)),
    ]
}

fn link() -> impl Strategy<Value = Link> {
    let elsewhere = (maybe(line()), maybe(line()), maybe(line()), maybe(date()));
    prop_oneof![
        2 => name().prop_map(Link::Here),
        1 => elsewhere.prop_filter_map("no link", |(organization, reference, title, date)| {
            let says = organization.is_some() || reference.is_some() || title.is_some() || date.is_some();
            says.then_some(Link::Elsewhere { organization, reference, title, date })
        }),
    ]
}

fn purpose() -> impl Strategy<Value = Purpose> {
    word().prop_filter_map("no purpose", |word| Purpose::parse(word.as_str()).ok().flatten())
}

prop_compose! {
    fn document()(name in maybe(line()), status in maybe(word()), url in line()) -> Document {
        Document { name, status, url: Some(url) }
    }
}

prop_compose! {
    fn attachment()(file in line(), url in maybe(line()), title in maybe(line()), sha256 in maybe(digest())) -> Attachment {
        Attachment { file: Some(file), url, title, sha256 }
    }
}

prop_compose! {
    fn parties()(
        (from, contacts, send_reply_to) in (vec(line(), 0..3), vec(contact(), 0..3), maybe(contact())),
        (to, to_contacts, send_to) in (vec(line(), 0..3), vec(contact(), 0..3), maybe(contact())),
    ) -> (Sender, Receiver) {
        (Sender { groups: from, contacts, send_reply_to }, Receiver { groups: to, contacts: to_contacts, send_to })
    }
}

prop_compose! {
    fn content()(
        (direction, title, language, date) in (maybe(select(vec![Direction::Outgoing, Direction::Incoming])), maybe(line()), maybe(line()), maybe(date())),
        (from, to) in parties(),
        (purpose, deadline, in_response_to, revises) in (maybe(purpose()), maybe(date()), vec(link(), 0..3), vec(link(), 0..2)),
        (level, evidence) in (maybe(word()), vec(line(), 0..2)),
        (meeting, work_items, release, questions) in (maybe(line()), vec(line(), 0..3), maybe(line()), vec(line(), 0..2)),
        (documents, body, attachments) in (vec(document(), 0..2), text(), vec(attachment(), 0..2)),
        original in maybe((line(), maybe(digest()))),
    ) -> Content {
        Content {
            direction, title, language, date, from, to, purpose, deadline, in_response_to, revises,
            consensus: Consensus { level, evidence },
            meeting, work_items, release, questions, documents, body, attachments,
            original: original.map(|(file, sha256)| Original { file: Some(file), sha256 }),
        }
    }
}

prop_compose! {
    fn statement()(
        content in content(),
        identifiers in vec((maybe(line()), line()), 0..2),
        tags in vec(word(), 0..3),
        waivers in vec((word(), line(), word()), 0..2),
    ) -> Statement {
        Statement {
            content,
            identifiers: identifiers.into_iter().map(|(body, value)| Identifier { body, value: Some(value) }).collect(),
            tags,
            waivers: waivers.into_iter().map(|(code, reason, by)| Waiver { code: Some(code), reason: Some(reason), by: Some(by) }).collect(),
            redacted: None,
        }
    }
}

/// A detail in its normal form: nothing empty in it.
fn detail() -> impl Strategy<Value = Detail> {
    let leaf =
        text().prop_map(|text| if text.is_empty() { Text::parse("x").unwrap() } else { text }).prop_map(Detail::Text);
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            vec(inner.clone(), 1..3).prop_map(Detail::List),
            btree_map(word().prop_map(|word| word.to_string()), inner, 1..3).prop_map(Detail::Map),
        ]
    })
}

fn details(kind: ActKind) -> impl Strategy<Value = Details> {
    let keys = |keys: &'static [&'static str]| keys.iter().map(|key| (*key).to_owned()).collect::<Vec<_>>();
    let required: Vec<_> =
        keys(kind.required_details()).into_iter().map(|key| (Just(key), detail().prop_map(Some))).collect();
    let optional: Vec<_> = keys(kind.optional_details()).into_iter().map(|key| (Just(key), maybe(detail()))).collect();
    (required, optional).prop_map(|(required, optional)| {
        required.into_iter().chain(optional).filter_map(|(key, detail)| Some((key, detail?))).collect()
    })
}

prop_compose! {
    fn act()(kind in select(ActKind::ALL.to_vec()))(
        kind in Just(kind),
        (by, role, of, for_groups) in (word(), maybe(word()), maybe(word()), vec(word(), 0..3)),
        seconds in 0_i64..253_402_300_799,
        (content, preview, revokes) in (maybe(digest()), maybe(digest()), maybe(digest())),
        (recorded_by, fields, signature) in (maybe(word()), maybe(line()), maybe(text())),
        evidence in maybe("[!-~]{1,30}"),
        details in details(kind),
    ) -> Act {
        let mut act = Act::new(kind, by, Instant::from_unix(seconds).unwrap());
        act.role = role;
        act.of = of;
        act.for_groups = for_groups;
        act.content = content;
        act.preview = preview;
        act.revokes = revokes;
        act.recorded_by = recorded_by;
        act.evidence = evidence.and_then(|text| Line::parse(&text).unwrap());
        act.fields = fields;
        act.signature = signature.filter(|text| !text.is_empty());
        act.details = details;
        act
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_read_without_a_panic(bytes in vec(any::<u8>(), 0..200)) {
        reader::any_bytes(&bytes);
    }

    #[test]
    fn any_awkward_text_is_read_without_a_panic(tokens in vec(select(AWKWARD), 0..40)) {
        reader::any_bytes(tokens.concat().as_bytes());
    }

    #[test]
    fn any_change_of_a_fixture_is_read_without_a_panic(bytes in mutated()) {
        reader::any_bytes(&bytes.0);
    }

    #[test]
    fn a_letter_comes_back_as_it_was_written(statement in statement()) {
        reader::statement_comes_back(&statement);
    }

    #[test]
    fn the_canonical_form_of_a_letter_keeps_its_comments(statement in statement(), planted in vec((any::<usize>(), 0_usize..8, any::<bool>()), 0..12)) {
        let text = liaison::record::statement_yaml(&statement).unwrap();
        reader::comments_are_kept(&text, &statement, &planted);
    }

    #[test]
    fn an_act_comes_back_as_it_was_written(act in act()) {
        reader::act_comes_back(&act);
    }

    #[test]
    fn a_changed_key_changes_nothing_else_of_a_written_letter(statement in statement(), key in any::<Index>(), value in select(reader::VALUES)) {
        let text = liaison::record::statement_yaml(&statement).unwrap();
        let paths = reader::scalar_paths(&text);
        if !paths.is_empty() {
            let path = key.get::<String>(&paths);
            prop_assert!(reader::only_the_value_changes(&text, path, value), "{} in {}", path, text);
            prop_assert!(reader::only_a_key_is_removed(&text, path), "{} in {}", path, text);
        }
        for path in reader::ADDED {
            reader::only_a_key_is_added(&text, path, value);
        }
    }

    #[test]
    fn a_changed_key_changes_nothing_else_of_a_fixture(bytes in mutated(), key in any::<Index>(), value in select(reader::VALUES)) {
        reader::any_changes(&bytes.0);
        if let Ok(text) = std::str::from_utf8(&bytes.0) {
            let paths = reader::scalar_paths(text);
            if !paths.is_empty() {
                reader::only_the_value_changes(text, key.get::<String>(&paths), value);
            }
        }
    }
}
