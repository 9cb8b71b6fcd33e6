//! Drafts that were moved or removed by hand: a draft's name is its name for life, and acts and signatures are bound to it.

use super::context::Context;
use super::desk::Desk;
use crate::config::Flow;
use crate::domain::StatementName;
use crate::history::{Oid, Repo};
use crate::store::layout::{Slot, classify};
use crate::store::{Files as _, Record};

/// How many of them are named.
const NAMED: usize = 5;

/// Tells drafts that the last commit has, or the mainline as it was last fetched, and that are not in the work tree.
///
/// # Errors
/// Fails when a commit cannot be read.
pub(crate) fn tell_moved_drafts(ctx: &mut Context, desk: &Desk, record: &Record<'_>) -> anyhow::Result<()> {
    let Ok(repo) = desk.repo(ctx) else { return Ok(()) };
    let gone = gone(&repo, desk, &record.settings.flow)?;
    for one in gone.iter().take(NAMED) {
        let source = match one.mainline {
            None => "--staged --worktree".to_owned(),
            Some(tip) => format!("--source={tip}"),
        };
        ctx.hint(format!(
            "{} was moved or removed by hand, and is no letter here any more; git restore {source} {} brings it back, and \
             liaison withdraw ends it",
            one.path, one.files
        ))?;
    }
    if gone.len() > NAMED {
        ctx.hint(format!("and {} drafts more", gone.len() - NAMED))?;
    }
    Ok(())
}

/// A draft that is not in the work tree.
struct Gone {
    path: String,
    /// Its file, and its folder if it has one.
    files: String,
    /// The commit of the mainline that still has it; nothing where the last commit does, and nothing is committed yet.
    mainline: Option<Oid>,
}

/// The drafts that are gone, each once. A mainline that is not in the branch's history may have drafts that are not pulled yet.
fn gone(repo: &Repo, desk: &Desk, flow: &Flow) -> anyhow::Result<Vec<Gone>> {
    let Some(head) = repo.commit_at("HEAD") else { return Ok(Vec::new()) };
    let mainline = repo.tracked(&flow.remote, &flow.mainline).filter(|tip| *tip != head && repo.contains(head, *tip));
    let mut gone: Vec<Gone> = Vec::new();
    for (tip, mainline) in [Some((head, None)), mainline.map(|tip| (tip, Some(tip)))].into_iter().flatten() {
        let names = repo.names_at(tip, "drafts")?;
        for name in &names {
            let path = format!("drafts/{name}");
            let Slot::Letter(letter @ StatementName::Draft(_)) = classify(&path) else { continue };
            if desk.tree.read(&path)?.is_none() && !gone.iter().any(|known| known.path == path) {
                let has_folder = names.iter().any(|folder| *folder == letter.to_string());
                let files = if has_folder { format!("{path} {}/", letter.stem()) } else { path.clone() };
                gone.push(Gone { path, files, mainline });
            }
        }
    }
    Ok(gone)
}
