//! Who had authority: terms, backdated commits, stale branches, thresholds.

use liaison::domain::{ActKind, Digest};

use crate::common::RecordRepo;
use crate::history::{History, Wanted, instant, word};

const TLS: &str = "directory/groups/tls.toml";

#[test]
fn an_approval_by_a_director_of_the_day_is_proven() {
    let world = RecordRepo::new();
    let history = History::new(&world);
    history.draft("ech-in-5g", "2026-11-24T09:00:00Z");
    history.approve("ech-in-5g", "ada-example", "2026-11-24T10:00:00Z");
    history.send("ech-in-5g", "ls-2026-001", "2026-11-24T11:00:00Z");
    history.finds(&[]);
    let report = history.report(&[]);
    assert_eq!((report["acts"]["signed"].as_u64(), report["acts"]["asserted"].as_u64()), (Some(2), None));
}

#[test]
fn a_retired_director_approves_no_more() {
    let world = RecordRepo::new();
    let history = History::new(&world);
    history.draft("ech-in-5g", "2025-03-10T09:00:00Z");
    history.approve("ech-in-5g", "felix-exemplaire", "2025-03-11T10:00:00Z");
    history.finds(&[]);
    history.draft("other-letter", "2026-11-24T09:00:00Z");
    history.approve("other-letter", "felix-exemplaire", "2026-11-24T10:00:00Z");
    history.finds(&["error act-without-authority"]);
    assert_eq!(history.count("act-without-authority"), 1, "the old approval holds");
}

#[test]
fn a_backdated_approval_is_found_out() {
    let world = RecordRepo::new();
    let history = History::new(&world);
    history.draft("ech-in-5g", "2025-03-15T09:00:00Z");
    let before = history.head();
    history.approve("ech-in-5g", "felix-exemplaire", "2025-03-18T10:00:00Z");
    history.finds(&[]);
    history.back(&before);
    history.draft("other-letter", "2026-11-20T09:00:00Z");
    let wanted = history.approval("ech-in-5g", "felix-exemplaire", "2025-03-18T10:00:00Z");
    history.write("drafts/ech-in-5g", wanted);
    history.commit("2026-11-24T10:00:00Z");
    history.finds(&["warning reaffirmation-wanted"]);
    history
        .git_at("2025-03-18T10:00:00Z", &["commit", "--quiet", "--amend", "--no-edit", "--date=2025-03-18T10:00:00Z"]);
    history.finds(&["warning commit-misdated", "warning reaffirmation-wanted"]);
    // Whoever holds the role today agrees.
    history.approve("ech-in-5g", "ada-example", "2026-11-24T11:00:00Z");
    history.finds(&["warning commit-misdated"]);
}

/// A branch from before the end of ada's term, which the mainline records; the branch brings an approval by ada.
fn stale_branch<'w>(world: &'w RecordRepo, at: &str) -> History<'w> {
    let history = History::new(world);
    history.draft("ech-in-5g", "2026-11-01T09:00:00Z");
    history.branch("stale", "main");
    history.on("main");
    history.end_term("ada-example", "2025-03-20", "2026-11-15");
    history.govern(ActKind::Directory, "rob-registrar", "2026-11-15T09:00:00Z", &[TLS]);
    history.on("stale");
    history.approve("ech-in-5g", "ada-example", at);
    history
}

#[test]
fn an_approval_of_an_ended_term_from_a_stale_branch_is_found_out() {
    let world = RecordRepo::new();
    let history = stale_branch(&world, "2026-11-10T10:00:00Z");
    history.on("main");
    history.merge("stale", "2026-11-20T09:00:00Z");
    history.finds(&["warning reaffirmation-wanted"]);
    // Its maker merges the mainline instead, and pushes: the other order of parents.
    history.back("HEAD~1");
    history.on("stale");
    history.merge("main", "2026-11-20T09:00:00Z");
    history.clone.git(&["checkout", "--quiet", "-B", "main"]);
    history.finds(&["warning reaffirmation-wanted"]);
}

#[test]
fn an_approval_after_the_end_of_a_term_from_a_stale_branch_is_an_error() {
    let world = RecordRepo::new();
    let history = stale_branch(&world, "2026-11-16T10:00:00Z");
    history.on("main");
    history.merge("stale", "2026-11-20T09:00:00Z");
    history.finds(&["error act-without-authority"]);
}

