//! The commands that keep the directory, on a real record: what they write, commit, print, and refuse.

#![allow(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used, reason = "a test ends where it is wrong")]

use std::path::PathBuf;
use std::process::Output;

use assert_cmd::Command;

/// A public key that nobody has the other half of.
const SSH: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAID+LDkFosyAOyoWU4A6wUs9P8ygS6Flo1k6OxP3uK7Jz nora@laptop";
const PRINT: &str = "SHA256:EUpDXsLackn/GTqF0Yz/R/vSjf7Cw479ahjKUAEE+gI";

/// A record in a temporary folder, and whoever works there.
struct Desk {
    folder: tempfile::TempDir,
}

impl Desk {
    /// A record of `ietf` that Rosa keeps, begun on 24 November 2026.
    fn new() -> Self {
        let desk = Self { folder: tempfile::tempdir().unwrap() };
        desk.works("Rosa Keeper", "rosa@keepers.test");
        let made = desk.liaison(&["-C", "..", "init", "record", "--organization", "ietf"]);
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        desk
    }

    /// With an area, a working group in it, and a person.
    fn furnished() -> Self {
        let desk = Self::new();
        desk.done(&["group", "add", "sec", "--name", "Security Area", "--kind", "area", "--parent", "ietf"]);
        desk.done(&["group", "add", "ops", "--name", "Operations Area", "--kind", "area", "--parent", "ietf"]);
        desk.done(&["group", "add", "tls", "--name", "TLS", "--kind", "working-group", "--parent", "sec"]);
        desk.done(&["person", "add", "nora", "--name", "Nora Nolan", "--address", "nora@people.test"]);
        desk
    }

    fn root(&self) -> PathBuf {
        let root = self.folder.path().join("record");
        std::fs::create_dir_all(&root).unwrap();
        root
    }

    /// Sets who git says works here.
    fn works(&self, name: &str, email: &str) {
        self.put("../gitconfig", &format!("[user]\nname = {name}\nemail = {email}\n[core]\nautocrlf = false\n"));
    }

    fn put(&self, path: &str, text: &str) {
        std::fs::write(self.root().join(path), text).unwrap();
    }

    fn file(&self, path: &str) -> String {
        std::fs::read_to_string(self.root().join(path)).unwrap()
    }

    fn liaison(&self, args: &[&str]) -> Output {
        let mut command = Command::cargo_bin("liaison").unwrap();
        command.args(args).current_dir(self.root());
        command.env("GIT_CONFIG_GLOBAL", self.folder.path().join("gitconfig")).env("GIT_CONFIG_SYSTEM", "/dev/null");
        command.env("LIAISON_NOW", "2026-11-24T10:00:00Z").env("COLUMNS", "200").env("NO_COLOR", "1");
        command.output().unwrap()
    }

    /// Runs a command that must succeed; gives what it printed.
    fn done(&self, args: &[&str]) -> String {
        let output = self.liaison(args);
        assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// Runs a command that must be refused with an exit code; gives what it said. Nothing may change by it.
    fn refused(&self, code: i32, args: &[&str]) -> String {
        let before = (self.git(&["rev-parse", "HEAD"]), self.git(&["status", "--porcelain"]));
        let output = self.liaison(args);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(code), "{args:?}: {said}");
        assert_eq!((self.git(&["rev-parse", "HEAD"]), self.git(&["status", "--porcelain"])), before, "{args:?}");
        String::from_utf8_lossy(&output.stdout).into_owned() + &said
    }

    fn git(&self, args: &[&str]) -> String {
        let mut command = std::process::Command::new("git");
        command.args(args).current_dir(self.root()).env("GIT_CONFIG_GLOBAL", self.folder.path().join("gitconfig"));
        String::from_utf8(command.output().unwrap().stdout).unwrap()
    }

    /// The subject of the last commit.
    fn subject(&self) -> String {
        self.git(&["log", "-1", "--format=%s"]).trim().to_owned()
    }

