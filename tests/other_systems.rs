//! What other systems do to files: line ends, names that they keep for themselves, names that differ only by case.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test ends where it is wrong"
)]

mod common;

use common::{DIRECT, RecordRepo};

/// git as it is installed on Windows: it gives text files CRLF where no attribute says otherwise.
#[test]
fn in_a_clone_with_other_line_ends_everything_counts_as_before() {
    let world = RecordRepo::with_remote(DIRECT);
    let carla = world.clone_of("carla-sample");
    let attached = world.file("data.txt", "two\nlines\n");
    let slug = carla.new_letter("Use of ECH in 5G core networks", &["--attach", &attached]);
    carla.being("pavel-priklad").ok(&["approve", &slug]);
    let waiting = carla.new_letter("Another letter", &[]);
    carla.being("pavel-priklad").ok(&["approve", &waiting]);
    carla.ok(&["send", &slug]);
    let config = world.home().join(".gitconfig");
    let settings = std::fs::read_to_string(&config).unwrap().replace("[safe]", "[core]\n\tautocrlf = true\n[safe]");
    std::fs::write(&config, settings).unwrap();
    let other = world.clone_of("pavel-priklad");
    assert!(!other.read(&format!("drafts/{waiting}.yaml")).contains('\r'), "attributes keep text as it is");
    assert_eq!(other.git(&["status", "--porcelain"]), "");
    for letter in [&slug, &waiting] {
        assert_eq!(other.ok(&["digest", letter]).stdout, carla.ok(&["digest", letter]).stdout);
        assert_eq!(other.state(letter), carla.state(letter));
    }
    other.ok(&["check"]);
    other.ok(&["audit"]);
    assert_eq!(other.read("statements/2026/ls-2026-001/data.txt"), "two\nlines\n");
}

/// An editor of another system wrote a draft, and one act.
#[test]
fn a_draft_with_other_line_ends_has_the_same_digest_and_its_approvals() {
    let world = RecordRepo::new();
    let carla = world.first("carla-sample", DIRECT);
    let slug = carla.new_letter("Use of ECH in 5G core networks", &[]);
    carla.being("pavel-priklad").ok(&["approve", &slug]);
    let path = format!("drafts/{slug}.yaml");
    carla.write(&path, carla.read(&path).replace('\n', "\r\n"));
    assert_eq!(carla.state(&slug), "approved");
    carla.ok(&["check", &slug]);
    carla.ok(&["fmt", &slug]);
    assert_eq!(carla.git(&["status", "--porcelain"]), "", "in its canonical form it is what it was");
    let act = carla.names(&format!("drafts/{slug}/acts")).into_iter().find(|name| name.contains("-approve-")).unwrap();
    let act = format!("drafts/{slug}/acts/{act}");
    carla.write(&act, carla.read(&act).replace('\n', "\r\n"));
    assert_eq!(carla.state(&slug), "approved");
    let settings = carla.read("liaison.toml").replace('\n', "\r\n");
    carla.write("liaison.toml", settings);
    carla.ok(&["check"]);
}

#[test]
fn nothing_is_called_what_a_system_keeps_for_itself() {
    let world = RecordRepo::new();
    let rob = world.first("rob-registrar", DIRECT);
    let title = rob.new_letter("Con", &[]);
    assert_eq!(title, "letter-con", "a draft's name made of its title");
    let parties = ["new", "--from", "tls", "--to", "3gpp-sa3", "--purpose", "for-information", "--title", "A letter"];
    for name in ["con", "aux", "nul", "com1", "lpt9"] {
        rob.fails(2, &[&parties[..], &["--slug", name]].concat()).says("none of Windows' devices");
        rob.fails(2, &["group", "add", name, "--name", "A group", "--kind", "organization"]).says("means a device");
        rob.fails(2, &["person", "add", name, "--name", "A", "--address", "a@x.example"]).says("means a device");
        rob.fails(2, &["list", "add", name, "--address", "a@x.example"]).says("means a device");
    }
    for path in ["drafts/con.yaml", "directory/groups/aux.toml", "directory/people/nul.toml"] {
        rob.write(path, "name = 1\n");
        rob.fails(1, &["check"]).prints("bad-file-name").prints(path);
        std::fs::remove_file(rob.path.join(path)).unwrap();
    }
}

#[test]
fn two_attachments_whose_names_are_one_on_other_systems_are_refused() {
    let world = RecordRepo::new();
    let carla = world.first("carla-sample", DIRECT);
    let files = [("Profile.txt", "a"), ("profile.TXT", "b"), ("aux.pdf", "c"), ("ends-with-a-dot.", "d")];
    let slug = carla.new_letter("Use of ECH in 5G core networks", &[]);
    let mut rows = String::from("attachments:\n");
    for (name, text) in files {
        carla.write(&format!("drafts/{slug}/{name}"), text);
        rows.push_str(&format!("- {{file: {name}}}\n"));
    }
    let path = format!("drafts/{slug}.yaml");
    carla.write(&path, carla.read(&path) + &rows);
    carla
        .fails(1, &["check", &slug])
        .prints("differ only by case")
        .prints("means a device on Windows")
        .prints("\"ends-with-a-dot.\"");
}
