//! What a published checkpoint proves to whoever clones afterwards.

use crate::common::{DIRECT, RecordRepo};

#[test]
fn a_rewritten_history_breaks_a_checkpoint_and_growth_does_not() {
    let world = RecordRepo::with_remote(DIRECT);
    let rob = world.clone_of("rob-registrar");
    let key = rob.new_key("rob-registrar", &["ed25519"]);
    rob.signs_with(&key);
    rob.git(&["push", "--quiet"]);
    let file = world.file("checkpoint.txt", rob.ok(&["checkpoint"]).stdout);
    rob.git(&["commit", "--quiet", "--allow-empty", "-m", "More"]);
    rob.git(&["push", "--quiet"]);
    let codes = |ran: &str| -> Vec<String> {
        let report: serde_json::Value = serde_json::from_str(ran).expect("JSON");
        let findings = report["findings"].as_array().expect("findings");
        findings.iter().map(|finding| finding["code"].as_str().expect("a code").to_owned()).collect()
    };
    let carla = world.clone_of("carla-sample");
    let grown = carla.ok(&["audit", "--checkpoint", &file, "--format", "json"]);
    assert!(!codes(&grown.stdout).contains(&"checkpoint-broken".to_owned()));
    let told = |ran: &str| -> serde_json::Value {
        serde_json::from_str::<serde_json::Value>(ran).expect("JSON")["checkpoint"].clone()
    };
    let holds = told(&grown.stdout);
    assert_eq!((&holds["holds"], &holds["commits"], &holds["commits-since"]), (&true.into(), &2.into(), &1.into()));
    assert_eq!(holds["tip"], carla.git(&["rev-parse", "HEAD^"]));
    let tip: String = carla.git(&["rev-parse", "HEAD^"]).chars().take(12).collect();
    carla
        .ok(&["audit", "--checkpoint", &file])
        .prints(&format!("by rob-registrar ({tip}, 2 commits) holds: 1 more commit since"))
        .prints("the checkpoint of 2026-11-");
    carla.ok(&["audit", "--checkpoint", &file, "--format", "text"]).says("holds: 1 more commit since");
    assert!(told(&carla.ok(&["audit", "--format", "json"]).stdout).is_null());
    rob.git(&["reset", "--quiet", "--hard", "HEAD~2"]);
    rob.git(&["commit", "--quiet", "--allow-empty", "-m", "As if nothing had been"]);
    rob.git(&["push", "--quiet", "--force"]);
    let fresh = world.clone_of("carla-sample");
    let broken = fresh.fails(1, &["audit", "--checkpoint", &file, "--format", "json"]);
    assert!(codes(&broken.stdout).contains(&"checkpoint-broken".to_owned()));
    assert_eq!(told(&broken.stdout)["holds"], false);
    let broken = fresh.fails(1, &["audit", "--checkpoint", &file]);
    assert!(!broken.stdout.contains(") holds: "), "{}", broken.stdout);
}
