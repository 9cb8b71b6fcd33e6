//! What others did meanwhile is judged before anything is pushed: a stale clone approves nothing that no longer counts.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test ends where it is wrong"
)]

mod common;

use common::{Clone, DIRECT, PULL_REQUEST, RecordRepo};

const TAKEN_BACK: &str = "nothing was pushed, and your change was taken back";

/// Nothing of it is on the remote, and the clone stands where the remote does.
#[track_caller]
fn follows_the_remote(world: &RecordRepo, clone: &Clone<'_>, tip: &str) {
    assert_eq!(world.git(&world.remote(), &["rev-parse", "main"]), tip, "nothing was pushed");
    assert_eq!(clone.git(&["rev-parse", "HEAD"]), tip, "the clone is at the remote's tip");
    assert_eq!(clone.git(&["status", "--porcelain"]), "", "and clean");
}

fn tip(world: &RecordRepo) -> String {
    world.git(&world.remote(), &["rev-parse", "main"])
}

/// From today on Ada approves nothing of tls.
fn end_of_ada(rob: &Clone<'_>) {
    for group in ["tls", "sec"] {
        rob.ok(&["role", "end", "area-director", group, "ada-example", "--until", "2026-11-24"]);
    }
}

#[test]
fn a_role_that_ended_meanwhile_approves_nothing() {
    let world = RecordRepo::with_remote(DIRECT);
    let carla = world.clone_of("carla-sample");
    let slug = carla.new_letter("Use of ECH", &[]);
    let (ada, rob) = (world.clone_of("ada-example"), world.clone_of("rob-registrar"));
    end_of_ada(&rob);
    let now = tip(&world);
    ada.fails(73, &["approve", &slug]).says("Ada Example").says(TAKEN_BACK).says("authority had");
    follows_the_remote(&world, &ada, &now);
    ada.fails(1, &["approve", &slug]).says("has no authority to approve for tls today");
    ada.ok(&["check"]);
    ada.ok(&["audit"]);
    ada.ok(&["comment", &slug, "I hold no role any more"]);
}

#[test]
fn a_key_that_was_retired_meanwhile_signs_nothing() {
    let world = RecordRepo::with_remote("\n[proof]\ngrade = \"signed\"\n");
    let rob = world.clone_of("rob-registrar");
    let key = rob.new_key("ada-example", &["ed25519"]);
    rob.git(&["push", "--quiet"]);
    let carla = world.clone_of("carla-sample");
    let slug = carla.new_letter("Use of ECH", &[]);
    let ada = world.clone_of("ada-example");
    ada.signs_with(&key);
    rob.git(&["pull", "--quiet"]);
    let key = rob.read("directory/people/ada-example.toml");
    let number = key.matches("[[key]]").count().to_string();
    rob.ok(&["person", "key", "retire", "ada-example", &number, "--reason", "a new machine", "--from", "2026-11-24"]);
    let now = tip(&world);
    for words in [&["approve", &slug][..], &["comment", &slug, "hm"]] {
        ada.fails(73, words).says(TAKEN_BACK).says("key");
        follows_the_remote(&world, &ada, &now);
        ada.git(&["reset", "--quiet", "--hard", "HEAD^"]);
    }
}

#[test]
fn an_approval_of_a_text_that_was_changed_meanwhile_is_taken_back() {
    let world = RecordRepo::with_remote(DIRECT);
    let carla = world.clone_of("carla-sample");
    let slug = carla.new_letter("Use of ECH", &[]);
    let (ada, pavel) = (world.clone_of("ada-example"), world.clone_of("pavel-priklad"));
    carla.ok(&["edit", &slug, "--set", "deadline=2027-02-01"]);
    let now = tip(&world);
    for (person, words) in
        [(&ada, &["approve", &slug][..]), (&pavel, &["approve", &slug, "--decline", "--reason", "no"])]
    {
        person
            .fails(73, words)
            .says("others pushed meanwhile, and changed deadline")
            .says(TAKEN_BACK)
            .says(&format!("liaison preview {slug}, then run the command again"));
        follows_the_remote(&world, person, &now);
    }
    ada.ok(&["approve", &slug]);
    assert_eq!(ada.state(&slug), "approved");
}

#[test]
fn an_act_on_a_draft_that_was_sent_meanwhile_is_taken_back() {
    for settings in [DIRECT, "\n[send]\nlock = \"liaison/outbox\"\n"] {
        let world = RecordRepo::with_remote(settings);
        let carla = world.clone_of("carla-sample");
        let slug = carla.new_letter("Use of ECH", &[]);
        carla.being("ada-example").ok(&["approve", &slug]);
        let theo = world.clone_of("theo-exemplo");
        carla.ok(&["comment", &slug, "it leaves now"]);
        carla.ok(&["send", &slug]);
        let now = tip(&world);
        theo.fails(73, &["comment", &slug, "hm"]).says("ls-2026-001").says("liaison show ls-2026-001");
        follows_the_remote(&world, &theo, &now);
    }
}

