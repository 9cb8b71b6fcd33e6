//! What one commit does by itself: the files it changes, the acts it brings, the letters it revises.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::arrival::Arrival;
use super::changes::Changed;
use super::commit::{CommitFault, Header};
use super::exchanged::Named;
use super::ground::Ground;
use super::object::{AuditError, Blob, ObjectId};
use super::shelf::Shelf;
use super::standing::Standing;
use super::tree::{Kind, Node, TreeError, TreeFault, node_at};
use crate::domain::{ActKind, Instant, Slug, StatementId, StatementName};
use crate::findings::Finding;
use crate::policy::table_word;
use crate::record::{Letter, parse_act, parse_statement, parse_stub};
use crate::shape::Sink;
use crate::store::layout::{Slot, classify};

/// Everything that is judged of one commit.
pub(super) struct Step {
    /// The commit, by its place in the history.
    pub(super) index: super::graph::Index,
    /// The commit.
    pub(super) id: ObjectId,
    /// Its header, strictly read.
    pub(super) header: Result<Header, CommitFault>,
    /// What is wrong with its trees.
    pub(super) fault: Option<TreeFault>,
    /// The record's tree before, of the first parent.
    pub(super) tree_before: Option<ObjectId>,
    /// The record's tree.
    pub(super) tree: Option<ObjectId>,
    /// Files that differ from the parent, or in a merge from every parent.
    pub(super) own: Vec<Changed>,
    /// Who had authority before it.
    pub(super) before: Arc<Standing>,
    /// Who had it on each side: of a merge every parent counts, else whoever merges could choose the one that suits.
    pub(super) sides: Vec<Arc<Standing>>,
    /// Who has it now.
    pub(super) after: Arc<Standing>,
    /// The acts it brings.
    pub(super) arrivals: Vec<Arrival>,
    /// What the trust roots before it say of redactions.
    pub(super) redactions: super::redaction::Redactions,
    /// The files under numbers that it takes away or changes and nothing told of.
    pub(super) untold: BTreeSet<String>,
    /// The letters and stubs it writes.
    pub(super) revisions: Revisions,
    /// What cannot be read of it.
    pub(super) unreadable: Vec<Finding>,
    /// The moment before which it cannot have been made.
    pub(super) clock: Instant,
    /// Whether it has several parents.
    pub(super) is_merge: bool,
}

/// A file of a tree; links and folders are none, a malformed tree holds none.
///
/// # Errors
/// Returns [`AuditError`] when the clone lacks a tree.
pub(super) fn file_at(shelf: &Shelf<'_>, tree: ObjectId, path: &str) -> Result<Option<Node>, AuditError> {
    match node_at(shelf, tree, path) {
        Ok(node) => Ok(node.filter(|node| node.kind == Kind::File)),
        Err(TreeError::Fault(_)) => Ok(None),
        Err(TreeError::Audit(error)) => Err(error),
    }
}

/// Whether anything that is no folder stands at a path as it is told: a link, a submodule, a name that is no text, too.
///
/// # Errors
/// Returns [`AuditError`] when the clone lacks a tree.
pub(super) fn stands(shelf: &Shelf<'_>, tree: ObjectId, path: &str) -> Result<bool, AuditError> {
    let Some((folder, _)) = path.rsplit_once('/') else {
        return Ok(node_at(shelf, tree, path).ok().flatten().is_some());
    };
    let listed = match node_at(shelf, tree, folder) {
        Ok(Some(node)) if node.kind == Kind::Folder => {
            super::changes::files_below(shelf, node.id, &format!("{folder}/"))
        }
        Ok(_) => return Ok(false),
        Err(error) => Err(error),
    };
    match listed {
        Ok(listed) => Ok(listed.iter().any(|(there, _)| there == path)),
        Err(TreeError::Fault(_)) => Ok(true),
        Err(TreeError::Audit(error)) => Err(error),
    }
}

