//! SARIF 2.1.0: findings with the rules they are about, for code scanning and editors.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::{Report, Reported};
use crate::cli::context::Context;
use crate::cli::format::write_json;
use crate::findings::{Code, Place, Severity, Stage};

/// The schema that it keeps to.
const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// Prints one run.
pub(super) fn write(report: &Report<'_>, ctx: &mut Context) -> anyhow::Result<()> {
    let codes: BTreeSet<Code> = report.findings.iter().map(|reported| reported.finding.code).collect();
    let codes: Vec<Code> = codes.into_iter().collect();
    let results = report.findings.iter().zip(report.fingerprints());
    let results: Vec<Value> =
        results.map(|(reported, fingerprint)| result(report, reported, &fingerprint, &codes)).collect();
    let driver = json!({
        "name": "liaison",
        "semanticVersion": env!("CARGO_PKG_VERSION"),
        "rules": codes.iter().map(|code| rule(*code)).collect::<Vec<_>>(),
    });
    let run = json!({
        "tool": {"driver": driver},
        "automationDetails": {"id": format!("liaison/{}/", report.command)},
        "columnKind": "unicodeCodePoints",
        "results": results,
    });
    write_json(ctx, &json!({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}))
}

fn rule(code: Code) -> Value {
    json!({
        "id": code.as_str(),
        "shortDescription": {"text": code.summary()},
        "help": {"text": code.page(), "markdown": code.page()},
        "defaultConfiguration": {"level": level(code.severity(Stage::Sent))},
        "properties": {"source": code.source()},
    })
}

fn result(report: &Report<'_>, reported: &Reported<'_>, fingerprint: &str, codes: &[Code]) -> Value {
    let finding = reported.finding;
    let mut result = Map::new();
    result.insert("ruleId".into(), finding.code.as_str().into());
    result.insert("ruleIndex".into(), codes.iter().position(|code| *code == finding.code).into());
    result.insert("level".into(), level(finding.severity).into());
    result.insert("message".into(), json!({"text": reported.text()}));
    let places = report.path(&finding.place).map(|path| json!({"physicalLocation": physical(&path, &finding.place)}));
    result.insert("locations".into(), places.into_iter().collect::<Vec<_>>().into());
    let related = finding.related.iter().filter_map(|(place, label)| {
        let path = report.path(place)?;
        Some(json!({"physicalLocation": physical(&path, place), "message": {"text": label}}))
    });
    let related: Vec<Value> = related.collect();
    if !related.is_empty() {
        result.insert("relatedLocations".into(), related.into());
    }
    result.insert("partialFingerprints".into(), json!({"finding/v1": fingerprint}));
    if let Some(commit) = reported.commit {
        result.insert("properties".into(), json!({"commit": commit}));
    }
    result.into()
}

fn physical(path: &str, place: &Place) -> Value {
    // Code scanning shows nothing without a line.
    let region = match place.line {
        0 => json!({"startLine": 1}),
        line => json!({"startLine": line, "startColumn": place.column.max(1)}),
    };
    json!({"artifactLocation": {"uri": uri(path)}, "region": region})
}

/// A path as a relative reference: what no URI holds is written as bytes.
fn uri(path: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte);
    path.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Todo => "note",
        Severity::Off => "none",
    }
}
