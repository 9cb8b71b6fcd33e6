//! The house rules that the compiler does not know: which module may use which, where each library has its home, and
//! that only the command line knows a clock, an environment and a terminal. docs/architecture.md tells why.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test ends where it is wrong"
)]

use std::collections::BTreeSet;
use std::path::Path;

#[path = "house/source.rs"]
mod source;

use source::{Named, Source, read_source, sources};

/// What each module may use of ours, besides itself. A new module needs a row.
const DIRECTIONS: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("findings", &[]),
    ("shape", &["domain", "findings"]),
    ("config", &["domain", "findings", "shape"]),
    ("directory", &["config::toml_tree", "domain", "findings", "shape", "signing"]),
    ("record", &["digest", "domain", "findings", "shape"]),
    ("digest", &["domain"]),
    ("signing", &["domain"]),
    ("policy", &["config", "digest", "directory", "domain", "record", "shape", "signing"]),
    ("rules", &["config", "digest", "directory", "domain", "findings", "policy", "record", "shape"]),
    ("schema", &["config", "directory", "domain", "findings", "record", "shape"]),
    ("store", &["config", "digest", "directory", "domain", "findings", "policy", "record", "rules", "shape"]),
    (
        "check",
        &["config", "digest", "directory", "domain", "findings", "mail", "policy", "record", "rules", "shape", "store"],
    ),
    ("mail", &["config", "digest", "directory", "domain", "findings", "policy", "record", "shape"]),
    (
        "audit",
        &[
            "config",
            "digest",
            "directory",
            "dispatch",
            "domain",
            "findings",
            "policy",
            "record",
            "shape",
            "signing",
            "store",
        ],
    ),
    ("history", &["audit", "domain", "store"]),
    ("dispatch", &["digest", "domain", "findings", "record", "shape", "store"]),
    (
        "cli",
        &[
            "audit",
            "check",
            "config",
            "digest",
            "directory",
            "dispatch",
            "domain",
            "findings",
            "history",
            "mail",
            "policy",
            "record",
            "rules",
            "schema",
            "shape",
            "signing",
            "store",
        ],
    ),
    ("main", &["cli"]),
];

/// Where each library of Cargo.toml has its home. A new library needs a row.
const HOMES: &[(&str, &[&str])] = &[
    ("annotate_snippets", &["cli"]),
    ("anyhow", &["cli", "main"]),
    ("base64", &["mail"]),
    ("chrono", EVERYWHERE),
    ("clap", &["cli", "main"]),
    ("clap_complete", &["cli"]),
    ("comfy_table", &["cli"]),
    ("dialoguer", &["cli"]),
    ("git2", &["history"]),
    ("include_dir", &["cli"]),
    ("indicatif", &["cli"]),
    ("infer", &["store"]),
    ("libc", &["store"]),
    ("mail_builder", &["mail"]),
    ("mail_parser", &["mail"]),
    ("pgp", &["signing"]),
    ("quick_junit", &["cli"]),
    ("rayon", &["audit", "check", "store"]),
    ("rusqlite", &["audit"]),
    ("saphyr_parser", &["record"]),
    ("serde", &["audit", "cli", "mail", "record"]),
    ("serde_json", &["audit", "cli", "mail", "schema"]),
    ("serde_saphyr", &["record"]),
    ("sha2", &["domain"]),
    ("ssh_key", &["signing"]),
    ("similar", &["cli"]),
    ("strsim", &["rules"]),
    ("tempfile", &["cli", "history", "mail", "store"]),
    ("thiserror", EVERYWHERE),
    ("toml", &["config", "directory"]),
    ("toml_edit", &["config", "directory"]),
    ("unicode_normalization", &["rules"]),
    ("uuid", &["cli", "domain", "history"]),
    ("walkdir", &["store"]),
];

/// For a library that any module may use.
const EVERYWHERE: &[&str] = &["*"];

