//! What was transcribed wrongly from a received letter: its file stays, both values are told, and what was corrected counts.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test ends where it is wrong"
)]

mod common;

use common::{Clone, DIRECT, RecordRepo};
use serde_json::json;

const LETTER: &str = "ls-2026-001";
const FILE: &str = "statements/2026/ls-2026-001.yaml";

/// A letter of SA3's that was recorded with a deadline, by the registrar in the only clone.
fn received(world: &RecordRepo) -> Clone<'_> {
    let rob = world.first("rob-registrar", DIRECT);
    let mail = world.file("in.eml", std::fs::read(common::project("src/cli/example/incoming.eml")).unwrap());
    let parties = ["receive", &mail, "--from", "3gpp-sa3", "--to", "tls"];
    rob.ok(&[&parties[..], &["--purpose", "for-action", "--deadline", "2026-12-20"]].concat());
    rob
}

fn correct(clone: &Clone<'_>, field: &str, was: &str, now: &str) -> common::Ran {
    let values = ["correct", LETTER, "--field", field, "--was", was, "--now-is", now, "--reason", "the PDF says so"];
    clone.liaison(&values)
}

#[test]
fn both_values_are_told_and_the_corrected_one_counts() {
    let world = RecordRepo::new();
    let rob = received(&world);
    let (file, digest) = (rob.read(FILE), rob.ok(&["digest", LETTER, "--text"]).stdout);
    let before = rob.json(&["show", LETTER]);
    assert_eq!((&before["corrected"], &before["corrections"]), (&json!({}), &json!([])));
    correct(&rob, "deadline", "2026-12-20", "2027-01-10").ended(0).prints("corrected: deadline is 2027-01-10");

    let told = "(corrected 2026-11-24 by Rob Registrar: 2027-01-10; reason: the PDF says so)";
    rob.ok(&["show", LETTER]).prints(&format!("Deadline        2026-12-20, anywhere on earth {told}\n"));
    let shown = rob.json(&["show", LETTER]);
    assert_eq!(shown["deadline"], "2026-12-20", "the letter's own words");
    assert_eq!(shown["corrected"], json!({ "deadline": "2027-01-10" }));
    assert_eq!(shown["open-until"], "2027-01-10");
    let one = &shown["corrections"][0];
    assert_eq!(
        (&one["field"], &one["was"], &one["now"]),
        (&json!("deadline"), &json!("2026-12-20"), &json!("2027-01-10"))
    );
    assert_eq!((&one["reason"], &one["by"]), (&json!("the PDF says so"), &json!("rob-registrar")));
    assert!(one["at"].as_str().unwrap().starts_with("2026-11-24T10:"), "{one}");

    let due = rob.json(&["due"]);
    assert_eq!((&due[0]["deadline"], &due[0]["letter-says"]), (&json!("2027-01-10"), &json!("2026-12-20")));
    rob.ok(&["due"]).prints("LETTER SAYS");
    let list = rob.json(&["list"]);
    assert_eq!((&list[0]["deadline"], &list[0]["corrected"]), (&json!("2027-01-10"), &json!(["deadline"])));
    rob.ok(&["list"]).prints("2027-01-10").says("ls-2026-001 is listed as corrected: deadline");
    assert_eq!(rob.json(&["list", "--due", "2027-01-09"]), json!([]));
    assert_eq!(rob.json(&["due", "--within", "30"]), json!([]));
    let in_january = rob.now("2027-01-05T10:00:00Z");
    assert_eq!(in_january.json(&["show", LETTER])["flags"], json!(["due-soon"]), "it is not overdue");
    rob.ok(&["status"]).prints("by 2027-01-10");

    assert_eq!(rob.read(FILE), file, "what is frozen stays as it is");
    assert_eq!(rob.ok(&["digest", LETTER, "--text"]).stdout, digest);
    assert_eq!(rob.ok(&["show", LETTER, "--format", "yaml"]).stdout, file);
    rob.ok(&["check"]);
}

#[test]
fn without_corrections_the_tables_have_no_column_for_them() {
    let world = RecordRepo::new();
    let rob = received(&world);
    assert!(!rob.ok(&["due"]).stdout.contains("LETTER SAYS") && !rob.ok(&["list"]).stderr.contains("corrected"));
    assert!(rob.ok(&["due", "--format", "csv"]).stdout.lines().next().unwrap().ends_with(",letter-says"));
    assert_eq!(rob.json(&["list"])[0]["corrected"], json!([]), "programs find the same columns always");
}

#[test]
fn of_several_corrections_the_last_counts_and_all_are_told() {
    let world = RecordRepo::new();
    let rob = received(&world);
    correct(&rob, "deadline", "2026-12-20", "2027-01-10").ended(0);
    correct(&rob, "deadline", "2026-12-20", "2027-01-12").ended(1).says("`deadline` is 2027-01-10, not 2026-12-20");
    correct(&rob, "deadline", "2027-01-10", "-").ended(0);
    let shown = rob.ok(&["show", LETTER]).prints(": 2027-01-10; reason").prints(": nothing; reason");
    assert_eq!(shown.stdout.matches("Deadline ").count(), 1);
    assert_eq!(rob.json(&["show", LETTER])["corrected"], json!({ "deadline": null }));
    assert_eq!(rob.json(&["due"]), json!([]), "nothing is due");
    correct(&rob, "deadline", "-", "2026-12-24").ended(0);
    assert_eq!(rob.json(&["due"])[0]["letter-says"], "2026-12-20");
}

