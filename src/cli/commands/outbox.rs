//! The last steps of a sending: both messages are laid into the outbox, at once or after something came in between, and put
//! away there once they left.

use std::path::{Path, PathBuf};

use anyhow::Context as _;

use crate::cli::context::Context;
use crate::cli::desk::Desk;
use crate::cli::exit::{Outcome, refuse, refuse_with};
use crate::cli::locking::{Held, add_to, follow, note_outcome};
use crate::cli::signature::sign_fact;
use crate::domain::{Act, ActKind, Digest, Instant, StatementId, StatementName, Word};
use crate::findings::{Code, Finding, Place};
use crate::history::Repo;
use crate::mail::{deliver, link_at, put_away};
use crate::record::{Letter, act_yaml};
use crate::store::layout::{Slot, classify};
use crate::store::{Change, Record, act_path};

use super::acting::{told, with_detail};

/// A letter whose number is locked, with its messages.
pub(super) struct Locked<'a> {
    pub(super) number: &'a StatementId,
    pub(super) sending: &'a Act,
    /// When the letter's last act was.
    pub(super) last: Instant,
    pub(super) held: &'a Held,
    pub(super) statement: &'a [u8],
    pub(super) announcement: Option<&'a [u8]>,
}

fn folder(desk: &Desk, record: &Record<'_>) -> PathBuf {
    desk.tree.root().join(&record.settings.mail.outbox)
}

/// What git tracks below the outbox: it would come to everybody who pulls, who could hand it over as their own.
pub(super) fn tracked(ctx: &Context, desk: &Desk, record: &Record<'_>) -> anyhow::Result<Vec<Finding>> {
    let Ok(repo) = desk.repo(ctx) else { return Ok(Vec::new()) };
    let paths = repo.tracked_below(&record.settings.mail.outbox)?.into_iter();
    let messages = paths.filter(|path| !matches!(classify(path), Slot::Silent));
    let finding = |path: String| {
        let message = "git tracks this message of the outbox; whoever pulls it could hand it over as their own";
        let help = format!("find out who laid it there, and take it out again: git rm --cached {path}");
        Finding::plain(Code::OutboxTracked, message).at(Place::file(path)).help(help)
    };
    Ok(messages.map(finding).collect())
}

/// Makes sure that the outbox takes messages and holds only this clone's, before a number is locked for one.
pub(super) fn prepare(ctx: &Context, desk: &Desk, record: &Record<'_>) -> anyhow::Result<()> {
    if let Some(tracked) = tracked(ctx, desk, record)?.into_iter().next() {
        let path = &tracked.place.file;
        return Err(refuse(
            format!("nothing was sent: git tracks {path}, and what waits in the outbox is this clone's alone"),
            format!("find out who laid it there; then: git rm --cached {path}"),
        ));
    }
    let outbox = folder(desk, record);
    if let Some(link) = link_in_place(desk.tree.root(), &outbox) {
        return Err(refuse(
            format!("nothing was sent: {} is a link; messages would leave the record by it", link.display()),
            "find out who made it, and take it away: git log -- PATH tells, where it came with a pull",
        ));
    }
    let folders = ["tmp", "new", "cur"].iter().map(|name| outbox.join(name));
    let made = folders.map(std::fs::create_dir_all).collect::<std::io::Result<Vec<()>>>();
    made.and_then(|_| tempfile::NamedTempFile::new_in(outbox.join("tmp"))).map(drop).map_err(|error| {
        refuse_with(
            Outcome::CouldNotLook,
            format!("nothing was sent: the outbox {} takes no messages: {error}", outbox.display()),
            ["mend the folder, or name another one under [send] outbox in liaison.toml".to_owned()],
        )
    })
}

/// A link above the outbox within the record, in its place, or in that of one of its folders.
fn link_in_place(root: &Path, outbox: &Path) -> Option<PathBuf> {
    let mut above = outbox.ancestors().skip(1).take_while(|folder| *folder != root && folder.starts_with(root));
    above.find(|path| path.is_symlink()).map(Path::to_owned).or_else(|| link_at(outbox))
}

/// Lays both messages into the outbox and records it.
pub(super) fn hand_over(
    ctx: &mut Context,
    desk: &Desk,
    record: &Record<'_>,
    repo: &Repo,
    locked: &Locked<'_>,
    by: &Word,
) -> anyhow::Result<Outcome> {
    let (flow, number, outbox) = (&record.settings.flow, locked.number, folder(desk, record));
    lay(&outbox, &format!("{number}.eml"), locked.statement)?;
    if let Some(bytes) = locked.announcement {
        lay(&outbox, &format!("{number}.announcement.eml"), bytes)?;
    }
    let name = StatementName::Numbered(number.clone());
    let mut act = Act::new(ActKind::HandedOver, by.clone(), locked.last.plus_seconds(1).max(ctx.now));
    with_detail(&mut act, "transport", Some("outbox"))?;
    with_detail(&mut act, "message-id", locked.sending.detail("message-id").as_deref())?;
    with_detail(&mut act, "outbox", Some(&record.settings.mail.outbox))?;
    act.content = locked.sending.content;
    let subject = locked.sending.detail("draft").unwrap_or_else(|| name.to_string());
    if let Some(told) = sign_fact(ctx, repo, record, &subject, &mut act)? {
        ctx.hint(told)?;
    }
    let change = Change::default().write(act_path(&name, &act), act_yaml(&act)?);
    let latest = add_to(repo, flow, locked.held, &change, &format!("handed over: {name} lies in the outbox"))?;
    note_outcome(repo, flow, number, "handed-over", act.at)?;
    let reached = follow(repo, flow, locked.held, latest)?;
    writeln!(ctx.out, "{number}")?;
    ctx.hint(format!("the messages of {number} lie in {}", outbox.join("new").display()))?;
    ctx.hint(told(&reached))?;
    if locked.held.branch.starts_with("liaison/send/") {
        ctx.hint(format!("merge the branch {} into {}", locked.held.branch, flow.mainline))?;
    }
    ctx.hint(format!("next: send both with your mail program, then: liaison mark-sent {number} --copy FILE"))?;
    Ok(Outcome::Done)
}

