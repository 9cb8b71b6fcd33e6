//! Checkpoints: signed with a person's key, accepted by OpenSSH, and false once a history was rewritten.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test ends where it is wrong"
)]

mod common;

use common::{Clone, DIRECT, Ran, RecordRepo};

/// Rob's clone, with a key that the mainline knows, and a checkpoint of it.
fn checkpoint(world: &RecordRepo) -> (Clone<'_>, String, String) {
    let rob = world.clone_of("rob-registrar");
    let key = rob.new_key("rob-registrar", &["ed25519"]);
    rob.signs_with(&key);
    rob.git(&["push", "--quiet"]);
    let text = rob.ok(&["checkpoint"]).stdout;
    let file = world.file("checkpoint.txt", &text);
    (rob, text, file)
}

#[test]
fn a_checkpoint_holds_as_long_as_the_history_only_grows() {
    let world = RecordRepo::with_remote(DIRECT);
    let (rob, text, file) = checkpoint(&world);
    rob.ok(&["checkpoint", "--verify", &file]).prints("exactly what the checkpoint says");
    rob.new_letter("Use of ECH in 5G core networks", &[]);
    let fresh = world.clone_of("carla-sample");
    fresh.ok(&["checkpoint", "--verify", &file]).prints("only grown since: by 1 commit");

    // As it comes back from a list's archive: as a mail, quoted, with other line ends.
    let quoted: String = text.lines().map(|line| format!("> {line}\r\n")).collect();
    let mail = format!(
        "From: rob@networks.example\r\nSubject: checkpoint\r\nMIME-Version: 1.0\r\n\
         Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n\
         Dear all,\r\n\r\n{}\r\n-- \r\nRob\r\n",
        text.replace('=', "=3D").replace('\n', "\r\n")
    );
    for (name, came) in [("quoted.txt", quoted), ("checkpoint.eml", mail)] {
        fresh.ok(&["checkpoint", "--verify", &world.file(name, came)]).prints("only grown since: by 1 commit");
    }

    let signed = text.split_once("-----BEGIN").map(|(text, _)| text.trim_end().to_owned() + "\n").unwrap();
    let block = text[text.find("-----BEGIN").unwrap()..].to_owned();
    let allowed =
        fresh.ok(&["export", "allowed-signers"]).stdout.replace("namespaces=\"", "namespaces=\"liaison-checkpoint@*,");
    let allowed = world.file("allowed", allowed);
    let (signed, block) = (world.file("signed.txt", signed), world.file("block.sig", block));
    let space = "liaison-checkpoint@7c9e6679-7425-40de-944b-e07fc1f90ae7";
    let mut openssh = world.command("ssh-keygen");
    openssh.args(["-Y", "verify", "-f", &allowed, "-I", "rob-registrar", "-n", space, "-s", &block]);
    openssh.arg("-Overify-time=20261124120000Z").stdin(std::fs::File::open(signed).unwrap());
    Ran::of(&mut openssh, "ssh-keygen").ended(0).prints("Good");
}

#[test]
fn a_history_that_was_rewritten_is_found_out_by_whoever_clones_afterwards() {
    let world = RecordRepo::with_remote(DIRECT);
    let (rob, _, file) = checkpoint(&world);
    rob.git(&["commit", "--quiet", "--amend", "-m", "As if nothing had been"]);
    rob.git(&["push", "--quiet", "--force"]);
    rob.fails(1, &["checkpoint", "--verify", &file]).says("the history was rewritten");
    let fresh = world.clone_of("carla-sample");
    fresh.fails(1, &["checkpoint", "--verify", &file]).says("the history was rewritten");
}

#[test]
fn what_was_changed_or_comes_from_elsewhere_proves_nothing() {
    let world = RecordRepo::with_remote(DIRECT);
    let (rob, text, _) = checkpoint(&world);
    let other = "00000000-0000-4000-8000-000000000000";
    let unsigned = text.split("-----BEGIN").next().unwrap().to_owned();
    for (changed, told) in [
        (text.replace("commits: 2", "commits: 3"), "proves nothing"),
        (text.replace("by: rob-registrar", "by: pavel-priklad"), "holds no key of pavel-priklad"),
        (text.replace("7c9e6679-7425-40de-944b-e07fc1f90ae7", other), "is of the record"),
        (unsigned, "bears no signature"),
        ("x\n-----BEGIN SSH SIGNATURE-----\n".to_owned(), "this is no checkpoint"),
        (String::new(), "this is no checkpoint"),
    ] {
        assert_ne!(changed, text);
        rob.fails(1, &["checkpoint", "--verify", &world.file("changed.txt", changed)]).says(told);
    }
    let carla = world.clone_of("carla-sample");
    carla.fails(1, &["checkpoint"]).says("nothing without a signature: the directory holds no key of carla-sample");
    let shallow = world.folder().join("shallow");
    let remote = format!("file://{}", world.remote().display());
    world.git(world.folder(), &["clone", "--quiet", "--depth", "1", &remote, &shallow.display().to_string()]);
    let mut ran = carla.command(&[
        "-C",
        &shallow.display().to_string(),
        "checkpoint",
        "--verify",
        &world.file("good.txt", &text),
    ]);
    Ran::of(&mut ran, "in a shallow clone").ended(1).says("git fetch --unshallow");
}
