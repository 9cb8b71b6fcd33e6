//! What stands in the way outside the record: each gets a clear answer, nothing is lost, nothing is half written.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test ends where it is wrong"
)]

mod common;

use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::Path;
use std::process::Command;

use common::{Clone, DIRECT, PULL_REQUEST, Ran, RecordRepo, write_program};

const TITLE: &str = "Use of ECH in 5G core networks";

/// One command of each kind that writes: a new draft, an act, an edit, a number taken by sending, by a mail.
fn writers(world: &RecordRepo, slug: &str) -> Vec<Vec<String>> {
    let mail = world.file("in.eml", std::fs::read(common::project("src/cli/example/incoming.eml")).unwrap());
    let lines = [
        "new --from tls --to w3c --title Another --purpose for-information --slug another".to_string(),
        format!("comment {slug} hm"),
        format!("edit {slug} --set deadline=2027-02-01"),
        format!("send {slug}"),
        format!("receive {mail} --from 3gpp-sa3 --to tls --purpose for-information"),
    ];
    lines.iter().map(|line| line.split(' ').map(str::to_owned).collect()).collect()
}

/// Each command ends with an exit code, says a text, and changes nothing, neither here nor on the remote.
#[track_caller]
fn all_refuse(clone: &Clone<'_>, slug: &str, code: i32, texts: &[&str]) {
    let before = clone.standing();
    let remote = |world: &RecordRepo| match world.remote().exists() {
        true => world.git(&world.remote(), &["for-each-ref"]),
        false => String::new(),
    };
    let remote_before = remote(clone.world);
    for words in writers(clone.world, slug) {
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let ran = clone.fails(code, &words);
        for text in texts {
            assert!(ran.stderr.contains(text), "{words:?}: expected {text:?} in\n{}", ran.stderr);
        }
        assert!(clone.standing() == before, "{words:?} changed something:\n{}", difference(clone, &before.0));
        assert_eq!(remote(clone.world), remote_before, "{words:?} reached the remote");
    }
}

fn difference(clone: &Clone<'_>, before: &std::collections::BTreeMap<String, Vec<u8>>) -> String {
    let after = clone.tree();
    let gone = before.keys().filter(|path| !after.contains_key(*path)).map(|path| format!("- {path}"));
    let new =
        after.iter().filter(|(path, bytes)| before.get(*path) != Some(bytes)).map(|(path, _)| format!("+ {path}"));
    gone.chain(new).collect::<Vec<_>>().join("\n")
}

/// A clone with an approved draft.
fn with_approved(world: &RecordRepo) -> (Clone<'_>, String) {
    let carla = world.clone_of("carla-sample");
    let slug = carla.new_letter(TITLE, &[]);
    carla.being("ada-example").ok(&["approve", &slug]);
    (carla, slug)
}

/// Runs git, which may fail.
fn try_git(clone: &Clone<'_>, args: &[&str]) {
    let _ = clone.world.command("git").current_dir(&clone.path).args(args).output().unwrap();
}

#[test]
fn changes_elsewhere_in_the_work_tree_stay_where_they_are() {
    let world = RecordRepo::with_remote(DIRECT);
    let (carla, slug) = with_approved(&world);
    carla.write("liaison.toml", carla.read("liaison.toml") + "\n# a thought\n");
    carla.write("README.md", "A readme that is not committed yet.\n");
    carla.write("directory/lists/tls.toml", carla.read("directory/lists/tls.toml") + "# staged\n");
    carla.git(&["add", "directory/lists/tls.toml"]);
    let dirty = carla.git(&["status", "--porcelain"]);
    carla.ok(&["comment", &slug, "hm"]).says("committed and pushed to main");
    carla.ok(&["send", &slug]);
    carla.ok(&["mark-sent", &slug, "--copy", "outbox/new/ls-2026-001.eml"]);
    assert_eq!(carla.git(&["status", "--porcelain"]), dirty, "they are neither committed nor lost");
    let mut subjects = carla.journal();
    subjects.retain(|subject| subject.starts_with("sent:"));
    assert_eq!(carla.git(&["show", "--format=", "--name-only", "HEAD"]).lines().count(), 2, "the act and the copy");
}

