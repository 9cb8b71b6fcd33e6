//! `liaison schema`

use std::path::{Path, PathBuf};

use crate::cli::args::Format;
use crate::cli::context::Context;
use crate::cli::exit::{Outcome, usage};
use crate::cli::format::{Listing, write_json};
use crate::cli::input::write_output;
use crate::cli::wording::counted;
use crate::schema::Kind;

/// Print the JSON Schema of a kind of file, for editors and other programs
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  liaison schema                         The kinds, and which files they are
  liaison schema statement               Prints the schema of letters
  liaison schema --out .schema           Writes all of them, for the editors of a record

A record that `liaison init` made tells editors about its .schema already; docs/editors.md has more.")]
pub(crate) struct SchemaArgs {
    /// The kind of file; without it the kinds are listed
    #[arg(value_name = "KIND", value_parser = kind_words())]
    kind: Option<String>,
    /// Write into this folder, as KIND.json: one kind, or all of them
    #[arg(long, value_name = "FOLDER")]
    out: Option<PathBuf>,
    /// How the kinds are listed
    #[arg(long, value_enum, default_value_t = Format::Table, conflicts_with_all = ["kind", "out"])]
    format: Format,
}

fn kind_words() -> clap::builder::PossibleValuesParser {
    Kind::ALL.map(|kind| clap::builder::PossibleValue::new(kind.as_str()).help(kind.title())).into()
}

/// Prints one, writes all, or lists them.
pub(crate) fn run(args: &SchemaArgs, ctx: &mut Context) -> anyhow::Result<Outcome> {
    let wanted = args.kind.as_deref().and_then(|word| Kind::ALL.into_iter().find(|kind| kind.as_str() == word));
    match (wanted, &args.out) {
        (Some(kind), None) => write_json(ctx, &kind.schema())?,
        (Some(kind), Some(folder)) => write_files(ctx, folder, &[kind])?,
        (None, Some(folder)) => write_files(ctx, folder, &Kind::ALL)?,
        (None, None) => list(ctx, args.format)?,
    }
    Ok(Outcome::Done)
}

fn list(ctx: &mut Context, format: Format) -> anyhow::Result<()> {
    let mut listing = Listing::new(&["kind", "files", "what"]).spare(&["what"]);
    listing.rows = Kind::ALL.map(|kind| vec![kind.as_str().into(), kind.paths().into(), kind.title().into()]).to_vec();
    listing.write(ctx, format)
}

fn write_files(ctx: &mut Context, folder: &Path, kinds: &[Kind]) -> anyhow::Result<()> {
    let full = ctx.folder.join(folder);
    std::fs::create_dir_all(&full)
        .map_err(|error| usage(format!("{} cannot be made: {error}", full.display()), "give another --out"))?;
    for kind in kinds {
        write_output(ctx, &folder.join(file_name(*kind)), &file_text(*kind)?, "--out")?;
    }
    writeln!(ctx.out, "{} written into {}", counted(kinds.len(), "schema"), full.display())?;
    ctx.hint("docs/editors.md tells how an editor finds them; commit them, so that everybody's does")
}

/// The file of a kind's schema.
pub(super) fn file_name(kind: Kind) -> String {
    format!("{kind}.json")
}

/// What is written into that file.
pub(super) fn file_text(kind: Kind) -> anyhow::Result<String> {
    Ok(serde_json::to_string_pretty(&kind.schema())? + "\n")
}
