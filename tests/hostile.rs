//! A record in which almost every file is hostile: each fault gets a finding at its place, all in one run, and nothing
//! crashes, hangs or grows.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test ends where it is wrong"
)]

mod common;

use std::collections::BTreeMap;
use std::process::Command;
use std::time::{Duration, Instant};

use common::{Clone, Ran, RecordRepo, copy_folder, project};
use serde_json::Value;

/// A row of the record's README: a file, and what is said of it.
struct Row {
    file: String,
    wrong: String,
    answer: String,
}

fn rows() -> Vec<Row> {
    let text = std::fs::read_to_string(project("fixtures/hostile/README.md")).unwrap();
    let row = |line: &str| -> Option<Row> {
        let line = line.strip_prefix("| `")?.strip_suffix(" |")?;
        let (file, rest) = line.split_once("` | ")?;
        let (wrong, answer) = rest.rsplit_once(" | ")?;
        Some(Row { file: file.to_owned(), wrong: wrong.to_owned(), answer: answer.to_owned() })
    };
    text.lines().filter_map(row).collect()
}

/// The hostile record in a folder of its own.
fn hostile(world: &RecordRepo) -> Clone<'_> {
    let clone = world.first("rob-registrar", "");
    std::fs::remove_dir_all(&clone.path).unwrap();
    copy_folder(&project("fixtures/hostile"), &clone.path);
    clone
}

/// The program within a gigabyte of memory and a minute.
fn bounded(clone: &Clone<'_>, words: &[&str]) -> Ran {
    let command = clone.command(words);
    let mut shell = Command::new("bash");
    shell.args(["-c", "ulimit -v 1048576; exec timeout 60 \"$@\"", "bash"]).arg(command.get_program()).args(words);
    shell.current_dir(&clone.path).env_clear().stdin(std::process::Stdio::null());
    shell.envs(command.get_envs().filter_map(|(name, value)| value.map(|value| (name, value))));
    let ran = Ran::of(&mut shell, &words.join(" "));
    assert!(!ran.stderr.contains("panicked"), "{words:?}: {}", ran.stderr);
    assert!(ran.code.is_some_and(|code| code < 100), "{words:?} ended with {:?}: {}", ran.code, ran.stderr);
    ran
}

/// The findings of each file.
fn findings(ran: &Ran) -> BTreeMap<String, Vec<Value>> {
    let value: Value = serde_json::from_str(&ran.stdout).expect("JSON");
    let mut all = BTreeMap::<String, Vec<Value>>::new();
    for finding in value["findings"].as_array().unwrap() {
        all.entry(finding["file"].as_str().unwrap().to_owned()).or_default().push(finding.clone());
    }
    all
}

fn with<'f>(findings: &'f [Value], severity: &str) -> Vec<&'f Value> {
    findings.iter().filter(|finding| finding["severity"] == severity).collect()
}

/// Codes of findings about a file as a whole, which have no line.
const WHOLE_FILE: [&str; 5] = ["act-misplaced", "bad-file-name", "empty-file", "symlink", "too-large"];

#[test]
fn every_fault_has_a_finding_at_its_place_in_one_run() {
    let world = RecordRepo::new();
    let record = hostile(&world);
    let before = record.tree();
    let all = findings(&bounded(&record, &["check", "--format", "json"]).ended(1));
    let none = Vec::new();
    let rows = rows();
    assert!(rows.len() > 70, "the README's tables were read");
    for Row { file, wrong, answer } in &rows {
        let told = all.get(file).unwrap_or(&none);
        let (errors, warnings) = (with(told, "error"), with(told, "warning"));
        match answer.as_str() {
            "accepted" | "accepted, escaped" | "never becomes a link" => {
                assert!(errors.is_empty(), "{file} ({wrong}): {errors:?}");
            }
            "warning" => assert!(errors.is_empty() && !warnings.is_empty(), "{file} ({wrong}): {told:?}"),
            _ => assert!(!errors.is_empty(), "{file} ({wrong}): {told:?}"),
        }
        for error in errors {
            let code = error["code"].as_str().unwrap();
            let is_placed = error["line"].as_u64().is_some_and(|line| line > 0);
            assert!(is_placed || WHOLE_FILE.contains(&code), "{file}: no line in {error}");
        }
    }
    let known = |file: &str| rows.iter().any(|row| row.file == file) || file.starts_with("directory/people/");
    let surprising: Vec<&String> = all.keys().filter(|file| !known(file)).collect();
    assert!(surprising.is_empty(), "findings in files that are right: {surprising:?}");
    assert!(record.tree() == before, "check changes nothing");
}

