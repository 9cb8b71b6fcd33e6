//! What protects directory, settings and the trust root itself: the acts that changed them, and their present bytes.

use std::collections::{BTreeMap, BTreeSet};

use super::layout::{Slot, classify};
use super::{Record, StoreError};
use crate::config::Settings;
use crate::directory::{RootFile, parse_root};
use crate::domain::{Act, Digest, changes, kind_of_change};
use crate::findings::{Code, Finding};
use crate::policy::{Roots, counting_roots};
use crate::shape::{Located, Sink};

/// The acts on directory, policy and trust root, and the files they are about.
#[derive(Debug, Clone, Default)]
pub struct Trust {
    /// The acts, oldest first.
    pub acts: Vec<Located<Act>>,
    /// The present bytes of every file that is there, of those whose changes carry acts.
    pub present: BTreeMap<String, Digest>,
    /// The trust root.
    pub root: Option<RootFile>,
    /// The trust root as it was, by version.
    pub former: BTreeMap<u64, RootFile>,
    /// What is wrong with the form of acts and roots.
    pub findings: Vec<Finding>,
}

impl Record<'_> {
    /// The acts on directory, policy and trust root, with the present bytes of the files that they name, or that could be
    /// named.
    ///
    /// # Errors
    /// Returns [`StoreError`] when a file cannot be read.
    pub fn trust(&self) -> Result<Trust, StoreError> {
        let mut trust = Trust::default();
        for entry in &self.trust_acts {
            let (act, findings) = self.read_act(entry)?;
            trust.findings.extend(findings);
            trust.acts.extend(act);
        }
        trust.acts.sort_by(|a, b| (a.value.at, &a.file).cmp(&(b.value.at, &b.file)));
        trust.findings.extend(trust.acts.iter().filter_map(malformed));
        let listed = self.files().list()?.into_iter().filter(|entry| !entry.is_link).map(|entry| entry.path);
        let named = trust.acts.iter().filter_map(|act| changes(&act.value).ok()).flatten().map(|change| change.path);
        let paths: BTreeSet<String> = listed.chain(named).chain(["liaison.toml".to_owned()]).collect();
        for path in paths.into_iter().filter(|path| kind_of_change(path).is_some()) {
            if let Some(bytes) = self.files().read(&path)? {
                trust.present.insert(path.clone(), Digest::of(&bytes));
                trust.read_root(&path, &bytes);
            }
        }
        Ok(trust)
    }
}

impl Trust {
    /// The versions of the trust root that count.
    pub fn roots(&self, settings: &Settings) -> Roots {
        self.root.as_ref().map_or_else(Roots::default, |root| counting_roots(root, &self.former, &self.acts, settings))
    }

    fn read_root(&mut self, path: &str, bytes: &[u8]) {
        let mut sink = Sink::new(path);
        if classify(path) == Slot::Root {
            self.root = parse_root(bytes, &mut sink);
        } else if let Slot::FormerRoot(version) = classify(path) {
            self.former.extend(parse_root(bytes, &mut sink).map(|root| (version, root)));
        }
        self.findings.extend(sink.findings);
    }
}

/// Reports an act whose `changes` cannot be read, or of a kind that has its place in a letter's folder.
fn malformed(act: &Located<Act>) -> Option<Finding> {
    let error = changes(&act.value).err()?;
    let finding = match act.value.kind.required_details() {
        ["changes"] => Finding::plain(Code::InvalidValue, format!("`changes`: {error}")).at(act.place("changes")),
        _ => {
            let message =
                format!("an act `{}` is about a letter, not about directory, policy or trust", act.value.kind);
            Finding::plain(Code::ActMisplaced, message).at(act.place("act"))
        }
    };
    Some(finding.help("an act is never edited: restore the file from history, or take it out"))
}
