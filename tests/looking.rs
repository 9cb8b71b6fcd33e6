//! Commands that only read look at a letter on whatever branch has it, and leave the work tree, the index and the present
//! branch of whoever looks alone.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test ends where it is wrong"
)]

mod common;

use common::{Clone, DIRECT, PULL_REQUEST, RecordRepo};

const TITLE: &str = "Use of ECH in 5G core networks";

/// Every way to look at a letter, but `send --dry-run`, which looks at the mainline alone.
fn ways(letter: &str) -> Vec<Vec<&str>> {
    let ways: [&[&str]; 9] = [
        &["show"],
        &["show", "--format", "json"],
        &["show", "--format", "yaml"],
        &["digest"],
        &["digest", "--text"],
        &["preview"],
        &["log"],
        &["check"],
        &["check", "--format", "json"],
    ];
    ways.iter().map(|words| [words, &[letter][..]].concat()).collect()
}

/// Looks in every way, demands that nothing moved, that one line says where it was read, and returns what was printed.
fn look(clone: &Clone<'_>, letter: &str, read_from: &str) -> Vec<String> {
    let before = (clone.standing(), clone.git(&["status", "--porcelain"]));
    let line = format!("\"{letter}\" is not in your work tree; this is read from {read_from}");
    let mut printed = Vec::new();
    for words in ways(letter) {
        let ran = clone.now("2026-11-24T12:00:00Z").liaison(&words);
        assert!(ran.code == Some(0), "{words:?}: {}", ran.stderr);
        let told: Vec<&str> = ran.stderr.lines().filter(|told| told.contains(read_from)).collect();
        assert_eq!(told, [line.as_str()], "{words:?}");
        printed.push(ran.stdout);
    }
    assert!((clone.standing(), clone.git(&["status", "--porcelain"])) == before, "who looks changes nothing");
    printed
}

/// What whoever has the letter in the work tree is told.
fn at_home(clone: &Clone<'_>, letter: &str) -> Vec<String> {
    ways(letter).iter().map(|words| clone.now("2026-11-24T12:00:00Z").ok(words).stdout).collect()
}

#[test]
fn a_letter_on_a_branch_of_the_remote_is_read_there() {
    let world = RecordRepo::with_remote(PULL_REQUEST);
    let (carla, ada) = (world.clone_of("carla-sample"), world.clone_of("ada-example"));
    let file = world.file("profile.txt", "the profile\n");
    let slug = carla.new_letter(TITLE, &["--attach", &file]);
    carla.ok(&["comment", &slug, "ready from my side"]);
    let branch = format!("origin/statement/{slug}");
    let printed = look(&ada, &slug, &branch);
    assert_eq!(printed, at_home(&carla, &slug), "it is read as whoever wrote it reads it");
    assert!(printed[0].contains("ready from my side") && printed[5].contains("profile.txt"), "{printed:?}");

    ada.write("liaison.toml", ada.read("liaison.toml") + "\n# a thought\n");
    ada.git(&["add", "liaison.toml"]);
    ada.write("directory/people/nobody.toml", "name = ");
    look(&ada, &slug, &branch);
    ada.git(&["reset", "--quiet", "--hard"]);
    ada.git(&["clean", "--quiet", "--force"]);
    ada.git(&["switch", "--quiet", "--detach"]);
    look(&ada, &slug, &branch);
    let folder = world.folder().join("look");
    ada.ok(&["preview", &slug, "--eml", &folder.display().to_string()]);
    assert!(folder.join("statement.eml").exists(), "what is asked for outside the record is written");
}

#[test]
fn a_dry_run_looks_as_well() {
    let world = RecordRepo::with_remote(PULL_REQUEST);
    let (carla, ada) = (world.clone_of("carla-sample"), world.clone_of("ada-example"));
    let slug = carla.new_letter(TITLE, &[]);
    ada.git(&["fetch", "--quiet"]);
    let before = ada.standing();
    ada.fails(1, &["send", &slug, "--dry-run"])
        .says(&format!("read from origin/statement/{slug}"))
        .says("is not on the mainline");
    assert!(ada.standing() == before, "who looks changes nothing");
}

#[test]
fn whoever_writes_is_brought_to_the_branch() {
    let world = RecordRepo::with_remote(PULL_REQUEST);
    let (carla, ada) = (world.clone_of("carla-sample"), world.clone_of("ada-example"));
    let slug = carla.new_letter(TITLE, &[]);
    ada.ok(&["show", &slug]);
    ada.ok(&["comment", &slug, "a thought"]).says(&format!("brought statement/{slug} here, as origin has it"));
    assert_eq!(ada.git(&["branch", "--show-current"]), format!("statement/{slug}"));
    assert!(!ada.ok(&["show", &slug]).stderr.contains("read from"), "it is in the work tree now");
}

