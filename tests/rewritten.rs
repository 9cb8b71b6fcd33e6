//! A remote whose mainline lost commits: nobody brings them back, or goes past them, without deciding so.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test ends where it is wrong"
)]

mod common;

use common::{Clone, DIRECT, PULL_REQUEST, RecordRepo};

/// A draft with two comments that everybody has; the remote's mainline then goes back by both.
fn rewound<'w>(world: &'w RecordRepo, clone: &Clone<'w>) -> (String, String) {
    let slug = clone.new_letter("Use of ECH", &[]);
    clone.ok(&["comment", &slug, "first"]);
    clone.ok(&["comment", &slug, "second"]);
    let was = clone.git(&["rev-parse", "HEAD"]);
    world.git(&world.remote(), &["update-ref", "refs/heads/main", &format!("{was}~2")]);
    (slug, was)
}

fn at_remote(world: &RecordRepo) -> String {
    world.git(&world.remote(), &["rev-parse", "refs/heads/main"])
}

#[test]
fn what_the_remote_lost_is_not_pushed_again_unasked() {
    let world = RecordRepo::with_remote(DIRECT);
    let carla = world.clone_of("carla-sample");
    let (slug, was) = rewound(&world, &carla);
    let (before, there) = (carla.standing(), at_remote(&world));
    let mail = world.file("in.eml", std::fs::read(common::project("src/cli/example/incoming.eml")).unwrap());
    let cases: [(&str, &[&str]); 4] = [
        ("carla-sample", &["comment", &slug, "third"]),
        ("carla-sample", &["edit", &slug, "--set", "deadline=2027-02-01"]),
        ("rob-registrar", &["group", "close", "mpls", "--on", "2026-12-31"]),
        ("carla-sample", &["receive", &mail, "--from", "3gpp-sa3", "--to", "tls", "--purpose", "for-information"]),
    ];
    for (person, words) in cases {
        // However often it is tried.
        for _ in 0..2 {
            carla
                .being(person)
                .fails(1, words)
                .says("origin/main was rewritten, and lacks 2 of the commits that it had")
                .says("comment: use-of-ech by Carla Sample")
                .says("nothing was changed and nothing was pushed")
                .says("liaison audit")
                .says(&format!("git push origin {was}:refs/heads/main brings back what is gone"));
            assert!(carla.standing() == before, "{words:?}");
            assert_eq!(at_remote(&world), there, "{words:?}");
            assert_eq!(carla.git(&["rev-parse", "refs/remotes/origin/main"]), was, "{words:?}");
            assert_eq!(carla.git(&["for-each-ref", "refs/liaison"]), "", "nothing stays aside");
        }
    }
    // The clone's own log of the remote's branch tells of no rewrite that was not accepted.
    carla.ok(&["audit"]);

    // Bringing them back, deliberately.
    carla.git(&["push", "--quiet", "origin", &format!("{was}:refs/heads/main")]);
    carla.ok(&["comment", &slug, "third"]).says("pushed to main");
}

#[test]
fn whoever_goes_on_without_what_is_gone_says_so() {
    let world = RecordRepo::with_remote(DIRECT);
    let carla = world.clone_of("carla-sample");
    let (slug, was) = rewound(&world, &carla);
    let go_on = format!("git fetch origin && git rebase --onto origin/main {was}");
    carla.fails(1, &["comment", &slug, "third"]).says(&go_on).says("liaison audit --accept-rewrite");
    carla.git(&["fetch", "--quiet", "origin"]);
    carla.git(&["rebase", "--quiet", "--onto", "origin/main", &was]);
    carla.fails(1, &["audit"]);
    carla.liaison(&["audit", "--accept-rewrite"]);
    carla.ok(&["audit"]);
    carla.ok(&["comment", &slug, "third"]).says("pushed to main");
    assert_eq!(carla.names(&format!("drafts/{slug}/acts")).iter().filter(|name| name.contains("-comment-")).count(), 1);
}