/// The modules at the edge: they alone know a clock, an environment and a terminal.
const EDGE: &[&str] = &["cli", "main"];

/// The most lines a source file has.
const MOST_LINES: usize = 400;

/// What files outside some modules name and should not.
fn strays<'s>(
    sources: &'s [Source],
    home: &'s [&str],
    is_meant: impl Fn(&Named) -> bool + 's,
) -> impl Iterator<Item = &'s Named> {
    let outside = move |source: &&Source| home != EVERYWHERE && !home.contains(&source.module.as_str());
    sources.iter().filter(outside).flat_map(|source| &source.named).filter(move |named| is_meant(named))
}

/// Fails with everything that is wrong.
fn none(faults: &[String], rule: &str) {
    assert!(faults.is_empty(), "{rule}:\n{}", faults.join("\n"));
}

fn told<'s>(strays: impl Iterator<Item = &'s Named>) -> Vec<String> {
    strays.map(ToString::to_string).collect()
}

fn cargo_toml() -> toml::Table {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml");
    std::fs::read_to_string(path).unwrap().parse().unwrap()
}

fn libraries(table: &str) -> BTreeSet<String> {
    cargo_toml()[table].as_table().unwrap().keys().cloned().collect()
}

#[test]
fn modules_use_each_other_in_one_direction() {
    let mut faults = Vec::new();
    for source in sources().iter().filter(|source| source.module != "lib") {
        let Some((_, allowed)) = DIRECTIONS.iter().find(|(module, _)| *module == source.module) else {
            faults.push(format!("{}: the module `{}` has no row in DIRECTIONS", source.file, source.module));
            continue;
        };
        for named in source.named.iter().filter(|named| named.begins("crate") && named.parts.len() > 1) {
            let is_allowed = named.parts[1] == source.module
                || allowed.iter().any(|allowed| named.begins(&format!("crate::{allowed}")));
            if !is_allowed {
                faults.push(format!("{named}, but `{}` may use only {allowed:?}", source.module));
            }
        }
    }
    none(&faults, "a module uses what it should not know (DIRECTIONS in tests/house.rs)");
}

#[test]
fn modules_that_use_each_other_make_no_circle() {
    let mut settled: BTreeSet<&str> = BTreeSet::new();
    while settled.len() < DIRECTIONS.len() {
        let module_of = |allowed: &&str| allowed.split("::").next().unwrap().to_owned();
        let next = DIRECTIONS.iter().find(|(module, allowed)| {
            !settled.contains(module) && allowed.iter().all(|allowed| settled.contains(module_of(allowed).as_str()))
        });
        let (module, _) = next.expect("DIRECTIONS has a circle");
        settled.insert(module);
    }
}

#[test]
fn each_library_has_one_home() {
    let mut faults = Vec::new();
    for (library, home) in HOMES {
        let is_meant = |named: &Named| named.parts[0] == *library && named.parts.len() > 1;
        let strays = told(strays(sources(), home, is_meant));
        faults.extend(strays.into_iter().map(|stray| format!("{stray}, but the home of `{library}` is {home:?}")));
    }
    none(&faults, "a library is used away from its home (HOMES in tests/house.rs)");
}

#[test]
fn each_library_of_cargo_toml_has_a_row_and_each_row_a_library() {
    let known: BTreeSet<String> = HOMES.iter().map(|(library, _)| (*library).to_owned()).collect();
    let used: BTreeSet<String> = libraries("dependencies").iter().map(|name| name.replace('-', "_")).collect();
    assert_eq!(known, used, "HOMES in tests/house.rs (left) and [dependencies] of Cargo.toml (right) differ");
}

#[test]
fn only_the_command_line_knows_the_clock() {
    let clocks = ["Utc::now", "Local::now", "SystemTime::now", "Instant::now"];
    let faults = told(strays(sources(), EDGE, |named| clocks.iter().any(|clock| named.holds(clock))));
    none(&faults, "the present moment comes as an argument; only cli and main ask the clock");
}

