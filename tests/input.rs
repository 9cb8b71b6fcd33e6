//! What people hand over by mistake: files that never end, too large ones, names and values that do not fit.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test ends where it is wrong"
)]

mod common;

use std::time::Duration;

use assert_cmd::Command;
use common::{Clone, DIRECT, RecordRepo};

const NEW: [&str; 9] =
    ["new", "--from", "tls", "--to", "3gpp-sa3", "--title", "Any title", "--purpose", "for-information"];

fn new_with<'a>(more: &[&'a str]) -> Vec<&'a str> {
    NEW.iter().copied().chain(more.iter().copied()).collect()
}

/// Runs the program with bytes on standard input; it has half a minute.
#[track_caller]
fn fed(clone: &Clone<'_>, args: &[&str], stdin: &[u8], code: i32) -> String {
    let mut command = Command::from_std(clone.command(args));
    let output = command.timeout(Duration::from_secs(30)).write_stdin(stdin.to_vec()).output().unwrap();
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(code), "{told}");
    told
}

#[test]
fn what_is_no_regular_file_is_refused_at_once() {
    let world = RecordRepo::new();
    let rob = world.first("rob-registrar", DIRECT);
    let before = rob.standing();
    let fifo = world.folder().join("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&fifo).status().unwrap().success());
    let fifo = fifo.display().to_string();
    for args in [
        new_with(&["--attach", &fifo]),
        new_with(&["--body", &fifo]),
        new_with(&["--attach", "/dev/zero"]),
        vec!["receive", "/dev/zero"],
        vec!["receive", &fifo],
    ] {
        assert!(fed(&rob, &args, b"", 2).contains("is no regular file"));
    }
    rob.fails(2, &new_with(&["--attach", "directory"])).says("directory is a folder");
    rob.fails(2, &new_with(&["--body", "absent.txt"])).says("holds no such file").says("rob-registrar");
    assert_eq!(rob.standing(), before);
}

#[test]
fn what_is_too_large_is_refused_before_anything_is_written() {
    let world = RecordRepo::new();
    let rob = world.first("rob-registrar", "\n[limits]\nattachment = 1000\nstatement = 1500\nyaml = 2000\n");
    let before = rob.standing();
    let large = world.file("large.bin", vec![7; 1001]);
    let (one, two) = (world.file("one.bin", vec![7; 800]), world.file("two.bin", vec![7; 800]));
    rob.fails(1, &new_with(&["--attach", &large]))
        .says("has 1001 bytes, allowed are 1000")
        .says("link it by its url and sha256");
    rob.fails(1, &new_with(&["--attach", &one, "--attach", &two])).says("have 1600 bytes together, allowed are 1500");
    let text = world.file("text.txt", "a\n".repeat(999));
    rob.fails(1, &new_with(&["--body", &text])).says("the letter has more than 2000 bytes");
    let told = fed(&rob, &new_with(&["--body", "-"]), &[b'a'; 3000], 1);
    assert!(told.contains("standard input has more than 2000 bytes"), "{told}");
    let told = fed(&rob, &["receive", "-"], &[b'a'; 3000], 1);
    assert!(told.contains("standard input has more than 2250 bytes"), "{told}");
    assert_eq!(rob.standing(), before);
    let id = rob.ok(&new_with(&["--attach", &one])).stdout.trim().to_owned();
    rob.fails(1, &["edit", &id, "--attach", &two]).says("have 1600 bytes together");
    rob.ok(&["edit", &id, "--attach", &two, "--detach", "one.bin"]);
}

/// A mail from SA3 to tls.
fn mail(subject: &str, more: &str, body: &str) -> String {
    format!(
        "From: Sam Sample <sa3-chair@3gpp.example>\r\nTo: tls@ietf.example\r\nSubject: {subject}\r\nDate: Mon, 23 Nov 2026 10:00:00 +0000\r\nMessage-ID: <m1@3gpp.example>\r\n{more}\r\n{body}"
    )
}

const RECEIVE: [&str; 7] = ["--from", "3gpp-sa3", "--to", "tls", "--purpose", "for-information", "--no-push"];

#[test]
fn an_attachment_called_like_the_original_gets_another_name() {
    let world = RecordRepo::new();
    let rob = world.first("rob-registrar", DIRECT);
    let part = |name: &str| {
        format!(
            "--b\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename=\"{name}\"\r\n\r\n%PDF-1.4 {name}\r\n"
        )
    };
    let body = format!("{}{}{}--b--\r\n", part("original.eml"), part("acts"), part("sent-copy.eml"));
    let bytes = mail("LS", "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n", &body);
    let file = world.file("ls.eml", &bytes);
    let id = rob.ok(&[&["receive", &file][..], &RECEIVE].concat()).stdout.trim().to_owned();
    let names = rob.names(&format!("statements/2026/{id}"));
    assert_eq!(names, ["acts", "file-acts", "file-original.eml", "file-sent-copy.eml", "original.eml"]);
    assert_eq!(rob.read(&format!("statements/2026/{id}/original.eml")), bytes);
    let checked = rob.liaison(&["check", &id]);
    assert!(!checked.stdout.contains("attached twice") && !checked.stdout.contains("error["), "{}", checked.stdout);
}

#[test]
fn a_subject_of_any_length_can_be_recorded() {
    let world = RecordRepo::new();
    let rob = world.first("rob-registrar", DIRECT);
    let subject = "word ".repeat(40_000);
    let file = world.file("ls.eml", mail(&subject, "", "Dear colleagues\r\n"));
    rob.ok(&[&["receive", &file][..], &RECEIVE].concat());
    let title = "word ".repeat(40_000);
    rob.ok(&["new", "--from", "tls", "--to", "3gpp-sa3", "--title", &title[..100_000], "--purpose", "for-information"]);
    assert!(rob.journal().iter().all(|subject| subject.chars().count() <= 120), "{:?}", rob.journal());
}

#[test]
fn titles_and_files_without_ascii_letters_have_names() {
    let world = RecordRepo::new();
    let rob = world.first("rob-registrar", DIRECT);
    let file = world.file("日本.txt", "text\n");
    let new = ["new", "--from", "tls", "--to", "3gpp-sa3", "--title", "日本語", "--purpose", "for-information"];
    let id = rob.ok(&[&new[..], &["--attach", &file]].concat()).stdout;
    assert_eq!(id.trim(), "letter-1");
    assert_eq!(rob.names("drafts/letter-1"), ["acts", "file.txt"]);
    rob.ok(&new).prints("letter-2");
}

#[test]
fn an_act_that_check_would_call_invalid_is_not_written() {
    let world = RecordRepo::new();
    let rob = world.first("rob-registrar", DIRECT);
    let id = rob.ok(&new_with(&[])).stdout.trim().to_owned();
    let before = rob.standing();
    for text in ["", "  ", "\n"] {
        rob.fails(1, &["comment", &id, text]).says("has no `comment`").says("needs its `comment`");
    }
    assert_eq!(rob.standing(), before);
    for text in ["a", "  a  ", "a\n\n b \n", "true", "日本\tx", "~", "#", " a\n  b"] {
        rob.ok(&["comment", &id, text]);
    }
    rob.ok(&["check", &id]);
}

#[test]
fn narrow_terminals_get_lines_instead_of_columns() {
    let world = RecordRepo::new();
    let rob = world.first("rob-registrar", DIRECT);
    rob.ok(&new_with(&[]));
    rob.with("COLUMNS", "0").ok(&["list"]).prints("STATE");
    for columns in ["1", "3", "39"] {
        let listed = rob.with("COLUMNS", columns).ok(&["list"]);
        assert_eq!(listed.stdout.lines().count(), 1, "{}", listed.stdout);
        rob.with("COLUMNS", columns).liaison(&["check"]).prints("any-title");
    }
}

#[test]
fn refusals_name_the_option_and_the_next_step() {
    let world = RecordRepo::new();
    let rob = world.first("rob-registrar", DIRECT);
    for (option, value) in [
        ("--deadline", "soon"),
        ("--to-contact", "nobody"),
        ("--slug", "A"),
        ("--evidence", "a\nb"),
        ("--consensus", "Rough Consensus"),
        ("--title", "a\nb"),
    ] {
        let new = ["new", "--from", "tls", "--to", "3gpp-sa3", "--purpose", "for-information"];
        let title = ["--title", "Any title"];
        let title = if option == "--title" { &[][..] } else { &title[..] };
        let ran = rob.fails(2, &[&new[..], title, &[option, value]].concat());
        ran.says(&format!("error: {option}: found")).says(&format!("help: give {option} "));
    }
    let word = world.file("ls.docx", [0x50, 0x4b, 3, 4, 0xff]);
    rob.fails(2, &["receive", &word]).says("is no mail").says("--original FILE");
    rob.fails(2, &new_with(&["--body", &word])).says("is not UTF-8").says("help: save it as UTF-8");
    let id = rob.ok(&new_with(&[])).stdout.trim().to_owned();
    let editor = rob.with("EDITOR", "no-such-editor --wait");
    editor.fails(2, &["edit", &id]).says("`no-such-editor --wait` cannot be started").says("set LIAISON_EDITOR");
    std::fs::rename(rob.path.join(".git"), world.folder().join("gone")).unwrap();
    rob.fails(1, &["comment", &id, "text"]).says("is not in a git repository").says("git init; or").says("--no-commit");
}

#[test]
fn one_thing_is_told_as_one() {
    let world = RecordRepo::with_remote(DIRECT);
    let clone = world.clone_of("rob-registrar");
    clone.fails(1, &["undo"]).says("is on origin/main already");
    let id = clone.new_letter("Any title", &[]);
    let told = clone.ok(&["edit", &id, "--set", "title=Another title"]).stderr;
    assert!(!told.contains("1 things"), "{told}");
    clone.write("drafts/broken.yaml", "x: y\n");
    let told = clone.fails(1, &["check"]).stderr;
    assert!(!told.contains(" 1 errors") && !told.contains(" 1 warnings"), "{told}");
}

#[test]
fn an_outbox_has_a_folder_of_its_own() {
    for folder in
        [".", "./", "./drafts", "drafts", "drafts/x", ".git", ".GIT/x", "statements", "../x", "/tmp/x", "a//b"]
    {
        let world = RecordRepo::new();
        let rob = world.first("rob-registrar", &format!("\n[send]\noutbox = \"{folder}\"\n"));
        let checked = rob.fails(1, &["check"]);
        assert!(checked.stdout.contains("expected a folder"), "{folder}: {}", checked.stdout);
    }
    for folder in ["outbox", "outbox/", "mail/out", ".outbox"] {
        let world = RecordRepo::new();
        let rob = world.first("rob-registrar", &format!("\n[send]\noutbox = \"{folder}\"\n"));
        rob.ok(&["check"]);
    }
}

#[test]
fn a_record_begins_in_a_new_or_empty_folder() {
    let world = RecordRepo::with_remote(DIRECT);
    let rob = world.clone_of("rob-registrar");
    let name = |folder: &str| world.folder().join(folder).display().to_string();
    for (folder, code) in [("full", 1), ("empty", 0), ("cloned", 0), ("new/below", 0)] {
        let path = world.folder().join(folder);
        match folder {
            "full" => {
                std::fs::create_dir(&path).unwrap();
                std::fs::write(path.join("thesis.tex"), "text").unwrap();
            }
            "empty" => std::fs::create_dir(&path).unwrap(),
            "cloned" => {
                world.git(world.folder(), &["init", "--quiet", "--bare", "empty.git"]);
                world.git(world.folder(), &["clone", "--quiet", "empty.git", "cloned"]);
            }
            _ => {}
        }
        let ran = rob.being("rob-registrar").with("GIT_CONFIG_COUNT", "2");
        let ran = ran.with("GIT_CONFIG_KEY_0", "user.name").with("GIT_CONFIG_VALUE_0", "Rob Registrar");
        let ran = ran.with("GIT_CONFIG_KEY_1", "user.email").with("GIT_CONFIG_VALUE_1", "rob@ietf.example");
        let ran = ran.fails(code, &["init", &name(folder)]);
        if code == 1 {
            ran.says("is not empty: it holds thesis.tex").says("new or empty folder");
            assert_eq!(std::fs::read_dir(&path).unwrap().count(), 1);
        }
    }
}
