//! The commits as they were read, by their places and ids.

use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};
use rusqlite::{OptionalExtension, Row, params};

use super::{Past, index, row};
use crate::audit::graph::{Index, Point, Rests};
use crate::audit::object::ObjectId;

impl ToSql for ObjectId {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(ValueRef::Blob(self.bytes())))
    }
}

impl FromSql for ObjectId {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        value.as_blob()?.try_into().map(Self::new).map_err(|_| FromSqlError::InvalidType)
    }
}

impl Past {
    /// The place of the next commit: how many there are.
    pub(in crate::audit) fn next(&self) -> Index {
        let last = self.ask(|db| db.query_row("SELECT max(at) FROM commits", [], |row| row.get::<_, Option<i64>>(0)));
        last.flatten().map_or(0, |last| index(last) + 1)
    }

    /// The place of a commit.
    pub(in crate::audit) fn place(&self, id: ObjectId) -> Option<Index> {
        let place = self.ask(|db| {
            db.prepare_cached("SELECT at FROM commits WHERE id = ?1")?.query_row([id], |row| row.get(0)).optional()
        });
        place.flatten().map(index)
    }

    /// What is known of a commit.
    pub(in crate::audit) fn point(&self, at: Index) -> Option<Point> {
        let query = "SELECT id, tree, parents, depth, clock, time, floor, rests FROM commits WHERE at = ?1";
        self.ask(|db| db.prepare_cached(query)?.query_row([row(at)], point).optional()).flatten()
    }

    /// Takes in a commit.
    pub(in crate::audit) fn add_point(&self, at: Index, point: &Point) {
        let parents: Vec<u8> = point.parents.iter().flat_map(|parent| row(*parent).to_le_bytes()).collect();
        let floor = point.floor.map(row);
        let Point { id, tree, depth, clock, at: time, rests, .. } = point;
        let query = "INSERT INTO commits (at, id, tree, parents, depth, clock, time, floor, rests)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
        let rests = rests.number();
        self.ask(|db| {
            db.prepare_cached(query)?.execute(params![row(at), id, tree, parents, depth, clock, time, floor, rests])
        });
    }

    /// Forgets the commits after one, and what they brought.
    pub(super) fn forget_after(&self, last: Index) {
        self.ask(|db| {
            for table in ["commits", "open", "facts", "acts", "revisions", "stubs"] {
                db.execute(&format!("DELETE FROM {table} WHERE at > ?1"), [row(last)])?;
            }
            Ok(())
        });
    }

    /// How many commits do not rest on the root, with the first and the last of them.
    pub(in crate::audit) fn loose(&self, rests: Rests) -> (usize, Option<Index>, Option<Index>) {
        let query = "SELECT count(*), min(at), max(at) FROM commits WHERE rests = ?1 AND rests <> 1";
        let read =
            |row: &Row<'_>| Ok((row.get::<_, i64>(0)?, row.get::<_, Option<i64>>(1)?, row.get::<_, Option<i64>>(2)?));
        let found = self.ask(|db| db.query_row(query, [rests.number()], read));
        found.map_or((0, None, None), |(count, first, last)| (index(count), first.map(index), last.map(index)))
    }
}

fn point(row: &Row<'_>) -> rusqlite::Result<Point> {
    let parents: Vec<u8> = row.get(2)?;
    let place = |bytes: &[u8]| Some(index(i64::from_le_bytes(bytes.try_into().ok()?)));
    Ok(Point {
        id: row.get(0)?,
        tree: row.get(1)?,
        parents: parents.chunks(8).filter_map(place).collect(),
        depth: row.get(3)?,
        clock: row.get(4)?,
        at: row.get(5)?,
        floor: row.get::<_, Option<i64>>(6)?.map(index),
        rests: Rests::of_number(row.get(7)?),
    })
}