#[test]
fn who_no_longer_keeps_the_directory_changes_nothing_in_it() {
    let world = RecordRepo::with_remote(DIRECT);
    let (stale, rob) = (world.clone_of("rob-registrar"), world.clone_of("rob-registrar"));
    rob.ok(&["role", "begin", "registrar", "ietf", "carla-sample", "--since", "2026-11-24"]);
    rob.ok(&["role", "end", "registrar", "ietf", "rob-registrar", "--until", "2026-11-24"]);
    let now = tip(&world);
    stale
        .fails(73, &["role", "end", "chair", "tls", "theo-exemplo", "--until", "2026-12-01"])
        .says("Rob Registrar had no authority for the act `directory`")
        .says(TAKEN_BACK);
    follows_the_remote(&world, &stale, &now);
}

#[test]
fn what_waits_in_the_clone_is_judged_with_the_next_push() {
    let world = RecordRepo::with_remote(DIRECT);
    let carla = world.clone_of("carla-sample");
    let slug = carla.new_letter("Use of ECH", &[]);
    let (ada, rob) = (world.clone_of("ada-example"), world.clone_of("rob-registrar"));
    ada.ok(&["approve", &slug, "--no-push"]);
    let waits = ada.git(&["rev-parse", "HEAD"]);
    end_of_ada(&rob);
    let now = tip(&world);
    ada.fails(73, &["comment", &slug, "hm"]).says(TAKEN_BACK).says("liaison undo takes the last one back");
    assert_eq!(tip(&world), now);
    assert_eq!(ada.git(&["rev-parse", "HEAD"]), waits);
    ada.ok(&["undo"]);
    ada.git(&["pull", "--quiet"]);
    ada.ok(&["comment", &slug, "hm"]);
}

#[test]
fn in_pull_request_flow_the_newest_mainline_judges() {
    let world = RecordRepo::with_remote(PULL_REQUEST);
    let carla = world.clone_of("carla-sample");
    let slug = carla.new_letter("Use of ECH", &[]);
    let ada = world.clone_of("ada-example");
    ada.ok(&["comment", &slug, "hm"]);
    let before = ada.git(&["rev-parse", "HEAD"]);
    let rob = world.clone_of("rob-registrar");
    end_of_ada(&rob);
    rob.git(&["push", "--quiet", "origin", "HEAD:main"]);
    let told = ada.fails(73, &["approve", &slug]).says("Ada Example").says(TAKEN_BACK);
    told.says("git merge origin/main brings here what they did");
    assert_eq!(ada.git(&["rev-parse", "HEAD"]), before);
    assert_eq!(world.git(&world.remote(), &["rev-parse", &format!("statement/{slug}")]), before);
    ada.git(&["merge", "--quiet", "origin/main"]);
    ada.fails(1, &["approve", &slug]).says("Ada Example has no authority to approve for tls today");
}

/// A record of its own, as a bare remote with a branch for everything.
fn another_record(world: &RecordRepo) -> String {
    let other = world.first("carla-sample", DIRECT);
    other.write("liaison.toml", other.read("liaison.toml").replace("7c9e6679", "11111111"));
    other.git(&["commit", "--quiet", "--all", "--amend", "-m", "Another record"]);
    world.git(world.folder(), &["init", "--quiet", "--bare", "other.git"]);
    let url = world.folder().join("other.git").display().to_string();
    other.git(&["push", "--quiet", &url, "main"]);
    url
}

#[test]
fn nothing_goes_to_another_record_and_nothing_comes_from_there() {
    for settings in [DIRECT, PULL_REQUEST] {
        let world = RecordRepo::with_remote(settings);
        let url = another_record(&world);
        let carla = world.clone_of("carla-sample");
        let slug = carla.new_letter("Use of ECH", &[]);
        carla.git(&["remote", "set-url", "origin", &url]);
        let before = carla.standing();
        let mail = world.file("in.eml", std::fs::read(common::project("src/cli/example/incoming.eml")).unwrap());
        let receive = ["receive", &mail, "--from", "3gpp-sa3", "--to", "tls", "--purpose", "for-information"];
        let comment = ["comment", &slug, "hm"];
        let edit = ["edit", &slug, "--set", "deadline=2027-02-01"];
        let group = ["group", "close", "mpls", "--on", "2026-12-31"];
        for (person, words) in [
            ("carla-sample", &comment[..]),
            ("carla-sample", &edit),
            ("carla-sample", &receive),
            ("rob-registrar", &group),
        ] {
            let ran = carla.being(person).fails(1, words);
            ran.says("origin/main is another record, 11111111").says("git remote set-url origin");
            assert!(carla.standing() == before, "{words:?}: the clone is as it was");
            let heads = world.git(std::path::Path::new(&url), &["for-each-ref", "--format=%(refname)"]);
            assert_eq!(heads, "refs/heads/main", "{words:?}: nothing was pushed");
        }
    }
}
