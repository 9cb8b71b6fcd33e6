//! What one commit is found to be, whatever was found of others.

use std::collections::HashMap;

use super::facts::Facts;
use super::frozen::{self, Had};
use super::graph::Point;
use super::ground::Ground;
use super::integrate::Merge;
use super::object::AuditError;
use super::step::Step;
use super::tree::Node;
use super::{departures, exchanged, governance, judge, outbox, trust, untold};
use crate::domain::{Instant, StatementId};
use crate::findings::Finding;

/// What a commit was found to be.
pub(super) struct Verdict {
    /// What is kept of it.
    pub(super) facts: Facts,
    /// What is wrong with it.
    pub(super) findings: Vec<Finding>,
    /// Numbered files that it brings.
    pub(super) added: Vec<String>,
    /// What each side of a merge says of what comes to it.
    pub(super) merge: Option<Merge>,
}

impl Ground<'_> {
    /// Judges a commit by itself.
    pub(super) fn judge(&self, mut step: Step) -> Result<Verdict, AuditError> {
        let (arrivals, faults) = self.arrivals(step.tree, &step.own, &step.before)?;
        step.arrivals = arrivals;
        step.unreadable.extend(faults);
        step.redactions = self.redactions(&step)?;
        step.untold = untold::were_nobodys(self, &step)?;
        let Some(point) = self.graph.get(step.index) else { return Ok(Verdict::of_nothing()) };
        let (signature, signer) = judge::commit_signature(&step);
        let (acts, kept) = judge::acts(&step, &signer);
        let mut facts = judge::facts(&step, kept, &signer);
        let parents = point.parents.iter().filter_map(|parent| self.graph.get(*parent));
        let parent_clock = parents.map(|parent| parent.clock).max().and_then(Instant::from_unix);
        let mut findings = judge::commit(&step, parent_clock, self.now);
        findings.extend(signature);
        findings.extend(judge::unreadable(&step));
        findings.extend(acts);
        findings.extend(governance::changes(&self.shelf, &step, &signer, &mut facts)?);
        findings.extend(governance::unreadable(self, &step)?);
        findings.extend(trust::judge(self, &step, &mut facts)?);
        findings.extend(governance::newly_shared(&step));
        governance::recorded(&step, &mut facts);
        findings.extend(self.written_once(&step, &point)?);
        let numbers: Vec<StatementId> = step.revisions.stubs.iter().map(|(_, number, _)| number.clone()).collect();
        findings.extend(self.reused(step.tree, &numbers)?);
        findings.extend(departures::judge(self, &step, &mut facts)?);
        findings.extend(exchanged::judge(self, &step)?);
        findings.extend(untold::judge(self, &step)?);
        findings.extend(outbox::judge(self, &step)?);
        facts.removed = frozen::removed(&step);
        let merge = if step.is_merge { self.merge(&point, &step)? } else { None };
        Ok(Verdict { facts, findings, added: frozen::added(&step), merge })
    }

    fn written_once(&self, step: &Step, point: &Point) -> Result<Vec<Finding>, AuditError> {
        let mut known = HashMap::new();
        for changed in &step.own {
            let Some(before) = changed.before else { continue };
            let had = if step.is_merge { Had::Mainline } else { self.had(point, &changed.path, before)? };
            known.insert((changed.path.clone(), before), had);
        }
        let had = |path: &str, node: Node| known.get(&(path.to_owned(), node)).copied().unwrap_or(Had::Branch);
        Ok(frozen::touched(step, &had, &|node| self.past.number_of_stub(node.id).is_some()))
    }
}

impl Verdict {
    fn of_nothing() -> Self {
        Self { facts: Facts::default(), findings: Vec::new(), added: Vec::new(), merge: None }
    }
}
