//! The flow of a protected mainline: letters travel on branches and by pull request, numbers are locked in the ledger.

mod common;

use common::{Clone, DIRECT, PULL_REQUEST, RecordRepo};
use serde_json::json;

const TITLE: &str = "Use of ECH in 5G core networks";
const SLUG: &str = "use-of-ech-in-5g-core-networks";

/// What a forge does with a pull request.
#[derive(Clone, Copy)]
enum Button {
    Merge,
    Squash,
    Rebase,
}

/// The forge merges a branch into the mainline and deletes it, as its button says.
fn press(world: &RecordRepo, button: Button, branch: &str) {
    let forge = world.clone_of("rob-registrar");
    let upstream = format!("origin/{branch}");
    match button {
        Button::Merge => forge.git(&["merge", "--quiet", "--no-ff", "-m", &format!("Merge {branch}"), &upstream]),
        Button::Squash => {
            forge.git(&["merge", "--quiet", "--squash", &upstream]);
            forge.git(&["commit", "--quiet", "-m", &format!("Squash {branch}")])
        }
        Button::Rebase => {
            forge.git(&["switch", "--quiet", "--detach", &upstream]);
            forge.git(&["rebase", "--quiet", "main"]);
            forge.git(&["switch", "--quiet", "main"]);
            forge.git(&["merge", "--quiet", "--ff-only", "HEAD@{1}"])
        }
    };
    forge.git_as_forge(&["push", "--quiet", "origin", "main"]);
    forge.git_as_forge(&["push", "--quiet", "origin", "--delete", branch]);
}

fn branches(world: &RecordRepo) -> Vec<String> {
    let list = world.git(&world.remote(), &["for-each-ref", "--format=%(refname:short)", "refs/heads"]);
    list.lines().map(str::to_owned).collect()
}

fn on(clone: &Clone<'_>) -> String {
    clone.git(&["branch", "--show-current"])
}

fn protected() -> RecordRepo {
    let world = RecordRepo::with_remote(PULL_REQUEST);
    world.protect();
    world
}

fn the_whole_cycle(button: Button) {
    let world = protected();
    let (carla, ada, cora) =
        (world.clone_of("carla-sample"), world.clone_of("ada-example"), world.clone_of("cora-beispiel"));
    let branch = format!("statement/{SLUG}");
    let new = carla.new_letter(TITLE, &[]);
    assert_eq!((new.as_str(), on(&carla)), (SLUG, branch.clone()));
    assert_eq!(branches(&world), ["main", &branch]);

    ada.git(&["fetch", "--quiet"]);
    let waiting = ada.json(&["status", "--mine"]);
    assert_eq!(waiting[0]["id"], SLUG, "a director sees what waits on a branch");
    assert!(!ada.has(&format!("drafts/{SLUG}.yaml")), "she stands on the mainline");
    let ran = ada.ok(&["approve", SLUG]);
    ran.says(&format!("brought {branch} here")).says(&format!("from {branch} into main")).prints("approved by Ada Example");
    assert_eq!(on(&ada), branch);

    carla.fails(1, &["send", SLUG]).says("is not on the mainline").says("push or merge it first");
    press(&world, button, &branch);
    cora.git(&["pull", "--quiet"]);
    carla.git(&["fetch", "--quiet"]);
    assert_eq!(carla.ok(&["send", SLUG]).says("merge the branch liaison/send/ls-2026-001 into main").stdout, "ls-2026-001\n");
    assert_eq!(branches(&world), ["liaison/outbox", "liaison/send/ls-2026-001", "main"]);
    let ledger = world.git(&world.remote(), &["ls-tree", "-r", "--name-only", "liaison/outbox"]);
    let kept: Vec<String> =
        ["2026/ls-2026-001", "2026/ls-2026-001.handed-over"].iter().map(|name| (*name).to_owned()).collect();
    assert_eq!(ledger.lines().collect::<Vec<_>>(), [kept[0].as_str(), &kept[1], &format!("drafts/{SLUG}.yaml")]);
    assert_eq!(carla.names("outbox/new"), ["ls-2026-001.announcement.eml", "ls-2026-001.eml"]);

    carla.fails(73, &["send", SLUG]).says("was taken as ls-2026-001").says("nothing was changed");
    cora.fails(73, &["send", SLUG]).says("was taken as ls-2026-001");
    cora.fails(73, &["mark-sent", SLUG, "--url", "https://x.example/1", "--reason", "x"]).says("ls-2026-001");
    let told = cora.ok(&["status"]).says("ls-2026-001: sent, not yet on main; merge origin/liaison/send/ls-2026-001");
    assert!(!told.stdout.contains("to be sent\n"), "{}", told.stdout);
    let rows = cora.json(&["status"]);
    assert_eq!(rows.as_array().map(Vec::len), Some(1), "{rows}");
    assert_eq!((rows[0]["id"].as_str(), &rows[0]["waits-for"]), (Some("ls-2026-001"), &json!(["carla-sample"])));

    let copy = carla.path.join("outbox/new/ls-2026-001.eml").display().to_string();
    carla.ok(&["mark-sent", "ls-2026-001", "--copy", &copy]).says("brought liaison/send/ls-2026-001 here");
    press(&world, button, "liaison/send/ls-2026-001");
    cora.git(&["pull", "--quiet", "--prune"]);
    assert_eq!(cora.state("ls-2026-001"), "sent");
    assert_eq!(cora.read(&format!("drafts/{SLUG}.yaml")), "became: ls-2026-001\n");
    cora.ok(&["show", SLUG]).prints("tls: approved by Ada Example on 2026-11-24");
    cora.ok(&["check"]);
    let told = cora.ok(&["status"]);
    assert!(!told.stderr.contains("not yet on main"), "{}", told.stderr);
    cora.ok(&["send", SLUG]).prints("ls-2026-001 is sent already");
    let ledger = world.git(&world.remote(), &["ls-tree", "-r", "--name-only", "liaison/outbox"]);
    assert!(ledger.contains("2026/ls-2026-001.sent"), "{ledger}");
}

#[test]
fn the_whole_cycle_with_merges() {
    the_whole_cycle(Button::Merge);
}

#[test]
fn the_whole_cycle_with_squashes() {
    the_whole_cycle(Button::Squash);
}

#[test]
fn the_whole_cycle_with_rebases() {
    the_whole_cycle(Button::Rebase);
}
