//! Letters together, so that one can be looked up from another.

use std::collections::{BTreeMap, BTreeSet};

use super::letter::Letter;
use super::stub::Stub;
use crate::domain::{Slug, StatementId, StatementName};
use crate::shape::Located;

/// Letters by name, and the stubs of drafts that were numbered.
#[derive(Debug, Clone, Default)]
pub struct Corpus {
    /// The letters.
    pub letters: BTreeMap<StatementName, Letter>,
    /// What drafts became.
    pub stubs: BTreeMap<Slug, Located<Stub>>,
    /// Letters whose files are there and cannot be read.
    pub unreadable: BTreeSet<StatementName>,
}

impl Corpus {
    /// The present name of a letter: a numbered draft's number.
    pub fn resolve(&self, name: &StatementName) -> StatementName {
        match name {
            StatementName::Draft(slug) => {
                self.became(slug).map_or_else(|| name.clone(), |id| StatementName::Numbered(id.clone()))
            }
            StatementName::Numbered(_) => name.clone(),
        }
    }

    /// The number a draft became.
    pub fn became(&self, slug: &Slug) -> Option<&StatementId> {
        self.stubs.get(slug).map(|stub| &stub.value.became)
    }

    /// A letter by number, or by the name of the draft it was.
    pub fn get(&self, name: &StatementName) -> Option<&Letter> {
        self.letters.get(&self.resolve(name))
    }

    /// The highest number of a year that a stub names, 0 when there is none.
    pub fn last_in_stubs(&self, year: u16) -> u32 {
        let numbers = self.stubs.values().map(|stub| &stub.value.became).filter(|id| id.year() == year);
        numbers.map(StatementId::serial).max().unwrap_or(0)
    }
}
