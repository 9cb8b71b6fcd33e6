//! `liaison approval-request`

use std::path::{Path, PathBuf};

use crate::check::Whole;
use crate::cli::context::Context;
use crate::cli::desk::{Desk, letter_name};
use crate::cli::exit::{Outcome, refuse, usage};
use crate::cli::input::write_output;
use crate::cli::record_id::bound;
use crate::cli::requests::keep;
use crate::digest::{act_id, act_text};
use crate::directory::{Holder, Key};
use crate::domain::{Act, ActKind, Address, Contact, RecordId, StatementName, Word};
use crate::mail::{HeaderText, Message, MessageId, Part, encode};
use crate::policy::{approvers, coverage};
use crate::signing::namespace;
use crate::store::Record;

use super::acting::in_role;
use super::approve::refuse_incomplete;
use super::known::known_person;
use super::notice::{from_of, into_outbox};
use super::preview::{Shown, messages, write_files, write_message};

/// Print what an approver who has only ssh-keygen reads and signs
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  liaison approval-request ech-in-5g                          For whoever is first to ask
  liaison approval-request ech-in-5g --approver ada-example
  liaison approval-request ech-in-5g --mail                   A mail to the approver, in the outbox
  liaison approval-request ech-in-5g --write request          The letter, act.txt and request.txt as files

The approver signs the act text with ssh-keygen and sends the block back by any way. Whoever gets it records it:
  liaison approve ech-in-5g --signature FILE")]
pub(crate) struct ApprovalRequestArgs {
    /// The letter
    #[arg(value_name = "ID")]
    letter: String,
    /// Who is asked; the first of those who could approve, if nobody is named
    #[arg(long, value_name = "HANDLE")]
    approver: Option<String>,
    /// Only for this From group; all that the approver has authority for, if none is given
    #[arg(long = "for", value_name = "GROUP")]
    groups: Vec<String>,
    /// Write the letter, act.txt and request.txt into this folder instead of printing them
    #[arg(long, value_name = "DIR")]
    write: Option<PathBuf>,
    /// Lay a mail to the approver into the outbox instead of printing
    #[arg(long, conflicts_with = "write")]
    mail: bool,
}

/// Makes the act text for one approver, keeps it in the clone, and shows it with the letter and the commands to type.
pub(crate) fn run(args: &ApprovalRequestArgs, ctx: &mut Context) -> anyhow::Result<Outcome> {
    let desk = Desk::open(ctx)?;
    let record = desk.record()?;
    let id = bound(ctx, &desk, &record)?.clone();
    let name = letter_name(&record, &args.letter)?;
    if !name.is_draft() {
        return Err(refuse(format!("{name} has its number; an approval comes before"), format!("liaison show {name}")));
    }
    let whole = Whole::around(&record, &name, None)?;
    let Some(overview) = whole.overview(&name, ctx.now)? else {
        return Err(refuse(format!("{name} cannot be read"), format!("liaison check {name}")));
    };
    refuse_incomplete(&overview)?;
    let content = &overview.letter.statement.value.content;
    let from: Vec<String> = content.from.groups.iter().map(ToString::to_string).collect();
    refuse_strange(&args.groups, &from, ctx, &record)?;
    let asked = if args.groups.is_empty() { from } else { args.groups.clone() };
    let (holder, groups) = approver(args, ctx, &record, &asked)?;
    let shown = messages(&record, &name, ctx)?;
    let mut act = in_role(Act::new(ActKind::Approve, handle(holder.person)?, ctx.now), Some(&holder))?;
    act.for_groups = groups.iter().filter_map(|group| Word::parse(group).ok().flatten()).collect();
    act.content = Some(shown.content);
    act.preview = Some(shown.preview);
    let subject = overview.letter.subject();
    let text = act_text(&act, &id, &subject);
    if let Ok(repo) = desk.repo(ctx) {
        keep(&repo, &act_id(&act, &id, &subject), &text)?;
    }
    let known = record.directory.people.get(holder.person).into_iter().flat_map(|person| &person.value.keys);
    let keys: Vec<&Key> = known.filter(|key| key.is_good_on(ctx.now.day())).collect();
    let approver = record.directory.name_of(holder.person);
    let request = Request { name: &name, text: &text, id: &id, approver, key: key_file(&keys) };
    match &args.write {
        Some(folder) => request.write(ctx, folder, &shown)?,
        None if args.mail => request.mail(ctx, &desk, &record, holder.person, &shown)?,
        None => request.print(ctx, &shown)?,
    }
    if keys.is_empty() {
        ctx.hint(format!(
            "the directory holds no key of {0} that is good today, so no signature of {0} proves anything yet",
            holder.person
        ))?;
        ctx.hint(format!("first: liaison person key add {} --ssh FILE.pub", holder.person))?;
    }
    ctx.hint(format!("next: {} signs it; liaison approve {name} --signature FILE records it", holder.person))?;
    Ok(Outcome::Done)
}

