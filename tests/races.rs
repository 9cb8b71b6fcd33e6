//! Ten clones at once: one number for one letter, no gap, no double, and nothing lost, on both locks.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test ends where it is wrong"
)]

mod common;

use std::collections::BTreeSet;

use common::{Clone, DIRECT, RecordRepo};

/// How many act at once.
const CLONES: usize = 10;

/// All commands bear this moment, so that equal actions would give equal commits.
const NOW: &str = "2026-11-25T09:00:00Z";

/// The day after.
const LATER: &str = "2026-11-26T09:00:00Z";

/// Drafts are pushed to the mainline, numbers are locked in the ledger.
const LEDGER: &str = "\n[send]\nlock = \"liaison/outbox\"\n";

/// Runs one command in each clone, all at once; exit codes and results in the order of the clones.
fn at_once(clones: &[Clone<'_>], words: impl Fn(usize) -> Vec<String> + Sync) -> Vec<common::Ran> {
    let barrier = std::sync::Barrier::new(clones.len());
    std::thread::scope(|scope| {
        let threads: Vec<_> = clones
            .iter()
            .enumerate()
            .map(|(index, clone)| {
                let (barrier, words) = (&barrier, words(index));
                scope.spawn(move || {
                    let words: Vec<&str> = words.iter().map(String::as_str).collect();
                    let mut command = clone.now(NOW).command(&words);
                    barrier.wait();
                    common::Ran::of(&mut command, &words.join(" "))
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    })
}

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

/// The numbers from 1 to `last`.
fn numbers(last: usize) -> BTreeSet<String> {
    (1..=last).map(|serial| format!("ls-2026-{serial:03}")).collect()
}

/// The letters of a branch of the remote, by their numbers.
fn numbered(world: &RecordRepo, branch: &str) -> BTreeSet<String> {
    let list = world.git(&world.remote(), &["ls-tree", "-r", "--name-only", branch]);
    let names = list.lines().filter(|path| path.starts_with("statements/") && path.matches('/').count() == 2);
    names.filter_map(|path| path.rsplit('/').next()?.strip_suffix(".yaml").map(str::to_owned)).collect()
}

/// The numbers that the ledger holds.
fn in_ledger(world: &RecordRepo) -> BTreeSet<String> {
    let list = world.git(&world.remote(), &["ls-tree", "-r", "--name-only", "liaison/outbox"]);
    let names = list.lines().filter_map(|path| path.strip_prefix("2026/"));
    names.filter(|name| !name.contains('.')).map(str::to_owned).collect()
}

fn clones(world: &RecordRepo) -> Vec<Clone<'_>> {
    (0..CLONES).map(|_| world.clone_of("carla-sample")).collect()
}

/// Approved drafts on the mainline.
fn approved(world: &RecordRepo, count: usize) -> Vec<String> {
    let clone = world.clone_of("carla-sample");
    let mut slugs = Vec::new();
    for number in 0..count {
        let slug = clone.new_letter(&format!("Letter {number}"), &["--no-push"]);
        clone.being("ada-example").ok(&["approve", &slug, "--no-push"]);
        slugs.push(slug);
    }
    clone.git(&["push", "--quiet"]);
    slugs
}

fn mail(world: &RecordRepo, number: usize) -> String {
    let text = format!(
        "From: SA3 <sa3@3gpp.example>\r\nTo: tls@ietf.example\r\nSubject: Question {number}\r\n\
         Message-ID: <question-{number}@3gpp.example>\r\nDate: Tue, 24 Nov 2026 09:00:00 +0000\r\n\r\nQuestion {number}.\r\n"
    );
    world.file(&format!("question-{number}.eml"), text)
}

fn receive(mail: &str) -> Vec<String> {
    words(&["receive", mail, "--from", "3gpp-sa3", "--to", "tls", "--purpose", "for-information"])
}

/// Each clone's outbox: how many messages lie in all of them.
fn messages(clones: &[Clone<'_>]) -> usize {
    clones.iter().map(|clone| clone.names("outbox/new").len()).sum()
}

fn one_draft(settings: &str) {
    let world = RecordRepo::with_remote(settings);
    let slug = approved(&world, 1).remove(0);
    let clones = clones(&world);
    let ran = at_once(&clones, |_| words(&["send", &slug]));
    let mut codes: Vec<Option<i32>> = ran.iter().map(|ran| ran.code).collect();
    codes.sort();
    let told: Vec<&str> = ran.iter().map(|ran| ran.stderr.as_str()).collect();
    assert_eq!(codes, [vec![Some(0)], vec![Some(73); CLONES - 1]].concat(), "{told:#?}");
    for loser in ran.iter().filter(|ran| ran.code == Some(73)) {
        assert!(loser.stderr.contains("ls-2026-001"), "{}", loser.stderr);
    }
    assert_eq!(messages(&clones), 2, "one statement and its announcement");
    let branch = if settings == LEDGER { "liaison/send/ls-2026-001" } else { "main" };
    assert_eq!(numbered(&world, branch), numbers(1));
    let stub = world.git(&world.remote(), &["show", &format!("{branch}:drafts/{slug}.yaml")]);
    assert_eq!(stub, "became: ls-2026-001");
    let branches = world.git(&world.remote(), &["for-each-ref", "--format=%(refname:short)", "refs/heads"]);
    assert_eq!(branches.lines().count(), if settings == LEDGER { 3 } else { 1 }, "{branches}");
}

#[test]
fn one_draft_sent_by_ten_clones_leaves_once_on_the_mainline() {
    one_draft(DIRECT);
}

#[test]
fn one_draft_sent_by_ten_clones_leaves_once_with_the_ledger() {
    one_draft(LEDGER);
}

fn ten_drafts(settings: &str) {
    let world = RecordRepo::with_remote(settings);
    let slugs = approved(&world, CLONES);
    let clones = clones(&world);
    let ran = at_once(&clones, |index| words(&["send", &slugs[index]]));
    let taken: Vec<String> = ran.into_iter().map(|ran| ran.ended(0).stdout.trim().to_owned()).collect();
    assert_eq!(taken.iter().cloned().collect::<BTreeSet<_>>(), numbers(CLONES), "{taken:?}");
    assert_eq!(messages(&clones), 2 * CLONES);
    if settings == LEDGER {
        assert_eq!(in_ledger(&world), numbers(CLONES));
        for number in numbers(CLONES) {
            assert_eq!(numbered(&world, &format!("liaison/send/{number}")), BTreeSet::from([number]));
        }
    } else {
        assert_eq!(numbered(&world, "main"), numbers(CLONES));
        let looker = world.clone_of("cora-beispiel");
        looker.ok(&["check"]);
        assert!(numbers(CLONES).iter().all(|number| looker.state(number) == "handed-over"));
    }
}

#[test]
fn ten_drafts_sent_at_once_take_ten_numbers_on_the_mainline() {
    ten_drafts(DIRECT);
}

#[test]
fn ten_drafts_sent_at_once_take_ten_numbers_with_the_ledger() {
    ten_drafts(LEDGER);
}

fn ten_mails(settings: &str) {
    let world = RecordRepo::with_remote(settings);
    let mails: Vec<String> = (0..CLONES).map(|number| mail(&world, number)).collect();
    let clones = clones(&world);
    let ran = at_once(&clones, |index| receive(&mails[index]));
    let taken: BTreeSet<String> = ran.into_iter().map(|ran| ran.ended(0).stdout.trim().to_owned()).collect();
    assert_eq!(taken, numbers(CLONES));
    if settings == LEDGER {
        assert_eq!(in_ledger(&world), numbers(CLONES));
    } else {
        assert_eq!(numbered(&world, "main"), numbers(CLONES));
    }
}

#[test]
fn ten_mails_received_at_once_take_ten_numbers_on_the_mainline() {
    ten_mails(DIRECT);
}

#[test]
fn ten_mails_received_at_once_take_ten_numbers_with_the_ledger() {
    ten_mails(LEDGER);
}

fn one_mail(settings: &str) {
    let world = RecordRepo::with_remote(settings);
    let mail = mail(&world, 1);
    let clones = clones(&world);
    let ran = at_once(&clones, |_| receive(&mail));
    for ran in ran {
        assert_eq!(ran.ended(0).stdout, "ls-2026-001\n", "every clone is told the same number");
    }
    if settings == LEDGER {
        assert_eq!(in_ledger(&world), numbers(1));
    } else {
        assert_eq!(numbered(&world, "main"), numbers(1));
    }
}

#[test]
fn one_mail_received_by_ten_clones_is_one_letter_on_the_mainline() {
    one_mail(DIRECT);
}

#[test]
fn one_mail_received_by_ten_clones_is_one_letter_with_the_ledger() {
    one_mail(LEDGER);
}

#[test]
fn sending_and_receiving_at_once_share_the_numbers() {
    let world = RecordRepo::with_remote(DIRECT);
    let slugs = approved(&world, 4);
    let clones: Vec<Clone<'_>> = (0..8).map(|_| world.clone_of("carla-sample")).collect();
    let ran = at_once(&clones, |index| match slugs.get(index) {
        Some(slug) => words(&["send", slug]),
        None => receive(&mail(&world, index)),
    });
    let taken: BTreeSet<String> = ran.into_iter().map(|ran| ran.ended(0).stdout.trim().to_owned()).collect();
    assert_eq!(taken, numbers(8));
    assert_eq!(numbered(&world, "main"), numbers(8));
}

#[test]
fn approvals_given_at_once_are_all_kept() {
    let world = RecordRepo::with_remote(DIRECT);
    let carla = world.clone_of("carla-sample");
    let slug = carla.new_letter("A letter of two areas", &["--from", "mpls"]);
    let directors = ["ada-example", "pavel-priklad", "anna-przyklad", "otto-example"];
    let clones: Vec<Clone<'_>> = directors.iter().map(|person| world.clone_of(person)).collect();
    for ran in at_once(&clones, |_| words(&["approve", &slug])) {
        ran.ended(0).says("committed and pushed to main");
    }
    carla.git(&["pull", "--quiet"]);
    let acts = carla.names(&format!("drafts/{slug}/acts"));
    for person in directors {
        assert!(acts.iter().any(|name| name.ends_with(&format!("-approve-{person}.yaml"))), "{person} in {acts:?}");
    }
    let carla = carla.now(LATER);
    assert_eq!(carla.state(&slug), "approved");
    carla.ok(&["send", &slug]);
    carla.ok(&["check"]);
}

#[test]
fn comments_of_ten_people_at_once_are_all_kept() {
    let world = RecordRepo::with_remote(DIRECT);
    let carla = world.clone_of("carla-sample");
    let slug = carla.new_letter("A letter that many speak of", &[]);
    let people = [
        "ada-example",
        "carla-sample",
        "theo-exemplo",
        "otto-example",
        "ivan-primer",
        "cora-beispiel",
        "rob-registrar",
        "pavel-priklad",
        "liam-specimen",
        "anna-przyklad",
    ];
    let clones: Vec<Clone<'_>> = people.iter().map(|person| world.clone_of(person)).collect();
    for ran in at_once(&clones, |index| words(&["comment", &slug, &format!("by {}", people[index])])) {
        ran.ended(0);
    }
    carla.git(&["pull", "--quiet"]);
    let acts = carla.names(&format!("drafts/{slug}/acts"));
    assert_eq!(acts.iter().filter(|name| name.contains("-comment-")).count(), CLONES);
}

#[test]
fn an_edit_of_a_draft_that_was_sent_meanwhile_conflicts_and_says_so() {
    let world = RecordRepo::with_remote(DIRECT);
    let slug = approved(&world, 1).remove(0);
    let (carla, theo) = (world.clone_of("carla-sample"), world.clone_of("theo-exemplo"));
    carla.ok(&["send", &slug]);
    let sent = world.git(&world.remote(), &["rev-parse", "main"]);
    theo.fails(73, &["edit", &slug, "--set", "deadline=2027-03-01"])
        .says(&format!("{slug} was sent meanwhile as ls-2026-001, without your change"))
        .says("it is committed in this clone only")
        .says("git reset --keep origin/main takes your change back")
        .says("liaison new --revises ls-2026-001");
    assert_eq!(world.git(&world.remote(), &["rev-parse", "main"]), sent, "the letter that was sent stays");
    assert!(theo.read(&format!("drafts/{slug}.yaml")).contains("2027-03-01"), "nothing is lost");
    assert_eq!(theo.git(&["status", "--porcelain"]), "", "no rebase is left unfinished");
    theo.git(&["reset", "--quiet", "--keep", "origin/main"]);
    theo.ok(&["check"]);
    assert_eq!(theo.state(&slug), "handed-over");
}

#[test]
fn an_edit_by_hand_of_a_draft_that_was_sent_meanwhile_conflicts_in_git_as_well() {
    let world = RecordRepo::with_remote(DIRECT);
    let slug = approved(&world, 1).remove(0);
    let (carla, theo) = (world.clone_of("carla-sample"), world.clone_of("theo-exemplo"));
    carla.ok(&["send", &slug]);
    let path = format!("drafts/{slug}.yaml");
    theo.write(&path, theo.read(&path).replace("2027-01-15", "2027-03-01"));
    theo.git(&["commit", "--quiet", "-am", "Edit by hand"]);
    theo.git(&["fetch", "--quiet"]);
    for way in [&["merge", "origin/main"][..], &["rebase", "origin/main"], &["merge", "--squash", "origin/main"]] {
        let output = world.command("git").current_dir(&theo.path).args(way).output().unwrap();
        assert!(!output.status.success(), "{way:?}");
        assert!(theo.git(&["status", "--porcelain"]).contains(&path), "{way:?}");
        let told = theo.fails(1, &["check"]);
        assert!(told.stdout.contains("conflict-markers"), "{way:?}: {}", told.stdout);
        match way[0] {
            "rebase" => theo.git(&["rebase", "--abort"]),
            _ => theo.git(&["reset", "--quiet", "--hard"]),
        };
    }
    assert!(!theo.read(&path).contains("became"));
}

#[test]
fn two_edits_of_the_same_line_conflict_and_say_so() {
    let world = RecordRepo::with_remote(DIRECT);
    let carla = world.clone_of("carla-sample");
    let slug = carla.new_letter("A letter", &[]);
    let theo = world.clone_of("theo-exemplo");
    carla.ok(&["edit", &slug, "--set", "deadline=2027-02-01"]);
    theo.fails(73, &["edit", &slug, "--set", "deadline=2027-03-01"])
        .says("others changed the same lines meanwhile")
        .says("git pull --rebase");
    assert!(theo.read(&format!("drafts/{slug}.yaml")).contains("2027-03-01"), "nothing is lost");
    assert_eq!(theo.git(&["status", "--porcelain"]), "");
}

#[test]
fn an_edit_of_a_draft_that_was_sent_meanwhile_becomes_a_draft_of_its_own() {
    for way in [&["merge", "origin/main"][..], &["rebase", "origin/main"]] {
        let world = RecordRepo::with_remote(DIRECT);
        let slug = approved(&world, 1).remove(0);
        let (carla, theo) = (world.clone_of("carla-sample"), world.clone_of("theo-exemplo"));
        carla.ok(&["send", &slug]);
        let path = format!("drafts/{slug}.yaml");
        theo.write(&path, theo.read(&path).replace("2027-01-15", "2027-03-01"));
        theo.git(&["commit", "--quiet", "-am", "Edit by hand"]);
        theo.git(&["fetch", "--quiet"]);
        let output = world.command("git").current_dir(&theo.path).args(way).output().unwrap();
        assert!(!output.status.success(), "{way:?}");
        let before = theo.tree();
        theo.ok(&["resolve-merge", "--dry-run"]).prints(&format!("{slug} was sent as ls-2026-001"));
        assert_eq!(theo.tree(), before);
        theo.ok(&["resolve-merge"]).prints(&format!("is the draft {slug}-2, which revises ls-2026-001"));
        match way[0] {
            "rebase" => theo.git(&["-c", "core.editor=true", "rebase", "--continue"]),
            _ => theo.git(&["commit", "--quiet", "--no-edit"]),
        };
        assert_eq!(theo.read(&path), carla.read(&path), "{way:?}");
        let edited = theo.read(&format!("drafts/{slug}-2.yaml"));
        assert!(edited.contains("2027-03-01") && edited.contains("revises: [ls-2026-001]"), "{edited}");
        theo.ok(&["check"]);
        theo.ok(&["resolve-merge"]).prints("nothing is in conflict here");
    }
}

#[test]
fn acts_that_stayed_behind_go_along_with_their_letter_and_what_nobody_can_decide_is_told() {
    let world = RecordRepo::with_remote(DIRECT);
    let slug = approved(&world, 1).remove(0);
    let (carla, theo) = (world.clone_of("carla-sample"), world.clone_of("theo-exemplo"));
    let act = "20261124T090000Z-comment-theo-exemplo.yaml";
    theo.write(
        &format!("drafts/{slug}/acts/{act}"),
        "act: comment\nby: theo-exemplo\nat: 2026-11-24T09:00:00Z\ncomment: Yes\n",
    );
    theo.git(&["add", "."]);
    theo.git(&["commit", "--quiet", "-m", "Comment by hand"]);
    carla.ok(&["send", &slug]);
    theo.git(&["-c", "merge.directoryRenames=false", "pull", "--quiet", "--no-rebase", "--no-edit"]);
    theo.fails(1, &["check"]).prints("stub-leftovers");
    theo.ok(&["resolve-merge"]).prints(&format!("{act} goes along with its letter, to ls-2026-001"));
    theo.git(&["commit", "--quiet", "-m", "Move the act along"]);
    assert!(theo.has(&format!("statements/2026/ls-2026-001/acts/{act}")));
    assert!(!theo.liaison(&["check"]).stdout.contains("stub-leftovers"));
    // One number, two letters.
    let (rob, other) = (world.clone_of("rob-registrar"), world.clone_of("carla-sample"));
    let arrives = |clone: &Clone<'_>, number: usize, more: &[&str]| {
        let mut words = receive(&mail(&world, number));
        words.extend(more.iter().map(|word| (*word).to_owned()));
        clone.ok(&words.iter().map(String::as_str).collect::<Vec<_>>());
    };
    arrives(&rob, 1, &["--no-push"]);
    arrives(&other, 2, &[]);
    rob.git(&["fetch", "--quiet"]);
    let merge = ["merge", "--quiet", "origin/main"];
    assert!(!world.command("git").current_dir(&rob.path).args(merge).output().unwrap().status.success());
    rob.fails(1, &["resolve-merge"]).prints("both sides took ls-2026-002").prints("liaison receive");
}
