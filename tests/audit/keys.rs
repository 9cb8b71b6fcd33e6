//! The life of keys: compromised, retired, unknown, shared.

use liaison::domain::ActKind;

use crate::common::RecordRepo;
use crate::history::History;

const ADA: &str = "directory/people/ada-example.toml";

#[test]
fn a_compromised_key_is_doubted_from_the_suspect_commit_on() {
    let world = RecordRepo::new();
    let history = History::new(&world);
    history.draft("ech-in-5g", "2026-11-01T09:00:00Z");
    history.approve("ech-in-5g", "ada-example", "2026-11-02T09:00:00Z");
    history.draft("other-letter", "2026-11-03T09:00:00Z");
    let suspect = history.head();
    history.approve("other-letter", "ada-example", "2026-11-04T09:00:00Z");
    let before = history.head();
    history.edit(ADA, "since = 2020-01-01", &format!("since = 2020-01-01\ncompromised = \"{suspect}\""));
    history.govern(ActKind::Directory, "rob-registrar", "2026-11-05T09:00:00Z", &[ADA]);
    history.finds(&["error key-compromised"]);
    assert_eq!(history.count("key-compromised"), 1, "the approval before the suspect commit holds");
    history.back(&before);
    history.edit(ADA, "since = 2020-01-01", "since = 2020-01-01\nretired = 2026-11-05");
    history.govern(ActKind::Directory, "rob-registrar", "2026-11-05T09:00:00Z", &[ADA]);
    history.finds(&[]);
}

#[test]
fn a_compromised_key_does_not_sign_from_an_old_branch() {
    let world = RecordRepo::new();
    let history = History::new(&world);
    history.draft("ech-in-5g", "2026-11-01T09:00:00Z");
    history.branch("stale", "main");
    history.approve("ech-in-5g", "ada-example", "2026-11-01T10:00:00Z");
    history.on("main");
    history.draft("other-letter", "2026-11-03T09:00:00Z");
    let suspect = history.head();
    history.edit(ADA, "since = 2020-01-01", &format!("since = 2020-01-01\ncompromised = \"{suspect}\""));
    history.govern(ActKind::Directory, "rob-registrar", "2026-11-05T09:00:00Z", &[ADA]);
    history.merge("stale", "2026-11-06T09:00:00Z");
    history.finds(&["error key-compromised"]);
}

#[test]
fn a_key_that_was_retired_signs_no_more() {
    let world = RecordRepo::new();
    let history = History::new(&world);
    history.draft("ech-in-5g", "2026-11-01T09:00:00Z");
    history.approve("ech-in-5g", "ada-example", "2026-11-02T09:00:00Z");
    history.edit(ADA, "since = 2020-01-01", "since = 2020-01-01\nretired = 2026-11-05");
    history.govern(ActKind::Directory, "rob-registrar", "2026-11-05T09:00:00Z", &[ADA]);
    history.finds(&[]);
    history.approve("ech-in-5g", "ada-example", "2026-11-06T09:00:00Z");
    history.finds(&["warning key-expired"]);
}

#[test]
fn a_key_of_nobody_proves_nothing() {
    let world = RecordRepo::new();
    let history = History::new(&world);
    history.draft("ech-in-5g", "2026-11-01T09:00:00Z");
    let mut wanted = history.approval("ech-in-5g", "ada-example", "2026-11-02T09:00:00Z");
    wanted.key = Some("mallory".into());
    history.write("drafts/ech-in-5g", wanted);
    history.commit("2026-11-02T09:00:00Z");
    history.finds(&["warning key-unknown"]);
    history.send("ech-in-5g", "ls-2026-001", "2026-11-03T11:00:00Z");
    history.finds(&["error departure-unapproved", "warning key-unknown"]);
    history.back("HEAD~2");
    history.approve("ech-in-5g", "ada-example", "2026-11-02T09:00:00Z");
    history.send("ech-in-5g", "ls-2026-001", "2026-11-03T11:00:00Z");
    history.finds(&[]);
}

#[test]
fn commits_signed_with_a_key_of_nobody_are_told_once() {
    let world = RecordRepo::new();
    let history = History::new(&world);
    history.commit_signed("2026-11-01T09:00:00Z", "mallory", "ada-example");
    history.commit_signed("2026-11-02T09:00:00Z", "mallory", "ada-example");
    history.finds(&["warning key-unknown"]);
    assert_eq!(history.count("key-unknown"), 1);
    history.back("HEAD~2");
    history.commit_signed("2026-11-01T09:00:00Z", "ada-example", "ada-example");
    history.finds(&[]);
}

#[test]
fn a_key_of_two_people_is_found_out() {
    let world = RecordRepo::new();
    let history = History::new(&world);
    let path = "directory/people/pavel-priklad.toml";
    history.add_key("pavel-priklad", "ada-example");
    history.govern(ActKind::Directory, "rob-registrar", "2026-11-05T09:00:00Z", &[path]);
    history.finds(&["error key-of-two-people"]);
    history.back("HEAD~1");
    history.add_key("pavel-priklad", "pavel-second");
    history.govern(ActKind::Directory, "rob-registrar", "2026-11-05T09:00:00Z", &[path]);
    history.finds(&[]);
}
