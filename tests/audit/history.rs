//! Builds histories as attackers and honest people make them: with git and ssh-keygen.

#![allow(dead_code, unreachable_pub, reason = "each test uses another part")]

use std::io::Write as _;
use std::path::PathBuf;
use std::process::Stdio;

use liaison::digest::{act_text, content_digest};
use liaison::domain::{Act, ActKind, Detail, Details, Digest, Instant, Line, RecordId, Text, Word};
use liaison::record::{act_yaml, parse_statement};
use liaison::shape::Sink;
use serde_json::Value;

use crate::common::{Clone, Ran, RecordRepo};

/// The id of `tests/rules-base.toml`.
pub const RECORD: &str = "7c9e6679-7425-40de-944b-e07fc1f90ae7";

/// The people who have a key from the beginning.
const KEYS: [&str; 5] = ["ada-example", "pavel-priklad", "felix-exemplaire", "rob-registrar", "carla-sample"];

/// A letter that lacks nothing but its approval.
const LETTER: &str = include_str!("letter.yaml");

/// A history in a clone.
pub struct History<'w> {
    /// The clone.
    pub clone: Clone<'w>,
    /// The root, pinned.
    pub root: String,
}

/// An act as a test wants it, before it is signed.
pub struct Wanted {
    /// The act.
    pub act: Act,
    /// What its signature is bound to.
    pub subject: String,
    /// The record of its namespace.
    pub record: String,
    /// Whose key signs; nobody's, if none.
    pub key: Option<String>,
}

pub fn instant(text: &str) -> Instant {
    Instant::parse(text).unwrap().unwrap()
}

pub fn word(text: &str) -> Word {
    Word::parse(text).unwrap().unwrap()
}

impl<'w> History<'w> {
    /// A record whose root commit, of 2024, holds the example's people with keys.
    pub fn new(world: &'w RecordRepo) -> Self {
        Self::with(world, "")
    }

    /// The same, with settings added.
    pub fn with(world: &'w RecordRepo, settings: &str) -> Self {
        let clone = world.first("rob-registrar", settings);
        let mut history = Self { clone, root: String::new() };
        for person in KEYS {
            history.add_key(person, person);
        }
        history.git_at("2021-03-12T10:00:00Z", &["commit", "--quiet", "--all", "--amend", "-m", "Begin the record"]);
        history.root = history.head();
        history.clone.git(&["config", "liaison.trustRoot", &history.root]);
        history
    }

    /// The clone of somebody who sees the record for the first time, and knows its root.
    pub fn stranger(&self) -> Self {
        let mut clone = self.clone.clone();
        clone.path = clone.world.folder().join("stranger");
        let _ = std::fs::remove_dir_all(&clone.path);
        self.clone.git(&["clone", "--quiet", ".", &clone.path.display().to_string()]);
        clone.git(&["config", "liaison.trustRoot", &self.root]);
        History { clone, root: self.root.clone() }
    }

    pub fn head(&self) -> String {
        self.clone.git(&["rev-parse", "HEAD"])
    }

    /// The private key of a name; made when it is first wanted.
    pub fn key(&self, name: &str) -> PathBuf {
        let path = self.clone.world.folder().join(format!("key-{name}"));
        if !path.exists() {
            let made = path.display().to_string();
            self.run("ssh-keygen", &["-q", "-t", "ed25519", "-N", "", "-C", name, "-f", &made]);
        }
        path
    }

    pub fn public_key(&self, name: &str) -> String {
        let path = self.key(name);
        std::fs::read_to_string(path.with_file_name(format!("key-{name}.pub"))).unwrap().trim().to_owned()
    }

    /// Writes a key into a person's file.
    pub fn add_key(&self, person: &str, key: &str) {
        let path = format!("directory/people/{person}.toml");
        let text = self.clone.read(&path);
        let public = self.public_key(key);
        self.clone
            .write(&path, format!("{text}\n[[key]]\ntype = \"ssh\"\npublic = \"{public}\"\nsince = 2020-01-01\n"));
    }

