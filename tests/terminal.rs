//! On a terminal a command asks for what is missing; without one it names the flag. `script` of util-linux is the terminal.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test ends where it is wrong"
)]

mod common;

use std::io::Write as _;
use std::process::Stdio;

use common::{Clone, DIRECT, RecordRepo};

/// Runs a command on a terminal and types some answers.
fn typed(clone: &Clone<'_>, args: &[&str], answers: &str) -> String {
    let program = assert_cmd::cargo::cargo_bin("liaison");
    let quoted = args.iter().map(|word| format!("'{word}'")).collect::<Vec<_>>().join(" ");
    let mut command = clone.command(&[]);
    let environment: Vec<_> =
        command.get_envs().map(|(key, value)| (key.to_owned(), value.map(ToOwned::to_owned))).collect();
    command = std::process::Command::new("script");
    command
        .args(["-qec", &format!("{} {quoted}", program.display()), "/dev/null"])
        .current_dir(&clone.path)
        .env_clear();
    for (key, value) in environment {
        command.envs(value.map(|value| (key, value)));
    }
    let mut child = command
        .env("TERM", "xterm")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("script of util-linux");
    let mut input = child.stdin.take().unwrap();
    for line in answers.split_inclusive('\r') {
        std::thread::sleep(std::time::Duration::from_millis(700));
        input.write_all(line.as_bytes()).unwrap();
        input.flush().unwrap();
    }
    let output = child.wait_with_output().unwrap();
    drop(input);
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// A record with a received letter.
fn received(world: &RecordRepo) -> Clone<'_> {
    let rob = world.first("rob-registrar", DIRECT);
    let body = world.file("body.txt", "Please tell us.\n");
    let letter = ["receive", "--from", "3gpp-sa3", "--to", "tls", "--title", "W", "--purpose", "for-action"];
    rob.ok(&[&letter, &["--deadline", "2027-01-01", "--body", &body][..]].concat());
    rob
}

#[test]
fn what_is_missing_is_asked_for() {
    let world = RecordRepo::new();
    let rob = received(&world);
    let told = typed(&rob, &["correct", "001"], "deadline\r2027-01-01\r2027-01-10\rthe PDF says so\r");
    assert!(told.contains("corrected: deadline is 2027-01-10, not 2027-01-01"), "{told}");
    let told = typed(&rob, &["redirect", "001"], "mpls\r");
    assert!(told.contains("redirected to mpls"), "{told}");
    let told = typed(&rob, &["resolve", "001", "--outcome", "declined"], "outside our charter\r");
    assert!(told.contains("resolved, declined"), "{told}");
    let told = typed(&rob, &["new", "--from", "tls"], "\r");
    assert!(told.contains("--to GROUP is empty"), "{told}");
}

#[test]
fn words_that_a_command_cannot_do_without_are_asked_for() {
    let world = RecordRepo::new();
    let rob = received(&world);
    let told = typed(&rob, &["show"], "001\r");
    assert!(told.contains("ls-2026-001") && told.contains("received"), "{told}");
    let told = typed(&rob, &["withdraw"], "001\r");
    assert!(told.contains("another body's letter"), "{told}");
    let told = typed(&rob, &["approve", "--decline"], "too short\r001\r");
    assert!(told.contains("001") && !told.contains("required arguments"), "{told}");
    let told = typed(&rob, &["show"], "\r");
    assert!(told.contains("required arguments were not provided"), "{told}");
    rob.fails(2, &["show"]).says("<ID>").says("required arguments were not provided");
}

#[test]
fn what_is_taken_away_by_law_is_confirmed() {
    let world = RecordRepo::new();
    let rob = received(&world);
    let key = rob.new_key("rob-registrar", &["ed25519"]);
    rob.signs_with(&key);
    let told = typed(&rob, &["redact", "001"], "court order\rn\r");
    assert!(told.contains("ls-2026-001.yaml") && told.contains("nothing was redacted"), "{told}");
    assert_eq!(rob.state("ls-2026-001"), "received");
    let told = typed(&rob, &["redact", "001", "--reason", "court order"], "y\r");
    assert!(told.contains("redacted: 1 file"), "{told}");
    let told = typed(&rob, &["redact", "001", "--reason", "court order"], "");
    assert!(told.contains("is left to redact"), "{told}");
}

#[test]
fn without_a_terminal_the_flag_is_named() {
    let world = RecordRepo::with_remote(DIRECT);
    let carla = world.clone_of("carla-sample");
    let slug = carla.new_letter("ECH in 5G core networks", &[]);
    carla.fails(2, &["withdraw", &slug]).says("Why it is withdrawn is not given").says("add --reason TEXT");
    carla.ok(&["withdraw", &slug, "--reason", "x"]);
    carla.fails(2, &["reopen", &slug]).says("add --reason TEXT");
    carla.ok(&["reopen", &slug, "--reason", "y"]);
    carla.being("ada-example").ok(&["approve", &slug]);
    carla.ok(&["send", &slug]);
    carla.fails(2, &["mark-sent", "001"]).says("not given: --copy FILE or --url URL");
    carla.ok(&["mark-sent", "001", "--copy", "outbox/new/ls-2026-001.eml"]);
    carla.fails(2, &["resend", "001"]).says("add --reason TEXT");
    let world = RecordRepo::new();
    let rob = received(&world);
    rob.fails(2, &["resolve", "001"]).says("add --outcome OUTCOME: one of done, will-be-done");
    rob.fails(2, &["resolve", "001", "--outcome", "will-be-done"]).says("add --until DATE");
    rob.fails(2, &["redirect", "001"]).says("add --to GROUP");
    rob.fails(2, &["correct", "001", "--field", "deadline"])
        .says("not given: --was TEXT, --now-is TEXT, --reason TEXT");
}

#[test]
fn a_file_whose_name_would_command_the_terminal_is_shown_and_not_obeyed() {
    let world = RecordRepo::with_remote(DIRECT);
    let clone = world.clone_of("rob-registrar");
    clone.write("drafts/\u{1b}[31mred\nerror: none.yaml", "title: x\n");
    for format in ["table", "text"] {
        let ran = clone.liaison(&["check", "--format", format]).ended(1);
        assert!(!ran.stdout.contains('\u{1b}'), "{:?}", ran.stdout);
        assert!(!ran.stdout.lines().any(|line| line.starts_with("error: none")), "{}", ran.stdout);
        assert!(ran.stdout.contains("\\u{1b}[31mred"), "{}", ran.stdout);
    }
}

#[test]
fn a_root_is_signed_by_whoever_answers_that_it_is_the_one_they_mean() {
    let world = RecordRepo::with_remote(DIRECT);
    let (ada, carla) = (world.clone_of("ada-example"), world.clone_of("carla-sample"));
    let keys = ["ada-example", "carla-sample"].map(|person| ada.new_key(person, &["ed25519"]));
    ada.git(&["push", "--quiet"]);
    carla.git(&["pull", "--quiet", "--rebase"]);
    ada.signs_with(&keys[0]);
    carla.signs_with(&keys[1]);
    let holders = ["--holder", "ada-example=ada-example", "--holder", "carla-sample=carla-sample"];
    ada.ok(&[&["trust", "init"], &holders[..]].concat());
    carla.git(&["pull", "--quiet", "--rebase"]);
    let refused = typed(&carla, &["trust", "sign"], "n");
    assert!(refused.contains("digest sha256:") && refused.contains("nothing was written"), "{refused}");
    let signed = typed(&carla, &["trust", "sign"], "y");
    assert!(signed.contains("it is complete"), "{signed}");
}
