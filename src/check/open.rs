//! Which findings keep a draft from being ready: those about the letter itself. An act that does not count is told, and counts
//! for nothing; it takes nothing from the letter, or whoever can push one file could stop any of them for ever.

use crate::domain::{ActKind, StatementName};
use crate::findings::{Code, Finding, Severity};
use crate::record::Letter;

/// Codes that only wait for people: they do not keep a draft from being ready.
const WAITING: [Code; 3] = [Code::ApprovalMissing, Code::ApprovalStale, Code::DeclineStands];

/// Acts that can stop a sending. One that nobody can read may have been one, so it is looked at before anything leaves.
const STOPPING: [ActKind; 3] = [ActKind::Decline, ActKind::Revoke, ActKind::Withdraw];

/// Whether a draft cannot be approved before a finding is mended.
pub(super) fn is_open(finding: &Finding, letter: &Letter) -> bool {
    let is_weighty = matches!(finding.severity, Severity::Todo | Severity::Error) && !WAITING.contains(&finding.code);
    // Who began the letter is told at an act, and is about the letter.
    let is_of_letter = !is_of_an_act(finding, &letter.name) || finding.code == Code::ManagerOriginates;
    is_weighty && (is_of_letter || may_have_stopped(finding, letter))
}

/// Whether a finding is about something that people did with a letter, and not about what it says.
pub fn is_of_an_act(finding: &Finding, name: &StatementName) -> bool {
    finding.place.file.strip_prefix(&name.stem()).is_some_and(|rest| rest.starts_with("/acts/"))
}

/// Whether a file that gives no act is called like one that stops a sending.
fn may_have_stopped(finding: &Finding, letter: &Letter) -> bool {
    let file = &finding.place.file;
    let is_called = |kind: ActKind| file.contains(&format!("Z-{kind}-"));
    STOPPING.into_iter().any(is_called) && !letter.acts.iter().any(|act| act.file == *file)
}
