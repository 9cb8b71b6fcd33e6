//! Which contents letters had, and which drafts numbers come of.

use rusqlite::{OptionalExtension, params};

use super::{Past, row};
use crate::audit::graph::Index;
use crate::audit::object::ObjectId;
use crate::domain::{Slug, StatementId};

/// Whether a letter had a content: under the name for life, or under the number that its draft took.
const HAD: &str = "SELECT EXISTS (SELECT 1 FROM revisions WHERE content = ?1
    AND (name = ?2 OR name IN (SELECT number FROM stubs WHERE slug = ?2)))";

impl Past {
    /// Remembers the content of a letter.
    pub(in crate::audit) fn add_revision(&self, at: Index, name: &str, content: &str) {
        let query = "INSERT OR IGNORE INTO revisions (at, content, name) VALUES (?1, ?2, ?3)";
        self.ask(|db| db.prepare_cached(query)?.execute(params![row(at), content, name]));
    }

    /// Whether a letter had a content at some time.
    pub(in crate::audit) fn had(&self, subject: &str, content: &str) -> bool {
        let had = self.ask(|db| db.prepare_cached(HAD)?.query_row([content, subject], |row| row.get(0)));
        had.unwrap_or_default()
    }

    /// Remembers the stub of a draft.
    pub(in crate::audit) fn add_stub(&self, at: Index, slug: &Slug, number: &StatementId, file: ObjectId) {
        let query = "INSERT OR IGNORE INTO stubs (at, number, slug, file) VALUES (?1, ?2, ?3, ?4)";
        let (number, slug) = (number.to_string(), slug.to_string());
        self.ask(|db| db.prepare_cached(query)?.execute(params![row(at), number, slug, file]));
    }

    /// The drafts that a number comes of, with the files of their stubs.
    pub(in crate::audit) fn stubs(&self, number: &StatementId) -> Vec<(Slug, ObjectId)> {
        let query = "SELECT slug, file FROM stubs WHERE number = ?1 ORDER BY at, slug, file";
        let stubs = self.ask(|db| {
            let mut query = db.prepare_cached(query)?;
            let stubs = query.query_map([number.to_string()], |row| Ok((row.get::<_, String>(0)?, row.get(1)?)))?;
            stubs.collect::<rusqlite::Result<Vec<_>>>()
        });
        let stubs = stubs.unwrap_or_default().into_iter();
        stubs.filter_map(|(slug, file)| Some((Slug::parse(&slug).ok()?, file))).collect()
    }

    /// The number that a file names, if it is a stub.
    pub(in crate::audit) fn number_of_stub(&self, file: ObjectId) -> Option<StatementId> {
        let query = "SELECT number FROM stubs WHERE file = ?1";
        let number =
            self.ask(|db| db.prepare_cached(query)?.query_row([file], |row| row.get::<_, String>(0)).optional());
        StatementId::parse(&number.flatten()?).ok()
    }
}
