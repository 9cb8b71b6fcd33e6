//! The whole cycle by hand, from draft to sent: after each step `list`, `show`, `status` and `log` tell the truth, and the
//! git history reads like a journal.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test ends where it is wrong"
)]

mod common;

use common::{Clone, DIRECT, RecordRepo};
use serde_json::{Value, json};

const TITLE: &str = "Use of ECH in 5G core networks";
const SLUG: &str = "use-of-ech-in-5g-core-networks";

/// What all four commands that look must say of a letter.
#[track_caller]
fn tells(clone: &Clone<'_>, id: &str, state: &str, waits_for: &[&str], last: &str) {
    let shown = clone.json(&["show", id]);
    assert_eq!((shown["id"].as_str(), shown["state"].as_str()), (Some(id), Some(state)), "show");
    let of = |list: Value| -> Vec<Value> {
        list.as_array().expect("a list").iter().filter(|row| row["id"] == id).cloned().collect()
    };
    let listed = of(clone.json(&["list"]));
    assert_eq!(listed.len(), 1, "list");
    assert!(listed[0]["state"].as_str().is_some_and(|told| told.starts_with(state)), "list: {}", listed[0]);
    let waiting = of(clone.json(&["status"]));
    match waiting.as_slice() {
        [row] => {
            assert!(row["state"].as_str().is_some_and(|told| told.starts_with(state)), "status: {row}");
            assert_eq!(row["waits-for"], json!(waits_for), "status: {row}");
        }
        rows => panic!("status: {rows:?}"),
    }
    let log = clone.json(&["log", id]);
    let newest = log.as_array().and_then(|entries| entries.last()).expect("a history");
    assert_eq!(newest["what"], last, "log");
}

/// The letters of a record with their states, as `list` tells them.
fn letters(clone: &Clone<'_>) -> Vec<(String, String)> {
    let rows = clone.json(&["list", "--sort", "id"]);
    let text = |row: &Value, key: &str| row[key].as_str().unwrap_or_default().to_owned();
    rows.as_array().expect("a list").iter().map(|row| (text(row, "id"), text(row, "state"))).collect()
}

fn brings(clone: &Clone<'_>, remote: bool) {
    if remote {
        clone.git(&["pull", "--quiet"]);
    }
}

