//! The ledger and the mainline tell the same.

use liaison::dispatch::LedgerEntry;
use liaison::domain::{ActKind, Detail, Digest, Slug, StatementId};

use crate::common::RecordRepo;
use crate::history::{History, RECORD, Wanted, instant};

fn sent(world: &RecordRepo) -> History<'_> {
    let history = History::with(world, LEDGER);
    history.draft("ech-in-5g", "2026-11-24T09:00:00Z");
    history.approve("ech-in-5g", "ada-example", "2026-11-24T10:00:00Z");
    history.send("ech-in-5g", "ls-2026-001", "2026-11-24T11:00:00Z");
    history
}

/// A letter that the program sent.
fn sent_by_program<'w>(world: &'w RecordRepo, settings: &str) -> History<'w> {
    let history = History::with(world, settings);
    history.draft("ech-in-5g", "2026-11-24T09:00:00Z");
    history.approve("ech-in-5g", "ada-example", "2026-11-24T10:00:00Z");
    history.number("ech-in-5g", "ls-2026-001");
    let mut act = history.sending("ls-2026-001", "2026-11-24T11:00:00Z");
    act.kind = ActKind::Sending;
    history.clone.write("statements/2026/ls-2026-001/sent-1.eml", MAIL);
    let message = Digest::of(MAIL.as_bytes()).to_string();
    act.details = [
        ("number", "ls-2026-001"),
        ("message-id", "<ls-2026-001@ietf.example>"),
        ("message", &message),
        ("date", "2026-11-24T11:00:00Z"),
        ("recipients", "sa3@list.example"),
    ]
    .map(|(key, value)| (key.to_owned(), Detail::text(value).unwrap()))
    .into();
    let wanted = Wanted { act, subject: "ech-in-5g".into(), record: RECORD.into(), key: Some("rob-registrar".into()) };
    history.write("statements/2026/ls-2026-001", wanted);
    history.commit("2026-11-24T11:00:00Z");
    history
}

const MAIL: &str = "Subject: ECH in 5G core networks\n\nDear colleagues\n";

/// Writes an entry into the ledger, as the program does.
fn enter(history: &History<'_>, number: &str, content: Digest) {
    enter_draft(history, number, "ech-in-5g", content);
}

fn enter_draft(history: &History<'_>, number: &str, draft: &str, content: Digest) {
    enter_message(history, number, draft, content, None);
}

