//! `liaison person`

mod add;
pub(crate) mod key;
mod list;
mod show;

use crate::cli::context::Context;
use crate::cli::exit::Outcome;

/// Keep the people of the directory: who they are, and the keys they sign with
#[derive(Debug, clap::Args)]
#[command(
    disable_help_subcommand = true,
    after_help = "Examples:
  liaison person add jane-doe --name 'Jane Doe' --address jane@example.org
  liaison person key add jane-doe --ssh id_ed25519.pub
  liaison person list --role area-director
  liaison person show jane-doe"
)]
pub(crate) struct PersonArgs {
    #[command(subcommand)]
    command: PersonCommand,
}

#[derive(Debug, clap::Subcommand)]
enum PersonCommand {
    Add(add::AddArgs),
    Key(key::KeyArgs),
    List(list::ListArgs),
    Show(show::ShowArgs),
}

/// Runs one of the commands.
pub(crate) fn run(args: &PersonArgs, ctx: &mut Context) -> anyhow::Result<Outcome> {
    match &args.command {
        PersonCommand::Add(args) => add::run(args, ctx),
        PersonCommand::Key(args) => key::run(args, ctx),
        PersonCommand::List(args) => list::run(args, ctx),
        PersonCommand::Show(args) => show::run(args, ctx),
    }
}
