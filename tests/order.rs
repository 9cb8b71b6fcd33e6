//! A letter's acts stand in the order in which they were made, whatever the clock says.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test ends where it is wrong"
)]

mod common;

use common::{DIRECT, RecordRepo};

#[test]
fn acts_of_one_second_keep_the_order_in_which_they_were_made() {
    let world = RecordRepo::with_remote(DIRECT);
    let mail = world.file("in.eml", std::fs::read(common::project("src/cli/example/incoming.eml")).unwrap());
    let cora = world.clone_of("cora-beispiel").now("2026-11-24T10:00:00Z");
    cora.ok(&["receive", &mail, "--from", "3gpp-sa3", "--to", "tls", "--purpose", "for-information"]);
    for _ in 0..3 {
        cora.ok(&["assign", "ls-2026-001"]);
    }
    cora.ok(&["resolve", "ls-2026-001", "--outcome", "no-response-intended", "--reason", "for information only"]);
    let shown = cora.json(&["show", "ls-2026-001"]);
    let acts: Vec<(&str, &str)> = shown["acts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|act| (act["act"].as_str().unwrap(), act["at"].as_str().unwrap()))
        .collect();
    let kinds: Vec<&str> = acts.iter().map(|(kind, _)| *kind).collect();
    assert_eq!(kinds, ["receive", "assign", "assign", "assign", "resolve"]);
    assert!(acts.windows(2).all(|two| two[0].1 < two[1].1), "{acts:?}");
}

#[test]
fn a_burst_of_acts_is_followed_by_a_sending() {
    let world = RecordRepo::with_remote(DIRECT);
    let carla = world.clone_of("carla-sample").now("2026-11-24T10:00:00Z");
    let slug = carla.new_letter("Use of ECH", &[]);
    carla.ok(&["comment", &slug, "hm"]);
    carla.being("ada-example").ok(&["approve", &slug]).says("next: liaison send");
    carla.ok(&["send", &slug]);
    carla.ok(&["mark-sent", "ls-2026-001", "--copy", "outbox/new/ls-2026-001.eml"]);
    let shown = carla.json(&["show", "ls-2026-001"]);
    let kinds: Vec<&str> = shown["acts"].as_array().unwrap().iter().map(|act| act["act"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["draft", "comment", "approve", "sending", "handed-over", "sent"]);
    carla.ok(&["check"]);
    carla
        .now("2026-11-24T09:00:00Z")
        .fails(75, &["comment", "ls-2026-001", "hm"])
        .says("one of the two clocks is wrong");
}
