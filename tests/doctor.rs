//! `liaison doctor`: each answer, and the command that mends it.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test ends where it is wrong"
)]

mod common;

use std::collections::BTreeMap;

use common::{Clone, RecordRepo};

/// The answers by question: state, answer, commands.
fn answers(clone: &Clone<'_>, more: &[&str]) -> BTreeMap<String, (String, String, Vec<String>)> {
    let args: Vec<&str> = ["doctor", "--format", "json"].iter().chain(more).copied().collect();
    let ran = clone.liaison(&args);
    let told: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    let row = |row: &serde_json::Value| {
        let commands = row["commands"].as_array().unwrap().iter().map(text).collect();
        (text(&row["question"]), (text(&row["state"]), text(&row["answer"]), commands))
    };
    let rows: BTreeMap<_, _> = told.as_array().unwrap().iter().map(row).collect();
    let is_problem = rows.values().any(|(state, ..)| state == "problem");
    assert_eq!(ran.code, Some(i32::from(is_problem)), "{rows:?}");
    rows
}

/// Demands a state, and texts in the answer or its commands.
#[track_caller]
fn is(clone: &Clone<'_>, question: &str, state: &str, parts: &[&str]) {
    let rows = answers(clone, &["--offline"]);
    says(&rows, question, state, parts);
}

#[track_caller]
fn says(rows: &BTreeMap<String, (String, String, Vec<String>)>, question: &str, state: &str, parts: &[&str]) {
    let row = rows.get(question).unwrap_or_else(|| panic!("no answer to `{question}`: {rows:?}"));
    assert_eq!(row.0, state, "{question}: {row:?}");
    let told = format!("{} {}", row.1, row.2.join("; "));
    for part in parts {
        assert!(told.contains(part), "{question}: expected {part:?} in {told}");
    }
    assert_eq!(row.2.is_empty(), state == "ok", "{question}: whatever is not ok has a command: {row:?}");
}

#[test]
fn where_all_is_in_place_every_answer_is_ok() {
    let world = RecordRepo::with_remote("\n[proof]\ngrade = \"signed\"\n");
    let rob = world.clone_of("rob-registrar");
    for file in rob.names("directory/people") {
        let person = file.trim_end_matches(".toml");
        let has_key = rob.read(&format!("directory/people/{file}")).contains("[[key]]");
        if !has_key && !["rob-registrar", "carla-sample"].contains(&person) {
            rob.new_key(person, &["ed25519"]);
        }
    }
    let keys = ["rob-registrar", "carla-sample"].map(|person| rob.new_key(person, &["ed25519"]));
    rob.git(&["push", "--quiet"]);
    rob.signs_with(&keys[0]);
    rob.git(&["config", "commit.gpgsign", "true"]);
    rob.ok(&["export", "allowed-signers", "--out", ".git/allowed_signers"]);
    rob.git(&["config", "gpg.ssh.allowedSignersFile", ".git/allowed_signers"]);
    let holders = ["--holder", "rob-registrar=rob-registrar", "--holder", "carla-sample=carla-sample"];
    rob.ok(&[&["trust", "init", "--threshold", "2"][..], &holders].concat());
    let carla = world.clone_of("carla-sample");
    carla.signs_with(&keys[1]);
    carla.signs_root();
    rob.git(&["pull", "--quiet", "--rebase"]);
    rob.ok(&["trust", "pin"]);
    let rows = answers(&rob, &[]);
    let not_ok: Vec<_> = rows.iter().filter(|(_, (state, ..))| state != "ok").collect();
    assert!(not_ok.is_empty(), "{not_ok:?}");
    says(&rows, "you", "ok", &["rob-registrar, Rob Registrar"]);
    says(&rows, "your key", "ok", &["ssh-ed25519 SHA256:", "signs with `ssh-keygen`, in "]);
    says(&rows, "your roles", "ok", &["registrar of ietf", "keep the directory, change liaison.toml"]);
    says(&rows, "remote", "ok", &["is reachable"]);
    says(&rows, "trust root", "ok", &["version 1, 2 of 2 holders, pinned"]);
    let table = rob.ok(&["doctor"]);
    assert!(table.stdout.lines().all(|line| line.starts_with("ok ")), "{}", table.stdout);
    table.says("all is in place");
}

