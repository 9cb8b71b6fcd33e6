//! `fmt`: drafts in their canonical form, with the same meaning and every comment; what is frozen is left alone.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test ends where it is wrong"
)]

mod common;

use common::{DIRECT, PULL_REQUEST, RecordRepo};

/// A letter as somebody wrote it who knows YAML.
const WRITTEN: &str = "title:   \"A letter\"\ndirection: outgoing\nto: {groups: [3gpp-sa3]} # security\nfrom:\n    groups:\n      - tls\n\
                       purpose: 'for-information'\ndeadline:\nbody: |\n    Dear colleagues, please tell us.\n";
const FORMED: &str = "direction: outgoing\ntitle: A letter\nfrom:\n  groups: [tls]\nto:  # security\n  groups: [3gpp-sa3]\npurpose: for-information\n\
                      body: |\n  Dear colleagues, please tell us.\n";

#[test]
fn a_draft_is_written_anew_and_means_the_same() {
    let world = RecordRepo::new();
    let carla = world.first("carla-sample", DIRECT);
    carla.write("drafts/a-letter.yaml", WRITTEN);
    let digest = carla.ok(&["digest", "a-letter"]).stdout;
    carla
        .fails(1, &["fmt", "--check"])
        .prints("--- a/drafts/a-letter.yaml")
        .prints("-title:   \"A letter\"")
        .says("liaison fmt");
    assert_eq!(carla.read("drafts/a-letter.yaml"), WRITTEN, "--check changes nothing");
    let rows = carla.liaison(&["fmt", "--check", "--format", "json"]);
    assert!(rows.code == Some(1) && rows.stdout.contains("\"canonical\": false"), "{rows:?}");
    carla.ok(&["fmt"]).prints("drafts/a-letter.yaml").says("git diff shows it");
    assert_eq!(carla.read("drafts/a-letter.yaml"), FORMED);
    assert_eq!(carla.ok(&["digest", "a-letter"]).stdout, digest);
    carla.ok(&["fmt", "--check"]).says("1 draft: nothing to change");
    for (text, formed) in [(WRITTEN.replace('\n', "\r\n"), FORMED), (format!("\u{feff}{WRITTEN}"), FORMED)] {
        carla.write("drafts/a-letter.yaml", text);
        carla.ok(&["fmt", "a-letter"]);
        assert_eq!(carla.read("drafts/a-letter.yaml"), formed, "line ends and byte order marks of other systems");
    }
}

#[test]
fn what_the_program_writes_needs_no_form_and_an_approval_outlives_it() {
    let world = RecordRepo::new();
    let carla = world.first("carla-sample", DIRECT);
    let slug = carla.new_letter("Use of ECH in 5G core networks", &[]);
    carla.ok(&["fmt", "--check"]);
    let path = format!("drafts/{slug}.yaml");
    carla.write(&path, format!("# by Carla\n{}\n\n", carla.read(&path).replace("purpose: ", "purpose:    ")));
    carla.git(&["commit", "--quiet", "--all", "-m", "Write it otherwise"]);
    carla.being("pavel-priklad").ok(&["approve", &slug]);
    assert_eq!(carla.state(&slug), "approved");
    carla.ok(&["fmt", &slug]);
    carla.git(&["commit", "--quiet", "--all", "-m", "Form it"]);
    assert_eq!(carla.state(&slug), "approved", "its content is the same");
    carla.ok(&["send", &slug]);
    carla.fails(1, &["fmt", &slug]).says("ls-2026-001 is frozen");
    carla.ok(&["fmt"]).says("0 drafts: nothing to change");
}

#[test]
fn a_draft_that_cannot_be_read_is_told_and_the_others_are_formed() {
    let world = RecordRepo::new();
    let carla = world.first("carla-sample", DIRECT);
    carla.write("drafts/a-letter.yaml", WRITTEN);
    let broken = "titel: A letter\nbody:    x\n";
    carla.write("drafts/broken.yaml", broken);
    let told = carla.fails(1, &["fmt", "--check", "--format", "json"]).stdout;
    let rows: serde_json::Value = serde_json::from_str(&told).unwrap();
    assert_eq!((&rows[0]["canonical"], &rows[1]["canonical"]), (&serde_json::json!(false), &serde_json::Value::Null));
    assert_eq!(rows[1]["findings"][0]["code"], "unknown-key");
    carla.fails(1, &["fmt"]).prints("drafts/a-letter.yaml").prints("`titel` is no key of a letter");
    assert_eq!(
        (carla.read("drafts/broken.yaml").as_str(), carla.read("drafts/a-letter.yaml").as_str()),
        (broken, FORMED)
    );
}

#[test]
fn a_draft_whose_number_the_ledger_holds_is_frozen() {
    let world = RecordRepo::with_remote(PULL_REQUEST);
    let carla = world.clone_of("carla-sample");
    let slug = carla.new_letter("Use of ECH in 5G core networks", &[]);
    carla.being("pavel-priklad").ok(&["approve", &slug]);
    let path = format!("drafts/{slug}.yaml");
    carla.write(&path, carla.read(&path).replace("purpose: ", "purpose:   "));
    carla.git(&["commit", "--quiet", "--all", "-m", "Write it otherwise"]);
    let branch = carla.git(&["branch", "--show-current"]);
    carla.git(&["push", "--quiet", "origin", &format!("{branch}:main"), &branch]);
    carla.git(&["switch", "--quiet", "main"]);
    carla.git(&["pull", "--quiet"]);
    carla.ok(&["send", &slug]);
    carla.git(&["switch", "--quiet", "main"]);
    let before = carla.read(&path);
    carla.fails(73, &["fmt", &slug]).says("was taken as ls-2026-001");
    carla.ok(&["fmt"]).says("0 drafts: nothing to change");
    assert_eq!(carla.read(&path), before);
}
