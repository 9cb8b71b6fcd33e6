//! Signed acts: what the program signs, OpenSSH accepts, and the reverse; what proves nothing is told and does not count.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test ends where it is wrong"
)]

mod common;

use std::path::Path;

use common::{Clone, DIRECT, Ran, RecordRepo};

const SIGNED: &str = "\n[proof]\ngrade = \"signed\"\n";
const NAMESPACE: &str = "liaison-act@7c9e6679-7425-40de-944b-e07fc1f90ae7";

/// A clone of Carla's with a letter, in a record that wants signatures.
fn letter<'w>(world: &'w RecordRepo, settings: &str) -> (Clone<'w>, String) {
    let carla = world.first("carla-sample", settings);
    let slug = carla.new_letter("Use of ECH in 5G core networks", &[]);
    (carla, slug)
}

/// What `ssh-keygen -Y verify` says of an act's signature.
fn openssh(clone: &Clone<'_>, person: &str, act: &str) -> Ran {
    let allowed = clone.world.file("allowed_signers", clone.ok(&["export", "allowed-signers"]).stdout);
    let signature = clone.world.file("act.sig", clone.ok(&["act", act, "--signature"]).stdout);
    let text = clone.world.file("act.txt", clone.ok(&["act", act, "--text"]).stdout);
    let mut command = clone.world.command("ssh-keygen");
    command.args(["-Y", "verify", "-f", &allowed, "-I", person, "-n", NAMESPACE, "-s", &signature]);
    command.arg("-Overify-time=20261124100000Z").stdin(std::fs::File::open(text).unwrap());
    Ran::of(&mut command, "ssh-keygen -Y verify")
}

fn acts(clone: &Clone<'_>, slug: &str) -> Vec<(String, String, String)> {
    let rows = clone.json(&["act", slug]);
    let text = |row: &serde_json::Value, key: &str| row[key].as_str().unwrap_or_default().to_owned();
    rows.as_array().unwrap().iter().map(|row| (text(row, "act"), text(row, "proof"), text(row, "id"))).collect()
}

#[test]
fn an_approval_is_signed_with_the_key_that_git_uses_and_openssh_accepts_it() {
    for kind in [&["ed25519"][..], &["ecdsa", "-b", "256"], &["ecdsa", "-b", "384"], &["rsa", "-b", "3072"]] {
        let world = RecordRepo::new();
        let (carla, slug) = letter(&world, SIGNED);
        let key = carla.new_key("pavel-priklad", kind);
        let pavel = carla.being("pavel-priklad");
        pavel
            .fails(1, &["approve", &slug])
            .says("asks for a signature of pavel-priklad, and none of pavel-priklad's keys is here");
        assert!(!acts(&carla, &slug).iter().any(|(act, ..)| act == "approve"), "nothing was written");
        pavel.signs_with(&key);
        pavel.ok(&["approve", &slug]).prints("approved by Pavel Příklad for tls");
        assert_eq!(carla.state(&slug), "approved");
        let approval = acts(&carla, &slug).into_iter().find(|(act, ..)| act == "approve").unwrap();
        assert_eq!(approval.1, "signed", "{kind:?}");
        openssh(&carla, "pavel-priklad", &approval.2).ended(0).prints("Good");
        assert_ne!(openssh(&carla, "ada-example", &approval.2).code, Some(0), "another person");
    }
}

