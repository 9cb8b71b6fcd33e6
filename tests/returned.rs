//! What an approver sends back: a signature in whatever form it travelled, recorded in any clone, and only if it counts.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test ends where it is wrong"
)]

mod common;

use std::path::{Path, PathBuf};

use common::{Clone, Ran, RecordRepo};

const SIGNED: &str = "\n[proof]\ngrade = \"signed\"\n";
const NAMESPACE: &str = "liaison-act@7c9e6679-7425-40de-944b-e07fc1f90ae7";
const BEGIN: &str = "-----BEGIN SSH SIGNATURE-----";
const END: &str = "-----END SSH SIGNATURE-----";

/// A clone of Carla's with a letter, and Ada's key.
fn letter(world: &RecordRepo) -> (Clone<'_>, String, PathBuf) {
    let carla = world.first("carla-sample", SIGNED);
    let slug = carla.new_letter("Use of ECH in 5G core networks", &[]);
    let key = carla.new_key("ada-example", &["ed25519"]);
    (carla, slug, key)
}

/// The text of a request to Ada, and the text of the mail with it.
fn request(carla: &Clone<'_>, slug: &str) -> (String, String) {
    carla.ok(&["approval-request", slug, "--approver", "ada-example", "--write", "../request"]);
    let read = |name: &str| std::fs::read_to_string(carla.world.folder().join("request").join(name)).unwrap();
    (read("act.txt"), read("request.txt"))
}

/// Signs a text as somebody without the program does.
fn sign(world: &RecordRepo, key: &Path, text: &str) -> String {
    let file = world.file("to-sign.txt", text);
    let _ = std::fs::remove_file(format!("{file}.sig"));
    let mut command = world.command("ssh-keygen");
    command.args(["-q", "-Y", "sign", "-n", NAMESPACE, "-f"]).arg(key).arg(&file);
    Ran::of(&mut command, "ssh-keygen -Y sign").ended(0);
    std::fs::read_to_string(format!("{file}.sig")).unwrap()
}

/// A block with lines of another width.
fn at_width(block: &str, width: usize) -> String {
    let data: Vec<char> = block.lines().filter(|line| !line.starts_with('-')).flat_map(str::chars).collect();
    let lines: Vec<String> = data.chunks(width).map(|line| line.iter().collect()).collect();
    format!("{BEGIN}\n{}\n{END}\n", lines.join("\n"))
}

/// A text as mail programs write it quoted-printable.
fn quoted_printable(text: &str) -> String {
    let mut encoded = String::new();
    for line in text.lines() {
        let mut length = 0;
        for byte in line.bytes() {
            let plain = (b' '..=b'~').contains(&byte) && byte != b'=';
            let piece = if plain { char::from(byte).to_string() } else { format!("={byte:02X}") };
            if length + piece.len() > 75 {
                encoded.push_str("=\r\n");
                length = 0;
            }
            length += piece.len();
            encoded.push_str(&piece);
        }
        encoded.push_str("\r\n");
    }
    encoded
}

fn mail(encoding: &str, body: &str) -> String {
    format!(
        "From: Ada Example <ada@networks.example>\r\nTo: carla@ietf.example\r\nSubject: Re: please approve\r\n\
         MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n{body}"
    )
}

fn approvals(clone: &Clone<'_>, slug: &str) -> usize {
    clone.json(&["act", slug]).as_array().unwrap().iter().filter(|act| act["act"] == "approve").count()
}

#[test]
fn a_reply_counts_however_a_mail_program_wrote_and_quoted_it() {
    let world = RecordRepo::new();
    let (carla, slug, key) = letter(&world);
    let (text, request) = request(&carla, &slug);
    assert!(request.is_ascii(), "a reply that quotes it may stay plain:\n{request}");
    let block = sign(&world, &key, &text);
    assert!(block.contains('='), "what quoted-printable writes otherwise");
    let quoted: String = request.lines().map(|line| format!("> {line}\n")).collect();
    let broken = quoted.replace("content: ", "content:\n> ").replace("preview: ", "preview:\n> ");
    let damaged = block.replacen('A', "B", 3);
    for (what, body) in [
        ("the block alone", block.clone()),
        ("words that are not ASCII", format!("Schöne Grüße, passt so.\n\n{block}\nAda\n")),
        ("the request quoted below", format!("Fine – go ahead.\n\n{block}\nOn Wed, Carla wrote:\n{quoted}")),
        ("the request quoted and broken", format!("Très bien.\n\n{block}\n{broken}")),
        ("a broken block before a good one", format!("{damaged}\nsorry, again:\n\n{block}")),
        ("a block that is cut off before a good one", format!("{}\nsorry:\n{block}", &block[..80])),
        ("lines of another width", at_width(&block, 60)),
        ("one long line", at_width(&block, 1000)),
    ] {
        for encoding in ["8bit", "quoted-printable"] {
            let body = if encoding == "8bit" { body.replace('\n', "\r\n") } else { quoted_printable(&body) };
            let file = world.file("reply.eml", mail(encoding, &body));
            let ran = carla.ok(&["approve", &slug, "--signature", &file, "--no-push"]);
            ran.prints("approved by Ada Example for tls, signed");
            assert_eq!(carla.state(&slug), "approved", "{what}, {encoding}");
            carla.ok(&["undo", "--yes"]);
        }
    }
}

