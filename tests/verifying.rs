//! Anybody verifies an act without the program: the commands of docs/approval.md are run as they stand there.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test ends where it is wrong"
)]

mod common;

use std::path::Path;

use common::{Clone, Ran, RecordRepo};

const ADA: &str = "directory/people/ada-example.toml";

/// The commands of docs/approval.md that name a program, about an act.
fn documented(program: &str, act: &str) -> String {
    let page = std::fs::read_to_string(common::project("docs/approval.md")).unwrap();
    let blocks: Vec<&str> = page.split("```sh\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    let block = blocks.iter().find(|block| block.contains(program)).expect("a block with the program");
    assert!(block.contains("c47fbef8"), "{block}");
    block.replace("c47fbef8", act)
}

/// Runs the commands in a clone, with the program in the path and a keyring that knows nobody.
fn shell(clone: &Clone<'_>, script: &str) -> Ran {
    let world = clone.world;
    let (bin, rings) = (world.folder().join("bin"), world.folder().join("strangers-keyring"));
    for folder in [&bin, &rings] {
        let _ = std::fs::remove_dir_all(folder);
        std::fs::create_dir(folder).unwrap();
    }
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(&rings, std::fs::Permissions::from_mode(0o700)).unwrap();
    let gpg = Ran::of(world.command("sh").args(["-c", "command -v gpg"]), "command -v gpg").ended(0).stdout;
    let at = "--batch --faked-system-time 20261201T000000";
    common::write_program(&bin.join("gpg"), &format!("#!/bin/sh\nexec {} {at} \"$@\"\n", gpg.trim()));
    let program = Path::new(env!("CARGO_BIN_EXE_liaison")).parent().unwrap();
    let path = format!("{}:{}:{}", bin.display(), program.display(), std::env::var("PATH").unwrap());
    let mut command = world.command("sh");
    command.args(["-e", "-c", script]).current_dir(&clone.path);
    command.env("PATH", path).env("GNUPGHOME", rings).env("LIAISON_NOW", "2026-12-20T10:00:00Z");
    Ran::of(&mut command, script)
}

/// A clone with a letter that Ada approved and signed with the key of a file, and the beginning of the approval's id.
fn approved<'w>(world: &'w RecordRepo, key: &Path, carla: Clone<'w>) -> (Clone<'w>, String, String) {
    let slug = carla.new_letter("Use of ECH in 5G core networks", &[]);
    carla.signs_with(key);
    carla.being("ada-example").ok(&["approve", &slug]);
    let acts = carla.json(&["act", &slug]);
    let approval = acts.as_array().unwrap().iter().find(|act| act["act"] == "approve").unwrap();
    assert_eq!(approval["proof"], "signed", "{}", world.folder().display());
    let id = approval["id"].as_str().unwrap().trim_start_matches("sha256:")[..8].to_owned();
    (carla, slug, id)
}

#[test]
fn the_documented_commands_verify_an_act_whatever_became_of_its_key() {
    let world = RecordRepo::new();
    let carla = world.first("carla-sample", "");
    let key = carla.new_key("ada-example", &["ed25519"]);
    let (carla, slug, act) = approved(&world, &key, carla);
    let file = carla.read(ADA);
    let commit = carla.git(&["rev-parse", "HEAD"]);
    for (life, is_good) in [
        (String::new(), true),
        ("retired = 2026-12-01\n".to_owned(), true),
        (format!("compromised = \"{commit}\"\ncompromised-on = 2026-12-01\n"), true),
        (format!("retired = 2026-12-10\ncompromised = \"{commit}\"\ncompromised-on = 2026-11-25\n"), true),
        ("retired = 2026-11-24\n".to_owned(), false),
        ("retired = 2026-01-01\n".to_owned(), false),
        (format!("compromised = \"{commit}\"\ncompromised-on = 2026-11-24\n"), false),
        (format!("compromised = \"{commit}\"\n"), false),
    ] {
        carla.write(ADA, format!("{file}{life}"));
        let ran = shell(&carla, &documented("ssh-keygen -Y verify", &act));
        assert_eq!(ran.code == Some(0), is_good, "{life}\n{}\n{}", ran.stdout, ran.stderr);
        if is_good {
            ran.prints("Good");
        }
        let acts = carla.now("2026-12-20T10:00:00Z").json(&["act", &slug]);
        let proof = acts.as_array().unwrap().iter().find(|act| act["act"] == "approve").unwrap()["proof"].clone();
        assert_eq!(proof == "signed", is_good, "the program agrees: {life} {proof}");
    }
}