#[test]
fn who_you_are_and_what_you_may_is_told() {
    let world = RecordRepo::new();
    let rob = world.first("rob-registrar", "");
    is(&rob.being("ada-example"), "your roles", "ok", &["area-director of sec", "approve letters of ", "tls"]);
    is(&rob.being("record-robot"), "your roles", "warning", &["you hold no role today", "liaison role begin"]);
    rob.git(&["config", "user.email", "somebody@else.example"]);
    is(&rob, "you", "problem", &["nobody in the directory has", "liaison person add HANDLE --name \"Rob Registrar\""]);
    rob.git(&["config", "--unset", "user.email"]);
    is(&rob, "you", "problem", &["git config --global user.email"]);
}

#[test]
fn a_key_is_missing_elsewhere_or_out_of_its_days() {
    let world = RecordRepo::new();
    let rob = world.first("rob-registrar", "");
    let pavel = rob.being("pavel-priklad");
    is(&pavel, "your key", "warning", &["your acts are asserted", "liaison person key add pavel-priklad --ssh"]);
    let key = rob.new_key("pavel-priklad", &["ed25519"]);
    is(&pavel, "your key", "warning", &["its private half is not here", "git config user.signingkey"]);
    rob.signs_with(&key);
    is(&pavel, "your key", "ok", &["signs with `ssh-keygen`"]);
    rob.now("2026-12-01T10:00:00Z").ok(&["person", "key", "retire", "pavel-priklad", "1", "--reason", "lost"]);
    is(
        &pavel.now("2026-12-02T10:00:00Z"),
        "your key",
        "warning",
        &["none of your 1 keys in the directory is good today"],
    );
}

#[test]
fn what_git_lacks_is_told_with_its_commands() {
    let world = RecordRepo::with_remote("");
    let rob = world.clone_of("rob-registrar");
    let commands = ["commit.gpgsign true", "gpg.format ssh", "liaison export allowed-signers"];
    is(&rob, "signed commits", "warning", &commands);
    is(&rob, "proofs", "warning", &["accepts approvals that nobody signed", "[proof] grade"]);
    is(&rob, "trust root", "warning", &["the record has none", "liaison trust init"]);
    rob.write("liaison.toml", rob.read("liaison.toml") + "\n[due]\nsoon = 7\n");
    is(&rob, "work tree", "warning", &["liaison.toml", "liaison record-change"]);
    rob.write("liaison.toml", rob.read("liaison.toml") + "nonsense\n");
    is(&rob, "record", "problem", &["liaison check"]);
    rob.git(&["checkout", "--quiet", "liaison.toml"]);
    rob.git(&["checkout", "--quiet", "--detach"]);
    is(&rob, "work tree", "problem", &["git switch main"]);
}

#[test]
fn a_remote_that_is_gone_or_another_record_is_a_problem() {
    let world = RecordRepo::with_remote("");
    let rob = world.clone_of("rob-registrar");
    let rows = answers(&rob, &[]);
    says(&rows, "remote", "ok", &["is reachable"]);
    says(&rows, "same record", "ok", &["origin/main has the id 7c9e6679"]);
    rob.git(&["remote", "set-url", "origin", "../gone.git"]);
    says(
        &answers(&rob, &[]),
        "remote",
        "problem",
        &["cannot be reached", "git remote set-url origin", "is there a network"],
    );
    is(&rob, "remote", "ok", &["not asked"]);

    let other = world.first("carla-sample", "");
    let settings = other.read("liaison.toml").replace("7c9e6679", "11111111");
    other.write("liaison.toml", settings);
    other.git(&["commit", "--quiet", "--all", "-m", "Another record"]);
    rob.git(&["remote", "set-url", "origin", &other.path.display().to_string()]);
    says(&answers(&rob, &[]), "same record", "problem", &["is another record, 11111111", "git remote set-url"]);
    rob.git(&["remote", "remove", "origin"]);
    says(&answers(&rob, &[]), "remote", "warning", &["only here", "git remote add origin URL"]);
}

