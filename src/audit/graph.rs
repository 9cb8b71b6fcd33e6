//! The commits of the mainline's history, parents before children, and which of them rest on the root.

use std::collections::{BTreeSet, BinaryHeap, HashMap};

use super::commit::edges;
use super::object::{AuditError, Edges, ObjectId};
use super::shelf::Shelf;

/// A commit by its place in the order.
pub(super) type Index = usize;

/// What is known of every commit.
#[derive(Debug, Clone)]
pub(super) struct Point {
    /// The commit.
    pub(super) id: ObjectId,
    /// Its files; absent only where its bytes name none.
    pub(super) tree: Option<ObjectId>,
    /// The commits before it.
    pub(super) parents: Vec<Index>,
    /// The latest time that it or a commit before it claims: it cannot be older.
    pub(super) clock: i64,
    /// The time that it claims itself.
    pub(super) at: i64,
    /// Whether it is the root or descends from it.
    pub(super) is_rooted: bool,
}

/// A history: every commit once, parents first.
#[derive(Debug, Clone, Default)]
pub(super) struct Graph {
    /// The commits.
    pub(super) points: Vec<Point>,
    places: HashMap<ObjectId, Index>,
}

impl Graph {
    /// Everything that can be reached from a commit; `known` has what was read of commits before. Times later than `latest` are claims that count for nothing.
    ///
    /// # Errors
    /// Returns [`AuditError`] when the clone lacks a commit.
    pub(super) fn read(
        shelf: &Shelf<'_>,
        tip: ObjectId,
        latest: i64,
        known: &dyn Fn(ObjectId) -> Option<Edges>,
    ) -> Result<Self, AuditError> {
        let mut graph = Self::default();
        // A commit is opened, its parents are read, then it is closed; so no history is too long for the stack.
        let mut open: Vec<(ObjectId, Option<Edges>)> = vec![(tip, None)];
        while let Some((id, opened)) = open.pop() {
            if graph.places.contains_key(&id) {
                continue;
            }
            match opened {
                Some(opened) => graph.close(id, &opened, latest),
                None => {
                    let opened = known(id).map_or_else(|| Ok(edges(&shelf.commit(id)?)), Ok)?;
                    let missing: Vec<ObjectId> =
                        opened.parents.iter().filter(|parent| !graph.places.contains_key(parent)).copied().collect();
                    open.push((id, Some(opened)));
                    open.extend(missing.into_iter().rev().map(|parent| (parent, None)));
                }
            }
        }
        Ok(graph)
    }

    fn close(&mut self, id: ObjectId, opened: &Edges, latest: i64) {
        let parents: Vec<Index> = opened.parents.iter().filter_map(|parent| self.place(*parent)).collect();
        let before = parents.iter().filter_map(|parent| self.points.get(*parent)).map(|point| point.clock).max();
        let clock = before.unwrap_or(0).max(if opened.at > latest { 0 } else { opened.at });
        self.places.insert(id, self.points.len());
        self.points.push(Point { id, tree: opened.tree, parents, clock, at: opened.at, is_rooted: false });
    }

    /// What a commit says of the history, as it is read.
    pub(super) fn edges(&self, index: Index) -> Option<(&Point, Edges)> {
        let point = self.points.get(index)?;
        let parents = point.parents.iter().filter_map(|parent| self.points.get(*parent)).map(|point| point.id);
        Some((point, Edges { tree: point.tree, parents: parents.collect(), at: point.at }))
    }

    /// The place of a commit.
    pub(super) fn place(&self, id: ObjectId) -> Option<Index> {
        self.places.get(&id).copied()
    }

    /// What is known of a commit.
    pub(super) fn get(&self, index: Index) -> Option<&Point> {
        self.points.get(index)
    }

    /// Marks what rests on the root.
    pub(super) fn root_at(&mut self, root: Index) {
        for index in root..self.points.len() {
            let rests = |point: &Point| {
                index == root
                    || point.parents.iter().any(|parent| self.points.get(*parent).is_some_and(|point| point.is_rooted))
            };
            let is_rooted = self.points.get(index).is_some_and(rests);
            if let Some(point) = self.points.get_mut(index) {
                point.is_rooted = is_rooted;
            }
        }
    }

    /// The commits from the newest back along first parents.
    pub(super) fn first_parents(&self) -> impl Iterator<Item = Index> {
        let last = self.points.len().checked_sub(1);
        std::iter::successors(last, |index| self.points.get(*index)?.parents.first().copied())
    }

    /// Whether a commit is another or comes before it.
    pub(super) fn is_before(&self, commit: Index, later: Index) -> bool {
        let mut seen = BTreeSet::from([later]);
        let mut open = vec![later];
        while let Some(index) = open.pop() {
            if index == commit {
                return true;
            }
            let parents = self.points.get(index).map(|point| point.parents.as_slice()).unwrap_or_default();
            // Parents stand first, so nothing before the commit's own place leads to it.
            open.extend(parents.iter().filter(|parent| **parent >= commit && seen.insert(**parent)));
        }
        false
    }

    /// The commits that one has before it, or is, and another has not.
    pub(super) fn only(&self, one: Index, other: Index) -> Vec<Index> {
        const ONE: u8 = 1;
        const OTHER: u8 = 2;
        let mut sides: HashMap<Index, u8> = HashMap::from([(one, ONE)]);
        *sides.entry(other).or_default() |= OTHER;
        let mut open: BinaryHeap<Index> = sides.keys().copied().collect();
        let mut undecided = sides.values().filter(|side| **side == ONE).count();
        let mut found = Vec::new();
        while undecided > 0
            && let Some(index) = open.pop()
        {
            let side = sides.get(&index).copied().unwrap_or_default();
            if side == ONE {
                undecided -= 1;
                found.push(index);
            }
            for parent in self.points.get(index).map(|point| point.parents.as_slice()).unwrap_or_default() {
                let known = sides.get(parent).copied();
                let now = known.unwrap_or_default() | side;
                match known {
                    None => {
                        open.push(*parent);
                        undecided += usize::from(now == ONE);
                    }
                    Some(before) => undecided -= usize::from(before == ONE && now != ONE),
                }
                sides.insert(*parent, now);
            }
        }
        found
    }
}
