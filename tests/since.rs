//! `check --since`: what a branch brings, and what it breaks elsewhere.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test ends where it is wrong"
)]

mod common;

use common::{Clone, DIRECT, RecordRepo};

/// A draft with a fault of its own: its deadline lies after a purpose that has none.
const FAULTY: &str = "direction: outgoing\ntitle: An old letter\nfrom: {groups: [tls]}\nto: {groups: [3gpp-sa3]}\n\
                      purpose: for-everybody\nbody: |\n  Dear colleagues, please tell us.\n";

/// A record whose mainline has a faulty draft, on a branch of its own.
fn on_a_branch(world: &RecordRepo) -> Clone<'_> {
    let clone = world.first("rob-registrar", DIRECT);
    clone.write("drafts/old-letter.yaml", FAULTY);
    commit(&clone);
    clone.git(&["checkout", "--quiet", "-b", "work"]);
    clone
}

fn commit(clone: &Clone<'_>) {
    clone.git(&["add", "--all"]);
    clone.git(&["commit", "--quiet", "-m", "Change"]);
}

/// The codes that are news beside the mainline, with their files, errors only.
#[track_caller]
fn news(clone: &Clone<'_>) -> Vec<String> {
    let ran = clone.liaison(&["check", "--since", "main", "--format", "json"]);
    let found: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap_or_else(|error| panic!("{error}: {ran:?}"));
    let errors = found["findings"].as_array().unwrap().iter().filter(|finding| finding["severity"] == "error");
    let told =
        errors.map(|finding| format!("{} {}", finding["code"].as_str().unwrap(), finding["file"].as_str().unwrap()));
    let told: Vec<String> = told.collect();
    assert_eq!(ran.code, Some(i32::from(!told.is_empty())), "{ran:?}");
    told
}

#[test]
fn what_was_wrong_before_is_no_news_until_its_file_changes() {
    let world = RecordRepo::new();
    let clone = on_a_branch(&world);
    clone.fails(1, &["check"]);
    assert_eq!(news(&clone), [""; 0]);
    clone.write("drafts/new-letter.yaml", FAULTY);
    assert_eq!(news(&clone), ["purpose-unknown drafts/new-letter.yaml"], "not committed yet");
    commit(&clone);
    assert_eq!(news(&clone), ["purpose-unknown drafts/new-letter.yaml"]);
    clone.write("drafts/old-letter.yaml", format!("# looked at\n{FAULTY}"));
    let both = ["purpose-unknown drafts/new-letter.yaml", "purpose-unknown drafts/old-letter.yaml"];
    assert_eq!(news(&clone), both);
}

#[test]
fn what_a_branch_breaks_in_files_it_does_not_touch_is_news() {
    let world = RecordRepo::new();
    let clone = on_a_branch(&world);
    clone.git(&["checkout", "--quiet", "main"]);
    let slug = clone.new_letter("Use of ECH", &[]);
    clone.git(&["checkout", "--quiet", "-B", "work"]);
    clone.git(&["rm", "--quiet", "directory/people/carla-sample.toml"]);
    commit(&clone);
    let told = news(&clone);
    assert!(told.iter().any(|one| one.ends_with("directory/groups/tls.toml")), "{told:?}");
    assert!(!told.iter().any(|one| one.contains("old-letter")), "{told:?}");
    assert!(clone.has(&format!("drafts/{slug}.yaml")));
}

#[test]
fn a_branch_is_compared_with_where_it_went_on_and_not_with_what_came_meanwhile() {
    let world = RecordRepo::new();
    let clone = on_a_branch(&world);
    clone.git(&["checkout", "--quiet", "main"]);
    clone.write("drafts/old-letter.yaml", FAULTY.replace("for-everybody", "for-information"));
    commit(&clone);
    clone.git(&["checkout", "--quiet", "work"]);
    assert_eq!(news(&clone), [""; 0], "that the mainline mended it is not this branch's business");
}

#[test]
fn a_commit_that_is_not_there_is_named() {
    let world = RecordRepo::new();
    let clone = on_a_branch(&world);
    clone.fails(2, &["check", "--since", "origin/nowhere"]).says("origin/nowhere names no commit").says("git fetch");
    clone.git(&["checkout", "--quiet", "--orphan", "alone"]);
    clone.git(&["commit", "--quiet", "-m", "Begin"]);
    clone.fails(2, &["check", "--since", "main"]).says("main has no commit in common with this branch");
}

/// Who says `main` means the branch, and no tag of that name.
#[test]
fn a_tag_of_the_name_of_a_branch_hides_nothing() {
    let world = RecordRepo::new();
    let carla = on_a_branch(&world);
    carla.write("drafts/broken.yaml", "titel: x\n");
    commit(&carla);
    carla.git(&["tag", "main", "HEAD"]);
    carla.fails(1, &["check", "--since", "main"]).prints("unknown-key");
    carla.fails(1, &["review", "--base", "main"]).prints("unknown-key");
}
