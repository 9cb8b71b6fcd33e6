//! Pure checks: a letter with its acts, the directory and the day → findings. One file a family, one visible list.

mod addresses;
mod approval;
mod attachments;
mod changes;
mod confidential;
mod consensus;
mod contacts;
mod counterparts;
mod deadline;
mod delivery;
mod documents;
mod effect;
mod endings;
mod example_people;
#[cfg(test)]
mod examples;
mod files;
mod frozen;
mod links;
mod media;
mod organizations;
mod originator;
mod ours;
mod outcome;
mod parties;
mod people;
mod places;
mod purpose;
mod record;
mod redaction;
mod replies;
mod revoke;
mod sending;
mod signatures;
mod spelling;
mod text;
mod waivers;

use chrono::NaiveDate;

pub use changes::{TrustCase, judge_trust, proven_states, unproven_files, unsigned_files, unvouched_files};
pub use example_people::{is_example_key, is_invented};

use crate::config::Settings;
use crate::directory::Directory;
use crate::domain::{ActKind, Content, Detail, FileFact, Instant, StatementName};
use crate::findings::{Code, Finding, Severity, Stage, sort};
use crate::policy::{Mailing, Roots, Threads};
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
    /// What would be mailed, for a draft that somebody approved.
    pub mailing: Option<&'a Mailing>,
    /// The versions of the trust root that count, where something was redacted.
    pub roots: &'a Roots,
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
    ("direction-missing", parties::direction_missing),
    ("draft-incoming", parties::draft_incoming),
    ("from-missing", parties::from_missing),
    ("from-organizations-mixed", organizations::from_organizations_mixed),
    ("from-not-ours", parties::from_not_ours),
    ("from-ours", parties::from_ours),
    ("to-missing", parties::to_missing),
    ("to-ours", parties::to_ours),
    ("body-unknown", parties::body_unknown),
    ("group-closed", parties::group_closed),
    ("to-several-organizations", organizations::to_several_organizations),
    ("send-to-several-organizations", organizations::send_to_several_organizations),
    ("from-contact-missing", contacts::from_contact_missing),
    ("from-contact-incomplete", contacts::from_contact_incomplete),
    ("send-reply-to-missing", replies::send_reply_to_missing),
    ("send-reply-to-personal", replies::send_reply_to_personal),
    ("send-reply-to-unusual", replies::send_reply_to_unusual),
    ("to-contact-missing", contacts::to_contact_missing),
    ("to-contact-incomplete", contacts::to_contact_incomplete),
    ("send-to-not-reply-to", replies::send_to_not_reply_to),
    ("contact-twice", addresses::contact_twice),
    ("address-misspelt", addresses::address_misspelt),
    ("address-invalid", delivery::address_invalid),
    ("title-missing", purpose::title_missing),
    ("title-long", purpose::title_long),
    ("purpose-missing", purpose::purpose_missing),
    ("purpose-unknown", purpose::purpose_unknown),
    ("purpose-for-comment", purpose::purpose_for_comment),
    ("response-without-link", purpose::response_without_link),
    ("deadline-missing", deadline::deadline_missing),
    ("deadline-past", deadline::deadline_past),
    ("deadline-not-after-date", deadline::deadline_not_after_date),
    ("deadline-far", deadline::deadline_far),
    ("deadline-on-information", deadline::deadline_on_information),
    ("deadline-on-response", deadline::deadline_on_response),
    ("date-on-outgoing", deadline::date_on_outgoing),
    ("date-missing", deadline::date_missing),
    ("date-in-future", deadline::date_in_future),
    ("unknown-person", people::unknown_person),
    ("role-not-held", people::role_not_held),
    ("service-approves", people::service_approves),
    ("approval-missing", approval::approval_missing),
    ("approval-stale", approval::approval_stale),
    ("approval-without-authority", approval::approval_without_authority),
    ("decline-stands", approval::decline_stands),
    ("policy-missing", approval::policy_missing),
    ("approval-after-sending", sending::approval_after_sending),
    ("sent-unapproved", sending::sent_unapproved),
    ("receipt-missing", sending::receipt_missing),
    ("sent-outside", sending::sent_outside),
    ("group-not-informed", sending::group_not_informed),
    ("frozen-content-changed", frozen::frozen_content_changed),
    ("frozen-message-changed", frozen::frozen_message_changed),
    ("redaction-unproven", redaction::redaction_unproven),
    ("redacted-file-there", redaction::redacted_file_there),
    ("signature-invalid", signatures::signature_invalid),
    ("signature-of-other", signatures::signature_of_other),
    ("key-not-valid", signatures::key_not_valid),
    ("revoke-unknown", revoke::revoke_unknown),
    ("revoke-by-other", revoke::revoke_by_other),
    ("act-without-effect", effect::act_without_effect),
    ("outcome-not-told", outcome::outcome_not_told),
    ("outcome-without-reason", outcome::outcome_without_reason),
    ("lead-missing", outcome::lead_missing),
    ("consensus-unstated", consensus::consensus_unstated),
    ("consensus-unknown", consensus::consensus_unknown),
    ("consensus-not-in-text", consensus::consensus_not_in_text),
    ("consensus-without-evidence", consensus::consensus_without_evidence),
    ("iesg-consensus-unstated", consensus::iesg_consensus_unstated),
    ("collected-comments-unlabelled", consensus::collected_comments_unlabelled),
    ("references-missing", consensus::references_missing),
    ("document-name-missing", documents::document_name_missing),
    ("document-status-missing", documents::document_status_missing),
    ("document-status-unknown", documents::document_status_unknown),
    ("work-in-progress-missing", documents::work_in_progress_missing),
    ("document-without-consensus", documents::document_without_consensus),
    ("research-group-originates", originator::research_group_originates),
    ("manager-originates", originator::manager_originates),
    ("originator-unusual", originator::originator_unusual),
    ("confidentiality-marked", confidential::confidentiality_marked),
    ("unknown-rule", waivers::unknown_rule),
    ("rule-not-lowered", waivers::rule_not_lowered),
    ("link-dangling", links::link_dangling),
    ("link-not-public", links::link_not_public),
    ("link-cycle", links::link_cycle),
    ("link-other-parties", counterparts::link_other_parties),
    ("revises-other-sender", counterparts::revises_other_sender),
    ("body-missing", text::body_missing),
    ("only-attachments", text::only_attachments),
    ("language-tag", text::language_tag),
    ("text-not-nfc", text::text_not_nfc),
    ("text-bidi", text::text_bidi),
    ("text-invisible", text::text_invisible),
    ("injected-text", text::injected_text),
    ("attachment-empty", attachments::attachment_empty),
    ("attachment-both", attachments::attachment_both),
    ("attachment-name", attachments::attachment_name),
    ("attachment-missing", files::missing),
    ("attachment-hash", files::hash),
    ("attachment-unhashed", files::unhashed),
    ("attachment-unlisted", attachments::attachment_unlisted),
    ("attachment-large", attachments::attachment_large),
    ("attachment-lfs", media::attachment_lfs),
    ("attachment-format", media::attachment_format),
    ("attachment-html", media::attachment_html),
    ("attachment-kind-differs", media::attachment_kind_differs),
    ("attachment-without-readable", media::attachment_without_readable),
];