/// Who is asked, with the groups that this person covers.
fn approver<'r>(
    args: &ApprovalRequestArgs,
    ctx: &Context,
    record: &'r Record<'_>,
    asked: &[String],
) -> anyhow::Result<(Holder<'r>, Vec<String>)> {
    let (directory, settings, day) = (&record.directory, &record.settings, ctx.now.day());
    args.approver.as_deref().map_or(Ok(()), |person| known_person(record, person))?;
    let all: Vec<Holder<'r>> = asked.iter().flat_map(|group| approvers(group, directory, settings, day)).collect();
    let person = args.approver.clone().or_else(|| all.first().map(|holder| holder.person.to_owned()));
    let covered = person.map(|person| coverage(&person, "send", asked, directory, settings, day)).unwrap_or_default();
    covered.into_iter().next().ok_or_else(|| {
        let names: Vec<&str> = all.iter().map(|holder| holder.person).collect();
        refuse(
            match &args.approver {
                Some(person) => format!("{person} has no authority to approve for {} today", asked.join(", ")),
                None => format!("nobody has authority to approve for {} today", asked.join(", ")),
            },
            if names.is_empty() {
                "liaison contacts tells which row is missing".into()
            } else {
                format!("ask {}", names.join(", or "))
            },
        )
    })
}

/// The name that ssh-keygen gives to the file of a key like the approver's; nothing for who has only OpenPGP keys.
fn key_file(keys: &[&Key]) -> Option<&'static str> {
    let mut ssh = keys.iter().filter(|key| key.is_ssh);
    match (ssh.next(), keys.is_empty()) {
        (None, false) => None,
        (None, true) => Some("id_ed25519"),
        (Some(key), _) => Some(match key.public.split(' ').next().unwrap_or_default() {
            "ssh-rsa" => "id_rsa",
            "sk-ssh-ed25519@openssh.com" => "id_ed25519_sk",
            "sk-ecdsa-sha2-nistp256@openssh.com" => "id_ecdsa_sk",
            kind if kind.starts_with("ecdsa-") => "id_ecdsa",
            _ => "id_ed25519",
        }),
    }
}

/// Refuses a group that the directory does not know, or from which the letter does not come.
fn refuse_strange(asked: &[String], from: &[String], ctx: &Context, record: &Record<'_>) -> anyhow::Result<()> {
    let Some(group) = asked.iter().find(|group| !from.contains(group)) else { return Ok(()) };
    let message = match record.directory.group(group, ctx.now.day()) {
        Some(_) => format!("the letter does not come from `{group}`"),
        None => format!("`{group}` is no group of the directory"),
    };
    Err(usage(message, format!("the letter comes from {}", from.join(", "))))
}

/// What is sent to an approver.
struct Request<'a> {
    name: &'a StatementName,
    text: &'a str,
    id: &'a RecordId,
    approver: &'a str,
    /// Where the approver's SSH key usually lies; nothing for who signs with gpg.
    key: Option<&'static str>,
}