/// Draft, approve, change each field, approve again, send, mark sent: in the clones of a chair and a director, who
/// share one where there is no remote.
fn walk(carla: &Clone<'_>, ada: &Clone<'_>, remote: bool) {
    let by_ada = |words: &[&str]| {
        brings(ada, remote);
        let ran = ada.ok(words);
        brings(carla, remote);
        ran
    };
    let profile = carla.world.file("profile.txt", "A profile.\n");
    assert_eq!(carla.new_letter(TITLE, &["--attach", &profile]), SLUG);
    let directors = ["ada-example", "pavel-priklad"];
    let drafted = format!("draft: {SLUG} by Carla Sample as chair of tls for tls");
    tells(carla, SLUG, "ready", &directors, &drafted);
    carla.ok(&["check"]);
    carla.ok(&["preview", SLUG]).prints("Envelope to    liaisons@3gpp.example").prints("profile.txt");
    carla.fails(3, &["send", SLUG]).says("has not every approval").says("Ada Example (area-director of tls)");

    let approved = format!("approve: {SLUG} by Ada Example as area-director of tls for tls");
    by_ada(&["approve", SLUG]).prints("=== Statement ===").prints("approved by Ada Example for tls");
    tells(carla, SLUG, "approved", &["carla-sample"], &approved);

    let other_body = carla.world.file("other.txt", "Dear colleagues,\n\nwe look forward to your answer.\n");
    let changes: [(&str, Vec<&str>); 5] = [
        ("title", vec!["--set", "title=Use of Encrypted Client Hello in 5G core networks"]),
        ("body", vec!["--body", &other_body]),
        ("to.contacts", vec!["--set", "to.contacts=[SA3 Chair <sa3-chair@3gpp.example>]"]),
        ("deadline", vec!["--set", "deadline=2027-01-22"]),
        ("attachments", vec!["--attach", &profile]),
    ];
    for (field, change) in changes {
        carla.world.file("profile.txt", format!("A profile, since {field} changed.\n"));
        let edit: Vec<&str> = ["edit", SLUG].into_iter().chain(change).collect();
        carla.ok(&edit).says(&format!("by Ada Example is stale now: {field}"));
        tells(carla, SLUG, "ready", &directors, &format!("edit: {SLUG} by Carla Sample: {field}"));
        let stale = format!("changed since: {field}");
        carla.ok(&["show", SLUG]).prints(&stale);
        carla.fails(3, &["send", SLUG]).says(&stale);
        by_ada(&["approve", SLUG]);
        tells(carla, SLUG, "approved", &["carla-sample"], &approved);
    }

    let before = carla.standing();
    carla.ok(&["send", SLUG, "--dry-run"]).prints("would become ls-2026-001");
    assert!(carla.standing() == before, "a dry run changes nothing");
    assert_eq!(carla.ok(&["send", SLUG]).stdout, "ls-2026-001\n");
    let id = "ls-2026-001";
    assert_eq!(carla.read(&format!("drafts/{SLUG}.yaml")), "became: ls-2026-001\n");
    assert!(!carla.has(&format!("drafts/{SLUG}")), "the folder moved");
    assert_eq!(carla.names("outbox/new"), ["ls-2026-001.announcement.eml", "ls-2026-001.eml"]);
    let folder = "statements/2026/ls-2026-001";
    assert_eq!(carla.names(folder), ["acts", "announcement-1.eml", "profile.txt", "sent-1.eml"]);
    assert_eq!(carla.read(&format!("{folder}/sent-1.eml")), carla.read("outbox/new/ls-2026-001.eml"));
    let acts = carla.names(&format!("{folder}/acts"));
    let of_kind = |kind: &str| acts.iter().filter(|name| name.contains(&format!("Z-{kind}-"))).count();
    assert_eq!((of_kind("draft"), of_kind("approve"), of_kind("sending"), of_kind("handed-over")), (1, 6, 1, 1));
    tells(carla, id, "handed-over", &["carla-sample"], "handed over: ls-2026-001 lies in the outbox");
    carla.ok(&["check"]);

    let before = carla.standing();
    carla.ok(&["send", SLUG]).prints("ls-2026-001 is handed-over already").prints("nothing was sent again");
    let other =
        carla.world.file("other.eml", "From: a@b.example\r\nMessage-ID: <z@y.example>\r\nSubject: x\r\n\r\nhi\r\n");
    carla.fails(1, &["mark-sent", id, "--copy", &other]).says("the copy is another message").says("z@y.example");
    carla.fails(2, &["mark-sent", id]).says("--copy");
    assert!(carla.standing() == before, "what was refused changed nothing");
    carla
        .ok(&["mark-sent", id, "--copy", "outbox/new/ls-2026-001.eml"])
        .prints("ls-2026-001: sent")
        .says("ls-2026-001.announcement.eml and ls-2026-001.eml moved to");
    assert!(carla.names("outbox/new").is_empty(), "nothing has to leave any more");
    assert_eq!(carla.names("outbox/cur"), ["ls-2026-001.announcement.eml:2,S", "ls-2026-001.eml:2,S"]);
    assert_eq!(carla.read(&format!("{folder}/sent-1.eml")), carla.read("outbox/cur/ls-2026-001.eml:2,S"));
    carla.ok(&["send", SLUG]).prints("ls-2026-001 is sent already").prints("nothing was sent again");
    tells(carla, id, "sent", &[], "sent: ls-2026-001 by Carla Sample as chair of tls");
    carla.fails(1, &["mark-sent", id, "--url", "https://lists.3gpp.example/1"]).says("ls-2026-001 is sent already");
    carla.ok(&["check"]);

    let mut journal = vec![drafted];
    for field in ["title", "body", "to.contacts", "deadline", "attachments"] {
        journal.extend([approved.clone(), format!("edit: {SLUG} by Carla Sample: {field}")]);
    }
    journal.push(approved);
    journal.extend([
        format!("send: {SLUG} becomes ls-2026-001, by Carla Sample"),
        "handed over: ls-2026-001 lies in the outbox".to_owned(),
        "sent: ls-2026-001 by Carla Sample as chair of tls".to_owned(),
    ]);
    assert_eq!(carla.journal(), journal);
    assert_eq!(carla.git(&["status", "--porcelain"]), "", "nothing is left over");
    carla.ok(&["audit"]).says("for a person to look at").prints("history-unpinned");
    assert_eq!(letters(carla), [("ls-2026-001".to_owned(), "sent".to_owned())]);
}

#[test]
fn a_letter_from_draft_to_sent_with_a_remote() {
    let world = RecordRepo::with_remote(DIRECT);
    let (carla, ada) = (world.clone_of("carla-sample"), world.clone_of("ada-example"));
    walk(&carla, &ada, true);
    ada.git(&["pull", "--quiet"]);
    assert!(ada.tree() == without_outbox(&carla), "both clones hold the same record");
    assert_eq!(ada.state("ls-2026-001"), "sent");
}

