//! Gathers what one commit does: in a merge only what is neither side's nor what git makes of both.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::arrival::Arrival;
use super::changes::{Changed, changes, looks_of_record};
use super::commit::parse;
use super::graph::{Index, Point};
use super::ground::Ground;
use super::object::{AuditError, ObjectId};
use super::standing::Standing;
use super::step::{Step, arrival, file_at, is_moved, revisions};
use super::tree::{Kind, Node, TreeError, TreeFault};
use crate::domain::{Instant, StatementName, kind_of_change};
use crate::findings::{Code, Finding, Place};
use crate::store::layout::{Slot, classify};

/// The changes of a commit beside one of its parents, or why its trees cannot be read.
type Beside = Result<Vec<Changed>, TreeFault>;

impl Ground<'_> {
    /// What a commit does, but for its acts: what those are about only the stubs of all commits before it tell.
    pub(super) fn gather(&self, index: Index, point: &Point) -> Result<Step, AuditError> {
        let header = parse(&self.shelf.commit(point.id)?);
        let tree = self.tree(index)?;
        let first = point.parents.first().copied();
        let (own, fault) = match point.parents.as_slice() {
            [] | [_] => split(self.beside(index, first)?),
            several => split(self.own_of_merge(index, several)?),
        };
        let before = self.standing(first)?;
        let sides = self.sides(&point.parents, &before)?;
        let after = if own.iter().any(|changed| kind_of_change(&changed.path).is_some()) {
            self.standing(Some(index))?
        } else {
            Arc::clone(&before)
        };
        let (read, mut unreadable) = revisions(&self.shelf, &own, &before)?;
        unreadable.extend(own.iter().filter_map(misplaced));
        Ok(Step {
            index,
            id: point.id,
            header,
            fault,
            tree_before: first.map_or(Ok(None), |first| self.tree(first))?,
            tree,
            own,
            before,
            sides,
            after,
            arrivals: Vec::new(),
            redactions: Default::default(),
            untold: BTreeSet::new(),
            revisions: read,
            unreadable,
            clock: Instant::from_unix(point.clock).unwrap_or(self.now),
            is_merge: point.parents.len() > 1,
        })
    }

    /// Who had authority at each parent that rests on the root.
    fn sides(&self, parents: &[Index], before: &Arc<Standing>) -> Result<Vec<Arc<Standing>>, AuditError> {
        let is_rooted = |parent: &&Index| self.graph.is_rooted(**parent);
        let sides = parents.iter().filter(is_rooted).map(|parent| self.standing(Some(*parent)));
        let sides: Vec<Arc<Standing>> = sides.collect::<Result<_, _>>()?;
        Ok(if sides.is_empty() { vec![Arc::clone(before)] } else { sides })
    }

    /// What differs between a commit and one of its parents.
    pub(super) fn beside(&self, index: Index, parent: Option<Index>) -> Result<Beside, AuditError> {
        let before = parent.map_or(Ok(None), |parent| self.tree(parent))?;
        let after = self.tree(index)?;
        match changes(&self.shelf, before, after) {
            Ok(changes) => Ok(Ok(changes)),
            Err(TreeError::Fault(fault)) => Ok(Err(fault)),
            Err(TreeError::Audit(error)) => Err(error),
        }
    }

    /// The acts that changed files bring; those that only moved with their letter are no news.
    pub(super) fn arrivals(
        &self,
        tree: Option<ObjectId>,
        changed: &[Changed],
        standing: &Standing,
    ) -> Result<(Vec<Arrival>, Vec<Finding>), AuditError> {
        let (mut arrivals, mut faults) = (Vec::new(), Vec::new());
        let Some(tree) = tree else { return Ok((arrivals, faults)) };
        for one in changed.iter().filter(|one| is_act(&one.path) && one.before.is_none()) {
            let Some(node) = one.after.filter(|_| !is_moved(one, changed)) else { continue };
            if node.kind != Kind::File {
                continue;
            }
            match arrival(self, tree, (&one.path, node), standing)? {
                Ok(read) => {
                    faults.extend(misnamed(&read));
                    arrivals.push(read);
                }
                Err(found) => faults.extend(found),
            }
        }
        Ok((arrivals, faults))
    }

    /// What a merge does by itself.
    fn own_of_merge(&self, index: Index, parents: &[Index]) -> Result<Beside, AuditError> {
        let mut nodes: BTreeMap<String, Vec<Option<Node>>> = BTreeMap::new();
        let mut after: BTreeMap<String, Option<Node>> = BTreeMap::new();
        for (place, parent) in parents.iter().enumerate() {
            let beside = match self.beside(index, Some(*parent))? {
                Ok(beside) => beside,
                Err(fault) => return Ok(Err(fault)),
            };
            for changed in beside.into_iter().filter(matters) {
                let known = nodes.entry(changed.path.clone()).or_insert_with(|| vec![changed.after; parents.len()]);
                if let Some(node) = known.get_mut(place) {
                    *node = changed.before;
                }
                after.insert(changed.path, changed.after);
            }
        }
        let mut own = Vec::new();
        for (path, sides) in nodes {
            let now = after.get(&path).copied().flatten();
            if !self.is_expected(parents, &path, &sides, now)? {
                let before = sides.iter().copied().find(|side| *side != now && side.is_some()).flatten();
                own.push(Changed { path, before, after: now });
            }
        }
        if !own.is_empty() {
            own = self.not_by_git(parents, own)?;
        }
        Ok(Ok(own))
    }

    /// Whether a file of a merge is as the sides and what they have in common ask for.
    fn is_expected(
        &self,
        parents: &[Index],
        path: &str,
        sides: &[Option<Node>],
        now: Option<Node>,
    ) -> Result<bool, AuditError> {
        let ([one, other], [a, b]) = (parents, sides) else { return Ok(sides.contains(&now)) };
        if a == b {
            return Ok(now == *a);
        }
        if !sides.contains(&now) {
            return Ok(false);
        }
        let base = match self.base(*one, *other) {
            Some(base) => self.tree(base)?,
            None => None,
        };
        let base = base.map_or(Ok(None), |base| file_at(&self.shelf, base, path))?;
        Ok(if base == *a { now == *b } else { base == *b && now == *a })
    }

    /// The newest commit that two commits have in common.
    pub(super) fn base(&self, one: Index, other: Index) -> Option<Index> {
        if self.graph.is_before(one, other) {
            return Some(one);
        }
        let only = self.graph.only(one, other);
        let own: BTreeSet<Index> = only.iter().copied().collect();
        let shared = only.iter().flat_map(|index| self.graph.parents(*index)).filter(|parent| !own.contains(parent));
        shared.max_by_key(|parent| self.graph.order(*parent))
    }

    /// What is left when git's own result is taken away.
    fn not_by_git(&self, parents: &[Index], own: Vec<Changed>) -> Result<Vec<Changed>, AuditError> {
        let ids: Vec<ObjectId> =
            parents.iter().filter_map(|parent| self.graph.get(*parent)).map(|point| point.id).collect();
        let [one, other] = ids.as_slice() else { return Ok(own) };
        let Some(merged) = self.shelf.merged(*one, *other)? else { return Ok(own) };
        let by_git = |changed: &Changed| {
            let path = format!("{}{}", self.prefix, changed.path);
            match merged.get(&path) {
                Some(None) => false,
                Some(settled) => *settled == changed.after.map(|node| node.id),
                None => changed.after.is_none(),
            }
        };
        Ok(own.into_iter().filter(|changed| !by_git(changed)).collect())
    }
}

