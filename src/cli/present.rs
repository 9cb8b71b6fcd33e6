//! How letters are told to people: one wording for the same fact in every command.

use super::redactions::proof_under;
use crate::check::Overview;
use crate::config::Grade;
use crate::directory::{Directory, Holder};
use crate::domain::time::Term;
use crate::domain::{Act, ActKind, Detail, Instant, StatementName};
use crate::policy::{Need, Proof, Roots, Stale, State, departed_approval, proof};
use crate::record::Letter;
use crate::store::Record;

/// The state with its flags: `received, due-soon`; of a draft that took a number elsewhere,
/// `handed-over as ls-2026-031, not-on-mainline`.
pub(crate) fn state_text(overview: &Overview<'_>) -> String {
    let number = overview.taken.map(|taken| format!(" as {}", taken.number)).unwrap_or_default();
    let state = format!("{}{number}", overview.standing.state);
    let flags = overview.standing.flags.iter().map(|flag| flag.as_str().to_owned());
    std::iter::once(state).chain(flags).collect::<Vec<_>>().join(", ")
}

/// "Ada Example (area-director of sec)".
pub(crate) fn holder_text(holder: &Holder<'_>, directory: &Directory) -> String {
    format!("{} ({} of {})", directory.name_of(holder.person), holder.role, holder.group)
}

/// "since 2024-03-21", or "from 2022-11-07 until 2025-03-20", the second being the first day no longer.
pub(crate) fn term_text(term: &Term) -> String {
    match (term.since, term.until) {
        (None, None) => String::new(),
        (Some(since), None) => format!("since {since}"),
        (None, Some(until)) => format!("until {until}"),
        (Some(since), Some(until)) => format!("from {since} until {until}"),
    }
}

/// Who could approve for a group, whom to ask first first.
pub(crate) fn who_text(need: &Need<'_>, directory: &Directory) -> String {
    match (need.row, need.who.as_slice()) {
        (None, _) => format!(
            "nobody: the approval table has no row for the kind of {}; add an [[approval]] row to liaison.toml",
            need.group
        ),
        (Some(row), []) => {
            let mut roles: Vec<&str> = row.any_of.iter().map(|authority| authority.role.as_str()).collect();
            roles.dedup();
            format!(
                "nobody holds {} for {} today; `liaison role begin` records who does",
                roles.join(" or "),
                need.group
            )
        }
        (Some(_), who) => who.iter().map(|holder| holder_text(holder, directory)).collect::<Vec<_>>().join(", or "),
    }
}

/// "2026-11-24T10:00:00Z  approve  Ada Example as area-director of sec for tls  [asserted]".
pub(crate) fn act_text(act: &Act, letter: &Letter, record: &Record<'_>, roots: &Roots) -> String {
    let directory = &record.directory;
    let mut text = format!("{}  {:<11}  {}", act.at, act.kind.as_str(), directory.name_of(act.by.as_str()));
    if let (Some(role), Some(of)) = (&act.role, &act.of) {
        text.push_str(&format!(" as {role} of {of}"));
    }
    if !act.for_groups.is_empty() {
        let groups: Vec<&str> = act.for_groups.iter().map(crate::domain::Word::as_str).collect();
        text.push_str(&format!(" for {}", groups.join(", ")));
    }
    if let Some(recorder) = &act.recorded_by {
        text.push_str(&format!(", recorded by {}", directory.name_of(recorder.as_str())));
    }
    if let Some(evidence) = &act.evidence {
        text.push_str(&format!(" ({evidence})"));
    }
    if matches!(act.kind, ActKind::Approve | ActKind::Decline | ActKind::Ratify | ActKind::Redact) {
        text.push_str(&format!("  [{}]", proof_under(roots, act, &letter.subject(), record)));
    }
    for key in TOLD {
        let values = act.details.get(key).map(detail_text).filter(|values| !values.is_empty());
        text.extend(values.map(|values| format!("; {key}: {}", values.replace('\n', " "))));
    }
    super::format::terminal_safe(&text)
}

/// The details that an act's line tells, in this order; the others are digests and what a machine keeps for itself.
const TOLD: [&str; 25] = [
    "reason",
    "files",
    "comment",
    "outcome",
    "until",
    "assignee",
    "lead",
    "from",
    "to",
    "groups",
    "decision",
    "via",
    "number",
    "date",
    "received-from",
    "code",
    "told",
    "url",
    "field",
    "was",
    "now",
    "identifiers",
    "tags",
    "waivers",
    "changes",
];

/// A detail in one line: the values of a list with commas, those of a mapping with blanks.
fn detail_text(detail: &Detail) -> String {
    match detail {
        Detail::Text(text) => text.as_str().trim().to_owned(),
        Detail::List(items) => items.iter().map(detail_text).collect::<Vec<_>>().join(", "),
        Detail::Map(map) => map.values().map(detail_text).collect::<Vec<_>>().join(" "),
    }
}

/// What to type next for a letter, in its state.
pub(crate) fn next_steps(overview: &Overview<'_>, directory: &Directory, now: Instant) -> Vec<String> {
    let Some(taken) = overview.taken else { return steps_of(&overview.letter.name, overview, directory, now) };
    let number = StatementName::Numbered(taken.number.clone());
    let look = format!("liaison show {number}        shows it; it is {}", taken.whereabouts());
    std::iter::once(look).chain(steps_of(&number, overview, directory, now)).collect()
}