/// Lays one message into the outbox; another one that lies there under its name must not be taken for it.
fn lay(outbox: &Path, name: &str, bytes: &[u8]) -> anyhow::Result<()> {
    let place = deliver(outbox, name, bytes)?;
    if std::fs::read(&place).is_ok_and(|there| there == bytes) {
        return Ok(());
    }
    let help = format!("move it away; then liaison send {} goes on", name.split('.').next().unwrap_or(name));
    Err(refuse_with(
        Outcome::CouldNotLook,
        format!("{} is there, and is not the message that is to be sent", place.display()),
        [help],
    ))
}

/// Moves a letter's messages from the outbox's `new` to its `cur` because they left, and tells whether there were any: only the
/// clone that laid them there has them. What left is recorded by then, so that failing to move is no failure.
pub(super) fn empty(
    ctx: &mut Context,
    desk: &Desk,
    record: &Record<'_>,
    letter: &StatementName,
) -> anyhow::Result<bool> {
    let outbox = folder(desk, record);
    let moved = put_away(&outbox, |name| is_message_of(letter, name)).unwrap_or_else(|error| {
        let _ = ctx.hint(format!("the messages of {letter} stay in the outbox: {error}"));
        Vec::new()
    });
    if !moved.is_empty() {
        ctx.hint(format!("{} moved to {}", moved.join(" and "), outbox.join("cur").display()))?;
    }
    Ok(!moved.is_empty())
}

/// Whether a name is that of a letter's statement, sent for the first time or again, or of its announcement.
fn is_message_of(letter: &StatementName, name: &str) -> bool {
    let rest = name.strip_prefix(&letter.to_string()).and_then(|rest| rest.strip_suffix(".eml"));
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    rest.is_some_and(|rest| matches!(rest, "" | ".announcement") || rest.strip_prefix('.').is_some_and(is_number))
}

/// Goes on with a sending that this clone began and that did not get as far as the outbox; nothing left by it, so nothing
/// leaves twice. Of a sending that another clone began only that clone knows how far it got.
pub(super) fn resume(
    ctx: &mut Context,
    desk: &Desk,
    record: &Record<'_>,
    repo: &Repo,
    letter: &Letter,
    by: &Word,
) -> anyhow::Result<Outcome> {
    let (Some(sending), StatementName::Numbered(number)) = (letter.last(ActKind::Sending), &letter.name) else {
        return Err(refuse_with(Outcome::CouldNotLook, format!("{} has no act `sending`", letter.name), []));
    };
    let who = record.directory.name_of(sending.by.as_str());
    if sending.detail("clone") != Some(repo.clone_id(&ctx.fresh_id())?) {
        return Err(refuse_with(
            Outcome::InDoubt,
            format!(
                "{number} is being sent by {who} since {}, from another clone; whether it left is known there",
                sending.at
            ),
            [
                format!("ask {who}: liaison send {number} goes on in that clone"),
                format!("if it did leave: liaison mark-sent {number} --copy FILE"),
            ],
        ));
    }
    let statement = record.beside(&letter.name, "sent-1.eml")?.unwrap_or_default();
    if sending.detail("message").as_deref() != Some(Digest::of(&statement).to_string().as_str()) {
        return Err(refuse_with(
            Outcome::RefusedForGood,
            format!("{}/sent-1.eml is not the message that was to be sent", letter.name.stem()),
            [format!("restore it: git log -- {}/sent-1.eml", letter.name.stem())],
        ));
    }
    let announcement = record.beside(&letter.name, "announcement-1.eml")?;
    let held = Held::again(repo, &record.settings.flow, number).context("the sending's branch is gone")?;
    ctx.hint(format!("the sending of {number} began on {} and is finished now", sending.at))?;
    let last = letter.acts.iter().map(|act| act.value.at).max().unwrap_or(sending.at);
    let announcement = announcement.as_deref();
    let locked = Locked { number, sending, last, held: &held, statement: &statement, announcement };
    hand_over(ctx, desk, record, repo, &locked, by)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_letter_s_own_messages_are_put_away() {
        let letter = StatementName::parse("ls-2026-001").unwrap();
        for own in ["ls-2026-001.eml", "ls-2026-001.announcement.eml", "ls-2026-001.2.eml", "ls-2026-001.10.eml"] {
            assert!(is_message_of(&letter, own), "{own}");
        }
        for other in ["ls-2026-0011.eml", "ls-2026-001.distribute.20261124T100000Z.eml", "ls-2026-002.eml", "x", ""] {
            assert!(!is_message_of(&letter, other), "{other}");
        }
    }
}
