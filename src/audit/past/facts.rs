//! What commits brought: for good, or until they are judged again.

use std::collections::BTreeMap;

use rusqlite::{Row, params};
use serde::{Deserialize, Serialize};

use super::{Past, index, row};
use crate::audit::facts::Facts;
use crate::audit::graph::Index;

/// How many commits were judged, and how many acts they brought.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(in crate::audit) struct Counts {
    /// The commits.
    pub(in crate::audit) commits: usize,
    /// Those that are signed.
    pub(in crate::audit) signed_commits: usize,
    /// The acts, by how well they are proven.
    pub(in crate::audit) acts: BTreeMap<String, usize>,
}

impl Counts {
    /// Counts what a commit brought.
    pub(in crate::audit) fn add(&mut self, facts: &Facts) {
        self.commits += 1;
        self.signed_commits += usize::from(facts.is_signed);
        for act in &facts.acts {
            *self.acts.entry(act.grade.clone()).or_default() += 1;
        }
    }
}

impl Past {
    /// How many commits and acts there are for good.
    pub(in crate::audit) fn closed(&self) -> Counts {
        let closed = self.ask(|db| db.query_row("SELECT closed FROM about", [], |row| row.get::<_, String>(0)));
        closed.and_then(|closed| serde_json::from_str(&closed).ok()).unwrap_or_default()
    }

    /// Takes in what a commit brought. An open one is judged again by the next audit.
    pub(in crate::audit) fn add(&self, at: Index, facts: &Facts, is_open: bool) {
        for act in &facts.acts {
            self.add_act(at, act);
        }
        let stranger = Some(&facts.stranger).filter(|stranger| !stranger.is_empty());
        let told = facts.of_the_whole();
        self.ask(|db| {
            if let Some(stranger) = stranger {
                db.prepare_cached("UPDATE commits SET stranger = ?2 WHERE at = ?1")?
                    .execute(params![row(at), stranger])?;
            }
            if let Some(told) = told {
                db.prepare_cached("INSERT INTO facts (at, facts) VALUES (?1, ?2)")?.execute(params![row(at), told])?;
            }
            let open = match is_open {
                true => "INSERT OR IGNORE INTO open (at) VALUES (?1)",
                false => "DELETE FROM open WHERE at = ?1",
            };
            db.prepare_cached(open)?.execute([row(at)])
        });
    }

    /// The commits that are to be judged again, in their order; what they brought is forgotten.
    pub(in crate::audit) fn take_open(&self) -> Vec<Index> {
        let open = self.rows("SELECT at FROM open ORDER BY at", |row| row.get(0).map(index));
        let forget = "DELETE FROM acts WHERE at IN open; DELETE FROM facts WHERE at IN open;
            UPDATE commits SET stranger = NULL WHERE at IN open";
        self.ask(|db| db.execute_batch(forget));
        open
    }

    /// What commits said that is no act and no revision.
    pub(in crate::audit) fn facts(&self) -> Vec<(Index, Facts)> {
        let read = |row: &Row<'_>| Ok((index(row.get(0)?), row.get::<_, String>(1)?));
        let told = self.rows("SELECT at, facts FROM facts ORDER BY at", read);
        let facts = |told: String| self.read(serde_json::from_str(&told));
        told.into_iter().filter_map(|(at, told)| Some((at, facts(told)?))).collect()
    }

    /// Signatures that prove nothing here: what they are, the first commit, and how many there are.
    pub(in crate::audit) fn strangers(&self) -> Vec<(String, Index, usize)> {
        let query = "SELECT stranger, min(at), count(*) FROM commits WHERE stranger IS NOT NULL GROUP BY stranger";
        self.rows(query, |row| Ok((row.get(0)?, index(row.get(1)?), index(row.get(2)?))))
    }

    fn rows<T>(&self, query: &str, read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>) -> Vec<T> {
        self.ask(|db| db.prepare_cached(query)?.query_map([], read)?.collect()).unwrap_or_default()
    }

    fn read<T>(&self, read: serde_json::Result<T>) -> Option<T> {
        read.map_err(|error| self.failure.get_or_init(|| error.to_string())).ok()
    }
}
