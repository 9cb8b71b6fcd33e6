//! Who may change directory and settings, how well an act has to prove it, and how what is there is confirmed.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test ends where it is wrong"
)]

mod common;

use common::{Clone, RecordRepo};

const IETF: &str = "directory/groups/ietf.toml";
const TLS: &str = "directory/groups/tls.toml";

/// The findings of `check`: the code and the file, with what it says and what to do.
fn found(clone: &Clone<'_>) -> Vec<(String, String, String)> {
    let told = clone.liaison(&["check", "--format", "json"]);
    let told: serde_json::Value = serde_json::from_str(&told.stdout).unwrap();
    let text = |finding: &serde_json::Value, key: &str| finding[key].as_str().unwrap_or_default().to_owned();
    let one = |found: &serde_json::Value| {
        (text(found, "code"), text(found, "file"), format!("{}; {}", text(found, "message"), text(found, "help")))
    };
    told["findings"].as_array().unwrap().iter().map(one).collect()
}

#[test]
fn a_gap_between_two_terms_of_the_registrar_lets_nobody_change_the_directory() {
    let world = RecordRepo::new();
    let rob = world.first("rob-registrar", "");
    let text = rob.read(IETF);
    let term = |role: &str| format!("role = \"{role}\"\n");
    let ended: Vec<String> = text
        .split("[[role]]")
        .map(|part| {
            let gives = ["registrar", "liaison-coordinator"].iter().any(|role| part.contains(&term(role)));
            if gives { format!("{}\nuntil = 2026-06-01\n\n", part.trim_end()) } else { part.to_owned() }
        })
        .collect();
    rob.write(IETF, ended.join("[[role]]"));
    rob.git(&["commit", "--quiet", "--all", "-m", "Nobody keeps the record"]);
    let before = rob.standing();
    rob.being("carla-sample")
        .fails(1, &["role", "begin", "registrar", "ietf", "carla-sample"])
        .says("Carla Sample may not change the directory")
        .says("nobody may change it today");
    assert!(rob.standing() == before, "nothing was written");

    // Nor does an act that bears a day of the gap.
    let act = "act: directory\nby: carla-sample\nat: 2026-07-01T10:00:00Z\nchanges:\n- path: directory/groups/tls.toml\n  after: sha256:DIGEST\n";
    let digest = world.command("sha256sum").arg(rob.path.join(TLS)).output().unwrap();
    let digest = String::from_utf8(digest.stdout).unwrap()[..64].to_owned();
    rob.write("trust/acts/20260701T100000Z-directory-carla-sample.yaml", act.replace("DIGEST", &digest));
    let told = found(&rob);
    let without = told.iter().find(|(code, ..)| code == "change-without-authority").expect("it is told");
    assert!(without.2.contains("nobody had on that day"), "{without:?}");
}
