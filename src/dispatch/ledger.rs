//! The ledger: a small branch that locks numbers and drafts where the mainline is protected. A lock and a journal, never authority.

use crate::domain::{ActKind, Digest, Instant, Slug, StatementId};
use crate::store::Change;

/// The ledger's branch.
pub const LEDGER: &str = "liaison/outbox";

/// What one sending writes into the ledger, at two paths in one commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerEntry {
    /// The number taken.
    pub number: StatementId,
    /// The draft it was.
    pub draft: Option<Slug>,
    /// Digest of the key of a received letter: the same mail is recorded once.
    pub key: Option<Digest>,
    /// Digest of the content.
    pub content: Option<Digest>,
    /// The mainline commit whose tree was judged.
    pub base: String,
    /// Digest of the message, if there is one.
    pub message: Option<Digest>,
    /// The message's Date.
    pub at: Instant,
    /// Which clone sends.
    pub clone: String,
    /// Makes two equal sendings differ, so that only one push succeeds.
    pub nonce: String,
}

/// Where the ledger keeps a draft that was taken.
pub fn draft_path(slug: &Slug) -> String {
    format!("drafts/{slug}.yaml")
}

/// Where the ledger keeps a letter that was received, by the digest of its key.
pub fn key_path(key: Digest) -> String {
    format!("received/{key}").replace("sha256:", "")
}

/// The paths of an entry: by draft, so that no draft is sent twice; by key, so that no mail is recorded twice; by number, so
/// that no number is taken twice.
pub fn entry_paths(entry: &LedgerEntry) -> Vec<String> {
    let by_draft = entry.draft.as_ref().map(draft_path);
    let by_key = entry.key.map(key_path);
    by_draft.into_iter().chain(by_key).chain([format!("{:04}/{}", entry.number.year(), entry.number)]).collect()
}

impl LedgerEntry {
    /// The change that writes the entry.
    pub fn change(&self) -> Change {
        let mut text = format!("number: {}\n", self.number);
        let mut line = |key: &str, value: Option<String>| {
            if let Some(value) = value {
                text.push_str(&format!("{key}: {value}\n"));
            }
        };
        line("draft", self.draft.as_ref().map(ToString::to_string));
        line("content", self.content.map(|digest| digest.to_string()));
        line("base", Some(self.base.clone()));
        line("message", self.message.map(|digest| digest.to_string()));
        line("at", Some(self.at.to_string()));
        line("clone", Some(self.clone.clone()));
        line("attempt", Some("1".into()));
        line("nonce", Some(self.nonce.clone()));
        entry_paths(self).into_iter().fold(Change::default(), |change, path| change.write(path, text.clone()))
    }
}

/// The number and the time of an entry, from its text.
pub fn parse_entry(text: &str) -> Option<(StatementId, String)> {
    let value = |key: &str| text.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(": ").map(str::to_owned));
    Some((StatementId::parse(&value("number")?).ok()?, value("at").unwrap_or_default()))
}

/// How far a sending got, as the ledger's paths tell: it notes the outcomes behind the number.
pub fn last_step(paths: &[String], number: &StatementId) -> ActKind {
    let is_noted = |kind: &ActKind| paths.contains(&format!("{:04}/{number}.{kind}", number.year()));
    [ActKind::Sent, ActKind::HandedOver].into_iter().find(is_noted).unwrap_or(ActKind::Sending)
}

/// The later commit that notes what came of a sending.
pub fn outcome_change(number: &StatementId, outcome: &str, at: Instant) -> Change {
    Change::default()
        .write(format!("{:04}/{number}.{outcome}", number.year()), format!("outcome: {outcome}\nat: {at}\n"))
}
