//! What never changes: numbered letters, stubs, acts.

use liaison::domain::{ActKind, Detail, Digest};
use liaison::record::RedactedFile;

use crate::common::RecordRepo;
use crate::history::{History, RECORD, Wanted};

fn sent(world: &RecordRepo) -> History<'_> {
    let history = History::new(world);
    history.draft("ech-in-5g", "2026-11-24T09:00:00Z");
    history.approve("ech-in-5g", "ada-example", "2026-11-24T10:00:00Z");
    history.send("ech-in-5g", "ls-2026-001", "2026-11-24T11:00:00Z");
    history
}

const LETTER: &str = "statements/2026/ls-2026-001.yaml";
const FOLDER: &str = "statements/2026/ls-2026-001";
const LATER: &str = "2026-11-24T12:00:00Z";

#[test]
fn a_sent_letter_is_not_edited() {
    let world = RecordRepo::new();
    let history = sent(&world);
    history.finds(&[]);
    history.edit(LETTER, "we look forward", "we do not look forward");
    history.commit(LATER);
    history.finds(&["error frozen-file-edited"]);
    // To put it back is one more change, and does not undo that it was changed.
    history.edit(LETTER, "we do not look forward", "we look forward");
    history.commit(LATER);
    assert_eq!(history.count("frozen-file-edited"), 2);
}

#[test]
fn a_draft_is_edited_as_often_as_it_needs() {
    let world = RecordRepo::new();
    let history = History::new(&world);
    history.draft("ech-in-5g", "2026-11-24T09:00:00Z");
    history.edit("drafts/ech-in-5g.yaml", "we look forward", "we do not look forward");
    history.commit(LATER);
    history.finds(&[]);
}

#[test]
fn a_sent_letter_is_not_renamed_removed_or_brought_back() {
    let world = RecordRepo::new();
    let history = sent(&world);
    let before = history.head();
    history.clone.git(&["mv", LETTER, "statements/2026/ls-2026-009.yaml"]);
    history.clone.git(&["mv", FOLDER, "statements/2026/ls-2026-009"]);
    history.commit(LATER);
    history.fires("error frozen-file-removed");
    history.fires("error act-changed");
    history.back(&before);
    history.clone.git(&["rm", "--quiet", LETTER]);
    history.commit(LATER);
    history.finds(&["error frozen-file-removed"]);
    history.clone.git(&["checkout", "--quiet", &before, "--", LETTER]);
    history.commit(LATER);
    history.finds(&["error frozen-file-removed", "error frozen-file-returned"]);
}

#[test]
fn what_is_added_to_a_sent_letter_changes_nothing() {
    let world = RecordRepo::new();
    let history = sent(&world);
    let mut act = history.sending("ls-2026-001", LATER);
    act.kind = ActKind::Bounced;
    act.details = [("reason".to_owned(), Detail::text("mailbox full").unwrap())].into();
    history.write(
        FOLDER,
        Wanted { act, subject: "ech-in-5g".into(), record: RECORD.into(), key: Some("rob-registrar".into()) },
    );
    history.commit(LATER);
    history.finds(&[]);
}

#[test]
fn a_letter_of_a_branch_may_take_another_number_and_one_of_the_mainline_not() {
    let world = RecordRepo::new();
    let history = History::new(&world);
    history.draft("ech-in-5g", "2026-11-24T09:00:00Z");
    history.approve("ech-in-5g", "ada-example", "2026-11-24T10:00:00Z");
    history.branch("send", "main");
    history.send("ech-in-5g", "ls-2026-001", "2026-11-24T11:00:00Z");
    let renumber = |history: &History<'_>| {
        history.clone.git(&["mv", LETTER, "statements/2026/ls-2026-002.yaml"]);
        history.clone.git(&["mv", FOLDER, "statements/2026/ls-2026-002"]);
        history.clone.write("drafts/ech-in-5g.yaml", "became: ls-2026-002\n");
        history.commit(LATER);
    };
    renumber(&history);
    history.on("main");
    history.draft("other-letter", "2026-11-24T10:30:00Z");
    let before = history.head();
    history.merge("send", "2026-11-24T13:00:00Z");
    history.finds(&[]);
    history.back(&before);
    history.merge("send~1", "2026-11-24T11:30:00Z");
    renumber(&history);
    history.finds(&["error act-changed", "error frozen-file-removed", "error stub-changed"]);
}

