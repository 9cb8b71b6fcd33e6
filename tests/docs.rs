//! The docs say what the program does: the page of all commands is the program's own help.
//!
//! `BLESS=1 cargo test --test docs` writes the page anew.

#![allow(clippy::expect_used, clippy::panic, reason = "a test ends where it is wrong")]

use std::fmt::Write as _;
use std::path::Path;

use clap::{Command, CommandFactory as _};
use liaison::cli::Cli;
use liaison::findings::Code;

/// The page: every command and subcommand with its help.
fn page() -> String {
    let mut page = String::from(
        "# Commands\n\nThe program's own help, a section a command. Options that all commands share stand at the end.\n",
    );
    let mut root = Cli::command().term_width(100).disable_help_subcommand(true);
    root.build();
    for command in root.get_subcommands().filter(|command| !command.is_hide_set()) {
        section(&mut page, command, "liaison");
    }
    let shared = root.get_arguments().filter(|argument| argument.is_global_set() && !argument.is_hide_set());
    page.push_str("\n## Options of every command\n\n");
    for argument in shared {
        let long = argument.get_long().map(|long| format!("`--{long}`")).unwrap_or_default();
        let help = argument.get_help().map(ToString::to_string).unwrap_or_default();
        writeln!(page, "- {long}: {help}").expect("text");
    }
    page
}

fn section(page: &mut String, command: &Command, parent: &str) {
    let name = format!("{parent} {}", command.get_name());
    let mut shown = command.clone().term_width(100).mut_args(|argument| {
        let is_shared = argument.is_global_set() || argument.get_id() == "help" || argument.get_id() == "version";
        if is_shared { argument.hide(true) } else { argument }
    });
    let help = shown.render_long_help().to_string();
    let lines: Vec<&str> = help.lines().map(str::trim_end).collect();
    writeln!(page, "\n## {name}\n\n```\n{}\n```", lines.join("\n").trim_end()).expect("text");
    for inner in command.get_subcommands().filter(|inner| !inner.is_hide_set() && inner.get_name() != "help") {
        section(page, inner, &name);
    }
}

#[test]
fn the_page_of_commands_is_the_programs_own_help() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/commands.md");
    let page = page();
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, &page).expect("the page is written");
    }
    let written = std::fs::read_to_string(&path).expect("docs/commands.md exists");
    let differing = written.lines().zip(page.lines()).find(|(written, now)| written != now);
    assert!(
        written == page,
        "docs/commands.md is old (BLESS=1 cargo test --test docs); first difference: {differing:?}"
    );
}

#[test]
fn every_command_has_help_with_examples() {
    let root = Cli::command();
    for command in root.get_subcommands() {
        let examples = command.get_after_help().map(ToString::to_string).unwrap_or_default();
        assert!(examples.contains("Examples:"), "`liaison {}` has no examples", command.get_name());
        assert!(command.get_about().is_some(), "`liaison {}` does not say what it is for", command.get_name());
    }
}

#[test]
fn every_page_of_a_rule_belongs_to_a_rule() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/rules");
    for entry in std::fs::read_dir(folder).expect("docs/rules/") {
        let name = entry.expect("an entry").file_name().to_string_lossy().into_owned();
        let code = name.trim_end_matches(".md");
        assert!(Code::parse(code).is_ok(), "docs/rules/{name} is about no rule");
    }
}

#[test]
fn links_between_pages_lead_somewhere() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut pages = vec![root.join("README.md")];
    let entries = std::fs::read_dir(root.join("docs")).expect("docs/");
    pages.extend(
        entries
            .map(|entry| entry.expect("an entry").path())
            .filter(|path| path.extension().is_some_and(|ending| ending == "md")),
    );
    for page in pages {
        let text = std::fs::read_to_string(&page).expect("a page");
        for target in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let target = target.split('#').next().unwrap_or_default();
            if target.is_empty() || target.contains("://") {
                continue;
            }
            let path = page.parent().expect("a folder").join(target);
            assert!(path.exists(), "{}: the link to {target} leads nowhere", page.display());
        }
    }
}

/// The tests of tests/audit, as `module::name`.
fn audit_tests(root: &Path) -> std::collections::BTreeSet<String> {
    let entries = std::fs::read_dir(root.join("tests/audit")).expect("tests/audit");
    let mut tests = std::collections::BTreeSet::new();
    for path in entries.map(|entry| entry.expect("an entry").path()) {
        let module = path.file_stem().expect("a name").to_string_lossy().into_owned();
        let text = std::fs::read_to_string(&path).expect("a file");
        let named = text.split("#[test]\nfn ").skip(1).filter_map(|rest| rest.split('(').next());
        tests.extend(named.map(|name| format!("{module}::{name}")));
    }
    tests
}

#[test]
fn the_threat_model_names_every_test_of_the_audit_and_no_other() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = std::fs::read_to_string(root.join("docs/threat-model.md")).expect("docs/threat-model.md");
    let quoted = page.split('`').skip(1).step_by(2);
    let named: std::collections::BTreeSet<String> =
        quoted.filter(|text| text.contains("::")).map(str::to_owned).collect();
    let there = audit_tests(root);
    let only_one: Vec<&String> = named.symmetric_difference(&there).collect();
    assert!(only_one.is_empty(), "only docs/threat-model.md or only tests/audit has {only_one:?}");
}