fn without_outbox(clone: &Clone<'_>) -> std::collections::BTreeMap<String, Vec<u8>> {
    clone.tree().into_iter().filter(|(path, _)| !path.starts_with("outbox/")).collect()
}

#[test]
fn a_letter_from_draft_to_sent_without_a_remote() {
    let world = RecordRepo::new();
    let carla = world.first("carla-sample", DIRECT);
    walk(&carla, &carla.being("ada-example"), false);
}

#[test]
fn a_sending_without_a_remote_says_that_nobody_else_knows() {
    let world = RecordRepo::new();
    let carla = world.first("carla-sample", DIRECT);
    let slug = carla.new_letter(TITLE, &[]);
    carla.being("ada-example").ok(&["approve", &slug]);
    carla.ok(&["send", &slug]).says("there is no remote `origin`");
}

#[test]
fn numbers_follow_each_other_and_slugs_never_come_back() {
    let world = RecordRepo::with_remote(DIRECT);
    let carla = world.clone_of("carla-sample");
    for (slug, number) in [(SLUG.to_owned(), "ls-2026-001"), (format!("{SLUG}-2"), "ls-2026-002")] {
        assert_eq!(carla.new_letter(TITLE, &[]), slug);
        carla.being("ada-example").ok(&["approve", &slug]);
        carla.ok(&["send", &slug]).prints(number);
        carla.ok(&["mark-sent", number, "--url", "https://lists.3gpp.example/archive/1"]);
        assert_eq!(carla.state(&slug), "sent", "the draft's name leads to the letter");
    }
    let slug = carla.new_letter("A letter of the next year", &[]);
    carla.being("ada-example").ok(&["approve", &slug]);
    carla.now("2027-01-01T00:00:00Z").ok(&["send", &slug]).prints("ls-2027-001");
    assert!(carla.has("statements/2027/ls-2027-001.yaml"));
    carla.ok(&["check"]);
}

#[test]
fn a_decline_blocks_until_it_is_revoked() {
    let world = RecordRepo::with_remote(DIRECT);
    let (carla, ada, pavel) =
        (world.clone_of("carla-sample"), world.clone_of("ada-example"), world.clone_of("pavel-priklad"));
    let slug = carla.new_letter(TITLE, &[]);
    ada.git(&["pull", "--quiet"]);
    ada.ok(&["approve", &slug]);
    pavel.git(&["pull", "--quiet"]);
    pavel.fails(2, &["approve", &slug, "--decline"]).says("--reason");
    pavel
        .ok(&["approve", &slug, "--decline", "--reason", "the deadline is too short"])
        .prints("declined by Pavel Příklad");
    carla.git(&["pull", "--quiet"]);
    assert_eq!(carla.state(&slug), "ready");
    let row = &carla.json(&["status"])[0];
    assert_eq!(row["what"], "declined: change it, or ask again");
    assert_eq!(row["waits-for"], json!(["carla-sample"]));
    carla.fails(3, &["send", &slug]).says("declined by Pavel Příklad").says("the deadline is too short");
    carla.fails(1, &["revoke", &slug]).says("Carla Sample neither approved nor declined");
    pavel.ok(&["revoke", &slug]).prints("your decline of 2026-11-24T");
    carla.git(&["pull", "--quiet"]);
    assert_eq!(carla.state(&slug), "approved", "the approval of the other director still stands");
    ada.git(&["pull", "--quiet"]);
    ada.ok(&["revoke", &slug, "--comment", "I had seen an older text"]);
    carla.git(&["pull", "--quiet"]);
    assert_eq!(carla.state(&slug), "ready");
    carla.fails(3, &["send", &slug]).says("missing; could be given by Ada Example");
    ada.ok(&["approve", &slug]);
    carla.ok(&["send", &slug]).prints("ls-2026-001");
    carla.ok(&["check"]);
}

#[test]
fn a_decline_ends_with_the_content_it_was_about() {
    let world = RecordRepo::with_remote(DIRECT);
    let carla = world.clone_of("carla-sample");
    let slug = carla.new_letter(TITLE, &[]);
    carla.being("ada-example").ok(&["approve", &slug, "--decline", "--reason", "too early"]);
    carla.ok(&["edit", &slug, "--set", "deadline=2027-02-15"]).says("by Ada Example is stale now: deadline");
    carla.being("pavel-priklad").ok(&["approve", &slug]);
    carla.ok(&["send", &slug]).prints("ls-2026-001");
}

