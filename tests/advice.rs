//! What a command says to type next works when it is typed, and what was asked for in a form comes in it.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test ends where it is wrong"
)]

mod common;

use common::{Clone, DIRECT, RecordRepo};
use serde_json::json;

const TITLE: &str = "ECH in 5G core networks";

/// A record with a letter of ours that was sent.
fn sent(world: &RecordRepo) -> Clone<'_> {
    let carla = world.clone_of("carla-sample");
    let slug = carla.new_letter(TITLE, &[]);
    carla.being("ada-example").ok(&["approve", &slug]);
    carla.ok(&["send", &slug]);
    carla.ok(&["mark-sent", "ls-2026-001", "--copy", "outbox/new/ls-2026-001.eml"]);
    carla
}

fn received(world: &RecordRepo) -> Clone<'_> {
    let rob = world.first("rob-registrar", DIRECT);
    let body = world.file("body.txt", "Please tell us.\n");
    rob.ok(&[
        "receive",
        "--from",
        "3gpp-sa3",
        "--to",
        "tls",
        "--title",
        "W",
        "--purpose",
        "for-information",
        "--body",
        &body,
    ]);
    rob
}

#[test]
fn a_frozen_letter_is_followed_by_what_its_direction_allows() {
    let world = RecordRepo::with_remote(DIRECT);
    let ran = sent(&world).fails(1, &["edit", "001"]).says("liaison new --revises ls-2026-001");
    assert!(!ran.stderr.contains("liaison correct"), "{}", ran.stderr);
    let world = RecordRepo::new();
    received(&world).fails(1, &["edit", "001"]).says("liaison correct ls-2026-001");
}

#[test]
fn a_decline_of_ones_own_names_the_way_out() {
    let world = RecordRepo::with_remote(DIRECT);
    let carla = world.clone_of("carla-sample");
    let ada = carla.being("ada-example");
    let slug = carla.new_letter(TITLE, &[]);
    ada.ok(&["approve", &slug]);
    let ran = ada.ok(&["approve", &slug, "--decline", "--reason", "too early"]);
    assert!(!ran.stderr.contains("by \n"), "{}", ran.stderr);
    let way = format!("liaison revoke {slug} --act decline");
    assert!(ran.stderr.contains(&way), "{}", ran.stderr);
    ada.ok(&["approve", &slug]).says("stands, and nothing is sent until you revoke it").says(&way);
    ada.ok(&["revoke", &slug, "--dry-run"]).prints("would revoke your decline").says("your approval of");
    ada.ok(&["revoke", &slug]).prints("your decline of").says("stands");
    assert_eq!(carla.state(&slug), "approved");
    let again = format!("liaison revoke {slug} --act approve");
    ada.fails(1, &["revoke", &slug]).says("is revoked already; your approval of").says(&again);
    assert_eq!(carla.state(&slug), "approved", "a second revoke takes nothing unasked");
    ada.ok(&["revoke", &slug, "--act", "approve"]).prints("your approval of");
    assert_eq!(carla.state(&slug), "ready");
}

#[test]
fn a_body_that_nobody_knows_is_told_and_no_error() {
    let world = RecordRepo::new();
    let carla = world.first("carla-sample", DIRECT);
    carla
        .ok(&["contacts", "--from", "tls", "--to", "NoSuchBody"])
        .says("the directory does not know NoSuchBody")
        .says("liaison group add nosuchbody --name");
    carla
        .ok(&["new", "--from", "tls", "--to", "NoSuchBody", "--title", "x", "--purpose", "for-information"])
        .says("the directory does not know NoSuchBody");
}

#[test]
fn a_new_record_is_told_as_it_is() {
    let world = RecordRepo::new();
    let rob = received(&world);
    let folder = world.folder().join("begun");
    std::fs::create_dir(&folder).unwrap();
    world.git(&folder, &["config", "--global", "user.name", "Rob Registrar"]);
    world.git(&folder, &["config", "--global", "user.email", "rob@ietf.example"]);
    let mut begun = rob.clone();
    begun.path.clone_from(&folder);
    let ran = begun.ok(&["init"]);
    assert_eq!(ran.stdout, format!("{} is a record now\n", folder.canonicalize().unwrap().display()));
    assert!(ran.stderr.contains("next: liaison check") && !ran.stderr.contains("cd ."), "{}", ran.stderr);
}