#[test]
fn faults_are_told_in_words_that_help() {
    let world = RecordRepo::new();
    let record = hostile(&world);
    let all = findings(&bounded(&record, &["check", "--format", "json"]).ended(1));
    let told = |file: &str, code: &str| -> String {
        let finding = all[file].iter().find(|finding| finding["code"] == code);
        let finding = finding.unwrap_or_else(|| panic!("{file}: no {code} in {:?}", all[file]));
        format!("{}\n{}", finding["message"].as_str().unwrap(), finding["help"].as_str().unwrap_or_default())
    };
    for (file, code, words) in [
        ("drafts/unknown-key.yaml", "unknown-key", &["titel", "title", "deadline", "attachments"][..]),
        ("drafts/conflict-markers.yaml", "conflict-markers", &["merge"]),
        ("drafts/deadline-february-30.yaml", "invalid-value", &["2026-02-30"]),
        ("drafts/attachment-symlink.yaml", "attachment-missing", &["link to elsewhere"]),
        ("drafts/attachment-other-bytes.yaml", "attachment-hash", &["sha256:"]),
        ("drafts/stub-to-nowhere.yaml", "stub-dangling", &["does not exist"]),
        ("drafts/stub-with-more.yaml", "unknown-key", &["became"]),
        ("drafts/link-overflow.yaml", "invalid-value", &["ls-"]),
        ("directory/groups/unknown-parent.toml", "unknown-parent", &["nowhere"]),
    ] {
        let text = told(file, code);
        for word in words {
            assert!(text.contains(word), "{file}: {word:?} in {text}");
        }
    }
    let hundred = &all["drafts/hundred-faults.yaml"];
    let errors = with(hundred, "error");
    assert!(errors.len() >= 100, "{} errors", errors.len());
    assert!(errors.iter().all(|error| error["line"].as_u64().is_some_and(|line| line > 0)));
}

#[test]
fn each_letter_is_judged_alone_as_well() {
    let world = RecordRepo::new();
    let record = hostile(&world);
    for Row { file, answer, .. } in rows() {
        let is_right = answer.starts_with("accepted") || answer == "warning" || answer.starts_with("never");
        let is_folder_right = ["drafts/act-", "directory/"].iter().any(|start| file.starts_with(start));
        let ran = bounded(&record, &["check", &file]);
        if is_right && !is_folder_right {
            let ran = ran.ended(0);
            assert!(!ran.stdout.contains("error["), "{file}: {}", ran.stdout);
        } else {
            let ran = ran.ended(1);
            assert!(ran.stdout.contains("error["), "{file}: {}", ran.stdout);
        }
    }
}

#[test]
fn nothing_that_drives_a_terminal_is_printed() {
    let world = RecordRepo::new();
    let record = hostile(&world);
    let mut commands = vec![
        vec!["check"],
        vec!["list"],
        vec!["status"],
        vec!["list", "--format", "csv"],
        vec!["list", "--format", "text"],
    ];
    let names: Vec<String> = rows()
        .iter()
        .filter_map(|row| Some(row.file.strip_prefix("drafts/")?.strip_suffix(".yaml")?.to_owned()))
        .collect();
    for name in &names {
        commands.extend([vec!["show", name], vec!["preview", name], vec!["digest", name, "--text"]]);
    }
    for words in commands {
        let ran = bounded(&record, &words);
        for text in [&ran.stdout, &ran.stderr] {
            let driving = text.chars().find(|c| c.is_control() && *c != '\n' && *c != '\t');
            assert_eq!(driving, None, "{words:?}");
            let is_for_programs = words[0] == "digest" || words.contains(&"--format");
            if !is_for_programs {
                assert!(!text.contains('\u{202e}'), "{words:?} turns the reading direction");
            }
        }
    }
}

