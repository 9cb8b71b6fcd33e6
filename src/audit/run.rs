//! The whole history, commit by commit, parents first.

use std::collections::BTreeSet;

use rayon::prelude::*;

use super::changes::{Changed, files_below};
use super::chronicle::Chronicle;
use super::facts::Facts;
use super::frozen;
use super::graph::{Graph, Index};
use super::ground::Ground;
use super::judge::SKEW;
use super::mainline::Mainline;
use super::object::{AuditError, ObjectId, Objects};
use super::past::{Counts, Past};
use super::root;
use super::settle;
use super::shelf::Shelf;
use super::step::{Step, revisions};
use super::tree::node_at;
use super::verdict::Verdict;
use crate::domain::Instant;
use crate::findings::Finding;

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
    /// Is told how many commits are to be judged and how many are done.
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
    /// Of the commits that were the mainline's newest, those that it no longer contains.
    pub lost: BTreeSet<ObjectId>,
    /// How many commits were judged.
    pub commits: usize,
    /// How many of them bear a signature.
    pub signed_commits: usize,
    /// How many acts there are, by how well they are proven.
    pub acts: std::collections::BTreeMap<String, usize>,
}

/// How many commits are judged at once: the work of a batch is shared by all cores, and is forgotten after it.
const BATCH: usize = 64;

/// After how many batches what was found is written.
const SAVE: usize = 32;

/// An audit at work.
pub(super) struct Auditor<'a> {
    pub(super) ground: Ground<'a>,
    pub(super) chronicle: Chronicle,
    pub(super) found: Vec<(Index, Finding)>,
    /// What is found beside the mainline: in the ledger.
    pub(super) beside: Vec<Found>,
    /// What is there for good, and what is there now.
    closed: Counts,
    counts: Counts,
}

/// Judges a history; what is known of it is not judged again.
///
/// # Errors
/// Returns [`AuditError`] when the clone lacks an object, the root is not in the history, or what is known cannot be read.
pub fn audit(objects: &dyn Objects, past: &Past, request: &Request<'_>) -> Result<Report, AuditError> {
    let judged = judge(objects, past, request);
    // Whatever was found without an answer of the past is worth nothing.
    past.failure().map_or(judged, |failure| Err(AuditError::Past(failure.to_owned())))
}

fn judge(objects: &dyn Objects, past: &Past, request: &Request<'_>) -> Result<Report, AuditError> {
    let latest = request.now.plus_seconds(SKEW).unix();
    let shelf = Shelf::new(objects);
    let mut graph = Graph::read(&shelf, past, request.tip, latest)?;
    let is_begun = past.root().is_some();
    let (root, found) = root::choose(&shelf, &mut graph, past, request)?;
    let lost = request.tips.iter().filter(|tip| graph.place(**tip).is_none()).copied().collect();
    let tips = request.tips.iter().filter_map(|tip| graph.place(*tip)).collect();
    let mainline = Mainline::mark(&mut graph, tips);
    let ground = Ground::new(shelf, (graph, mainline), past, (request.now, request.prefix));
    let mut auditor = Auditor::new(ground, found);
    if !is_begun {
        auditor.begin(root)?;
    }
    auditor.judge_all(request.progress)?;
    settle::settle(&mut auditor, root)?;
    super::ledger::compare(&mut auditor, request.ledger)?;
    past.finish(&auditor.closed);
    Ok(auditor.report(root, lost))
}