#[test]
fn a_letter_with_changes_that_are_not_committed_is_neither_approved_nor_sent() {
    let world = RecordRepo::with_remote(DIRECT);
    let (carla, slug) = with_approved(&world);
    let path = format!("drafts/{slug}.yaml");
    let text = carla.read(&path);
    carla.write(&path, text.replace("we look forward", "we do not look forward"));
    let before = carla.standing();
    let dirty = format!("{path} has changes that are not committed");
    for words in [&["comment", &slug, "hm"][..], &["send", &slug], &["send", &slug, "--dry-run"]] {
        carla.fails(1, words).says(&dirty).says("git restore");
    }
    carla.being("pavel-priklad").fails(1, &["approve", &slug]).says(&dirty);
    assert!(carla.standing() == before);
    carla.ok(&["edit", &slug, "--set", "deadline=2027-02-01"]).says("is stale now: deadline, body");
    assert_eq!(carla.git(&["status", "--porcelain"]), "", "an edit takes along what was written by hand");
    carla.write(&format!("drafts/{slug}/notes.txt"), "Not added yet.\n");
    carla.being("pavel-priklad").fails(1, &["approve", &slug]).says(&format!("drafts/{slug}/notes.txt has changes"));
}

#[test]
fn a_draft_that_was_never_committed_is_not_approved() {
    let world = RecordRepo::with_remote(DIRECT);
    let carla = world.clone_of("carla-sample");
    let slug = carla.new_letter(TITLE, &["--no-commit"]);
    carla
        .being("ada-example")
        .fails(1, &["approve", &slug])
        .says("not committed")
        .says(&format!("git add drafts/{slug}"));
    carla.fails(1, &["send", &slug]).says("not committed");
    assert_eq!(carla.state(&slug), "ready");
}

#[test]
fn a_push_meets_others_while_the_tree_is_dirty() {
    let world = RecordRepo::with_remote(DIRECT);
    let carla = world.clone_of("carla-sample");
    let slug = carla.new_letter(TITLE, &[]);
    let theo = world.clone_of("theo-exemplo");
    carla.ok(&["comment", &slug, "first"]);
    theo.write("liaison.toml", theo.read("liaison.toml") + "\n# a thought\n");
    theo.fails(73, &["comment", &slug, "second"])
        .says("committed in this clone")
        .says("liaison.toml has changes that are not committed")
        .says("git stash && git pull --rebase && liaison check && git push && git stash pop");
    assert!(theo.read("liaison.toml").contains("# a thought"));
    theo.git(&["stash", "--quiet"]);
    theo.git(&["pull", "--quiet", "--rebase"]);
    theo.git(&["push", "--quiet"]);
    theo.git(&["stash", "pop", "--quiet"]);
    carla.git(&["pull", "--quiet"]);
    assert_eq!(carla.names(&format!("drafts/{slug}/acts")).len(), 3);
}

#[test]
fn a_detached_head_commits_nothing() {
    let world = RecordRepo::with_remote(DIRECT);
    let (carla, slug) = with_approved(&world);
    carla.git(&["switch", "--quiet", "--detach"]);
    let before = carla.standing();
    let told = "the clone is at a commit, not on a branch (detached HEAD); `git switch main` first";
    for words in [&["comment", &slug, "hm"][..], &["edit", &slug, "--set", "deadline=2027-02-01"]] {
        carla.fails(2, words).says(told);
    }
    assert!(carla.standing() == before);
    carla.ok(&["send", &slug]).says("pushed to main, which is not the branch you are on");
    carla.git(&["switch", "--quiet", "main"]);
    carla.git(&["pull", "--quiet"]);
    assert_eq!(carla.state(&slug), "handed-over", "the number is taken on the remote, wherever the clone stands");
}

#[test]
fn without_a_remote_numbers_are_taken_on_the_mainline_only() {
    let world = RecordRepo::new();
    let carla = world.first("carla-sample", DIRECT);
    let slug = carla.new_letter(TITLE, &[]);
    carla.being("ada-example").ok(&["approve", &slug]);
    let mail = world.file("in.eml", std::fs::read(common::project("src/cli/example/incoming.eml")).unwrap());
    let receive = ["receive", &mail, "--from", "3gpp-sa3", "--to", "tls", "--purpose", "for-information"];
    carla.git(&["switch", "--quiet", "--create", "topic"]);
    let before = carla.standing();
    for words in [&["send", &slug][..], &receive] {
        carla.fails(1, words).says("you are on the branch topic").says("git switch main");
    }
    carla.git(&["switch", "--quiet", "--detach", "main"]);
    for words in [&["send", &slug][..], &receive] {
        carla.fails(2, words).says("detached HEAD");
    }
    carla.git(&["switch", "--quiet", "topic"]);
    assert!(carla.standing() == before);
    carla.git(&["switch", "--quiet", "main"]);
    carla.ok(&["send", &slug]).prints("ls-2026-001");
    carla.ok(&receive).prints("ls-2026-002");
}

