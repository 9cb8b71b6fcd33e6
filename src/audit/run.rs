//! The whole history, commit by commit, parents first.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::changes::{Changed, files_below};
use super::chronicle::Chronicle;
use super::facts::Facts;
use super::frozen;
use super::graph::{Graph, Index};
use super::ground::Ground;
use super::judge::SKEW;
use super::mainline::Mainline;
use super::object::{AuditError, Edges, ObjectId, Objects};
use super::root;
use super::settle;
use super::shelf::Shelf;
use super::step::{Step, revisions};
use super::tree::node_at;
use super::verdict::Verdict;
use crate::domain::{Instant, Slug, StatementId};
use crate::findings::Finding;

/// What earlier audits kept of commits with which nothing was wrong, and what this one keeps. Whoever keeps it answers for it:
/// what is kept is not judged again.
pub trait Kept {
    /// What a commit says of the history.
    fn edges(&self, id: ObjectId) -> Option<Edges>;

    /// What a commit brought, if `clock` was the moment before which it cannot have been made when it was kept, too: what a
    /// commit of a time to come claims counts only later.
    fn facts(&self, id: ObjectId, clock: i64) -> Option<Facts>;

    /// Keeps a commit.
    fn keep(&self, id: ObjectId, edges: &Edges, clock: i64, facts: &Facts);
}

/// What is asked of an audit.
pub struct Request<'r> {
    /// The mainline's newest commit.
    pub tip: ObjectId,
    /// The commit that is trusted as it is.
    pub root: Option<ObjectId>,
    /// The present moment.
    pub now: Instant,
    /// The record's root below the repository's, with a slash at its end, or nothing.
    pub prefix: &'r str,
    /// Commits that were the mainline's newest at some time, for sure.
    pub tips: &'r [ObjectId],
    /// The newest commit of the ledger.
    pub ledger: Option<ObjectId>,
    /// What is kept from one audit to the next.
    pub kept: &'r dyn Kept,
    /// Is told how many commits there are and how many are done.
    pub progress: &'r dyn Fn(usize, usize),
}

/// A finding with its commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The commit.
    pub commit: ObjectId,
    /// What is wrong, and where.
    pub finding: Finding,
}

/// What an audit says.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// What was found, oldest commit first.
    pub found: Vec<Found>,
    /// The root it rests on.
    pub root: Option<ObjectId>,
    /// Every commit of the history.
    pub history: BTreeSet<ObjectId>,
    /// How many commits were judged.
    pub commits: usize,
    /// How many of them bear a signature.
    pub signed_commits: usize,
    /// How many acts there are, by how well they are proven.
    pub acts: BTreeMap<String, usize>,
}

/// How many commits are judged at once: the work of a batch is shared by all cores, and is forgotten after it.
const BATCH: usize = 64;

/// An audit at work.
pub(super) struct Auditor<'a> {
    pub(super) ground: Ground<'a>,
    pub(super) chronicle: Chronicle,
    pub(super) found: Vec<(Index, Finding)>,
    /// What is found beside the mainline: in the ledger.
    pub(super) beside: Vec<Found>,
}

/// Judges a history.
///
/// # Errors
/// Returns [`AuditError`] when the clone lacks an object, or the root is not in the history.
pub fn audit(objects: &dyn Objects, request: &Request<'_>) -> Result<Report, AuditError> {
    let latest = request.now.plus_seconds(SKEW).unix();
    let shelf = Shelf::new(objects);
    let mut graph = Graph::read(&shelf, request.tip, latest, &|id| request.kept.edges(id))?;
    let (root, found) = root::choose(&shelf, &mut graph, request)?;
    let tips: Vec<Index> = request.tips.iter().filter_map(|tip| graph.place(*tip)).collect();
    let mainline = Mainline::of(&graph, &tips);
    let ground = Ground::new(shelf, graph, mainline, request.now, request.prefix);
    let mut auditor = Auditor { ground, chronicle: Chronicle::default(), found, beside: Vec::new() };
    auditor.begin(root)?;
    let total = auditor.ground.graph.points.len();
    let rooted = |index: &Index| auditor.ground.graph.get(*index).is_some_and(|point| point.is_rooted);
    let indices: Vec<Index> = (root + 1..total).filter(rooted).collect();
    for batch in indices.chunks(BATCH) {
        (request.progress)(total, batch.first().copied().unwrap_or(total));
        auditor.judge(batch, request.kept)?;
    }
    settle::settle(&mut auditor, root)?;
    super::ledger::compare(&mut auditor, request.ledger)?;
    Ok(auditor.report(root))
}

