//! The commit that is trusted as it is, and what does not rest on it.

use super::graph::{Graph, Index, Rests};
use super::object::{AuditError, ObjectId};
use super::past::Past;
use super::run::Request;
use super::shelf::Shelf;
use super::step::file_at;
use super::tree::{Kind, TreeError, node_at};
use crate::findings::{Code, Finding};

/// The record's tree in a commit's.
///
/// # Errors
/// Returns [`AuditError`] when the clone lacks a tree.
pub(super) fn record_tree(
    shelf: &Shelf<'_>,
    tree: Option<ObjectId>,
    prefix: &str,
) -> Result<Option<ObjectId>, AuditError> {
    let Some(tree) = tree else { return Ok(None) };
    match node_at(shelf, tree, prefix) {
        Ok(node) => Ok(node.filter(|node| node.kind == Kind::Folder).map(|node| node.id)),
        Err(TreeError::Fault(_)) => Ok(None),
        Err(TreeError::Audit(error)) => Err(error),
    }
}

/// Chooses the root, marks what rests on it, and tells what does not.
///
/// # Errors
/// Returns [`AuditError`] when the pinned root is not in the history, or no commit holds a record.
pub(super) fn choose(
    shelf: &Shelf<'_>,
    graph: &mut Graph<'_>,
    past: &Past,
    request: &Request<'_>,
) -> Result<(Index, Vec<(Index, Finding)>), AuditError> {
    // What the root was chosen by has only grown since.
    let root = match (past.root(), request.root) {
        (Some(root), _) => root,
        (None, Some(root)) => graph.place(root).ok_or(AuditError::RootElsewhere(root))?,
        (None, None) => first_record(shelf, graph, request)?,
    };
    mark(graph, root);
    past.set_root(root);
    let mut findings = Vec::new();
    if request.root.is_none() {
        findings.push((root, unpinned(graph, root)));
    }
    let (before, beside) = (Loose::of(graph, past, Rests::Before), Loose::of(graph, past, Rests::Beside));
    findings.extend(before.first.map(|first| (first, history_before(before.count))));
    findings.extend(beside.last.map(|last| (last, history_beside(beside.count))));
    Ok((root, findings))
}

/// Marks how the new commits stand to the root.
fn mark(graph: &mut Graph<'_>, root: Index) {
    let before = if graph.new_ones().contains(&root) { graph.before(root, 0) } else { Default::default() };
    for index in graph.new_ones() {
        let is_on = index == root || graph.parents(index).iter().any(|parent| graph.is_rooted(*parent));
        if let Some(point) = graph.get_mut(index) {
            point.rests = match is_on {
                true => Rests::On,
                false if before.contains(&index) => Rests::Before,
                false => Rests::Beside,
            };
        }
    }
}

/// Commits that do not rest on the root.
struct Loose {
    count: usize,
    first: Option<Index>,
    last: Option<Index>,
}

impl Loose {
    fn of(graph: &Graph<'_>, past: &Past, rests: Rests) -> Self {
        let (old, first, last) = past.loose(rests);
        let new = graph.new_ones().filter(|index| graph.get(*index).is_some_and(|point| point.rests == rests));
        let new: Vec<Index> = new.collect();
        Self {
            count: old + new.len(),
            first: first.or_else(|| new.first().copied()),
            last: new.last().copied().or(last),
        }
    }
}

/// The oldest commit along first parents from which on there is a record.
fn first_record(shelf: &Shelf<'_>, graph: &Graph<'_>, request: &Request<'_>) -> Result<Index, AuditError> {
    let mut first = None;
    let mut next = graph.newest();
    while let Some(index) = next {
        let tree = graph.get(index).and_then(|point| point.tree);
        let record = record_tree(shelf, tree, request.prefix)?;
        if record.map_or(Ok(None), |record| file_at(shelf, record, "liaison.toml"))?.is_none() {
            break;
        }
        first = Some(index);
        next = graph.parents(index).first().copied();
    }
    first.ok_or(AuditError::NoRecord)
}

fn unpinned(graph: &Graph<'_>, root: Index) -> Finding {
    let id = graph.get(root).map(|point| point.id.to_string()).unwrap_or_default();
    Finding::plain(
        Code::HistoryUnpinned,
        "no root is pinned, so the first commit that holds a record is trusted; another history could begin with another one",
    )
    .help(format!(
        "compare {id} with what the record's owners publish, then: git config liaison.trustRoot {id}"
    ))
}

fn history_before(count: usize) -> Finding {
    let commits = if count == 1 { "1 commit lies".to_owned() } else { format!("{count} commits lie") };
    Finding::plain(Code::HistoryBeforeRoot, format!("{commits} before the root: shown, not authenticated"))
        .help("what they brought is trusted because the root holds it")
}

fn history_beside(count: usize) -> Finding {
    let commits = if count == 1 { "1 commit does".to_owned() } else { format!("{count} commits do") };
    Finding::plain(Code::HistoryBesideRoot, format!("{commits} not rest on the root, and were merged after it")).help(
        "a branch from before the root is rebased onto the mainline, then merged; where it was merged already, look at all it brings, then \
         trust the merge: git config liaison.trustRoot COMMIT; another record's history is never merged",
    )
}
