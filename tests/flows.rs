//! The flow of a protected mainline: letters travel on branches and by pull request, numbers are locked in the ledger.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test ends where it is wrong"
)]

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
    ran.says(&format!("brought {branch} here"))
        .says(&format!("from {branch} into main"))
        .prints("approved by Ada Example");
    assert_eq!(on(&ada), branch);

    carla.fails(1, &["send", SLUG]).says("is not on the mainline").says("push or merge it first");
    press(&world, button, &branch);
    cora.git(&["pull", "--quiet"]);
    carla.git(&["fetch", "--quiet"]);
    assert_eq!(
        carla.ok(&["send", SLUG]).says("merge the branch liaison/send/ls-2026-001 into main").stdout,
        "ls-2026-001\n"
    );
    assert_eq!(branches(&world), ["liaison/outbox", "liaison/send/ls-2026-001", "main"]);
    let ledger = world.git(&world.remote(), &["ls-tree", "-r", "--name-only", "liaison/outbox"]);
    let kept: Vec<String> =
        ["2026/ls-2026-001", "2026/ls-2026-001.handed-over"].iter().map(|name| (*name).to_owned()).collect();
    assert_eq!(ledger.lines().collect::<Vec<_>>(), [kept[0].as_str(), &kept[1], &format!("drafts/{SLUG}.yaml")]);
    assert_eq!(carla.names("outbox/new"), ["ls-2026-001.announcement.eml", "ls-2026-001.eml"]);

    carla.fails(73, &["send", SLUG]).says("was taken as ls-2026-001").says("nothing was changed");
    cora.fails(73, &["send", SLUG]).says("was taken as ls-2026-001");
    cora.fails(73, &["mark-sent", SLUG, "--url", "https://x.example/1", "--reason", "x"]).says("ls-2026-001");
    let told =
        cora.ok(&["status"]).says("ls-2026-001: handed-over, not yet on main; merge origin/liaison/send/ls-2026-001");
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
    cora.ok(&["audit"]).says("for a person to look at").prints("history-unpinned");
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

#[test]
fn each_letter_s_branch_begins_at_the_mainline() {
    let world = protected();
    let carla = world.clone_of("carla-sample");
    let first = carla.new_letter("The first letter", &[]);
    let second = carla.new_letter("The second letter", &[]);
    assert_eq!(on(&carla), format!("statement/{second}"));
    assert!(!carla.has(&format!("drafts/{first}.yaml")), "the other letter is on its own branch");
    carla
        .ok(&["comment", &first, "section 2 could name the deployment"])
        .says("brought statement/the-first-letter here");
    assert_eq!(on(&carla), format!("statement/{first}"));
    let mut journal = carla.journal();
    journal.retain(|subject| !subject.contains(&first));
    assert!(journal.is_empty(), "{journal:?}");
}

#[test]
fn a_letter_on_a_branch_is_not_fetched_over_changes_of_one_s_own() {
    let world = protected();
    let (carla, ada) = (world.clone_of("carla-sample"), world.clone_of("ada-example"));
    let slug = carla.new_letter(TITLE, &[]);
    ada.write("liaison.toml", ada.read("liaison.toml") + "\n# a thought\n");
    let before = ada.standing();
    ada.fails(2, &["approve", &slug])
        .says(&format!("\"{slug}\" is on origin/statement/{slug}, not here"))
        .says("liaison.toml has changes that are not committed")
        .says(&format!("git switch {slug}").replace(&slug, &format!("statement/{slug}")));
    assert!(ada.standing() == before, "what was refused changed nothing");
    ada.git(&["checkout", "--quiet", "liaison.toml"]);
    ada.git(&["switch", "--quiet", "--detach"]);
    ada.fails(2, &["comment", &slug, "a thought"]).says("not on a branch");
    ada.git(&["switch", "--quiet", "main"]);
    ada.fails(2, &["show", "nothing-of-that-name"]).says("no letter is called \"nothing-of-that-name\"");
    ada.ok(&["comment", &slug, "a thought"]).says(&format!("brought statement/{slug} here, as origin has it"));
}

#[test]
fn a_slug_that_a_colleague_s_branch_has_is_not_overwritten() {
    let world = protected();
    let (carla, theo) = (world.clone_of("carla-sample"), world.clone_of("theo-exemplo"));
    let slug = carla.new_letter(TITLE, &[]);
    let tip = world.git(&world.remote(), &["rev-parse", &format!("statement/{slug}")]);
    let before = theo.standing();
    let new = ["new", "--from", "tls", "--to", "3gpp-sa3", "--title", TITLE, "--purpose", "for-information"];
    theo.fails(73, &new)
        .says(&format!("the branch statement/{slug} holds another text of {slug} than main"))
        .says("--slug");
    assert!(theo.standing() == before, "what was refused changed nothing");
    assert_eq!(world.git(&world.remote(), &["rev-parse", &format!("statement/{slug}")]), tip);
    theo.ok(&[&new[..], &["--slug", "ech-theo"]].concat()).prints("ech-theo");
}