#[test]
fn three_spellings_of_one_letter_have_one_digest() {
    let world = RecordRepo::new();
    let record = hostile(&world);
    let digest = |name: &str| bounded(&record, &["digest", name]).ended(0).stdout;
    assert_eq!(digest("plain"), digest("crlf"));
    assert_eq!(digest("plain"), digest("bom"));
    assert!(digest("plain").starts_with("sha256:"));
}

#[test]
fn nothing_hostile_is_approved_or_sent() {
    let world = RecordRepo::new();
    let record = hostile(&world);
    record.git(&["init", "--quiet", "--initial-branch=main"]);
    record.git(&["config", "user.name", "Ada Example"]);
    record.git(&["config", "user.email", "ada@networks.example"]);
    record.git(&["add", "."]);
    record.git(&["commit", "--quiet", "-m", "Begin the record"]);
    for Row { file, answer, .. } in rows() {
        let name = file.strip_prefix("drafts/").and_then(|name| name.strip_suffix(".yaml"));
        let Some(name) = name.filter(|name| !name.contains('/') && answer.contains("error")) else { continue };
        let before = record.standing();
        for words in [&["approve", name][..], &["send", name]] {
            let ran = bounded(&record, words);
            assert!(ran.code.is_some_and(|code| code != 0), "{words:?}: {}", ran.stdout);
        }
        assert!(record.standing() == before, "{name}");
    }
}

fn write(record: &Clone<'_>, name: &str, change: impl FnOnce(String) -> String) {
    let plain = std::fs::read_to_string(project("fixtures/hostile/drafts/plain.yaml")).unwrap();
    record.write(&format!("drafts/{name}.yaml"), change(plain));
}

fn in_time<T>(what: &str, run: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let result = run();
    assert!(start.elapsed() < Duration::from_secs(60), "{what} took {:?}", start.elapsed());
    result
}

#[test]
fn large_and_deep_files_stay_within_time_and_memory() {
    let world = RecordRepo::new();
    let record = hostile(&world);
    std::fs::remove_dir_all(record.path.join("drafts")).unwrap();
    let large = "x".repeat(10_000_000);
    write(&record, "large-title", |text| text.replace("title: ", &format!("title: {large}")));
    write(&record, "large-body", |text| format!("{text}\n  {}\n", large.replace("xxxxxxxxxx", "xxxxxxxxx ")));
    write(&record, "deep-flow", |text| format!("{text}tags: {}{}\n", "[".repeat(100_000), "]".repeat(100_000)));
    write(&record, "deep-flow-open", |text| format!("{text}tags: {}\n", "[".repeat(100_000)));
    write(&record, "deep-maps", |text| format!("{text}tags: {}\n", "{a: ".repeat(100_000)));
    write(&record, "deep-lists", |text| format!("{text}tags:\n  {}x\n", "- ".repeat(100_000)));
    write(&record, "many-keys", |text| text + &(0..50_000).map(|key| format!("k{key}: x\n")).collect::<String>());
    write(&record, "many-items", |text| format!("{text}tags: [{}]\n", "x, ".repeat(200_000)));
    write(&record, "many-quotes", |text| format!("{text}tags: \"{}\"\n", "\\n".repeat(200_000)));
    let codes = |all: &BTreeMap<String, Vec<Value>>, name: &str| -> Vec<String> {
        let told = all.get(&format!("drafts/{name}.yaml")).cloned().unwrap_or_default();
        let mut codes: Vec<String> =
            with(&told, "error").iter().map(|finding| finding["code"].as_str().unwrap().to_owned()).collect();
        codes.dedup();
        codes
    };
    let check = || in_time("check", || findings(&bounded(&record, &["check", "--format", "json"]).ended(1)));
    let all = check();
    for name in ["large-title", "large-body"] {
        assert_eq!(codes(&all, name), ["too-large"], "{name}");
    }
    for name in ["deep-flow", "deep-flow-open", "deep-maps", "deep-lists"] {
        let codes = codes(&all, name);
        assert!(codes == ["too-deep"] || codes == ["yaml-syntax"], "{name}: {codes:?}");
    }
    assert!(codes(&all, "many-keys").contains(&"unknown-key".to_owned()));
    record.write("liaison.toml", record.read("liaison.toml") + "\n[limits]\nyaml = 50_000_000\n");
    let all = check();
    for name in ["large-title", "large-body"] {
        assert!(!codes(&all, name).contains(&"too-large".to_owned()), "{name}");
    }
    in_time("list", || bounded(&record, &["list"]));
    for words in [["show", "large-title"], ["show", "large-body"], ["digest", "large-title"], ["digest", "many-keys"]] {
        in_time(&words.join(" "), || bounded(&record, &words));
    }
}

