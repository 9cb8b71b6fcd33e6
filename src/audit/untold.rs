//! What stands under a number and nothing tells of: a letter without an act that says how it left or came in, a file beside it
//! that neither the letter nor an act names. Somebody laid it there by hand.

use std::collections::{BTreeMap, BTreeSet};

use super::frozen::is_numbered;
use super::gather::is_act;
use super::ground::Ground;
use super::object::{AuditError, ObjectId};
use super::standing::Standing;
use super::step::{Step, file_at, stands};
use crate::domain::StatementName;
use crate::findings::{Code, Finding, Place, Severity};
use crate::policy::is_told;
use crate::record::{Letter, files_named};
use crate::store::layout::classify;

/// Reports what a commit lays under numbers. What a merge does by itself is told as such.
///
/// # Errors
/// Returns [`AuditError`] when the clone lacks an object.
pub(super) fn judge(ground: &Ground<'_>, step: &Step) -> Result<Vec<Finding>, AuditError> {
    let Some(tree) = step.tree.filter(|_| !step.is_merge) else { return Ok(Vec::new()) };
    let new = step.own.iter().filter(|changed| changed.before.is_none()).map(|changed| &*changed.path);
    let untold = among(ground, tree, new, &step.before)?;
    Ok(untold.iter().map(|path| finding(path)).collect())
}

/// The files that a commit takes away or changes and nothing told of: they were never the record's. A merge does nothing by itself.
///
/// # Errors
/// Returns [`AuditError`] when the clone lacks an object.
pub(super) fn were_nobodys(ground: &Ground<'_>, step: &Step) -> Result<BTreeSet<String>, AuditError> {
    let Some(tree) = step.tree_before.filter(|_| !step.is_merge) else { return Ok(BTreeSet::new()) };
    let touched = step.own.iter().filter(|changed| changed.before.is_some()).map(|changed| &*changed.path);
    among(ground, tree, touched, &step.before)
}

/// Whether a letter, or a file beside it, is gone by now or told of; of other paths nothing is said.
///
/// # Errors
/// Returns [`AuditError`] when the clone lacks an object.
pub(super) fn is_mended(ground: &Ground<'_>, path: &str) -> Result<bool, AuditError> {
    if !is_numbered(path) || is_act(path) {
        return Ok(false);
    }
    let newest = ground.graph.newest();
    let Some(tree) = newest.map_or(Ok(None), |newest| ground.tree(newest))? else { return Ok(true) };
    if !stands(&ground.shelf, tree, path)? {
        return Ok(true);
    }
    Ok(among(ground, tree, std::iter::once(path), &*ground.standing(newest)?)?.is_empty())
}

/// The paths of some changes under numbers that nothing in a tree tells of.
fn among<'c>(
    ground: &Ground<'_>,
    tree: ObjectId,
    paths: impl Iterator<Item = &'c str>,
    standing: &Standing,
) -> Result<BTreeSet<String>, AuditError> {
    let mut letters: BTreeMap<StatementName, Vec<&str>> = BTreeMap::new();
    for path in paths.filter(|path| is_numbered(path) && !is_act(path)) {
        if let Some(name) = classify(path).letter() {
            letters.entry(name).or_default().push(path);
        }
    }
    let mut untold = BTreeSet::new();
    for (name, paths) in letters {
        let letter = ground.letter(tree, &name, standing)?;
        // A letter that cannot be read is told as such.
        if letter.is_none() && file_at(&ground.shelf, tree, &name.path())?.is_some() {
            continue;
        }
        let is_untold = |path: &&&str| letter.as_ref().is_none_or(|letter| !tells_of(letter, path));
        untold.extend(paths.iter().filter(is_untold).map(|path| (*path).to_owned()));
    }
    Ok(untold)
}

fn tells_of(letter: &Letter, path: &str) -> bool {
    match path.strip_prefix(&format!("{}/", letter.name.stem())) {
        Some(file) => files_named(letter).iter().any(|named| named == file),
        None => is_told(letter),
    }
}

fn finding(path: &str) -> Finding {
    let (code, message) = match path.ends_with(".yaml")
        && classify(path).letter().is_some_and(|name| name.path() == path)
    {
        true => (Code::ReceiptMissing, format!("{path} came into the record, and no act tells how it left or came in")),
        false => (
            Code::AttachmentUnlisted,
            format!("{path} came into the record, and neither its letter nor an act names it"),
        ),
    };
    let help = format!("find out who laid it there, and take it out again: git rm {path}");
    let finding = Finding::plain(code, message).at(Place::file(path)).help(help);
    Finding { severity: Severity::Error, ..finding }
}
