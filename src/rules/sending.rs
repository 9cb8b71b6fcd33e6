//! Rules about how a letter left or came in (rfc4053bis, sections "Recording" and "Approval").

use chrono::NaiveDate;

use super::Case;
use super::ours::{act_place, actor, is_followed_up};
use crate::domain::{Act, ActKind, Contact};
use crate::findings::{Code, Finding, Place, Stage};
use crate::policy::{departure, is_told, revoked_act};
use crate::shape::Located;

/// Reports approvals, declines and revokes of them that came after the letter had left: they change nothing.
pub(super) fn approval_after_sending(case: &Case<'_>) -> Vec<Finding> {
    let Some(left) = departure(case.letter).filter(|_| !case.letter.name.is_draft()) else { return Vec::new() };
    let decides = |kind: ActKind| matches!(kind, ActKind::Approve | ActKind::Decline);
    let is_decision = |act: &Act| {
        let revokes_one = || revoked_act(act, case.letter, case.settings).is_some_and(|act| decides(act.kind));
        decides(act.kind) || (act.kind == ActKind::Revoke && revokes_one())
    };
    let late = case.letter.acts.iter().filter(|act| act.value.at > left.at && is_decision(&act.value));
    late.map(|act| {
        let (name, kind) = (actor(case, &act.value), act.value.kind);
        let message = format!("`{kind}` by {name} is of {}, and the letter had left at {}", act.value.at, left.at);
        let finding = case.finding(Code::ApprovalAfterSending, message);
        let finding = finding.at(act.place("at")).with(act_place(case, left.act, "at"), "it left here");
        finding.help(if kind == ActKind::Approve {
            format!("`liaison ratify {}` approves what has left", case.id())
        } else {
            format!("it has no effect; where the authority disagrees, a new letter `revises` {}", case.id())
        })
    })
    .collect()
}

/// Reports what left without approval until it is ratified or revised (LS-94).
pub(super) fn sent_unapproved(case: &Case<'_>) -> Vec<Finding> {
    let Some(left) = departure(case.letter).filter(|_| case.stage() == Stage::Sent && !is_followed_up(case)) else {
        return Vec::new();
    };
    let message =
        format!("the letter left on {} without complete approval, and nobody followed that up", left.at.day());
    let help = format!(
        "whoever should have approved it says whether they agree: `liaison ratify {0}`; if not, work out with the liaison manager or the IAB what to do, such as a letter that `revises` {0}",
        case.id()
    );
    vec![case.finding(Code::SentUnapproved, message).at(act_place(case, left.act, "at")).help(help)]
}

/// Reports a numbered letter that does not say how it was sent or received (LS-03, LS-57, LS-72).
pub(super) fn receipt_missing(case: &Case<'_>) -> Vec<Finding> {
    let (id, file) = (case.id(), &case.letter.statement.file);
    let unreadable = case.letter.faults.iter().any(|fault| fault.place.file.contains("/acts/"));
    let direction = case.content().direction;
    let outgoing = case.content().is_outgoing();
    if case.letter.name.is_draft() || direction.is_none() || unreadable || is_told(case.letter) {
        return Vec::new();
    }
    let (message, help) = match outgoing {
        true => (
            "no act says how and when the letter was sent",
            format!(
                "if it was sent: `liaison mark-sent {id} --url URL`, or `--copy FILE`; if not, find out who brought the file"
            ),
        ),
        false => (
            "no act says how and when the letter was received",
            "`liaison receive` records a letter with the act that says how it came".to_owned(),
        ),
    };
    vec![case.finding(Code::ReceiptMissing, message).at(Place::file(file)).help(help)]
}

/// Reports what left by another way than the record, without a reason (LS-73, LS-74).
pub(super) fn sent_outside(case: &Case<'_>) -> Vec<Finding> {
    if case.stage() != Stage::Sent {
        return Vec::new();
    }
    let has_sending = case.letter.last(ActKind::Sending).is_some();
    let outside = |act: &&Located<Act>| {
        let portal = act.value.detail("via").as_deref() == Some("portal");
        (portal || !has_sending) && act.value.detail("reason").is_none()
    };
    let finding = |act: &Located<Act>| {
        let via = act.value.detail("via").unwrap_or_default();
        let copy = act.value.detail("copy").is_some() || has_sending;
        let kept = if copy { "" } else { ", no copy of it is kept" };
        let message = format!("the letter left by {via} and not from this record{kept}, and the act gives no reason");
        let finding = case.finding(Code::SentOutside, message).at(act.place("via"));
        finding.help("send from the record, or say in `reason` why the receiver needed another way, and keep a `copy`")
    };
    case.letter.acts_of(ActKind::Sent).filter(outside).map(finding).collect()
}

/// Reports From groups whose list was not told of the sending (LS-100, LS-101).
pub(super) fn group_not_informed(case: &Case<'_>) -> Vec<Finding> {
    let Some(left) = departure(case.letter).filter(|_| case.stage() == Stage::Sent) else { return Vec::new() };
    let day = left.at.day();
    let told = told(case);
    let missed = |group: &String| {
        let (name, list) = list_of(case, group, day)?;
        let is_told = told.iter().any(|contact| contact.address.same_mailbox(&list.address));
        let file = case.directory.groups.get(name).filter(|_| !is_told)?;
        let message = format!("the list of {group}, {list}, is not among those who were told of the sending");
        let finding = case.finding(Code::GroupNotInformed, message).at(act_place(case, left.act, "informed"));
        let finding = finding.with(file.place("list"), "its list");
        Some(finding.help(format!("`liaison distribute {} --to {}` tells them", case.id(), list.address)))
    };
    case.from_groups().iter().filter_map(missed).collect()
}

fn list_of<'a>(case: &Case<'a>, group: &str, day: NaiveDate) -> Option<(&'a str, &'a Contact)> {
    let (name, known) = case.directory.group(group, day)?;
    Some((name, known.list.on(day)?))
}

/// The acts that tell somebody of a letter, and the key that says whom.
const TELLING: [(ActKind, &str); 5] = [
    (ActKind::Sending, "informed"),
    (ActKind::Sending, "recipients"),
    (ActKind::Resent, "recipients"),
    (ActKind::Notify, "recipients"),
    (ActKind::Distribute, "to"),
];

/// Everybody who was told of the letter, by whatever act.
fn told(case: &Case<'_>) -> Vec<Contact> {
    let listed = |(kind, key): &(ActKind, &str)| {
        case.letter.acts_of(*kind).flat_map(|act| act.value.detail_list(key)).collect::<Vec<String>>()
    };
    TELLING.iter().flat_map(listed).filter_map(|text| Contact::parse(&text).ok().flatten()).collect()
}
