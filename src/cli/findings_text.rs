//! Findings as people read them: source excerpt, caret, next step.

use std::collections::BTreeMap;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use super::context::Context;
use super::format::terminal_safe;
use crate::findings::{Finding, Place, Severity};
use crate::store::Files;

/// Writes all findings, each with its place in the source.
pub(crate) fn write_findings(ctx: &mut Context, files: &dyn Files, findings: &[Finding]) -> anyhow::Result<()> {
    let mut sources = Sources { files, texts: BTreeMap::new() };
    let mut file = "";
    for finding in findings {
        if finding.place.file != file {
            sources.texts.clear();
            file = &finding.place.file;
        }
        sources.load(finding);
        writeln!(ctx.out, "{}\n", render(finding, &sources, ctx.width.max(40), ctx.color))?;
    }
    Ok(())
}

/// The texts that the findings of one file point at, each read once.
struct Sources<'f> {
    files: &'f dyn Files,
    texts: BTreeMap<String, Option<String>>,
}

impl Sources<'_> {
    fn load(&mut self, finding: &Finding) {
        for place in std::iter::once(&finding.place).chain(finding.related.iter().map(|(place, _)| place)) {
            if !self.texts.contains_key(&place.file) {
                let text = self.files.read(&place.file).ok().flatten().and_then(|bytes| String::from_utf8(bytes).ok());
                self.texts.insert(place.file.clone(), text);
            }
        }
    }

    fn excerpt(&self, place: &Place) -> Option<Excerpt<'_>> {
        excerpt(self.texts.get(&place.file)?.as_deref()?, place)
    }
}

fn render(finding: &Finding, sources: &Sources<'_>, width: usize, color: bool) -> String {
    let level = match finding.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Todo | Severity::Off => Level::NOTE.with_name("todo"),
    };
    let mut group = Group::with_title(level.primary_title(finding.message.as_str()).id(finding.code.as_str()));
    let (place, path) = (&finding.place, told(&finding.place.file));
    group = match sources.excerpt(place) {
        Some(shown) => group.element(snippet(&shown, &path, AnnotationKind::Primary.span(shown.range.clone()))),
        None if place.line > 0 => group.element(Origin::path(path.as_str()).line(place.line).char_column(place.column)),
        None => group.element(Origin::path(path.as_str())),
    };
    let related =
        finding.related.iter().filter_map(|(place, label)| Some((sources.excerpt(place)?, told(&place.file), label)));
    let related: Vec<_> = related.collect();
    for (shown, path, label) in &related {
        let annotation = AnnotationKind::Context.span(shown.range.clone()).label(label.as_str());
        group = group.element(snippet(shown, path, annotation));
    }
    let help = finding.help.clone().unwrap_or_default();
    if !help.is_empty() {
        group = group.element(Level::HELP.message(help.as_str()));
    }
    let renderer = if color { Renderer::styled() } else { Renderer::plain() };
    renderer.decor_style(DecorStyle::Ascii).term_width(width).render(&[group])
}

/// A path on one line that obeys nothing: anybody who pushes names files.
fn told(path: &str) -> String {
    terminal_safe(path).replace('\n', "\\n")
}

fn snippet<'s>(shown: &Excerpt<'s>, path: &'s str, annotation: Annotation<'s>) -> Snippet<'s, Annotation<'s>> {
    Snippet::source(shown.line).line_start(shown.number).path(path).annotation(annotation)
}

/// The line at a place, and the bytes of it to underline.
struct Excerpt<'s> {
    line: &'s str,
    number: usize,
    range: std::ops::Range<usize>,
}

/// The longest line that is shown: what is longer helps nobody, and is read once more for each of its findings.
const LONGEST_LINE: usize = 4_000;

/// The line of a place alone, so that a file of many faults is not read again for each: at most the first line of a value,
/// on character boundaries.
fn excerpt<'s>(source: &'s str, place: &Place) -> Option<Excerpt<'s>> {
    let (from, to) = place.bytes;
    if place.line == 0 {
        return None;
    }
    let bytes = source.as_bytes();
    let near = from.saturating_sub(LONGEST_LINE);
    let before = match bytes.get(near..from)?.iter().rposition(|byte| *byte == b'\n') {
        Some(end) => near + end + 1,
        None if near == 0 => 0,
        None => return None,
    };
    let rest = bytes.get(from..bytes.len().min(before + LONGEST_LINE + 1))?;
    let after = match rest.iter().position(|byte| *byte == b'\n') {
        Some(end) => from + end,
        None if from + rest.len() == bytes.len() => bytes.len(),
        None => return None,
    };
    let line = source.get(before..after)?;
    let line = line.strip_suffix('\r').unwrap_or(line);
    let after = (before + line.len()).max(from);
    let longest = source.get(from..after)?.char_indices().nth(200).map_or(after, |(at, _)| from + at);
    let end = to.min(longest).max(from);
    let range = from - before..end - before;
    line.is_char_boundary(range.end).then_some(Excerpt { line, number: place.line, range })
}
