//! Trees, strictly read: what git itself would not write is a fault.

use std::cmp::Ordering;

use super::object::{AuditError, ObjectId};
use super::shelf::Shelf;

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

/// A tree: its bytes, and where in them the entries are.
#[derive(Debug)]
pub(super) struct Tree {
    bytes: Vec<u8>,
    places: Vec<(std::ops::Range<usize>, Node)>,
}

impl Tree {
    /// Reads a tree.
    ///
    /// # Errors
    /// Returns [`TreeFault`] for bytes that git itself would not write.
    pub(super) fn read(id: ObjectId, bytes: Vec<u8>) -> Result<Self, TreeFault> {
        let mut places = Vec::with_capacity(bytes.len() / 40);
        let mut last: Option<Entry<'_>> = None;
        let mut at = 0;
        while let Some(rest) = bytes.get(at..).filter(|rest| !rest.is_empty()) {
            let (entry, range) = entry(rest).ok_or(TreeFault::Form(id))?;
            let shown = || String::from_utf8_lossy(entry.name).escape_debug().to_string();
            let is_name = !matches!(entry.name, b"" | b"." | b".." | b".git") && !entry.name.contains(&b'/');
            if !is_name {
                return Err(TreeFault::Name { id, name: shown() });
            }
            if last.is_some_and(|last| order(&last, &entry) != Ordering::Less) {
                return Err(TreeFault::Twice { id, name: shown() });
            }
            places.push((at + range.start..at + range.end, entry.node));
            last = Some(entry);
            at += range.end + 21;
        }
        let tree = Self { bytes, places };
        match tree.twice() {
            Some(name) => Err(TreeFault::Twice { id, name }),
            None => Ok(tree),
        }
    }

    /// The entries, in their order.
    pub(super) fn entries(&self) -> impl Iterator<Item = Entry<'_>> {
        self.places.iter().map(|place| self.entry(place))
    }

    /// What has a name.
    pub(super) fn get(&self, name: &[u8]) -> Option<Node> {
        self.search(name, Kind::File).or_else(|| self.search(name, Kind::Folder))
    }

    fn entry<'t>(&'t self, (range, node): &(std::ops::Range<usize>, Node)) -> Entry<'t> {
        Entry { name: self.bytes.get(range.clone()).unwrap_or_default(), node: *node }
    }

    /// What has a name and the place in the order that such a kind has.
    fn search(&self, name: &[u8], kind: Kind) -> Option<Node> {
        let wanted = |node: &Node| Entry { name, node: Node { kind, ..*node } };
        let found = self.places.binary_search_by(|place| order(&self.entry(place), &wanted(&place.1)));
        let (_, node) = self.places.get(found.ok()?)?;
        Some(*node)
    }

    /// The name of a folder that is the name of a file, too: the file stands before it, among names that begin alike.
    fn twice(&self) -> Option<String> {
        let mut places = self.places.iter().enumerate().filter(|(_, (_, node))| node.kind == Kind::Folder);
        let found = places.find_map(|(at, place)| {
            let folder = self.entry(place);
            let before = self.places.get(..at)?.iter().rev().map(|place| self.entry(place));
            let mut alike = before.take_while(|before| before.name.starts_with(folder.name));
            alike.any(|before| before.name == folder.name).then_some(folder.name)
        });
        found.map(|name| String::from_utf8_lossy(name).into_owned())
    }
}

/// The first entry of some bytes, and where its name stands; 21 bytes behind the name it ends.
fn entry(bytes: &[u8]) -> Option<(Entry<'_>, std::ops::Range<usize>)> {
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
    Some((Entry { name, node }, blank + 1..blank + 1 + end))
}

/// Git's order: a folder stands where its name with a slash would.
pub(super) fn order(one: &Entry<'_>, other: &Entry<'_>) -> Ordering {
    let key = |entry: &Entry<'_>, at: usize| match entry.name.get(at) {
        Some(byte) => Some(*byte),
        None if at == entry.name.len() && entry.node.kind == Kind::Folder => Some(b'/'),
        None => None,
    };
    let shorter = one.name.len().min(other.name.len());
    let common = one.name.iter().zip(other.name).position(|(a, b)| a != b).unwrap_or(shorter);
    key(one, common).cmp(&key(other, common)).then_with(|| key(one, common + 1).cmp(&key(other, common + 1)))
}

/// What stands at a path below a tree.
///
/// # Errors
/// Returns [`TreeError`] when a tree on the way is missing.
pub(super) fn node_at(shelf: &Shelf<'_>, tree: ObjectId, path: &str) -> Result<Option<Node>, TreeError> {
    let mut at = Node { id: tree, kind: Kind::Folder };
    for part in path.split('/').filter(|part| !part.is_empty()) {
        if at.kind != Kind::Folder {
            return Ok(None);
        }
        match shelf.tree(at.id).map(|tree| tree.get(part.as_bytes())) {
            Ok(Some(node)) => at = node,
            // Whatever is wrong with the tree was told when it came.
            Ok(None) | Err(TreeError::Fault(_)) => return Ok(None),
            Err(error) => return Err(error),
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

    fn read(bytes: &[u8]) -> Result<Tree, TreeFault> {
        Tree::read(id(1), bytes.to_vec())
    }

    #[test]
    fn an_entry_is_found_by_its_name() {
        let read = read(&tree(&[("100644", "a.b"), ("40000", "a"), ("100644", "a0"), ("100644", "b")])).unwrap();
        for (name, kind) in [("a.b", Kind::File), ("a", Kind::Folder), ("a0", Kind::File), ("b", Kind::File)] {
            assert_eq!(read.get(name.as_bytes()).map(|node| node.kind), Some(kind), "{name}");
        }
        assert_eq!(read.get(b"c"), None);
    }

    #[test]
    fn folders_stand_where_their_name_with_a_slash_would() {
        let sound = tree(&[("100644", "a.b"), ("40000", "a"), ("100644", "a0")]);
        assert_eq!(read(&sound).unwrap().entries().count(), 3);
        for (list, name) in [
            (&[("100644", "a"), ("100644", "a")][..], "a"),
            (&[("100644", "a"), ("40000", "a")], "a"),
            (&[("100644", "a"), ("100644", "a.b"), ("40000", "a")], "a"),
            (&[("100644", "b"), ("100644", "a")], "a"),
        ] {
            let twice = TreeFault::Twice { id: id(1), name: name.into() };
            assert_eq!(read(&tree(list)).unwrap_err(), twice, "{list:?}");
        }
        for name in ["", ".", "..", ".git", "a/b"] {
            let fault = read(&tree(&[("100644", name)])).unwrap_err();
            assert!(matches!(fault, TreeFault::Name { .. }), "{name}");
        }
        assert_eq!(read(b"100644 a\x00123").unwrap_err(), TreeFault::Form(id(1)));
    }
}