#[test]
fn without_an_identity_nothing_is_written() {
    let world = RecordRepo::with_remote(DIRECT);
    let (carla, slug) = with_approved(&world);
    carla.git(&["config", "--unset", "user.name"]);
    carla.git(&["config", "--unset", "user.email"]);
    all_refuse(&carla, &slug, 1, &["git does not know who you are", "git config --global user.email", "--as HANDLE"]);
    let before = carla.standing();
    carla.fails(2, &["comment", &slug, "hm", "--as", "carla-sample"]).says("git does not know who you are");
    assert!(carla.standing() == before);
    let stranger = carla.with("GIT_AUTHOR_NAME", "A Stranger").with("GIT_AUTHOR_EMAIL", "stranger@elsewhere.example");
    stranger
        .fails(1, &["comment", &slug, "hm"])
        .says("A Stranger <stranger@elsewhere.example>, an address that nobody in the directory has")
        .says("liaison person add");
}

#[test]
fn an_unfinished_merge_rebase_or_cherry_pick_is_finished_first() {
    let world = RecordRepo::with_remote(DIRECT);
    let (carla, slug) = with_approved(&world);
    let list = "directory/lists/tls.toml";
    carla.git(&["switch", "--quiet", "--create", "side"]);
    carla.write(list, carla.read(list) + "# on the side\n");
    carla.git(&["commit", "--quiet", "-am", "One side"]);
    carla.git(&["switch", "--quiet", "main"]);
    carla.write(list, carla.read(list) + "# on main\n");
    carla.git(&["commit", "--quiet", "-am", "The other side"]);
    for (begin, what, end) in [
        (&["merge", "side"][..], "a merge is not finished here", "merge --abort"),
        (&["rebase", "side"], "a rebase is not finished here", "rebase --abort"),
        (&["cherry-pick", "side"], "a cherry-pick is not finished here", "cherry-pick --abort"),
        (&["revert", "--no-edit", "HEAD~1", "HEAD"], "a revert is not finished here", "revert --abort"),
    ] {
        if begin[0] == "revert" {
            carla.write("stop", "a revert stops here");
            carla.git(&["revert", "--no-commit", "HEAD"]);
            std::fs::remove_file(carla.path.join("stop")).unwrap();
        } else {
            try_git(&carla, begin);
        }
        all_refuse(&carla, &slug, 2, &[what, &format!("give it up with `git {end}`")]);
        let words: Vec<&str> = end.split(' ').collect();
        carla.git(&words);
    }
    carla.git(&["bisect", "start"]);
    all_refuse(&carla, &slug, 2, &["a bisection is not finished here", "`git bisect reset`"]);
}

#[test]
fn a_locked_index_is_named() {
    for settings in [DIRECT, PULL_REQUEST] {
        let world = RecordRepo::with_remote(settings);
        let (carla, slug) = with_approved(&world);
        carla.write(".git/index.lock", "");
        let lock = carla.path.join(".git/index.lock").canonicalize().unwrap();
        all_refuse(
            &carla,
            &slug,
            2,
            &[
                "another git command is running here, or ended badly",
                &lock.display().to_string(),
                "remove it when no git runs",
            ],
        );
        std::fs::remove_file(lock).unwrap();
        carla.ok(&["comment", &slug, "hm"]);
    }
}

#[test]
fn a_hook_that_refuses_leaves_everything_as_it_was() {
    for settings in [DIRECT, PULL_REQUEST] {
        let world = RecordRepo::with_remote(settings);
        let (carla, slug) = with_approved(&world);
        let profile = world.file("profile.txt", "A profile.\n");
        write_program(
            &carla.path.join(".git/hooks/pre-commit"),
            "#!/bin/sh\necho 'letters are committed on weekdays only' >&2\nexit 1\n",
        );
        let before = carla.standing();
        let branches = carla.git(&["branch", "--list"]);
        let new = ["new", "--from", "tls", "--to", "w3c", "--title", "Another", "--purpose", "for-information"];
        for words in [
            &[&new[..], &["--attach", &profile]].concat()[..],
            &["comment", &slug, "hm"],
            &["edit", &slug, "--set", "deadline=2027-02-01", "--attach", &profile],
            &[
                "approve",
                &slug,
                "--decline",
                "--reason",
                "x",
                "--recorded-for",
                "ada-example",
                "--evidence",
                "mid:a@b.example",
            ],
        ] {
            carla
                .fails(2, words)
                .says("git commit failed: letters are committed on weekdays only")
                .says("nothing was changed");
            assert!(carla.standing() == before, "{words:?}:\n{}", difference(&carla, &before.0));
            assert_eq!(carla.git(&["branch", "--list"]), branches, "no branch is left behind");
        }
        std::fs::remove_file(carla.path.join(".git/hooks/pre-commit")).unwrap();
        carla.ok(&["edit", &slug, "--set", "deadline=2027-02-01"]);
    }
}

