//! Nothing is signed under a record id that was only written into `liaison.toml`: it would count nowhere.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test ends where it is wrong"
)]

mod common;

use common::{Clone, DIRECT, RecordRepo};

const OWN: &str = "7c9e6679-7425-40de-944b-e07fc1f90ae7";
const OTHER: &str = "11111111-7425-40de-944b-e07fc1f90ae7";
const MAY: &str = "nothing is signed for another record; nothing was changed";

/// Writes another id, as an editor or a wrong merge does.
fn exchange(clone: &Clone<'_>) {
    clone.write("liaison.toml", clone.read("liaison.toml").replace(OWN, OTHER));
}

/// Commands that write an act, or what is signed, each by whoever may.
fn refused_everywhere(clone: &Clone<'_>, slug: &str, parts: &[&str]) {
    let before = clone.standing();
    let add = ["person", "add", "nils-neu", "--name", "Nils Neu", "--address", "nils@example.org"];
    let body = clone.world.file("letter.txt", "Dear colleagues,\n\nhello.\n");
    let new = ["new", "--from", "tls", "--to", "3gpp-sa3", "--title", "More", "--purpose", "for-information"];
    let new = [&new[..], &["--body", &body]].concat();
    let cases: [(&str, &[&str]); 5] = [
        ("rob-registrar", &add),
        ("ada-example", &["approve", slug]),
        ("carla-sample", &["comment", slug, "hm"]),
        ("carla-sample", &["approve", slug, "--reaffirm", "--no-commit"]),
        ("carla-sample", &new),
    ];
    for (person, words) in cases {
        let person = if words.contains(&"--reaffirm") { "ada-example" } else { person };
        let ran = clone.being(person).fails(1, words);
        let ran = parts.iter().fold(ran.says(OTHER).says(OWN).says(MAY), |ran, part| ran.says(part));
        assert!(ran.stdout.is_empty(), "{words:?}: {}", ran.stdout);
        assert!(clone.standing() == before, "{words:?}: nothing was changed");
    }
}

#[test]
fn an_id_that_is_not_committed_binds_nothing() {
    let world = RecordRepo::new();
    let rob = world.first("rob-registrar", DIRECT);
    let slug = rob.being("carla-sample").new_letter("Use of ECH", &[]);
    exchange(&rob);
    refused_everywhere(&rob, &slug, &["git restore --staged --worktree liaison.toml", "liaison record-change"]);
    rob.git(&["add", "liaison.toml"]);
    rob.fails(1, &["role", "end", "chair", "tls", "theo-exemplo"]).says(MAY);
    rob.fails(1, &["approval-request", &slug]).says(MAY);
    rob.git(&["restore", "--staged", "--worktree", "liaison.toml"]);
    rob.being("ada-example").ok(&["approve", &slug]);
}

#[test]
fn an_id_that_the_remote_does_not_know_binds_nothing() {
    let world = RecordRepo::with_remote(DIRECT);
    let rob = world.clone_of("rob-registrar");
    let slug = rob.being("carla-sample").new_letter("Use of ECH", &[]);
    exchange(&rob);
    rob.git(&["commit", "--quiet", "--all", "-m", "Another id"]);
    let mend = "git restore --source=refs/remotes/origin/main liaison.toml";
    refused_everywhere(&rob, &slug, &["origin/main has", mend]);
}

#[test]
fn an_id_that_was_committed_beside_the_act_that_vouches_for_the_settings_binds_nothing() {
    let world = RecordRepo::new();
    let rob = world.first("rob-registrar", DIRECT);
    rob.write("liaison.toml", rob.read("liaison.toml") + "\n[due]\nsoon = 7\n");
    rob.ok(&["record-change", "--yes"]);
    let slug = rob.being("carla-sample").new_letter("Use of ECH", &[]);
    exchange(&rob);
    rob.git(&["commit", "--quiet", "--all", "-m", "Another id"]);
    let before = rob.standing();
    let told = format!("its newest act vouches for {OWN}");
    rob.fails(1, &["role", "begin", "area-director", "sec", "carla-sample"]).says(&told).says("git log -p --");
    rob.being("ada-example").fails(1, &["approve", &slug]).says(&told);
    assert!(rob.standing() == before);
    exchange_back(&rob);
    rob.git(&["commit", "--quiet", "--all", "-m", "The id again"]);
    rob.being("ada-example").ok(&["approve", &slug]);
}

fn exchange_back(clone: &Clone<'_>) {
    clone.write("liaison.toml", clone.read("liaison.toml").replace(OTHER, OWN));
}

#[test]
fn a_record_may_get_another_id_by_an_act_and_knows_the_one_before() {
    let world = RecordRepo::with_remote(DIRECT);
    let rob = world.clone_of("rob-registrar");
    let carla = world.clone_of("carla-sample");
    let slug = carla.new_letter("Use of ECH", &[]);
    rob.git(&["pull", "--quiet"]);
    let former = format!("id = \"{OTHER}\"\nformer-ids = [{{ id = \"{OWN}\", until = 2026-11-24 }}]");
    rob.write("liaison.toml", rob.read("liaison.toml").replace(&format!("id = \"{OWN}\""), &former));
    rob.ok(&["record-change", "--yes"]).says("pushed to main");
    rob.being("ada-example").ok(&["approve", &slug]).says("pushed to main");
    carla.ok(&["comment", &slug, "from the id before"]).says("pushed to main");
}
