//! A draft leaves once, whatever becomes of its stub: a merge that keeps the wrong side, a file that is deleted.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test ends where it is wrong"
)]

mod common;

use common::{Clone, DIRECT, PULL_REQUEST, RecordRepo};

/// Drafts are pushed to the mainline, numbers are locked in the ledger.
const LEDGER: &str = "\n[send]\nlock = \"liaison/outbox\"\n";

/// A letter that one clone sent while another one changed it, and the other clone with its conflict.
fn in_conflict<'w>(world: &'w RecordRepo, settings: &str) -> (Clone<'w>, String) {
    let carla = world.clone_of("carla-sample");
    let slug = carla.new_letter("Use of ECH", &[]);
    carla.being("ada-example").ok(&["approve", &slug]);
    let theo = world.clone_of("theo-exemplo");
    carla.ok(&["send", &slug]);
    if settings == LEDGER {
        carla.git(&["fetch", "--quiet"]);
        carla.git(&["merge", "--quiet", "origin/liaison/send/ls-2026-001"]);
        carla.git(&["push", "--quiet"]);
        let path = format!("drafts/{slug}.yaml");
        theo.write(&path, theo.read(&path).replace("Use of ECH", "Changed"));
        theo.git(&["commit", "--quiet", "-am", "Edit by hand"]);
    } else {
        theo.fails(73, &["edit", &slug, "--set", "title=Changed"]);
    }
    let pull = ["pull", "--quiet", "--no-rebase"];
    assert!(!world.command("git").current_dir(&theo.path).args(pull).output().unwrap().status.success());
    (theo, slug)
}

/// Keeps the edited draft and throws the stub away.
fn keep_the_draft(theo: &Clone<'_>, slug: &str) {
    theo.git(&["checkout", "--quiet", "--ours", &format!("drafts/{slug}.yaml")]);
    theo.git(&["add", "--all"]);
    theo.git(&["commit", "--quiet", "-m", "Merge"]);
}

#[test]
fn a_conflict_with_a_stub_says_which_side_stays_and_how() {
    for settings in [DIRECT, LEDGER] {
        let world = RecordRepo::with_remote(settings);
        let (theo, slug) = in_conflict(&world, settings);
        let path = format!("drafts/{slug}.yaml");
        let command = format!("echo 'became: ls-2026-001' > {path} && git add {path}");
        theo.fails(1, &["check"])
            .prints("one side changed the draft, and on the other it became ls-2026-001")
            .prints(&command)
            .prints("liaison new --revises ls-2026-001");
        let typed = world.command("sh").current_dir(&theo.path).args(["-c", &command]).status().unwrap();
        assert!(typed.success());
        theo.git(&["commit", "--quiet", "-m", "Merge"]);
        theo.ok(&["check"]);
        theo.ok(&["show", &slug]).prints(&format!("was the draft {slug}"));
    }
}

#[test]
fn a_draft_that_a_merge_brought_back_is_neither_approved_nor_sent_again() {
    for settings in [DIRECT, LEDGER] {
        let world = RecordRepo::with_remote(settings);
        let (theo, slug) = in_conflict(&world, settings);
        keep_the_draft(&theo, &slug);
        for words in [&["check"][..], &["check", &slug]] {
            let told = format!("{slug} is a draft again, and left as ls-2026-001: it would be sent a second time");
            theo.fails(1, words).prints(&told).prints("stub-missing").prints("echo 'became: ls-2026-001' >");
        }
        assert!(!theo.liaison(&["check"]).stdout.contains("signature-invalid"), "the letter's acts are untouched");
        theo.git(&["push", "--quiet"]);
        let before = theo.standing();
        for words in [&["approve", &slug][..], &["send", &slug], &["send", &slug, "--dry-run"]] {
            let person = if words[0] == "approve" { "ada-example" } else { "theo-exemplo" };
            theo.being(person).fails(73, words).says("ls-2026-001").says("nothing was changed");
        }
        assert!(theo.standing() == before, "what was refused changed nothing");
    }
}

