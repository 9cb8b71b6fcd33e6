//! What the trust root lets go: where one counts, bytes are removed only by enough of its holders, and nobody else redacts.

use std::collections::BTreeSet;

use super::arrival::Arrival;
use super::changes::Changed;
use super::frozen::is_numbered;
use super::gather::is_act;
use super::graph::Index;
use super::ground::Ground;
use super::object::{AuditError, ObjectId};
use super::standing::Standing;
use super::step::Step;
use crate::config::Settings;
use crate::directory::TrustRoot;
use crate::domain::{Act, ActKind};
use crate::findings::{Code, Finding, Place};
use crate::policy::{is_let_go, is_of_holder};
use crate::record::redacted_files;
use crate::store::layout::classify;

/// What the roots of a commit's parents say of redactions.
#[derive(Debug, Default)]
pub(super) struct Redactions {
    /// The root that counts on each side, in the order of the sides; read only where something may be redacted.
    roots: Vec<Option<TrustRoot>>,
    /// The files whose removal each of them lets go.
    let_go: BTreeSet<String>,
}

impl Redactions {
    /// The root that counts on a side, by its place.
    pub(super) fn root(&self, side: usize) -> Option<&TrustRoot> {
        self.roots.get(side)?.as_ref()
    }

    /// Whether enough holders stand behind the removal of a file; nothing where no root counts, and the approval table tells.
    pub(super) fn lets_go(&self, path: &str) -> Option<bool> {
        self.roots.iter().any(Option::is_some).then(|| self.let_go.contains(path))
    }
}

impl Ground<'_> {
    /// Reads what the roots of a commit's parents say, where it brings an act `redact` or touches what is frozen.
    pub(super) fn redactions(&self, step: &Step) -> Result<Redactions, AuditError> {
        let redacts = step.arrivals.iter().any(|arrival| arrival.value().kind == ActKind::Redact);
        if !redacts && !step.own.iter().any(is_frozen) {
            return Ok(Redactions::default());
        }
        let parents = self.graph.parents(step.index);
        let is_rooted = |parent: &&Index| self.graph.is_rooted(**parent);
        let mut sides: Vec<Index> = parents.iter().filter(is_rooted).copied().collect();
        if sides.is_empty() {
            sides.extend(parents.first());
        }
        let roots = sides.iter().map(|parent| {
            let standing = self.standing(Some(*parent))?;
            self.root_at(*parent, &standing)
        });
        let roots: Vec<Option<TrustRoot>> = roots.collect::<Result<_, _>>()?;
        let counting: Vec<&TrustRoot> = roots.iter().flatten().collect();
        let let_go = self.let_go(step.tree, &step.own, &counting, &step.before)?;
        Ok(Redactions { roots, let_go })
    }

    /// The root that counts at a commit.
    pub(super) fn root_at(&self, index: Index, standing: &Standing) -> Result<Option<TrustRoot>, AuditError> {
        super::trust::counting_root(self, self.tree(index)?, standing)
    }

    /// The frozen files whose removal each of some roots lets go: by acts that the tree has after it.
    pub(super) fn let_go(
        &self,
        tree: Option<ObjectId>,
        changed: &[Changed],
        roots: &[&TrustRoot],
        standing: &Standing,
    ) -> Result<BTreeSet<String>, AuditError> {
        let mut let_go = BTreeSet::new();
        let Some(tree) = tree.filter(|_| !roots.is_empty()) else { return Ok(let_go) };
        for one in changed.iter().filter(|one| is_frozen(one)) {
            let Some(name) = classify(&one.path).letter() else { continue };
            let Some(letter) = self.letter(tree, &name, standing)? else { continue };
            // What goes beside a letter goes for good; in the place of the letter itself a tombstone stands.
            let own = one.path == name.path();
            let is_removal = if own { letter.redaction().is_some() } else { one.after.is_none() };
            let Some(sha256) = super::governance::digest(&self.shelf, one.before)?.filter(|_| is_removal) else {
                continue;
            };
            let file =
                one.path.strip_prefix(&format!("{}/", name.stem())).map_or_else(|| letter.file_name(), str::to_owned);
            let (subject, settings) = (letter.subject(), &standing.settings);
            let acts = || letter.acts_of(ActKind::Redact).map(|act| &act.value);
            let names = |act: &&Act| {
                redacted_files(act).unwrap_or_default().iter().any(|one| one.file == file && one.sha256 == sha256)
            };
            let is_enough = |act: &Act| roots.iter().all(|root| is_let_go(act, acts(), &subject, root, settings));
            if acts().filter(names).any(is_enough) {
                let_go.insert(one.path.clone());
            }
        }
        Ok(let_go)
    }

    /// What a side of a merge, whose root counts, says of what is removed from it without enough of its holders.
    pub(super) fn removed_from(
        &self,
        tree: Option<ObjectId>,
        comes: &[Changed],
        root: &TrustRoot,
        standing: &Standing,
    ) -> Result<Vec<Finding>, AuditError> {
        let let_go = self.let_go(tree, comes, &[root], standing)?;
        let is_taken = |one: &&Changed| is_frozen(one) && !let_go.contains(&one.path);
        Ok(comes.iter().filter(is_taken).map(|one| taken_by_merge(one, root)).collect())
    }
}

/// Whether a change is of a file that is frozen and is no act.
pub(super) fn is_frozen(changed: &Changed) -> bool {
    changed.before.is_some() && is_numbered(&changed.path) && !is_act(&changed.path)
}

fn taken_by_merge(changed: &Changed, root: &TrustRoot) -> Finding {
    let (code, what) = match changed.after {
        None => (Code::FrozenFileRemoved, "is removed"),
        Some(_) => (Code::FrozenFileEdited, "is changed"),
    };
    let path = &changed.path;
    let message = format!(
        "{path}, a file of a numbered letter {what} by what was merged, and fewer than {} holders of the trust root signed that",
        root.threshold
    );
    Finding::plain(code, message).at(Place::file(path)).help("bring it back as it was on the mainline")
}

/// What is wrong with an act `redact` where a root counts: nobody but its holders redacts. Of other acts nothing.
pub(super) fn of_nobody(arrival: &Arrival, root: &TrustRoot, standing: &Standing) -> Option<Finding> {
    let (act, settings): (&Act, &Settings) = (arrival.value(), &standing.settings);
    if is_of_holder(act, &arrival.subject, root, settings) {
        return None;
    }
    let told = arrival.told(standing);
    let (message, key) = match root.holder(act.by.as_str()) {
        None => (format!("{told}: the trust root counts, and they do not hold it"), "by"),
        Some(_) => (format!("{told} bears no good signature with the key that the trust root names"), "signature"),
    };
    let finding = Finding::plain(Code::ActWithoutAuthority, message).at(arrival.act.place(key));
    Some(finding.help("`liaison trust show` tells who holds the root; they redact, so many as its threshold says"))
}