    /// A commit was made of exactly one path and the act that changed it, all is clean, and the record has no fault.
    fn committed(&self, subject: &str, path: &str) {
        assert_eq!(self.subject(), subject);
        let shown = self.git(&["show", "--format=", "--name-only", "HEAD"]);
        let (acts, paths): (Vec<&str>, Vec<&str>) = shown.lines().partition(|line| line.starts_with("trust/acts/"));
        assert_eq!(paths, [path]);
        assert!(acts.len() == 1 && acts[0].ends_with("Z-directory-rosa-keeper.yaml"), "{acts:?}");
        assert_eq!(self.git(&["status", "--porcelain"]), "");
        assert_eq!(self.liaison(&["check", "--strict"]).status.code(), Some(0), "{}", self.done(&["check"]));
    }
}

#[test]
fn people_are_added_listed_and_shown() {
    let desk = Desk::new();
    let add = ["person", "add", "nora", "--name", "Nora \"No\" Nolan"];
    let printed = desk.done(&[&add[..], &["--address", "nora@people.test", "--address", "nora@home.test"]].concat());
    assert_eq!(printed, "nora: added\n");
    let file =
        "name = 'Nora \"No\" Nolan'\nkind = \"person\"\naddresses = [\"nora@people.test\", \"nora@home.test\"]\n";
    assert_eq!(desk.file("directory/people/nora.toml"), file);
    desk.committed("person: add nora", "directory/people/nora.toml");
    let body = desk.git(&["log", "-1", "--format=%b"]);
    assert_eq!(body.trim(), "Nora \"No\" Nolan\n\nby Rosa Keeper as registrar of ietf");

    desk.done(&["person", "add", "robot", "--name", "Robot", "--address", "robot@keepers.test", "--service"]);
    assert!(desk.file("directory/people/robot.toml").contains("kind = \"service\"\n"));
    let listed = desk.done(&["person", "list", "--format", "csv"]);
    assert!(listed.contains("robot,Robot,service,,robot@keepers.test\n"), "{listed}");
    let registrars = desk.done(&["person", "list", "--role", "registrar", "--format", "text"]);
    assert_eq!(registrars, "rosa-keeper\tRosa Keeper\tperson\tregistrar of ietf\trosa@keepers.test\n");
}

#[test]
fn a_person_is_added_once_and_an_address_tells_one_person() {
    let desk = Desk::furnished();
    for (code, args, said) in [
        (
            1,
            ["nora", "--name", "Other", "--address", "other@people.test"],
            "error: `nora` is Nora Nolan already\nhelp: liaison person show nora",
        ),
        (1, ["other", "--name", "Other", "--address", "NORA@people.test"], "is an address of Nora Nolan (nora)"),
        (
            2,
            ["other", "--name", "Other", "--address", "other"],
            "--address: found \"other\", expected `Name <local@domain>` or `local@domain`\nhelp: ",
        ),
        (
            2,
            ["Other!", "--name", "Other", "--address", "other@people.test"],
            "HANDLE: found \"Other!\", expected a word of a-z, 0-9 and hyphens",
        ),
        (2, ["other", "--name", " ", "--address", "other@people.test"], "--name NAME is empty"),
    ] {
        let told = desk.refused(code, &[&["person", "add"][..], &args].concat());
        assert!(told.contains(said), "{told}");
    }
    let told = desk.refused(2, &["person", "add", "other"]);
    assert_eq!(
        told,
        "error: not given: --name NAME, --address ADDRESS\n\
         help: liaison person add HANDLE --name NAME --address ADDRESS; `liaison person add --help` shows examples\n"
    );
}

