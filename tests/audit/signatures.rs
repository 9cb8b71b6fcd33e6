//! Signatures that prove nothing: of something else, too weak, pasted, under another name.

use std::io::Write as _;
use std::process::Stdio;

use liaison::digest::act_text;
use liaison::domain::{Act, ActKind, Detail, RecordId, Text};
use liaison::record::act_yaml;

use crate::common::RecordRepo;
use crate::history::{History, RECORD, Wanted, instant, word};

fn drafted(world: &RecordRepo) -> History<'_> {
    let history = History::new(world);
    history.draft("ech-in-5g", "2026-11-24T09:00:00Z");
    history
}

/// Writes an approval by ada with a signature of any bytes.
fn with_signature(history: &History<'_>, signature: &str) {
    let mut act = history.approval("ech-in-5g", "ada-example", "2026-11-24T10:00:00Z").act;
    act.signature = Some(Text::parse(signature).unwrap());
    history.clone.write(&format!("drafts/ech-in-5g/acts/{}", act.file_name()), act_yaml(&act).unwrap());
    history.commit("2026-11-24T10:00:00Z");
}

fn text(history: &History<'_>) -> String {
    let act = history.approval("ech-in-5g", "ada-example", "2026-11-24T10:00:00Z").act;
    act_text(&act, &RecordId::parse(RECORD).unwrap(), "ech-in-5g")
}

#[test]
fn an_act_signed_by_somebody_else_proves_nothing() {
    let world = RecordRepo::new();
    let history = drafted(&world);
    let mut wanted = history.approval("ech-in-5g", "ada-example", "2026-11-24T10:00:00Z");
    wanted.key = Some("carla-sample".into());
    history.write("drafts/ech-in-5g", wanted);
    history.commit("2026-11-24T10:00:00Z");
    history.finds(&["error act-signature-bad"]);
    history.back("HEAD~1");
    history.approve("ech-in-5g", "ada-example", "2026-11-24T10:00:00Z");
    history.finds(&[]);
}

#[test]
fn a_commit_under_another_name_proves_nothing() {
    let world = RecordRepo::new();
    let history = drafted(&world);
    let unsigned = |history: &History<'_>| {
        let mut wanted = history.approval("ech-in-5g", "ada-example", "2026-11-24T10:00:00Z");
        wanted.key = None;
        history.write("drafts/ech-in-5g", wanted);
    };
    unsigned(&history);
    history.commit_signed("2026-11-24T10:00:00Z", "carla-sample", "ada-example");
    history.finds(&["error commit-signer-differs", "warning act-unproven"]);
    history.back("HEAD~1");
    unsigned(&history);
    history.commit_signed("2026-11-24T10:00:00Z", "ada-example", "ada-example");
    history.finds(&[]);
    assert_eq!(history.report(&[])["acts"]["commit"], 1);
}

#[test]
fn a_commit_changed_after_it_was_signed_is_found_out() {
    let world = RecordRepo::new();
    let history = drafted(&world);
    history.commit_signed("2026-11-24T10:00:00Z", "ada-example", "ada-example");
    history.finds(&[]);
    let commit = history.clone.git(&["cat-file", "commit", "HEAD"]);
    history.raw_commit(format!("{}\n", commit.replace("\nsigned", "\nforged")).as_bytes());
    history.finds(&["error commit-signature-bad"]);
}

#[test]
fn an_approval_of_another_letter_proves_nothing_here() {
    let world = RecordRepo::new();
    let history = drafted(&world);
    history.draft("other-letter", "2026-11-24T09:30:00Z");
    let path = history.approve("ech-in-5g", "ada-example", "2026-11-24T10:00:00Z");
    history.finds(&[]);
    history.clone.write(&path.replace("ech-in-5g", "other-letter"), history.clone.read(&path));
    history.commit("2026-11-24T11:00:00Z");
    history.finds(&["error act-signature-bad"]);
}

