//! `liaison new`

use std::path::PathBuf;

use anyhow::Context as _;

use crate::check::Whole;
use crate::cli::answers::answer;
use crate::cli::args::TravelArgs;
use crate::cli::ask;
use crate::cli::context::Context;
use crate::cli::desk::{Desk, letter_name, me, recorder};
use crate::cli::exit::{Outcome, usage};
use crate::cli::input::{Limit, given, read_input, read_input_or_stdin, refuse_sum, text_of};
use crate::cli::signature::sign_fact;
use crate::cli::travel::Traveller;
use crate::domain::time::parse_date;
use crate::domain::{
    Act, ActKind, Attachment, Consensus, Contact, Content, Digest, Direction, Document, Line, Link, Purpose, Receiver,
    Sender, Slug, Statement, StatementName, Text, Word,
};
use crate::findings::Severity;
use crate::policy::{Reached, from_contacts, send_reply_to, send_to, to_contacts};
use crate::record::statement_yaml;
use crate::store::{Change, Record, act_path, free_slug};

use super::acting::{ActorArgs, best_role, in_role, sound_act, told};
use super::contacts::{known_groups, tell_unknown};

/// Begin a letter; contacts are filled in from the directory
#[derive(Debug, Clone, Default, clap::Args)]
#[command(after_help = "Examples:
  liaison new                          Asks for everything, on a terminal
  liaison new --from tls --to 3gpp-sa3 --title 'ECH in 5G core networks' --purpose for-action --deadline 2026-12-20
  liaison new --from tls --to w3c --title 'TLS 1.4' --purpose for-information --body text.txt --attach profile.pdf
  liaison new --from mpls --from ccamp --to itu-t-sg15 --title 'MPLS work' --purpose for-information --body - < text.txt")]
pub(crate) struct NewArgs {
    /// A group the letter comes from
    #[arg(long, value_name = "GROUP")]
    pub(crate) from: Vec<String>,
    /// A group the letter goes to; a body the directory does not know is written as its name
    #[arg(long, value_name = "GROUP")]
    pub(crate) to: Vec<String>,
    /// The title, one line
    #[arg(long)]
    pub(crate) title: Option<String>,
    /// for-information, for-action or in-response
    #[arg(long)]
    pub(crate) purpose: Option<String>,
    /// Until when, anywhere on earth
    #[arg(long, value_name = "DATE")]
    pub(crate) deadline: Option<String>,
    /// The text: a file, or - for standard input
    #[arg(long, value_name = "FILE|-")]
    pub(crate) body: Option<PathBuf>,
    /// A file to send along
    #[arg(long, value_name = "FILE")]
    pub(crate) attach: Vec<PathBuf>,
    /// A letter this one answers: its number
    #[arg(long, value_name = "ID")]
    pub(crate) in_response_to: Vec<String>,
    /// A letter of ours this one revises: its number
    #[arg(long, value_name = "ID")]
    pub(crate) revises: Vec<String>,
    /// The level of consensus, such as working-group or none-claimed
    #[arg(long, value_name = "LEVEL")]
    pub(crate) consensus: Option<String>,
    /// Where the consensus was called or is documented
    #[arg(long, value_name = "URL")]
    pub(crate) evidence: Vec<String>,
    /// A document the letter is about, with its status
    #[arg(long, value_name = "NAME=STATUS")]
    pub(crate) document: Vec<String>,
    /// An address to send to, besides those of the directory
    #[arg(long, value_name = "CONTACT")]
    pub(crate) to_contact: Vec<String>,
    /// The language of the text, such as fr
    #[arg(long, value_name = "TAG")]
    pub(crate) language: Option<String>,
    /// The draft's name, for life; made of the title, if none is given
    #[arg(long)]
    pub(crate) slug: Option<String>,
    /// With several organizations in --to: one letter to each
    #[arg(long, conflicts_with = "together")]
    pub(crate) separate: bool,
    /// With several organizations in --to: one letter to all
    #[arg(long)]
    pub(crate) together: bool,
    #[command(flatten)]
    pub(crate) actor: ActorArgs,
    #[command(flatten)]
    pub(crate) travel: TravelArgs,
}

/// Writes the draft, or one draft an organization.
pub(crate) fn run(args: &NewArgs, ctx: &mut Context) -> anyhow::Result<Outcome> {
    let desk = Desk::open(ctx)?;
    let record = desk.record()?;
    let mut args = args.clone();
    ask_for_missing(&mut args, ctx, &record)?;
    let body = match &args.body {
        None => Vec::new(),
        Some(path) => read_input_or_stdin(ctx, path, Limit::text(&record.settings.limits))?,
    };
    tell_unknown(ctx, &record, &args.to, ctx.now.day())?;
    let bodies = by_organization(&args.to, &record, ctx);
    if bodies.len() < 2 || args.together {
        return begin(&args, &args.to.clone(), &body, ctx, &desk);
    }
    let question = "the receivers belong to several organizations; begin one letter to each?";
    let separate = args.separate || (ctx.interactive && ask::confirm(ctx, question)?);
    if !separate {
        let each = bodies.iter().map(|groups| format!("--to {}", groups.join(" --to "))).collect::<Vec<_>>();
        return Err(usage(
            format!("the receivers belong to {} organizations, and separate letters reach them better", bodies.len()),
            format!("add --separate for one letter each ({}), or --together for one to all", each.join("; ")),
        ));
    }
    for groups in bodies {
        begin(&args, &groups, &body, ctx, &desk)?;
    }
    Ok(Outcome::Done)
}

