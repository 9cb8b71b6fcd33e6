//! docs/coverage.md is complete and true: every id of the two sources, with a rule, a command, a test or a page that exists.

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr,
    clippy::unwrap_used,
    reason = "a test ends where it is wrong, and says how far the work is"
)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use liaison::findings::Code;

/// How many ids each source has.
const SOURCES: [(&str, u32); 2] = [("LS", 133), ("PR", 36)];

/// The steps that are still to come.
const STEPS: [&str; 5] =
    ["signatures & audit", "pull-request review", "SMTP & arriving mail", "posting rights", "public archive"];

/// One row of the table.
struct Row {
    id: String,
    status: String,
    how: String,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

fn rows() -> Vec<Row> {
    let page = std::fs::read_to_string(root().join("docs/coverage.md")).unwrap();
    let row = |line: &str| {
        let cells: Vec<&str> = line.trim().strip_prefix('|')?.strip_suffix('|')?.split('|').map(str::trim).collect();
        let [id, what, status, how] = cells.as_slice() else { panic!("no four cells: {line}") };
        let is_head = *id == "id" || id.starts_with("---");
        assert!(is_head || !what.is_empty(), "{id} does not say what it is about");
        let status = status.trim_matches('*').to_owned();
        (!is_head).then(|| Row { id: (*id).to_owned(), status, how: (*how).to_owned() })
    };
    page.lines().filter_map(row).collect()
}

/// What stands between backticks.
fn named(text: &str) -> Vec<&str> {
    text.split('`').skip(1).step_by(2).collect()
}

/// Every file of a folder that ends in some way.
fn files(folder: &Path, end: &str) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut found = Vec::new();
    for path in entries.map(|entry| entry.unwrap().path()) {
        if path.is_dir() {
            found.extend(files(&path, end));
        } else if path.to_string_lossy().ends_with(end) {
            found.push(path);
        }
    }
    found
}

/// The names of all functions in tests/ and src/.
fn functions() -> BTreeSet<String> {
    let sources = files(&root().join("src"), ".rs").into_iter().chain(files(&root().join("tests"), ".rs"));
    let mut names = BTreeSet::new();
    for source in sources {
        let text = std::fs::read_to_string(source).unwrap();
        for rest in text.split("fn ").skip(1) {
            names.insert(rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect());
        }
    }
    names
}

/// The file of a command: `liaison mark-sent` is `src/cli/commands/mark_sent.rs`.
fn command_file(command: &str) -> PathBuf {
    root().join(format!("src/cli/commands/{}.rs", command.replace('-', "_")))
}

/// What a name in a row is, if it is anything, and whether that exists.
enum Thing {
    Rule,
    Command { exists: bool },
    Test { exists: bool },
    Page { exists: bool },
    Other,
}

fn thing(name: &str, functions: &BTreeSet<String>) -> Thing {
    if let Some(command) = name.strip_prefix("liaison ") {
        let command = command.split(' ').next().unwrap_or_default();
        return Thing::Command { exists: command_file(command).is_file() };
    }
    if Code::parse(name).is_ok() {
        return Thing::Rule;
    }
    if name.starts_with("docs/") {
        return Thing::Page { exists: root().join(name).is_file() };
    }
    if name.matches('_').count() > 1 {
        return Thing::Test { exists: functions.contains(name) };
    }
    Thing::Other
}

#[test]
fn the_table_has_every_id_once() {
    let listed: Vec<String> = rows().into_iter().map(|row| row.id).collect();
    let all: Vec<String> =
        SOURCES.iter().flat_map(|(source, last)| (1..=*last).map(move |n| format!("{source}-{n:02}"))).collect();
    let missing: Vec<&String> = all.iter().filter(|id| !listed.contains(id)).collect();
    let unknown: Vec<&String> = listed.iter().filter(|id| !all.contains(id)).collect();
    assert!(missing.is_empty() && unknown.is_empty(), "missing: {missing:?}, unknown: {unknown:?}");
    assert_eq!(listed, all, "an id stands twice or in the wrong place");
}

#[test]
fn every_row_names_what_exists() {
    let functions = functions();
    let mut faults = Vec::new();
    for row in rows() {
        let things: Vec<(&str, Thing)> =
            named(&row.how).into_iter().map(|name| (name, thing(name, &functions))).collect();
        for (name, thing) in &things {
            match thing {
                Thing::Command { exists: false } => {
                    faults.push(format!("{}: there is no command `{name}`", row.id));
                }
                Thing::Test { exists: false } => faults.push(format!("{}: there is no test `{name}`", row.id)),
                Thing::Page { exists: false } => faults.push(format!("{}: there is no page `{name}`", row.id)),
                Thing::Other if row.status == "carried" && name.contains('-') => {
                    faults.push(format!("{}: there is no rule `{name}`", row.id));
                }
                Thing::Rule | Thing::Command { .. } | Thing::Test { .. } | Thing::Page { .. } | Thing::Other => {}
            }
        }
        let carries = |thing: &Thing| match thing {
            Thing::Rule => true,
            Thing::Command { exists } | Thing::Test { exists } => *exists,
            Thing::Page { .. } | Thing::Other => false,
        };
        match row.status.as_str() {
            "carried" if !things.iter().any(|(_, thing)| carries(thing)) => {
                faults.push(format!("{}: carried by nothing that exists: {}", row.id, row.how));
            }
            "explained" if !things.iter().any(|(_, thing)| matches!(thing, Thing::Page { exists: true })) => {
                faults.push(format!("{}: explained by no page: {}", row.id, row.how));
            }
            "planned" if !STEPS.iter().any(|step| row.how.starts_with(step)) => {
                faults.push(format!("{}: planned for no step of {STEPS:?}: {}", row.id, row.how));
            }
            "not enforced" if row.how.is_empty() => faults.push(format!("{}: not enforced, and no reason", row.id)),
            "carried" | "explained" | "planned" | "not enforced" => {}
            other => faults.push(format!("{}: `{other}` is no status", row.id)),
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn pages_that_explain_name_what_they_explain() {
    let mut faults = Vec::new();
    for row in rows().into_iter().filter(|row| row.status == "explained") {
        let pages: Vec<String> = named(&row.how)
            .into_iter()
            .filter(|name| name.starts_with("docs/") && *name != "docs/format.md")
            .map(|name| std::fs::read_to_string(root().join(name)).unwrap_or_default())
            .collect();
        if !pages.is_empty() && !pages.iter().any(|page| mentions(page, &row.id)) {
            faults.push(format!("{}: {} does not name it", row.id, row.how));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// Whether a page names an id, or a span of ids around it: `LS-96 to LS-99`.
fn mentions(page: &str, id: &str) -> bool {
    let number = |id: &str| id.get(3..).and_then(|digits| digits.parse::<u32>().ok());
    let words: Vec<&str> =
        page.split(|c: char| !c.is_alphanumeric() && c != '-').filter(|word| !word.is_empty()).collect();
    let spans = words.windows(3).any(|three| match three {
        [from, "to", until] if from.starts_with(&id[..3]) && until.starts_with(&id[..3]) => {
            number(from) <= number(id) && number(id) <= number(until)
        }
        _ => false,
    });
    spans || words.contains(&id)
}

#[test]
fn what_is_planned_is_counted() {
    let planned: Vec<Row> = rows().into_iter().filter(|row| row.status == "planned").collect();
    eprintln!("{} of {} rows of docs/coverage.md are planned", planned.len(), rows().len());
    for step in STEPS {
        eprintln!("  {step}: {}", planned.iter().filter(|row| row.how.starts_with(step)).count());
    }
}