fn steps_of(id: &StatementName, overview: &Overview<'_>, directory: &Directory, now: Instant) -> Vec<String> {
    let content = &overview.letter.statement.value.content;
    let missing = || overview.approval.needs.iter().filter(|need| need.missing > 0);
    match overview.standing.state {
        State::Draft => vec![
            format!("liaison edit {id}          mend what is missing"),
            format!("liaison check {id}         see it with its places"),
        ],
        State::Ready => {
            let ask = |need: &Need<'_>| format!("for {}: {}", need.group, who_text(need, directory));
            let mut steps = vec![format!("liaison preview {id}       see exactly what will leave")];
            let asked: Vec<String> = missing().map(ask).collect();
            steps.extend((!asked.is_empty()).then(|| format!("liaison approve {id}       by {}", asked.join("; "))));
            steps.extend(overview.approval.declines.iter().map(|decline| declined_step(id, decline, directory)));
            steps
        }
        State::Approved => vec![format!("liaison send {id}          it has every approval it needs")],
        State::Sending => vec![format!("liaison send {id}          says what is known of the sending that began")],
        State::HandedOver => {
            vec![format!("liaison mark-sent {id} --copy FILE   once the message in the outbox was sent")]
        }
        State::InDoubt => vec![format!("liaison mark-sent {id} --copy FILE   if it did leave")],
        State::Refused => vec![format!("liaison resend {id} --reason …       or `liaison withdraw {id} --reason …`")],
        State::SentUnapproved => vec![format!("liaison ratify {id}        by whoever should have approved it")],
        State::Sent if overview.standing.open_until.is_some_and(|deadline| deadline < now.day_anywhere()) => {
            vec!["the answer is overdue; silence is not agreement".into()]
        }
        State::Received => vec![
            format!("liaison assign {id}        give it to somebody (the chairs, if you name nobody)"),
            format!("liaison distribute {id}    pass it on to the groups it concerns"),
        ],
        State::Assigned => {
            let answer = if content.purpose == Some(crate::domain::Purpose::ForAction) {
                "answer it"
            } else {
                "answer it, if you like"
            };
            vec![
                format!("liaison reply {id}         {answer}"),
                format!("liaison resolve {id} --outcome …     record what was decided"),
            ]
        }
        State::Withdrawn if id.is_draft() => vec![format!("liaison reopen {id} --reason …       work on it again")],
        State::Sent | State::Resolved | State::Withdrawn | State::Redacted => Vec::new(),
    }
}

/// What leads on from a decline that stands.
pub(crate) fn declined_step(id: &StatementName, decline: &Act, directory: &Directory) -> String {
    let name = directory.name_of(decline.by.as_str());
    let whose = format!("--act {}", ActKind::Decline);
    format!(
        "liaison edit {id}          change it and ask again, or {name} takes the decline back: liaison revoke {id} {whose}"
    )
}

/// "approval of 2026-11-24 by Ada Example; changed since: title".
pub(crate) fn stale_text(stale: &Stale<'_>, directory: &Directory) -> String {
    let (act, who) = (stale.act, directory.name_of(stale.act.by.as_str()));
    format!("{} of {} by {who}; {}", act.kind.noun(), act.at.day(), stale.change)
}

/// How an act is proven: "signed", "asserted", or why its signature proves nothing.
pub(crate) fn proof_text(proof: &Proof<'_>, act: &Act) -> String {
    match proof {
        Proof::Asserted => "asserted".to_owned(),
        Proof::Signed { .. } if proof.grade(act) == Grade::Signed => "signed".to_owned(),
        Proof::Signed { by, .. } => format!("asserted, signed by {by}"),
        Proof::Faulty(fault) => format!("no proof: {fault}"),
    }
}

/// The same, for a decision on a letter.
fn proof_of(act: &Act, letter: &Letter, record: &Record<'_>) -> String {
    proof_text(&proof(act, &letter.subject(), &record.directory, &record.settings), act)
}

/// How a letter's approvals stand, a line each; of one that left, how they stood then, and what ratified it since.
pub(crate) fn approval_lines(overview: &Overview<'_>, record: &Record<'_>) -> Vec<String> {
    let letter = overview.letter;
    let content = &letter.statement.value.content;
    if !content.is_outgoing() || letter.is_imported() {
        return Vec::new();
    }
    let departed = departed_approval(letter, &record.directory, &record.settings);
    let (approval, directory) = (departed.as_ref().unwrap_or(&overview.approval), &record.directory);
    let day_and_who = |act: &Act| format!("by {} on {}", directory.name_of(act.by.as_str()), act.at.day());
    let mut lines = Vec::new();
    for need in &approval.needs {
        for act in &need.given {
            let how = if act.kind == ActKind::Ratify { "ratified" } else { "approved" };
            lines.push(format!("{}: {how} {} [{}]", need.group, day_and_who(act), proof_of(act, letter, record)));
        }
        if need.missing > 0 {
            let could = if departed.is_some() { " when it left; it was to be given" } else { "; could be given" };
            lines.push(format!("{}: missing{could} by {}", need.group, who_text(need, directory)));
        }
    }
    for act in &approval.declines {
        let reason = act.detail("reason").unwrap_or_default();
        lines.push(format!("declined {}: {reason}", day_and_who(act)));
    }
    lines.extend(approval.stale.iter().map(|stale| format!("stale: {}", stale_text(stale, directory))));
    let void = approval.void.iter();
    lines.extend(
        void.map(|(act, reason)| format!("does not count: {} {}: {reason}", act.kind.noun(), day_and_who(act))),
    );
    lines
}
