//! Standings of trees. A directory changes file by file, so each file is read once, and standings share what they have in common.

use std::sync::Arc;

use super::changes::files_below;
use super::object::{AuditError, Blob, ObjectId};
use super::recent::Recent;
use super::shelf::Shelf;
use super::standing::{Keys, Standing};
use super::step::file_at;
use super::tree::{Kind, Node, TreeError, node_at};
use crate::config::{Settings, parse_config};
use crate::directory::{Group, MailingList, Person, parse_group, parse_list, parse_person};
use crate::findings::Severity;
use crate::shape::{Located, Sink};
use crate::store::layout::{Slot, classify};

/// The objects that a standing is made of: the directory, the settings.
type Made = (Option<ObjectId>, Option<ObjectId>);

/// How many standings are kept: a directory changes now and then, and merges look at old ones.
const KEPT: usize = 16;

/// How many files are kept as they were read.
const FILES: usize = 4_000;

/// The largest file of the directory that is read.
const LIMIT: u64 = 4_000_000;

/// Standings by the objects they are made of.
pub(super) struct Standings {
    known: Recent<Made, Arc<Standing>>,
    /// Those with files that cannot be read, which say what the other one's files say.
    mended: Recent<(Made, Made), Arc<Standing>>,
    files: Recent<(String, ObjectId), Arc<Read>>,
}

impl Default for Standings {
    fn default() -> Self {
        Self { known: Recent::new(KEPT), mended: Recent::new(KEPT), files: Recent::new(FILES) }
    }
}

/// A file of the directory or the settings, as it was read.
struct Read {
    content: Content,
    /// Whether it has no fault of form.
    is_sound: bool,
}

/// What such a file holds.
enum Content {
    Group(String, Arc<Located<Group>>),
    Person(String, Arc<Keys>, Arc<Located<Person>>),
    List(String, Arc<Located<MailingList>>),
    Settings(Box<Settings>),
    Nothing,
}

impl Standings {
    /// The standing of the record's tree.
    ///
    /// # Errors
    /// Returns [`AuditError`] when the clone lacks an object of it.
    pub(super) fn of(&self, shelf: &Shelf<'_>, tree: Option<ObjectId>) -> Result<Arc<Standing>, AuditError> {
        let made = made(shelf, tree)?;
        if let Some(known) = self.known.get(&made) {
            return Ok(known);
        }
        let standing = Arc::new(self.standing(shelf, files(shelf, made)?)?);
        self.known.put(made, Arc::clone(&standing), 1);
        Ok(standing)
    }

    /// The standing of the record's tree, where files that cannot be read say what they said in an older tree: so nobody changes
    /// a rule by making it unreadable.
    ///
    /// # Errors
    /// Returns [`AuditError`] when the clone lacks an object of it.
    pub(super) fn mended(
        &self,
        shelf: &Shelf<'_>,
        tree: Option<ObjectId>,
        older: ObjectId,
        unreadable: &[String],
    ) -> Result<Arc<Standing>, AuditError> {
        let key = (made(shelf, tree)?, made(shelf, Some(older))?);
        if let Some(known) = self.mended.get(&key) {
            return Ok(known);
        }
        let mut files = files(shelf, key.0)?;
        files.retain(|(path, _)| !unreadable.contains(path));
        for path in unreadable {
            files.extend(file_at(shelf, older, path)?.map(|node| (path.clone(), node)));
        }
        let standing = Arc::new(self.standing(shelf, files)?);
        self.mended.put(key, Arc::clone(&standing), 1);
        Ok(standing)
    }

    fn standing(&self, shelf: &Shelf<'_>, files: Vec<(String, Node)>) -> Result<Standing, AuditError> {
        let mut standing = Standing::default();
        let mut has_settings = false;
        for (path, node) in files {
            let read = self.file(shelf, path.clone(), node.id)?;
            match &read.content {
                Content::Group(name, group) => {
                    standing.directory.groups.insert(name.clone(), Arc::clone(group));
                }
                Content::Person(name, keys, person) => {
                    standing.directory.people.insert(name.clone(), Arc::clone(person));
                    standing.add_keys(name, keys);
                }
                Content::List(name, list) => {
                    standing.directory.lists.insert(name.clone(), Arc::clone(list));
                }
                Content::Settings(settings) => {
                    has_settings = true;
                    standing.settings = (**settings).clone();
                }
                Content::Nothing => {}
            }
            if !read.is_sound {
                standing.unreadable.push(path);
            }
        }
        if !has_settings && !standing.unreadable.iter().any(|path| path == "liaison.toml") {
            standing.unreadable.push("liaison.toml".to_owned());
        }
        Ok(standing)
    }

    fn file(&self, shelf: &Shelf<'_>, path: String, id: ObjectId) -> Result<Arc<Read>, AuditError> {
        let key = (path, id);
        if let Some(known) = self.files.get(&key) {
            return Ok(known);
        }
        let read = Arc::new(match shelf.blob(id, LIMIT)? {
            Blob::Whole(bytes) => read(&key.0, &bytes),
            Blob::TooLarge(_) => Read { content: Content::Nothing, is_sound: false },
        });
        self.files.put(key, Arc::clone(&read), 1);
        Ok(read)
    }
}

fn read(path: &str, bytes: &[u8]) -> Read {
    let mut sink = Sink::new(path);
    let content = if let Slot::Group(name) = classify(path) {
        parse_group(bytes, &mut sink).map(|group| Content::Group(name, group.into()))
    } else if let Slot::Person(name) = classify(path) {
        let person = parse_person(bytes, &mut sink);
        person.map(|person| Content::Person(name, Keys::of(&person.value).into(), person.into()))
    } else if let Slot::List(name) = classify(path) {
        parse_list(bytes, &mut sink).map(|list| Content::List(name, list.into()))
    } else if path == "liaison.toml" {
        parse_config(bytes, &mut sink).map(|config| Content::Settings(Box::new(config.value)))
    } else {
        Some(Content::Nothing)
    };
    let is_sound = content.is_some() && sink.findings.iter().all(|finding| finding.severity < Severity::Error);
    Read { content: content.unwrap_or(Content::Nothing), is_sound }
}

/// The objects that the standing of a tree is made of.
fn made(shelf: &Shelf<'_>, tree: Option<ObjectId>) -> Result<Made, AuditError> {
    let node = |path: &str| -> Result<Option<Node>, AuditError> {
        tree.map_or(Ok(None), |tree| node_at(shelf, tree, path).or_else(lenient))
    };
    let directory = node("directory")?.filter(|node| node.kind == Kind::Folder);
    let settings = node("liaison.toml")?.filter(|node| node.kind == Kind::File);
    Ok((directory.map(|node| node.id), settings.map(|node| node.id)))
}

/// A malformed tree holds nothing; that it is malformed was told when it came.
fn lenient<T>(error: TreeError) -> Result<Option<T>, AuditError> {
    match error {
        TreeError::Fault(_) => Ok(None),
        TreeError::Audit(error) => Err(error),
    }
}

/// The files that a standing is made of; a link is none.
fn files(shelf: &Shelf<'_>, (directory, settings): Made) -> Result<Vec<(String, Node)>, AuditError> {
    let listed = match directory.map(|id| files_below(shelf, id, "directory/")) {
        Some(Ok(listed)) => listed,
        Some(Err(error)) => lenient::<Vec<_>>(error)?.unwrap_or_default(),
        None => Vec::new(),
    };
    let settings = settings.map(|id| ("liaison.toml".to_owned(), Node { id, kind: Kind::File }));
    Ok(listed.into_iter().chain(settings).filter(|(_, node)| node.kind == Kind::File).collect())
}
