//! An act that does not count is told, and has no effect: it stops no letter, and moves none.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test ends where it is wrong"
)]

mod common;

use std::path::{Path, PathBuf};

use common::{Clone, RecordRepo};

const SIGNED: &str = "\n[proof]\ngrade = \"signed\"\n";

/// A record that asks for signatures, with the keys of its registrar and of both directors who could approve.
struct Signing<'w> {
    rob: Clone<'w>,
    robs: PathBuf,
    adas: PathBuf,
    pavels: PathBuf,
}

impl<'w> Signing<'w> {
    fn new(world: &'w RecordRepo) -> Self {
        let rob = world.first("rob-registrar", SIGNED);
        let [robs, adas, pavels] =
            ["rob-registrar", "ada-example", "pavel-priklad"].map(|person| rob.new_key(person, &["ed25519"]));
        rob.signs_with(&robs);
        Self { rob, robs, adas, pavels }
    }

    /// A person at the keyboard, with a key of theirs.
    fn being(&self, person: &str, key: &Path) -> Clone<'w> {
        self.rob.signs_with(key);
        self.rob.being(person)
    }

    fn ada(&self) -> Clone<'w> {
        self.being("ada-example", &self.adas)
    }

    fn rob(&self) -> Clone<'w> {
        self.being("rob-registrar", &self.robs)
    }

    /// A draft of Carla's that lacks nothing but its approval.
    fn draft(&self, title: &str) -> String {
        self.rob.being("carla-sample").new_letter(title, &[])
    }

    /// Pushes a file, as anybody may who can push.
    fn plant(&self, path: &str, text: &str) {
        self.rob.write(path, text);
        self.rob.git(&["add", path]);
        self.rob.git(&["commit", "--quiet", "-m", "One file", "--", path]);
    }

    fn acts(&self, slug: &str) -> String {
        format!("drafts/{slug}/acts")
    }
}

/// The codes that `check` finds at acts.
fn codes(clone: &Clone<'_>) -> Vec<String> {
    let told = clone.liaison(&["check", "--format", "json"]);
    let told: serde_json::Value = serde_json::from_str(&told.stdout).unwrap();
    let found = told["findings"].as_array().unwrap().iter();
    let at_acts = found.filter(|found| found["file"].as_str().unwrap().contains("/acts/"));
    at_acts.map(|found| found["code"].as_str().unwrap().to_owned()).collect()
}

/// An approval in Ada's name that proves nothing.
fn forged(at: &str, by: &str, role: &str, of: &str, more: &str) -> String {
    format!("act: approve\nby: {by}\nrole: {role}\nof: {of}\nfor: [tls]\nat: {at}\n{more}")
}

#[test]
fn an_act_that_does_not_count_stops_no_draft() {
    let world = RecordRepo::new();
    let record = Signing::new(&world);
    let slug = record.draft("Use of ECH");
    let content = record.rob.json(&["digest", &slug])["content"].as_str().map(str::to_owned);
    let content = content.unwrap_or_else(|| record.rob.ok(&["digest", &slug]).stdout.trim().to_owned());
    let content =
        format!("content: {}\n", content.split_whitespace().find(|word| word.starts_with("sha256:")).unwrap());
    let bad = "signature: |\n  -----BEGIN SSH SIGNATURE-----\n  U1NIU0lH\n  -----END SSH SIGNATURE-----\n";
    let acts = record.acts(&slug);
    for (name, text) in [
        (
            "20261124T120000Z-approve-ada-example",
            forged("2026-11-24T12:00:00Z", "ada-example", "area-director", "sec", &format!("{content}{bad}")),
        ),
        (
            "20261124T120001Z-approve-carla-sample",
            forged("2026-11-24T12:00:01Z", "carla-sample", "chair", "tls", &content),
        ),
        (
            "20260101T120000Z-approve-ada-example",
            forged("2026-01-01T12:00:00Z", "ada-example", "area-director", "sec", &content),
        ),
        ("20261124T120002Z-approve-nobody", forged("2026-11-24T12:00:02Z", "nobody", "area-director", "sec", &content)),
        (
            "20261124T120003Z-approve-ada-example",
            forged("2026-11-24T12:00:03Z", "ada-example", "area-director", "sec", &format!("{content}colour: red\n")),
        ),
        ("20261124T120004Z-comment-carla-sample", "what is this\n".to_owned()),
        ("20261124T120006Z-draft-carla-sample", "act: draft\nby: carla-sample\nat: 2026-11-24T12:00:06Z\n".to_owned()),
        (
            "20261124T120005Z-revoke-carla-sample",
            format!("act: revoke\nby: carla-sample\nat: 2026-11-24T12:00:05Z\nrevokes: sha256:{}\n", "0".repeat(64)),
        ),
    ] {
        record.plant(&format!("{acts}/{name}.yaml"), &text);
        assert_eq!(record.rob.state(&slug), "ready", "{name}");
    }
    let found = codes(&record.rob);
    for code in ["signature-invalid", "approval-without-authority", "unknown-person", "unknown-key", "revoke-unknown"] {
        assert!(found.iter().any(|found| found == code), "{code} in {found:?}");
    }
    record.rob.being("carla-sample").ok(&["edit", &slug, "--set", "title=ECH at work"]);
    record.ada().now("2026-11-24T13:00:00Z").ok(&["approve", &slug]);
    assert_eq!(record.rob.state(&slug), "approved");
    record.being("carla-sample", &record.robs).now("2026-11-24T14:00:00Z").ok(&["send", &slug]);
}

