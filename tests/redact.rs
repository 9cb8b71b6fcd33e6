//! A legal removal: a signed act, a tombstone, and a record that goes on as before; without authority or key nothing goes.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test ends where it is wrong"
)]

mod common;

use std::collections::BTreeSet;

use common::{Clone, DIRECT, PULL_REQUEST, RecordRepo};
use liaison::domain::Digest;
use serde_json::{Value, json};

const THEIRS: &str = "ls-2026-001";
const OURS: &str = "ls-2026-002";
const REASON: &str = "court order 12/26";

/// Rob's clone, whose key the record knows, with a letter of SA3's and our answer, which was sent with an attachment.
fn answered(world: &RecordRepo) -> Clone<'_> {
    let rob = world.first("rob-registrar", DIRECT);
    let key = rob.new_key("rob-registrar", &["ed25519"]);
    rob.signs_with(&key);
    rob.git(&["config", "liaison.trustRoot", &rob.git(&["rev-parse", "HEAD"])]);
    let mail = world.file("in.eml", std::fs::read(common::project("src/cli/example/incoming.eml")).unwrap());
    let parties = ["receive", &mail, "--from", "3gpp-sa3", "--to", "tls"];
    rob.ok(&[&parties[..], &["--purpose", "for-action", "--deadline", "2026-12-20"]].concat());
    let carla = rob.being("carla-sample");
    let profile = world.file("profile.txt", "A profile of Jane Doe.\n");
    let body = world.file("reply.txt", "Dear colleagues,\n\nplease read the profile of Jane Doe.\n");
    let reply = ["reply", THEIRS, "--consensus", "none-claimed", "--body", &body, "--attach", &profile];
    let slug = carla.ok(&reply).stdout.trim().to_owned();
    rob.being("ada-example").ok(&["approve", &slug]);
    carla.ok(&["send", &slug]);
    let copy = format!("{}/statements/2026/{OURS}/sent-1.eml", rob.path.display());
    carla.ok(&["mark-sent", OURS, "--copy", &copy]);
    rob.ok(&["check"]);
    rob
}

fn redact(clone: &Clone<'_>, id: &str, more: &[&str]) -> common::Ran {
    clone.liaison(&[&["redact", id, "--reason", REASON], more].concat())
}

/// The codes of the audit's errors; it ends with 1 when there are any.
fn errors(clone: &Clone<'_>) -> Vec<String> {
    let ran = clone.liaison(&["audit", "--format", "json"]);
    let report: Value = serde_json::from_str(&ran.stdout).unwrap_or_else(|_| panic!("{ran:?}"));
    let errors = report["findings"].as_array().unwrap().iter().filter(|finding| finding["severity"] == "error");
    let codes: Vec<String> = errors.map(|finding| finding["code"].as_str().unwrap().to_owned()).collect();
    ran.ended(i32::from(!codes.is_empty()));
    codes
}

fn codes(clone: &Clone<'_>) -> Vec<(String, String)> {
    let ran = clone.liaison(&["check", "--format", "json"]);
    let report: Value = serde_json::from_str(&ran.stdout).unwrap();
    let findings = report["findings"].as_array().or_else(|| report.as_array()).unwrap();
    let text = |finding: &Value, key: &str| finding[key].as_str().unwrap_or_default().to_owned();
    let errors = findings.iter().filter(|finding| finding["severity"] == "error");
    errors.map(|finding| (text(finding, "code"), text(finding, "file"))).collect()
}

