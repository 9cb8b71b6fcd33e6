//! The trust root: begun and rotated by several people together, pinned in a clone, judged by `check`.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test ends where it is wrong"
)]

mod common;

use std::collections::BTreeSet;
use std::path::PathBuf;

use common::{Clone, RecordRepo};
use liaison::domain::Digest;

const PEOPLE: [&str; 3] = ["ada-example", "carla-sample", "rob-registrar"];

/// A remote whose directory knows a fresh key of each of the three; and their clones, in which each signs.
struct World {
    world: RecordRepo,
    keys: Vec<PathBuf>,
}

impl World {
    fn new() -> Self {
        let world = RecordRepo::with_remote("");
        let first = world.clone_of("rob-registrar");
        let keys = PEOPLE.iter().map(|person| first.new_key(person, &["ed25519"])).collect();
        first.git(&["push", "--quiet"]);
        Self { world, keys }
    }

    fn clone_of(&self, person: &str) -> Clone<'_> {
        let clone = self.world.clone_of(person);
        let index = PEOPLE.iter().position(|known| *known == person).unwrap();
        clone.signs_with(&self.keys[index]);
        clone
    }

    /// Everybody's fresh key, as an option names it.
    fn holders(&self, people: &[&str]) -> Vec<String> {
        let named = |person: &&str| ["--holder".to_owned(), format!("{person}={person}")];
        people.iter().flat_map(named).collect()
    }
}

fn with<'a>(command: &[&'a str], holders: &'a [String], more: &[&'a str]) -> Vec<&'a str> {
    command.iter().copied().chain(holders.iter().map(String::as_str)).chain(more.iter().copied()).collect()
}

/// The codes that `check` finds of changes and the root.
fn codes(clone: &Clone<'_>) -> Vec<String> {
    let told = clone.liaison(&["check", "--format", "json"]);
    let told: serde_json::Value = serde_json::from_str(&told.stdout).unwrap();
    let found = told["findings"].as_array().unwrap().iter().map(|found| found["code"].as_str().unwrap().to_owned());
    let found: BTreeSet<String> =
        found.filter(|code| ["trust-", "signature-", "change-"].iter().any(|start| code.starts_with(start))).collect();
    found.into_iter().collect()
}

fn pin(clone: &Clone<'_>) -> String {
    clone.git(&["config", "--default", "", "--get", "liaison.trustRoot"])
}

#[test]
fn two_of_three_begin_the_root_and_rotate_it() {
    let world = World::new();
    let (ada, carla, rob) =
        (world.clone_of("ada-example"), world.clone_of("carla-sample"), world.clone_of("rob-registrar"));
    let all = world.holders(&PEOPLE);
    ada.ok(&with(&["trust", "init"], &all, &["--threshold", "2"]))
        .prints("version 1 of the trust root, 2 of 3 holders")
        .says("1 more of Carla Sample, Rob Registrar sign it");
    assert_eq!((codes(&ada), pin(&ada)), (vec!["change-unsigned".into(), "trust-root-unsigned".into()], String::new()));
    ada.fails(3, &["trust", "show"]).prints("1 more needed of Carla Sample, Rob Registrar");
    ada.fails(3, &["trust", "sign"]).prints("Ada Example signed it already");
    ada.fails(1, &with(&["trust", "init"], &all, &[])).says("has a trust root already");

    carla.git(&["pull", "--quiet", "--rebase"]);
    carla.signs_root().prints("signed by Carla Sample; it is complete").says("pinned in this clone");
    let commit = carla.git(&["rev-parse", "HEAD"]);
    assert_eq!(pin(&carla), commit);
    carla
        .ok(&["trust", "show"])
        .prints("it leads to this root")
        .prints("version 1: signed by Ada Example, Carla Sample");

    // From now on every file is named by an act.
    rob.git(&["pull", "--quiet", "--rebase"]);
    assert_eq!(codes(&rob), ["change-unsigned"]);
    rob.ok(&["record-change"]);
    assert_eq!(codes(&rob), [""; 0]);
    rob.fails(1, &["trust", "sign"]).says("nothing waits for a signature here");
    rob.ok(&["trust", "pin"]).prints(&format!("pinned: {commit}, version 1"));

    let two = world.holders(&["carla-sample", "rob-registrar"]);
    rob.ok(&with(&["trust", "rotate"], &two, &["--threshold", "2"])).prints("version 2 of the trust root, 2 of 2");
    let shown = rob.liaison(&["trust", "show", "--format", "json"]).ended(3);
    let shown: serde_json::Value = serde_json::from_str(&shown.stdout).unwrap();
    assert_eq!((&shown["counts"], &shown["versions"][1]["missing"]), (&1.into(), &1.into()));
    assert_eq!(codes(&rob), ["trust-root-unsigned"]);
    rob.fails(3, &with(&["trust", "rotate"], &two, &[])).says("still lacks signatures");

    // Ada held the first version, so she signs the second, which she does not hold.
    ada.git(&["pull", "--quiet", "--rebase"]);
    ada.signs_root().prints("version 2 is signed by Ada Example; it is complete");
    assert_eq!(codes(&ada), [""; 0]);
    ada.fails(1, &with(&["trust", "rotate"], &two, &[])).says("Ada Example does not hold version 2");
    carla.git(&["pull", "--quiet", "--rebase"]);
    carla.ok(&["trust", "show"]).prints("version 1: it leads to this root").prints("Trust root, version 2");
}

