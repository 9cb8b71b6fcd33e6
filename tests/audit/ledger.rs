//! The ledger and the mainline tell the same.

use liaison::dispatch::LedgerEntry;
use liaison::domain::{Digest, Slug, StatementId};

use crate::common::RecordRepo;
use crate::history::{History, instant};

fn sent(world: &RecordRepo) -> History<'_> {
    let history = History::new(world);
    history.draft("ech-in-5g", "2026-11-24T09:00:00Z");
    history.approve("ech-in-5g", "ada-example", "2026-11-24T10:00:00Z");
    history.send("ech-in-5g", "ls-2026-001", "2026-11-24T11:00:00Z");
    history
}

/// Writes an entry into the ledger, as the program does.
fn enter(history: &History<'_>, number: &str, content: Digest) {
    let entry = LedgerEntry {
        number: StatementId::parse(number).unwrap(),
        draft: Some(Slug::parse("ech-in-5g").unwrap()),
        key: None,
        content: Some(content),
        base: history.root.clone(),
        message: None,
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