#[test]
fn an_approval_of_another_record_proves_nothing_here() {
    let world = RecordRepo::new();
    let history = drafted(&world);
    let mut wanted = history.approval("ech-in-5g", "ada-example", "2026-11-24T10:00:00Z");
    wanted.record = "00000000-0000-4000-8000-000000000001".into();
    history.write("drafts/ech-in-5g", wanted);
    history.commit("2026-11-24T10:00:00Z");
    history.finds(&["error act-signature-bad"]);
    // The record had that id before, and says so.
    history.back("HEAD~1");
    let former = format!("id = \"{RECORD}\"\nformer-ids = [{{ id = \"00000000-0000-4000-8000-000000000001\" }}]");
    history.edit("liaison.toml", &format!("id = \"{RECORD}\""), &former);
    history.govern(ActKind::Policy, "rob-registrar", "2026-11-24T09:30:00Z", &["liaison.toml"]);
    let mut wanted = history.approval("ech-in-5g", "ada-example", "2026-11-24T10:00:00Z");
    wanted.record = "00000000-0000-4000-8000-000000000001".into();
    history.write("drafts/ech-in-5g", wanted);
    history.commit("2026-11-24T10:00:00Z");
    history.finds(&[]);
}

#[test]
fn an_act_whose_words_were_changed_proves_nothing() {
    let world = RecordRepo::new();
    let history = drafted(&world);
    let wanted = history.approval("ech-in-5g", "ada-example", "2026-11-24T10:00:00Z");
    let path = history.write("drafts/ech-in-5g", wanted);
    history.edit(&path, "for: [tls]", "for: [tls, quic]");
    history.commit("2026-11-24T10:00:00Z");
    history.fires("error act-signature-bad");
}

#[test]
fn a_commits_signature_pasted_as_an_approval_proves_nothing() {
    let world = RecordRepo::new();
    let history = drafted(&world);
    history.commit_signed("2026-11-24T09:30:00Z", "ada-example", "ada-example");
    let commit = history.clone.git(&["cat-file", "commit", "HEAD"]);
    let block = commit.split_once("gpgsig ").unwrap().1.split_once("\n\n").unwrap().0.replace("\n ", "\n");
    with_signature(&history, &block);
    history.finds(&["error act-signature-bad"]);
    history.back("HEAD~1");
    // The act's own text, signed for git.
    let signature = history.sign(&text(&history), "git", "ada-example");
    with_signature(&history, &signature);
    history.finds(&["error act-signature-bad"]);
    history.back("HEAD~1");
    let signature = history.sign(&text(&history), &format!("liaison-act@{RECORD}"), "ada-example");
    with_signature(&history, &signature);
    history.finds(&[]);
}

#[test]
fn a_signature_of_the_text_with_other_line_ends_proves_nothing() {
    let world = RecordRepo::new();
    let history = drafted(&world);
    let signature =
        history.sign(&text(&history).replace('\n', "\r\n"), &format!("liaison-act@{RECORD}"), "ada-example");
    with_signature(&history, &signature);
    history.finds(&["error act-signature-bad"]);
    // A file with such line ends says the same as one without.
    history.back("HEAD~1");
    let wanted = history.approval("ech-in-5g", "ada-example", "2026-11-24T10:00:00Z");
    let path = history.write("drafts/ech-in-5g", wanted);
    std::fs::write(history.clone.path.join(".gitattributes"), "* -text\n").unwrap();
    history.clone.write(&path, history.clone.read(&path).replace('\n', "\r\n"));
    history.commit("2026-11-24T10:00:00Z");
    history.finds(&[]);
}

/// Adds an RSA key of ada's, and gives the signature of the approval by it.
fn rsa(history: &History<'_>, bits: &str) -> String {
    let path = history.clone.world.folder().join("key-ada-rsa");
    let _ = std::fs::remove_file(&path);
    history
        .run("ssh-keygen", &["-q", "-t", "rsa", "-b", bits, "-m", "PEM", "-N", "", "-f", &path.display().to_string()]);
    history.add_key("ada-example", "ada-rsa");
    history.govern(ActKind::Directory, "rob-registrar", "2026-11-24T09:30:00Z", &["directory/people/ada-example.toml"]);
    history.sign(&text(history), &format!("liaison-act@{RECORD}"), "ada-rsa")
}

#[test]
fn a_short_rsa_key_proves_nothing() {
    let world = RecordRepo::new();
    let history = drafted(&world);
    let signature = rsa(&history, "1024");
    with_signature(&history, &signature);
    history.finds(&["error act-signature-bad"]);
    let world = RecordRepo::new();
    let history = drafted(&world);
    let signature = rsa(&history, "3072");
    with_signature(&history, &signature);
    history.finds(&[]);
}

