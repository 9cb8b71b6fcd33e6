//! JUnit XML: a test case for each file that was judged; what is wrong with it makes it fail, what deserves a look is told.

use std::collections::BTreeMap;

use quick_junit::{NonSuccessKind, TestCase, TestCaseStatus, TestSuite};

use super::{Report, Reported};
use crate::cli::context::Context;
use crate::findings::Severity;

/// Prints one suite. Times are left out: equal findings give equal bytes.
pub(super) fn write(report: &Report<'_>, ctx: &mut Context) -> anyhow::Result<()> {
    let mut cases: BTreeMap<String, Vec<&Reported<'_>>> = BTreeMap::new();
    for file in &report.judged {
        cases.entry(format!("{}{file}", report.prefix)).or_default();
    }
    for reported in &report.findings {
        let path = report.path(&reported.finding.place).unwrap_or_else(|| report.command.to_owned());
        cases.entry(path).or_default().push(reported);
    }
    let mut suite = TestSuite::new(format!("liaison {}", report.command));
    suite.add_test_cases(cases.iter().map(|(path, findings)| case(path, findings)));
    let mut whole = quick_junit::Report::new("liaison");
    whole.add_test_suite(suite);
    writeln!(ctx.out, "{}", whole.to_string()?.trim_end())?;
    Ok(())
}

fn case(path: &str, findings: &[&Reported<'_>]) -> TestCase {
    let is_error = |reported: &&&Reported<'_>| reported.finding.severity == Severity::Error;
    let told = |reported: &&Reported<'_>| {
        let finding = reported.finding;
        let place = if finding.place.line > 0 {
            format!("{}:{}: ", finding.place.line, finding.place.column)
        } else {
            String::new()
        };
        format!("{}[{}]: {place}{}\n", finding.severity, finding.code, reported.text())
    };
    let status = match findings.iter().find(is_error) {
        Some(first) => {
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
            status.set_type(first.finding.code.as_str()).set_message(first.finding.message.as_str());
            status.set_description(findings.iter().filter(is_error).map(told).collect::<String>());
            status
        }
        None => TestCaseStatus::success(),
    };
    let mut case = TestCase::new(path, status);
    let looks: String = findings.iter().filter(|reported| !is_error(reported)).map(told).collect();
    if !looks.is_empty() {
        case.set_system_out(looks);
    }
    case
}