#[test]
fn a_mirror_is_told_from_the_record_itself() {
    let world = RecordRepo::with_remote("");
    let rob = world.clone_of("rob-registrar");
    let settings =
        rob.read("liaison.toml").replace("example = true", "example = true\nhome = \"https://forge.example/o/r\"");
    rob.write("liaison.toml", settings);
    is(&rob, "home", "warning", &["lives at https://forge.example/o/r", "is a mirror"]);
}

#[test]
fn a_history_that_is_not_whole_is_a_problem() {
    let world = RecordRepo::with_remote("");
    let rob = world.clone_of("rob-registrar");
    rob.ok(&["role", "end", "chair", "tls", "theo-exemplo", "--until", "2026-12-01"]);
    is(&rob, "history", "ok", &[]);
    let url = format!("file://{}", world.remote().display());
    let mut shallow = rob.clone();
    shallow.path = world.folder().join("shallow");
    world.git(world.folder(), &["clone", "--quiet", "--depth", "1", &url, "shallow"]);
    shallow.git(&["config", "user.email", "rob@ietf.example"]);
    is(&shallow, "history", "problem", &["it is shallow", "git fetch --unshallow"]);
    rob.git(&["replace", "HEAD", "HEAD~1"]);
    is(&rob, "history", "problem", &["replace refs", "git replace -d"]);
    rob.git(&["replace", "-d", "HEAD"]);
    rob.git(&["config", "remote.origin.promisor", "true"]);
    is(&rob, "history", "problem", &["it is partial"]);
}

#[test]
fn answers_stand_one_a_line_for_scripts() {
    let world = RecordRepo::new();
    let rob = world.first("rob-registrar", "");
    let ran = rob.ok(&["doctor", "--offline", "--format", "text"]);
    assert!(ran.stdout.lines().all(|line| line.split('\t').count() >= 3), "{}", ran.stdout);
    assert!(ran.stdout.contains("warning\ttrust root\tthe record has none"), "{}", ran.stdout);
}

const SIGNED: &str = "\n[proof]\ngrade = \"signed\"\n";

#[test]
fn advice_is_what_the_reader_may_type_or_whom_to_ask() {
    let world = RecordRepo::with_remote(SIGNED);
    let rob = world.clone_of("rob-registrar");
    rob.new_key("rob-registrar", &["ed25519"]);
    let pavel = rob.being("pavel-priklad");
    let ask = "Rob Registrar (registrar of ietf), who types: liaison person key add pavel-priklad --ssh FILE.pub";
    is(&pavel, "your key", "problem", &["the record asks for signed approvals", ask]);
    let slug = rob.being("carla-sample").new_letter("Use of ECH", &[]);
    pavel.fails(1, &["approve", &slug]).says("holds no key of pavel-priklad").says(ask);
    is(
        &rob.being("liam-specimen"),
        "your key",
        "warning",
        &["your acts are asserted", "ask Rob Registrar (registrar of ietf), who types"],
    );
    is(
        &rob.being("record-robot"),
        "your roles",
        "warning",
        &["Rob Registrar (registrar of ietf), who types: liaison role"],
    );
    let commands = &answers(&rob, &["--offline"])["proofs"].2;
    assert!(commands.iter().all(|command| command.starts_with("liaison person key add ")), "{commands:?}");
    rob.git(&["config", "user.email", "new@else.example"]);
    let ask = "Rob Registrar (registrar of ietf), who types: liaison person add HANDLE";
    is(&rob, "you", "problem", &[ask]);
    rob.fails(1, &["comment", &slug, "hm"]).says(ask);
}

