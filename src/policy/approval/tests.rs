//! Who approves what, as tables: groups, roles and acts are small texts that are read like files.

mod mailing;
mod rows;

use super::*;
use crate::config::parse_config;
use crate::digest::{act_id, content_digest, hints};
use crate::directory::{parse_group, parse_person};
use crate::domain::{Slug, StatementName};
use crate::record::{parse_act, parse_statement};
use crate::shape::Sink;

const NOW: &str = "2026-11-24T12:00:00Z";

const CONFIG: &str = "[record]\nformat = 1\nid = \"7c9e6679-7425-40de-944b-e07fc1f90ae7\"\norganization = \"ietf\"\n";

/// Group, kind, parent, and who holds which role there from when to when.
const GROUPS: &[(&str, &str, &str, &str)] = &[
    ("ietf", "ietf", "", "chair ivan, registrar rob"),
    ("iesg", "iesg", "ietf", ""),
    ("iab", "iab", "ietf", "chair irene"),
    ("irtf", "irtf", "iab", "chair rita"),
    ("cfrg", "research-group", "irtf", "chair nguyen"),
    ("sec", "area", "ietf", "area-director ada, area-director pavel, area-director felix until 2026-01-01"),
    ("rtg", "area", "ietf", "area-director otto, area-director robot"),
    ("tls", "working-group", "sec", "chair carla, area-director ada"),
    ("lamps", "working-group", "sec", "chair theo"),
    ("mpls", "working-group", "rtg", "chair maja"),
    ("club", "hobby", "ietf", "chair carla"),
    ("3gpp", "organization", "", "liaison-manager liam"),
];

fn directory() -> Directory {
    let mut directory = Directory::default();
    let mut people = std::collections::BTreeSet::new();
    for (name, kind, parent, roles) in GROUPS {
        let mut text = format!("name = \"{name}\"\nkind = \"{kind}\"\n");
        if !parent.is_empty() {
            text.push_str(&format!("parent = \"{parent}\"\n"));
        }
        for term in roles.split(", ").filter(|term| !term.is_empty()) {
            let words: Vec<&str> = term.split(' ').collect();
            let until = words.get(3).map(|day| format!("until = {day}\n")).unwrap_or_default();
            let term = format!("role = \"{}\"\nperson = \"{}\"\nsince = 2024-01-01\n{until}", words[0], words[1]);
            text.push_str(&format!("[[role]]\n{term}"));
            people.insert(words[1].to_owned());
        }
        let group = parse_group(text.as_bytes(), &mut Sink::new("group.toml")).unwrap();
        directory.groups.insert((*name).to_owned(), group.into());
    }
    for handle in people {
        let kind = if handle == "robot" { "service" } else { "person" };
        let text = format!("name = \"{handle}\"\nkind = \"{kind}\"\n");
        directory.people.insert(handle, parse_person(text.as_bytes(), &mut Sink::new("person.toml")).unwrap().into());
    }
    directory
}

fn settings(rows: &str) -> Settings {
    let mut sink = Sink::new("liaison.toml");
    let config = parse_config(format!("{CONFIG}{rows}").as_bytes(), &mut sink).unwrap();
    assert!(sink.findings.is_empty(), "{:?}", sink.findings);
    config.value
}

fn statement(from: &str, title: &str) -> String {
    format!("direction: outgoing\ntitle: {title}\nfrom: {{groups: [{from}]}}\nto: {{groups: [3gpp]}}\n")
}

/// The letter with its acts, each a line: time, kind, person, `role of group`, the groups covered, and further keys.
/// `content: present` stands for the digest of the letter, `content: former` for that of another title.
fn letter(from: &str, acts: &[&str]) -> Letter {
    let text = statement(from, "Present");
    let located = parse_statement(text.as_bytes(), &mut Sink::new("drafts/ech.yaml")).unwrap();
    let present = content_digest(&located.value.content);
    let former = parse_statement(statement(from, "Former").as_bytes(), &mut Sink::new("x")).unwrap().value.content;
    let mut letter = Letter::new(StatementName::Draft(Slug::parse("ech").unwrap()), located, Vec::new(), Vec::new(), 0);
    for line in acts {
        let text = line
            .replace("content: present", &format!("content: {present}"))
            .replace("content: former", &format!("content: {}\nfields: {}", content_digest(&former), hints(&former)))
            .replace("; ", "\n");
        let act = text.replace("revokes: first", &format!("revokes: {}", first_id(&letter)));
        let mut sink = Sink::new("acts/x.yaml");
        letter.acts.push(parse_act(act.as_bytes(), &mut sink).unwrap_or_else(|| panic!("{:?}", sink.findings)));
        assert!(sink.findings.is_empty(), "{line}: {:?}", sink.findings);
    }
    letter
}