impl Auditor<'_> {
    /// The root is trusted as it is; what it holds has to be known all the same.
    fn begin(&mut self, root: Index) -> Result<(), AuditError> {
        let Some(tree) = self.ground.tree(root)? else { return Ok(()) };
        let standing = self.ground.standing(Some(root))?;
        let shelf = &self.ground.shelf;
        let drafts = node_at(shelf, tree, "drafts").ok().flatten();
        let listed = drafts.map(|node| files_below(shelf, node.id, "drafts/"));
        let added = listed.and_then(Result::ok).unwrap_or_default().into_iter();
        let added: Vec<Changed> = added.map(|(path, node)| Changed { path, before: None, after: Some(node) }).collect();
        let (read, _) = revisions(shelf, &added, &standing)?;
        for (slug, number, file) in read.stubs {
            self.ground.add_stub(slug, number, file);
        }
        Ok(())
    }

    /// Judges some commits: what each does by itself on all cores, what it does to those before it one after the other.
    fn judge(&mut self, batch: &[Index], kept: &dyn Kept) -> Result<(), AuditError> {
        let point = |index: &Index| self.ground.graph.get(*index);
        let known = batch.iter().map(|index| point(index).and_then(|point| kept.facts(point.id, point.clock)));
        let known: Vec<Option<Facts>> = known.collect();
        let new = batch.par_iter().zip(&known).filter(|(_, known)| known.is_none());
        let steps: Vec<Result<Step, AuditError>> =
            new.filter_map(|(index, _)| Some(self.ground.gather(*index, point(index)?))).collect();
        let steps: Vec<Step> = steps.into_iter().collect::<Result<_, _>>()?;
        self.add_stubs(&known, &steps);
        let verdicts: Vec<Result<Verdict, AuditError>> =
            steps.into_par_iter().map(|step| self.ground.judge(step)).collect();
        let mut verdicts = verdicts.into_iter();
        for (index, known) in batch.iter().zip(known) {
            match known {
                Some(facts) => self.chronicle.add(*index, facts),
                None => {
                    let Some(verdict) = verdicts.next() else { continue };
                    self.take(*index, verdict?, kept);
                }
            }
        }
        Ok(())
    }

    fn add_stubs(&mut self, known: &[Option<Facts>], steps: &[Step]) {
        for (slug, number, file) in known.iter().flatten().flat_map(stubs_of) {
            self.ground.add_stub(slug, number, file);
        }
        for (slug, number, file) in steps.iter().flat_map(|step| &step.revisions.stubs).cloned() {
            self.ground.add_stub(slug, number, file);
        }
    }

    /// Takes in what a commit was found to be.
    fn take(&mut self, index: Index, verdict: Verdict, kept: &dyn Kept) {
        let Verdict { facts, mut findings, added, merge } = verdict;
        findings.extend(added.iter().filter(|path| self.comes_back(index, path)).map(|path| frozen::returned(path)));
        findings.extend(merge.map(|merge| self.integrate(merge)).unwrap_or_default());
        // What was found is judged again each time; only what is clean may be kept.
        if findings.is_empty()
            && facts.unproven.is_empty()
            && let Some((point, edges)) = self.ground.graph.edges(index)
        {
            kept.keep(point.id, &edges, point.clock, &facts);
        }
        self.found.extend(findings.into_iter().map(|finding| (index, finding)));
        self.chronicle.add(index, facts);
    }

    /// Whether a numbered file was taken away before a commit that brings it.
    fn comes_back(&self, index: Index, path: &str) -> bool {
        let removed = self.chronicle.removed.get(path).map(Vec::as_slice).unwrap_or_default();
        removed.iter().any(|removed| self.ground.graph.is_before(*removed, index))
    }

    fn report(mut self, root: Index) -> Report {
        self.found.sort_by(|(a, one), (b, other)| {
            (a, &one.place, one.code, &one.message).cmp(&(b, &other.place, other.code, &other.message))
        });
        self.found.dedup();
        let id = |index: Index| self.ground.graph.get(index).map(|point| point.id);
        let found = self.found.into_iter().filter_map(|(index, finding)| Some(Found { commit: id(index)?, finding }));
        Report {
            found: found.chain(self.beside).collect(),
            root: id(root),
            history: self.ground.graph.points.iter().map(|point| point.id).collect(),
            commits: self.chronicle.commits + 1,
            signed_commits: self.chronicle.signed_commits,
            acts: self.chronicle.grades,
        }
    }
}

/// The stubs that a commit wrote, as an earlier audit kept them.
fn stubs_of(facts: &Facts) -> impl Iterator<Item = (Slug, StatementId, ObjectId)> {
    facts.stubs.iter().filter_map(|(slug, number, file)| {
        Some((Slug::parse(slug).ok()?, StatementId::parse(number).ok()?, ObjectId::parse(file)?))
    })
}
