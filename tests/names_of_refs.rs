//! Tags and branches whose names look like a branch of the remote change nothing: the program names every reference in full.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test ends where it is wrong"
)]

mod common;

use common::{Clone, DIRECT, PULL_REQUEST, RecordRepo};

/// Names, at an old commit, whatever somebody could take for a branch, here or on the remote.
fn mislead(clone: &Clone<'_>, branches: &[&str]) {
    let first = clone.git(&["rev-list", "--max-parents=0", "HEAD"]);
    for branch in branches {
        let remote = format!("origin/{branch}");
        clone.git(&["tag", &remote, &first]);
        clone.git(&["tag", branch, &first]);
        clone.git(&["branch", &remote, &first]);
    }
}

#[test]
fn a_push_is_based_on_the_remote_s_branch_and_not_on_a_tag_of_its_name() {
    let world = RecordRepo::with_remote(DIRECT);
    let carla = world.clone_of("carla-sample");
    let slug = carla.new_letter("Use of ECH", &[]);
    let theo = world.clone_of("theo-exemplo");
    mislead(&theo, &["main"]);
    carla.ok(&["comment", &slug, "first"]);
    theo.ok(&["comment", &slug, "second"]).says("committed and pushed to main");
    carla.git(&["pull", "--quiet"]);
    assert_eq!(carla.journal().len(), 3);

    // What is advised works as typed.
    carla.ok(&["edit", &slug, "--set", "deadline=2027-02-01"]);
    theo.fails(73, &["edit", &slug, "--set", "deadline=2027-03-01"])
        .says("git reset --keep refs/remotes/origin/main takes your change back");
    theo.git(&["reset", "--quiet", "--keep", "refs/remotes/origin/main"]);
    theo.being("ada-example").ok(&["approve", &slug]);
    theo.ok(&["send", &slug]).says("became ls-2026-001");
}

#[test]
fn a_letter_s_branch_is_found_and_followed_beside_tags_of_its_name() {
    let world = RecordRepo::with_remote(PULL_REQUEST);
    let carla = world.clone_of("carla-sample");
    let slug = carla.new_letter("Use of ECH", &[]);
    let theo = world.clone_of("theo-exemplo");
    let branch = format!("statement/{slug}");
    mislead(&theo, &["main", &branch]);
    theo.ok(&["comment", &slug, "hm"]).says(&format!("pushed to {branch}"));
    assert_eq!(
        theo.git(&["rev-parse", "--symbolic-full-name", "@{upstream}"]),
        format!("refs/remotes/origin/{branch}")
    );
    carla.ok(&["comment", &slug, "yes"]);
    theo.ok(&["comment", &slug, "then"]).says(&format!("pushed to {branch}"));
    theo.ok(&["status"]);
}

#[test]
fn a_tag_that_is_called_like_a_commit_stands_for_no_commit() {
    let world = RecordRepo::with_remote(DIRECT);
    let carla = world.clone_of("carla-sample");
    let slug = carla.new_letter("Use of ECH", &[]);
    carla.being("ada-example").ok(&["approve", &slug]);
    let head = carla.git(&["rev-parse", "HEAD"]);
    carla.git(&["update-ref", &format!("refs/tags/{head}"), "HEAD~1"]);
    carla.ok(&["send", &slug]).says("became ls-2026-001");
}
