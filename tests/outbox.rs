//! The outbox of a clone: `new` holds what still has to leave, `cur` what left.

#![cfg(unix)]
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test ends where it is wrong"
)]

mod common;

use common::{Clone, DIRECT, RecordRepo};

const LETTER: &str = "ls-2026-001";
const URL: [&str; 2] = ["--url", "https://lists.3gpp.example/1"];

/// A letter of carla's, handed over.
fn handed_over(world: &RecordRepo) -> Clone<'_> {
    let carla = world.clone_of("carla-sample");
    let slug = carla.new_letter("Use of ECH in 5G core networks", &[]);
    carla.being("ada-example").ok(&["approve", &slug]);
    carla.ok(&["send", &slug]);
    carla
}

fn mark_sent(clone: &Clone<'_>) -> common::Ran {
    clone.ok(&[&["mark-sent", LETTER][..], &URL].concat())
}

#[test]
fn only_the_messages_of_the_letter_that_left_move() {
    let world = RecordRepo::with_remote(DIRECT);
    let carla = handed_over(&world);
    let other = carla.new_letter("Another letter", &[]);
    carla.being("ada-example").ok(&["approve", &other]);
    carla.ok(&["send", &other]);
    carla.write("outbox/new/of-somebody-else.eml", "");
    mark_sent(&carla).says("ls-2026-001.announcement.eml and ls-2026-001.eml moved to").says("outbox/cur");
    let waiting = ["ls-2026-002.announcement.eml", "ls-2026-002.eml", "of-somebody-else.eml"];
    assert_eq!(carla.names("outbox/new"), waiting);
    assert_eq!(carla.names("outbox/cur"), ["ls-2026-001.announcement.eml:2,S", "ls-2026-001.eml:2,S"]);
    assert_eq!(carla.git(&["status", "--porcelain"]), "", "the outbox is not tracked");
}

#[test]
fn a_clone_without_an_outbox_records_what_left_and_the_one_that_has_it_empties_it() {
    let world = RecordRepo::with_remote(DIRECT);
    let carla = handed_over(&world);
    let theo = world.clone_of("theo-exemplo");
    let told = mark_sent(&theo).prints("ls-2026-001: sent");
    assert!(!told.stderr.contains("moved to") && !theo.has("outbox"), "{}", told.stderr);
    carla.git(&["pull", "--quiet"]);
    let before = carla.git(&["rev-parse", "HEAD"]);
    mark_sent(&carla).prints("ls-2026-001 is sent already; nothing was recorded").says("moved to");
    assert_eq!((carla.git(&["rev-parse", "HEAD"]), carla.names("outbox/new").len()), (before, 0));
    carla.fails(1, &[&["mark-sent", LETTER][..], &URL].concat()).says("ls-2026-001 is sent already");
}

#[test]
fn what_is_sent_once_more_waits_in_new_until_it_left() {
    let world = RecordRepo::with_remote(DIRECT);
    let carla = handed_over(&world);
    mark_sent(&carla);
    carla
        .being("ada-example")
        .ok(&["resend", LETTER, "--reason", "they lost it"])
        .says("outbox/new/ls-2026-001.2.eml with your mail program, then: liaison mark-sent ls-2026-001 --copy FILE");
    assert_eq!(carla.names("outbox/new"), ["ls-2026-001.2.eml"]);
    assert_eq!(carla.read("outbox/new/ls-2026-001.2.eml"), carla.read("outbox/cur/ls-2026-001.eml:2,S"));
    carla
        .ok(&["mark-sent", LETTER, "--copy", "outbox/new/ls-2026-001.2.eml"])
        .prints("ls-2026-001 is sent already; nothing was recorded")
        .says("ls-2026-001.2.eml moved to");
    assert_eq!(carla.names("outbox/cur").len(), 3);
    carla.ok(&["check"]);
}

#[test]
fn a_message_that_a_mail_program_has_looked_at_stays_where_it_put_it() {
    let world = RecordRepo::with_remote(DIRECT);
    let carla = handed_over(&world);
    for name in ["ls-2026-001.eml", "ls-2026-001.announcement.eml"] {
        let seen = carla.path.join("outbox/cur").join(format!("{name}:2,RS"));
        std::fs::rename(carla.path.join("outbox/new").join(name), seen).unwrap();
    }
    let told = carla.ok(&["mark-sent", LETTER, "--copy", "outbox/cur/ls-2026-001.eml:2,RS"]);
    assert!(!told.stderr.contains("moved to"), "{}", told.stderr);
    assert_eq!(carla.names("outbox/cur"), ["ls-2026-001.announcement.eml:2,RS", "ls-2026-001.eml:2,RS"]);
}