/// Pipes bytes through a program.
fn piped(history: &History<'_>, program: &str, args: &[&str], input: &[u8]) -> Vec<u8> {
    let mut command = history.clone.world.command(program);
    let mut child = command.args(args).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{program} {args:?}");
    output.stdout
}

fn string(bytes: &[u8]) -> Vec<u8> {
    [&u32::try_from(bytes.len()).unwrap().to_be_bytes()[..], bytes].concat()
}

#[test]
fn rsa_with_sha_1_proves_nothing() {
    let world = RecordRepo::new();
    let history = drafted(&world);
    rsa(&history, "3072");
    let key = history.clone.world.folder().join("key-ada-rsa").display().to_string();
    let space = format!("liaison-act@{RECORD}");
    let hash = piped(&history, "openssl", &["dgst", "-sha512", "-binary"], text(&history).as_bytes());
    let fields = [string(space.as_bytes()), string(b""), string(b"sha512")].concat();
    let signed = [&b"SSHSIG"[..], &fields, &string(&hash)].concat();
    let raw = piped(&history, "openssl", &["dgst", "-sha1", "-sign", &key], &signed);
    let public = history.public_key("ada-rsa");
    let public = piped(&history, "base64", &["-d"], public.split(' ').nth(1).unwrap().as_bytes());
    let signature = [string(b"ssh-rsa"), string(&raw)].concat();
    let blob = [&b"SSHSIG"[..], &1u32.to_be_bytes(), &string(&public), &fields, &string(&signature)].concat();
    let armour = String::from_utf8(piped(&history, "base64", &["-w", "70"], &blob)).unwrap();
    with_signature(&history, &format!("-----BEGIN SSH SIGNATURE-----\n{armour}-----END SSH SIGNATURE-----\n"));
    history.finds(&["error act-signature-bad"]);
}

/// Runs gpg with a keyring of this world, at a moment.
fn gpg(history: &History<'_>, at: &str, args: &[&str], input: &[u8]) -> String {
    let home = history.clone.world.home().join(".gnupg");
    if !home.exists() {
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::create_dir(&home).unwrap();
        std::fs::set_permissions(&home, std::fs::Permissions::from_mode(0o700)).unwrap();
    }
    let base = ["--batch", "--quiet", "--pinentry-mode", "loopback", "--passphrase", "", "--faked-system-time", at];
    let args: Vec<&str> = base.iter().chain(args).copied().collect();
    String::from_utf8(piped(history, "gpg", &args, input)).unwrap()
}

const SIGN: [&str; 6] = ["--armor", "--detach-sign", "--local-user", "ada@keys.example", "-o", "-"];

/// Makes a certificate for ada whose signing subkey lives as long as given, and writes it into the directory.
fn certificate(history: &History<'_>, life: &str) -> String {
    let at = "20260101T000000";
    gpg(history, at, &["--quick-generate-key", "ada@keys.example", "ed25519", "cert", "never"], b"");
    let listed = gpg(history, at, &["--with-colons", "--list-keys", "ada@keys.example"], b"");
    let key = listed.lines().find_map(|line| line.strip_prefix("fpr:::::::::")).unwrap().trim_matches(':').to_owned();
    gpg(history, at, &["--quick-add-key", &key, "ed25519", "sign", life], b"");
    let public = gpg(history, at, &["--armor", "--export", &key], b"");
    let path = "directory/people/ada-example.toml";
    let text = history.clone.read(path);
    let key_text = format!("\n[[key]]\ntype = \"openpgp\"\npublic = \"\"\"\n{public}\"\"\"\nsince = 2026-01-01\n");
    history.clone.write(path, text + &key_text);
    history.govern(ActKind::Directory, "rob-registrar", "2026-11-24T09:30:00Z", &[path]);
    key
}

