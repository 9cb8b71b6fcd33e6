//! The life of a key: added, retired, compromised; and what becomes of what it signed.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test ends where it is wrong"
)]

mod common;

use std::path::{Path, PathBuf};

use common::{Clone, Ran, RecordRepo};

const SIGNED: &str = "\n[proof]\ngrade = \"signed\"\n";
const ADA: &str = "directory/people/ada-example.toml";

/// A key that the directory does not know yet; gives the path of its private half.
fn key_of(world: &RecordRepo, name: &str) -> PathBuf {
    let path = world.folder().join(name);
    let mut command = world.command("ssh-keygen");
    Ran::of(command.args(["-q", "-N", "", "-C", name, "-t", "ed25519", "-f"]).arg(&path), "ssh-keygen").ended(0);
    path
}

fn public(key: &Path) -> String {
    key.with_extension("pub").display().to_string()
}

/// A record whose registrar signs with a key.
fn rob(world: &RecordRepo) -> Clone<'_> {
    let rob = world.first("rob-registrar", SIGNED);
    let key = rob.new_key("rob-registrar", &["ed25519"]);
    std::fs::create_dir_all(world.home().join(".ssh")).unwrap();
    for ending in ["", "pub"] {
        let (from, to) = (key.with_extension(ending), world.home().join(".ssh/rob").with_extension(ending));
        std::fs::copy(from, to).unwrap();
    }
    rob
}

/// The codes that `check` finds of keys, signatures and changes.
fn codes(clone: &Clone<'_>) -> Vec<String> {
    let told = clone.liaison(&["check", "--format", "json"]);
    let told: serde_json::Value = serde_json::from_str(&told.stdout).unwrap();
    let found = told["findings"].as_array().unwrap().iter().map(|found| found["code"].as_str().unwrap().to_owned());
    found.filter(|code| ["key-", "signature-", "change-"].iter().any(|start| code.starts_with(start))).collect()
}

#[test]
fn the_first_key_of_a_registrar_is_asserted_and_the_second_signed_with_the_first() {
    let world = RecordRepo::new();
    let rob = world.first("rob-registrar", "");
    let (first, second) = (key_of(&world, "first"), key_of(&world, "second"));
    rob.signs_with(&first);
    rob.ok(&["person", "key", "add", "rob-registrar", "--ssh", &public(&first)])
        .says("not signed: the directory holds no key of rob-registrar yet")
        .says("what comes next is signed with the new key");
    rob.ok(&["person", "key", "add", "rob-registrar", "--ssh", &public(&second)]);
    let acts = rob.json(&["act", "directory"]);
    assert_eq!((&acts[0]["proof"], &acts[1]["proof"]), (&"asserted".into(), &"signed".into()));
    assert_eq!(codes(&rob), [""; 0]);
}

#[test]
fn a_key_is_retired_with_its_reason_and_what_it_signed_before_remains_proven() {
    let world = RecordRepo::new();
    let rob = rob(&world);
    let key = rob.new_key("ada-example", &["ed25519"]);
    let slug = rob.being("carla-sample").new_letter("Use of ECH", &[]);
    let ada = rob.being("ada-example");
    ada.signs_with(&key);
    ada.ok(&["approve", &slug]);
    let before = rob.read(ADA);
    let retire =
        ["person", "key", "retire", "ada-example", "ada-example", "--reason", "a new laptop", "--from", "2026-12-01"];
    rob.fails(2, &retire[..5]).says("not given: --reason TEXT");
    rob.now("2026-12-01T10:00:00Z").ok(&retire);
    assert_eq!(rob.read(ADA), before + "retired = 2026-12-01\nreason = \"a new laptop\"\n");
    assert_eq!(rob.state(&slug), "approved");
    assert_eq!(codes(&rob), [""; 0]);
    rob.fails(1, &retire).says("is retired already, from 2026-12-01 on");
    let listed = rob.now("2026-12-02T10:00:00Z").json(&["person", "key", "list", "ada-example"]);
    assert_eq!((&listed[1]["state"], &listed[1]["reason"]), (&"retired".into(), &"a new laptop".into()));
    // Her other key, which comes with the example, signs now.
    ada.now("2026-12-02T10:00:00Z").ok(&["approve", &slug, "--reaffirm"]);
    let before = rob.standing();
    let again = ada.now("2026-12-03T10:00:00Z").ok(&["approve", &slug, "--reaffirm"]);
    again.prints("nothing to reaffirm: ada-example approved it, in a role and with a key that are good today");
    assert!(rob.standing() == before, "nothing was written");
    let acts = rob.json(&["act", &slug]);
    let signed = acts.as_array().unwrap().iter().filter(|act| act["act"] == "approve" && act["proof"] == "signed");
    assert_eq!(signed.count(), 2);
}

