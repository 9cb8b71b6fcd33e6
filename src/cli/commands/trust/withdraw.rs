//! `liaison trust withdraw`

use crate::cli::args::TravelArgs;
use crate::cli::ask;
use crate::cli::commands::acting::told;
use crate::cli::commands::seal::file_changes;
use crate::cli::context::Context;
use crate::cli::desk::Desk;
use crate::cli::exit::{Outcome, refuse, refuse_with};
use crate::policy::root_standings;
use crate::store::{Change, Files as _};

use super::begin::ROOT;
use super::{Signing, me_as_holder, write};

/// Take back a version of the trust root that still lacks signatures: the one before stands again
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  liaison trust show         Whose signatures the root that waits lacks
  liaison trust withdraw     It is not wanted any more

A version that has its signatures is not withdrawn; liaison trust rotate replaces it.")]
pub(super) struct WithdrawArgs {
    #[command(flatten)]
    travel: TravelArgs,
}

/// Brings back the version before, or takes a first one away, with the signed act of a holder who could have agreed.
pub(super) fn run(args: &WithdrawArgs, ctx: &mut Context) -> anyhow::Result<Outcome> {
    let desk = Desk::open(ctx)?;
    let record = desk.record()?;
    let trust = record.trust()?;
    let Some(present) = &trust.root else {
        return Err(refuse("there is no trust root here", "liaison trust show"));
    };
    let standings = root_standings(present, &trust.former, &trust.acts, &record.settings)
        .map_err(|fault| refuse(fault.to_string(), "restore the file from history"))?;
    let version = present.root.value.version;
    let Some(open) = standings.last().filter(|standing| standing.missing > 0) else {
        return Err(refuse(
            format!("version {version} of the trust root has its signatures, and counts"),
            "liaison trust rotate replaces it",
        ));
    };
    let by = me_as_holder(ctx, &desk, &record, open.signers)?;
    if !ask::confirm(ctx, &format!("take back version {version} of the trust root?"))? {
        return Err(refuse_with(Outcome::WaitsForPeople, "nothing was written", []));
    }
    let former = format!("trust/roots/{}.toml", version.saturating_sub(1));
    let change = match desk.tree.read(&former)?.filter(|_| version > 1) {
        Some(bytes) => Change::default().write(ROOT, bytes).remove(former),
        None => Change::default().remove(ROOT),
    };
    let changes = file_changes(ctx, &desk, &change)?;
    let name = record.directory.name_of(by.as_str()).to_owned();
    let message = format!("trust: {name} takes back version {version} of the root, which lacked signatures");
    let signing = Signing { by: &by, root: open.signers, changes: &changes, travel: args.travel, message };
    let reached = write(ctx, &desk, &record, &signing, change)?;
    let stands = match version {
        1 => "there is no trust root".to_owned(),
        _ => format!("version {} stands", version - 1),
    };
    writeln!(ctx.out, "version {version} of the trust root is taken back by {name}; {stands}")?;
    ctx.hint(told(&reached))?;
    Ok(Outcome::Done)
}
