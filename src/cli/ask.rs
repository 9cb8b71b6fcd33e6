//! Questions on a terminal. Every question has a flag; without a terminal nothing is ever asked.

use super::context::Context;
use super::exit::usage;

/// Asks for one line; without a terminal the flag is named that answers.
pub(crate) fn line(ctx: &Context, question: &str, proposal: Option<&str>, flag: &str) -> anyhow::Result<String> {
    if !ctx.interactive {
        return Err(usage(format!("{question} is not given"), format!("add {flag}")));
    }
    let mut input = dialoguer::Input::<String>::new().with_prompt(question).allow_empty(true);
    if let Some(proposal) = proposal {
        input = input.default(proposal.to_owned());
    }
    Ok(input.interact_text()?.trim().to_owned())
}

/// Asks for a word of the command line; the answer may be empty.
pub(crate) fn word(question: &str) -> anyhow::Result<String> {
    let answer: String = dialoguer::Input::new().with_prompt(question).allow_empty(true).interact_text()?;
    Ok(answer.trim().to_owned())
}

/// Asks for one of some choices; without a terminal the flag is named that answers.
pub(crate) fn choice(ctx: &Context, question: &str, choices: &[&str], flag: &str) -> anyhow::Result<String> {
    if !ctx.interactive {
        return Err(usage(format!("{question} is not given"), format!("add {flag}: one of {}", choices.join(", "))));
    }
    let chosen = dialoguer::Select::new().with_prompt(question).items(choices).default(0).interact()?;
    Ok(choices.get(chosen).copied().unwrap_or_default().to_owned())
}

/// Asks whether to go on; without a terminal, and with `--yes`, the answer is yes.
pub(crate) fn confirm(ctx: &Context, question: &str) -> anyhow::Result<bool> {
    if !ctx.interactive || ctx.yes {
        return Ok(true);
    }
    Ok(dialoguer::Confirm::new().with_prompt(question).default(false).interact()?)
}