#[test]
fn a_redacted_letter_leaves_a_tombstone_and_everything_tells_so() {
    let world = RecordRepo::new();
    let rob = answered(&world);
    let path = format!("statements/2026/{OURS}.yaml");
    let (bytes, before) = (Digest::of(rob.read(&path).as_bytes()), rob.json(&["show", OURS]));
    let commits = rob.git(&["rev-list", "--count", "HEAD"]).parse::<u32>().unwrap();
    let dry = redact(&rob, OURS, &["--dry-run"]).ended(0).prints(&format!("{OURS}: would take away 5 files\n"));
    assert!(dry.stdout.contains(&format!("  {bytes}  {OURS}.yaml\n")), "{}", dry.stdout);
    assert_eq!(rob.git(&["status", "--porcelain", "--untracked-files=no"]), "", "a dry run changes nothing");
    redact(&rob, OURS, &[]).ended(0).prints("redacted: 5 files").says("git's history still holds the bytes");

    assert_eq!(rob.git(&["rev-list", "--count", "HEAD"]), (commits + 1).to_string(), "one commit");
    assert_eq!(rob.names(&format!("statements/2026/{OURS}")), ["acts"]);
    let stems = [format!("statements/2026/{OURS}"), "drafts/".to_owned()];
    for (file, bytes) in rob.tree().iter().filter(|(file, _)| stems.iter().any(|stem| file.starts_with(stem))) {
        let text = String::from_utf8_lossy(bytes);
        assert!(!text.contains("Jane") && !text.contains("profile of"), "{file}: {text}");
    }
    let tombstone = rob.read(&path);
    assert!(!tombstone.contains('@') && !tombstone.contains("title"), "{tombstone}");
    for told in
        ["by: rob-registrar", REASON, "groups: [tls]", "groups: [3gpp-sa3]", "[ls-2026-001]", &bytes.to_string()]
    {
        assert!(tombstone.contains(told), "{told}: {tombstone}");
    }
    assert!(tombstone.contains(before["content"].as_str().unwrap()), "{tombstone}");
    assert_eq!(codes(&rob), []);
    assert_eq!(errors(&rob), [""; 0]);

    let told = format!("redacted 2026-11-24 by Rob Registrar: {REASON}");
    rob.ok(&["show", OURS])
        .prints("[redacted]")
        .prints(&told)
        .prints("; reason: court order 12/26; files: ls-2026-002.yaml");
    let shown = rob.json(&["show", OURS]);
    assert_eq!((&shown["state"], &shown["title"], &shown["body"]), (&json!("redacted"), &Value::Null, &json!("")));
    assert_eq!((&shown["content"], &shown["redacted"]["reason"]), (&before["content"], &json!(REASON)));
    assert_eq!(shown["redacted"]["sha256"], bytes.to_string());
    assert_eq!(rob.state(THEIRS), "resolved", "it is answered all the same");
    let listed = rob.json(&["list", "--state", "redacted"]);
    assert_eq!((&listed[0]["id"], &listed[0]["redacted"]["by"]), (&json!(OURS), &json!("rob-registrar")));
    rob.ok(&["list"]).says(&format!("{OURS} was {told}"));
    rob.ok(&["status"]).says(&format!("{OURS} was {told}"));
    assert!(!rob.now("2027-03-01T10:00:00Z").ok(&["status"]).stderr.contains("redacted"), "it waits for nobody");
    rob.ok(&["log", OURS, "--format", "text"])
        .prints(&format!("redact by rob-registrar as registrar of ietf: {REASON}"));
    rob.ok(&["why", OURS]).prints(&told).prints("weakest proof: signed");
    for command in [&["show", OURS, "--format", "yaml"][..], &["due"], &["act", OURS], &["check", OURS], &["doctor"]] {
        assert!(rob.liaison(command).code.is_some_and(|code| code < 2), "{command:?}");
    }
    let next = rob.being("carla-sample").new_letter("Another letter", &[]);
    rob.being("ada-example").ok(&["approve", &next]);
    rob.being("carla-sample").ok(&["send", &next]).says("became ls-2026-003");
}

#[test]
fn nothing_goes_on_with_a_redacted_letter() {
    let world = RecordRepo::new();
    let rob = answered(&world);
    let carla = rob.being("carla-sample");
    let draft =
        carla.ok(&["reply", THEIRS, "--consensus", "none-claimed", "--title", "Later"]).stdout.trim().to_owned();
    redact(&rob, THEIRS, &[]).ended(0);
    assert_eq!((codes(&rob), errors(&rob)), (Vec::new(), Vec::new()), "our answer stays valid");
    rob.ok(&["show", OURS]).prints(&format!("Answers         {THEIRS}"));
    let (before, says) = (rob.standing(), "was redacted on 2026-11-24");
    carla.fails(1, &["reply", THEIRS, "--consensus", "none-claimed"]).says(says);
    for command in [
        &["comment", THEIRS, "a remark"][..],
        &["assign", THEIRS, "--to", "carla-sample"],
        &["distribute", THEIRS, "--to", "x@example.org"],
        &["resolve", THEIRS, "--outcome", "done"],
        &["annotate", THEIRS, "--tag", "x"],
        &["correct", THEIRS, "--field", "deadline", "--was", "-", "--now-is", "2027-01-01", "--reason", "x"],
        &["withdraw", THEIRS, "--reason", "x"],
        &["approve", THEIRS],
        &["approve", THEIRS, "--reaffirm"],
        &["ratify", THEIRS],
    ] {
        rob.fails(1, command).says(says);
    }
    rob.fails(1, &["digest", THEIRS]).says("its content had the digest sha256:");
    rob.fails(1, &["preview", THEIRS]);
    rob.fails(1, &["edit", THEIRS, "--set", "title=x"]);
    rob.liaison(&["send", THEIRS]);
    redact(&rob, THEIRS, &[]).ended(1).says("nothing of ls-2026-001 is left to redact");
    assert_eq!(rob.standing(), before);
    let todo = rob.ok(&["check", &draft]);
    assert!(format!("{}{}", todo.stdout, todo.stderr).contains("which was redacted on 2026-11-24"), "{todo:?}");
    rob.being("ada-example").fails(1, &["approve", &draft]).says("which was redacted");
}