fn first_id(letter: &Letter) -> Digest {
    let settings = settings("");
    let first = letter.acts.iter().find(|act| act.value.kind != ActKind::Draft);
    first.map_or(Digest::of(b""), |act| act_id(&act.value, settings.id.as_ref().unwrap(), "ech"))
}

/// An act as `letter` reads it, of the present content, on 1 November 2026 at some hour.
fn act(hour: u8, kind: &str, by: &str, role: &str, covered: &str) -> String {
    let (role, of) = role.split_once('@').unwrap();
    let keys = format!("act: {kind}; by: {by}; role: {role}; of: {of}; for: [{covered}]; content: present");
    let reason = if kind == "decline" { "; reason: too early" } else { "" };
    format!("{keys}; at: 2026-11-01T{hour:02}:00:00Z{reason}")
}

fn approve(hour: u8, by: &str, role: &str, covered: &str) -> String {
    act(hour, "approve", by, role, covered)
}

/// What is missing, group by group, then how many decline, then why acts do not count.
fn verdict(rows: &str, from: &str, acts: &[String]) -> String {
    verdict_of(None, rows, from, acts)
}

/// The same where some message would be mailed.
fn verdict_of(mailing: Option<&Mailing>, rows: &str, from: &str, acts: &[String]) -> String {
    let (directory, settings) = (directory(), settings(rows));
    let acts: Vec<&str> = acts.iter().map(String::as_str).collect();
    let letter = letter(from, &acts);
    let content = content_digest(&letter.statement.value.content);
    let now = Instant::parse(NOW).unwrap().unwrap();
    let approval = approval(&letter, content, mailing, &directory, &settings, now);
    let needs = approval.needs.iter().map(|need| match need.row {
        Some(_) => format!("{} {}", need.group, need.missing),
        None => format!("{} no row", need.group),
    });
    let declines = approval.declines.iter().map(|act| format!("declined by {}", act.by));
    let stale = approval.stale.iter().map(|stale| format!("stale; {}", stale.change));
    let void = approval.void.iter().map(|(_, reason)| reason.to_string());
    let told: Vec<String> = needs.chain(declines).chain(stale).chain(void).collect();
    let end = if approval.is_complete() { "complete" } else { "open" };
    format!("{}: {end}", told.join(", "))
}

fn who(rows: &str, from: &str) -> Vec<String> {
    let (directory, settings) = (directory(), settings(rows));
    let letter = letter(from, &["act: draft; by: ada; at: 2026-11-01T00:00:00Z"]);
    let now = Instant::parse(NOW).unwrap().unwrap();
    let content = content_digest(&letter.statement.value.content);
    let approval = approval(&letter, content, None, &directory, &settings, now);
    approval
        .needs
        .iter()
        .flat_map(|need| &need.who)
        .map(|holder| format!("{}@{}", holder.person, holder.group))
        .collect()
}

#[test]
fn the_seeds_table_says_who_approves() {
    for (from, people) in [
        ("tls", &["ada@tls", "pavel@sec"][..]),
        ("lamps", &["ada@sec", "pavel@sec"]),
        ("sec", &["ada@sec", "pavel@sec"]),
        ("mpls", &["otto@rtg"]),
        ("ietf", &["ivan@ietf"]),
        ("iesg", &["ivan@ietf"]),
        ("iab", &["irene@iab"]),
        ("irtf", &["rita@irtf"]),
        ("cfrg", &["rita@irtf"]),
        ("club", &[]),
        ("unheard-of", &[]),
    ] {
        assert_eq!(who("", from), people, "{from}");
    }
}

