//! The words of the command line; on a terminal those that are missing are asked for.

use std::ffi::OsString;
use std::io::IsTerminal as _;

use clap::Parser as _;
use clap::error::{ContextKind, ContextValue, Error, ErrorKind};

use super::args::Cli;
use super::ask;
use super::wording::shown_word;

/// Reads the words; whoever sits at a terminal is asked for what a command cannot do without.
///
/// # Errors
/// Returns what clap says of the words, also where a question was left without an answer.
pub(super) fn read(mut words: Vec<OsString>) -> Result<Cli, Error> {
    loop {
        let error = match Cli::try_parse_from(&words) {
            Ok(cli) => return Ok(cli),
            Err(error) => error,
        };
        let missing = if may_ask(&words) { missing(&error) } else { Vec::new() };
        let answers: Option<Vec<OsString>> = missing.iter().map(|argument| answered(argument)).collect();
        match answers.filter(|answers| !answers.is_empty()) {
            Some(answers) => words.extend(answers),
            None => return Err(error),
        }
    }
}

/// Whether a person can be asked, and did not say that every answer is yes.
fn may_ask(words: &[OsString]) -> bool {
    let is_yes = words.iter().any(|word| word == "--yes" || word == "-y");
    !is_yes && std::io::stdin().is_terminal() && std::io::stderr().is_terminal()
}

/// The arguments that are missing, as clap writes them: `<ID>`, `--reason <TEXT>`; none where one of several would do.
fn missing(error: &Error) -> Vec<String> {
    match (error.kind(), error.get(ContextKind::InvalidArg)) {
        (ErrorKind::MissingRequiredArgument, Some(ContextValue::Strings(all)))
            if all.iter().all(|one| !one.contains('|')) =>
        {
            all.clone()
        }
        _ => Vec::new(),
    }
}

/// The word that an answer makes; nothing without an answer.
fn answered(argument: &str) -> Option<OsString> {
    let (flag, value) = argument.split_once(" <").map_or(("", argument), |(flag, value)| (flag, value));
    let value = value.trim_end_matches("...").trim_matches(['<', '>']);
    let question = if flag.is_empty() { value.to_owned() } else { format!("{flag} {value}") };
    let answer = ask::word(&question).ok().filter(|answer| !answer.is_empty())?;
    Some(if flag.is_empty() { answer.into() } else { format!("{flag}={answer}").into() })
}

/// The command as it was typed, for whoever `--as` named to type it themselves.
pub(super) fn typed_by_themselves() -> String {
    let mut words = std::env::args_os().skip(1).map(|word| word.to_string_lossy().into_owned());
    let mut typed = vec!["liaison".to_owned()];
    while let Some(word) = words.next() {
        if word == "--as" {
            words.next();
        } else if !word.starts_with("--as=") {
            typed.push(shown_word(&word));
        }
    }
    typed.join(" ")
}