/// The bytes of a file that is not larger than the record allows.
///
/// # Errors
/// Returns [`AuditError`] when the clone lacks it.
pub(super) fn text_of(shelf: &Shelf<'_>, node: Node, standing: &Standing) -> Result<Option<Vec<u8>>, AuditError> {
    Ok(match shelf.blob(node.id, standing.settings.limits.yaml)? {
        Blob::Whole(bytes) => Some(bytes),
        Blob::TooLarge(_) => None,
    })
}

/// Whether an act only goes along with its draft that is numbered: then it is no news.
pub(super) fn is_moved(added: &Changed, all: &[Changed]) -> bool {
    let (Some(after), Slot::Act(name, file)) = (added.after, classify(&added.path)) else { return false };
    let leaves = |other: &Changed| matches!(classify(&other.path), Slot::Act(from, old) if old == file && from.is_draft() && follows(&from, &name, all));
    !name.is_draft() && all.iter().any(|other| other.after.is_none() && other.before == Some(after) && leaves(other))
}

/// Whether a letter left its place for another name in the same change.
fn follows(from: &StatementName, name: &StatementName, all: &[Changed]) -> bool {
    let letter = |name: &StatementName, side: fn(&Changed) -> Option<Node>| {
        let path = name.path();
        all.iter().find(|changed| changed.path == path).and_then(side)
    };
    let left = letter(from, |changed| changed.before);
    left.is_some() && left == letter(name, |changed| changed.after)
}

/// A letter with all its acts, as a tree has it.
///
/// # Errors
/// Returns [`AuditError`] when the clone lacks an object of it.
pub(super) fn letter_at(
    shelf: &Shelf<'_>,
    tree: ObjectId,
    name: &StatementName,
    draft: Option<Slug>,
    standing: &Standing,
) -> Result<Option<Letter>, AuditError> {
    let path = name.path();
    let Some(node) = file_at(shelf, tree, &path)? else { return Ok(None) };
    let Some(bytes) = text_of(shelf, node, standing)? else { return Ok(None) };
    let mut sink = Sink::new(&path);
    let Some(statement) = parse_statement(&bytes, &mut sink) else { return Ok(None) };
    let mut acts = Vec::new();
    let folder = format!("{}/acts", name.stem());
    let listed = match node_at(shelf, tree, &folder) {
        Ok(Some(node)) if node.kind == Kind::Folder => {
            super::changes::files_below(shelf, node.id, &format!("{folder}/")).unwrap_or_default()
        }
        Ok(_) | Err(TreeError::Fault(_)) => Vec::new(),
        Err(TreeError::Audit(error)) => return Err(error),
    };
    for (path, node) in listed.into_iter().filter(|(_, node)| node.kind == Kind::File) {
        let Some(bytes) = text_of(shelf, node, standing)? else { continue };
        let mut sink = Sink::new(&path);
        acts.extend(parse_act(&bytes, &mut sink).filter(|_| sink.findings.is_empty()));
    }
    acts.sort_by(|a, b| (a.value.at, a.value.kind, &a.file).cmp(&(b.value.at, b.value.kind, &b.file)));
    let faults = sink.findings;
    let own = faults.len();
    let mut letter = Letter::new(name.clone(), statement, acts, faults, own);
    letter.draft = draft.map(StatementName::Draft);
    Ok(Some(letter))
}

