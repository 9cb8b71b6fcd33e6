//! A record of twenty-five real statements: it checks without an error, and its oddities get the warnings they deserve.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test ends where it is wrong"
)]

use std::collections::BTreeMap;
use std::path::Path;

use assert_cmd::Command;
use serde_json::Value;

/// The warnings of each letter that has some.
const WARNINGS: [(&str, &[&str]); 9] = [
    ("ls-2006-003", &["date-missing", "deadline-missing", "title-missing"]),
    ("ls-2007-003", &["to-missing"]),
    ("ls-2009-002", &["deadline-missing"]),
    ("ls-2012-002", &["purpose-for-comment"]),
    ("ls-2020-002", &["purpose-unknown"]),
    ("ls-2021-001", &["date-missing", "purpose-unknown"]),
    ("ls-2023-001", &["date-missing", "purpose-missing", "title-missing"]),
    ("ls-2024-001", &["date-missing", "purpose-missing"]),
    ("ls-2025-001", &["date-missing", "deadline-missing"]),
];

fn run(args: &[&str], code: i32) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_liaison"));
    command.current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/real-record"));
    let output = command.args(["--now", "2026-11-24T12:00:00Z", "--quiet"]).args(args).output().unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{args:?}: {stderr}");
    String::from_utf8(output.stdout).unwrap()
}

fn json(args: &[&str]) -> Value {
    let args: Vec<&str> = args.iter().copied().chain(["--format", "json"]).collect();
    serde_json::from_str(&run(&args, 0)).unwrap()
}

#[test]
fn every_oddity_has_its_warning_and_none_is_an_error() {
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for finding in json(&["check"])["findings"].as_array().unwrap() {
        assert_eq!(finding["severity"], "warning", "{finding}");
        let stem = Path::new(finding["file"].as_str().unwrap()).file_stem().unwrap().to_string_lossy().into_owned();
        found.entry(stem).or_default().push(finding["code"].as_str().unwrap().to_owned());
    }
    found.values_mut().for_each(|codes| codes.sort());
    let expected = WARNINGS.iter();
    let expected: BTreeMap<String, Vec<String>> =
        expected.map(|(id, codes)| ((*id).to_owned(), codes.iter().map(|code| (*code).to_owned()).collect())).collect();
    assert_eq!(found, expected);
    run(&["check", "--strict"], 1);
}

#[test]
fn lists_answer_on_it() {
    assert_eq!(json(&["list"]).as_array().unwrap().len(), 25);
    let ids = |value: Value| -> Vec<String> {
        value.as_array().unwrap().iter().map(|row| row["id"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(
        ids(json(&["list", "--since", "2018-01-01", "--until", "2018-12-31", "--sort", "id"])),
        ["ls-2018-001", "ls-2018-002"]
    );
    assert_eq!(
        ids(json(&["list", "--to", "rtg", "--state", "received", "--since", "2014-01-01"])),
        ["ls-2018-002", "ls-2014-003"]
    );
    assert_eq!(ids(json(&["list", "--purpose", "for-comment"])), ["ls-2012-002"]);
    assert_eq!(ids(json(&["list", "quic"])), ["ls-2020-001"]);
    assert_eq!(ids(json(&["list", "--state", "overdue"])), ["ls-2012-002"]);
    assert_eq!(ids(json(&["due"])), ["ls-2012-002"]);
    assert!(ids(json(&["status"])).contains(&"ls-2012-001".to_owned()));
}

#[test]
fn a_letter_is_found_by_its_peers_numbers_and_shows_its_thread() {
    let shown = json(&["show", "SP-200095"]);
    assert_eq!((shown["id"].as_str(), shown["state"].as_str()), (Some("ls-2020-001"), Some("received")));
    let original = json(&["show", "2007-002"]);
    assert_eq!(original["answered-by"], serde_json::json!(["ls-2007-003"]));
    assert!(original["flags"].as_array().unwrap().contains(&"answered".into()));
    assert!(run(&["show", "ls-2007-003"], 0).contains("ls-2007-002"));
}
