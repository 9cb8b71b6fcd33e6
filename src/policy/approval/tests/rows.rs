//! Rows a record writes itself, what left, and the other acts.

use super::*;
use crate::policy::{begins, may_do};

#[test]
fn a_records_own_row_may_ask_for_more() {
    let row = |more: &str| {
        format!(
            "[[approval]]\nact = \"send\"\nfrom = \"working-group\"\nany-of = [{{ role = \"area-director\", at = \"parent\" }}, {{ role = \"chair\" }}]\n{more}\n"
        )
    };
    let ada = approve(9, "ada", "area-director@sec", "tls");
    let both = [ada.clone(), approve(10, "pavel", "area-director@sec", "tls")];
    let twice = [ada.clone(), ada.replace("T09", "T10")];
    let draft = "act: draft; by: ada; at: 2026-11-01T08:00:00Z".to_owned();
    let declined = [act(8, "decline", "pavel", "area-director@sec", "tls"), ada.clone()];
    let ada = [ada];
    for (more, acts, told) in [
        ("count = 2", &both[..], "tls 0: complete"),
        ("count = 2", &ada, "tls 1: open"),
        ("count = 2", &twice, "tls 1: open"),
        ("count = 3", &both, "tls 1: open"),
        ("evidence = \"required\"", &ada, "tls 1, it names no evidence, and the approval table asks for it: open"),
        (
            "",
            &[format!("{}; recorded-by: rob", ada[0])],
            "tls 1, somebody else recorded it and names no evidence: open",
        ),
        ("", &[format!("{}; recorded-by: rob; evidence: mid:1@ietf.example", ada[0])], "tls 0: complete"),
        ("", &[format!("{}; recorded-by: ada", ada[0])], "tls 0: complete"),
        ("evidence = \"required\"", &[format!("{}; evidence: mid:1@ietf.example", ada[0])], "tls 0: complete"),
        (
            "second-person = true",
            &[draft, ada[0].clone()],
            "tls 1, whoever drafted the letter may not approve it: open",
        ),
        ("second-person = true", &ada, "tls 0: complete"),
        ("grade = \"signed\"", &ada, "tls 1, it is asserted, and the approval table asks for signed: open"),
        ("grade = \"commit\"", &ada, "tls 1, it is asserted, and the approval table asks for commit: open"),
        ("grade = \"asserted\"", &ada, "tls 0: complete"),
        ("grade = \"asserted\"", &declined, "tls 0, declined by pavel: open"),
        (
            "count = 1\ngrade = \"signed\"",
            &declined[..1],
            "tls 1, it is asserted, and the approval table asks for signed: open",
        ),
    ] {
        assert_eq!(verdict(&row(more), "tls", acts), told, "{more}: {acts:?}");
    }
    assert_eq!(who(&row("second-person = true"), "tls"), ["pavel@sec", "carla@tls"]);
}

#[test]
fn covered_once_is_covered_for_the_letter() {
    let once = "[[approval]]\nact = \"send\"\nfrom = \"working-group\"\nany-of = [{ role = \"area-director\", at = \"parent\" }]\ncover = \"once\"\n";
    let ada = approve(9, "ada", "area-director@sec", "tls");
    let otto = approve(10, "otto", "area-director@rtg", "mpls");
    assert_eq!(verdict(once, "tls, mpls", std::slice::from_ref(&ada)), "tls 0, mpls 0: complete");
    assert_eq!(verdict(once, "tls, ietf", std::slice::from_ref(&ada)), "tls 0, ietf 1: open");
    let two = format!("{once}count = 2\n");
    assert_eq!(verdict(&two, "tls, mpls", std::slice::from_ref(&ada)), "tls 1, mpls 1: open");
    assert_eq!(verdict(&two, "tls, mpls", &[ada, otto]), "tls 0, mpls 0: complete");
}

#[test]
fn a_row_for_every_kind_is_none_for_a_group_nobody_knows() {
    let any = "[[approval]]\nact = \"send\"\nfrom = \"any\"\nany-of = [{ role = \"chair\", at = \"organization\" }]\n";
    assert_eq!(verdict(any, "club", &[approve(9, "ivan", "chair@ietf", "club")]), "club 0: complete");
    assert!(
        verdict(any, "unheard-of", &[approve(9, "ivan", "chair@ietf", "unheard-of")]).starts_with("unheard-of no row")
    );
}

