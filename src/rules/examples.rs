//! Letters of a small record, for the tests of rules: the example's directory, the settings of the rules' pages.

use std::path::Path;

use super::{Case, judge};
use crate::config::{Settings, parse_config};
use crate::directory::{Directory, parse_group, parse_list, parse_person};
use crate::domain::{Instant, StatementName};
use crate::findings::Finding;
use crate::policy::{Roots, Threads};
use crate::record::{Corpus, Letter, parse_act, parse_statement, parse_stub};
use crate::shape::Sink;

/// What is found on 2026-11-24 in the letters of some files; a letter stands before its acts.
pub(super) fn findings(files: &[(&str, &str)]) -> Vec<Finding> {
    let (settings, directory, corpus) = (settings(), directory(), corpus(files));
    let threads = Threads::of(corpus.letters.values(), |name| corpus.resolve(name));
    let now = Instant::parse("2026-11-24T12:00:00Z").unwrap().unwrap();
    let roots = Roots::default();
    let case = |letter| Case {
        letter,
        files: &[],
        corpus: &corpus,
        threads: &threads,
        directory: &directory,
        settings: &settings,
        mailing: None,
        roots: &roots,
        now,
    };
    corpus.letters.values().flat_map(|letter| judge(&case(letter))).collect()
}

/// Whether a code is among what is found in the letters of some files.
pub(super) fn fires(code: &str, files: &[(&str, &str)]) -> bool {
    findings(files).iter().any(|finding| finding.code.as_str() == code)
}

fn settings() -> Settings {
    let toml = include_bytes!("../../tests/rules-base.toml");
    parse_config(toml, &mut Sink::new("liaison.toml")).unwrap().value
}

fn directory() -> Directory {
    let mut directory = Directory::default();
    for kind in ["groups", "people", "lists"] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/cli/example/directory").join(kind);
        for entry in std::fs::read_dir(folder).unwrap() {
            let file = entry.unwrap().path();
            let name = file.file_stem().unwrap().to_str().unwrap().to_owned();
            let (bytes, path) = (std::fs::read(&file).unwrap(), format!("directory/{kind}/{name}.toml"));
            let sink = &mut Sink::new(&path);
            match kind {
                "groups" => drop(directory.groups.insert(name, parse_group(&bytes, sink).unwrap().into())),
                "people" => drop(directory.people.insert(name, parse_person(&bytes, sink).unwrap().into())),
                _ => drop(directory.lists.insert(name, parse_list(&bytes, sink).unwrap().into())),
            }
        }
    }
    directory
}

fn corpus(files: &[(&str, &str)]) -> Corpus {
    let mut corpus = Corpus::default();
    for (path, text) in files {
        let sink = &mut Sink::new(path);
        if let Some((stem, _)) = path.split_once("/acts/") {
            let name = StatementName::parse(stem.rsplit('/').next().unwrap()).unwrap();
            let act = parse_act(text.as_bytes(), sink).unwrap();
            corpus.letters.get_mut(&name).unwrap().acts.push(act);
            continue;
        }
        let name = StatementName::parse(path.rsplit('/').next().unwrap().trim_end_matches(".yaml")).unwrap();
        match (parse_stub(text.as_bytes(), sink), &name) {
            (Some(stub), StatementName::Draft(slug)) => drop(corpus.stubs.insert(slug.clone(), stub)),
            _ => {
                let statement = parse_statement(text.as_bytes(), sink).unwrap();
                let (faults, own_faults) = (std::mem::take(&mut sink.findings), 0);
                let letter = Letter::new(name.clone(), statement, Vec::new(), faults, own_faults);
                corpus.letters.insert(name, letter);
            }
        }
    }
    corpus
}
