//! The trust root in history: only its holders replace it.

use liaison::domain::{ActKind, Detail, Details, Digest};
use liaison::record::RedactedFile;

use crate::common::RecordRepo;
use crate::history::{History, RECORD, Wanted};

const ROOT: &str = "trust/root.toml";

fn root(history: &History<'_>, version: u64, threshold: u64, holders: &[&str]) -> String {
    let holder =
        |name: &&str| format!("\n[[holder]]\nhandle = \"{name}\"\npublic = \"{}\"\n", history.public_key(name));
    let holders: String = holders.iter().map(holder).collect();
    format!("version = {version}\nthreshold = {threshold}\n{holders}")
}

/// A holder's act about the root, as it stands beside the one before.
fn act(history: &History<'_>, by: &str, at: &str, before: Option<&str>) -> Wanted {
    let mut wanted = history.governing(ActKind::Trust, by, at, &[]);
    wanted.act.role = None;
    wanted.act.of = None;
    let mut change = Details::from([("path".to_owned(), Detail::text(ROOT).unwrap())]);
    let mut side = |key: &str, text: &str| {
        change.insert(key.into(), Detail::text(&Digest::of(text.as_bytes()).to_string()).unwrap());
    };
    side("after", &history.clone.read(ROOT));
    before.into_iter().for_each(|before| side("before", before));
    wanted.act.details.insert("changes".into(), Detail::List(vec![Detail::Map(change)]));
    wanted
}

fn sign(history: &History<'_>, by: &str, at: &str, before: Option<&str>) {
    history.write("trust", act(history, by, at, before));
    history.commit(at);
}

/// A record with a root of Ada and Felix, who both signed it.
fn begun(world: &RecordRepo) -> History<'_> {
    let history = History::new(world);
    history.clone.write(ROOT, root(&history, 1, 2, &["ada-example", "felix-exemplaire"]));
    sign(&history, "ada-example", "2026-11-20T09:00:00Z", None);
    history.finds(&["warning trust-root-unsigned"]);
    sign(&history, "felix-exemplaire", "2026-11-20T10:00:00Z", None);
    history
}

/// The same, and the clone is pinned there.
fn rooted(world: &RecordRepo) -> History<'_> {
    let mut history = begun(world);
    history.root = history.head();
    history.clone.git(&["config", "liaison.trustRoot", &history.root]);
    history
}

/// Puts another root in the place of the first one, which stays as a former version.
fn rotate(history: &History<'_>, holders: &[&str]) -> String {
    let before = history.clone.read(ROOT);
    history.clone.write("trust/roots/1.toml", before.clone());
    history.clone.write(ROOT, root(history, 2, 1, holders));
    before
}

#[test]
fn a_first_root_is_compared_by_a_person_and_pinned() {
    let world = RecordRepo::new();
    begun(&world).finds(&["warning trust-root-begins"]);
    let world = RecordRepo::new();
    rooted(&world).finds(&["warning history-before-root"]);
}

#[test]
fn a_root_gives_way_to_one_that_its_holders_signed() {
    let world = RecordRepo::new();
    let history = rooted(&world);
    let before = rotate(&history, &["carla-sample"]);
    sign(&history, "ada-example", "2026-11-21T09:00:00Z", Some(&before));
    history.finds(&["warning history-before-root", "warning trust-root-unsigned"]);
    sign(&history, "felix-exemplaire", "2026-11-21T10:00:00Z", Some(&before));
    history.finds(&["warning history-before-root"]);
}

#[test]
fn a_root_that_its_holders_did_not_sign_counts_for_nothing() {
    let world = RecordRepo::new();
    let history = rooted(&world);
    let before = rotate(&history, &["carla-sample"]);
    sign(&history, "carla-sample", "2026-11-21T09:00:00Z", Some(&before));
    history.finds(&["warning history-before-root", "warning trust-root-unsigned"]);
}

