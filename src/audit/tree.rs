//! Trees: their strict reading, and which files differ between two of them. Equal subtrees are not looked into.

use std::cmp::Ordering;

use super::object::{AuditError, ObjectId, Objects};

/// What stands at a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Kind {
    /// A folder.
    Folder,
    /// A file, whether it can be run or not.
    File,
    /// A link, a submodule, or something that git does not know.
    Other,
}

/// A file or folder of a tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Node {
    /// Its object.
    pub(super) id: ObjectId,
    /// What it is.
    pub(super) kind: Kind,
}

/// An entry of a tree, by its name's bytes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry<'t> {
    /// The name.
    pub(super) name: &'t [u8],
    /// What it names.
    pub(super) node: Node,
}

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

/// Why a tree is none that git would write.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum TreeFault {
    /// It ends early, or its modes are none.
    #[error("the tree {0} cannot be read")]
    Form(ObjectId),
    /// One name stands twice, or the order is wrong, so that programs see different files.
    #[error("the tree {id} holds `{name}` twice, or out of order")]
    Twice {
        /// The tree.
        id: ObjectId,
        /// The name.
        name: String,
    },
    /// A name that is no name of a file.
    #[error("the tree {id} holds a file with the name `{name}`")]
    Name {
        /// The tree.
        id: ObjectId,
        /// The name.
        name: String,
    },
    /// Folders in folders in folders.
    #[error("the tree {0} lies too deep")]
    Deep(ObjectId),
}

/// A tree that could not be read, or could not be had.
#[derive(Debug, thiserror::Error)]
pub(super) enum TreeError {
    /// Its form: a finding.
    #[error(transparent)]
    Fault(#[from] TreeFault),
    /// The clone.
    #[error(transparent)]
    Audit(#[from] AuditError),
}

/// How deep folders may lie in folders.
const DEPTH: usize = 24;

/// The entries of a tree, in their order.
///
/// # Errors
/// Returns [`TreeFault`] for bytes that git itself would not write.
pub(super) fn entries(id: ObjectId, bytes: &[u8]) -> Result<Vec<Entry<'_>>, TreeFault> {
    let mut entries: Vec<Entry<'_>> = Vec::new();
    let mut rest = bytes;
    while !rest.is_empty() {
        let (entry, after) = entry(rest).ok_or(TreeFault::Form(id))?;
        let shown = || String::from_utf8_lossy(entry.name).escape_debug().to_string();
        let is_name = !matches!(entry.name, b"" | b"." | b".." | b".git") && !entry.name.contains(&b'/');
        if !is_name {
            return Err(TreeFault::Name { id, name: shown() });
        }
        if entries.last().is_some_and(|last| order(last, &entry) != Ordering::Less) {
            return Err(TreeFault::Twice { id, name: shown() });
        }
        entries.push(entry);
        rest = after;
    }
    for folder in entries.iter().filter(|entry| entry.node.kind == Kind::Folder) {
        let file = Entry { name: folder.name, node: Node { kind: Kind::File, ..folder.node } };
        if entries.binary_search_by(|entry| order(entry, &file)).is_ok() {
            return Err(TreeFault::Twice { id, name: String::from_utf8_lossy(folder.name).into_owned() });
        }
    }
    Ok(entries)
}

/// One entry, and the bytes after it.
fn entry(bytes: &[u8]) -> Option<(Entry<'_>, &[u8])> {
    let blank = bytes.iter().take(8).position(|byte| *byte == b' ')?;
    let (mode, rest) = (bytes.get(..blank)?, bytes.get(blank + 1..)?);
    let end = rest.iter().position(|byte| *byte == 0)?;
    let (name, id) = (rest.get(..end)?, rest.get(end + 1..end + 21)?);
    let kind = match mode {
        b"40000" | b"040000" => Kind::Folder,
        b"100644" | b"100755" | b"100664" => Kind::File,
        _ => Kind::Other,
    };
    let node = Node { id: ObjectId::new(id.try_into().ok()?), kind };
    Some((Entry { name, node }, rest.get(end + 21..)?))
}

/// Git's order: a folder stands where its name with a slash would.
fn order(one: &Entry<'_>, other: &Entry<'_>) -> Ordering {
    let key = |entry: &Entry<'_>, at: usize| match entry.name.get(at) {
        Some(byte) => Some(*byte),
        None if at == entry.name.len() && entry.node.kind == Kind::Folder => Some(b'/'),
        None => None,
    };
    let shorter = one.name.len().min(other.name.len());
    let common = one.name.iter().zip(other.name).position(|(a, b)| a != b).unwrap_or(shorter);
    key(one, common).cmp(&key(other, common)).then_with(|| key(one, common + 1).cmp(&key(other, common + 1)))
}

