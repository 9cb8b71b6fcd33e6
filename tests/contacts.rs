//! Whom a letter reaches, beside golden cases of the tool in use today: the same addresses or more, each with a reason.
//!
//! Where ours reaches more, or reaches them otherwise, docs/contacts.md says why.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test ends where it is wrong"
)]

use std::collections::BTreeSet;
use std::path::Path;

use assert_cmd::Command;
use serde_json::Value;

fn record() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/contacts/record")
}

/// What `liaison contacts` says: use and address.
fn contacts(from: &[&str], to: &[&str]) -> Vec<(String, String)> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_liaison"));
    command.current_dir(record()).args(["--now", "2026-11-24T12:00:00Z", "contacts", "--format", "json"]);
    command.args(from.iter().flat_map(|group| ["--from", group])).args(to.iter().flat_map(|group| ["--to", group]));
    let output = command.output().unwrap();
    assert!(output.status.success(), "{from:?} {to:?}: {}", String::from_utf8_lossy(&output.stderr));
    let rows: Vec<Value> = serde_json::from_slice(&output.stdout).unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let cells = |row: &Value| match row["address"].as_array() {
        Some(names) => names.iter().map(text).collect(),
        None => vec![text(&row["address"])],
    };
    let used = |row: &Value| row["use"].as_str().unwrap().to_owned();
    rows.iter().flat_map(|row| cells(row).into_iter().map(move |cell| (used(row), cell))).collect()
}

/// The addresses of some uses, in lower case.
fn addresses(rows: &[(String, String)], uses: &[&str]) -> BTreeSet<String> {
    let of = rows.iter().filter(|(used, _)| uses.contains(&used.as_str()));
    of.map(|(_, text)| address(text)).collect()
}

fn address(text: &str) -> String {
    text.rsplit('<').next().unwrap().trim_end_matches('>').to_lowercase()
}

/// Addresses in a value of the cases: a list, or a text with commas between them.
fn expected(value: &Value) -> BTreeSet<String> {
    let texts: Vec<&str> = match value.as_array() {
        Some(items) => items.iter().filter_map(Value::as_str).collect(),
        None => value.as_str().into_iter().collect(),
    };
    let parts = texts.into_iter().flat_map(|text| text.split(',')).filter(|text| text.contains('@'));
    parts.map(|text| address(text.trim())).collect()
}

fn cases() -> Vec<Value> {
    let text = std::fs::read_to_string(record().join("../cases.json")).unwrap();
    serde_json::from_str::<Value>(&text).unwrap()["cases"].as_array().unwrap().clone()
}

fn missing(case: &str, expected: &BTreeSet<String>, reached: &BTreeSet<String>) -> Vec<String> {
    expected.difference(reached).map(|address| format!("{case}: {address} is not reached")).collect()
}

#[test]
fn each_kind_of_group_reaches_whom_it_reaches_today_or_more() {
    let mut faults = Vec::new();
    for case in cases() {
        let (name, group) = (case["case"].as_str().unwrap(), case["group"]["acronym"].as_str().unwrap_or_default());
        let kind = case["group"]["type"].as_str().unwrap_or_default();
        if !name.starts_with("single:") {
            continue;
        }
        let wanted: BTreeSet<String> =
            expected(&case["get_cc"]).union(&expected(&case["get_contacts_for_group"])).cloned().collect();
        let wanted: BTreeSet<String> = wanted.union(&expected(&case["v2025"]["cc_primary"])).cloned().collect();
        let reached = if kind == "sdo" {
            addresses(&contacts(&["ietf"], &[group]), &["to-contact", "informed"])
        } else {
            addresses(&contacts(&[group], &["w3c"]), &["from-contact", "informed"])
        };
        faults.extend(missing(name, &wanted, &reached));
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn groups_together_reach_whom_they_reach_today_or_more() {
    let mut faults = Vec::new();
    for case in cases() {
        let name = case["case"].as_str().unwrap();
        if !name.starts_with("pair:") {
            continue;
        }
        let acronyms = |key: &str| -> Vec<String> {
            case[key].as_array().unwrap().iter().map(|group| group["acronym"].as_str().unwrap().to_owned()).collect()
        };
        let (from, to) = (acronyms("from_groups"), acronyms("to_groups"));
        let words = |groups: &'static [String]| groups.iter().map(String::as_str).collect::<Vec<_>>();
        let rows = contacts(&words(from.leak()), &words(to.leak()));
        let reached = addresses(&rows, &["from-contact", "to-contact", "informed", "send-reply-to"]);
        let info = &case["get_info"];
        for key in ["response_contacts", "to_contacts", "cc"] {
            faults.extend(missing(name, &expected(&info[key]), &reached));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn whoever_approves_today_may_approve_and_the_known_faults_are_gone() {
    let mut faults = Vec::new();
    for case in cases().iter().filter(|case| case["case"].as_str().unwrap().starts_with("single:")) {
        let (name, group) = (case["case"].as_str().unwrap(), case["group"]["acronym"].as_str().unwrap());
        if case["group"]["type"].as_str() == Some("sdo") {
            continue;
        }
        let rows = contacts(&[group], &["w3c"]);
        let own: Vec<&str> =
            rows.iter().filter(|(used, _)| used.starts_with("approves for")).map(|(_, who)| who.as_str()).collect();
        for approver in case["approvers"].as_array().unwrap() {
            let person = approver["person"].as_str().unwrap();
            if !own.iter().any(|who| who.starts_with(person)) {
                faults.push(format!("{name}: {person} approves today, ours are {own:?}"));
            }
        }
        if own.is_empty() {
            faults.push(format!("{name}: nobody approves"));
        }
    }
    let two = contacts(&["mpls", "nolist"], &["w3c"]);
    for group in ["mpls", "nolist"] {
        if !two.iter().any(|(used, _)| *used == format!("approves for {group}")) {
            faults.push(format!("two groups together: nobody approves for {group}"));
        }
    }
    let iesg = contacts(&["iesg"], &["w3c"]);
    assert!(iesg.iter().any(|(used, who)| used == "approves for iesg" && who.contains("chair of ietf")), "{iesg:?}");
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
