//! Changes of directory, policy and trust root carry signed acts: the commands write them, `check` judges them.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test ends where it is wrong"
)]

mod common;

use common::{Clone, RecordRepo};

/// The registrar's clone, in which their key signs.
fn rob_with_a_key(world: &RecordRepo) -> Clone<'_> {
    let rob = world.first("rob-registrar", "");
    let key = rob.new_key("rob-registrar", &["ed25519"]);
    rob.signs_with(&key);
    rob
}

/// The codes that `check` finds, each with its file.
fn codes(clone: &Clone<'_>) -> Vec<(String, String)> {
    let told = clone.liaison(&["check", "--format", "json"]);
    let told: serde_json::Value = serde_json::from_str(&told.stdout).unwrap();
    let text = |finding: &serde_json::Value, key: &str| finding[key].as_str().unwrap_or_default().to_owned();
    told["findings"].as_array().unwrap().iter().map(|found| (text(found, "code"), text(found, "file"))).collect()
}

/// The names of the acts of directory, policy and trust root, newest last.
fn acts(clone: &Clone<'_>) -> Vec<String> {
    clone.names("trust/acts").into_iter().map(|name| name[17..].trim_end_matches(".yaml").to_owned()).collect()
}

const END_A_TERM: [&str; 7] = ["role", "end", "chair", "tls", "theo-exemplo", "--until", "2026-12-01"];

#[test]
fn a_change_of_the_directory_is_signed_in_the_commit_that_makes_it() {
    let world = RecordRepo::new();
    let rob = rob_with_a_key(&world);
    rob.ok(&END_A_TERM);
    assert_eq!(acts(&rob), ["directory-rob-registrar"]);
    let changed = rob.git(&["show", "--format=", "--name-only", "HEAD"]);
    assert_eq!(changed.lines().count(), 2, "{changed}");
    assert_eq!(codes(&rob), []);
    let listed = rob.json(&["act", "directory"]);
    assert_eq!((&listed[0]["proof"], &listed[0]["role"]), (&"signed".into(), &"registrar".into()));

    // Whoever changes the file by hand is told, and so is whoever changes the act.
    let file = "directory/groups/tls.toml";
    rob.write(file, rob.read(file) + "# by hand\n");
    assert_eq!(codes(&rob), [("change-unsigned".to_owned(), file.to_owned())]);
    rob.git(&["checkout", "--quiet", file]);
    let act = format!("trust/acts/{}", rob.names("trust/acts")[0]);
    rob.write(&act, rob.read(&act).replace("role: registrar", "role: chair"));
    assert_eq!(codes(&rob), [("signature-invalid".to_owned(), act)]);
}

#[test]
fn whoever_has_no_key_yet_changes_the_directory_all_the_same_and_is_told() {
    let world = RecordRepo::new();
    let rob = world.first("rob-registrar", "");
    rob.ok(&END_A_TERM)
        .says("the change is recorded, but not signed: the directory holds no key of rob-registrar")
        .says("next: liaison person key add rob-registrar --ssh FILE.pub");
    assert_eq!(rob.json(&["act", "directory"])[0]["proof"], "asserted");
    assert_eq!(codes(&rob), []);
}

#[test]
fn nobody_uses_an_authority_that_the_same_change_gives() {
    let world = RecordRepo::new();
    let rob = world.first("rob-registrar", "");
    let carla = rob.being("carla-sample");
    let before = rob.standing();
    carla
        .fails(1, &["role", "begin", "registrar", "ietf", "carla-sample"])
        .says("Carla Sample may not change the directory");
    assert!(rob.standing() == before, "nothing was written");
}

#[test]
fn a_file_with_changes_that_are_not_committed_is_not_vouched_for() {
    let world = RecordRepo::new();
    let rob = world.first("rob-registrar", "");
    let file = "directory/groups/tls.toml";
    rob.write(file, rob.read(file) + "# by hand\n");
    rob.fails(1, &END_A_TERM).says("has changes that are not committed").says("liaison record-change");
    assert!(!rob.has("trust/acts"));
}

