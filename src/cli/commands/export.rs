//! `liaison export`

use std::path::PathBuf;

use chrono::NaiveDate;

use crate::check::{codeowners, only_host};
use crate::cli::context::Context;
use crate::cli::desk::Desk;
use crate::cli::exit::{Outcome, usage};
use crate::cli::input::write_output;
use crate::cli::record_id::bound;
use crate::directory::Key;
use crate::domain::RecordId;
use crate::signing::{OpenPgpKey, SshPublicKey, namespace};
use crate::store::Record;

/// Write what other programs need of the record
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  liaison export allowed-signers > allowed_signers
  liaison export allowed-signers --out .git/allowed_signers
  git config gpg.ssh.allowedSignersFile .git/allowed_signers     So that git knows the people as well
  liaison export openpgp-keys > keys.asc
  liaison export codeowners --host github.com --out .github/CODEOWNERS

docs/approval.md, \"Signatures\", has the commands that verify an act with them.")]
pub(crate) struct ExportArgs {
    /// What to write
    #[arg(value_enum, value_name = "WHAT")]
    what: What,
    /// The forge whose accounts `codeowners` names; that of the directory, if it knows one alone
    #[arg(long, value_name = "HOST")]
    host: Option<String>,
    /// Write into this file instead of printing
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// What can be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum What {
    /// The SSH keys of all people, as `ssh-keygen -Y verify` and git read them
    AllowedSigners,
    /// The OpenPGP keys of all people, as `gpg --import` reads them
    OpenpgpKeys,
    /// Whom a forge asks before directory, settings or trust root change: a file `CODEOWNERS`
    Codeowners,
}

/// Prints, or writes a file.
pub(crate) fn run(args: &ExportArgs, ctx: &mut Context) -> anyhow::Result<Outcome> {
    let desk = Desk::open(ctx)?;
    let record = desk.record()?;
    let text = match args.what {
        What::AllowedSigners => allowed_signers(ctx, &desk, &record)?,
        What::OpenpgpKeys => openpgp_keys(&record),
        What::Codeowners => owners(args, ctx, &desk, &record)?,
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

/// Whom the forge asks.
fn owners(args: &ExportArgs, ctx: &Context, desk: &Desk, record: &Record<'_>) -> anyhow::Result<String> {
    let Some(host) = args.host.as_deref().or_else(|| only_host(&record.directory)) else {
        let help = "add --host, such as --host github.com; a person's account stands in their file as [[forge]]";
        return Err(usage("the directory does not tell which forge this is for", help));
    };
    let repo = desk.repo(ctx).ok();
    let prefix = repo.as_ref().map_or("", |repo| repo.prefix());
    Ok(codeowners(record, prefix, host, ctx.now.day()))
}

/// A line for each key: whose, for which namespaces, in which span of days. A compromised key is named, and bounded by the day
/// of its commit; where that day is unknown nothing it signed counts, and it is left out.
fn allowed_signers(ctx: &Context, desk: &Desk, record: &Record<'_>) -> anyhow::Result<String> {
    let id = bound(ctx, desk, record)?;
    let mut text = format!("# Who signs acts of {}, as its directory says\n", record.settings.name);
    text.push_str(
        "# A key counts for the days given: ssh-keygen -Y verify -Overify-time=YYYYMMDDHHMMSSZ names that of the act\n",
    );
    for (handle, person) in &record.directory.people {
        for key in person.value.keys.iter().filter(|key| key.is_ssh) {
            let Ok(public) = SshPublicKey::parse(&key.public) else { continue };
            if let Some(suspect) = suspect(key) {
                text.push_str(&format!("# {handle} {} {suspect}\n", public.fingerprint()));
            }
            if !is_never_good(key) {
                text.push_str(&line(handle, key, &public, id));
            }
        }
    }
    Ok(text)
}

/// A line of one key. One that is compromised still proves acts of the days before, which the record's history bounds; a commit
/// can bear any day, so git is not told of it.
fn line(handle: &str, key: &Key, public: &SshPublicKey, id: &RecordId) -> String {
    let bound = |name: &str, day: Option<NaiveDate>, clock: &str| {
        day.map(|day| format!(",{name}=\"{}{clock}Z\"", day.format("%Y%m%d"))).unwrap_or_default()
    };
    let (after, before) = (bound("valid-after", key.since, "000000"), bound("valid-before", last_day(key), "235959"));
    let git = if key.compromised.is_some() { "" } else { ",git" };
    format!("{handle} namespaces=\"{}{git}\"{after}{before} {public}\n", namespace(id))
}

/// The OpenPGP certificates of all people, each behind a line that says whose it is and for which days it counts: gpg knows
/// neither. One that never counts is named and left out.
fn openpgp_keys(record: &Record<'_>) -> String {
    let mut text = format!("# OpenPGP keys of {}, as its directory says\n", record.settings.name);
    for (handle, person) in &record.directory.people {
        for key in person.value.keys.iter().filter(|key| !key.is_ssh) {
            let Ok(public) = OpenPgpKey::parse(&key.public) else { continue };
            let since = key.since.map(|day| format!(" since {day}")).unwrap_or_default();
            let last = last_day(key).map(|day| format!(", until {day}")).unwrap_or_default();
            let suspect = suspect(key).map(|suspect| format!(", {suspect}")).unwrap_or_default();
            text.push_str(&format!("\n# {handle} {}{since}{last}{suspect}\n", public.fingerprint()));
            if !is_never_good(key) {
                text.push_str(key.public.trim());
                text.push('\n');
            }
        }
    }
    text
}

/// What is said of a compromised key.
fn suspect(key: &Key) -> Option<String> {
    let since = key.compromised.as_ref()?;
    Some(match key.compromised_on {
        Some(day) => format!(
            "compromised since {since} of {day}: what is older counts if the record had it before that; liaison audit tells"
        ),
        None => {
            format!("compromised since {since}, on a day that the directory does not say: nothing it signed counts")
        }
    })
}

/// The last day for which a key counts.
fn last_day(key: &Key) -> Option<NaiveDate> {
    let suspect = key.compromised_on.filter(|_| key.compromised.is_some());
    [key.retired, suspect].into_iter().flatten().min().and_then(|day| day.pred_opt())
}

/// Whether there is no day for which a key counts.
fn is_never_good(key: &Key) -> bool {
    let is_unbounded = key.compromised.is_some() && key.compromised_on.is_none();
    is_unbounded || key.since.zip(last_day(key)).is_some_and(|(since, last)| last < since)
}