#[test]
fn what_left_is_judged_by_what_was_there_then() {
    let sending = "act: sending; by: carla; at: 2026-11-01T10:00:00Z; content: present; number: ls-2026-001; message-id: x; message: x; date: 2026-11-01; recipients: [x]";
    let sent = |date: &str| {
        format!("act: sent; by: carla; at: 2026-11-03T10:00:00Z; content: present; via: portal; date: {date}")
    };
    let approval = |hour| approve(hour, "ada", "area-director@tls", "tls");
    let ratify = act(12, "ratify", "pavel", "area-director@sec", "tls");
    let revoke = "act: revoke; by: ada; at: 2026-11-01T11:00:00Z; revokes: first".to_owned();
    let decline = |hour| act(hour, "decline", "pavel", "area-director@sec", "tls");
    let (directory, settings) = (directory(), settings(""));
    let now = Instant::parse(NOW).unwrap().unwrap();
    for (acts, had_it) in [
        (vec![approval(9), sending.into()], true),
        (vec![approval(10), sending.into()], true),
        (vec![sending.into(), approval(11)], false),
        (vec![approval(9), sending.into(), revoke], true),
        (vec![approval(9), sending.into(), decline(11)], true),
        (vec![approval(9), decline(9), sending.into()], false),
        (vec![approval(9), decline(9), sending.into(), ratify.clone()], true),
        (vec![sending.into(), ratify.clone()], true),
        (vec![sending.into(), ratify.replace("; content: present", "")], true),
        (vec![sending.into(), act(12, "ratify", "carla", "chair@tls", "tls")], false),
        (vec![approval(9), sent("2026-11-01")], true),
        (vec![sent("2026-10-31"), approval(9)], false),
    ] {
        let lines: Vec<&str> = acts.iter().map(String::as_str).collect();
        let mut letter = letter("tls", &lines);
        letter.draft = Some(letter.name);
        letter.name = StatementName::parse("ls-2026-001").unwrap();
        assert_eq!(was_approved(&letter, &directory, &settings, now), had_it, "{acts:?}");
    }
}

#[test]
fn other_acts_have_rows_too() {
    let (directory, settings) = (directory(), settings(""));
    let day = Instant::parse(NOW).unwrap().unwrap().day();
    for (person, act, groups, role) in [
        ("carla", "withdraw", &["tls"][..], Some("chair@tls")),
        ("ada", "resend", &["tls"], Some("area-director@tls")),
        ("rob", "withdraw", &["tls"], Some("registrar@ietf")),
        ("rob", "correct", &["unheard-of"], Some("registrar@ietf")),
        ("rob", "correct", &[], Some("registrar@ietf")),
        ("carla", "correct", &["tls"], None),
        ("otto", "resend", &["tls"], None),
        ("otto", "resend", &["tls", "mpls"], Some("area-director@rtg")),
        ("robot", "resend", &["mpls"], None),
        ("liam", "send", &["tls"], None),
    ] {
        let groups: Vec<String> = groups.iter().map(|group| (*group).to_owned()).collect();
        let found = may_do(person, act, &groups, &directory, &settings, day);
        let found = found.map(|holder| format!("{}@{}", holder.role, holder.group));
        assert_eq!(found.as_deref(), role, "{person} {act} {groups:?}");
    }
}

#[test]
fn a_record_begins_only_where_no_term_of_any_time_gave_the_authority() {
    let settings = settings("");
    let with = |roles: &str| {
        let mut directory = directory();
        let text = format!("name = \"ietf\"\nkind = \"ietf\"\n{roles}");
        let group = parse_group(text.as_bytes(), &mut Sink::new("ietf.toml")).unwrap();
        directory.groups.insert("ietf".into(), group.into());
        directory
    };
    let term =
        |role: &str, person: &str, days: &str| format!("[[role]]\nrole = \"{role}\"\nperson = \"{person}\"\n{days}\n");
    for (roles, directory_begins, policy_begins) in [
        (String::new(), true, true),
        (term("chair", "ivan", "since = 2024-01-01"), true, true),
        (term("registrar", "rob", "since = 2024-01-01\nuntil = 2025-01-01"), false, false),
        (term("registrar", "rob", "since = 2030-01-01"), false, false),
        (term("registrar", "somebody-who-has-no-file", "since = 2024-01-01"), false, false),
        (term("registrar", "robot", "since = 2024-01-01"), true, true),
        (term("liaison-coordinator", "rob", "since = 2024-01-01"), false, true),
    ] {
        let begins = |kind| begins(kind, &with(&roles), &settings);
        assert_eq!((begins(ActKind::Directory), begins(ActKind::Policy)), (directory_begins, policy_begins), "{roles}");
    }
}