#[test]
fn a_hook_that_refuses_a_push_leaves_the_commit_and_says_so() {
    let world = RecordRepo::with_remote(DIRECT);
    let (carla, slug) = with_approved(&world);
    write_program(&carla.path.join(".git/hooks/pre-push"), "#!/bin/sh\necho 'not today' >&2\nexit 1\n");
    carla.fails(75, &["comment", &slug, "hm"]).says("committed in this clone").says("git push origin HEAD:main");
    carla.git(&["reset", "--quiet", "--keep", "origin/main"]);
    let before = carla.standing();
    carla.fails(75, &["send", &slug]).says("nothing was sent");
    assert!(carla.standing() == before);
    assert!(carla.names("outbox/new").is_empty());
}

#[test]
fn a_remote_that_is_gone_is_named() {
    let world = RecordRepo::with_remote(DIRECT);
    let (carla, slug) = with_approved(&world);
    std::fs::rename(world.remote(), world.folder().join("elsewhere.git")).unwrap();
    let before = carla.standing();
    let sent = carla.fails(2, &["send", &slug]).says("git fetch failed");
    assert!(sent.stderr.contains("remote.git"), "{}", sent.stderr);
    assert!(carla.standing() == before);
    carla.fails(75, &["comment", &slug, "hm"]).says("committed in this clone").says("git push origin HEAD:main");
    for words in [&["list"][..], &["show", &slug], &["status"], &["check"], &["log", &slug]] {
        carla.ok(words);
    }
    carla.fails(2, &["show", "nothing-of-that-name"]).says("no letter is called");
}

/// Makes a folder and all below it read-only, or writable again.
fn set_writable(folder: &Path, writable: bool) {
    for entry in walkdir::WalkDir::new(folder).contents_first(!writable) {
        let entry = entry.unwrap();
        let mode = entry.metadata().unwrap().permissions().mode();
        let mode = if writable { mode | 0o200 } else { mode & !0o222 };
        std::fs::set_permissions(entry.path(), std::fs::Permissions::from_mode(mode)).unwrap();
    }
}

/// The program as a person whom file permissions bind: root sees them lifted, so it becomes somebody else.
fn bound(clone: &Clone<'_>, words: &[&str]) -> Ran {
    let command = clone.command(words);
    let is_root = std::fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0);
    if !is_root {
        return Ran::of(&mut { command }, &words.join(" "));
    }
    let world = clone.world;
    std::fs::set_permissions(world.folder(), std::fs::Permissions::from_mode(0o755)).unwrap();
    let program = world.folder().join("liaison");
    if !program.exists() {
        std::fs::copy(command.get_program(), &program).unwrap();
    }
    let mut dropped = Command::new("setpriv");
    dropped.args(["--reuid=65534", "--regid=65534", "--clear-groups"]).arg(program).args(words);
    dropped.current_dir(&clone.path).env_clear().stdin(std::process::Stdio::null());
    dropped.envs(command.get_envs().filter_map(|(name, value)| value.map(|value| (name, value))));
    Ran::of(&mut dropped, &words.join(" "))
}

#[test]
fn a_read_only_folder_is_named() {
    let world = RecordRepo::with_remote(DIRECT);
    let (carla, slug) = with_approved(&world);
    let before = carla.standing();
    set_writable(&carla.path, false);
    let refused: Vec<(Vec<String>, Ran)> = writers(&world, &slug)
        .into_iter()
        .map(|words| {
            let ran = bound(&carla, &words.iter().map(String::as_str).collect::<Vec<_>>());
            (words, ran)
        })
        .collect();
    let looked: Vec<Ran> =
        [&["list"][..], &["show", &slug], &["status"], &["check"], &["log", &slug], &["preview", &slug]]
            .iter()
            .map(|words| bound(&carla, words))
            .collect();
    set_writable(&carla.path, true);
    assert!(carla.standing() == before, "{}", difference(&carla, &before.0));
    for (words, ran) in refused {
        let ran = ran.ended(2);
        let told = ran.stderr.to_lowercase();
        assert!(told.contains("permission denied"), "{words:?}: {told}");
        assert!(told.contains("drafts/") || told.contains(".git/") || told.contains("outbox"), "{words:?}: {told}");
    }
    looked.into_iter().for_each(|ran| drop(ran.ended(0)));
}

