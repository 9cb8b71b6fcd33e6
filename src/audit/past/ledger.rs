//! How far the ledger agreed with the mainline.

use rusqlite::{OptionalExtension as _, params};

use super::{Past, row};
use crate::audit::graph::Index;
use crate::audit::object::ObjectId;
use crate::domain::StatementId;

impl Past {
    /// The ledger's newest commit that agreed with the mainline in everything.
    pub(in crate::audit) fn ledger(&self) -> Option<ObjectId> {
        self.about("ledger")
    }

    /// Forgets what agreed.
    pub(in crate::audit) fn forget_ledger(&self) {
        self.ask(|db| db.execute_batch("DELETE FROM ledger; UPDATE about SET ledger = NULL, compared = 0"));
    }

    /// Remembers that the ledger agrees up to a commit of its own and so many commits of the mainline, with the entries that are
    /// new: numbers, and the drafts they come of.
    pub(in crate::audit) fn agrees<'e>(
        &self,
        tip: ObjectId,
        compared: Index,
        entries: impl Iterator<Item = (&'e StatementId, Option<&'e str>)>,
    ) {
        let query = "INSERT OR REPLACE INTO ledger (number, draft) VALUES (?1, ?2)";
        for (number, draft) in entries {
            self.ask(|db| db.prepare_cached(query)?.execute(params![number.to_string(), draft]));
        }
        self.ask(|db| db.execute("UPDATE about SET ledger = ?1, compared = ?2", params![tip, row(compared)]));
    }

    /// Whether an entry that agreed is of a number.
    pub(in crate::audit) fn is_in_ledger(&self, number: &StatementId) -> bool {
        let query = "SELECT EXISTS (SELECT 1 FROM ledger WHERE number = ?1)";
        self.ask(|db| db.prepare_cached(query)?.query_row([number.to_string()], |row| row.get(0))).unwrap_or_default()
    }

    /// The number that a draft took, by an entry that agreed.
    pub(in crate::audit) fn number_in_ledger(&self, draft: &str) -> Option<String> {
        let query = "SELECT number FROM ledger WHERE draft = ?1";
        self.ask(|db| db.prepare_cached(query)?.query_row([draft], |row| row.get(0)).optional())?
    }
}
