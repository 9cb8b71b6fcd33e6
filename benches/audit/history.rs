//! An honest history of any length: each commit is signed, and records a letter with a signed act.

use std::path::{Path, PathBuf};
use std::process::Command;

use git2::build::TreeUpdateBuilder;
use git2::{FileMode, Oid, Repository, Signature, Time};
use liaison::digest::act_text;
use liaison::domain::{Act, ActKind, Detail, Instant, RecordId, Text, Word};
use liaison::record::act_yaml;
use liaison::signing::{namespace, sign_invented};

type Fallible<T> = Result<T, Box<dyn std::error::Error>>;

/// After everything in the history.
pub(crate) const NOW: &str = "2027-12-31T10:00:00Z";

/// The key that everybody has: it signs commits and acts.
const PRIVATE: &str = include_str!("../../src/cli/example/keys/ada-example");

/// The record's id, as the settings have it.
const ID: &str = "7c9e6679-7425-40de-944b-e07fc1f90ae7";

/// Ada keeps the record, so that she may bring letters in.
const REGISTRAR: &str = "\n[[role]]\nrole = \"registrar\"\nperson = \"ada-example\"\nsince = 2021-03-11\n";

/// Letters a year.
const PER_YEAR: usize = 400;

/// The first commit's time, in seconds; the others follow a minute apart.
const START: i64 = 1_767_258_000;

/// The history while it grows.
pub(crate) struct History {
    repository: Repository,
    record: RecordId,
    tip: Oid,
    count: usize,
}

impl History {
    /// A record with the example's people, whose author signs, in a folder.
    pub(crate) fn begin(folder: &Path) -> Fallible<Self> {
        let example = Path::new(env!("CARGO_MANIFEST_DIR"));
        let repository = Repository::init_opts(folder, git2::RepositoryInitOptions::new().initial_head("main"))?;
        let mut update = TreeUpdateBuilder::new();
        for file in files(&example.join("src/cli/example/directory"))? {
            let below = file.strip_prefix(example.join("src/cli/example"))?.display().to_string();
            let mut text = std::fs::read(&file)?;
            if below.ends_with("groups/ietf.toml") {
                text.extend_from_slice(REGISTRAR.as_bytes());
            }
            update.upsert(below, repository.blob(&text)?, FileMode::Blob);
        }
        update.upsert("liaison.toml", repository.blob(include_bytes!("../../tests/rules-base.toml"))?, FileMode::Blob);
        let empty = repository.treebuilder(None)?.write()?;
        let tree = update.create_updated(&repository, &repository.find_tree(empty)?)?;
        let tip = commit(&repository, tree, None, 0, "Begin the record")?;
        let ada = std::fs::read_to_string(example.join("src/cli/example/directory/people/ada-example.toml"))?;
        let public = ada.lines().find_map(|line| line.strip_prefix("public = ")).ok_or("a key")?.trim_matches('"');
        let allowed = folder.join(".git/allowed_signers");
        std::fs::write(&allowed, format!("ada namespaces=\"git\" {public}\n"))?;
        for (key, value) in [("gpg.format", "ssh"), ("gpg.ssh.allowedSignersFile", &allowed.display().to_string())] {
            Command::new("git").current_dir(folder).args(["config", key, value]).status()?;
        }
        Ok(Self { repository, record: RecordId::parse(ID)?, tip, count: 0 })
    }

    /// Adds commits, and checks the last one out.
    pub(crate) fn grow(&mut self, more: usize) -> Fallible<()> {
        for _ in 0..more {
            self.count += 1;
            let base = self.repository.find_commit(self.tip)?.tree()?;
            let mut update = TreeUpdateBuilder::new();
            for (path, text) in self.letter()? {
                update.upsert(path, self.repository.blob(text.as_bytes())?, FileMode::Blob);
            }
            let tree = update.create_updated(&self.repository, &base)?;
            self.tip = commit(&self.repository, tree, Some(self.tip), self.count, &format!("receive: {}", self.count))?;
        }
        self.repository.reference("refs/heads/main", self.tip, true, "grow")?;
        self.repository.set_head("refs/heads/main")?;
        self.repository.checkout_head(Some(git2::build::CheckoutBuilder::new().force()))?;
        let folder = self.repository.workdir().ok_or("a work tree")?;
        Command::new("git").current_dir(folder).args(["repack", "-a", "-d", "--quiet"]).status()?;
        Ok(())
    }

    /// A letter of another body, with the act by which Ada recorded it, which she signed.
    fn letter(&self) -> Fallible<Vec<(String, String)>> {
        let (year, serial) = (1990 + self.count / PER_YEAR, self.count % PER_YEAR + 1);
        let name = format!("ls-{year}-{serial:03}");
        let at = Instant::from_unix(START + 60 * i64::try_from(self.count)?).ok_or("a moment")?;
        let mut act = Act::new(ActKind::Receive, Word::parse("ada-example")?.ok_or("a handle")?, at);
        (act.role, act.of) = (Word::parse("registrar")?, Word::parse("ietf")?);
        act.details.insert("via".into(), Detail::text("import")?);
        act.details.insert("key".into(), Detail::text(&format!("https://archive.example/{}", self.count))?);
        let block = sign_invented(PRIVATE, &act_text(&act, &self.record, &name), &namespace(&self.record))?;
        act.signature = Some(Text::parse(&block)?);
        let letter = format!(
            "direction: incoming\ntitle: Question {0}\ndate: {year}-06-01\nfrom: {{groups: [3gpp-sa3]}}\nto: {{groups: [tls]}}\n\
             purpose: for-information\nbody: |\n  Dear colleagues, this is question {0}.\n",
            self.count
        );
        let stem = format!("statements/{year}/{name}");
        Ok(vec![(format!("{stem}.yaml"), letter), (format!("{stem}/acts/{}", act.file_name()), act_yaml(&act)?)])
    }
}

/// A commit, signed for git with the key that everybody has.
fn commit(repository: &Repository, tree: Oid, parent: Option<Oid>, number: usize, message: &str) -> Fallible<Oid> {
    let time = Time::new(START + 60 * i64::try_from(number)?, 0);
    let who = Signature::new("Ada Example", "ada@networks.example", &time)?;
    let parents: Vec<_> = parent.map(|parent| repository.find_commit(parent)).transpose()?.into_iter().collect();
    let parents: Vec<_> = parents.iter().collect();
    let buffer = repository.commit_create_buffer(&who, &who, message, &repository.find_tree(tree)?, &parents)?;
    let text = std::str::from_utf8(&buffer)?;
    let block = sign_invented(PRIVATE, text, "git")?;
    Ok(repository.commit_signed(text, block.trim_end(), Some("gpgsig"))?)
}

fn files(folder: &Path) -> Fallible<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() { found.extend(files(&path)?) } else { found.push(path) }
    }
    found.sort();
    Ok(found)
}