#[test]
fn an_agent_signs_for_a_key_whose_private_half_is_nowhere_else() {
    let world = RecordRepo::new();
    let (carla, slug) = letter(&world, SIGNED);
    let key = carla.new_key("pavel-priklad", &["ed25519"]);
    let socket = world.folder().join("agent");
    let mut agent = world
        .command("ssh-agent")
        .arg("-D")
        .arg("-a")
        .arg(&socket)
        .stdout(std::process::Stdio::null())
        .spawn()
        .unwrap();
    for _ in 0..100 {
        if socket.exists() {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    let socket = socket.display().to_string();
    Ran::of(world.command("ssh-add").arg(&key).env("SSH_AUTH_SOCK", &socket), "ssh-add").ended(0);
    std::fs::remove_file(&key).unwrap();
    let pavel = carla.being("pavel-priklad").with("SSH_AUTH_SOCK", &socket);
    pavel.ok(&["approve", &slug]);
    agent.kill().unwrap();
    agent.wait().unwrap();
    assert_eq!(carla.state(&slug), "approved");
    let approval = acts(&carla, &slug).into_iter().find(|(act, ..)| act == "approve").unwrap();
    openssh(&carla, "pavel-priklad", &approval.2).ended(0);
}

/// Signs a text as an approver without the program does.
fn sign(world: &RecordRepo, key: &Path, namespace: &str, text: &str) -> String {
    let file = world.file("to-sign.txt", text);
    let _ = std::fs::remove_file(format!("{file}.sig"));
    let mut command = world.command("ssh-keygen");
    command.args(["-q", "-Y", "sign", "-n", namespace, "-f"]).arg(key).arg(&file);
    Ran::of(&mut command, "ssh-keygen -Y sign").ended(0);
    std::fs::read_to_string(format!("{file}.sig")).unwrap()
}

#[test]
fn a_director_with_only_a_mail_program_and_ssh_keygen_approves() {
    let world = RecordRepo::new();
    let (carla, slug) = letter(&world, SIGNED);
    let key = carla.new_key("ada-example", &["ed25519"]);
    let request = carla.ok(&["approval-request", &slug, "--approver", "ada-example"]).stdout;
    assert!(request.contains("Subject: Use of ECH in 5G core networks"), "the letter is there to be read:\n{request}");
    let start = request.find("liaison-act-v1\n").unwrap();
    let lines: Vec<&str> = request[start..].lines().take_while(|line| !line.is_empty()).collect();
    let text = lines.join("\n") + "\n";
    let block = sign(&world, &key, NAMESPACE, &text);

    let mail = format!(
        "From: Ada Example <ada@networks.example>\r\nTo: carla@ietf.example\r\nSubject: Re: please approve\r\n\
         Message-ID: <1@networks.example>\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nYes.\r\n\r\n{}",
        block.replace('\n', "\r\n")
    );
    let mail = world.file("reply.eml", mail);
    carla.ok(&["approve", &slug, "--signature", &mail]).prints("approved by Ada Example for tls, signed");
    assert_eq!(carla.state(&slug), "approved");
    let approval = acts(&carla, &slug).into_iter().find(|(act, ..)| act == "approve").unwrap();
    assert_eq!(approval.1, "signed", "Carla recorded it, and it is Ada's own all the same");
    openssh(&carla, "ada-example", &approval.2).ended(0);
    carla.fails(1, &["approve", &slug, "--signature", &mail]).says("recorded already");
}

#[test]
fn a_request_by_mail_carries_the_text_to_sign_as_a_file() {
    let world = RecordRepo::new();
    let (carla, slug) = letter(&world, SIGNED);
    let key = carla.new_key("ada-example", &["ed25519"]);
    let place = carla.ok(&["approval-request", &slug, "--approver", "ada-example", "--mail"]).stdout;
    let bytes = std::fs::read(place.trim()).unwrap();
    let mail = liaison::mail::read_mail(&bytes).unwrap();
    assert_eq!(mail.to[0].address.as_str(), "ada@networks.example");
    assert_eq!(mail.reply_to[0].address.as_str(), "carla@crypto.example");
    assert!(mail.text.mentions("ssh-keygen -Y sign") && mail.text.mentions("we look forward to your comments"));
    let text = String::from_utf8(mail.files[0].bytes.clone()).unwrap();
    let block = world.file("act.txt.sig", sign(&world, &key, NAMESPACE, &text));
    carla.ok(&["approve", &slug, "--signature", &block]);
    assert_eq!(carla.state(&slug), "approved");
}

#[test]
fn the_text_may_come_with_the_signature_from_anywhere() {
    let world = RecordRepo::new();
    let (carla, slug) = letter(&world, SIGNED);
    let key = carla.new_key("ada-example", &["ed25519"]);
    carla.ok(&["approval-request", &slug, "--write", "../request"]);
    let text = std::fs::read_to_string(world.folder().join("request/act.txt")).unwrap();
    std::fs::remove_dir_all(carla.path.join(".git/liaison")).unwrap();
    let block = sign(&world, &key, NAMESPACE, &text);
    let alone = world.file("alone.sig", &block);
    carla.fails(1, &["approve", &slug, "--signature", &alone]).says("the text that was signed is not at hand");
    let quoted: String = format!("{text}\n{block}").lines().map(|line| format!("> {line}\n")).collect();
    let both = world.file("both.txt", quoted);
    carla.ok(&["approve", &slug, "--signature", &both]);
    assert_eq!(carla.state(&slug), "approved");
}

#[test]
fn a_signature_that_proves_nothing_is_not_recorded() {
    let world = RecordRepo::new();
    let (carla, slug) = letter(&world, SIGNED);
    let key = carla.new_key("ada-example", &["ed25519"]);
    let pavels = carla.new_key("pavel-priklad", &["ed25519"]);
    carla.ok(&["approval-request", &slug, "--approver", "ada-example", "--write", "../request"]);
    let text = std::fs::read_to_string(world.folder().join("request/act.txt")).unwrap();
    let before = carla.standing();
    for (key, namespace, signed, told) in [
        (&key, "git", text.clone(), "made for `git`"),
        (&key, "liaison-act@00000000-0000-4000-8000-000000000000", text.clone(), "it was made for"),
        (&pavels, NAMESPACE, text.clone(), "none of ada-example's"),
        (&key, NAMESPACE, text.replace("for: tls", "for: quic"), "one of them was changed"),
        (&key, NAMESPACE, text.replace('\n', "\r\n"), "one of them was changed"),
        (&key, NAMESPACE, text.trim_end().to_owned(), "one of them was changed"),
    ] {
        let block = world.file("bad.sig", sign(&world, key, namespace, &signed));
        carla.fails(1, &["approve", &slug, "--signature", &block]).says("nothing was recorded").says(told);
    }
    let good = world.file("good.sig", sign(&world, &key, NAMESPACE, &text));
    carla.fails(1, &["approve", &slug, "--signature", &world.file("none.txt", "yes")]).says("holds no signature");
    assert!(carla.standing() == before, "nothing was written");
    carla.ok(&["edit", &slug, "--set", "title=Use of ECH in 6G core networks"]);
    carla.fails(3, &["approve", &slug, "--signature", &good]).says("changed since");
}

#[test]
fn an_asserted_approval_does_not_count_where_the_table_asks_for_a_signature() {
    let world = RecordRepo::new();
    let (carla, slug) = letter(&world, SIGNED);
    carla
        .fails(1, &["approve", &slug, "--recorded-for", "ada-example", "--evidence", "mid:1@networks.example"])
        .says("nobody else's word counts")
        .says("approval-request");
    let other = RecordRepo::new();
    let (carla, slug) = letter(&other, "");
    carla
        .being("pavel-priklad")
        .ok(&["approve", &slug])
        .says("not signed: the directory holds no key of pavel-priklad")
        .says("liaison person key add pavel-priklad");
    assert_eq!(carla.state(&slug), "approved", "where the table accepts it, it counts");
}

#[test]
fn whoever_records_what_happened_without_a_key_is_told() {
    let world = RecordRepo::new();
    let (carla, slug) = letter(&world, "");
    carla.new_key("pavel-priklad", &["ed25519"]);
    let pavel = carla.being("pavel-priklad");
    let told = "not signed: none of pavel-priklad's keys is here";
    pavel.ok(&["mark-sent", &slug, "--copy", &world.file("left.eml", "Subject: It left\n\nHello\n")]).says(told);
    let parties =
        ["receive", "--from", "3gpp-sa3", "--to", "tls", "--title", "A question", "--purpose", "for-information"];
    let body = world.file("body.txt", "Dear colleagues, we have a question.\n");
    pavel.ok(&[&parties[..], &["--body", &body]].concat()).says(told);
}

#[test]
fn the_key_that_everybody_has_is_refused_in_a_real_record() {
    let world = RecordRepo::new();
    let (carla, _) = letter(&world, "");
    let settings = carla.read("liaison.toml").replace("example = true\n", "");
    carla.write("liaison.toml", settings);
    carla
        .fails(1, &["check"])
        .prints("whose private half comes with the program")
        .prints("directory/people/ada-example.toml:12");
}

#[test]
fn commits_are_signed_as_git_is_configured_and_git_says_good() {
    let world = RecordRepo::with_remote("");
    let carla = world.clone_of("carla-sample");
    let key = carla.new_key("carla-sample", &["ed25519"]);
    carla.git(&["push", "--quiet"]);
    carla.signs_with(&key);
    carla.git(&["config", "commit.gpgsign", "true"]);
    carla.ok(&["export", "allowed-signers", "--out", ".git/allowed_signers"]);
    carla.git(&["config", "gpg.ssh.allowedSignersFile", ".git/allowed_signers"]);
    let first = carla.git(&["rev-parse", "HEAD"]);
    let slug = carla.new_letter("Use of ECH in 5G core networks", &[]);
    carla.ok(&["comment", &slug, "ready"]);
    carla.being("ada-example").ok(&["approve", &slug]);
    carla.ok(&["send", &slug]);
    let made = carla.git(&["rev-list", &format!("{first}..HEAD")]);
    assert!(made.lines().count() >= 4, "{made}");
    for commit in made.lines() {
        carla.git(&["verify-commit", commit]);
    }
    let by = |kind: &str| acts(&carla, "ls-2026-001").into_iter().find(|(act, ..)| act == kind).unwrap().1;
    assert_eq!((by("comment").as_str(), by("approve").as_str()), ("signed", "signed"));
}

#[test]
fn in_an_example_anybody_acts_as_an_invented_person_with_the_key_that_everybody_has() {
    let world = RecordRepo::new();
    let (carla, slug) = letter(&world, SIGNED);
    carla.ok(&["approve", &slug, "--as", "ada-example"]);
    assert_eq!(carla.state(&slug), "approved");
    let real = RecordRepo::new();
    let (carla, slug) = letter(&real, SIGNED);
    carla.fails(1, &["approve", &slug, "--as", "pavel-priklad"]).says("the decision is pavel-priklad's");
}

#[test]
fn openssh_accepts_a_hardware_keys_signature_as_the_program_does() {
    let world = RecordRepo::new();
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/digest");
    let file = |name: &str| fixtures.join(name).display().to_string();
    let mut command = world.command("ssh-keygen");
    let space = "liaison-act@7c9e6679-7425-40de-944b-e07fc1f90ae7";
    command.args(["-Y", "verify", "-f", &file("sk_allowed_signers"), "-I", "ada-example", "-n", space]);
    command.args(["-s", &file("sk.sig")]).stdin(std::fs::File::open(file("act.txt")).unwrap());
    Ran::of(&mut command, "ssh-keygen -Y verify").ended(0).prints("ED25519-SK");
}

#[test]
fn every_act_that_the_program_writes_for_a_person_with_a_key_is_signed() {
    let world = RecordRepo::with_remote(DIRECT);
    let carla = world.clone_of("carla-sample");
    let key = carla.new_key("carla-sample", &["ed25519"]);
    carla.signs_with(&key);
    carla.git(&["push", "--quiet"]);
    let (slug, portal) = (carla.new_letter("Use of ECH", &[]), carla.new_letter("By the portal", &[]));
    carla.being("ada-example").ok(&["approve", &slug]);
    carla.ok(&["send", &slug]);
    carla.ok(&["mark-sent", "ls-2026-001", "--url", "https://lists.3gpp.example/1"]);
    carla.ok(&["mark-sent", &portal, "--url", "https://portal.3gpp.example/1", "--reason", "they ask for it"]);
    let mail = world.file("in.eml", std::fs::read(common::project("src/cli/example/incoming.eml")).unwrap());
    carla.ok(&["receive", &mail, "--from", "3gpp-sa3", "--to", "tls", "--purpose", "for-information"]);
    let mut seen = 0;
    for folder in ["ls-2026-001", "ls-2026-002", "ls-2026-003"].map(|number| format!("statements/2026/{number}/acts")) {
        for act in carla.names(&folder).into_iter().filter(|act| act.contains("carla-sample")) {
            assert!(carla.read(&format!("{folder}/{act}")).contains("signature:"), "{folder}/{act}");
            seen += 1;
        }
    }
    assert_eq!(seen, 7, "draft, sending, handed-over, sent; draft, sent; receive");
    let told = carla.liaison(&["audit"]);
    assert!(!told.stdout.contains("by Carla Sample; anybody may have written it"), "{told:?}");
    assert!(!carla.liaison(&["check"]).stdout.contains("error[signature"), "and each fits its act");
}