fn ask_for_missing(args: &mut NewArgs, ctx: &Context, record: &Record<'_>) -> anyhow::Result<()> {
    let words =
        |text: String| text.split([',', ' ']).filter(|word| !word.is_empty()).map(str::to_owned).collect::<Vec<_>>();
    if args.from.is_empty() {
        args.from = words(answer(ctx, None, "The group it comes from (acronym)", None, "--from GROUP")?);
    }
    if args.to.is_empty() {
        args.to = words(answer(ctx, None, "The group it goes to (acronym)", None, "--to GROUP")?);
    }
    if args.title.is_none() {
        args.title = Some(answer(ctx, None, "Title", None, "--title TITLE")?);
    }
    if args.purpose.is_none() {
        let answers = !args.in_response_to.is_empty();
        args.purpose = if answers {
            Some("in-response".into())
        } else {
            Some(ask::choice(ctx, "Purpose", &Purpose::KNOWN, "--purpose PURPOSE")?)
        };
    }
    if args.purpose.as_deref() == Some("for-action") && args.deadline.is_none() && ctx.interactive {
        args.deadline =
            Some(ask::line(ctx, "Until when (YYYY-MM-DD)", None, "--deadline DATE")?).filter(|text| !text.is_empty());
    }
    for group in &args.from {
        if record.directory.group(group, ctx.now.day()).is_none() {
            return Err(usage(format!("`{group}` is no group of the directory"), known_groups(record, group)));
        }
    }
    Ok(())
}

/// The receiving groups, those of one organization together; bodies that nobody knows each alone.
fn by_organization(to: &[String], record: &Record<'_>, ctx: &Context) -> Vec<Vec<String>> {
    let mut bodies: Vec<(String, Vec<String>)> = Vec::new();
    for group in to {
        let body = record.directory.organization(group, ctx.now.day()).unwrap_or(group).to_owned();
        match bodies.iter_mut().find(|(known, _)| *known == body) {
            Some((_, groups)) => groups.push(group.clone()),
            None => bodies.push((body, vec![group.clone()])),
        }
    }
    bodies.into_iter().map(|(_, groups)| groups).collect()
}

