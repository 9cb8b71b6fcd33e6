//! Merges: which side was the mainline, and what it says of the acts that come to it.

use super::arrival::Signature;
use super::changes::Changed;
use super::graph::{Index, Point};
use super::ground::Ground;
use super::merges::Reading;
use super::object::AuditError;
use super::redaction::is_frozen;
use super::run::Auditor;
use super::step::Step;
use crate::domain::{ActKind, StatementId, StatementName};
use crate::findings::{Code, Finding, Place};
use crate::store::layout::{Slot, classify};

/// What a merge takes in, as each of its sides sees it.
pub(super) struct Merge {
    parents: Vec<Index>,
    /// What each side that rests on the root says of the acts that come to it.
    readings: Vec<(Index, Reading)>,
    /// What is wrong whichever side was the mainline.
    findings: Vec<Finding>,
}

impl Ground<'_> {
    /// Reads a merge from each of its sides; nothing where a side cannot be read.
    pub(super) fn merge(&self, point: &Point, step: &Step) -> Result<Option<Merge>, AuditError> {
        let base = match point.parents.as_slice() {
            [one, other, ..] => self.base(*one, *other),
            _ => None,
        };
        let base = self.standing(base)?;
        let mut merge = Merge { parents: point.parents.clone(), readings: Vec::new(), findings: brought(step) };
        for parent in &point.parents {
            let Ok(beside) = self.beside(step.index, Some(*parent))? else { return Ok(None) };
            merge.findings.extend(self.reused(step.tree, &self.stubs_among(&beside))?);
            let comes: Vec<Changed> = beside.into_iter().filter(|changed| !step.own.contains(changed)).collect();
            let standing = self.standing(Some(*parent))?;
            let (arrivals, _) = self.arrivals(step.tree, &comes, &standing)?;
            if self.graph.is_rooted(*parent) {
                let redacts = arrivals.iter().any(|arrival| arrival.value().kind == ActKind::Redact);
                let root =
                    if redacts || comes.iter().any(is_frozen) { self.root_at(*parent, &standing)? } else { None };
                let mut reading = Reading::of(&arrivals, &standing, &base, root.as_ref(), step.clock);
                if let Some(root) = &root {
                    reading.findings.extend(self.removed_from(step.tree, &comes, root, &standing)?);
                }
                merge.readings.push((*parent, reading));
            }
        }
        if point.parents.len() > 2 {
            merge.findings.push(many_parents(point.parents.len()));
        }
        Ok(Some(merge))
    }

    /// The numbers of stubs that a merge brings to a side.
    fn stubs_among(&self, beside: &[Changed]) -> Vec<StatementId> {
        let drafts =
            beside.iter().filter(|changed| matches!(classify(&changed.path), Slot::Letter(StatementName::Draft(_))));
        drafts.filter_map(|changed| self.past.number_of_stub(changed.after?.id)).collect()
    }
}

/// Acts that nobody signed and letters that a merge itself brings.
fn brought(step: &Step) -> Vec<Finding> {
    let unsigned =
        step.arrivals.iter().filter(|arrival| arrival.signature(&step.before, step.clock.day()) == Signature::None);
    let letters = step.own.iter().filter(|changed| {
        let is_new = changed.before.is_none() && changed.after.is_some();
        is_new && super::frozen::is_numbered(&changed.path) && !super::gather::is_act(&changed.path)
    });
    let paths = unsigned.map(|arrival| arrival.act.file.as_str()).chain(letters.map(|changed| changed.path.as_str()));
    paths.map(brought_by_merge).collect()
}

impl Auditor<'_> {
    /// What is wrong with what a merge takes in.
    pub(super) fn integrate(&self, merge: Merge) -> Vec<Finding> {
        let Merge { parents, readings, mut findings } = merge;
        findings.extend(self.decide(&parents, readings));
        findings
    }

    /// The findings of the side that was the mainline. Where nothing tells which one it was, the first parent, unless only
    /// another order of the parents makes everything honest.
    fn decide(&self, parents: &[Index], mut readings: Vec<(Index, Reading)>) -> Vec<Finding> {
        let Ground { mainline, graph, .. } = &self.ground;
        if let Some(known) = mainline.parent(graph, parents)
            && let Some(at) = readings.iter().position(|(parent, _)| *parent == known)
        {
            let (_, reading) = readings.swap_remove(at);
            return reading.findings.into_iter().chain(reading.unknown).collect();
        }
        let Some((first, _)) = readings.first() else { return Vec::new() };
        let first = *first;
        let honest = readings.iter().filter(|(_, reading)| reading.is_honest()).map(|(parent, _)| *parent);
        let honest: Vec<Index> = honest.collect();
        // Nobody can tell an old act that is merged from a backdated one whose maker merged the mainline: both are shown.
        let doubts = readings.iter().flat_map(|(_, reading)| &reading.findings);
        let doubts: Vec<Finding> =
            doubts.filter(|finding| finding.code == Code::ReaffirmationWanted).cloned().collect();
        if honest.contains(&first) {
            return doubts;
        }
        let Some((_, reading)) = readings.into_iter().next() else { return Vec::new() };
        let other = honest.into_iter().find(|other| *other != first && self.could_be_mainline(*other, first));
        match other {
            Some(_) => doubts,
            None => reading.findings.into_iter().chain(reading.unknown).chain(doubts).collect(),
        }
    }

    /// Whether a second parent can have been the mainline: everybody's grants on it are proven; or they are of the time
    /// before that, and the first parent has commits of its own, as after a plain `git pull`.
    fn could_be_mainline(&self, other: Index, first: Index) -> bool {
        let graph = &self.ground.graph;
        let proven = !graph.only(other, first).iter().any(|index| self.chronicle.unproven.contains_key(index));
        proven || !graph.is_before(first, other)
    }
}

fn brought_by_merge(path: &str) -> Finding {
    let message = format!("the merge itself brings {path}, which neither side has, and nobody signed it");
    Finding::plain(Code::MergeOwnChange, message)
        .at(Place::file(path))
        .help("an act or a letter comes in a commit of its own; the person makes it again")
}

fn many_parents(count: usize) -> Finding {
    let message = format!("the merge has {count} parents, so nobody can tell what it takes from which side");
    Finding::plain(Code::MergeOwnChange, message).help(
        "merge one branch after the other; where the mainline has it already, look at all it brings, then trust it: \
         git config liaison.trustRoot COMMIT",
    )
}
