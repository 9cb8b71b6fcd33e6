//! What a letter that arrived says of itself: flags first, then `liaison.json`, then headers and the address book.

use chrono::NaiveDate;

use super::receive::{contacts, links, words};
use crate::check::Whole;
use crate::directory::Directory;
use crate::domain::time::parse_date;
use crate::domain::{
    ActKind, Contact, Content, Direction, Document, Identifier, Line, Link, Purpose, Statement, StatementName, Word,
};
use crate::mail::{Arrived, Metadata};
use crate::record::Corpus;

/// What a person says of the letter.
#[derive(Debug, Clone, Default, clap::Args)]
pub(crate) struct Flags {
    /// The body or group it comes from
    #[arg(long, value_name = "GROUP")]
    pub(crate) from: Vec<String>,
    /// The group it goes to
    #[arg(long, value_name = "GROUP")]
    pub(crate) to: Vec<String>,
    /// Its title
    #[arg(long)]
    pub(crate) title: Option<String>,
    /// for-information, for-action or in-response
    #[arg(long)]
    pub(crate) purpose: Option<String>,
    /// Until when an answer is wanted
    #[arg(long, value_name = "DATE")]
    pub(crate) deadline: Option<String>,
    /// The date on the letter
    #[arg(long, value_name = "DATE")]
    pub(crate) date: Option<String>,
    /// An address of the sender
    #[arg(long, value_name = "CONTACT")]
    pub(crate) from_contact: Vec<String>,
    /// Where the sender wants replies
    #[arg(long, value_name = "CONTACT")]
    pub(crate) send_reply_to: Option<String>,
    /// A letter it answers: its number
    #[arg(long, value_name = "ID")]
    pub(crate) in_response_to: Vec<String>,
    /// A body's own number of it, such as itu-t=SG15-LS123
    #[arg(long, value_name = "BODY=NUMBER")]
    pub(crate) identifier: Vec<String>,
    /// A word to find it by
    #[arg(long, value_name = "TAG")]
    pub(crate) tag: Vec<String>,
    /// The meeting it comes from
    #[arg(long, value_name = "TEXT")]
    pub(crate) meeting: Option<String>,
    /// The language of the text, such as fr
    #[arg(long, value_name = "TAG")]
    pub(crate) language: Option<String>,
    /// Who handed it over, when that is not its sender
    #[arg(long, value_name = "CONTACT")]
    pub(crate) received_from: Option<String>,
}

/// The number under which a letter with this key is recorded already.
pub(super) fn recorded_as<'c>(corpus: &'c Corpus, key: &str) -> Option<&'c StatementName> {
    let same = |letter: &&crate::record::Letter| {
        letter.acts_of(ActKind::Receive).any(|act| act.value.detail("key").as_deref() == Some(key))
    };
    corpus.letters.values().find(same).map(|letter| &letter.name)
}

/// A letter made of all that is known.
pub(super) fn propose(
    arrived: Option<&Arrived>,
    flags: &Flags,
    whole: &Whole<'_, '_>,
    day: NaiveDate,
) -> anyhow::Result<Statement> {
    let mut statement = Statement {
        content: Content { direction: Some(Direction::Incoming), ..Content::default() },
        ..Statement::default()
    };
    if let Some(arrived) = arrived {
        from_mail(&mut statement, arrived, whole, day);
        if let Some(metadata) = &arrived.metadata {
            from_metadata(&mut statement, metadata, whole, day);
        }
    }
    from_flags(&mut statement, flags, whole)?;
    Ok(statement)
}

/// What headers and the address book say.
fn from_mail(statement: &mut Statement, arrived: &Arrived, whole: &Whole<'_, '_>, day: NaiveDate) {
    let directory = &whole.record.directory;
    let ours = &whole.record.settings.organization;
    let content = &mut statement.content;
    content.title = arrived.subject.clone();
    content.date = arrived.date;
    content.body = arrived.text.clone();
    content.from.contacts = arrived.from.clone();
    content.from.send_reply_to = match arrived.reply_to.as_slice() {
        [only] if !arrived.from.contains(only) => Some(only.clone()),
        _ => None,
    };
    content.to.contacts = arrived.to.clone();
    content.from.groups = by_addresses(directory, arrived.from.iter().chain(&arrived.reply_to), day, |group| {
        !directory.is_below(group, ours, day)
    });
    content.to.groups = by_addresses(directory, arrived.to.iter(), day, |group| {
        directory.is_below(group, ours, day) && group != ours.as_str()
    });
    content.in_response_to = answered(arrived.references.iter().map(String::as_str), &whole.corpus);
}

