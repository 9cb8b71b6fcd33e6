//! Where a record's files are: in the work tree, or in a revision.

use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use super::StoreError;

/// A file of the record.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct FileEntry {
    /// The path below the record's root, with `/`.
    pub path: String,
    /// Its size in bytes; 0 where that is not known without reading.
    pub size: u64,
    /// When it last changed, in nanoseconds since 1970; 0 where nobody knows.
    pub modified: u128,
    /// Whether it is a link instead of a file.
    pub is_link: bool,
}

/// The files of a record, wherever they are.
pub trait Files: Sync {
    /// All files below the record's folders, sorted by path.
    ///
    /// # Errors
    /// Returns [`StoreError`] when a folder cannot be listed.
    fn list(&self) -> Result<Vec<FileEntry>, StoreError>;

    /// The bytes of a file; nothing when there is none. Links are not followed.
    ///
    /// # Errors
    /// Returns [`StoreError`] when the file is there and cannot be read.
    fn read(&self, path: &str) -> Result<Option<Vec<u8>>, StoreError>;
}

/// The record in the work tree.
#[derive(Debug, Clone)]
pub struct WorkTree {
    root: PathBuf,
}

/// The folders of a record; nothing else at its root is looked at.
const FOLDERS: [&str; 5] = ["directory", "drafts", "posting-rights", "statements", "trust"];

/// The nearest folder upwards that holds a `liaison.toml`.
pub fn find_root(from: &Path) -> Option<PathBuf> {
    from.ancestors().find(|folder| folder.join("liaison.toml").is_file()).map(Path::to_owned)
}

impl WorkTree {
    /// The record at a folder.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    /// The record's root.
    pub fn root(&self) -> &Path {
        &self.root
    }
}

impl Files for WorkTree {
    fn list(&self) -> Result<Vec<FileEntry>, StoreError> {
        let mut entries = Vec::new();
        for name in FOLDERS {
            let folder = self.root.join(name);
            if folder.is_symlink() {
                entries.push(FileEntry { path: name.to_owned(), size: 0, modified: 0, is_link: true });
            } else if folder.is_dir() {
                list_folder(&self.root, &folder, &mut entries)?;
            }
        }
        entries.sort();
        Ok(entries)
    }

    fn read(&self, path: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let full = self.root.join(path);
        match std::fs::symlink_metadata(&full) {
            Ok(metadata) if metadata.is_file() => {}
            Ok(_) => return Ok(None),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(StoreError::Io { path: path.to_owned(), error }),
        }
        std::fs::read(&full).map(Some).map_err(|error| StoreError::Io { path: path.to_owned(), error })
    }
}

fn list_folder(root: &Path, folder: &Path, entries: &mut Vec<FileEntry>) -> Result<(), StoreError> {
    for entry in WalkDir::new(folder).follow_links(false) {
        let entry =
            entry.map_err(|error| StoreError::Io { path: folder.display().to_string(), error: error.into() })?;
        let kind = entry.file_type();
        if kind.is_dir() {
            continue;
        }
        let path = entry.path().strip_prefix(root).unwrap_or(entry.path());
        let path: Vec<_> = path.components().map(|part| part.as_os_str().to_string_lossy()).collect();
        let metadata = entry.metadata().ok();
        let size = metadata.as_ref().map_or(0, std::fs::Metadata::len);
        let modified = metadata
            .and_then(|metadata| metadata.modified().ok())
            .and_then(|time| time.duration_since(std::time::UNIX_EPOCH).ok());
        let modified = modified.map_or(0, |time| time.as_nanos());
        entries.push(FileEntry { path: path.join("/"), size, modified, is_link: kind.is_symlink() });
    }
    Ok(())
}
