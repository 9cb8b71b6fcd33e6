//! The commit that is trusted as it is, and what does not rest on it.

use super::graph::{Graph, Index};
use super::object::{AuditError, ObjectId};
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
    graph: &mut Graph,
    request: &Request<'_>,
) -> Result<(Index, Vec<(Index, Finding)>), AuditError> {
    let mut findings = Vec::new();
    let root = match request.root {
        Some(root) => graph.place(root).ok_or(AuditError::RootElsewhere(root))?,
        None => {
            let root = first_record(shelf, graph, request)?;
            findings.push((root, unpinned(graph, root)));
            root
        }
    };
    graph.root_at(root);
    let loose: Vec<Index> = (0..graph.points.len()).filter(|index| !is_rooted(graph, *index)).collect();
    let (before, beside): (Vec<Index>, Vec<Index>) = partition(graph, root, &loose);
    findings.extend(before.first().map(|first| (*first, history_before(before.len()))));
    findings.extend(beside.last().map(|last| (*last, history_beside(beside.len()))));
    Ok((root, findings))
}

fn is_rooted(graph: &Graph, index: Index) -> bool {
    graph.get(index).is_some_and(|point| point.is_rooted)
}

/// What the root rests on, and what came beside it.
fn partition(graph: &Graph, root: Index, loose: &[Index]) -> (Vec<Index>, Vec<Index>) {
    let mut before = std::collections::BTreeSet::new();
    let mut open = vec![root];
    while let Some(index) = open.pop() {
        let parents = graph.get(index).map(|point| point.parents.as_slice()).unwrap_or_default();
        open.extend(parents.iter().filter(|parent| before.insert(**parent)));
    }
    loose.iter().copied().partition(|index| before.contains(index))
}

/// The oldest commit along first parents from which on there is a record.
fn first_record(shelf: &Shelf<'_>, graph: &Graph, request: &Request<'_>) -> Result<Index, AuditError> {
    let mut first = None;
    for index in graph.first_parents() {
        let tree = graph.get(index).and_then(|point| point.tree);
        let record = record_tree(shelf, tree, request.prefix)?;
        if record.map_or(Ok(None), |record| file_at(shelf, record, "liaison.toml"))?.is_none() {
            break;
        }
        first = Some(index);
    }
    first.ok_or(AuditError::NoRecord)
}

fn unpinned(graph: &Graph, root: Index) -> Finding {
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
        "a branch from before the root is rebased onto the mainline, then merged; another record's history never is",
    )
}
