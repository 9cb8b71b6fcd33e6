//! `approve --from-review`: what somebody decided on a forge is asked of the forge, and recorded with its address.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test ends where it is wrong"
)]

mod common;

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

use common::{Clone, DIRECT, RecordRepo};
use serde_json::json;

/// A forge that knows one review, by the address where programs ask for it.
struct Forge {
    host: String,
    review: Arc<Mutex<serde_json::Value>>,
}

impl Forge {
    fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let host = listener.local_addr().unwrap().to_string();
        let review = Arc::new(Mutex::new(json!({})));
        let known = Arc::clone(&review);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let mut lines = BufReader::new(stream.try_clone().unwrap()).lines().map_while(Result::ok);
                let first = lines.next().unwrap_or_default();
                lines.take_while(|line| !line.is_empty()).for_each(drop);
                let (status, body) = match first.starts_with("GET /api/v3/repos/them/record/pulls/7/reviews/42 ") {
                    true => ("200 OK", known.lock().unwrap().to_string()),
                    false => ("404 Not Found", String::new()),
                };
                let _ = write!(
                    stream,
                    "HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
                    body.len()
                );
            }
        });
        Self { host, review }
    }

    fn says(&self, account: u64, state: &str, commit: &str) {
        let user = json!({"id": account, "login": "ada"});
        let body = "The deadline is too short.";
        *self.review.lock().unwrap() = json!({"user": user, "state": state, "body": body, "commit_id": commit});
    }

    fn url(&self) -> String {
        format!("http://{}/them/record/pull/7#pullrequestreview-42", self.host)
    }
}

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
    for part in ["by: ada-example", "recorded-by: carla-sample", &url] {
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
    *forge.review.lock().unwrap() = json!([]);
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
