//! A spanned tree from YAML events: strict, and all faults it can find in one reading.

use saphyr_parser::{Event, Parser, ScalarStyle, ScanError, Span as EventSpan, StrInput};

use crate::findings::{Code, Finding};
use crate::shape::{Entry, Node, Position, Sink, Span, Value};

/// Deepest nesting that a record needs, with room to spare.
const MAX_DEPTH: usize = 32;

/// Reads a YAML file into a tree of texts, lists and mappings.
///
/// Anchors, aliases, tags, second documents, duplicate keys and keys that are no text become findings. Nothing is
/// returned when the text cannot be read on after a fault.
pub fn parse_tree(bytes: &[u8], sink: &mut Sink<'_>) -> Option<Node> {
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            let span = span_of_bytes(bytes, error.valid_up_to());
            sink.push(
                Finding::plain(Code::NotUtf8, "the file is not UTF-8 text here").help("save the file as UTF-8"),
                span,
            );
            return None;
        }
    };
    if let Some(span) = conflict_markers(text) {
        sink.push(
            Finding::plain(Code::ConflictMarkers, "a merge conflict is not resolved here")
                .help("keep one side of it, or keep both letters under two names; then `git add` the file"),
            span,
        );
        return None;
    }
    let shift = usize::from(text.starts_with('\u{feff}')) * '\u{feff}'.len_utf8();
    let mut builder = Builder::new(&text[shift..], shift);
    match builder.document(sink) {
        Ok(Some(node)) => Some(node),
        Ok(None) => {
            sink.push(
                Finding::plain(Code::EmptyFile, "the file is empty").help("write the letter, or delete the file"),
                Span::default(),
            );
            None
        }
        Err(Stop::Yaml(error)) => {
            let at = builder.position(error.marker().index(), error.marker().line(), error.marker().col());
            sink.push(
                Finding::plain(Code::YamlSyntax, format!("this is no YAML: {}", error.info())),
                Span { start: at, end: at },
            );
            None
        }
        Err(Stop::Told) => None,
    }
}

/// Why reading ended early.
enum Stop {
    Yaml(ScanError),
    Told,
}

impl From<ScanError> for Stop {
    fn from(error: ScanError) -> Self {
        Self::Yaml(error)
    }
}

struct Builder<'t> {
    text: &'t str,
    parser: Parser<'t, StrInput<'t>>,
    ascii: bool,
    shift: usize,
    /// The last position turned from characters into bytes; positions mostly grow.
    known: (usize, usize),
}

impl<'t> Builder<'t> {
    fn new(text: &'t str, shift: usize) -> Self {
        Self { text, parser: Parser::new_from_str(text), ascii: text.is_ascii(), shift, known: (0, 0) }
    }

    fn next(&mut self) -> Result<(Event<'t>, EventSpan), Stop> {
        match self.parser.next_event() {
            Some(event) => Ok(event?),
            None => Err(Stop::Told),
        }
    }

    /// The one document of the file; nothing for a file without any value.
    fn document(&mut self, sink: &mut Sink<'_>) -> Result<Option<Node>, Stop> {
        let mut root = None;
        loop {
            let (event, span) = self.next()?;
            match event {
                Event::StreamEnd => return Ok(root),
                Event::StreamStart | Event::DocumentEnd | Event::Nothing => {}
                Event::DocumentStart(_) if root.is_some() => {
                    let span = self.span(span);
                    sink.push(
                        Finding::plain(Code::YamlFeature, "a second document begins here")
                            .help("keep one letter a file"),
                        span,
                    );
                    return Ok(root);
                }
                Event::DocumentStart(_) => {}
                Event::Alias(_)
                | Event::Scalar(..)
                | Event::SequenceStart(..)
                | Event::SequenceEnd
                | Event::MappingStart(..)
                | Event::MappingEnd => {
                    let node = self.node(event, span, 0, sink)?;
                    let bare = matches!(&node.value, Value::Scalar(text) if text.is_empty());
                    root = (!bare).then_some(node);
                    if bare {
                        return Ok(None);
                    }
                }
            }
        }
    }