#[test]
fn public_keys_are_recorded() {
    let desk = Desk::furnished();
    let before = desk.file("directory/people/nora.toml");
    desk.put("../nora.pub", &format!("{SSH}\n"));
    let printed = desk.done(&["person", "key", "add", "nora", "--ssh", "../nora.pub", "--since", "2026-12-01"]);
    assert_eq!(printed, format!("nora: ssh-ed25519 {PRINT} since 2026-12-01\n"));
    let key = format!("\n[[key]]\ntype = \"ssh\"\npublic = \"{SSH}\"\nsince = 2026-12-01\n");
    assert_eq!(desk.file("directory/people/nora.toml"), before + &key);
    desk.committed(
        &format!("person: nora signs with ssh-ed25519 {PRINT} from 2026-12-01 on"),
        "directory/people/nora.toml",
    );
    assert!(desk.done(&["person", "show", "nora"]).contains(&format!("  ssh-ed25519 {PRINT} since 2026-12-01\n")));

    let told = desk.refused(1, &["person", "key", "add", "rosa-keeper", "--ssh", "../nora.pub"]);
    assert!(told.contains("Nora Nolan has this key already"), "{told}");
}

#[test]
fn private_keys_are_never_stored_or_quoted() {
    let desk = Desk::furnished();
    for (kind, flag) in [("OPENSSH PRIVATE KEY", "--ssh"), ("PGP PRIVATE KEY BLOCK", "--openpgp")] {
        desk.put("../id", &format!("-----BEGIN {kind}-----\nc2VjcmV0\n-----END {kind}-----\n"));
        let told = desk.refused(1, &["person", "key", "add", "nora", flag, "../id"]);
        assert!(told.contains("../id: this is a private key; it stays with its owner"), "{told}");
        assert!(!told.contains("c2VjcmV0"), "{told}");
    }
    desk.put("../id", "a password");
    let told = desk.refused(1, &["person", "key", "add", "nora", "--ssh", "../id"]);
    assert!(told.contains("expected one line `ssh-ed25519 AAAA… comment`") && !told.contains("password"), "{told}");
    desk.put("../id", &SSH.replace("ssh-ed25519 ", "ssh-rsa "));
    let told = desk.refused(1, &["person", "key", "add", "nora", "--ssh", "../id"]);
    assert!(told.contains("found ssh-rsa with data that is cut off, damaged or of another type"), "{told}");
}

#[test]
fn groups_are_added_with_their_addresses() {
    let desk = Desk::furnished();
    let add = ["group", "add", "quic", "--name", "QUIC", "--kind", "working-group", "--parent", "ops"];
    let addresses = [
        "--list",
        "QUIC <quic@lists.test>",
        "--contact",
        "office@lists.test",
        "--chair-address",
        "QUIC Chairs <quic-chairs@lists.test>",
        "--send-to",
        "<in@lists.test>",
    ];
    assert_eq!(desk.done(&[&add[..], &addresses].concat()), "quic: added\n");
    let file = "name = \"QUIC\"\nkind = \"working-group\"\nparent = \"ops\"\nlist = \"QUIC <quic@lists.test>\"\nsend-to = \"in@lists.test\"\n\
        addresses = { chair = \"QUIC Chairs <quic-chairs@lists.test>\", contact = \"office@lists.test\" }\n";
    assert_eq!(desk.file("directory/groups/quic.toml"), file);
    desk.committed("group: add quic", "directory/groups/quic.toml");
    let listed = desk.done(&["group", "list", "--below", "ops", "--format", "text"]);
    assert_eq!(listed, "quic\tQUIC\tworking-group\tops\tactive\tquic@lists.test\n");
    let kinds = desk.done(&["group", "list", "--kind", "area", "--format", "text"]);
    assert_eq!(kinds.lines().count(), 2, "{kinds}");

    for (code, args, said) in [
        (1, ["tls", "--kind", "area", "--parent", "ietf"], "`tls` is TLS already"),
        (2, ["new", "--kind", "wg", "--parent", "ietf"], "--kind: found \"wg\", expected one of area, iab,"),
        (
            2,
            ["new", "--kind", "area", "--parent", "itf"],
            "`itf` is no group of the directory\nhelp: liaison group add itf",
        ),
        (
            2,
            ["new", "--kind", "area", "--list", "no address"],
            "--list: found \"no address\", expected `Name <local@domain>`",
        ),
    ] {
        let told = desk.refused(code, &[&["group", "add", "--name", "New"][..], &args].concat());
        assert!(told.contains(said), "{told}");
    }
}

