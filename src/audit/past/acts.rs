//! The acts of the history, as what only the whole decides asks for them.

use rusqlite::types::ToSql;
use rusqlite::{Row, params};

use super::{Past, index, row};
use crate::audit::facts::{ActFact, EndFact};
use crate::audit::graph::{Index, Order};
use crate::domain::{ActKind, Digest};

/// An act of the history.
#[derive(Debug, Clone)]
pub(in crate::audit) struct PastAct {
    /// The commit that brought it.
    pub(in crate::audit) index: Index,
    /// That commit's place among all.
    pub(in crate::audit) order: Order,
    /// Its file.
    pub(in crate::audit) path: String,
    /// What it is about, by the name for life.
    pub(in crate::audit) subject: String,
    /// What it does; nothing where this program knows no such act.
    pub(in crate::audit) kind: Option<ActKind>,
    /// Whose act.
    pub(in crate::audit) by: String,
    /// The group of its role.
    pub(in crate::audit) of: String,
    /// Whether the approval table says who may do it.
    pub(in crate::audit) decides: bool,
    /// The groups it covers.
    pub(in crate::audit) groups: Vec<String>,
    /// Its day, as it is written.
    pub(in crate::audit) day: String,
    /// The content it names.
    pub(in crate::audit) content: Option<Digest>,
    /// Who recorded it for them.
    pub(in crate::audit) recorded_by: String,
    /// What it says, apart from who and when: a digest.
    pub(in crate::audit) says: String,
    /// Whether a key signed it.
    pub(in crate::audit) is_signed: bool,
    /// Whether nothing is wrong with it.
    pub(in crate::audit) is_good: bool,
}

impl PastAct {
    /// Its word.
    pub(in crate::audit) fn word(&self) -> &'static str {
        self.kind.map_or("act", ActKind::as_str)
    }
}

impl Past {
    /// Remembers an act; whether its letter ever had the content that it names is asked when all is read.
    pub(super) fn add_act(&self, at: Index, act: &ActFact) {
        let query = "INSERT INTO acts (at, path, subject, kind, by, role, of, groups, day, content, key, is_good,
            is_doubtful, decides, recorded_by, says)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)";
        let ActFact { path, subject, kind, by, role, of, groups, day, content, key, .. } = act;
        let ActFact { is_good, decides, recorded_by, says, .. } = act;
        let is_doubtful = !content.is_empty() && !self.had(subject, content);
        let (at, groups) = (row(at), groups.join("\n"));
        self.ask(|db| {
            db.prepare_cached(query)?.execute(params![
                at,
                path,
                subject,
                kind,
                by,
                role,
                of,
                groups,
                day,
                content,
                key,
                is_good,
                is_doubtful,
                decides,
                recorded_by,
                says
            ])
        });
    }

    /// The acts of a file: more than one where it came by several ways.
    pub(in crate::audit) fn acts_at(&self, path: &str) -> Vec<PastAct> {
        self.acts("acts.path = ?1", &[&path])
    }

    /// The acts about a letter.
    pub(in crate::audit) fn acts_about(&self, subject: &str) -> Vec<PastAct> {
        self.acts("acts.subject = ?1", &[&subject])
    }

    /// The acts that a key signed.
    pub(in crate::audit) fn acts_with(&self, key: &str) -> Vec<PastAct> {
        self.acts("acts.key = ?1 AND acts.key <> ''", &[&key])
    }

    /// The acts in a role of days on which its term had ended.
    pub(in crate::audit) fn acts_after(&self, end: &EndFact) -> Vec<PastAct> {
        let EndFact { group, role, person, until } = end;
        self.acts("acts.by = ?1 AND acts.role = ?2 AND acts.of = ?3 AND acts.day >= ?4", &[person, role, group, until])
    }

    /// The acts that say that a letter is sent, of commits that were not compared with the ledger.
    pub(in crate::audit) fn sendings(&self) -> Vec<PastAct> {
        self.acts("acts.kind = 'sending' AND acts.at >= (SELECT compared FROM about)", &[])
    }

    /// The acts about contents that no letter had, as far as that is known.
    pub(in crate::audit) fn doubtful(&self) -> Vec<PastAct> {
        self.acts("acts.is_doubtful", &[])
    }

    /// Remembers that the content of an act is one that its letter had.
    pub(in crate::audit) fn doubt_no_more(&self, act: &PastAct) {
        let query = "UPDATE acts SET is_doubtful = 0 WHERE at = ?1 AND path = ?2";
        self.ask(|db| db.prepare_cached(query)?.execute(params![row(act.index), act.path]));
    }

    /// Whether an act came in, or something was merged, after one commit and before another; with what came in that one, if asked.
    pub(in crate::audit) fn was_judged_between(&self, start: Order, end: Order, with_end: bool) -> bool {
        let until = if with_end { "<=" } else { "<" };
        let query = format!(
            "SELECT EXISTS (SELECT 1 FROM commits WHERE (clock, depth, id) > (?1, ?2, ?3)
             AND (clock, depth, id) {until} (?4, ?5, ?6)
             AND (length(parents) > 8 OR EXISTS (SELECT 1 FROM acts WHERE acts.at = commits.at)))"
        );
        let bounds = params![start.0, start.1, start.2, end.0, end.1, end.2];
        // Without an answer nothing is settled.
        self.ask(|db| db.prepare_cached(&query)?.query_row(bounds, |row| row.get(0))).unwrap_or(true)
    }

    /// Acts for which something holds, oldest first.
    fn acts(&self, holds: &str, given: &[&dyn ToSql]) -> Vec<PastAct> {
        let query = format!(
            "SELECT acts.at, clock, depth, id, path, subject, kind, by, of, groups, day, content, is_good, decides,
                key <> '', recorded_by, says
             FROM acts JOIN commits ON commits.at = acts.at WHERE {holds} ORDER BY clock, depth, id, path"
        );
        self.ask(|db| db.prepare_cached(&query)?.query_map(given, act)?.collect()).unwrap_or_default()
    }
}

fn act(row: &Row<'_>) -> rusqlite::Result<PastAct> {
    let text = |column: usize| row.get::<_, String>(column);
    Ok(PastAct {
        index: index(row.get(0)?),
        order: (row.get(1)?, row.get(2)?, row.get(3)?),
        path: text(4)?,
        subject: text(5)?,
        kind: ActKind::parse(&text(6)?),
        by: text(7)?,
        of: text(8)?,
        groups: text(9)?.lines().map(str::to_owned).collect(),
        day: text(10)?,
        content: Digest::parse(&text(11)?).ok().flatten(),
        is_good: row.get(12)?,
        decides: row.get(13)?,
        is_signed: row.get(14)?,
        recorded_by: text(15)?,
        says: text(16)?,
    })
}