#[test]
fn a_root_of_one_is_allowed_and_warned_about() {
    let world = World::new();
    let rob = world.clone_of("rob-registrar");
    let one = world.holders(&["rob-registrar"]);
    rob.ok(&with(&["trust", "init"], &one, &[])).says("warning: its one holder can change this root alone");
    assert_eq!(pin(&rob), rob.git(&["rev-parse", "HEAD"]));
    rob.ok(&["trust", "show"]).prints("one person alone can change it");
}

#[test]
fn what_is_not_signed_by_a_holder_with_the_key_of_the_root_changes_nothing() {
    let world = World::new();
    let (rob, ada) = (world.clone_of("rob-registrar"), world.clone_of("ada-example"));
    let one = world.holders(&["rob-registrar"]);
    let before = ada.standing();
    ada.fails(1, &with(&["trust", "init"], &one, &[])).says("Ada Example does not hold version 1");
    ada.fails(2, &with(&["trust", "init"], &one, &["--threshold", "2"])).says("threshold 2 of 1 holders");
    ada.fails(1, &["trust", "init", "--holder", "record-robot"]).says("a service holds no root");
    ada.fails(1, &["trust", "init", "--holder", "ada-example"]).says("ada-example has 2 keys that are good today");
    ada.git(&["config", "--unset", "user.signingkey"]);
    let own = world.holders(&["ada-example"]);
    ada.fails(1, &with(&["trust", "init"], &own, &[]))
        .says("nothing was written: a change of the trust root is signed, and");
    assert!(ada.standing() == before, "nothing was written");

    rob.ok(&with(&["trust", "init"], &one, &[]));
    rob.ok(&["record-change"]);
    // Somebody with write access makes the root their own: it is told, and the old one counts.
    let root = rob.read("trust/root.toml");
    let theirs = std::fs::read_to_string(world.keys[0].with_extension("pub")).unwrap();
    let (head, _) = root.split_once("[[holder]]").unwrap();
    let own = format!(
        "{}[[holder]]\nhandle = \"ada-example\"\npublic = \"{}\"\n",
        head.replace("version = 1", "version = 2"),
        theirs.trim()
    );
    rob.write("trust/roots/1.toml", &root);
    rob.write("trust/root.toml", own);
    rob.git(&["add", "."]);
    rob.git(&["commit", "--quiet", "-m", "Ours"]);
    assert_eq!(codes(&rob), ["change-unsigned", "trust-root-unsigned"]);
    rob.fails(3, &["trust", "show"]).prints("version 2: signed by nobody");
    // Without the version before, nobody can tell who had to sign.
    rob.git(&["rm", "--quiet", "trust/roots/1.toml"]);
    assert!(codes(&rob).contains(&"trust-root-broken".to_owned()), "{:?}", codes(&rob));
    rob.fails(1, &["trust", "show"])
        .prints("NOT this root")
        .prints("version 1 of the trust root is not in trust/roots/");
}

