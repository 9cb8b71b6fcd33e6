//! Facts about one thing of the directory, as people read them.

use super::context::Context;
use super::format::{Shape, terminal_safe};

/// How facts are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum PageFormat {
    /// For people
    Text,
    /// Keys and values in two columns
    Table,
    /// JSON, for programs
    Json,
    /// Comma-separated keys and values, with a header line
    Csv,
}

impl PageFormat {
    /// The shape of the same facts for programs; none for people.
    pub(crate) fn shape(self) -> Option<Shape> {
        match self {
            Self::Text => None,
            Self::Table => Some(Shape::Table),
            Self::Json => Some(Shape::Json),
            Self::Csv => Some(Shape::Csv),
        }
    }
}

/// Lines that grow.
pub(crate) struct Page {
    lines: Vec<String>,
}

impl Page {
    /// Begins with what it is about.
    pub(crate) fn new(title: String) -> Self {
        Self { lines: vec![title, String::new()] }
    }

    /// A fact, unless it is unknown.
    pub(crate) fn fact(&mut self, label: &str, value: Option<String>) {
        self.lines.extend(value.filter(|value| !value.is_empty()).map(|value| format!("{label:<15} {value}")));
    }

    /// Lines below a heading, unless there are none.
    pub(crate) fn section(&mut self, title: &str, lines: impl IntoIterator<Item = String>) {
        let mut lines = lines.into_iter().peekable();
        if lines.peek().is_some() {
            self.lines.extend([String::new(), title.to_owned()]);
            self.lines.extend(lines.map(|line| format!("  {line}")));
        }
    }

    /// Prints everything.
    pub(crate) fn print(&self, ctx: &mut Context) -> anyhow::Result<()> {
        for line in &self.lines {
            writeln!(ctx.out, "{}", terminal_safe(line).trim_end())?;
        }
        Ok(())
    }
}
