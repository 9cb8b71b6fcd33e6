//! In which role an act is done by somebody who holds several.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test ends where it is wrong"
)]

mod common;

use common::{DIRECT, RecordRepo};

/// The role and the group of a letter's last act of a kind.
fn role_of(clone: &common::Clone<'_>, id: &str, kind: &str) -> (String, String) {
    let shown = clone.json(&["show", id]);
    let acts = shown["acts"].as_array().unwrap();
    let act = acts.iter().rfind(|act| act["act"] == kind).unwrap();
    (act["role"].as_str().unwrap().to_owned(), act["of"].as_str().unwrap().to_owned())
}

#[test]
fn a_registrar_who_is_chair_begins_a_letter_as_chair() {
    let world = RecordRepo::with_remote(DIRECT);
    let rob = world.clone_of("rob-registrar");
    let path = "directory/groups/tls.toml";
    let role = "\n[[role]]\nrole = \"chair\"\nperson = \"rob-registrar\"\nsince = 2026-01-01\n";
    rob.write(path, rob.read(path) + role);
    rob.git(&["commit", "--quiet", "-am", "Rob chairs tls"]);
    let slug = rob.new_letter("Use of ECH", &[]);
    assert_eq!(role_of(&rob, &slug, "draft"), ("chair".into(), "tls".into()));
    assert!(!rob.ok(&["check", &slug]).stdout.contains("originator-unusual"));
    rob.ok(&["comment", &slug, "hm"]);
    assert_eq!(role_of(&rob, &slug, "comment"), ("chair".into(), "tls".into()));
    let other = rob.ok(&[
        "new",
        "--from",
        "quic",
        "--to",
        "w3c",
        "--title",
        "X",
        "--purpose",
        "for-information",
        "--slug",
        "other",
    ]);
    assert_eq!(role_of(&rob, other.stdout.trim(), "draft"), ("registrar".into(), "ietf".into()));
    let mail = world.file("in.eml", std::fs::read(common::project("src/cli/example/incoming.eml")).unwrap());
    rob.ok(&["receive", &mail, "--from", "3gpp-sa3", "--to", "quic", "--purpose", "for-information"]);
    assert_eq!(role_of(&rob, "ls-2026-001", "receive"), ("registrar".into(), "ietf".into()));
}

#[test]
fn how_a_letter_came_is_not_made_up() {
    let world = RecordRepo::with_remote(DIRECT);
    let rob = world.clone_of("rob-registrar");
    let paper = world.file("letter.pdf", "%PDF-1.7\n");
    let receive = ["receive", "--from", "3gpp-sa3", "--to", "tls", "--title", "OTN", "--purpose", "for-information"];
    rob.ok(&[&receive[..], &["--original", &paper]].concat());
    rob.ok(&["show", "ls-2026-001"]).prints("via: other");
    rob.ok(&[&receive[..], &["--body", &paper, "--via", "portal"]].concat());
    rob.ok(&["show", "ls-2026-002"]).prints("via: portal");
}
