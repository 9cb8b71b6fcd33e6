//! Where a record's files are: in the work tree, or in a revision.

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use walkdir::WalkDir;

use super::StoreError;

/// A file of the record.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct FileEntry {
    /// The path below the record's root, with `/`.
    pub path: String,
    /// Whether it is a link instead of a file.
    pub is_link: bool,
}

/// What tells, without reading a file, that it changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    /// In bytes.
    pub size: u64,
    /// When it last changed, in nanoseconds since 1970; 0 where nobody knows.
    pub modified: u128,
}

/// What reading a file gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Contents {
    /// There is no such file, or a link or something else stands there.
    Absent,
    /// Its bytes.
    Whole(Vec<u8>),
    /// It was not read; its size in bytes.
    TooLarge(u64),
}

/// The files of a record, wherever they are.
pub trait Files: Sync {
    /// All files below the record's folders, sorted by path.
    ///
    /// # Errors
    /// Returns [`StoreError`] when a folder cannot be listed.
    fn list(&self) -> Result<Vec<FileEntry>, StoreError>;

    /// The bytes of a file of at most `limit` bytes. Links are not followed.
    ///
    /// # Errors
    /// Returns [`StoreError`] when the file is there and cannot be read.
    fn read_up_to(&self, path: &str, limit: u64) -> Result<Contents, StoreError>;

    /// The stamp of a file, not followed where it is a link; nothing when there is none.
    fn stamp(&self, path: &str) -> Option<Stamp>;

    /// The bytes of a file of any size; nothing when there is none. Links are not followed.
    ///
    /// # Errors
    /// Returns [`StoreError`] when the file is there and cannot be read.
    fn read(&self, path: &str) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(match self.read_up_to(path, u64::MAX)? {
            Contents::Whole(bytes) => Some(bytes),
            Contents::Absent | Contents::TooLarge(_) => None,
        })
    }
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
        let mut folders = Vec::new();
        for name in FOLDERS {
            let folder = self.root.join(name);
            if folder.is_symlink() {
                entries.push(FileEntry { path: name.to_owned(), is_link: true });
            } else if folder.is_dir() {
                self.walk(&folder, 1, &mut entries, &mut folders)?;
            }
        }
        let below = |folder: &PathBuf| -> Result<Vec<FileEntry>, StoreError> {
            let mut entries = Vec::new();
            self.walk(folder, usize::MAX, &mut entries, &mut Vec::new())?;
            Ok(entries)
        };
        let below: Vec<Vec<FileEntry>> = folders.par_iter().map(below).collect::<Result<_, _>>()?;
        entries.extend(below.into_iter().flatten());
        entries.sort();
        Ok(entries)
    }

    fn read_up_to(&self, path: &str, limit: u64) -> Result<Contents, StoreError> {
        read_file(&self.root.join(path), limit).map_err(|error| StoreError::Io { path: path.to_owned(), error })
    }

    fn stamp(&self, path: &str) -> Option<Stamp> {
        let metadata = std::fs::symlink_metadata(self.root.join(path)).ok()?;
        let modified = metadata.modified().ok().and_then(|time| time.duration_since(std::time::UNIX_EPOCH).ok());
        Some(Stamp { size: metadata.len(), modified: modified.map_or(0, |time| time.as_nanos()) })
    }
}

impl WorkTree {
    /// The files below a folder, and the folders that lie exactly `depth` below it, whose files are left out.
    fn walk(
        &self,
        folder: &Path,
        depth: usize,
        files: &mut Vec<FileEntry>,
        folders: &mut Vec<PathBuf>,
    ) -> Result<(), StoreError> {
        for entry in WalkDir::new(folder).min_depth(1).max_depth(depth).follow_links(false) {
            let entry =
                entry.map_err(|error| StoreError::Io { path: folder.display().to_string(), error: error.into() })?;
            let kind = entry.file_type();
            if kind.is_dir() {
                if entry.depth() == depth {
                    folders.push(entry.into_path());
                }
                continue;
            }
            let path = entry.path().strip_prefix(&self.root).unwrap_or(entry.path());
            let path: Vec<_> = path.components().map(|part| part.as_os_str().to_string_lossy()).collect();
            files.push(FileEntry { path: path.join("/"), is_link: kind.is_symlink() });
        }
        Ok(())
    }
}

/// Reads a file that is neither a link nor anything else than a file.
fn read_file(path: &Path, limit: u64) -> std::io::Result<Contents> {
    let file = match open(path) {
        Ok(Some(file)) => file,
        Ok(None) => return Ok(Contents::Absent),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Contents::Absent),
        Err(error) => return Err(error),
    };
    let metadata = file.metadata()?;
    if !metadata.is_file() {
        return Ok(Contents::Absent);
    }
    if metadata.len() > limit {
        return Ok(Contents::TooLarge(metadata.len()));
    }
    let mut bytes = Vec::with_capacity(usize::try_from(metadata.len()).unwrap_or(0).saturating_add(1));
    file.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
    let size = bytes.len() as u64;
    Ok(if size > limit { Contents::TooLarge(size) } else { Contents::Whole(bytes) })
}

/// Opens a file without waiting for a pipe's other end; nothing where a link stands.
#[cfg(unix)]
fn open(path: &Path) -> std::io::Result<Option<File>> {
    use std::os::unix::fs::OpenOptionsExt as _;
    let flags = libc::O_NOFOLLOW | libc::O_NONBLOCK;
    match File::options().read(true).custom_flags(flags).open(path) {
        Ok(file) => Ok(Some(file)),
        Err(_) if path.is_symlink() => Ok(None),
        Err(error) => Err(error),
    }
}

/// Opens a file; nothing where anything else stands.
#[cfg(not(unix))]
fn open(path: &Path) -> std::io::Result<Option<File>> {
    if std::fs::symlink_metadata(path)?.is_file() { File::open(path).map(Some) } else { Ok(None) }
}