#[test]
fn every_command_that_shows_or_lists_prints_json_and_csv() {
    let world = RecordRepo::with_remote(DIRECT);
    let carla = sent(&world);
    let draft = carla.new_letter("Another", &["--slug", "another"]);
    let commands: [&[&str]; 6] = [
        &["show", "001"],
        &["person", "show", "ada-example"],
        &["group", "show", "tls"],
        &["preview", &draft],
        &["digest", &draft],
        &["explain", "deadline-missing"],
    ];
    for command in commands {
        assert!(carla.json(command).is_object(), "{command:?}");
        let csv = carla.ok(&[command, &["--format", "csv"]].concat());
        assert!(csv.stdout.starts_with("key,value\n"), "{command:?}: {}", csv.stdout);
        carla.ok(&[command, &["--format", "table"]].concat());
        carla.ok(&[command, &["--format", "text"]].concat());
    }
    let shown = carla.json(&["show", "001"]);
    assert_eq!(shown["number"], "ls-2026-001");
    assert_eq!(shown["consensus"]["evidence"], json!(["https://ietf.example/archive/tls/consensus"]));
    let acts = shown["acts"].as_array().unwrap();
    let sending = acts.iter().find(|act| act["act"] == "sending").unwrap();
    assert_eq!(sending["details"]["number"], "ls-2026-001");
    let csv = carla.ok(&["show", "001", "--format", "csv"]).stdout;
    assert!(csv.contains("from.groups,tls\n") && csv.contains("\nacts.1.act,draft\n"), "{csv}");
}

#[test]
fn show_tells_approvals_and_acts_whole() {
    let world = RecordRepo::with_remote(DIRECT);
    let carla = world.clone_of("carla-sample");
    let slug = carla.new_letter(TITLE, &[]);
    carla.ok(&["mark-sent", &slug, "--url", "https://portal.example/1", "--reason", "a portal"]);
    carla.ok(&["show", "001"]).prints("Approvals\n  tls: missing when it left; it was to be given by Ada Example");
    carla.being("ada-example").ok(&["ratify", "001"]);
    carla.ok(&["show", "001"]).prints("Approvals\n  tls: ratified by Ada Example on 2026-11-24");
    let world = RecordRepo::new();
    let rob = received(&world);
    rob.ok(&["annotate", "001", "--identifier", "3gpp=S3-1", "--tag", "ech"]);
    rob.ok(&["show", "001"]).prints("identifiers: 3gpp S3-1; tags: ech");
}

#[test]
fn small_slips_are_told() {
    let world = RecordRepo::new();
    let rob = received(&world);
    rob.fails(2, &["list", "--purpose", "foo"]).says("no letter has the purpose `foo`").says("for-action");
    rob.fails(1, &["correct", "001", "--field", "nonsense", "--was", "x", "--now-is", "y", "--reason", "z"])
        .says("`nonsense` is no key of a letter")
        .says("deadline");
    rob.ok(&["group", "close", "mpls", "--on", "2026-01-01"]);
    rob.ok(&["group", "show", "mpls"]).prints("closed since 2026-01-01");
}

#[test]
fn an_editor_that_leaves_no_text_is_told_with_the_next_step() {
    let world = RecordRepo::new();
    let carla = world.first("carla-sample", DIRECT);
    let slug = carla.new_letter(TITLE, &[]);
    let gone = carla.with("EDITOR", "rm");
    gone.fails(1, &["edit", &slug]).says("the editor left no file").says(&format!("liaison edit {slug}"));
    let bytes = world.file("bytes", b"title: \xff\n");
    let bad = carla.with("EDITOR", &format!("cp {bytes}"));
    bad.fails(1, &["edit", &slug]).says("is not UTF-8; nothing was saved").says("your text is kept: liaison edit");
}

#[test]
fn a_narrow_table_breaks_no_word() {
    let world = RecordRepo::with_remote(DIRECT);
    let carla = sent(&world).with("COLUMNS", "80");
    for (command, words) in [
        (&["list"][..], &["ls-2026-001", "3gpp-sa3"][..]),
        (&["act", "001"], &["2026-11-24T10:00:00Z", "handed-over", "ada-example"]),
    ] {
        let table = carla.ok(command);
        for word in words {
            assert!(table.stdout.contains(word), "{word} in\n{}", table.stdout);
        }
        assert!(table.stdout.lines().all(|line| line.chars().count() <= 80), "{}", table.stdout);
    }
}