#[test]
fn ssh_keygen_agrees_on_a_block_at_another_width_and_it_is_written_as_ssh_keygen_writes_it() {
    let world = RecordRepo::new();
    let (carla, slug, key) = letter(&world);
    let (text, _) = request(&carla, &slug);
    let block = sign(&world, &key, &text);
    let (narrow, told) = (world.file("narrow.sig", at_width(&block, 60)), world.file("act.txt", &text));
    let allowed = world.file("allowed_signers", carla.ok(&["export", "allowed-signers"]).stdout);
    let mut command = world.command("ssh-keygen");
    command.args(["-Y", "verify", "-f", &allowed, "-I", "ada-example", "-n", NAMESPACE, "-s", &narrow]);
    command.arg("-Overify-time=20261124100000Z").stdin(std::fs::File::open(told).unwrap());
    Ran::of(&mut command, "ssh-keygen -Y verify").ended(0).prints("Good");
    carla.ok(&["approve", &slug, "--signature", &narrow]);
    let acts = carla.json(&["act", &slug]);
    let approval = acts.as_array().unwrap().iter().find(|act| act["act"] == "approve").unwrap()["id"].clone();
    assert_eq!(carla.ok(&["act", approval.as_str().unwrap(), "--signature"]).stdout, block);
    // Nor does it matter in the record itself.
    let file = format!(
        "drafts/{slug}/acts/{}",
        carla.names(&format!("drafts/{slug}/acts")).iter().find(|name| name.contains("-approve-")).unwrap()
    );
    let indented = |block: &str| block.lines().map(|line| format!("  {line}\n")).collect::<String>();
    carla.write(&file, carla.read(&file).replace(&indented(&block), &indented(&at_width(&block, 60))));
    assert_eq!(carla.state(&slug), "approved");
}

#[test]
fn what_was_recorded_and_taken_back_is_recorded_again() {
    let world = RecordRepo::new();
    let (carla, slug, key) = letter(&world);
    let (text, _) = request(&carla, &slug);
    let block = world.file("alone.sig", sign(&world, &key, &text));
    let approve = ["approve", &slug, "--signature", &block];
    carla.ok(&[&approve[..], &["--no-push"]].concat());
    carla.fails(1, &approve).says("recorded already");
    carla.ok(&["undo", "--yes"]);
    carla.ok(&[&approve[..], &["--no-commit"]].concat());
    carla.git(&["clean", "--quiet", "--force", "-d"]);
    carla.ok(&approve);
    assert_eq!((carla.state(&slug).as_str(), approvals(&carla, &slug)), ("approved", 1));
}

#[test]
fn a_bare_block_is_recorded_in_any_clone_with_the_text_beside_it_or_named() {
    let world = RecordRepo::with_remote(SIGNED);
    let carla = world.clone_of("carla-sample");
    let slug = carla.new_letter("Use of ECH in 5G core networks", &[]);
    let key = carla.new_key("ada-example", &["ed25519"]);
    carla.git(&["push", "--quiet"]);
    let mail = carla.ok(&["approval-request", &slug, "--approver", "ada-example", "--mail"]).stdout;
    let mail = std::fs::read(carla.path.join(mail.trim())).unwrap();
    let text = String::from_utf8(liaison::mail::read_mail(&mail).unwrap().files[0].bytes.clone()).unwrap();
    let block = sign(&world, &key, &text);
    let theo = world.clone_of("theo-exemplo");
    let alone = world.file("alone.sig", &block);
    theo.fails(1, &["approve", &slug, "--signature", &alone])
        .says("the text that was signed is not at hand")
        .says(&format!("help: liaison approve {slug} --signature FILE --text act.txt, or the mail of the request"))
        .says("it names the moment of the request, which nobody can tell from the signature");
    for file in [world.file("the-text.txt", &text), world.file("request.eml", &mail)] {
        theo.ok(&["approve", &slug, "--signature", &alone, "--text", &file, "--no-push"]);
        theo.ok(&["undo", "--yes"]);
    }
    world.file("act.txt", &text);
    theo.ok(&["approve", &slug, "--signature", &world.file("act.txt.sig", &block)]);
    assert_eq!(theo.state(&slug), "approved");
    let other = world.file("other.txt", text.replace("subject: use-", "subject: reuse-"));
    theo.fails(1, &["approve", &slug, "--signature", &alone, "--text", &other])
        .says("the text that was signed is about `reuse-");
}

