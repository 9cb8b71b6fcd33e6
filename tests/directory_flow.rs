//! A change of the directory in pull-request flow: on a branch of its own, pushed, with the address to open.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test ends where it is wrong"
)]

mod common;

use common::{PULL_REQUEST, RecordRepo};

#[test]
fn a_change_of_the_directory_leaves_the_protected_mainline_for_a_branch_of_its_own() {
    let world = RecordRepo::with_remote(PULL_REQUEST);
    let rob = world.clone_of("rob-registrar");
    world.protect();
    let done = rob.ok(&["role", "end", "chair", "tls", "theo-exemplo", "--until", "2026-12-01"]);
    assert!(done.stderr.contains("directory/role-theo-exemplo"), "{}", done.stderr);
    let branches = rob.git(&["branch", "--remotes", "--list", "origin/directory/*"]);
    assert_eq!(branches.lines().count(), 1, "{branches}");
    let main = rob.git(&["show", "origin/main:directory/groups/tls.toml"]);
    assert!(!main.contains("2026-12-01"), "the mainline changed without a review");
}