/// Our groups among those that got a copy of a mail.
pub(super) fn copied_groups(arrived: &Arrived, whole: &Whole<'_, '_>, day: NaiveDate) -> Vec<Line> {
    let (directory, ours) = (&whole.record.directory, &whole.record.settings.organization);
    let is_ours = |group: &str| directory.is_below(group, ours, day) && group != ours.as_str();
    by_addresses(directory, arrived.cc.iter(), day, is_ours)
}

/// The groups that have one of some addresses; those of another body also by its domain, when that is only theirs.
fn by_addresses<'c>(
    directory: &Directory,
    addresses: impl Iterator<Item = &'c Contact>,
    day: NaiveDate,
    wanted: impl Fn(&str) -> bool,
) -> Vec<Line> {
    let addresses: Vec<&Contact> = addresses.collect();
    let has = |name: &str, address: &Contact| {
        directory.groups.get(name).is_some_and(|group| {
            let group = &group.value;
            let own = group.addresses.values().chain(group.list.on(day)).chain(group.send_to.on(day));
            own.into_iter().any(|contact| contact.address.same_mailbox(&address.address))
        })
    };
    let names = directory.groups.keys().filter(|name| wanted(name));
    let found: Vec<&String> = names.filter(|name| addresses.iter().any(|address| has(name, address))).collect();
    found.into_iter().filter_map(|name| Line::parse(name).ok().flatten()).collect()
}

/// Letters of ours whose messages are referred to.
fn answered<'m>(ids: impl Iterator<Item = &'m str>, corpus: &Corpus) -> Vec<Link> {
    let mut links = Vec::new();
    for id in ids {
        let id = id.trim_start_matches('<').trim_end_matches('>');
        let sent = |letter: &&crate::record::Letter| {
            letter.acts.iter().any(|act| {
                matches!(act.value.kind, ActKind::Sending | ActKind::Sent | ActKind::Resent | ActKind::Receive)
                    && act.value.detail("message-id").as_deref() == Some(id)
            })
        };
        if let Some(letter) = corpus.letters.values().find(sent) {
            let link = Link::Here(letter.name.clone());
            if !links.contains(&link) {
                links.push(link);
            }
        }
    }
    links
}

/// What `liaison.json` says goes before headers; what it does not say is left to them.
fn from_metadata(statement: &mut Statement, metadata: &Metadata, whole: &Whole<'_, '_>, day: NaiveDate) {
    let line = |text: &Option<String>| text.as_deref().and_then(|text| Line::parse(text).ok().flatten());
    let lines = |texts: &[String]| texts.iter().filter_map(|text| Line::parse(text).ok().flatten()).collect::<Vec<_>>();
    let contact = |text: &Option<String>| text.as_deref().and_then(|text| Contact::parse(text).ok().flatten());
    let people =
        |texts: &[String]| texts.iter().filter_map(|text| Contact::parse(text).ok().flatten()).collect::<Vec<_>>();
    let content = &mut statement.content;
    content.title = line(&metadata.title).or_else(|| content.title.take());
    content.language = line(&metadata.language);
    content.date = metadata.date.as_deref().and_then(|text| parse_date(text).ok().flatten()).or(content.date);
    content.from.groups = Some(lines(&metadata.from.groups))
        .filter(|groups| !groups.is_empty())
        .unwrap_or_else(|| content.from.groups.clone());
    content.from.contacts = Some(people(&metadata.from.contacts))
        .filter(|list| !list.is_empty())
        .unwrap_or_else(|| content.from.contacts.clone());
    content.from.send_reply_to = contact(&metadata.from.send_reply_to).or_else(|| content.from.send_reply_to.take());
    content.to.groups = Some(lines(&metadata.to.groups))
        .filter(|groups| !groups.is_empty())
        .unwrap_or_else(|| content.to.groups.clone());
    content.to.contacts = Some(people(&metadata.to.contacts))
        .filter(|list| !list.is_empty())
        .unwrap_or_else(|| content.to.contacts.clone());
    content.to.send_to = contact(&metadata.to.send_to);
    content.purpose = metadata.purpose.as_deref().and_then(|text| Purpose::parse(text).ok().flatten());
    content.deadline = metadata.deadline.as_deref().and_then(|text| parse_date(text).ok().flatten());
    content.consensus.evidence = lines(&metadata.evidence);
    content.meeting = line(&metadata.meeting);
    content.work_items = lines(&metadata.work_items);
    content.release = line(&metadata.release);
    content.questions = lines(&metadata.questions);
    content.consensus.level = metadata.consensus.as_deref().and_then(|text| Word::parse(text).ok().flatten());
    content.documents = metadata
        .documents
        .iter()
        .map(|document| Document {
            name: line(&document.name),
            status: document.status.as_deref().and_then(|text| Word::parse(text).ok().flatten()),
            url: line(&document.url),
        })
        .collect();
    let references: Vec<Link> =
        metadata.in_response_to.iter().map(|reference| link(reference, &whole.corpus)).collect();
    if !references.is_empty() {
        content.in_response_to = references;
    }
    content.revises = metadata.revises.iter().map(|reference| link(reference, &whole.corpus)).collect();
    let body = content
        .from
        .groups
        .first()
        .map(Line::as_str)
        .and_then(|group| whole.record.directory.organization(group, day).map(str::to_owned));
    let body = body.or_else(|| content.from.groups.first().map(ToString::to_string));
    if let Ok(Some(value)) = Line::parse(&metadata.id) {
        statement
            .identifiers
            .push(Identifier { body: body.and_then(|body| Line::parse(&body).ok().flatten()), value: Some(value) });
    }
}