impl<'a> Auditor<'a> {
    fn new(ground: Ground<'a>, found: Vec<(Index, Finding)>) -> Self {
        let closed = ground.past.closed();
        let (counts, beside) = (closed.clone(), Vec::new());
        Self { ground, chronicle: Chronicle::default(), found, beside, closed, counts }
    }

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
        for (slug, number, file) in &read.stubs {
            self.ground.past.add_stub(root, slug, number, *file);
        }
        Ok(())
    }

    /// Judges what was not clean before, and what is new.
    fn judge_all(&mut self, progress: &dyn Fn(usize, usize)) -> Result<(), AuditError> {
        let past = self.ground.past;
        let open = past.take_open();
        self.chronicle = Chronicle::of(past);
        let new: Vec<Index> = self.ground.graph.new_ones().collect();
        let (mut done, total) = (0, open.len() + new.len());
        for (number, batch) in open.chunks(BATCH).chain(new.chunks(BATCH)).enumerate() {
            progress(total, done);
            self.judge(batch)?;
            done += batch.len();
            if number % SAVE == SAVE - 1 {
                past.save(&self.closed);
            }
        }
        Ok(())
    }

    /// Judges some commits: what each does by itself on all cores, what it does to those before it one after the other.
    fn judge(&mut self, batch: &[Index]) -> Result<(), AuditError> {
        let Ground { graph, past, .. } = &self.ground;
        for index in batch.iter().filter(|index| graph.new_ones().contains(index)) {
            graph.get(*index).into_iter().for_each(|point| past.add_point(*index, &point));
        }
        let root = past.root();
        let judged = |index: &&Index| graph.is_rooted(**index) && Some(**index) != root;
        let judged: Vec<Index> = batch.iter().filter(judged).copied().collect();
        let steps: Vec<Result<Step, AuditError>> =
            judged.par_iter().filter_map(|index| Some(self.ground.gather(*index, &*graph.get(*index)?))).collect();
        let steps: Vec<Step> = steps.into_iter().collect::<Result<_, _>>()?;
        for step in &steps {
            for (slug, number, file) in &step.revisions.stubs {
                past.add_stub(step.index, slug, number, *file);
            }
        }
        let verdicts: Vec<(Index, Result<Verdict, AuditError>)> =
            steps.into_par_iter().map(|step| (step.index, self.ground.judge(step))).collect();
        for (index, verdict) in verdicts {
            self.take(index, verdict?);
        }
        Ok(())
    }

    /// Takes in what a commit was found to be.
    fn take(&mut self, index: Index, verdict: Verdict) {
        let Verdict { facts, mut findings, added, merge } = verdict;
        findings.extend(added.iter().filter(|path| self.comes_back(index, path)).map(|path| frozen::returned(path)));
        findings.extend(merge.map(|merge| self.integrate(merge)).unwrap_or_default());
        // What was found is judged again each time; only what is clean is so for good.
        let is_open = !findings.is_empty() || !facts.unproven.is_empty();
        self.found.extend(findings.into_iter().map(|finding| (index, finding)));
        self.remember(index, facts, is_open);
    }

    fn remember(&mut self, index: Index, facts: Facts, is_open: bool) {
        let past = self.ground.past;
        facts.revisions.iter().for_each(|(name, content)| past.add_revision(index, name, content));
        past.add(index, &facts, is_open);
        self.counts.add(&facts);
        if !is_open {
            self.closed.add(&facts);
        }
        self.chronicle.add(index, facts);
    }

    /// Whether a numbered file was taken away before a commit that brings it.
    fn comes_back(&self, index: Index, path: &str) -> bool {
        let removed = self.chronicle.removed.get(path).map(Vec::as_slice).unwrap_or_default();
        removed.iter().any(|removed| self.ground.graph.is_before(*removed, index))
    }

    fn report(self, root: Index, lost: BTreeSet<ObjectId>) -> Report {
        let Self { ground, found, beside, counts, .. } = self;
        let place = |(index, finding): (Index, Finding)| Some((ground.graph.order(index)?, finding));
        let mut found: Vec<_> = found.into_iter().filter_map(place).collect();
        found.sort_by(|(a, one), (b, other)| {
            (a, &one.place, one.code, &one.message).cmp(&(b, &other.place, other.code, &other.message))
        });
        found.dedup();
        let found = found.into_iter().map(|((.., commit), finding)| Found { commit, finding });
        Report {
            found: found.chain(beside).collect(),
            root: ground.graph.get(root).map(|point| point.id),
            lost,
            commits: counts.commits + 1,
            signed_commits: counts.signed_commits,
            acts: counts.acts,
        }
    }
}