#[test]
fn a_file_beside_a_letter_goes_alone() {
    let world = RecordRepo::new();
    let rob = answered(&world);
    let letter = rob.read(&format!("statements/2026/{OURS}.yaml"));
    redact(&rob, OURS, &["--file", "profile.pdf"]).ended(1).says("its files are ls-2026-002.yaml, ");
    let acts = rob.names(&format!("statements/2026/{OURS}/acts"));
    redact(&rob, OURS, &["--file", &format!("acts/{}", acts[0])]).ended(1).says("acts are never taken away");
    redact(&rob, OURS, &["--file", "profile.txt", "--file", "sent-1.eml"])
        .ended(0)
        .prints("the letter itself and its acts stay");
    assert_eq!(rob.read(&format!("statements/2026/{OURS}.yaml")), letter);
    assert_eq!((codes(&rob), errors(&rob)), (Vec::new(), Vec::new()));
    assert_eq!(rob.json(&["show", OURS])["flags"], json!(["partly-redacted"]));
    assert_eq!(rob.json(&["list", "--state", "partly-redacted"])[0]["id"], OURS);
    rob.ok(&["show", OURS]).prints("[sent, partly-redacted]").prints("files: profile.txt sha256:");

    let path = format!("statements/2026/{OURS}/profile.txt");
    rob.write(&path, "A profile of Jane Doe.\n");
    rob.git(&["add", "."]);
    rob.git(&["commit", "--quiet", "-m", "Bring it back"]);
    assert_eq!(codes(&rob), [("redacted-file-there".to_owned(), path)]);
    assert_eq!(errors(&rob), ["frozen-file-returned"]);
    redact(&rob, OURS, &[]).ended(0).prints("redacted: 4 files");
    assert_eq!(codes(&rob), []);
    assert_eq!(rob.state(OURS), "redacted");
}

#[test]
fn without_authority_or_key_nothing_goes_and_it_is_told_who_may() {
    let world = RecordRepo::new();
    let rob = answered(&world);
    let before = rob.standing();
    let who = "Cora Beispiel (liaison-coordinator of ietf), or Rob Registrar (registrar of ietf)";
    redact(&rob.being("carla-sample"), OURS, &[]).ended(1).says("Carla Sample may not redact ls-2026-002").says(who);
    redact(&rob.being("carla-sample"), OURS, &["--as", "rob-registrar"])
        .ended(1)
        .says("you are carla-sample")
        .says(who);
    redact(&rob.being("cora-beispiel"), OURS, &[])
        .ended(1)
        .says("the directory holds no key of cora-beispiel")
        .says(who);
    let hidden = rob.with("GIT_CONFIG_COUNT", "1").with("GIT_CONFIG_KEY_0", "user.signingkey");
    let hidden = hidden.with("GIT_CONFIG_VALUE_0", "/nowhere.pub");
    redact(&hidden, OURS, &[])
        .ended(1)
        .says("nothing was redacted: only a signature of rob-registrar proves a redaction");
    rob.fails(2, &["redact", OURS]).says("add --reason TEXT");
    assert_eq!(rob.standing(), before);
    let slug = rob.being("carla-sample").new_letter("A draft", &[]);
    redact(&rob, &slug, &[]).ended(1).says(&format!("liaison withdraw {slug} --reason TEXT"));
    rob.write(&format!("statements/2026/{OURS}/profile.txt"), "Something else.\n");
    redact(&rob, OURS, &[]).ended(1).says("has changes that are not committed");
}

