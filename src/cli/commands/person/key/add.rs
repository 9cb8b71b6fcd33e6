//! `liaison person key add`

use std::path::{Path, PathBuf};

use crate::cli::answers::{answer, day, need};
use crate::cli::commands::acting::told;
use crate::cli::commands::keeping::{KeepArgs, Keeper};
use crate::cli::commands::known::known_person;
use crate::cli::context::Context;
use crate::cli::desk::Desk;
use crate::cli::exit::{Outcome, refuse};
use crate::cli::input::{Limit, read_input_or_stdin};
use crate::config::Limits;
use crate::directory::edit::{Cell, Edit};
use crate::directory::key::{KeyError, is_same, parse_openpgp, parse_ssh};
use crate::rules::is_example_key;

use super::name_of;

/// Add a public key that a person signs with
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  liaison person key add ada-example --ssh ada.pub
  ssh-add -L | head -1 | liaison person key add ada-example --ssh -
  liaison person key add ada-example --openpgp ada.asc --since 2026-12-01

Let the person read you the fingerprint, by a way that is not the mail the key came with: `ssh-keygen -lf FILE`.
A private key is refused, and nothing of it is kept.")]
pub(crate) struct AddArgs {
    /// Whose key it is
    #[arg(value_name = "HANDLE")]
    handle: Option<String>,
    /// An SSH public key, one line: a file, or - for standard input
    #[arg(long, value_name = "FILE|-", conflicts_with = "openpgp")]
    ssh: Option<PathBuf>,
    /// An armoured OpenPGP public key: a file, or - for standard input
    #[arg(long, value_name = "FILE|-")]
    openpgp: Option<PathBuf>,
    /// The first day it counts; today, if none is given
    #[arg(long, value_name = "DATE")]
    since: Option<String>,
    #[command(flatten)]
    keep: KeepArgs,
}

/// Adds a `[[key]]` to the person's file.
pub(super) fn run(args: &AddArgs, ctx: &mut Context) -> anyhow::Result<Outcome> {
    let desk = Desk::open(ctx)?;
    let record = desk.record()?;
    let keeper = Keeper::new(ctx, &desk, &record, &args.keep)?;
    let file = args.ssh.as_ref().or(args.openpgp.as_ref());
    need(ctx, "person key add", &[(args.handle.is_some(), "HANDLE"), (file.is_some(), "--ssh FILE")])?;
    let handle = answer(ctx, args.handle.as_deref(), "Whose key (handle)", None, "HANDLE")?;
    known_person(&record, &handle)?;
    let file = match file {
        Some(file) => file.clone(),
        None => PathBuf::from(answer(ctx, None, "File of the SSH public key", None, "--ssh FILE")?),
    };
    let since = day("--since", args.since.as_deref(), ctx.now.day())?;
    let is_ssh = args.openpgp.is_none();
    let public = read_key(ctx, &file, is_ssh, &record.settings.limits)?;
    for (owner, person) in &record.directory.people {
        if person.value.keys.iter().any(|key| is_same(&key.public, &public)) {
            let message = format!("{} has this key already", record.directory.name_of(owner));
            return Err(refuse(message, format!("liaison person show {owner}")));
        }
    }
    if !record.settings.example && is_example_key(&public) {
        let message = "this is the key of an invented person, whose private half comes with the program";
        return Err(refuse(
            message,
            "ssh-keygen -t ed25519 makes one of your own; liaison explain example-in-real-record",
        ));
    }
    let called = name_of(is_ssh, &public);
    let kind = if is_ssh { "ssh" } else { "openpgp" };
    let item = vec![("type", Cell::Text(kind.into())), ("public", Cell::Text(public)), ("since", Cell::Day(since))];
    let path = format!("directory/people/{handle}.toml");
    let message = format!("person: {handle} signs with {called} from {since} on");
    let reached = keeper.change(ctx, &path, &Edit::Append { list: "key", item }, "--since", &message)?;
    writeln!(ctx.out, "{handle}: {called} since {since}")?;
    ctx.hint(told(&reached))?;
    if is_ssh {
        ctx.hint(format!("compare the fingerprint with what {handle} sees: ssh-keygen -lf FILE"))?;
    }
    Ok(Outcome::Done)
}

/// The public key in a file; the file's text is never shown, because it could be a secret.
fn read_key(ctx: &Context, file: &Path, is_ssh: bool, limits: &Limits) -> anyhow::Result<String> {
    let shown = if file == Path::new("-") { "standard input".to_owned() } else { file.display().to_string() };
    let bytes = read_input_or_stdin(ctx, file, Limit::text(limits))?;
    let export = "gpg --armor --export ADDRESS > key.asc";
    let text = String::from_utf8(bytes).map_err(|_| {
        refuse(
            format!("{shown}: found bytes that are no text, expected a public key"),
            if is_ssh { "" } else { export },
        )
    })?;
    let parsed = if is_ssh { parse_ssh(&text) } else { parse_openpgp(&text) };
    parsed.map_err(|error| {
        let help = match (&error, is_ssh) {
            (KeyError::Shape { .. }, true) if parse_openpgp(&text).is_ok() => {
                format!("this is an OpenPGP key: --openpgp {shown}")
            }
            (KeyError::Shape { .. }, false) if parse_ssh(&text).is_ok() => format!("this is an SSH key: --ssh {shown}"),
            (KeyError::Private, true) if file == Path::new("-") => {
                "give the public half, the file that ends in .pub".to_owned()
            }
            (KeyError::Private, true) => format!("the public half stands beside it: --ssh {shown}.pub"),
            (KeyError::Shape { .. }, true) => "ssh-keygen -y -f PRIVATE-KEY prints the line".to_owned(),
            (KeyError::Private | KeyError::Shape { .. }, false) => export.to_owned(),
        };
        refuse(format!("{shown}: {error}"), help)
    })
}
