//! Messages beside the statement itself: notices inside, and the statement once more. They lie in the outbox.

use anyhow::Context as _;

use crate::check::{Whole, letter_files};
use crate::cli::context::Context;
use crate::cli::exit::{Outcome, refuse, refuse_with};
use crate::config::Settings;
use crate::domain::{Act, ActKind, Contact, Digest, StatementName};
use crate::mail::{HeaderText, Message, MessageId, Open, deliver, encode, statement};

use super::scene::Scene;

/// Lays a notice about a letter into the outbox and says where.
pub(crate) fn notice(
    ctx: &Context,
    scene: &Scene<'_>,
    people: &[Contact],
    kind: &str,
    what: &str,
    remark: Option<&str>,
) -> anyhow::Result<String> {
    let settings = &scene.record.settings;
    let content = &scene.letter.statement.value.content;
    let title = content.title.as_ref().map(ToString::to_string).unwrap_or_default();
    let from = from_of(settings)?;
    let groups = content.from.groups.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let deadline = content.deadline.map(|day| format!("An answer is wanted by {day}.\n")).unwrap_or_default();
    let remark = remark.map(|text| format!("\n{text}\n")).unwrap_or_default();
    let message = Message {
        from,
        to: people.to_vec(),
        reply_to: Vec::new(),
        subject: HeaderText::new(&format!("{}: {title}", scene.name))?,
        date: ctx.now.unix(),
        message_id: MessageId::parse(&format!("{}.{kind}.{}@{}", scene.name, ctx.now.compact(), settings.mail.domain))?,
        in_reply_to: Vec::new(),
        extra: vec![("Liaison-ID", HeaderText::new(&scene.name.to_string())?)],
        text: format!(
            "The liaison statement {} from {groups} is {what}.\n{deadline}{remark}\nTitle: {title}\n\n{}",
            scene.name, content.body
        ),
        parts: Vec::new(),
    };
    into_outbox(ctx, settings, &format!("{}.{kind}.{}.eml", scene.name, ctx.now.compact()), &encode(&message)?)
}

/// Whose From our messages bear.
pub(crate) fn from_of(settings: &Settings) -> anyhow::Result<Contact> {
    let from = settings.mail.from.clone().or_else(|| settings.mail.coordination.clone());
    from.ok_or_else(|| {
        refuse("nobody is named whose From our messages bear", "set `from` under [mail] in liaison.toml")
    })
}

/// Lays a message into the outbox and says where.
pub(crate) fn into_outbox(ctx: &Context, settings: &Settings, name: &str, bytes: &[u8]) -> anyhow::Result<String> {
    let root = crate::store::find_root(&ctx.folder).context("the record's root")?;
    let outbox = root.join(&settings.mail.outbox);
    Ok(deliver(&outbox, name, bytes)?.display().to_string())
}

/// The statement once more.
pub(crate) struct Copy {
    pub(crate) message_id: String,
    pub(crate) digest: Digest,
    pub(crate) attempt: u32,
    pub(crate) recipients: Vec<String>,
    pub(crate) file: String,
    /// The new bytes, to be kept, when they are not those that were sent before.
    pub(crate) kept: Option<(String, Vec<u8>)>,
}

/// Only the bytes that were sent are sent again: what was altered since never leaves.
fn refuse_altered(scene: &Scene<'_>, sending: &Act, bytes: &[u8]) -> anyhow::Result<()> {
    let same = sending.detail("message") == Some(Digest::of(bytes).to_string());
    if same && sending.content == Some(scene.letter.content) { Ok(()) } else { Err(altered(scene, sending)) }
}

fn altered(scene: &Scene<'_>, sending: &Act) -> anyhow::Error {
    refuse_with(
        Outcome::RefusedForGood,
        format!(
            "{} or its message was altered since it was sent on {}; nothing was sent",
            scene.name,
            sending.at.day()
        ),
        [format!(
            "liaison check {} tells what was altered; git log -- {} tells by whom",
            scene.name,
            scene.name.stem()
        )],
    )
}

/// Lays the statement into the outbox again: the bytes that were sent, or new ones for other recipients.
pub(crate) fn resent(ctx: &Context, scene: &Scene<'_>, to: &[String]) -> anyhow::Result<Copy> {
    let StatementName::Numbered(number) = &scene.name else {
        return Err(refuse("only a numbered letter is sent again", ""));
    };
    let sending = scene.letter.last(ActKind::Sending);
    let before = 1 + u32::try_from(scene.letter.acts_of(ActKind::Resent).count()).unwrap_or(u32::MAX - 1);
    if to.is_empty() {
        let old = scene.record.beside(&scene.name, "sent-1.eml")?;
        let (Some(bytes), Some(sending)) = (old, sending) else {
            return Err(refuse(
                "the message that was sent is not in the record",
                "name the address with --to: a new message is made",
            ));
        };
        refuse_altered(scene, sending, &bytes)?;
        let file = into_outbox(ctx, &scene.record.settings, &format!("{number}.{}.eml", before + 1), &bytes)?;
        return Ok(Copy {
            message_id: sending.detail("message-id").unwrap_or_default(),
            digest: Digest::of(&bytes),
            attempt: 1,
            recipients: sending.detail_list("recipients"),
            file,
            kept: None,
        });
    }
    if let Some(sending) = sending.filter(|sending| sending.content != Some(scene.letter.content)) {
        return Err(altered(scene, sending));
    }
    let whole = Whole::around(scene.record, &scene.name, None)?;
    let letter = whole.corpus.letters.get(&scene.name).context("the letter was there a moment ago")?;
    let files = letter_files(scene.record, &scene.name)?;
    let open = Open { number: number.clone(), date: ctx.now, attempt: before + 1 };
    let mut message = statement(&whole.prepared(letter, &files, ctx.now), &open)?;
    message.to =
        to.iter().map(|text| Contact::parse(text)).collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect();
    let bytes = encode(&message)?;
    let file = into_outbox(ctx, &scene.record.settings, &format!("{number}.{}.eml", open.attempt), &bytes)?;
    Ok(Copy {
        message_id: message.message_id.as_str().to_owned(),
        digest: Digest::of(&bytes),
        attempt: open.attempt,
        recipients: message.recipients().iter().map(ToString::to_string).collect(),
        file,
        kept: Some((format!("{}/sent-{}.eml", scene.name.stem(), open.attempt), bytes)),
    })
}
