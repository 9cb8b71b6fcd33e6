//! A letter is found by any part of its name or of another body's number that only one letter has.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test ends where it is wrong"
)]

mod common;

use common::{Clone, DIRECT, RecordRepo};

/// A record with two received letters, the first of which has SA3's number in its file.
fn two_letters(world: &RecordRepo) -> Clone<'_> {
    let rob = world.first("rob-registrar", DIRECT);
    let body = world.file("body.txt", "Please tell us.\n");
    let common = ["receive", "--from", "3gpp-sa3", "--to", "tls", "--purpose", "for-information", "--body", &body];
    for (title, more) in [("First", &["--identifier", "3gpp=S3-261111"][..]), ("Second", &[])] {
        rob.ok(&[&common, &["--title", title][..], more].concat());
    }
    rob
}

/// The letter that a part means.
#[track_caller]
fn meant(rob: &Clone<'_>, part: &str) -> String {
    rob.json(&["show", part])["id"].as_str().unwrap().to_owned()
}

#[test]
fn a_part_of_another_bodys_number_is_enough() {
    let world = RecordRepo::new();
    let rob = two_letters(&world);
    for part in ["S3-261111", "s3-261111", "261111", "S3-2611", "2611", "001", "2026-001", "ls-2026-001"] {
        assert_eq!(meant(&rob, part), "ls-2026-001", "{part}");
    }
    rob.fails(2, &["show", "1111"]).says("no letter is called \"1111\"; the newest letters are ls-2026-002");
}

#[test]
fn numbers_that_were_annotated_or_corrected_count() {
    let world = RecordRepo::new();
    let rob = two_letters(&world);
    rob.ok(&["annotate", "002", "--identifier", "3gpp=S3-269999", "--tag", "ech"]);
    rob.ok(&[
        "correct",
        "001",
        "--field",
        "identifiers",
        "--was",
        "S3-261111",
        "--now-is",
        "S3-262222",
        "--reason",
        "typo",
    ]);
    assert_eq!((meant(&rob, "S3-269999"), meant(&rob, "269999")), ("ls-2026-002".into(), "ls-2026-002".into()));
    assert_eq!(meant(&rob, "S3-262222"), "ls-2026-001");
    rob.fails(2, &["show", "S3-261111"]).says("no letter is called");
    rob.ok(&["show", "002"])
        .prints("Number          3gpp S3-269999 (annotated 2026-11-24 by Rob Registrar)")
        .prints("Tags            ech (annotated");
    let listed = |words: &[&str]| rob.json(&[&["list"], words].concat()).as_array().unwrap().len();
    assert_eq!((listed(&["S3-269999"]), listed(&["ech"]), listed(&["--tag", "ech"])), (1, 1, 1));
}

#[test]
fn a_part_of_several_letters_names_them() {
    let world = RecordRepo::new();
    let rob = two_letters(&world);
    rob.ok(&["annotate", "002", "--identifier", "3gpp=S3-261112"]);
    for part in ["0", "ls-2026", "S3-2611", "26"] {
        let told = format!("\"{part}\" is ambiguous: it could be ls-2026-001, ls-2026-002");
        rob.fails(2, &["show", part]).says(&told);
    }
}

#[test]
fn a_whole_number_never_means_a_longer_one() {
    let world = RecordRepo::new();
    let rob = two_letters(&world);
    rob.ok(&["annotate", "002", "--identifier", "itu-t=LS-2026-0015"]);
    rob.fails(2, &["show", "ls-2026-0011"]).says("no letter is called");
    assert_eq!(meant(&rob, "ls-2026-0015"), "ls-2026-002");
}
