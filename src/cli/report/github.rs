//! Workflow commands: the runner turns each line into an annotation on a line of the pull request.

use super::{Report, Reported};
use crate::cli::context::Context;
use crate::cli::format::terminal_safe;
use crate::findings::Severity;

/// Prints one workflow command for each finding.
pub(super) fn write(report: &Report<'_>, ctx: &mut Context) -> anyhow::Result<()> {
    for reported in &report.findings {
        writeln!(ctx.out, "{}", command(report, reported))?;
    }
    Ok(())
}

fn command(report: &Report<'_>, reported: &Reported<'_>) -> String {
    let finding = reported.finding;
    let word = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Todo | Severity::Off => "notice",
    };
    let place = &finding.place;
    let mut properties = vec![format!("title={}", property(finding.code.as_str()))];
    properties.extend(report.path(place).map(|path| format!("file={}", property(&path))));
    if place.line > 0 {
        properties.push(format!("line={}", place.line));
        properties.push(format!("col={}", place.column));
    }
    format!("::{word} {}::{}", properties.join(","), data(&reported.text()))
}

/// A message: whatever would end the command is written otherwise.
fn data(text: &str) -> String {
    terminal_safe(&text.replace('%', "%25").replace('\r', "%0D")).replace('\n', "%0A")
}

/// A property: whatever would end it as well.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::findings::{Code, Finding, Place};

    #[test]
    fn nothing_in_a_finding_ends_the_command() {
        let place = Place { line: 7, column: 3, ..Place::file("drafts/a,b:c.yaml") };
        let finding = Finding::plain(Code::TitleLong, "50% of\n::error::it").at(place).help("cut it");
        let reported = Reported { finding: &finding, commit: None };
        let report = Report { prefix: "record/", ..Report::of("check") };
        assert_eq!(
            command(&report, &reported),
            "::warning title=title-long,file=record/drafts/a%2Cb%3Ac.yaml,line=7,col=3::50%25 of%0A::error::it%0Ahelp: cut it"
        );
    }
}
