//! A record with its clones, for tests that run the real program on real repositories: no mocks, no network, a clock of
//! its own.

#![allow(dead_code, unreachable_pub, reason = "every test file is a program of its own and uses another part")]

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicI64, Ordering};

use assert_cmd::cargo::CommandCargoExt as _;
use liaison::domain::Instant;
use serde_json::Value;

/// Where fixtures and the example lie.
pub fn project(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The flow in which everybody pushes to the mainline.
pub const DIRECT: &str = "";

/// The flow of a protected mainline.
pub const PULL_REQUEST: &str = "\n[flow]\nmode = \"pull-request\"\n\n[send]\nlock = \"liaison/outbox\"\n";

/// Refuses pushes to the mainline but by the forge itself, and any push that would rewrite or delete the ledger.
const PROTECTED: &str = r#"#!/bin/sh
case "$1" in
refs/heads/main)
    test "$FORGE" = merge && exit 0
    echo "main is protected: changes come by pull request" >&2
    exit 1 ;;
refs/heads/liaison/outbox)
    case "$3" in *[!0]*) ;; *) echo "the ledger is not deleted" >&2; exit 1 ;; esac
    case "$2" in *[!0]*) git merge-base --is-ancestor "$2" "$3" || { echo "the ledger only grows" >&2; exit 1; } ;; esac ;;
esac
exit 0
"#;

/// A world of its own: a home folder, a clock, a remote, clones.
pub struct RecordRepo {
    folder: tempfile::TempDir,
    minute: AtomicI64,
}

impl RecordRepo {
    /// An empty world.
    pub fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let world = Self { folder, minute: AtomicI64::new(0) };
        std::fs::create_dir(world.home()).expect("a home");
        let config = "[init]\n\tdefaultBranch = main\n[safe]\n\tdirectory = *\n[commit]\n\tgpgsign = false\n[gc]\n\tauto = 0\n[maintenance]\n\tauto = false\n[advice]\n\tdetachedHead = false\n";
        std::fs::write(world.home().join(".gitconfig"), config).expect("a configuration");
        world
    }

    /// A world with a bare remote that holds the example's people, under settings that are added to the usual ones.
    pub fn with_remote(settings: &str) -> Self {
        let world = Self::new();
        let first = world.first("rob-registrar", settings);
        world.git(world.folder.path(), &["init", "--quiet", "--bare", "remote.git"]);
        first.git(&["remote", "add", "origin", &world.remote().display().to_string()]);
        first.git(&["push", "--quiet", "--set-upstream", "origin", "main"]);
        world
    }

    /// A record without a remote: the person's only clone.
    pub fn first(&self, person: &str, settings: &str) -> Clone<'_> {
        let path = self.folder.path().join(person);
        copy_folder(&project("src/cli/example/directory"), &path.join("directory"));
        for name in [".gitattributes", ".gitignore"] {
            std::fs::copy(project("record-template").join(name), path.join(name)).expect("the template's files");
        }
        let base = std::fs::read_to_string(project("tests/rules-base.toml")).expect("the usual settings");
        std::fs::write(path.join("liaison.toml"), base + settings).expect("settings");
        self.git(&path, &["init", "--quiet", "--initial-branch=main"]);
        let clone = self.at(path, person);
        clone.git(&["add", "."]);
        clone.git(&["commit", "--quiet", "-m", "Begin the record"]);
        clone
    }

    /// A new clone of the remote, in which a person of the directory works.
    pub fn clone_of(&self, person: &str) -> Clone<'_> {
        let used = |number: usize| self.folder.path().join(format!("clone-{number}-{person}"));
        let path = (1..).map(used).find(|path| !path.exists()).expect("a free name");
        self.git(self.folder.path(), &["clone", "--quiet", "remote.git", &path.display().to_string()]);
        self.at(path, person)
    }

    fn at(&self, path: PathBuf, person: &str) -> Clone<'_> {
        let (name, address) = name_and_address(person);
        let clone = Clone { world: self, path, now: None, environment: Vec::new() };
        clone.git(&["config", "user.name", &name]);
        clone.git(&["config", "user.email", &address]);
        clone
    }

    /// Protects the remote's mainline and its ledger with a hook.
    pub fn protect(&self) {
        let hook = self.remote().join("hooks/update");
        std::fs::create_dir_all(self.remote().join("hooks")).expect("the hooks' folder");
        write_program(&hook, PROTECTED);
    }

    /// The bare remote.
    pub fn remote(&self) -> PathBuf {
        self.folder.path().join("remote.git")
    }

    /// The home folder, with git's configuration.
    pub fn home(&self) -> PathBuf {
        self.folder.path().join("home")
    }

    /// The world's folder.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// A file outside every clone.
    pub fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> String {
        let path = self.folder.path().join(name);
        std::fs::write(&path, bytes).expect("a file");
        path.display().to_string()
    }

    /// The next moment: each command happens a minute after the one before.
    fn tick(&self) -> Instant {
        let minute = self.minute.fetch_add(1, Ordering::SeqCst);
        moment().plus_seconds(minute * 60)
    }

    /// Runs git in a folder.
    pub fn git(&self, folder: &Path, args: &[&str]) -> String {
        let output = self.command("git").current_dir(folder).args(args).output().expect("git");
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "git {args:?} in {}: {told}", folder.display());
        String::from_utf8_lossy(&output.stdout).trim_end().to_owned()
    }

    /// A program in this world's environment, and in no other.
    pub fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        self.prepare(&mut command);
        command
    }

    fn prepare(&self, command: &mut Command) {
        command.env_clear();
        for name in ["PATH", "LLVM_PROFILE_FILE"] {
            command.envs(std::env::var_os(name).map(|value| (name, value)));
        }
        command
            .env("HOME", self.home())
            .env("GIT_CONFIG_GLOBAL", self.home().join(".gitconfig"))
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_AUTHOR_DATE", "2026-11-24T10:00:00Z")
            .env("GIT_COMMITTER_DATE", "2026-11-24T10:00:00Z")
            .env("LC_ALL", "C.UTF-8")
            .env("TZ", "UTC")
            .env("COLUMNS", "100")
            .stdin(std::process::Stdio::null());
    }
}

