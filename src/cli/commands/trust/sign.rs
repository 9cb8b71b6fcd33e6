//! `liaison trust sign`

use crate::cli::answers::read;
use crate::cli::args::TravelArgs;
use crate::cli::ask;
use crate::cli::commands::acting::told;
use crate::cli::context::Context;
use crate::cli::desk::Desk;
use crate::cli::exit::{Outcome, refuse, refuse_with, usage};
use crate::domain::{ActKind, Digest, FileChange, changes};
use crate::policy::root_standings;
use crate::store::{Change, Record, Trust};

use super::begin::ROOT;
use super::{Signing, me_as_holder, tell, write};

/// Add your signature to a trust root that waits for it
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  liaison trust show     Who will hold the root, and whose signatures are missing
  liaison trust sign
  liaison trust sign --digest sha256:4f70…     Without a terminal: the root that you compared

Compare the digest with whoever began the root, by another way than the record itself. A terminal asks you before it signs;
where nobody can be asked, or with --yes, the digest is given.

In pull-request flow the root that waits is on a branch `directory/…`: git switch there first.")]
pub(super) struct SignArgs {
    /// The digest of the root that you compared with its holders; it must be the one that waits here
    #[arg(long, value_name = "DIGEST")]
    digest: Option<String>,
    #[command(flatten)]
    travel: TravelArgs,
}

/// Shows the root, asks, and writes the act of whoever works here.
pub(super) fn run(args: &SignArgs, ctx: &mut Context) -> anyhow::Result<Outcome> {
    let desk = Desk::open(ctx)?;
    let record = desk.record()?;
    let trust = record.trust()?;
    let Some(present) = &trust.root else {
        return Err(refuse("there is no trust root here that could be signed", "liaison trust init begins one"));
    };
    let standings = root_standings(present, &trust.former, &trust.acts, &record.settings)
        .map_err(|fault| refuse(fault.to_string(), "restore the file from history"))?;
    let Some(open) = standings.iter().find(|standing| standing.missing > 0) else {
        return Err(refuse(
            "nothing waits for a signature here",
            "liaison trust show; a root that waits may be on a branch: git branch --remotes --list '*/directory/*'",
        ));
    };
    if open.version != present.root.value.version {
        return Err(refuse(
            format!("version {} of the trust root lacks signatures, and it was replaced without them", open.version),
            "liaison trust withdraw brings back the version that counts",
        ));
    }
    let by = me_as_holder(ctx, &desk, &record, open.signers)?;
    if open.signed.iter().any(|holder| holder.handle == by.as_str()) {
        writeln!(ctx.out, "{} signed it already", record.directory.name_of(by.as_str()))?;
        return Ok(Outcome::WaitsForPeople);
    }
    let changes = waiting(ctx, &desk, &trust, &record, open.version)?;
    tell(ctx, &present.root.value)?;
    writeln!(ctx.out, "digest {}", present.digest)?;
    compare(args, ctx, present.digest)?;
    if !ask::confirm(ctx, "sign this root?")? {
        return Err(refuse_with(Outcome::WaitsForPeople, "nothing was written", []));
    }
    let name = record.directory.name_of(by.as_str());
    let message = format!("trust: {name} signs version {} of the root", open.version);
    let signing = Signing { by: &by, root: open.signers, changes: &changes, travel: args.travel, message };
    let reached = write(ctx, &desk, &record, &signing, Change::default())?;
    let missing = open.missing - 1;
    let state = if missing == 0 { "it is complete".to_owned() } else { format!("{missing} more to come") };
    writeln!(ctx.out, "version {} is signed by {name}; {state}", open.version)?;
    ctx.hint(told(&reached))?;
    Ok(Outcome::Done)
}

/// Whoever signs says that this is the root they mean: by its digest, or on a terminal by their answer.
fn compare(args: &SignArgs, ctx: &Context, digest: Digest) -> anyhow::Result<()> {
    let Some(given) = &args.digest else {
        if ctx.interactive {
            return Ok(());
        }
        return Err(usage(
            "nobody can be asked whether this is the root that you mean, and --digest does not say so",
            format!("compare the digest with its holders by another way, then: liaison trust sign --digest {digest}"),
        ));
    };
    let meant = read("--digest", given, Digest::parse)?;
    if meant == digest {
        return Ok(());
    }
    Err(refuse(
        format!("--digest: found {meant}, and the root that waits here is {digest}"),
        "sign nothing: ask whoever told you the digest which root they mean; git log -p -- trust/root.toml shows who wrote this one",
    ))
}

/// The changes that the present root made, as the first who signed it says; they must be what is there.
fn waiting(
    ctx: &Context,
    desk: &Desk,
    trust: &Trust,
    record: &Record<'_>,
    version: u64,
) -> anyhow::Result<Vec<FileChange>> {
    let present = trust.present.get(ROOT).copied();
    let before = (version > 1).then(|| trust.former.get(&(version - 1)).map(|file| file.digest)).flatten();
    let is_it = |change: &FileChange| change.path == ROOT && change.after == present && change.before == before;
    let acts = trust.acts.iter().filter(|act| act.value.kind == ActKind::Trust);
    let mut made = acts.filter_map(|act| changes(&act.value).ok()).filter(|changes| changes.iter().any(is_it));
    let made = made.next().ok_or_else(|| by_hand(ctx, desk, "no act says that the root became what it is", ROOT))?;
    match made.iter().find(|change| trust.present.get(&change.path).copied() != change.after) {
        Some(other) => {
            let message = format!("{} is not as the first who signed left it", other.path);
            Err(by_hand(ctx, desk, &message, &other.path))
        }
        None if record.settings.id.is_some() => Ok(made),
        None => Err(refuse("the record has no id that a signature could be bound to", "liaison check")),
    }
}

/// A file that somebody edited by hand is not signed: what was signed comes back, and the command makes the change.
fn by_hand(ctx: &Context, desk: &Desk, message: &str, path: &str) -> anyhow::Error {
    let repo = desk.repo(ctx).ok();
    let changed = repo.and_then(|repo| repo.uncommitted(&[path.to_owned()]).ok()).unwrap_or_default();
    let back = match changed.is_empty() {
        false => format!("git restore {path} takes the edit back"),
        true => format!("git log --oneline -- {path}, then git checkout COMMIT -- {path} brings back what was signed"),
    };
    let again = "liaison trust rotate makes such a change, and signs it; where there was no root, git rm it and liaison trust init";
    refuse_with(Outcome::Findings, format!("{message}: it was edited by hand"), [back, again.to_owned()])
}