#[test]
fn a_clone_whose_own_sending_was_stopped_is_told_how_it_goes_on() {
    let world = RecordRepo::with_remote(DIRECT);
    let carla = world.clone_of("carla-sample");
    let slug = carla.new_letter("Use of ECH", &[]);
    carla.being("ada-example").ok(&["approve", &slug]);
    let theo = world.clone_of("theo-exemplo");
    carla.ok(&["send", &slug]);
    let (sending, before) = (carla.git(&["rev-parse", "HEAD^"]), carla.git(&["rev-parse", "HEAD^^"]));
    world.git(&world.remote(), &["update-ref", "refs/heads/main", &sending]);
    carla.git(&["update-ref", "refs/remotes/origin/main", &sending]);
    carla.git(&["reset", "--quiet", "--hard", &before]);
    std::fs::remove_dir_all(carla.path.join("outbox")).unwrap();
    theo.fails(73, &["send", &slug]).says("git pull, then liaison show ls-2026-001");
    carla
        .fails(73, &["send", &slug])
        .says("git pull, then liaison send ls-2026-001: it goes on where this clone stopped");
    carla.git(&["pull", "--quiet"]);
    carla.ok(&["send", "ls-2026-001"]).says("is finished now");
}

#[test]
fn a_stub_that_is_deleted_is_missed_and_its_name_stays_taken() {
    let world = RecordRepo::with_remote(DIRECT);
    let carla = world.clone_of("carla-sample");
    let slug = carla.new_letter("Use of ECH", &[]);
    carla.being("ada-example").ok(&["approve", &slug]);
    carla.ok(&["send", &slug]);
    let stub = format!("drafts/{slug}.yaml");
    carla.git(&["rm", "--quiet", &stub]);
    carla.git(&["commit", "--quiet", "-m", "Tidy up"]);
    carla.fails(1, &["check"]).prints(&format!("ls-2026-001 was the draft {slug}, which left no stub"));
    carla.git(&["push", "--quiet"]);
    let again = carla.new_letter("Use of ECH", &[]);
    assert_eq!(again, slug, "the name looks free");
    carla.being("ada-example").fails(73, &["approve", &slug]).says(&format!("{slug} became ls-2026-001 before"));
    carla.write(&stub, "became: ls-2026-001\n");
    carla.git(&["rm", "-r", "--quiet", &format!("drafts/{slug}/")]);
    carla.git(&["add", &stub]);
    carla.git(&["commit", "--quiet", "-m", "Bring the stub back"]);
    carla.ok(&["check"]);
}

#[test]
fn a_letter_that_left_by_another_way_names_its_draft_as_well() {
    let world = RecordRepo::with_remote(PULL_REQUEST);
    let carla = world.clone_of("carla-sample");
    let slug = carla.new_letter("Use of ECH", &["--no-push"]);
    carla.git(&["push", "--quiet", "origin", "HEAD:main"]);
    carla.ok(&["mark-sent", &slug, "--url", "https://portal.example/1", "--reason", "their portal takes no mail"]);
    carla.git(&["fetch", "--quiet"]);
    carla.git(&["switch", "--quiet", "liaison/send/ls-2026-001"]);
    carla.git(&["rm", "--quiet", &format!("drafts/{slug}.yaml")]);
    carla.fails(1, &["check"]).prints(&format!("ls-2026-001 was the draft {slug}, which left no stub"));
}

#[test]
fn a_stub_of_a_received_letter_is_told() {
    let world = RecordRepo::with_remote(DIRECT);
    let rob = world.clone_of("rob-registrar");
    let mail = world.file("in.eml", std::fs::read(common::project("src/cli/example/incoming.eml")).unwrap());
    rob.ok(&["receive", &mail, "--from", "3gpp-sa3", "--to", "tls", "--purpose", "for-information"]);
    rob.write("drafts/other-stub.yaml", "became: ls-2026-001\n");
    rob.fails(1, &["check"]).prints("stub-foreign").prints("was received and never was a draft");
    assert!(!rob.ok(&["show", "ls-2026-001"]).stdout.contains("was the draft"));
}
