//! `liaison digest`

use serde_json::json;

use crate::cli::context::Context;
use crate::cli::desk::{Desk, letter_name};
use crate::cli::exit::{Outcome, refuse};
use crate::cli::findings_text::write_findings;
use crate::cli::format::write_one;
use crate::cli::page::PageFormat;
use crate::digest::{content_digest, content_text};

/// Print the digest of a letter's content, or the text it is made of
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  liaison digest ls-2026-014                      The digest that approvals name
  liaison digest ls-2026-014 --text | sha256sum   Check it without trusting this program")]
pub(crate) struct DigestArgs {
    /// The letter
    #[arg(value_name = "ID")]
    letter: String,
    /// Print the text instead of its digest
    #[arg(long)]
    text: bool,
    /// How it is printed
    #[arg(long, value_enum, default_value_t = PageFormat::Text, value_name = "FORMAT")]
    format: PageFormat,
}

/// Works for every letter that can be read, whatever else is wrong with it.
pub(crate) fn run(args: &DigestArgs, ctx: &mut Context) -> anyhow::Result<Outcome> {
    let desk = Desk::open(ctx)?;
    let record = desk.any_record()?;
    let name = letter_name(&record, &args.letter)?;
    let letter = record.letter(&name)?.filter(crate::record::Letter::is_sound);
    let Some(letter) = letter else {
        let faults = record.letter(&name)?.map(|letter| letter.faults).unwrap_or_default();
        write_findings(ctx, desk.files(), &faults)?;
        return Err(refuse(
            format!("{name} has no digest: its file cannot be read as a letter"),
            format!("liaison check {name}"),
        ));
    };
    if let Some(redaction) = letter.redaction().filter(|_| !name.is_draft()) {
        let held = redaction.content.map(|digest| format!("; its content had the digest {digest}"));
        let message = format!("{name} was redacted, and has no content any more{}", held.unwrap_or_default());
        return Err(refuse(message, format!("liaison show {name}")));
    }
    let content = &letter.as_filed().value.content;
    if let Some(shape) = args.format.shape() {
        let (id, digest) = (name.to_string(), content_digest(content).to_string());
        let shown = match args.text {
            true => json!({ "id": id, "content": digest, "text": content_text(content) }),
            false => json!({ "id": id, "content": digest }),
        };
        write_one(ctx, shape, &shown)?;
    } else if args.text {
        write!(ctx.out, "{}", content_text(content))?;
    } else {
        writeln!(ctx.out, "{}", content_digest(content))?;
    }
    Ok(Outcome::Done)
}
