//! Listings as table, text, JSON or CSV: one set of rows, four ways to print it.

use comfy_table::{Cell, CellAlignment, ColumnConstraint, ContentArrangement, Table, Width, presets};
use serde_json::{Map, Value};

use super::args::Format;
use super::context::Context;

/// Below so many columns no table is drawn.
const NARROW: usize = 40;

/// Rows with named columns.
pub(crate) struct Listing {
    /// The columns' names, as in JSON.
    pub(crate) columns: Vec<&'static str>,
    /// The cells; a cell of several values holds them as a list.
    pub(crate) rows: Vec<Vec<Value>>,
    /// Which columns a narrow table leaves out.
    spare: Vec<&'static str>,
}

impl Listing {
    /// No rows yet.
    pub(crate) fn new(columns: &[&'static str]) -> Self {
        Self { columns: columns.to_vec(), rows: Vec::new(), spare: Vec::new() }
    }

    /// Says which columns a narrow table may leave out, the first first.
    pub(crate) fn spare(mut self, columns: &[&'static str]) -> Self {
        self.spare = columns.to_vec();
        self
    }

    /// Leaves a column out.
    pub(crate) fn hide(&mut self, column: &str) {
        let Some(index) = self.columns.iter().position(|name| *name == column) else { return };
        self.columns.remove(index);
        for row in self.rows.iter_mut().filter(|row| index < row.len()) {
            row.remove(index);
        }
    }

    /// Prints the rows.
    pub(crate) fn write(&self, ctx: &mut Context, format: Format) -> anyhow::Result<()> {
        match format {
            Format::Table if ctx.width < NARROW => self.lines(ctx),
            Format::Table => self.table(ctx),
            Format::Text => self.separated(ctx, "\t", false),
            Format::Csv => self.separated(ctx, ",", true),
            Format::Json => self.json(ctx),
        }
    }

    fn table(&self, ctx: &mut Context) -> anyhow::Result<()> {
        if self.rows.is_empty() {
            return ctx.hint("nothing to show");
        }
        let shown = self.columns_that_fit(ctx.width);
        let mut table = Table::new();
        table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
        table.set_width(u16::try_from(ctx.width).unwrap_or(u16::MAX));
        let names = || shown.iter().filter_map(|index| self.columns.get(*index));
        table.set_header(names().map(|name| Cell::new(heading(name)).set_alignment(CellAlignment::Left)));
        for row in &self.rows {
            let cells = shown.iter().filter_map(|index| row.get(*index));
            table.add_row(cells.map(|cell| Cell::new(terminal_safe(&shortened(plain(cell))))));
        }
        for (column, index) in table.column_iter_mut().zip(&shown) {
            let width = u16::try_from(self.least_width(*index)).unwrap_or(u16::MAX);
            column.set_constraint(ColumnConstraint::LowerBoundary(Width::Fixed(width)));
        }
        for line in table.to_string().lines() {
            writeln!(ctx.out, "{}", line.trim_end())?;
        }
        let left_out = (0..self.columns.len()).filter(|index| !shown.contains(index));
        let left_out: Vec<&str> = left_out.filter_map(|index| self.columns.get(index).copied()).collect();
        if left_out.is_empty() {
            return Ok(());
        }
        ctx.hint(format!("too narrow for {}; --format text has everything", left_out.join(", ")))
    }

    /// The columns that a table of some width has room for without a break in a word: those that may go go first.
    fn columns_that_fit(&self, width: usize) -> Vec<usize> {
        let mut shown: Vec<usize> = (0..self.columns.len()).collect();
        let mut spare = self.spare.iter();
        while shown.iter().map(|index| self.least_width(*index)).sum::<usize>() > width {
            let Some(name) = spare.next() else { break };
            shown.retain(|index| self.columns.get(*index) != Some(name));
        }
        shown
    }

    /// The width of a column's longest word, with a blank at each side.
    fn least_width(&self, index: usize) -> usize {
        let name = self.columns.get(index).map(|name| heading(name)).unwrap_or_default();
        let cells = self.rows.iter().filter_map(|row| row.get(index)).map(|cell| shortened(plain(cell)));
        let words = |text: &str| text.split_whitespace().map(|word| word.chars().count()).max().unwrap_or(0);
        let longest = cells.map(|cell| words(&cell)).max().unwrap_or(0).max(words(&name));
        longest.min(LONGEST_WORD) + 2
    }

    /// Each row's cells below each other, for a terminal too narrow for columns.
    fn lines(&self, ctx: &mut Context) -> anyhow::Result<()> {
        if self.rows.is_empty() {
            return ctx.hint("nothing to show");
        }
        for row in &self.rows {
            let cells: Vec<String> =
                row.iter().map(|cell| terminal_safe(&plain(cell))).filter(|cell| !cell.is_empty()).collect();
            writeln!(ctx.out, "{}", cells.join(" · ").replace('\n', " "))?;
        }
        Ok(())
    }

    fn separated(&self, ctx: &mut Context, separator: &str, quoted: bool) -> anyhow::Result<()> {
        let line = |text: String| terminal_safe(&text.replace(['\t', '\n'], " "));
        let cell = |text: String| if quoted { csv_cell(&terminal_safe(&text)) } else { line(text) };
        if quoted {
            writeln!(ctx.out, "{}", self.columns.join(separator))?;
        }
        for row in &self.rows {
            let cells: Vec<String> = row.iter().map(|value| cell(plain(value))).collect();
            writeln!(ctx.out, "{}", cells.join(separator))?;
        }
        Ok(())
    }

    fn json(&self, ctx: &mut Context) -> anyhow::Result<()> {
        let object = |row: &Vec<Value>| -> Map<String, Value> {
            self.columns.iter().zip(row).map(|(name, cell)| ((*name).to_owned(), cell.clone())).collect()
        };
        let rows: Vec<_> = self.rows.iter().map(object).collect();
        write_json(ctx, &rows)
    }
}

/// Prints a value as JSON, indented, with a last line break.
pub(crate) fn write_json(ctx: &mut Context, value: &impl serde::Serialize) -> anyhow::Result<()> {
    writeln!(ctx.out, "{}", serde_json::to_string_pretty(value)?)?;
    Ok(())
}

/// How one thing is printed for programs, or in two columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// Keys and values in two columns.
    Table,
    /// The whole as it is.
    Json,
    /// A row for each key.
    Csv,
}

/// Prints one thing: as JSON, or a row for each of its keys; `from.groups` is a key below a key, `acts.2.by` one of the second
/// of several.
pub(crate) fn write_one(ctx: &mut Context, shape: Shape, value: &Value) -> anyhow::Result<()> {
    let format = match shape {
        Shape::Json => return write_json(ctx, value),
        Shape::Table => Format::Table,
        Shape::Csv => Format::Csv,
    };
    let mut listing = Listing::new(&["key", "value"]);
    flatten(String::new(), value, &mut listing.rows);
    listing.write(ctx, format)
}

/// The rows of a value: one for each text, and for each list of texts.
fn flatten(key: String, value: &Value, rows: &mut Vec<Vec<Value>>) {
    let below = |name: &str| if key.is_empty() { name.to_owned() } else { format!("{key}.{name}") };
    match value {
        Value::Object(map) => map.iter().for_each(|(name, value)| flatten(below(name), value, rows)),
        Value::Array(items) if items.iter().any(|item| item.is_object() || item.is_array()) => {
            items.iter().zip(1..).for_each(|(item, number)| flatten(below(&number.to_string()), item, rows));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
            rows.push(vec![key.into(), value.clone()]);
        }
    }
}

/// A cell as text: nothing for null, a list with commas.
fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(plain).collect::<Vec<_>>().join(", "),
        Value::Bool(_) | Value::Number(_) | Value::Object(_) => value.to_string(),
    }
}

