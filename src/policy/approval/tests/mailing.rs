//! Approvals of a message: what would be mailed may change without the letter.

use super::*;
use crate::digest::{Elsewhere, elsewhere_hints};

fn mailing(text: &str, sender: &str) -> Mailing {
    let hints = elsewhere_hints(&[(Elsewhere::Sender, sender.into()), (Elsewhere::Domain, "ietf.example".into())]);
    Mailing { preview: Some(Digest::of(text.as_bytes())), hints }
}

/// An approval of a message, with the hints of what was in it.
fn of(mailing: &Mailing) -> String {
    let preview = mailing.preview.expect("a message");
    format!("{}; preview: {preview}; fields: {}", approve(9, "ada", "area-director@tls", "tls"), mailing.hints)
}

#[test]
fn an_approval_is_of_exactly_the_message_that_would_be_mailed() {
    let read = mailing("one", "statements@ietf.example");
    let plain = approve(9, "ada", "area-director@tls", "tls");
    let changed = "stale; what would be sent changed";
    for (now, act, told) in [
        (&read, of(&read), "tls 0: complete".to_owned()),
        (
            &mailing("two", "desk@ietf.example"),
            of(&read),
            format!("tls 1, {changed}: `[mail] from` in liaison.toml: open"),
        ),
        (
            &mailing("two", "statements@ietf.example"),
            of(&read),
            format!("tls 1, {changed}: the form of messages in this version of liaison: open"),
        ),
        (
            &mailing("two", "desk@ietf.example"),
            format!("{plain}; preview: {}", Digest::of(b"one")),
            format!(
                "tls 1, {changed}: a group's name in directory/, `[mail]` in liaison.toml, or a letter that it links to: open"
            ),
        ),
        (&read, plain.clone(), "tls 1, it does not name the preview of the message it is about: open".to_owned()),
        (
            &read,
            approve(9, "carla", "chair@tls", "tls"),
            "tls 1, its role gave no authority for tls on 2026-11-01: open".to_owned(),
        ),
        (
            &mailing("two", "desk@ietf.example"),
            format!("{plain}; preview: {}", Digest::of(b"one")).replace("content: present", "content: former"),
            "tls 1, stale; changed since: title: open".to_owned(),
        ),
    ] {
        assert_eq!(verdict_of(Some(now), "", "tls", std::slice::from_ref(&act)), told, "{act}");
    }
}

#[test]
fn a_decline_is_of_the_letter_and_not_of_its_message() {
    let (read, now) = (mailing("one", "statements@ietf.example"), mailing("two", "desk@ietf.example"));
    let decline = act(10, "decline", "pavel", "area-director@sec", "tls");
    let told = verdict_of(Some(&now), "", "tls", &[of(&now), decline.clone()]);
    assert_eq!(told, "tls 0, declined by pavel: open");
    let read = format!("{decline}; preview: {}", read.preview.expect("a message"));
    assert_eq!(verdict_of(Some(&now), "", "tls", &[of(&now), read]), told);
}
