//! What commits are judged by: the history, its trees, who had authority, which stubs there are. Several threads look at it
//! at once; nothing that one commit is found to be changes what another is judged by.

use std::sync::Arc;

use super::frozen::Had;
use super::graph::{Graph, Index, Point};
use super::mainline::Mainline;
use super::object::{AuditError, ObjectId};
use super::past::Past;
use super::recent::Recent;
use super::root::record_tree;
use super::shelf::Shelf;
use super::standing::Standing;
use super::standings::Standings;
use super::step::{file_at, letter_at};
use super::tree::Node;
use crate::domain::{Instant, Slug, StatementId, StatementName};
use crate::findings::{Code, Finding, Place};
use crate::record::Letter;

/// What commits are judged by.
pub(super) struct Ground<'a> {
    pub(super) shelf: Shelf<'a>,
    pub(super) graph: Graph<'a>,
    /// What was found of the commits until now.
    pub(super) past: &'a Past,
    pub(super) mainline: Mainline,
    /// The present moment.
    pub(super) now: Instant,
    /// The record's root below the repository's, with a slash at its end, or nothing.
    pub(super) prefix: &'a str,
    standings: Standings,
    /// Letters of trees, read up to a size, as several judges of one commit ask for them.
    letters: Recent<(ObjectId, StatementName, u64), Option<Arc<Letter>>>,
    /// For commits whose directory or settings cannot be read, the nearest one before where they can.
    sound: Recent<Index, Option<Index>>,
}

/// How many letters are remembered.
const LETTERS: usize = 256;

/// How many commits with files that cannot be read are remembered.
const UNSOUND: usize = 10_000;

impl<'a> Ground<'a> {
    /// A history that is not judged yet.
    pub(super) fn new(
        shelf: Shelf<'a>,
        (graph, mainline): (Graph<'a>, Mainline),
        past: &'a Past,
        (now, prefix): (Instant, &'a str),
    ) -> Self {
        let (standings, letters, sound) = (Standings::default(), Recent::new(LETTERS), Recent::new(UNSOUND));
        Self { shelf, graph, past, mainline, now, prefix, standings, letters, sound }
    }

    /// The record's tree of a commit.
    pub(super) fn tree(&self, index: Index) -> Result<Option<ObjectId>, AuditError> {
        record_tree(&self.shelf, self.graph.get(index).and_then(|point| point.tree), self.prefix)
    }

    /// Who had authority at a commit; nobody before the first one. A file that cannot be read says what it said before.
    pub(super) fn standing(&self, index: Option<Index>) -> Result<Arc<Standing>, AuditError> {
        let tree = index.map_or(Ok(None), |index| self.tree(index))?;
        let standing = self.standings.of(&self.shelf, tree)?;
        let Some(index) = index.filter(|_| !standing.unreadable.is_empty()) else { return Ok(standing) };
        match self.sound_before(index)?.map_or(Ok(None), |sound| self.tree(sound))? {
            Some(older) => self.standings.mended(&self.shelf, tree, older, &standing.unreadable),
            None => Ok(standing),
        }
    }

    /// Files of the directory and the settings that cannot be read at a commit.
    pub(super) fn unreadable(&self, index: Index) -> Result<Vec<String>, AuditError> {
        Ok(self.standings.of(&self.shelf, self.tree(index)?)?.unreadable.clone())
    }

    /// The nearest commit along first parents whose directory and settings can be read; none where there is none from the root
    /// on.
    fn sound_before(&self, index: Index) -> Result<Option<Index>, AuditError> {
        let mut walked = Vec::new();
        let mut at = index;
        let found = loop {
            if let Some(known) = self.sound.get(&at) {
                break known;
            }
            walked.push(at);
            let parent = self.graph.parents(at).first().copied();
            let Some(parent) = parent.filter(|at| self.graph.is_rooted(*at)) else {
                break None;
            };
            if self.standings.of(&self.shelf, self.tree(parent)?)?.unreadable.is_empty() {
                break Some(parent);
            }
            at = parent;
        };
        walked.into_iter().for_each(|at| self.sound.put(at, found, 1));
        Ok(found)
    }

    /// Whether the mainline had a file before a commit, for all that is known of the mainline.
    pub(super) fn had(&self, point: &Point, path: &str, node: Node) -> Result<Had, AuditError> {
        let floor = point.parents.first().and_then(|parent| self.graph.get(*parent)?.floor);
        let tree = floor.map_or(Ok(None), |floor| self.tree(floor))?;
        let there = tree.map_or(Ok(None), |tree| file_at(&self.shelf, tree, path))?;
        Ok(if there == Some(node) { Had::Mainline } else { Had::Branch })
    }

    /// The drafts whose stubs in a tree name a number. A stub counts only where it stands in the tree that is looked at, so it does
    /// no harm to know one of a later commit.
    pub(super) fn drafts(&self, tree: ObjectId, number: &StatementId) -> Result<Vec<Slug>, AuditError> {
        let mut found = Vec::new();
        for (slug, file) in self.past.stubs(number) {
            let stands =
                file_at(&self.shelf, tree, &format!("drafts/{slug}.yaml"))?.is_some_and(|node| node.id == file);
            if stands {
                found.push(slug);
            }
        }
        Ok(found)
    }

    /// A letter with all its acts, as a tree has it, under the name that it has for life.
    pub(super) fn letter(
        &self,
        tree: ObjectId,
        name: &StatementName,
        standing: &Standing,
    ) -> Result<Option<Arc<Letter>>, AuditError> {
        let asked = (tree, name.clone(), standing.settings.limits.yaml);
        if let Some(known) = self.letters.get(&asked) {
            return Ok(known);
        }
        let draft = match name {
            StatementName::Numbered(number) => self.drafts(tree, number)?.into_iter().next(),
            StatementName::Draft(_) => None,
        };
        let letter = letter_at(&self.shelf, tree, name, draft, standing)?.map(Arc::new);
        self.letters.put(asked, letter.clone(), 1);
        Ok(letter)
    }

    /// Numbers that two drafts of a tree became.
    pub(super) fn reused(&self, tree: Option<ObjectId>, numbers: &[StatementId]) -> Result<Vec<Finding>, AuditError> {
        let mut findings = Vec::new();
        for number in numbers {
            let drafts = tree.map_or(Ok(Vec::new()), |tree| self.drafts(tree, number))?;
            if let [first, second, ..] = drafts.as_slice() {
                let message = format!("both {first} and {second} became {number}");
                let place = Place::file(format!("drafts/{second}.yaml"));
                let finding = Finding::plain(Code::NumberReused, message).at(place);
                findings.push(finding.help("the later one takes the next free number"));
            }
        }
        Ok(findings)
    }
}
