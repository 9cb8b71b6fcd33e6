//! Clones that cannot prove anything, rewritten branches, roots, and what may be remembered.

use liaison::domain::ActKind;

use crate::common::{DIRECT, RecordRepo};
use crate::history::{History, found};

fn proven(world: &RecordRepo) -> History<'_> {
    let history = History::new(world);
    history.draft("ech-in-5g", "2026-11-24T09:00:00Z");
    history.approve("ech-in-5g", "ada-example", "2026-11-24T10:00:00Z");
    history
}

#[test]
fn an_incomplete_clone_is_refused_with_the_command_that_completes_it() {
    let world = RecordRepo::new();
    let history = proven(&world);
    history.clone.git(&["config", "uploadpack.allowFilter", "true"]);
    let url = format!("file://{}", history.clone.path.display());
    let cloned = |name: &str, more: &[&str]| {
        let args: Vec<&str> = ["clone", "--quiet"].iter().chain(more).copied().chain([url.as_str(), name]).collect();
        history.world().git(history.world().folder(), &args);
        let mut clone = history.clone.clone();
        clone.path = history.world().folder().join(name);
        History { clone, root: history.root.clone() }
    };
    let shallow = cloned("shallow", &["--depth", "1"]);
    shallow.audit(&[]).ended(4).says("help: git fetch --unshallow origin");
    shallow.clone.git(&["fetch", "--quiet", "--unshallow", "origin"]);
    shallow.audit(&[]).ended(0);
    let partial = cloned("partial", &["--filter=blob:none"]);
    partial.audit(&[]).ended(4).says("git fetch --refetch origin");
    for command in [
        &["config", "--unset-all", "remote.origin.partialclonefilter"][..],
        &["fetch", "--quiet", "--refetch", "origin"],
        &["config", "--unset-all", "remote.origin.promisor"],
    ] {
        partial.clone.git(command);
    }
    let _ = partial
        .clone
        .world
        .command("git")
        .current_dir(&partial.clone.path)
        .args(["config", "--unset-all", "extensions.partialclone"])
        .output();
    partial.audit(&[]).ended(0);
    let whole = cloned("whole", &[]);
    whole.audit(&[]).ended(0);
    let head = whole.head();
    whole.clone.git(&["replace", "HEAD", "HEAD~1"]);
    whole.audit(&[]).ended(4).says(&format!("help: git replace -d {head}"));
    whole.clone.git(&["replace", "-d", &head]);
    whole.audit(&[]).ended(0);
    whole.clone.write(".git/info/grafts", format!("{head}\n"));
    whole.audit(&[]).ended(4).says("info/grafts");
}

#[test]
fn a_rewritten_mainline_is_found_out_and_accepted_by_a_person() {
    let world = RecordRepo::with_remote(DIRECT);
    let first = world.clone_of("rob-registrar");
    let root = first.git(&["rev-parse", "HEAD"]);
    first.git(&["config", "liaison.trustRoot", &root]);
    let history = History { clone: first, root };
    let push = |more: &[&str]| {
        let args: Vec<&str> = ["push", "--quiet"].iter().chain(more).copied().chain(["origin", "HEAD:main"]).collect();
        history.clone.git(&args);
    };
    history.draft("ech-in-5g", "2026-11-24T09:00:00Z");
    push(&[]);
    history.finds(&[]);
    history.draft("other-letter", "2026-11-24T10:00:00Z");
    push(&[]);
    history.finds(&[]);
    history.back("HEAD~1");
    history.draft("third-letter", "2026-11-24T11:00:00Z");
    push(&["--force"]);
    assert_eq!(found(&history.report(&[])), ["error history-rewritten"]);
    assert_eq!(found(&history.report(&["--no-cache"])), ["error history-rewritten"]);
    // Without any memory of its own the clone's log of the remote's branch tells.
    std::fs::remove_dir_all(memory(&world)).unwrap();
    assert_eq!(found(&history.report(&[])), ["error history-rewritten"]);
    assert_eq!(found(&history.report(&["--accept-rewrite"])), [""; 0]);
    assert_eq!(found(&history.report(&[])), [""; 0]);
}

#[test]
fn since_hides_no_rewritten_mainline() {
    let world = RecordRepo::with_remote(DIRECT);
    let first = world.clone_of("rob-registrar");
    let root = first.git(&["rev-parse", "HEAD"]);
    first.git(&["config", "liaison.trustRoot", &root]);
    let history = History { clone: first, root };
    history.draft("ech-in-5g", "2026-11-24T09:00:00Z");
    history.clone.git(&["push", "--quiet", "origin", "HEAD:main"]);
    history.finds(&[]);
    let before = history.head();
    history.back("HEAD~1");
    history.clone.git(&["push", "--quiet", "--force", "origin", "HEAD:main"]);
    assert_eq!(found(&history.report(&["--since", &before])), ["error history-rewritten"]);
    // A clone whose first fetch was of the rewritten branch knows from its log where the branch stood.
    std::fs::remove_dir_all(memory(&world)).unwrap();
    let log = history.clone.path.join(".git/logs/refs/remotes/origin/main");
    let last = std::fs::read_to_string(&log).unwrap().lines().last().unwrap().to_owned();
    std::fs::write(&log, last + "\n").unwrap();
    assert_eq!(found(&history.report(&[])), ["error history-rewritten"]);
}

