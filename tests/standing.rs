//! How a draft stands when something else than its text changed: what would be mailed of it, or that its number was taken.
//! `list`, `show`, `status`, `check`, `approve` and `send` say the same.

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

const TITLE: &str = "Use of ECH in 5G core networks";

/// The rows of a command's list that are about a letter.
fn rows(clone: &Clone<'_>, command: &str, id: &str) -> Vec<Value> {
    let list = clone.json(&[command]);
    list.as_array().expect("a list").iter().filter(|row| row["id"] == id).cloned().collect()
}

/// What `list`, `status` and `show` say of a letter's state, which has to be the same.
#[track_caller]
fn state(clone: &Clone<'_>, id: &str) -> String {
    let shown = clone.state(id);
    for command in ["list", "status"] {
        let told: Vec<Value> = rows(clone, command, id).into_iter().map(|row| row["state"].clone()).collect();
        assert_eq!(told, [Value::from(shown.as_str())], "{command}");
    }
    shown
}

/// Whether `list` counts a letter among those of a state.
fn is_listed(clone: &Clone<'_>, state: &str, id: &str) -> bool {
    let list = clone.json(&["list", "--state", state]);
    list.as_array().expect("a list").iter().any(|row| row["id"] == id)
}

/// Changes a file of the record behind the letters' back, as a colleague does.
fn replace(clone: &Clone<'_>, path: &str, from: &str, to: &str) {
    let text = clone.read(path);
    assert!(text.contains(from), "{from} in {path}:\n{text}");
    clone.write(path, text.replace(from, to));
    clone.git(&["commit", "--quiet", "-am", &format!("Change {path}")]);
    clone.git(&["push", "--quiet"]);
}

/// Every command says that an approval is stale, and by what; the letter is sent once it was approved again.
#[track_caller]
fn is_stale_everywhere(carla: &Clone<'_>, slug: &str, by: &str) {
    let why = format!("what would be sent changed: {by}");
    assert_eq!(state(carla, slug), "ready");
    carla.ok(&["show", slug]).prints(&format!("by Ada Example; {why}")).prints("tls: missing; could be given by Ada");
    assert_eq!(carla.json(&["show", slug])["approved"], false);
    carla.ok(&["check", slug]).prints("[approval-stale]").prints(&why);
    assert!(is_listed(carla, "ready", slug) && !is_listed(carla, "approved", slug));
    let before = carla.standing();
    carla.fails(3, &["send", slug]).says("has not every approval it needs").says(&why);
    carla.fails(3, &["send", slug, "--dry-run"]).says(&why);
    assert!(carla.standing() == before, "what was refused changed nothing");
    carla.being("ada-example").ok(&["approve", slug]).prints(&why).prints("approved by Ada Example for tls");
    assert_eq!(state(carla, slug), "approved");
    assert!(!carla.ok(&["check", slug]).stdout.contains("approval-"));
}

fn approved(carla: &Clone<'_>, title: &str, more: &[&str]) -> String {
    let slug = carla.new_letter(title, more);
    carla.being("ada-example").ok(&["approve", &slug]);
    assert_eq!(state(carla, &slug), "approved");
    slug
}

#[test]
fn a_group_that_is_called_otherwise_makes_an_approval_stale() {
    let world = RecordRepo::with_remote(DIRECT);
    let carla = world.clone_of("carla-sample");
    let slug = approved(&carla, TITLE, &[]);
    let path = "directory/groups/tls.toml";
    let name = carla.read(path).lines().find_map(|line| line.strip_prefix("name = ").map(str::to_owned)).unwrap();
    replace(&carla, path, &name, "\"Secure Transport\"");
    is_stale_everywhere(&carla, &slug, "the name of a From group in directory/");
    replace(&carla, path, "\"Secure Transport\"", &name);
    assert_eq!(state(&carla, &slug), "approved", "the first approval is of exactly this message");
    carla.ok(&["send", &slug]).prints("ls-2026-001");
    replace(&carla, path, &name, "\"Secure Transport\"");
    carla.ok(&["mark-sent", "ls-2026-001", "--copy", "outbox/new/ls-2026-001.eml"]);
    assert_eq!(carla.state("ls-2026-001"), "sent", "what left is judged by its content");
    carla.ok(&["show", "ls-2026-001"]).prints("tls: approved by Ada Example");
    carla.ok(&["check"]);
}

