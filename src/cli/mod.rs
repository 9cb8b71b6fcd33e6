//! The command line: arguments, terminal, clock, environment. One file a command; nothing uses this module.

mod answers;
mod args;
mod ask;
mod audit_cache;
mod branches;
mod broken;
mod checkpoints;
mod commands;
mod context;
mod desk;
mod example;
mod exit;
mod facts;
mod fetch;
mod findings_text;
mod format;
mod frozen;
mod holders;
mod input;
mod ledger;
mod letter_json;
mod locking;
mod meanwhile;
mod moved;
mod numbered;
mod page;
mod pin;
mod present;
mod push;
mod record_id;
mod redactions;
mod remote;
mod report;
mod requests;
mod returned;
mod signature;
mod since;
mod travel;
mod whereabouts;
mod whom;
mod wording;
mod words;

use std::process::ExitCode;

pub use args::Cli;
pub use exit::Outcome;

/// Reads the arguments and the environment, runs the command, and turns its outcome into an exit code.
pub fn main() -> ExitCode {
    let cli = match words::read(std::env::args_os().collect()) {
        Ok(cli) => cli,
        Err(error) => {
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { 2 } else { 0 });
        }
    };
    let mut ctx = match context::Context::from_environment(&cli.global) {
        Ok(ctx) => ctx,
        Err(error) => return exit::report(&error, &mut std::io::stderr()),
    };
    match commands::run(&cli.command, &mut ctx) {
        Ok(outcome) => outcome.into(),
        Err(error) => exit::report(&error, &mut ctx.err),
    }
}