#[test]
fn roles_begin_and_end_on_days_and_every_other_byte_stays() {
    let desk = Desk::furnished();
    let path = "directory/groups/sec.toml";
    let odd =
        "# kept by hand\nname   = 'Security Area'   # its name\nkind = \"area\"\nparent = \"ietf\"\n\n\n# since ever\n";
    desk.put(path, odd);
    desk.done(&["record-change", "--message", "by hand"]);
    let begin = ["role", "begin", "area-director", "sec", "nora", "--since", "2024-03-21"];
    let more = ["--address", "sec-ad@lists.test", "--source", "https://announce.test/1"];
    assert_eq!(desk.done(&[&begin[..], &more].concat()), "sec: nora is area-director from 2024-03-21 on\n");
    let head = "\n[[role]]\nrole = \"area-director\"\nperson = \"nora\"\nsince = 2024-03-21\n";
    let tail = "address = \"sec-ad@lists.test\"\nsource = \"https://announce.test/1\"\n";
    assert_eq!(desk.file(path), format!("{odd}{head}{tail}"));
    desk.committed("role: nora begins as area-director of sec on 2024-03-21", path);
    let listed = desk.done(&["role", "list", "sec", "--format", "text"]);
    assert_eq!(listed, "sec\tarea-director\tnora\tNora Nolan\t2024-03-21\t\tsec-ad@lists.test\n");
    let shown = desk.done(&["group", "show", "tls"]);
    assert!(shown.contains("Above it        sec < ietf\n"), "{shown}");
    assert!(shown.ends_with("Approves its letters, any of\n  Nora Nolan (area-director of sec)\n"), "{shown}");

    assert_eq!(
        desk.done(&["role", "end", "area-director", "sec", "nora", "--until", "2026-11-24"]),
        "sec: nora is no longer area-director from 2026-11-24 on\n"
    );
    assert_eq!(desk.file(path), format!("{odd}{head}until = 2026-11-24\n{tail}"));
    desk.committed("role: nora ends as area-director of sec on 2026-11-24", path);
    assert_eq!(desk.done(&["role", "list", "sec", "--format", "text"]), "");
    assert_eq!(desk.done(&["role", "list", "sec", "--on", "2026-11-23", "--format", "text"]).lines().count(), 1);
    assert_eq!(desk.done(&["role", "list", "sec", "--all", "--format", "text"]).lines().count(), 1);
    let shown = desk.done(&["person", "show", "nora"]);
    assert!(
        shown.contains("Other terms\n  area-director of sec             from 2024-03-21 until 2026-11-24"),
        "{shown}"
    );
}

#[test]
fn terms_that_cannot_be_are_refused() {
    let desk = Desk::furnished();
    desk.done(&["role", "begin", "chair", "tls", "nora", "--since", "2026-01-01"]);
    for (code, args, said) in [
        (2, ["begin", "chair", "tsl", "nora", "--since", "2026-01-01"], "`tsl` is no group of the directory"),
        (
            2,
            ["begin", "chair", "tls", "nobody", "--since", "2026-01-01"],
            "`nobody` is no person of the directory\nhelp: liaison person add nobody",
        ),
        (
            1,
            ["begin", "chair", "tls", "nora", "--since", "2026-02-01"],
            "nora is chair of tls since 2026-01-01\nhelp: liaison role end chair tls nora",
        ),
        (2, ["begin", "Chair", "tls", "nora", "--since", "2026-02-01"], "ROLE: found \"Chair\", expected a word"),
        (
            2,
            ["begin", "chair", "sec", "nora", "--since", "2026-02-30"],
            "--since: found \"2026-02-30\", expected a date that exists",
        ),
        (
            2,
            ["begin", "chair", "sec", "nora", "--source", "here"],
            "--source: found \"here\", expected an address such as",
        ),
        (
            1,
            ["end", "chair", "tls", "nora", "--until", "2025-12-31"],
            "what begins on 2026-01-01 cannot end on 2025-12-31",
        ),
        (1, ["end", "chair", "tls", "nora", "--until", "2026-01-01"], "help: choose a later day with --until DATE"),
        (1, ["end", "secretary", "tls", "nora", "--until", "2026-03-01"], "nora is not secretary of tls"),
    ] {
        let told = desk.refused(code, &[&["role"][..], &args].concat());
        assert!(told.contains(said), "{told}");
    }
    desk.done(&["role", "end", "chair", "tls", "nora", "--until", "2026-03-01"]);
    let told = desk.refused(1, &["role", "end", "chair", "tls", "nora"]);
    assert!(told.contains("nora was chair of tls from 2026-01-01 until 2026-03-01, and is no longer"), "{told}");
    let told = desk.refused(1, &["role", "begin", "chair", "tls", "nora", "--since", "2026-02-01"]);
    assert!(told.contains("help: a next term begins with --since 2026-03-01"), "{told}");
    desk.done(&["role", "begin", "chair", "tls", "nora", "--since", "2026-03-01"]);
}