#[test]
fn what_a_commit_of_a_time_to_come_claims_counts_when_its_time_has_come() {
    let world = RecordRepo::new();
    let history = proven(&world);
    history.draft("other-letter", "2027-06-01T00:00:00Z");
    history.draft("third-letter", "2026-11-24T12:00:00Z");
    history.finds(&["warning commit-misdated"]);
    assert_eq!(history.count("commit-misdated"), 1);
    let later = |more: &[&str]| {
        let args: Vec<&str> = ["audit", "--format", "json"].iter().chain(more).copied().collect();
        history.clone.now("2027-07-01T10:00:00Z").liaison(&args).ended(0).stdout
    };
    assert_eq!(later(&[]), later(&["--no-cache"]), "a cache of an earlier day changes nothing");
}

#[test]
fn a_root_is_pinned_by_its_full_id() {
    let world = RecordRepo::new();
    let history = proven(&world);
    history.clone.git(&["config", "--unset", "liaison.trustRoot"]);
    history.finds(&["warning history-unpinned"]);
    history.audit(&["--root", "main"]).ended(2).says("40 digits");
    history.audit(&["--root", &history.root[..12]]).ended(2).says("40 digits");
    history.audit(&["--root", &"0".repeat(40)]).ended(2).says("no commit of the mainline");
    assert_eq!(found(&history.report(&["--root", &history.root])), [""; 0]);
    // What lies before the root is shown and not judged.
    let report = history.report(&["--root", &history.clone.git(&["rev-parse", "HEAD~1"])]);
    assert_eq!(found(&report), ["warning history-before-root"]);
    assert_eq!(report["commits"], 2);
}

#[test]
fn since_tells_what_came_after_a_commit_and_judges_all() {
    let world = RecordRepo::new();
    let history = proven(&world);
    history.begin_term("carla-sample", "2026-11-01");
    history.commit("2026-11-24T11:00:00Z");
    assert_eq!(found(&history.report(&["--since", "HEAD~1"])), ["warning mainline-change-unsigned"]);
    assert_eq!(found(&history.report(&["--since", "HEAD"])), [""; 0]);
    history.audit(&["--since", "nowhere"]).ended(2);
}

#[test]
fn a_damaged_memory_changes_no_verdict() {
    let world = RecordRepo::new();
    let history = proven(&world);
    let wanted = history.approval("ech-in-5g", "felix-exemplaire", "2026-11-24T10:30:00Z");
    history.write("drafts/ech-in-5g", wanted);
    history.commit("2026-11-24T10:30:00Z");
    let expected = ["error act-without-authority"];
    assert_eq!(history.found(), expected);
    assert_eq!(history.found(), expected, "what was found is judged again");
    let file = kept(&world, "db");
    let whole = std::fs::read(&file).unwrap();
    assert!(whole.len() > 4_096);
    let damaged = |at: usize| {
        let mut bytes = whole.clone();
        bytes[at..at + 2_000].fill(0xff);
        bytes
    };
    for bytes in [
        Vec::new(),
        b"\xff\xfe".to_vec(),
        b"commit\t\n".repeat(1_000),
        whole[..whole.len() / 2].to_vec(),
        damaged(0),
        damaged(4_096),
        damaged(whole.len() - 3_000),
    ] {
        std::fs::write(&file, bytes).unwrap();
        assert_eq!(history.found(), expected);
        assert_eq!(history.found(), expected);
    }
    std::fs::remove_file(&file).unwrap();
    std::fs::create_dir(&file).unwrap();
    assert_eq!(history.found(), expected, "where nothing can be kept the audit is as good");
}

#[test]
fn nothing_in_a_repository_is_believed_of_its_commits() {
    let world = RecordRepo::new();
    let history = proven(&world);
    history.finds(&[]);
    let within = history.clone.path.join(".git/liaison");
    let names: Vec<_> = std::fs::read_dir(within).into_iter().flatten().flatten().map(|file| file.path()).collect();
    let is_of_audit = |path: &std::path::PathBuf| path.to_string_lossy().contains("audit");
    assert!(!names.iter().any(is_of_audit), "{names:?}");
    assert!(kept(&world, "db").starts_with(world.home()));
    // Nothing is written where nothing is to be remembered.
    std::fs::remove_dir_all(memory(&world)).unwrap();
    history.audit(&["--no-cache"]).ended(0);
    assert!(!memory(&world).exists());
}

