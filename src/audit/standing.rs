//! Who held which role, with which key, under which rules: directory and settings as one tree has them.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::arrival::Signature;
use super::changes::files_below;
use super::object::{AuditError, Blob, ObjectId};
use super::recent::Recent;
use super::shelf::Shelf;
use super::step::file_at;
use super::tree::{Kind, Node, TreeError, node_at};
use crate::config::Settings;
use crate::directory::{Directory, Key, check_directory};
use crate::domain::kind_of_change;
use crate::findings::Severity;
use crate::signing::{OpenPgpKey, SshPublicKey};
use crate::store::layout::{Slot, classify};
use crate::store::{Memory, Record};

/// Directory and settings of a tree, read once.
#[derive(Debug)]
pub(super) struct Standing {
    /// What `liaison.toml` says.
    pub(super) settings: Settings,
    /// Groups and people.
    pub(super) directory: Directory,
    /// Every SSH key of the directory; `owners` has its person at the same place.
    pub(super) keys: Vec<SshPublicKey>,
    /// Whose keys they are, and what is said of them.
    pub(super) owners: Vec<(String, Key)>,
    /// Every OpenPGP certificate of the directory; `holders` has its person at the same place.
    pub(super) certificates: Vec<OpenPgpKey>,
    /// Whose certificates they are, and what is said of them.
    pub(super) holders: Vec<(String, Key)>,
    /// Files that cannot be read, though they are there.
    pub(super) unreadable: Vec<String>,
    /// What it says of signatures that it was asked about, by the act's file and the name that the signature is bound to.
    pub(super) signatures: Recent<(ObjectId, String), Signature>,
}

impl Default for Standing {
    fn default() -> Self {
        Self {
            settings: Settings::default(),
            directory: Directory::default(),
            keys: Vec::new(),
            owners: Vec::new(),
            certificates: Vec::new(),
            holders: Vec::new(),
            unreadable: Vec::new(),
            signatures: Recent::new(VERIFIED),
        }
    }
}

impl Standing {
    /// Whose key has a fingerprint.
    pub(super) fn owner(&self, fingerprint: &str) -> Option<&str> {
        self.known().find(|(known, ..)| known == fingerprint).map(|(_, person, _)| person)
    }

    /// Every key by its fingerprint, whose it is, and what is said of it.
    pub(super) fn known(&self) -> impl Iterator<Item = (String, &str, &Key)> {
        let keys = self.keys.iter().map(SshPublicKey::fingerprint).zip(&self.owners);
        let certificates = self.certificates.iter().map(OpenPgpKey::fingerprint).zip(&self.holders);
        keys.chain(certificates).map(|(fingerprint, (person, key))| (fingerprint, person.as_str(), key))
    }
}

/// The fingerprint of a key of the directory.
pub(super) fn fingerprint(key: &Key) -> String {
    let ssh = || SshPublicKey::parse(&key.public).map(|key| key.fingerprint());
    let openpgp = || OpenPgpKey::parse(&key.public).map(|key| key.fingerprint());
    if key.is_ssh { ssh() } else { openpgp() }.unwrap_or_default()
}

/// The objects that a standing is made of.
type Made = (Option<ObjectId>, Option<ObjectId>);

/// How many signatures a standing remembers: those of a batch of commits, which merges ask for again.
const VERIFIED: usize = 2_048;

/// How many standings are kept: a directory changes now and then, and merges look at old ones.
const KEPT: usize = 64;

/// The largest file of the directory that is read.
const LIMIT: u64 = 4_000_000;

/// Standings by the objects they are made of.
pub(super) struct Standings {
    known: Recent<Made, Arc<Standing>>,
    /// Those with files that cannot be read, which say what the other one's files say.
    mended: Recent<(Made, Made), Arc<Standing>>,
}

impl Default for Standings {
    fn default() -> Self {
        Self { known: Recent::new(KEPT), mended: Recent::new(KEPT) }
    }
}

impl Standings {
    /// The standing of the record's tree.
    ///
    /// # Errors
    /// Returns [`AuditError`] when the clone lacks an object of it.
    pub(super) fn of(&self, shelf: &Shelf<'_>, tree: Option<ObjectId>) -> Result<Arc<Standing>, AuditError> {
        let made = made(shelf, tree)?;
        if let Some(known) = self.known.get(&made) {
            return Ok(known);
        }
        let standing = Arc::new(read(&files(shelf, made)?));
        self.known.put(made, Arc::clone(&standing), 1);
        Ok(standing)
    }

