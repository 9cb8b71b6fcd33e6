//! `approve --from-review`: what somebody decided on a forge is asked of the forge, and recorded with its address.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test ends where it is wrong"
)]

mod common;

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

use common::{Clone, DIRECT, RecordRepo};
use serde_json::json;

/// A forge that answers programs: a JSON text for each path.
struct Forge {
    host: String,
    answers: Arc<Mutex<BTreeMap<String, serde_json::Value>>>,
}

impl Forge {
    fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let host = listener.local_addr().unwrap().to_string();
        let answers = Arc::new(Mutex::new(BTreeMap::new()));
        let known = Arc::clone(&answers);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let mut lines = BufReader::new(stream.try_clone().unwrap()).lines().map_while(Result::ok);
                let first = lines.next().unwrap_or_default();
                lines.take_while(|line| !line.is_empty()).for_each(drop);
                let path = first.split(' ').nth(1).unwrap_or_default();
                let answer = known.lock().unwrap().get(path).map(serde_json::Value::to_string);
                let status = if answer.is_some() { "200 OK" } else { "404 Not Found" };
                let body = answer.unwrap_or_default();
                let _ = write!(
                    stream,
                    "HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
                    body.len()
                );
            }
        });
        Self { host, answers }
    }

    fn answers(&self, path: &str, value: serde_json::Value) {
        self.answers.lock().unwrap().insert(path.to_owned(), value);
    }

    /// What GitHub says of review 42.
    fn says(&self, account: u64, state: &str, commit: &str) {
        let user = json!({"id": account, "login": "ada"});
        let body = "The deadline is too short.";
        self.answers(GITHUB, json!({"user": user, "state": state, "body": body, "commit_id": commit}));
    }

    fn url(&self) -> String {
        format!("http://{}/them/record/pull/7#pullrequestreview-42", self.host)
    }

    /// What GitLab says of note 42, which was written at ten; `versions` are commits with their hours.
    fn notes(&self, body: &str, is_system: bool, versions: &[(&str, u32)]) {
        let author = json!({"id": 4053, "username": "ada"});
        let created = "2026-11-24T11:00:00.000+01:00";
        self.answers(
            &format!("{GITLAB}/notes/42"),
            json!({"author": author, "body": body, "system": is_system, "created_at": created}),
        );
        let version = |(commit, hour): &(&str, u32)| json!({"id": hour, "head_commit_sha": commit, "created_at": format!("2026-11-24T{hour:02}:00:00.000Z")});
        self.answers(&format!("{GITLAB}/versions"), versions.iter().map(version).collect());
    }

    fn note(&self) -> String {
        format!("http://{}/them/letters/record/-/merge_requests/7#note_42", self.host)
    }
}

const GITHUB: &str = "/api/v3/repos/them/record/pulls/7/reviews/42";
const GITLAB: &str = "/api/v4/projects/them%2Fletters%2Frecord/merge_requests/7";

/// Carla's clone with a letter that waits for Ada, whose account the forge knows as 4053.
fn waiting<'w>(world: &'w RecordRepo, forge: &Forge) -> (Clone<'w>, String) {
    let carla = world.first("carla-sample", DIRECT);
    let path = "directory/people/ada-example.toml";
    carla.write(
        path,
        format!("{}\n[[forge]]\nhost = \"{}\"\nid = 4053\nlogin = \"ada\"\n", carla.read(path), forge.host),
    );
    carla.git(&["commit", "--quiet", "--all", "-m", "Ada's account"]);
    let slug = carla.new_letter("Use of ECH in 5G core networks", &[]);
    (carla, slug)
}

