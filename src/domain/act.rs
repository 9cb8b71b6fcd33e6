//! What people do with a letter: one small file per act, written once.

use std::fmt;

use super::detail::{Detail, Details};
use super::sha::Digest;
use super::text::{Line, Text, Word};
use super::time::Instant;

/// Writes the enum of acts, their words and the details each allows, in one table.
macro_rules! acts {
    ($($(#[$doc:meta])* $variant:ident = $word:literal, required [$($required:literal),*], allowed [$($allowed:literal),*];)*) => {
        /// The kinds of act.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum ActKind { $($(#[$doc])* $variant,)* }

        impl ActKind {
            /// All kinds, in the order of the table in docs/format.md.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The word in the file and in its name.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }

            /// The details that the act must have.
            pub fn required_details(self) -> &'static [&'static str] {
                match self { $(Self::$variant => &[$($required),*],)* }
            }

            /// The further details that it may have.
            pub fn optional_details(self) -> &'static [&'static str] {
                match self { $(Self::$variant => &[$($allowed),*],)* }
            }
        }
    };
}

acts! {
    /// A draft was begun: who, in which role.
    Draft = "draft", required [], allowed ["comment"];
    /// The present content may be sent.
    Approve = "approve", required [], allowed ["comment", "account"];
    /// The present content may not be sent.
    Decline = "decline", required ["reason"], allowed ["comment", "account"];
    /// Neither approves nor declines.
    Comment = "comment", required ["comment"], allowed [];
    /// Takes an own act back, for ever.
    Revoke = "revoke", required [], allowed ["comment"];
    /// Number and draft are locked; the message is made.
    Sending = "sending", required ["number", "message-id", "message", "date", "recipients"], allowed ["announcement-id", "announcement", "informed", "transport", "attempt", "nonce", "clone", "base", "draft"];
    /// The message lies in the outbox; a person sends it.
    HandedOver = "handed-over", required [], allowed ["transport", "message-id", "outbox"];
    /// It left.
    Sent = "sent", required ["via"], allowed ["message-id", "copy", "copy-sha256", "url", "reason", "number", "date", "received-from", "comment", "draft"];
    /// The mail server refused it.
    Refused = "refused", required ["reason"], allowed ["code", "recipients", "message-id"];
    /// Nobody knows whether it left.
    InDoubt = "in-doubt", required ["reason"], allowed ["code", "recipients", "message-id"];
    /// A later notice said that it did not arrive.
    Bounced = "bounced", required ["reason"], allowed ["code", "recipients", "message-id"];
    /// The same letter left again.
    Resent = "resent", required ["reason"], allowed ["message-id", "message", "recipients", "attempt", "date"];
    /// It shall not be sent, or no longer stand.
    Withdraw = "withdraw", required ["reason"], allowed [];
    /// A letter of another body was recorded.
    Receive = "receive", required ["via", "key"], allowed ["received-from", "message-id", "url", "comment"];
    /// It was passed on inside.
    Distribute = "distribute", required ["to"], allowed ["groups", "comment"];
    /// Somebody takes care of it.
    Assign = "assign", required ["assignee"], allowed ["lead", "comment"];
    /// It reached the wrong group.
    Redirect = "redirect", required ["to"], allowed ["from", "reason", "informed"];
    /// A research topic: the IRTF chair is consulted.
    Route = "route", required ["to"], allowed ["decision", "comment"];
    /// What we transcribed wrongly.
    Correct = "correct", required ["field", "was", "now", "reason"], allowed [];
    /// What came of it.
    Resolve = "resolve", required ["outcome"], allowed ["until", "reason", "told", "url", "comment"];
    /// Somebody was reminded of a deadline.
    Remind = "remind", required [], allowed ["kind", "recipients", "message-id"];
    /// Somebody was told of an act.
    Notify = "notify", required [], allowed ["kind", "recipients", "message-id"];
    /// Bytes were removed by law.
    Redact = "redact", required ["reason", "files"], allowed [];
    /// Identifiers, tags or waivers of a numbered letter.
    Annotate = "annotate", required [], allowed ["identifiers", "tags", "waivers", "comment"];
    /// Approval after it had left without.
    Ratify = "ratify", required [], allowed ["comment", "reason"];
    /// A withdrawn draft lives again.
    Reopen = "reopen", required ["reason"], allowed [];
    /// The directory changed.
    Directory = "directory", required ["changes"], allowed [];
    /// `liaison.toml` changed.
    Policy = "policy", required ["changes"], allowed [];
    /// The trust root changed.
    Trust = "trust", required ["changes"], allowed [];
}

impl ActKind {
    /// The act as a thing, for sentences: "the approval of 2026-11-24".
    #[expect(clippy::wildcard_enum_match_arm, reason = "most words of acts are nouns as well")]
    pub fn noun(self) -> &'static str {
        match self {
            Self::Approve => "approval",
            Self::Withdraw => "withdrawal",
            Self::Ratify => "ratification",
            other => other.as_str(),
        }
    }

    /// Reads the word of an act.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.as_str() == text)
    }
}

impl fmt::Display for ActKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One act.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Act {
    /// What was done.
    pub kind: ActKind,
    /// Whose decision: a handle of the directory.
    pub by: Word,
    /// The role it was done in.
    pub role: Option<Word>,
    /// The group at which the role is held.
    pub of: Option<Word>,
    /// The From groups it covers.
    pub for_groups: Vec<Word>,
    /// When.
    pub at: Instant,
    /// Digest of the content it is about.
    pub content: Option<Digest>,
    /// Digest of the message as it was shown.
    pub preview: Option<Digest>,
    /// The act that a `revoke` takes back.
    pub revokes: Option<Digest>,
    /// Who says so, when it is not the person.
    pub recorded_by: Option<Word>,
    /// What proves it: `mid:…` or an https address.
    pub evidence: Option<Line>,
    /// Hints that name the fields that changed since; unsigned.
    pub fields: Option<Line>,
    /// The detached signature, armoured.
    pub signature: Option<Text>,
    /// All else.
    pub details: Details,
}

impl Act {
    /// An act without anything but who did what when.
    pub fn new(kind: ActKind, by: Word, at: Instant) -> Self {
        Self {
            kind,
            by,
            role: None,
            of: None,
            for_groups: Vec::new(),
            at,
            content: None,
            preview: None,
            revokes: None,
            recorded_by: None,
            evidence: None,
            fields: None,
            signature: None,
            details: Details::new(),
        }
    }

    /// A detail as one text.
    pub fn detail(&self, key: &str) -> Option<String> {
        self.details.get(key).and_then(Detail::as_text).filter(|text| !text.is_empty())
    }

    /// A detail as a list of texts.
    pub fn detail_list(&self, key: &str) -> Vec<String> {
        self.details.get(key).map(Detail::texts).unwrap_or_default()
    }

    /// The name of its file, without the folder.
    pub fn file_name(&self) -> String {
        format!("{}-{}-{}.yaml", self.at.compact(), self.kind, self.by)
    }
}