#[test]
fn a_pin_that_leads_elsewhere_is_told_and_not_set() {
    let world = World::new();
    let (rob, carla) = (world.clone_of("rob-registrar"), world.clone_of("carla-sample"));
    carla.ok(&["trust", "show"]).prints("the record has no trust root");
    carla.fails(1, &["trust", "pin"]).says("no commit here holds a trust root");
    let start = rob.git(&["rev-parse", "HEAD"]);
    let one = world.holders(&["rob-registrar"]);
    rob.ok(&with(&["trust", "init"], &one, &[]));
    carla.git(&["pull", "--quiet", "--rebase"]);
    carla.ok(&["trust", "show"]).prints("none in this clone");
    carla.fails(1, &["trust", "pin", "HEAD~9"]).says("is no commit of this clone");
    carla.fails(1, &["trust", "pin", &start]).says("was not pinned: the commit holds no trust root");
    // Whoever pinned the record's first commit, as the audit asks for, trusts less, not more.
    carla.git(&["config", "liaison.trustRoot", &start]);
    carla.ok(&["trust", "show"]).prints("older than the root: liaison audit judges all since");
    carla.git(&["config", "--unset", "liaison.trustRoot"]);
    assert_eq!(pin(&carla), "");
    carla.git(&["config", "liaison.trustRoot", "0123456789012345678901234567890123456789"]);
    carla.fails(1, &["trust", "show"]).prints("the clone does not have that commit");
    carla.git(&["config", "liaison.trustRoot", "HEAD"]);
    carla.fails(1, &["trust", "show"]).prints("it is no whole commit id");
    carla.ok(&["trust", "pin", "HEAD"]).prints("version 1 of the trust root");
    // Another history, with a root of its own.
    carla.git(&["checkout", "--quiet", "-B", "main", &start]);
    let own = world.holders(&["carla-sample"]);
    carla.ok(&with(&["trust", "init"], &own, &["--no-push"]));
    carla.fails(1, &["trust", "show"]).prints("the history was rewritten, or it is another record");
}

#[test]
fn a_holders_signature_stands_on_the_key_of_the_root_whatever_the_directory_says() {
    let world = World::new();
    let rob = world.clone_of("rob-registrar");
    let one = world.holders(&["rob-registrar"]);
    rob.ok(&with(&["trust", "init"], &one, &[]));
    rob.ok(&["record-change"]);
    rob.now("2027-01-01T10:00:00Z").ok(&[
        "person",
        "key",
        "retire",
        "rob-registrar",
        "rob-registrar",
        "--reason",
        "new",
    ]);
    rob.now("2027-01-02T10:00:00Z").ok(&["trust", "show"]).prints("version 1: signed by Rob Registrar");
}

#[test]
fn a_root_begun_anew_does_not_pass_for_the_pinned_one_by_keeping_its_file() {
    let world = World::new();
    let (rob, ada) = (world.clone_of("rob-registrar"), world.clone_of("ada-example"));
    rob.ok(&with(&["trust", "init"], &world.holders(&["rob-registrar"]), &[]));
    ada.git(&["pull", "--quiet", "--rebase"]);
    ada.ok(&["trust", "pin"]);
    let root = ada.read("trust/root.toml");
    std::fs::remove_dir_all(ada.path.join("trust")).unwrap();
    let own = world.holders(&["ada-example"]);
    ada.fails(1, &with(&["trust", "init"], &own, &[])).says("the last commit holds trust/root.toml");
    ada.git(&["commit", "--quiet", "--all", "-m", "Begin anew"]);
    ada.ok(&with(&["trust", "init"], &own, &["--no-push"]));
    for version in [1, 7] {
        ada.write(&format!("trust/roots/{version}.toml"), &root);
        ada.fails(1, &["trust", "show"])
            .prints("NOT this root; the root of that commit is no version of the present one");
    }
}

