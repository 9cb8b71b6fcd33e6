//! The outbox: a maildir whose messages a person hands over.

use std::io::Write as _;
use std::path::Path;

use super::MailError;

/// Lays a message into a maildir's `new`, whole, under a name of its own; a message that lies there already stays.
///
/// # Errors
/// Returns [`MailError::Io`] when the folder cannot be written.
pub fn deliver(maildir: &Path, name: &str, bytes: &[u8]) -> Result<(), MailError> {
    let failed = |path: &Path, error| MailError::Io { path: path.display().to_string(), error };
    for folder in ["tmp", "new", "cur"] {
        let folder = maildir.join(folder);
        std::fs::create_dir_all(&folder).map_err(|error| failed(&folder, error))?;
    }
    let target = maildir.join("new").join(name);
    let beside = maildir.join("tmp");
    let mut file = tempfile::NamedTempFile::new_in(&beside).map_err(|error| failed(&beside, error))?;
    let written = file.write_all(bytes).and_then(|()| file.as_file().sync_all());
    written.map_err(|error| failed(file.path(), error))?;
    match file.persist_noclobber(&target) {
        Err(error) if error.error.kind() != std::io::ErrorKind::AlreadyExists => Err(failed(&target, error.error)),
        Ok(_) | Err(_) => Ok(()),
    }
}
