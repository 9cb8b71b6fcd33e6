//! Who may change directory and settings, how well an act has to prove it, and how what is there is confirmed.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test ends where it is wrong"
)]

mod common;

use common::{Clone, RecordRepo};

const IETF: &str = "directory/groups/ietf.toml";
const TLS: &str = "directory/groups/tls.toml";

/// The findings of `check`: the code and the file, with what it says and what to do.
fn found(clone: &Clone<'_>) -> Vec<(String, String, String)> {
    let told = clone.liaison(&["check", "--format", "json"]);
    let told: serde_json::Value = serde_json::from_str(&told.stdout).unwrap();
    let text = |finding: &serde_json::Value, key: &str| finding[key].as_str().unwrap_or_default().to_owned();
    let one = |found: &serde_json::Value| {
        (text(found, "code"), text(found, "file"), format!("{}; {}", text(found, "message"), text(found, "help")))
    };
    told["findings"].as_array().unwrap().iter().map(one).collect()
}

/// Replaces words of a file and commits that, as anybody may who can push.
fn commit(clone: &Clone<'_>, path: &str, from: &str, to: &str) {
    let text = clone.read(path);
    assert!(text.contains(from), "{path} holds {from}");
    clone.write(path, text.replace(from, to));
    clone.git(&["commit", "--quiet", "-m", "By hand", "--", path]);
}

#[test]
fn a_gap_between_two_terms_of_the_registrar_lets_nobody_change_the_directory() {
    let world = RecordRepo::new();
    let rob = world.first("rob-registrar", "");
    let text = rob.read(IETF);
    let term = |role: &str| format!("role = \"{role}\"\n");
    let ended: Vec<String> = text
        .split("[[role]]")
        .map(|part| {
            let gives = ["registrar", "liaison-coordinator"].iter().any(|role| part.contains(&term(role)));
            if gives { format!("{}\nuntil = 2026-06-01\n\n", part.trim_end()) } else { part.to_owned() }
        })
        .collect();
    rob.write(IETF, ended.join("[[role]]"));
    rob.git(&["commit", "--quiet", "--all", "-m", "Nobody keeps the record"]);
    let before = rob.standing();
    rob.being("carla-sample")
        .fails(1, &["role", "begin", "registrar", "ietf", "carla-sample"])
        .says("Carla Sample may not change the directory")
        .says("nobody may change it today");
    assert!(rob.standing() == before, "nothing was written");

    // Nor does an act that bears a day of the gap.
    let act = "act: directory\nby: carla-sample\nat: 2026-07-01T10:00:00Z\nchanges:\n- path: directory/groups/tls.toml\n  after: sha256:DIGEST\n";
    let digest = world.command("sha256sum").arg(rob.path.join(TLS)).output().unwrap();
    let digest = String::from_utf8(digest.stdout).unwrap()[..64].to_owned();
    rob.write("trust/acts/20260701T100000Z-directory-carla-sample.yaml", act.replace("DIGEST", &digest));
    let told = found(&rob);
    let without = told.iter().find(|(code, ..)| code == "change-without-authority").expect("it is told");
    assert!(without.2.contains("nobody had on that day"), "{without:?}");
}

/// A record of people who are not invented, that asks for signatures; its registrar has a key.
fn signing(world: &RecordRepo) -> (Clone<'_>, std::path::PathBuf) {
    let rob = world.first("rob-registrar", "\n[proof]\ngrade = \"signed\"\n");
    rob.write("liaison.toml", rob.read("liaison.toml").replace("example = true\n", ""));
    rob.git(&["commit", "--quiet", "--all", "-m", "Nobody is invented"]);
    let key = rob.new_key("rob-registrar", &["ed25519"]);
    rob.signs_with(&key);
    (rob, key)
}

const BEGIN_A_TERM: [&str; 5] = ["role", "begin", "area-director", "sec", "carla-sample"];

#[test]
fn nobody_changes_the_directory_for_somebody_else_where_it_is_signed() {
    let world = RecordRepo::new();
    let (rob, key) = signing(&world);
    let carla = rob.being("carla-sample");
    let before = rob.standing();
    let as_rob = [&BEGIN_A_TERM[..], &["--as", "rob-registrar"]].concat();
    let told = "the approval table asks for a signature of Rob Registrar, and you are Carla Sample";
    carla.fails(1, &as_rob).says(told).says("ask them to type: liaison role begin area-director sec carla-sample\n");
    rob.write("liaison.toml", rob.read("liaison.toml") + "\n[due]\nsoon = 7\n");
    carla
        .fails(1, &["record-change", "--yes", "--as=rob-registrar"])
        .says("ask them to type: liaison record-change --yes\n");
    rob.git(&["checkout", "--quiet", "liaison.toml"]);

    // Nor does the registrar without the key, once the directory knows one.
    rob.git(&["config", "--unset", "user.signingkey"]);
    rob.fails(1, &BEGIN_A_TERM)
        .says("nothing was written: the approval table asks for a signature of rob-registrar")
        .says("git config user.signingkey");
    assert!(rob.standing() == before, "nothing was written");
    rob.signs_with(&key);
    rob.ok(&BEGIN_A_TERM);
    assert_eq!(changes_told(&rob), []);
}

