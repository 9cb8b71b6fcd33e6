//! `liaison trust init` and `liaison trust rotate`

use crate::cli::args::TravelArgs;
use crate::cli::ask;
use crate::cli::commands::acting::told;
use crate::cli::commands::known::known_person;
use crate::cli::commands::person::key::chosen;
use crate::cli::commands::seal::file_changes;
use crate::cli::context::Context;
use crate::cli::desk::Desk;
use crate::cli::exit::{Outcome, refuse, refuse_with, usage};
use crate::cli::record_id::bound;
use crate::directory::edit::{Cell, Edit, edit, new_file};
use crate::directory::{Key, RootFile, RootHolder, TrustRoot, parse_root};
use crate::domain::{Digest, Word};
use crate::policy::{effective_version, root_standings};
use crate::shape::Sink;
use crate::store::{Change, Files as _, Record, Trust};

use super::{Signing, me_as_holder, tell, warn_of_one, write};

/// Where the root lies.
pub(super) const ROOT: &str = "trust/root.toml";

/// Begin the trust root: so many of these people together
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  liaison trust init --holder ada-example --holder rob-registrar --holder carla-sample --threshold 2
  liaison trust init --holder rob-registrar=SHA256:EUpDXs       Which key, where there are several

You are one of the holders, and sign first; the others sign with `liaison trust sign`.")]
pub(super) struct InitArgs {
    #[command(flatten)]
    wanted: Wanted,
}

/// Replace the trust root: other people, other keys, another threshold
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  liaison trust rotate --holder ada-example --holder carla-sample --holder theo-exemplo --threshold 2

You hold the present root, and sign first. As many of its holders as its threshold says must sign (`liaison trust sign`);
until then the present root counts. `liaison trust withdraw` takes back one that will not get its signatures.")]
pub(super) struct RotateArgs {
    #[command(flatten)]
    wanted: Wanted,
}

/// The root that is wanted.
#[derive(Debug, clap::Args)]
struct Wanted {
    /// Somebody who will hold it, with a key of the directory
    #[arg(long = "holder", value_name = "HANDLE[=KEY]", required = true)]
    holders: Vec<String>,
    /// How many of them must sign a change of the root; more than half, if none is given
    #[arg(long, value_name = "N")]
    threshold: Option<u64>,
    #[command(flatten)]
    travel: TravelArgs,
}

/// Writes the first version, signed by whoever begins it.
pub(super) fn init(args: &InitArgs, ctx: &mut Context) -> anyhow::Result<Outcome> {
    let desk = Desk::open(ctx)?;
    let record = desk.record()?;
    bound(ctx, &desk, &record)?;
    if desk.tree.read(ROOT)?.is_some() {
        return Err(refuse(
            "the record has a trust root already",
            "liaison trust show; liaison trust rotate replaces it, liaison trust withdraw takes back one that still waits",
        ));
    }
    let (root, text) = composed(ctx, &record, 1, &args.wanted)?;
    let by = me_as_holder(ctx, &desk, &record, &root)?;
    let change = Change::default().write(ROOT, text);
    if file_changes(ctx, &desk, &change)?.iter().any(|change| change.before.is_some()) {
        return Err(refuse(
            format!("the last commit holds {ROOT}, and the work tree does not"),
            "git restore trust brings it back; whoever begins anew commits its removal first",
        ));
    }
    finish(ctx, &desk, &record, (&by, &root), &root, change, args.wanted.travel)
}

/// Writes the next version beside the present one, signed by a holder of that.
pub(super) fn rotate(args: &RotateArgs, ctx: &mut Context) -> anyhow::Result<Outcome> {
    let desk = Desk::open(ctx)?;
    let record = desk.record()?;
    let trust = record.trust()?;
    let present = complete_root(&trust, &record)?;
    let signers = &present.root.value;
    let by = me_as_holder(ctx, &desk, &record, signers)?;
    let (root, text) = composed(ctx, &record, signers.version + 1, &args.wanted)?;
    let old = desk.tree.read(ROOT)?.unwrap_or_default();
    let kept = format!("trust/roots/{}.toml", signers.version);
    let change = Change::default().write(ROOT, text).write(kept, old);
    finish(ctx, &desk, &record, (&by, signers), &root, change, args.wanted.travel)
}

/// The present root, if it has all its signatures.
fn complete_root<'t>(trust: &'t Trust, record: &Record<'_>) -> anyhow::Result<&'t RootFile> {
    let Some(present) = &trust.root else {
        return Err(refuse(
            "the record has no trust root, or one that cannot be read",
            "liaison check; liaison trust init",
        ));
    };
    let standings = root_standings(present, &trust.former, &trust.acts, &record.settings)
        .map_err(|fault| refuse(fault.to_string(), "restore the file from history"))?;
    if effective_version(&standings) != Some(present.root.value.version) {
        return Err(refuse_with(
            Outcome::WaitsForPeople,
            format!("version {} of the trust root still lacks signatures", present.root.value.version),
            [
                "liaison trust show tells whose; liaison trust sign adds one".into(),
                "liaison trust withdraw takes it back, if it will not get them".into(),
            ],
        ));
    }
    Ok(present)
}

