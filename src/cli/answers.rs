//! The answers that a command needs: from its flags, on a terminal also by asking; every fault names its flag.

use chrono::NaiveDate;

use super::ask;
use super::context::Context;
use super::exit::usage;
use crate::domain::time::parse_date;
use crate::domain::{Contact, Line, Malformed};

const EXAMPLES: &str = "the same command with --help shows examples";

/// Without a terminal, names everything that is missing at once, with the whole command to type.
pub(crate) fn need(ctx: &Context, command: &str, answers: &[(bool, &str)]) -> anyhow::Result<()> {
    let missing: Vec<&str> = answers.iter().filter(|(is_given, _)| !is_given).map(|(_, flag)| *flag).collect();
    if ctx.interactive || missing.is_empty() {
        return Ok(());
    }
    let all: Vec<&str> = answers.iter().map(|(_, flag)| *flag).collect();
    let help = format!("liaison {command} {}; `liaison {command} --help` shows examples", all.join(" "));
    Err(usage(format!("not given: {}", missing.join(", ")), help))
}

/// The answer of a flag, else of a question.
pub(crate) fn answer(
    ctx: &Context,
    given: Option<&str>,
    question: &str,
    proposal: Option<&str>,
    flag: &str,
) -> anyhow::Result<String> {
    let text = match given {
        Some(text) => text.to_owned(),
        None => ask::line(ctx, question, proposal, flag)?,
    };
    if text.trim().is_empty() { Err(usage(format!("{flag} is empty"), "give it a value")) } else { Ok(text) }
}

/// The value of a flag, read.
pub(crate) fn read<T>(
    flag: &str,
    text: &str,
    parse: impl Fn(&str) -> Result<Option<T>, Malformed>,
) -> anyhow::Result<T> {
    match parse(text) {
        Ok(Some(value)) => Ok(value),
        Ok(None) => Err(usage(format!("{flag} is empty"), "leave it out, or give it a value")),
        Err(error) => Err(usage(format!("{flag}: {error}"), EXAMPLES)),
    }
}

/// One line of text.
pub(crate) fn line(flag: &str, text: &str) -> anyhow::Result<String> {
    Ok(read(flag, text, Line::parse)?.as_str().to_owned())
}

/// The day of a flag, or another one.
pub(crate) fn day(flag: &str, text: Option<&str>, otherwise: NaiveDate) -> anyhow::Result<NaiveDate> {
    text.map_or(Ok(otherwise), |text| read(flag, text, parse_date))
}

/// The day after today: by itself an end takes effect then, so that what was done today counts.
pub(crate) fn tomorrow(ctx: &Context) -> NaiveDate {
    let today = ctx.now.day();
    today.succ_opt().unwrap_or(today)
}

/// A contact as directory files write it: `Name <address>`, or the address alone.
pub(crate) fn contact(flag: &str, text: &str) -> anyhow::Result<String> {
    let contact = read(flag, text, Contact::parse)?;
    Ok(if contact.name.is_some() { contact.to_string() } else { contact.address.to_string() })
}

/// An address of the web.
pub(crate) fn url(flag: &str, text: &str) -> anyhow::Result<String> {
    let url = line(flag, text)?;
    if url.contains(char::is_whitespace) || !(url.starts_with("https://") || url.starts_with("http://")) {
        let error = Malformed::new(&url, "an address such as `https://example.org/page`");
        return Err(usage(format!("{flag}: {error}"), EXAMPLES));
    }
    Ok(url)
}