/// A longer word, such as a web address, is broken.
const LONGEST_WORD: usize = 40;

/// A column's name above a table.
fn heading(name: &str) -> String {
    name.replace('-', " ").to_uppercase()
}

/// The most characters of a cell in a table; `show` and the other formats have the whole text.
const LONGEST_CELL: usize = 500;

/// A cell for a table: one of many characters makes every other row unreadable, and takes minutes to break into lines.
fn shortened(text: String) -> String {
    match text.char_indices().nth(LONGEST_CELL) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

/// Text that cannot move the cursor or change colours: control and direction characters are shown, not obeyed.
pub(crate) fn terminal_safe(text: &str) -> String {
    let hostile =
        |c: char| (c.is_control() && c != '\n') || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    text.chars().map(|c| if hostile(c) { format!("\\u{{{:x}}}", c as u32) } else { c.to_string() }).collect()
}

/// A CSV cell, quoted where needed; a cell that a spreadsheet would run as a formula is made text.
fn csv_cell(text: &str) -> String {
    let text = if text.starts_with(['=', '+', '-', '@']) { format!("'{text}") } else { text.to_owned() };
    if text.contains([',', '"', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_hide_nothing_and_run_nothing() {
        assert_eq!(csv_cell("a,\"b\""), "\"a,\"\"b\"\"\"");
        assert_eq!(csv_cell("=1+1"), "'=1+1");
        assert_eq!(terminal_safe("a\u{1b}[31m"), "a\\u{1b}[31m");
    }
}
