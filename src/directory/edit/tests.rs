//! Changes as a reader of the file sees them.

use super::*;

fn on(text: &str) -> NaiveDate {
    parse_date(text).unwrap().unwrap()
}

fn text(text: &str) -> Cell {
    Cell::Text(text.into())
}

fn begin(person: &str) -> Edit {
    let item = vec![("role", text("chair")), ("person", text(person)), ("since", Cell::Day(on("2026-11-24")))];
    Edit::Append { list: "role", item }
}

const BEGUN: &str = "[[role]]\nrole = \"chair\"\nperson = \"ada\"\nsince = 2026-11-24\n";

#[test]
fn a_new_file_says_its_values_in_order() {
    let keys = [
        ("name", text("The \"new\" group")),
        ("send-to", text("Office <office@example.org>")),
        ("since", Cell::Day(on("2026-01-05"))),
        ("owners", Cell::Texts(vec!["a@example.org".into(), "b@example.org".into()])),
        (
            "addresses",
            Cell::Map(vec![("chair".into(), "c@example.org".into()), ("contact".into(), "d@example.org".into())]),
        ),
        ("public", text("first\n\nlast\n")),
    ];
    let expected = "name = 'The \"new\" group'\nsend-to = \"Office <office@example.org>\"\nsince = 2026-01-05\n\
        owners = [\"a@example.org\", \"b@example.org\"]\n\
        addresses = { chair = \"c@example.org\", contact = \"d@example.org\" }\n\
        public = \"\"\"\nfirst\n\nlast\n\"\"\"\n";
    assert_eq!(new_file(&keys), expected);
}

#[test]
fn a_term_begins_behind_the_others() {
    for (before, after) in [
        ("name = \"A\"\n", format!("name = \"A\"\n\n{BEGUN}")),
        ("name = \"A\"", format!("name = \"A\"\n\n{BEGUN}")),
        (
            "# ours\n\nname=  'A' # so\n\n\n[[role]]\nrole='x'\n",
            format!("# ours\n\nname=  'A' # so\n\n\n[[role]]\nrole='x'\n\n{BEGUN}"),
        ),
        // What stands below the last term is about that term.
        ("[[role]]\nrole = \"x\"\n# acting only\n", format!("[[role]]\nrole = \"x\"\n# acting only\n\n{BEGUN}")),
        // Other tables stay where they are, with what stands above them.
        (
            "[[role]]\nrole = \"x\"\n\n# by name\n[addresses]\nchair = \"c@example.org\"\n# end\n",
            format!("[[role]]\nrole = \"x\"\n\n{BEGUN}\n# by name\n[addresses]\nchair = \"c@example.org\"\n# end\n"),
        ),
        ("[addresses]\nchair = \"c@example.org\"\n", format!("[addresses]\nchair = \"c@example.org\"\n\n{BEGUN}")),
        (
            "role = [\n  { role = \"x\" }, # first\n]\n",
            "role = [\n  { role = \"x\" },\n  { role = \"chair\", person = \"ada\", since = 2026-11-24 }, # first\n]\n"
                .into(),
        ),
        (
            "name = \"A\"\r\n\r\n[[role]]\r\nrole = \"x\"\r\n",
            format!("name = \"A\"\r\n\r\n[[role]]\r\nrole = \"x\"\r\n\r\n{}", BEGUN.replace('\n', "\r\n")),
        ),
    ] {
        assert_eq!(edit(before, &begin("ada")), Ok(after), "{before}");
    }
}

fn end_of(person: &str, until: &str) -> Edit {
    let item = vec![("role", "chair".to_owned()), ("person", person.to_owned())];
    Edit::End { list: "role", item, until: on(until) }
}

#[test]
fn a_term_ends_where_it_stands() {
    let before = "[[role]]\nrole = \"chair\" # of two\nperson = \"ada\"\nsince = 2024-01-01 # elected\naddress = \"a@example.org\"\n\n\
        # a comment about bob\n[[role]]\nrole = \"chair\"\nperson = \"bob\"\nsince = 2024-01-01";
    let ada = before.replace("# elected\n", "# elected\nuntil = 2026-01-01\n") + "\n";
    assert_eq!(edit(before, &end_of("ada", "2026-01-01")), Ok(ada));
    assert_eq!(edit(before, &end_of("bob", "2026-01-01")), Ok(format!("{before}\nuntil = 2026-01-01\n")));
    let inline = "role = [ { role = \"chair\", person = \"ada\" }, {role = \"chair\", person = \"bob\"} ]\n";
    assert_eq!(
        edit(inline, &end_of("ada", "2026-01-01")),
        Ok(inline.replace("\"ada\" }", "\"ada\", until = 2026-01-01 }"))
    );
    assert_eq!(
        edit(inline, &end_of("bob", "2026-01-01")),
        Ok(inline.replace("\"bob\"}", "\"bob\", until = 2026-01-01}"))
    );
}