/// A reference: to a letter of this record by its Message-ID or by the number that the sender calls the receiver's own, else as described.
fn link(reference: &crate::mail::Reference, corpus: &Corpus) -> Link {
    let by_message =
        reference.message_id.as_deref().and_then(|id| answered(std::iter::once(id), corpus).into_iter().next());
    let by_number = || {
        let name = StatementName::parse(reference.reference.as_deref()?).ok()?;
        corpus.get(&name).map(|letter| Link::Here(letter.name.clone()))
    };
    let by_identifier = || {
        let theirs = reference.id.as_deref()?;
        let known = |letter: &&crate::record::Letter| {
            let is_theirs = |value: &Line| value.as_str() == theirs;
            letter.identifiers().iter().any(|identifier| identifier.value.as_ref().is_some_and(is_theirs))
        };
        corpus.letters.values().find(known).map(|letter| Link::Here(letter.name.clone()))
    };
    let line = |text: &Option<String>| text.as_deref().and_then(|text| Line::parse(text).ok().flatten());
    by_message.or_else(by_number).or_else(by_identifier).unwrap_or_else(|| Link::Elsewhere {
        organization: line(&reference.organization),
        reference: line(&reference.reference).or_else(|| line(&reference.id)),
        title: line(&reference.title),
        date: reference.date.as_deref().and_then(|text| parse_date(text).ok().flatten()),
    })
}

/// What the person says goes before all else.
fn from_flags(statement: &mut Statement, flags: &Flags, whole: &Whole<'_, '_>) -> anyhow::Result<()> {
    let line = |text: &Option<String>| -> anyhow::Result<Option<Line>> {
        Ok(text.as_deref().map(Line::parse).transpose()?.flatten())
    };
    let lines = |texts: &[String]| -> anyhow::Result<Vec<Line>> {
        let read: Result<Vec<_>, _> = texts.iter().map(|text| Line::parse(text)).collect();
        Ok(read?.into_iter().flatten().collect())
    };
    let content = &mut statement.content;
    if !flags.from.is_empty() {
        content.from.groups = lines(&flags.from)?;
    }
    if !flags.to.is_empty() {
        content.to.groups = lines(&flags.to)?;
    }
    content.title = line(&flags.title)?.or_else(|| content.title.take());
    content.meeting = line(&flags.meeting)?.or_else(|| content.meeting.take());
    content.language = line(&flags.language)?.or_else(|| content.language.take());
    if let Some(purpose) = &flags.purpose {
        content.purpose = Purpose::parse(purpose)?;
    }
    if let Some(deadline) = &flags.deadline {
        content.deadline = parse_date(deadline)?;
    }
    if let Some(date) = &flags.date {
        content.date = parse_date(date)?;
    }
    content.from.contacts.extend(contacts(&flags.from_contact)?);
    if let Some(reply) = &flags.send_reply_to {
        content.from.send_reply_to = Contact::parse(reply)?;
    }
    if !flags.in_response_to.is_empty() {
        content.in_response_to = links(&flags.in_response_to, whole.record)?;
    }
    for text in &flags.identifier {
        let (body, value) = text.split_once('=').map_or((None, text.as_str()), |(body, value)| (Some(body), value));
        statement
            .identifiers
            .push(Identifier { body: body.map(Line::parse).transpose()?.flatten(), value: Line::parse(value)? });
    }
    statement.tags.extend(words(&flags.tag)?);
    Ok(())
}