#[test]
fn the_same_removal_without_the_signed_act_is_found_out() {
    let world = RecordRepo::new();
    let rob = answered(&world);
    redact(&rob, OURS, &[]).ended(0);
    let acts = format!("statements/2026/{OURS}/acts");
    let act = rob.names(&acts).into_iter().find(|name| name.contains("-redact-")).unwrap();
    let act = format!("{acts}/{act}");
    let text = rob.read(&act);
    rob.git(&["rm", "--quiet", &act]);
    rob.git(&["commit", "--quiet", "--amend", "--no-edit"]);
    let file = format!("statements/2026/{OURS}.yaml");
    assert!(codes(&rob).contains(&("redaction-unproven".to_owned(), file)), "{:?}", codes(&rob));
    let mut found = errors(&rob);
    found.sort();
    found.dedup();
    assert_eq!(found, ["frozen-file-edited", "frozen-file-removed"]);

    let unsigned = text.split("signature:").next().unwrap().to_owned();
    for changed in [unsigned, text.replace(REASON, "another reason")] {
        rob.write(&act, changed);
        rob.git(&["add", "."]);
        rob.git(&["commit", "--quiet", "--amend", "--no-edit"]);
        assert!(codes(&rob).iter().any(|(code, _)| code == "redaction-unproven"), "{:?}", codes(&rob));
        assert!(errors(&rob).contains(&"frozen-file-edited".to_owned()));
    }
    rob.write(&act, text);
    rob.git(&["add", "."]);
    rob.git(&["commit", "--quiet", "--amend", "--no-edit"]);
    assert_eq!((codes(&rob), errors(&rob)), (Vec::new(), Vec::new()), "as it was");
    rob.ok(&["undo"]).says("as it was before");
    assert_eq!(rob.state(OURS), "sent");
}

#[test]
fn a_draft_that_looks_like_a_tombstone_is_no_letter() {
    let world = RecordRepo::new();
    let rob = answered(&world);
    let slug = rob.being("carla-sample").new_letter("A draft", &[]);
    let path = format!("drafts/{slug}.yaml");
    let head = "redacted: {at: 2026-11-24T10:00:00Z, by: rob-registrar, reason: x, sha256: sha256:";
    rob.write(&path, format!("{head}{}}}\n{}", "0".repeat(64), rob.read(&path)));
    assert!(codes(&rob).iter().any(|(code, file)| code == "unknown-key" && *file == path));
    rob.write(&path, format!("{head}{}}}\ndirection: outgoing\nfrom: {{groups: [tls]}}\n", "0".repeat(64)));
    rob.git(&["commit", "--quiet", "--all", "-m", "A tombstone"]);
    assert_eq!(codes(&rob), [("redaction-unproven".to_owned(), path)]);
    rob.being("ada-example").fails(1, &["approve", &slug]);
    assert_ne!(rob.being("carla-sample").liaison(&["send", &slug]).code, Some(0));
}

#[test]
fn two_people_who_redact_at_once_do_it_once() {
    let world = RecordRepo::with_remote(DIRECT);
    let rob = world.clone_of("rob-registrar");
    let key = rob.new_key("rob-registrar", &["ed25519"]);
    rob.signs_with(&key);
    rob.git(&["push", "--quiet"]);
    let mail = world.file("in.eml", std::fs::read(common::project("src/cli/example/incoming.eml")).unwrap());
    rob.ok(&["receive", &mail, "--from", "3gpp-sa3", "--to", "tls", "--purpose", "for-information"]);
    let other = world.clone_of("rob-registrar");
    other.signs_with(&key);
    redact(&rob, THEIRS, &[]).ended(0).says("pushed to main");
    redact(&other, THEIRS, &[]).ended(73).says("your change is committed in this clone only");
    let fresh = world.clone_of("carla-sample");
    assert_eq!(fresh.state(THEIRS), "redacted");
    assert_eq!((codes(&fresh), errors(&fresh)), (Vec::new(), Vec::new()));
}

