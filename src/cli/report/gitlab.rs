//! A code quality report: GitLab compares it with the target branch's, and shows what is new.

use std::collections::BTreeMap;

use serde_json::json;

use super::Report;
use crate::cli::context::Context;
use crate::cli::format::write_json;
use crate::domain::Digest;
use crate::findings::Severity;

/// Prints the report.
pub(super) fn write(report: &Report<'_>, ctx: &mut Context) -> anyhow::Result<()> {
    // A finding keeps its fingerprint when lines before it come and go; what is found twice in a file is counted.
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let mut issues = Vec::new();
    for reported in &report.findings {
        let finding = reported.finding;
        // Every issue has a place there; what is about the record as a whole is shown at its settings.
        let path = report.path(&finding.place).unwrap_or_else(|| format!("{}liaison.toml", report.prefix));
        let commit = reported.commit.unwrap_or_default();
        let about = format!("{}\n{path}\n{}\n{commit}", finding.code, finding.message);
        let count = seen.entry(about.clone()).or_default();
        *count += 1;
        issues.push(json!({
            "description": reported.text(),
            "check_name": finding.code.as_str(),
            "fingerprint": Digest::of(format!("{about}\n{count}").as_bytes()).short(32),
            "severity": severity(finding.severity),
            "location": {"path": path, "lines": {"begin": finding.place.line.max(1)}},
        }));
    }
    write_json(ctx, &json!(issues))
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "major",
        Severity::Warning => "minor",
        Severity::Todo | Severity::Off => "info",
    }
}
