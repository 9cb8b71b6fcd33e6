//! `liaison completions`

use clap::CommandFactory as _;
use clap_complete::Shell;

use crate::cli::Cli;
use crate::cli::context::Context;
use crate::cli::exit::Outcome;

/// Print the completions of a shell
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  liaison completions bash > ~/.local/share/bash-completion/completions/liaison
  liaison completions zsh > ~/.zfunc/_liaison
  liaison completions fish > ~/.config/fish/completions/liaison.fish")]
pub(crate) struct CompletionsArgs {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

/// Prints what the shell's completion reads.
pub(crate) fn run(args: &CompletionsArgs, ctx: &mut Context) -> anyhow::Result<Outcome> {
    clap_complete::generate(args.shell, &mut Cli::command(), "liaison", &mut ctx.out);
    Ok(Outcome::Done)
}
