//! Letters with their acts, and what the rules about acts say of them: one table row a story.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test ends where it is wrong"
)]

use std::path::Path;

use liaison::check::Whole;
use liaison::digest::content_digest;
use liaison::domain::{Digest, Instant, StatementName};
use liaison::findings::Severity;
use liaison::record::parse_statement;
use liaison::shape::Sink;
use liaison::store::{Files, Memory, Record, WorkTree};

const NUMBERED: &str = "statements/2026/ls-2026-031";
const REVISION: &str = "statements/2026/ls-2026-032";
const DRAFT: &str = "drafts/ech-in-5g";
const RECEIVED: &str = "statements/2026/ls-2026-007";
const MESSAGE: &[u8] = b"Subject: ECH\n\nDear colleagues\n";

const LETTER: &str = "direction: outgoing
title: ECH in 5G core networks
from: {groups: [tls], contacts: [TLS Chairs <tls-chairs@ietf.example>]}
to: {groups: [3gpp-sa3], contacts: [SA3 Chair <sa3-chair@3gpp.example>]}
purpose: for-information
consensus: {level: none-claimed}
body: Dear colleagues, RFC 9849 is published. No consensus is claimed.
";

const REQUEST: &str = "direction: incoming
title: Reliance on the server name
date: 2026-10-05
from: {groups: [3gpp-sa3], contacts: [SA3 Secretary <sa3-secretary@3gpp.example>]}
to: {groups: [tls, quic], contacts: [TLS Chairs <tls-chairs@ietf.example>]}
purpose: for-action
deadline: 2026-12-20
body: Please tell us how we should manage ECH configurations.
";

