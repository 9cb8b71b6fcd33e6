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
    carla.ok(&["audit", "--checkpoint", &file]).says("the checkpoint holds: the history ");
    let grown = carla.ok(&["audit", "--checkpoint", &file, "--format", "json"]);
    assert!(!codes(&grown.stdout).contains(&"checkpoint-broken".to_owned()));
    rob.git(&["reset", "--quiet", "--hard", "HEAD~2"]);
    rob.git(&["commit", "--quiet", "--allow-empty", "-m", "As if nothing had been"]);
    rob.git(&["push", "--quiet", "--force"]);
    let fresh = world.clone_of("carla-sample");
    let broken = fresh.fails(1, &["audit", "--checkpoint", &file, "--format", "json"]);
    assert!(codes(&broken.stdout).contains(&"checkpoint-broken".to_owned()));
}
