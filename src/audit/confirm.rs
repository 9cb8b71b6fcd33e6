//! Changes of directory and settings that came without proof, and were confirmed later: by whoever had the authority, and never
//! by an authority that rests on such a change.

use std::collections::{BTreeMap, BTreeSet};

use super::chronicle::Confirmation;
use super::governance::is_proven_by;
use super::graph::Index;
use super::ground::Ground;
use super::object::AuditError;
use super::past::PastAct;
use super::run::Auditor;
use super::step::{arrival, file_at};
use crate::domain::Instant;

/// Changes without proof that nobody confirmed yet: by path, the commits with the digests that they left.
type Open<'c> = BTreeMap<&'c str, Vec<(Index, &'c str)>>;

/// The changes without proof that were confirmed, by commit and path.
///
/// # Errors
/// Returns [`AuditError`] when the clone lacks an object.
pub(super) fn confirmed(auditor: &Auditor<'_>) -> Result<BTreeSet<(Index, String)>, AuditError> {
    let chronicle = &auditor.chronicle;
    let mut confirmations: BTreeMap<Index, Vec<&Confirmation>> = BTreeMap::new();
    for confirmation in &chronicle.confirmations {
        confirmations.entry(confirmation.index).or_default().push(confirmation);
    }
    let graph = &auditor.ground.graph;
    let commits: BTreeSet<Index> = chronicle.unproven.keys().chain(confirmations.keys()).copied().collect();
    let mut commits: Vec<Index> = commits.into_iter().collect();
    commits.sort_by_key(|index| graph.order(*index));
    let mut open = Open::new();
    let mut confirmed = BTreeSet::new();
    for index in commits {
        let here = confirmations.get(&index).map(Vec::as_slice).unwrap_or_default();
        // One act may confirm a file on which the next one's authority rests.
        while let Some((at, path)) = next(auditor, here, &open)? {
            let undone = undone(auditor, at, here, open.get(path).map(Vec::as_slice).unwrap_or_default());
            open.get_mut(path).into_iter().for_each(|changes| changes.retain(|(change, _)| !undone.contains(change)));
            confirmed.extend(undone.into_iter().map(|change| (change, path.to_owned())));
            open.get_mut(path).into_iter().for_each(|changes| changes.retain(|(change, _)| *change != at));
            open.retain(|_, changes| !changes.is_empty());
            confirmed.insert((at, path.to_owned()));
        }
        for (path, digest) in chronicle.unproven.get(&index).into_iter().flatten() {
            open.entry(path).or_default().push((index, digest));
        }
    }
    Ok(confirmed)
}

/// The changes before a confirmed one that did nothing: as long as what they brought stood there, no act came in and nothing was
/// merged, so nobody was judged by it.
fn undone(auditor: &Auditor<'_>, at: Index, here: &[&Confirmation], changes: &[(Index, &str)]) -> Vec<Index> {
    let Ground { graph, past, .. } = &auditor.ground;
    let Some(end) = graph.order(at) else { return Vec::new() };
    // What came with the confirmed change was judged by what stood before it, but for the confirmation itself.
    let with_end = !here.iter().any(|confirmation| confirmation.index == at);
    let was_idle = |change: &Index| {
        graph.order(*change).is_some_and(|start| start < end && !past.was_judged_between(start, end, with_end))
    };
    changes.iter().map(|(change, _)| *change).filter(|change| *change != at && was_idle(change)).collect()
}

/// An open change that one of these acts confirms.
fn next<'c>(
    auditor: &Auditor<'_>,
    here: &[&'c Confirmation],
    open: &Open<'_>,
) -> Result<Option<(Index, &'c str)>, AuditError> {
    for confirmation in here {
        let changes = open.get(&*confirmation.path).into_iter().flatten();
        for (change, _) in changes.filter(|(_, digest)| *digest == confirmation.digest) {
            if counts(auditor, confirmation, *change, open)? {
                return Ok(Some((*change, &confirmation.path)));
            }
        }
    }
    Ok(None)
}

/// Whether an act confirms a change: its author has the authority by nothing that is open, or had it so before the change.
fn counts(
    auditor: &Auditor<'_>,
    confirmation: &Confirmation,
    change: Index,
    open: &Open<'_>,
) -> Result<bool, AuditError> {
    let Ground { graph, past, .. } = &auditor.ground;
    let Some(act) = past.acts_at(&confirmation.act).into_iter().next() else { return Ok(false) };
    let rests_on = rests_on(auditor, &act)?;
    let open: Vec<Index> =
        rests_on.iter().filter_map(|path| open.get(path.as_str())).flatten().map(|(at, _)| *at).collect();
    let is_later = |at: &Index| graph.order(*at) >= graph.order(change);
    Ok(open.is_empty() || (open.iter().all(is_later) && held_before(auditor, &act, change)?))
}

/// The files that give an act its authority: the table, the group's terms, the person's keys.
fn rests_on(auditor: &Auditor<'_>, act: &PastAct) -> Result<[String; 3], AuditError> {
    let standing = auditor.ground.standing(Some(act.index))?;
    let day = crate::domain::time::parse_date(&act.day).ok().flatten().unwrap_or_default();
    let group = standing.directory.group(&act.of, day).map_or(&*act.of, |(name, _)| name);
    Ok([
        "liaison.toml".to_owned(),
        format!("directory/groups/{group}.toml"),
        format!("directory/people/{}.toml", act.by),
    ])
}

/// Whether the standing before a change knows the key and the authority of an act.
fn held_before(auditor: &Auditor<'_>, act: &PastAct, change: Index) -> Result<bool, AuditError> {
    let ground = &auditor.ground;
    let (Some(point), Some(at)) = (ground.graph.get(change), ground.graph.get(act.index)) else { return Ok(false) };
    let Some(tree) = ground.tree(act.index)? else { return Ok(false) };
    let today = Instant::from_unix(at.clock).unwrap_or(ground.now).day();
    let Some(node) = file_at(&ground.shelf, tree, &act.path)? else { return Ok(false) };
    for parent in &point.parents {
        let before = ground.standing(Some(*parent))?;
        let read = arrival(ground, tree, (&act.path, node), &before)?;
        if !read.is_ok_and(|arrival| is_proven_by(&arrival, &before, today)) {
            return Ok(false);
        }
    }
    Ok(!point.parents.is_empty())
}
