//! A spanned tree from YAML events: strict, and all faults it can find in one reading.

mod faults;

use std::collections::BTreeMap;

use saphyr_parser::{Event, Marker, Parser, ScalarStyle, ScanError, Span as EventSpan, StrInput};

use self::faults::{feature, span_of_bytes, syntax, too_deep};
use super::conflict::unresolved;
use crate::findings::{Code, Finding};
use crate::shape::{Entry, LineIndex, Node, Position, Sink, Span, Value};

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
    let shift = usize::from(text.starts_with('\u{feff}')) * '\u{feff}'.len_utf8();
    let mut builder = Builder::new(&text[shift..], shift);
    if let Some(span) = builder.conflict_markers() {
        sink.push(unresolved(text, sink.file), span);
        return None;
    }
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
            let at = builder.position(error.marker());
            let sign = |open: &Span| builder.text[open.start.byte - shift..].starts_with('{');
            let open = builder.open.last().map(|open| (open.place(sink.file), if sign(open) { '{' } else { '[' }));
            let finding = syntax(error.info(), open);
            sink.push(finding, Span { start: at, end: at });
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
    lines: LineIndex<'t>,
    /// The bytes before the text: a byte order mark.
    shift: usize,
    /// The lists and mappings in brackets that are open.
    open: Vec<Span>,
}

impl<'t> Builder<'t> {
    fn new(text: &'t str, shift: usize) -> Self {
        Self { text, parser: Parser::new_from_str(text), lines: LineIndex::new(text), shift, open: Vec::new() }
    }

    fn next(&mut self) -> Result<(Event<'t>, EventSpan), Stop> {
        match self.parser.next_event() {
            Some(event) => Ok(event?),
            None => Err(Stop::Told),
        }
    }

    /// Remembers where a list or mapping in brackets was opened.
    fn opened(&mut self, span: EventSpan) -> bool {
        let span = self.span(span);
        let is_bracket = self.text.get(span.start.byte - self.shift..).is_some_and(|rest| rest.starts_with(['[', '{']));
        if is_bracket {
            self.open.push(span);
        }
        is_bracket
    }

