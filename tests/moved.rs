//! A draft that was moved or removed by hand is told: it is no letter any more, and nothing else would say so.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test ends where it is wrong"
)]

mod common;

use common::{Clone, DIRECT, RecordRepo};

fn told(clone: &Clone<'_>, text: &str) {
    for command in ["status", "list"] {
        clone.ok(&[command]).says(text);
    }
}

#[test]
fn a_draft_that_was_moved_by_hand_is_told() {
    let world = RecordRepo::with_remote(DIRECT);
    let carla = world.clone_of("carla-sample");
    let slug = carla.new_letter("Use of ECH", &[]);
    let path = format!("drafts/{slug}.yaml");
    let silent = |clone: &Clone<'_>| {
        for command in ["status", "list"] {
            let ran = clone.ok(&[command]);
            assert!(!ran.stderr.contains("by hand"), "{command}: {}", ran.stderr);
        }
    };
    silent(&carla);
    carla.git(&["mv", &path, "drafts/another-name.yaml"]);
    told(&carla, &format!("{path} was moved or removed by hand, and is no letter here any more"));
    let back = format!("git restore --staged --worktree {path} drafts/{slug}/");
    told(&carla, &back);

    // Committed, and not pushed: the mainline as it was last fetched still has it.
    carla.git(&["commit", "--quiet", "-m", "Another name"]);
    let mainline = carla.git(&["rev-parse", "refs/remotes/origin/main"]);
    told(&carla, &format!("git restore --source={mainline} {path} drafts/{slug}/ brings it back"));
    carla.git(&["restore", &format!("--source={mainline}"), &path, &format!("drafts/{slug}/")]);
    silent(&carla);
}

#[test]
fn a_draft_that_was_sent_or_is_not_pulled_is_not_missed() {
    let world = RecordRepo::with_remote(DIRECT);
    let (carla, theo) = (world.clone_of("carla-sample"), world.clone_of("theo-exemplo"));
    let slug = carla.new_letter("Use of ECH", &[]);
    theo.git(&["fetch", "--quiet"]);
    carla.being("ada-example").ok(&["approve", &slug]);
    carla.ok(&["send", &slug]);
    for clone in [&carla, &theo] {
        let ran = clone.ok(&["status"]);
        assert!(!ran.stderr.contains("by hand"), "{}", ran.stderr);
    }
}