fn enter_message(history: &History<'_>, number: &str, draft: &str, content: Digest, message: Option<Digest>) {
    let entry = LedgerEntry {
        number: StatementId::parse(number).unwrap(),
        draft: Some(Slug::parse(draft).unwrap()),
        key: None,
        content: Some(content),
        base: history.root.clone(),
        message,
        at: instant("2026-11-24T11:00:00Z"),
        clone: "here".into(),
        nonce: "once".into(),
    };
    let folder = history.clone.world.folder().join("ledger");
    if !folder.exists() {
        let path = folder.display().to_string();
        history.clone.git(&["worktree", "add", "--quiet", "--orphan", "-b", "liaison/outbox", &path]);
    }
    for (path, bytes) in entry.change().write {
        let path = folder.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
    history.clone.world.git(&folder, &["add", "--all"]);
    history.clone.world.git(&folder, &["commit", "--quiet", "-m", "lock"]);
}

const LEDGER: &str = "\n[send]\nlock = \"liaison/outbox\"\n";
const LETTER: &str = "statements/2026/ls-2026-001.yaml";

#[test]
fn a_letter_that_its_ledger_entry_does_not_know_is_found_out() {
    let world = RecordRepo::new();
    let history = sent(&world);
    enter(&history, "ls-2026-001", history.content(LETTER));
    history.finds(&[]);
    let world = RecordRepo::new();
    let history = sent(&world);
    enter(&history, "ls-2026-001", Digest::of(b"another text"));
    history.finds(&["error ledger-disagrees"]);
}

#[test]
fn a_message_that_its_ledger_entry_does_not_know_is_found_out() {
    for (message, expected) in [(MAIL, &[][..]), ("another mail", &["error ledger-disagrees"])] {
        let message = Some(Digest::of(message.as_bytes()));
        let world = RecordRepo::new();
        let history = sent_by_program(&world, LEDGER);
        enter_message(&history, "ls-2026-001", "ech-in-5g", history.content(LETTER), message);
        history.finds(expected);
        // What left by another way is bound by the copy of it.
        let world = RecordRepo::new();
        let history = History::with(&world, LEDGER);
        history.draft("ech-in-5g", "2026-11-24T09:00:00Z");
        history.approve("ech-in-5g", "ada-example", "2026-11-24T10:00:00Z");
        history.number("ech-in-5g", "ls-2026-001");
        let mut act = history.sending("ls-2026-001", "2026-11-24T11:00:00Z");
        let digest = Digest::of(MAIL.as_bytes()).to_string();
        for (key, value) in [("copy", "sent-copy.eml"), ("copy-sha256", &digest)] {
            act.details.insert(key.to_owned(), Detail::text(value).unwrap());
        }
        let wanted =
            Wanted { act, subject: "ech-in-5g".into(), record: RECORD.into(), key: Some("rob-registrar".into()) };
        history.write("statements/2026/ls-2026-001", wanted);
        history.clone.write("statements/2026/ls-2026-001/sent-copy.eml", MAIL);
        history.commit("2026-11-24T11:00:00Z");
        enter_message(&history, "ls-2026-001", "ech-in-5g", history.content(LETTER), message);
        history.finds(expected);
    }
}

#[test]
fn an_entry_of_the_ledger_never_changes() {
    let world = RecordRepo::new();
    let history = sent(&world);
    enter(&history, "ls-2026-001", Digest::of(b"another text"));
    enter(&history, "ls-2026-001", history.content(LETTER));
    history.finds(&["error ledger-disagrees"]);
}

#[test]
fn what_only_the_ledger_has_waits_to_be_merged() {
    let world = RecordRepo::new();
    let history = sent(&world);
    let content = history.content(LETTER);
    enter(&history, "ls-2026-001", content);
    history.back("HEAD~1");
    history.finds(&["warning ledger-pending"]);
}

#[test]
fn a_ledger_that_is_gone_or_emptied_is_found_out() {
    let world = RecordRepo::new();
    let history = sent_by_program(&world, LEDGER);
    let ledger = "refs/heads/liaison/outbox";
    history.finds(&["error ledger-disagrees"]);
    enter(&history, "ls-2026-001", history.content(LETTER));
    history.finds(&[]);
    history.clone.git(&["worktree", "remove", "--force", "../ledger"]);
    let entry = history.clone.git(&["rev-parse", "liaison/outbox"]);
    history.clone.git(&["update-ref", "-d", ledger]);
    history.finds(&["error ledger-disagrees"]);
    let tree = history.raw_object("tree", b"");
    let empty = history.git_at("2026-11-25T10:00:00Z", &["commit-tree", "-m", "lock", &tree]);
    history.clone.git(&["update-ref", ledger, &empty]);
    history.finds(&["error ledger-disagrees"]);
    history.clone.git(&["update-ref", ledger, &entry]);
    history.finds(&[]);
}

#[test]
fn what_was_sent_under_another_lock_needs_no_entry() {
    let world = RecordRepo::new();
    let history = sent_by_program(&world, "\n[send]\nlock = \"mainline\"\n");
    history.finds(&[]);
    // A branch that is only called like a ledger says nothing.
    enter_draft(&history, "ls-2026-001", "other-letter", Digest::of(b"another text"));
    history.finds(&[]);
    history.clone.git(&["worktree", "remove", "--force", "../ledger"]);
    history.clone.git(&["branch", "--quiet", "-D", "liaison/outbox"]);
    history.edit("liaison.toml", "lock = \"mainline\"", "lock = \"liaison/outbox\"");
    history.govern(ActKind::Policy, "rob-registrar", "2026-11-24T12:00:00Z", &["liaison.toml"]);
    history.finds(&[]);
    enter_draft(&history, "ls-2026-002", "other-letter", Digest::of(b"another text"));
    history.finds(&["warning ledger-pending"]);
}

#[test]
fn a_draft_takes_one_number() {
    let world = RecordRepo::new();
    let history = sent_by_program(&world, LEDGER);
    enter(&history, "ls-2026-001", history.content(LETTER));
    enter(&history, "ls-2026-002", history.content(LETTER));
    history.finds(&["error ledger-disagrees", "warning ledger-pending"]);
}

#[test]
fn what_agreed_with_the_ledger_hides_nothing_that_comes_later() {
    let world = RecordRepo::new();
    let history = sent_by_program(&world, LEDGER);
    enter(&history, "ls-2026-001", history.content(LETTER));
    history.finds(&[]);
    let agreed = history.clone.git(&["rev-parse", "liaison/outbox"]);
    let folder = history.clone.world.folder().join("ledger");
    let back = || history.clone.world.git(&folder, &["reset", "--quiet", "--hard", &agreed]);
    // An entry that changes, one of a draft that has a number, one of a letter that nobody merged.
    enter(&history, "ls-2026-001", Digest::of(b"another text"));
    history.finds(&["error ledger-disagrees"]);
    back();
    history.finds(&[]);
    enter(&history, "ls-2026-002", history.content(LETTER));
    history.finds(&["error ledger-disagrees", "warning ledger-pending"]);
    back();
    enter_draft(&history, "ls-2026-002", "other-letter", history.content(LETTER));
    history.finds(&["warning ledger-pending"]);
    // A ledger that begins anew is compared as a whole.
    history.clone.world.git(&folder, &["checkout", "--quiet", "--orphan", "anew"]);
    history.clone.world.git(&folder, &["rm", "--quiet", "-r", "--force", "."]);
    history.clone.world.git(&folder, &["commit", "--quiet", "--allow-empty", "-m", "anew"]);
    history.clone.world.git(&folder, &["branch", "--force", "liaison/outbox", "anew"]);
    history.finds(&["error ledger-disagrees"]);
}
