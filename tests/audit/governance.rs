//! Changes of the directory, the settings and the trust root.

use liaison::domain::ActKind;

use crate::common::RecordRepo;
use crate::history::{History, word};

const TLS: &str = "directory/groups/tls.toml";

#[test]
fn a_role_granted_and_used_in_one_pull_request_is_self_granted() {
    let world = RecordRepo::new();
    let history = History::new(&world);
    history.draft("ech-in-5g", "2026-11-20T09:00:00Z");
    history.branch("pull", "main");
    history.begin_term("carla-sample", "2026-11-01");
    history.commit("2026-11-21T09:00:00Z");
    history.approve("ech-in-5g", "carla-sample", "2026-11-21T10:00:00Z");
    history.on("main");
    history.merge("pull", "2026-11-21T11:00:00Z");
    history.finds(&["error authority-self-granted", "warning mainline-change-unsigned"]);
}

#[test]
fn a_role_granted_and_used_in_one_commit_is_self_granted() {
    let world = RecordRepo::new();
    let history = History::new(&world);
    history.draft("ech-in-5g", "2026-11-20T09:00:00Z");
    history.begin_term("carla-sample", "2026-11-01");
    history.approve("ech-in-5g", "carla-sample", "2026-11-21T10:00:00Z");
    history.finds(&["error authority-self-granted", "warning mainline-change-unsigned"]);
}

#[test]
fn a_role_granted_by_the_registrar_before_it_is_used_is_proven() {
    let world = RecordRepo::new();
    let history = History::new(&world);
    history.draft("ech-in-5g", "2026-11-20T09:00:00Z");
    history.begin_term("carla-sample", "2026-11-01");
    history.govern(ActKind::Directory, "rob-registrar", "2026-11-21T09:00:00Z", &[TLS]);
    history.branch("pull", "main");
    history.approve("ech-in-5g", "carla-sample", "2026-11-21T10:00:00Z");
    history.on("main");
    history.merge("pull", "2026-11-21T11:00:00Z");
    history.finds(&[]);
}

#[test]
fn a_key_that_comes_with_the_act_it_signs_is_self_granted() {
    let world = RecordRepo::new();
    let history = History::new(&world);
    history.draft("ech-in-5g", "2026-11-20T09:00:00Z");
    history.branch("pull", "main");
    history.add_key("ada-example", "mallory");
    history.commit("2026-11-21T09:00:00Z");
    let mut forged = history.approval("ech-in-5g", "ada-example", "2026-11-21T10:00:00Z");
    forged.key = Some("mallory".into());
    history.write("drafts/ech-in-5g", forged);
    history.commit("2026-11-21T10:00:00Z");
    history.on("main");
    history.merge("pull", "2026-11-21T11:00:00Z");
    history.finds(&["error authority-self-granted", "warning mainline-change-unsigned"]);
}

const LAX: &str =
    "\n[[approval]]\nact = \"send\"\nfrom = \"working-group\"\nany-of = [{ role = \"chair\", at = \"group\" }]\n";

/// Lets chairs approve, and a chair approve; the change of the settings is signed by somebody, or by nobody.
fn weakened<'w>(world: &'w RecordRepo, signed_by: Option<&str>) -> History<'w> {
    let history = History::new(world);
    history.draft("ech-in-5g", "2026-11-20T09:00:00Z");
    history.branch("pull", "main");
    let settings = history.clone.read("liaison.toml");
    history.clone.write("liaison.toml", settings + LAX);
    match signed_by {
        Some(person) => history.govern(ActKind::Policy, person, "2026-11-21T09:00:00Z", &["liaison.toml"]),
        None => drop(history.commit("2026-11-21T09:00:00Z")),
    }
    let mut wanted = history.approval("ech-in-5g", "carla-sample", "2026-11-21T10:00:00Z");
    wanted.act.role = Some(word("chair"));
    history.write("drafts/ech-in-5g", wanted);
    history.commit("2026-11-21T10:00:00Z");
    history.on("main");
    history
}

#[test]
fn a_policy_weakened_and_used_in_one_push_is_found_out() {
    let world = RecordRepo::new();
    let history = weakened(&world, None);
    history.merge("pull", "2026-11-21T11:00:00Z");
    history.finds(&["error authority-self-granted", "warning mainline-change-unsigned"]);
    let world = RecordRepo::new();
    let history = weakened(&world, Some("carla-sample"));
    history.merge("pull", "2026-11-21T11:00:00Z");
    history.fires("error act-without-authority");
}

