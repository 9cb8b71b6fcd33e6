//! The trust root in history: only its holders replace it, and once it counts it never goes.

use super::changes::files_below;
use super::facts::Facts;
use super::ground::Ground;
use super::object::{AuditError, Blob, ObjectId};
use super::standing::Standing;
use super::step::Step;
use super::tree::{Kind, TreeError, node_at};
use crate::config::Settings;
use crate::directory::TrustRoot;
use crate::domain::{ActKind, Digest, kind_of_change};
use crate::findings::{Code, Finding, Place};
use crate::policy::{effective_version, root_standings};
use crate::store::{Memory, Record, Trust};

/// The trust root's file.
const ROOT: &str = "trust/root.toml";

/// The largest file of the trust root that is read.
const LIMIT: u64 = 1_000_000;

/// How the root of a tree stands.
#[derive(Debug, Default)]
struct Root {
    /// Each version with its file's digest, as far as signatures lead.
    counts: Vec<Digest>,
    /// The last of these versions.
    holders: Option<TrustRoot>,
    /// How many signatures the present version lacks.
    missing: u64,
    /// Why the versions are no chain.
    fault: Option<String>,
}

/// Judges what a commit does to the trust root, on every side of a merge.
pub(super) fn judge(ground: &Ground<'_>, step: &Step, facts: &mut Facts) -> Result<Vec<Finding>, AuditError> {
    let mut findings = Vec::new();
    if !step.own.iter().any(|changed| is_of_root(&changed.path)) {
        return Ok(findings);
    }
    let is_new = step.own.iter().any(|changed| changed.path == ROOT);
    for parent in ground.graph.parents(step.index) {
        let side = ground.standing(Some(parent))?;
        let before = root_of(ground, ground.tree(parent)?, &side)?;
        let after = root_of(ground, step.tree, &side)?;
        findings.extend(compare(&before, &after, is_new));
        if after.missing > 0 && is_new {
            let digest = step.own.iter().find(|changed| changed.path == ROOT).and_then(|changed| changed.after);
            let digest = super::governance::digest(&ground.shelf, digest)?;
            facts.unproven.extend(digest.map(|digest| (ROOT.to_owned(), digest.to_string())));
        }
    }
    Ok(findings)
}

/// The digests of all versions of the root that count at a commit.
pub(super) fn counting(
    ground: &Ground<'_>,
    tree: Option<ObjectId>,
    standing: &Standing,
) -> Result<Vec<Digest>, AuditError> {
    Ok(root_of(ground, tree, standing)?.counts)
}

/// Whether the root of a commit waits for signatures.
pub(super) fn is_open(ground: &Ground<'_>, tree: Option<ObjectId>, standing: &Standing) -> Result<bool, AuditError> {
    Ok(root_of(ground, tree, standing)?.missing > 0)
}

/// The version of the root that counts at a commit.
pub(super) fn counting_root(
    ground: &Ground<'_>,
    tree: Option<ObjectId>,
    standing: &Standing,
) -> Result<Option<TrustRoot>, AuditError> {
    Ok(root_of(ground, tree, standing)?.holders)
}

/// Whether a file is one of the root's, or an act about it.
fn is_of_root(path: &str) -> bool {
    kind_of_change(path) == Some(ActKind::Trust) || (path.starts_with("trust/acts/") && path.contains("Z-trust-"))
}

/// What is wrong with the root after a commit; `is_new` tells whether its file is another one than before.
fn compare(before: &Root, after: &Root, is_new: bool) -> Option<Finding> {
    let place = Place::file(ROOT);
    let restore = "restore trust/ as it was: a root gives way only to one that enough of its holders signed";
    if !after.counts.starts_with(&before.counts) {
        let message = "the trust root that counted is gone, or another one stands in its place";
        return Some(Finding::plain(Code::TrustRootBroken, message).at(place).help(restore));
    }
    if let Some(fault) = &after.fault {
        return Some(Finding::plain(Code::TrustRootBroken, fault.clone()).at(place).help(restore));
    }
    if after.missing > 0 && is_new {
        let signatures =
            if after.missing == 1 { "1 signature".to_owned() } else { format!("{} signatures", after.missing) };
        let message =
            format!("the trust root lacks {signatures} of the holders who have to agree, so it does not count");
        let help = "`liaison trust show` tells whose; they type: liaison trust sign";
        return Some(Finding::plain(Code::TrustRootUnsigned, message).at(place).help(help));
    }
    if before.counts.is_empty() && !after.counts.is_empty() {
        let message = "the record has a trust root from here on, by nothing but its own holders' word";
        let help = "compare `liaison trust show` with what they publish, then pin it: liaison trust pin";
        return Some(Finding::plain(Code::TrustRootBegins, message).at(place).help(help));
    }
    None
}

fn root_of(ground: &Ground<'_>, tree: Option<ObjectId>, standing: &Standing) -> Result<Root, AuditError> {
    let Some(tree) = tree else { return Ok(Root::default()) };
    let memory = files(ground, tree)?;
    let trust = Record::open(&memory).and_then(|record| record.trust());
    let is_there = memory.files.contains_key(ROOT);
    match trust {
        Ok(trust) => Ok(read(&trust, &standing.settings, is_there)),
        Err(error) => Ok(Root { fault: Some(error.to_string()), ..Root::default() }),
    }
}

fn read(trust: &Trust, settings: &Settings, is_there: bool) -> Root {
    let Some(present) = &trust.root else {
        let fault = is_there.then(|| format!("{ROOT} cannot be read"));
        return Root { fault, ..Root::default() };
    };
    let standings = match root_standings(present, &trust.former, &trust.acts, settings) {
        Ok(standings) => standings,
        Err(fault) => return Root { fault: Some(fault.to_string()), ..Root::default() },
    };
    let last = effective_version(&standings).unwrap_or(0);
    let digest = |version: u64| match version == present.root.value.version {
        true => Some(present.digest),
        false => trust.former.get(&version).map(|former| former.digest),
    };
    Root {
        counts: (1..=last).filter_map(digest).collect(),
        holders: trust.roots(settings).present().cloned(),
        missing: standings.last().map_or(0, |standing| standing.missing),
        ..Root::default()
    }
}

/// The root's files of a tree, and the acts about it.
fn files(ground: &Ground<'_>, tree: ObjectId) -> Result<Memory, AuditError> {
    let shelf = &ground.shelf;
    let mut memory = Memory::default();
    memory.files.insert("liaison.toml".to_owned(), Vec::new());
    let listed = match node_at(shelf, tree, "trust") {
        Ok(Some(node)) if node.kind == Kind::Folder => files_below(shelf, node.id, "trust/"),
        Ok(_) => Ok(Vec::new()),
        Err(error) => Err(error),
    };
    let listed = match listed {
        Ok(listed) => listed,
        Err(TreeError::Fault(_)) => Vec::new(),
        Err(TreeError::Audit(error)) => return Err(error),
    };
    for (path, node) in listed.into_iter().filter(|(path, node)| node.kind == Kind::File && is_of_root(path)) {
        if let Blob::Whole(bytes) = shelf.blob(node.id, LIMIT)? {
            memory.files.insert(path, bytes);
        }
    }
    Ok(memory)
}
