//! The template of a record is itself a record that checks, and names only commands that exist.

#![allow(clippy::expect_used, clippy::panic, reason = "a test ends where it is wrong")]

use std::path::Path;

use assert_cmd::Command;
use clap::CommandFactory as _;
use liaison::cli::Cli;

#[test]
fn the_template_checks() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_liaison"));
    command.current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("record-template"));
    let output = command.args(["check", "--format", "json"]).output().expect("the program runs");
    let told = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{told}");
    assert_eq!(told.matches("\"code\"").count(), 1, "only that it has no id of its own yet: {told}");
    assert!(told.contains("record-id-template"), "{told}");
}

#[test]
fn pages_and_help_name_only_commands_that_exist() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let commands: Vec<String> = Cli::command().get_subcommands().map(|command| command.get_name().to_owned()).collect();
    let mut faults = Vec::new();
    for page in
        ["README.md", "record-template/README.md", "docs/getting-started.md", "docs/approval.md", "docs/flows.md"]
    {
        let text = std::fs::read_to_string(root.join(page)).expect("a page");
        let named = text.split("liaison ").skip(1).filter_map(|rest| rest.split_whitespace().next());
        let code =
            |word: &&str| text.contains(&format!("`liaison {word}")) || text.contains(&format!("\nliaison {word}"));
        for word in named.filter(code) {
            let word = word.trim_end_matches(['`', ',', '.', ')', ';', ':', '\'']);
            if word.chars().all(|c| c.is_ascii_lowercase() || c == '-') && !commands.iter().any(|known| known == word) {
                faults.push(format!("{page}: `liaison {word}` is no command"));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