#[test]
fn a_root_that_was_edited_by_hand_is_not_signed_and_comes_back() {
    let world = World::new();
    let (ada, carla) = (world.clone_of("ada-example"), world.clone_of("carla-sample"));
    ada.ok(&with(&["trust", "init"], &world.holders(&PEOPLE), &["--threshold", "2"]));
    carla.git(&["pull", "--quiet", "--rebase"]);
    let root = "trust/root.toml";
    let signed = carla.read(root);
    carla.write(root, signed.replace("threshold = 2", "threshold = 1"));
    carla
        .fails(1, &["trust", "sign"])
        .says("it was edited by hand")
        .says("git restore trust/root.toml takes the edit back")
        .says("liaison trust rotate makes such a change");
    carla.git(&["commit", "--quiet", "--all", "-m", "Edit by hand"]);
    carla.fails(1, &["trust", "sign"]).says("git checkout COMMIT -- trust/root.toml brings back what was signed");
    carla.git(&["checkout", "--quiet", "HEAD^", "--", root]);
    carla.git(&["commit", "--quiet", "--all", "-m", "As it was"]);
    carla.signs_root().prints("it is complete");
}

#[test]
fn a_rotation_pins_no_clone_that_has_no_pin() {
    let world = World::new();
    let (ada, carla) = (world.clone_of("ada-example"), world.clone_of("carla-sample"));
    let all = world.holders(&PEOPLE);
    ada.ok(&with(&["trust", "init"], &all, &["--threshold", "2"]));
    carla.git(&["pull", "--quiet", "--rebase"]);
    carla.signs_root();
    let published = pin(&carla);
    let rob = world.clone_of("rob-registrar");
    rob.ok(&with(&["trust", "rotate"], &all, &["--threshold", "3"])).says("liaison trust pin COMMIT");
    assert_eq!(pin(&rob), "");
    rob.ok(&["trust", "pin"]);
    assert_eq!(pin(&rob), published);
    ada.git(&["pull", "--quiet", "--rebase"]);
    ada.signs_root();
    assert_eq!(pin(&ada), "");
}

/// The files of the root, and of the acts about it.
fn files_of_root(clone: &Clone<'_>) -> Vec<String> {
    clone.git(&["ls-files", "trust/root.toml", "trust/roots"]).lines().map(ToOwned::to_owned).collect()
}

#[test]
fn a_rotation_that_will_not_get_its_signatures_is_withdrawn_and_another_one_begins() {
    let world = World::new();
    let (ada, carla, rob) =
        (world.clone_of("ada-example"), world.clone_of("carla-sample"), world.clone_of("rob-registrar"));
    let (all, two) = (world.holders(&PEOPLE), world.holders(&["carla-sample", "rob-registrar"]));
    ada.ok(&with(&["trust", "init"], &all, &["--threshold", "2"]));
    carla.git(&["pull", "--quiet", "--rebase"]);
    carla.signs_root();
    rob.git(&["pull", "--quiet", "--rebase"]);
    rob.ok(&["record-change"]);
    let first = rob.read("trust/root.toml");
    rob.fails(1, &["trust", "withdraw"]).says("it counts, and is not withdrawn").says("liaison trust rotate");

    rob.ok(&with(&["trust", "rotate"], &two, &["--threshold", "2"]));
    rob.fails(3, &with(&["trust", "rotate"], &all, &[])).says("liaison trust withdraw takes it back");
    rob.fails(3, &["trust", "show"]).prints("or liaison trust withdraw takes it back");
    // One of the holders of the root that counts takes it back, whoever began it.
    ada.git(&["pull", "--quiet", "--rebase"]);
    ada.ok(&["trust", "withdraw"])
        .prints("version 2 of the trust root is withdrawn; version 1 counts, as before")
        .says("next: liaison trust rotate");
    assert_eq!(ada.read("trust/root.toml"), first);
    assert_eq!((codes(&ada), files_of_root(&ada)), (vec![], vec!["trust/root.toml".to_owned()]));
    ada.fails(1, &["trust", "withdraw"]).says("version 1 of the trust root has its signatures");

    // The same root again: the signature that it had before counts no more.
    ada.ok(&with(&["trust", "rotate"], &two, &["--threshold", "2"]));
    ada.fails(3, &["trust", "show"]).prints("version 2: signed by Ada Example; 1 more needed");
    carla.git(&["pull", "--quiet", "--rebase"]);
    carla.signs_root();
    assert_eq!(codes(&carla), [""; 0]);
    carla.ok(&["trust", "show"]).prints("version 2: signed by Ada Example, Carla Sample");
    carla.fails(1, &["trust", "withdraw"]).says("version 2 of the trust root has its signatures");
}

