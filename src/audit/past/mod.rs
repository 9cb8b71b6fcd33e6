//! What was found of a history, from one audit to the next: a database. A history is longer than memory, and few questions are
//! about all of it; so what an audit costs depends on what is new.
//!
//! A query that fails answers with nothing, and is remembered: the audit then ends with that failure, whatever it found.

mod acts;
mod facts;
mod ledger;
mod letters;
mod points;

use std::path::Path;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use rusqlite::types::FromSql;
use rusqlite::{Connection, ErrorCode, OptionalExtension, params};

use super::graph::Index;
use super::object::ObjectId;

pub(super) use acts::PastAct;
pub(super) use facts::Counts;

/// The tables.
const SCHEMA: &str = include_str!("schema.sql");

/// Forgets everything but what it is about.
const FORGET: &str =
    "DELETE FROM commits; DELETE FROM open; DELETE FROM facts; DELETE FROM acts; DELETE FROM revisions;
    DELETE FROM stubs; DELETE FROM ledger; UPDATE about SET tip = NULL, aim = NULL, root = NULL, latest = NULL,
    ledger = NULL, compared = 0, closed = '{}'";

/// Whether a claim of a time to come counts now, or one that counted no longer does.
const OF_ANOTHER_TIME: &str = "SELECT EXISTS (SELECT 1 FROM commits, about WHERE time > latest AND time <= ?1)
    OR EXISTS (SELECT 1 FROM commits WHERE clock > ?1 AND at = (SELECT max(at) FROM commits))";

/// Different queries that are kept ready.
const QUERIES: usize = 64;

/// What was found of one branch's history.
#[derive(Debug)]
pub struct Past {
    db: Mutex<Connection>,
    failure: OnceLock<String>,
}

/// Being unable to open what was found.
#[derive(Debug, thiserror::Error)]
#[error("what earlier audits found cannot be opened: {0}")]
pub struct PastError(#[from] rusqlite::Error);

impl PastError {
    /// Whether somebody else is at work with it.
    pub fn is_busy(&self) -> bool {
        matches!(self.0.sqlite_error_code(), Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked))
    }
}

impl Past {
    /// What is found, for a while: it is gone at the end.
    ///
    /// # Errors
    /// Returns [`PastError`] when the system has no room for it.
    pub fn passing() -> Result<Self, PastError> {
        let db = Connection::open("")?;
        db.execute_batch("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF")?;
        Self::begun(db, "")
    }

    /// What was found, as a file keeps it; what it says of another scope is forgotten.
    ///
    /// # Errors
    /// Returns [`PastError`] when it is no such file, or somebody else is at work with it.
    pub fn kept(file: &Path, scope: &str) -> Result<Self, PastError> {
        let db = Connection::open(file)?;
        db.execute_batch("PRAGMA trusted_schema = OFF; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL")?;
        Self::begun(db, scope)
    }

    fn begun(db: Connection, scope: &str) -> Result<Self, PastError> {
        db.set_prepared_statement_cache_capacity(QUERIES);
        // From here on nobody else writes.
        db.execute_batch("BEGIN IMMEDIATE")?;
        if !db.table_exists(None, "about")? {
            db.execute_batch(SCHEMA)?;
        }
        let known = db.query_row("SELECT scope FROM about", [], |row| row.get::<_, String>(0)).optional()?;
        if known.as_deref() != Some(scope) {
            db.execute_batch(FORGET)?;
            db.execute("DELETE FROM about", [])?;
            db.execute("INSERT INTO about (scope, compared, closed) VALUES (?1, 0, '{}')", [scope])?;
        }
        Ok(Self { db: Mutex::new(db), failure: OnceLock::new() })
    }

    /// Makes ready for an audit of a commit, to which times up to `latest` count: what an audit found that was interrupted
    /// stays if it was of the same commit; nothing stays if other times count now.
    pub(super) fn prepare(&self, tip: ObjectId, latest: i64) {
        let is_of_another_time = self.ask(|db| db.query_row(OF_ANOTHER_TIME, [latest], |row| row.get(0)));
        if is_of_another_time != Some(false) {
            self.forget();
        }
        if self.aim().is_some_and(|aim| aim != tip) {
            match self.tip().and_then(|tip| self.place(tip)) {
                Some(last) => self.forget_after(last),
                None => self.forget(),
            }
        }
        self.ask(|db| db.execute("UPDATE about SET aim = ?1, latest = ?2", params![tip, latest]));
    }

    /// Forgets everything.
    pub(super) fn forget(&self) {
        self.ask(|db| db.execute_batch(FORGET));
    }

    /// The newest commit of the audit that came to its end.
    pub(super) fn tip(&self) -> Option<ObjectId> {
        self.about("tip")
    }

    /// The newest commit of the audit that is at work, or that was interrupted.
    pub(super) fn aim(&self) -> Option<ObjectId> {
        self.about("aim")
    }

    /// The commit that is trusted as it is, once that is known.
    pub(super) fn root(&self) -> Option<Index> {
        self.about("root").map(index)
    }

    /// Remembers the commit that is trusted as it is.
    pub(super) fn set_root(&self, root: Index) {
        self.ask(|db| db.execute("UPDATE about SET root = ?1", [row(root)]));
    }

    fn about<T: FromSql>(&self, what: &str) -> Option<T> {
        self.ask(|db| db.query_row(&format!("SELECT {what} FROM about"), [], |row| row.get(0)))?
    }

    /// Writes what was found until now.
    pub(super) fn save(&self, counts: &Counts) {
        let closed = serde_json::to_string(counts).unwrap_or_default();
        self.ask(|db| db.execute("UPDATE about SET closed = ?1", [closed]));
        self.ask(|db| db.execute_batch("COMMIT; BEGIN IMMEDIATE"));
    }

    /// Writes that the audit came to its end.
    pub(super) fn finish(&self, counts: &Counts) {
        self.ask(|db| db.execute("UPDATE about SET tip = aim", []));
        self.save(counts);
    }

    /// Why nothing can be relied on, if a query failed.
    pub(super) fn failure(&self) -> Option<&str> {
        self.failure.get().map(String::as_str)
    }

    /// What the database answers, unless it fails.
    fn ask<T>(&self, ask: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Option<T> {
        ask(&self.connection()).map_err(|error| self.failure.get_or_init(|| error.to_string())).ok()
    }

    fn connection(&self) -> MutexGuard<'_, Connection> {
        // Whoever panicked while holding it left a transaction that is never ended.
        self.db.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A commit's place as the database has it.
fn row(index: Index) -> i64 {
    i64::try_from(index).unwrap_or(i64::MAX)
}

/// A commit's place.
fn index(row: i64) -> Index {
    Index::try_from(row).unwrap_or(Index::MAX)
}