#[test]
fn an_openpgp_signature_proves_what_an_ssh_signature_proves() {
    let world = RecordRepo::new();
    let history = drafted(&world);
    let before = history.head();
    certificate(&history, "never");
    let block = gpg(&history, "20261124T100000", &SIGN, text(&history).as_bytes());
    with_signature(&history, &block);
    history.send("ech-in-5g", "ls-2026-001", "2026-11-24T11:00:00Z");
    history.finds(&[]);
    let wrapper = world.folder().join("gpg-here");
    let script = "exec gpg --batch --pinentry-mode loopback --passphrase '' --faked-system-time 20261124T100000 \"$@\"";
    crate::common::write_program(&wrapper, &format!("#!/bin/sh\n{script}\n"));
    let program = format!("gpg.program={}", wrapper.display());
    let who = ["-c", "user.name=Ada Example", "-c", "user.email=ada.example@keys.example"];
    let how = ["-c", &program, "-c", "user.signingKey=ada@keys.example", "commit", "--quiet", "-S", "--allow-empty"];
    history.git_at("2026-11-24T12:00:00Z", &[&who[..], &how, &["-m", "signed"]].concat());
    history.finds(&[]);
    assert_eq!(history.report(&[])["signed-commits"], 1);
    // A directory that does not have the key.
    history.back(&before);
    with_signature(&history, &block);
    history.finds(&["warning key-unknown"]);
}

#[test]
fn an_expired_openpgp_subkey_proves_nothing() {
    let world = RecordRepo::new();
    let history = drafted(&world);
    let key = certificate(&history, "3m");
    // The owner's own keyring knows a longer life, which the record does not.
    gpg(&history, "20260301T000000", &["--quick-set-expire", &key, "never", "*"], b"");
    let block = gpg(&history, "20261124T100000", &SIGN, text(&history).as_bytes());
    with_signature(&history, &block);
    history.finds(&["warning key-expired"]);
    history.send("ech-in-5g", "ls-2026-001", "2026-11-24T11:00:00Z");
    history.finds(&["error departure-unapproved", "warning key-expired"]);
}

#[test]
fn a_signature_of_an_unknown_kind_is_called_unsupported_and_not_unsigned() {
    let world = RecordRepo::new();
    let history = drafted(&world);
    history.commit("2026-11-24T10:00:00Z");
    history.finds(&[]);
    let sound = history.clone.git(&["cat-file", "commit", "HEAD"]);
    let block = "gpgsig -----BEGIN SIGNED MESSAGE-----\n MIIB\n -----END SIGNED MESSAGE-----";
    history.raw_commit(format!("{}\n", sound.replacen("\n\n", &format!("\n{block}\n\n"), 1)).as_bytes());
    history.finds(&["warning signature-unsupported"]);
}