    /// Forgets the one opened last, as it is closed.
    fn closed(&mut self, was_bracket: bool) {
        if was_bracket {
            self.open.pop();
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
            sink.push(too_deep(), span);
            return Err(Stop::Told);
        }
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                self.refuse_features(anchor, tag.is_some(), span, sink);
                let is_nothing = style == ScalarStyle::Plain && text.is_empty();
                let text =
                    if style == ScalarStyle::Plain && text.as_ref() == "~" { String::new() } else { text.into_owned() };
                // Where nothing is written the parser gives the place of what comes next.
                let Span { start, end } = self.span(span);
                let end = match style {
                    _ if is_nothing => start,
                    ScalarStyle::Literal | ScalarStyle::Folded => self.end_of_block(start, end),
                    ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => self.end_of_quoted(start).unwrap_or(end),
                    ScalarStyle::Plain => end,
                };
                Ok(Node { value: Value::Scalar(text), span: Span { start, end } })
            }
            Event::SequenceStart(anchor, tag) => {
                self.refuse_features(anchor, tag.is_some(), span, sink);
                let is_bracket = self.opened(span);
                let node = self.list(span, depth, sink)?;
                self.closed(is_bracket);
                Ok(node)
            }
            Event::MappingStart(anchor, tag) => {
                self.refuse_features(anchor, tag.is_some(), span, sink);
                let is_bracket = self.opened(span);
                let node = self.mapping(span, depth, sink)?;
                self.closed(is_bracket);
                Ok(node)
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
                let ends = items.first().zip(items.last()).map(|(first, last)| (first.span.start, last.span.end));
                let mut span = self.enclosing(start, span, ends);
                if let Some((first, _)) = ends {
                    span.start = self.start_of_list(span.start, first);
                }
                return Ok(Node { value: Value::List(items), span });
            }
            items.push(self.node(event, span, depth + 1, sink)?);
        }
    }

    fn mapping(&mut self, start: EventSpan, depth: usize, sink: &mut Sink<'_>) -> Result<Node, Stop> {
        let mut entries: Vec<Entry> = Vec::new();
        let mut known: BTreeMap<String, Span> = BTreeMap::new();
        loop {
            let (event, span) = self.next()?;
            if event == Event::MappingEnd {
                let ends = entries.first().zip(entries.last());
                let span =
                    self.enclosing(start, span, ends.map(|(first, last)| (first.key_span.start, last.node.span.end)));
                return Ok(Node { value: Value::Map(entries), span });
            }
            let key = self.node(event, span, depth + 1, sink)?;
            let (event, span) = self.next()?;
            let mut node = self.node(event, span, depth + 1, sink)?;
            let between = self.text.get(key.span.end.byte - self.shift..node.span.start.byte - self.shift);
            if is_absent(&node) && between.is_some_and(|between| between.contains(['\n', '\r'])) {
                // The parser gives an empty value the place of whatever comes next.
                node.span = Span { start: key.span.end, end: key.span.end };
            }
            match key.value {
                Value::Scalar(text) => {
                    if is_new(&text, key.span, &mut known, sink) {
                        entries.push(Entry { key: text, key_span: key.span, node });
                    }
                }
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

    /// Behind the closing quote: the parser takes a comment behind it for a part of the text.
    fn end_of_quoted(&self, start: Position) -> Option<Position> {
        let at = start.byte - self.shift;
        let mut chars = self.text.get(at..)?.char_indices();
        let (_, quote) = chars.next().filter(|(_, c)| matches!(c, '"' | '\''))?;
        while let Some((offset, c)) = chars.next() {
            if c == '\\' && quote == '"' {
                chars.next();
            } else if c == quote {
                if quote == '\'' && self.text[at + offset + 1..].starts_with('\'') {
                    chars.next();
                } else {
                    return Some(self.shifted(self.lines.of_byte(at + offset + 1)));
                }
            }
        }
        None
    }

    fn shifted(&self, position: Position) -> Position {
        Position { byte: position.byte + self.shift, ..position }
    }

    /// Where block text ends: behind its last line; the blanks behind that, and before whatever comes next, are not in it.
    fn end_of_block(&self, start: Position, end: Position) -> Position {
        let text = self.text.get(start.byte - self.shift..end.byte - self.shift).unwrap_or_default();
        let kept = text.trim_end_matches([' ', '\t', '\r', '\n']).len();
        let line_break = text[kept..].find(['\r', '\n']).map(|at| kept + at);
        let length = line_break.map_or(text.len(), |at| if text[at..].starts_with("\r\n") { at + 2 } else { at + 1 });
        self.shifted(self.lines.of_byte(start.byte - self.shift + length))
    }

    /// From where a collection begins to where it is closed, or to where its last value ends, so that blank lines behind
    /// it are not in it.
    fn enclosing(&self, start: EventSpan, end: EventSpan, inner: Option<(Position, Position)>) -> Span {
        let (start, end) = (self.position(&start.start), self.position(&end.end));
        let is_open = self.text.as_bytes().get(start.byte - self.shift).is_some_and(|b| b"[{".contains(b));
        match inner {
            Some((first, last)) if !is_open || first.byte <= start.byte => Span { start, end: last },
            Some((_, last)) => Span { start, end: self.closing(last).unwrap_or(end) },
            None => Span { start, end },
        }
    }

    /// Behind the bracket or brace that closes a collection: the parser misses it behind a last comma.
    fn closing(&self, last: Position) -> Option<Position> {
        let mut rest = self.text.get(last.byte - self.shift..)?;
        loop {
            rest = rest.trim_start_matches([' ', '\t', '\r', '\n', ',', ':']);
            match rest.chars().next()? {
                '#' => rest = rest.get(rest.find(['\r', '\n'])?..)?,
                ']' | '}' => {
                    return Some(self.shifted(self.lines.of_byte(self.text.len() - rest.len() + 1)));
                }
                _ => return None,
            }
        }
    }

    /// Where a list begins: of one that is not indented the parser gives the place behind its first hyphen.
    fn start_of_list(&self, start: Position, first: Position) -> Position {
        let at = start.byte - self.shift;
        let is_behind = first.byte <= start.byte || !self.text[at..].starts_with(['-', '[']);
        let before = self.text[..at].trim_end_matches([' ', '\t']);
        match before.strip_suffix('-').filter(|_| is_behind) {
            Some(before) => self.shifted(self.lines.of_byte(before.len())),
            None => start,
        }
    }

    fn span(&self, span: EventSpan) -> Span {
        Span { start: self.position(&span.start), end: self.position(&span.end) }
    }

    /// The parser counts characters, and lines that the text need not have; bytes and lines are those of the text.
    fn position(&self, marker: &Marker) -> Position {
        self.shifted(self.lines.of_char(marker.index()))
    }

    /// The first line that a merge left behind, if there is one.
    fn conflict_markers(&self) -> Option<Span> {
        let is_marker = |line: &str| {
            line.starts_with("<<<<<<< ")
                || line.starts_with(">>>>>>> ")
                || line.trim_end_matches(['\r', '\n']) == "======="
        };
        let mut byte = 0;
        for line in self.text.split_inclusive('\n') {
            if is_marker(line) {
                let span = self.lines.span(byte, byte + line.trim_end_matches(['\r', '\n']).len());
                return Some(Span { start: self.shifted(span.start), end: self.shifted(span.end) });
            }
            byte += line.len();
        }
        None
    }
}

/// Whether nothing is written for a value; `""` and `~` are.
fn is_absent(node: &Node) -> bool {
    matches!(&node.value, Value::Scalar(text) if text.trim_matches('\n').is_empty()) && node.span.start == node.span.end
}

/// Whether a key is none of those before it, and no merge key; `known` remembers it.
fn is_new(key: &str, span: Span, known: &mut BTreeMap<String, Span>, sink: &mut Sink<'_>) -> bool {
    if key == "<<" {
        sink.push(feature("a merge key (`<<`)"), span);
        return false;
    }
    match known.get(key) {
        Some(first) => {
            let finding = Finding::plain(Code::DuplicateKey, format!("the key `{}` stands twice", key.escape_debug()));
            sink.push(finding.with(first.place(sink.file), "first here").help("keep one of them"), span);
            false
        }
        None => {
            known.insert(key.to_owned(), span);
            true
        }
    }
}

#[cfg(test)]
mod tests;