    pub fn run(&self, program: &str, args: &[&str]) -> String {
        let output = self.clone.world.command(program).current_dir(&self.clone.path).args(args).output().unwrap();
        assert!(output.status.success(), "{program} {args:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).trim_end().to_owned()
    }

    /// Runs git with the author's and the committer's date.
    pub fn git_at(&self, date: &str, args: &[&str]) -> String {
        let mut command = self.clone.world.command("git");
        command.current_dir(&self.clone.path).args(args);
        let output = command.env("GIT_AUTHOR_DATE", date).env("GIT_COMMITTER_DATE", date).output().unwrap();
        assert!(output.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).trim_end().to_owned()
    }

    /// Commits everything at a moment; gives the commit.
    pub fn commit(&self, date: &str) -> String {
        self.git_at(date, &["add", "--all", "--force"]);
        self.git_at(date, &["commit", "--quiet", "--allow-empty", "-m", date]);
        self.head()
    }

    /// Commits everything, signed with a key, under a person's name and address.
    pub fn commit_signed(&self, date: &str, key: &str, person: &str) -> String {
        let (name, address) = crate::common::name_and_address(person);
        let key = self.key(key).display().to_string();
        self.git_at(date, &["add", "--all", "--force"]);
        let signing = format!("user.signingKey={key}");
        let (name, address) = (format!("user.name={name}"), format!("user.email={address}"));
        let config = ["gpg.format=ssh", signing.as_str(), name.as_str(), address.as_str()];
        let mut args: Vec<&str> = config.iter().flat_map(|one| ["-c", one]).collect();
        args.extend(["commit", "--quiet", "-S", "--allow-empty", "-m", "signed"]);
        self.git_at(date, &args);
        self.head()
    }

    /// Writes a draft and commits it.
    pub fn draft(&self, slug: &str, date: &str) {
        self.clone.write(&format!("drafts/{slug}.yaml"), LETTER);
        self.commit(date);
    }

    /// The digest of a letter's content, by its path.
    pub fn content(&self, path: &str) -> Digest {
        let text = self.clone.read(path);
        let letter = parse_statement(text.as_bytes(), &mut Sink::new(path)).unwrap();
        content_digest(&letter.value.content)
    }

    /// An approval of a draft's present content, by a director of tls.
    pub fn approval(&self, slug: &str, by: &str, at: &str) -> Wanted {
        let mut act = Act::new(ActKind::Approve, word(by), instant(at));
        act.role = Some(word("area-director"));
        act.of = Some(word("tls"));
        act.for_groups = vec![word("tls")];
        act.content = Some(self.content(&format!("drafts/{slug}.yaml")));
        Wanted { act, subject: slug.into(), record: RECORD.into(), key: Some(by.into()) }
    }

    /// Signs an act and writes it into a letter's folder; gives its path.
    pub fn write(&self, stem: &str, wanted: Wanted) -> String {
        let mut act = wanted.act;
        if let Some(key) = &wanted.key {
            let record = RecordId::parse(&wanted.record).unwrap();
            let text = act_text(&act, &record, &wanted.subject);
            let signature = self.sign(&text, &format!("liaison-act@{record}"), key);
            act.signature = Some(Text::parse(&signature).unwrap());
        }
        let path = format!("{stem}/acts/{}", act.file_name());
        self.clone.write(&path, act_yaml(&act).unwrap());
        path
    }

    /// Signs a text as `ssh-keygen -Y sign` does.
    pub fn sign(&self, text: &str, namespace: &str, key: &str) -> String {
        let key = self.key(key).display().to_string();
        let mut command = self.clone.world.command("ssh-keygen");
        command.args(["-Y", "sign", "-q", "-n", namespace, "-f", &key]);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success());
        String::from_utf8(output.stdout).unwrap()
    }

    /// Writes an approval and commits it; gives its path.
    pub fn approve(&self, slug: &str, by: &str, at: &str) -> String {
        let path = self.write(&format!("drafts/{slug}"), self.approval(slug, by, at));
        self.commit(at);
        path
    }