#[test]
fn a_branch_that_was_merged_while_the_term_lasted_is_proven() {
    let world = RecordRepo::new();
    let history = History::new(&world);
    history.draft("ech-in-5g", "2026-11-01T09:00:00Z");
    history.branch("fresh", "main");
    history.approve("ech-in-5g", "ada-example", "2026-11-10T10:00:00Z");
    history.on("main");
    history.draft("other-letter", "2026-11-11T09:00:00Z");
    history.merge("fresh", "2026-11-12T09:00:00Z");
    history.end_term("ada-example", "2025-03-20", "2026-11-15");
    history.govern(ActKind::Directory, "rob-registrar", "2026-11-15T09:00:00Z", &[TLS]);
    history.finds(&[]);
}

#[test]
fn the_end_of_a_term_that_is_recorded_late_names_the_acts_between() {
    let world = RecordRepo::new();
    let history = History::new(&world);
    history.draft("ech-in-5g", "2026-11-01T09:00:00Z");
    history.approve("ech-in-5g", "ada-example", "2026-11-10T10:00:00Z");
    let before = history.head();
    history.end_term("ada-example", "2025-03-20", "2026-11-05");
    history.govern(ActKind::Directory, "rob-registrar", "2026-11-15T09:00:00Z", &[TLS]);
    history.finds(&["warning term-ended-late"]);
    history.back(&before);
    history.end_term("ada-example", "2025-03-20", "2026-11-14");
    history.govern(ActKind::Directory, "rob-registrar", "2026-11-15T09:00:00Z", &[TLS]);
    history.finds(&[]);
}

const TWO: &str = "\n[[approval]]\nact = \"send\"\nfrom = \"working-group\"\ncount = 2\ngrade = \"signed\"\nany-of = [{ role = \"area-director\", at = \"group\" }, { role = \"area-director\", at = \"parent\" }]\n";

#[test]
fn one_person_with_two_keys_counts_once() {
    let world = RecordRepo::new();
    let history = History::with(&world, TWO);
    history.add_key("ada-example", "ada-second");
    history.govern(ActKind::Directory, "rob-registrar", "2026-11-20T09:00:00Z", &["directory/people/ada-example.toml"]);
    history.draft("ech-in-5g", "2026-11-24T08:00:00Z");
    history.approve("ech-in-5g", "ada-example", "2026-11-24T09:00:00Z");
    let before = history.head();
    let mut second = history.approval("ech-in-5g", "ada-example", "2026-11-24T10:00:00Z");
    second.key = Some("ada-second".into());
    history.write("drafts/ech-in-5g", second);
    history.commit("2026-11-24T10:00:00Z");
    history.send("ech-in-5g", "ls-2026-001", "2026-11-24T11:00:00Z");
    history.finds(&["error departure-unapproved"]);
    history.back(&before);
    let mut other = history.approval("ech-in-5g", "pavel-priklad", "2026-11-24T10:00:00Z");
    other.act.of = Some(word("sec"));
    history.write("drafts/ech-in-5g", other);
    history.commit("2026-11-24T10:00:00Z");
    history.send("ech-in-5g", "ls-2026-001", "2026-11-24T11:00:00Z");
    history.finds(&[]);
}

#[test]
fn a_letter_that_left_with_another_attachment_than_was_approved_is_found_out() {
    let world = RecordRepo::new();
    let history = History::new(&world);
    history.draft("ech-in-5g", "2026-11-24T09:00:00Z");
    let file = "drafts/ech-in-5g/plan.txt";
    history.clone.write(file, "the plan\n");
    let named = Digest::of(b"the plan\n");
    let letter = history.clone.read("drafts/ech-in-5g.yaml");
    let attachment = format!("attachments:\n- file: plan.txt\n  title: The plan\n  sha256: {named}\n");
    history.clone.write("drafts/ech-in-5g.yaml", letter + &attachment);
    history.commit("2026-11-24T09:30:00Z");
    history.approve("ech-in-5g", "ada-example", "2026-11-24T10:00:00Z");
    let before = history.head();
    history.send("ech-in-5g", "ls-2026-001", "2026-11-24T11:00:00Z");
    history.finds(&[]);
    history.back(&before);
    history.clone.write(file, "another plan\n");
    history.send("ech-in-5g", "ls-2026-001", "2026-11-24T11:00:00Z");
    history.finds(&["error departure-unapproved"]);
}