    fn node(&mut self, event: Event<'t>, span: EventSpan, depth: usize, sink: &mut Sink<'_>) -> Result<Node, Stop> {
        if depth > MAX_DEPTH {
            let span = self.span(span);
            sink.push(
                Finding::plain(Code::TooDeep, format!("values are nested deeper than {MAX_DEPTH} levels here")),
                span,
            );
            return Err(Stop::Told);
        }
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                self.refuse_features(anchor, tag.is_some(), span, sink);
                let text =
                    if style == ScalarStyle::Plain && text.as_ref() == "~" { String::new() } else { text.into_owned() };
                Ok(Node { value: Value::Scalar(text), span: self.span(span) })
            }
            Event::SequenceStart(anchor, tag) => {
                self.refuse_features(anchor, tag.is_some(), span, sink);
                self.list(span, depth, sink)
            }
            Event::MappingStart(anchor, tag) => {
                self.refuse_features(anchor, tag.is_some(), span, sink);
                self.mapping(span, depth, sink)
            }
            Event::Alias(_) => {
                let span = self.span(span);
                sink.push(feature("an alias (`*name`)"), span);
                Ok(Node { value: Value::Scalar(String::new()), span })
            }
            Event::Nothing
            | Event::StreamStart
            | Event::StreamEnd
            | Event::DocumentStart(_)
            | Event::DocumentEnd
            | Event::SequenceEnd
            | Event::MappingEnd => Err(Stop::Told),
        }
    }

    fn list(&mut self, start: EventSpan, depth: usize, sink: &mut Sink<'_>) -> Result<Node, Stop> {
        let mut items: Vec<Node> = Vec::new();
        loop {
            let (event, span) = self.next()?;
            if event == Event::SequenceEnd {
                let span = self.enclosing(start, span, items.last().map(|item| item.span.end));
                return Ok(Node { value: Value::List(items), span });
            }
            items.push(self.node(event, span, depth + 1, sink)?);
        }
    }

    fn mapping(&mut self, start: EventSpan, depth: usize, sink: &mut Sink<'_>) -> Result<Node, Stop> {
        let mut entries: Vec<Entry> = Vec::new();
        loop {
            let (event, span) = self.next()?;
            if event == Event::MappingEnd {
                let span = self.enclosing(start, span, entries.last().map(|entry| entry.node.span.end));
                return Ok(Node { value: Value::Map(entries), span });
            }
            let key = self.node(event, span, depth + 1, sink)?;
            let (event, span) = self.next()?;
            let node = self.node(event, span, depth + 1, sink)?;
            match key.value {
                Value::Scalar(text) => push_entry(&mut entries, Entry { key: text, key_span: key.span, node }, sink),
                Value::List(_) | Value::Map(_) => sink.push(
                    Finding::plain(Code::WrongShape, format!("a key is {}, expected a text", key.kind())),
                    key.span,
                ),
            }
        }
    }

    fn refuse_features(&mut self, anchor: usize, tag: bool, span: EventSpan, sink: &mut Sink<'_>) {
        if anchor != 0 {
            let span = self.span(span);
            sink.push(feature("an anchor (`&name`)"), span);
        }
        if tag {
            let span = self.span(span);
            sink.push(feature("a tag (`!name`)"), span);
        }
    }

    /// From where a collection begins to where its last value ends, so that blank lines behind it are not in it.
    fn enclosing(&mut self, start: EventSpan, end: EventSpan, last: Option<Position>) -> Span {
        let start = self.position(start.start.index(), start.start.line(), start.start.col());
        let end = self.position(end.end.index(), end.end.line(), end.end.col());
        let flow = self.text.as_bytes().get(start.byte - self.shift).is_some_and(|b| b"[{".contains(b));
        Span { start, end: if flow { end } else { last.unwrap_or(end) } }
    }

    fn span(&mut self, span: EventSpan) -> Span {
        Span {
            start: self.position(span.start.index(), span.start.line(), span.start.col()),
            end: self.position(span.end.index(), span.end.line(), span.end.col()),
        }
    }

    fn position(&mut self, index: usize, line: usize, column: usize) -> Position {
        let byte = if self.ascii { index.min(self.text.len()) } else { self.byte_of(index) };
        Position { byte: byte + self.shift, line, column: column + 1 }
    }

    /// The byte at which a character begins, found from the last one found.
    fn byte_of(&mut self, index: usize) -> usize {
        let (mut chars, mut byte) = if self.known.0 <= index { self.known } else { (0, 0) };
        let rest = self.text.get(byte..).unwrap_or_default();
        for c in rest.chars().take(index - chars) {
            byte += c.len_utf8();
            chars += 1;
        }
        self.known = (chars, byte);
        byte
    }
}

fn feature(what: &str) -> Finding {
    Finding::plain(Code::YamlFeature, format!("{what} stands here; a record uses none")).help("write the value out")
}

fn push_entry(entries: &mut Vec<Entry>, entry: Entry, sink: &mut Sink<'_>) {
    if entry.key == "<<" {
        sink.push(feature("a merge key (`<<`)"), entry.key_span);
        return;
    }
    match entries.iter().find(|known| known.key == entry.key) {
        Some(first) => {
            let finding =
                Finding::plain(Code::DuplicateKey, format!("the key `{}` stands twice", entry.key.escape_debug()));
            let first = first.key_span.place(sink.file);
            sink.push(finding.with(first, "first here").help("keep one of them"), entry.key_span);
        }
        None => entries.push(entry),
    }
}

/// The first line that a merge left behind, if there is one.
fn conflict_markers(text: &str) -> Option<Span> {
    let mut byte = 0;
    for (index, line) in text.split('\n').enumerate() {
        let start = Position { byte, line: index + 1, column: 1 };
        if line.starts_with("<<<<<<< ") || line.starts_with(">>>>>>> ") || line.trim_end_matches('\r') == "=======" {
            let end = Position { byte: byte + line.len(), line: index + 1, column: line.chars().count() + 1 };
            return Some(Span { start, end });
        }
        byte += line.len() + 1;
    }
    None
}

/// The place of a byte in a text that is not UTF-8 from there on.
fn span_of_bytes(bytes: &[u8], at: usize) -> Span {
    let before = String::from_utf8_lossy(bytes.get(..at).unwrap_or_default());
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().map_or(0, |rest| rest.chars().count()) + 1;
    let position = Position { byte: at, line, column };
    Span { start: position, end: position }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(text: &[u8]) -> Vec<&'static str> {
        let mut sink = Sink::new("x.yaml");
        parse_tree(text, &mut sink);
        sink.findings.iter().map(|finding| finding.code.as_str()).collect()
    }

    #[test]
    fn spans_cover_exactly_the_values() {
        let text =
            "\u{feff}title: Réponse – étude\nfrom:\n  groups: [tls, quic]\n  contacts:\n  - a@b.c\n\nbody: |\n  x\n";
        let mut sink = Sink::new("x.yaml");
        let root = parse_tree(text.as_bytes(), &mut sink).unwrap();
        let slice = |path: &str| {
            let span = root.at(path).unwrap().span;
            &text[span.start.byte..span.end.byte]
        };
        assert_eq!(slice("title"), "Réponse – étude");
        assert_eq!(slice("from.groups"), "[tls, quic]");
        assert_eq!(slice("from.contacts"), "a@b.c");
        assert_eq!(root.at("from").unwrap().span.start.line, 3);
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
}