#[test]
fn by_pull_request_it_counts_merged_and_squashed() {
    for squash in [false, true] {
        let world = RecordRepo::with_remote(PULL_REQUEST);
        let rob = world.clone_of("rob-registrar");
        let key = rob.new_key("rob-registrar", &["ed25519"]);
        rob.signs_with(&key);
        rob.git(&["push", "--quiet"]);
        let mail = world.file("in.eml", std::fs::read(common::project("src/cli/example/incoming.eml")).unwrap());
        rob.ok(&["receive", &mail, "--from", "3gpp-sa3", "--to", "tls", "--purpose", "for-information"]);
        let merge = |branch: &str| {
            let forge = world.clone_of("rob-registrar");
            match squash {
                false => forge.git(&["merge", "--quiet", "--no-ff", "-m", "Merge", &format!("origin/{branch}")]),
                true => forge.git(&["merge", "--quiet", "--squash", &format!("origin/{branch}")]),
            };
            if squash {
                forge.git(&["commit", "--quiet", "-m", "Squash"]);
            }
            forge.git(&["push", "--quiet", "origin", "main"]);
            forge.git(&["push", "--quiet", "origin", "--delete", branch]);
        };
        let branches = world.git(&world.remote(), &["for-each-ref", "--format=%(refname:short)", "refs/heads"]);
        merge(branches.lines().find(|branch| branch.contains(THEIRS)).expect("the letter's branch"));
        let rob = world.clone_of("rob-registrar");
        rob.signs_with(&key);
        redact(&rob, THEIRS, &[]).ended(0).says("open a pull request");
        let branch = rob.git(&["branch", "--show-current"]);
        assert_ne!(branch, "main");
        // Somebody says something of the letter meanwhile: both come together.
        let carla = world.clone_of("carla-sample");
        carla.fails(73, &["comment", THEIRS, "We know of it"]).says("holds another text of ls-2026-001 than main");
        carla.ok(&["comment", THEIRS, "We know of it", "--no-commit"]);
        carla.git(&["add", "."]);
        carla.git(&["commit", "--quiet", "-m", "A comment"]);
        carla.git(&["push", "--quiet", "origin", "HEAD:main"]);
        merge(&branch);
        let fresh = world.clone_of("ada-example");
        assert_eq!((fresh.state(THEIRS).as_str(), codes(&fresh), errors(&fresh)), ("redacted", Vec::new(), Vec::new()));
        fresh.ok(&["show", THEIRS]).prints("We know of it");
    }
}

#[test]
fn a_reason_of_several_lines_is_told_as_it_is() {
    let world = RecordRepo::new();
    let rob = answered(&world);
    let reason = "  Order: \"12/26\" # of the court\n- with a list\n\n  and more: [x]\n";
    rob.ok(&["redact", OURS, "--reason", reason]);
    assert_eq!((codes(&rob), errors(&rob)), (Vec::new(), Vec::new()));
    rob.ok(&["show", OURS]).prints("Order: \"12/26\" # of the court - with a list");
    let world = RecordRepo::new();
    let rob = answered(&world);
    let before = rob.standing();
    rob.fails(2, &["redact", OURS, "--reason", " "]).says("--reason TEXT is empty");
    assert_ne!(rob.liaison(&["redact", OURS, "--reason", "a\u{1b}[31mb"]).code, Some(0));
    assert_eq!(rob.standing(), before);
}

/// Somebody at the keyboard of the same clone who signs with an own key.
fn signing<'w>(clone: &Clone<'w>, person: &str, key: &std::path::Path) -> Clone<'w> {
    let clone = clone.being(person).with("GIT_CONFIG_COUNT", "1").with("GIT_CONFIG_KEY_0", "user.signingkey");
    clone.with("GIT_CONFIG_VALUE_0", &key.display().to_string())
}

/// The same record under a trust root of Ada and Carla, who both sign what is asked for; Rob, the registrar, does not hold it.
fn rooted(world: &RecordRepo, threshold: u32) -> (Clone<'_>, Clone<'_>, Clone<'_>) {
    let rob = answered(world);
    let people = ["ada-example", "carla-sample"];
    let [ada, carla] = people.map(|person| signing(&rob, person, &rob.new_key(person, &["ed25519"])));
    let holders = people.map(|person| format!("{person}={person}"));
    let threshold = threshold.to_string();
    let init = ["trust", "init", "--holder", &holders[0], "--holder", &holders[1], "--threshold", &threshold];
    ada.ok(&init);
    if threshold == "2" {
        carla.signs_root();
    }
    rob.ok(&["record-change"]);
    assert_eq!((codes(&rob), errors(&rob)), (Vec::new(), Vec::new()));
    (rob, ada, carla)
}

