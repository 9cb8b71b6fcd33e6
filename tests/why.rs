//! The chain from key to integration: whole for an honest approval whatever way it took, broken where a link is.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test ends where it is wrong"
)]

mod common;

use common::{Clone, DIRECT, PULL_REQUEST, RecordRepo};
use serde_json::Value;

const TITLE: &str = "Use of ECH in 5G core networks";

fn links(why: &Value) -> Vec<(String, bool)> {
    let links = why["approvals"][0]["links"].as_array().expect("an approval");
    let row = |link: &Value| (link["link"].as_str().unwrap().to_owned(), link["holds"].as_bool().unwrap());
    links.iter().map(row).collect()
}

#[track_caller]
fn is_whole(clone: &Clone<'_>, id: &str, grade: &str) {
    let why = clone.json(&["why", id]);
    assert_eq!(why["weakest"], grade, "{why:#}");
    let names = ["key", "person", "term", "policy row", "digest", "commit", "integration"];
    assert_eq!(links(&why), names.map(|name| (name.to_owned(), true)), "{why:#}");
}

#[test]
fn an_approval_keeps_its_chain_through_merge_squash_and_rebase() {
    for way in
        [&["merge", "--quiet", "--no-ff", "--no-edit"][..], &["merge", "--quiet", "--squash"], &["rebase", "--quiet"]]
    {
        let world = RecordRepo::with_remote(PULL_REQUEST);
        let carla = world.clone_of("carla-sample");
        let slug = carla.new_letter(TITLE, &[]);
        carla.being("ada-example").ok(&["approve", &slug]);
        carla.fails(1, &["why", &slug]).prints("it is not on origin/main yet").prints("[signed]");
        let branch = carla.git(&["symbolic-ref", "--short", "HEAD"]);
        carla.git(&["switch", "--quiet", "main"]);
        carla.git(&["commit", "--quiet", "--allow-empty", "-m", "Meanwhile"]);
        if way[0] == "rebase" {
            carla.git(&["switch", "--quiet", &branch]);
            carla.git(&["rebase", "--quiet", "main"]);
            carla.git(&["switch", "--quiet", "main"]);
            carla.git(&["merge", "--quiet", "--ff-only", &branch]);
        } else {
            carla.git(&way.iter().copied().chain([branch.as_str()]).collect::<Vec<_>>());
            if way.contains(&"--squash") {
                carla.git(&["commit", "--quiet", "-m", "Squashed"]);
            }
        }
        carla.git_as_forge(&["push", "--quiet", "origin", "main"]);
        is_whole(&carla, &slug, "signed");
    }
}

#[test]
fn roles_are_those_of_the_time_and_keys_of_the_commit_before() {
    let world = RecordRepo::with_remote(DIRECT);
    let carla = world.clone_of("carla-sample");
    let slug = carla.new_letter(TITLE, &[]);
    carla.being("ada-example").ok(&["approve", &slug]);
    carla.ok(&["send", &slug]);
    let path = "directory/groups/tls.toml";
    let ended = carla.read(path).replace("person = \"ada-example\"", "until = 2026-11-25\nperson = \"ada-example\"");
    carla.write(path, ended);
    carla.git(&["commit", "--quiet", "-am", "A term ends"]);
    carla.git(&["push", "--quiet"]);
    is_whole(&carla.now("2027-03-01T10:00:00Z"), "ls-2026-001", "signed");
    carla
        .ok(&["why", "ls-2026-001"])
        .prints("area-director of tls")
        .prints("to forge it  the private key of ada-example");
}

#[test]
fn what_nothing_stands_behind_is_said_to_be_so() {
    let world = RecordRepo::with_remote(DIRECT);
    let carla = world.clone_of("carla-sample");
    let slug = carla.new_letter(TITLE, &[]);
    carla.fails(1, &["why", &slug]).prints("no approval counts");
    carla.ok(&["approve", &slug, "--recorded-for", "pavel-priklad", "--evidence", "mid:1@networks.example"]);
    let why = carla.json(&["why", &slug]);
    assert_eq!(why["weakest"], "asserted");
    carla
        .ok(&["why", &slug])
        .prints("recorded by carla-sample, evidence mid:1@networks.example")
        .prints("leave to push");
    carla.fails(2, &["why", &slug, "--format", "csv"]).says("a chain has no rows");
}

#[test]
fn what_was_ratified_after_it_left_has_its_chain_too() {
    let world = RecordRepo::with_remote(DIRECT);
    let carla = world.clone_of("carla-sample");
    let slug = carla.new_letter(TITLE, &[]);
    carla.ok(&["mark-sent", &slug, "--url", "https://portal.example/1", "--reason", "the portal closed that day"]);
    carla.fails(1, &["why", "ls-2026-001"]).prints("no approval counts");
    carla.being("ada-example").ok(&["ratify", "ls-2026-001", "--comment", "I had seen it"]);
    carla.ok(&["why", "ls-2026-001"]).prints("ratify by Ada Example").prints("weakest proof: signed");
}
