//! The outbox is each clone's own: what a commit lays there would be handed over by whoever pulls it.

use super::changes::files_below;
use super::ground::Ground;
use super::object::{AuditError, ObjectId};
use super::step::{Step, stands};
use super::tree::{Kind, Node, TreeError, node_at};
use crate::findings::{Code, Finding, Place};
use crate::store::layout::{Slot, classify};

/// Reports what a commit lays into the outbox, or in its place, and none of its parents has there.
///
/// # Errors
/// Returns [`AuditError`] when the clone lacks an object.
pub(super) fn judge(ground: &Ground<'_>, step: &Step) -> Result<Vec<Finding>, AuditError> {
    let Some(tree) = step.tree else { return Ok(Vec::new()) };
    let outbox = &step.after.settings.mail.outbox;
    let there = entries(ground, tree, outbox)?;
    if there.is_empty() {
        return Ok(Vec::new());
    }
    let mut before = Vec::new();
    for parent in ground.graph.parents(step.index) {
        if let Some(tree) = ground.tree(parent)? {
            before.extend(entries(ground, tree, outbox)?);
        }
    }
    Ok(there.iter().filter(|entry| !before.contains(entry)).map(|(path, _)| finding(path)).collect())
}

/// Whether something is still there in the newest commit.
///
/// # Errors
/// Returns [`AuditError`] when the clone lacks an object.
pub(super) fn is_there(ground: &Ground<'_>, path: &str) -> Result<bool, AuditError> {
    let newest = ground.graph.newest();
    let Some(tree) = newest.map_or(Ok(None), |newest| ground.tree(newest))? else { return Ok(false) };
    stands(&ground.shelf, tree, path)
}

/// What a tree has below the outbox; where a link or a submodule stands in its place or above it, that.
fn entries(ground: &Ground<'_>, tree: ObjectId, outbox: &str) -> Result<Vec<(String, Node)>, AuditError> {
    let ends = outbox.match_indices('/').map(|(at, _)| at).chain([outbox.len()]);
    for path in ends.filter_map(|end| outbox.get(..end)) {
        let node = match node_at(&ground.shelf, tree, path) {
            Ok(Some(node)) => node,
            Ok(None) | Err(TreeError::Fault(_)) => return Ok(Vec::new()),
            Err(TreeError::Audit(error)) => return Err(error),
        };
        if node.kind != Kind::Folder {
            return Ok(vec![(path.to_owned(), node)]);
        }
        if path == outbox {
            let mut files = files_below(&ground.shelf, node.id, &format!("{outbox}/")).unwrap_or_default();
            files.retain(|(path, _)| !matches!(classify(path), Slot::Silent));
            return Ok(files);
        }
    }
    Ok(Vec::new())
}

fn finding(path: &str) -> Finding {
    let message = format!(
        "the commit lays {path} into the outbox, or in its place; whoever pulls it could hand it over as their own"
    );
    Finding::plain(Code::OutboxTracked, message)
        .at(Place::file(path))
        .help(format!("find out who laid it there, and take it out again: git rm {path}"))
}