#[test]
fn a_clone_that_lacks_what_the_remote_has_is_told() {
    let world = RecordRepo::with_remote("");
    let (rob, carla) = (world.clone_of("rob-registrar"), world.clone_of("carla-sample"));
    is(&rob, "up to date", "ok", &["nothing of origin/main, as it was last fetched, is missing"]);
    let slug = carla.new_letter("Use of ECH", &[]);
    carla.ok(&["comment", &slug, "hm"]);
    is(&rob, "up to date", "ok", &["as it was last fetched"]);
    says(&answers(&rob, &[]), "up to date", "warning", &["2 commits of origin/main not here yet", "git pull --rebase"]);
    is(&rob, "up to date", "warning", &["2 commits of origin/main, as it was last fetched, not here yet"]);
    rob.git(&["pull", "--quiet"]);
    rob.ok(&["comment", &slug, "hm", "--no-push"]);
    says(&answers(&rob, &[]), "up to date", "ok", &["is missing; 1 commit not pushed"]);
}

#[test]
fn a_key_that_cannot_sign_is_a_problem() {
    let world = RecordRepo::new();
    let rob = world.first("rob-registrar", "");
    let key = rob.new_key("pavel-priklad", &["ed25519"]);
    let (private, public) = (key.display().to_string(), format!("{}.pub", key.display()));
    let pavel = rob.being("pavel-priklad");
    pavel.signs_with(&key);
    is(&pavel, "your key", "ok", &["signs with `ssh-keygen`"]);

    // In no agent.
    let line = std::fs::read_to_string(&public).unwrap();
    let literal = format!("key::{}", line.trim());
    pavel.git(&["config", "user.signingkey", &literal]);
    is(&pavel, "your key", "problem", &["nothing can be signed", "no agent runs here", "ssh-add FILE"]);
    let agent = Agent::start(&world);
    let with_agent = pavel.with("SSH_AUTH_SOCK", &agent.socket);
    is(&with_agent, "your key", "problem", &["nothing can be signed", "ssh-add FILE"]);
    agent.add(&world, &private);
    is(&with_agent, "your key", "ok", &["in your SSH agent"]);

    // Only the public half is here, or no program, or one that signs with another key.
    let alone = world.folder().join("alone.pub");
    std::fs::copy(&public, &alone).unwrap();
    pavel.git(&["config", "user.signingkey", &alone.display().to_string()]);
    is(&with_agent, "your key", "ok", &[]);
    is(&pavel, "your key", "problem", &["nothing can be signed", "ssh-add FILE", "alone"]);
    pavel.signs_with(&key);
    pavel.git(&["config", "gpg.ssh.program", "/nonexist/prog"]);
    is(&pavel, "your key", "problem", &["`/nonexist/prog` cannot be started", "git config --unset gpg.ssh.program"]);
    is(&pavel, "ssh-keygen", "problem", &["there is no such program"]);
    let other = rob.new_key("carla-sample", &["ed25519"]);
    let program = world.folder().join("signs");
    let text = format!("#!/bin/sh\nexec ssh-keygen -Y sign -n \"$4\" -f {}\n", other.display());
    common::write_program(&program, &text);
    pavel.git(&["config", "gpg.ssh.program", &program.display().to_string()]);
    is(&pavel, "your key", "problem", &["the directory's key does not fit"]);
}

#[test]
fn a_key_with_a_passphrase_is_not_asked_for_it() {
    let world = RecordRepo::new();
    let rob = world.first("rob-registrar", "");
    let key = rob.new_key("pavel-priklad", &["ed25519"]);
    let mut command = world.command("ssh-keygen");
    command.args(["-q", "-p", "-P", "", "-N", "secret", "-f"]).arg(&key);
    common::Ran::of(&mut command, "ssh-keygen -p").ended(0);
    let pavel = rob.being("pavel-priklad");
    pavel.signs_with(&key);
    is(&pavel, "your key", "ok", &["asks for a passphrase or a touch: not tried"]);
    pavel.git(&["config", "commit.gpgsign", "true"]);
    is(&pavel, "your key", "ok", &["not tried"]);
    is(&pavel, "signed commits", "warning", &["git does not know who signs here"]);
}

