//! The ledger and the mainline tell the same: which draft took which number, and what was sent.

use std::collections::BTreeMap;

use super::changes::all_changes;
use super::graph::Graph;
use super::object::{AuditError, Blob, ObjectId};
use super::run::{Auditor, Found};
use super::shelf::Shelf;
use super::step::letter_at;
use super::tree::{Node, TreeError};
use crate::config::Lock;
use crate::domain::{ActKind, StatementId, StatementName};
use crate::findings::{Code, Finding, Place};
use crate::record::Letter;

/// The largest entry that is read.
const LIMIT: u64 = 100_000;

/// What the ledger says of a number, by key.
type Entry = BTreeMap<String, String>;

/// Compares the ledger's entries with the mainline, and looks whether any was changed.
pub(super) fn compare(auditor: &mut Auditor<'_>, ledger: Option<ObjectId>) -> Result<(), AuditError> {
    let Some(tip) = ledger else { return Ok(()) };
    let graph = Graph::read(&auditor.ground.shelf, tip, i64::MAX, &|_| None)?;
    let mut found = changed(&auditor.ground.shelf, &graph)?;
    let entries = entries(&auditor.ground.shelf, &graph)?;
    let newest = auditor.ground.graph.points.len().checked_sub(1);
    let tree = newest.map_or(Ok(None), |newest| auditor.ground.tree(newest))?;
    let standing = auditor.ground.standing(newest)?;
    for (number, entry) in &entries {
        let name = StatementName::Numbered(number.clone());
        let drafts =
            tree.map_or(Ok(Vec::new()), |tree| auditor.ground.stubs.drafts(&auditor.ground.shelf, tree, number))?;
        let letter = match tree {
            Some(tree) => letter_at(&auditor.ground.shelf, tree, &name, drafts.first().cloned(), &standing)?,
            None => None,
        };
        let finding = match letter {
            None => Some(pending(number, entry)),
            Some(letter) => differing(&letter, entry).map(|what| disagrees(&letter, &what)),
        };
        found.extend(finding.map(|finding| Found { commit: tip, finding }));
    }
    if standing.settings.flow.lock == Lock::Ledger {
        found.extend(without_entry(auditor, &entries));
    }
    auditor.beside = found;
    Ok(())
}

/// Entries that a commit of the ledger changes or takes away.
fn changed(shelf: &Shelf<'_>, graph: &Graph) -> Result<Vec<Found>, AuditError> {
    let mut found = Vec::new();
    for point in &graph.points {
        let parent = point.parents.first().and_then(|parent| graph.get(*parent)).and_then(|parent| parent.tree);
        let changes = match all_changes(shelf, parent, point.tree) {
            Ok(changes) => changes,
            Err(TreeError::Fault(_)) => Vec::new(),
            Err(TreeError::Audit(error)) => return Err(error),
        };
        for change in changes.into_iter().filter(|change| change.before.is_some()) {
            let how = if change.after.is_some() { "was changed" } else { "was taken away" };
            let finding = Finding::plain(Code::LedgerDisagrees, format!("the ledger's entry {} {how}", change.path))
                .at(Place::file(change.path))
                .help("the ledger only grows; find out who wrote the commit, and protect the branch");
            found.push(Found { commit: point.id, finding });
        }
    }
    Ok(found)
}

/// The entries by number, as the ledger's newest commit has them.
fn entries(shelf: &Shelf<'_>, graph: &Graph) -> Result<BTreeMap<StatementId, Entry>, AuditError> {
    let mut entries = BTreeMap::new();
    let tree = graph.points.last().and_then(|point| point.tree);
    let files = match all_changes(shelf, None, tree) {
        Ok(files) => files,
        Err(TreeError::Fault(_)) => Vec::new(),
        Err(TreeError::Audit(error)) => return Err(error),
    };
    for file in files {
        let number = file.path.split_once('/').and_then(|(_, name)| StatementId::parse(name).ok());
        if let (Some(number), Some(node)) = (number, file.after) {
            entries.insert(number, entry(shelf, node)?);
        }
    }
    Ok(entries)
}

fn entry(shelf: &Shelf<'_>, node: Node) -> Result<Entry, AuditError> {
    let Blob::Whole(bytes) = shelf.blob(node.id, LIMIT)? else { return Ok(Entry::new()) };
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let lines = text.lines().filter_map(|line| line.split_once(": "));
    Ok(lines.map(|(key, value)| (key.to_owned(), value.to_owned())).collect())
}

fn pending(number: &StatementId, entry: &Entry) -> Finding {
    let draft = entry.get("draft").map(|draft| format!(" ({draft})")).unwrap_or_default();
    let message = format!("the ledger has {number}{draft}, and the mainline does not");
    Finding::plain(Code::LedgerPending, message).at(Place::file(format!("{:04}/{number}", number.year()))).help(
        format!(
            "its pull request waits to be merged; liaison send --resume builds it anew: branch liaison/send/{number}"
        ),
    )
}

/// What an entry says otherwise than the letter.
fn differing(letter: &Letter, entry: &Entry) -> Option<String> {
    let says = |key: &str| entry.get(key).cloned();
    let sending = letter.acts_of(ActKind::Sending).next().map(|act| &act.value);
    let message = sending.and_then(|act| act.detail("message"));
    let facts = [
        ("draft", letter.draft.as_ref().map(ToString::to_string)),
        ("content", Some(letter.content.to_string())),
        ("message", message),
    ];
    let differs = |(key, here): &(&str, Option<String>)| {
        let there = says(key)?;
        let here = here.clone().unwrap_or_else(|| "nothing".into());
        (there != here).then(|| format!("{key} is {here} on the mainline and {there} in the ledger"))
    };
    facts.iter().find_map(differs)
}

fn disagrees(letter: &Letter, what: &str) -> Finding {
    Finding::plain(Code::LedgerDisagrees, format!("{}: {what}", letter.name))
        .at(Place::file(letter.name.path()))
        .help("what left stands in the ledger; whoever merged the letter brings it as it left")
}

/// Letters that were sent by the program, and that the ledger does not know.
fn without_entry(auditor: &Auditor<'_>, entries: &BTreeMap<StatementId, Entry>) -> Vec<Found> {
    let first = entries.values().filter_map(|entry| entry.get("at")?.get(..10)).min().unwrap_or("9999-12-31");
    let number = |path: &str| match crate::store::layout::classify(path).act_of()? {
        StatementName::Numbered(number) => Some(number),
        StatementName::Draft(_) => None,
    };
    let acts = auditor.chronicle.acts.iter();
    let sent = acts.filter(|act| act.kind == Some(ActKind::Sending) && *act.day >= *first);
    let mut found = Vec::new();
    for (act, number) in sent.filter_map(|act| Some((act, number(&act.path)?))) {
        let commit: Option<ObjectId> = auditor.ground.graph.get(act.index).map(|point| point.id);
        if let Some(commit) = commit.filter(|_| !entries.contains_key(&number)) {
            let finding =
                Finding::plain(Code::LedgerDisagrees, format!("{number} was sent, and the ledger has no entry for it"))
                    .at(Place::file(&*act.path))
                    .help("a letter takes its number in the ledger before it leaves; find out how this one left");
            found.push(Found { commit, finding });
        }
    }
    found
}
