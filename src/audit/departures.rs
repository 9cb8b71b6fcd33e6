//! A letter leaves with the approvals it needs: of exactly what left, by whoever had authority in the tree before.

use super::facts::Facts;
use super::ground::Ground;
use super::object::AuditError;
use super::standing::Standing;
use super::step::Step;
use crate::domain::{ActKind, StatementName};
use crate::findings::{Code, Finding, Severity, Stage};
use crate::policy::{approval_until, departure, was_approved, without_effect};
use crate::record::Letter;

/// Judges the letters that leave with a commit, and those that are ratified.
pub(super) fn judge(ground: &Ground<'_>, step: &Step, facts: &mut Facts) -> Result<Vec<Finding>, AuditError> {
    let mut findings = Vec::new();
    let mut seen: Vec<StatementName> = Vec::new();
    for arrival in &step.arrivals {
        let Some(name) = arrival.letter.clone().filter(|name| !name.is_draft() && !seen.contains(name)) else {
            continue;
        };
        let kind = arrival.value().kind;
        let leaves = matches!(kind, ActKind::Sending | ActKind::HandedOver | ActKind::Sent);
        if !leaves && kind != ActKind::Ratify {
            continue;
        }
        let Some(letter) = read(ground, step, &name)?.filter(|letter| letter.stage() == Stage::Sent) else { continue };
        if kind == ActKind::Ratify {
            let now = arrival.value().at;
            if was_approved(&letter, &step.before.directory, &step.before.settings, now) {
                facts.settled.push(arrival.subject.clone());
            }
        } else if departure(&letter).is_some_and(|left| left.act == arrival.value()) {
            let sides = step.sides.iter().filter_map(|side| unapproved(&letter, side));
            findings.extend(sides.map(|finding| finding.at(arrival.act.place("act"))));
            seen.push(name);
        }
    }
    Ok(findings)
}

fn read(ground: &Ground<'_>, step: &Step, name: &StatementName) -> Result<Option<Letter>, AuditError> {
    let Some(tree) = step.tree else { return Ok(None) };
    let mut letter = ground.letter(tree, name, &step.before)?.map(|letter| (*letter).clone());
    if let Some(letter) = &mut letter {
        let void = without_effect(letter, &step.before.directory, &step.before.settings);
        let void = void.into_iter().map(|(act, _)| act.file.clone()).collect();
        letter.without_effect(void);
    }
    Ok(letter)
}

fn unapproved(letter: &Letter, standing: &Standing) -> Option<Finding> {
    let left = departure(letter)?;
    let (directory, settings) = (&standing.directory, &standing.settings);
    let content = left.content.unwrap_or(letter.content);
    let verdict = approval_until(letter, content, directory, settings, left.at);
    if verdict.is_complete() && content == letter.content {
        return None;
    }
    let missing: Vec<&str> =
        verdict.needs.iter().filter(|need| need.missing > 0).map(|need| need.group.as_str()).collect();
    let why = if content != letter.content {
        "with another content than its file has".to_owned()
    } else if let Some(decline) = verdict.declines.first() {
        format!("though {} had declined it", decline.by)
    } else {
        format!("without the approval that {} needs", missing.join(", "))
    };
    let stale = verdict.stale.iter().map(|stale| format!("; {} approved something else", stale.act.by));
    let void =
        verdict.void.iter().map(|(act, reason)| format!("; the `{}` of {} does not count: {reason}", act.kind, act.by));
    let more: String = stale.chain(void).take(3).collect();
    let message = format!("{} left on {} {why}{more}", letter.name, left.at.day());
    let finding = Finding::plain(Code::DepartureUnapproved, message);
    // What left by another way and claims no approval is told as what it is; the tool's own sending claims one.
    let claims = letter.acts_of(ActKind::Sending).next().is_some()
        || letter.acts.iter().any(|act| matches!(act.value.kind, ActKind::Approve | ActKind::Decline));
    let severity = if claims || content != letter.content { finding.severity } else { Severity::Warning };
    let finding = Finding { severity, ..finding };
    Some(finding.help(format!("whoever should have approved it agrees: liaison ratify {}", letter.name)))
}