#[test]
fn a_letter_on_a_branch_of_one_s_own_is_read_there() {
    let world = RecordRepo::new();
    let carla = world.first("carla-sample", PULL_REQUEST);
    let slug = carla.new_letter(TITLE, &[]);
    let home = at_home(&carla, &slug);
    let own = format!("statement/{slug}");
    carla.git(&["switch", "--quiet", "main"]);
    assert_eq!(look(&carla, &slug, &own), home);
    assert_eq!(carla.git(&["branch", "--show-current"]), "main");
    carla.ok(&["comment", &slug, "a thought"]).says(&format!("brought {own} here"));
}

#[test]
fn of_two_branches_of_one_name_the_newer_is_read() {
    let world = RecordRepo::with_remote(PULL_REQUEST);
    let (carla, ada) = (world.clone_of("carla-sample"), world.clone_of("ada-example"));
    let slug = carla.new_letter(TITLE, &[]);
    let (own, theirs) = (format!("statement/{slug}"), format!("origin/statement/{slug}"));
    carla.ok(&["comment", &slug, "only in this clone", "--no-push"]);
    carla.git(&["switch", "--quiet", "main"]);
    assert!(look(&carla, &slug, &own)[0].contains("only in this clone"));
    ada.ok(&["comment", &slug, "on the remote"]);
    let printed = look(&carla, &slug, &theirs);
    assert!(printed[0].contains("on the remote") && !printed[0].contains("only in this clone"), "{}", printed[0]);
}

#[test]
fn a_remote_out_of_reach_is_read_as_it_was_last_fetched() {
    let world = RecordRepo::with_remote(PULL_REQUEST);
    let (carla, ada) = (world.clone_of("carla-sample"), world.clone_of("ada-example"));
    let slug = carla.new_letter(TITLE, &[]);
    ada.git(&["fetch", "--quiet"]);
    std::fs::rename(world.remote(), world.folder().join("elsewhere.git")).unwrap();
    look(&ada, &slug, &format!("origin/statement/{slug}"));
    ada.fails(2, &["show", "nothing-of-that-name"]).says("no letter is called");
}

#[test]
fn a_newer_mainline_is_read_and_not_followed() {
    let world = RecordRepo::with_remote(DIRECT);
    let (carla, ada) = (world.clone_of("carla-sample"), world.clone_of("ada-example"));
    let slug = carla.new_letter(TITLE, &[]);
    assert_eq!(look(&ada, &slug, "origin/main"), at_home(&carla, &slug));
    carla.being("ada-example").ok(&["approve", &slug]);
    ada.ok(&["send", &slug, "--dry-run"]).says("read from origin/main").prints("would become ls-2026-001");
    carla.ok(&["send", &slug]);
    for name in [&slug, "ls-2026-001"] {
        ada.ok(&["show", name]).says("read from origin/main").prints("ls-2026-001  [handed-over]");
    }
    assert!(ada.names("drafts").is_empty() && ada.names("statements").is_empty());
}

#[test]
fn a_letter_that_waits_for_its_merge_is_read_by_either_name() {
    let world = RecordRepo::with_remote(PULL_REQUEST);
    let carla = world.clone_of("carla-sample");
    let slug = carla.new_letter(TITLE, &[]);
    carla.being("ada-example").ok(&["approve", &slug]);
    carla.git(&["push", "--quiet", "origin", &format!("statement/{slug}:main")]);
    carla.git(&["push", "--quiet", "origin", "--delete", &format!("statement/{slug}")]);
    carla.ok(&["send", &slug]);
    let ada = world.clone_of("ada-example");
    let before = ada.standing();
    let told = ada.ok(&["show", "ls-2026-001"]).says("read from origin/liaison/send/ls-2026-001");
    assert!(told.stdout.contains("[handed-over]"), "{}", told.stdout);
    ada.fails(73, &["send", &slug]).says("liaison show ls-2026-001 shows it");
    assert!(ada.standing() == before, "who looks changes nothing");
}

#[test]
fn a_part_that_two_branches_answer_to_is_told() {
    let world = RecordRepo::with_remote(PULL_REQUEST);
    let (carla, ada) = (world.clone_of("carla-sample"), world.clone_of("ada-example"));
    carla.new_letter("The first letter", &[]);
    carla.new_letter("The second letter", &[]);
    ada.fails(2, &["show", "letter"])
        .says("\"letter\" could be on statement/the-first-letter, statement/the-second-letter")
        .says("name the letter in full");
    ada.ok(&["show", "second"]).says("read from origin/statement/the-second-letter");
}
