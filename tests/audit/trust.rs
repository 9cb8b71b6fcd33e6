//! The trust root in history: only its holders replace it.

use liaison::domain::{ActKind, Detail, Details, Digest};

use crate::common::RecordRepo;
use crate::history::{History, Wanted};

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

/// A record with a root of Ada and Felix, who both signed it; the clone is pinned there.
fn rooted(world: &RecordRepo) -> History<'_> {
    let mut history = History::new(world);
    history.clone.write(ROOT, root(&history, 1, 2, &["ada-example", "felix-exemplaire"]));
    sign(&history, "ada-example", "2026-11-20T09:00:00Z", None);
    history.finds(&["warning trust-root-unsigned"]);
    sign(&history, "felix-exemplaire", "2026-11-20T10:00:00Z", None);
    history.finds(&["warning trust-root-begins"]);
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
    let history = rooted(&world);
    history.finds(&["warning history-before-root"]);
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
