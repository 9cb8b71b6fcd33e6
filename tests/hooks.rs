//! `hooks`: git checks before it commits and pushes.

#![cfg(unix)]
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test ends where it is wrong"
)]

mod common;

use std::path::Path;

use common::{Clone, DIRECT, Ran, RecordRepo};

const FAULTY: &str = "direction: outgoing\ntitle: A letter\nfrom: {groups: [tls]}\nto: {groups: [3gpp-sa3]}\n\
                      purpose: for-everybody\nbody: |\n  Dear colleagues, please tell us.\n";

/// git, with the built program on its path, as a person has it.
fn git(clone: &Clone<'_>, args: &[&str]) -> Ran {
    let program = Path::new(env!("CARGO_BIN_EXE_liaison")).parent().unwrap().display().to_string();
    let mut command = clone.world.command("git");
    command.current_dir(&clone.path).args(args);
    command.env("PATH", format!("{program}:{}", std::env::var("PATH").unwrap()));
    command.env("LIAISON_NOW", "2026-11-24T12:00:00Z");
    Ran::of(&mut command, &format!("git {args:?}"))
}

#[test]
fn what_is_staged_is_checked_before_a_commit_and_what_is_new_before_a_push() {
    let world = RecordRepo::with_remote(DIRECT);
    let carla = world.clone_of("carla-sample");
    carla.ok(&["hooks", "install"]).prints("git checks here before each commit and each push");
    carla.write("drafts/faulty.yaml", FAULTY);
    carla.git(&["add", "drafts/faulty.yaml"]);
    // Only what is staged counts: the work tree is right already.
    carla.write("drafts/faulty.yaml", FAULTY.replace("for-everybody", "for-information"));
    let refused = git(&carla, &["commit", "--quiet", "-m", "Add a letter"]);
    assert!(refused.code == Some(1) && format!("{refused:?}").contains("purpose-unknown"), "{refused:?}");
    assert!(git(&carla, &["worktree", "list"]).stdout.lines().count() == 1, "nothing is left behind");
    carla.git(&["add", "drafts/faulty.yaml"]);
    git(&carla, &["commit", "--quiet", "-m", "Add a letter"]).ended(0);
    git(&carla, &["push", "--quiet"]).ended(0);
    carla.write("drafts/faulty.yaml", FAULTY);
    git(&carla, &["commit", "--quiet", "--all", "--no-verify", "-m", "Spoil it"]).ended(0);
    let refused = git(&carla, &["push", "--quiet"]);
    assert!(refused.code == Some(1) && format!("{refused:?}").contains("purpose-unknown"), "{refused:?}");
    carla.ok(&["hooks", "remove"]).prints("git no longer checks here");
    git(&carla, &["push", "--quiet"]).ended(0);
}

#[test]
fn what_is_pushed_is_checked_and_not_what_lies_in_the_work_tree() {
    let world = RecordRepo::with_remote(DIRECT);
    let carla = world.clone_of("carla-sample");
    carla.ok(&["hooks", "install"]);
    let good = FAULTY.replace("for-everybody", "for-information");
    carla.git(&["switch", "--quiet", "-c", "bad"]);
    carla.write("drafts/faulty.yaml", FAULTY);
    carla.git(&["add", "."]);
    git(&carla, &["commit", "--quiet", "--no-verify", "-m", "A bad letter"]).ended(0);
    let push = |what: &str, code: i32| {
        let ran = git(&carla, &["push", "--quiet", "origin", what]);
        assert_eq!(ran.code, Some(code), "{what}: {ran:?}");
    };
    push("main", 0);
    push("bad", 1);
    carla.git(&["switch", "--quiet", "main"]);
    push("bad", 1);
    carla.write("drafts/good.yaml", &good);
    carla.git(&["add", "."]);
    git(&carla, &["commit", "--quiet", "-m", "A good letter"]).ended(0);
    carla.write("drafts/good.yaml", FAULTY);
    push("main", 0);
    git(&carla, &["push", "--quiet", "--no-verify", "origin", "bad"]).ended(0);
    push(":bad", 0);
    assert_eq!(git(&carla, &["worktree", "list"]).stdout.lines().count(), 1, "nothing is left behind");
}

/// The first commit of a repository, a git directory elsewhere, and a person's own hooks for other things.
#[test]
fn hooks_work_in_every_kind_of_clone() {
    let world = RecordRepo::new();
    let carla = world.first("carla-sample", DIRECT);
    std::fs::remove_dir_all(carla.path.join(".git")).unwrap();
    carla.git(&["init", "--quiet", "--initial-branch=main"]);
    carla.git(&["config", "user.name", "Carla Sample"]);
    carla.git(&["config", "user.email", "carla@crypto.example"]);
    carla.git(&["config", "core.hooksPath", ".git/hooks"]);
    carla.ok(&["hooks", "install"]);
    common::write_program(&carla.path.join(".git/hooks/post-checkout"), "#!/bin/sh\ntouch checked-out\n");
    carla.write("drafts/faulty.yaml", FAULTY);
    carla.git(&["add", "."]);
    assert_eq!(git(&carla, &["commit", "--quiet", "-m", "Begin"]).code, Some(1), "the first commit is checked as well");
    carla.git(&["rm", "--quiet", "--cached", "-f", "drafts/faulty.yaml"]);
    git(&carla, &["commit", "--quiet", "-m", "Begin"]).ended(0);
    assert!(!carla.has("checked-out"), "hooks of the person's hear nothing of it");
    carla.ok(&["hooks", "remove"]).prints("git no longer checks here");
    carla.ok(&["hooks", "install"]);
    std::fs::rename(carla.path.join(".git"), world.folder().join("elsewhere")).unwrap();
    carla.git(&["--git-dir=../elsewhere", "config", "--unset", "core.hooksPath"]);
    let apart = ["--git-dir=../elsewhere", "--work-tree=."];
    git(&carla, &[&apart[..], &["add", "drafts"]].concat()).ended(0);
    let refused = git(&carla, &[&apart[..], &["commit", "--quiet", "-m", "A letter"]].concat());
    assert!(refused.code == Some(1) && format!("{refused:?}").contains("purpose-unknown"), "{refused:?}");
    carla.write("drafts/faulty.yaml", FAULTY.replace("for-everybody", "for-information"));
    git(&carla, &[&apart[..], &["commit", "--quiet", "--all", "-m", "A letter"]].concat()).ended(0);
}