#[test]
fn a_key_is_named_by_fingerprint_comment_or_number() {
    let world = RecordRepo::new();
    let rob = rob(&world);
    let keys = [key_of(&world, "laptop"), key_of(&world, "office")];
    for key in &keys {
        rob.ok(&["person", "key", "add", "theo-exemplo", "--ssh", &public(key)]);
    }
    let listed = rob.json(&["person", "key", "list", "theo-exemplo"]);
    let print = listed[0]["fingerprint"].as_str().unwrap().to_owned();
    let retire = |key: &str| {
        let retire = ["person", "key", "retire", "theo-exemplo", key, "--reason", "x", "--from", "2026-12-01"];
        rob.now("2026-12-01T10:00:00Z").liaison(&retire)
    };
    retire("nothing").ended(1).says("theo-exemplo has no key `nothing`").says("liaison person key list theo-exemplo");
    retire("SHA256:").ended(1).says("`SHA256:` means 2 keys");
    retire(&print[..14]).ended(0).prints(&print);
    retire("2").ended(0);
    let listed = rob.now("2026-12-01T10:00:00Z").json(&["person", "key", "list", "theo-exemplo"]);
    assert!(listed.as_array().unwrap().iter().all(|key| key["state"] == "retired"), "{listed}");
}

/// A letter that Ada approved with her key, sent on a day.
fn sent(rob: &Clone<'_>, title: &str, now: &str) -> String {
    let carla = rob.being("carla-sample").now(now);
    let slug = carla.new_letter(title, &[]);
    rob.being("ada-example").now(now).ok(&["approve", &slug]);
    let id = carla.ok(&["send", &slug]).stdout.trim().to_owned();
    carla.ok(&["mark-sent", &id, "--copy", &format!("outbox/new/{id}.eml")]);
    id
}

#[test]
fn a_compromised_key_proves_nothing_from_its_commit_on_until_somebody_confirms_it() {
    let world = RecordRepo::new();
    let rob = rob(&world);
    let stolen = rob.new_key("ada-example", &["ed25519"]);
    rob.signs_with(&stolen);
    let old = sent(&rob, "Before the theft", "2026-11-24T10:00:00Z");
    let draft = rob.being("carla-sample").now("2026-11-24T10:00:00Z").new_letter("Not sent yet", &[]);
    rob.being("ada-example").now("2026-11-24T10:00:00Z").ok(&["approve", &draft]);
    rob.now("2026-12-01T10:00:00Z").ok(&["group", "close", "mpls", "--on", "2027-12-31"]);
    let since = rob.git(&["rev-parse", "HEAD"]);
    let new = sent(&rob, "After the theft", "2026-12-02T10:00:00Z");
    assert_eq!(codes(&rob), [""; 0]);

    let later = rob.now("2026-12-03T10:00:00Z");
    let args = ["person", "key", "compromised", "ada-example", "2", "--reason", "stolen", "--since"];
    let with = |since: &str| later.liaison(&[&args[..], &[since]].concat());
    with("nowhere").ended(1).says("`nowhere` is no commit");
    with(&since[..9]).ended(0).prints(&format!("compromised since {since} of 2026-12-01"));
    let file = rob.read(ADA);
    let told = format!("reason = \"stolen\"\ncompromised = \"{since}\"\ncompromised-on = 2026-12-01\n");
    assert!(file.ends_with(&told), "{file}");

    assert_eq!(later.state(&old), "sent", "it was approved before the theft");
    assert_eq!(later.state(&new), "sent-unapproved");
    assert_eq!(later.state(&draft), "ready", "nobody knows when a draft was approved");
    assert!(codes(&later).contains(&"key-not-valid".to_owned()), "{:?}", codes(&later));

    let fresh = key_of(&world, "fresh");
    later.ok(&["person", "key", "add", "ada-example", "--ssh", &public(&fresh)]);
    rob.signs_with(&fresh);
    let ada = later.being("ada-example");
    ada.ok(&["approve", &draft, "--reaffirm"]);
    later.being("carla-sample").fails(1, &["approve", &new, "--reaffirm"]).says("has no authority");
    let confirmed = ada.ok(&["approve", &new, "--reaffirm", "--comment", "I did approve it"]);
    confirmed.prints("reaffirmed by Ada Example for tls");
    assert_eq!((later.state(&draft), later.state(&new)), ("approved".into(), "sent".into()));
    let before = rob.standing();
    for id in [&draft, &new] {
        ada.ok(&["approve", id, "--reaffirm"]).prints("nothing to reaffirm");
    }
    assert!(rob.standing() == before, "nothing was written");
    assert_eq!(codes(&later), [""; 0]);
    let shown = later.ok(&["show", &new]).stdout;
    assert!(shown.contains("reaffirms sha256:") && shown.contains("I did approve it"), "{shown}");
}

