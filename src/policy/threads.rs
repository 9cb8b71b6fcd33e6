//! Which letters answer and revise which, seen from the letter that is answered.

use std::collections::BTreeMap;

use crate::domain::{ActKind, Instant, Link, StatementName};
use crate::record::Letter;

/// A letter seen from the one it points at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pointer {
    /// The letter that points.
    pub from: StatementName,
    /// The groups it comes from.
    pub groups: Vec<String>,
    /// Whether it was sent or received, not only drafted.
    pub public: bool,
    /// When that was recorded.
    pub since: Option<Instant>,
}

/// Replies and revisions by the letter they are about.
#[derive(Debug, Clone, Default)]
pub struct Threads {
    answers: BTreeMap<StatementName, Vec<Pointer>>,
    revisions: BTreeMap<StatementName, Vec<Pointer>>,
}

impl Threads {
    /// Collects the links of letters; `resolve` turns a draft's name into its number.
    pub fn of<'l>(
        letters: impl IntoIterator<Item = &'l Letter>,
        resolve: impl Fn(&StatementName) -> StatementName,
    ) -> Self {
        let mut threads = Self::default();
        for letter in letters {
            let content = &letter.statement.value.content;
            let public = !letter.name.is_draft() && (!content.is_outgoing() || letter.last(ActKind::Sent).is_some());
            let pointer = || Pointer {
                from: letter.name.clone(),
                groups: content.from.groups.iter().map(ToString::to_string).collect(),
                public,
                since: letter.last(ActKind::Sent).or_else(|| letter.last(ActKind::Receive)).map(|act| act.at),
            };
            for name in content.in_response_to.iter().filter_map(Link::here) {
                threads.answers.entry(resolve(name)).or_default().push(pointer());
            }
            for name in content.revises.iter().filter_map(Link::here) {
                threads.revisions.entry(resolve(name)).or_default().push(pointer());
            }
        }
        threads
    }

    /// The letters that answer a letter.
    pub fn answers(&self, name: &StatementName) -> &[Pointer] {
        self.answers.get(name).map_or(&[], Vec::as_slice)
    }

    /// The letters that revise a letter.
    pub fn revisions(&self, name: &StatementName) -> &[Pointer] {
        self.revisions.get(name).map_or(&[], Vec::as_slice)
    }
}
