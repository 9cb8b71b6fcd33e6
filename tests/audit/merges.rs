//! Merges: either order of parents, what a merge does by itself, what decides where the mainline was.

use liaison::domain::ActKind;

use crate::common::RecordRepo;
use crate::history::History;

const IETF: &str = "directory/groups/ietf.toml";
const TLS: &str = "directory/groups/tls.toml";
const QUIC: &str = "directory/groups/quic.toml";

/// A chair's own commit beside a mainline on which a role was granted and used.
fn beside<'w>(world: &'w RecordRepo, signed: bool) -> History<'w> {
    let history = History::new(world);
    history.draft("ech-in-5g", "2026-11-20T09:00:00Z");
    history.branch("own", "main");
    history.draft("other-letter", "2026-11-20T10:00:00Z");
    history.on("main");
    history.begin_term("carla-sample", "2026-11-01");
    if signed {
        history.govern(ActKind::Directory, "rob-registrar", "2026-11-21T09:00:00Z", &[TLS]);
    } else {
        history.commit("2026-11-21T09:00:00Z");
    }
    history.approve("ech-in-5g", "carla-sample", "2026-11-21T10:00:00Z");
    history
}

#[test]
fn a_plain_pull_and_push_is_honest() {
    for (signed, expected) in [(true, &[][..]), (false, &["warning mainline-change-unsigned"])] {
        let world = RecordRepo::new();
        let history = beside(&world, signed);
        history.on("own");
        history.merge("main", "2026-11-21T11:00:00Z");
        history.clone.git(&["checkout", "--quiet", "-B", "main"]);
        history.finds(expected);
        history.stranger().finds(expected);
    }
}

#[test]
fn an_earlier_tip_tells_which_side_was_the_mainline() {
    let world = RecordRepo::new();
    let history = History::new(&world);
    history.draft("ech-in-5g", "2026-11-20T09:00:00Z");
    history.branch("pull", "main");
    history.begin_term("carla-sample", "2026-11-01");
    history.commit("2026-11-21T09:00:00Z");
    history.approve("ech-in-5g", "carla-sample", "2026-11-21T10:00:00Z");
    // The clone saw the mainline without the grant: what is merged into it is a pull request.
    history.on("main");
    history.draft("other-letter", "2026-11-20T10:00:00Z");
    history.finds(&[]);
    history.merge("pull", "2026-11-21T11:00:00Z");
    history.finds(&["error authority-self-granted", "warning mainline-change-unsigned"]);
    // Whoever clones for the first time cannot tell it from a pull: a person looks at the unsigned change.
    history.stranger().finds(&["warning mainline-change-unsigned"]);
}

#[test]
fn a_merge_that_changes_the_directory_by_itself_is_found_out() {
    let world = RecordRepo::new();
    let history = History::new(&world);
    history.branch("pull", "main");
    history.draft("ech-in-5g", "2026-11-20T09:00:00Z");
    history.on("main");
    history.draft("other-letter", "2026-11-20T09:30:00Z");
    history.git_at("2026-11-20T10:00:00Z", &["merge", "--quiet", "--no-ff", "--no-commit", "pull"]);
    history.begin_term("carla-sample", "2026-11-01");
    history.commit("2026-11-20T10:00:00Z");
    history.finds(&["error merge-own-change"]);
    history.back("HEAD~1");
    history.merge("pull", "2026-11-20T10:00:00Z");
    history.finds(&[]);
}

#[test]
fn what_git_makes_of_both_sides_is_nobodys_own_change() {
    let world = RecordRepo::new();
    let history = History::new(&world);
    history.branch("pull", "main");
    history.edit(TLS, "Transport Layer Security", "Transport Layer Security (TLS)");
    history.govern(ActKind::Directory, "rob-registrar", "2026-11-20T09:00:00Z", &[TLS]);
    history.on("main");
    history.begin_term("carla-sample", "2026-11-01");
    history.govern(ActKind::Directory, "rob-registrar", "2026-11-20T09:30:00Z", &[TLS]);
    history.merge("pull", "2026-11-20T10:00:00Z");
    assert!(history.clone.read(TLS).contains("(TLS)") && history.clone.read(TLS).contains("2026-11-01"));
    history.finds(&[]);
}