    /// Numbers a draft with its folder, and writes the act that says it left.
    pub fn send(&self, slug: &str, number: &str, at: &str) {
        self.number(slug, number);
        let act = self.sending(number, at);
        self.write(
            &stem(number),
            Wanted { act, subject: slug.into(), record: RECORD.into(), key: Some("rob-registrar".into()) },
        );
        self.commit(at);
    }

    /// Moves a draft to a number, and leaves the stub.
    pub fn number(&self, slug: &str, number: &str) {
        let stem = stem(number);
        std::fs::create_dir_all(self.clone.path.join(&stem).parent().unwrap()).unwrap();
        let rename = |from: String, to: String| std::fs::rename(self.clone.path.join(from), self.clone.path.join(to));
        rename(format!("drafts/{slug}.yaml"), format!("{stem}.yaml")).unwrap();
        if self.clone.has(&format!("drafts/{slug}")) {
            rename(format!("drafts/{slug}"), stem).unwrap();
        }
        self.clone.write(&format!("drafts/{slug}.yaml"), format!("became: {number}\n"));
    }

    /// The act by which a letter left.
    pub fn sending(&self, number: &str, at: &str) -> Act {
        let mut act = Act::new(ActKind::Sent, word("rob-registrar"), instant(at));
        act.role = Some(word("registrar"));
        act.of = Some(word("ietf"));
        act.content = Some(self.content(&format!("{}.yaml", stem(number))));
        act.details.insert("via".into(), Detail::text("mail").unwrap());
        act
    }

    /// A signed act that changes files of the directory, the settings or the trust root: what stands in the work tree beside
    /// what the last commit has.
    pub fn governing(&self, kind: ActKind, by: &str, at: &str, paths: &[&str]) -> Wanted {
        let mut act = Act::new(kind, word(by), instant(at));
        act.role = Some(word("registrar"));
        act.of = Some(word("ietf"));
        let changes = paths.iter().map(|path| {
            let mut change = Details::from([("path".to_owned(), Detail::text(path).unwrap())]);
            let mut side = |key: &str, bytes: Option<Vec<u8>>| {
                if let Some(bytes) = bytes {
                    change.insert(key.into(), Detail::text(&Digest::of(&bytes).to_string()).unwrap());
                }
            };
            side("before", self.committed(path));
            side("after", std::fs::read(self.clone.path.join(path)).ok());
            Detail::Map(change)
        });
        act.details.insert("changes".into(), Detail::List(changes.collect()));
        Wanted { act, subject: kind.to_string(), record: RECORD.into(), key: Some(by.into()) }
    }

    /// The bytes of a file as the last commit has it.
    pub fn committed(&self, path: &str) -> Option<Vec<u8>> {
        let mut command = self.clone.world.command("git");
        let output = command.current_dir(&self.clone.path).args(["show", &format!("HEAD:{path}")]).output().unwrap();
        output.status.success().then_some(output.stdout)
    }

    /// Writes a governing act and commits it with the change.
    pub fn govern(&self, kind: ActKind, by: &str, at: &str, paths: &[&str]) {
        let wanted = self.governing(kind, by, at, paths);
        self.write("trust", wanted);
        self.commit(at);
    }

    /// Changes a text of a file.
    pub fn edit(&self, path: &str, from: &str, to: &str) {
        let text = self.clone.read(path);
        assert!(text.contains(from), "{path} holds no {from:?}");
        self.clone.write(path, text.replacen(from, to, 1));
    }

    /// Ends the term of a director of tls, in the work tree.
    pub fn end_term(&self, person: &str, since: &str, until: &str) {
        let from = format!("person = \"{person}\"\nsince = {since}");
        self.edit("directory/groups/tls.toml", &from, &format!("{from}\nuntil = {until}"));
    }

    /// Begins a term of a director of tls, in the work tree.
    pub fn begin_term(&self, person: &str, since: &str) {
        let text = self.clone.read("directory/groups/tls.toml");
        let term = format!("\n[[role]]\nrole = \"area-director\"\nperson = \"{person}\"\nsince = {since}\n");
        self.clone.write("directory/groups/tls.toml", text + &term);
    }