#[test]
fn an_approval_whose_key_became_doubtful_is_given_again_or_by_somebody_else() {
    for how in ["again", "other"] {
        let world = RecordRepo::new();
        let record = Signing::new(&world);
        let slug = record.draft("Use of ECH");
        record.ada().ok(&["approve", &slug]);
        assert_eq!(record.rob.state(&slug), "approved");
        let since = record.rob.git(&["rev-parse", "HEAD~1"]);
        let lost =
            ["person", "key", "compromised", "ada-example", "2", "--since", &since, "--reason", "a stolen laptop"];
        record.rob().ok(&lost);
        let second = record.rob.new_key("ada-example", &["ed25519"]);
        assert_eq!(record.rob.state(&slug), "ready");
        assert!(codes(&record.rob).contains(&"key-not-valid".to_owned()));
        record.being("carla-sample", &record.robs).fails(3, &["send", &slug]);
        match how {
            "again" => record.being("ada-example", &second).ok(&["approve", &slug, "--reaffirm"]),
            _ => record.being("pavel-priklad", &record.pavels).ok(&["approve", &slug]),
        };
        assert_eq!(record.rob.state(&slug), "approved", "{how}");
        assert!(!codes(&record.rob).contains(&"key-not-valid".to_owned()), "{how}");
        record.being("carla-sample", &record.robs).ok(&["send", &slug]);
    }
}

#[test]
fn what_is_wrong_with_the_letter_still_stops_it_and_so_does_a_decline_that_nobody_can_read() {
    let world = RecordRepo::new();
    let record = Signing::new(&world);
    let slug = record.draft("Use of ECH");
    record.ada().ok(&["approve", &slug]);
    let path = format!("drafts/{slug}.yaml");
    let sound = record.rob.read(&path);
    record.rob.write(&path, sound.clone() + "date: 2026-11-24\n");
    assert_eq!(record.rob.state(&slug), "draft");
    record.rob.write(&path, &sound);
    assert_eq!(record.rob.state(&slug), "approved");
    let decline = format!("{}/20261124T120000Z-decline-pavel-priklad.yaml", record.acts(&slug));
    record.plant(&decline, "<<<<<<< HEAD\nact: decline\n");
    assert_eq!(record.rob.state(&slug), "draft");
    record.being("carla-sample", &record.robs).fails(1, &["send", &slug]).says(&format!("git rm {decline}"));
    record.rob.git(&["rm", "--quiet", &decline]);
    record.rob.git(&["commit", "--quiet", "-m", "That was no act"]);
    record.being("carla-sample", &record.robs).ok(&["send", &slug]);
}

