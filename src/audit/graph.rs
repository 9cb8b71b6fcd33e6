//! The commits of the mainline's history, parents before children, and which of them rest on the root. Those of earlier audits
//! are looked up when they are asked for.

use std::collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap};
use std::ops::Deref;
use std::sync::Arc;

use super::commit::edges;
use super::object::{AuditError, Edges, ObjectId};
use super::past::Past;
use super::recent::Recent;
use super::shelf::Shelf;

/// A commit by its place in the order in which they were read: after its parents.
pub(super) type Index = usize;

/// A commit's place among all, whichever were read first: by its clock, then by how much lies before it.
pub(super) type Order = (i64, u32, ObjectId);

/// How many commits of earlier audits are at hand.
const AT_HAND: usize = 4_096;

/// What is known of every commit.
#[derive(Debug, Clone)]
pub(super) struct Point {
    /// The commit.
    pub(super) id: ObjectId,
    /// Its files; absent only where its bytes name none.
    pub(super) tree: Option<ObjectId>,
    /// The commits before it.
    pub(super) parents: Vec<Index>,
    /// How many commits lie on the longest way to it.
    pub(super) depth: u32,
    /// The latest time that it or a commit before it claims: it cannot be older.
    pub(super) clock: i64,
    /// The time that it claims itself.
    pub(super) at: i64,
    /// The newest commit of the mainline that it rests on, or is.
    pub(super) floor: Option<Index>,
    /// How it stands to the root.
    pub(super) rests: Rests,
}

/// How a commit stands to the root.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rests {
    /// The root rests on it.
    Before,
    /// It is the root, or rests on it.
    On,
    /// Neither.
    Beside,
}

/// A commit that was looked up.
pub(super) enum Seen<'g> {
    /// One that this audit reads.
    New(&'g Point),
    /// One that an earlier audit read.
    Old(Arc<Point>),
}

/// A history: every commit once, parents first.
pub(super) struct Graph<'p> {
    past: Option<&'p Past>,
    /// The place of the first commit that is new.
    base: Index,
    new: Vec<Point>,
    places: HashMap<ObjectId, Index>,
    old: Recent<Index, Arc<Point>>,
}

impl Point {
    /// Whether it is the root or descends from it.
    pub(super) fn is_rooted(&self) -> bool {
        self.rests == Rests::On
    }

    /// Its place among all commits.
    pub(super) fn order(&self) -> Order {
        (self.clock, self.depth, self.id)
    }
}

impl Rests {
    /// As a number.
    pub(super) fn number(self) -> i64 {
        match self {
            Self::Before => 0,
            Self::On => 1,
            Self::Beside => 2,
        }
    }

    /// What a number means.
    pub(super) fn of_number(number: i64) -> Self {
        match number {
            0 => Self::Before,
            1 => Self::On,
            _ => Self::Beside,
        }
    }
}

impl Deref for Seen<'_> {
    type Target = Point;

    fn deref(&self) -> &Point {
        match self {
            Seen::New(point) => point,
            Seen::Old(point) => point,
        }
    }
}

impl<'p> Graph<'p> {
    /// Everything that can be reached from a commit, by itself.
    ///
    /// # Errors
    /// Returns [`AuditError`] when the clone lacks a commit.
    pub(super) fn whole(shelf: &Shelf<'_>, tip: ObjectId) -> Result<Self, AuditError> {
        Self::after(None, 0, shelf, tip, i64::MAX)
    }

    /// What can be reached from a commit and is newer than another, which stands before the new ones; nothing where the one does
    /// not rest on the other.
    ///
    /// # Errors
    /// Returns [`AuditError`] when the clone lacks a commit.
    pub(super) fn since(shelf: &Shelf<'_>, tip: ObjectId, before: ObjectId) -> Result<Option<Self>, AuditError> {
        let Ok(bytes) = shelf.commit(before) else { return Ok(None) };
        let Edges { tree, at, .. } = edges(&bytes);
        let (parents, clock, floor, rests) = (Vec::new(), at.max(0), None, Rests::Beside);
        let known = Point { id: before, tree, parents, depth: 0, clock, at, floor, rests };
        let mut graph = Self::empty(None, 1);
        graph.places.insert(before, 0);
        graph.old.put(0, Arc::new(known), 1);
        graph.walk(shelf, tip, i64::MAX)?;
        let is_met = tip == before || graph.new.iter().any(|point| point.parents.contains(&0));
        Ok(is_met.then_some(graph))
    }

    /// Everything that can be reached from a commit, of which earlier audits know a part. Times later than `latest` are claims
    /// that count for nothing. What is known is forgotten if the branch no longer contains it.
    ///
    /// # Errors
    /// Returns [`AuditError`] when the clone lacks a commit.
    pub(super) fn read(shelf: &Shelf<'_>, past: &'p Past, tip: ObjectId, latest: i64) -> Result<Self, AuditError> {
        past.prepare(tip, latest);
        let graph = Self::after(Some(past), past.next(), shelf, tip, latest)?;
        if past.tip().is_none_or(|before| before == tip || graph.is_built_on(before)) {
            return Ok(graph);
        }
        past.forget();
        past.prepare(tip, latest);
        Self::after(Some(past), 0, shelf, tip, latest)
    }

    fn empty(past: Option<&'p Past>, base: Index) -> Self {
        let (new, places, old) = (Vec::new(), HashMap::new(), Recent::new(AT_HAND));
        Self { past, base, new, places, old }
    }