#[test]
fn a_merge_that_brings_an_act_by_itself_is_found_out() {
    let world = RecordRepo::new();
    let history = History::new(&world);
    history.draft("ech-in-5g", "2026-11-20T09:00:00Z");
    history.branch("pull", "main");
    history.draft("third-letter", "2026-11-20T09:10:00Z");
    history.on("main");
    history.draft("other-letter", "2026-11-20T09:30:00Z");
    let bring = |key: Option<&str>| {
        history.git_at("2026-11-20T10:00:00Z", &["merge", "--quiet", "--no-ff", "--no-commit", "pull"]);
        let mut wanted = history.approval("ech-in-5g", "ada-example", "2026-11-20T10:00:00Z");
        wanted.key = key.map(str::to_owned);
        history.write("drafts/ech-in-5g", wanted);
        history.commit("2026-11-20T10:00:00Z");
    };
    bring(None);
    history.finds(&["error merge-own-change"]);
    history.back("HEAD~1");
    bring(Some("ada-example"));
    history.finds(&[]);
}

#[test]
fn a_merge_with_its_parents_swapped_hides_no_act_of_its_own() {
    let world = RecordRepo::new();
    let history = History::new(&world);
    history.draft("ech-in-5g", "2026-11-10T09:00:00Z");
    history.branch("old", "main");
    history.draft("other-letter", "2026-11-10T09:30:00Z");
    history.on("main");
    history.end_term("ada-example", "2025-03-20", "2026-11-15");
    history.govern(ActKind::Directory, "rob-registrar", "2026-11-15T09:00:00Z", &[TLS]);
    // The side that still knows the term goes first, and the merge itself brings the act.
    let bring = |at: &str| {
        history.on("old");
        history.git_at("2026-11-21T10:00:00Z", &["merge", "--quiet", "--no-ff", "--no-commit", "main"]);
        history.write("drafts/ech-in-5g", history.approval("ech-in-5g", "ada-example", at));
        history.commit("2026-11-21T10:00:00Z");
        history.clone.git(&["checkout", "--quiet", "-B", "main"]);
    };
    let (main, old) = (history.clone.git(&["rev-parse", "main"]), history.clone.git(&["rev-parse", "old"]));
    bring("2026-11-21T09:00:00Z");
    history.finds(&["error act-without-authority"]);
    history.clone.git(&["checkout", "--quiet", "-B", "old", &old]);
    history.clone.git(&["branch", "--quiet", "--force", "main", &main]);
    bring("2026-11-10T10:00:00Z");
    history.finds(&["warning reaffirmation-wanted"]);
}

#[test]
fn a_merge_with_its_parents_swapped_hides_no_change_of_the_directory() {
    let world = RecordRepo::new();
    let history = History::new(&world);
    history.branch("old", "main");
    history.draft("other-letter", "2026-11-10T09:30:00Z");
    history.on("main");
    history.edit(IETF, "person = \"rob-registrar\"", "person = \"rob-registrar\"\nuntil = 2026-11-15");
    history.govern(ActKind::Directory, "rob-registrar", "2026-11-14T09:00:00Z", &[IETF]);
    history.on("old");
    history.git_at("2026-11-21T10:00:00Z", &["merge", "--quiet", "--no-ff", "--no-commit", "main"]);
    history.begin_term("carla-sample", "2026-11-01");
    let wanted = history.governing(ActKind::Directory, "rob-registrar", "2026-11-21T09:00:00Z", &[TLS]);
    history.write("trust", wanted);
    history.commit("2026-11-21T10:00:00Z");
    history.clone.git(&["checkout", "--quiet", "-B", "main"]);
    history.finds(&["error act-without-authority", "error merge-own-change"]);
}

