//! `review`: what a branch does, judged by the rules of the branch that it wants to join.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test ends where it is wrong"
)]

mod common;

use common::{Clone, DIRECT, RecordRepo};
use serde_json::Value;

/// A clone on a branch of its own, beside the mainline of a remote.
fn on_a_branch<'w>(world: &'w RecordRepo, person: &str) -> Clone<'w> {
    let clone = world.clone_of(person);
    branch(&clone);
    clone
}

fn branch(clone: &Clone<'_>) {
    clone.git(&["checkout", "--quiet", "-B", "work", "origin/main"]);
}

fn commit(clone: &Clone<'_>) {
    clone.git(&["add", "--all"]);
    clone.git(&["commit", "--quiet", "-m", "Change"]);
}

/// The review as JSON, with its exit code.
#[track_caller]
fn reviewed(clone: &Clone<'_>) -> (Value, i32) {
    let ran = clone.liaison(&["review", "--format", "json"]);
    (serde_json::from_str(&ran.stdout).unwrap_or_else(|error| panic!("{error}: {ran:?}")), ran.code.unwrap())
}

fn texts(value: &Value) -> Vec<&str> {
    value.as_array().unwrap().iter().map(|one| one.as_str().unwrap()).collect()
}

fn codes(review: &Value) -> Vec<String> {
    let letters =
        review["letters"].as_array().unwrap().iter().flat_map(|letter| letter["findings"].as_array().unwrap());
    let all = letters.chain(review["findings"].as_array().unwrap());
    let mut codes: Vec<String> =
        all.filter(|one| one["severity"] == "error").map(|one| one["code"].as_str().unwrap().to_owned()).collect();
    codes.sort();
    codes.dedup();
    codes
}

#[test]
fn a_new_letter_waits_for_whoever_may_approve_it_and_tells_what_will_leave() {
    let world = RecordRepo::with_remote(DIRECT);
    let carla = on_a_branch(&world, "carla-sample");
    let (nothing, code) = reviewed(&carla);
    assert_eq!((nothing["letters"].as_array().map(Vec::len), code), (Some(0), 0));
    carla.new_letter("Use of ECH in 5G core networks", &["--no-commit"]);
    commit(&carla);
    let (review, code) = reviewed(&carla);
    assert_eq!(code, 3, "only people are awaited: {review:#}");
    let letter = &review["letters"][0];
    assert_eq!((letter["what"].as_str(), letter["state"].as_str()), (Some("new draft"), Some("ready")));
    assert!(texts(&letter["approvals"])[0].contains("missing; could be given by Ada Example"), "{review:#}");
    assert!(texts(&letter["next"]).iter().any(|step| step.contains("liaison approve")), "{review:#}");
    assert!(texts(&letter["leaves"]).iter().any(|line| line.starts_with("the letter: ")), "{review:#}");
    assert!(texts(&letter["leaves"]).iter().any(|line| line.starts_with("the announcement: ")), "{review:#}");
    assert!(letter["text"].as_str().unwrap().contains("we look forward to your comments"));
    let told = carla.liaison(&["review"]);
    assert_eq!(told.code, Some(3), "{told:?}");
    for part in [
        "## Liaison review: nothing is wrong; 1 letter waits for people",
        "<details><summary>The letter as it will read",
        "`liaison approve use-of-ech-in-5g-core-networks`",
    ] {
        assert!(told.stdout.contains(part), "{part}: {}", told.stdout);
    }
    carla.being("ada-example").ok(&["approve", "use-of-ech-in-5g-core-networks", "--no-commit"]);
    commit(&carla);
    let (review, code) = reviewed(&carla);
    assert_eq!(code, 0, "{review:#}");
}

#[test]
fn a_change_is_told_in_words_with_the_approvals_that_it_makes_stale() {
    let world = RecordRepo::with_remote(DIRECT);
    let carla = world.clone_of("carla-sample");
    let slug = carla.new_letter("Use of ECH in 5G core networks", &[]);
    carla.being("ada-example").ok(&["approve", &slug]);
    branch(&carla);
    let path = format!("drafts/{slug}.yaml");
    carla.write(&path, carla.read(&path).replace("2027-01-15", "2027-02-15"));
    commit(&carla);
    let (review, code) = reviewed(&carla);
    let letter = &review["letters"][0];
    assert_eq!((code, letter["what"].as_str()), (3, Some("changed")), "{review:#}");
    assert_eq!(texts(&letter["changes"]), ["deadline 2027-01-15 → 2027-02-15"]);
    assert_eq!(letter["stale"].as_array().map(Vec::len), Some(1), "{review:#}");
    assert!(carla.liaison(&["review"]).stdout.contains("So 1 approval becomes stale"));
}

