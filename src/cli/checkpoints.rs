//! Checkpoints: what a history was at a moment, signed, and whether it has only grown since.

use std::path::Path;

use super::context::Context;
use super::fetch::{fetch, is_address};
use super::format::terminal_safe;
use super::input::{Limit, read_input_or_stdin};
use super::returned::plain_texts;
use crate::config::Settings;
use crate::digest::{Checkpoint, checkpoint_namespace};
use crate::history::Repo;
use crate::policy::signed_by;
use crate::signing::blocks;
use crate::store::Record;

/// The first line of a checkpoint.
const FIRST: &str = "liaison-checkpoint-v1\n";

/// Where the signature begins in a checkpoint's file.
const SIGNATURE: &str = "-----BEGIN ";

/// The bytes of a checkpoint: of a file, of standard input, or of what lies at an address. Its signature proves it, not the way
/// it came.
pub(crate) fn bytes_of(ctx: &Context, place: &Path) -> anyhow::Result<Vec<u8>> {
    match place.to_str().filter(|text| is_address(text)) {
        Some(address) => {
            let shown = terminal_safe(address).replace('\'', "%27");
            let by_hand = format!("curl -fsSL -o checkpoint.txt '{shown}', then give that file instead");
            fetch(address, Limit::checkpoint(), &by_hand)
        }
        None => read_input_or_stdin(ctx, place, Limit::checkpoint()),
    }
}

/// What a checkpoint's file says of this clone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// The history has only grown since.
    Grown {
        /// What it was.
        then: Checkpoint,
        /// By how many commits.
        more: u64,
    },
    /// It proves nothing, or the history was rewritten; why, and what to do.
    Refused(String, String),
}

/// Reads a checkpoint's file: the text, and the signature behind it. It may be a mail, with the checkpoint in it as mail programs
/// quote and encode it.
pub(crate) fn read(file: &[u8]) -> Result<(Checkpoint, String), String> {
    let mut first = None;
    for text in plain_texts(file) {
        match read_text(&text) {
            Ok(read) => return Ok(read),
            Err(error) => first = first.or(Some(error)),
        }
    }
    Err(first.unwrap_or_default())
}

fn read_text(text: &str) -> Result<(Checkpoint, String), String> {
    let text = text.find(FIRST).and_then(|at| text.get(at..)).unwrap_or(text);
    let at = text.find(SIGNATURE).ok_or_else(|| "it bears no signature".to_owned())?;
    let (text, signature) = text.split_at(at);
    let checkpoint = Checkpoint::parse(&(text.trim_end().to_owned() + "\n")).map_err(|error| error.to_string())?;
    let signature = blocks(signature).into_iter().next().ok_or_else(|| "its signature is not whole".to_owned())?;
    Ok((checkpoint, signature))
}

/// Whether a checkpoint is this record's, is signed by whoever it names, and what is there now grew out of what it names.
/// Keys are those of the record at the checkpoint's own commit.
pub(crate) fn verify(file: &[u8], repo: &Repo, settings: &Settings, mainline: &str) -> anyhow::Result<Verdict> {
    let refused = |why: String, next: &str| Ok(Verdict::Refused(why, next.to_owned()));
    let (checkpoint, signature) = match read(file) {
        Ok(read) => read,
        Err(error) => {
            return refused(format!("this is no checkpoint: {error}"), "give a file that `liaison checkpoint` wrote");
        }
    };
    if !settings.ids().any(|id| *id == checkpoint.record) {
        return refused(format!("the checkpoint is of the record {}", checkpoint.record), "give one of this record");
    }
    let Some(tip) = repo.commit_at(&checkpoint.tip) else {
        return refused(
            format!(
                "the commit {} of the checkpoint is not in this clone: the history was rewritten, or not fetched",
                checkpoint.tip
            ),
            "git fetch; if it is still missing, ask whoever published the checkpoint",
        );
    };
    let then = repo.revision(tip)?;
    let then = Record::open(&then)?;
    let (text, space) = (checkpoint.text(), checkpoint_namespace(&checkpoint.record));
    let by = checkpoint.by.as_str();
    if let Err(fault) = signed_by(by, &text, &signature, &space, checkpoint.at.day(), &then.directory) {
        return refused(
            format!("the checkpoint of {by} proves nothing: {fault}"),
            "ask for it again, from who published it",
        );
    }
    let Some(now) = repo.commit_at(mainline) else {
        return refused(format!("there is no {mainline} here"), "git fetch");
    };
    if !repo.contains(now, tip) {
        return refused(
            format!(
                "{mainline} does not grow out of {}, which was its tip on {}: the history was rewritten",
                checkpoint.tip, checkpoint.at
            ),
            "keep this clone, and ask who rewrote the branch",
        );
    }
    let commits = repo.count(tip)?;
    if commits != checkpoint.commits {
        return refused(
            format!("{} commits lead to {}, and the checkpoint says {}", commits, checkpoint.tip, checkpoint.commits),
            "the clone is not complete: git fetch --unshallow",
        );
    }
    Ok(Verdict::Grown { then: checkpoint, more: repo.count(now)?.saturating_sub(commits) })
}
