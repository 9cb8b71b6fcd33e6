//! The statement as a message: exactly the covered content, and the three values that are open until it is sent.

use chrono::NaiveDate;

use super::labels::{Names, describe, group_names, labels};
use super::metadata::{metadata, reference};
use super::{HeaderText, MailError, Message, MessageId, Part, encode};
use crate::config::Settings;
use crate::digest::{Elsewhere, elsewhere_hints};
use crate::directory::Directory;
use crate::domain::{ActKind, Contact, Content, Digest, FileFact, Instant, Line, StatementId};
use crate::policy::receivers;
use crate::record::{Corpus, Letter};

/// What nobody knows before the sending: number, Date and Message-ID, which follows from the number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Open {
    /// The letter's number.
    pub number: StatementId,
    /// The message's Date.
    pub date: Instant,
    /// Which message of the letter it is: 1, or more for a resend with other bytes.
    pub attempt: u32,
}

impl Open {
    /// What stands in a preview, so that its digest can be approved: `ls-0000-000`, 1970-01-01.
    pub fn preview() -> Self {
        Self {
            number: StatementId::new(0, 0),
            date: Instant::from_unix(0).unwrap_or_else(|| Instant::new(chrono::DateTime::default())),
            attempt: 1,
        }
    }

    /// Whether this stands for what nobody knows yet.
    pub(super) fn is_preview(&self) -> bool {
        self.number == StatementId::new(0, 0)
    }
}

/// A letter with all that its message is made of.
#[derive(Clone, Copy)]
pub struct Prepared<'a> {
    /// The letter.
    pub letter: &'a Letter,
    /// Letters it links to.
    pub corpus: &'a Corpus,
    /// Groups and people.
    pub directory: &'a Directory,
    /// Who we are in mail.
    pub settings: &'a Settings,
    /// The letter's files with their bytes.
    pub files: &'a [(FileFact, Vec<u8>)],
    /// The day by which groups have their names, and people their roles: the day on which it leaves, or would leave.
    pub day: NaiveDate,
}

impl Prepared<'_> {
    pub(super) fn content(&self) -> &Content {
        &self.letter.statement.value.content
    }

    pub(super) fn sender(&self) -> Result<Contact, MailError> {
        let own = self.settings.mail.from.clone();
        let missing = || MailError::Missing {
            what: "nobody is named whose From our messages bear".into(),
            help: "set `from` under [mail] in liaison.toml".into(),
        };
        own.or_else(|| self.content().from.contacts.first().cloned()).ok_or_else(missing)
    }

    pub(super) fn message_id(&self, open: &Open, kind: &str) -> Result<MessageId, MailError> {
        let attempt = if open.attempt > 1 { format!(".{}", open.attempt) } else { String::new() };
        Ok(MessageId::parse(&format!("{}{attempt}{kind}@{}", open.number, self.settings.mail.domain))?)
    }

    pub(super) fn text(&self, open: &Open) -> String {
        let names = Names { directory: self.directory, corpus: self.corpus, day: self.day, open };
        let block = labels(self.content(), &names);
        let body = self.content().body.to_string();
        if body.is_empty() { block } else { format!("{block}\n{body}") }
    }

    /// The digest that an approval names: of the statement as it is previewed, with LF line ends.
    ///
    /// # Errors
    /// Returns [`MailError`] when the message cannot be made.
    pub fn preview_digest(&self) -> Result<Digest, MailError> {
        let message = statement(self, &Open::preview())?;
        let bytes = encode(&message).map_err(|error| MailError::Io { path: "the message".into(), error })?;
        let unix: Vec<u8> = bytes.into_iter().filter(|byte| *byte != b'\r').collect();
        Ok(Digest::of(&unix))
    }
}

