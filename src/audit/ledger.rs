//! The ledger and the mainline tell the same: which draft took which number, and what was sent. What agreed once is not compared
//! again: neither a letter nor an entry ever changes, and where one does that is told by itself.

use std::collections::BTreeMap;

use super::changes::all_changes;
use super::graph::Graph;
use super::object::{AuditError, Blob, ObjectId};
use super::past::{Past, PastAct};
use super::run::{Auditor, Found};
use super::shelf::Shelf;
use super::tree::{Node, TreeError};
use crate::config::Lock;
use crate::domain::{StatementId, StatementName};
use crate::findings::{Code, Finding, Place};
use crate::record::{Letter, bound_files};

/// The largest entry that is read.
const LIMIT: u64 = 100_000;

/// What the ledger says of a number, by key.
type Entry = BTreeMap<String, String>;

/// Compares the ledger's entries with the mainline, and looks whether any was changed. A ledger that is gone has no entries; where
/// the mainline is the lock, a branch of that name is none.
pub(super) fn compare(auditor: &mut Auditor<'_>, ledger: Option<ObjectId>) -> Result<(), AuditError> {
    let past = auditor.ground.past;
    let standing = auditor.ground.standing(auditor.ground.graph.newest())?;
    if standing.settings.flow.lock != Lock::Ledger {
        past.forget_ledger();
        return Ok(());
    }
    let mut found = Vec::new();
    let mut entries = BTreeMap::new();
    if let Some(tip) = ledger {
        let graph = since_compared(auditor, tip)?;
        found = changed(&auditor.ground.shelf, &graph)?;
        entries = new_entries(&auditor.ground.shelf, &graph)?;
        let findings = disagreements(auditor, &entries)?.into_iter().chain(numbered_twice(past, &entries));
        found.extend(findings.map(|finding| Found { commit: tip, finding }));
    } else {
        past.forget_ledger();
    }
    found.extend(without_entry(auditor, &entries)?);
    if let Some(tip) = ledger.filter(|_| found.is_empty()) {
        let drafts = entries.iter().map(|(number, entry)| (number, entry.get("draft").map(String::as_str)));
        past.agrees(tip, auditor.ground.graph.len(), drafts);
    }
    auditor.beside = found;
    Ok(())
}

/// The ledger's commits since the one that agreed with the mainline; all, where the ledger does not rest on that one.
fn since_compared<'p>(auditor: &Auditor<'p>, tip: ObjectId) -> Result<Graph<'p>, AuditError> {
    let (past, shelf) = (auditor.ground.past, &auditor.ground.shelf);
    if let Some(before) = past.ledger()
        && let Some(graph) = Graph::since(shelf, tip, before)?
    {
        return Ok(graph);
    }
    past.forget_ledger();
    Graph::whole(shelf, tip)
}

/// What the ledger says and the mainline does not, or says otherwise.
fn disagreements(auditor: &Auditor<'_>, entries: &BTreeMap<StatementId, Entry>) -> Result<Vec<Finding>, AuditError> {
    let ground = &auditor.ground;
    let newest = ground.graph.newest();
    let tree = newest.map_or(Ok(None), |newest| ground.tree(newest))?;
    let standing = ground.standing(newest)?;
    let mut findings = Vec::new();
    for (number, entry) in entries {
        let name = StatementName::Numbered(number.clone());
        let letter = tree.map_or(Ok(None), |tree| ground.letter(tree, &name, &standing))?;
        findings.extend(match letter {
            None => Some(pending(number, entry)),
            Some(letter) => differing(&letter, entry).map(|what| disagrees(&letter, &what)),
        });
    }
    Ok(findings)
}

/// Drafts that took two numbers.
fn numbered_twice(past: &Past, entries: &BTreeMap<StatementId, Entry>) -> Vec<Finding> {
    let mut first: BTreeMap<&str, String> = BTreeMap::new();
    let mut findings = Vec::new();
    for (number, draft) in entries.iter().filter_map(|(number, entry)| Some((number, entry.get("draft")?))) {
        let before = first.get(draft.as_str()).cloned().or_else(|| past.number_in_ledger(draft));
        if let Some(before) = before {
            let message = format!("{draft} took the number {number} in the ledger, and {before} before");
            let place = Place::file(format!("{:04}/{number}", number.year()));
            let finding = Finding::plain(Code::LedgerDisagrees, message).at(place);
            findings.push(finding.help("a draft leaves once; find out who wrote the entry, and protect the branch"));
        } else {
            first.insert(draft, number.to_string());
        }
    }
    findings
}

/// Entries that a commit of the ledger changes or takes away.
fn changed(shelf: &Shelf<'_>, graph: &Graph<'_>) -> Result<Vec<Found>, AuditError> {
    let mut found = Vec::new();
    for point in graph.new_ones().filter_map(|index| graph.get(index)) {
        let parent = point.parents.first().and_then(|parent| graph.get(*parent)?.tree);
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

/// The entries by number that the ledger's newest commit has, and the one that agreed has not.
fn new_entries(shelf: &Shelf<'_>, graph: &Graph<'_>) -> Result<BTreeMap<StatementId, Entry>, AuditError> {
    let mut entries = BTreeMap::new();
    let tree = |index: Option<usize>| index.and_then(|index| graph.get(index)?.tree);
    let (before, now) = (tree(graph.new_ones().start.checked_sub(1)), tree(graph.newest()));
    let files = match all_changes(shelf, before, now) {
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
    let mut bound = letter.acts.iter().flat_map(|act| bound_files(&act.value));
    let message = bound.find(|bound| bound.key != "announcement").and_then(|bound| bound.digest);
    let facts = [
        ("draft", letter.draft.as_ref().map(ToString::to_string)),
        ("content", Some(letter.content.to_string())),
        ("message", message.map(|digest| digest.to_string())),
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

/// Letters that were sent by the program while the ledger locked, and that the ledger does not know.
fn without_entry(auditor: &Auditor<'_>, entries: &BTreeMap<StatementId, Entry>) -> Result<Vec<Found>, AuditError> {
    let ground = &auditor.ground;
    let number = |path: &str| match crate::store::layout::classify(path).act_of()? {
        StatementName::Numbered(number) => Some(number),
        StatementName::Draft(_) => None,
    };
    let sent = ground.past.sendings().into_iter();
    let lacks = |act: &PastAct| {
        number(&act.path).is_some_and(|number| !entries.contains_key(&number) && !ground.past.is_in_ledger(&number))
    };
    let mut found = Vec::new();
    for act in sent.filter(lacks) {
        if ground.standing(Some(act.index))?.settings.flow.lock != Lock::Ledger {
            continue;
        }
        let Some(commit) = ground.graph.get(act.index).map(|point| point.id) else { continue };
        let letter = act.path.split('/').nth(2).unwrap_or_default();
        let message = format!("{letter} was sent, and the ledger has no entry for it");
        let finding = Finding::plain(Code::LedgerDisagrees, message).at(Place::file(&*act.path));
        let help =
            "a letter takes its number in the ledger before it leaves: git fetch, then find out how this one left";
        found.push(Found { commit, finding: finding.help(help) });
    }
    Ok(found)
}