#[test]
fn a_folder_s_name_is_never_run() {
    let world = RecordRepo::with_remote(DIRECT);
    let carla = world.clone_of("carla-sample");
    let odd = "it's `touch one` \"$(touch two)\"";
    std::fs::create_dir(carla.path.join(odd)).unwrap();
    for part in ["directory", "liaison.toml"] {
        std::fs::rename(carla.path.join(part), carla.path.join(odd).join(part)).unwrap();
    }
    carla.git(&["add", "--all"]);
    carla.git(&["commit", "--quiet", "-m", "Move the record"]);
    carla.ok(&["-C", odd, "hooks", "install"]);
    carla.write(&format!("{odd}/drafts/faulty.yaml"), FAULTY);
    carla.git(&["add", "--all"]);
    let refused = git(&carla, &["commit", "--quiet", "-m", "Add a letter"]);
    assert!(refused.code == Some(1) && format!("{refused:?}").contains("purpose-unknown"), "{refused:?}");
    for name in ["one", "two"] {
        assert!(!carla.path.join(name).exists() && !carla.path.join(odd).join(name).exists(), "{refused:?}");
    }
}

#[test]
fn somebody_elses_hooks_are_left_alone() {
    let world = RecordRepo::with_remote(DIRECT);
    let carla = world.clone_of("carla-sample");
    let hook = carla.path.join(".git/hooks/pre-commit");
    std::fs::create_dir_all(hook.parent().unwrap()).unwrap();
    std::fs::write(&hook, "#!/bin/sh\n").unwrap();
    for command in ["install", "remove"] {
        carla.fails(1, &["hooks", command]).says("pre-commit is there already").says("liaison check --since HEAD");
    }
    assert_eq!(std::fs::read_to_string(&hook).unwrap(), "#!/bin/sh\n");
    std::fs::remove_file(&hook).unwrap();
    carla.git(&["config", "core.hooksPath", "/elsewhere"]);
    carla.fails(1, &["hooks", "install"]).says("core.hooksPath");
}

#[test]
fn codeowners_follow_the_directory() {
    let world = RecordRepo::new();
    let rob = world.first("rob-registrar", DIRECT);
    let written = rob.ok(&["export", "codeowners"]).stdout;
    assert!(written.starts_with("# liaison export codeowners --host forge.example\n"), "{written}");
    assert!(written.contains("\n/liaison.toml @rob-registrar\n"), "{written}");
    let elsewhere = rob.ok(&["export", "codeowners", "--host", "elsewhere.example"]).stdout;
    assert!(
        elsewhere.contains("\n/liaison.toml rob@"),
        "who has no account there is named by their address: {elsewhere}"
    );
    std::fs::create_dir(rob.path.join(".github")).unwrap();
    rob.ok(&["export", "codeowners", "--out", ".github/CODEOWNERS"]);
    let found = |rob: &Clone<'_>| rob.liaison(&["check"]).stdout.contains("codeowners-stale");
    assert!(!found(&rob));
    let path = "directory/people/rob-registrar.toml";
    rob.write(path, rob.read(path).replace("\"rob-registrar\"", "\"robert\""));
    assert!(found(&rob));
}

/// The program need not be where shells look for it: the hook knows the one that wrote it.
#[test]
fn a_hook_finds_the_program_that_wrote_it() {
    let world = RecordRepo::new();
    let carla = world.first("carla-sample", DIRECT);
    carla.ok(&["hooks", "install"]);
    carla.write("drafts/faulty.yaml", FAULTY);
    carla.git(&["add", "."]);
    let mut command = world.command("git");
    command.current_dir(&carla.path).args(["commit", "--quiet", "-m", "A letter"]);
    let refused = Ran::of(&mut command, "git commit");
    assert!(refused.code == Some(1) && format!("{refused:?}").contains("purpose-unknown"), "{refused:?}");
    let hook = ".git/hooks/pre-commit";
    carla.write(hook, carla.read(hook).replace(env!("CARGO_BIN_EXE_liaison"), "/nowhere/liaison"));
    let refused = Ran::of(&mut command, "git commit");
    assert!(refused.code == Some(1) && refused.stderr.contains("liaison is not here any more"), "{refused:?}");
}
