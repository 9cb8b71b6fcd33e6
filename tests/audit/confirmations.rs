//! Changes without proof that somebody confirms later; and those that only their own authors could.

use liaison::domain::ActKind;

use crate::common::RecordRepo;
use crate::history::{History, word};

const TLS: &str = "directory/groups/tls.toml";
const IETF: &str = "directory/groups/ietf.toml";
const ROB: &str = "directory/people/rob-registrar.toml";

/// Makes somebody registrar, in the work tree.
fn appoint(history: &History<'_>, person: &str) {
    let text = history.clone.read(IETF);
    let term = format!("\n[[role]]\nrole = \"registrar\"\nperson = \"{person}\"\nsince = 2026-11-01\n");
    history.clone.write(IETF, text + &term);
}

fn confirm(history: &History<'_>, kind: ActKind, by: &str, key: &str, at: &str, path: &str) {
    let mut wanted = history.governing(kind, by, at, &[path]);
    wanted.key = Some(key.into());
    history.write("trust", wanted);
    history.commit(at);
}

#[test]
fn nobody_confirms_the_grant_that_gave_them_the_authority() {
    let world = RecordRepo::new();
    let history = History::new(&world);
    appoint(&history, "carla-sample");
    history.commit("2026-11-21T09:00:00Z");
    confirm(&history, ActKind::Directory, "carla-sample", "carla-sample", "2026-11-22T09:00:00Z", IETF);
    history.finds(&["warning mainline-change-unsigned"]);
    // Who was registrar before confirms it; then what she confirms counts, too.
    history.begin_term("theo-exemplo", "2026-11-01");
    history.commit("2026-11-22T10:00:00Z");
    confirm(&history, ActKind::Directory, "carla-sample", "carla-sample", "2026-11-23T09:00:00Z", TLS);
    assert_eq!(history.count("mainline-change-unsigned"), 2);
    confirm(&history, ActKind::Directory, "rob-registrar", "rob-registrar", "2026-11-24T09:00:00Z", IETF);
    assert_eq!(history.count("mainline-change-unsigned"), 1);
    confirm(&history, ActKind::Directory, "carla-sample", "carla-sample", "2026-11-25T09:00:00Z", TLS);
    history.finds(&[]);
}

#[test]
fn nobody_confirms_a_key_with_that_key() {
    let world = RecordRepo::new();
    let history = History::new(&world);
    history.add_key("rob-registrar", "mallory");
    history.commit("2026-11-21T09:00:00Z");
    confirm(&history, ActKind::Directory, "rob-registrar", "mallory", "2026-11-22T09:00:00Z", ROB);
    history.finds(&["warning mainline-change-unsigned"]);
    confirm(&history, ActKind::Directory, "rob-registrar", "rob-registrar", "2026-11-23T09:00:00Z", ROB);
    history.finds(&[]);
}

#[test]
fn nobody_confirms_the_rules_that_let_them_confirm() {
    let world = RecordRepo::new();
    let history = History::new(&world);
    let rows = ["directory", "policy"].map(|act| {
        format!(
            "\n[[approval]]\nact = \"{act}\"\nfrom = \"*\"\nany-of = [{{ role = \"chair\", at = \"group:tls\" }}]\n"
        )
    });
    let settings = history.clone.read("liaison.toml");
    history.clone.write("liaison.toml", settings.clone() + &rows.concat());
    history.commit("2026-11-21T09:00:00Z");
    let mut wanted = history.governing(ActKind::Policy, "carla-sample", "2026-11-22T09:00:00Z", &["liaison.toml"]);
    wanted.act.role = Some(word("chair"));
    wanted.act.of = Some(word("tls"));
    history.write("trust", wanted);
    history.commit("2026-11-22T09:00:00Z");
    assert_eq!(history.count("mainline-change-unsigned"), 1);
}

#[test]
fn a_new_registrar_confirms_what_is_older() {
    let world = RecordRepo::new();
    let history = History::new(&world);
    history.begin_term("theo-exemplo", "2026-11-01");
    history.commit("2026-11-21T09:00:00Z");
    history.finds(&["warning mainline-change-unsigned"]);
    appoint(&history, "carla-sample");
    history.govern(ActKind::Directory, "rob-registrar", "2026-11-22T09:00:00Z", &[IETF]);
    confirm(&history, ActKind::Directory, "carla-sample", "carla-sample", "2026-11-23T09:00:00Z", TLS);
    history.finds(&[]);
}