#[test]
fn settings_with_which_git_cannot_commit_are_a_problem() {
    let world = RecordRepo::new();
    let rob = world.first("rob-registrar", "");
    let key = rob.new_key("rob-registrar", &["ecdsa"]);
    let line = std::fs::read_to_string(key.with_extension("pub")).unwrap();
    let private = key.display().to_string();
    let missing = world.folder().join("missing").display().to_string();
    rob.git(&["config", "commit.gpgsign", "true"]);
    let cases: [(&str, &str, &[&str]); 6] = [
        ("foo", &private, &["gpg.format is `foo`", "no commit can be made", "git config gpg.format ssh"]),
        ("ssh", &missing, &["there is no such file", "no commit can be made", "git config user.signingkey"]),
        ("ssh", line.trim(), &["without `key::`", "no commit can be made", "git config user.signingkey 'key::ecdsa-"]),
        ("openpgp", &private, &["user.signingkey is an SSH key", "git config gpg.format ssh"]),
        ("openpgp", "0123456789ABCDEF", &["`gpg` made no signature", "no commit can be made"]),
        ("ssh", &private, &["git does not know who signs here"]),
    ];
    for (format, key, parts) in cases {
        rob.git(&["config", "gpg.format", format]);
        rob.git(&["config", "user.signingkey", key]);
        let state = if parts.len() == 1 { "warning" } else { "problem" };
        is(&rob, "signed commits", state, parts);
        let works = rob.liaison(&["group", "close", "mpls", "--on", "2026-12-31"]).code == Some(0);
        assert_eq!(works, state == "warning", "{format} {key}");
    }
    rob.git(&["config", "gpg.format", "ssh"]);
    rob.git(&["config", "--unset", "user.signingkey"]);
    is(&rob, "signed commits", "problem", &["knows no key of yours", "no commit can be made"]);
}

#[test]
fn a_pin_that_does_not_lead_here_is_mended_by_a_pin() {
    let world = RecordRepo::new();
    let rob = world.first("rob-registrar", SIGNED);
    let key = rob.new_key("rob-registrar", &["ed25519"]);
    rob.signs_with(&key);
    rob.ok(&["trust", "init", "--holder", "rob-registrar", "--threshold", "1", "--yes"]);
    let whole = rob.git(&["rev-parse", "HEAD"]);
    let pin = "liaison trust pin COMMIT";
    for set in [&whole[..10], "HEAD", "the-root", "0123456"] {
        rob.git(&["config", "liaison.trustRoot", set]);
        is(&rob, "trust root", "problem", &[set, "it is no whole commit id", pin]);
    }
    rob.git(&["config", "liaison.trustRoot", &"1".repeat(40)]);
    is(&rob, "trust root", "problem", &["does not have that commit", "ask its holders", pin]);
    rob.ok(&["trust", "pin", &whole]);
    is(&rob, "trust root", "warning", &["one person alone"]);
}

#[test]
fn a_remote_of_another_name_is_told() {
    let world = RecordRepo::with_remote("");
    let rob = world.clone_of("rob-registrar");
    rob.git(&["remote", "rename", "origin", "upstream"]);
    is(&rob, "remote", "problem", &["nothing is pushed; there is upstream", "git remote rename upstream origin"]);
    rob.git(&["remote", "rename", "upstream", "origin"]);
    rob.git(&["config", "core.sshCommand", "false"]);
    rob.git(&["remote", "set-url", "origin", "git@forge.example:o/r.git"]);
    let parts = ["cannot be reached", "git remote set-url origin URL", "ssh -T git@forge.example", "VPN", "--no-push"];
    says(&answers(&rob, &[]), "remote", "problem", &parts);
}

/// An SSH agent of a test's own, gone with it.
struct Agent {
    child: std::process::Child,
    socket: String,
}

