//! Two people, two clones, one letter: what each did alone is merged both ways by git. It merges by itself, or explains itself.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test ends where it is wrong"
)]

mod common;

use std::path::Path;

use common::{Clone, DIRECT, RecordRepo};

/// What somebody does to a letter, alone in their clone.
struct Deed {
    person: &'static str,
    words: &'static [&'static str],
}

const fn deed(person: &'static str, words: &'static [&'static str]) -> Deed {
    Deed { person, words }
}

impl Deed {
    /// Does it, in a clone that knows no other.
    fn happens<'w>(&self, clone: &Clone<'w>, letter: &str) -> Clone<'w> {
        let clone = clone.being(self.person);
        let words: Vec<&str> = self.words.iter().map(|word| if *word == "ID" { letter } else { word }).collect();
        clone.ok(&words);
        clone
    }
}

/// Two clones of one record that do not reach each other but by hand.
fn apart<'w>(world: &'w RecordRepo, before: impl Fn(&Clone<'w>) -> String) -> ([Clone<'w>; 2], String) {
    let letter = before(&world.clone_of("carla-sample"));
    let clones = [world.clone_of("carla-sample"), world.clone_of("carla-sample")];
    clones.iter().for_each(|clone| drop(clone.git(&["remote", "remove", "origin"])));
    (clones, letter)
}

/// Merges another clone's mainline; whether git could do it by itself.
fn merge(into: &Clone<'_>, from: &Path) -> bool {
    into.git(&["fetch", "--quiet", &from.display().to_string(), "main"]);
    let arguments = ["merge", "--quiet", "--no-edit", "FETCH_HEAD"];
    into.world.command("git").current_dir(&into.path).args(arguments).output().unwrap().status.success()
}

/// Merges both ways; both have to go alike.
fn both_ways<'w>(world: &'w RecordRepo, [one, other]: [Clone<'w>; 2]) -> ([Clone<'w>; 2], bool) {
    // What the first merge made must not be seen by the second.
    let path = world.folder().join("as-it-was");
    world.git(world.folder(), &["clone", "--quiet", &one.path.display().to_string(), &path.display().to_string()]);
    let clean = merge(&one, &other.path);
    assert_eq!(merge(&other, &path), clean, "both ways go alike");
    if clean {
        let tree = |clone: &Clone<'_>| clone.git(&["rev-parse", "HEAD^{tree}"]);
        assert_eq!(tree(&one), tree(&other), "and come to the same");
    }
    ([one, other], clean)
}

fn draft(carla: &Clone<'_>) -> String {
    let slug = carla.new_letter("Use of ECH in 5G core networks", &[]);
    carla.being("pavel-priklad").ok(&["approve", &slug]);
    slug
}

const APPROVE: Deed = deed("ada-example", &["approve", "ID"]);
const DECLINE: Deed = deed("pavel-priklad", &["approve", "ID", "--decline", "--reason", "too early"]);
const COMMENT: Deed = deed("theo-exemplo", &["comment", "ID", "I agree"]);
const TITLE: Deed = deed("carla-sample", &["edit", "ID", "--set", "title=Plans for ECH"]);
const OTHER_TITLE: Deed = deed("theo-exemplo", &["edit", "ID", "--set", "title=ECH, a question"]);
const DEADLINE: Deed = deed("theo-exemplo", &["edit", "ID", "--set", "deadline=2027-03-01"]);
const SEND: Deed = deed("carla-sample", &["send", "ID"]);

#[test]
fn acts_on_one_draft_and_edits_of_its_different_lines_merge_by_themselves() {
    let deeds: [(&Deed, &Deed, &str); 7] = [
        (&APPROVE, &COMMENT, "approved"),
        (&APPROVE, &APPROVE, "approved"),
        (&APPROVE, &DECLINE, "ready"),
        (&COMMENT, &COMMENT, "approved"),
        (&APPROVE, &TITLE, "ready"),
        (&COMMENT, &DEADLINE, "ready"),
        (&TITLE, &DEADLINE, "ready"),
    ];
    for (one, other, state) in deeds {
        let world = RecordRepo::with_remote(DIRECT);
        let ([first, second], slug) = apart(&world, draft);
        let clones = [one.happens(&first, &slug), other.happens(&second, &slug)];
        let (clones, is_clean) = both_ways(&world, clones);
        assert!(is_clean, "{:?} and {:?}", one.words, other.words);
        for clone in clones {
            clone.ok(&["check"]);
            assert_eq!(clone.state(&slug), state, "{:?} and {:?}", one.words, other.words);
            let audited = clone.liaison(&["audit"]);
            assert_eq!(audited.code, Some(0), "{:?} and {:?}: {audited:?}", one.words, other.words);
        }
    }
}