#[test]
fn five_thousand_faulty_letters_are_told_in_one_run() {
    let world = RecordRepo::new();
    let record = hostile(&world);
    std::fs::remove_dir_all(record.path.join("drafts")).unwrap();
    for number in 0..5_000 {
        write(&record, &format!("faulty-{number:04}"), |text| {
            text.replace("purpose: ", "porpoise: ").replace("direction: outgoing", "direction: sideways")
        });
    }
    let ran = in_time("check", || bounded(&record, &["check", "--format", "json"]).ended(1));
    let all = findings(&ran);
    assert_eq!(all.keys().filter(|file| file.starts_with("drafts/faulty-")).count(), 5_000);
    let ran = in_time("check", || bounded(&record, &["check"]).ended(1));
    assert!(ran.stderr.contains("5000 letters checked"), "{}", ran.stderr);
    in_time("list", || bounded(&record, &["list"]));
    in_time("status", || bounded(&record, &["status"]));
    in_time("show", || bounded(&record, &["show", "faulty-0042"]));
}

#[test]
fn links_that_lead_in_circles_or_out_are_not_followed() {
    let world = RecordRepo::new();
    let record = hostile(&world);
    let link = |target: &str, name: &str| std::os::unix::fs::symlink(target, record.path.join(name)).unwrap();
    link(".", "drafts/circle");
    link("/", "statements");
    link("/etc", "drafts/plain");
    link("/dev/zero", "drafts/endless.yaml");
    link("nowhere", "drafts/dangling.yaml");
    link("../liaison.toml", "directory/groups/linked.toml");
    let all = in_time("check", || findings(&bounded(&record, &["check", "--format", "json"]).ended(1)));
    for file in ["drafts/endless.yaml", "drafts/dangling.yaml", "directory/groups/linked.toml"] {
        assert!(all[file].iter().any(|finding| finding["code"] == "symlink"), "{file}: {:?}", all[file]);
    }
    let printed: Vec<&String> =
        all.keys().filter(|file| file.contains("passwd") || file.contains("hostname")).collect();
    assert!(printed.is_empty(), "{printed:?}");
    for folder in ["drafts/circle", "drafts/plain"] {
        assert!(all.keys().any(|file| file == folder), "{folder} is told: {:?}", all.keys());
    }
}

#[test]
fn pipes_and_folders_where_files_belong_do_not_stop_the_run() {
    let world = RecordRepo::new();
    let record = hostile(&world);
    for name in ["drafts/pipe.yaml", "drafts/plain/pipe.txt", "directory/groups/pipe.toml"] {
        std::fs::create_dir_all(record.path.join(name).parent().unwrap()).unwrap();
        let made = world.command("mkfifo").arg(record.path.join(name)).status().unwrap();
        assert!(made.success());
    }
    in_time("check", || bounded(&record, &["check", "--format", "json"]).ended(1));
    in_time("show", || bounded(&record, &["show", "plain"]));
}