#[test]
fn an_unsigned_act_in_the_name_of_somebody_with_a_key_is_an_error_where_signatures_are_asked_for() {
    let world = RecordRepo::new();
    let history = History::with(&world, "\n[proof]\ngrade = \"signed\"\n");
    history.begin_term("carla-sample", "2026-11-01");
    history.govern(ActKind::Directory, "rob-registrar", "2026-11-21T09:00:00Z", &[TLS]);
    history.begin_term("theo-exemplo", "2026-11-01");
    let mut unsigned = history.governing(ActKind::Directory, "rob-registrar", "2026-11-22T09:00:00Z", &[TLS]);
    unsigned.key = None;
    history.write("trust", unsigned);
    history.commit("2026-11-22T09:00:00Z");
    history.finds(&["error mainline-change-unsigned"]);
    history.back("HEAD~1");
    let settings = history.clone.read("liaison.toml");
    let row =
        "\n[[approval]]\nact = \"send\"\nfrom = \"working-group\"\nany-of = [{ role = \"chair\", at = \"group\" }]\n";
    history.clone.write("liaison.toml", settings + row);
    history.commit("2026-11-22T09:00:00Z");
    history.finds(&["error mainline-change-unsigned"]);
}

#[test]
fn what_cannot_be_read_says_what_it_said_before() {
    let world = RecordRepo::new();
    let history = History::with(&world, "\n[proof]\ngrade = \"signed\"\n");
    history.begin_term("carla-sample", "2026-11-01");
    history.govern(ActKind::Directory, "rob-registrar", "2026-11-21T09:00:00Z", &[TLS]);
    let settings = history.clone.read("liaison.toml");
    for broken in [format!("{settings}\n[[[\n"), settings.replace("format = 1", "format = 9"), String::new()] {
        history.clone.write("liaison.toml", broken);
        history.commit("2026-11-22T09:00:00Z");
        appoint(&history, "felix-exemplaire");
        history.commit("2026-11-22T10:00:00Z");
        history.clone.write("liaison.toml", settings.clone());
        history.commit("2026-11-22T11:00:00Z");
        history.finds(&["error mainline-change-unsigned", "warning record-unreadable"]);
        assert_eq!(history.count("mainline-change-unsigned"), 3);
        history.back("HEAD~3");
    }
    history.clone.git(&["rm", "--quiet", "liaison.toml"]);
    history.commit("2026-11-22T09:00:00Z");
    appoint(&history, "felix-exemplaire");
    history.commit("2026-11-22T10:00:00Z");
    history.clone.write("liaison.toml", settings);
    history.commit("2026-11-22T11:00:00Z");
    assert_eq!(history.count("mainline-change-unsigned"), 3);
}

#[test]
fn an_act_that_came_after_its_term_had_ended_is_confirmed_by_a_later_one() {
    let world = RecordRepo::new();
    let history = History::new(&world);
    appoint(&history, "carla-sample");
    history.govern(ActKind::Directory, "rob-registrar", "2026-11-20T09:00:00Z", &[IETF]);
    let registrar = history.clone.read(IETF);
    let at = registrar.find("person = \"rob-registrar\"").unwrap();
    let (before, after) = registrar.split_at(at + registrar[at..].find('\n').unwrap());
    history.clone.write(IETF, format!("{before}\nuntil = 2026-11-21{after}"));
    history.govern(ActKind::Directory, "carla-sample", "2026-11-21T09:00:00Z", &[IETF]);
    history.begin_term("theo-exemplo", "2026-11-01");
    let late = history.governing(ActKind::Directory, "rob-registrar", "2026-11-20T12:00:00Z", &[TLS]);
    history.write("trust", late);
    history.commit("2026-11-22T09:00:00Z");
    history.finds(&["warning reaffirmation-wanted"]);
    confirm(&history, ActKind::Directory, "carla-sample", "carla-sample", "2026-11-23T09:00:00Z", TLS);
    history.finds(&[]);
}
