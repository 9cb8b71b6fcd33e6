//! Checkpoints: what a history was at a moment, signed, and whether it has only grown since.

use std::path::Path;

use super::context::Context;
use super::fetch::{fetch, is_address};
use super::input::{Limit, read_input_or_stdin};
use crate::digest::{Checkpoint, checkpoint_namespace};
use crate::history::Repo;
use crate::policy::signed_by;
use crate::store::Record;

/// Where the signature begins in a checkpoint's file.
const SIGNATURE: &str = "-----BEGIN ";

/// The text of a checkpoint: of a file, of standard input, or of what lies at an address. Its signature proves it, not the way
/// it came.
pub(crate) fn text_of(ctx: &Context, place: &Path) -> anyhow::Result<String> {
    let bytes = match place.to_str().filter(|text| is_address(text)) {
        Some(address) => fetch(address, Limit::checkpoint())?,
        None => read_input_or_stdin(ctx, place, Limit::checkpoint())?,
    };
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// What a checkpoint's file says of this clone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// The history has only grown since: by so many commits.
    Grown(u64),
    /// It proves nothing, or the history was rewritten; why, and what to do.
    Refused(String, String),
}

/// Reads a checkpoint's file: the text, and the signature behind it.
pub(crate) fn read(file: &str) -> Result<(Checkpoint, String), String> {
    let file = file.replace("\r\n", "\n");
    let at = file.find(SIGNATURE).ok_or_else(|| "it bears no signature".to_owned())?;
    let (text, signature) = file.split_at(at);
    let checkpoint = Checkpoint::parse(&(text.trim_end().to_owned() + "\n")).map_err(|error| error.to_string())?;
    Ok((checkpoint, signature.trim_end().to_owned() + "\n"))
}

/// Whether a checkpoint is this record's, is signed by whoever it names, and what is there now grew out of what it names.
/// Keys are those of the record at the checkpoint's own commit.
pub(crate) fn verify(file: &str, repo: &Repo, record: &Record<'_>, mainline: &str) -> anyhow::Result<Verdict> {
    let refused = |why: String, next: &str| Ok(Verdict::Refused(why, next.to_owned()));
    let (checkpoint, signature) = match read(file) {
        Ok(read) => read,
        Err(error) => {
            return refused(format!("this is no checkpoint: {error}"), "give a file that `liaison checkpoint` wrote");
        }
    };
    if !record.settings.ids().any(|id| *id == checkpoint.record) {
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
    Ok(Verdict::Grown(repo.count(now)?.saturating_sub(commits)))
}