/// The rules that a redacted letter still keeps: those of its acts, its messages, its links and its tombstone. It has no words.
const OF_TOMBSTONES: &[&str] = &[
    "unknown-person",
    "role-not-held",
    "service-approves",
    "approval-missing",
    "approval-stale",
    "approval-without-authority",
    "approval-after-sending",
    "sent-unapproved",
    "receipt-missing",
    "sent-outside",
    "frozen-content-changed",
    "frozen-message-changed",
    "redaction-unproven",
    "redacted-file-there",
    "signature-invalid",
    "signature-of-other",
    "key-not-valid",
    "revoke-unknown",
    "revoke-by-other",
    "unknown-rule",
    "link-dangling",
    "link-cycle",
];

/// Everything that is wrong with a letter: faults of form, then the rules, weighed as the record and the letter's waivers say.
pub fn judge(case: &Case<'_>) -> Vec<Finding> {
    let mut findings = case.letter.faults.clone();
    let is_kept = |name: &str| case.letter.redaction().is_none() || OF_TOMBSTONES.contains(&name);
    findings.extend(RULES.iter().filter(|(name, _)| is_kept(name)).flat_map(|(_, rule)| rule(case)));
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
    if is_waived(finding.code, case.letter) {
        finding.severity = Severity::Off;
    }
}

/// Whether the letter, or a later act `annotate`, sets a rule aside, with who says so and why.
fn is_waived(code: Code, letter: &Letter) -> bool {
    let own = letter.statement.value.waivers.iter().any(|waiver| {
        let named = waiver.code.as_ref().is_some_and(|word| word.as_str() == code.as_str());
        named && waiver.reason.is_some() && waiver.by.is_some()
    });
    let annotated = letter.acts_of(ActKind::Annotate).filter_map(|act| act.value.details.get("waivers"));
    own || annotated.flat_map(waivers).any(|word| word == code.as_str())
}

/// The codes of the complete waivers in a detail.
fn waivers(detail: &Detail) -> Vec<String> {
    let Detail::List(items) = detail else { return Vec::new() };
    let code = |item: &Detail| match item {
        Detail::Map(keys) if keys.contains_key("reason") && keys.contains_key("by") => keys.get("code")?.as_text(),
        Detail::Map(_) | Detail::List(_) | Detail::Text(_) => None,
    };
    items.iter().filter_map(code).collect()
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
