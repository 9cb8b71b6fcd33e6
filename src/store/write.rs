//! Writes changes so that files appear whole, and nothing is half written when a step fails.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use super::StoreError;
use crate::domain::{Act, Instant, StatementName};

/// A change of the record's files.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Change {
    /// Path below the root and new bytes.
    pub write: Vec<(String, Vec<u8>)>,
    /// Paths that go.
    pub remove: Vec<String>,
}

impl Change {
    /// Adds a file.
    #[must_use]
    pub fn write(mut self, path: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        self.write.push((path.into(), bytes.into()));
        self
    }

    /// Takes a file away.
    #[must_use]
    pub fn remove(mut self, path: impl Into<String>) -> Self {
        self.remove.push(path.into());
        self
    }

    /// Every path it touches.
    pub fn paths(&self) -> Vec<String> {
        self.write.iter().map(|(path, _)| path.clone()).chain(self.remove.iter().cloned()).collect()
    }
}

/// Keeps a text in the clone's own folder, whole or not at all: what cannot be kept is made again.
pub fn keep(file: &Path, text: &str) {
    let Some(folder) = file.parent() else { return };
    if std::fs::create_dir_all(folder).is_err() {
        return;
    }
    if let Ok(beside) = tempfile::NamedTempFile::new_in(folder)
        && std::fs::write(beside.path(), text).is_ok()
    {
        let _ = beside.persist(file);
    }
}

/// Where an act of a letter is written.
pub fn act_path(name: &StatementName, act: &Act) -> String {
    format!("{}/acts/{}", name.stem(), act.file_name())
}

/// Where an act `directory`, `policy` or `trust` is written.
pub fn trust_act_path(act: &Act) -> String {
    format!("trust/acts/{}", act.file_name())
}

/// The time of the last act in the folder of a letter, or in `trust`, as the names of the acts' files tell.
pub fn last_act_time(root: &Path, folder: &str) -> Option<Instant> {
    let entries = std::fs::read_dir(root.join(folder).join("acts")).ok()?;
    let names = entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned());
    names.filter_map(|name| Instant::from_compact(name.split('-').next()?)).max()
}

/// Applies a change: all new bytes are first written beside their places; only when all are there do they appear.
///
/// # Errors
/// Returns [`StoreError`] when the system refuses; files written so far are taken back.
pub fn apply(root: &Path, change: &Change) -> Result<(), StoreError> {
    let mut prepared: Vec<(tempfile::NamedTempFile, PathBuf)> = Vec::new();
    let mut folders: Vec<PathBuf> = Vec::new();
    for (path, bytes) in &change.write {
        match prepare(root, path, bytes, &mut folders) {
            Ok(ready) => prepared.push(ready),
            Err(error) => {
                drop(prepared);
                folders.iter().rev().for_each(|folder| drop(std::fs::remove_dir(folder)));
                return Err(StoreError::Io { path: path.clone(), error });
            }
        }
    }
    for (file, target) in prepared {
        file.persist(&target)
            .map_err(|error| StoreError::Io { path: target.display().to_string(), error: error.error })?;
    }
    for path in &change.remove {
        match std::fs::remove_file(root.join(path)) {
            Ok(()) => {}
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(StoreError::Io { path: path.clone(), error }),
        }
        remove_empty_folders(root, path);
    }
    Ok(())
}

fn prepare(
    root: &Path,
    path: &str,
    bytes: &[u8],
    made: &mut Vec<PathBuf>,
) -> std::io::Result<(tempfile::NamedTempFile, PathBuf)> {
    let target = root.join(path);
    let folder = target.parent().unwrap_or(root);
    let missing: Vec<PathBuf> = folder.ancestors().take_while(|folder| !folder.exists()).map(Path::to_owned).collect();
    std::fs::create_dir_all(folder)?;
    made.extend(missing.into_iter().rev());
    let mut file = tempfile::Builder::new().prefix(".liaison-").tempfile_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    readable_by_all(file.as_file())?;
    Ok((file, target))
}

/// A record's files are public; temporary files are made for their owner only.
#[cfg(unix)]
fn readable_by_all(file: &std::fs::File) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    file.set_permissions(std::fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn readable_by_all(_file: &std::fs::File) -> std::io::Result<()> {
    Ok(())
}

/// Removes the folders that a removed file leaves empty, up to the record's own folders.
fn remove_empty_folders(root: &Path, path: &str) {
    let mut folder = Path::new(path).parent();
    while let Some(inner) = folder.filter(|folder| folder.components().count() > 1) {
        if std::fs::remove_dir(root.join(inner)).is_err() {
            return;
        }
        folder = inner.parent();
    }
}
