//! The outbox: a maildir whose `new` holds what a person still has to hand over, and whose `cur` holds what left.

use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use super::MailError;

/// What parts a message's name from its flags. The maildir format says a colon, which no name on Windows can hold; there mail
/// programs take a semicolon (NeoMutt, isync, James).
const SEPARATOR: char = if cfg!(windows) { ';' } else { ':' };

/// All that mail programs put there.
const SEPARATORS: [char; 3] = [':', ';', '!'];

/// Version 2 of the flags, and the flag of a message that was seen: nothing new any more.
const SEEN: &str = "2,S";

/// Lays a message into a maildir's `new`, whole, under a name of its own, and tells where it lies. A message of that name that
/// is in the maildir already stays, be it in `cur` because a mail program has looked.
///
/// # Errors
/// Returns [`MailError::Io`] when the folder cannot be written.
pub fn deliver(maildir: &Path, name: &str, bytes: &[u8]) -> Result<PathBuf, MailError> {
    if let Some(link) = link_at(maildir) {
        let why = "it is a link, and the message would leave the record by it; find out who made it, and take it away";
        return Err(failed(&link, std::io::Error::other(why)));
    }
    for folder in folders(maildir) {
        std::fs::create_dir_all(&folder).map_err(|error| failed(&folder, error))?;
    }
    if let Some(place) = seen(maildir, name)? {
        return Ok(place);
    }
    let target = maildir.join("new").join(name);
    let beside = maildir.join("tmp");
    let mut file = tempfile::NamedTempFile::new_in(&beside).map_err(|error| failed(&beside, error))?;
    let written = file.write_all(bytes).and_then(|()| file.as_file().sync_all());
    written.map_err(|error| failed(file.path(), error))?;
    match file.persist_noclobber(&target) {
        Err(error) if error.error.kind() != ErrorKind::AlreadyExists => Err(failed(&target, error.error)),
        Ok(_) | Err(_) => Ok(target),
    }
}

/// A link in the place of a maildir or of one of its folders: messages would go where it leads.
pub fn link_at(maildir: &Path) -> Option<PathBuf> {
    std::iter::once(maildir.to_owned()).chain(folders(maildir)).find(|path| path.is_symlink())
}

fn folders(maildir: &Path) -> [PathBuf; 3] {
    ["tmp", "new", "cur"].map(|folder| maildir.join(folder))
}

/// Moves messages that left from a maildir's `new` to its `cur`, marked as seen, and names them. Where there is no such
/// folder there is none.
///
/// # Errors
/// Returns [`MailError::Io`] when a message cannot be moved.
pub fn put_away(maildir: &Path, has_left: impl Fn(&str) -> bool) -> Result<Vec<String>, MailError> {
    let mut moved = Vec::new();
    for file in files_in(&maildir.join("new"))? {
        let name = plain(&file);
        if !has_left(name) {
            continue;
        }
        let (from, cur) = (maildir.join("new").join(&file), maildir.join("cur"));
        let renamed = std::fs::create_dir_all(&cur)
            .and_then(|()| std::fs::rename(&from, cur.join(format!("{name}{SEPARATOR}{SEEN}"))));
        renamed.map_err(|error| failed(&from, error))?;
        moved.push(name.to_owned());
    }
    Ok(moved)
}

/// Where a message lies by now that lay at a path: mail programs move it from `new` to `cur`, and add its flags to the name.
pub fn lies_at(path: &Path) -> PathBuf {
    let found = || {
        let (name, maildir) = (path.file_name()?.to_str()?, path.parent()?.parent()?);
        let is_maildir = path.parent()?.ends_with("new") || path.parent()?.ends_with("cur");
        if is_maildir { seen(maildir, plain(name)).ok().flatten() } else { None }
    };
    if path.exists() { path.to_owned() } else { found().unwrap_or_else(|| path.to_owned()) }
}

/// Where a message lies in `cur`, whatever flags it has.
fn seen(maildir: &Path, name: &str) -> Result<Option<PathBuf>, MailError> {
    let cur = maildir.join("cur");
    Ok(files_in(&cur)?.into_iter().find(|file| plain(file) == name).map(|file| cur.join(file)))
}

/// A message's name without its flags.
fn plain(file: &str) -> &str {
    file.split(SEPARATORS).next().unwrap_or(file)
}

/// The names of a folder's files, sorted.
fn files_in(folder: &Path) -> Result<Vec<String>, MailError> {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(failed(folder, error)),
    };
    let is_file = |entry: &std::fs::DirEntry| entry.file_type().is_ok_and(|kind| kind.is_file());
    let mut names: Vec<String> =
        entries.flatten().filter(is_file).filter_map(|entry| entry.file_name().into_string().ok()).collect();
    names.sort();
    Ok(names)
}

fn failed(path: &Path, error: std::io::Error) -> MailError {
    MailError::Io { path: path.display().to_string(), error }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_waits_in_new_and_rests_in_cur() {
        let folder = tempfile::tempdir().unwrap();
        let outbox = folder.path().join("outbox");
        let left = |name: &str| name == "ls-2026-001.eml";
        assert_eq!(put_away(&outbox, left).unwrap(), [""; 0], "there is no outbox yet");
        for name in ["ls-2026-001.eml", "ls-2026-002.eml"] {
            deliver(&outbox, name, b"hello").unwrap();
        }
        assert_eq!(put_away(&outbox, left).unwrap(), ["ls-2026-001.eml"]);
        assert_eq!(put_away(&outbox, left).unwrap(), [""; 0], "once");
        assert_eq!(files_in(&outbox.join("new")).unwrap(), ["ls-2026-002.eml"]);
        assert_eq!(files_in(&outbox.join("cur")).unwrap(), [format!("ls-2026-001.eml{SEPARATOR}2,S")]);
        assert_eq!(files_in(&outbox.join("tmp")).unwrap(), [""; 0]);
    }

    #[test]
    fn what_lies_in_the_maildir_is_not_laid_there_again() {
        let folder = tempfile::tempdir().unwrap();
        let first = deliver(folder.path(), "a.eml", b"first").unwrap();
        assert_eq!(deliver(folder.path(), "a.eml", b"second").unwrap(), first);
        assert_eq!(std::fs::read(&first).unwrap(), b"first");
        for flags in [";2,", "!2,RS", ""] {
            let looked_at = folder.path().join("cur").join(format!("b.eml{flags}"));
            std::fs::write(&looked_at, "first").unwrap();
            assert_eq!(deliver(folder.path(), "b.eml", b"second").unwrap(), looked_at, "a mail program has looked");
            std::fs::remove_file(looked_at).unwrap();
        }
        assert!(!folder.path().join("new/b.eml").exists());
    }
}