#[test]
fn a_policy_that_the_registrar_changed_before_is_proven() {
    let world = RecordRepo::new();
    let history = History::new(&world);
    history.draft("ech-in-5g", "2026-11-20T09:00:00Z");
    let settings = history.clone.read("liaison.toml");
    history.clone.write("liaison.toml", settings + LAX);
    history.govern(ActKind::Policy, "rob-registrar", "2026-11-21T09:00:00Z", &["liaison.toml"]);
    history.branch("pull", "main");
    let mut wanted = history.approval("ech-in-5g", "carla-sample", "2026-11-21T10:00:00Z");
    wanted.act.role = Some(word("chair"));
    history.write("drafts/ech-in-5g", wanted);
    history.commit("2026-11-21T10:00:00Z");
    history.on("main");
    history.merge("pull", "2026-11-21T11:00:00Z");
    history.finds(&[]);
}

#[test]
fn a_change_of_the_directory_without_a_signed_act_waits_for_a_person() {
    let world = RecordRepo::new();
    let history = History::new(&world);
    history.begin_term("carla-sample", "2026-11-01");
    history.commit("2026-11-21T09:00:00Z");
    history.finds(&["warning mainline-change-unsigned"]);
    // Whoever may confirms the bytes as they stand.
    let confirm = history.governing(ActKind::Directory, "rob-registrar", "2026-11-22T09:00:00Z", &[TLS]);
    history.write("trust", confirm);
    history.commit("2026-11-22T09:00:00Z");
    history.finds(&[]);
}

#[test]
fn a_change_that_was_taken_back_before_anything_was_judged_by_it_is_settled_with_that() {
    for acted in [false, true] {
        let world = RecordRepo::new();
        let history = History::new(&world);
        history.draft("ech-in-5g", "2026-11-20T09:00:00Z");
        let before = history.clone.read(TLS);
        history.begin_term("carla-sample", "2026-11-01");
        history.commit("2026-11-21T09:00:00Z");
        if acted {
            history.approve("ech-in-5g", "carla-sample", "2026-11-21T10:00:00Z");
        }
        history.clone.write(TLS, before);
        history.commit("2026-11-21T11:00:00Z");
        history.finds(&["warning mainline-change-unsigned"]);
        let confirm = history.governing(ActKind::Directory, "rob-registrar", "2026-11-22T09:00:00Z", &[TLS]);
        history.write("trust", confirm);
        history.commit("2026-11-22T09:00:00Z");
        history.finds(if acted { &["warning mainline-change-unsigned"] } else { &[] });
    }
}

#[test]
fn a_record_that_asks_for_signatures_refuses_a_change_without_one() {
    let world = RecordRepo::new();
    let history = History::with(&world, "\n[proof]\ngrade = \"signed\"\n");
    history.begin_term("carla-sample", "2026-11-01");
    history.commit("2026-11-21T09:00:00Z");
    history.finds(&["warning mainline-change-unsigned"]);
    history.back("HEAD~1");
    history.begin_term("carla-sample", "2026-11-01");
    history.govern(ActKind::Directory, "rob-registrar", "2026-11-21T09:00:00Z", &[TLS]);
    history.finds(&[]);
    // From the first signed change on nobody can say that it was not possible.
    history.begin_term("theo-exemplo", "2026-11-01");
    history.commit("2026-11-22T09:00:00Z");
    history.finds(&["error mainline-change-unsigned"]);
}

#[test]
fn a_change_of_the_directory_in_a_commit_of_somebody_without_authority_is_an_error() {
    let world = RecordRepo::new();
    let history = History::new(&world);
    history.begin_term("carla-sample", "2026-11-01");
    history.commit_signed("2026-11-21T09:00:00Z", "carla-sample", "carla-sample");
    history.finds(&["error commit-without-authority"]);
    history.back("HEAD~1");
    history.begin_term("carla-sample", "2026-11-01");
    history.commit_signed("2026-11-21T09:00:00Z", "rob-registrar", "rob-registrar");
    history.finds(&["warning mainline-change-unsigned"]);
}

#[test]
fn a_signed_change_of_the_directory_proves_only_the_bytes_it_names() {
    let world = RecordRepo::new();
    let history = History::new(&world);
    history.begin_term("carla-sample", "2026-11-01");
    let wanted = history.governing(ActKind::Directory, "rob-registrar", "2026-11-21T09:00:00Z", &[TLS]);
    history.write("trust", wanted);
    history.edit(TLS, "since = 2026-11-01", "since = 2020-11-01");
    history.commit("2026-11-21T09:00:00Z");
    history.finds(&["warning mainline-change-unsigned"]);
    history.edit(TLS, "since = 2020-11-01", "since = 2026-11-01");
    history.git_at("2026-11-21T09:00:00Z", &["commit", "--quiet", "--all", "--amend", "--no-edit"]);
    history.finds(&[]);
}