#[test]
fn a_root_that_counted_is_not_replaced_from_the_beginning() {
    let world = RecordRepo::new();
    let history = rooted(&world);
    history.clone.write(ROOT, root(&history, 1, 1, &["carla-sample"]));
    sign(&history, "carla-sample", "2026-11-21T09:00:00Z", None);
    history.finds(&["error trust-root-broken", "warning history-before-root"]);
}

#[test]
fn a_root_that_counted_does_not_go() {
    let world = RecordRepo::new();
    let history = rooted(&world);
    history.clone.git(&["rm", "--quiet", ROOT]);
    history.commit("2026-11-21T09:00:00Z");
    history.finds(&["error trust-root-broken", "warning history-before-root"]);
    history.back("HEAD~1");
    let before = rotate(&history, &["carla-sample"]);
    for by in ["ada-example", "felix-exemplaire"] {
        history.write("trust", act(&history, by, "2026-11-21T09:00:00Z", Some(&before)));
    }
    history.commit("2026-11-21T09:00:00Z");
    history.finds(&["warning history-before-root"]);
    history.clone.git(&["rm", "--quiet", "trust/roots/1.toml"]);
    history.commit("2026-11-22T09:00:00Z");
    history.finds(&["error trust-root-broken", "warning history-before-root"]);
}

const LETTER: &str = "statements/2026/ls-2026-001.yaml";
const FOLDER: &str = "statements/2026/ls-2026-001";
const LATER: &str = "2026-11-24T12:00:00Z";

/// The same record with a letter that left.
fn rooted_and_sent(world: &RecordRepo) -> History<'_> {
    let history = rooted(world);
    history.draft("ech-in-5g", "2026-11-24T09:00:00Z");
    history.approve("ech-in-5g", "ada-example", "2026-11-24T10:00:00Z");
    history.send("ech-in-5g", "ls-2026-001", "2026-11-24T11:00:00Z");
    history
}

/// An act by which somebody redacts the letter's own file.
fn redact(history: &History<'_>, by: &str, at: &str, key: &str) {
    let bytes = Digest::of(history.committed(LETTER).unwrap().as_slice());
    let mut act = history.sending("ls-2026-001", at);
    act.kind = ActKind::Redact;
    act.by = crate::history::word(by);
    let is_registrar = by == "rob-registrar";
    (act.role, act.of) = if is_registrar { (act.role, act.of) } else { (None, None) };
    let files = Detail::List(vec![RedactedFile { file: "ls-2026-001.yaml".into(), sha256: bytes }.detail().unwrap()]);
    act.details = [("reason".into(), Detail::text("a court said so").unwrap()), ("files".into(), files)].into();
    history.write(FOLDER, Wanted { act, subject: "ech-in-5g".into(), record: RECORD.into(), key: Some(key.into()) });
}

/// Puts a tombstone in the letter's place.
fn bury(history: &History<'_>, by: &str) {
    let zeros = "0".repeat(64);
    history.clone.write(
        LETTER,
        format!(
            "redacted: {{at: '{LATER}', by: {by}, reason: a court said so, sha256: 'sha256:{zeros}'}}\n\
             direction: outgoing\nfrom: {{groups: [tls]}}\nto: {{groups: [3gpp-sa3]}}\n"
        ),
    );
}

const ROOTED: &str = "warning history-before-root";

#[test]
fn where_a_root_counts_enough_of_its_holders_redact() {
    let world = RecordRepo::new();
    let history = rooted_and_sent(&world);
    redact(&history, "ada-example", "2026-11-24T11:30:00Z", "ada-example");
    history.commit("2026-11-24T11:30:00Z");
    history.finds(&[ROOTED]);
    // One alone removes nothing, even with the other's act by another key.
    bury(&history, "ada-example");
    history.commit(LATER);
    history.finds(&["error frozen-file-edited", ROOTED]);
    history.back("HEAD~1");
    redact(&history, "felix-exemplaire", LATER, "carla-sample");
    bury(&history, "felix-exemplaire");
    history.commit(LATER);
    history.finds(&["error act-without-authority", "error frozen-file-edited", ROOTED]);
    history.back("HEAD~1");
    redact(&history, "felix-exemplaire", LATER, "felix-exemplaire");
    bury(&history, "felix-exemplaire");
    history.commit(LATER);
    history.finds(&[ROOTED]);
    // Their acts are of the letter that was there; they let nobody change the tombstone.
    history.edit(LETTER, "a court said so", "nobody said so");
    history.commit("2026-11-24T13:00:00Z");
    history.finds(&["error frozen-file-edited", ROOTED]);
}