#[test]
fn an_edit_back_makes_the_approval_count_again() {
    let world = RecordRepo::with_remote(DIRECT);
    let carla = world.clone_of("carla-sample");
    let slug = carla.new_letter(TITLE, &[]);
    carla.being("ada-example").ok(&["approve", &slug]);
    carla.ok(&["edit", &slug, "--set", "deadline=2027-02-15"]);
    assert_eq!(carla.state(&slug), "ready");
    carla.ok(&["edit", &slug, "--set", "deadline=2027-01-15"]);
    assert_eq!(carla.state(&slug), "approved");
}

#[test]
fn who_has_no_authority_reads_who_has() {
    let world = RecordRepo::with_remote(DIRECT);
    let carla = world.clone_of("carla-sample");
    let slug = carla.new_letter(TITLE, &[]);
    let before = carla.standing();
    let who = "for tls: Ada Example (area-director of tls), or Pavel Příklad (area-director of sec)";
    carla.fails(1, &["approve", &slug]).says("Carla Sample has no authority to approve for tls today").says(who);
    for (person, name) in [("liam-specimen", "Liam Specimen"), ("felix-exemplaire", "Félix Exemplaire")] {
        let ran = carla.fails(1, &["approve", &slug, "--as", person]).says(who);
        assert!(ran.stderr.contains("has no authority"), "{name}: {}", ran.stderr);
    }
    carla.fails(1, &["approve", &slug, "--as", "record-robot"]).says("no authority");
    carla.fails(2, &["approve", &slug, "--as", "nobody-known"]).says("`nobody-known` is no person of the directory");
    carla.fails(2, &["approve", &slug, "--for", "mpls"]).says("the letter does not come from `mpls`").says("tls");
    carla.fails(3, &["send", &slug]).says(&who.replace("for tls: ", ""));
    assert!(carla.standing() == before, "what was refused changed nothing");
}

#[test]
fn every_from_group_needs_its_own_approval() {
    let world = RecordRepo::with_remote(DIRECT);
    let carla = world.clone_of("carla-sample");
    let slug = carla.new_letter(TITLE, &["--from", "mpls"]);
    carla.being("ada-example").ok(&["approve", &slug]).prints("approved by Ada Example for tls,");
    carla.fails(3, &["send", &slug]).says("mpls: missing; could be given by").says("Anna Przykład");
    assert_eq!(carla.json(&["status"])[0]["waits-for"], json!(["anna-przyklad", "otto-example"]));
    carla.being("anna-przyklad").ok(&["approve", &slug]);
    carla.ok(&["send", &slug]).prints("ls-2026-001");
}

#[test]
fn a_decision_given_elsewhere_is_recorded_with_its_evidence() {
    let world = RecordRepo::with_remote(DIRECT);
    let carla = world.clone_of("carla-sample");
    let slug = carla.new_letter(TITLE, &[]);
    carla.fails(2, &["approve", &slug, "--recorded-for", "ada-example"]).says("--evidence");
    let approve = ["approve", &slug, "--recorded-for", "ada-example", "--evidence"];
    let with = |evidence: &'static str| approve.iter().copied().chain([evidence]).collect::<Vec<_>>();
    carla.fails(2, &with("she said so"));
    carla.ok(&with("https://mailarchive.ietf.example/arch/msg/tls/1"));
    let acts = format!("drafts/{slug}/acts");
    let file = carla.names(&acts).into_iter().find(|name| name.contains("-approve-ada-example")).expect("her act");
    let text = carla.read(&format!("{acts}/{file}"));
    for line in ["by: ada-example", "role: area-director", "recorded-by: carla-sample", "evidence: https://mailarchive"]
    {
        assert!(text.contains(line), "{line} in\n{text}");
    }
    carla
        .ok(&["show", &slug])
        .prints("recorded by Carla Sample")
        .prints("[asserted]")
        .prints("mailarchive.ietf.example");
    assert_eq!(carla.state(&slug), "approved");
    carla.ok(&["send", &slug]).prints("ls-2026-001");
    carla.ok(&["check"]);
}