#[test]
fn who_had_authority_covers_the_from_groups() {
    for (from, acts, told) in [
        ("tls", vec![approve(9, "ada", "area-director@tls", "tls")], "tls 0: complete"),
        ("tls", vec![approve(9, "pavel", "area-director@sec", "tls")], "tls 0: complete"),
        ("lamps", vec![approve(9, "ada", "area-director@sec", "lamps")], "lamps 0: complete"),
        ("tls, lamps", vec![approve(9, "ada", "area-director@sec", "tls, lamps")], "tls 0, lamps 0: complete"),
        ("tls, lamps", vec![approve(9, "ada", "area-director@sec", "tls")], "tls 0, lamps 1: open"),
        ("tls, mpls", vec![approve(9, "ada", "area-director@sec", "tls, mpls")], "tls 0, mpls 1: open"),
        (
            "tls, mpls",
            vec![approve(9, "ada", "area-director@tls", "tls"), approve(10, "otto", "area-director@rtg", "mpls")],
            "tls 0, mpls 0: complete",
        ),
        ("sec", vec![approve(9, "pavel", "area-director@sec", "sec")], "sec 0: complete"),
        ("ietf", vec![approve(9, "ivan", "chair@ietf", "ietf")], "ietf 0: complete"),
        ("iesg", vec![approve(9, "ivan", "chair@ietf", "iesg")], "iesg 0: complete"),
        ("iab", vec![approve(9, "irene", "chair@iab", "iab")], "iab 0: complete"),
        ("cfrg", vec![approve(9, "rita", "chair@irtf", "cfrg")], "cfrg 0: complete"),
        (
            "iab",
            vec![approve(9, "ivan", "chair@ietf", "iab")],
            "iab 1, its role gave no authority for iab on 2026-11-01: open",
        ),
        (
            "cfrg",
            vec![approve(9, "nguyen", "chair@cfrg", "cfrg")],
            "cfrg 1, its role gave no authority for cfrg on 2026-11-01: open",
        ),
        (
            "tls",
            vec![approve(9, "carla", "chair@tls", "tls")],
            "tls 1, its role gave no authority for tls on 2026-11-01: open",
        ),
        (
            "tls",
            vec![approve(9, "liam", "liaison-manager@3gpp", "tls")],
            "tls 1, its role gave no authority for tls on 2026-11-01: open",
        ),
        (
            "tls",
            vec![approve(9, "felix", "area-director@sec", "tls")],
            "tls 1, its role gave no authority for tls on 2026-11-01: open",
        ),
        (
            "tls",
            vec![approve(9, "pavel", "area-director@tls", "tls")],
            "tls 1, its role gave no authority for tls on 2026-11-01: open",
        ),
        ("tls", vec![approve(9, "ada", "area-director@tls", "mpls")], "tls 1, it does not cover tls: open"),
        ("mpls", vec![approve(9, "robot", "area-director@rtg", "mpls")], "mpls 1, a service never approves: open"),
        (
            "club",
            vec![approve(9, "carla", "chair@club", "club")],
            "club no row, the approval table had no row for club on 2026-11-01: open",
        ),
        (
            "unheard-of",
            vec![approve(9, "ivan", "chair@ietf", "unheard-of")],
            "unheard-of no row, the approval table had no row for unheard-of on 2026-11-01: open",
        ),
        ("tls", vec![], "tls 1: open"),
    ] {
        assert_eq!(verdict("", from, &acts), told, "{from}: {acts:?}");
    }
}

#[test]
fn authority_is_that_of_the_acts_own_day() {
    let on = |day: &str| approve(9, "felix", "area-director@sec", "tls").replace("2026-11-01", day);
    assert_eq!(verdict("", "tls", &[on("2025-12-31")]), "tls 0: complete");
    assert_eq!(
        verdict("", "tls", &[on("2026-01-01")]),
        "tls 1, its role gave no authority for tls on 2026-01-01: open"
    );
    assert_eq!(
        verdict("", "tls", &[on("2023-12-31")]),
        "tls 1, its role gave no authority for tls on 2023-12-31: open"
    );
    let later = "[[approval]]\nact = \"send\"\nfrom = \"hobby\"\nany-of = [{ role = \"chair\" }]\nsince = 2026-11-10\n";
    let early = approve(9, "carla", "chair@club", "club");
    assert_eq!(
        verdict(later, "club", std::slice::from_ref(&early)),
        "club 1, the approval table had no row for club on 2026-11-01: open"
    );
    assert_eq!(verdict(later, "club", &[early.replace("2026-11-01", "2026-11-10")]), "club 0: complete");
}

