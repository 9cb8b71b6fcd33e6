//! A number is given once: also where its letter, or its entry in the ledger, was taken out by hand.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test ends where it is wrong"
)]

mod common;

use common::{Clone, DIRECT, PULL_REQUEST, RecordRepo};

/// Takes files out by hand, and pushes that.
fn take_out(clone: &Clone<'_>, paths: &[&str]) {
    clone.git(&[&["rm", "-r", "--quiet"], paths].concat());
    clone.git(&["commit", "--quiet", "-m", "Tidy up"]);
    clone.git(&["push", "--quiet"]);
}

fn approved(clone: &Clone<'_>, title: &str) -> String {
    let slug = clone.new_letter(title, &[]);
    clone.being("ada-example").ok(&["approve", &slug]);
    slug
}

#[test]
fn the_number_of_a_letter_that_was_taken_out_is_not_given_again() {
    let world = RecordRepo::with_remote(DIRECT);
    let carla = world.clone_of("carla-sample");
    let slug = approved(&carla, "Use of ECH");
    carla.ok(&["send", &slug]).says("became ls-2026-001");
    let year = "statements/2026";
    let paths = [&format!("drafts/{slug}.yaml"), &format!("{year}/ls-2026-001.yaml"), &format!("{year}/ls-2026-001")];
    take_out(&carla, &paths.map(String::as_str));
    assert_eq!(carla.names(year), Vec::<String>::new());
    let next = approved(&carla, "Another letter");
    carla.ok(&["send", &next, "--dry-run"]).prints("would become ls-2026-002");
    carla.ok(&["send", &next]).says("became ls-2026-002");
    let mail = world.file("in.eml", std::fs::read(common::project("src/cli/example/incoming.eml")).unwrap());
    let receive = ["receive", &mail, "--from", "3gpp-sa3", "--to", "tls", "--purpose", "for-information"];
    carla.ok(&receive).prints("ls-2026-003");
    take_out(&carla, &["statements/2026/ls-2026-003.yaml", "statements/2026/ls-2026-003"]);
    carla.ok(&[&receive[..], &["--no-push"]].concat()).prints("ls-2026-004");

    // What was never pushed is free again.
    carla.ok(&["undo", "--yes"]).says("the number becomes free again");
    carla.ok(&receive).prints("ls-2026-004");
}

#[test]
fn a_number_that_only_the_ledger_s_history_holds_is_not_given_again() {
    let world = RecordRepo::with_remote(PULL_REQUEST);
    let carla = world.clone_of("carla-sample");
    let slug = approved(&carla, "Use of ECH");
    carla.git(&["push", "--quiet", "origin", "HEAD:main"]);
    carla.ok(&["send", &slug]).says("became ls-2026-001");
    carla.git(&["switch", "--quiet", "--create", "emptied", "refs/remotes/origin/liaison/outbox"]);
    carla.git(&["rm", "-r", "--quiet", "2026", "drafts"]);
    carla.git(&["commit", "--quiet", "-m", "Tidy up"]);
    carla.git(&["push", "--quiet", "origin", "HEAD:liaison/outbox"]);
    carla.git(&["switch", "--quiet", "main"]);
    let next = approved(&carla, "Another letter");
    carla.git(&["push", "--quiet", "origin", "HEAD:main"]);
    carla.ok(&["send", &next]).says("became ls-2026-002");
}