#[test]
fn a_revoke_that_nobody_signed_takes_no_signed_approval_back() {
    let world = RecordRepo::new();
    let record = Signing::new(&world);
    let slug = record.draft("Use of ECH");
    record.ada().ok(&["approve", &slug]);
    let id =
        record.rob.json(&["act", &slug]).as_array().unwrap().iter().find(|act| act["act"] == "approve").unwrap()["id"]
            .as_str()
            .unwrap()
            .trim_start_matches("sha256:")
            .to_owned();
    let head = format!("act: revoke\nby: ada-example\nat: 2026-11-24T12:00:00Z\nrevokes: sha256:{id}\n");
    let path = format!("{}/20261124T120000Z-revoke-ada-example.yaml", record.acts(&slug));
    for text in [head.clone(), head + "recorded-by: carla-sample\n"] {
        record.plant(&path, &text);
        assert_eq!(record.rob.state(&slug), "approved");
        assert_eq!(codes(&record.rob), ["act-without-effect"]);
    }
    record
        .rob
        .fails(1, &["check"])
        .prints("`revoke` by Ada Example has no effect: it is asserted")
        .prints("liaison revoke use-of-ech");
    // Ada herself takes it back.
    record.ada().now("2026-11-24T13:00:00Z").ok(&["revoke", &slug]);
    assert_eq!(record.rob.state(&slug), "ready");
}

#[test]
fn a_withdrawal_counts_only_as_well_proven_as_the_table_asks_and_never_hides_that_a_letter_was_sent() {
    let world = RecordRepo::new();
    let record = Signing::new(&world);
    let slug = record.draft("Use of ECH");
    let forged = |path: &str, role: &str| {
        let text = format!("act: withdraw\nby: rob-registrar\n{role}at: 2026-11-24T12:00:00Z\nreason: no reason\n");
        record.plant(&format!("{path}/acts/20261124T120000Z-withdraw-rob-registrar.yaml"), &text);
    };
    forged(&format!("drafts/{slug}"), "role: registrar\nof: ietf\n");
    assert_eq!(record.rob.state(&slug), "ready");
    assert_eq!(codes(&record.rob), ["act-without-effect"]);
    let carla = record.being("carla-sample", &record.robs);
    carla.ok(&["show", &slug]);
    record.ada().now("2026-11-24T13:00:00Z").ok(&["approve", &slug]);
    record.rob().now("2026-11-24T13:01:00Z").ok(&["send", &slug]);
    let sent = record.rob().now("2026-11-24T13:02:00Z");
    sent.ok(&["mark-sent", "ls-2026-001", "--url", "https://3gpp.example/letters/1"]);
    assert_eq!(record.rob.state("ls-2026-001"), "sent");
    assert!(record.rob.json(&["show", "ls-2026-001"])["flags"].as_array().unwrap().is_empty());

    // A real withdrawal is told beside the state.
    record.rob().now("2026-11-24T13:03:00Z").ok(&["withdraw", "ls-2026-001", "--reason", "it was wrong"]);
    let shown = record.rob.json(&["show", "ls-2026-001"]);
    assert_eq!((&shown["state"], &shown["flags"][0]), (&"sent".into(), &"withdrawn".into()));
}

#[test]
fn an_import_that_nobody_signed_is_no_letter_that_was_sent() {
    let world = RecordRepo::new();
    let record = Signing::new(&world);
    let letter = "direction: outgoing\ntitle: Never sent\nfrom: {groups: [tls], contacts: [TLS Chairs <tls-chairs@ietf.example>]}\nto: {groups: [3gpp-sa3], contacts: [SA3 Chair <sa3-chair@3gpp.example>]}\npurpose: for-information\nbody: Dear colleagues\n";
    record.plant("statements/2026/ls-2026-001.yaml", letter);
    record.plant(
        "statements/2026/ls-2026-001/acts/20261124T120000Z-sent-rob-registrar.yaml",
        "act: sent\nby: rob-registrar\nrole: registrar\nof: ietf\nat: 2026-11-24T12:00:00Z\nvia: import\ndate: 2026-11-01\n",
    );
    assert_eq!(record.rob.state("ls-2026-001"), "sent-unapproved");
    record.rob.fails(1, &["check"]).prints("act-without-effect").prints("without the approval that tls needs");
}