/// What `check` tells of changes, an error or not.
fn changes_told(clone: &Clone<'_>) -> Vec<(String, String)> {
    let told = clone.liaison(&["check", "--format", "json"]);
    let told: serde_json::Value = serde_json::from_str(&told.stdout).unwrap();
    let text = |finding: &serde_json::Value, key: &str| finding[key].as_str().unwrap_or_default().to_owned();
    let found = told["findings"].as_array().unwrap().iter();
    let found = found.filter(|found| text(found, "code").starts_with("change-"));
    found.map(|found| (text(found, "severity"), text(found, "code"))).collect()
}

#[test]
fn an_act_that_somebody_else_recorded_or_nobody_signed_vouches_for_nothing_where_it_is_signed() {
    let world = RecordRepo::new();
    let (rob, _) = signing(&world);
    rob.ok(&BEGIN_A_TERM);
    let path = format!("trust/acts/{}", rob.names("trust/acts")[0]);
    let signed = rob.read(&path);
    let unsigned = signed.split("signature:").next().unwrap().to_owned();
    let recorded = unsigned.clone() + "recorded-by: carla-sample\n";
    for text in [unsigned, recorded] {
        rob.write(&path, text);
        rob.git(&["commit", "--quiet", "--all", "-m", "One file"]);
        assert_eq!(changes_told(&rob), [("error".to_owned(), "change-unsigned".to_owned())]);
    }
    let told = found(&rob);
    assert!(told.iter().any(|(_, _, told)| told.contains("is recorded by Carla Sample for Rob Registrar")), "{told:?}");
    rob.ok(&["record-change"]).prints("directory/groups/sec.toml, as it was committed");
    assert_eq!(changes_told(&rob), []);
}

#[test]
fn a_record_that_asks_for_signatures_begins_without_a_key() {
    let world = RecordRepo::new();
    let home = world.folder().join("fresh");
    let run = |args: &[&str]| {
        let mut command = world.command(assert_cmd::cargo::cargo_bin("liaison"));
        command.args(args).env("LIAISON_NOW", "2026-11-24T10:00:00Z").current_dir(world.folder());
        common::Ran::of(&mut command, &args.join(" "))
    };
    world.git(world.folder(), &["config", "--global", "user.name", "Robin Reg"]);
    world.git(world.folder(), &["config", "--global", "user.email", "robin@body.test"]);
    run(&["init", "fresh", "--organization", "body"]).ended(0);
    let at = |args: &[&str]| run(&[&["-C", "fresh"], args].concat());
    at(&["person", "add", "carla", "--name", "Carla", "--address", "carla@body.test"]).ended(0);
    at(&["check"]).ended(0);
    let key = home.parent().unwrap().join("robin");
    let mut keygen = world.command("ssh-keygen");
    common::Ran::of(keygen.args(["-q", "-N", "", "-t", "ed25519", "-f"]).arg(&key), "ssh-keygen").ended(0);
    world.git(&home, &["config", "gpg.format", "ssh"]);
    world.git(&home, &["config", "user.signingkey", &key.display().to_string()]);
    at(&["person", "key", "add", "robin-reg", "--ssh", &format!("{}.pub", key.display())])
        .ended(0)
        .says("next: liaison record-change");
    at(&["check"]).ended(1).prints("change-unsigned");
    at(&["record-change", "--yes"]).ended(0).prints("directory/people/carla.toml");
    at(&["check"]).ended(0);
    at(&["group", "add", "wg", "--kind", "organization-group", "--parent", "body", "--name", "WG"]).ended(0);
    at(&["check"]).ended(0);
}

/// What the audit finds of changes, with the file.
fn audited(clone: &Clone<'_>) -> Vec<String> {
    let told = clone.liaison(&["audit", "--format", "json"]);
    let told: serde_json::Value = serde_json::from_str(&told.stdout).unwrap_or_else(|_| panic!("{told:?}"));
    let found = told["findings"].as_array().unwrap().iter();
    let found = found.filter(|found| found["code"].as_str().unwrap().contains("change"));
    found.map(|found| format!("{} {}", found["code"].as_str().unwrap(), found["file"].as_str().unwrap())).collect()
}