#[test]
fn a_read_only_repository_leaves_the_files_as_they_were() {
    let world = RecordRepo::with_remote(DIRECT);
    let (carla, slug) = with_approved(&world);
    let before = carla.standing();
    let is_root = std::fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0);
    for entry in walkdir::WalkDir::new(&carla.path).into_iter().filter_entry(|entry| entry.file_name() != ".git") {
        if is_root {
            std::os::unix::fs::chown(entry.unwrap().path(), Some(65534), Some(65534)).unwrap();
        }
    }
    set_writable(&carla.path.join(".git"), false);
    let words = [&["comment", &slug, "hm"][..], &["edit", &slug, "--set", "deadline=2027-02-01"]];
    let ran: Vec<Ran> = words.iter().map(|words| bound(&carla, words)).collect();
    set_writable(&carla.path.join(".git"), true);
    for ran in ran {
        let ran = ran.ended(2);
        assert!(ran.stderr.to_lowercase().contains("permission denied"), "{}", ran.stderr);
    }
    assert!(carla.standing() == before, "{}", difference(&carla, &before.0));
}

#[test]
fn what_may_not_be_written_is_no_other_git_and_no_broken_repository() {
    for settings in [DIRECT, PULL_REQUEST] {
        let world = RecordRepo::with_remote(settings);
        let (carla, slug) = with_approved(&world);
        if settings == PULL_REQUEST {
            carla.git(&["push", "--quiet", "origin", "HEAD:main"]);
            carla.git(&["switch", "--quiet", "main"]);
            carla.git(&["pull", "--quiet"]);
            carla.git(&["branch", "--quiet", "-D", &format!("statement/{slug}")]);
        }
        let before = carla.standing();
        let writers = writers(&world, &slug);
        set_writable(&carla.path, false);
        let read_only: Vec<_> = writers
            .iter()
            .map(|line| (line.clone(), bound(&carla, &line.iter().map(String::as_str).collect::<Vec<_>>())))
            .collect();
        set_writable(&carla.path, true);
        for (words, ran) in read_only {
            let told = ran.ended(2).stderr;
            assert!(
                told.contains("help: ask whoever owns") || told.contains("help: mend the folder"),
                "{words:?}: {told}"
            );
            assert!(!told.contains("another git command") && !told.contains("fsck"), "{words:?}: {told}");
        }
        assert!(carla.standing() == before, "{}", difference(&carla, &before.0));
        for line in &writers {
            let told =
                with_little_room(&carla, 0, &line.iter().map(String::as_str).collect::<Vec<_>>()).ended(2).stderr;
            assert!(told.contains("make room") || told.contains("help: mend the folder"), "{line:?}: {told}");
            assert!(!told.contains("another git command") && !told.contains("fsck"), "{line:?}: {told}");
            let _ = std::fs::remove_file(carla.path.join(".git/index.lock"));
        }
        assert!(carla.standing() == before, "{}", difference(&carla, &before.0));
    }
}

/// The program with a largest size of a file, in KiB: writing more fails as on a full disk.
fn with_little_room(clone: &Clone<'_>, kibibytes: u32, words: &[&str]) -> Ran {
    let command = clone.command(words);
    let mut shell = Command::new("bash");
    shell
        .args(["-c", &format!("trap '' XFSZ; ulimit -f {kibibytes}; exec \"$@\"")])
        .arg("bash")
        .arg(command.get_program());
    shell.args(words).current_dir(&clone.path).env_clear().stdin(std::process::Stdio::null());
    shell.envs(command.get_envs().filter_map(|(name, value)| value.map(|value| (name, value))));
    Ran::of(&mut shell, &format!("{} with {kibibytes} KiB", words.join(" ")))
}

/// Bytes that do not get smaller.
fn noise(length: u64) -> Vec<u8> {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    (0..length)
        .map(|_| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state.to_le_bytes()[0]
        })
        .collect()
}