#[test]
fn a_root_that_never_counted_is_withdrawn_whole() {
    let world = World::new();
    let (ada, rob) = (world.clone_of("ada-example"), world.clone_of("rob-registrar"));
    ada.fails(1, &["trust", "withdraw"]).says("there is no trust root here that waits");
    let two = world.holders(&["ada-example", "carla-sample"]);
    ada.ok(&with(&["trust", "init"], &two, &["--threshold", "2"]));
    rob.git(&["pull", "--quiet", "--rebase"]);
    rob.fails(1, &["trust", "withdraw"]).says("Rob Registrar does not hold version 1");
    ada.ok(&["trust", "withdraw"]).prints("version 1 of the trust root is withdrawn; the record has no trust root");
    assert_eq!((codes(&ada), files_of_root(&ada)), (vec![], vec![]));
    ada.ok(&with(&["trust", "init"], &two, &["--threshold", "2"]));
    ada.fails(3, &["trust", "show"]).prints("version 1: signed by Ada Example; 1 more needed");

    // What is not committed yet is taken away by git.
    let anew = world.clone_of("ada-example");
    anew.ok(&["trust", "withdraw"]);
    anew.ok(&with(&["trust", "init"], &two, &["--threshold", "2", "--no-commit"]));
    anew.fails(1, &["trust", "withdraw"]).says("is not committed").says("git clean -f trust");
}

#[test]
fn whoever_withdraws_or_signs_a_root_that_others_settled_meanwhile_is_told() {
    let world = World::new();
    let (ada, carla, rob) =
        (world.clone_of("ada-example"), world.clone_of("carla-sample"), world.clone_of("rob-registrar"));
    ada.ok(&with(&["trust", "init"], &world.holders(&PEOPLE), &["--threshold", "2"]));
    carla.git(&["pull", "--quiet", "--rebase"]);
    rob.git(&["pull", "--quiet", "--rebase"]);
    carla.signs_root();
    rob.fails(73, &["trust", "withdraw"]).says(
        "version 1 of the trust root has its signatures by now; nothing was pushed, and your change was taken back",
    );
    rob.ok(&["trust", "show"]).prints("version 1: signed by Ada Example, Carla Sample");

    rob.ok(&with(&["trust", "rotate"], &world.holders(&["rob-registrar"]), &[]));
    for clone in [&ada, &carla] {
        clone.git(&["pull", "--quiet", "--rebase"]);
    }
    ada.ok(&["trust", "withdraw"]);
    let digest = Digest::of(carla.read("trust/root.toml").as_bytes()).to_string();
    carla
        .fails(73, &["trust", "sign", "--digest", &digest])
        .says("changed trust/root.toml as well")
        .says("nothing was pushed, and your change was taken back");
    carla.ok(&["trust", "show"]).prints("Trust root, version 1");
}

#[test]
fn without_a_terminal_only_the_root_is_signed_whose_digest_is_given() {
    let world = World::new();
    let (ada, carla) = (world.clone_of("ada-example"), world.clone_of("carla-sample"));
    let began = ada.ok(&with(&["trust", "init"], &world.holders(&PEOPLE), &["--threshold", "2"]));
    let digest = Digest::of(ada.read("trust/root.toml").as_bytes()).to_string();
    began.says(&format!("let them compare its digest with you by another way: {digest}"));
    carla.git(&["pull", "--quiet", "--rebase"]);
    let before = carla.standing();
    for unasked in [&["trust", "sign"][..], &["trust", "sign", "--yes"]] {
        carla
            .fails(2, unasked)
            .prints(&format!("digest {digest}"))
            .says("--digest does not say so")
            .says(&format!("liaison trust sign --digest {digest}"));
    }
    let other = Digest::of(b"another root").to_string();
    carla
        .fails(1, &["trust", "sign", "--digest", &other])
        .says(&format!("found {other}, and the root that waits here is"));
    carla.fails(2, &["trust", "sign", "--digest", "4f70"]).says("expected `sha256:` and 64");
    assert!(carla.standing() == before, "nothing was written");
    carla.ok(&["trust", "sign", "--digest", &digest]).prints("it is complete");
}

