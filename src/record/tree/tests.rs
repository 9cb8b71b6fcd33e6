use super::*;

fn codes(text: &[u8]) -> Vec<&'static str> {
    let mut sink = Sink::new("x.yaml");
    parse_tree(text, &mut sink);
    sink.findings.iter().map(|finding| finding.code.as_str()).collect()
}

#[test]
fn spans_cover_exactly_the_values() {
    let text = "\u{feff}title: Réponse – étude\nfrom:\n  groups: [tls, quic]\n  contacts:\n  - a@b.c\n\nbody: |\n  x\nto: {groups: [sa3, # behind\n  ], }\nrelease: 'it''s' # why\nmeeting: \"a\\\"b\" # where\n";
    let mut sink = Sink::new("x.yaml");
    let root = parse_tree(text.as_bytes(), &mut sink).unwrap();
    let slice = |path: &str| {
        let span = root.at(path).unwrap().span;
        &text[span.start.byte..span.end.byte]
    };
    assert_eq!(slice("title"), "Réponse – étude");
    assert_eq!(slice("from.groups"), "[tls, quic]");
    assert_eq!(slice("from.contacts"), "- a@b.c");
    assert_eq!(slice("to"), "{groups: [sa3, # behind\n  ], }");
    assert_eq!([slice("release"), slice("meeting")], ["'it''s'", "\"a\\\"b\""]);
    assert_eq!(root.at("from").unwrap().span.start.line, 3);
}

#[test]
fn an_empty_value_has_no_place_of_its_own() {
    let text = "a: >-\nb:\nc: {d: , e}\nf: |\n    x\n  # y\ng: 1\n";
    let root = parse_tree(text.as_bytes(), &mut Sink::new("x.yaml")).unwrap();
    let slice = |path: &str| {
        let span = root.at(path).unwrap().span;
        (span.start.line, &text[span.start.byte..span.end.byte])
    };
    assert_eq!([slice("a"), slice("b"), slice("c.d"), slice("c.e")], [(1, ""), (2, ""), (3, ""), (3, "")]);
    assert_eq!(slice("f"), (5, "x\n"), "the comment is not in the text");
}

#[test]
fn a_fault_at_the_end_is_in_the_last_line() {
    let mut sink = Sink::new("x.yaml");
    parse_tree(b"title: x\nd", &mut sink);
    assert_eq!((sink.findings[0].place.line, sink.findings[0].place.column), (2, 2));
}

#[test]
fn what_a_record_does_not_use_is_told_and_reading_goes_on() {
    assert_eq!(
        codes(b"a: &x 1\nb: *x\nc: !t 2\na: 3\n<<: {}\n"),
        ["yaml-feature", "yaml-feature", "yaml-feature", "duplicate-key", "yaml-feature"]
    );
    assert_eq!(codes(b"a: 1\n---\nb: 2\n"), ["yaml-feature"]);
    assert_eq!(codes(b"? [a]\n: 1\n"), ["wrong-shape"]);
}

#[test]
fn what_cannot_be_read_is_one_finding() {
    assert_eq!(codes(b""), ["empty-file"]);
    assert_eq!(codes(b"# only a comment\n"), ["empty-file"]);
    assert_eq!(codes(b"a: \xff\n"), ["not-utf8"]);
    assert_eq!(codes(b"a: [1\n"), ["yaml-syntax"]);
    assert_eq!(codes(b"<<<<<<< HEAD\na: 1\n"), ["conflict-markers"]);
    assert_eq!(codes("[".repeat(40).as_bytes()), ["too-deep"]);
    assert_eq!(codes("[".repeat(20_000).as_bytes()).len(), 1);
}

#[test]
fn many_keys_are_read_in_little_time() {
    let text: String = (0..50_000).map(|number| format!("k{number}: é\n")).collect();
    let begin = std::time::Instant::now();
    assert!(codes(text.as_bytes()).is_empty());
    assert!(begin.elapsed() < std::time::Duration::from_secs(5), "{:?}", begin.elapsed());
}