#[test]
fn only_one_lasting_term_ends_and_after_its_beginning() {
    let ada = "[[role]]\nrole = \"chair\"\nperson = \"ada\"\nsince = 2024-01-01\n";
    let ended = format!("{ada}until = 2025-01-01\n");
    let reversed = |until: &str| EditError::Reversed { since: on("2024-01-01"), until: on(until) };
    for (before, until, error) in [
        ("name = \"A\"\n".to_owned(), "2026-01-01", EditError::NothingLasts("role")),
        (ended.clone(), "2026-01-01", EditError::NothingLasts("role")),
        (ada.replace("ada", "bob"), "2026-01-01", EditError::NothingLasts("role")),
        (format!("{ada}\n{ada}"), "2026-01-01", EditError::SeveralLast("role")),
        (ada.to_owned(), "2024-01-01", reversed("2024-01-01")),
        (ada.replace("2024-01-01", "\"2024-01-01\""), "2023-01-01", reversed("2023-01-01")),
    ] {
        assert_eq!(edit(&before, &end_of("ada", until)), Err(error), "{before}");
    }
    assert_eq!(
        edit(&format!("{ended}\n{ada}"), &end_of("ada", "2026-01-01")),
        Ok(format!("{ended}\n{ada}until = 2026-01-01\n"))
    );
}

fn moved(parent: &str, since: &str) -> Edit {
    Edit::Change { key: "parent", value: parent.into(), since: on(since) }
}

#[test]
fn a_value_changes_on_a_day() {
    for (before, after) in [
        (
            "name = \"A\"\n\n[[role]]\nrole = \"x\"\n",
            "name = \"A\"\nparent = [{ value = \"ops\", since = 2025-03-20 }]\n\n[[role]]\nrole = \"x\"\n",
        ),
        (
            "parent = \"sec\"  # since ever\nname = \"A\"\n# end\n",
            "parent = [{ value = \"sec\", until = 2025-03-20 }, { value = \"ops\", since = 2025-03-20 }]  # since ever\nname = \"A\"\n# end\n",
        ),
        (
            "parent = [{ value = \"gen\", until = 2020-01-01 }, { value = \"sec\", since = 2020-01-01 }]\n",
            "parent = [{ value = \"gen\", until = 2020-01-01 }, { value = \"sec\", since = 2020-01-01, until = 2025-03-20 }, { value = \"ops\", since = 2025-03-20 }]\n",
        ),
        (
            "parent = [{ value = \"ops\", until = 2020-01-01 }]\n",
            "parent = [{ value = \"ops\", until = 2020-01-01 }, { value = \"ops\", since = 2025-03-20 }]\n",
        ),
    ] {
        assert_eq!(edit(before, &moved("ops", "2025-03-20")).as_deref(), Ok(after), "{before}");
    }
}

#[test]
fn a_value_changes_only_to_another_and_only_at_the_end() {
    let same = EditError::Same { key: "parent", value: "ops".into() };
    let later = EditError::Later { key: "parent", value: "sec".into(), until: on("2026-01-01") };
    for (before, error) in [
        ("parent = \"ops\"", same.clone()),
        ("parent = [{ value = \"ops\", since = 2020-01-01 }]", same),
        ("parent = [{ value = \"sec\", until = 2026-01-01 }]", later),
        (
            "parent = [{ value = \"sec\", since = 2025-03-20 }]",
            EditError::Reversed { since: on("2025-03-20"), until: on("2025-03-20") },
        ),
        ("parent = 7", EditError::Shape { key: "parent", found: "integer", expected: "a text" }),
        (
            "[[parent]]\nvalue = \"sec\"\n",
            EditError::Shape { key: "parent", found: "array of tables", expected: "a text or `[{ value = … }]`" },
        ),
        (
            "parent = [\"sec\"]",
            EditError::Shape { key: "parent", found: "string", expected: "`{ value = …, since = … }`" },
        ),
    ] {
        assert_eq!(edit(before, &moved("ops", "2025-03-20")), Err(error), "{before}");
    }
}

#[test]
fn text_that_would_not_stay_is_not_touched() {
    assert_eq!(edit("name = \"A\"\r\nkind = \"x\"\n", &begin("ada")), Err(EditError::OtherText));
    assert!(matches!(edit("<<<<<<< ours\n", &begin("ada")), Err(EditError::Syntax(_))));
    assert_eq!(
        edit("role = \"chair\"\n", &begin("ada")),
        Err(EditError::Shape { key: "role", found: "string", expected: "a list of mappings" })
    );
}
