//! A record in memory: for examples in the docs, for tests, and for looking at a change before it is written.

use std::collections::{BTreeMap, BTreeSet};

use super::{Contents, FileEntry, Files, Stamp, StoreError};

/// Files by path.
#[derive(Debug, Clone, Default)]
pub struct Memory {
    /// The bytes of each file.
    pub files: BTreeMap<String, Vec<u8>>,
    /// Paths at which a link stands instead of a file.
    pub links: BTreeSet<String>,
}

impl Memory {
    /// A copy of every record file of another place.
    ///
    /// # Errors
    /// Returns [`StoreError`] when a file cannot be read.
    pub fn copy(files: &dyn Files) -> Result<Self, StoreError> {
        let mut memory = Self::default();
        for entry in files.list()? {
            if entry.is_link {
                memory.links.insert(entry.path);
            } else if let Some(bytes) = files.read(&entry.path)? {
                memory.files.insert(entry.path, bytes);
            }
        }
        if let Some(bytes) = files.read("liaison.toml")? {
            memory.files.insert("liaison.toml".into(), bytes);
        }
        Ok(memory)
    }
}

impl Files for Memory {
    fn list(&self) -> Result<Vec<FileEntry>, StoreError> {
        let files = self.files.iter().filter(|(path, _)| path.contains('/') && !self.links.contains(*path));
        let files = files.map(|(path, _)| FileEntry { path: path.clone(), is_link: false });
        let links = self.links.iter().map(|path| FileEntry { path: path.clone(), is_link: true });
        let mut listed: Vec<FileEntry> = files.chain(links).collect();
        listed.sort();
        Ok(listed)
    }

    fn read_up_to(&self, path: &str, limit: u64) -> Result<Contents, StoreError> {
        Ok(match self.files.get(path).filter(|_| !self.links.contains(path)) {
            None => Contents::Absent,
            Some(bytes) if bytes.len() as u64 > limit => Contents::TooLarge(bytes.len() as u64),
            Some(bytes) => Contents::Whole(bytes.clone()),
        })
    }

    fn stamp(&self, path: &str) -> Option<Stamp> {
        self.files.get(path).map(|bytes| Stamp { size: bytes.len() as u64, modified: 0 })
    }
}