#[test]
fn a_full_disk_writes_nothing_by_halves() {
    let world = RecordRepo::with_remote(DIRECT);
    let (carla, slug) = with_approved(&world);
    let large = world.file("large.pdf", [b"%PDF-1.7\n".to_vec(), noise(200_000)].concat());
    let new = [
        "new",
        "--from",
        "tls",
        "--to",
        "w3c",
        "--title",
        "Another",
        "--purpose",
        "for-information",
        "--attach",
        &large,
    ];
    let edit = ["edit", &slug, "--attach", &large];
    let mail = world.file(
        "large.eml",
        [b"From: SA3 <sa3@3gpp.example>\r\nTo: tls@ietf.example\r\nSubject: Large\r\nMessage-ID: <l@3gpp.example>\r\n\r\n".to_vec(), b"x\r\n".repeat(70_000)].concat(),
    );
    let receive = ["receive", &mail, "--from", "3gpp-sa3", "--to", "tls", "--purpose", "for-information"];
    let before = carla.standing();
    for (words, room) in [
        (&new[..], 64),
        (&edit, 64),
        (&["comment", &slug, "hm"], 0),
        (&new, 2),
        (&edit, 2),
        (&["comment", &slug, "hm"], 2),
    ] {
        let ran = with_little_room(&carla, room, words).ended(2);
        let told = ran.stderr.to_lowercase();
        assert!(
            told.contains("file too large") || told.contains("unable to write"),
            "{words:?} with {room} KiB: {told}"
        );
        assert!(carla.standing() == before, "{words:?} with {room} KiB:\n{}", difference(&carla, &before.0));
        let _ = std::fs::remove_file(carla.path.join(".git/index.lock"));
    }
    for (words, room) in [(&["send", &slug][..], 0), (&receive, 0)] {
        with_little_room(&carla, room, words).ended(2);
        assert!(carla.standing() == before, "{words:?} with {room} KiB:\n{}", difference(&carla, &before.0));
    }
    carla.ok(&["check"]);
    carla.ok(&edit);
    carla.being("ada-example").ok(&["approve", &slug]);
    carla.ok(&receive).prints("ls-2026-001");
    carla.ok(&["send", &slug]).prints("ls-2026-002");
}

#[test]
fn a_full_device_takes_no_results_and_says_so() {
    let world = RecordRepo::new();
    let carla = world.first("carla-sample", DIRECT);
    let slug = carla.new_letter(TITLE, &[]);
    for words in [&["list"][..], &["show", &slug], &["list", "--format", "json"]] {
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let output = carla.command(words).stdout(full).output().unwrap();
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{words:?}: {told}");
        assert!(told.contains("No space left on device"), "{words:?}: {told}");
    }
}

#[test]
fn an_outbox_that_takes_nothing_is_found_before_the_number_is_taken() {
    let world = RecordRepo::with_remote(DIRECT);
    let (carla, slug) = with_approved(&world);
    carla.write("outbox", "a file where the folder belongs");
    let before = carla.standing();
    carla.fails(2, &["send", &slug]).says("nothing was sent: the outbox").says("[send] outbox");
    assert!(carla.standing() == before);
    std::fs::remove_file(carla.path.join("outbox")).unwrap();
    carla.ok(&["send", &slug]).prints("ls-2026-001");
}

#[test]
fn a_sending_that_was_interrupted_goes_on_in_its_own_clone_only() {
    for settings in [DIRECT, "\n[send]\nlock = \"liaison/outbox\"\n"] {
        let world = RecordRepo::with_remote(settings);
        let (carla, slug) = with_approved(&world);
        std::fs::create_dir_all(carla.path.join("outbox/new/ls-2026-001.eml/in-the-way")).unwrap();
        carla.fails(2, &["send", &slug]).says("outbox/new/ls-2026-001.eml");
        let theo = world.clone_of("theo-exemplo");
        theo.fails(70, &["send", "ls-2026-001"]).says("from another clone").says("ask Carla Sample");
        assert!(theo.names("outbox/new").is_empty());
        std::fs::remove_dir_all(carla.path.join("outbox/new/ls-2026-001.eml")).unwrap();
        carla.ok(&["send", "ls-2026-001"]).says("is finished now").prints("ls-2026-001");
        assert_eq!(carla.names("outbox/new"), ["ls-2026-001.announcement.eml", "ls-2026-001.eml"]);
        carla.git(&["pull", "--quiet"]);
        assert_eq!(carla.state("ls-2026-001"), "handed-over");
        assert_eq!(carla.read("outbox/new/ls-2026-001.eml"), carla.read("statements/2026/ls-2026-001/sent-1.eml"));
        carla.ok(&["send", "ls-2026-001"]).prints("nothing was sent again");
    }
}

