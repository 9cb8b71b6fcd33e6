//! Letters that are brought in from elsewhere, without their history: only whoever may says so.

use liaison::domain::{Act, ActKind, Detail};

use crate::common::RecordRepo;
use crate::history::{History, RECORD, Wanted, instant, stem, word};

const AT: &str = "2026-11-24T10:00:00Z";
const SIGNED: &str = "\n[proof]\ngrade = \"signed\"\n";
const OURS: &str = include_str!("letter.yaml");
const THEIRS: &str = "direction: incoming\ntitle: A question\ndate: 2014-06-01\nfrom: {groups: [3gpp-sa3]}\nto: {groups: [tls]}\n\
                      purpose: for-information\nbody: |\n  Dear colleagues, this is a question.\n";

/// Writes a letter of 2014 with the act that brought it in; `key` signs it.
fn import(history: &History<'_>, kind: ActKind, by: &str, at: &str, key: Option<&str>) {
    let number = "ls-2014-001";
    let path = format!("{}.yaml", stem(number));
    history.clone.write(&path, if kind == ActKind::Sent { OURS } else { THEIRS });
    let mut act = Act::new(kind, word(by), instant(at));
    act.content = Some(history.content(&path));
    let origin = if kind == ActKind::Sent { "url" } else { "key" };
    for (name, value) in [("via", "import"), (origin, "https://archive.example/1")] {
        act.details.insert(name.to_owned(), Detail::text(value).unwrap());
    }
    let key = key.map(str::to_owned);
    history.write(&stem(number), Wanted { act, subject: number.into(), record: RECORD.into(), key });
}

#[test]
fn an_import_by_somebody_without_authority_is_found_out() {
    let world = RecordRepo::new();
    let history = History::new(&world);
    let unapproved = "warning departure-unapproved";
    for (kind, expected) in [
        (ActKind::Sent, &["error act-without-authority", unapproved][..]),
        (ActKind::Receive, &["error act-without-authority"]),
    ] {
        import(&history, kind, "carla-sample", AT, Some("carla-sample"));
        history.commit(AT);
        history.finds(expected);
        history.back(&history.root);
        import(&history, kind, "carla-sample", AT, None);
        history.commit(AT);
        history.fires("error act-without-authority");
        history.fires("warning act-unproven");
        history.back(&history.root);
        import(&history, kind, "rob-registrar", AT, Some("rob-registrar"));
        history.commit(AT);
        history.finds(&[]);
        history.back(&history.root);
    }
}

#[test]
fn an_import_that_nobody_signed_has_no_effect_where_signatures_are_asked_for() {
    for (settings, key, expected) in [
        (SIGNED, None, &["error act-without-effect", "warning departure-unapproved"][..]),
        (SIGNED, Some("rob-registrar"), &[]),
        ("", None, &["warning act-unproven"]),
    ] {
        let world = RecordRepo::new();
        let history = History::with(&world, settings);
        import(&history, ActKind::Sent, "rob-registrar", AT, key);
        history.commit(AT);
        history.finds(expected);
    }
}

#[test]
fn a_withdrawal_that_nobody_signed_has_no_effect_where_signatures_are_asked_for() {
    let world = RecordRepo::new();
    let history = History::with(&world, SIGNED);
    history.draft("ech-in-5g", "2026-11-24T09:00:00Z");
    let before = history.head();
    for (key, expected) in [(None, &["error act-without-effect"][..]), (Some("carla-sample".to_owned()), &[])] {
        let mut wanted = history.approval("ech-in-5g", "carla-sample", AT);
        (wanted.act.kind, wanted.act.role, wanted.key) = (ActKind::Withdraw, Some(word("chair")), key);
        wanted.act.for_groups.clear();
        wanted.act.details.insert("reason".to_owned(), Detail::text("no longer true").unwrap());
        history.write("drafts/ech-in-5g", wanted);
        history.commit(AT);
        history.finds(expected);
        history.back(&before);
    }
}