#[test]
fn the_bases_rules_judge_a_branch_that_brings_its_own() {
    let world = RecordRepo::with_remote(DIRECT);
    let carla = on_a_branch(&world, "carla-sample");
    let slug = carla.new_letter("Use of ECH in 5G core networks", &["--no-commit"]);
    let chairs =
        "\n[[approval]]\nact = \"send\"\nfrom = \"working-group\"\nany-of = [{ role = \"chair\", at = \"group\" }]\n";
    carla.write("liaison.toml", carla.read("liaison.toml") + chairs);
    commit(&carla);
    carla.ok(&["approve", &slug, "--no-commit"]);
    commit(&carla);
    let (review, code) = reviewed(&carla);
    assert_eq!(texts(&review["rules"]), ["liaison.toml"]);
    let letter = &review["letters"][0];
    assert_eq!((code, letter["state"].as_str()), (1, Some("ready")), "{review:#}");
    assert!(codes(&review).contains(&"approval-without-authority".to_owned()), "{review:#}");
    assert!(carla.liaison(&["review"]).stdout.contains("This branch changes who may do what"));
}

#[test]
fn a_draft_that_the_mainline_has_numbered_is_not_edited() {
    let world = RecordRepo::with_remote(DIRECT);
    let carla = world.clone_of("carla-sample");
    let slug = carla.new_letter("Use of ECH in 5G core networks", &[]);
    branch(&carla);
    let path = format!("drafts/{slug}.yaml");
    carla.write(&path, carla.read(&path).replace("your comments", "your answer"));
    commit(&carla);
    let theo = world.clone_of("theo-exemplo");
    theo.being("ada-example").ok(&["approve", &slug]);
    theo.being("carla-sample").ok(&["send", &slug]);
    carla.git(&["fetch", "--quiet"]);
    let (review, code) = reviewed(&carla);
    assert_eq!(code, 1, "{review:#}");
    assert!(codes(&review).contains(&"frozen-content-changed".to_owned()), "{review:#}");
    let went_on = carla.git(&["merge-base", "HEAD", "origin/main"]);
    assert!(carla.liaison(&["review"]).stdout.contains(&format!("git checkout {went_on} -- {path}")));
    carla.git(&["checkout", "--quiet", &went_on, "--", &path]);
    commit(&carla);
    let (review, code) = reviewed(&carla);
    assert_eq!((codes(&review), code), (Vec::new(), 0), "{review:#}");
}

#[test]
fn what_people_wrote_neither_calls_anybody_nor_ends_its_block() {
    let world = RecordRepo::with_remote(DIRECT);
    let carla = on_a_branch(&world, "carla-sample");
    let body = world.file("letter.txt", "Dear colleagues,\n\n```\n</details>\n@everybody | #1\n```\n");
    let title = "ECH `in` 5G | @chairs <b>";
    let args = [
        "new",
        "--from",
        "tls",
        "--to",
        "3gpp-sa3",
        "--title",
        title,
        "--body",
        &body,
        "--slug",
        "the-letter",
        "--no-commit",
    ];
    carla.ok(&[&args[..], &["--purpose", "for-information"]].concat());
    commit(&carla);
    let told = carla.liaison(&["review"]).stdout;
    assert!(told.contains("### the-letter: ``ECH `in` 5G ¦ @chairs <b>``"), "{told}");
    assert!(told.contains("\n````text\n") && told.contains("\n````\n\n</details>"), "{told}");
}