#[test]
fn the_name_of_the_receiving_group_counts_as_well() {
    let world = RecordRepo::with_remote(DIRECT);
    let carla = world.clone_of("carla-sample");
    let slug = approved(&carla, TITLE, &[]);
    replace(&carla, "directory/groups/3gpp-sa3.toml", "name = \"", "name = \"The ");
    is_stale_everywhere(&carla, &slug, "the name of a To group in directory/");
}

#[test]
fn a_group_that_is_called_otherwise_from_a_day_on_makes_an_approval_stale_on_that_day() {
    let world = RecordRepo::with_remote(DIRECT);
    let carla = world.clone_of("carla-sample");
    let path = "directory/groups/tls.toml";
    let name = carla.read(path).lines().find_map(|line| line.strip_prefix("name = ").map(str::to_owned)).unwrap();
    let dated = format!(
        "name = [{{ value = {name}, until = 2026-12-01 }}, {{ value = \"Secure Transport\", since = 2026-12-01 }}]"
    );
    replace(&carla, path, &format!("name = {name}"), &dated);
    let slug = approved(&carla, TITLE, &[]);
    assert_eq!(carla.now("2026-11-30T23:00:00Z").state(&slug), "approved");
    let later = carla.now("2026-12-01T00:00:00Z");
    later.fails(3, &["send", &slug]).says("what would be sent changed: the name of a From group");
    assert_eq!(later.state(&slug), "ready");
    later.ok(&["preview", &slug]).prints("From: Secure Transport (tls)");
}

#[test]
fn settings_of_mail_make_an_approval_stale() {
    let world = RecordRepo::with_remote(DIRECT);
    let carla = world.clone_of("carla-sample");
    let slug = approved(&carla, TITLE, &[]);
    replace(&carla, "liaison.toml", "Liaison Statements <statements@", "Liaison Desk <desk@");
    is_stale_everywhere(&carla, &slug, "`[mail] from` in liaison.toml");
    replace(&carla, "liaison.toml", "domain = \"liaison.ietf.example\"", "domain = \"letters.ietf.example\"");
    is_stale_everywhere(&carla, &slug, "`[mail] domain` in liaison.toml");
    replace(&carla, "liaison.toml", "Liaison Desk <desk@", "Liaison Statements <statements@");
    let text = carla.read("directory/groups/tls.toml");
    carla.write("directory/groups/tls.toml", text.replacen("name = \"", "name = \"The ", 1));
    is_stale_here(&carla, &slug, "`[mail] from` in liaison.toml, the name of a From group in directory/");
    replace(&carla, "liaison.toml", "from = \"Liaison Statements <statements@ietf.example>\"", "");
    is_stale_here(&carla, &slug, "`[mail] from` in liaison.toml, the name of a From group in directory/");
}

#[track_caller]
fn is_stale_here(clone: &Clone<'_>, slug: &str, by: &str) {
    clone.ok(&["show", slug]).prints(&format!("what would be sent changed: {by}\n"));
    assert_eq!(state(clone, slug), "ready");
}

#[test]
fn a_letter_that_is_linked_to_makes_an_approval_stale_by_what_the_message_says_of_it() {
    let world = RecordRepo::with_remote(DIRECT);
    let carla = world.clone_of("carla-sample");
    let first = approved(&carla, "Our first letter", &[]);
    carla.ok(&["send", &first]).prints("ls-2026-001");
    let second = approved(&carla, "What we add to it", &["--revises", "ls-2026-001"]);
    carla.ok(&["comment", "ls-2026-001", "nothing that anybody mails"]);
    carla.ok(&["mark-sent", "ls-2026-001", "--copy", "outbox/new/ls-2026-001.eml"]);
    assert_eq!(state(&carla, &second), "approved", "the day on which it left was open");
    let path = "statements/2026/ls-2026-001.yaml";
    replace(&carla, path, "title: Our first letter", "title: Our very first letter");
    is_stale_everywhere(&carla, &second, "a letter that it links to");
    carla.ok(&["send", &second]).prints("ls-2026-002");
}

