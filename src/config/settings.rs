//! What `liaison.toml` says, with every default.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::tables::{ApprovalRow, InformRow};
use crate::domain::{Contact, RecordId};
use crate::findings::{Code, Severity};

/// The settings of a record.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The record's identity; absent only where the file could not be read.
    pub id: Option<RecordId>,
    /// Ids it had before: acts that were signed then still verify.
    pub former_ids: Vec<FormerId>,
    /// What the record is called.
    pub name: String,
    /// The group that is us.
    pub organization: String,
    /// Where the record lives.
    pub home: Option<String>,
    /// Whether everything in it is invented.
    pub example: bool,
    /// How changes travel.
    pub flow: Flow,
    /// How mail leaves.
    pub mail: Mail,
    /// Sizes.
    pub limits: Limits,
    /// Days before a deadline at which people are reminded.
    pub remind: Vec<u64>,
    /// Days from which a deadline is due soon.
    pub due_soon: u64,
    /// A folder outside the record for what is not public.
    pub private_path: Option<String>,
    /// Rules with other severities.
    pub rules: BTreeMap<Code, RuleSetting>,
    /// Who approves what.
    pub approval: Vec<ApprovalRow>,
    /// Who learns of what.
    pub inform: Vec<InformRow>,
}

/// An id that the record had before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormerId {
    /// The id.
    pub id: RecordId,
    /// The first day it was no longer the record's.
    pub until: Option<NaiveDate>,
}

/// How changes travel to the others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flow {
    /// To the mainline directly, or by pull request.
    pub mode: FlowMode,
    /// The branch that counts.
    pub mainline: String,
    /// The remote that holds it.
    pub remote: String,
    /// Where numbers and drafts are locked before a mail leaves.
    pub lock: Lock,
}

/// How a change reaches the mainline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FlowMode {
    /// Commit, rebase, push.
    Direct,
    /// A branch a statement, merged after review.
    PullRequest,
}

/// Where a sending takes its lock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lock {
    /// The mainline itself.
    Mainline,
    /// The branch `liaison/outbox`, where the mainline is protected.
    Ledger,
}

/// How a message leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transport {
    /// Into a folder of messages that a person sends.
    Outbox,
}

/// The domain of a record that does not name one: no letter leaves from there.
pub const NO_DOMAIN: &str = "liaison.invalid";

/// Who we are in mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    /// Right side of Message-IDs.
    pub domain: String,
    /// The From of our messages.
    pub from: Option<Contact>,
    /// Informed of everything; default of send-reply-to.
    pub coordination: Option<Contact>,
    /// How messages leave.
    pub transport: Transport,
    /// The outbox below the record's root.
    pub outbox: String,
}

/// Sizes in bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Of one attachment.
    pub attachment: u64,
    /// Of all attachments of a letter.
    pub statement: u64,
    /// Of a YAML file.
    pub yaml: u64,
}

/// A rule's own severity in this record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RuleSetting {
    /// How much it weighs.
    pub severity: Severity,
    /// From which day of the letter on.
    pub since: Option<NaiveDate>,
}

impl Settings {
    /// The ids under which acts may have been signed: the present one first.
    pub fn ids(&self) -> impl Iterator<Item = &RecordId> {
        self.id.iter().chain(self.former_ids.iter().map(|former| &former.id))
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            id: None,
            former_ids: Vec::new(),
            name: "Liaison statements".into(),
            organization: String::new(),
            home: None,
            example: false,
            flow: Flow {
                mode: FlowMode::Direct,
                mainline: "main".into(),
                remote: "origin".into(),
                lock: Lock::Mainline,
            },
            mail: Mail {
                domain: NO_DOMAIN.into(),
                from: None,
                coordination: None,
                transport: Transport::Outbox,
                outbox: "outbox".into(),
            },
            limits: Limits { attachment: 10_000_000, statement: 25_000_000, yaml: 1_000_000 },
            remind: vec![14, 7, 4, 3, 2, 1, 0],
            due_soon: 14,
            private_path: None,
            rules: BTreeMap::new(),
            approval: super::tables::seed_approval(),
            inform: super::tables::seed_inform(),
        }
    }
}
