//! What a command gets from outside: streams, folder, clock, width, colour, and who asks.

use std::io::{IsTerminal as _, Write};
use std::path::PathBuf;

use anyhow::Context as _;

use super::args::{ColorChoice, Global};
use super::input::Limit;
use crate::domain::Instant;
use crate::history::Oid;

/// Everything a command may know of the outside world.
pub(crate) struct Context {
    /// Results.
    pub(crate) out: Box<dyn Write>,
    /// Progress, hints, summaries, errors.
    pub(crate) err: Box<dyn Write>,
    /// The folder the person is in, or the one `-C` names.
    pub(crate) folder: PathBuf,
    /// The commit that is read instead of the work tree, by a command that only reads.
    pub(crate) reads: Option<Oid>,
    /// The present moment.
    pub(crate) now: Instant,
    /// Columns of the terminal.
    pub(crate) width: usize,
    /// Whether results may bear colours.
    pub(crate) color: bool,
    /// Whether a person can be asked.
    pub(crate) interactive: bool,
    /// Whether questions are answered with yes.
    pub(crate) yes: bool,
    /// Whether hints are left out.
    pub(crate) quiet: bool,
    /// Environment of every git call.
    pub(crate) git_environment: Vec<(String, String)>,
    /// What fresh ids are made of, for reproducible runs; chance, if nothing is given.
    pub(crate) seed: Option<(String, u64)>,
    /// Standard input, once it was read: a command that runs again reads the same.
    stdin: std::cell::OnceCell<Vec<u8>>,
    /// The person's own folder for what the program remembers, outside every repository.
    pub(crate) state_folder: Option<PathBuf>,
    /// The person's editor.
    pub(crate) editor: Option<String>,
    /// The person's home folder.
    pub(crate) home: Option<PathBuf>,
}

impl Context {
    /// Reads clock, terminal and environment once.
    pub(crate) fn from_environment(global: &Global) -> anyhow::Result<Self> {
        let current = std::env::current_dir().context("the current folder cannot be read")?;
        let folder = global.record.as_ref().map_or_else(|| current.clone(), |folder| current.join(folder));
        let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        let fixed = global.now.clone().or_else(|| variable("LIAISON_NOW"));
        let now = match &fixed {
            Some(text) => Instant::parse(text)?.context("LIAISON_NOW is empty")?,
            None => Instant::new(chrono::Utc::now()),
        };
        let dates = ["GIT_AUTHOR_DATE", "GIT_COMMITTER_DATE"];
        let git_environment = match fixed {
            Some(_) => dates.iter().map(|name| ((*name).to_owned(), now.to_string())).collect(),
            None => Vec::new(),
        };
        let out_is_terminal = std::io::stdout().is_terminal();
        let color = match global.color {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            ColorChoice::Auto => {
                out_is_terminal && variable("NO_COLOR").is_none() && variable("TERM").as_deref() != Some("dumb")
            }
        };
        let columns = variable("COLUMNS").and_then(|columns| columns.parse().ok());
        let width = columns.or_else(terminal_width).filter(|columns| *columns > 0).unwrap_or(100);
        Ok(Self {
            out: Box::new(std::io::stdout()),
            err: Box::new(std::io::stderr()),
            folder,
            reads: None,
            now,
            width,
            color,
            interactive: std::io::stdin().is_terminal() && std::io::stderr().is_terminal() && !global.yes,
            yes: global.yes,
            quiet: global.quiet,
            git_environment,
            seed: variable("LIAISON_SEED").map(|seed| (seed, 0)),
            stdin: std::cell::OnceCell::new(),
            state_folder: state_folder(variable),
            editor: variable("LIAISON_EDITOR").or_else(|| variable("VISUAL")).or_else(|| variable("EDITOR")),
            home: std::env::home_dir(),
        })
    }

    /// A line beside the result: what to do next, what was done. Quiet mutes it.
    pub(crate) fn hint(&mut self, text: impl AsRef<str>) -> anyhow::Result<()> {
        if !self.quiet {
            writeln!(self.err, "{}", text.as_ref())?;
        }
        Ok(())
    }

    /// An id that nobody else has; with a seed the same in every equal run.
    pub(crate) fn fresh_id(&mut self) -> String {
        let Some((seed, count)) = &mut self.seed else { return uuid::Uuid::new_v4().to_string() };
        *count += 1;
        let digest = crate::domain::Digest::of(format!("{seed}/{count}").as_bytes()).hex();
        let bytes: Vec<u8> = digest.bytes().take(16).collect();
        let bytes = bytes.try_into().unwrap_or([0; 16]);
        uuid::Builder::from_random_bytes(bytes).into_uuid().to_string()
    }

    /// The whole of standard input, up to a limit.
    pub(crate) fn read_stdin(&self, limit: Limit) -> anyhow::Result<Vec<u8>> {
        if let Some(bytes) = self.stdin.get() {
            return Ok(bytes.clone());
        }
        let bytes = limit.read(std::io::stdin().lock(), "standard input", None)?;
        Ok(self.stdin.get_or_init(|| bytes).clone())
    }
}

/// `$XDG_STATE_HOME/liaison`, by default in `~/.local/state`.
fn state_folder(variable: impl Fn(&str) -> Option<String>) -> Option<PathBuf> {
    let home = || Some(PathBuf::from(variable("HOME")?).join(".local/state"));
    let folder = variable("XDG_STATE_HOME").map(PathBuf::from).or_else(home)?;
    folder.is_absolute().then(|| folder.join("liaison"))
}

/// The terminal's width, when results go to one.
fn terminal_width() -> Option<usize> {
    std::io::stdout().is_terminal().then(|| usize::from(dialoguer::console::Term::stdout().size().1))
}
