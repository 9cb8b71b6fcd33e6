//! The arguments that all commands share, and the list of commands.

use std::path::PathBuf;

use clap::{Args, Parser, ValueEnum};

use super::commands::Command;

/// Keep a standards body's formal correspondence as a public, provable record in git
#[derive(Debug, Parser)]
#[command(name = "liaison", version, max_term_width = 100, propagate_version = true, after_help = EXAMPLES)]
pub struct Cli {
    /// Options of every command.
    #[command(flatten)]
    pub(crate) global: Global,
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,
}

const EXAMPLES: &str = "\
Examples:
  liaison demo                    A guided run of everything, in a new temporary folder
  liaison init my-record          Begin a record
  liaison new --from tls --to 3gpp-sa3 --title 'ECH in 5G core networks' --purpose for-action
  liaison status --mine           What waits for you

Records, commands and rules are told in docs/; `liaison explain CODE` tells a rule.";

/// Options of every command.
#[derive(Debug, Args)]
pub(crate) struct Global {
    /// Run as if started in this folder
    #[arg(short = 'C', long = "record", global = true, value_name = "DIR", help_heading = "Global options")]
    pub(crate) record: Option<PathBuf>,
    /// Colour the output
    #[arg(long, global = true, value_enum, default_value_t = ColorChoice::Auto, value_name = "WHEN", help_heading = "Global options", hide_possible_values = false)]
    pub(crate) color: ColorChoice,
    /// Leave out hints and summaries
    #[arg(short, long, global = true, help_heading = "Global options")]
    pub(crate) quiet: bool,
    /// Answer every question with yes
    #[arg(short, long, global = true, help_heading = "Global options")]
    pub(crate) yes: bool,
    /// The present moment, for reproducible runs
    #[arg(long, global = true, hide = true, value_name = "INSTANT")]
    pub(crate) now: Option<String>,
}

/// When to use colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ColorChoice {
    /// On a terminal, unless NO_COLOR is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// How far a change travels.
#[derive(Debug, Clone, Copy, Default, Args)]
pub(crate) struct TravelArgs {
    /// Commit, but do not push
    #[arg(long, help_heading = "Travel")]
    pub(crate) no_push: bool,
    /// Write the files, but do not commit
    #[arg(long, help_heading = "Travel")]
    pub(crate) no_commit: bool,
}

/// How a listing is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// A table for people
    Table,
    /// One line each, tab-separated, for scripts
    Text,
    /// JSON, for programs
    Json,
    /// Comma-separated values, with a header line
    Csv,
}