#[test]
fn two_holders_of_the_trust_root_redact_together() {
    let world = RecordRepo::new();
    let (rob, ada, carla) = rooted(&world, 2);
    let path = format!("statements/2026/{OURS}.yaml");
    let (letter, files) = (rob.read(&path), rob.names(&format!("statements/2026/{OURS}")));
    let before = rob.standing();
    redact(&ada, OURS, &["--dry-run"]).ended(0).prints("would sign the removal of 5 files");
    let who = "2 of its holders do: Ada Example, Carla Sample";
    redact(&rob, OURS, &[]).ended(1).says("Rob Registrar does not hold the trust root").says(who);
    let signs = "nothing was redacted: a holder of the trust root signs";
    redact(&rob, OURS, &["--as", "ada-example"]).ended(1).says(signs);
    redact(&rob.being("carla-sample"), OURS, &[]).ended(1).says(signs);
    assert_eq!(rob.standing(), before);

    redact(&ada, OURS, &[])
        .ended(0)
        .prints("signing the removal of 5 files")
        .prints(&format!("{OURS}: 1 of 2 holders signed the redaction; nothing is taken away yet"))
        .says(&format!("1 more of Carla Sample type: liaison redact {OURS}"));
    assert_eq!((rob.read(&path), rob.names(&format!("statements/2026/{OURS}"))), (letter, files));
    assert_eq!((codes(&rob), errors(&rob)), (Vec::new(), Vec::new()), "what waits is no fault");
    let shown = rob.json(&["show", OURS]);
    assert_eq!((&shown["state"], &shown["flags"], &shown["redacted"]), (&json!("sent"), &json!([]), &Value::Null));
    assert_eq!(shown["redactions-waiting"][0]["open"], json!(["carla-sample"]));
    let waits = "a redaction waits for 1 more holder of the trust root";
    rob.ok(&["show", OURS])
        .prints("[sent]")
        .prints(&format!("{waits}: Carla Sample; they type: liaison redact {OURS}"));
    rob.ok(&["status"]).prints("a redaction waits for 1 more holder");
    assert_eq!(carla.json(&["status", "--mine"])[0]["what"], waits);
    ada.fails(3, &["redact", OURS]).prints("Ada Example signed it already, 1 of 2").says("1 more of Carla Sample");

    let commits = rob.git(&["rev-list", "--count", "HEAD"]).parse::<u32>().unwrap();
    carla
        .ok(&["redact", OURS, "--reason", "the same order"])
        .prints(&format!("signed by Ada Example: {REASON}"))
        .prints("redacted: 5 files");
    assert_eq!(rob.git(&["rev-list", "--count", "HEAD"]), (commits + 1).to_string(), "one commit");
    assert_eq!(rob.names(&format!("statements/2026/{OURS}")), ["acts"]);
    assert_eq!((codes(&rob), errors(&rob)), (Vec::new(), Vec::new()));
    let signed = "signed by Ada Example, Carla Sample; the trust root asks for 2 of its holders";
    rob.ok(&["show", OURS]).prints(&format!("redacted 2026-11-24 by Carla Sample: the same order\n{signed}\n"));
    rob.ok(&["why", OURS]).prints(&format!("   holders      {signed}\n"));
    for command in ["show", "why"] {
        let told = &rob.json(&[command, OURS])["redacted"];
        assert_eq!((&told["signed"], &told["threshold"]), (&json!(["ada-example", "carla-sample"]), &json!(2)));
    }
    assert!(!rob.ok(&["status"]).stdout.contains("a redaction waits"));
    carla.fails(1, &["redact", OURS]).says("nothing of ls-2026-002 is left to redact");

    // Without the first act the second one is not enough.
    let acts = format!("statements/2026/{OURS}/acts");
    let first = rob.names(&acts).into_iter().find(|name| name.ends_with("-redact-ada-example.yaml")).unwrap();
    rob.git(&["rm", "--quiet", &format!("{acts}/{first}")]);
    assert!(codes(&rob).iter().any(|(code, _)| code == "redaction-unproven"), "{:?}", codes(&rob));
    let signed = "signed by Carla Sample; the trust root asks for 2 of its holders, so it proves nothing";
    rob.ok(&["show", OURS]).prints(signed);
    rob.fails(1, &["why", OURS]).prints(&format!(" ! holders      {signed}\n"));
}

