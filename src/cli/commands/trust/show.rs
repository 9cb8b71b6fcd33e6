//! `liaison trust show`

use serde_json::json;

use crate::cli::context::Context;
use crate::cli::desk::Desk;
use crate::cli::exit::Outcome;
use crate::cli::format::write_one;
use crate::cli::holders::{present_root, rotation, suspects};
use crate::cli::page::{Page, PageFormat};
use crate::cli::pin::{Pin, pin};
use crate::directory::key::fingerprint;
use crate::directory::{Directory, RootFile};
use crate::policy::{RootFault, RootStanding, effective_version, root_standings};

/// Show the trust root: who holds it, whose signatures are missing, and whether this clone's pin leads to it
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  liaison trust show
  liaison trust show --format json

A holder's key that the directory calls compromised is told: the root goes by it until it is rotated.
Ends with 3 while signatures are missing, and with 1 when the pin leads to another root.")]
pub(super) struct ShowArgs {
    /// How it is printed
    #[arg(long, value_enum, default_value_t = PageFormat::Text, value_name = "FORMAT")]
    format: PageFormat,
}

/// Prints the root's holders, versions and the clone's pin.
pub(super) fn run(args: &ShowArgs, ctx: &mut Context) -> anyhow::Result<Outcome> {
    let desk = Desk::open(ctx)?;
    let record = desk.any_record()?;
    let trust = record.trust()?;
    let Some(root) = &trust.root else {
        match args.format.shape() {
            None => writeln!(ctx.out, "the record has no trust root")?,
            Some(shape) => write_one(ctx, shape, &json!({ "root": null }))?,
        }
        ctx.hint("next: liaison trust init --holder HANDLE …")?;
        return Ok(Outcome::Done);
    };
    let standings = root_standings(root, &trust.former, &trust.acts, &record.settings);
    let pin = desk.repo(ctx).map_or(Pin::None, |repo| pin(&desk, &repo, &record, &trust));
    match args.format.shape() {
        None => page(root, &standings, &pin, &record.directory).print(ctx)?,
        Some(shape) => write_one(ctx, shape, &as_json(root, &standings, &pin, &record.directory))?,
    }
    if let Some(counts) = present_root(&trust, &record).filter(|root| !suspects(root, &record.directory).is_empty()) {
        for command in rotation(&counts, &record.directory, ctx.now.day()) {
            ctx.hint(format!("next: {command}"))?;
        }
    }
    let waits = standings.as_ref().is_ok_and(|all| all.iter().any(|standing| standing.missing > 0));
    Ok(match (&standings, &pin) {
        (Err(_), _) | (_, Pin::Bad { .. }) => Outcome::Findings,
        (Ok(_), _) if waits => Outcome::WaitsForPeople,
        (Ok(_), Pin::Good { .. } | Pin::Older { .. } | Pin::None) => Outcome::Done,
    })
}

fn page(
    file: &RootFile,
    standings: &Result<Vec<RootStanding<'_>>, RootFault>,
    pin: &Pin,
    directory: &Directory,
) -> Page {
    let root = &file.root.value;
    let suspects = suspects(root, directory);
    let mut page = Page::new(format!("Trust root, version {}", root.version));
    page.fact("Threshold", Some(format!("{} of {}", root.threshold, root.holders.len())));
    page.fact("Digest", Some(file.digest.to_string()));
    page.fact("Warning", (root.threshold == 1).then(|| "one person alone can change it".into()));
    page.fact(
        "Warning",
        match suspects.len() {
            0 => None,
            1 => Some("somebody else may have a holder's key: the root goes by it until it is rotated".into()),
            number => Some(format!(
                "somebody else may have {number} holders' keys: the root goes by them until it is rotated"
            )),
        },
    );
    page.fact("Pin", Some(pin_text(pin)));
    let holder = |holder: &crate::directory::RootHolder| {
        let name = directory.name_of(&holder.handle);
        let suspect = suspects.iter().find(|suspect| suspect.holder == holder);
        let told = suspect.map(|suspect| format!("  COMPROMISED since {}", suspect.since)).unwrap_or_default();
        format!("{:<24} {name}  {}{told}", holder.handle, fingerprint(&holder.public).unwrap_or_default())
    };
    page.section("Holders", root.holders.iter().map(holder));
    match standings {
        Ok(all) => page.section("Signatures", all.iter().map(|one| standing_text(one, directory))),
        Err(fault) => page.section("Signatures", [fault.to_string()]),
    }
    page
}

fn standing_text(standing: &RootStanding<'_>, directory: &Directory) -> String {
    let name = |holder: &&crate::directory::RootHolder| directory.name_of(&holder.handle).to_owned();
    let signed: Vec<String> = standing.signed.iter().map(name).collect();
    let signed = if signed.is_empty() { "nobody".to_owned() } else { signed.join(", ") };
    if standing.missing == 0 {
        return format!("version {}: signed by {signed}", standing.version);
    }
    let open = standing.signers.holders.iter().filter(|holder| !standing.signed.contains(holder));
    let open: Vec<String> = open.map(|holder| name(&holder)).collect();
    format!(
        "version {}: signed by {signed}; {} more needed of {}: liaison trust sign; or liaison trust withdraw takes it back",
        standing.version,
        standing.missing,
        open.join(", ")
    )
}

fn pin_text(pin: &Pin) -> String {
    match pin {
        Pin::None => {
            "none in this clone: liaison trust pin COMMIT, with a commit that you know from its holders".into()
        }
        Pin::Good { commit, version } => format!("{commit}, version {version}: it leads to this root"),
        Pin::Older { commit } => {
            format!("{commit}, older than the root: liaison audit judges all since, and tells where the root begins")
        }
        Pin::Bad { commit, why, .. } => format!("{commit}: NOT this root; {why}"),
    }
}

fn as_json(
    file: &RootFile,
    standings: &Result<Vec<RootStanding<'_>>, RootFault>,
    pin: &Pin,
    directory: &Directory,
) -> serde_json::Value {
    let root = &file.root.value;
    let suspects = suspects(root, directory);
    let since = |holder| suspects.iter().find(|suspect| suspect.holder == holder).map(|suspect| suspect.since);
    let all = standings.as_deref().unwrap_or_default();
    json!({
        "root": {
            "version": root.version,
            "threshold": root.threshold,
            "digest": file.digest.to_string(),
            "holders": root.holders.iter().map(|holder| json!({
                "handle": holder.handle,
                "fingerprint": fingerprint(&holder.public),
                "compromised": since(holder),
            })).collect::<Vec<_>>(),
        },
        "counts": effective_version(all),
        "versions": all.iter().map(|standing| json!({
            "version": standing.version,
            "signed": standing.signed.iter().map(|holder| &holder.handle).collect::<Vec<_>>(),
            "missing": standing.missing,
        })).collect::<Vec<_>>(),
        "fault": standings.as_ref().err().map(ToString::to_string),
        "pin": match pin {
            Pin::None => json!(null),
            Pin::Good { commit, version } => json!({ "commit": commit.to_string(), "version": version, "good": true }),
            Pin::Older { commit } => json!({ "commit": commit.to_string(), "version": null, "good": true }),
            Pin::Bad { commit, why, .. } => json!({ "commit": commit, "good": false, "why": why }),
        },
    })
}