/// Shows the new root, asks, writes it with the first signature, and says what is missing.
fn finish(
    ctx: &mut Context,
    desk: &Desk,
    record: &Record<'_>,
    signer: (&Word, &TrustRoot),
    root: &TrustRoot,
    change: Change,
    travel: TravelArgs,
) -> anyhow::Result<Outcome> {
    tell(ctx, root)?;
    warn_of_one(ctx, root)?;
    let digest = change.write.iter().find(|(path, _)| path == ROOT).map(|(_, bytes)| Digest::of(bytes));
    let digest = digest.map(|digest| digest.to_string()).unwrap_or_default();
    if !ask::confirm(ctx, "sign and commit this root?")? {
        return Err(refuse_with(Outcome::WaitsForPeople, "nothing was written", []));
    }
    let changes = file_changes(ctx, desk, &change)?;
    let (by, signers) = signer;
    let message =
        format!("trust: version {} of the root, signed by {}", root.version, record.directory.name_of(by.as_str()));
    let signing = Signing { by, root: signers, changes: &changes, travel, message };
    let reached = write(ctx, desk, record, &signing, change)?;
    ctx.hint(told(&reached))?;
    if signers.threshold > 1 {
        let others = signers.holders.iter().filter(|holder| holder.handle != by.as_str());
        let names: Vec<&str> = others.map(|holder| record.directory.name_of(&holder.handle)).collect();
        ctx.hint(format!(
            "next: {} more of {} sign it with `liaison trust sign`",
            signers.threshold - 1,
            names.join(", ")
        ))?;
        ctx.hint(format!("let them compare its digest with you by another way: {digest}"))?;
    }
    if root.version == 1 {
        ctx.hint("then: liaison record-change vouches for the files that no act names yet")?;
    }
    Ok(Outcome::Done)
}

/// A root of these people, and its file.
fn composed(ctx: &Context, record: &Record<'_>, version: u64, wanted: &Wanted) -> anyhow::Result<(TrustRoot, String)> {
    let holders: Vec<RootHolder> =
        wanted.holders.iter().map(|text| holder(ctx, record, text)).collect::<anyhow::Result<_>>()?;
    let threshold = wanted.threshold.unwrap_or(holders.len() as u64 / 2 + 1);
    let mut text = new_file(&[("version", Cell::Number(version)), ("threshold", Cell::Number(threshold))]);
    for holder in &holders {
        let item = vec![("handle", Cell::Text(holder.handle.clone())), ("public", Cell::Text(holder.public.clone()))];
        text = edit(&text, &Edit::Append { list: "holder", item })?;
    }
    let mut sink = Sink::new(ROOT);
    match parse_root(text.as_bytes(), &mut sink) {
        Some(file) => Ok((file.root.value, text)),
        None => {
            let why = sink.findings.first().map(|finding| finding.message.clone()).unwrap_or_default();
            Err(usage(why, "give each --holder once, and a --threshold between 1 and their number"))
        }
    }
}

/// A holder with the key that is meant, or the only good one.
fn holder(ctx: &Context, record: &Record<'_>, text: &str) -> anyhow::Result<RootHolder> {
    let (handle, meant) = text.split_once('=').map_or((text, None), |(handle, key)| (handle, Some(key)));
    known_person(record, handle)?;
    let person = record.directory.people.get(handle).map(|person| &person.value);
    if person.is_some_and(|person| person.is_service) {
        return Err(refuse(format!("{handle} is a service, and a service holds no root"), "name a person"));
    }
    let keys = person.map(|person| person.keys.as_slice()).unwrap_or_default();
    let good: Vec<&Key> = keys.iter().filter(|key| key.is_ssh && key.is_good_on(ctx.now.day())).collect();
    let key = match (meant, good.as_slice()) {
        (Some(meant), _) => chosen(record, handle, meant).map(|(_, key)| key)?,
        (None, [one]) => one,
        (None, []) => {
            let help = format!("liaison person key add {handle} --ssh FILE.pub");
            return Err(refuse(format!("{handle} has no SSH key that is good today"), help));
        }
        (None, several) => {
            let help = format!("--holder {handle}=KEY; liaison person key list {handle} shows them");
            return Err(refuse(format!("{handle} has {} keys that are good today", several.len()), help));
        }
    };
    if !good.contains(&key) {
        return Err(refuse(format!("this key of {handle} is no SSH key that is good today"), "name another one"));
    }
    Ok(RootHolder { handle: handle.to_owned(), public: key.public.trim().to_owned() })
}