#[test]
fn of_several_reasons_the_one_that_got_furthest_is_told() {
    let world = RecordRepo::new();
    let (carla, slug, key) = letter(&world);
    let (text, _) = request(&carla, &slug);
    let early = text.replace("at: 2026-11-24", "at: 2025-11-24");
    let block = sign(&world, &key, &early);
    let damaged = block.replacen('A', "B", 3);
    let file = world.file("early.txt", format!("{damaged}\n{early}\n{block}\n{damaged}"));
    carla
        .fails(1, &["approve", &slug, "--signature", &file])
        .says("the key is ada-example's only since 2026-01-01")
        .says(&format!("help: liaison approval-request {slug} --approver ada-example"));
    let other = world.file("other.sig", sign(&world, &key, &text.replace("for: tls", "for: quic")));
    carla.fails(1, &["approve", &slug, "--signature", &other]).says("one of them was changed").says(&format!(
        "if it is of another request than those of this clone: liaison approve {slug} --signature FILE"
    ));
}

#[test]
fn an_act_that_would_not_count_is_refused_before_it_is_written() {
    let world = RecordRepo::new();
    let (carla, slug, key) = letter(&world);
    let (text, _) = request(&carla, &slug);
    let at = text.lines().find(|line| line.starts_with("at: ")).unwrap().to_owned();
    let before = carla.standing();
    for (signed, told) in [
        (
            text.replace(&at, "at: 2027-01-01T00:00:00Z"),
            "the approval of ada-example is of 2027-01-01T00:00:00Z, and it is 2026-11-24T10:",
        ),
        (text.replace(&at, "at: 2026-11-20T00:00:00Z"), "it is older than the draft it is about"),
        (text.replace(&at, "at: 2025-11-20T00:00:00Z"), "the key is ada-example's only since 2026-01-01"),
        (text.replace("role: area-director", "role: chair"), "its role gave no authority for tls on 2026-11-24"),
        (text.replace("of: sec", "of: rtg").replace("of: tls", "of: rtg"), "its role gave no authority for tls"),
        (text.replace("for: tls", "for: quic"), "it does not cover tls"),
        (text.replace("act: approve", "act: comment"), "the text is about the act `comment`, expected `approve`"),
    ] {
        let both = world.file("both.txt", format!("{signed}\n{}", sign(&world, &key, &signed)));
        let ran = carla.fails(1, &["approve", &slug, "--signature", &both]);
        let ran = ran.says(told);
        assert!(ran.stderr.contains("help: liaison "), "{}", ran.stderr);
        assert!(carla.standing() == before, "nothing was written: {told}");
    }
    let good = world.file("good.txt", format!("{text}\n{}", sign(&world, &key, &text)));
    let carlas = carla.new_key("carla-sample", &["ed25519"]);
    carla.signs_with(&carlas);
    carla.ok(&["withdraw", &slug, "--reason", "not yet"]);
    carla.ok(&["reopen", &slug, "--reason", "now"]);
    carla
        .fails(1, &["approve", &slug, "--signature", &good])
        .says("it is void for tls: revoked, withdrawn since")
        .says("liaison approval-request");
    assert_eq!(approvals(&carla, &slug), 0);
}

#[test]
fn a_request_names_the_approvers_kind_of_key_and_says_where_none_is_known() {
    let world = RecordRepo::new();
    let (carla, slug, _) = letter(&world);
    let request = |more: &[&str]| carla.liaison(&[&["approval-request", &slug][..], more].concat());
    request(&["--approver", "pavel-priklad"])
        .ended(0)
        .prints("-f ~/.ssh/id_ed25519 act.txt")
        .says("the directory holds no key of pavel-priklad that is good today")
        .says("first: liaison person key add pavel-priklad --ssh FILE.pub");
    for (kind, file) in [(["rsa", "-b", "2048"], "id_rsa"), (["ecdsa", "-b", "256"], "id_ecdsa")] {
        let before = carla.read("directory/people/pavel-priklad.toml");
        carla.new_key("pavel-priklad", &kind);
        let told = request(&["--approver", "pavel-priklad"]).ended(0).prints(&format!("-f ~/.ssh/{file} act.txt"));
        assert!(!told.stderr.contains("no key"), "{}", told.stderr);
        carla.write("directory/people/pavel-priklad.toml", before);
    }
    for unknown in ["nix", "tsl"] {
        let told = format!("`{unknown}` is no group of the directory");
        request(&["--for", unknown]).ended(2).says(&told).says("help: the letter comes from tls");
    }
    request(&["--for", "quic"]).ended(2).says("the letter does not come from `quic`");
    request(&["--approver", "ada-exmple"]).ended(2).says("no person of the directory").says("did you mean ada-example");
    request(&["--approver", "theo-exemplo"]).ended(1).says("theo-exemplo has no authority to approve for tls today");
}
