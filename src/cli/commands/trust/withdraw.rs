//! `liaison trust withdraw`

use crate::cli::args::TravelArgs;
use crate::cli::ask;
use crate::cli::commands::acting::told;
use crate::cli::commands::seal::file_changes;
use crate::cli::context::Context;
use crate::cli::desk::Desk;
use crate::cli::exit::{Outcome, refuse, refuse_with};
use crate::directory::TrustRoot;
use crate::policy::{effective_version, root_standings};
use crate::store::{Change, Files as _, Trust};

use super::begin::ROOT;
use super::{Signing, me_as_holder, tell, write};

/// Take back a trust root that still waits for signatures
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  liaison trust show         Which version waits, and for whom
  liaison trust withdraw

One holder of the root that counts is enough, for what waits counts nothing yet; of a first root, one of those it names. The
signatures that it has so far count no more, not even for the same root again: `liaison trust rotate` begins anew.")]
pub(super) struct WithdrawArgs {
    #[command(flatten)]
    travel: TravelArgs,
}

/// Puts the root that counts in its place again, by a signed act of one of its holders.
pub(super) fn run(args: &WithdrawArgs, ctx: &mut Context) -> anyhow::Result<Outcome> {
    let desk = Desk::open(ctx)?;
    let record = desk.record()?;
    let trust = record.trust()?;
    let Some(present) = &trust.root else {
        return Err(refuse("there is no trust root here that waits", "liaison trust init begins one"));
    };
    let standings = root_standings(present, &trust.former, &trust.acts, &record.settings)
        .map_err(|fault| refuse(fault.to_string(), "restore the file from history"))?;
    let waiting = &present.root.value;
    let counts = effective_version(&standings).unwrap_or(0);
    if counts == waiting.version {
        return Err(refuse(
            format!("version {counts} of the trust root has its signatures: it counts, and is not withdrawn"),
            "liaison trust rotate replaces it",
        ));
    }
    let signers = holders_of(&trust, counts).unwrap_or(waiting);
    let by = me_as_holder(ctx, &desk, &record, signers)?;
    let change = back_to(&desk, counts, waiting.version)?;
    let changes = file_changes(ctx, &desk, &change)?;
    if !changes.iter().any(|change| change.path == ROOT && change.before == Some(present.digest)) {
        return Err(refuse(
            format!("version {} of the trust root is not committed, so there is nothing to withdraw", waiting.version),
            "git status trust shows its files; git restore trust and git clean -f trust take them away",
        ));
    }
    tell(ctx, waiting)?;
    if !ask::confirm(ctx, "withdraw this root, which waits for signatures?")? {
        return Err(refuse_with(Outcome::WaitsForPeople, "nothing was written", []));
    }
    let name = record.directory.name_of(by.as_str());
    let message = format!("trust: {name} withdraws version {} of the root, which lacks signatures", waiting.version);
    let signing = Signing { by: &by, root: signers, changes: &changes, travel: args.travel, message };
    let reached = write(ctx, &desk, &record, &signing, change)?;
    let (state, next) = match counts {
        0 => ("the record has no trust root".to_owned(), "liaison trust init begins one anew"),
        counts => (format!("version {counts} counts, as before"), "liaison trust rotate begins another one"),
    };
    writeln!(ctx.out, "version {} of the trust root is withdrawn; {state}", waiting.version)?;
    ctx.hint(told(&reached))?;
    ctx.hint(format!("next: {next}"))?;
    Ok(Outcome::Done)
}

/// The root that counts, which another one was to replace.
fn holders_of(trust: &Trust, version: u64) -> Option<&TrustRoot> {
    trust.former.get(&version).map(|file| &file.root.value)
}

/// The files as they were when that version was the present one; without a version, none of them.
fn back_to(desk: &Desk, counts: u64, waiting: u64) -> anyhow::Result<Change> {
    let place = |version: u64| format!("trust/roots/{version}.toml");
    let kept = if counts > 0 { desk.tree.read(&place(counts))? } else { None };
    let change = match kept {
        Some(bytes) => Change::default().write(ROOT, bytes),
        None => Change::default().remove(ROOT),
    };
    Ok((counts.max(1)..waiting).map(place).fold(change, Change::remove))
}
