//! The whole history, commit by commit, parents first.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use super::facts::Facts;
use super::frozen::{self, Had};
use super::governance;
use super::graph::{Graph, Index, Point};
use super::judge;
use super::mainline::Mainline;
use super::object::{AuditError, ObjectId, Objects};
use super::root;
use super::settle;
use super::standing::{Standing, Standings};
use super::step::{Step, Stubs};
use super::tree::Node;
use crate::domain::{Instant, Slug, StatementId};
use crate::findings::{Code, Finding};

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
    /// What an earlier audit kept of a commit with which nothing was wrong.
    pub known: &'r dyn Fn(ObjectId) -> Option<Facts>,
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
    /// What may be kept of commits with which nothing is wrong.
    pub keep: Vec<(ObjectId, Facts)>,
}

/// An audit at work.
pub(super) struct Auditor<'a> {
    pub(super) objects: &'a dyn Objects,
    pub(super) request: &'a Request<'a>,
    pub(super) graph: Graph,
    pub(super) mainline: Mainline,
    pub(super) standings: Standings,
    pub(super) stubs: Stubs,
    pub(super) stub_blobs: HashMap<ObjectId, StatementId>,
    pub(super) removed: BTreeMap<String, Vec<Index>>,
    pub(super) facts: Vec<(Index, Facts)>,
    pub(super) places: HashMap<Index, usize>,
    pub(super) found: Vec<(Index, Finding)>,
    /// What is found beside the mainline: in the ledger.
    pub(super) beside: Vec<Found>,
    pub(super) keep: Vec<Index>,
    trees: HashMap<Index, Option<ObjectId>>,
}

/// Judges a history.
///
/// # Errors
/// Returns [`AuditError`] when the clone lacks an object, or the root is not in the history.
pub fn audit(objects: &dyn Objects, request: &Request<'_>) -> Result<Report, AuditError> {
    let latest = request.now.plus_seconds(judge::SKEW).unix();
    let mut graph = Graph::read(objects, request.tip, latest)?;
    let (root, findings) = root::choose(objects, &mut graph, request)?;
    let tips: Vec<Index> = request.tips.iter().filter_map(|tip| graph.place(*tip)).collect();
    let mainline = Mainline::of(&graph, &tips);
    let mut auditor = Auditor {
        objects,
        request,
        graph,
        mainline,
        standings: Standings::default(),
        stubs: Stubs::default(),
        stub_blobs: HashMap::new(),
        removed: BTreeMap::new(),
        facts: Vec::new(),
        places: HashMap::new(),
        found: findings,
        beside: Vec::new(),
        keep: Vec::new(),
        trees: HashMap::new(),
    };
    auditor.begin(root)?;
    let total = auditor.graph.points.len();
    for index in root + 1..total {
        (request.progress)(total, index);
        if auditor.graph.get(index).is_some_and(|point| point.is_rooted) {
            auditor.judge(index)?;
        }
    }
    settle::settle(&mut auditor, root)?;
    super::ledger::compare(&mut auditor)?;
    Ok(auditor.report(root))
}

