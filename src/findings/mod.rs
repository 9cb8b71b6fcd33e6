//! What is wrong, where, and what to do next. Findings are data; being unable to look is an error.

mod code;

use std::fmt;
use std::ops::Range;

pub use code::{Code, UnknownCode};

/// How much a finding weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Not told.
    Off,
    /// Still to be done in a draft; never changes the exit code.
    Todo,
    /// Deserves a look; fails under `--strict`.
    Warning,
    /// Breaks a rule; `check` ends with 1.
    Error,
}

impl Severity {
    /// The word shown and written in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Todo => "todo",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }

    /// Reads the word of a setting.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Off, Self::Todo, Self::Warning, Self::Error].into_iter().find(|severity| severity.as_str() == text)
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// How strictly a letter is judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// Being prepared: what is missing is still to do.
    Draft,
    /// Sent by us: strictly.
    Sent,
    /// Received: tolerantly.
    Received,
    /// Imported: most tolerantly.
    Imported,
}

/// A place in a file of the record.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The path below the record's root, with `/`.
    pub file: String,
    /// From 1; 0 when the file as a whole is meant.
    pub line: usize,
    /// From 1, in characters.
    pub column: usize,
    /// First byte and first byte no longer.
    pub bytes: (usize, usize),
}

impl Place {
    /// A file as a whole.
    pub fn file(file: impl Into<String>) -> Self {
        Self { file: file.into(), ..Self::default() }
    }

    /// The bytes it covers.
    pub fn range(&self) -> Range<usize> {
        self.bytes.0..self.bytes.1
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => f.write_str(&self.file),
            line => write!(f, "{}:{line}:{}", self.file, self.column),
        }
    }
}

/// One thing that is wrong, with both values that disagree, and the next step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Which rule.
    pub code: Code,
    /// How much it weighs here.
    pub severity: Severity,
    /// The fact, in one sentence.
    pub message: String,
    /// Where.
    pub place: Place,
    /// Where the rule or the other value stands.
    pub related: Vec<(Place, String)>,
    /// The next step.
    pub help: Option<String>,
}

impl Finding {
    /// A finding about a letter, weighed by how strictly the letter is judged.
    pub fn new(code: Code, stage: Stage, message: impl Into<String>) -> Self {
        Self {
            code,
            severity: code.severity(stage),
            message: message.into(),
            place: Place::default(),
            related: Vec::new(),
            help: None,
        }
    }

    /// A finding that weighs the same at every stage.
    pub fn plain(code: Code, message: impl Into<String>) -> Self {
        Self::new(code, Stage::Sent, message)
    }

    /// Says where.
    #[must_use]
    pub fn at(mut self, place: Place) -> Self {
        self.place = place;
        self
    }

    /// Says where the other value stands.
    #[must_use]
    pub fn with(mut self, place: Place, label: impl Into<String>) -> Self {
        self.related.push((place, label.into()));
        self
    }

    /// Says what to do next.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// Sorts findings by file, place and code, and drops what is said twice.
pub fn sort(findings: &mut Vec<Finding>) {
    findings.sort_by(|a, b| (&a.place, a.code, &a.message).cmp(&(&b.place, b.code, &b.message)));
    findings.dedup();
}