#[test]
fn what_left_by_another_way_is_numbered_and_says_whether_it_was_approved() {
    let world = RecordRepo::with_remote(DIRECT);
    let carla = world.clone_of("carla-sample");
    let approved = carla.new_letter("Approved before it left", &[]);
    carla.being("ada-example").ok(&["approve", &approved]);
    let unapproved = carla.new_letter("Sent in haste", &[]);
    let url = "https://portal.3gpp.example/4711";
    carla.fails(2, &["mark-sent", &approved, "--url", url]).says("--reason");
    carla.fails(2, &["mark-sent", &approved, "--url", "portal 4711", "--reason", "x"]).says("no address on the web");
    carla.ok(&["mark-sent", &approved, "--url", url, "--reason", "their portal takes no mail"]).prints("ls-2026-001");
    carla.ok(&["mark-sent", &unapproved, "--url", url, "--reason", "the meeting began"]).prints("ls-2026-002");
    let told = [("ls-2026-001", "sent"), ("ls-2026-002", "sent-unapproved")];
    assert_eq!(letters(&carla), told.map(|(id, state)| (id.to_owned(), state.to_owned())));
    assert_eq!(carla.read(&format!("drafts/{unapproved}.yaml")), "became: ls-2026-002\n");
    assert!(carla.names("outbox/new").is_empty(), "nothing was sent");
    carla.ok(&["log", "ls-2026-002"]).prints("sent by carla-sample");
    carla.fails(1, &["mark-sent", &approved, "--url", url, "--reason", "again"]).says("ls-2026-001 is sent already");
    let findings = carla.liaison(&["check", "ls-2026-001", "--format", "json"]);
    assert!(!findings.stdout.contains("sent-unapproved"), "{}", findings.stdout);
}

#[test]
fn what_is_not_ready_is_neither_approved_nor_sent() {
    let world = RecordRepo::with_remote(DIRECT);
    let carla = world.clone_of("carla-sample");
    let new = ["new", "--from", "tls", "--to", "3gpp-sa3", "--title", "No text yet", "--purpose", "for-action"];
    let slug = carla.ok(&new).stdout.trim().to_owned();
    assert_eq!(carla.state(&slug), "draft");
    carla.ok(&["check", &slug]);
    carla.fails(1, &["approve", &slug, "--as", "ada-example"]).says("is not ready").says("[body-missing]");
    carla.fails(1, &["send", &slug]).says("is not ready").says("[deadline-missing]");
}

#[test]
fn attachments_that_changed_behind_the_letter_are_not_sent() {
    let world = RecordRepo::with_remote(DIRECT);
    let carla = world.clone_of("carla-sample");
    let profile = world.file("profile.txt", "A profile.\n");
    let slug = carla.new_letter(TITLE, &["--attach", &profile]);
    carla.being("ada-example").ok(&["approve", &slug]);
    carla.write(&format!("drafts/{slug}/profile.txt"), "Another profile.\n");
    carla.fails(1, &["send", &slug]).says("has changes that are not committed");
    carla.git(&["commit", "--quiet", "-am", "Change the attachment behind the letter"]);
    carla.git(&["push", "--quiet"]);
    let before = carla.standing();
    carla.fails(1, &["send", &slug]);
    carla.fails(1, &["approve", &slug, "--as", "pavel-priklad"]);
    assert!(carla.standing() == before, "what was refused changed nothing");
    assert!(carla.names("outbox/new").is_empty());
}

#[test]
fn a_record_with_the_template_s_id_approves_and_sends_nothing() {
    let world = RecordRepo::new();
    let carla = world.first("carla-sample", DIRECT);
    let slug = carla.new_letter(TITLE, &[]);
    let nil = "00000000-0000-0000-0000-000000000000";
    let settings = carla.read("liaison.toml").replace("7c9e6679-7425-40de-944b-e07fc1f90ae7", nil);
    carla.write("liaison.toml", settings);
    carla.git(&["commit", "--quiet", "-am", "Copy the template"]);
    carla.fails(1, &["approve", &slug, "--as", "ada-example"]).says("the template's id");
    carla.fails(1, &["send", &slug]).says("the template's id");
}

#[test]
fn an_approval_from_a_clock_that_is_fast_still_counts_when_the_letter_is_frozen() {
    let world = RecordRepo::with_remote(DIRECT);
    let carla = world.clone_of("carla-sample");
    let slug = carla.new_letter(TITLE, &[]);
    carla.being("ada-example").now("2026-11-24T12:05:00Z").ok(&["approve", &slug]);
    carla.now("2026-11-24T11:00:00Z").fails(75, &["send", &slug]).says("one of the two clocks is wrong");
    carla.now("2026-11-24T12:01:00Z").ok(&["send", &slug]);
    carla.now("2026-11-24T12:02:00Z").ok(&["mark-sent", &slug, "--copy", "outbox/new/ls-2026-001.eml"]);
    let later = carla.now("2026-11-24T13:00:00Z");
    assert_eq!(later.state(&slug), "sent");
    later.ok(&["check"]);
}