    fn after(
        past: Option<&'p Past>,
        base: Index,
        shelf: &Shelf<'_>,
        tip: ObjectId,
        latest: i64,
    ) -> Result<Self, AuditError> {
        let mut graph = Self::empty(past, base);
        graph.walk(shelf, tip, latest)?;
        Ok(graph)
    }

    /// Reads what can be reached from a commit and is not known.
    fn walk(&mut self, shelf: &Shelf<'_>, tip: ObjectId, latest: i64) -> Result<(), AuditError> {
        // A commit is opened, its parents are read, then it is closed; so no history is too long for the stack.
        let mut open: Vec<(ObjectId, Option<Edges>)> = vec![(tip, None)];
        while let Some((id, opened)) = open.pop() {
            match opened {
                Some(opened) => self.close(id, &opened, latest),
                None if self.place(id).is_some() => {}
                None => {
                    let opened = edges(&shelf.commit(id)?);
                    let missing: Vec<ObjectId> =
                        opened.parents.iter().filter(|parent| self.place(**parent).is_none()).copied().collect();
                    open.push((id, Some(opened)));
                    open.extend(missing.into_iter().rev().map(|parent| (parent, None)));
                }
            }
        }
        Ok(())
    }

    fn close(&mut self, id: ObjectId, opened: &Edges, latest: i64) {
        if self.places.contains_key(&id) {
            return;
        }
        let parents: Vec<Index> = opened.parents.iter().filter_map(|parent| self.place(*parent)).collect();
        let (mut clock, mut depth) = (if opened.at > latest { 0 } else { opened.at.max(0) }, 0);
        for parent in &parents {
            let Some(parent) = self.get(*parent) else { continue };
            (clock, depth) = (clock.max(parent.clock), depth.max(parent.depth + 1));
        }
        self.places.insert(id, self.len());
        let (tree, at, rests) = (opened.tree, opened.at, Rests::Beside);
        self.new.push(Point { id, tree, parents, depth, clock, at, floor: None, rests });
    }

    /// Whether new commits rest on the one up to which earlier audits came.
    fn is_built_on(&self, before: ObjectId) -> bool {
        let Some(place) = self.past.and_then(|past| past.place(before)) else { return false };
        // What an interrupted audit of the same commit read after it rests on it, too.
        place + 1 < self.base || self.new.iter().any(|point| point.parents.contains(&place))
    }

    /// How many commits there are.
    pub(super) fn len(&self) -> usize {
        self.base + self.new.len()
    }

    /// The places of the commits that are new.
    pub(super) fn new_ones(&self) -> std::ops::Range<Index> {
        self.base..self.len()
    }

    /// The newest commit.
    pub(super) fn newest(&self) -> Option<Index> {
        self.len().checked_sub(1)
    }

    /// The place of a commit.
    pub(super) fn place(&self, id: ObjectId) -> Option<Index> {
        let old = || self.past.filter(|_| self.base > 0).and_then(|past| past.place(id));
        self.places.get(&id).copied().or_else(old)
    }

    /// What is known of a commit.
    pub(super) fn get(&self, index: Index) -> Option<Seen<'_>> {
        if let Some(new) = index.checked_sub(self.base) {
            return self.new.get(new).map(Seen::New);
        }
        if let Some(known) = self.old.get(&index) {
            return Some(Seen::Old(known));
        }
        let point = Arc::new(self.past?.point(index)?);
        self.old.put(index, Arc::clone(&point), 1);
        Some(Seen::Old(point))
    }

    /// What is to be said of a new commit.
    pub(super) fn get_mut(&mut self, index: Index) -> Option<&mut Point> {
        self.new.get_mut(index.checked_sub(self.base)?)
    }

    /// The commits before a commit.
    pub(super) fn parents(&self, index: Index) -> Vec<Index> {
        self.get(index).map(|point| point.parents.clone()).unwrap_or_default()
    }

    /// Whether a commit rests on the root, or is it.
    pub(super) fn is_rooted(&self, index: Index) -> bool {
        self.get(index).is_some_and(|point| point.is_rooted())
    }

    /// A commit's place among all.
    pub(super) fn order(&self, index: Index) -> Option<Order> {
        self.get(index).map(|point| point.order())
    }

    /// Whether a commit is another or comes before it.
    pub(super) fn is_before(&self, commit: Index, later: Index) -> bool {
        commit == later || self.before(later, commit).contains(&commit)
    }

    /// The commits before one, as far as they were not read before `first`.
    pub(super) fn before(&self, later: Index, first: Index) -> BTreeSet<Index> {
        let mut before = BTreeSet::new();
        let mut open = vec![later];
        while let Some(index) = open.pop() {
            // Parents are read first, so nothing that was read before leads to it.
            let parents = self.parents(index).into_iter();
            open.extend(parents.filter(|parent| *parent >= first && before.insert(*parent)));
        }
        before
    }

    /// The commits that one has before it, or is, and another has not.
    pub(super) fn only(&self, one: Index, other: Index) -> Vec<Index> {
        const ONE: u8 = 1;
        const OTHER: u8 = 2;
        let mut sides: BTreeMap<Index, u8> = BTreeMap::from([(one, ONE)]);
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
            for parent in self.parents(index) {
                let known = sides.get(&parent).copied();
                let now = known.unwrap_or_default() | side;
                match known {
                    None => {
                        open.push(parent);
                        undecided += usize::from(now == ONE);
                    }
                    Some(before) => undecided -= usize::from(before == ONE && now != ONE),
                }
                sides.insert(parent, now);
            }
        }
        found
    }
}