#[test]
fn a_letter_that_left_with_another_text_than_was_approved_is_found_out() {
    let world = RecordRepo::new();
    let history = History::new(&world);
    history.draft("ech-in-5g", "2026-11-24T09:00:00Z");
    history.approve("ech-in-5g", "ada-example", "2026-11-24T10:00:00Z");
    let before = history.head();
    history.edit("drafts/ech-in-5g.yaml", "we look forward", "we do not look forward");
    history.commit("2026-11-24T10:30:00Z");
    history.send("ech-in-5g", "ls-2026-001", "2026-11-24T11:00:00Z");
    history.finds(&["error departure-unapproved"]);
    // The director ratifies what left.
    let mut ratify = history.sending("ls-2026-001", "2026-11-24T12:00:00Z");
    ratify.kind = ActKind::Ratify;
    ratify.by = word("ada-example");
    ratify.role = Some(word("area-director"));
    ratify.of = Some(word("tls"));
    ratify.for_groups = vec![word("tls")];
    ratify.details.clear();
    let wanted = Wanted {
        act: ratify,
        subject: "ech-in-5g".into(),
        record: crate::history::RECORD.into(),
        key: Some("ada-example".into()),
    };
    history.write("statements/2026/ls-2026-001", wanted);
    history.commit("2026-11-24T12:00:00Z");
    history.finds(&[]);
    // Edited and put back as it was approved.
    history.back(&before);
    history.edit("drafts/ech-in-5g.yaml", "we look forward", "we do not look forward");
    history.commit("2026-11-24T10:30:00Z");
    history.edit("drafts/ech-in-5g.yaml", "we do not look forward", "we look forward");
    history.commit("2026-11-24T10:40:00Z");
    history.send("ech-in-5g", "ls-2026-001", "2026-11-24T11:00:00Z");
    history.finds(&[]);
}

#[test]
fn a_letter_that_left_by_another_way_without_any_approval_is_told_as_what_it_is() {
    let world = RecordRepo::new();
    let history = History::new(&world);
    history.draft("ech-in-5g", "2026-11-24T09:00:00Z");
    history.send("ech-in-5g", "ls-2026-001", "2026-11-24T11:00:00Z");
    history.finds(&["warning departure-unapproved"]);
}

#[test]
fn an_approval_older_than_its_draft_or_of_a_time_to_come_is_found_out() {
    let world = RecordRepo::new();
    let history = History::new(&world);
    history.draft("ech-in-5g", "2026-11-20T09:00:00Z");
    let mut draft = history.approval("ech-in-5g", "carla-sample", "2026-11-20T09:00:00Z");
    draft.act.kind = ActKind::Draft;
    draft.act.role = Some(word("chair"));
    draft.act.for_groups.clear();
    history.write("drafts/ech-in-5g", draft);
    history.commit("2026-11-20T09:01:00Z");
    let before = history.head();
    for at in ["2026-11-10T10:00:00Z", "2026-11-26T10:00:00Z"] {
        let wanted = history.approval("ech-in-5g", "ada-example", at);
        history.write("drafts/ech-in-5g", wanted);
        history.commit("2026-11-21T10:00:00Z");
        history.finds(&["error act-misdated"]);
        history.back(&before);
    }
    assert!(instant("2026-11-20T09:00:00Z") < instant("2026-11-21T10:00:00Z"));
    history.approve("ech-in-5g", "ada-example", "2026-11-21T10:00:00Z");
    history.finds(&[]);
}

#[test]
fn a_decision_on_a_content_that_the_letter_never_had_is_shown() {
    let world = RecordRepo::new();
    let history = History::new(&world);
    history.draft("ech-in-5g", "2026-11-20T09:00:00Z");
    let before = history.head();
    let wanted = history.approval("ech-in-5g", "ada-example", "2026-11-21T10:00:00Z");
    history.edit("drafts/ech-in-5g.yaml", "we look forward", "we do not look forward");
    history.commit("2026-11-20T10:00:00Z");
    // An approval of the text before is late, and holds for what it is of.
    history.write("drafts/ech-in-5g", wanted);
    history.commit("2026-11-21T10:00:00Z");
    history.finds(&[]);
    history.back(&before);
    let mut wanted = history.approval("ech-in-5g", "ada-example", "2026-11-21T10:00:00Z");
    wanted.act.content = Some(liaison::domain::Digest::of(b"something else"));
    history.write("drafts/ech-in-5g", wanted);
    history.commit("2026-11-21T10:00:00Z");
    history.finds(&["warning act-content-unknown"]);
}