/// The moment at which every world begins.
fn moment() -> Instant {
    Instant::parse("2026-11-24T10:00:00Z").ok().flatten().expect("a moment")
}

/// A clone in which somebody works.
#[derive(Clone)]
pub struct Clone<'w> {
    /// The world it is in.
    pub world: &'w RecordRepo,
    /// Its folder.
    pub path: PathBuf,
    now: Option<Instant>,
    environment: Vec<(String, String)>,
}

/// How a command ended.
#[derive(Debug)]
pub struct Ran {
    /// The exit code; none after a signal.
    pub code: Option<i32>,
    /// Its results.
    pub stdout: String,
    /// What it said beside them.
    pub stderr: String,
    what: String,
}

impl Clone<'_> {
    /// The same clone at a fixed moment.
    pub fn now(&self, instant: &str) -> Self {
        Self { now: Instant::parse(instant).expect("an instant"), ..self.clone() }
    }

    /// The same clone with a variable in the environment.
    pub fn with(&self, name: &str, value: &str) -> Self {
        let mut other = self.clone();
        other.environment.push((name.to_owned(), value.to_owned()));
        other
    }

    /// The same clone, with another person at the keyboard.
    pub fn being(&self, person: &str) -> Self {
        let (name, address) = name_and_address(person);
        let roles = ["AUTHOR", "COMMITTER"];
        roles.iter().fold(self.clone(), |clone, role| {
            clone.with(&format!("GIT_{role}_NAME"), &name).with(&format!("GIT_{role}_EMAIL"), &address)
        })
    }

    /// The program, ready to run here.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::cargo_bin("liaison").expect("the program");
        self.world.prepare(&mut command);
        command.current_dir(&self.path).args(args);
        let now = self.now.unwrap_or_else(|| self.world.tick());
        command.env("LIAISON_NOW", now.to_string());
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        command
    }

    /// Runs the program, however it ends.
    pub fn liaison(&self, args: &[&str]) -> Ran {
        Ran::of(&mut self.command(args), &format!("liaison {}", args.join(" ")))
    }

    /// Runs the program, which has to succeed.
    #[track_caller]
    pub fn ok(&self, args: &[&str]) -> Ran {
        self.liaison(args).ended(0)
    }

    /// Runs the program, which has to end with an exit code.
    #[track_caller]
    pub fn fails(&self, code: i32, args: &[&str]) -> Ran {
        self.liaison(args).ended(code)
    }

    /// Runs the program with `--format json` and reads what it prints.
    #[track_caller]
    pub fn json(&self, args: &[&str]) -> Value {
        let args: Vec<&str> = args.iter().copied().chain(["--format", "json"]).collect();
        let ran = self.ok(&args);
        serde_json::from_str(&ran.stdout).unwrap_or_else(|error| panic!("{}: {error}\n{}", ran.what, ran.stdout))
    }

    /// A letter's state, as `show` tells it.
    #[track_caller]
    pub fn state(&self, id: &str) -> String {
        self.json(&["show", id])["state"].as_str().expect("a state").to_owned()
    }

    /// Runs git here.
    pub fn git(&self, args: &[&str]) -> String {
        self.world.git(&self.path, args)
    }

    /// Runs git here as the forge, which may push to a protected mainline.
    pub fn git_as_forge(&self, args: &[&str]) {
        let output = self.world.command("git").current_dir(&self.path).env("FORGE", "merge").args(args).output();
        let output = output.expect("git");
        assert!(output.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&output.stderr));
    }

    /// The subjects of the present branch's commits, oldest first, the record's beginning left out.
    pub fn journal(&self) -> Vec<String> {
        let log = self.git(&["log", "--reverse", "--first-parent", "--format=%s"]);
        log.lines().skip(1).map(str::to_owned).collect()
    }

    /// Signs the trust root that waits here, as whoever compared its digest does.
    pub fn signs_root(&self) -> Ran {
        let digest = liaison::domain::Digest::of(self.read("trust/root.toml").as_bytes());
        self.ok(&["trust", "sign", "--digest", &digest.to_string()])
    }

    /// The bytes of a file.
    pub fn read(&self, path: &str) -> String {
        std::fs::read_to_string(self.path.join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// Writes a file, and its folder.
    pub fn write(&self, path: &str, bytes: impl AsRef<[u8]>) {
        let path = self.path.join(path);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(path, bytes).expect("a file");
    }

    /// Whether a file exists.
    pub fn has(&self, path: &str) -> bool {
        self.path.join(path).exists()
    }

    /// The names in a folder, sorted; none when it does not exist.
    pub fn names(&self, folder: &str) -> Vec<String> {
        let Ok(entries) = std::fs::read_dir(self.path.join(folder)) else { return Vec::new() };
        let mut names: Vec<String> =
            entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    /// Every file of the work tree with its bytes, git's own left out.
    pub fn tree(&self) -> BTreeMap<String, Vec<u8>> {
        files_below(&self.path)
    }

    /// What nothing may change that was refused: the work tree, the branch, its commit, what is staged.
    pub fn standing(&self) -> (BTreeMap<String, Vec<u8>>, String, String, String) {
        let head = std::fs::read_to_string(self.path.join(".git/HEAD")).unwrap_or_default();
        let commit = self.git(&["rev-parse", "HEAD"]);
        (self.tree(), head, commit, self.git(&["diff", "--cached", "--name-status"]))
    }

    /// Begins a letter from tls to SA3 that lacks nothing but its approval, and returns its name.
    #[track_caller]
    pub fn new_letter(&self, title: &str, more: &[&str]) -> String {
        let body = self.world.file("letter.txt", "Dear colleagues,\n\nwe look forward to your comments.\n");
        let mut args = vec!["new", "--from", "tls", "--to", "3gpp-sa3", "--title", title, "--body", &body];
        args.extend(["--purpose", "for-action", "--deadline", "2027-01-15", "--consensus", "working-group"]);
        args.extend(["--evidence", "https://ietf.example/archive/tls/consensus"]);
        args.extend(more);
        self.ok(&args).stdout.trim().to_owned()
    }
}

impl Ran {
    /// Runs a command.
    pub fn of(command: &mut Command, what: &str) -> Self {
        let output = command.output().expect("the program starts");
        Self {
            code: output.status.code(),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
            what: what.to_owned(),
        }
    }

    /// Demands an exit code.
    #[track_caller]
    pub fn ended(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "{}\n{}\n{}", self.what, self.stdout, self.stderr);
        assert!(!self.stderr.contains("panicked"), "{}\n{}", self.what, self.stderr);
        self
    }

    /// Demands a text among what it said beside its results.
    #[track_caller]
    pub fn says(self, text: &str) -> Self {
        assert!(self.stderr.contains(text), "{}: expected {text:?} in\n{}", self.what, self.stderr);
        self
    }

    /// Demands a text among its results.
    #[track_caller]
    pub fn prints(self, text: &str) -> Self {
        assert!(self.stdout.contains(text), "{}: expected {text:?} in\n{}", self.what, self.stdout);
        self
    }
}

/// The name and the first address of a person of the example.
pub fn name_and_address(person: &str) -> (String, String) {
    let path = project("src/cli/example/directory/people").join(format!("{person}.toml"));
    let text = std::fs::read_to_string(path).expect("a person of the example");
    let table: toml::Table = text.parse().expect("TOML");
    let address = table["addresses"].as_array().and_then(|list| list.first()).and_then(toml::Value::as_str);
    (table["name"].as_str().expect("a name").to_owned(), address.expect("an address").to_owned())
}

/// Copies a folder; links stay links.
pub fn copy_folder(from: &Path, to: &Path) {
    for entry in walkdir::WalkDir::new(from) {
        let entry = entry.expect("a readable folder");
        let target = to.join(entry.path().strip_prefix(from).expect("below"));
        if entry.file_type().is_dir() {
            std::fs::create_dir_all(&target).expect("a folder");
        } else if entry.file_type().is_symlink() {
            std::os::unix::fs::symlink(std::fs::read_link(entry.path()).expect("a link"), &target).expect("a link");
        } else {
            std::fs::copy(entry.path(), &target).expect("a copy");
        }
    }
}

/// Every file below a folder with its bytes, git's own left out.
pub fn files_below(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = walkdir::WalkDir::new(folder).into_iter().filter_entry(|entry| entry.file_name() != ".git");
    let files = entries.flatten().filter(|entry| entry.file_type().is_file());
    files
        .map(|entry| {
            let name = entry.path().strip_prefix(folder).expect("below").display().to_string();
            (name, std::fs::read(entry.path()).unwrap_or_default())
        })
        .collect()
}

/// Writes a program that can be run.
pub fn write_program(path: &Path, text: &str) {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::write(path, text).expect("a program");
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).expect("a program");
}

