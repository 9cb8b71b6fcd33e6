//! `liaison group`

mod add;
mod close;
mod list;
mod relocate;
mod show;

use crate::cli::context::Context;
use crate::cli::exit::Outcome;

/// Keep the bodies and groups of the directory, yours and others'
#[derive(Debug, clap::Args)]
#[command(
    disable_help_subcommand = true,
    after_help = "Examples:
  liaison group add tls --name 'Transport Layer Security' --kind working-group --parent sec
  liaison group move tls --to ops --since 2026-03-19
  liaison group close tls --on 2026-12-31
  liaison group show tls
  liaison group list --below sec"
)]
pub(crate) struct GroupArgs {
    #[command(subcommand)]
    command: GroupCommand,
}

#[derive(Debug, clap::Subcommand)]
enum GroupCommand {
    Add(add::AddArgs),
    Move(relocate::MoveArgs),
    Close(close::CloseArgs),
    Show(show::ShowArgs),
    List(list::ListArgs),
}

/// Runs one of the commands.
pub(crate) fn run(args: &GroupArgs, ctx: &mut Context) -> anyhow::Result<Outcome> {
    match &args.command {
        GroupCommand::Add(args) => add::run(args, ctx),
        GroupCommand::Move(args) => relocate::run(args, ctx),
        GroupCommand::Close(args) => close::run(args, ctx),
        GroupCommand::Show(args) => show::run(args, ctx),
        GroupCommand::List(args) => list::run(args, ctx),
    }
}