#[test]
fn groups_move_and_close_on_days() {
    let desk = Desk::furnished();
    let moved = desk.done(&["group", "move", "tls", "--to", "ops", "--since", "2026-03-19"]);
    assert_eq!(moved, "tls: below ops from 2026-03-19 on\n");
    let parent = "parent = [{ value = \"sec\", until = 2026-03-19 }, { value = \"ops\", since = 2026-03-19 }]\n";
    assert_eq!(desk.file("directory/groups/tls.toml"), format!("name = \"TLS\"\nkind = \"working-group\"\n{parent}"));
    desk.committed("group: tls moves from sec to ops on 2026-03-19", "directory/groups/tls.toml");
    assert!(desk.done(&["group", "show", "tls", "--on", "2026-03-18"]).contains("sec < ietf"));
    assert!(
        desk.done(&["group", "show", "tls", "--format", "json"])
            .contains("\"above\": [\n    \"ops\",\n    \"ietf\"\n  ]")
    );

    desk.done(&["group", "close", "tls", "--on", "2026-12-31"]);
    assert_eq!(
        desk.file("directory/groups/tls.toml"),
        format!(
            "name = \"TLS\"\nkind = \"working-group\"\n{parent}state = [{{ value = \"closed\", since = 2026-12-31 }}]\n"
        )
    );
    desk.committed("group: close tls on 2026-12-31", "directory/groups/tls.toml");
    assert!(!desk.done(&["group", "show", "tls"]).contains("closed"));
    assert!(
        desk.done(&["group", "show", "tls", "--on", "2026-12-31"])
            .contains("State           closed since 2026-12-31\n")
    );

    for (code, args, said) in [
        (1, &["move", "tls", "--to", "ops"][..], "tls is below ops already"),
        (2, &["move", "tls", "--to", "nowhere"], "`nowhere` is no group of the directory"),
        (
            1,
            &["move", "tls", "--to", "ietf", "--since", "2026-03-19"],
            "what begins on 2026-03-19 cannot end on 2026-03-19",
        ),
        (
            1,
            &["move", "tls", "--to", "ietf", "--since", "2026-01-01"],
            "`parent` is `sec` until 2026-03-19, later than the day of the change\nhelp: choose that day or a later one: --since 2026-03-19",
        ),
        (1, &["move", "ietf", "--to", "tls"], "error[parent-cycle]: `ietf` is above itself"),
        (1, &["close", "tls", "--on", "2027-01-01"], "tls is closed already"),
        (2, &["close"], "error: not given: ACRONYM\nhelp: liaison group close ACRONYM"),
    ] {
        let told = desk.refused(code, &[&["group"][..], args].concat());
        assert!(told.contains(said), "{told}");
    }
    let told = desk.refused(1, &["role", "begin", "chair", "tls", "nora", "--since", "2027-01-01"]);
    assert!(told.contains("tls is closed on 2027-01-01"), "{told}");
}