#[test]
fn a_key_that_was_retired_can_be_found_compromised_later() {
    let world = RecordRepo::new();
    let rob = rob(&world);
    rob.new_key("theo-exemplo", &["ed25519"]);
    let rob = rob.now("2026-12-01T10:00:00Z");
    rob.ok(&["person", "key", "retire", "theo-exemplo", "1", "--reason", "a new laptop", "--from", "2026-12-01"])
        .says("theo-exemplo has no key then: liaison person key add theo-exemplo");
    rob.ok(&[
        "person",
        "key",
        "compromised",
        "theo-exemplo",
        "1",
        "--since",
        "HEAD",
        "--reason",
        "the old one was sold",
    ]);
    let file = rob.read("directory/people/theo-exemplo.toml");
    assert!(
        file.contains("retired = 2026-12-01\nreason = \"a new laptop; the old one was sold\"\ncompromised = "),
        "{file}"
    );
    rob.fails(1, &["person", "key", "compromised", "theo-exemplo", "1", "--since", "HEAD", "--reason", "x"])
        .says("is compromised already");
}

#[test]
fn what_was_done_on_the_last_day_of_a_term_or_a_key_counts() {
    let world = RecordRepo::new();
    let rob = rob(&world);
    let key = rob.new_key("ada-example", &["ed25519"]);
    let slug = rob.being("carla-sample").new_letter("Use of ECH", &[]);
    let ada = rob.being("ada-example");
    ada.signs_with(&key);
    ada.ok(&["approve", &slug]);
    rob.ok(&["person", "key", "retire", "ada-example", "ada-example", "--reason", "a new laptop"])
        .prints("is retired from 2026-11-25 on");
    for group in ["tls", "sec"] {
        rob.ok(&["role", "end", "area-director", group, "ada-example"]).prints("from 2026-11-25 on");
    }
    assert_eq!(rob.state(&slug), "approved");
    assert_eq!(codes(&rob), [""; 0]);
}

#[test]
fn one_key_for_two_people_is_told_with_both_places_and_never_recorded() {
    let world = RecordRepo::new();
    let rob = rob(&world);
    let (public, theirs) = (public(&key_of(&world, "shared")), "directory/people/carla-sample.toml");
    rob.ok(&["person", "key", "add", "ada-example", "--ssh", &public]);
    rob.fails(1, &["person", "key", "add", "carla-sample", "--ssh", &public]).says("Ada Example has this key already");
    // By hand, with another comment behind it.
    let line = std::fs::read_to_string(&public).unwrap().replace("shared", "carla@laptop");
    let added = format!("\n[[key]]\ntype = \"ssh\"\npublic = \"{}\"\n", line.trim());
    rob.write(theirs, rob.read(theirs) + &added);
    let before = rob.standing();
    let refused = rob.fails(1, &["record-change"]).says("nothing was recorded: this would be wrong");
    for place in [&format!("{theirs}:"), &format!("{ADA}:"), "error[key-of-two-people]"] {
        assert!(refused.stdout.contains(place), "{place}: {}", refused.stdout);
    }
    assert!(rob.standing() == before, "nothing was written");
    // Committed by hand it is no better; without it nothing is wrong.
    rob.git(&["commit", "--quiet", "--all", "-m", "By hand"]);
    assert!(codes(&rob).contains(&"key-of-two-people".to_owned()), "{:?}", codes(&rob));
    rob.fails(1, &["record-change"]).says("nothing was recorded: this would be wrong");
    rob.write(theirs, rob.read(theirs).replace(&added, ""));
    rob.ok(&["record-change"]).prints(&format!("recorded: {theirs}"));
    assert_eq!(codes(&rob), [""; 0]);
}

#[test]
fn what_is_wrong_with_a_key_is_told_before_a_reason_is_asked_for_and_all_at_once() {
    let world = RecordRepo::new();
    let rob = rob(&world);
    let retire = ["person", "key", "retire", "rob-registrar", "rob-registrar"];
    rob.fails(1, &["person", "key", "retire", "rob-registrar", "7"]).says("rob-registrar has no key `7`");
    rob.fails(1, &[&retire[..], &["--from", "2025-01-01"]].concat())
        .says("cannot be retired from 2025-01-01 on; and nobody could sign for the directory without this key")
        .says("; and not given: --reason TEXT")
        .says("choose a later day with --from DATE")
        .says("liaison person key add rob-registrar --ssh FILE.pub")
        .says("liaison person key retire HANDLE KEY --reason TEXT");
    rob.fails(1, &retire).says("nobody could sign for the directory without this key").says("not given: --reason TEXT");
    rob.fails(2, &["person", "key", "retire", "rob-registrar"]).says("not given: KEY, --reason TEXT");
    rob.fails(1, &["person", "key", "compromised", "rob-registrar", "rob-registrar", "--since", "nowhere"])
        .says("nobody could sign for the directory")
        .says("`nowhere` is no commit")
        .says("not given: --reason TEXT");
}
