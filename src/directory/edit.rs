//! Changes of the directory's files: text and change in, text out. Comments, order and all other text stay as they are.

use std::ops::Range;

use chrono::{Datelike as _, NaiveDate};
use toml_edit::{Array, ArrayOfTables, Date, Datetime, Decor, DocumentMut, InlineTable, Item, Table, TableLike, Value};

use crate::domain::time::parse_date;

/// A value of a directory's file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// A text.
    Text(String),
    /// Texts in order.
    Texts(Vec<String>),
    /// A whole number.
    Number(u64),
    /// A day.
    Day(NaiveDate),
    /// Words with their texts, such as roles with their contacts.
    Map(Vec<(String, String)>),
}

/// A change of a directory's file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Edit {
    /// One more item of a list of mappings, such as `[[role]]`.
    Append {
        /// The list's key.
        list: &'static str,
        /// The item's keys, in the order of the file.
        item: Vec<(&'static str, Cell)>,
    },
    /// The first day no longer of the one item that lasts and holds these values.
    End {
        /// The list's key.
        list: &'static str,
        /// The values that tell the item.
        item: Vec<(&'static str, String)>,
        /// The first day no longer.
        until: NaiveDate,
    },
    /// Further keys of one item of a list of mappings; a text that stands there already is replaced.
    Set {
        /// The list's key.
        list: &'static str,
        /// Which item, from 0.
        index: usize,
        /// The keys, in the order of the file.
        keys: Vec<(&'static str, Cell)>,
    },
    /// Another value from a day on; the present one gets its last day.
    Change {
        /// The key.
        key: &'static str,
        /// The new value.
        value: String,
        /// Its first day.
        since: NaiveDate,
    },
}

/// A change that cannot be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    /// The file cannot be read.
    #[error("this is no TOML: {0}")]
    Syntax(String),
    /// A key holds something else.
    #[error("`{key}` is {found}, expected {expected}")]
    Shape {
        /// The key.
        key: &'static str,
        /// What it is.
        found: &'static str,
        /// What it should be.
        expected: &'static str,
    },
    /// Nothing to end.
    #[error("no `{0}` with these values lasts")]
    NothingLasts(&'static str),
    /// More than one to end.
    #[error("several `{0}` with these values last")]
    SeveralLast(&'static str),
    /// An end that does not follow the beginning.
    #[error("what begins on {since} cannot end on {until}: the first day no longer comes after the first day")]
    Reversed {
        /// First day.
        since: NaiveDate,
        /// First day no longer.
        until: NaiveDate,
    },
    /// It is so already.
    #[error("`{key}` is `{value}` already")]
    Same {
        /// The key.
        key: &'static str,
        /// The value.
        value: String,
    },
    /// Something holds longer than to the day of the change.
    #[error("`{key}` is `{value}` until {until}, later than the day of the change")]
    Later {
        /// The key.
        key: &'static str,
        /// The value that holds longer.
        value: String,
        /// Its first day no longer.
        until: NaiveDate,
    },
    /// Text that is not concerned would not stay as it is.
    #[error("other text of the file would not stay as it is; mixed line ends can be the reason")]
    OtherText,
}

/// A new file.
pub fn new_file(keys: &[(&'static str, Cell)]) -> String {
    let mut document = DocumentMut::new();
    for (key, cell) in keys {
        document.insert(key, Item::Value(value(cell)));
    }
    document.to_string()
}

/// Makes a change. Whatever it is not about stays byte for byte, or the change is refused.
///
/// # Errors
/// Returns [`EditError`] when the file cannot be read, holds nothing the change fits, or would change elsewhere.
pub fn edit(text: &str, change: &Edit) -> Result<String, EditError> {
    let is_crlf = text.contains("\r\n") && !text.replace("\r\n", "").contains('\n');
    let mut before = if is_crlf { text.replace("\r\n", "\n") } else { text.to_owned() };
    if !before.is_empty() && !before.ends_with('\n') {
        before.push('\n');
    }
    let mut document: DocumentMut =
        before.parse().map_err(|error: toml_edit::TomlError| EditError::Syntax(error.message().replace('\n', "; ")))?;
    match change {
        Edit::Append { list, item } => append(&mut document, list, item)?,
        Edit::End { list, item, until } => end(document.get_mut(list), list, item, *until)?,
        Edit::Set { list, index, keys } => set(&mut document, list, *index, keys)?,
        Edit::Change { key, value, since } => change_value(&mut document, key, value, *since)?,
    }
    let after = document.to_string();
    let is_kept = match change {
        Edit::Change { key, .. } => {
            span(&before, key).map_or_else(|| only_adds(&before, &after), |span| only_replaces(&before, &after, &span))
        }
        Edit::Set { list, index, keys } => {
            let span = keys.iter().find_map(|(key, _)| span_in_item(&before, list, *index, key));
            only_adds(&before, &after) || span.is_some_and(|span| only_replaces(&before, &after, &span))
        }
        Edit::Append { .. } | Edit::End { .. } => only_adds(&before, &after),
    };
    if !is_kept {
        return Err(EditError::OtherText);
    }
    Ok(if is_crlf { after.replace('\n', "\r\n") } else { after })
}

/// Puts an item behind the last of its list, else at the end of the file.
fn append(document: &mut DocumentMut, list: &'static str, item: &[(&'static str, Cell)]) -> Result<(), EditError> {
    let last = positions(document.as_table()).max();
    let trailing = document.trailing().as_str().unwrap_or_default().to_owned();
    let entry = document.entry(list).or_insert_with(|| Item::ArrayOfTables(ArrayOfTables::new()));
    match entry {
        Item::ArrayOfTables(tables) => {
            let sibling = tables.iter().filter_map(Table::position).max();
            let mut table: Table = item.iter().map(|(key, cell)| (*key, value(cell))).collect();
            table.set_position(sibling.or(last.map(|last| last + 1)));
            let is_last = sibling.is_none() || sibling == last;
            // What stands below the last table is about that table, not about the new one.
            if is_last && !trailing.trim().is_empty() {
                table.decor_mut().set_prefix(format!("{}\n\n", trailing.trim_end_matches('\n')));
                tables.push(table);
                document.set_trailing("");
            } else {
                tables.push(table);
            }
            Ok(())
        }
        Item::Value(Value::Array(array)) => {
            let prefix = array.iter().last().and_then(|last| last.decor().prefix()).cloned();
            array.push(item.iter().map(|(key, cell)| (*key, value(cell))).collect::<InlineTable>());
            if let (Some(prefix), Some(pushed)) = (prefix, array.iter_mut().last()) {
                pushed.decor_mut().set_prefix(prefix);
            }
            Ok(())
        }
        other @ (Item::None | Item::Value(_) | Item::Table(_)) => {
            Err(EditError::Shape { key: list, found: other.type_name(), expected: "a list of mappings" })
        }
    }
}

/// Ends the one item that lasts and holds some values.
fn end(
    list: Option<&mut Item>,
    key: &'static str,
    values: &[(&'static str, String)],
    until: NaiveDate,
) -> Result<(), EditError> {
    let is_meant = |item: &dyn TableLike| {
        !item.contains_key("until")
            && values.iter().all(|(key, wanted)| item.get(key).and_then(Item::as_str) == Some(wanted))
    };
    match list {
        None => Err(EditError::NothingLasts(key)),
        Some(Item::ArrayOfTables(tables)) => {
            let table = the_one(tables.iter_mut().filter(|table| is_meant(*table)), key)?;
            after_beginning(table, until)?;
            table.insert("until", Item::Value(day(until)));
            let mut order: Vec<String> = table.iter().map(|(key, _)| key.to_owned()).collect();
            if let (Some(last), Some(since)) = (order.pop(), order.iter().position(|key| key == "since")) {
                order.insert(since + 1, last);
            }
            let place = |key: &toml_edit::Key| order.iter().position(|known| known == key.get());
            table.sort_values_by(|a, _, b, _| place(a).cmp(&place(b)));
            Ok(())
        }
        Some(Item::Value(Value::Array(array))) => {
            let tables = array.iter_mut().filter_map(Value::as_inline_table_mut);
            let table = the_one(tables.filter(|table| is_meant(*table)), key)?;
            after_beginning(table, until)?;
            insert_last(table, "until", day(until));
            Ok(())
        }
        Some(other) => Err(EditError::Shape { key, found: other.type_name(), expected: "a list of mappings" }),
    }
}

/// Gives one item of a list further keys.
fn set(
    document: &mut DocumentMut,
    list: &'static str,
    index: usize,
    keys: &[(&'static str, Cell)],
) -> Result<(), EditError> {
    let item: Option<&mut dyn TableLike> = match document.get_mut(list) {
        Some(Item::ArrayOfTables(tables)) => tables.get_mut(index).map(|table| table as &mut dyn TableLike),
        Some(Item::Value(Value::Array(array))) => {
            array.get_mut(index).and_then(Value::as_inline_table_mut).map(|table| table as &mut dyn TableLike)
        }
        Some(_) | None => None,
    };
    let item = item.ok_or(EditError::NothingLasts(list))?;
    for (key, cell) in keys {
        match item.get_mut(key).and_then(Item::as_value_mut) {
            Some(old) => {
                let decor = old.decor().clone();
                *old = value(cell);
                *old.decor_mut() = decor;
            }
            None => drop(item.insert(key, Item::Value(value(cell)))),
        }
    }
    Ok(())
}

/// Gives a key another value from a day on.
fn change_value(document: &mut DocumentMut, key: &'static str, new: &str, since: NaiveDate) -> Result<(), EditError> {
    let next = InlineTable::from_iter([("value", Value::from(new)), ("since", day(since))]);
    match document.get_mut(key) {
        None => {
            document.insert(key, Item::Value(Value::Array(Array::from_iter([next]))));
        }
        Some(Item::Value(Value::Array(array))) => {
            end_present(array, key, new, since)?;
            array.push(next);
        }
        Some(Item::Value(old)) => {
            let Some(text) = old.as_str().map(str::to_owned) else {
                return Err(EditError::Shape { key, found: old.type_name(), expected: "a text" });
            };
            if text == new {
                return Err(EditError::Same { key, value: text });
            }
            let past = InlineTable::from_iter([("value", Value::from(text)), ("until", day(since))]);
            let mut dated = Value::Array(Array::from_iter([past, next]));
            let decor: Decor = old.decor().clone();
            *dated.decor_mut() = decor;
            *old = dated;
        }
        Some(other) => {
            return Err(EditError::Shape { key, found: other.type_name(), expected: "a text or `[{ value = … }]`" });
        }
    }
    Ok(())
}

/// Ends the value that lasts; refuses a day before which something else is to change.
fn end_present(array: &mut Array, key: &'static str, new: &str, since: NaiveDate) -> Result<(), EditError> {
    for item in array.iter_mut() {
        let Some(item) = item.as_inline_table_mut() else {
            return Err(EditError::Shape { key, found: item.type_name(), expected: "`{ value = …, since = … }`" });
        };
        let value = item.get("value").and_then(Value::as_str).unwrap_or_default().to_owned();
        match date(item, "until") {
            Some(until) if until > since => return Err(EditError::Later { key, value, until }),
            Some(_) => {}
            None if value == new => return Err(EditError::Same { key, value }),
            None => {
                after_beginning(item, since)?;
                insert_last(item, "until", day(since));
            }
        }
    }
    Ok(())
}

fn the_one<T>(mut found: impl Iterator<Item = T>, key: &'static str) -> Result<T, EditError> {
    match (found.next(), found.next()) {
        (Some(one), None) => Ok(one),
        (None, _) => Err(EditError::NothingLasts(key)),
        (Some(_), Some(_)) => Err(EditError::SeveralLast(key)),
    }
}

fn after_beginning(item: &dyn TableLike, until: NaiveDate) -> Result<(), EditError> {
    match date(item, "since") {
        Some(since) if until <= since => Err(EditError::Reversed { since, until }),
        Some(_) | None => Ok(()),
    }
}

/// A key behind the others of an inline table; the blank before the brace stays there.
fn insert_last(table: &mut InlineTable, key: &str, value: Value) {
    let mut last = table.iter_mut().last();
    let suffix = last.as_mut().and_then(|(_, last)| last.decor_mut().suffix().cloned());
    if let Some((_, last)) = last {
        last.decor_mut().set_suffix("");
    }
    table.insert(key, value.decorated(" ", suffix.unwrap_or_else(|| " ".into())));
}

fn date(item: &dyn TableLike, key: &str) -> Option<NaiveDate> {
    let item = item.get(key)?;
    let text = item.as_datetime().map_or_else(|| item.as_str().unwrap_or_default().to_owned(), ToString::to_string);
    parse_date(&text).ok().flatten()
}

fn value(cell: &Cell) -> Value {
    match cell {
        Cell::Text(text) => Value::from(text),
        Cell::Texts(texts) => Value::Array(texts.iter().collect()),
        Cell::Number(number) => Value::from(i64::try_from(*number).unwrap_or(i64::MAX)),
        Cell::Day(date) => day(*date),
        Cell::Map(entries) => Value::InlineTable(entries.iter().map(|(key, text)| (key, Value::from(text))).collect()),
    }
}

fn day(date: NaiveDate) -> Value {
    let part = |number: u32| u8::try_from(number).unwrap_or_default();
    let date =
        Date { year: u16::try_from(date.year()).unwrap_or_default(), month: part(date.month()), day: part(date.day()) };
    Value::from(Datetime { date: Some(date), time: None, offset: None })
}

/// The places of a file's tables.
fn positions(table: &Table) -> impl Iterator<Item = isize> {
    table.iter().flat_map(|(_, item)| match item {
        Item::Table(table) => table.position().into_iter().collect::<Vec<_>>(),
        Item::ArrayOfTables(tables) => tables.iter().filter_map(Table::position).collect(),
        Item::None | Item::Value(_) => Vec::new(),
    })
}

/// The bytes of a key's value.
fn span(text: &str, key: &str) -> Option<Range<usize>> {
    let document = toml_edit::Document::parse(text).ok()?;
    document.as_table().get(key).and_then(Item::span)
}

/// The bytes of a value of one item of a list, up to the item's end: what is added stands there.
fn span_in_item(text: &str, list: &str, index: usize, key: &str) -> Option<Range<usize>> {
    let document = toml_edit::Document::parse(text).ok()?;
    let table = document.as_table().get(list)?.as_array_of_tables()?.get(index)?;
    let last = table.iter().filter_map(|(_, item)| item.span()).map(|span| span.end).max()?;
    Some(table.get(key)?.span()?.start..last)
}

fn only_adds(before: &str, after: &str) -> bool {
    let head = before.bytes().zip(after.bytes()).take_while(|(a, b)| a == b).count();
    let tail = before.as_bytes().get(head..).unwrap_or_default();
    after.len() >= before.len() && after.as_bytes().ends_with(tail)
}

fn only_replaces(before: &str, after: &str, span: &Range<usize>) -> bool {
    let (head, tail) = (before.get(..span.start).unwrap_or_default(), before.get(span.end..).unwrap_or_default());
    after.len() >= head.len() + tail.len() && after.starts_with(head) && after.ends_with(tail)
}

#[cfg(test)]
mod tests;
