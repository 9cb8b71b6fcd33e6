//! `liaison group show`

use chrono::NaiveDate;
use serde_json::{Value, json};

use crate::cli::answers::day;
use crate::cli::commands::known::known_group;
use crate::cli::context::Context;
use crate::cli::desk::Desk;
use crate::cli::exit::Outcome;
use crate::cli::format::write_one;
use crate::cli::page::{Page, PageFormat};
use crate::cli::present::{holder_text, term_text};
use crate::directory::{Dated, Group};
use crate::domain::Contact;
use crate::policy::{approvers, row_for};
use crate::store::Record;

/// Show a group: what is above it, its addresses, who holds its roles, and who approves its letters
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  liaison group show tls
  liaison group show tls --on 2025-01-15
  liaison group show 3gpp --format json")]
pub(crate) struct ShowArgs {
    /// The group
    #[arg(value_name = "ACRONYM")]
    acronym: String,
    /// As it was on this day instead of today
    #[arg(long, value_name = "DATE")]
    on: Option<String>,
    /// How it is printed
    #[arg(long, value_enum, default_value_t = PageFormat::Text, value_name = "FORMAT")]
    format: PageFormat,
}

/// A group on a day.
struct Seen<'r> {
    record: &'r Record<'r>,
    acronym: &'r str,
    group: &'r Group,
    day: NaiveDate,
}

/// Prints a group's facts on a day.
pub(super) fn run(args: &ShowArgs, ctx: &mut Context) -> anyhow::Result<Outcome> {
    let desk = Desk::open(ctx)?;
    let record = desk.record()?;
    let day = day("--on", args.on.as_deref(), ctx.now.day())?;
    let (acronym, group) = known_group(&record, &args.acronym, day)?;
    let seen = Seen { record: &record, acronym, group, day };
    match args.format.shape() {
        None => seen.page().print(ctx)?,
        Some(shape) => write_one(ctx, shape, &seen.json())?,
    }
    Ok(Outcome::Done)
}

impl Seen<'_> {
    fn page(&self) -> Page {
        let (directory, group, day) = (&self.record.directory, self.group, self.day);
        let mut page = Page::new(format!("{}  {}", self.acronym, directory.group_name(self.acronym, day)));
        page.fact("Kind", Some(group.kind.clone()));
        page.fact("Acronym", group.acronym.on(day).cloned());
        page.fact("Above it", Some(directory.above(self.acronym, day).join(" < ")));
        page.fact("State", group.is_closed(day).then(|| self.closed()));
        page.fact("List", self.contact(&group.list));
        page.fact("Send-To", self.contact(&group.send_to));
        page.fact("Send-Reply-To", self.contact(&group.send_reply_to));
        for (role, contact) in &group.addresses {
            page.fact(&format!("For {role}"), Some(contact.to_string()));
        }
        page.fact("Page", group.uri.clone());
        let held = group.roles.iter().filter(|held| held.term.holds_on(day));
        let line = |held: &crate::directory::RoleTerm| {
            let person = format!("{} ({})", directory.name_of(&held.person), held.person);
            format!("{:<20} {person}  {}", held.role, term_text(&held.term))
        };
        page.section(&format!("Roles on {day}"), held.map(line));
        if self.is_ours() {
            page.section("Approves its letters, any of", self.approvers());
        }
        page
    }

    /// "closed since 2026-01-01"; a group that always was has no day.
    fn closed(&self) -> String {
        let since = self.group.state.since(self.day);
        since.map_or_else(|| "closed".to_owned(), |since| format!("closed since {since}"))
    }

    /// Who approves, a line each; where nobody does, the reason.
    fn approvers(&self) -> Vec<String> {
        let (directory, settings) = (&self.record.directory, &self.record.settings);
        let who = approvers(self.acronym, directory, settings, self.day);
        match row_for("send", self.acronym, directory, settings, self.day) {
            Some(row) if who.is_empty() => {
                let roles: Vec<&str> = row.any_of.iter().map(|authority| authority.role.as_str()).collect();
                vec![format!(
                    "nobody: {} is not held by anybody who counts for it; liaison role begin",
                    roles.join(" or ")
                )]
            }
            Some(_) => who.iter().map(|holder| holder_text(holder, directory)).collect(),
            None => {
                let kind = &self.group.kind;
                vec![format!("nobody: the approval table has no row for the kind {kind}; add one to liaison.toml")]
            }
        }
    }

    fn is_ours(&self) -> bool {
        self.record.directory.is_below(self.acronym, &self.record.settings.organization, self.day)
    }

    fn contact(&self, dated: &Dated<Contact>) -> Option<String> {
        dated.on(self.day).map(ToString::to_string)
    }

    fn json(&self) -> Value {
        let (directory, group, day) = (&self.record.directory, self.group, self.day);
        let who =
            if self.is_ours() { approvers(self.acronym, directory, &self.record.settings, day) } else { Vec::new() };
        json!({
            "acronym": self.acronym,
            "name": group.name.on(day),
            "kind": group.kind,
            "above": directory.above(self.acronym, day),
            "state": if group.is_closed(day) { "closed" } else { "active" },
            "state-since": group.state.since(day).map(|since| since.to_string()),
            "list": self.contact(&group.list),
            "send-to": self.contact(&group.send_to),
            "send-reply-to": self.contact(&group.send_reply_to),
            "addresses": group.addresses.iter().map(|(role, contact)| (role.clone(), json!(contact.to_string()))).collect::<serde_json::Map<_, _>>(),
            "uri": group.uri,
            "roles": group.roles.iter().filter(|held| held.term.holds_on(day)).map(|held| json!({
                "role": held.role,
                "person": held.person,
                "name": directory.name_of(&held.person),
                "since": held.term.since.map(|since| since.to_string()),
                "until": held.term.until.map(|until| until.to_string()),
            })).collect::<Vec<_>>(),
            "approvers": who.iter().map(|holder| json!({
                "person": holder.person, "role": holder.role, "group": holder.group,
            })).collect::<Vec<_>>(),
        })
    }
}
