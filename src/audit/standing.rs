//! Who held which role, with which key, under which rules: directory and settings as one tree has them.

use super::arrival::Signature;
use super::object::ObjectId;
use super::recent::Recent;
use crate::config::Settings;
use crate::directory::{Directory, Key, Person};
use crate::signing::{OpenPgpKey, SshPublicKey};

/// How many signatures a standing remembers: those of a batch of commits, which merges ask for again.
const VERIFIED: usize = 2_048;

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
    /// Files that cannot be read.
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

/// The keys of a person that can be read, with what is said of them.
#[derive(Debug, Default)]
pub(super) struct Keys {
    ssh: Vec<(SshPublicKey, Key)>,
    openpgp: Vec<(OpenPgpKey, Key)>,
}

impl Keys {
    /// Reads a person's keys.
    pub(super) fn of(person: &Person) -> Self {
        let ssh = person.keys.iter().filter(|key| key.is_ssh);
        let openpgp = person.keys.iter().filter(|key| !key.is_ssh);
        Self {
            ssh: ssh.filter_map(|key| Some((SshPublicKey::parse(&key.public).ok()?, key.clone()))).collect(),
            openpgp: openpgp.filter_map(|key| Some((OpenPgpKey::parse(&key.public).ok()?, key.clone()))).collect(),
        }
    }
}

impl Standing {
    /// Takes in a person's keys.
    pub(super) fn add_keys(&mut self, person: &str, keys: &Keys) {
        for (read, key) in &keys.ssh {
            self.keys.push(read.clone());
            self.owners.push((person.to_owned(), key.clone()));
        }
        for (read, key) in &keys.openpgp {
            self.certificates.push(read.clone());
            self.holders.push((person.to_owned(), key.clone()));
        }
    }

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
