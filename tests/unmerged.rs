//! With a protected mainline: what every command says of a letter on its way to the mainline, and on which branch one stands
//! after a command.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test ends where it is wrong"
)]

mod common;

use common::{Clone, PULL_REQUEST, RecordRepo};
use serde_json::Value;

const SLUG: &str = "use-of-ech";

/// A protected record with a letter that is approved and merged.
fn with_approved() -> RecordRepo {
    let world = RecordRepo::with_remote(PULL_REQUEST);
    let carla = world.clone_of("carla-sample");
    carla.new_letter("Use of ECH", &[]);
    carla.being("ada-example").ok(&["approve", SLUG]);
    carla.git(&["push", "--quiet", "origin", "HEAD:main"]);
    world.protect();
    world
}

fn receive<'w>(world: &'w RecordRepo) -> Clone<'w> {
    let rob = world.clone_of("rob-registrar");
    let mail = world.file("in.eml", std::fs::read(common::project("src/cli/example/incoming.eml")).unwrap());
    rob.ok(&["receive", &mail, "--from", "3gpp-sa3", "--to", "tls", "--purpose", "for-information"]);
    rob
}

fn on(clone: &Clone<'_>) -> String {
    clone.git(&["branch", "--show-current"])
}

fn listed(clone: &Clone<'_>, words: &[&str]) -> Vec<String> {
    let rows = clone.json(words);
    rows.as_array().unwrap().iter().map(|row| row["state"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn all_commands_say_alike_how_far_a_sending_got() {
    let world = with_approved();
    let carla = world.clone_of("carla-sample");
    carla.ok(&["send", SLUG]);
    // Whoever is stopped between the outbox and the note in the ledger has made the act, and left no note.
    let forge = world.clone_of("rob-registrar");
    let noted = "2026/ls-2026-001.handed-over";
    world.git(&world.remote(), &["update-ref", "refs/heads/liaison/outbox", "refs/heads/liaison/outbox^"]);
    forge.git(&["fetch", "--quiet"]);
    let ledger = world.git(&world.remote(), &["ls-tree", "-r", "--name-only", "liaison/outbox"]);
    assert!(!ledger.contains(noted), "{ledger}");
    carla.git(&["fetch", "--quiet"]);
    for clone in [&carla, &forge] {
        assert_eq!(clone.state(SLUG), "handed-over");
        assert_eq!(listed(clone, &["list"]), ["handed-over as ls-2026-001, not-on-mainline"]);
        clone.ok(&["status"]).says("ls-2026-001: handed-over, not yet on main; merge origin/liaison/send/ls-2026-001");
        let log: Value = clone.json(&["log", SLUG]);
        let told: Vec<&str> = log.as_array().unwrap().iter().map(|row| row["details"].as_str().unwrap()).collect();
        assert!(told.iter().any(|told| told.contains("sending by carla-sample")), "{told:?}");
        assert!(told.iter().any(|told| told.contains("handed-over by carla-sample")), "{told:?}");
        assert!(told.iter().any(|told| told.contains("approve by ada-example")), "{told:?}");
    }
}

#[test]
fn what_is_approved_and_not_merged_is_merged_before_it_is_sent() {
    let world = RecordRepo::with_remote(PULL_REQUEST);
    world.protect();
    let carla = world.clone_of("carla-sample");
    let slug = carla.new_letter("Use of ECH", &[]);
    let merge = format!("next: merge statement/{slug} into main: what is sent is what everybody can see");
    carla.being("ada-example").ok(&["approve", &slug]).says(&merge);
    carla.git_as_forge(&["push", "--quiet", "origin", "HEAD:main"]);
    let told = carla.being("ada-example").ok(&["approve", &slug]).says("next: liaison send");
    assert!(!told.stderr.contains("next: merge"), "{}", told.stderr);
    carla.ok(&["send", &slug]);
}

#[test]
fn a_letter_that_was_received_is_listed_before_it_is_merged() {
    let world = with_approved();
    let rob = receive(&world);
    for words in [&["list", "--direction", "incoming"][..], &["list", "--state", "not-on-mainline"]] {
        assert_eq!(listed(&rob, words), ["received, not-on-mainline"], "{words:?}");
    }
    rob.ok(&["status"]).says("ls-2026-001: received, not yet on main");
    rob.ok(&["assign", "ls-2026-001"]);
    assert_eq!(on(&rob), "liaison/send/ls-2026-001");
    assert_eq!(listed(&rob, &["list", "--direction", "incoming"]), ["assigned"], "it is here now, once");
    rob.git(&["switch", "--quiet", "main"]);
    assert_eq!(listed(&rob, &["list", "--state", "assigned"]), ["assigned, not-on-mainline"]);
    rob.git_as_forge(&["push", "--quiet", "origin", "origin/liaison/send/ls-2026-001:main"]);
    rob.git(&["pull", "--quiet"]);
    assert_eq!(listed(&rob, &["list", "--direction", "incoming"]), ["assigned"]);
}

#[test]
fn what_is_refused_on_a_letter_s_branch_leaves_one_where_one_was() {
    let world = with_approved();
    let (carla, theo) = (world.clone_of("carla-sample"), world.clone_of("theo-exemplo"));
    let plans = carla.new_letter("Plans", &[]);
    let before = theo.standing();
    let branches = theo.git(&["branch", "--list"]);
    for (code, words) in [
        (1, &["send", &plans][..]),
        (1, &["approve", &plans]),
        (2, &["edit", &plans, "--set", "nonsense"]),
        (1, &["assign", &plans]),
    ] {
        theo.fails(code, words).says("back on main, as before");
        assert!(theo.standing() == before, "{words:?}");
        assert_eq!(theo.git(&["branch", "--list"]), branches, "no branch is left behind");
    }
    theo.ok(&["comment", &plans, "hm"]);
    theo.git(&["switch", "--quiet", "main"]);
    theo.fails(1, &["send", &plans]).says("back on main, as before");
    assert_eq!(on(&theo), "main");
    assert!(theo.git(&["branch", "--list"]).contains(&format!("statement/{plans}")), "a branch of one's own stays");
}

#[test]
fn whoever_is_left_on_another_branch_is_told_the_way_back() {
    let world = with_approved();
    let carla = world.clone_of("carla-sample");
    let told = |branch: &str| format!("you are on the branch {branch} now; git switch main goes back");
    carla.ok(&["new", "--from", "tls", "--to", "w3c", "--title", "Plans", "--purpose", "for-information"]);
    carla.git(&["switch", "--quiet", "main"]);
    carla.ok(&["comment", "plans", "hm"]).says(&told("statement/plans"));
    assert!(!carla.ok(&["comment", "plans", "hm"]).stderr.contains("goes back"), "one stays where one is");
    carla.git(&["switch", "--quiet", "main"]);
    carla.ok(&["send", SLUG]);
    assert_eq!(on(&carla), "main");
    let copy = carla.path.join("outbox/new/ls-2026-001.eml").display().to_string();
    carla.ok(&["mark-sent", "ls-2026-001", "--copy", &copy]).says(&told("liaison/send/ls-2026-001"));
    let rob = world.clone_of("rob-registrar");
    rob.ok(&["comment", "ls-2026-001", "hm"]).says(&told("liaison/send/ls-2026-001"));
}
