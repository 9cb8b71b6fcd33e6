//! The template of a record is itself a record that checks, and names only commands that exist.

#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "a test ends where it is wrong")]

use std::path::Path;

use assert_cmd::Command;
use clap::CommandFactory as _;
use liaison::cli::Cli;
use liaison::schema::Kind;

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

/// The template tells editors what the program reads. `BLESS=1` writes its schemas anew.
#[test]
fn the_template_s_schemas_are_the_program_s() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("record-template/.schema");
    if std::env::var_os("BLESS").is_some() {
        Command::new(env!("CARGO_BIN_EXE_liaison")).arg("schema").arg("--out").arg(&folder).assert().success();
    }
    for kind in Kind::ALL {
        let kept = std::fs::read_to_string(folder.join(format!("{kind}.json"))).expect("a schema");
        let printed = Command::new(env!("CARGO_BIN_EXE_liaison")).args(["schema", kind.as_str()]).output();
        let printed = printed.expect("the program runs").stdout;
        assert_eq!(kept.as_bytes(), printed, "BLESS=1 cargo test --test template writes {kind}.json anew");
    }
    assert_eq!(std::fs::read_dir(folder).expect("the folder").count(), Kind::ALL.len());
    let alone = tempfile::tempdir().expect("a folder");
    let mut command = Command::new(env!("CARGO_BIN_EXE_liaison"));
    command.args(["schema", "act", "--out"]).arg(alone.path().join("new")).assert().success();
    assert_eq!(std::fs::read_dir(alone.path().join("new")).expect("the new folder").count(), 1);
}

/// Every path pattern of a kind stands in the settings of an editor, with that kind's schema.
#[test]
fn the_template_wires_every_kind_into_editors() {
    let template = Path::new(env!("CARGO_MANIFEST_DIR")).join("record-template");
    let read = |name: &str| std::fs::read_to_string(template.join(name)).expect("the template's file");
    let yaml: serde_json::Value = serde_json::from_str(&read(".vscode/settings.json")).expect("JSON");
    let toml: toml::Table = read(".taplo.toml").parse().expect("TOML");
    let toml = toml["rule"].as_array().expect("rules");
    for kind in Kind::ALL {
        let schema = format!("./.schema/{kind}.json");
        let told: Vec<String> = if kind.is_yaml() {
            let paths = yaml["yaml.schemas"][&schema].as_array().expect("paths").iter();
            paths.map(|path| path.as_str().expect("a path").trim_start_matches('/').to_owned()).collect()
        } else {
            let rule = toml.iter().find(|rule| rule["schema"]["path"].as_str() == Some(&schema)).expect("a rule");
            rule["include"]
                .as_array()
                .expect("paths")
                .iter()
                .map(|path| path.as_str().expect("a path").to_owned())
                .collect()
        };
        assert_eq!(told, kind.paths(), "{kind}");
    }
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