fn begin(args: &NewArgs, to: &[String], body: &[u8], ctx: &mut Context, desk: &Desk) -> anyhow::Result<Outcome> {
    let record = desk.record()?;
    let day = ctx.now.day();
    let by = me(&record.directory, ctx, desk, args.actor.actor.as_deref())?;
    let title = given("--title", Line::parse(args.title.as_deref().unwrap_or_default()))?;
    let slug = match (&args.slug, &title) {
        (Some(slug), _) => free_slug(&record, &given("--slug", Slug::parse(slug))?),
        (None, Some(title)) => {
            let named = Slug::of_title(title.as_str()).map(|slug| free_slug(&record, &slug));
            named.or_else(|| numbered_slug(&record)).context("the title gives no name; add --slug NAME")?
        }
        (None, None) => return Err(usage("the letter has no title", "add --title TITLE, or --slug NAME")),
    };
    let name = StatementName::Draft(slug.clone());
    let mut change = Change::default();
    let mut attachments = Vec::new();
    let mut sum = 0;
    for path in &args.attach {
        let bytes = read_input(ctx, path, Limit::attachment(&record.settings.limits))?;
        sum += bytes.len() as u64;
        refuse_sum(sum, &record.settings.limits)?;
        let given = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let taken: Vec<String> = attachments
            .iter()
            .filter_map(|attachment: &Attachment| attachment.file.as_ref().map(ToString::to_string))
            .collect();
        let file = crate::mail::safe_name(&given, &taken);
        attachments.push(Attachment {
            title: if file == given { None } else { Line::parse(&given)? },
            sha256: Some(Digest::of(&bytes)),
            url: None,
            file: Line::parse(&file)?,
        });
        change = change.write(format!("{}/{file}", name.stem()), bytes);
    }
    let answered = links(&args.in_response_to, &record)?;
    let reached = |reached: Vec<Reached>| reached.into_iter().map(|one| one.contact).collect::<Vec<Contact>>();
    let mut to_contact = reached(to_contacts(to, &record.directory, &record.settings, day));
    for contact in &args.to_contact {
        let contact = given("--to-contact", Contact::parse(contact))?;
        contact.into_iter().for_each(|contact| add_once(&mut to_contact, contact));
    }
    let reply_to = original_reply_to(&answered, &record)?;
    let content = Content {
        direction: Some(Direction::Outgoing),
        title,
        language: given("--language", args.language.as_deref().map(Line::parse).transpose())?.flatten(),
        from: Sender {
            groups: lines("--from", &args.from)?,
            contacts: reached(from_contacts(&args.from, to, &record.directory, &record.settings, day)),
            send_reply_to: send_reply_to(&args.from, to, &record.directory, &record.settings, day)
                .map(|one| one.contact),
        },
        to: Receiver {
            groups: lines("--to", to)?,
            contacts: to_contact,
            send_to: reply_to.or_else(|| send_to(to, &record.directory, day).map(|one| one.contact)),
        },
        purpose: given("--purpose", args.purpose.as_deref().map(Purpose::parse).transpose())?.flatten(),
        deadline: given("--deadline", args.deadline.as_deref().map(parse_date).transpose())?.flatten(),
        in_response_to: answered,
        revises: links(&args.revises, &record)?,
        consensus: Consensus {
            level: given("--consensus", args.consensus.as_deref().map(Word::parse).transpose())?.flatten(),
            evidence: lines("--evidence", &args.evidence)?,
        },
        documents: args.document.iter().map(|text| document(text)).collect::<anyhow::Result<_>>()?,
        body: given("--body", Text::parse(&text_of(body.to_vec(), "the text")?))?,
        attachments,
        ..Content::default()
    };
    let statement = Statement { content, ..Statement::default() };
    let groups: Vec<&str> = args.from.iter().map(String::as_str).collect();
    let role = best_role(by.as_str(), &groups, &record, day);
    let role = role.or_else(|| record.directory.roles_of(by.as_str(), day).into_iter().next());
    let mut act = in_role(Act::new(ActKind::Draft, by.clone(), ctx.now), role.as_ref())?;
    act.recorded_by = recorder(&record.directory, ctx, desk, &by);
    act.for_groups = args.from.iter().filter_map(|group| Word::parse(group).ok().flatten()).collect();
    if let Ok(repo) = desk.repo(ctx)
        && let Some(told) = sign_fact(ctx, &repo, &record, &name.to_string(), &mut act)?
    {
        ctx.hint(told)?;
    }
    let yaml = statement_yaml(&statement)?;
    Limit::text(&record.settings.limits).read(yaml.as_bytes(), "the letter", None)?;
    let change = change.write(name.path(), yaml).write(act_path(&name, &act), sound_act(&act)?);
    let traveller = Traveller { settings: &record.settings, args: args.travel, letter: Some(&name) };
    let message = super::acting::message(&act, &name, &record);
    let reached = traveller.go(ctx, desk, &change, &message)?;
    writeln!(ctx.out, "{name}")?;
    ctx.hint(told(&reached))?;
    tell_errors(ctx, desk, &name)?;
    ctx.hint(format!("next: liaison edit {name}, liaison check {name}, liaison preview {name}"))?;
    Ok(Outcome::Done)
}

/// Adds a contact, unless its mailbox is there; a name that was not known is taken over.
fn add_once(contacts: &mut Vec<Contact>, contact: Contact) {
    match contacts.iter_mut().find(|known| known.address.same_mailbox(&contact.address)) {
        Some(known) => known.name = known.name.take().or(contact.name),
        None => contacts.push(contact),
    }
}

/// What is wrong with the new draft already, and not only missing.
fn tell_errors(ctx: &mut Context, desk: &Desk, name: &StatementName) -> anyhow::Result<()> {
    let record = desk.record()?;
    let findings = Whole::around(&record, name, None)?.judge(name, ctx.now)?;
    for finding in findings.iter().filter(|finding| finding.severity == Severity::Error) {
        ctx.hint(format!("error: {} [{}]", finding.message, finding.code))?;
    }
    Ok(())
}

/// A free name for a title that has no ASCII letters: `letter-1`, `letter-2` …
fn numbered_slug(record: &Record<'_>) -> Option<Slug> {
    let mut numbered = (1..).map_while(|number| Slug::parse(&format!("letter-{number}")).ok());
    numbered.find(|slug| free_slug(record, slug) == *slug)
}

/// The original's send-reply-to, where a reply goes (LS-40).
fn original_reply_to(links: &[Link], record: &Record<'_>) -> anyhow::Result<Option<Contact>> {
    for name in links.iter().filter_map(Link::here) {
        if let Some(contact) = record.letter(name)?.and_then(|letter| letter.statement.value.content.from.send_reply_to)
        {
            return Ok(Some(contact));
        }
    }
    Ok(None)
}

fn links(parts: &[String], record: &Record<'_>) -> anyhow::Result<Vec<Link>> {
    parts.iter().map(|part| letter_name(record, part).map(Link::Here)).collect()
}

fn lines(option: &str, texts: &[String]) -> anyhow::Result<Vec<Line>> {
    let read: Result<Vec<Option<Line>>, _> = texts.iter().map(|text| Line::parse(text)).collect();
    Ok(given(option, read)?.into_iter().flatten().collect())
}

fn document(text: &str) -> anyhow::Result<Document> {
    let (name, status) = text.split_once('=').map_or((text, None), |(name, status)| (name, Some(status)));
    let status = given("--document", status.map(Word::parse).transpose())?.flatten();
    Ok(Document { name: given("--document", Line::parse(name))?, status, url: None })
}