#[test]
fn an_act_is_written_once() {
    let world = RecordRepo::new();
    let history = History::new(&world);
    history.draft("ech-in-5g", "2026-11-24T09:00:00Z");
    let path = history.approve("ech-in-5g", "ada-example", "2026-11-24T10:00:00Z");
    let before = history.head();
    history.clone.git(&["rm", "--quiet", &path]);
    history.commit(LATER);
    history.finds(&["error act-changed"]);
    history.back(&before);
    history.edit(&path, "for: [tls]", "for: [tls, quic]");
    history.commit(LATER);
    history.finds(&["error act-changed"]);
    // Numbering moves the acts along.
    history.back(&before);
    history.send("ech-in-5g", "ls-2026-001", "2026-11-24T11:00:00Z");
    history.finds(&[]);
}

#[test]
fn a_stub_names_one_number_for_ever() {
    let world = RecordRepo::new();
    let history = sent(&world);
    history.clone.write("drafts/ech-in-5g.yaml", "became: ls-2026-009\n");
    history.commit(LATER);
    history.finds(&["error stub-changed"]);
}

#[test]
fn two_drafts_never_become_one_number() {
    let world = RecordRepo::new();
    let history = sent(&world);
    history.draft("other-letter", LATER);
    history.clone.write("drafts/other-letter.yaml", "became: ls-2026-001\n");
    history.commit("2026-11-24T13:00:00Z");
    history.finds(&["error number-reused"]);
    history.back("HEAD~1");
    history.approve("other-letter", "ada-example", "2026-11-24T12:30:00Z");
    history.send("other-letter", "ls-2026-002", "2026-11-24T13:00:00Z");
    history.finds(&[]);
}

#[test]
fn only_a_signed_act_of_the_trust_root_redacts() {
    let world = RecordRepo::new();
    let history = sent(&world);
    let tombstone = "redacted: {at: '2026-11-25T10:00:00Z', by: rob-registrar, reason: a court said so, sha256: 'sha256:0000000000000000000000000000000000000000000000000000000000000000'}\n\
                     direction: outgoing\nfrom: {groups: [tls]}\nto: {groups: [3gpp-sa3]}\n";
    let redact = |by: &str, file: &str, left: &str| {
        let mut act = history.sending("ls-2026-001", LATER);
        act.kind = ActKind::Redact;
        act.by = crate::history::word(by);
        let removed = RedactedFile { file: file.to_owned(), sha256: Digest::of(history.clone.read(LETTER).as_bytes()) };
        let files = Detail::List(vec![removed.detail().unwrap()]);
        act.details =
            [("reason".to_owned(), Detail::text("a court said so").unwrap()), ("files".to_owned(), files)].into();
        history.write(FOLDER, Wanted { act, subject: "ech-in-5g".into(), record: RECORD.into(), key: Some(by.into()) });
        history.clone.write(LETTER, left);
        history.commit(LATER);
    };
    let letter = history.clone.read(LETTER);
    redact("rob-registrar", "ls-2026-001.yaml", tombstone);
    history.finds(&[]);
    // A redaction takes words away; it never puts others in their place.
    history.back("HEAD~1");
    redact("rob-registrar", "ls-2026-001.yaml", &letter.replace("we look forward", "we do not look forward"));
    history.finds(&["error frozen-file-edited"]);
    history.back("HEAD~1");
    redact("carla-sample", "ls-2026-001.yaml", tombstone);
    history.finds(&["error act-without-authority", "error frozen-file-edited"]);
    history.back("HEAD~1");
    redact("rob-registrar", "sent-1.eml", tombstone);
    history.finds(&["error frozen-file-edited"]);
}