#[test]
fn an_act_in_the_name_of_somebody_with_a_key_is_signed_by_them() {
    let world = RecordRepo::new();
    let history = drafted(&world);
    let before = history.head();
    let said = |kind: ActKind, by: &str, at: &str, key: Option<&str>| {
        let mut act = Act::new(kind, word(by), instant(at));
        let values = [(ActKind::Comment, ("comment", "I agree")), (ActKind::Resolve, ("outcome", "done"))];
        let known = values.iter().find(|(known, _)| *known == kind);
        let (name, value) = known.map_or(("reason", "no"), |(_, value)| *value);
        act.details.insert(name.into(), Detail::text(value).unwrap());
        let (subject, record) = ("ech-in-5g".into(), RECORD.into());
        history.write("drafts/ech-in-5g", Wanted { act, subject, record, key: key.map(str::to_owned) });
    };
    for kind in [ActKind::Comment, ActKind::Decline, ActKind::Bounced, ActKind::Resolve] {
        said(kind, "ada-example", "2026-11-24T10:00:00Z", None);
        history.commit("2026-11-24T10:00:00Z");
        history.fires("warning act-unproven");
        history.back(&before);
    }
    // Whoever has no key is believed, and so is a commit that the person signed.
    said(ActKind::Comment, "cora-beispiel", "2026-11-24T10:00:00Z", None);
    history.commit("2026-11-24T10:00:00Z");
    said(ActKind::Comment, "ada-example", "2026-11-24T10:30:00Z", None);
    history.commit_signed("2026-11-24T10:30:00Z", "ada-example", "ada-example");
    history.finds(&[]);
    // Of somebody else's word: whoever recorded it signs it, or names where the person said so.
    let recorded = |by: &str, evidence: bool| {
        let mut act = Act::new(ActKind::Comment, word("ada-example"), instant("2026-11-24T10:40:00Z"));
        act.details.insert("comment".into(), Detail::text("I agree").unwrap());
        act.recorded_by = Some(word(by));
        act.evidence = evidence.then(|| liaison::domain::Line::parse("https://archive.example/1").unwrap().unwrap());
        let (subject, record) = ("ech-in-5g".into(), RECORD.into());
        history.write("drafts/ech-in-5g", Wanted { act, subject, record, key: None });
        history.commit("2026-11-24T10:40:00Z");
    };
    let honest = history.head();
    for (by, evidence, expected) in [
        ("rob-registrar", false, &["warning act-unproven"][..]),
        ("rob-registrar", true, &["warning act-unproven"]),
        ("cora-beispiel", false, &["warning act-unproven"]),
        ("cora-beispiel", true, &[]),
        ("mr-x", true, &["error unknown-person"]),
    ] {
        recorded(by, evidence);
        history.finds(expected);
        history.back(&honest);
    }
    // What was said once more with a signature is settled, and nothing else.
    said(ActKind::Comment, "ada-example", "2026-11-24T11:00:00Z", None);
    history.commit("2026-11-24T11:00:00Z");
    history.finds(&["warning act-unproven"]);
    let mut other = Act::new(ActKind::Comment, word("ada-example"), instant("2026-11-24T11:30:00Z"));
    other.details.insert("comment".into(), Detail::text("Thanks").unwrap());
    let (subject, record, key) = ("ech-in-5g".into(), RECORD.into(), Some("ada-example".into()));
    history.write("drafts/ech-in-5g", Wanted { act: other, subject, record, key });
    history.commit("2026-11-24T11:30:00Z");
    history.finds(&["warning act-unproven"]);
    let mut same = Act::new(ActKind::Comment, word("ada-example"), instant("2026-11-24T12:00:00Z"));
    same.details.insert("comment".into(), Detail::text("I agree").unwrap());
    same.content = Some(history.content("drafts/ech-in-5g.yaml"));
    let (subject, record, key) = ("ech-in-5g".into(), RECORD.into(), Some("ada-example".into()));
    history.write("drafts/ech-in-5g", Wanted { act: same, subject, record, key });
    history.commit("2026-11-24T12:00:00Z");
    history.finds(&[]);
}

#[test]
fn an_act_of_nobody_in_the_directory_is_found_out_until_they_are_in_it() {
    let world = RecordRepo::new();
    let history = drafted(&world);
    for kind in [ActKind::Comment, ActKind::Bounced] {
        let mut act = Act::new(kind, word("nina-nova"), instant("2026-11-24T10:00:00Z"));
        let key = if kind == ActKind::Comment { "comment" } else { "reason" };
        act.details.insert(key.into(), Detail::text("no").unwrap());
        let (subject, record) = ("ech-in-5g".into(), RECORD.into());
        history.write("drafts/ech-in-5g", Wanted { act, subject, record, key: None });
    }
    history.commit("2026-11-24T10:00:00Z");
    history.finds(&["error unknown-person"]);
    let path = "directory/people/nina-nova.toml";
    history.clone.write(path, "name = \"Nina Nova\"\naddresses = [\"nina@nova.example\"]\n");
    history.govern(ActKind::Directory, "rob-registrar", "2026-11-24T11:00:00Z", &[path]);
    history.finds(&[]);
}

#[test]
fn an_act_that_is_dated_before_its_persons_first_key_is_no_less_unproven() {
    let world = RecordRepo::new();
    let history = drafted(&world);
    let path = "directory/people/cora-beispiel.toml";
    history.add_key("cora-beispiel", "cora-beispiel");
    history.edit(path, "since = 2020-01-01", "since = 2026-11-24");
    history.govern(ActKind::Directory, "rob-registrar", "2026-11-24T10:00:00Z", &[path]);
    let mut act = Act::new(ActKind::Comment, word("cora-beispiel"), instant("2026-11-23T10:00:00Z"));
    act.details.insert("comment".into(), Detail::text("I agree").unwrap());
    let (subject, record) = ("ech-in-5g".into(), RECORD.into());
    history.write("drafts/ech-in-5g", Wanted { act, subject, record, key: None });
    history.commit("2026-11-24T11:00:00Z");
    history.fires("warning act-unproven");
}