impl Agent {
    fn start(world: &RecordRepo) -> Self {
        let socket = world.folder().join("agent").display().to_string();
        let mut command = world.command("ssh-agent");
        command.args(["-D", "-a", &socket]).stdout(std::process::Stdio::null());
        let child = command.spawn().unwrap();
        for _ in 0..200 {
            if std::path::Path::new(&socket).exists() {
                break;
            }
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
        Self { child, socket }
    }

    fn add(&self, world: &RecordRepo, key: &str) {
        let mut command = world.command("ssh-add");
        command.arg("-q").arg(key).env("SSH_AUTH_SOCK", &self.socket);
        common::Ran::of(&mut command, "ssh-add").ended(0);
    }
}

impl Drop for Agent {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn what_cannot_be_read_is_not_asked_about() {
    let world = RecordRepo::new();
    let rob = world.first("rob-registrar", "");
    for path in ["liaison.toml", "directory/people/rob-registrar.toml"] {
        let sound = rob.read(path);
        rob.write(path, sound.clone() + "\n[[\n");
        let rows = answers(&rob, &["--offline"]);
        says(&rows, "record", "problem", &["liaison check"]);
        says(&rows, "people", "warning", &["settings or directory have faults", "liaison check"]);
        assert!(["you", "your key", "proofs", "trust root"].iter().all(|asked| !rows.contains_key(*asked)), "{rows:?}");
        rob.write(path, sound);
    }
    assert!(answers(&rob, &["--offline"]).contains_key("proofs"));
}

/// Every reference with what it names, and the log of the remote's branch.
fn references(clone: &Clone<'_>) -> (String, String) {
    let log = ".git/logs/refs/remotes/origin/main";
    (clone.git(&["for-each-ref"]), if clone.has(log) { clone.read(log) } else { String::new() })
}

#[test]
fn a_wrong_address_leaves_no_trace() {
    let world = RecordRepo::with_remote("");
    let rob = world.clone_of("rob-registrar");
    let before = references(&rob);
    let other = world.first("carla-sample", "");
    other.write("liaison.toml", other.read("liaison.toml").replace("7c9e6679", "11111111"));
    other.git(&["commit", "--quiet", "--all", "--amend", "-m", "Another record"]);
    other.git(&["tag", "strange"]);
    other.git(&["branch", "statement/strange"]);
    rob.git(&["remote", "set-url", "origin", &other.path.display().to_string()]);
    let rows = answers(&rob, &[]);
    says(&rows, "same record", "problem", &["is another record, 11111111", "git remote set-url origin URL"]);
    assert!(!rows.contains_key("up to date"), "{rows:?}");
    assert_eq!(references(&rob), before);
    rob.git(&["remote", "set-url", "origin", &world.remote().display().to_string()]);
    says(&answers(&rob, &[]), "same record", "ok", &[]);
    rob.ok(&["audit"]);
}

#[test]
fn a_mainline_that_lost_commits_is_told_and_not_forgotten() {
    let world = RecordRepo::with_remote("");
    let rob = world.clone_of("rob-registrar");
    rob.ok(&["role", "end", "chair", "tls", "theo-exemplo", "--until", "2026-12-01"]);
    let was = rob.git(&["rev-parse", "HEAD"]);
    world.git(&world.remote(), &["update-ref", "refs/heads/main", &format!("{was}~1")]);
    let before = references(&rob);
    for _ in 0..2 {
        let parts = ["lacks 1 of the commits that it had", "role: theo-exemplo", "liaison audit", "brings back"];
        says(&answers(&rob, &[]), "mainline", "problem", &parts);
        assert_eq!(references(&rob), before);
    }
}

#[test]
fn settings_that_cannot_be_read_say_nothing_of_the_remote() {
    let world = RecordRepo::with_remote("");
    let rob = world.clone_of("rob-registrar");
    let before = references(&rob);
    let sound = rob.read("liaison.toml");
    rob.write("liaison.toml", sound.clone() + "\n[[\n");
    for more in [&[][..], &["--offline"]] {
        let rows = answers(&rob, more);
        says(&rows, "same record", "problem", &["liaison.toml cannot be read here", "liaison check"]);
    }
    assert_eq!(references(&rob), before);
    rob.write("liaison.toml", sound.replace("7c9e6679", "11111111"));
    let parts = ["origin/main and the last commit have 7c9e6679", "git restore --staged --worktree liaison.toml"];
    is(&rob, "same record", "problem", &parts);
}

#[test]
fn a_record_of_one_person_is_told_what_one_person_can_do() {
    let world = RecordRepo::new();
    let path = world.folder().join("alone");
    std::fs::create_dir(&path).unwrap();
    let mut alone = world.first("rob-registrar", "");
    alone.path = path;
    for name in ["AUTHOR", "COMMITTER"] {
        alone =
            alone.with(&format!("GIT_{name}_NAME"), "Uma Sola").with(&format!("GIT_{name}_EMAIL"), "uma@one.example");
    }
    let global = |args: &[&str]| drop(world.git(world.folder(), &[&["config", "--global"], args].concat()));
    global(&["user.name", "Uma Sola"]);
    global(&["user.email", "uma@one.example"]);
    alone.ok(&["init", ".", "--yes"]);
    let handle = alone.names("directory/people")[0].trim_end_matches(".toml").to_owned();
    let begin = format!("liaison role begin chair us {handle}");
    is(&alone, "proofs", "warning", &["nobody may approve a letter yet", &begin]);
    is(&alone, "trust root", "warning", &[&format!("liaison trust init --holder {handle} --threshold 1")]);
    alone.ok(&["role", "begin", "chair", "us", &handle]);
    is(&alone, "proofs", "warning", &["approvals are signed, and 1 of 1 approver have no key"]);
    alone.ok(&["person", "add", "zoe-dos", "--name", "Zoe Dos", "--address", "zoe@one.example"]);
    is(&alone, "trust root", "warning", &[&format!("--holder {handle} --holder zoe-dos --threshold 2")]);
}

#[test]
fn a_ledger_that_is_not_the_lock_is_told_and_takes_no_number() {
    let world = RecordRepo::with_remote("");
    let carla = world.clone_of("carla-sample");
    assert!(!answers(&carla, &["--offline"]).contains_key("old ledger"));
    let (slug, old) = (carla.new_letter("Use of ECH", &[]), carla.new_letter("Use of DNS", &[]));
    carla.git(&["switch", "--quiet", "--orphan", "liaison/outbox"]);
    let entry = format!("number: ls-2026-007\ndraft: {old}\nat: 2026-11-20T10:00:00Z\n");
    carla.write("2026/ls-2026-007", &entry);
    carla.write(&format!("drafts/{old}.yaml"), &entry);
    carla.git(&["add", "2026", "drafts"]);
    carla.git(&["commit", "--quiet", "-m", "take ls-2026-007"]);
    carla.git(&["push", "--quiet", "origin", "liaison/outbox"]);
    carla.git(&["switch", "--quiet", "main"]);
    carla.git(&["branch", "--quiet", "-D", "liaison/outbox"]);
    let told = "origin/liaison/outbox took ls-2026-007, not in the record here";
    is(
        &carla,
        "old ledger",
        "problem",
        &[told, "where the ledger is the lock, in liaison.toml", "liaison/send/NUMBER"],
    );
    // Numbers and states come from the mainline, which is the lock; but nothing that may have left leaves again.
    carla.being("ada-example").ok(&["approve", &slug]);
    carla.ok(&["status"]).prints(&slug).prints(&old);
    carla.ok(&["send", &slug]).prints("ls-2026-001");
    carla
        .being("ada-example")
        .fails(73, &["approve", &old])
        .says(&format!("{old} was taken as ls-2026-007"))
        .says("which is not the lock any more: liaison doctor tells how it stands");
}
