//! A review as a comment on a pull request. What people wrote stands in code: it neither calls anybody nor becomes a link.

use super::gather::{Review, Reviewed};
use crate::cli::wording::{agreeing, counted};
use crate::findings::{Finding, Severity};

/// The review in at most so many characters: an overview of all letters, then each letter with its details, as far as they fit.
pub(super) fn markdown(review: &Review, limit: usize) -> String {
    // The overview has as many rows as there is room for.
    let rows = std::iter::successors(Some(ROWS), |rows| (*rows > 0).then_some(rows / 2));
    let heads = rows.map(|rows| head(review, rows));
    let fits = |head: &String| head.chars().count() + RESERVE <= limit;
    let mut text = heads.clone().find(fits).or_else(|| heads.last()).unwrap_or_default();
    let mut left: Vec<&Reviewed> = Vec::new();
    for letter in &review.letters {
        let details = section(letter, true);
        let shorter = section(letter, false);
        let room = limit.saturating_sub(text.chars().count() + RESERVE);
        if left.is_empty() && details.chars().count() <= room {
            text.push_str(&details);
        } else if left.is_empty() && shorter.chars().count() <= room {
            text.push_str(&shorter);
        } else {
            left.push(letter);
        }
    }
    if !left.is_empty() {
        let count = left.len();
        text.push_str(&format!(
            "\n{count} more {} not told here: `liaison review --base {} --limit 0` tells everything.\n",
            if count == 1 { "letter is" } else { "letters are" },
            review.base
        ));
    }
    text
}

/// Room for the last line.
const RESERVE: usize = 300;

/// The most rows and findings that the overview has.
const ROWS: usize = 250;

fn head(review: &Review, rows: usize) -> String {
    let (errors, waiting) = (review.errors(), review.waiting());
    let verdict = match (errors, waiting) {
        (0, 0) => "nothing is in the way".to_owned(),
        (0, waiting) => format!("nothing is wrong; {} for people", agreeing(waiting, "letter waits", "letters wait")),
        (errors, 0) => format!("{} in the way", agreeing(errors, "violation is", "violations are")),
        (errors, waiting) => format!(
            "{} in the way; {} for people",
            agreeing(errors, "violation is", "violations are"),
            agreeing(waiting, "letter waits", "letters wait")
        ),
    };
    let mut text = format!("## Liaison review: {verdict}\n");
    if !review.rules.is_empty() {
        let files: Vec<String> = review.rules.iter().take(20).map(|file| code(file)).collect();
        let more = review.rules.len().saturating_sub(20);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        text.push_str(&format!(
            "\n> **This branch changes who may do what**: {}{more}. Its letters are judged by the rules of {}, not by these.\n",
            files.join(", "),
            code(&review.base)
        ));
    }
    if review.letters.len() > 1 {
        text.push_str("\n| letter | what | state | findings |\n|---|---|---|---|\n");
        for letter in review.letters.iter().take(rows) {
            text.push_str(&format!(
                "| {} | {} | {} | {} |\n",
                code(&letter.name.to_string()),
                letter.what,
                letter.state,
                weights(&letter.findings)
            ));
        }
        let more = review.letters.len().saturating_sub(rows);
        if more > 0 {
            text.push_str(&format!("\n… and {more} more letters.\n"));
        }
    }
    if review.letters.is_empty() && review.rules.is_empty() {
        text.push_str("\nNo letter and no rule changes.\n");
    }
    text.push_str(&told_findings("Elsewhere", &review.elsewhere, rows));
    text
}

fn section(letter: &Reviewed, whole: bool) -> String {
    let mut text = format!(
        "\n### {}: {}\n\n",
        letter.name,
        if letter.title.is_empty() { "without a title".into() } else { code(&letter.title) }
    );
    let state = if letter.state.is_empty() { String::new() } else { format!(", {}", letter.state) };
    text.push_str(&format!("**{}**{state}\n", letter.what));
    if !letter.changes.is_empty() {
        text.push_str(&list("Changed", letter.changes.iter().map(|change| code(change))));
    }
    if !letter.stale.is_empty() {
        let count = agreeing(letter.stale.len(), "approval becomes", "approvals become");
        text.push_str(&list(&format!("So {count} stale"), letter.stale.iter().map(|stale| code(stale))));
    }
    text.push_str(&told_findings("Findings", &letter.findings, ROWS));
    text.push_str(&list("New acts", letter.acts.iter().map(|act| code(act))));
    text.push_str(&list("Approvals", letter.approvals.iter().map(|line| code(line))));
    text.push_str(&list("Next", letter.steps.iter().map(|step| next(step))));
    text.push_str(&list("Once merged and sent, this leaves", letter.leaves.iter().map(|line| code(line))));
    if whole && !(letter.facts.is_empty() && letter.text.is_empty()) {
        let facts = if letter.facts.is_empty() { String::new() } else { format!("{}\n\n", letter.facts.join("\n")) };
        let inside = format!("{facts}{}", letter.text.trim_end());
        text.push_str(&format!(
            "\n<details><summary>The letter as it will read</summary>\n\n{}\n</details>\n",
            block(&inside)
        ));
    }
    text
}

fn list(title: &str, lines: impl Iterator<Item = String>) -> String {
    let lines: Vec<String> = lines.map(|line| format!("- {line}\n")).collect();
    if lines.is_empty() { String::new() } else { format!("\n{title}:\n\n{}", lines.concat()) }
}

fn told_findings(title: &str, findings: &[Finding], rows: usize) -> String {
    let told = |finding: &Finding| {
        let help = finding.help.as_ref().map(|help| format!("<br>{}", code(help))).unwrap_or_default();
        format!(
            "{} `{}` at {}: {}{help}",
            finding.severity,
            finding.code,
            code(&finding.place.to_string()),
            code(&finding.message)
        )
    };
    let mut lines: Vec<String> = findings.iter().take(rows).map(told).collect();
    let more = findings.len().saturating_sub(rows);
    lines.extend((more > 0).then(|| format!("… and {more} more: `liaison check` tells them")));
    list(title, lines.into_iter())
}

/// "2 errors, 1 warning", or nothing.
fn weights(findings: &[Finding]) -> String {
    let count = |severity| findings.iter().filter(|finding| finding.severity == severity).count();
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    let parts = [(errors, counted(errors, "error")), (warnings, counted(warnings, "warning"))];
    parts.into_iter().filter(|(count, _)| *count > 0).map(|(_, told)| told).collect::<Vec<_>>().join(", ")
}

/// A next step: what to type as code, the rest as it is.
fn next(step: &str) -> String {
    match step.split_once("   ") {
        Some((command, rest)) => format!("{}: {}", code(command.trim()), code(rest.trim())),
        None => code(step),
    }
}

/// Text as code on one line, whatever it holds; in a table, too.
fn code(text: &str) -> String {
    let line = text.replace(['\n', '\r'], " ").replace('|', "¦");
    let fence = "`".repeat(longest_run(&line) + 1);
    if line.starts_with('`') || line.ends_with('`') {
        format!("{fence} {line} {fence}")
    } else {
        format!("{fence}{line}{fence}")
    }
}

/// Text as a block of code.
fn block(text: &str) -> String {
    let fence = "`".repeat(longest_run(text).max(2) + 1);
    format!("{fence}text\n{text}\n{fence}\n")
}

fn longest_run(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}
