//! Findings as people read them: source excerpt, caret, next step; and as programs read them.

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use super::context::Context;
use crate::findings::{Finding, Place, Severity};
use crate::store::Files;

/// Writes all findings, each with its place in the source.
pub(crate) fn write_findings(ctx: &mut Context, files: &dyn Files, findings: &[Finding]) -> anyhow::Result<()> {
    let mut last: Option<(String, Option<String>)> = None;
    for finding in findings {
        let source = match &last {
            Some((file, source)) if *file == finding.place.file => source.clone(),
            _ => files.read(&finding.place.file).ok().flatten().and_then(|bytes| String::from_utf8(bytes).ok()),
        };
        let text = render(finding, source.as_deref(), files, ctx.width.max(40), ctx.color);
        last = Some((finding.place.file.clone(), source));
        writeln!(ctx.out, "{text}\n")?;
    }
    Ok(())
}

fn render(finding: &Finding, source: Option<&str>, files: &dyn Files, width: usize, color: bool) -> String {
    let level = match finding.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Todo | Severity::Off => Level::NOTE.with_name("todo"),
    };
    let mut group = Group::with_title(level.primary_title(finding.message.as_str()).id(finding.code.as_str()));
    match (source, excerpt(source, &finding.place)) {
        (Some(source), Some(range)) => {
            let snippet = Snippet::source(source).path(finding.place.file.as_str());
            group = group.element(snippet.annotation(AnnotationKind::Primary.span(range)));
        }
        _ => group = group.element(annotate_snippets::Origin::path(finding.place.file.as_str())),
    }
    let related: Vec<(String, Place, &str)> = finding
        .related
        .iter()
        .filter_map(|(place, label)| {
            let source = files.read(&place.file).ok().flatten().and_then(|bytes| String::from_utf8(bytes).ok())?;
            Some((source, place.clone(), label.as_str()))
        })
        .collect();
    for (source, place, label) in &related {
        if let Some(range) = excerpt(Some(source), place) {
            let snippet = Snippet::source(source.as_str()).path(place.file.as_str());
            group = group.element(snippet.annotation(AnnotationKind::Context.span(range).label(*label)));
        }
    }
    let help = finding.help.clone().unwrap_or_default();
    if !help.is_empty() {
        group = group.element(Level::HELP.message(help.as_str()));
    }
    let renderer = if color { Renderer::styled() } else { Renderer::plain() };
    renderer.decor_style(DecorStyle::Ascii).term_width(width).render(&[group])
}

/// The bytes to underline: at most the first line of a value, on character boundaries.
fn excerpt(source: Option<&str>, place: &Place) -> Option<std::ops::Range<usize>> {
    let source = source?;
    if place.line == 0 || place.bytes.0 > source.len() {
        return None;
    }
    let rest = source.get(place.bytes.0..)?;
    let line = rest.find('\n').map_or(source.len(), |end| place.bytes.0 + end);
    let longest = source.get(place.bytes.0..line)?.char_indices().nth(200).map_or(line, |(at, _)| place.bytes.0 + at);
    let end = place.bytes.1.min(longest).max(place.bytes.0);
    source.is_char_boundary(end).then_some(place.bytes.0..end)
}

/// A finding for programs.
pub(crate) fn finding_json(finding: &Finding) -> serde_json::Value {
    serde_json::json!({
        "code": finding.code.as_str(),
        "severity": finding.severity.as_str(),
        "message": finding.message,
        "file": finding.place.file,
        "line": finding.place.line,
        "column": finding.place.column,
        "related": finding.related.iter().map(|(place, label)| serde_json::json!({
            "file": place.file, "line": place.line, "column": place.column, "label": label,
        })).collect::<Vec<_>>(),
        "help": finding.help,
    })
}