#[test]
fn what_was_edited_by_hand_is_shown_signed_and_committed() {
    let world = RecordRepo::new();
    let rob = rob_with_a_key(&world);
    rob.ok(&END_A_TERM);
    let (group, list) = ("directory/groups/tls.toml", "directory/lists/quic.toml");
    rob.write(group, rob.read(group).replace("Transport Layer Security", "Transport Security"));
    rob.write(list, "address = \"quic@ietf.example\"\r\n");
    std::fs::remove_file(rob.path.join("directory/lists/mpls.toml")).unwrap();
    rob.write("liaison.toml", rob.read("liaison.toml") + "\n[due]\nsoon = 7\n");
    let shown = rob.ok(&["record-change", "--dry-run"]);
    for part in ["+name = \"Transport Security\"", "quic.toml, which is new", "mpls.toml, which is gone", "+soon = 7"] {
        assert!(shown.stdout.contains(part), "{part}: {}", shown.stdout);
    }
    assert_eq!(acts(&rob).len(), 1, "nothing was written");
    rob.ok(&["record-change", "--message", "TLS has another name"]).prints("recorded: directory/groups/tls.toml");
    assert_eq!(acts(&rob), ["directory-rob-registrar", "directory-rob-registrar", "policy-rob-registrar"]);
    assert_eq!(rob.git(&["log", "-1", "--format=%s"]), "directory: TLS has another name");
    assert_eq!(rob.git(&["status", "--porcelain"]), "");
    assert_eq!(codes(&rob), []);
    assert_eq!(rob.json(&["act", "policy"])[0]["proof"], "signed");
    rob.ok(&["record-change"]).prints("nothing to record");
}

#[test]
fn what_was_committed_without_an_act_is_vouched_for_by_whoever_may() {
    let world = RecordRepo::new();
    let rob = rob_with_a_key(&world);
    rob.ok(&END_A_TERM);
    let group = "directory/groups/tls.toml";
    rob.write(group, rob.read(group) + "# by hand\n");
    rob.git(&["commit", "--quiet", "--all", "-m", "Edit on the forge's page"]);
    assert_eq!(codes(&rob), [("change-unsigned".to_owned(), group.to_owned())]);
    let refused = rob.being("carla-sample").fails(1, &["record-change"]);
    let refused = refused.says("Carla Sample may not change the directory");
    assert_eq!(refused.stdout, "", "who may not is told so before anything else");
    rob.fails(1, &["role", "end", "chair", "tls", "carla-sample"]).says("holds what no act vouches for");
    rob.ok(&["record-change"]).prints("as it was committed: ").prints("Edit on the forge's page");
    assert_eq!(codes(&rob), []);
}

#[test]
fn a_hand_edit_that_gives_its_author_authority_is_not_recorded_by_its_author() {
    let world = RecordRepo::new();
    let rob = world.first("rob-registrar", "");
    let file = "directory/groups/ietf.toml";
    rob.write(
        file,
        rob.read(file) + "\n[[role]]\nrole = \"registrar\"\nperson = \"carla-sample\"\nsince = 2026-01-01\n",
    );
    let before = rob.standing();
    rob.being("carla-sample").fails(1, &["record-change"]).says("Carla Sample may not change the directory");
    assert!(rob.standing() == before, "nothing was written");
    rob.write(file, rob.read(file) + "\n[[role]]\nrole = \"chair\"\nperson = \"nobody\"\n");
    rob.fails(1, &["record-change"]).says("nothing was recorded: this would be wrong");
}

#[test]
fn two_changes_of_one_file_are_not_merged_behind_the_back_of_their_signers() {
    let world = RecordRepo::with_remote("");
    let (rob, other) = (world.clone_of("rob-registrar"), world.clone_of("rob-registrar"));
    rob.ok(&END_A_TERM);
    let ends = ["role", "end", "chair", "tls", "carla-sample", "--until", "2026-12-01"];
    other.fails(73, &ends).says("your act vouches for it without their change").says("your change was taken back");
    other.ok(&ends);
    assert_eq!(codes(&other), []);
    // Changes of different files meet as ever.
    rob.git(&["pull", "--quiet", "--rebase"]);
    rob.ok(&["group", "close", "mpls", "--on", "2026-12-31"]);
    other.ok(&["group", "close", "quic", "--on", "2026-12-31"]);
    assert_eq!(codes(&other), []);
}

#[test]
fn a_change_by_somebody_without_authority_is_told_until_somebody_who_has_it_looked_at_it() {
    let world = RecordRepo::new();
    let rob = rob_with_a_key(&world);
    rob.ok(&END_A_TERM);
    let act = format!("trust/acts/{}", rob.names("trust/acts")[0]);
    let text = rob.read(&act).replace("rob-registrar", "carla-sample").replace("role: registrar\nof: ietf\n", "");
    let text = text.split("signature:").next().unwrap().to_owned();
    std::fs::remove_file(rob.path.join(&act)).unwrap();
    rob.write(&act.replace("rob-registrar", "carla-sample"), text);
    rob.git(&["add", "."]);
    rob.git(&["commit", "--quiet", "-m", "An act by somebody else"]);
    rob.fails(1, &["check"]).prints("Carla Sample had no authority for the act `directory`").prints("Rob Registrar");
    rob.ok(&["record-change"]).prints("as it was committed: ");
    assert_eq!(codes(&rob), []);
}
