//! `liaison export`

use std::path::PathBuf;

use chrono::NaiveDate;

use crate::cli::context::Context;
use crate::cli::desk::{Desk, bound};
use crate::cli::exit::Outcome;
use crate::cli::input::write_output;
use crate::directory::Key;
use crate::domain::RecordId;
use crate::signing::{SshPublicKey, namespace};
use crate::store::Record;

/// Write what other programs need of the record
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  liaison export allowed-signers > allowed_signers
  liaison export allowed-signers --out .git/allowed_signers
  git config gpg.ssh.allowedSignersFile .git/allowed_signers     So that git knows the people as well")]
pub(crate) struct ExportArgs {
    /// What to write
    #[arg(value_enum, value_name = "WHAT")]
    what: What,
    /// Write into this file instead of printing
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// What can be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum What {
    /// The SSH keys of all people, as `ssh-keygen -Y verify` and git read them
    AllowedSigners,
}

/// Prints, or writes a file.
pub(crate) fn run(args: &ExportArgs, ctx: &mut Context) -> anyhow::Result<Outcome> {
    let desk = Desk::open(ctx)?;
    let record = desk.record()?;
    let text = match args.what {
        What::AllowedSigners => allowed_signers(&record)?,
    };
    match &args.out {
        None => write!(ctx.out, "{text}")?,
        Some(file) => {
            let path = write_output(ctx, file, &text, "--out")?;
            ctx.hint(format!("written: {}", path.display()))?;
        }
    }
    Ok(Outcome::Done)
}

/// A line for each key: whose, for which namespaces, in which span of days. A compromised key is named and left out.
fn allowed_signers(record: &Record<'_>) -> anyhow::Result<String> {
    let id = bound(record)?;
    let mut text = format!("# Who signs acts of {}, as its directory says\n", record.settings.name);
    for (handle, person) in &record.directory.people {
        for key in person.value.keys.iter().filter(|key| key.is_ssh) {
            let Ok(public) = SshPublicKey::parse(&key.public) else { continue };
            match &key.compromised {
                Some(since) => {
                    text.push_str(&format!("# {handle} {} compromised since {since}\n", public.fingerprint()));
                }
                None => text.push_str(&line(handle, key, &public, id)),
            }
        }
    }
    Ok(text)
}

fn line(handle: &str, key: &Key, public: &SshPublicKey, id: &RecordId) -> String {
    let bound = |name: &str, day: Option<NaiveDate>, clock: &str| {
        day.map(|day| format!(",{name}=\"{}{clock}Z\"", day.format("%Y%m%d"))).unwrap_or_default()
    };
    let last = key.retired.and_then(|day| day.pred_opt());
    let (after, before) = (bound("valid-after", key.since, "000000"), bound("valid-before", last, "235959"));
    format!("{handle} namespaces=\"{},git\"{after}{before} {public}\n", namespace(id))
}