#[test]
fn a_registrar_who_does_not_hold_the_root_redacts_nothing() {
    let world = RecordRepo::new();
    let history = rooted_and_sent(&world);
    redact(&history, "rob-registrar", LATER, "rob-registrar");
    bury(&history, "rob-registrar");
    history.commit(LATER);
    history.finds(&["error act-without-authority", "error frozen-file-edited", ROOTED]);
    let told = history.clone.liaison(&["check", "--format", "json"]).stdout;
    assert!(
        told.contains("redaction-unproven") && told.contains("does not hold version 1 of the trust root"),
        "{told}"
    );
}

#[test]
fn a_branch_from_before_the_root_redacts_nothing_where_it_is_merged() {
    let world = RecordRepo::new();
    let mut history = History::new(&world);
    history.draft("ech-in-5g", "2026-11-18T09:00:00Z");
    history.approve("ech-in-5g", "ada-example", "2026-11-18T10:00:00Z");
    history.send("ech-in-5g", "ls-2026-001", "2026-11-18T11:00:00Z");
    history.root = history.head();
    history.clone.git(&["config", "liaison.trustRoot", &history.root]);
    history.clone.git(&["branch", "stale"]);
    history.clone.write(ROOT, root(&history, 1, 2, &["ada-example", "felix-exemplaire"]));
    history.write("trust", act(&history, "ada-example", "2026-11-20T09:00:00Z", None));
    sign(&history, "felix-exemplaire", "2026-11-20T10:00:00Z", None);
    history.clone.git(&["switch", "--quiet", "stale"]);
    redact(&history, "rob-registrar", LATER, "rob-registrar");
    bury(&history, "rob-registrar");
    history.commit(LATER);
    history.clone.git(&["switch", "--quiet", "main"]);
    history.git_at("2026-11-24T13:00:00Z", &["merge", "--quiet", "--no-ff", "-m", "Merge", "stale"]);
    history.finds(&["error act-without-authority", "error frozen-file-edited", ROOTED, "warning trust-root-begins"]);
}

#[test]
fn a_holder_redacts_with_the_key_that_the_root_names() {
    let world = RecordRepo::new();
    let mut history = History::new(&world);
    let public = history.public_key("carla-for-the-root");
    let holder = format!("[[holder]]\nhandle = \"carla-sample\"\npublic = \"{public}\"\n");
    history.clone.write(ROOT, format!("version = 1\nthreshold = 1\n\n{holder}"));
    let signed = act(&history, "carla-sample", "2026-11-20T09:00:00Z", None);
    history.write("trust", Wanted { key: Some("carla-for-the-root".into()), ..signed });
    history.root = history.commit("2026-11-20T09:00:00Z");
    history.clone.git(&["config", "liaison.trustRoot", &history.root]);
    history.draft("ech-in-5g", "2026-11-24T09:00:00Z");
    history.approve("ech-in-5g", "ada-example", "2026-11-24T10:00:00Z");
    history.send("ech-in-5g", "ls-2026-001", "2026-11-24T11:00:00Z");
    redact(&history, "carla-sample", LATER, "carla-for-the-root");
    bury(&history, "carla-sample");
    history.commit(LATER);
    history.finds(&[ROOTED]);
    // Her key of the directory is another one.
    history.back("HEAD~1");
    redact(&history, "carla-sample", LATER, "carla-sample");
    bury(&history, "carla-sample");
    history.commit(LATER);
    history.finds(&["error act-without-authority", "error frozen-file-edited", ROOTED]);
}