#[test]
fn a_branch_that_was_merged_is_not_taken_up_again() {
    let world = protected();
    let carla = world.clone_of("carla-sample");
    let slug = carla.new_letter(TITLE, &[]);
    press(&world, Button::Squash, &format!("statement/{slug}"));
    let theo = world.clone_of("theo-exemplo");
    theo.ok(&["edit", &slug, "--set", "deadline=2027-02-01"]);
    press(&world, Button::Squash, &format!("statement/{slug}"));
    carla.git(&["switch", "--quiet", "main"]);
    carla.git(&["pull", "--quiet", "--prune"]);
    let before = carla.standing();
    carla.fails(73, &["edit", &slug, "--set", "deadline=2027-03-01"]).says(&format!("git branch -D statement/{slug}"));
    assert!(carla.standing() == before, "what was refused changed nothing");
    carla.git(&["branch", "--quiet", "-D", &format!("statement/{slug}")]);
    carla.ok(&["edit", &slug, "--set", "deadline=2027-03-01"]);
    assert_eq!(carla.journal().len(), 3, "two merges and the edit: {:?}", carla.journal());
}

#[test]
fn two_directors_work_on_one_branch() {
    let world = protected();
    let (carla, ada, anna) =
        (world.clone_of("carla-sample"), world.clone_of("ada-example"), world.clone_of("anna-przyklad"));
    let slug = carla.new_letter(TITLE, &["--from", "mpls"]);
    ada.git(&["fetch", "--quiet"]);
    anna.git(&["fetch", "--quiet"]);
    ada.ok(&["approve", &slug]);
    anna.ok(&["approve", &slug]);
    carla.git(&["pull", "--quiet"]);
    assert_eq!(carla.state(&slug), "approved");
    carla.ok(&["edit", &slug, "--set", "deadline=2027-02-15"]).says("is stale now: deadline");
    let ran = ada.ok(&["comment", &slug, "fine with me"]);
    ran.says("committed and pushed to statement/");
    assert_eq!(ada.state(&slug), "ready", "the edit came along");
}

#[test]
fn a_stale_clone_stops_and_keeps_what_it_has() {
    let world = protected();
    let carla = world.clone_of("carla-sample");
    let slug = carla.new_letter(TITLE, &[]);
    carla.being("ada-example").ok(&["approve", &slug]);
    press(&world, Button::Squash, &format!("statement/{slug}"));
    let stale = world.clone_of("theo-exemplo");
    carla.ok(&["send", &slug]);
    press(&world, Button::Squash, "liaison/send/ls-2026-001");
    let before = stale.standing();
    stale.fails(73, &["send", &slug]).says("became ls-2026-001 meanwhile").says("git pull");
    stale.fails(73, &["mark-sent", &slug, "--url", "https://x.example/1", "--reason", "x"]).says("became ls-2026-001");
    assert!(stale.standing() == before, "what was refused changed nothing");
    assert!(stale.names("outbox/new").is_empty());
    stale.git(&["pull", "--quiet"]);
    assert_eq!(stale.state(&slug), "handed-over");
}

#[test]
fn a_clone_that_lags_behind_gets_the_letter_from_the_mainline() {
    let world = RecordRepo::with_remote(DIRECT);
    let (carla, ada) = (world.clone_of("carla-sample"), world.clone_of("ada-example"));
    let slug = carla.new_letter(TITLE, &[]);
    ada.ok(&["approve", &slug]).says("brought main here, as origin has it");
    carla.git(&["pull", "--quiet"]);
    assert_eq!(carla.state(&slug), "approved");
}

#[test]
fn pushing_to_a_protected_mainline_names_the_setting() {
    let world = RecordRepo::with_remote(DIRECT);
    let carla = world.clone_of("carla-sample");
    let approved = carla.new_letter("Approved while the mainline was open", &[]);
    carla.being("ada-example").ok(&["approve", &approved]);
    world.protect();
    let refused = "main is protected: changes come by pull request";
    let new = ["new", "--from", "tls", "--to", "3gpp-sa3", "--title", TITLE, "--purpose", "for-information"];
    carla.fails(75, &new).says("committed in this clone").says(refused).says("[flow] mode = \"pull-request\"");
    assert!(carla.has(&format!("drafts/{SLUG}.yaml")), "nothing is lost");
    carla.git(&["reset", "--quiet", "--keep", "origin/main"]);
    let before = carla.standing();
    carla
        .fails(75, &["send", &approved])
        .says("nothing was sent")
        .says(refused)
        .says("[send] lock = \"liaison/outbox\"");
    let mail = world.file("in.eml", std::fs::read(common::project("src/cli/example/incoming.eml")).unwrap());
    let receive = ["receive", &mail, "--from", "3gpp-sa3", "--to", "tls", "--purpose", "for-information"];
    carla.fails(75, &receive).says(refused).says("[send] lock");
    assert!(carla.standing() == before, "what was refused changed nothing");
    assert!(carla.names("outbox/new").is_empty());
}

