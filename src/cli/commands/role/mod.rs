//! `liaison role`

mod begin;
mod end;
mod list;

use crate::cli::context::Context;
use crate::cli::exit::Outcome;
use crate::directory::{Group, RoleTerm};

/// Record who holds which role of a group, from which day to which
#[derive(Debug, clap::Args)]
#[command(
    disable_help_subcommand = true,
    after_help = "Examples:
  liaison role begin area-director sec ada-example --since 2024-03-21
  liaison role end area-director sec ada-example --until 2026-03-19
  liaison role list sec
  liaison role list --on 2025-01-15

Authority is judged by the day: whoever held the role on the day of an act had it, whatever changed since."
)]
pub(crate) struct RoleArgs {
    #[command(subcommand)]
    command: RoleCommand,
}

#[derive(Debug, clap::Subcommand)]
enum RoleCommand {
    Begin(begin::BeginArgs),
    End(end::EndArgs),
    List(list::ListArgs),
}

/// Runs one of the commands.
pub(crate) fn run(args: &RoleArgs, ctx: &mut Context) -> anyhow::Result<Outcome> {
    match &args.command {
        RoleCommand::Begin(args) => begin::run(args, ctx),
        RoleCommand::End(args) => end::run(args, ctx),
        RoleCommand::List(args) => list::run(args, ctx),
    }
}

/// The terms of a person in a role of a group.
fn terms<'g>(group: &'g Group, role: &str, person: &str) -> impl Iterator<Item = &'g RoleTerm> {
    group.roles.iter().filter(move |term| term.role == role && term.person == person)
}