#[test]
fn an_approval_that_somebody_else_recorded_is_of_a_message_too() {
    let world = RecordRepo::with_remote(DIRECT);
    let carla = world.clone_of("carla-sample");
    let slug = carla.new_letter(TITLE, &[]);
    let evidence = "https://mailarchive.ietf.example/arch/msg/tls/1";
    carla.ok(&["approve", &slug, "--recorded-for", "ada-example", "--evidence", evidence]);
    assert_eq!(state(&carla, &slug), "approved");
    let acts = format!("drafts/{slug}/acts");
    let file = carla.names(&acts).into_iter().find(|name| name.contains("-approve-")).unwrap();
    let (path, text) = (format!("{acts}/{file}"), carla.read(&format!("{acts}/{file}")));
    let without = |key: &str| -> String {
        text.lines().filter(|line| !line.starts_with(key)).map(|line| format!("{line}\n")).collect()
    };
    carla.write(&path, without("preview:"));
    assert_eq!(state(&carla, &slug), "ready");
    let why = "it does not name the preview of the message it is about";
    carla.ok(&["show", &slug]).prints(why);
    carla.ok(&["check", &slug]).prints("[approval-stale]").prints(why);
    carla.write(&path, without("fields:"));
    assert_eq!(state(&carla, &slug), "approved");
    replace(&carla, "directory/groups/tls.toml", "name = \"", "name = \"The ");
    is_stale_here(
        &carla,
        &slug,
        "a group's name in directory/, `[mail]` in liaison.toml, or a letter that it links to",
    );
}

#[test]
fn an_attachment_with_other_bytes_makes_an_approval_stale() {
    let world = RecordRepo::with_remote(DIRECT);
    let carla = world.clone_of("carla-sample");
    let slug = approved(&carla, TITLE, &["--attach", &world.file("profile.txt", "A profile.\n")]);
    carla.write(&format!("drafts/{slug}/profile.txt"), "Another profile.\n");
    assert_eq!(state(&carla, &slug), "draft");
    carla
        .ok(&["show", &slug])
        .prints("what would be sent changed: the bytes of an attachment")
        .prints("[attachment-hash]");
    std::fs::remove_file(carla.path.join(format!("drafts/{slug}/profile.txt"))).unwrap();
    carla.ok(&["show", &slug]).prints("what would be sent changed: the bytes of an attachment");
}

#[test]
fn a_decline_is_of_the_letter_whatever_its_message_takes_from_elsewhere() {
    let world = RecordRepo::with_remote(DIRECT);
    let carla = world.clone_of("carla-sample");
    let slug = approved(&carla, TITLE, &[]);
    carla.being("pavel-priklad").ok(&["approve", &slug, "--decline", "--reason", "too early"]);
    replace(&carla, "directory/groups/tls.toml", "name = \"", "name = \"The ");
    carla.being("ada-example").ok(&["approve", &slug]);
    carla.fails(3, &["send", &slug]).says("declined by Pavel Příklad");
    assert_eq!(state(&carla, &slug), "ready");
}

/// The flow in which everybody pushes to the mainline, and numbers are locked in the ledger.
const LEDGER: &str = "\n[send]\nlock = \"liaison/outbox\"\n";

/// What `list` and `show` say of a draft whose number is taken, in a clone that knows it.
#[track_caller]
fn is_taken(clone: &Clone<'_>, slug: &str, state: &str, flag: &str, whereabouts: &str) {
    let listed = rows(clone, "list", slug);
    assert_eq!(listed.len(), 1, "{listed:?}");
    assert_eq!(listed[0]["state"], format!("{state} as ls-2026-001, {flag}"));
    assert!(is_listed(clone, flag, slug) && is_listed(clone, state, slug) && !is_listed(clone, "approved", slug));
    let shown = clone.json(&["show", slug]);
    assert_eq!((shown["state"].as_str(), shown["number"].as_str()), (Some(state), Some("ls-2026-001")));
    clone
        .ok(&["show", slug])
        .prints(&format!("became ls-2026-001, which is {whereabouts}"))
        .prints("liaison show ls-2026-001")
        .prints("tls: approved by Ada Example");
    clone.ok(&["check", slug]);
}