/// Reads an act at a path of a tree, with what has to be known of its letter.
///
/// # Errors
/// Returns [`AuditError`] when the clone lacks an object of it.
pub(super) fn arrival(
    ground: &Ground<'_>,
    tree: ObjectId,
    (path, node): (&str, Node),
    standing: &Standing,
) -> Result<Result<Arrival, Vec<Finding>>, AuditError> {
    let Some(bytes) = text_of(&ground.shelf, node, standing)? else { return Ok(Err(vec![too_large(path)])) };
    let mut sink = Sink::new(path);
    let read = parse_act(&bytes, &mut sink);
    let Some(act) = read.filter(|_| sink.findings.is_empty()) else { return Ok(Err(sink.findings)) };
    let letter = classify(path).act_of();
    let subject = act.value.kind.to_string();
    let mut arrival = Arrival { act, file: node.id, letter, subject, groups: Vec::new(), drafted: None };
    let Some(name) = arrival.letter.clone() else { return Ok(Ok(arrival)) };
    let draft = match &name {
        StatementName::Numbered(number) => ground.drafts(tree, number)?.into_iter().next(),
        StatementName::Draft(_) => None,
    };
    arrival.subject = draft.as_ref().map_or_else(|| name.to_string(), ToString::to_string);
    if table_word(arrival.value()).is_some()
        && let Some(letter) = ground.letter(tree, &name, standing)?
    {
        arrival.groups = our_groups(&letter, standing, arrival.value().at);
        arrival.drafted = letter.acts_of(ActKind::Draft).map(|act| act.value.at).max();
    }
    Ok(Ok(arrival))
}

fn too_large(path: &str) -> Finding {
    Finding::plain(crate::findings::Code::TooLarge, "the file is larger than the record allows")
        .at(crate::findings::Place::file(path))
}

/// The From groups of a letter of ours, or the To groups that are ours of a received one.
fn our_groups(letter: &Letter, standing: &Standing, at: Instant) -> Vec<String> {
    let content = &letter.statement.value.content;
    let groups = if content.is_outgoing() { &content.from.groups } else { &content.to.groups };
    let ours = |group: &String| standing.directory.is_below(group, &standing.settings.organization, at.day());
    groups.iter().map(ToString::to_string).filter(ours).collect()
}

/// What a commit does to letters' files and stubs, read once.
#[derive(Debug, Default)]
pub(super) struct Revisions {
    /// Letters with the digest of their content.
    pub(super) letters: Vec<(StatementName, crate::domain::Digest)>,
    /// Letters whose file is a tombstone now.
    pub(super) tombstones: Vec<StatementName>,
    /// Files that letters name which are new under their number.
    pub(super) named: Vec<Named>,
    /// Stubs with the numbers they name.
    pub(super) stubs: Vec<(Slug, StatementId, ObjectId)>,
}

/// Reads the letters and stubs that a commit adds or changes.
///
/// # Errors
/// Returns [`AuditError`] when the clone lacks a file.
pub(super) fn revisions(
    shelf: &Shelf<'_>,
    own: &[Changed],
    standing: &Standing,
) -> Result<(Revisions, Vec<Finding>), AuditError> {
    let mut read = Revisions::default();
    let mut faults = Vec::new();
    for changed in own {
        let (Some(node), Slot::Letter(name)) = (changed.after, classify(&changed.path)) else { continue };
        let Some(bytes) = text_of(shelf, node, standing)? else {
            faults.push(too_large(&changed.path));
            continue;
        };
        let mut sink = Sink::new(&changed.path);
        if let (StatementName::Draft(slug), Some(stub)) = (&name, parse_stub(&bytes, &mut sink)) {
            read.stubs.push((slug.clone(), stub.value.became, node.id));
        } else if sink.findings.is_empty() {
            let statement = parse_statement(&bytes, &mut sink).filter(|_| sink.findings.is_empty());
            read.tombstones.extend(statement.iter().filter(|one| one.value.redacted.is_some()).map(|_| name.clone()));
            let is_new = !name.is_draft() && changed.before.is_none();
            let new = statement.iter().filter(|_| is_new);
            read.named.extend(new.flat_map(|one| Named::of(&name, &one.value.content)));
            read.letters.extend(statement.map(|one| (name.clone(), crate::digest::content_digest(&one.value.content))));
        }
        // A draft may be unfinished; what is numbered may not.
        if !name.is_draft() {
            faults.extend(sink.findings);
        }
    }
    Ok((read, faults))
}
