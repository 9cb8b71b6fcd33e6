//! What left and what came in, byte for byte: the files beside a letter are those that its acts and its text name.

use liaison::domain::{Act, ActKind, Detail, Digest};

use crate::common::RecordRepo;
use crate::history::{History, RECORD, Wanted, instant, stem, word};

const NUMBER: &str = "ls-2026-001";
const FOLDER: &str = "statements/2026/ls-2026-001";
const AT: &str = "2026-11-24T11:00:00Z";
const MAIL: &str = "Subject: ECH in 5G core networks\n\nDear colleagues, we look forward to your answer.\n";
const OTHER: &str = "Subject: ECH in 5G core networks\n\nDear colleagues, forget about it.\n";

/// A draft that was approved and takes its number; nothing is committed of that.
fn numbered(world: &RecordRepo) -> History<'_> {
    let history = History::new(world);
    history.draft("ech-in-5g", "2026-11-24T09:00:00Z");
    history.approve("ech-in-5g", "ada-example", "2026-11-24T10:00:00Z");
    history.number("ech-in-5g", NUMBER);
    history
}

/// The act of a kind that binds a file by a key.
fn binding(history: &History<'_>, kind: ActKind, at: &str, details: &[(&str, &str)]) -> Wanted {
    let mut act = history.sending(NUMBER, at);
    act.kind = kind;
    act.details = details.iter().map(|(key, value)| ((*key).to_owned(), Detail::text(value).unwrap())).collect();
    Wanted { act, subject: "ech-in-5g".into(), record: RECORD.into(), key: Some("rob-registrar".into()) }
}

/// The act by which the program sends two messages.
fn sending(history: &History<'_>) -> Wanted {
    let digest = Digest::of(MAIL.as_bytes()).to_string();
    let details = [
        ("number", NUMBER),
        ("message-id", "<ls-2026-001@ietf.example>"),
        ("message", &digest),
        ("announcement", &digest),
        ("date", AT),
        ("recipients", "sa3@list.example"),
    ];
    binding(history, ActKind::Sending, AT, &details)
}

#[test]
fn a_message_that_was_exchanged_as_its_letter_left_is_found_out() {
    for (file, held) in [
        ("sent-1.eml", Some(OTHER)),
        ("sent-1.eml", None),
        ("announcement-1.eml", Some(OTHER)),
        ("announcement-1.eml", Some(MAIL)),
    ] {
        let world = RecordRepo::new();
        let history = numbered(&world);
        let wanted = sending(&history);
        for name in ["sent-1.eml", "announcement-1.eml"] {
            history.clone.write(&format!("{FOLDER}/{name}"), MAIL);
        }
        match held {
            Some(held) => history.clone.write(&format!("{FOLDER}/{file}"), held),
            None => std::fs::remove_file(history.clone.path.join(FOLDER).join(file)).unwrap(),
        }
        history.write(FOLDER, wanted);
        history.commit(AT);
        history.finds(if held == Some(MAIL) { &[] } else { &["error frozen-message-changed"] });
    }
}

#[test]
fn a_copy_of_what_left_that_was_exchanged_is_found_out() {
    for (held, expected) in [(OTHER, &["error frozen-message-changed"][..]), (MAIL, &[])] {
        let world = RecordRepo::new();
        let history = numbered(&world);
        let digest = Digest::of(MAIL.as_bytes()).to_string();
        let details = [("via", "mail"), ("copy", "sent-copy.eml"), ("copy-sha256", &digest)];
        history.write(FOLDER, binding(&history, ActKind::Sent, AT, &details));
        history.clone.write(&format!("{FOLDER}/sent-copy.eml"), held);
        history.commit(AT);
        history.finds(expected);
    }
}

#[test]
fn a_message_that_was_exchanged_as_it_was_sent_again_is_found_out() {
    for (held, expected) in [(OTHER, &["error frozen-message-changed"][..]), (MAIL, &[])] {
        let world = RecordRepo::new();
        let history = numbered(&world);
        history.write(FOLDER, sending(&history));
        for name in ["sent-1.eml", "announcement-1.eml"] {
            history.clone.write(&format!("{FOLDER}/{name}"), MAIL);
        }
        history.commit(AT);
        let at = "2026-11-25T11:00:00Z";
        let digest = Digest::of(MAIL.as_bytes()).to_string();
        let details = [
            ("reason", "they lost it"),
            ("message-id", "<ls-2026-001.2@ietf.example>"),
            ("message", &digest),
            ("attempt", "2"),
            ("recipients", "sa3@list.example"),
        ];
        history.write(FOLDER, binding(&history, ActKind::Resent, at, &details));
        history.clone.write(&format!("{FOLDER}/sent-2.eml"), held);
        history.commit(at);
        history.finds(expected);
    }
}

#[test]
fn an_original_that_was_exchanged_as_its_letter_came_in_is_found_out() {
    let world = RecordRepo::new();
    let history = History::new(&world);
    let named = Digest::of(MAIL.as_bytes());
    let letter = format!(
        "direction: incoming\ntitle: A question\ndate: 2026-11-20\nfrom: {{groups: [3gpp-sa3]}}\nto: {{groups: [tls]}}\n\
         purpose: for-information\nbody: |\n  Dear colleagues, this is a question.\n\
         attachments: [{{file: plan.txt, sha256: '{named}'}}]\noriginal: {{file: original.eml, sha256: '{named}'}}\n"
    );
    for (original, plan, expected) in
        [(MAIL, MAIL, &[][..]), (OTHER, MAIL, &["error original-hash"]), (MAIL, OTHER, &["error attachment-hash"])]
    {
        history.clone.write(&format!("{FOLDER}.yaml"), &letter);
        history.clone.write(&format!("{FOLDER}/original.eml"), original);
        history.clone.write(&format!("{FOLDER}/plan.txt"), plan);
        let mut act = Act::new(ActKind::Receive, word("rob-registrar"), instant(AT));
        act.content = Some(history.content(&format!("{FOLDER}.yaml")));
        for (key, value) in [("via", "mail"), ("key", "<1@3gpp.example>")] {
            act.details.insert(key.to_owned(), Detail::text(value).unwrap());
        }
        let key = Some("rob-registrar".into());
        history.write(&stem(NUMBER), Wanted { act, subject: NUMBER.into(), record: RECORD.into(), key });
        history.commit(AT);
        history.finds(expected);
        history.back(&history.root);
    }
}
