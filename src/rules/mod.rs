//! Pure checks: a letter with its acts, the directory and the day → findings. One file a family, one visible list.

mod attachments;
mod counterparts;
mod endings;
mod files;
mod links;
mod media;
mod record;
mod text;

use chrono::NaiveDate;

use crate::config::Settings;
use crate::directory::Directory;
use crate::domain::{Content, FileFact, Instant, StatementName};
use crate::findings::{Code, Finding, Severity, Stage, sort};
use crate::policy::Threads;
use crate::record::{Corpus, Letter};

/// A letter and everything a rule may ask about it.
#[derive(Debug, Clone, Copy)]
pub struct Case<'a> {
    /// The letter.
    pub letter: &'a Letter,
    /// The files of its folder.
    pub files: &'a [FileFact],
    /// Other letters.
    pub corpus: &'a Corpus,
    /// Who answers and revises whom.
    pub threads: &'a Threads,
    /// Groups and people.
    pub directory: &'a Directory,
    /// What the record says of itself.
    pub settings: &'a Settings,
    /// The present moment.
    pub now: Instant,
}

impl<'a> Case<'a> {
    /// The content of the letter.
    pub fn content(&self) -> &'a Content {
        &self.letter.statement.value.content
    }

    /// How strictly it is judged.
    pub fn stage(&self) -> Stage {
        self.letter.stage()
    }

    /// A finding weighed by how strictly this letter is judged.
    pub fn finding(&self, code: Code, message: impl Into<String>) -> Finding {
        Finding::new(code, self.stage(), message)
    }

    /// The day by which groups and terms are judged: a draft's is today, a numbered letter's its own.
    pub fn day(&self) -> NaiveDate {
        match &self.letter.name {
            StatementName::Draft(_) => self.now.day(),
            StatementName::Numbered(_) => self
                .letter
                .date()
                .or_else(|| self.letter.acts.first().map(|act| act.value.at.day()))
                .unwrap_or_else(|| self.now.day()),
        }
    }

    /// The From groups as text.
    pub fn from_groups(&self) -> Vec<String> {
        self.content().from.groups.iter().map(ToString::to_string).collect()
    }

    /// The To groups as text.
    pub fn to_groups(&self) -> Vec<String> {
        self.content().to.groups.iter().map(ToString::to_string).collect()
    }

    /// Whether a group is ours: the record's organization or below it.
    pub fn is_ours(&self, group: &str) -> bool {
        self.directory.is_below(group, &self.settings.organization, self.day())
    }

    /// The letter to look at on the command line.
    pub fn id(&self) -> String {
        self.letter.name.to_string()
    }
}

/// A rule: reports what it finds in one letter.
pub type Rule = fn(&Case<'_>) -> Vec<Finding>;

/// All rules of letters, by family.
pub const RULES: &[(&str, Rule)] = &[
    ("links", links::link_dangling),
    ("links", links::link_not_public),
    ("links", links::link_cycle),
    ("links", counterparts::link_other_parties),
    ("links", counterparts::revises_other_sender),
    ("text", text::body_missing),
    ("text", text::only_attachments),
    ("text", text::language_tag),
    ("text", text::text_not_nfc),
    ("text", text::text_bidi),
    ("text", text::text_invisible),
    ("text", text::injected_text),
    ("attachments", attachments::attachment_empty),
    ("attachments", attachments::attachment_both),
    ("attachments", attachments::attachment_name),
    ("attachments", files::missing),
    ("attachments", files::hash),
    ("attachments", files::unhashed),
    ("attachments", attachments::attachment_unlisted),
    ("attachments", attachments::attachment_large),
    ("media", media::attachment_lfs),
    ("media", media::attachment_format),
    ("media", media::attachment_html),
    ("media", media::attachment_kind_differs),
    ("media", media::attachment_without_readable),
];

/// Everything that is wrong with a letter: faults of form, then the rules, weighed as the record and the letter's waivers say.
pub fn judge(case: &Case<'_>) -> Vec<Finding> {
    let mut findings = case.letter.faults.clone();
    findings.extend(RULES.iter().flat_map(|(_, rule)| rule(case)));
    for finding in &mut findings {
        weigh(finding, case);
    }
    findings.retain(|finding| finding.severity != Severity::Off);
    sort(&mut findings);
    findings
}

/// Applies `[rules]` and the letter's waivers; rules of proof keep their weight.
fn weigh(finding: &mut Finding, case: &Case<'_>) {
    if !finding.code.may_be_lowered() {
        return;
    }
    if let Some(setting) = case.settings.rules.get(&finding.code) {
        let holds = setting.since.is_none_or(|since| since <= case.day());
        if holds && finding.severity != Severity::Todo {
            finding.severity = setting.severity;
        }
    }
    let waived = |waiver: &crate::domain::Waiver| {
        waiver.code.as_ref().is_some_and(|code| code.as_str() == finding.code.as_str())
            && waiver.reason.is_some()
            && waiver.by.is_some()
    };
    if case.letter.statement.value.waivers.iter().any(waived) {
        finding.severity = Severity::Off;
    }
}

/// Everything that is wrong with the record as a whole: its settings against its directory.
pub fn judge_record(
    settings: &Settings,
    config: Option<&crate::shape::Located<Settings>>,
    directory: &Directory,
    now: Instant,
) -> Vec<Finding> {
    record::judge_record(settings, config, directory, now)
}