#[test]
fn mailing_lists_are_added_and_letters_are_still_listed() {
    let desk = Desk::furnished();
    let add = ["list", "add", "tls", "--address", "TLS discussion <tls@lists.test>", "--owner", "owner@lists.test"];
    let more = ["--archive", "https://archive.test/tls", "--software", "google-groups", "--group", "tls"];
    assert_eq!(desk.done(&[&add[..], &more].concat()), "tls: added\n");
    let file = "address = \"tls@lists.test\"\nname = \"TLS discussion\"\nowners = [\"owner@lists.test\"]\n\
        archive = \"https://archive.test/tls\"\nsoftware = \"google-groups\"\ngroup = \"tls\"\n";
    assert_eq!(desk.file("directory/lists/tls.toml"), file);
    desk.committed("list: add tls", "directory/lists/tls.toml");
    let told = desk.refused(1, &["list", "add", "other", "--address", "TLS@lists.test"]);
    assert!(told.contains("the list `tls` has the address tls@lists.test already"), "{told}");
    let told = desk.refused(2, &["list", "add", "other", "--address", "o@lists.test", "--group", "none"]);
    assert!(told.contains("`none` is no group of the directory"), "{told}");

    let new = ["--purpose", "for-information", "--from", "tls", "--to", "Elsewhere"];
    desk.done(&[&["new", "--title", "We add a header"][..], &new].concat());
    desk.done(&[&["new", "--title", "We need help"][..], &new].concat());
    let ids = |args: &[&str]| {
        desk.done(args).lines().filter_map(|line| line.split('\t').next().map(str::to_owned)).collect::<Vec<_>>()
    };
    assert_eq!(ids(&["list", "--format", "text", "--", "add"]), ["we-add-a-header"]);
    assert_eq!(ids(&["list", "--format", "text", "add"]), ["we-add-a-header"]);
    assert_eq!(ids(&["list", "help", "--format", "text"]), ["we-need-help"]);
    assert_eq!(ids(&["list", "--format", "text"]).len(), 2);
}

#[test]
fn only_keepers_change_the_directory() {
    let desk = Desk::furnished();
    let add = ["person", "add", "mallory", "--name", "Mallory", "--address", "mallory@else.test"];
    desk.works("Mallory", "mallory@else.test");
    let told = desk.refused(1, &add);
    assert!(told.contains("an address that nobody in the directory has"), "{told}");
    assert!(told.contains("help: the directory is kept by Rosa Keeper (registrar of ietf); ask them"), "{told}");
    desk.works("Nora Nolan", "nora@people.test");
    for args in [
        &add[..],
        &["role", "begin", "registrar", "ietf", "nora"],
        &["group", "close", "sec"],
        &["list", "add", "x", "--address", "x@x.test"],
    ] {
        let told = desk.refused(1, args);
        assert!(
            told.starts_with("error: Nora Nolan may not change the directory\nhelp: it is kept by Rosa Keeper"),
            "{told}"
        );
    }
    desk.done(&[&add[..], &["--as", "rosa-keeper"]].concat());
    let body = desk.git(&["log", "-1", "--format=%b"]);
    assert!(body.contains("by Rosa Keeper as registrar of ietf (recorded by Nora Nolan)"), "{body}");
    assert_eq!(desk.git(&["log", "-1", "--format=%an"]).trim(), "Nora Nolan");

    // Where somebody kept it once, it is not begun anew by whoever comes along.
    desk.done(&["role", "end", "registrar", "ietf", "rosa-keeper", "--until", "2026-11-25", "--as", "rosa-keeper"]);
    let tomorrow = ["--now", "2026-11-25T10:00:00Z", "role", "begin", "registrar", "ietf", "nora"];
    let told = desk.refused(1, &tomorrow);
    assert!(told.contains("help: nobody may change it today"), "{told}");
    assert!(told.contains("liaison record-change"), "{told}");
}

