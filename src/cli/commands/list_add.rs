//! `liaison list add`

use clap::ValueEnum;

use crate::cli::answers::{answer, contact, need, read, url};
use crate::cli::context::Context;
use crate::cli::desk::Desk;
use crate::cli::exit::{Outcome, refuse};
use crate::directory::edit::Cell;
use crate::domain::Contact;

use super::acting::told;
use super::keeping::{KeepArgs, Keeper};
use super::known::{known_group, name};

/// Add a mailing list to the directory
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  liaison list add tls --address 'TLS <tls@example.org>' --group tls
  liaison list add ietf --address 'IETF discussion <ietf@example.org>' \\
    --owner ietf-owner@example.org --archive https://mailarchive.example.org/ietf/ \\
    --software mailman3 --group ietf")]
pub(crate) struct ListAddArgs {
    /// What the list is called in commands: a-z, 0-9 and hyphens
    #[arg(value_name = "NAME")]
    name: Option<String>,
    /// Where mail for the list goes, with its full name
    #[arg(long, value_name = "CONTACT")]
    address: Option<String>,
    /// Who owns it
    #[arg(long, value_name = "CONTACT")]
    owner: Vec<String>,
    /// Where its messages can be read
    #[arg(long, value_name = "URL")]
    archive: Option<String>,
    /// What runs it
    #[arg(long, value_enum)]
    software: Option<Software>,
    /// Whose list it is
    #[arg(long, value_name = "GROUP")]
    group: Option<String>,
    #[command(flatten)]
    keep: KeepArgs,
}

/// What runs a mailing list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Software {
    Mailman3,
    Mailman2,
    Sympa,
    GoogleGroups,
    Other,
}

/// Writes the list's file.
pub(super) fn run(args: &ListAddArgs, ctx: &mut Context) -> anyhow::Result<Outcome> {
    let desk = Desk::open(ctx)?;
    let record = desk.record()?;
    let keeper = Keeper::new(ctx, &desk, &record, &args.keep)?;
    need(ctx, "list add", &[(args.name.is_some(), "NAME"), (args.address.is_some(), "--address CONTACT")])?;
    let list = name("NAME", &answer(ctx, args.name.as_deref(), "Name of the list", None, "NAME")?)?;
    let address = answer(ctx, args.address.as_deref(), "Its address", None, "--address CONTACT")?;
    let address = read("--address", &address, Contact::parse)?;
    for (known, other) in &record.directory.lists {
        if *known == list || other.value.address.address.same_mailbox(&address.address) {
            let message = format!("the list `{known}` has the address {} already", other.value.address.address);
            return Err(refuse(
                message,
                format!("edit directory/lists/{known}.toml, or choose another name and address"),
            ));
        }
    }
    let mut keys = vec![("address", Cell::Text(address.address.to_string()))];
    keys.extend(address.name.map(|name| ("name", Cell::Text(name))));
    if !args.owner.is_empty() {
        let owners = args.owner.iter().map(|owner| contact("--owner", owner)).collect::<anyhow::Result<_>>()?;
        keys.push(("owners", Cell::Texts(owners)));
    }
    if let Some(archive) = &args.archive {
        keys.push(("archive", Cell::Text(url("--archive", archive)?)));
    }
    if let Some(software) = args.software.and_then(|software| software.to_possible_value()) {
        keys.push(("software", Cell::Text(software.get_name().to_owned())));
    }
    if let Some(group) = &args.group {
        let (group, _) = known_group(&record, group, ctx.now.day())?;
        keys.push(("group", Cell::Text(group.to_owned())));
    }
    let path = format!("directory/lists/{list}.toml");
    let reached = keeper.add(ctx, &path, &keys, &format!("list: add {list}"))?;
    writeln!(ctx.out, "{list}: added")?;
    ctx.hint(told(&reached))?;
    Ok(Outcome::Done)
}