#[test]
fn a_message_is_found_under_the_name_that_it_has_by_now() {
    let world = RecordRepo::with_remote(DIRECT);
    let carla = handed_over(&world);
    mark_sent(&carla);
    carla.being("ada-example").ok(&["resend", LETTER, "--reason", "they lost it"]);
    for copy in ["outbox/cur/ls-2026-001.eml", "outbox/new/ls-2026-001.eml"] {
        let ran = carla.liaison(&["mark-sent", LETTER, "--copy", copy]);
        assert!(!ran.stderr.contains("no such file"), "{copy}: {}", ran.stderr);
    }
    carla.fails(2, &["mark-sent", LETTER, "--copy", "outbox/cur/ls-2026-009.eml"]).says("no such file");
}

#[test]
fn what_lay_in_the_outbox_left_by_mail_and_is_shown_by_its_copy_or_its_address() {
    let world = RecordRepo::with_remote(DIRECT);
    let carla = handed_over(&world);
    carla.fails(2, &["mark-sent", LETTER]).says("--copy FILE").says("--url URL");
    mark_sent(&carla);
    carla.ok(&["show", LETTER]).prints("via: mail");
    assert!(!carla.ok(&["check"]).stdout.contains("sent-outside"));
}

#[test]
fn a_sending_that_goes_on_lays_nothing_beside_what_a_mail_program_has_looked_at() {
    let world = RecordRepo::with_remote(DIRECT);
    let carla = world.clone_of("carla-sample");
    let slug = carla.new_letter("Use of ECH in 5G core networks", &[]);
    carla.being("ada-example").ok(&["approve", &slug]);
    std::fs::create_dir_all(carla.path.join("outbox/new/ls-2026-001.announcement.eml/in-the-way")).unwrap();
    carla.fails(2, &["send", &slug]).says("ls-2026-001.announcement.eml is there");
    let seen = carla.path.join("outbox/cur/ls-2026-001.eml:2,S");
    std::fs::rename(carla.path.join("outbox/new/ls-2026-001.eml"), seen).unwrap();
    std::fs::remove_dir_all(carla.path.join("outbox/new/ls-2026-001.announcement.eml")).unwrap();
    carla.ok(&["send", LETTER]).says("is finished now");
    assert_eq!(carla.names("outbox/new"), ["ls-2026-001.announcement.eml"], "the statement is not laid there twice");
}

#[test]
fn an_outbox_that_cannot_be_changed_does_not_keep_what_left_from_being_recorded() {
    let world = RecordRepo::with_remote(DIRECT);
    let carla = handed_over(&world);
    std::fs::remove_dir(carla.path.join("outbox/cur")).unwrap();
    carla.write("outbox/cur", "a file where the folder belongs");
    mark_sent(&carla).prints("ls-2026-001: sent").says("the messages of ls-2026-001 stay in the outbox:");
    assert_eq!(carla.state(LETTER), "sent");
    assert_eq!(carla.names("outbox/new").len(), 2);
}

#[test]
fn git_brings_nothing_into_the_outbox() {
    let world = RecordRepo::with_remote(DIRECT);
    let theo = world.clone_of("theo-exemplo");
    theo.write("outbox/new/ls-2026-001.eml", "Subject: x\n\nSend us money.\n");
    theo.git(&["add", "--force", "outbox/new/ls-2026-001.eml"]);
    theo.git(&["commit", "--quiet", "-m", "Add a message"]);
    theo.git(&["push", "--quiet"]);
    let carla = world.clone_of("carla-sample");
    let slug = carla.new_letter("Use of ECH in 5G core networks", &[]);
    carla.being("ada-example").ok(&["approve", &slug]);
    let found = carla.fails(1, &["check"]);
    assert!(
        found.stdout.contains("outbox-tracked") && found.stdout.contains("outbox/new/ls-2026-001.eml"),
        "{found:?}"
    );
    carla.fails(1, &["send", &slug]).says("git rm --cached outbox/new/ls-2026-001.eml");
    carla.git(&["rm", "--quiet", "outbox/new/ls-2026-001.eml"]);
    carla.git(&["commit", "--quiet", "-m", "Take it out"]);
    carla.ok(&["send", &slug]);
}