#[test]
fn every_key_is_told_beside_its_value_and_counts_wherever_it_matters() {
    let world = RecordRepo::new();
    let rob = received(&world);
    correct(&rob, "language", "-", "fr").ended(0);
    correct(&rob, "from.send-reply-to", "3GPP Liaisons <liaisons@3gpp.example>", "SA3 <sa3@3gpp.example>").ended(0);
    correct(&rob, "to.groups", "tls", "mpls").ended(0);
    let shown = rob.ok(&["show", LETTER]);
    for told in [
        "Language        corrected 2026-11-24 by Rob Registrar: fr; reason",
        "Send reply to   3GPP Liaisons <liaisons@3gpp.example> (corrected",
        "To              tls (corrected 2026-11-24 by Rob Registrar: mpls; reason",
    ] {
        assert!(shown.stdout.contains(told), "{told}\n{}", shown.stdout);
    }
    assert_eq!(rob.json(&["list", "--to", "mpls"])[0]["id"], LETTER);
    assert_eq!(rob.json(&["list", "--to", "tls"]), json!([]));
    let reply = rob.ok(&["reply", LETTER, "--consensus", "none-claimed"]).stdout;
    let draft = rob.json(&["show", reply.trim()]);
    assert_eq!(draft["to"]["send-to"], "SA3 <sa3@3gpp.example>", "the answer goes where the letter says");
    assert_eq!(draft["from"]["groups"], json!(["mpls"]));
}

#[test]
fn a_link_that_was_transcribed_wrongly_is_followed_as_corrected() {
    let world = RecordRepo::new();
    let rob = received(&world);
    let reply = rob.ok(&["reply", LETTER, "--consensus", "none-claimed"]).stdout.trim().to_owned();
    let mail = "From: SA3 <sa3@3gpp.example>\r\nTo: tls-chairs@ietf.example\r\nMessage-ID: <2@3gpp.example>\r\nSubject: Thanks\r\nDate: Mon, 23 Nov 2026 10:00:00 +0000\r\n\r\nThanks.\r\n";
    let mail = world.file("thanks.eml", mail);
    let receive = ["receive", &mail, "--from", "3gpp-sa3", "--to", "tls", "--purpose", "in-response"];
    assert_eq!(rob.ok(&receive).stdout.trim(), "ls-2026-002");
    assert_eq!(rob.json(&["show", LETTER])["answered-by"], json!([reply]));
    let link = ["correct", "ls-2026-002", "--field", "in-response-to", "--was", "-", "--now-is", LETTER];
    rob.ok(&[&link[..], &["--reason", "its first line says so"]].concat());
    assert_eq!(rob.json(&["show", LETTER])["answered-by"], json!([reply, "ls-2026-002"]));
}

#[test]
fn a_finding_about_a_value_ends_when_it_is_corrected() {
    let world = RecordRepo::new();
    let rob = received(&world);
    let codes = || rob.liaison(&["check", "--format", "text"]).stdout;
    correct(&rob, "deadline", "2026-12-20", "2026-10-01").ended(0);
    assert!(codes().contains("deadline-not-after-date"), "{}", codes());
    correct(&rob, "deadline", "2026-10-01", "2026-12-20").ended(0);
    assert!(!codes().contains("deadline-not-after-date"), "{}", codes());
}

#[test]
fn what_cannot_be_corrected_is_refused_with_its_reason() {
    let world = RecordRepo::new();
    let rob = received(&world);
    let before = rob.standing();
    for (field, was, now, why) in [
        ("deadline", "2026-12-21", "2027-01-10", "`deadline` is 2026-12-20, not 2026-12-21"),
        ("deadline", "2026-12-20", "next week", "nothing was corrected: `deadline`: found"),
        ("dealine", "-", "2027-01-10", "nothing was corrected: `dealine` is no key of a letter"),
        ("direction", "incoming", "outgoing", "`direction` is nothing that was transcribed"),
        ("original", "original.eml", "other.eml", "`original` is nothing that was transcribed"),
        ("from.send-reply-to", "3GPP Liaisons <liaisons@3gpp.example>", "nobody", "nothing was corrected"),
    ] {
        correct(&rob, field, was, now).ended(1).says(why);
    }
    assert!(rob.standing() == before, "what was refused changed nothing");
}

#[test]
fn acts_that_nobody_could_have_written_with_this_program_change_nothing() {
    let world = RecordRepo::new();
    let rob = received(&world);
    let before = rob.json(&["show", LETTER]);
    for (number, (field, was, now)) in
        [("attachments", "S3-264711.pdf", "x.pdf"), ("direction", "incoming", "outgoing"), ("waivers", "-", "x")]
            .iter()
            .enumerate()
    {
        let name = format!("statements/2026/{LETTER}/acts/20261124T11000{number}Z-correct-rob-registrar.yaml");
        let act = format!(
            "act: correct\nby: rob-registrar\nat: 2026-11-24T11:00:0{number}Z\nfield: {field}\nwas: '{was}'\nnow: '{now}'\nreason: x\n"
        );
        rob.write(&name, act);
    }
    let after = rob.json(&["show", LETTER]);
    for key in ["direction", "attachments", "corrected", "corrections", "state"] {
        assert_eq!(after[key], before[key], "{key}");
    }
    assert_eq!(after["acts"].as_array().map(Vec::len), Some(before["acts"].as_array().unwrap().len() + 3));
}
