//! Rules about the record as a whole.

use crate::config::Settings;
use crate::directory::Directory;
use crate::domain::Instant;
use crate::findings::{Code, Finding, Place};
use crate::shape::Located;

/// The record's own id, its organization, the place of its private folder.
pub(super) fn judge_record(
    settings: &Settings,
    config: Option<&Located<Settings>>,
    directory: &Directory,
    now: Instant,
) -> Vec<Finding> {
    let place = |path: &str| config.map_or_else(|| Place::file("liaison.toml"), |config| config.place(path));
    let mut findings = Vec::new();
    if settings.id.as_ref().is_some_and(crate::domain::RecordId::is_template) {
        let finding =
            Finding::plain(Code::RecordIdMissing, "the record still has the template's id").at(place("record.id"));
        findings.push(finding.help("`liaison init` writes a fresh one; a copy of the template does not"));
    }
    if !settings.organization.is_empty() && directory.group(&settings.organization, now.day()).is_none() {
        let finding = Finding::plain(
            Code::UnknownOrganization,
            format!("`{}` is no group of the directory", settings.organization),
        )
        .at(place("record.organization"));
        findings.push(finding.help(format!("add directory/groups/{}.toml", settings.organization)));
    }
    findings
}