impl Request<'_> {
    /// What to do, in the approver's shell.
    fn instructions(&self) -> String {
        let (command, file) = match self.key {
            Some(key) => {
                (format!("ssh-keygen -Y sign -n {} -f ~/.ssh/{key} act.txt", namespace(self.id)), "act.txt.sig")
            }
            None => {
                let notation = format!("act@liaison.example={}", self.id);
                (format!("gpg --armor --detach-sign --sig-notation {notation} act.txt"), "act.txt.asc")
            }
        };
        format!(
            "Dear {},\n\nplease read the letter {}. If it may be sent as it is, save the lines from \"liaison-act-v1\" to \"at: ...\",\n\
             exactly as they are, as act.txt, sign them with the key that the record knows of you, and send {file} back:\n\n\
             \x20 {command}\n\n\
             The signature holds for exactly this letter. Who gets it records it: liaison approve {} --signature {file}\n",
            self.approver, self.name, self.name
        )
    }

    fn print(&self, ctx: &mut Context, shown: &Shown) -> anyhow::Result<()> {
        writeln!(ctx.out, "{}", self.instructions())?;
        writeln!(ctx.out, "{}", self.text)?;
        write_message(ctx, "The letter", &shown.statement, &[])
    }

    /// A mail to the approver: what to do, the act text, also as a file, and the letter's text. Answers go to whoever asks.
    fn mail(
        &self,
        ctx: &mut Context,
        desk: &Desk,
        record: &Record<'_>,
        person: &str,
        shown: &Shown,
    ) -> anyhow::Result<()> {
        let known = record.directory.people.get(person);
        let Some(address) = known.and_then(|person| person.value.addresses.first()) else {
            return Err(refuse(
                format!("the directory knows no address of {person}"),
                "liaison approval-request without --mail prints it",
            ));
        };
        let identity = desk.repo(ctx)?.identity()?;
        let answers = Contact { name: Some(identity.name), address: Address::parse(&identity.email)? };
        let stem = format!("{}.approval-request.{}", self.name, ctx.now.compact());
        let message = Message {
            from: from_of(&record.settings)?,
            to: vec![Contact { name: Some(self.approver.to_owned()), address: address.clone() }],
            reply_to: vec![answers],
            subject: HeaderText::new(&format!("Your approval is asked for: {}", shown.statement.subject))?,
            date: ctx.now.unix(),
            message_id: MessageId::parse(&format!("{stem}@{}", record.settings.mail.domain))?,
            in_reply_to: Vec::new(),
            extra: Vec::new(),
            text: format!("{}\n{}\n--- The letter ---\n\n{}", self.instructions(), self.text, shown.statement.text),
            parts: vec![Part {
                name: HeaderText::new("act.txt")?,
                mime: "text/plain".into(),
                bytes: self.text.as_bytes().to_vec(),
            }],
        };
        let place = into_outbox(ctx, &record.settings, &format!("{stem}.eml"), &encode(&message)?)?;
        writeln!(ctx.out, "{place}")?;
        ctx.hint("next: send it with your mail program")
    }

    fn write(&self, ctx: &mut Context, folder: &Path, shown: &Shown) -> anyhow::Result<()> {
        write_files(ctx, folder, shown)?;
        let folder = ctx.folder.join(folder);
        for (name, text) in
            [("act.txt", self.text.to_owned()), ("request.txt", format!("{}\n{}", self.instructions(), self.text))]
        {
            let path = write_output(ctx, &folder.join(name), &text, "--write")?;
            writeln!(ctx.out, "{}", path.display())?;
        }
        Ok(())
    }
}

fn handle(person: &str) -> anyhow::Result<Word> {
    Word::parse(person)?.ok_or_else(|| refuse("the approver has no handle", "liaison check"))
}
