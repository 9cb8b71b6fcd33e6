//! `liaison person add`

use crate::cli::answers::{answer, line, need, read};
use crate::cli::commands::acting::told;
use crate::cli::commands::keeping::{KeepArgs, Keeper};
use crate::cli::commands::known::name;
use crate::cli::context::Context;
use crate::cli::desk::Desk;
use crate::cli::exit::{Outcome, refuse};
use crate::directory::edit::Cell;
use crate::domain::{Address, Slug};
use crate::rules::is_invented;

/// Add a person, or a service that records and never approves
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  liaison person add                       Asks for everything, on a terminal
  liaison person add jane-doe --name 'Jane Doe' --address jane@example.org
  liaison person add jane-doe --name 'Jane Doe' --address jane@example.org --address jane@uni.example
  liaison person add mail-robot --name 'Mail robot' --address robot@example.org --service

Their addresses tell whose commits are whose: give the one git uses (`git config user.email`) among them.")]
pub(crate) struct AddArgs {
    /// What they are called in files and commands, for life: a-z, 0-9 and hyphens
    #[arg(value_name = "HANDLE")]
    handle: Option<String>,
    /// Their name
    #[arg(long)]
    name: Option<String>,
    /// A mail address; the usual one first
    #[arg(long, value_name = "ADDRESS")]
    address: Vec<String>,
    /// A program, not a person
    #[arg(long)]
    service: bool,
    #[command(flatten)]
    keep: KeepArgs,
}

/// Writes the person's file.
pub(super) fn run(args: &AddArgs, ctx: &mut Context) -> anyhow::Result<Outcome> {
    let desk = Desk::open(ctx)?;
    let record = desk.record()?;
    let keeper = Keeper::new(ctx, &desk, &record, &args.keep)?;
    let answers = [
        (args.handle.is_some(), "HANDLE"),
        (args.name.is_some(), "--name NAME"),
        (!args.address.is_empty(), "--address ADDRESS"),
    ];
    need(ctx, "person add", &answers)?;
    let full = line("--name", &answer(ctx, args.name.as_deref(), "Name", None, "--name NAME")?)?;
    let proposal = Slug::of_title(&full).map(|slug| slug.to_string()).filter(|slug| !slug.starts_with("letter-"));
    let handle =
        name("HANDLE", &answer(ctx, args.handle.as_deref(), "Handle, for life", proposal.as_deref(), "HANDLE")?)?;
    let mut given = args.address.clone();
    if given.is_empty() {
        given.push(answer(ctx, None, "Mail address", None, "--address ADDRESS")?);
    }
    let directory = &record.directory;
    if directory.people.contains_key(&handle) {
        let message = format!("`{handle}` is {} already", directory.name_of(&handle));
        return Err(refuse(message, format!("liaison person show {handle}; for somebody else choose another handle")));
    }
    if !record.settings.example && is_invented(&handle, &full) {
        let message =
            format!("{full} (`{handle}`) is an invented person of the example, and this record is a real one");
        return Err(refuse(
            message,
            "give the handle and the name of a real person; liaison explain example-in-real-record",
        ));
    }
    let mut addresses: Vec<String> = Vec::new();
    for text in &given {
        let address = read("--address", text, |text| Address::parse(text.trim()).map(Some))?.to_string();
        if let Some(owner) = directory.person_by_address(&address) {
            let message = format!("{address} is an address of {} ({owner})", directory.name_of(owner));
            return Err(refuse(message, format!("an address tells who somebody is: liaison person show {owner}")));
        }
        if !addresses.contains(&address) {
            addresses.push(address);
        }
    }
    let kind = if args.service { "service" } else { "person" };
    let keys =
        [("name", Cell::Text(full.clone())), ("kind", Cell::Text(kind.into())), ("addresses", Cell::Texts(addresses))];
    let path = format!("directory/people/{handle}.toml");
    let reached = keeper.add(ctx, &path, &keys, &format!("person: add {handle}\n\n{full}"))?;
    writeln!(ctx.out, "{handle}: added")?;
    ctx.hint(told(&reached))?;
    ctx.hint(format!(
        "next: liaison role begin ROLE GROUP {handle}, and liaison person key add {handle} --ssh FILE.pub"
    ))?;
    Ok(Outcome::Done)
}
