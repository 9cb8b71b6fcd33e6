//! Findings for programs: JSON and lines, annotations of forges, SARIF, JUnit. In what forges read, paths are those of the
//! repository.

mod github;
mod gitlab;
mod junit;
mod plain;
mod sarif;

use std::collections::BTreeMap;

use clap::ValueEnum;
use serde_json::{Map, Value};

use super::args::Format;
use super::context::Context;
use crate::domain::Digest;
use crate::findings::{Finding, Place};

pub(crate) use plain::finding_json;

/// How findings are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ReportFormat {
    /// For people: each finding with its place and the next step
    Table,
    /// One line each, tab-separated, for scripts
    Text,
    /// JSON, for programs; docs/findings.md has its shape
    Json,
    /// Comma-separated values, with a header line
    Csv,
    /// Annotations on the lines of a pull request, as GitHub's workflows print them
    Github,
    /// A code quality report, as GitLab shows it in a merge request
    Gitlab,
    /// SARIF 2.1.0, for code scanning and editors
    Sarif,
    /// JUnit XML, a test case for each letter or file, for whatever shows tests
    Junit,
}

/// What a command found, for programs.
pub(crate) struct Report<'r> {
    /// The command: `check` or `audit`.
    pub(crate) command: &'static str,
    /// What leads from the repository's root to the record's, with a slash at its end; or nothing.
    pub(crate) prefix: &'r str,
    /// What was found, in order.
    pub(crate) findings: Vec<Reported<'r>>,
    /// The files that were judged, whether something was found in them or not.
    pub(crate) judged: Vec<String>,
    /// Whether commits are judged, and not the files as they are.
    pub(crate) is_of_history: bool,
    /// What the JSON says besides.
    pub(crate) about: Map<String, Value>,
}

/// A finding, and the commit that it is about.
#[derive(Clone, Copy)]
pub(crate) struct Reported<'r> {
    /// What was found.
    pub(crate) finding: &'r Finding,
    /// The full id of the commit; none where the files themselves are judged.
    pub(crate) commit: Option<&'r str>,
}

impl Report<'_> {
    /// Nothing was found yet.
    pub(crate) fn of(command: &'static str) -> Self {
        let (findings, judged, about) = (Vec::new(), Vec::new(), Map::new());
        Self { command, prefix: "", findings, judged, is_of_history: false, about }
    }

    /// Prints it. What people read is another matter: a table prints nothing here.
    pub(crate) fn write(&self, ctx: &mut Context, format: ReportFormat) -> anyhow::Result<()> {
        match format {
            ReportFormat::Table => Ok(()),
            ReportFormat::Text => plain::write_lines(self, ctx, Format::Text),
            ReportFormat::Csv => plain::write_lines(self, ctx, Format::Csv),
            ReportFormat::Json => plain::write_object(self, ctx),
            ReportFormat::Github => github::write(self, ctx),
            ReportFormat::Gitlab => gitlab::write(self, ctx),
            ReportFormat::Sarif => sarif::write(self, ctx),
            ReportFormat::Junit => junit::write(self, ctx),
        }
    }

    /// What a finding is known by from one run to the next, in the order of the findings: it stays the same when lines before
    /// it come and go. What is found twice in a file is counted.
    fn fingerprints(&self) -> Vec<String> {
        let mut seen: BTreeMap<String, usize> = BTreeMap::new();
        let mut fingerprint = |reported: &Reported<'_>| {
            let finding = reported.finding;
            let path = self.path(&finding.place).unwrap_or_default();
            let commit = reported.commit.unwrap_or_default();
            let about = format!("{}\n{path}\n{}\n{commit}", finding.code, finding.message);
            let count = seen.entry(about.clone()).or_default();
            *count += 1;
            Digest::of(format!("{about}\n{count}").as_bytes()).short(32)
        };
        self.findings.iter().map(&mut fingerprint).collect()
    }

    /// A place's file as a path of the repository; nothing where the finding is about no file.
    fn path(&self, place: &Place) -> Option<String> {
        (!place.file.is_empty()).then(|| format!("{}{}", self.prefix, place.file))
    }
}

impl Reported<'_> {
    /// The fact, with the commit it is about, and the next step on a line of its own.
    fn text(&self) -> String {
        let commit = self.commit.and_then(|commit| commit.get(..12));
        let commit = commit.map(|commit| format!("{commit}: ")).unwrap_or_default();
        let help = self.finding.help.as_ref().map(|help| format!("\nhelp: {help}")).unwrap_or_default();
        format!("{commit}{}{help}", self.finding.message)
    }
}
