//! `liaison explain`

use crate::cli::args::Format;
use crate::cli::context::Context;
use crate::cli::exit::{Outcome, usage};
use crate::cli::format::{Listing, Shape, write_one};
use crate::findings::{Code, Stage};

/// Tell what a rule means, where it comes from, with an example that fires and one that does not
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  liaison explain                    All rules
  liaison explain deadline-missing   One rule")]
pub(crate) struct ExplainArgs {
    /// The rule's code; all rules, if none is given
    code: Option<String>,
    /// How the rule, or the list of rules, is printed
    #[arg(long, value_enum, default_value_t = Format::Table, value_name = "FORMAT")]
    format: Format,
}

/// Prints a rule's page, or the list of rules with how much each weighs.
pub(crate) fn run(args: &ExplainArgs, ctx: &mut Context) -> anyhow::Result<Outcome> {
    match &args.code {
        None => list(ctx, args.format)?,
        Some(text) => {
            let code = Code::parse(text).map_err(|error| usage(error.to_string(), near(text)))?;
            match args.format {
                Format::Table | Format::Text => write!(ctx.out, "{}", code.page())?,
                Format::Json => write_one(ctx, Shape::Json, &as_json(code))?,
                Format::Csv => write_one(ctx, Shape::Csv, &as_json(code))?,
            }
        }
    }
    Ok(Outcome::Done)
}

/// A rule with its page.
fn as_json(code: Code) -> serde_json::Value {
    let weight = |stage| code.severity(stage).as_str();
    serde_json::json!({
        "code": code.as_str(),
        "draft": weight(Stage::Draft),
        "sent": weight(Stage::Sent),
        "received": weight(Stage::Received),
        "imported": weight(Stage::Imported),
        "rule": code.summary(),
        "source": code.source(),
        "page": code.page(),
    })
}

fn list(ctx: &mut Context, format: Format) -> anyhow::Result<()> {
    let mut listing = Listing::new(&["code", "draft", "sent", "received", "imported", "rule", "source"]);
    for code in Code::ALL {
        let weight = |stage| code.severity(stage).as_str().into();
        listing.rows.push(vec![
            code.as_str().into(),
            weight(Stage::Draft),
            weight(Stage::Sent),
            weight(Stage::Received),
            weight(Stage::Imported),
            code.summary().into(),
            code.source().into(),
        ]);
    }
    listing.write(ctx, format)
}

/// Codes that share a word with what was asked for.
fn near(text: &str) -> String {
    let words: Vec<&str> = text.split('-').filter(|word| word.len() > 3).collect();
    let near: Vec<&str> = Code::ALL
        .iter()
        .map(|code| code.as_str())
        .filter(|code| words.iter().any(|word| code.contains(word)))
        .take(6)
        .collect();
    if near.is_empty() {
        "`liaison explain` lists all rules".into()
    } else {
        format!("did you mean {}?", near.join(", "))
    }
}