#[test]
fn two_hundred_letters_stay_below_the_limit_of_a_comment() {
    let world = RecordRepo::with_remote(DIRECT);
    let carla = on_a_branch(&world, "carla-sample");
    let slug = carla.new_letter("Use of ECH in 5G core networks", &["--no-commit"]);
    let (letter, acts) = (carla.read(&format!("drafts/{slug}.yaml")), carla.names(&format!("drafts/{slug}/acts")));
    let act = carla.read(&format!("drafts/{slug}/acts/{}", acts[0]));
    for number in 0..199 {
        carla.write(&format!("drafts/letter-{number:03}.yaml"), &letter);
        carla.write(&format!("drafts/letter-{number:03}/acts/{}", acts[0]), &act);
    }
    commit(&carla);
    let told = carla.liaison(&["review"]);
    assert_eq!(told.code, Some(3), "{}", told.stderr);
    let size = told.stdout.chars().count();
    assert!(size < 65_536 && size > 30_000, "{size}");
    assert_eq!(told.stdout.matches("| `letter-").count(), 199, "every letter stands in the overview");
    assert!(told.stdout.contains("not told here: `liaison review --base"), "{}", told.stdout);
    let whole = carla.liaison(&["review", "--limit", "0"]).stdout;
    assert_eq!(whole.matches("\n### ").count(), 200);
}

#[test]
fn findings_without_end_stay_below_the_limit_as_well() {
    let world = RecordRepo::with_remote(DIRECT);
    let carla = on_a_branch(&world, "carla-sample");
    for number in 0..600 {
        carla.write(&format!("drafts/X_{number}.yaml"), "x\n");
    }
    commit(&carla);
    for (more, limit) in [(&[][..], 60_000), (&["--limit", "2000"], 2000)] {
        let told = carla.liaison(&[&["review"], more].concat());
        assert_eq!(told.code, Some(1));
        let size = told.stdout.chars().count();
        assert!(size <= limit && told.stdout.contains(" more: `liaison check` tells them"), "{size}");
    }
}

#[test]
fn what_the_audit_would_condemn_is_in_the_way_before_it_is_merged() {
    let world = RecordRepo::with_remote(DIRECT);
    let carla = world.clone_of("carla-sample");
    let slug = carla.new_letter("Use of ECH in 5G core networks", &[]);
    let other = carla.new_letter("Another letter", &[]);
    for letter in [&slug, &other] {
        carla.being("ada-example").ok(&["approve", letter]);
    }
    carla.ok(&["send", &slug]);
    branch(&carla);
    let start = carla.git(&["rev-parse", "HEAD"]);
    let folder = "statements/2026/ls-2026-001";
    let act = |stem: &str, kind: &str| {
        let acts = carla.names(&format!("{stem}/acts"));
        format!("{stem}/acts/{}", acts.iter().find(|name| name.contains(&format!("-{kind}-"))).unwrap())
    };
    let handed_over = act(folder, "handed-over");
    let approval = act(&format!("drafts/{other}"), "approve");
    let gone = |paths: &[&str]| drop(carla.git(&[&["rm", "--quiet", "-r"][..], paths].concat()));
    let cases: [(&dyn Fn(), &[&str]); 7] = [
        (&|| gone(&[folder, "statements/2026/ls-2026-001.yaml"]), &["act-changed", "frozen-file-removed"]),
        (&|| gone(&[&handed_over]), &["act-changed"]),
        (&|| gone(&[&format!("drafts/{other}"), &format!("drafts/{other}.yaml")]), &["act-changed"]),
        (&|| carla.write(&approval, carla.read(&approval) + "comment: me too\n"), &["act-changed"]),
        (&|| carla.write(&format!("{folder}/sent-1.eml"), "x"), &["frozen-file-edited"]),
        (&|| carla.write(&format!("{folder}/notes.txt"), "x"), &["attachment-unlisted"]),
        (
            &|| {
                carla.write("outbox/new/a.eml", "x");
                carla.git(&["add", "--force", "outbox/new/a.eml"]);
            },
            &["outbox-tracked"],
        ),
    ];
    for (attack, expected) in cases {
        attack();
        commit(&carla);
        let (review, code) = reviewed(&carla);
        let found = codes(&review);
        assert!(
            code == 1 && expected.iter().all(|code| found.contains(&(*code).to_owned())),
            "{expected:?}: {review:#}"
        );
        let checked = carla.fails(1, &["check", "--since", "origin/main"]).stdout;
        assert!(expected.iter().all(|code| checked.contains(code)), "{expected:?}: {checked}");
        carla.git(&["reset", "--quiet", "--hard", &start]);
    }
    // What the program does itself stands in nobody's way.
    carla.being("ada-example").ok(&["comment", &other, "Well done", "--no-push"]);
    let (review, code) = reviewed(&carla);
    assert_eq!((codes(&review), code), (Vec::new(), 0), "{review:#}");
    assert!(texts(&review["letters"][0]["acts"])[0].contains("Ada Example"), "{review:#}");
    carla.ok(&["send", &other]);
}