fn example() -> Memory {
    let mut memory = Memory::default();
    let example = WorkTree::new(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/cli/example"));
    for entry in example.list().unwrap().into_iter().filter(|entry| entry.path.starts_with("directory/")) {
        let bytes = example.read(&entry.path).unwrap().unwrap();
        memory.files.insert(entry.path, bytes);
    }
    memory.files.insert("liaison.toml".into(), include_bytes!("rules-base.toml").to_vec());
    memory
}

/// Adds an act: `10:00 approve ada-example area-director tls; key: value; …`, on 20 November 2026.
fn add_act(memory: &mut Memory, stem: &str, line: &str, content: Digest) {
    let (head, rest) = line.split_once(';').unwrap_or((line, ""));
    let words: Vec<&str> = head.split(' ').collect();
    let [time, kind, by, role, of] = words.as_slice() else { panic!("{line}") };
    let at = format!("2026-11-20T{time}:00Z");
    let file = format!("{stem}/acts/{}-{kind}-{by}.yaml", Instant::parse(&at).unwrap().unwrap().compact());
    let rest = rest.split(';').map(|key| format!("{}\n", key.trim())).collect::<String>();
    let content = if rest.contains("content:") { String::new() } else { format!("content: {content}\n") };
    let preview = if *kind == "approve" { format!("preview: {}\n", preview(memory, stem)) } else { String::new() };
    let text = format!("act: {kind}\nby: {by}\nrole: {role}\nof: {of}\nfor: [tls]\nat: {at}\n{content}{preview}{rest}");
    memory.files.insert(file, text.into_bytes());
}

/// The digest of the message made of a letter, as an approval names it.
fn preview(memory: &Memory, stem: &str) -> Digest {
    let record = Record::open(memory).unwrap();
    let whole = Whole::read(&record).unwrap();
    let name = StatementName::parse(stem.rsplit('/').next().unwrap()).unwrap();
    whole.prepared(&whole.corpus.letters[&name], &[], now()).preview_digest().unwrap()
}

fn now() -> Instant {
    Instant::parse("2026-11-24T12:00:00Z").unwrap().unwrap()
}

/// The codes, errors marked with `!`, of a letter with some acts.
fn codes(stem: &str, letter: &str, acts: &[&str], also: &[(&str, &[u8])]) -> String {
    let mut memory = example();
    let path = format!("{stem}.yaml");
    let statement = parse_statement(letter.as_bytes(), &mut Sink::new(&path)).unwrap();
    memory.files.insert(path, letter.as_bytes().to_vec());
    for act in acts {
        add_act(&mut memory, stem, act, content_digest(&statement.value.content));
    }
    memory.files.extend(also.iter().map(|(path, bytes)| ((*path).to_owned(), bytes.to_vec())));
    let record = Record::open(&memory).unwrap();
    let findings = Whole::read(&record).unwrap().check(now()).unwrap();
    let acts = [
        "approval-",
        "sent-",
        "decline-",
        "frozen-",
        "receipt-",
        "revoke-",
        "outcome-",
        "lead-",
        "group-not-informed",
        "role-not-held",
        "service-",
    ];
    let of_acts = findings.iter().filter(|finding| acts.iter().any(|code| finding.code.as_str().starts_with(code)));
    let mut told: Vec<String> = of_acts
        .map(|finding| format!("{}{}", finding.code, if finding.severity == Severity::Error { "!" } else { "" }))
        .collect();
    told.sort();
    told.dedup();
    told.join(" ")
}

const APPROVE: &str = "09:00 approve ada-example area-director tls";
const DECLINE: &str = "09:30 decline pavel-priklad area-director sec; reason: too early";
const PORTAL: &str = "10:00 sent carla-sample chair tls; via: portal; reason: no mail there";
const TOLD: &str = "10:10 distribute carla-sample chair tls; to: [tls@ietf.example]";
const OTHER: &str = "content: sha256:0000000000000000000000000000000000000000000000000000000000000000";

fn sending() -> String {
    format!(
        "10:00 sending carla-sample chair tls; number: ls-2026-031; message-id: <1@x>; message: {}; date: 2026-11-20; recipients: [sa3-chair@3gpp.example]; informed: [tls@ietf.example]",
        Digest::of(MESSAGE)
    )
}

#[test]
fn drafts_wait_and_what_left_must_have_been_approved() {
    for (acts, told) in [
        (&[][..], "approval-missing"),
        (&[APPROVE], ""),
        (&[DECLINE, APPROVE], "decline-stands"),
        (&["09:00 approve carla-sample chair tls"], "approval-missing approval-without-authority!"),
        (
            &["09:00 approve carla-sample area-director tls"],
            "approval-missing approval-without-authority! role-not-held!",
        ),
        (&["09:00 approve record-robot area-director tls"], "approval-missing role-not-held! service-approves!"),
        (&["08:00 withdraw carla-sample chair tls; reason: not now"], ""),
    ] {
        assert_eq!(codes(DRAFT, LETTER, acts, &[]), told, "{acts:?}");
    }
    for (acts, told) in [
        (&[APPROVE, PORTAL, TOLD][..], ""),
        (&[APPROVE], "receipt-missing"),
        (&[PORTAL, TOLD], "approval-missing! sent-unapproved"),
        (&[DECLINE, APPROVE, PORTAL, TOLD], "decline-stands! sent-unapproved"),
        (&[PORTAL, TOLD, "11:00 ratify ada-example area-director tls"], ""),
        (&[PORTAL, TOLD, "11:00 ratify carla-sample chair tls"], "approval-missing! sent-unapproved"),
        (
            &[PORTAL, TOLD, "11:00 approve ada-example area-director tls"],
            "approval-after-sending approval-missing! sent-unapproved",
        ),
        (&[APPROVE, PORTAL], "group-not-informed"),
        (&[APPROVE, "10:00 sent carla-sample chair tls; via: mail", TOLD], "sent-outside"),
        (&["10:00 sent rob-registrar registrar ietf; via: import"], ""),
        (&["10:00 sent rob-registrar chair ietf; via: import"], "role-not-held"),
    ] {
        assert_eq!(codes(NUMBERED, LETTER, acts, &[]), told, "{acts:?}");
    }
}

#[test]
fn a_public_revision_follows_up_what_left_unapproved() {
    let revision = LETTER.replace("body:", "revises: [ls-2026-031]\nbody:");
    let path = format!("{REVISION}.yaml");
    let drafted = [("drafts/ech-again.yaml", revision.as_bytes())];
    assert_eq!(
        codes(NUMBERED, LETTER, &[PORTAL, TOLD], &drafted),
        "approval-missing approval-missing! sent-unapproved"
    );
    let act = "act: sent\nby: rob-registrar\nat: 2026-11-22T10:00:00Z\nvia: import\n";
    let act_file = format!("{REVISION}/acts/20261122T100000Z-sent-rob-registrar.yaml");
    let sent = [(path.as_str(), revision.as_bytes()), (act_file.as_str(), act.as_bytes())];
    assert_eq!(codes(NUMBERED, LETTER, &[PORTAL, TOLD], &sent), "");
}

#[test]
fn what_left_keeps_its_bytes() {
    let message = format!("{NUMBERED}/sent-1.eml");
    let (kept, other) = ([(message.as_str(), MESSAGE)], [(message.as_str(), &b"Subject: other\n"[..])]);
    let sending = sending();
    let left = "10:05 sent carla-sample chair tls; via: mail";
    let changed = sending.replace("number:", &format!("{OTHER}; number:"));
    let copy =
        format!("10:05 sent carla-sample chair tls; via: mail; copy: seen.eml; copy-sha256: {}", Digest::of(b"x"));
    for (acts, files, told) in [
        (&[APPROVE, &sending, left][..], &kept[..], ""),
        (&[APPROVE, &sending, left], &other, "frozen-message-changed!"),
        (&[APPROVE, &sending, left], &[], "frozen-message-changed!"),
        (&[APPROVE, &sending, &copy], &kept, "frozen-message-changed!"),
        (
            &[APPROVE, &changed, left],
            &kept,
            "approval-missing! approval-stale! frozen-content-changed! sent-unapproved",
        ),
    ] {
        assert_eq!(codes(NUMBERED, LETTER, acts, files), told, "{acts:?}");
    }
}

#[test]
fn whoever_asks_is_told_and_somebody_leads() {
    let receive = "08:00 receive cora-beispiel liaison-coordinator ietf; via: mail; key: <1@x>";
    let assign = "08:10 assign cora-beispiel liaison-coordinator ietf; assignee: [carla-sample, quinn-pelda]";
    let lead = "08:20 assign cora-beispiel liaison-coordinator ietf; assignee: [carla-sample]; lead: carla-sample";
    let alone = "08:10 assign cora-beispiel liaison-coordinator ietf; assignee: [carla-sample]";
    for (acts, told) in [
        (&[receive][..], ""),
        (&[], "receipt-missing"),
        (&[receive, assign], "lead-missing"),
        (&[receive, assign, lead], ""),
        (&[receive, alone], ""),
        (&[receive, assign, "09:00 resolve carla-sample chair tls; outcome: done"], "outcome-not-told"),
        (&[receive, "09:00 resolve carla-sample chair tls; outcome: no-response-intended"], "outcome-not-told"),
        (&[receive, "09:00 resolve carla-sample chair tls; outcome: done; told: by mail"], ""),
        (
            &[receive, "09:00 resolve carla-sample chair tls; outcome: declined; told: by mail"],
            "outcome-without-reason",
        ),
        (&["08:00 receive rob-registrar registrar ietf; via: import; key: x", assign], ""),
    ] {
        assert_eq!(codes(RECEIVED, REQUEST, acts, &[]), told, "{acts:?}");
    }
    let soon = REQUEST.replace("2026-12-20", "2026-12-01");
    assert_eq!(codes(RECEIVED, &soon, &[receive], &[]), "lead-missing");
}