    /// The standing of the record's tree, where files that cannot be read say what they said in an older tree: so nobody changes
    /// a rule by making it unreadable.
    ///
    /// # Errors
    /// Returns [`AuditError`] when the clone lacks an object of it.
    pub(super) fn mended(
        &self,
        shelf: &Shelf<'_>,
        tree: Option<ObjectId>,
        older: ObjectId,
        unreadable: &[String],
    ) -> Result<Arc<Standing>, AuditError> {
        let key = (made(shelf, tree)?, made(shelf, Some(older))?);
        if let Some(known) = self.mended.get(&key) {
            return Ok(known);
        }
        let mut memory = files(shelf, key.0)?;
        for path in unreadable {
            match file_at(shelf, older, path)?.map(|node| shelf.blob(node.id, LIMIT)).transpose()? {
                Some(Blob::Whole(bytes)) => drop(memory.files.insert(path.clone(), bytes)),
                Some(Blob::TooLarge(_)) | None => drop(memory.files.remove(path)),
            }
        }
        let standing = Arc::new(read(&memory));
        self.mended.put(key, Arc::clone(&standing), 1);
        Ok(standing)
    }
}

/// The objects that the standing of a tree is made of.
fn made(shelf: &Shelf<'_>, tree: Option<ObjectId>) -> Result<Made, AuditError> {
    let node = |path: &str| -> Result<Option<Node>, AuditError> {
        tree.map_or(Ok(None), |tree| node_at(shelf, tree, path).or_else(lenient))
    };
    let directory = node("directory")?.filter(|node| node.kind == Kind::Folder);
    let settings = node("liaison.toml")?.filter(|node| node.kind == Kind::File);
    Ok((directory.map(|node| node.id), settings.map(|node| node.id)))
}

/// A malformed tree holds nothing; that it is malformed was told when it came.
fn lenient<T>(error: TreeError) -> Result<Option<T>, AuditError> {
    match error {
        TreeError::Fault(_) => Ok(None),
        TreeError::Audit(error) => Err(error),
    }
}

/// The files that a standing is made of.
fn files(shelf: &Shelf<'_>, (directory, settings): Made) -> Result<Memory, AuditError> {
    let mut memory = Memory::default();
    let listed = match directory.map(|id| files_below(shelf, id, "directory/")) {
        Some(Ok(listed)) => listed,
        Some(Err(error)) => lenient::<Vec<_>>(error)?.unwrap_or_default(),
        None => Vec::new(),
    };
    let settings = settings.map(|id| ("liaison.toml".to_owned(), Node { id, kind: Kind::File }));
    for (path, node) in listed.into_iter().chain(settings) {
        if node.kind != Kind::File {
            memory.links.insert(path);
        } else if let Blob::Whole(bytes) = shelf.blob(node.id, LIMIT)? {
            memory.files.insert(path, bytes);
        }
    }
    Ok(memory)
}

fn read(memory: &Memory) -> Standing {
    let Ok(record) = Record::open(memory) else {
        return Standing { unreadable: vec!["liaison.toml".to_owned()], ..Standing::default() };
    };
    let people = record.directory.people.iter();
    let all = people.flat_map(|(handle, person)| person.value.keys.iter().map(move |key| (handle, key)));
    let all: Vec<(String, Key)> = all.map(|(handle, key)| (handle.clone(), key.clone())).collect();
    let ssh = all.iter().filter(|(_, key)| key.is_ssh);
    let (keys, owners) = ssh.filter_map(|of| Some((SshPublicKey::parse(&of.1.public).ok()?, of.clone()))).unzip();
    let openpgp = all.iter().filter(|(_, key)| !key.is_ssh);
    let (certificates, holders) =
        openpgp.filter_map(|of| Some((OpenPgpKey::parse(&of.1.public).ok()?, of.clone()))).unzip();
    let unreadable = unreadable(&record);
    let Record { settings, directory, .. } = record;
    Standing { settings, directory, keys, owners, certificates, holders, unreadable, ..Standing::default() }
}

/// The files with faults of form; what does not fit together is told where it matters.
fn unreadable(record: &Record<'_>) -> Vec<String> {
    let together = check_directory(&record.directory);
    let faults =
        record.findings.iter().filter(|finding| finding.severity == Severity::Error && !together.contains(finding));
    let files: BTreeSet<&String> = faults.map(|finding| &finding.place.file).collect();
    let counts = |file: &&String| kind_of_change(file).is_some() && !matches!(classify(file), Slot::Wrong(..));
    files.into_iter().filter(counts).cloned().collect()
}
