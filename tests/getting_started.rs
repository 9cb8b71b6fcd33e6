//! The first page a newcomer follows works as it stands: every command of docs/getting-started.md, in its order. It makes a
//! key with ssh-keygen.

#![cfg(unix)]
#![allow(clippy::expect_used, clippy::panic, reason = "a test ends where it is wrong")]

use std::path::Path;
use std::process::Command;

#[test]
fn every_command_of_the_page_works_in_its_order() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = std::fs::read_to_string(root.join("docs/getting-started.md")).expect("the page");
    let blocks = page.split("```sh\n").skip(1).filter_map(|rest| rest.split("```").next());
    let script: String = blocks.collect();
    assert!(script.matches("\nliaison ").count() > 20, "the page lost its commands");
    let folder = tempfile::tempdir().expect("a folder");
    let mail = root.join("fixtures/incoming/plain-text.eml");
    std::fs::copy(&mail, folder.path().join("letter.eml")).expect("the mail that arrives");
    let program = Path::new(env!("CARGO_BIN_EXE_liaison")).parent().expect("a folder");
    let path = format!("{}:{}", program.display(), std::env::var("PATH").unwrap_or_default());
    let output = Command::new("bash")
        .args(["-e", "-u", "-c", &script])
        .current_dir(folder.path())
        .env("PATH", path)
        .env("HOME", folder.path())
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("LIAISON_NOW", "2026-11-24T10:00:00Z")
        .stdin(std::process::Stdio::null())
        .output()
        .expect("bash");
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{told}\n{}", String::from_utf8_lossy(&output.stdout));
    assert!(told.contains("all is well") || !told.contains("errors"), "{told}");
}