/// A record of which everything is proven up to here, and the registrar's key.
fn proven(world: &RecordRepo) -> Clone<'_> {
    let (rob, _) = signing(world);
    rob.ok(&["record-change"]).prints("directory/people/rob-registrar.toml");
    rob.ok(&["record-change"]).prints("nothing to record").says("liaison record-change FILE");
    pin(&rob);
    assert_eq!(audited(&rob), [""; 0]);
    rob
}

/// A first key cannot vouch for itself: a person looks at what is there, and trusts it from here on.
fn pin(clone: &Clone<'_>) {
    assert!(audited(clone).contains(&"mainline-change-unsigned directory/people/rob-registrar.toml".to_owned()));
    let tip = clone.git(&["rev-parse", "HEAD"]);
    clone.git(&["config", "liaison.trustRoot", &tip]);
}

#[test]
fn what_no_signed_act_explains_is_shown_and_confirmed() {
    let world = RecordRepo::new();
    let rob = proven(&world);
    commit(&rob, IETF, "Internet Engineering Task Force", "Internet Engineering");
    assert_eq!(audited(&rob), [format!("mainline-change-unsigned {IETF}")]);
    let shown = rob.ok(&["record-change", "--dry-run"]);
    let shown = shown.prints(&format!("{IETF}, as it was committed")).prints("name = \"Internet Engineering\"");
    assert!(!shown.stdout.contains("tls.toml"), "{}", shown.stdout);
    rob.being("carla-sample").fails(1, &["record-change"]).says("Carla Sample may not change the directory");
    rob.ok(&["record-change", "--message", "The IETF has a shorter name"]).says("next: liaison check");
    assert_eq!(audited(&rob), [""; 0]);
    rob.ok(&["record-change"]).prints("nothing to record");

    // What changed since a signed act is shown as a difference.
    commit(&rob, IETF, "name = \"Internet Engineering\"", "name = \"The Internet Engineering\"");
    rob.ok(&["record-change"])
        .prints("since the last signed act that names it")
        .prints("-name = \"Internet Engineering\"")
        .prints("+name = \"The Internet Engineering\"");
    assert_eq!((changes_told(&rob), audited(&rob)), (vec![], vec![]));

    // A file that is gone without an act.
    std::fs::remove_file(rob.path.join("directory/lists/mpls.toml")).unwrap();
    rob.git(&["commit", "--quiet", "--all", "-m", "Take a list out"]);
    assert_eq!(audited(&rob), ["mainline-change-unsigned directory/lists/mpls.toml"]);
    rob.ok(&["record-change"]).prints("directory/lists/mpls.toml, which is gone");
    assert_eq!((changes_told(&rob), audited(&rob)), (vec![], vec![]));
}

#[test]
fn an_act_that_only_asserts_explains_nothing_to_whoever_can_sign() {
    let world = RecordRepo::new();
    let rob = world.first("rob-registrar", "");
    rob.write("liaison.toml", rob.read("liaison.toml").replace("example = true\n", ""));
    rob.git(&["commit", "--quiet", "--all", "-m", "Nobody is invented"]);
    rob.being("carla-sample").ok(&[&BEGIN_A_TERM[..], &["--as", "rob-registrar"]].concat());
    rob.ok(&["record-change"]).prints("nothing to record");
    let key = rob.new_key("rob-registrar", &["ed25519"]);
    rob.signs_with(&key);
    assert!(audited(&rob).contains(&"mainline-change-unsigned directory/groups/sec.toml".to_owned()));
    rob.ok(&["record-change"])
        .prints("recorded: directory/groups/sec.toml, directory/people/rob-registrar.toml, liaison.toml")
        .says("a key does not vouch for itself");
    pin(&rob);
    assert_eq!(audited(&rob), [""; 0]);
}

#[test]
fn a_file_that_is_named_is_confirmed_whatever_its_acts_say() {
    let world = RecordRepo::new();
    let rob = proven(&world);
    let acts = rob.names("trust/acts").len();
    let mut below = rob.clone();
    below.path = rob.path.join("directory/groups");
    below.ok(&["record-change", "tls.toml"]).prints("recorded: directory/groups/tls.toml").prints("name = \"Transport");
    rob.ok(&["record-change", TLS, "liaison.toml"]).prints("recorded: directory/groups/tls.toml, liaison.toml");
    assert_eq!(rob.names("trust/acts").len(), acts + 3);
    let act = rob.read(&format!("trust/acts/{}", rob.names("trust/acts")[acts]));
    let digests: Vec<&str> = act.lines().filter_map(|line| line.split_once("sha256:").map(|(_, hex)| hex)).collect();
    assert_eq!((digests.len(), digests[0]), (2, digests[1]), "{act}");
    assert_eq!((changes_told(&rob), audited(&rob)), (vec![], vec![]));
    rob.fails(2, &["record-change", "README.md"]).says("is no file whose changes are recorded");
    rob.fails(1, &["record-change", "directory/groups/none.toml"]).says("there is no file");
    rob.fails(1, &["record-change", "trust/root.toml"]).says("liaison trust sign");
}

