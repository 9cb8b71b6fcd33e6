//! Which files differ between two trees. Equal subtrees are not looked into.

use std::cmp::Ordering;

use super::object::ObjectId;
use super::shelf::Shelf;
use super::tree::{Entry, Kind, Node, TreeError, TreeFault, order};

/// A file that differs between two trees.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Changed {
    /// The path below the record's root.
    pub(super) path: String,
    /// What stood there.
    pub(super) before: Option<Node>,
    /// What stands there.
    pub(super) after: Option<Node>,
}

/// How deep folders may lie in folders.
const DEPTH: usize = 24;

/// The files below some top folders that differ between two trees of the record's root, sorted by path.
///
/// # Errors
/// Returns [`TreeError`] when a tree is malformed or missing.
pub(super) fn changes(
    shelf: &Shelf<'_>,
    before: Option<ObjectId>,
    after: Option<ObjectId>,
) -> Result<Vec<Changed>, TreeError> {
    let mut walk = Walk { shelf, found: Vec::new() };
    walk.compare(before, after, "", 0)?;
    walk.found.sort();
    Ok(walk.found)
}

/// Every file below a folder, with the folder's own path before it.
///
/// # Errors
/// Returns [`TreeError`] when a tree is malformed or missing.
pub(super) fn files_below(shelf: &Shelf<'_>, folder: ObjectId, path: &str) -> Result<Vec<(String, Node)>, TreeError> {
    let mut walk = Walk { shelf, found: Vec::new() };
    walk.compare(None, Some(folder), path, 1)?;
    Ok(walk.found.into_iter().filter_map(|file| Some((file.path, file.after?))).collect())
}

/// Every file that differs between two trees, whatever its place.
///
/// # Errors
/// Returns [`TreeError`] when a tree is malformed or missing.
pub(super) fn all_changes(
    shelf: &Shelf<'_>,
    before: Option<ObjectId>,
    after: Option<ObjectId>,
) -> Result<Vec<Changed>, TreeError> {
    let mut walk = Walk { shelf, found: Vec::new() };
    walk.compare(before, after, "", 1)?;
    Ok(walk.found)
}

struct Walk<'o> {
    shelf: &'o Shelf<'o>,
    found: Vec<Changed>,
}

impl Walk<'_> {
    fn compare(
        &mut self,
        before: Option<ObjectId>,
        after: Option<ObjectId>,
        folder: &str,
        depth: usize,
    ) -> Result<(), TreeError> {
        if before == after {
            return Ok(());
        }
        if let Some(id) = after.or(before).filter(|_| depth > DEPTH) {
            return Err(TreeFault::Deep(id).into());
        }
        // What was there before was judged when it came.
        let old = match before.map(|id| self.shelf.tree(id)) {
            Some(Ok(tree)) => Some(tree),
            Some(Err(TreeError::Audit(error))) => return Err(error.into()),
            None | Some(Err(TreeError::Fault(_))) => None,
        };
        let new = after.map(|id| self.shelf.tree(id)).transpose()?;
        let mut olds = old.iter().flat_map(|tree| tree.entries()).peekable();
        let mut news = new.iter().flat_map(|tree| tree.entries()).peekable();
        loop {
            let which = match (olds.peek(), news.peek()) {
                (None, None) => return Ok(()),
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (Some(old), Some(new)) => order(old, new),
            };
            let old = if which == Ordering::Greater { None } else { olds.next() };
            let new = if which == Ordering::Less { None } else { news.next() };
            self.pair(old.as_ref(), new.as_ref(), folder, depth)?;
        }
    }

    /// Two entries of one name and kind of order, or one alone.
    fn pair(
        &mut self,
        old: Option<&Entry<'_>>,
        new: Option<&Entry<'_>>,
        folder: &str,
        depth: usize,
    ) -> Result<(), TreeError> {
        let Some(name) = new.or(old).map(|entry| entry.name) else { return Ok(()) };
        let (before, after) = (old.map(|entry| entry.node), new.map(|entry| entry.node));
        if before == after || (depth == 0 && !is_of_record(name) && !looks_of_record(name)) {
            return Ok(());
        }
        let path = format!("{folder}{}", String::from_utf8_lossy(name));
        let is_folder = |node: &Node| node.kind == Kind::Folder;
        let (old_folder, new_folder) = (before.filter(is_folder), after.filter(is_folder));
        if old_folder.is_some() || new_folder.is_some() {
            self.compare(
                old_folder.map(|node| node.id),
                new_folder.map(|node| node.id),
                &format!("{path}/"),
                depth + 1,
            )?;
        }
        let is_file = |node: &Node| node.kind != Kind::Folder;
        let (before, after) = (before.filter(is_file), after.filter(is_file));
        if before != after {
            self.found.push(Changed { path, before, after });
        }
        Ok(())
    }
}

/// The names at the root that belong to the record: nothing else is looked at.
const NAMES: [&[u8]; 6] = [b"directory", b"drafts", b"liaison.toml", b"posting-rights", b"statements", b"trust"];

fn is_of_record(name: &[u8]) -> bool {
    NAMES.contains(&name)
}

/// Whether a name differs from one of the record only by case: where case does not count both are one.
pub(super) fn looks_of_record(name: &[u8]) -> bool {
    !is_of_record(name) && NAMES.iter().any(|known| known.eq_ignore_ascii_case(name))
}
