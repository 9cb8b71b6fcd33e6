//! With whom a received letter is, and until when it is open: every command says the same.

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

/// A record with a letter from SA3 to some of our groups, due on 1 January.
fn received<'w>(world: &'w RecordRepo, to: &[&str], more: &[&str]) -> Clone<'w> {
    let rob = world.first("rob-registrar", DIRECT);
    let body = world.file("body.txt", "Please tell us.\n");
    let mut args = vec!["receive", "--from", "3gpp-sa3", "--title", "W", "--body", &body];
    args.extend(to.iter().flat_map(|group| ["--to", group]));
    args.extend(more);
    rob.ok(&args);
    rob
}

const DUE: [&str; 4] = ["--purpose", "for-action", "--deadline", "2027-01-01"];

/// The row of a letter in a list, if it is in it.
fn row(clone: &Clone<'_>, command: &[&str], id: &str) -> Option<Value> {
    clone.json(command).as_array().unwrap().iter().find(|row| row["id"] == id).cloned()
}

#[test]
fn a_redirected_letter_is_with_the_other_group() {
    let world = RecordRepo::new();
    let rob = received(&world, &["tls"], &DUE);
    let before = rob.read("statements/2026/ls-2026-001.yaml");
    rob.ok(&["assign", "001"]).prints("carla-sample");
    rob.ok(&["redirect", "001", "--to", "quic", "--reason", "x"]);
    assert_eq!(rob.read("statements/2026/ls-2026-001.yaml"), before, "the letter is frozen");
    assert_eq!(rob.state("001"), "received", "whoever had it has it no longer");
    let shown = rob.json(&["show", "001"]);
    assert_eq!((&shown["with"], &shown["to"]["groups"]), (&Value::from(vec!["quic"]), &Value::from(vec!["tls"])));
    rob.ok(&["show", "001"]).prints("With            quic").prints("from: tls; to: quic");
    for group in ["quic", "tls"] {
        assert!(row(&rob, &["list", "--to", group], "ls-2026-001").is_some(), "{group}");
    }
    assert!(row(&rob, &["list", "--to", "mpls"], "ls-2026-001").is_none());
    let waits = row(&rob, &["status"], "ls-2026-001").unwrap();
    assert!(!waits["waits-for"].to_string().contains("carla-sample"), "{waits}");
    assert_eq!(row(&rob, &["due"], "ls-2026-001").unwrap()["who-owes"], Value::from(vec!["quic"]));
    let chair = rob.json(&["group", "show", "quic"])["roles"][0]["person"].as_str().unwrap().to_owned();
    rob.ok(&["assign", "001"]).prints(&format!("assigned to {chair}"));
    rob.ok(&["reply", "001", "--slug", "our-reply", "--as", &chair]);
    let reply = rob.json(&["show", "our-reply"]);
    assert_eq!(reply["from"]["groups"], Value::from(vec!["quic"]));
}

#[test]
fn one_of_several_groups_passes_it_on() {
    let world = RecordRepo::new();
    let rob = received(&world, &["tls", "quic"], &DUE);
    rob.ok(&["assign", "001", "--to", "carla-sample"]);
    rob.fails(1, &["redirect", "001", "--from", "mpls", "--to", "rtg"]).says("is not with mpls").says("tls, quic");
    rob.ok(&["redirect", "001", "--from", "quic", "--to", "mpls"]);
    let shown = rob.json(&["show", "001"]);
    assert_eq!(shown["with"], Value::from(vec!["tls", "mpls"]));
    assert_eq!(shown["state"], "assigned", "tls has it still");
    rob.fails(1, &["redirect", "001", "--from", "mpls", "--to", "mpls"]).says("is with mpls already");
}

#[test]
fn whom_it_was_passed_on_to_knows_of_it_and_owes_nothing() {
    let world = RecordRepo::new();
    let rob = received(&world, &["tls"], &DUE);
    rob.ok(&["distribute", "001", "--group", "mpls"]);
    assert!(row(&rob, &["list", "--to", "mpls"], "ls-2026-001").is_some());
    let shown = rob.json(&["show", "001"]);
    assert_eq!((&shown["with"], &shown["passed-on-to"]), (&Value::from(vec!["tls"]), &Value::from(vec!["mpls"])));
    assert_eq!(row(&rob, &["due"], "ls-2026-001").unwrap()["who-owes"], Value::from(vec!["tls"]));
}

#[test]
fn what_will_be_done_is_open_until_the_day_that_was_promised() {
    for more in [&DUE[..], &["--purpose", "for-action"]] {
        let world = RecordRepo::new();
        let rob = received(&world, &["tls"], more);
        rob.ok(&["assign", "001"]);
        let promise = ["resolve", "001", "--outcome", "will-be-done", "--until", "2027-03-01", "--told", "by mail"];
        rob.ok(&promise).prints("will be done by 2027-03-01; open until then");
        let shown = rob.json(&["show", "001"]);
        assert_eq!((&shown["state"], &shown["open-until"]), (&"assigned".into(), &"2027-03-01".into()));
        assert_eq!(shown["flags"], Value::from(vec!["promised"]));
        rob.ok(&["show", "001"]).prints("[assigned, promised]").prints("Open until      2027-03-01, as promised");
        assert_eq!(row(&rob, &["due"], "ls-2026-001").unwrap()["deadline"], "2027-03-01");
        let listed = row(&rob, &["list", "--state", "promised"], "ls-2026-001").unwrap();
        assert_eq!((&listed["state"], &listed["open-until"]), (&"assigned, promised".into(), &"2027-03-01".into()));
        assert_eq!(row(&rob, &["status"], "ls-2026-001").unwrap()["state"], "assigned, promised, by 2027-03-01");
        let late = rob.now("2027-03-03T12:00:00Z");
        assert!(row(&late, &["list", "--state", "overdue"], "ls-2026-001").is_some());
        rob.now("2027-03-03T12:00:00Z").ok(&["resolve", "001", "--outcome", "done", "--told", "by mail"]);
        assert_eq!(rob.state("001"), "resolved");
        assert!(row(&late, &["due"], "ls-2026-001").is_none());
    }
}

#[test]
fn a_letter_of_ours_that_was_settled_says_so_beside_that_it_was_sent() {
    let world = RecordRepo::with_remote(DIRECT);
    let carla = world.clone_of("carla-sample");
    let slug = carla.new_letter("ECH in 5G core networks", &[]);
    carla.being("ada-example").ok(&["approve", &slug]);
    carla.ok(&["send", &slug]);
    carla.ok(&["mark-sent", "ls-2026-001", "--copy", "outbox/new/ls-2026-001.eml"]);
    carla.ok(&["resolve", "001", "--outcome", "will-be-done", "--until", "2027-02-01"]);
    assert_eq!(row(&carla, &["due", "--theirs"], "ls-2026-001").unwrap()["deadline"], "2027-02-01");
    carla.ok(&["resolve", "001", "--outcome", "done"]).prints("resolved, done");
    assert_eq!(row(&carla, &["list", "--state", "resolved"], "ls-2026-001").unwrap()["state"], "sent, resolved");
    carla.ok(&["show", "001"]).prints("[sent, resolved]");
    assert!(row(&carla, &["due"], "ls-2026-001").is_none());
}
