//! OpenPGP: what gpg signs this program accepts, and the reverse; a key that could not sign then proves nothing.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test ends where it is wrong"
)]

mod common;

use std::process::Command;

use common::{Clone, Ran, RecordRepo};

const SIGNED: &str = "\n[proof]\ngrade = \"signed\"\n";

/// gpg with a keyring of this world, at the world's time.
fn gpg(world: &RecordRepo, at: &str, args: &[&str]) -> Command {
    let home = world.home().join(".gnupg");
    if !home.exists() {
        std::fs::create_dir(&home).unwrap();
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::set_permissions(&home, std::fs::Permissions::from_mode(0o700)).unwrap();
    }
    let mut command = world.command("gpg");
    command.args(["--batch", "--quiet", "--pinentry-mode", "loopback", "--passphrase", "", "--faked-system-time", at]);
    command.args(args);
    command
}

fn run(world: &RecordRepo, at: &str, args: &[&str]) -> String {
    Ran::of(&mut gpg(world, at, args), &format!("gpg {args:?}")).ended(0).stdout
}

/// Makes a key for a person, with or without a signing subkey, and gives its fingerprint.
fn new_key(clone: &Clone<'_>, person: &str, main: &[&str], subkey: Option<&[&str]>) -> String {
    let world = clone.world;
    let address = format!("{person}@keys.example");
    let mut args = vec!["--quick-generate-key", address.as_str()];
    args.extend(main);
    run(world, "20260101T000000", &args);
    let listed = run(world, "20260101T000000", &["--with-colons", "--list-keys", &address]);
    let fingerprint =
        listed.lines().find_map(|line| line.strip_prefix("fpr:::::::::")).unwrap().trim_matches(':').to_owned();
    if let Some(subkey) = subkey {
        let mut args = vec!["--quick-add-key", fingerprint.as_str()];
        args.extend(subkey);
        run(world, "20260102T000000", &args);
    }
    publish(clone, person, &fingerprint);
    fingerprint
}

/// Writes the public key as it is now into the directory.
fn publish(clone: &Clone<'_>, person: &str, fingerprint: &str) {
    let public = run(clone.world, "20260103T000000", &["--armor", "--export", fingerprint]);
    let path = format!("directory/people/{person}.toml");
    let text = clone.read(&path);
    let bare = text.split("\n[[key]]").next().unwrap();
    clone.write(
        &path,
        format!("{bare}\n[[key]]\ntype = \"openpgp\"\npublic = \"\"\"\n{public}\"\"\"\nsince = 2026-01-01\n"),
    );
    clone.git(&["commit", "--quiet", "-m", "A key", "--", &path]);
}

/// Signs the text of a request, and records what came of it.
fn approve(clone: &Clone<'_>, slug: &str, at: &str, user: &str, mode: &str) -> Ran {
    let folder = clone.world.folder().join("request");
    let _ = std::fs::remove_dir_all(&folder);
    clone.ok(&["approval-request", slug, "--approver", "pavel-priklad", "--write", "../request"]);
    let (text, out) = (folder.join("act.txt").display().to_string(), folder.join("act.asc").display().to_string());
    run(clone.world, at, &["--armor", mode, "--local-user", user, "--output", &out, &text]);
    clone.liaison(&["approve", slug, "--signature", &out])
}

fn letter(world: &RecordRepo) -> (Clone<'_>, String) {
    let carla = world.first("carla-sample", SIGNED);
    let slug = carla.new_letter("Use of ECH in 5G core networks", &[]);
    (carla, slug)
}

#[test]
fn what_gpg_signs_counts_and_gpg_agrees() {
    for (main, subkey) in [
        (&["ed25519", "sign", "never"][..], None),
        (&["rsa3072", "cert", "never"], Some(&["rsa3072", "sign", "never"][..])),
        (&["nistp256", "cert,sign", "2y"], None),
    ] {
        let world = RecordRepo::new();
        let (carla, slug) = letter(&world);
        let fingerprint = new_key(&carla, "pavel-priklad", main, subkey);
        approve(&carla, &slug, "20261124T101500", &fingerprint, "--detach-sign")
            .ended(0)
            .prints("approved by Pavel Příklad for tls, signed");
        assert_eq!(carla.state(&slug), "approved", "{main:?}");
        carla.ok(&["why", &slug, "--format", "json"]).prints(&fingerprint);
        carla.git(&["add", "."]);
        let text = world.file("act.txt", carla.ok(&["act", &slug, "--text"]).stdout);
        let signature = world.file("act.asc", carla.ok(&["act", &slug, "--signature"]).stdout);
        run(&world, "20261124T110000", &["--verify", &signature, &text]);
        let other = world.file("other.txt", std::fs::read_to_string(&text).unwrap().replace("tls", "quic"));
        assert_ne!(
            Ran::of(&mut gpg(&world, "20261124T110000", &["--verify", &signature, &other]), "gpg").code,
            Some(0)
        );
    }
}