impl Clone<'_> {
    /// Makes an SSH key for a person, without a passphrase, and lets the directory know it; returns the private half's path.
    #[track_caller]
    pub fn new_key(&self, person: &str, kind: &[&str]) -> PathBuf {
        let used = |number: usize| self.world.folder().join(format!("key-{number}-{person}"));
        let path = (1..).map(used).find(|path| !path.exists()).expect("a free name");
        let mut command = self.world.command("ssh-keygen");
        command.args(["-q", "-N", "", "-C", person, "-f"]).arg(&path).arg("-t").args(kind);
        Ran::of(&mut command, "ssh-keygen").ended(0);
        let public = std::fs::read_to_string(path.with_extension("pub")).expect("the public half");
        let file = format!("directory/people/{person}.toml");
        let added = format!("\n[[key]]\ntype = \"ssh\"\npublic = \"{}\"\nsince = 2026-01-01\n", public.trim());
        self.write(&file, self.read(&file) + &added);
        self.git(&["commit", "--quiet", "-m", &format!("Add a key of {person}"), "--", &file]);
        path
    }

    /// Lets git sign with a key, and so the program.
    pub fn signs_with(&self, key: &Path) {
        self.git(&["config", "gpg.format", "ssh"]);
        self.git(&["config", "user.signingkey", &key.display().to_string()]);
    }
}
