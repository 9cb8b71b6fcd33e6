//! The outbox is each clone's own: what a commit lays there would be handed over by whoever pulls it.

use super::changes::files_below;
use super::ground::Ground;
use super::object::{AuditError, ObjectId};
use super::step::{Step, file_at};
use super::tree::{Kind, Node, TreeError, node_at};
use crate::findings::{Code, Finding, Place};
use crate::store::layout::{Slot, classify};

/// Reports the files that a commit lays into the outbox and none of its parents has there.
///
/// # Errors
/// Returns [`AuditError`] when the clone lacks an object.
pub(super) fn judge(ground: &Ground<'_>, step: &Step) -> Result<Vec<Finding>, AuditError> {
    let Some(tree) = step.tree else { return Ok(Vec::new()) };
    let outbox = &step.after.settings.mail.outbox;
    let Some(folder) = folder(ground, tree, outbox)? else { return Ok(Vec::new()) };
    let mut befores = Vec::new();
    for parent in ground.graph.parents(step.index) {
        befores.extend(ground.tree(parent)?);
    }
    for before in &befores {
        if self::folder(ground, *before, outbox)? == Some(folder) {
            return Ok(Vec::new());
        }
    }
    let files = files_below(&ground.shelf, folder.id, &format!("{outbox}/")).unwrap_or_default();
    let mut findings = Vec::new();
    for (path, node) in files.into_iter().filter(|(path, _)| !matches!(classify(path), Slot::Silent)) {
        if !is_in_any(ground, &befores, &path, node)? {
            findings.push(finding(&path));
        }
    }
    Ok(findings)
}

/// Whether a file is still there in the newest commit.
///
/// # Errors
/// Returns [`AuditError`] when the clone lacks an object.
pub(super) fn is_there(ground: &Ground<'_>, path: &str) -> Result<bool, AuditError> {
    let newest = ground.graph.newest();
    let Some(tree) = newest.map_or(Ok(None), |newest| ground.tree(newest))? else { return Ok(false) };
    Ok(file_at(&ground.shelf, tree, path)?.is_some())
}

/// The outbox in a tree; a malformed tree holds none.
fn folder(ground: &Ground<'_>, tree: ObjectId, outbox: &str) -> Result<Option<Node>, AuditError> {
    match node_at(&ground.shelf, tree, outbox) {
        Ok(node) => Ok(node.filter(|node| node.kind == Kind::Folder)),
        Err(TreeError::Fault(_)) => Ok(None),
        Err(TreeError::Audit(error)) => Err(error),
    }
}

fn is_in_any(ground: &Ground<'_>, trees: &[ObjectId], path: &str, node: Node) -> Result<bool, AuditError> {
    for tree in trees {
        if file_at(&ground.shelf, *tree, path)? == Some(node) {
            return Ok(true);
        }
    }
    Ok(false)
}

fn finding(path: &str) -> Finding {
    let message = format!("the commit lays {path} into the outbox; whoever pulls it could hand it over as their own");
    Finding::plain(Code::OutboxTracked, message)
        .at(Place::file(path))
        .help(format!("find out who laid it there, and take it out again: git rm {path}"))
}