#[test]
fn an_import_of_an_ended_term_that_comes_in_late_wants_a_person() {
    let world = RecordRepo::new();
    let history = History::new(&world);
    let ietf = "directory/groups/ietf.toml";
    history.edit(ietf, "person = \"rob-registrar\"\n", "person = \"rob-registrar\"\nuntil = 2026-11-15\n");
    history.govern(ActKind::Directory, "rob-registrar", "2026-11-10T09:00:00Z", &[ietf]);
    let before = history.head();
    import(&history, ActKind::Sent, "rob-registrar", "2026-11-12T10:00:00Z", Some("rob-registrar"));
    history.commit("2026-11-12T10:00:00Z");
    history.finds(&[]);
    history.back(&before);
    history.draft("ech-in-5g", "2026-11-20T09:00:00Z");
    import(&history, ActKind::Sent, "rob-registrar", "2026-11-12T10:00:00Z", Some("rob-registrar"));
    history.commit("2026-11-12T10:00:00Z");
    history.finds(&["warning commit-misdated", "warning reaffirmation-wanted"]);
    // Whoever may today says the same.
    import(&history, ActKind::Sent, "cora-beispiel", "2026-11-21T10:00:00Z", None);
    history.commit("2026-11-21T10:00:00Z");
    history.finds(&["warning commit-misdated"]);
}

/// A table that lets the chair of a group bring letters in.
const CHAIRS: &str =
    "\n[[approval]]\nact = \"import\"\nfrom = \"working-group\"\nany-of = [{ role = \"chair\", at = \"group\" }]\n";

#[test]
fn an_import_under_a_table_that_comes_along_is_self_granted() {
    let world = RecordRepo::new();
    let history = History::new(&world);
    let allow = || {
        let settings = history.clone.read("liaison.toml");
        history.clone.write("liaison.toml", settings + CHAIRS);
    };
    history.branch("weak", "main");
    allow();
    history.commit("2026-11-24T09:00:00Z");
    import(&history, ActKind::Receive, "carla-sample", AT, Some("carla-sample"));
    history.commit(AT);
    history.on("main");
    history.merge("weak", "2026-11-24T11:00:00Z");
    history.finds(&["error authority-self-granted", "warning mainline-change-unsigned"]);
    history.back(&history.root);
    allow();
    history.govern(ActKind::Policy, "rob-registrar", "2026-11-24T09:00:00Z", &["liaison.toml"]);
    import(&history, ActKind::Receive, "carla-sample", AT, Some("carla-sample"));
    history.commit(AT);
    history.finds(&[]);
}

#[test]
fn an_import_without_the_signature_that_the_mainline_asks_for_has_no_effect() {
    let world = RecordRepo::new();
    let history = History::with(&world, SIGNED);
    let weaken = || history.edit("liaison.toml", "grade = \"signed\"", "grade = \"asserted\"");
    history.branch("weak", "main");
    weaken();
    history.commit("2026-11-24T09:00:00Z");
    import(&history, ActKind::Receive, "rob-registrar", AT, None);
    history.commit(AT);
    history.on("main");
    history.merge("weak", "2026-11-24T11:00:00Z");
    history.finds(&["error act-without-effect", "warning act-unproven", "warning mainline-change-unsigned"]);
    history.back(&history.root);
    weaken();
    history.govern(ActKind::Policy, "rob-registrar", "2026-11-24T09:00:00Z", &["liaison.toml"]);
    history.branch("import", "main");
    import(&history, ActKind::Receive, "rob-registrar", AT, None);
    history.commit(AT);
    history.on("main");
    history.merge("import", "2026-11-24T11:00:00Z");
    history.finds(&["warning act-unproven"]);
}

#[test]
fn a_forged_import_hides_no_letter_that_left_unapproved() {
    let world = RecordRepo::new();
    let history = History::new(&world);
    history.draft("ech-in-5g", "2026-11-24T09:00:00Z");
    let leave = |by: &str| {
        history.number("ech-in-5g", "ls-2026-001");
        let mut act = history.sending("ls-2026-001", AT);
        history.write(&stem("ls-2026-001"), wanted(act.clone(), Some("rob-registrar".into())));
        (act.by, act.role, act.of, act.at) = (word(by), None, None, instant("2026-11-24T10:00:01Z"));
        act.details.insert("via".into(), Detail::text("import").unwrap());
        let key = Some(by.to_owned());
        history.write(&stem("ls-2026-001"), wanted(act, key));
        history.commit("2026-11-24T10:00:01Z");
    };
    let before = history.head();
    leave("carla-sample");
    history.finds(&["error act-without-authority", "warning departure-unapproved"]);
    history.back(&before);
    leave("rob-registrar");
    history.finds(&[]);
}

fn wanted(act: Act, key: Option<String>) -> Wanted {
    Wanted { act, subject: "ech-in-5g".into(), record: RECORD.into(), key }
}