#[test]
fn the_ledger_is_neither_rewritten_nor_deleted() {
    let world = protected();
    let carla = world.clone_of("carla-sample");
    let slug = carla.new_letter(TITLE, &[]);
    carla.being("ada-example").ok(&["approve", &slug]);
    press(&world, Button::Squash, &format!("statement/{slug}"));
    carla.ok(&["send", &slug]);
    let refused = |args: &[&str]| {
        let output = world.command("git").current_dir(&carla.path).args(args).output().unwrap();
        assert!(!output.status.success(), "{args:?}");
    };
    refused(&["push", "--quiet", "--force", "origin", "main:liaison/outbox"]);
    refused(&["push", "--quiet", "origin", "--delete", "liaison/outbox"]);
    carla.fails(73, &["send", &slug]).says("ls-2026-001");
}

#[test]
fn one_mail_is_one_letter_before_it_is_merged() {
    let world = protected();
    let mail = world.file("in.eml", std::fs::read(common::project("src/cli/example/incoming.eml")).unwrap());
    let receive = ["receive", &mail, "--from", "3gpp-sa3", "--to", "tls", "--purpose", "for-information"];
    let (rob, cora) = (world.clone_of("rob-registrar"), world.clone_of("cora-beispiel"));
    rob.ok(&receive).says("committed and pushed to liaison/send/ls-2026-001").prints("ls-2026-001");
    cora.ok(&receive).says("recorded already, as ls-2026-001").prints("ls-2026-001");
    rob.ok(&receive).says("recorded already").prints("ls-2026-001");
    assert_eq!(branches(&world), ["liaison/outbox", "liaison/send/ls-2026-001", "main"]);
    cora.ok(&["status"]).says("ls-2026-001: received, not yet on main");
    cora.ok(&["assign", "ls-2026-001"]).says("brought liaison/send/ls-2026-001 here");
    press(&world, Button::Squash, "liaison/send/ls-2026-001");
    rob.git(&["pull", "--quiet"]);
    rob.ok(&receive).says("recorded already").prints("ls-2026-001");
    assert_eq!(rob.state("ls-2026-001"), "assigned");
}

#[test]
fn acts_on_a_numbered_letter_travel_on_its_own_branch() {
    let world = protected();
    let mail = world.file("in.eml", std::fs::read(common::project("src/cli/example/incoming.eml")).unwrap());
    let rob = world.clone_of("rob-registrar");
    rob.ok(&["receive", &mail, "--from", "3gpp-sa3", "--to", "tls", "--purpose", "for-information"]);
    press(&world, Button::Squash, "liaison/send/ls-2026-001");
    rob.ok(&["assign", "ls-2026-001"]).says("committed and pushed to statement/ls-2026-001");
    assert_eq!(branches(&world), ["liaison/outbox", "main", "statement/ls-2026-001"]);
    press(&world, Button::Squash, "statement/ls-2026-001");
    let cora = world.clone_of("cora-beispiel");
    assert_eq!(cora.state("ls-2026-001"), "assigned");
}

#[test]
fn a_record_below_the_repository_s_root_travels_as_well() {
    for settings in [DIRECT, PULL_REQUEST] {
        let world = RecordRepo::with_remote(settings);
        let mover = world.clone_of("rob-registrar");
        std::fs::create_dir(mover.path.join("liaison")).unwrap();
        for name in ["directory", "liaison.toml", ".gitattributes", ".gitignore"] {
            mover.git(&["mv", name, "liaison/"]);
        }
        mover.git(&["commit", "--quiet", "-m", "Move the record below a folder"]);
        mover.git(&["push", "--quiet"]);
        let mut carla = world.clone_of("carla-sample");
        carla.path.push("liaison");
        let slug = carla.new_letter(TITLE, &[]);
        carla.being("ada-example").ok(&["approve", &slug]);
        if settings == PULL_REQUEST {
            world.protect();
            press(&world, Button::Squash, &format!("statement/{slug}"));
        }
        carla.ok(&["send", &slug]).prints("ls-2026-001");
        assert!(carla.has("outbox/new/ls-2026-001.eml"));
        let copy = carla.path.join("outbox/new/ls-2026-001.eml").display().to_string();
        carla.ok(&["mark-sent", "ls-2026-001", "--copy", &copy]);
        assert_eq!(carla.state("ls-2026-001"), "sent");
        carla.ok(&["check"]);
        assert_eq!(
            carla.json(&["log", "ls-2026-001"]).as_array().map(Vec::len),
            Some(5 - usize::from(settings == PULL_REQUEST))
        );
    }
}