fn split(beside: Beside) -> (Vec<Changed>, Option<TreeFault>) {
    match beside {
        Ok(own) => (own, None),
        Err(fault) => (Vec::new(), Some(fault)),
    }
}

/// Whether a path is an act's: of a letter, or of what governs the record.
pub(super) fn is_act(path: &str) -> bool {
    matches!(classify(path), Slot::Act(..)) || (path.starts_with("trust/acts/") && path.ends_with(".yaml"))
}

/// Whether a merge may not make something of a file: drafts are free.
fn matters(changed: &Changed) -> bool {
    let path = &changed.path;
    let is_numbered = super::frozen::is_numbered(path);
    is_numbered
        || is_act(path)
        || kind_of_change(path).is_some()
        || matches!(classify(path), Slot::Letter(StatementName::Draft(_)))
}

/// A file that is called as nothing of the record is: a name that looks like another one, or is no text.
fn misplaced(changed: &Changed) -> Option<Finding> {
    let kind = changed.after?.kind;
    let first = changed.path.split('/').next().unwrap_or_default();
    if looks_of_record(first.as_bytes()) {
        let expected = first.to_ascii_lowercase();
        let message = format!(
            "found the path {}, which is one with {expected} where case does not count",
            changed.path.escape_debug()
        );
        return Some(Finding::plain(Code::BadFileName, message).at(Place::file(&changed.path)));
    }
    if kind != Kind::File && !matches!(classify(&changed.path), Slot::Beside(..)) {
        let finding = Finding::plain(Code::Symlink, "this is a link to elsewhere, not a file");
        return Some(finding.at(Place::file(&changed.path)));
    }
    let governs = ["directory/", "drafts/", "statements/"].iter().any(|folder| changed.path.starts_with(folder));
    if let (true, Slot::Wrong(_, expected)) = (governs, classify(&changed.path)) {
        let message = format!("found the path {}, expected {expected}", changed.path.escape_debug());
        return Some(Finding::plain(Code::BadFileName, message).at(Place::file(&changed.path)));
    }
    None
}

/// An act whose file says another moment, word or person than the act.
fn misnamed(arrival: &Arrival) -> Option<Finding> {
    let expected = arrival.value().file_name();
    let path = &arrival.act.file;
    let message = format!("the act says `{expected}`, its file is called otherwise");
    let is_named = path.rsplit('/').next() == Some(expected.as_str());
    (!is_named).then(|| Finding::plain(Code::ActMisplaced, message).at(Place::file(path)))
}
