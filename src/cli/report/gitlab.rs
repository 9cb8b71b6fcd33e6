//! A code quality report: GitLab compares it with the target branch's, and shows what is new.

use serde_json::json;

use super::Report;
use crate::cli::context::Context;
use crate::cli::format::write_json;
use crate::findings::Severity;

/// Prints the report.
pub(super) fn write(report: &Report<'_>, ctx: &mut Context) -> anyhow::Result<()> {
    let mut issues = Vec::new();
    for (reported, fingerprint) in report.findings.iter().zip(report.fingerprints()) {
        let finding = reported.finding;
        // Every issue has a place there; what is about the record as a whole is shown at its settings.
        let path = report.path(&finding.place).unwrap_or_else(|| format!("{}liaison.toml", report.prefix));
        issues.push(json!({
            "description": reported.text(),
            "check_name": finding.code.as_str(),
            "fingerprint": fingerprint,
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
