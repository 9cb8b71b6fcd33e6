//! JSON, and lines with columns.

use serde_json::{Value, json};

use super::{Report, Reported};
use crate::cli::args::Format;
use crate::cli::context::Context;
use crate::cli::format::{Listing, write_json};
use crate::findings::{Finding, Place};

/// The version of the JSON's shape: it changes when a key goes or means something else, not when one is added.
const VERSION: u64 = 1;

/// Prints an object: the version, what the command adds, the findings.
pub(super) fn write_object(report: &Report<'_>, ctx: &mut Context) -> anyhow::Result<()> {
    let mut object = report.about.clone();
    object.insert("version".into(), VERSION.into());
    object.insert("findings".into(), report.findings.iter().map(|reported| value(*reported)).collect());
    write_json(ctx, &Value::from(object))
}

fn value(reported: Reported<'_>) -> Value {
    let mut value = finding_json(reported.finding);
    if let (Some(object), Some(commit)) = (value.as_object_mut(), reported.commit) {
        object.insert("commit".into(), commit.into());
    }
    value
}

/// A finding for programs.
pub(crate) fn finding_json(finding: &Finding) -> Value {
    let related = |(place, label): &(Place, String)| json!({"file": place.file, "line": place.line, "column": place.column, "label": label});
    json!({
        "code": finding.code.as_str(),
        "severity": finding.severity.as_str(),
        "message": finding.message,
        "file": finding.place.file,
        "line": finding.place.line,
        "column": finding.place.column,
        "related": finding.related.iter().map(related).collect::<Vec<_>>(),
        "help": finding.help,
    })
}

/// Prints a line for each finding.
pub(super) fn write_lines(report: &Report<'_>, ctx: &mut Context, format: Format) -> anyhow::Result<()> {
    let mut listing = Listing::new(&["commit", "file", "line", "column", "severity", "code", "message", "help"]);
    for Reported { finding, commit } in &report.findings {
        listing.rows.push(vec![
            (*commit).into(),
            finding.place.file.clone().into(),
            finding.place.line.into(),
            finding.place.column.into(),
            finding.severity.as_str().into(),
            finding.code.as_str().into(),
            finding.message.clone().into(),
            finding.help.clone().into(),
        ]);
    }
    if !report.is_of_history {
        listing.hide("commit");
    }
    listing.write(ctx, format)
}