#[test]
fn without_git_files_are_written_and_read() {
    let world = RecordRepo::new();
    let carla = world.first("carla-sample", DIRECT);
    std::fs::remove_dir_all(carla.path.join(".git")).unwrap();
    let before = carla.tree();
    let new = [
        "new",
        "--from",
        "tls",
        "--to",
        "w3c",
        "--title",
        "Another",
        "--purpose",
        "for-information",
        "--as",
        "carla-sample",
    ];
    carla.fails(2, &new).says("is not in a git repository").says("`--no-commit` works without");
    assert!(carla.tree() == before);
    carla.ok(&[&new[..], &["--no-commit"]].concat()).says("written, not committed: drafts/another.yaml");
    carla.ok(&["comment", "another", "hm", "--as", "theo-exemplo", "--no-commit"]);
    let mail = world.file("in.eml", std::fs::read(common::project("src/cli/example/incoming.eml")).unwrap());
    let receive = ["receive", &mail, "--from", "3gpp-sa3", "--to", "tls", "--purpose", "for-information"];
    carla.ok(&[&receive[..], &["--no-commit", "--as", "rob-registrar"]].concat()).prints("ls-2026-001");
    for words in
        [&["list"][..], &["show", "another"], &["show", "001"], &["status"], &["check"], &["digest", "another"]]
    {
        carla.ok(words);
    }
    carla.fails(2, &["log", "another"]).says("is not in a git repository");
    carla.fails(2, &["send", "another", "--as", "carla-sample"]).says("is not in a git repository");
    carla.fails(1, &["comment", "another", "hm"]).says("--as HANDLE");
}

#[test]
fn outside_a_record_every_command_says_where_it_looked() {
    let world = RecordRepo::new();
    let carla = world.first("carla-sample", DIRECT);
    let mut nowhere = carla.clone();
    nowhere.path = world.home();
    for words in [&["list"][..], &["check"], &["status"], &["show", "x"], &["new", "--from", "tls", "--to", "w3c"]] {
        nowhere.fails(2, words).says("no record here").says("liaison init DIR");
    }
}

#[test]
fn colours_come_when_they_are_asked_for() {
    let world = RecordRepo::new();
    let carla = world.first("carla-sample", DIRECT);
    carla.write("drafts/broken.yaml", "direction: outgoing\ntitel: x\n");
    let colourful = |clone: &Clone<'_>, words: &[&str]| clone.fails(1, words).stdout.contains('\u{1b}');
    assert!(!colourful(&carla, &["check"]), "a pipe is no terminal");
    assert!(colourful(&carla, &["check", "--color", "always"]));
    assert!(!colourful(&carla, &["check", "--color", "never"]));
    assert!(!colourful(&carla.with("NO_COLOR", "1"), &["check"]));
    assert!(colourful(&carla.with("NO_COLOR", "1"), &["check", "--color", "always"]), "who asks gets them");
    assert!(!colourful(&carla.with("TERM", "dumb"), &["check"]));
    carla.fails(1, &["check", "--format", "json", "--color", "always"]).prints("\"version\"");
    let json = carla.fails(1, &["check", "--format", "json", "--color", "always"]).stdout;
    assert!(!json.contains('\u{1b}'), "programs read no colours");
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let world = RecordRepo::new();
    let carla = world.first("carla-sample", DIRECT);
    for number in 0..12 {
        carla.new_letter(&format!("Letter {number}"), &["--no-commit"]);
    }
    let program = carla.command(&[]).get_program().to_owned();
    let program = program.to_string_lossy();
    for line in [
        "list",
        "list --format json",
        "show letter-1 --format json",
        "check --format json",
        "--help",
        "preview letter-11",
    ] {
        for reader in ["head -0", "head -c 1", "true"] {
            let mut shell = world.command("bash");
            shell.current_dir(&carla.path).args([
                "-o",
                "pipefail",
                "-c",
                &format!("'{program}' {line} | {reader} >/dev/null"),
            ]);
            let ran = Ran::of(&mut shell, &format!("{line} | {reader}")).ended(0);
            assert_eq!(ran.stderr, "", "{line} | {reader}");
        }
    }
}