#[test]
fn a_removal_that_too_few_holders_signed_is_found_out() {
    let world = RecordRepo::new();
    let (rob, ada, carla) = rooted(&world, 2);
    ada.ok(&["redact", OURS, "--reason", REASON, "--file", "profile.txt"]);
    assert_eq!(rob.json(&["show", OURS])["flags"], json!([]));
    let honest = rob.git(&["rev-parse", "HEAD"]);
    let path = format!("statements/2026/{OURS}/profile.txt");
    rob.git(&["rm", "--quiet", &path]);
    rob.git(&["commit", "--quiet", "-m", "Take it away"]);
    let act = format!("statements/2026/{OURS}/acts");
    let act = rob.names(&act).into_iter().find(|name| name.contains("-redact-")).map(|name| format!("{act}/{name}"));
    assert_eq!(codes(&rob), [("redaction-unproven".to_owned(), act.unwrap())]);
    assert_eq!(errors(&rob), ["frozen-file-removed"]);

    // The other holder is shown what waits, and takes away what it names.
    rob.git(&["reset", "--quiet", "--hard", &honest]);
    carla.ok(&["redact", OURS]).prints("taking away 1 file").prints("redacted: 1 file");
    assert_eq!((codes(&rob), errors(&rob)), (Vec::new(), Vec::new()));
    assert_eq!(rob.json(&["show", OURS])["flags"], json!(["partly-redacted"]));
}

#[test]
fn one_holder_is_enough_where_the_root_says_so_and_what_is_older_stays_proven() {
    let world = RecordRepo::new();
    let rob = answered(&world);
    redact(&rob, OURS, &["--file", "profile.txt"]).ended(0).prints("redacted: 1 file");
    let carla = signing(&rob, "carla-sample", &rob.new_key("carla-sample", &["ed25519"]));
    carla.ok(&["trust", "init", "--holder", "carla-sample=carla-sample"]);
    rob.ok(&["record-change"]);
    assert_eq!((codes(&rob), errors(&rob)), (Vec::new(), Vec::new()), "the table let the registrar");
    redact(&rob, OURS, &[]).ended(1).says("one of its holders does: Carla Sample");
    redact(&carla, OURS, &[]).ended(0).prints("redacted: 4 files");
    assert_eq!((codes(&rob), errors(&rob)), (Vec::new(), Vec::new()));
    assert_eq!(rob.state(OURS), "redacted");

    // Whoever holds the next version redacts from then on.
    carla.ok(&["trust", "rotate", "--holder", "rob-registrar=rob-registrar"]);
    assert_eq!((codes(&rob), errors(&rob)), (Vec::new(), Vec::new()));
    redact(&carla, THEIRS, &[]).ended(1).says("Carla Sample does not hold the trust root");
    redact(&rob, THEIRS, &[]).ended(0).prints("redacted: 4 files");
    assert_eq!((codes(&rob), errors(&rob)), (Vec::new(), Vec::new()));

    // A root named her key; whether the directory knows it as well is not asked.
    let person = "directory/people/carla-sample.toml";
    let known = rob.read(person);
    rob.write(person, known.rsplit_once("\n[[key]]").unwrap().0);
    rob.ok(&["record-change"]);
    assert!(codes(&rob).iter().all(|(_, file)| !file.starts_with("statements/")), "{:?}", codes(&rob));
    rob.ok(&["show", OURS]).prints("signed by Carla Sample; the trust root asks for 1 of its holders\n");
    assert_eq!(proofs(&rob, "carla-sample"), ["signed, with the key that the trust root names"]);
}

/// How `show` and `act` say that a person's redactions of our letter are proven.
#[track_caller]
fn proofs(clone: &Clone<'_>, by: &str) -> Vec<String> {
    let told = |acts: &Value| -> Vec<String> {
        let acts = acts.as_array().unwrap().iter().filter(|act| act["act"] == "redact" && act["by"] == by);
        acts.map(|act| act["proof"].as_str().unwrap().to_owned()).collect()
    };
    let shown = told(&clone.json(&["show", OURS])["acts"]);
    assert_eq!(shown, told(&clone.json(&["act", OURS])));
    shown
}