#[test]
fn a_holders_key_that_is_compromised_is_told_with_the_rotation() {
    let world = World::new();
    let (ada, carla, rob) =
        (world.clone_of("ada-example"), world.clone_of("carla-sample"), world.clone_of("rob-registrar"));
    ada.ok(&with(&["trust", "init"], &world.holders(&PEOPLE), &["--threshold", "2"]));
    carla.git(&["pull", "--quiet", "--rebase"]);
    carla.signs_root();
    rob.git(&["pull", "--quiet", "--rebase"]);
    rob.ok(&["record-change"]);
    assert!(!rob.liaison(&["doctor"]).stdout.contains("root keys"));
    // A key that holds nothing is not told of.
    let since = rob.git(&["rev-parse", "HEAD"]);
    let lost = ["--since", &since, "--reason", "the laptop was stolen"];
    let told = rob.ok(&[&["person", "key", "compromised", "ada-example", "1"][..], &lost].concat());
    assert!(!told.stderr.contains("trust root"), "{}", told.stderr);

    let rotate = rob
        .ok(&[&["person", "key", "compromised", "carla-sample", "carla-sample"][..], &lost].concat())
        .says("the trust root names this key, and goes by it whatever the directory says")
        .says("then, by one of its holders: liaison trust rotate --holder ada-example --holder carla-sample --holder rob-registrar --threshold 2");
    assert!(rotate.stderr.contains("liaison person key add carla-sample --ssh FILE.pub"), "{}", rotate.stderr);
    let command =
        "liaison trust rotate --holder ada-example --holder carla-sample --holder rob-registrar --threshold 2";
    rob.ok(&["trust", "show"])
        .prints(&format!("COMPROMISED since {since}"))
        .prints("somebody else may have a holder's key")
        .says("next: liaison person key add carla-sample --ssh FILE.pub")
        .says(&format!("next: {command}"));
    assert_eq!(rob.json(&["trust", "show"])["root"]["holders"][1]["compromised"], since);
    let row = |clone: &Clone<'_>| {
        let told: serde_json::Value =
            serde_json::from_str(&clone.liaison(&["doctor", "--format", "json"]).stdout).unwrap();
        told.as_array().unwrap().iter().find(|row| row["question"] == "root keys").cloned()
    };
    let told = row(&rob).unwrap();
    assert_eq!((&told["state"], &told["commands"][1]), (&"problem".into(), &command.into()));
    assert!(
        told["answer"].as_str().unwrap().contains(&format!("of Carla Sample is compromised since {since}")),
        "{told}"
    );
    // Whoever does not hold it is told whom to ask.
    let pavel = world.world.clone_of("pavel-priklad");
    let asked = row(&pavel).unwrap()["commands"][1].as_str().unwrap().to_owned();
    assert!(asked.starts_with("ask its holders, Ada Example, Carla Sample, Rob Registrar"), "{asked}");

    // The command works as it is told, once there is another key.
    rob.new_key("carla-sample", &["ed25519"]);
    rob.ok(&["record-change"]);
    rob.ok(&command.split(' ').skip(1).collect::<Vec<_>>());
    ada.git(&["pull", "--quiet", "--rebase"]);
    ada.signs_root();
    let shown = ada.ok(&["trust", "show"]).prints("version 2: signed by Ada Example, Rob Registrar");
    assert!(!shown.stdout.contains("COMPROMISED"), "{}", shown.stdout);
    assert!(row(&ada).is_none());
}