#[test]
fn a_review_is_recorded_with_its_address_and_counts_where_the_table_accepts_it() {
    let (world, forge) = (RecordRepo::new(), Forge::new());
    let (carla, slug) = waiting(&world, &forge);
    let head = carla.git(&["rev-parse", "HEAD"]);
    let url = forge.url();
    let record = ["approve", &slug, "--from-review", &url];
    forge.says(4053, "CHANGES_REQUESTED", &head);
    carla.ok(&record).prints("declined by Ada Example");
    let shown = carla.json(&["show", &slug]);
    assert!(shown.to_string().contains("The deadline is too short."), "{shown:#}");
    forge.says(4053, "APPROVED", &head);
    carla.ok(&record).prints("approved by Ada Example");
    let act = carla.names(&format!("drafts/{slug}/acts")).into_iter().find(|name| name.contains("-approve-")).unwrap();
    let text = carla.read(&format!("drafts/{slug}/acts/{act}"));
    for part in ["by: ada-example", "recorded-by: carla-sample", &url, &format!("account: {} 4053", forge.host)] {
        assert!(text.contains(part), "{part}: {text}");
    }
    // Where the table asks for a signature it is no approval, and is not recorded.
    carla.write("liaison.toml", carla.read("liaison.toml") + "\n[proof]\ngrade = \"signed\"\n");
    carla.git(&["commit", "--quiet", "--all", "-m", "Ask for signatures"]);
    let other = carla.new_letter("Another letter", &[]);
    forge.says(4053, "APPROVED", &carla.git(&["rev-parse", "HEAD"]));
    carla.fails(1, &["approve", &other, "--from-review", &url]).says("asks for a signature of ada-example");
}

#[test]
fn what_is_no_decision_on_this_text_by_a_known_person_is_refused() {
    let (world, forge) = (RecordRepo::new(), Forge::new());
    let (carla, slug) = waiting(&world, &forge);
    let head = carla.git(&["rev-parse", "HEAD"]);
    let url = forge.url();
    let record = ["approve", &slug, "--from-review", &url];
    forge.says(4053, "COMMENTED", &head);
    carla.fails(1, &record).says("a review with the state COMMENTED");
    forge.says(4054, "APPROVED", &head);
    carla.fails(1, &record).says("the account 4054 (ada) on").says("nobody's in the directory");
    forge.says(4053, "APPROVED", &"0".repeat(40));
    carla.fails(1, &record).says("which this clone does not have");
    forge.says(4053, "APPROVED", "main");
    carla.fails(1, &record).says("of the commit main, which this clone does not have");
    forge.says(4053, "APPROVED", &carla.git(&["rev-parse", "HEAD~1"]));
    carla.fails(1, &record).says("was changed since the review");
    forge.answers(GITHUB, json!([]));
    carla.fails(2, &record).says("the forge's answer is no review");
    let none = url.replace("42", "43");
    carla.fails(2, &["approve", &slug, "--from-review", &none]).says("cannot be fetched").says("--recorded-for PERSON");
    carla
        .fails(2, &["approve", &slug, "--from-review", "https://github.com/them/record/pull/7"])
        .says("is no address of a review");
    assert!(
        carla.names(&format!("drafts/{slug}/acts")).iter().all(|name| name.contains("-draft-")),
        "nothing was recorded"
    );
}

#[test]
fn an_approval_on_gitlab_is_of_the_newest_version_before_it() {
    let (world, forge) = (RecordRepo::new(), Forge::new());
    let (carla, slug) = waiting(&world, &forge);
    let (head, before) = (carla.git(&["rev-parse", "HEAD"]), carla.git(&["rev-parse", "HEAD~1"]));
    let url = forge.note();
    let record = ["approve", &slug, "--from-review", &url];
    let approved = "approved this merge request";
    forge.notes("Looks good to me, approved this merge request", true, &[(&head, 9)]);
    carla.fails(1, &record).says("is no note of the forge itself");
    forge.notes(approved, false, &[(&head, 9)]);
    carla.fails(1, &record).says("is no note of the forge itself");
    forge.notes(approved, true, &[(&head, 11)]);
    carla.fails(1, &record).says("does not say what was approved");
    forge.notes(approved, true, &[(&head, 11), (&before, 9)]);
    carla.fails(1, &record).says("was changed since the review");
    forge.notes("requested changes", true, &[(&head, 9), (&before, 8)]);
    carla.ok(&record).prints("declined by Ada Example");
    forge.notes(approved, true, &[(&before, 8), (&head, 9)]);
    carla.ok(&record).prints("approved by Ada Example");
    let act = carla.names(&format!("drafts/{slug}/acts")).into_iter().find(|name| name.contains("-approve-")).unwrap();
    let text = carla.read(&format!("drafts/{slug}/acts/{act}"));
    for part in ["by: ada-example", &url, &format!("account: {} 4053", forge.host)] {
        assert!(text.contains(part), "{part}: {text}");
    }
    carla.fails(2, &["approve", &slug, "--from-review", &url.replace("note_42", "note_43")]).says("cannot be fetched");
}
