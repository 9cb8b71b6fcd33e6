//! `liaison person key`

mod add;
mod compromised;
mod list;
mod retire;

use chrono::NaiveDate;

use crate::cli::context::Context;
use crate::cli::exit::{Outcome, refuse};
use crate::config::Grade;
use crate::directory::Key;
use crate::directory::key::fingerprint;
use crate::domain::ActKind;
use crate::policy::{changers, wanted_grade};
use crate::signing::OpenPgpKey;
use crate::store::Record;

/// Keep the keys that people sign with: added, retired, compromised
#[derive(Debug, clap::Args)]
#[command(
    disable_help_subcommand = true,
    after_help = "Examples:
  liaison person key add ada-example --ssh ada.pub
  liaison person key list ada-example
  liaison person key retire ada-example SHA256:EUpDXs --reason 'a new laptop'
  liaison person key compromised ada-example SHA256:EUpDXs --since 2f1c09a --reason 'the laptop was stolen'

A key is never deleted: what it signed in its days remains proven."
)]
pub(crate) struct KeyArgs {
    #[command(subcommand)]
    command: KeyCommand,
}

#[derive(Debug, clap::Subcommand)]
enum KeyCommand {
    Add(add::AddArgs),
    Retire(retire::RetireArgs),
    Compromised(compromised::CompromisedArgs),
    List(list::ListArgs),
}

/// Runs one of the commands.
pub(super) fn run(args: &KeyArgs, ctx: &mut Context) -> anyhow::Result<Outcome> {
    match &args.command {
        KeyCommand::Add(args) => add::run(args, ctx),
        KeyCommand::Retire(args) => retire::run(args, ctx),
        KeyCommand::Compromised(args) => compromised::run(args, ctx),
        KeyCommand::List(args) => list::run(args, ctx),
    }
}

/// A key as people compare it: `ssh-ed25519 SHA256:…`.
pub(crate) fn name_of(is_ssh: bool, public: &str) -> String {
    let print = fingerprint_of(is_ssh, public).unwrap_or_default();
    let kind = if is_ssh { public.split_whitespace().next().unwrap_or("ssh") } else { "OpenPGP" };
    format!("{kind} {print}").trim_end().to_owned()
}

/// A key's fingerprint, as `ssh-keygen -l` or `gpg` prints it; nothing of a key that cannot be read.
pub(crate) fn fingerprint_of(is_ssh: bool, public: &str) -> Option<String> {
    if is_ssh { fingerprint(public) } else { OpenPgpKey::parse(public).ok().map(|key| key.fingerprint()) }
}

/// What stands behind an SSH key: `ada@laptop`.
fn comment(key: &Key) -> Option<String> {
    let words: Vec<&str> = key.public.split_whitespace().skip(2).collect();
    Some(words.join(" ")).filter(|comment| key.is_ssh && !comment.is_empty())
}

/// The one key of a person that is meant: by the beginning of its fingerprint, its comment, or its number in the list.
pub(crate) fn chosen<'r>(record: &'r Record<'_>, handle: &str, meant: &str) -> anyhow::Result<(usize, &'r Key)> {
    let keys = record.directory.people.get(handle).map(|person| person.value.keys.as_slice()).unwrap_or_default();
    let is_meant = |(index, key): &(usize, &Key)| {
        let print = fingerprint_of(key.is_ssh, &key.public).unwrap_or_default();
        let begins = |print: &str| !meant.is_empty() && print.starts_with(meant);
        meant == format!("{}", index + 1)
            || begins(&print)
            || (meant.len() >= 4 && begins(print.trim_start_matches("SHA256:")))
            || comment(key).as_deref() == Some(meant)
    };
    let found: Vec<(usize, &Key)> = keys.iter().enumerate().filter(is_meant).collect();
    let help =
        || format!("liaison person key list {handle}; name one by its number or the beginning of its fingerprint");
    match found.as_slice() {
        [one] => Ok(*one),
        [] => Err(refuse(format!("{handle} has no key `{meant}`"), help())),
        several => Err(refuse(format!("`{meant}` means {} keys of {handle}", several.len()), help())),
    }
}

/// The key that alone can sign for the directory is not given up before another one is there: nobody could add one then.
fn refuse_only_key(record: &Record<'_>, handle: &str, key: &Key, day: NaiveDate) -> anyhow::Result<()> {
    let (directory, settings, kind) = (&record.directory, &record.settings, ActKind::Directory);
    let keepers = changers(kind, directory, settings, day);
    let signs_otherwise = |person: &str| {
        let keys = directory.people.get(person).map(|person| person.value.keys.as_slice()).unwrap_or_default();
        keys.iter().any(|other| (person != handle || other.public != key.public) && other.is_good_on(day))
    };
    let is_needed = wanted_grade(kind, directory, settings, day) == Grade::Signed
        && keepers.iter().any(|keeper| keeper.person == handle)
        && !keepers.iter().any(|keeper| signs_otherwise(keeper.person));
    if !is_needed {
        return Ok(());
    }
    Err(refuse(
        format!("nobody could sign for the directory without this key, from {day} on"),
        format!("first add the new one: liaison person key add {handle} --ssh FILE.pub; then this command again"),
    ))
}