#[test]
fn two_edits_of_one_line_are_for_a_person_to_decide() {
    let world = RecordRepo::with_remote(DIRECT);
    let ([first, second], slug) = apart(&world, draft);
    let clones = [TITLE.happens(&first, &slug), OTHER_TITLE.happens(&second, &slug)];
    let (clones, is_clean) = both_ways(&world, clones);
    assert!(!is_clean);
    for clone in clones {
        clone.fails(1, &["check"]).prints("conflict-markers");
        clone
            .fails(1, &["resolve-merge"])
            .prints("both edited the draft: settle the lines that git marks")
            .prints(&format!("git add drafts/{slug}.yaml"));
    }
}

#[test]
fn what_was_done_to_a_draft_that_is_sent_elsewhere_goes_along_or_becomes_a_draft_of_its_own() {
    for other in [&APPROVE, &COMMENT, &DECLINE, &TITLE, &DEADLINE] {
        let world = RecordRepo::with_remote(DIRECT);
        let ([first, second], slug) = apart(&world, draft);
        let clones = [SEND.happens(&first, &slug), other.happens(&second, &slug)];
        let (clones, is_clean) = both_ways(&world, clones);
        let is_edit = other.words[0] == "edit";
        assert!(!is_clean || !is_edit, "{:?}", other.words);
        for clone in clones {
            clone.ok(&["resolve-merge"]);
            clone.git(&["commit", "--quiet", "--allow-empty", "--all", "-m", "Settle the merge"]);
            clone.ok(&["check"]);
            assert_eq!(clone.state("ls-2026-001"), "handed-over", "{:?}", other.words);
            assert_eq!(clone.has(&format!("drafts/{slug}-2.yaml")), is_edit, "{:?}", other.words);
            let acts = clone.names("statements/2026/ls-2026-001/acts");
            let came_along = acts.iter().filter(|name| name.ends_with(&format!("{}.yaml", other.person))).count();
            assert_eq!(came_along > 0, !is_edit || other.person == "carla-sample", "{:?}: {acts:?}", other.words);
            assert!(!clone.has(&format!("drafts/{slug}/acts")), "nothing is left behind");
        }
    }
}

/// Without a remote nothing locks: the second sending is found when both come together, and neither is hidden.
#[test]
fn one_draft_sent_twice_is_told() {
    let world = RecordRepo::with_remote(DIRECT);
    let ([first, second], slug) = apart(&world, draft);
    let clones = [SEND.happens(&first, &slug), SEND.happens(&second, &slug)];
    let (clones, is_clean) = both_ways(&world, clones);
    assert!(!is_clean);
    for clone in clones {
        clone.fails(1, &["resolve-merge"]).prints("ls-2026-001");
    }
}

/// Two different drafts take the same number.
#[test]
fn one_number_for_two_letters_is_told() {
    let world = RecordRepo::with_remote(DIRECT);
    let other = std::cell::RefCell::new(String::new());
    let ([first, second], slug) = apart(&world, |carla| {
        let slug = draft(carla);
        *other.borrow_mut() = carla.new_letter("Another letter", &[]);
        carla.being("pavel-priklad").ok(&["approve", &other.borrow()]);
        slug
    });
    let clones = [SEND.happens(&first, &slug), SEND.happens(&second, &other.borrow())];
    let (clones, is_clean) = both_ways(&world, clones);
    assert!(!is_clean);
    for clone in clones {
        let told = clone.fails(1, &["resolve-merge"]).prints("both sides took ls-2026-001");
        assert_eq!(told.stdout.lines().count(), 1, "whichever files git stopped at: {told:?}");
    }
}

#[test]
fn outcomes_of_one_letter_merge_by_themselves() {
    let received = |carla: &Clone<'_>| {
        let body = carla.world.file("body.txt", "Dear colleagues, please tell us.\n");
        let parties =
            ["receive", "--from", "3gpp-sa3", "--to", "tls", "--title", "A question", "--purpose", "for-action"];
        carla
            .being("rob-registrar")
            .ok(&[&parties[..], &["--deadline", "2027-01-15", "--body", &body]].concat())
            .stdout
            .trim()
            .to_owned()
    };
    let deeds = [
        deed("carla-sample", &["assign", "ID", "--to", "carla-sample"]),
        deed("theo-exemplo", &["assign", "ID", "--to", "theo-exemplo"]),
        deed("carla-sample", &["resolve", "ID", "--outcome", "done"]),
        deed("rob-registrar", &["annotate", "ID", "--tag", "ech"]),
        deed(
            "rob-registrar",
            &[
                "correct",
                "ID",
                "--field",
                "deadline",
                "--was",
                "2027-01-15",
                "--now-is",
                "2027-01-10",
                "--reason",
                "the PDF says so",
            ],
        ),
    ];
    for (index, one) in deeds.iter().enumerate() {
        for other in &deeds[index + 1..] {
            let world = RecordRepo::with_remote(DIRECT);
            let ([first, second], letter) = apart(&world, received);
            let clones = [one.happens(&first, &letter), other.happens(&second, &letter)];
            let (clones, is_clean) = both_ways(&world, clones);
            assert!(is_clean, "{:?} and {:?}", one.words, other.words);
            for clone in clones {
                clone.ok(&["check"]);
                clone.ok(&["resolve-merge"]).prints("nothing is in conflict here");
            }
        }
    }
}