#[test]
fn an_act_is_never_redacted() {
    let world = RecordRepo::new();
    let history = sent(&world);
    let approval = history.clone.names(&format!("{FOLDER}/acts")).into_iter().find(|name| name.contains("-approve-"));
    let approval = format!("acts/{}", approval.unwrap());
    let mut act = history.sending("ls-2026-001", LATER);
    act.kind = ActKind::Redact;
    act.by = crate::history::word("rob-registrar");
    let removed = RedactedFile { file: approval.clone(), sha256: Digest::of(b"x") };
    let files = Detail::List(vec![removed.detail().unwrap()]);
    act.details = [("reason".to_owned(), Detail::text("a court said so").unwrap()), ("files".to_owned(), files)].into();
    let key = Some("rob-registrar".into());
    history.write(FOLDER, Wanted { act, subject: "ech-in-5g".into(), record: RECORD.into(), key });
    std::fs::remove_file(history.clone.path.join(FOLDER).join(approval)).unwrap();
    history.commit(LATER);
    history.finds(&["error act-changed"]);
}

#[test]
fn a_letter_does_not_leave_as_a_tombstone() {
    let world = RecordRepo::new();
    let history = History::new(&world);
    history.draft("ech-in-5g", "2026-11-24T09:00:00Z");
    history.approve("ech-in-5g", "ada-example", "2026-11-24T10:00:00Z");
    history.number("ech-in-5g", "ls-2026-001");
    let act = history.sending("ls-2026-001", "2026-11-24T11:00:00Z");
    let (content, bytes) = (act.content.unwrap(), Digest::of(history.clone.read(LETTER).as_bytes()));
    history.write(
        FOLDER,
        Wanted { act, subject: "ech-in-5g".into(), record: RECORD.into(), key: Some("rob-registrar".into()) },
    );
    let at = "2026-11-24T11:30:00Z";
    let says = format!("at: {at}, by: rob-registrar, reason: x, content: '{content}', sha256: '{bytes}'");
    let parties = "direction: outgoing\nfrom: {groups: [tls]}\nto: {groups: [3gpp-sa3]}\n";
    history.clone.write(LETTER, format!("redacted: {{{says}}}\n{parties}"));
    let acts = format!("{FOLDER}/acts/20261124T113000Z-redact-rob-registrar.yaml");
    let files = format!("files: [{{file: ls-2026-001.yaml, sha256: '{bytes}'}}]\n");
    for unsigned in [
        None,
        Some(format!(
            "act: redact\nby: rob-registrar\nrole: registrar\nof: ietf\nat: {at}\ncontent: '{content}'\nreason: x\n{files}"
        )),
    ] {
        if let Some(text) = unsigned {
            history.clone.write(&acts, text);
        }
        history.commit(LATER);
        history.fires("error act-changed");
        history.fires("error departure-unapproved");
        history.clone.git(&["reset", "--quiet", "--soft", "HEAD~1"]);
    }
}

#[test]
fn a_numbered_letter_that_no_act_tells_of_is_found_out() {
    let world = RecordRepo::new();
    let history = sent(&world);
    let outgoing = include_str!("letter.yaml");
    let incoming = "direction: incoming\ntitle: A question\ndate: 2026-11-20\nfrom: {groups: [3gpp-sa3]}\nto: {groups: [tls]}\n\
                    purpose: for-information\nbody: |\n  Dear colleagues, this is a question.\n";
    for text in [outgoing, incoming] {
        let before = history.head();
        let forged = "statements/2026/ls-2026-999.yaml";
        history.clone.write(forged, text);
        history.commit(LATER);
        history.finds(&["error receipt-missing"]);
        // Whoever finds it takes it out again, and its number is free.
        history.clone.git(&["rm", "--quiet", forged]);
        history.commit(LATER);
        history.finds(&[]);
        history.clone.write(forged, text);
        history.commit(LATER);
        history.finds(&["error receipt-missing"]);
        history.back(&before);
    }
}

#[test]
fn a_file_that_nothing_names_does_not_come_to_a_sent_letter() {
    let world = RecordRepo::new();
    let history = sent(&world);
    for name in ["sent-2.eml", "announcement-2.eml", "plan.txt"] {
        let forged = format!("{FOLDER}/{name}");
        history.clone.write(&forged, "Dear colleagues, forget about it.\n");
        history.commit(LATER);
        history.finds(&["error attachment-unlisted"]);
        history.clone.git(&["rm", "--quiet", &forged]);
        history.commit(LATER);
        history.finds(&[]);
    }
}