#[test]
fn the_only_key_that_signs_for_the_directory_is_not_given_up_before_another_one_is_there() {
    let world = RecordRepo::new();
    let rob = proven(&world);
    let retire = ["person", "key", "retire", "rob-registrar", "rob-registrar", "--reason", "a new laptop"];
    let suspect =
        ["person", "key", "compromised", "rob-registrar", "rob-registrar", "--since", "HEAD", "--reason", "stolen"];
    let before = rob.standing();
    for words in [&retire[..], &suspect] {
        rob.fails(1, words).says("nobody could sign for the directory").says("liaison person key add rob-registrar");
    }
    assert!(rob.standing() == before, "nothing was written");
    let new = world.folder().join("new");
    let mut keygen = world.command("ssh-keygen");
    common::Ran::of(keygen.args(["-q", "-N", "", "-C", "new", "-t", "ed25519", "-f"]).arg(&new), "ssh-keygen").ended(0);
    rob.ok(&["person", "key", "add", "rob-registrar", "--ssh", &format!("{}.pub", new.display())]);
    // By itself a key signs until the day ends, so that what it signed today counts, this change among it.
    rob.ok(&retire).prints("is retired from 2026-11-25 on");
    rob.signs_with(&new);
    rob.ok(&BEGIN_A_TERM);
    assert_eq!((changes_told(&rob), audited(&rob)), (vec![], vec![]));
}

#[test]
fn a_registrar_without_a_key_is_told_who_adds_it_and_who_vouches_for_it() {
    let world = RecordRepo::new();
    let (rob, key) = signing(&world);
    rob.ok(&["role", "begin", "registrar", "ietf", "carla-sample"]);
    let carla = rob.being("carla-sample").now("2026-11-26T10:00:00Z");
    rob.git(&["config", "--unset", "user.signingkey"]);
    let path = world.folder().join("key-of-carla");
    let mut command = world.command("ssh-keygen");
    command.args(["-q", "-N", "", "-t", "ed25519", "-f"]).arg(&path);
    common::Ran::of(&mut command, "ssh-keygen").ended(0);
    let public = format!("{}.pub", path.display());
    let add = ["person", "key", "add", "carla-sample", "--ssh", &public];

    // Somebody else has a key: they type it.
    let ask = "ask Rob Registrar (registrar of ietf), who types: liaison person key add carla-sample --ssh FILE.pub";
    carla.fails(1, &add).says(ask);
    carla.fails(1, &["group", "close", "mpls", "--on", "2026-12-31"]).says(ask);

    // Nobody else has one any more.
    rob.signs_with(&key);
    rob.now("2026-11-26T10:00:00Z").ok(&["role", "end", "registrar", "ietf", "rob-registrar", "--until", "2026-11-27"]);
    rob.now("2026-11-26T10:01:00Z").ok(&[
        "role",
        "end",
        "liaison-coordinator",
        "ietf",
        "cora-beispiel",
        "--until",
        "2026-11-27",
    ]);
    let carla = rob.being("carla-sample").now("2026-11-28T10:00:00Z");
    carla.signs_with(&path);
    carla.ok(&add).says("next: liaison record-change confirms").says("and says who vouches for the key");
    let ran = carla
        .ok(&["record-change", "--yes"])
        .says("a key does not vouch for itself")
        .says("nobody else here could vouch");
    let head = rob.git(&["rev-parse", "HEAD"]);
    let pin = format!("git config liaison.trustRoot {head}");
    ran.says(&pin);
    carla.ok(&["record-change", "--yes"]).says(&pin);
    let told = |clone: &Clone<'_>| {
        clone.liaison(&["audit"]).stdout.matches("carla-sample.toml changes, and no signed").count()
    };
    assert_eq!(told(&carla), 1);
    rob.git(&["config", "liaison.trustRoot", &head]);
    assert_eq!(told(&carla), 0);
}

#[test]
fn nobody_vouches_for_a_file_that_cannot_be_read_whoever_committed_it() {
    let world = RecordRepo::new();
    let (rob, _) = signing(&world);
    let path = "directory/groups/tls.toml";
    let sound = rob.read(path);
    rob.write(path, format!("{sound}\nx = = 1\n"));
    rob.fails(1, &["record-change"]).says("this would be wrong");
    rob.git(&["commit", "--quiet", "--all", "-m", "Break it"]);
    rob.fails(1, &["record-change"]).prints("toml-syntax").says("this would be wrong");
    rob.write(path, sound);
    rob.git(&["commit", "--quiet", "--all", "-m", "Mend it"]);
    rob.ok(&["record-change", path]);
}