#[test]
fn a_merge_that_drops_a_sent_letter_is_found_out() {
    let world = RecordRepo::new();
    let history = History::new(&world);
    history.draft("ech-in-5g", "2026-11-20T09:00:00Z");
    history.branch("old", "main");
    history.draft("other-letter", "2026-11-20T09:30:00Z");
    history.on("main");
    history.approve("ech-in-5g", "ada-example", "2026-11-20T10:00:00Z");
    history.send("ech-in-5g", "ls-2026-001", "2026-11-20T11:00:00Z");
    history.on("old");
    history.git_at("2026-11-21T10:00:00Z", &["merge", "--quiet", "--strategy=ours", "-m", "Merge", "main"]);
    history.clone.git(&["checkout", "--quiet", "-B", "main"]);
    history.fires("error frozen-file-removed");
    history.fires("error act-changed");
}

#[test]
fn a_merge_that_takes_back_the_end_of_a_term_is_found_out() {
    let world = RecordRepo::new();
    let history = History::new(&world);
    history.branch("old", "main");
    history.draft("ech-in-5g", "2026-11-20T09:00:00Z");
    history.on("main");
    history.end_term("ada-example", "2025-03-20", "2026-11-15");
    history.govern(ActKind::Directory, "rob-registrar", "2026-11-15T09:00:00Z", &[TLS]);
    history.git_at("2026-11-21T10:00:00Z", &["merge", "--quiet", "--no-ff", "--no-commit", "old"]);
    history.clone.git(&["checkout", "--quiet", "old", "--", TLS]);
    history.commit("2026-11-21T10:00:00Z");
    history.finds(&["error merge-own-change"]);
}

#[test]
fn a_history_that_does_not_rest_on_the_root_is_found_out() {
    let world = RecordRepo::new();
    let history = History::new(&world);
    history.draft("ech-in-5g", "2026-11-20T09:00:00Z");
    history.clone.git(&["checkout", "--quiet", "--orphan", "other"]);
    history.begin_term("carla-sample", "2026-11-01");
    history.commit("2026-11-20T09:30:00Z");
    history.approve("ech-in-5g", "carla-sample", "2026-11-20T10:00:00Z");
    history.on("main");
    history.git_at(
        "2026-11-21T10:00:00Z",
        &["merge", "--quiet", "--allow-unrelated-histories", "-X", "theirs", "-m", "Merge", "other"],
    );
    history.fires("error history-beside-root");
    history.fires("error authority-self-granted");
}

#[test]
fn a_merge_of_many_branches_is_refused() {
    let world = RecordRepo::new();
    let history = History::new(&world);
    for (branch, slug) in [("one", "first-letter"), ("two", "second-letter")] {
        history.branch(branch, &history.root.clone());
        history.draft(slug, "2026-11-20T09:00:00Z");
    }
    history.on("main");
    history.draft("third-letter", "2026-11-20T09:00:00Z");
    history.git_at("2026-11-21T10:00:00Z", &["merge", "--quiet", "-m", "Merge", "one", "two"]);
    history.finds(&["error merge-own-change"]);
    assert!(history.clone.has(QUIC));
}

#[test]
fn attributes_that_come_with_a_record_settle_no_merge_for_the_audit() {
    let world = RecordRepo::new();
    let history = History::new(&world);
    let attributes = history.clone.read(".gitattributes") + "directory/** merge=union\n";
    history.clone.write(".gitattributes", &attributes);
    history.commit("2026-11-20T08:00:00Z");
    history.branch("other", "main");
    history.begin_term("carla-sample", "2026-11-20");
    let change = |at: &str| history.govern(ActKind::Directory, "rob-registrar", at, &[TLS]);
    change("2026-11-20T09:00:00Z");
    history.on("main");
    history.begin_term("pavel-priklad", "2026-11-19");
    change("2026-11-20T10:00:00Z");
    history.merge("other", "2026-11-21T10:00:00Z");
    let there = history.found();
    assert!(there.contains(&"error merge-own-change".to_owned()), "{there:?}");
    // Whatever lies in the work tree.
    std::fs::remove_file(history.clone.path.join(".gitattributes")).unwrap();
    history.clone.git(&["rm", "--quiet", "--cached", ".gitattributes"]);
    assert_eq!(history.found(), there);
    assert_eq!(crate::history::found(&history.report(&["--no-cache"])), there);
}
