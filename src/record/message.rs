//! The messages that acts bind: files beside a letter with the bytes that left.

use super::Letter;
use crate::domain::{Act, ActKind, Content, Digest};

/// A file beside a letter that an act binds by its digest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoundFile {
    /// The act's key that binds it.
    pub key: &'static str,
    /// Its name in the letter's folder.
    pub file: String,
    /// The digest of its bytes; nothing where what the act says is none.
    pub digest: Option<Digest>,
}

/// The messages that acts bind: kind of act, key of the digest, how the file's name begins.
const MESSAGES: [(ActKind, &str, &str); 3] = [
    (ActKind::Sending, "message", "sent"),
    (ActKind::Sending, "announcement", "announcement"),
    (ActKind::Resent, "message", "sent"),
];

/// The files that an act binds: the messages of a sending, and the copy of what left by another way.
pub fn bound_files(act: &Act) -> Vec<BoundFile> {
    let number = act.detail("attempt").unwrap_or_else(|| "1".into());
    let messages = MESSAGES.iter().filter(|(kind, ..)| *kind == act.kind);
    let messages = messages.map(|(_, key, begin)| (*key, Some(format!("{begin}-{number}.eml"))));
    let copy = (act.kind == ActKind::Sent).then(|| ("copy-sha256", act.detail("copy")));
    let bound = |(key, file): (&'static str, Option<String>)| {
        let digest = Digest::parse(&act.detail(key)?).ok().flatten();
        Some(BoundFile { key, file: file?, digest })
    };
    messages.chain(copy).filter_map(bound).collect()
}

/// The files beside a letter that its text or its acts name; nothing else belongs there.
pub fn files_named(letter: &Letter) -> Vec<String> {
    let texts = [&letter.as_filed().value.content, &letter.statement.value.content];
    let of_text = |content: &Content| {
        let attachments = content.attachments.iter().filter_map(|one| one.file.as_ref());
        let original = content.original.iter().filter_map(|one| one.file.as_ref());
        attachments.chain(original).map(ToString::to_string).collect::<Vec<_>>()
    };
    let acts = || letter.acts.iter().map(|act| &act.value);
    let copies = acts().filter(|act| act.kind == ActKind::Sent).filter_map(|act| act.detail("copy"));
    let bound = acts().flat_map(bound_files).map(|bound| bound.file);
    texts.into_iter().flat_map(of_text).chain(copies).chain(bound).collect()
}