#[test]
fn a_signature_that_gpg_wrote_without_armour_counts_as_well() {
    let world = RecordRepo::new();
    let (carla, slug) = letter(&world);
    let pavels = new_key(&carla, "pavel-priklad", &["ed25519", "sign", "never"], None);
    carla.ok(&["approval-request", &slug, "--approver", "pavel-priklad", "--write", "../request"]);
    let (text, out) = (world.folder().join("request/act.txt"), world.folder().join("request/act.txt.sig"));
    let (text, out) = (text.display().to_string(), out.display().to_string());
    run(&world, "20261124T101500", &["--detach-sign", "--local-user", &pavels, "--output", &out, &text]);
    assert!(std::fs::read(&out).unwrap()[0] & 0x80 != 0, "it is no text");
    carla.ok(&["approve", &slug, "--signature", &out]);
    assert_eq!(carla.state(&slug), "approved");
    let text = world.file("act.txt", carla.ok(&["act", &slug, "--text"]).stdout);
    let signature = world.file("act.asc", carla.ok(&["act", &slug, "--signature"]).stdout);
    run(&world, "20261124T110000", &["--verify", &signature, &text]);
}

#[test]
fn the_program_signs_with_gpg_where_the_person_has_no_ssh_key() {
    let world = RecordRepo::new();
    let (carla, slug) = letter(&world);
    new_key(&carla, "pavel-priklad", &["ed25519", "sign", "never"], None);
    let wrapper = world.folder().join("gpg-at");
    common::write_program(
        &wrapper,
        "#!/bin/sh\nexec gpg --batch --pinentry-mode loopback --passphrase '' --faked-system-time 20261124T101500 \"$@\"\n",
    );
    carla.git(&["config", "gpg.program", &wrapper.display().to_string()]);
    carla.being("pavel-priklad").ok(&["approve", &slug]);
    assert_eq!(carla.state(&slug), "approved");
    let notation = carla.ok(&["act", &slug, "--signature"]).stdout;
    assert!(notation.starts_with("-----BEGIN PGP SIGNATURE-----"));
}

#[test]
fn a_subkey_that_had_expired_proves_nothing_until_its_new_life_is_published() {
    let world = RecordRepo::new();
    let (carla, slug) = letter(&world);
    let pavels = new_key(&carla, "pavel-priklad", &["ed25519", "cert", "never"], Some(&["ed25519", "sign", "3m"]));
    let before = carla.standing();
    run(&world, "20260301T000000", &["--quick-set-expire", &pavels, "never", "*"]);
    let told =
        "nothing was recorded: the signature proves nothing: the key was of no use when it signed: it was expired";
    approve(&carla, &slug, "20261124T101500", &pavels, "--detach-sign").ended(1).says(told);
    assert!(carla.standing() == before, "nothing was written");
    let back = approve(&carla, &slug, "20260215T000000", &pavels, "--detach-sign");
    back.ended(1).says("it says that it was made before what it signs");
    publish(&carla, "pavel-priklad", &pavels);
    approve(&carla, &slug, "20261124T101500", &pavels, "--detach-sign").ended(0);
}

#[test]
fn strange_weak_and_revoked_keys_prove_nothing() {
    let world = RecordRepo::new();
    let (carla, slug) = letter(&world);
    let pavels = new_key(&carla, "pavel-priklad", &["ed25519", "sign", "never"], None);
    run(&world, "20260101T000000", &["--quick-generate-key", "stranger@keys.example", "ed25519", "sign", "never"]);
    let stranger = approve(&carla, &slug, "20261124T101500", "stranger@keys.example", "--detach-sign");
    stranger.ended(1).says("none of pavel-priklad's");
    approve(&carla, &slug, "20261124T101500", &pavels, "--clear-sign").ended(1).says("line ends do not count");
    let request = std::fs::read_to_string(world.folder().join("request/request.txt")).unwrap();
    assert!(request.contains("gpg --armor --detach-sign --sig-notation act@liaison.example=7c9e6679-"), "{request}");
    let text = world.folder().join("request/act.txt").display().to_string();
    let out = world.folder().join("act.asc").display().to_string();
    let sign = |more: &[&str]| {
        let _ = std::fs::remove_file(&out);
        let rest = ["--armor", "--detach-sign", "--local-user", &pavels, "--output", &out, &text];
        run(&world, "20261124T101500", &more.iter().copied().chain(rest).collect::<Vec<_>>());
    };
    sign(&["--textmode"]);
    carla.fails(1, &["approve", &slug, "--signature", &out]).says("line ends do not count");
    sign(&["--digest-algo", "SHA1"]);
    carla.fails(1, &["approve", &slug, "--signature", &out]).says("too weak");
    sign(&["--default-sig-expire", "1y"]);
    carla.fails(1, &["approve", &slug, "--signature", &out]).says("it expires, and an act does not");
    sign(&[]);
    let kept = std::fs::read_to_string(world.home().join(format!(".gnupg/openpgp-revocs.d/{pavels}.rev"))).unwrap();
    let revocation = world.file("revoke.asc", kept.replace(":-----BEGIN", "-----BEGIN"));
    run(&world, "20261201T000000", &["--import", &revocation]);
    publish(&carla, "pavel-priklad", &pavels);
    carla.fails(1, &["approve", &slug, "--signature", &out]).says("it was revoked");
}
