//! A finding about the form of a file names the next step, and stands where the fault is.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test ends where it is wrong"
)]

mod common;

use common::{Clone, DIRECT, RecordRepo};
use serde_json::Value;

/// What `check` finds in a record with one more file.
fn findings(clone: &Clone<'_>) -> Vec<Value> {
    let ran = clone.fails(1, &["check", "--format", "json"]);
    let report: Value = serde_json::from_str(&ran.stdout).unwrap();
    let list = report.get("findings").unwrap_or(&report);
    list.as_array().unwrap().clone()
}

#[test]
fn faults_of_form_name_the_next_step() {
    for (path, text, code, help) in [
        ("drafts/one.yaml", "direction: sideways\n".to_owned(), "invalid-value", "docs/format.md"),
        ("drafts/one.yaml", "title: {a: b}\n".to_owned(), "wrong-shape", "docs/format.md"),
        ("drafts/one.yaml", "title: \"open\n".to_owned(), "yaml-syntax", "mend the line"),
        ("drafts/one.yaml", "questions: [a, b\n\n\n".to_owned(), "yaml-syntax", "write the `]` that is missing"),
        ("drafts/one.yaml", format!("a: {}", "[".repeat(100_000)), "too-deep", "flat"),
        ("drafts/one.yaml", format!("a: {}", "[".repeat(40)), "too-deep", "flat"),
        ("directory/groups/tls.toml", "name = TLS\n".to_owned(), "toml-syntax", "texts in quotes"),
    ] {
        let world = RecordRepo::new();
        let clone = world.first("rob-registrar", DIRECT);
        clone.write(path, text);
        let found = findings(&clone);
        let one = found.iter().find(|finding| finding["code"] == code).unwrap_or_else(|| panic!("{code}: {found:?}"));
        assert!(one["help"].as_str().is_some_and(|told| told.contains(help)), "{one}");
    }
}

#[test]
fn what_is_not_closed_is_told_with_where_it_was_opened() {
    let world = RecordRepo::new();
    let clone = world.first("rob-registrar", DIRECT);
    clone.write("drafts/one.yaml", "direction: outgoing\nquestions: [a, b\n\n\n");
    clone.fails(1, &["check"]).prints("`[` was opened here");
    let found = findings(&clone);
    let one = found.iter().find(|finding| finding["code"] == "yaml-syntax").unwrap();
    assert_eq!(one["related"][0]["line"], 2, "{one}");
}

#[test]
fn settings_that_cannot_be_read_judge_nothing() {
    let world = RecordRepo::new();
    let clone = world.first("rob-registrar", "");
    clone.write("liaison.toml", clone.read("liaison.toml") + "\nbroken = \n");
    clone.write("drafts/one.yaml", "direction: sideways\nfrom: {groups: [nobody]}\n");
    let codes: Vec<String> = findings(&clone).iter().map(|one| one["code"].as_str().unwrap().to_owned()).collect();
    assert_eq!(codes, ["invalid-value", "toml-syntax"]);
}