#[test]
fn a_compromised_key_is_named_with_its_commit_and_proves_no_commit_to_git() {
    let world = RecordRepo::new();
    let carla = world.first("carla-sample", "");
    carla.new_key("ada-example", &["ed25519"]);
    let file = carla.read(ADA);
    let exported = |life: &str| {
        carla.write(ADA, format!("{file}{life}"));
        let text = carla.ok(&["export", "allowed-signers"]).stdout;
        let at = text.find(" compromised since 2f1c09a").map_or(0, |at| text[..at].rfind('\n').unwrap());
        text[at..].lines().skip(1).take(2).map(str::to_owned).collect::<Vec<_>>()
    };
    let with_day = exported("compromised = \"2f1c09a\"\ncompromised-on = 2026-12-01\n");
    assert!(with_day[0].starts_with("# ada-example SHA256:") && with_day[0].contains("2f1c09a of 2026-12-01"));
    let bounds = "\",valid-after=\"20260101000000Z\",valid-before=\"20261130235959Z\" ssh-ed25519 ";
    assert!(with_day[1].starts_with("ada-example namespaces=\"liaison-act@7c9e6679-7425-40de-944b-e07fc1f90ae7\""));
    assert!(with_day[1].contains(bounds), "{with_day:?}");
    let without = exported("compromised = \"2f1c09a\"\n");
    assert!(without[0].contains("on a day that the directory does not say: nothing it signed counts"), "{without:?}");
    assert!(without.get(1).is_none_or(|line| !line.contains("ada-example")), "{without:?}");
}

#[test]
fn the_documented_commands_of_gpg_verify_an_act_in_a_keyring_that_knows_nobody() {
    let world = RecordRepo::new();
    let carla = world.first("carla-sample", "");
    let slug = carla.new_letter("Use of ECH in 5G core networks", &[]);
    let ring = world.home().join(".gnupg");
    std::fs::create_dir(&ring).unwrap();
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(&ring, std::fs::Permissions::from_mode(0o700)).unwrap();
    let gpg = |at: &str, args: &[&str]| {
        let mut command = world.command("gpg");
        command.args(["--batch", "--quiet", "--pinentry-mode", "loopback", "--passphrase", ""]);
        Ran::of(command.args(["--faked-system-time", at]).args(args), "gpg").ended(0).stdout
    };
    for person in ["pavel-priklad", "theo-exemplo"] {
        let address = format!("{person}@keys.example");
        gpg("20260101T000000", &["--quick-generate-key", &address, "ed25519", "sign", "never"]);
        let public = gpg("20260102T000000", &["--armor", "--export", &address]);
        let file = format!("directory/people/{person}.toml");
        let key = format!("\n[[key]]\ntype = \"openpgp\"\npublic = \"\"\"\n{public}\"\"\"\nsince = 2026-01-01\n");
        carla.write(&file, carla.read(&file) + &key + "retired = 2026-12-01\n");
    }
    carla.ok(&["approval-request", &slug, "--approver", "pavel-priklad", "--write", "../request"]);
    let (text, out) = (world.folder().join("request/act.txt"), world.folder().join("request/act.asc"));
    let (text, out) = (text.display().to_string(), out.display().to_string());
    let sign = ["--armor", "--detach-sign", "--local-user", "pavel-priklad@keys.example", "--output", &out, &text];
    gpg("20261124T101500", &sign);
    carla.git(&["add", "."]);
    carla.git(&["commit", "--quiet", "-m", "Keys"]);
    carla.ok(&["approve", &slug, "--signature", &out]);
    let acts = carla.json(&["act", &slug]);
    let approval = acts.as_array().unwrap().iter().find(|act| act["act"] == "approve").unwrap();
    let act = approval["id"].as_str().unwrap().trim_start_matches("sha256:")[..8].to_owned();
    shell(&carla, &documented("gpg --verify", &act)).ended(0).says("Good signature").says("pavel-priklad@keys.example");
    let keys = carla.ok(&["export", "openpgp-keys"]).stdout;
    let named: Vec<&str> = keys.lines().filter(|line| line.contains("since 2026-01-01, until 2026-11-30")).collect();
    assert!(
        named.len() == 2 && named[0].starts_with("# pavel-priklad ") && named[1].starts_with("# theo-exemplo "),
        "{keys}"
    );
}