#[test]
fn what_is_random_comes_from_outside() {
    let faults = told(strays(sources(), &["cli", "history", "main"], |named| named.holds("Uuid::new_v4")));
    none(&faults, "what is random comes as an argument; only cli makes it, and history for a clone's own id");
}

#[test]
fn only_the_command_line_knows_environment_and_current_folder() {
    let is_meant = |named: &Named| named.begins("std::env") || named.begins("env::var") || named.holds("current_dir");
    let faults = told(strays(sources(), EDGE, is_meant));
    none(&faults, "environment and folders come as arguments; only cli and main read them");
}

#[test]
fn only_the_command_line_speaks() {
    let is_macro = |named: &Named| {
        named.is_macro && ["print", "println", "eprint", "eprintln", "dbg"].iter().any(|name| named.holds(name))
    };
    let streams = ["io::stdin", "io::stdout", "io::stderr"];
    let is_meant = |named: &Named| is_macro(named) || streams.iter().any(|stream| named.holds(stream));
    let faults = told(strays(sources(), EDGE, is_meant));
    none(&faults, "the library returns data; only cli and main print and read a terminal");
}

#[test]
fn judging_reads_no_file_and_starts_no_program() {
    let outside = ["std::fs", "std::net", "std::process"];
    let home = ["cli", "history", "mail", "main", "store"];
    let faults = told(strays(sources(), &home, |named| outside.iter().any(|begin| named.begins(begin))));
    none(&faults, "files, network and programs are for store, history, mail and cli");
}

#[test]
fn files_have_one_subject() {
    let long = |source: &Source| {
        (source.lines > MOST_LINES).then(|| format!("{}:{}: {} lines", source.file, MOST_LINES + 1, source.lines))
    };
    let faults: Vec<String> = sources().iter().filter_map(long).collect();
    none(&faults, &format!("a file has more than {MOST_LINES} lines; split it by subject"));
}

#[test]
fn each_library_is_explained() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/dependencies.md");
    let page = std::fs::read_to_string(path).unwrap();
    let explained: BTreeSet<String> = page
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split_once("` |"))
        .map(|(name, _)| name.to_owned())
        .collect();
    let used: BTreeSet<String> = libraries("dependencies").into_iter().chain(libraries("dev-dependencies")).collect();
    assert_eq!(explained, used, "the rows of docs/dependencies.md (left) and Cargo.toml (right) differ");
}

#[test]
fn the_reader_of_these_rules_sees_what_they_forbid() {
    let text = r##"
        //! std::env::var in a comment
        use std::{env, fs::{self, File}};
        use super::super::domain::text::quote as q;
        pub(crate) fn a<'a>(x: &'a str) -> char {
            let text = "chrono::Utc::now() \" ::";
            let raw = r#"git2::Oid"#;
            println!("{}", 1 != 2);
            x.toml(crate::config::{Settings, tables::At});
            let now = chrono::Utc::now();
            '"'
        }
        #[cfg(test)]
        mod tests {
            use crate::cli::Context;
        }
        fn b() -> super::Standing { Standing { ..Default::default() } }
    "##;
    let named: Vec<String> = read_source("src/policy/state.rs", text)
        .named
        .iter()
        .filter(|named| named.parts.len() > 1 || named.is_macro)
        .map(|named| format!("{}{} {}", named.parts.join("::"), if named.is_macro { "!" } else { "" }, named.line))
        .collect();
    let expected = [
        "std::env 3",
        "std::fs::self 3",
        "std::fs::File 3",
        "crate::domain::text::quote 4",
        "println! 8",
        "crate::config::Settings 9",
        "crate::config::tables::At 9",
        "chrono::Utc::now 10",
        "crate::policy::Standing 17",
        "Default::default 17",
    ];
    assert_eq!(named, expected);
}