/// The files below some top folders that differ between two trees of the record's root, sorted by path.
///
/// # Errors
/// Returns [`TreeError`] when a tree is malformed or missing.
pub(super) fn changes(
    objects: &dyn Objects,
    before: Option<ObjectId>,
    after: Option<ObjectId>,
) -> Result<Vec<Changed>, TreeError> {
    let mut walk = Walk { objects, found: Vec::new() };
    walk.compare(before, after, "", 0)?;
    walk.found.sort();
    Ok(walk.found)
}

/// Every file below a folder, with the folder's own path before it.
///
/// # Errors
/// Returns [`TreeError`] when a tree is malformed or missing.
pub(super) fn files_below(
    objects: &dyn Objects,
    folder: ObjectId,
    path: &str,
) -> Result<Vec<(String, Node)>, TreeError> {
    let mut walk = Walk { objects, found: Vec::new() };
    walk.compare(None, Some(folder), path, 1)?;
    Ok(walk.found.into_iter().filter_map(|file| Some((file.path, file.after?))).collect())
}

/// Every file that differs between two trees, whatever its place.
///
/// # Errors
/// Returns [`TreeError`] when a tree is malformed or missing.
pub(super) fn all_changes(
    objects: &dyn Objects,
    before: Option<ObjectId>,
    after: Option<ObjectId>,
) -> Result<Vec<Changed>, TreeError> {
    let mut walk = Walk { objects, found: Vec::new() };
    walk.compare(before, after, "", 1)?;
    Ok(walk.found)
}

struct Walk<'o> {
    objects: &'o dyn Objects,
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
        let read = |id: Option<ObjectId>| id.map(|id| self.objects.tree(id)).transpose();
        let (old, new) = (read(before)?.unwrap_or_default(), read(after)?.unwrap_or_default());
        // What was there before was judged when it came.
        let old = before.map_or(Ok(Vec::new()), |id| entries(id, &old)).unwrap_or_default();
        let new = after.map_or(Ok(Vec::new()), |id| entries(id, &new))?;
        let (mut olds, mut news) = (old.iter().peekable(), new.iter().peekable());
        loop {
            let which = match (olds.peek(), news.peek()) {
                (None, None) => return Ok(()),
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (Some(old), Some(new)) => order(old, new),
            };
            let old = if which == Ordering::Greater { None } else { olds.next() };
            let new = if which == Ordering::Less { None } else { news.next() };
            self.pair(old, new, folder, depth)?;
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
        if before == after || (depth == 0 && !is_of_record(name)) {
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

/// Whether a name at the root belongs to the record: nothing else is looked at.
fn is_of_record(name: &[u8]) -> bool {
    matches!(name, b"directory" | b"drafts" | b"liaison.toml" | b"posting-rights" | b"statements" | b"trust")
}

/// What stands at a path below a tree.
///
/// # Errors
/// Returns [`TreeError`] when a tree on the way is malformed or missing.
pub(super) fn node_at(objects: &dyn Objects, tree: ObjectId, path: &str) -> Result<Option<Node>, TreeError> {
    let mut at = Node { id: tree, kind: Kind::Folder };
    for part in path.split('/').filter(|part| !part.is_empty()) {
        if at.kind != Kind::Folder {
            return Ok(None);
        }
        let bytes = objects.tree(at.id)?;
        // Whatever is wrong with the tree was told when it came.
        let entries = entries(at.id, &bytes).unwrap_or_default();
        match entries.iter().find(|entry| entry.name == part.as_bytes()) {
            Some(entry) => at = entry.node,
            None => return Ok(None),
        }
    }
    Ok(Some(at))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(byte: u8) -> ObjectId {
        ObjectId::new([byte; 20])
    }

    fn tree(list: &[(&str, &str)]) -> Vec<u8> {
        let line = |(mode, name): &(&str, &str)| [format!("{mode} {name}\0").as_bytes(), &[7; 20]].concat();
        list.iter().flat_map(line).collect()
    }

    #[test]
    fn folders_stand_where_their_name_with_a_slash_would() {
        let sound = tree(&[("100644", "a.b"), ("40000", "a"), ("100644", "a0")]);
        assert_eq!(entries(id(1), &sound).unwrap().len(), 3);
        for (list, name) in [
            (&[("100644", "a"), ("100644", "a")][..], "a"),
            (&[("100644", "a"), ("40000", "a")], "a"),
            (&[("100644", "a"), ("100644", "a.b"), ("40000", "a")], "a"),
            (&[("100644", "b"), ("100644", "a")], "a"),
        ] {
            let twice = TreeFault::Twice { id: id(1), name: name.into() };
            assert_eq!(entries(id(1), &tree(list)).unwrap_err(), twice, "{list:?}");
        }
        for name in ["", ".", "..", ".git", "a/b"] {
            let fault = entries(id(1), &tree(&[("100644", name)])).unwrap_err();
            assert!(matches!(fault, TreeFault::Name { .. }), "{name}");
        }
        assert_eq!(entries(id(1), b"100644 a\x00123").unwrap_err(), TreeFault::Form(id(1)));
    }
}