    /// The audit's answer, in 2026-11.
    pub fn report(&self, more: &[&str]) -> Value {
        let args: Vec<&str> = ["audit", "--format", "json"].iter().chain(more).copied().collect();
        let ran = self.clone.now("2026-11-28T10:00:00Z").liaison(&args);
        assert!(ran.code == Some(0) || ran.code == Some(1), "{ran:?}");
        let report: Value = serde_json::from_str(&ran.stdout).unwrap_or_else(|error| panic!("{error}: {ran:?}"));
        assert_eq!(ran.code == Some(1), report["errors"].as_u64() != Some(0), "{ran:?}");
        report
    }

    pub fn audit(&self, args: &[&str]) -> Ran {
        let args: Vec<&str> = std::iter::once(&"audit").chain(args).copied().collect();
        self.clone.now("2026-11-28T10:00:00Z").liaison(&args)
    }

    /// What is found, as `severity code`, sorted; each once.
    pub fn found(&self) -> Vec<String> {
        found(&self.report(&[]))
    }

    /// Demands exactly these findings, with and without a cache.
    #[track_caller]
    pub fn finds(&self, expected: &[&str]) {
        let report = self.report(&["--no-cache"]);
        assert_eq!(found(&report), expected, "{report:#}");
        let first = self.report(&[]);
        let second = self.report(&[]);
        assert_eq!(first, second, "a cache changes nothing");
        assert_eq!(found(&first), expected, "{first:#}");
    }
}

pub fn found(report: &Value) -> Vec<String> {
    let findings = report["findings"].as_array().unwrap();
    let of =
        |finding: &Value| format!("{} {}", finding["severity"].as_str().unwrap(), finding["code"].as_str().unwrap());
    let mut found: Vec<String> = findings.iter().map(of).collect();
    found.sort();
    found.dedup();
    found
}

/// The path of a numbered letter, without its ending.
pub fn stem(number: &str) -> String {
    format!("statements/{}/{number}", &number[3..7])
}

/// A line of text.
pub fn line(text: &str) -> Line {
    Line::parse(text).unwrap().unwrap()
}

impl History<'_> {
    pub fn branch(&self, name: &str, from: &str) {
        self.clone.git(&["checkout", "--quiet", "-b", name, from]);
    }

    pub fn on(&self, branch: &str) {
        self.clone.git(&["checkout", "--quiet", branch]);
    }

    /// Merges a branch as a forge does.
    pub fn merge(&self, branch: &str, date: &str) -> String {
        self.git_at(date, &["merge", "--quiet", "--no-ff", "-m", "Merge", branch]);
        self.head()
    }

    pub fn back(&self, commit: &str) {
        self.clone.git(&["reset", "--quiet", "--hard", commit]);
        self.clone.git(&["clean", "--quiet", "-fdx", "-e", "outbox"]);
    }

    /// Writes a commit of any bytes, and lets the present branch point at it.
    pub fn raw_commit(&self, bytes: &[u8]) -> String {
        let id = self.raw_object("commit", bytes);
        self.clone.git(&["update-ref", "HEAD", &id]);
        id
    }

    /// Writes an object of any bytes, as `git hash-object --literally` does.
    pub fn raw_object(&self, kind: &str, bytes: &[u8]) -> String {
        let mut command = self.clone.world.command("git");
        command.current_dir(&self.clone.path).args(["hash-object", "-w", "-t", kind, "--literally", "--stdin"]);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(bytes).unwrap();
        String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap().trim().to_owned()
    }

    /// How often a code was found.
    pub fn count(&self, code: &str) -> usize {
        let report = self.report(&[]);
        report["findings"].as_array().unwrap().iter().filter(|finding| finding["code"] == code).count()
    }

    /// Demands a finding, whatever else there is.
    #[track_caller]
    pub fn fires(&self, expected: &str) {
        let report = self.report(&["--no-cache"]);
        assert!(found(&report).iter().any(|one| one == expected), "no {expected}: {report:#}");
    }
}