#[test]
fn what_a_change_would_make_wrong_is_shown_and_not_written() {
    let desk = Desk::furnished();
    desk.put("directory/groups/ops.toml", "name = \"Operations Area\"\nkind = \"area\"\nparent = \"tls\"\n");
    desk.git(&["commit", "--quiet", "--all", "-m", "by hand"]);
    let told = desk.refused(1, &["group", "move", "tls", "--to", "ops"]);
    assert!(
        told.contains("parent = [{ value = \"sec\", until = 2026-11-24 }, { value = \"ops\", since = 2026-11-24 }]"),
        "{told}"
    );
    assert!(told.contains("nothing was written: this would be wrong in directory/groups/tls.toml"), "{told}");

    // A fault that was there before does not stand in the way of another change.
    desk.put("directory/groups/sec.toml", "name = \"Security Area\"\nkind = \"area\"\nparnt = \"ietf\"\n");
    desk.git(&["commit", "--quiet", "--all", "-m", "by hand"]);
    let told = desk.refused(1, &["role", "begin", "area-director", "sec", "nora"]);
    assert!(told.contains("help: liaison record-change"), "{told}");
    desk.done(&["record-change"]);
    desk.done(&["role", "begin", "area-director", "sec", "nora"]);

    desk.put("directory/groups/tls.toml", "name = \n");
    desk.git(&["commit", "--quiet", "--all", "-m", "by hand"]);
    let told = desk.refused(1, &["role", "begin", "chair", "tls", "nora"]);
    assert!(told.contains("directory/groups/tls.toml cannot be read\nhelp: liaison check tells why"), "{told}");
}

#[test]
fn changes_can_stay_uncommitted() {
    let desk = Desk::furnished();
    let head = desk.git(&["rev-parse", "HEAD"]);
    desk.done(&["role", "begin", "chair", "tls", "nora", "--no-commit"]);
    assert_eq!(desk.git(&["rev-parse", "HEAD"]), head);
    assert_eq!(desk.git(&["diff", "--name-only"]).trim(), "directory/groups/tls.toml");
    let new = desk.git(&["ls-files", "--others"]);
    assert_eq!(new.trim(), "trust/acts/20261124T100004Z-directory-rosa-keeper.yaml");
}

#[test]
fn every_command_has_examples_in_its_help() {
    let desk = Desk::new();
    for command in [
        "person",
        "person add",
        "person key",
        "person key add",
        "person key retire",
        "person key compromised",
        "person key list",
        "person list",
        "person show",
        "role",
        "role begin",
        "role end",
        "role list",
        "group",
        "group add",
        "group move",
        "group close",
        "group show",
        "group list",
        "list",
        "list add",
    ] {
        let words: Vec<&str> = command.split(' ').chain(["--help"]).collect();
        let help = desk.done(&words);
        assert!(help.contains(&format!("Examples:\n  liaison {command}")), "{help}");
    }
}

#[test]
fn nobody_and_no_key_of_the_example_gets_into_a_real_record() {
    let desk = Desk::furnished();
    let ada = ["person", "add", "ada-example", "--name", "Ada Example", "--address", "ada@example.org"];
    let told = desk.refused(1, &ada);
    assert!(told.contains("Ada Example (`ada-example`) is an invented person of the example"), "{told}");
    let file = include_str!("../src/cli/example/directory/people/ada-example.toml");
    let key = file.lines().find_map(|line| line.strip_prefix("public = ")).unwrap().trim_matches('"');
    desk.put("../example.pub", key);
    let told = desk.refused(1, &["person", "key", "add", "nora", "--ssh", "../example.pub"]);
    assert!(told.contains("the key of an invented person, whose private half comes with the program"), "{told}");
    // What the help says, and the invented handle for somebody else, give no finding.
    desk.done(&["person", "add", "jane-doe", "--name", "Jane Doe", "--address", "jane@example.org"]);
    desk.done(&["person", "add", "ada-example", "--name", "Ada Lovelace", "--address", "ada@example.org"]);
    let check = desk.liaison(&["check"]);
    assert!(!String::from_utf8_lossy(&check.stdout).contains("example-in-real-record"));
}