impl Auditor<'_> {
    /// The root is trusted as it is; what it holds has to be known all the same.
    fn begin(&mut self, root: Index) -> Result<(), AuditError> {
        let Some(tree) = self.tree(root)? else { return Ok(()) };
        let standing = self.standings.of(self.objects, Some(tree))?;
        let drafts = super::tree::node_at(self.objects, tree, "drafts").ok().flatten();
        let listed = drafts.map(|node| super::tree::files_below(self.objects, node.id, "drafts/"));
        let added = listed.and_then(Result::ok).unwrap_or_default().into_iter();
        let added = added.map(|(path, node)| super::tree::Changed { path, before: None, after: Some(node) });
        let (revisions, _) = super::step::revisions(self.objects, &added.collect::<Vec<_>>(), &standing)?;
        for (slug, number, blob) in revisions.stubs {
            self.add_stub(slug, number, blob);
        }
        Ok(())
    }

    fn judge(&mut self, index: Index) -> Result<(), AuditError> {
        let Some(point) = self.graph.get(index).cloned() else { return Ok(()) };
        if let Some(facts) = (self.request.known)(point.id) {
            self.remember(index, facts);
            self.keep.push(index);
            return Ok(());
        }
        let before = self.found.len();
        let step = self.gather(index, &point)?;
        for (slug, number, blob) in step.revisions.stubs.clone() {
            self.add_stub(slug, number, blob);
        }
        let (signature, signer) = judge::commit_signature(&step);
        let (acts, kept) = judge::acts(&step, &signer);
        let mut facts = judge::facts(&step, kept, &signer);
        let parent_clock =
            point.parents.iter().filter_map(|parent| self.graph.get(*parent)).map(|parent| parent.clock).max();
        let mut findings = judge::commit(&step, parent_clock.and_then(Instant::from_unix), self.request.now);
        findings.extend(signature);
        findings.extend(judge::unreadable(&step));
        findings.extend(acts);
        findings.extend(governance::changes(self.objects, &step, &signer, &mut facts)?);
        findings.extend(governance::shared_keys(&step));
        governance::recorded(&step, &mut facts);
        findings.extend(self.written_once(&step, &point)?);
        findings.extend(self.numbers(index, &step)?);
        findings.extend(super::departures::judge(self, &step, &mut facts)?);
        facts.removed = frozen::removed(&step);
        self.found.extend(findings.into_iter().map(|finding| (index, finding)));
        if step.is_merge {
            self.integrate(index, &point, &step)?;
        }
        // What was found is judged again each time; only what is clean may be remembered.
        if self.found.len() == before && facts.unproven.is_empty() {
            self.keep.push(index);
        }
        self.remember(index, facts);
        Ok(())
    }

    fn remember(&mut self, index: Index, facts: Facts) {
        for (slug, number, blob) in &facts.stubs {
            if let (Ok(slug), Ok(number), Some(blob)) =
                (Slug::parse(slug), StatementId::parse(number), ObjectId::parse(blob))
            {
                self.add_stub(slug, number, blob);
            }
        }
        for path in &facts.removed {
            self.removed.entry(path.clone()).or_default().push(index);
        }
        self.places.insert(index, self.facts.len());
        self.facts.push((index, facts));
    }

    pub(super) fn facts_of(&self, index: Index) -> Option<&Facts> {
        self.places.get(&index).and_then(|place| self.facts.get(*place)).map(|(_, facts)| facts)
    }

    fn add_stub(&mut self, slug: Slug, number: StatementId, blob: ObjectId) {
        self.stub_blobs.insert(blob, number.clone());
        self.stubs.add(number, slug, blob);
    }

    /// The record's tree of a commit.
    pub(super) fn tree(&mut self, index: Index) -> Result<Option<ObjectId>, AuditError> {
        if let Some(known) = self.trees.get(&index) {
            return Ok(*known);
        }
        let tree = self.graph.get(index).and_then(|point| point.tree);
        let record = root::record_tree(self.objects, tree, self.request.prefix)?;
        if self.trees.len() > 4_096 {
            self.trees.clear();
        }
        self.trees.insert(index, record);
        Ok(record)
    }

    pub(super) fn standing(&mut self, index: Option<Index>) -> Result<Arc<Standing>, AuditError> {
        let tree = index.map_or(Ok(None), |index| self.tree(index))?;
        self.standings.of(self.objects, tree)
    }

    /// Whether the mainline had a file before a commit, for all that is known of the mainline.
    fn had(&mut self, point: &Point, path: &str, node: Node) -> Result<Had, AuditError> {
        let floor = point.parents.first().and_then(|parent| self.mainline.floor(*parent));
        let tree = floor.map_or(Ok(None), |floor| self.tree(floor))?;
        let there = tree.map_or(Ok(None), |tree| super::step::file_at(self.objects, tree, path))?;
        Ok(if there == Some(node) { Had::Mainline } else { Had::Branch })
    }

    fn written_once(&mut self, step: &Step, point: &Point) -> Result<Vec<Finding>, AuditError> {
        let mut known = HashMap::new();
        for changed in &step.own {
            let Some(before) = changed.before else { continue };
            let had = if step.is_merge { Had::Mainline } else { self.had(point, &changed.path, before)? };
            known.insert((changed.path.clone(), before), had);
        }
        let had = |path: &str, node: Node| known.get(&(path.to_owned(), node)).copied().unwrap_or(Had::Branch);
        Ok(frozen::touched(step, &had, &|node| self.stub_blobs.contains_key(&node.id)))
    }

    /// Numbers that come back, and numbers that two drafts became.
    fn numbers(&mut self, index: Index, step: &Step) -> Result<Vec<Finding>, AuditError> {
        let mut findings = Vec::new();
        for changed in step.own.iter().filter(|changed| changed.before.is_none() && frozen::is_numbered(&changed.path))
        {
            let removed = self.removed.get(&changed.path).map(Vec::as_slice).unwrap_or_default();
            if removed.iter().any(|removed| self.graph.is_before(*removed, index)) {
                findings.push(frozen::returned(&changed.path));
            }
        }
        let numbers: Vec<StatementId> = step.revisions.stubs.iter().map(|(_, number, _)| number.clone()).collect();
        findings.extend(self.reused(step.tree, numbers)?);
        Ok(findings)
    }

    /// Numbers that two drafts of a tree became.
    pub(super) fn reused(&self, tree: Option<ObjectId>, numbers: Vec<StatementId>) -> Result<Vec<Finding>, AuditError> {
        let mut findings = Vec::new();
        for number in numbers {
            let drafts = tree.map_or(Ok(Vec::new()), |tree| self.stubs.drafts(self.objects, tree, &number))?;
            if let [first, second, ..] = drafts.as_slice() {
                let message = format!("both {first} and {second} became {number}");
                let place = crate::findings::Place::file(format!("drafts/{second}.yaml"));
                let finding = Finding::plain(Code::NumberReused, message).at(place);
                findings.push(finding.help("the later one takes the next free number"));
            }
        }
        Ok(findings)
    }

    fn report(mut self, root: Index) -> Report {
        let mut acts = BTreeMap::new();
        for fact in self.facts.iter().flat_map(|(_, facts)| &facts.acts) {
            *acts.entry(fact.grade.clone()).or_default() += 1;
        }
        self.found.sort_by(|(a, one), (b, other)| {
            (a, &one.place, one.code, &one.message).cmp(&(b, &other.place, other.code, &other.message))
        });
        self.found.dedup();
        let id = |index: Index| self.graph.get(index).map(|point| point.id);
        let found = self.found.iter();
        let found = found.filter_map(|(index, finding)| Some(Found { commit: id(*index)?, finding: finding.clone() }));
        let keep = self.keep.iter().filter_map(|index| Some((id(*index)?, self.facts_of(*index)?.clone())));
        Report {
            found: found.chain(self.beside.clone()).collect(),
            root: id(root),
            history: self.graph.points.iter().map(|point| point.id).collect(),
            commits: self.facts.len() + 1,
            signed_commits: self.facts.iter().filter(|(_, facts)| facts.is_signed).count(),
            acts,
            keep: keep.collect(),
        }
    }
}