#[test]
fn an_approval_is_of_exactly_the_present_content() {
    let approval = approve(9, "ada", "area-director@tls", "tls");
    let former = approval.replace("content: present", "content: former");
    assert_eq!(verdict("", "tls", &[former]), "tls 1, stale; changed since: title: open");
    let silent = approval.replace("; content: present", "");
    assert_eq!(verdict("", "tls", &[silent]), "tls 1, it does not name the content it is about: open");
}

#[test]
fn a_decline_with_authority_blocks_until_it_is_revoked() {
    let approval = approve(9, "ada", "area-director@tls", "tls");
    let decline = |by: &str, role: &str| act(8, "decline", by, role, "tls");
    let revoke = |by: &str| format!("act: revoke; by: {by}; at: 2026-11-01T10:00:00Z; revokes: first");
    let by_pavel = decline("pavel", "area-director@sec");
    for (acts, told) in [
        (vec![by_pavel.clone(), approval.clone()], "tls 0, declined by pavel: open"),
        (vec![by_pavel.replace("; for: [tls]", ""), approval.clone()], "tls 0, declined by pavel: open"),
        (vec![by_pavel.clone(), approval.clone(), revoke("pavel")], "tls 0: complete"),
        (vec![by_pavel.clone(), approval.clone(), revoke("ada")], "tls 0, declined by pavel: open"),
        (
            vec![by_pavel.replace("content: present", "content: former"), approval.clone()],
            "tls 0, stale; changed since: title: complete",
        ),
        (
            vec![decline("carla", "chair@tls"), approval],
            "tls 0, its role gave no authority for tls on 2026-11-01: complete",
        ),
    ] {
        assert_eq!(verdict("", "tls", &acts), told, "{acts:?}");
    }
}

#[test]
fn a_revoked_approval_is_void_for_ever() {
    let approval = approve(9, "ada", "area-director@tls", "tls");
    let revoke = |by: &str, at: &str| format!("act: revoke; by: {by}; at: {at}; revokes: first");
    let revoked = |by: &str, at: &str| verdict("", "tls", &[approval.clone(), revoke(by, at)]);
    assert_eq!(revoked("ada", "2026-11-01T10:00:00Z"), "tls 1: open");
    assert_eq!(revoked("pavel", "2026-11-01T10:00:00Z"), "tls 0: complete", "a second holder is no successor");
    let copy = [approval.clone(), revoke("ada", "2026-11-01T10:00:00Z"), approval.clone()];
    assert_eq!(verdict("", "tls", &copy), "tls 1: open", "a copy of the old file is dead");
    let again = [approval.clone(), revoke("ada", "2026-11-01T10:00:00Z"), approval.replace("T09", "T11")];
    assert_eq!(verdict("", "tls", &again), "tls 0: complete");
    let by_former = approve(9, "felix", "area-director@sec", "tls").replace("2026-11-01", "2025-12-01");
    let by_successor = [by_former, revoke("pavel", "2026-11-01T10:00:00Z")];
    assert_eq!(verdict("", "tls", &by_successor), "tls 1: open", "the successor in the role may");
}

#[test]
fn a_withdrawal_ends_what_was_approved_before() {
    let approval = |hour| approve(hour, "ada", "area-director@tls", "tls");
    let withdraw = "act: withdraw; by: carla; at: 2026-11-01T10:00:00Z; reason: not yet".to_owned();
    let reopen = "act: reopen; by: carla; at: 2026-11-01T11:00:00Z; reason: now".to_owned();
    let with = |hour| verdict("", "tls", &[approval(hour), withdraw.clone(), reopen.clone()]);
    assert_eq!([with(9), with(10)], ["tls 1: open", "tls 1: open"]);
    assert_eq!(with(12), "tls 0: complete");
}
