//! `liaison why`

use serde_json::json;

use crate::check::{Overview, Whole};
use crate::cli::args::Format;
use crate::cli::context::Context;
use crate::cli::desk::{Desk, letter_name};
use crate::cli::exit::{Outcome, refuse, usage};
use crate::cli::format::{terminal_safe, write_json};
use crate::cli::letter_json::signed_redaction_json;
use crate::cli::redactions::{behind_text, redaction_text};
use crate::config::Grade;
use crate::directory::Directory;
use crate::domain::Act;
use crate::history::Repo;
use crate::policy::{Behind, behind, departed_approval};
use crate::record::Letter;
use crate::store::Record;

use super::chain::{Chain, chain};

/// Tell why a letter may leave, or might: for each approval the chain from key to integration
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  liaison why ls-2026-014                  Who approved it, with which authority, and how that is proven
  liaison why ech-in-5g --format json

Each line is a link: key, person, term, row of the approval table, digest, commit, integration. What an approval is worth is
its weakest link. Roles and keys are those of the commit before the approval, not today's.")]
pub(crate) struct WhyArgs {
    /// The letter
    #[arg(value_name = "ID")]
    letter: String,
    /// How the chain is printed: table or json
    #[arg(long, value_enum, default_value_t = Format::Table, value_name = "FORMAT")]
    format: Format,
}

/// Prints the chain of every approval that counts, and who stands behind a removal; ends with 1 when there is none, or one has a
/// broken link.
pub(crate) fn run(args: &WhyArgs, ctx: &mut Context) -> anyhow::Result<Outcome> {
    if args.format == Format::Csv {
        return Err(usage("a chain has no rows", "--format table, text or json"));
    }
    let desk = Desk::open(ctx)?;
    let record = desk.record()?;
    let name = letter_name(&record, &args.letter)?;
    let whole = Whole::around(&record, &name, None)?;
    let Some(overview) = whole.overview(&name, ctx.now)? else {
        return Err(refuse(format!("{name} cannot be read"), format!("liaison check {name}")));
    };
    let letter = overview.letter;
    if !letter.statement.value.content.is_outgoing() {
        return Err(refuse(
            format!("{name} is another body's letter; we approve only ours"),
            format!("liaison show {name}"),
        ));
    }
    let repo = desk.repo(ctx).ok();
    let given = approvals(&overview, &record);
    let chains: Vec<Chain> =
        given.iter().map(|act| chain(act, letter, &record, repo.as_ref())).collect::<anyhow::Result<_>>()?;
    let behind = behind(letter, &whole.roots, &record.settings);
    let weakest = chains.iter().map(|chain| chain.grade).min();
    match args.format {
        Format::Json => write_json(ctx, &json(letter, behind.as_ref(), &chains, weakest))?,
        Format::Table | Format::Text | Format::Csv => {
            print(ctx, letter, &record.directory, behind.as_ref(), &chains, weakest, repo.as_ref())?;
        }
    }
    let is_removal_proven = behind.is_none_or(|behind| behind.is_enough());
    let is_whole = is_removal_proven && !chains.is_empty() && chains.iter().all(Chain::is_whole);
    Ok(if is_whole { Outcome::Done } else { Outcome::Findings })
}

/// The approvals that count: for the draft as it is, or for what left, with what ratified it since.
fn approvals(overview: &Overview<'_>, record: &Record<'_>) -> Vec<Act> {
    let departed = departed_approval(overview.letter, &record.directory, &record.settings);
    let judged = departed.as_ref().unwrap_or(&overview.approval);
    let mut acts: Vec<Act> = Vec::new();
    for act in judged.needs.iter().flat_map(|need| &need.given) {
        if !acts.contains(act) {
            acts.push((*act).clone());
        }
    }
    acts
}

fn json(letter: &Letter, behind: Option<&Behind<'_>>, chains: &[Chain], weakest: Option<Grade>) -> serde_json::Value {
    let link = |link: &super::chain::Link| json!({ "link": link.what, "holds": link.holds, "text": link.text, "place": link.place });
    json!({
        "version": 1,
        "id": letter.name.to_string(),
        "redacted": signed_redaction_json(letter, behind),
        "weakest": weakest.map(Grade::as_str),
        "approvals": chains.iter().map(|chain| json!({
            "approval": chain.title, "grade": chain.grade.as_str(), "holds": chain.is_whole(), "to-forge": chain.to_forge,
            "links": chain.links.iter().map(link).collect::<Vec<_>>(),
        })).collect::<Vec<_>>(),
    })
}

fn print(
    ctx: &mut Context,
    letter: &Letter,
    directory: &Directory,
    behind: Option<&Behind<'_>>,
    chains: &[Chain],
    weakest: Option<Grade>,
    repo: Option<&Repo>,
) -> anyhow::Result<()> {
    let title = letter.statement.value.content.title.as_ref().map(ToString::to_string).unwrap_or_default();
    let redacted = redaction_text(letter, directory).map(|told| format!("redacted {told}"));
    writeln!(ctx.out, "{}  {}", letter.name, redacted.unwrap_or_else(|| terminal_safe(&title)))?;
    if let Some(behind) = behind {
        let mark = if behind.is_enough() { " " } else { "!" };
        writeln!(ctx.out, " {mark} {:<12} {}", "holders", terminal_safe(&behind_text(behind, directory)))?;
    }
    for chain in chains {
        writeln!(ctx.out, "\n{}  [{}]", terminal_safe(&chain.title), chain.grade.as_str())?;
        for link in &chain.links {
            let mark = if link.holds { " " } else { "!" };
            let place = link.place.as_ref().map(|place| format!("  ({place})")).unwrap_or_default();
            writeln!(ctx.out, " {mark} {:<12} {}{place}", link.what, terminal_safe(&link.text))?;
        }
        writeln!(ctx.out, "   {:<12} {}", "to forge it", chain.to_forge)?;
    }
    match weakest {
        None => writeln!(ctx.out, "\nno approval counts; `liaison show {}` tells what is missing", letter.name)?,
        Some(grade) => writeln!(ctx.out, "\nweakest proof: {}", grade.as_str())?,
    }
    if repo.is_none() {
        ctx.hint("there is no git repository here: commit and integration are not told")?;
    }
    Ok(())
}