#[test]
fn a_letter_is_imported_by_whoever_may_and_with_the_proof_that_the_table_asks_for() {
    let world = RecordRepo::new();
    let record = Signing::new(&world);
    record.rob.write("liaison.toml", record.rob.read("liaison.toml").replace("example = true\n", ""));
    record.rob.git(&["commit", "--quiet", "--all", "-m", "Nobody is invented"]);
    let import = ["receive", "--from", "3gpp-sa3", "--to", "tls", "--title", "A question", "--via", "import"];
    let before = record.rob.standing();
    record
        .ada()
        .fails(1, &import)
        .says("Ada Example may not import ls-2026-001")
        .says("registrar, liaison-coordinator");
    let unsigned = record.rob.being("cora-beispiel");
    unsigned.fails(1, &import).says("the act `receive` counts only with a signature of Cora Beispiel, and ");
    assert!(record.rob.standing() == before, "nothing was written");
    record.rob().ok(&import).prints("ls-2026-001");
    let acts = record.rob.json(&["act", "ls-2026-001"]);
    assert_eq!(acts[0]["role"], "registrar");
    assert_eq!(codes(&record.rob), [""; 0]);
}

#[test]
fn a_command_writes_nothing_that_would_have_no_effect() {
    let world = RecordRepo::new();
    let record = Signing::new(&world);
    let slug = record.draft("Use of ECH");
    record.rob.write("liaison.toml", record.rob.read("liaison.toml").replace("example = true\n", ""));
    record.rob.git(&["commit", "--quiet", "--all", "-m", "Nobody is invented"]);
    let before = record.rob.standing();
    let carla = record.rob.being("carla-sample");
    let withdraw = ["withdraw", &slug, "--reason", "later"];
    carla.fails(1, &withdraw).says("the act `withdraw` counts only with a signature of Carla Sample, and ");
    carla
        .fails(1, &[&withdraw[..], &["--as", "rob-registrar"]].concat())
        .says("ask Rob Registrar to type: liaison withdraw use-of-ech --reason later\n");
    assert!(record.rob.standing() == before, "nothing was written");
    record.rob().ok(&withdraw);
    assert_eq!(record.rob.state(&slug), "withdrawn");
    record.rob().ok(&["reopen", &slug, "--reason", "now"]);
    assert_eq!(record.rob.state(&slug), "ready");
}

#[test]
fn a_correction_that_nobody_signed_changes_nothing_that_a_letter_says() {
    let world = RecordRepo::new();
    let record = Signing::new(&world);
    let letter = "direction: incoming\ntitle: Reliance on names\ndate: 2026-10-05\nfrom: {groups: [3gpp-sa3]}\nto: {groups: [tls]}\npurpose: for-action\ndeadline: 2026-12-20\nbody: Please tell us.\n";
    record.plant("statements/2026/ls-2026-001.yaml", letter);
    let acts = "statements/2026/ls-2026-001/acts";
    let key = "0".repeat(64);
    let receive = format!("act: receive\nby: cora-beispiel\nat: 2026-10-06T12:00:00Z\nvia: mail\nkey: {key}\n");
    record.plant(&format!("{acts}/20261006T120000Z-receive-cora-beispiel.yaml"), &receive);
    let correct = "act: correct\nby: rob-registrar\nrole: registrar\nof: ietf\nat: 2026-11-24T12:00:00Z\nfield: deadline\nwas: 2026-12-20\nnow: 2027-12-20\nreason: no reason\n";
    record.plant(&format!("{acts}/20261124T120000Z-correct-rob-registrar.yaml"), correct);
    let corrected = || record.rob.json(&["show", "ls-2026-001"])["corrections"].as_array().unwrap().clone();
    assert!(corrected().is_empty());
    assert!(codes(&record.rob).contains(&"act-without-effect".to_owned()));
    let mend = ["correct", "ls-2026-001", "--field", "deadline", "--was", "2026-12-20", "--now-is", "2026-12-18"];
    let rob = record.rob().now("2026-11-24T13:00:00Z");
    rob.ok(&[&mend[..], &["--reason", "the PDF says so"]].concat());
    let corrected = corrected();
    assert_eq!((corrected.len(), &corrected[0]["now"]), (1, &"2026-12-18".into()));
}
