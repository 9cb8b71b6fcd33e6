//! What honest people do with branches: approvals and changes of the directory survive it.

use liaison::domain::ActKind;

use crate::common::RecordRepo;
use crate::history::History;

const TLS: &str = "directory/groups/tls.toml";

/// A branch with a change of the directory and an approval, beside a mainline that went on.
fn branched(world: &RecordRepo) -> History<'_> {
    let history = History::new(world);
    history.draft("ech-in-5g", "2026-11-20T09:00:00Z");
    history.branch("pull", "main");
    history.approve("ech-in-5g", "ada-example", "2026-11-20T10:00:00Z");
    history.begin_term("carla-sample", "2026-11-01");
    history.govern(ActKind::Directory, "rob-registrar", "2026-11-20T11:00:00Z", &[TLS]);
    history.edit(TLS, "since = 2026-11-01", "since = 2026-11-02");
    history.govern(ActKind::Directory, "rob-registrar", "2026-11-20T12:00:00Z", &[TLS]);
    history.on("main");
    history.draft("other-letter", "2026-11-20T13:00:00Z");
    history
}

#[test]
fn a_squash_keeps_them_proven() {
    let world = RecordRepo::new();
    let history = branched(&world);
    history.git_at("2026-11-21T09:00:00Z", &["merge", "--quiet", "--squash", "pull"]);
    history.commit("2026-11-21T09:00:00Z");
    history.finds(&[]);
}

#[test]
fn a_rebase_keeps_them_proven() {
    let world = RecordRepo::new();
    let history = branched(&world);
    history.on("pull");
    history.git_at("2026-11-21T09:00:00Z", &["rebase", "--quiet", "main"]);
    history.clone.git(&["checkout", "--quiet", "-B", "main"]);
    history.finds(&[]);
}

#[test]
fn a_cherry_pick_keeps_them_proven() {
    let world = RecordRepo::new();
    let history = branched(&world);
    history.git_at("2026-11-21T09:00:00Z", &["cherry-pick", "main..pull"]);
    history.finds(&[]);
}

#[test]
fn a_forges_merge_keeps_them_proven() {
    let world = RecordRepo::new();
    let history = branched(&world);
    history.merge("pull", "2026-11-21T09:00:00Z");
    history.finds(&[]);
}

#[test]
fn another_remote_keeps_them_proven() {
    let world = RecordRepo::new();
    let history = branched(&world);
    history.merge("pull", "2026-11-21T09:00:00Z");
    world.git(world.folder(), &["init", "--quiet", "--bare", "elsewhere.git"]);
    history.clone.git(&["remote", "add", "origin", "../elsewhere.git"]);
    history.clone.git(&["push", "--quiet", "origin", "main"]);
    history.clone.git(&["fetch", "--quiet", "origin"]);
    history.finds(&[]);
}
