//! Merges: which side was the mainline, and what it says of the acts that come to it.

use super::graph::{Index, Point};
use super::merges::Reading;
use super::object::AuditError;
use super::run::Auditor;
use super::step::Step;
use super::tree::Changed;
use crate::domain::{Instant, StatementId, StatementName};
use crate::findings::{Code, Finding, Place, Severity};
use crate::store::layout::{Slot, classify};

impl Auditor<'_> {
    /// Judges what a merge takes in.
    pub(super) fn integrate(&mut self, index: Index, point: &Point, step: &Step) -> Result<(), AuditError> {
        let clock = Instant::from_unix(point.clock).unwrap_or(self.request.now);
        let base = match point.parents.as_slice() {
            [one, other, ..] => self.base(*one, *other),
            _ => None,
        };
        let base = self.standing(base)?;
        let mut readings = Vec::new();
        for parent in &point.parents {
            let Ok(beside) = self.beside(index, Some(*parent))? else { return Ok(()) };
            let numbers = self.stubs_among(&beside);
            let reused = self.reused(step.tree, numbers)?;
            let comes: Vec<Changed> = beside.into_iter().filter(|changed| !step.own.contains(changed)).collect();
            let standing = self.standing(Some(*parent))?;
            let (arrivals, _) = self.arrivals(step.tree, &comes, &standing)?;
            let reading = Reading::of(&arrivals, &standing, &base, clock);
            let is_rooted = self.graph.get(*parent).is_some_and(|point| point.is_rooted);
            readings.push((*parent, reading, is_rooted));
            self.found.extend(reused.into_iter().map(|finding| (index, finding)));
        }
        let findings = self.decide(&point.parents, readings);
        let own = step
            .arrivals
            .iter()
            .filter(|arrival| arrival.signature(&step.before, step.clock.day()) == super::arrival::Signature::None);
        let letters = step.own.iter().filter(|changed| {
            let is_new = changed.before.is_none() && changed.after.is_some();
            is_new && super::frozen::is_numbered(&changed.path) && !super::gather::is_act(&changed.path)
        });
        let own = own.map(|arrival| arrival.act.file.as_str()).chain(letters.map(|changed| changed.path.as_str()));
        let own: Vec<Finding> = own.map(brought_by_merge).collect();
        self.found.extend(findings.into_iter().chain(own).map(|finding| (index, finding)));
        if point.parents.len() > 2 {
            self.found.push((index, many_parents(point.parents.len())));
        }
        Ok(())
    }

    /// The findings of the side that was the mainline. Where nothing tells which one it was, the first parent, unless only
    /// another order of the parents makes everything honest.
    fn decide(&self, parents: &[Index], mut readings: Vec<(Index, Reading, bool)>) -> Vec<Finding> {
        readings.retain(|(_, _, is_rooted)| *is_rooted);
        if let Some(known) = self.mainline.parent(&self.graph, parents)
            && let Some(at) = readings.iter().position(|(parent, ..)| *parent == known)
        {
            let (_, reading, _) = readings.swap_remove(at);
            return reading.findings.into_iter().chain(reading.unknown).collect();
        }
        let Some((first, ..)) = readings.first() else { return Vec::new() };
        let first = *first;
        let honest = readings.iter().filter(|(_, reading, _)| reading.is_honest()).map(|(parent, ..)| *parent);
        let honest: Vec<Index> = honest.collect();
        // Nobody can tell an old act that is merged from a backdated one whose maker merged the mainline: both are shown.
        let doubts = readings.iter().flat_map(|(_, reading, _)| &reading.findings);
        let doubts: Vec<Finding> =
            doubts.filter(|finding| finding.code == Code::ReaffirmationWanted).cloned().collect();
        if honest.contains(&first) {
            return doubts;
        }
        let Some((_, reading, _)) = readings.into_iter().next() else { return Vec::new() };
        let other = honest.into_iter().find(|other| *other != first && self.could_be_mainline(*other, first));
        match other {
            Some(_) => doubts,
            None => reading.findings.into_iter().chain(reading.unknown).chain(doubts).collect(),
        }
    }

    /// Whether a second parent can have been the mainline: everybody's grants on it are proven; or they are of the time
    /// before that, and the first parent has commits of its own, as after a plain `git pull`.
    fn could_be_mainline(&self, other: Index, first: Index) -> bool {
        let unproven = |index: &Index| self.facts_of(*index).is_some_and(|facts| !facts.unproven.is_empty());
        let proven = !self.graph.only(other, first).iter().any(unproven);
        proven || !self.graph.is_before(first, other)
    }

    /// The numbers of stubs that a merge brings to a side.
    fn stubs_among(&self, beside: &[Changed]) -> Vec<StatementId> {
        let drafts =
            beside.iter().filter(|changed| matches!(classify(&changed.path), Slot::Letter(StatementName::Draft(_))));
        drafts.filter_map(|changed| self.stub_blobs.get(&changed.after?.id).cloned()).collect()
    }
}

fn brought_by_merge(path: &str) -> Finding {
    let message = format!("the merge itself brings {path}, which neither side has, and nobody signed it");
    Finding::plain(Code::MergeOwnChange, message)
        .at(Place::file(path))
        .help("an act or a letter comes in a commit of its own; the person makes it again")
}

fn many_parents(count: usize) -> Finding {
    let message = format!("the merge has {count} parents; which of them was the mainline cannot be told for each");
    let finding = Finding::plain(Code::MergeOwnChange, message);
    Finding { severity: Severity::Warning, ..finding }.help("merge one branch after the other")
}
