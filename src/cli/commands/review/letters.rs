//! One letter of a branch: what it says, what changed, who has approved it and who could, what leaves to whom.

use super::gather::Reviewed;
use super::words::changes;
use crate::check::{Overview, Whole};
use crate::cli::commands::preview::{Shown, messages, open_text};
use crate::cli::context::Context;
use crate::cli::facts::facts;
use crate::cli::present::{act_text, approval_lines, next_steps, stale_text, state_text};
use crate::cli::redactions::proof_under;
use crate::domain::{Act, StatementName};
use crate::findings::Finding;
use crate::policy::State;
use crate::record::Letter;
use crate::shape::Located;
use crate::store::Record;

/// What a branch does to a letter; nothing where neither side has one of that name, as for the stub of one that was numbered.
///
/// # Errors
/// Returns an error when a file cannot be read.
pub(super) fn reviewed(
    ctx: &Context,
    judged: &Whole<'_, '_>,
    older: Option<&Record<'_>>,
    name: &StatementName,
    findings: Vec<Finding>,
) -> anyhow::Result<Option<Reviewed>> {
    let now = judged.overview(name, ctx.now)?;
    let before = before(older, name, now.as_ref())?;
    let Some(overview) = now else { return Ok(gone(name, before.as_ref(), findings)) };
    let letter = overview.letter;
    let content = &letter.statement.value.content;
    let changes = before.as_ref().map(|before| changes(&before.statement.value.content, content)).unwrap_or_default();
    let shown = match name.is_draft() && content.is_outgoing() && overview.taken.is_none() {
        true => messages(judged.record, name, ctx).ok(),
        false => None,
    };
    let stale = overview.approval.stale.iter().map(|stale| stale_text(stale, &judged.record.directory));
    let waits = [State::Draft, State::Ready].contains(&overview.standing.state);
    Ok(Some(Reviewed {
        name: name.clone(),
        title: content.title.as_ref().map(ToString::to_string).unwrap_or_default(),
        what: what(&overview, before.as_ref(), &changes),
        state: state_text(&overview),
        facts: facts(letter, &judged.corpus, &judged.record.directory),
        stale: if changes.is_empty() { Vec::new() } else { stale.collect() },
        changes,
        acts: new_acts(letter, before.as_ref(), judged),
        approvals: approval_lines(&overview, judged.record),
        steps: if waits { next_steps(&overview, &judged.record.directory, ctx.now) } else { Vec::new() },
        leaves: shown.as_ref().map(leaves).unwrap_or_default(),
        text: match &shown {
            Some(shown) => open_text(&shown.statement.text),
            None => content.body.lines().collect::<Vec<_>>().join("\n"),
        },
        findings,
        waits,
    }))
}

/// The acts that the branch brings, each with its person and how it is proven.
fn new_acts(letter: &Letter, before: Option<&Letter>, judged: &Whole<'_, '_>) -> Vec<String> {
    let known = |act: &Located<Act>| before.is_some_and(|before| before.acts.iter().any(|one| one.value == act.value));
    let told = |act: &Located<Act>| {
        let text = act_text(&act.value, letter, judged.record, &judged.roots);
        let proof = proof_under(&judged.roots, &act.value, &letter.subject(), judged.record);
        if text.contains(&format!("[{proof}]")) { text } else { format!("{text}  [{proof}]") }
    };
    letter.acts.iter().filter(|act| !known(act)).map(told).collect()
}

/// The letter as the base has it, under this name or that of the draft it was.
fn before(
    older: Option<&Record<'_>>,
    name: &StatementName,
    now: Option<&Overview<'_>>,
) -> anyhow::Result<Option<Letter>> {
    let Some(older) = older else { return Ok(None) };
    let draft = now.and_then(|overview| overview.letter.draft.clone());
    for name in std::iter::once(name).chain(&draft) {
        if let Some(letter) = older.letter(name)? {
            return Ok(Some(letter));
        }
    }
    Ok(None)
}

fn what(overview: &Overview<'_>, before: Option<&Letter>, changes: &[String]) -> String {
    let is_draft = overview.letter.name.is_draft();
    match before {
        None if is_draft => "new draft".to_owned(),
        None if overview.letter.statement.value.content.is_outgoing() => "sent".to_owned(),
        None => "received".to_owned(),
        Some(before) if before.name.is_draft() && !is_draft => format!("sent, was the draft {}", before.name),
        Some(_) if !changes.is_empty() => "changed".to_owned(),
        Some(before) => match overview.letter.acts.len().saturating_sub(before.acts.len()) {
            0 => "changed beside its text".to_owned(),
            1 => "1 new act".to_owned(),
            count => format!("{count} new acts"),
        },
    }
}

/// A letter that the branch takes away, or that cannot be read.
fn gone(name: &StatementName, before: Option<&Letter>, findings: Vec<Finding>) -> Option<Reviewed> {
    if before.is_none() && findings.is_empty() {
        return None;
    }
    let title = before.and_then(|before| before.statement.value.content.title.as_ref());
    Some(Reviewed {
        name: name.clone(),
        title: title.map(ToString::to_string).unwrap_or_default(),
        what: "not a letter any more, or cannot be read".to_owned(),
        state: String::new(),
        facts: Vec::new(),
        changes: Vec::new(),
        stale: Vec::new(),
        acts: Vec::new(),
        approvals: Vec::new(),
        steps: Vec::new(),
        leaves: Vec::new(),
        text: String::new(),
        findings,
        waits: false,
    })
}

/// Who gets which message, a line each.
fn leaves(shown: &Shown) -> Vec<String> {
    let statement = shown.statement.recipients().into_iter().map(|address| format!("the letter: {address}"));
    let announcement = shown.announcement.iter().flat_map(|(message, told)| {
        message.recipients().into_iter().enumerate().map(|(index, address)| {
            let reason = told.get(index).map(|reached| format!(", {}", reached.reason)).unwrap_or_default();
            format!("the announcement: {address}{reason}")
        })
    });
    statement.chain(announcement).collect()
}