#[test]
fn a_registrar_whose_signature_is_good_and_who_holds_no_root_proves_no_redaction() {
    let world = RecordRepo::new();
    let rob = answered(&world);
    rob.git(&["branch", "old"]);
    let carla = signing(&rob, "carla-sample", &rob.new_key("carla-sample", &["ed25519"]));
    carla.ok(&["trust", "init", "--holder", "carla-sample=carla-sample"]);
    rob.ok(&["record-change"]);
    rob.git(&["checkout", "--quiet", "old"]);
    redact(&rob, OURS, &[]).ended(0);
    assert_eq!(proofs(&rob, "rob-registrar"), ["signed"], "where no root counts the table lets him");
    rob.ok(&["why", OURS]);
    rob.git(&["checkout", "--quiet", "main"]);
    rob.git(&["merge", "--quiet", "-m", "Merge", "old"]);
    let signed =
        "signed by nobody who holds the trust root; the trust root asks for 1 of its holders, so it proves nothing";
    let proof = "no proof: rob-registrar does not hold version 1 of the trust root";
    rob.ok(&["show", OURS]).prints(signed).prints(&format!("[{proof}]"));
    rob.fails(1, &["why", OURS]).prints(&format!(" ! holders      {signed}\n"));
    assert_eq!(rob.json(&["show", OURS])["redacted"]["signed"], json!([]));
    assert_eq!(proofs(&rob, "rob-registrar"), [proof]);
}

#[test]
fn holders_who_signed_at_once_carry_it_out_once() {
    let world = RecordRepo::new();
    let (rob, ada, carla) = rooted(&world, 2);
    rob.git(&["switch", "--quiet", "--create", "other"]);
    redact(&ada, THEIRS, &[]).ended(0);
    rob.git(&["switch", "--quiet", "main"]);
    redact(&carla, THEIRS, &[]).ended(0).prints("1 of 2 holders");
    rob.git(&["merge", "--quiet", "--no-ff", "-m", "Merge", "other"]);
    rob.ok(&["show", THEIRS]).prints("a redaction waits to be carried out by a holder of the trust root");
    ada.ok(&["redact", THEIRS]).prints("redacted: 4 files");
    assert_eq!((codes(&rob), errors(&rob)), (Vec::new(), Vec::new()));
}

#[test]
fn holders_sign_in_clones_of_their_own() {
    let world = RecordRepo::with_remote(DIRECT);
    let rob = world.clone_of("rob-registrar");
    let keys = ["ada-example", "carla-sample"].map(|person| rob.new_key(person, &["ed25519"]));
    let key = rob.new_key("rob-registrar", &["ed25519"]);
    rob.signs_with(&key);
    rob.git(&["push", "--quiet"]);
    let mail = world.file("in.eml", std::fs::read(common::project("src/cli/example/incoming.eml")).unwrap());
    rob.ok(&["receive", &mail, "--from", "3gpp-sa3", "--to", "tls", "--purpose", "for-information"]);
    let (ada, carla) = (world.clone_of("ada-example"), world.clone_of("carla-sample"));
    ada.signs_with(&keys[0]);
    carla.signs_with(&keys[1]);
    let holders = ["--holder", "ada-example=ada-example", "--holder", "carla-sample=carla-sample"];
    ada.ok(&[&["trust", "init", "--threshold", "2"], &holders[..]].concat());
    carla.git(&["pull", "--quiet", "--rebase"]);
    carla.signs_root();
    rob.git(&["pull", "--quiet", "--rebase"]);
    rob.ok(&["record-change"]);
    ada.git(&["pull", "--quiet", "--rebase"]);
    redact(&ada, THEIRS, &[]).ended(0).prints("1 of 2 holders").says("pushed to main");
    // Carla has not pulled, so she begins one; both acts come together, and either of them carries it out.
    redact(&carla, THEIRS, &[]).ended(0).prints("1 of 2 holders").says("pushed to main");
    rob.git(&["pull", "--quiet", "--rebase"]);
    let there: BTreeSet<(String, String)> = codes(&rob).into_iter().collect();
    assert!(there.contains(&("redacted-file-there".to_owned(), format!("statements/2026/{THEIRS}.yaml"))), "{there:?}");
    assert_eq!((there.len(), codes(&rob).len(), errors(&rob)), (4, 4, Vec::new()), "signed, and not carried out yet");
    carla.ok(&["redact", THEIRS]).prints("redacted: 4 files").says("pushed to main");
    let fresh = world.clone_of("rob-registrar");
    assert_eq!((fresh.state(THEIRS).as_str(), codes(&fresh), errors(&fresh)), ("redacted", Vec::new(), Vec::new()));
}