impl Prepared<'_> {
    /// What the message takes from elsewhere than the letter, as hints: they name what changed when the preview's digest did.
    pub fn elsewhere_hints(&self) -> String {
        let (content, open) = (self.content(), Open::preview());
        let names = Names { directory: self.directory, corpus: self.corpus, day: self.day, open: &open };
        let files = content.attachments.iter().filter_map(|attachment| attachment.file.as_ref());
        let digest = |file: &Line| self.files.iter().find(|(fact, _)| fact.name == file.as_str())?.0.digest;
        let files: Vec<String> = files.filter_map(digest).map(|digest| digest.to_string()).collect();
        let taken = [
            (Elsewhere::Sender, self.sender().map(|sender| sender.to_string()).unwrap_or_default()),
            (Elsewhere::Domain, self.settings.mail.domain.clone()),
            (Elsewhere::Record, self.settings.id.as_ref().map(ToString::to_string).unwrap_or_default()),
            (Elsewhere::FromGroups, group_names(&content.from.groups, &names)),
            (Elsewhere::ToGroups, group_names(&content.to.groups, &names)),
            (Elsewhere::Links, self.linked(&open)),
            (Elsewhere::Files, files.join(" ")),
        ];
        elsewhere_hints(&taken)
    }

    /// Everything that the message says of the letters that it links to.
    fn linked(&self, open: &Open) -> String {
        let content = self.content();
        let links = content.in_response_to.iter().chain(&content.revises);
        let told = links.map(|link| format!("{} {:?}", describe(link, self.corpus), reference(link, self, open)));
        let messages = answered_messages(self).into_iter().map(|id| id.to_string());
        told.chain(messages).collect::<Vec<_>>().join("\n")
    }
}

/// The statement: to send-to alone if there is one, else to the to-contacts; no Cc; `liaison.json` as its last part.
///
/// # Errors
/// Returns [`MailError`] when an address, a title or a file is missing, or a text must not enter a header.
pub fn statement(prepared: &Prepared<'_>, open: &Open) -> Result<Message, MailError> {
    let content = prepared.content();
    let to: Vec<Contact> = receivers(content).into_iter().cloned().collect();
    if to.is_empty() {
        let help =
            format!("liaison edit {} --set to.contacts=… (`liaison contacts` proposes them)", prepared.letter.name);
        return Err(MailError::Missing { what: "the letter goes to nobody".into(), help });
    }
    let Some(title) = &content.title else {
        let help = format!("liaison edit {} --set title=…", prepared.letter.name);
        return Err(MailError::Missing { what: "the letter has no title".into(), help });
    };
    let mut parts = Vec::new();
    for attachment in &content.attachments {
        let Some(file) = &attachment.file else { continue };
        let Some((fact, bytes)) = prepared.files.iter().find(|(fact, _)| fact.name == file.as_str()) else {
            let help = format!("put it into {}/", prepared.letter.name.stem());
            return Err(MailError::Missing { what: format!("the attachment {file} does not exist"), help });
        };
        parts.push(Part { name: file.into(), mime: fact.media.mime().to_owned(), bytes: bytes.clone() });
    }
    parts.push(Part {
        name: HeaderText::new("liaison.json")?,
        mime: "application/json".into(),
        bytes: metadata(prepared, open),
    });
    let reply_to = match &content.from.send_reply_to {
        Some(contact) => vec![contact.clone()],
        None => content.from.contacts.clone(),
    };
    Ok(Message {
        from: prepared.sender()?,
        to,
        reply_to,
        subject: title.into(),
        date: open.date.unix(),
        message_id: prepared.message_id(open, "")?,
        in_reply_to: answered_messages(prepared),
        extra: vec![("Liaison-ID", HeaderText::new(&open.number.to_string())?)],
        text: prepared.text(open),
        parts,
    })
}

/// The Message-IDs of the letters that are answered, as far as they came by mail.
fn answered_messages(prepared: &Prepared<'_>) -> Vec<MessageId> {
    let letters = prepared.content().answers().filter_map(|name| prepared.corpus.get(name));
    let id = |letter: &Letter| {
        let receive = letter.last(ActKind::Receive)?;
        let text = receive.detail("message-id").or_else(|| receive.detail("key"))?;
        MessageId::parse(&text).ok()
    };
    letters.filter_map(id).collect()
}