#[test]
fn another_history_in_the_place_of_what_was_there_is_told() {
    let world = RecordRepo::with_remote(DIRECT);
    let (carla, theo) = (world.clone_of("carla-sample"), world.clone_of("theo-exemplo"));
    let (slug, was) = rewound(&world, &carla);
    theo.git(&["pull", "--quiet"]);
    theo.ok(&["comment", &slug, "instead"]).says("pushed to main");
    let ran = carla.fails(1, &["comment", &slug, "third"]).says("lacks 2 of the commits that it had");
    assert!(!ran.stderr.contains("brings back"), "a push would need force: {}", ran.stderr);
    assert_eq!(carla.git(&["rev-parse", "HEAD"]), was);
    world.git(&world.remote(), &["update-ref", "-d", "refs/heads/main"]);
    carla.fails(1, &["comment", &slug, "third"]).says("origin has no branch main any more, which was at");
}

#[test]
fn a_mainline_that_lost_commits_stops_pull_request_flow_too() {
    let world = RecordRepo::with_remote(PULL_REQUEST);
    let carla = world.clone_of("carla-sample");
    let slug = carla.new_letter("Use of ECH", &[]);
    carla.git(&["switch", "--quiet", "main"]);
    carla.git(&["merge", "--quiet", &format!("statement/{slug}")]);
    carla.git(&["push", "--quiet", "origin", "main"]);
    world.git(&world.remote(), &["update-ref", "refs/heads/main", "refs/heads/main~1"]);
    carla.fails(1, &["comment", &slug, "hm"]).says("origin/main was rewritten, and lacks 1 of the commits");
    carla.being("ada-example").fails(1, &["approve", &slug]).says("origin/main was rewritten");
    carla.fails(1, &["send", &slug]).says("origin/main was rewritten");
}

#[test]
fn a_ledger_that_lost_entries_gives_no_number_again_and_the_audit_tells_it() {
    for is_deleted in [false, true] {
        let world = RecordRepo::with_remote("\n[send]\nlock = \"liaison/outbox\"\n");
        let carla = world.clone_of("carla-sample");
        let slug = carla.new_letter("Use of ECH", &[]);
        carla.being("ada-example").ok(&["approve", &slug]);
        carla.ok(&["send", &slug]);
        let theo = world.clone_of("theo-exemplo");
        theo.liaison(&["audit"]);
        let was = theo.git(&["rev-parse", "origin/liaison/outbox"]);
        let ledger = "refs/heads/liaison/outbox";
        match is_deleted {
            true => world.git(&world.remote(), &["update-ref", "-d", ledger]),
            false => world.git(&world.remote(), &["update-ref", ledger, &format!("{was}~1")]),
        };
        world.git(&world.remote(), &["update-ref", "-d", "refs/heads/liaison/send/ls-2026-001"]);
        let mail = world.file("in.eml", std::fs::read(common::project("src/cli/example/incoming.eml")).unwrap());
        let receive = ["receive", &mail, "--from", "3gpp-sa3", "--to", "tls", "--purpose", "for-information"];
        theo.fails(1, &receive).says("lacks entries that it had").says("brings back what is gone");
        // A fetch of one's own takes it over; the audit remembers.
        theo.git(&["fetch", "--quiet", "--prune"]);
        let told = theo.liaison(&["audit"]);
        assert!(told.code == Some(1) && told.stdout.contains("the ledger does not contain"), "{told:?}");
        let accepted = theo.liaison(&["audit", "--accept-rewrite"]);
        assert!(!accepted.stdout.contains("the ledger does not contain"), "{accepted:?}");
        let again = theo.liaison(&["audit"]);
        assert!(!again.stdout.contains("the ledger does not contain"), "{again:?}");
    }
}

#[test]
fn a_number_is_taken_where_the_mainline_says_and_not_where_this_clone_believes() {
    let world = RecordRepo::with_remote(DIRECT);
    let carla = world.clone_of("carla-sample");
    let slug = carla.new_letter("Use of ECH", &[]);
    carla.being("ada-example").ok(&["approve", &slug]);
    let rob = world.clone_of("rob-registrar");
    rob.write("liaison.toml", rob.read("liaison.toml") + "\n[send]\nlock = \"liaison/outbox\"\n");
    rob.ok(&["record-change"]);
    carla.fails(73, &["send", &slug]).says("numbers are locked elsewhere by now").says("git pull");
    carla.git(&["pull", "--quiet", "--rebase"]);
    carla.ok(&["send", &slug]);
    assert!(!world.git(&world.remote(), &["rev-parse", "refs/heads/liaison/outbox"]).is_empty());
}