#[test]
fn a_message_that_a_commit_lays_into_the_outbox_is_found_out() {
    let world = RecordRepo::new();
    let history = sent(&world);
    history.clone.write("outbox/.gitkeep", "");
    history.commit(LATER);
    history.finds(&[]);
    history.clone.write("outbox/new/ls-2026-002.eml", "Subject: x\n\nSend us money.\n");
    history.commit(LATER);
    history.finds(&["error outbox-tracked"]);
    history.branch("other", "main");
    history.draft("other-letter", "2026-11-24T12:10:00Z");
    history.on("main");
    history.draft("third-letter", "2026-11-24T12:20:00Z");
    history.merge("other", "2026-11-24T12:30:00Z");
    let report = history.report(&[]);
    assert_eq!(report["findings"].as_array().map(Vec::len), Some(1), "told once: {report:#}");
    history.clone.git(&["rm", "--quiet", "outbox/new/ls-2026-002.eml"]);
    history.commit("2026-11-24T13:00:00Z");
    history.finds(&[]);
}

#[test]
fn a_link_a_submodule_and_a_name_that_is_no_text_are_no_files_of_a_letter() {
    use std::os::unix::ffi::OsStrExt as _;
    let world = RecordRepo::new();
    let history = sent(&world);
    let before = history.head();
    let folder = history.clone.path.join(FOLDER);
    std::os::unix::fs::symlink("/etc/hostname", folder.join("annex.pdf")).unwrap();
    history.commit(LATER);
    history.finds(&["error attachment-unlisted"]);
    history.back(&before);
    std::fs::write(folder.join(std::ffi::OsStr::from_bytes(b"sent-2\xff.eml")), "x").unwrap();
    std::fs::write(folder.join(".gitkeep"), "x").unwrap();
    history.commit(LATER);
    assert_eq!(history.count("attachment-unlisted"), 2);
    history.back(&before);
    let submodule = format!("160000,{before},{FOLDER}/sub");
    history.clone.git(&["update-index", "--add", "--cacheinfo", &submodule]);
    history.git_at(LATER, &["commit", "--quiet", "-m", "Add a submodule"]);
    history.finds(&["error attachment-unlisted"]);
}

#[test]
fn a_link_in_place_of_the_outbox_is_found_out() {
    let world = RecordRepo::new();
    let history = sent(&world);
    std::os::unix::fs::symlink("/tmp", history.clone.path.join("outbox")).unwrap();
    history.commit(LATER);
    history.finds(&["error outbox-tracked"]);
    history.clone.git(&["rm", "--quiet", "--cached", "outbox"]);
    std::fs::remove_file(history.clone.path.join("outbox")).unwrap();
    history.commit(LATER);
    history.finds(&[]);
}

#[test]
fn a_mistake_beside_a_letter_ends_with_what_was_laid_there() {
    let world = RecordRepo::new();
    let history = sent(&world);
    let mistake = format!("{FOLDER}/notes.txt");
    for text in ["one", "two"] {
        history.clone.write(&mistake, text);
        history.commit(LATER);
    }
    history.finds(&["error attachment-unlisted"]);
    history.clone.git(&["rm", "--quiet", &mistake]);
    history.commit(LATER);
    history.finds(&[]);
    // In a merge as well; and a name that nothing of the record has.
    history.branch("other", "main");
    history.draft("other-letter", "2026-11-24T12:10:00Z");
    history.on("main");
    history.draft("third-letter", "2026-11-24T12:20:00Z");
    history.git_at("2026-11-24T12:30:00Z", &["merge", "--quiet", "--no-ff", "--no-commit", "other"]);
    let mistake = format!("{FOLDER}/plan.txt");
    history.clone.write(&mistake, "three");
    history.commit("2026-11-24T12:30:00Z");
    history.finds(&["error merge-own-change"]);
    history.clone.git(&["rm", "--quiet", &mistake]);
    history.clone.write("statements/2026/LS-2026-009.yaml", "x");
    history.clone.write("Directory/groups/sec.toml", "x");
    history.commit("2026-11-24T12:40:00Z");
    history.finds(&["error record-unreadable"]);
    assert_eq!(history.count("record-unreadable"), 2);
    history.clone.git(&["rm", "--quiet", "-r", "statements/2026/LS-2026-009.yaml", "Directory"]);
    history.commit("2026-11-24T12:50:00Z");
    history.finds(&[]);
}