#[test]
fn what_is_remembered_goes_with_a_branch_that_went_back_and_on_by_another_way() {
    let world = RecordRepo::new();
    let history = proven(&world);
    let wanted = history.approval("ech-in-5g", "felix-exemplaire", "2026-11-24T10:30:00Z");
    history.write("drafts/ech-in-5g", wanted);
    history.commit("2026-11-24T10:30:00Z");
    assert_eq!(history.found(), ["error act-without-authority"]);
    history.back("HEAD~1");
    assert_eq!(history.found(), [""; 0]);
    assert_eq!(history.report(&[])["acts"]["signed"], 1);
    history.draft("other-letter", "2026-11-24T11:00:00Z");
    history.finds(&[]);
    assert_eq!(history.report(&[]), history.report(&["--no-cache"]));
}

#[test]
fn two_audits_at_once_say_the_same() {
    let world = RecordRepo::new();
    let history = proven(&world);
    let expected = history.report(&["--no-cache"]);
    std::thread::scope(|scope| {
        let audits: Vec<_> = (0..6).map(|_| scope.spawn(|| history.report(&[]))).collect();
        for audit in audits {
            assert_eq!(audit.join().unwrap(), expected);
        }
    });
}

/// Where audits of this world remember.
fn memory(world: &RecordRepo) -> std::path::PathBuf {
    world.home().join(".local/state/liaison/audit")
}

/// The file of a kind that they keep there.
fn kept(world: &RecordRepo, kind: &str) -> std::path::PathBuf {
    let files = std::fs::read_dir(memory(world)).unwrap().flatten().map(|file| file.path());
    files.into_iter().find(|file| file.extension().is_some_and(|end| end == kind)).unwrap()
}

#[test]
fn an_answer_for_people_has_commit_place_code_and_next_step() {
    let world = RecordRepo::new();
    let history = proven(&world);
    let path = history.approve("ech-in-5g", "felix-exemplaire", "2026-11-24T10:30:00Z");
    let ran = history.audit(&[]).ended(1);
    let commit = &history.head()[..10];
    let ran = ran.prints("error[act-without-authority]").prints(&format!("--> {commit} {path}")).prints("help: ");
    ran.says("4 commits judged (0 signed), 2 acts (2 signed, 0 by the person's own commit, 0 asserted): 1 error");
    history.audit(&["--format", "text"]).ended(1).prints("\terror\tact-without-authority\t");
    history.back("HEAD~1");
    history.begin_term("carla-sample", "2026-11-01");
    history.commit("2026-11-24T11:00:00Z");
    history.audit(&[]).ended(0);
    history.audit(&["--strict"]).ended(1);
    let _ = ActKind::Directory;
}

impl<'w> History<'w> {
    fn world(&self) -> &'w RecordRepo {
        self.clone.world
    }
}

#[test]
fn another_mainline_has_everything_of_the_one_that_was_trusted() {
    let world = RecordRepo::with_remote("");
    let rob = world.clone_of("rob-registrar");
    let root = rob.git(&["rev-parse", "HEAD"]);
    rob.git(&["push", "--quiet", "origin", "HEAD:refs/heads/shadow"]);
    rob.new_letter("Use of ECH in 5G core networks", &[]);
    let shadow = "\n[flow]\nmainline = \"shadow\"\n";
    rob.write("liaison.toml", rob.read("liaison.toml") + shadow);
    rob.git(&["commit", "--quiet", "--all", "-m", "Name another mainline"]);
    rob.git(&["push", "--quiet", "origin", "HEAD:main"]);
    let told = |clone: &crate::common::Clone<'_>, more: &[&str]| {
        let ran = clone.liaison(&[&["audit", "--format", "json"], more].concat());
        let report: serde_json::Value = serde_json::from_str(&ran.stdout).expect("JSON");
        let findings = report["findings"].as_array().unwrap().clone();
        let count = findings.iter().filter(|finding| finding["code"] == "history-rewritten").count();
        (report["branch"].as_str().unwrap().to_owned(), count)
    };
    // By the root that a person trusts, in a clone that never saw the other branch; and by what was audited before.
    let fresh = world.clone_of("carla-sample");
    assert_eq!(told(&fresh, &["--root", &root]), ("refs/remotes/origin/shadow".into(), 1));
    let before = world.clone_of("theo-exemplo");
    before.git(&["reset", "--quiet", "--hard", "HEAD~1"]);
    assert_eq!(told(&before, &[]), ("refs/remotes/origin/main".into(), 0));
    before.git(&["pull", "--quiet"]);
    assert_eq!(told(&before, &[]), ("refs/remotes/origin/shadow".into(), 1));
    // A mainline that was renamed has it all.
    rob.git(&["push", "--quiet", "origin", "HEAD:shadow"]);
    for clone in [&fresh, &before] {
        clone.git(&["fetch", "--quiet"]);
        assert_eq!(told(clone, &["--root", &root]).1, 0);
    }
}