#[test]
fn a_draft_that_the_ledger_holds_is_nowhere_called_approved() {
    let world = RecordRepo::with_remote(LEDGER);
    let (carla, cora) = (world.clone_of("carla-sample"), world.clone_of("cora-beispiel"));
    let slug = approved(&carla, TITLE, &[]);
    cora.git(&["pull", "--quiet"]);
    carla.ok(&["send", &slug]).prints("ls-2026-001").says("merge the branch liaison/send/ls-2026-001 into main");
    assert_eq!(cora.state(&slug), "approved", "looking needs no network: this clone has not heard of it");
    cora.git(&["fetch", "--quiet"]);
    let unmerged = "not yet on the mainline: liaison/send/ls-2026-001 is to be merged";
    for clone in [&carla, &cora] {
        is_taken(clone, &slug, "handed-over", "not-on-mainline", unmerged);
        clone.ok(&["status"]).says("ls-2026-001: handed-over, not yet on main");
        assert!(rows(clone, "status", &slug).is_empty(), "its number stands there instead");
        assert_eq!(rows(clone, "status", "ls-2026-001").len(), 1);
    }

    let before = cora.standing();
    let name = format!("{slug} is handed-over as ls-2026-001, not-on-mainline already");
    cora.being("ada-example").fails(1, &["approve", &slug]).says(&name).says("liaison ratify ls-2026-001");
    for change in [
        &["edit", &slug, "--set", "deadline=2027-02-15"][..],
        &["comment", &slug, "one more thought"],
        &["preview", &slug],
        &["withdraw", &slug, "--reason", "not now"],
    ] {
        cora.fails(73, change).says(&format!("{slug} was taken as ls-2026-001")).says("nothing was changed");
    }
    cora.fails(73, &["send", &slug]).says("was taken as ls-2026-001");
    assert!(cora.standing() == before, "what was refused changed nothing");

    let path = "directory/groups/tls.toml";
    replace(&cora, path, "name = \"", "name = \"The ");
    is_taken(&cora, &slug, "handed-over", "not-on-mainline", unmerged);
    assert!(
        !cora.ok(&["check"]).stdout.contains("approval-stale"),
        "what left is not judged by what would be mailed now"
    );
}

#[test]
fn a_draft_is_followed_until_its_number_is_here() {
    let world = RecordRepo::with_remote(LEDGER);
    let (carla, cora) = (world.clone_of("carla-sample"), world.clone_of("cora-beispiel"));
    let slug = approved(&carla, TITLE, &[]);
    cora.git(&["pull", "--quiet"]);
    carla.ok(&["send", &slug]);
    let branch = "liaison/send/ls-2026-001";
    let sender = world.clone_of("carla-sample");
    sender.git(&["switch", "--quiet", branch]);
    sender.git(&["switch", "--quiet", "main"]);
    sender.git(&["merge", "--quiet", "--no-ff", "-m", "Merge the sending", branch]);
    sender.git(&["push", "--quiet", "origin", "main"]);
    cora.git(&["fetch", "--quiet"]);
    is_taken(&cora, &slug, "handed-over", "not-pulled", "on the mainline, but not pulled");
    assert_eq!(rows(&cora, "status", &slug).len(), 1, "the work tree still waits for it");
    cora.fails(73, &["comment", &slug, "one more thought"]).says("on the mainline, but not pulled");
    cora.git(&["pull", "--quiet"]);
    assert_eq!(state(&cora, "ls-2026-001"), "handed-over");
    assert_eq!(cora.state(&slug), "handed-over");
    assert!(rows(&cora, "list", &slug).is_empty());
}

#[test]
fn the_ledger_tells_how_far_a_sending_got_and_whether_it_was_approved() {
    let world = RecordRepo::with_remote(LEDGER);
    let carla = world.clone_of("carla-sample");
    let slug = carla.new_letter(TITLE, &[]);
    carla.ok(&["mark-sent", &slug, "--url", "https://portal.3gpp.example/1", "--reason", "the meeting began"]);
    assert_eq!(carla.state(&slug), "sent-unapproved");
    carla
        .ok(&["show", &slug])
        .prints("[sent-unapproved as ls-2026-001, not-on-mainline]")
        .prints("liaison ratify ls-2026-001");
    assert!(is_listed(&carla, "sent-unapproved", &slug));
}
