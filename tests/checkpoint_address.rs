//! Checkpoints at an address of the web: fetched by curl from a server on this machine; the signature proves them.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test ends where it is wrong"
)]

mod common;

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use common::{Clone, DIRECT, RecordRepo};

/// A web server on this machine, for as long as the test runs.
struct Server {
    address: String,
    /// The paths that were asked for.
    asked: Arc<Mutex<Vec<String>>>,
}

impl Server {
    /// Serves a checkpoint, and what is not one.
    fn of(checkpoint: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let asked = Arc::new(Mutex::new(Vec::new()));
        let (paths, own) = (Arc::clone(&asked), address.clone());
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let path = path(&stream);
                // Whoever has enough closes the connection.
                let _ = answer(stream, &path, &checkpoint, &own);
                paths.lock().unwrap().push(path);
            }
        });
        Self { address, asked }
    }

    fn at(&self, path: &str) -> String {
        format!("{}{path}", self.address)
    }
}

fn path(stream: &TcpStream) -> String {
    let mut lines = BufReader::new(stream).lines().map_while(Result::ok);
    let path = lines.next().and_then(|line| Some(line.split(' ').nth(1)?.to_owned())).unwrap_or_default();
    lines.find(String::is_empty);
    path
}

fn answer(mut stream: TcpStream, path: &str, checkpoint: &str, own: &str) -> std::io::Result<()> {
    let head = |status: &str, more: &str| format!("HTTP/1.1 {status}\r\nConnection: close\r\n{more}\r\n");
    let whole = |text: &str| head("200 OK", &format!("Content-Length: {}\r\n", text.len())) + text;
    match path {
        "/checkpoint.txt" | "/%5B1-2%5D.txt" | "/[1-2].txt" => stream.write_all(whole(checkpoint).as_bytes()),
        "/page.html" => stream.write_all(whole("<html>Not found, and told with 200</html>\n").as_bytes()),
        "/large.txt" => stream.write_all(whole(&"x".repeat(200_000)).as_bytes()),
        "/endless.txt" => {
            stream.write_all(head("200 OK", "").as_bytes())?;
            (0..100_000).try_for_each(|_| stream.write_all(&[b'x'; 1000]))
        }
        "/cut.txt" => stream.write_all((head("200 OK", "Content-Length: 5000\r\n") + "liaison").as_bytes()),
        "/moved.txt" => stream.write_all(head("302 Found", &format!("Location: {own}/checkpoint.txt\r\n")).as_bytes()),
        "/elsewhere.txt" => stream.write_all(head("302 Found", "Location: file:///etc/passwd\r\n").as_bytes()),
        _ => stream.write_all((head("404 Not Found", "Content-Length: 5\r\n") + "None\n").as_bytes()),
    }
}

/// Rob's clone, and a server that has a checkpoint of it.
fn published(world: &RecordRepo) -> (Clone<'_>, Server) {
    let rob = world.clone_of("rob-registrar");
    let key = rob.new_key("rob-registrar", &["ed25519"]);
    rob.signs_with(&key);
    rob.git(&["push", "--quiet"]);
    let server = Server::of(rob.ok(&["checkpoint"]).stdout);
    (rob, server)
}

#[test]
fn a_checkpoint_is_fetched_and_its_signature_proves_it() {
    let world = RecordRepo::with_remote(DIRECT);
    let (rob, server) = published(&world);
    let carla = world.clone_of("carla-sample");
    for path in ["/checkpoint.txt", "/moved.txt"] {
        carla.ok(&["checkpoint", "--verify", &server.at(path)]).prints("exactly what the checkpoint says");
        let audit = carla.ok(&["audit", "--checkpoint", &server.at(path)]);
        assert!(!audit.stdout.contains("checkpoint-broken"), "{audit:?}");
    }
    carla.ok(&["checkpoint", "--verify", &server.at("/[1-2].txt")]).prints("exactly what the checkpoint says");
    assert_eq!(server.asked.lock().unwrap().last().unwrap(), "/[1-2].txt", "asked for as it is written, once");
    rob.git(&["commit", "--quiet", "--amend", "-m", "As if nothing had been"]);
    rob.git(&["push", "--quiet", "--force"]);
    let fresh = world.clone_of("carla-sample");
    let address = server.at("/checkpoint.txt");
    fresh.fails(1, &["checkpoint", "--verify", &address]).says("the history was rewritten");
    fresh.fails(1, &["audit", "--checkpoint", &address]).prints("checkpoint-broken");
}

#[test]
fn what_cannot_be_fetched_is_told_in_curls_words_with_the_next_command() {
    let world = RecordRepo::with_remote(DIRECT);
    let (rob, server) = published(&world);
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    for (address, told) in [
        (server.at("/none.txt"), "404"),
        (format!("http://{free}/checkpoint.txt"), "curl: (7)"),
        (server.at("/cut.txt"), "curl: (18)"),
        (server.at("/elsewhere.txt"), "curl: (1)"),
    ] {
        for command in [["checkpoint", "--verify"], ["audit", "--checkpoint"]] {
            let ran = rob.fails(2, &[&command[..], &[&address]].concat());
            let ran = ran.says(&format!("{address} cannot be fetched: ")).says(told);
            let ran = ran.says(&format!("curl -fsSL -o checkpoint.txt '{address}', then give that file instead"));
            assert_eq!(ran.stdout, "", "nothing is proven before it is there");
        }
    }
    for address in ["ftp://example.org/c.txt", "file:///etc/passwd", "https://example.org/a b", "-x://a"] {
        let ran = rob.liaison(&["audit", &format!("--checkpoint={address}")]).ended(2);
        assert!(!ran.stderr.contains("curl:"), "{ran:?}");
    }
}

#[test]
fn what_is_too_large_or_no_checkpoint_is_refused() {
    let world = RecordRepo::with_remote(DIRECT);
    let (rob, server) = published(&world);
    for path in ["/large.txt", "/endless.txt"] {
        let ran = rob.fails(1, &["checkpoint", "--verify", &server.at(path)]);
        ran.says("has more than 100000 bytes, allowed are 100000").says("give what `liaison checkpoint` wrote");
    }
    rob.fails(1, &["checkpoint", "--verify", &server.at("/page.html")]).says("this is no checkpoint");
    rob.fails(1, &["audit", "--checkpoint", &server.at("/page.html")]).prints("this is no checkpoint");
}

#[cfg(unix)]
#[test]
fn without_curl_it_is_told_what_to_do() {
    let world = RecordRepo::with_remote(DIRECT);
    let (rob, server) = published(&world);
    let folder = world.folder().join("programs");
    std::fs::create_dir(&folder).unwrap();
    let paths = std::env::var_os("PATH").unwrap();
    let git = std::env::split_paths(&paths).map(|path| path.join("git")).find(|path| path.is_file()).unwrap();
    std::os::unix::fs::symlink(git, folder.join("git")).unwrap();
    let bare = rob.with("PATH", &folder.display().to_string());
    let ran = bare.fails(2, &["audit", "--checkpoint", &server.at("/checkpoint.txt")]);
    ran.says("the program `curl` is not here").says("install curl; or fetch it with a browser");
}
