//! One act that a commit brings, judged by a standing: its signature, its authority, its day.

use chrono::NaiveDate;

use super::authority::{Authority, authority};
use super::object::ObjectId;
use super::standing::{Standing, fingerprint};
use crate::domain::{Act, StatementName};
use crate::policy::{Proof, ProofFault, proof};
use crate::shape::Located;
use crate::signing::SignatureFault;

/// An act with what has to be known to judge it.
#[derive(Debug, Clone)]
pub(super) struct Arrival {
    /// The act, with its path and places.
    pub(super) act: Located<Act>,
    /// Its file.
    pub(super) file: ObjectId,
    /// The letter; nothing for what changes the directory, the policy or the trust root.
    pub(super) letter: Option<StatementName>,
    /// The name its signature is bound to.
    pub(super) subject: String,
    /// Our groups of the letter.
    pub(super) groups: Vec<String>,
    /// When the draft was begun.
    pub(super) drafted: Option<crate::domain::Instant>,
}

/// What a standing says of an act's signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Signature {
    /// It bears none.
    None,
    /// Good, by whoever it says.
    Good {
        /// The key's fingerprint.
        key: String,
        /// Whether the person, not a recorder, signed.
        own: bool,
        /// The first day the key signs no longer, if that has come meanwhile.
        retired: Option<NaiveDate>,
    },
    /// By a key that this standing does not know, or not yet as the signer's.
    Unknown(String),
    /// By a key that was not good on the act's day.
    Expired(String),
    /// By a key that somebody else may have.
    Compromised(String),
    /// It proves nothing, whoever has which key.
    Bad(String),
}

impl Arrival {
    /// The act's own value.
    pub(super) fn value(&self) -> &Act {
        &self.act.value
    }

    /// Whether the act is about a numbered letter or a draft, the directory or the rules, in words.
    pub(super) fn told(&self, standing: &Standing) -> String {
        let act = self.value();
        let name = standing.directory.name_of(act.by.as_str());
        format!("`{}` of {} by {name}", act.kind, act.at)
    }

    /// What a standing says of the authority.
    pub(super) fn authority(&self, standing: &Standing, today: NaiveDate) -> Authority {
        authority(self.value(), &self.groups, standing, today)
    }

    /// What a standing says of the signature; `today` is the day on which the history takes it in.
    pub(super) fn signature(&self, standing: &Standing, today: NaiveDate) -> Signature {
        if self.value().signature.is_none() {
            return Signature::None;
        }
        let asked = (self.file, self.subject.clone());
        let signature = standing.signatures.get(&asked).unwrap_or_else(|| {
            let verified = self.verify(standing);
            standing.signatures.put(asked, verified.clone(), 1);
            verified
        });
        let Signature::Good { key, own, retired } = signature else { return signature };
        Signature::Good { key, own, retired: retired.filter(|on| *on <= today) }
    }

    fn verify(&self, standing: &Standing) -> Signature {
        let act = self.value();
        match proof(act, &self.subject, &standing.directory, &standing.settings) {
            Proof::Asserted => Signature::None,
            Proof::Signed { by, key } => Signature::Good {
                key: fingerprint(key),
                own: by == act.by.as_str() && act.recorded_by.is_none(),
                retired: key.retired,
            },
            Proof::Faulty(fault) => faulty(&fault, standing),
        }
    }
}

fn faulty(fault: &ProofFault, standing: &Standing) -> Signature {
    let text = fault.to_string();
    match fault {
        ProofFault::NoKey { .. } => Signature::Unknown(text),
        ProofFault::OtherKey { fingerprint, person } => match standing.owner(fingerprint) {
            Some(owner) => Signature::Bad(format!("it was made with a key of {owner}, not of {person}")),
            None => Signature::Unknown(text),
        },
        ProofFault::NotYet { .. } | ProofFault::Retired { .. } => Signature::Expired(text),
        ProofFault::Compromised { .. } => Signature::Compromised(text),
        ProofFault::NoRecord => Signature::Bad(text),
        ProofFault::Signature(SignatureFault::KeyState(_)) => Signature::Expired(text),
        ProofFault::Signature(_) => Signature::Bad(text),
    }
}
