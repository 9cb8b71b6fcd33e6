//! What a mail that arrived gives: its To is the letter's To, the same mail is recorded once, and our own program's mail
//! gives the letter as it was written.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test ends where it is wrong"
)]

mod common;

use common::{DIRECT, RecordRepo};
use serde_json::json;

const MAIL: &str = "From: Somebody <somebody@nowhere.example>\r\nTo: TLS <tls@ietf.example>\r\nCc: QUIC \
                    <quic@ietf.example>, Other <other@nowhere.example>\r\nSubject: A question\r\nMessage-ID: \
                    <1@nowhere.example>\r\n\r\nPlease tell us.\r\n";

#[test]
fn a_mail_is_recognised_before_anything_is_asked() {
    let world = RecordRepo::new();
    let rob = world.first("rob-registrar", DIRECT);
    let mail = world.file("a.eml", MAIL);
    rob.fails(2, &["receive", &mail]).says("The body or group it comes from is not given").says("--from GROUP");
    rob.ok(&["receive", &mail, "--from", "3gpp-sa3", "--purpose", "for-information"]).prints("ls-2026-001");
    rob.ok(&["receive", &mail]).prints("ls-2026-001").says("recorded already, as ls-2026-001");
}

#[test]
fn whoever_got_a_copy_is_no_receiver() {
    let world = RecordRepo::new();
    let rob = world.first("rob-registrar", DIRECT);
    let mail = world.file("a.eml", MAIL);
    rob.ok(&["receive", &mail, "--from", "3gpp-sa3", "--purpose", "for-information"])
        .says("copies went to QUIC <quic@ietf.example>, Other <other@nowhere.example>")
        .says("quic got a copy; add --to quic");
    let to = &rob.json(&["show", "001"])["to"];
    assert_eq!(to["groups"], json!(["tls"]));
    assert_eq!(to["contacts"], json!(["TLS <tls@ietf.example>"]));
}

#[test]
fn our_programs_mail_gives_the_text_without_the_block_above_it() {
    let world = RecordRepo::with_remote(DIRECT);
    let carla = world.clone_of("carla-sample");
    let slug = carla.new_letter("ECH in 5G core networks", &[]);
    carla.being("ada-example").ok(&["approve", &slug]);
    carla.ok(&["send", &slug]);
    let other = world.first("liam-specimen", DIRECT);
    let mail = carla.path.join("outbox/new/ls-2026-001.eml").display().to_string();
    other.ok(&["receive", &mail]);
    let (sent, got) = (carla.json(&["show", "001"]), other.json(&["show", "001"]));
    for key in ["body", "title", "from", "to", "purpose", "deadline", "consensus", "documents"] {
        assert_eq!(got[key], sent[key], "{key}");
    }
}

#[test]
fn a_reply_goes_to_a_mailbox_once() {
    let world = RecordRepo::new();
    let rob = world.first("rob-registrar", DIRECT);
    let contact = rob.json(&["contacts", "--to", "3gpp-sa3"]);
    let rows = contact.as_array().unwrap();
    let known = rows.iter().find(|row| row["use"] == "to-contact").unwrap()["address"].as_str().unwrap().to_owned();
    let address = known.split('<').next_back().unwrap().trim_end_matches('>').to_uppercase();
    let mail = MAIL.replace("somebody@nowhere.example", &address).replace("Somebody", "Their Secretary");
    let mail = world.file("a.eml", mail);
    rob.ok(&["receive", &mail, "--from", "3gpp-sa3", "--purpose", "for-information"]);
    rob.ok(&["reply", "001", "--slug", "our-reply", "--as", "carla-sample"]);
    let contacts = rob.json(&["show", "our-reply"])["to"]["contacts"].to_string().to_uppercase();
    assert_eq!(contacts.matches(&address).count(), 1, "{contacts}");
}
