//! `undo` takes back what the program committed and nobody else can have seen, and nothing else.

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
fn what_the_program_committed_is_taken_back() {
    let world = RecordRepo::new();
    let rob = world.first("rob-registrar", DIRECT);
    let start = rob.standing();
    let slug = rob.new_letter("Use of ECH", &[]);
    let begun = rob.standing();
    rob.ok(&["edit", &slug, "--set", "deadline=2027-02-01"]);
    rob.ok(&["undo", "--yes"]).prints("taking back: edit: use-of-ech");
    assert!(rob.standing() == begun);
    rob.ok(&["comment", &slug, "hm"]);
    rob.ok(&["undo", "--yes"]).prints("comment: use-of-ech");
    rob.ok(&["undo", "--yes"]).prints("draft: use-of-ech");
    assert!(rob.standing() == start);
    rob.ok(&["person", "add", "nils-neu", "--name", "Nils Neu", "--address", "nils@example.org"]);
    rob.ok(&["undo", "--yes"]).prints("person: add nils-neu");
    let mail = world.file("in.eml", std::fs::read(common::project("src/cli/example/incoming.eml")).unwrap());
    rob.ok(&["receive", &mail, "--from", "3gpp-sa3", "--to", "tls", "--purpose", "for-information"]);
    rob.ok(&["undo", "--yes"]).says("the number becomes free again");
    assert!(rob.standing() == start);
}

#[test]
fn a_commit_of_one_s_own_is_left_alone() {
    let world = RecordRepo::new();
    let rob = world.first("rob-registrar", DIRECT);
    let slug = rob.new_letter("Use of ECH", &[]);
    let path = format!("drafts/{slug}.yaml");
    for (file, subject) in [
        ("own.txt", "mine"),
        ("own.txt", "edit: mine"),
        (path.as_str(), "Reword by hand"),
        (path.as_str(), "comment: by hand"),
        ("liaison.toml", "policy: by hand"),
    ] {
        let before = if rob.has(file) { rob.read(file) } else { String::new() };
        rob.write(file, before + "# mine\n");
        rob.git(&["add", file]);
        rob.git(&["commit", "--quiet", "-m", subject]);
        let before = rob.standing();
        rob.fails(1, &["undo", "--yes"])
            .says(&format!("\"{subject}\" is a commit of your own, not of this program"))
            .says("git reset --keep HEAD^");
        assert!(rob.standing() == before, "{subject}");
    }
}

#[test]
fn what_others_may_have_seen_is_answered_by_what_fits_it() {
    let world = RecordRepo::with_remote(DIRECT);
    let carla = world.clone_of("carla-sample");
    let slug = carla.new_letter("Use of ECH", &[]);
    let answered = |answer: &str| drop(carla.fails(1, &["undo"]).says("is on origin/main already").says(answer));
    answered(&format!("liaison withdraw {slug} --reason TEXT"));
    carla.ok(&["edit", &slug, "--set", "deadline=2027-02-01"]);
    answered(&format!("liaison edit {slug} --set KEY=VALUE changes it back"));
    carla.being("ada-example").ok(&["approve", &slug]);
    answered(&format!("liaison revoke {slug}"));
    carla.ok(&["send", &slug]);
    answered("liaison withdraw ls-2026-001 --reason TEXT says that it no longer stands");
    carla.write("own.txt", "mine\n");
    carla.git(&["add", "own.txt"]);
    carla.git(&["commit", "--quiet", "-m", "mine"]);
    carla.git(&["push", "--quiet"]);
    answered("git revert HEAD");
}

#[test]
fn what_changed_trust_is_answered_by_what_fits_it() {
    let world = RecordRepo::with_remote(DIRECT);
    let rob = world.clone_of("rob-registrar");
    let key = rob.new_key("rob-registrar", &["ed25519"]);
    rob.git(&["push", "--quiet"]);
    rob.signs_with(&key);
    let answered = |answer: &str| drop(rob.fails(1, &["undo"]).says("is on origin/main already").says(answer));
    rob.ok(&["role", "end", "chair", "tls", "theo-exemplo", "--until", "2026-12-01"]);
    answered("change it again: liaison person, person key, group, role or list");
    // A revert would take an act out, whoever made the commit.
    rob.ok(&["group", "close", "mpls", "--on", "2026-12-31", "--no-push"]);
    rob.git(&["commit", "--quiet", "--amend", "-m", "Mine"]);
    rob.git(&["push", "--quiet"]);
    answered("no act is ever taken out, and a revert would");

    rob.write("liaison.toml", rob.read("liaison.toml") + "\n[due]\nsoon = 7\n");
    rob.ok(&["record-change", "--yes"]);
    answered("edit liaison.toml again, then liaison record-change");

    // A root that nobody saw yet goes, and its pin is told; one that others have stays.
    let before = rob.standing();
    let init = ["trust", "init", "--holder", "rob-registrar", "--threshold", "1", "--yes"];
    rob.ok(&[&init[..], &["--no-push"]].concat());
    rob.ok(&["undo", "--yes"]).says("this clone's pin names what was taken back: git config --unset liaison.trustRoot");
    assert!(rob.standing() == before);
    rob.git(&["config", "--unset", "liaison.trustRoot"]);
    rob.ok(&init);
    answered("liaison trust rotate makes the next one");
    rob.fails(1, &["undo"]).says("liaison trust withdraw takes back a version of the root that still waits");
}
