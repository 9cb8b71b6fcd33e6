//! Every rule's page in docs/rules/ is a test: its first example fires the rule, its second one does not. What only a history
//! tells names its tests in tests/audit.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test ends where it is wrong"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use liaison::check::{Whole, letter_files};
use liaison::digest::content_digest;
use liaison::domain::{Digest, Instant, StatementName};
use liaison::findings::{Code, Severity};
use liaison::record::parse_statement;
use liaison::shape::Sink;
use liaison::store::{Files, Memory, Record, WorkTree};

/// The record that every example is added to: invented people and bodies.
fn base() -> Memory {
    let mut memory = Memory::default();
    let example = WorkTree::new(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/cli/example"));
    for entry in example.list().unwrap() {
        if let Some(bytes) = example.read(&entry.path).unwrap().filter(|_| entry.path.starts_with("directory/")) {
            memory.files.insert(entry.path, bytes);
        }
    }
    memory.files.insert("liaison.toml".into(), include_bytes!("rules-base.toml").to_vec());
    memory
}

/// The files and links of an example.
#[derive(Default)]
struct Blocks {
    files: BTreeMap<String, Vec<u8>>,
    links: BTreeSet<String>,
}

impl Blocks {
    fn is_empty(&self) -> bool {
        self.files.is_empty() && self.links.is_empty()
    }
}

/// The code blocks below a heading that name a path: ```` ```yaml drafts/x.yaml ````. In a block of `bytes`, `\xNN` is a
/// byte; a block ```` ```link PATH ```` is a link at that path, its text where the link leads.
fn blocks(page: &str, heading: &str) -> Blocks {
    let section = page.split("\n## ").find(|section| section.starts_with(heading)).unwrap_or_default();
    let mut blocks = Blocks::default();
    let mut lines = section.lines();
    while let Some(line) = lines.next() {
        let Some((kind, path)) = line.strip_prefix("```").and_then(|info| info.split_once(' ')) else { continue };
        let body: Vec<&str> = lines.by_ref().take_while(|line| !line.starts_with("```")).collect();
        let text = body.join("\n") + "\n";
        match kind {
            "link" => drop(blocks.links.insert(path.to_owned())),
            "bytes" => drop(blocks.files.insert(path.to_owned(), unescaped(&text))),
            _ => drop(blocks.files.insert(path.to_owned(), text.into_bytes())),
        }
    }
    blocks
}

/// The bytes of a text in which `\xNN` stands for one.
fn unescaped(text: &str) -> Vec<u8> {
    let mut parts = text.split("\\x");
    let mut bytes = parts.next().unwrap_or_default().as_bytes().to_vec();
    for part in parts {
        bytes.push(u8::from_str_radix(&part[..2], 16).expect("two hexadecimal digits"));
        bytes.extend_from_slice(&part.as_bytes()[2..]);
    }
    bytes
}

/// Adds an example; `<content of STEM>` stands for the digest of a letter, `<preview of STEM>` for that of the message made of
/// it, `<sha256 of PATH>` for that of a file.
fn with_example(blocks: &Blocks) -> Memory {
    let files = &blocks.files;
    let mut memory = base();
    memory.files.extend(files.clone());
    memory.links.extend(blocks.links.iter().cloned());
    for path in files.keys() {
        let hashed = |text: &str| {
            replace(text, "<sha256 of ", |path| {
                Digest::of(files.get(path).unwrap_or_else(|| panic!("no block {path}")))
            })
        };
        rewrite(&mut memory, path, hashed);
    }
    for path in files.keys() {
        let letters = memory.clone();
        let digested = |text: &str| {
            replace(text, "<content of ", |stem| {
                let path = format!("{stem}.yaml");
                let letter = parse_statement(&letters.files[&path], &mut Sink::new(&path)).unwrap();
                content_digest(&letter.value.content)
            })
        };
        rewrite(&mut memory, path, digested);
    }
    let letters = memory.clone();
    for path in files.keys() {
        rewrite(&mut memory, path, |text| replace(text, "<preview of ", |stem| preview(&letters, stem)));
    }
    memory
}

/// The digest of the message made of a letter, as an approval names it.
fn preview(memory: &Memory, stem: &str) -> Digest {
    let record = Record::open(memory).unwrap();
    let whole = Whole::read(&record).unwrap();
    let name = StatementName::parse(stem.rsplit('/').next().unwrap()).unwrap();
    let files = letter_files(&record, &name).unwrap();
    whole.prepared(&whole.corpus.letters[&name], &files, now()).preview_digest().unwrap()
}

fn now() -> Instant {
    Instant::parse("2026-11-24T12:00:00Z").unwrap().unwrap()
}

/// Changes the text of a file; what is no text stays.
fn rewrite(memory: &mut Memory, path: &str, change: impl Fn(&str) -> String) {
    let bytes = memory.files.get_mut(path).unwrap();
    if let Ok(text) = std::str::from_utf8(bytes) {
        *bytes = change(text).into_bytes();
    }
}

fn replace(text: &str, opening: &str, digest: impl Fn(&str) -> Digest) -> String {
    let mut replaced = text.to_owned();
    while let Some(start) = replaced.find(opening) {
        let end = start + replaced[start..].find('>').expect("a closing >");
        let of = digest(&replaced[start + opening.len()..end]).to_string();
        replaced.replace_range(start..=end, &of);
    }
    replaced
}

/// The codes found in an example, with their severities and places.
fn found(blocks: &Blocks) -> Vec<(Code, Severity, String)> {
    let memory = with_example(blocks);
    let record = Record::open(&memory).unwrap();
    let findings = Whole::read(&record).unwrap().check(now()).unwrap();
    findings
        .into_iter()
        .map(|finding| (finding.code, finding.severity, format!("{}: {}", finding.place, finding.message)))
        .collect()
}

#[test]
fn every_rule_fires_on_its_example_and_not_on_its_neighbour() {
    let mut faults = Vec::new();
    for code in Code::ALL.iter().filter(|code| !code.is_of_history()) {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("docs/rules/{code}.md"));
        let Ok(page) = std::fs::read_to_string(&path) else {
            faults.push(format!("{code}: docs/rules/{code}.md does not exist"));
            continue;
        };
        if !page.starts_with(&format!("# {code}\n")) {
            faults.push(format!("{code}: the page's first line is not `# {code}`"));
        }
        let (fires, silent) = (blocks(&page, "Fires"), blocks(&page, "Stays silent"));
        if fires.is_empty() || silent.is_empty() {
            faults.push(format!("{code}: an example is missing (`## Fires`, `## Stays silent`)"));
            continue;
        }
        let on_fault = found(&fires);
        if !on_fault.iter().any(|(found, _, _)| found == code) {
            faults.push(format!("{code}: does not fire on its example, which gives {on_fault:?}"));
        }
        let on_neighbour = found(&silent);
        if on_neighbour.iter().any(|(found, _, _)| found == code) {
            faults.push(format!("{code}: fires on its neighbour: {on_neighbour:?}"));
        }
        let stray: Vec<_> = on_neighbour.iter().filter(|(_, severity, _)| *severity == Severity::Error).collect();
        if !stray.is_empty() {
            faults.push(format!("{code}: the neighbour has other errors: {stray:?}"));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// The tests of a page: `module::name` in `tests/audit`, one a line.
fn tests_of(page: &str) -> Vec<String> {
    let section = page.split("\n## Tests\n").nth(1).unwrap_or_default();
    section.lines().filter_map(|line| line.strip_prefix("- `")?.strip_suffix('`').map(str::to_owned)).collect()
}

#[test]
fn every_rule_of_the_history_names_tests_that_show_it_on_a_history() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut faults = Vec::new();
    for code in Code::ALL.iter().filter(|code| code.is_of_history()) {
        let page = code.page();
        for wanted in [format!("# {code}\n"), "\n## Fires\n".into(), "\n## Stays silent\n".into()] {
            if !page.contains(&wanted) {
                faults.push(format!("{code}: its page has no `{}`", wanted.trim()));
            }
        }
        let tests = tests_of(page);
        if tests.is_empty() {
            faults.push(format!("{code}: its page names no test below `## Tests`"));
        }
        for test in tests {
            let (module, name) = test.split_once("::").unwrap_or_default();
            let file = std::fs::read_to_string(root.join(format!("tests/audit/{module}.rs"))).unwrap_or_default();
            match file.split(&format!("fn {name}()")).nth(1).and_then(|rest| rest.split("\n}\n").next()) {
                None => faults.push(format!("{code}: tests/audit has no test {test}")),
                Some(body) if !body.contains(code.as_str()) && !file.contains(&format!("\"error {code}\"")) => {
                    faults.push(format!("{code}: {test} does not look for it"));
                }
                Some(_) => {}
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
