//! `liaison act`

use crate::cli::args::Format;
use crate::cli::context::Context;
use crate::cli::desk::{Desk, letter_name};
use crate::cli::exit::{Outcome, refuse};
use crate::cli::format::Listing;
use crate::cli::redactions::proof_under;
use crate::digest::{act_id, act_text};
use crate::domain::{Act, ActKind, Digest, RecordId};
use crate::policy::Roots;
use crate::record::Letter;
use crate::shape::Located;
use crate::store::Record;

/// List a letter's acts, or print what the signature of one is made of
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  liaison act ech-in-5g                      The letter's acts, each with its id and how it is proven
  liaison act directory                      Those that changed the directory; likewise policy, trust
  liaison act c47fbef8 --text > act.txt      The text that was signed
  liaison act c47fbef8 --signature > act.sig
  ssh-keygen -Y verify -f allowed_signers -I ada-example -n liaison-act@RECORD-ID -Overify-time=20261124100000Z \\
    -s act.sig < act.txt

An act's id is the SHA-256 of its text; its beginning is enough. `liaison export allowed-signers` writes the keys, with the days
for which they count, and the verify time is what the text says at `at`. docs/approval.md, \"Signatures\", has all commands.")]
pub(crate) struct ActArgs {
    /// A letter, an act's id or the beginning of one, the path of an act's file, or directory, policy or trust
    #[arg(value_name = "ID")]
    what: String,
    /// Print the text of the act: what is signed
    #[arg(long, conflicts_with_all = ["signature", "format"])]
    text: bool,
    /// Print the act's signature
    #[arg(long, conflicts_with = "format")]
    signature: bool,
    /// How acts are listed
    #[arg(long, value_enum, default_value_t = Format::Table, value_name = "FORMAT")]
    format: Format,
}

/// Lists acts; with `--text` or `--signature` prints that of the one act that is meant.
pub(crate) fn run(args: &ActArgs, ctx: &mut Context) -> anyhow::Result<Outcome> {
    let desk = Desk::open(ctx)?;
    let record = desk.any_record()?;
    let Some(id) = record.settings.id.clone() else {
        return Err(refuse("the record has no id, so its acts have none", "liaison check"));
    };
    let acts = found(&record, &id, &args.what)?;
    if !args.text && !args.signature {
        let roots = record.trust()?.roots(&record.settings);
        return listing(&acts, &record, &roots, &id, args.format).write(ctx, args.format).map(|()| Outcome::Done);
    }
    let one = only(&acts, &id, args)?;
    if args.text {
        write!(ctx.out, "{}", act_text(&one.act.value, &id, &one.subject))?;
        return Ok(Outcome::Done);
    }
    let Some(signature) = &one.act.value.signature else {
        return Err(refuse(
            format!("{} bears no signature", one.act.file),
            "it is only asserted; its evidence tells more",
        ));
    };
    write!(ctx.out, "{signature}")?;
    Ok(Outcome::Done)
}

/// An act with the name that its signature is bound to.
struct Found {
    subject: String,
    act: Located<Act>,
}

impl Found {
    fn id(&self, record: &RecordId) -> Digest {
        act_id(&self.act.value, record, &self.subject)
    }
}

/// The acts that are meant: those of a letter, or the one of an id or a path.
fn found(record: &Record<'_>, id: &RecordId, what: &str) -> anyhow::Result<Vec<Found>> {
    let prefix = what.strip_prefix("sha256:").unwrap_or(what);
    let is_id = prefix.len() >= 6 && prefix.bytes().all(|b| b.is_ascii_hexdigit());
    let changes = record.trust()?.acts.into_iter();
    let changes = changes.map(|act| Found { subject: act.value.kind.to_string(), act });
    if ActKind::parse(what).is_some_and(|kind| kind.required_details() == ["changes"]) {
        return Ok(changes.filter(|one| one.subject == what).collect());
    }
    if !is_id && !what.contains("/acts/") && !what.starts_with("trust/") {
        let name = letter_name(record, what)?;
        return Ok(record.linked(&name)?.letters.remove(&name).map(acts_of).unwrap_or_default());
    }
    let (corpus, _) = record.corpus()?;
    let all = corpus.letters.into_values().flat_map(acts_of).chain(changes);
    let meant: Vec<Found> =
        all.filter(|one| one.act.file.ends_with(what) || (is_id && one.id(id).hex().starts_with(prefix))).collect();
    if meant.is_empty() {
        return Err(refuse(
            format!("no act has the id or the path {what}"),
            "liaison act LETTER lists a letter's acts",
        ));
    }
    Ok(meant)
}

fn acts_of(letter: Letter) -> Vec<Found> {
    let subject = letter.subject();
    letter.acts.into_iter().map(|act| Found { subject: subject.clone(), act }).collect()
}

/// The one act that is meant: the only one, or the only one that is signed.
fn only<'a>(acts: &'a [Found], id: &RecordId, args: &ActArgs) -> anyhow::Result<&'a Found> {
    let signed: Vec<&Found> = acts.iter().filter(|one| one.act.value.signature.is_some()).collect();
    match (acts, signed.as_slice()) {
        ([one], _) => Ok(one),
        (_, [one]) => Ok(*one),
        _ => {
            let ids: Vec<String> = acts
                .iter()
                .map(|one| format!("{} ({} by {})", one.id(id).short(12), one.act.value.kind, one.act.value.by))
                .collect();
            Err(refuse(
                format!("{} means {} acts: {}", args.what, acts.len(), ids.join(", ")),
                "give the beginning of one id",
            ))
        }
    }
}

/// A row an act; a table for people has the beginning of the id, which is enough, and no paths.
fn listing(acts: &[Found], record: &Record<'_>, roots: &Roots, id: &RecordId, format: Format) -> Listing {
    let is_table = format == Format::Table;
    let mut listing = Listing::new(&["at", "act", "by", "role", "of", "proof", "id"]).spare(&["of", "role", "proof"]);
    if !is_table {
        listing.columns.push("file");
    }
    for one in acts {
        let act = &one.act.value;
        let full = one.id(id);
        let mut row = vec![
            act.at.to_string().into(),
            act.kind.as_str().into(),
            act.by.as_str().into(),
            act.role.as_ref().map(ToString::to_string).into(),
            act.of.as_ref().map(ToString::to_string).into(),
            proof_under(roots, act, &one.subject, record).into(),
            if is_table { full.short(12).into() } else { full.to_string().into() },
        ];
        if !is_table {
            row.push(one.act.file.clone().into());
        }
        listing.rows.push(row);
    }
    listing
}