#[test]
fn without_a_terminal_nothing_is_asked() {
    let world = RecordRepo::with_remote(DIRECT);
    let carla = world.clone_of("carla-sample");
    let before = carla.standing();
    for (words, flag) in [
        (&["new"][..], "--from GROUP"),
        (&["new", "--from", "tls"], "--to GROUP"),
        (&["new", "--from", "tls", "--to", "w3c"], "--title TITLE"),
        (&["new", "--from", "tls", "--to", "w3c", "--title", "x"], "--purpose PURPOSE"),
        (
            &[
                "new",
                "--from",
                "tls",
                "--to",
                "w3c",
                "--to",
                "3gpp-sa3",
                "--title",
                "xyz",
                "--purpose",
                "for-information",
            ],
            "--separate",
        ),
        (&["receive", "--title", "xyz"], "--from GROUP"),
        (&["receive", "--title", "xyz", "--from", "w3c"], "--to GROUP"),
        (&["receive", "--from", "w3c", "--to", "tls"], "--title TITLE"),
    ] {
        carla.fails(2, words).says(flag);
        let program = carla.command(&[]).get_program().to_owned();
        let mut shell = carla.command(&[]);
        let line: Vec<String> = words.iter().map(|word| format!("'{word}'")).collect();
        let mut closed = world.command("bash");
        closed
            .current_dir(&carla.path)
            .envs(shell.get_envs().filter_map(|(name, value)| value.map(|value| (name, value))));
        closed.args(["-c", &format!("'{}' {} <&-", program.to_string_lossy(), line.join(" "))]);
        Ran::of(&mut closed, &format!("{words:?} with standard input closed")).ended(2).says(flag);
        let _ = &mut shell;
    }
    assert!(carla.standing() == before);
    carla.fails(2, &["edit", &carla.new_letter(TITLE, &[])]).says("no editor is known").says("--set KEY=VALUE");
}

#[test]
fn an_editor_that_fails_or_leaves_faults_keeps_the_text() {
    let world = RecordRepo::with_remote(DIRECT);
    let carla = world.clone_of("carla-sample");
    let slug = carla.new_letter(TITLE, &[]);
    let before = carla.standing();
    let place = |ran: &Ran| -> String {
        let resume = format!("your text is kept: liaison edit {slug} --resume ");
        ran.stderr.lines().find_map(|line| line.split(&resume).nth(1)).expect("where the text is").trim().to_owned()
    };
    let kept = |ran: &Ran| std::fs::read_to_string(place(ran)).expect("the text");
    let editor = world.file("editor", "");
    write_program(Path::new(&editor), "#!/bin/sh\nprintf 'title: [\\n' >>\"$1\"\nexit 0\n");
    let ran = carla.with("EDITOR", &editor).fails(1, &["edit", &slug]).says("not saved");
    assert!(kept(&ran).ends_with("title: [\n"));
    write_program(Path::new(&editor), "#!/bin/sh\nprintf '# half a thought\\n' >>\"$1\"\nexit 3\n");
    let ran = carla.with("EDITOR", &editor).fails(1, &["edit", &slug]).says("nothing was saved");
    assert!(kept(&ran).ends_with("# half a thought\n"));
    carla.with("EDITOR", "no-such-editor").fails(2, &["edit", &slug]).says("`no-such-editor` cannot be started");
    assert!(carla.standing() == before);
    write_program(Path::new(&editor), "#!/bin/sh\nsed -i 's/2027-01-15/2027-02-01/' \"$1\"\n");
    carla.with("EDITOR", &editor).ok(&["edit", &slug, "--resume", &place(&ran)]).prints("changed deadline");
    assert!(carla.read(&format!("drafts/{slug}.yaml")).ends_with("# half a thought\n"), "the text went on");
}

#[test]
fn a_file_of_the_directory_that_cannot_be_read_is_named_by_whoever_misses_it() {
    let world = RecordRepo::with_remote(DIRECT);
    let carla = world.clone_of("carla-sample");
    let slug = carla.new_letter(TITLE, &[]);
    let file = "directory/groups/tls.toml";
    carla.write(file, carla.read(file) + "kind = [\n");
    for words in [&["approve", &slug][..], &["contacts", "--from", "tls", "--to", "3gpp-sa3"]] {
        let ran = carla.being("ada-example").liaison(words);
        assert!([Some(1), Some(2)].contains(&ran.code), "{}", ran.stderr);
        ran.says("directory/groups/tls.toml:")
            .says("cannot be read, and that may be why")
            .says("mend directory/groups/tls.toml first");
    }
    carla.git(&["checkout", "--quiet", file]);
    carla.being("ada-example").ok(&["approve", &slug]);
}
