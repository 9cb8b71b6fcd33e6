//! A letter with everything people did with it.

use std::collections::BTreeSet;

use super::correction::{Correction, corrected};
use super::redaction::{redacted_files, stands_behind};
use crate::digest::content_digest;
use crate::domain::{Act, ActKind, Digest, Direction, Instant, Redaction, Slug, Statement, StatementName};
use crate::findings::{Finding, Stage};
use crate::shape::Located;

/// A letter, its acts in the order of their times, and what was wrong with the form of either.
#[derive(Debug, Clone)]
pub struct Letter {
    /// Its number, or its draft's name.
    pub name: StatementName,
    /// The draft it was before it was numbered, as a stub says; where none is left, as its own acts do.
    pub draft: Option<StatementName>,
    /// The letter that counts: what its file holds, with the corrections of what was transcribed wrongly.
    pub statement: Located<Statement>,
    /// The letter as its file holds it, where that differs.
    filed: Option<Box<Located<Statement>>>,
    /// The corrections that were made, oldest first.
    pub corrections: Vec<Correction>,
    /// The digest of the content that its file holds, which approvals name; of a redacted letter the digest of what it held,
    /// where a signed act says the same.
    pub content: Digest,
    /// What people did with it.
    pub acts: Vec<Located<Act>>,
    /// Faults of form: of the letter's own file first.
    pub faults: Vec<Finding>,
    /// How many of the faults are of the letter's own file.
    pub own_faults: usize,
    /// The files of acts that have no effect, because they lack the authority or the proof that the record asks for.
    void: BTreeSet<String>,
}

impl Letter {
    /// A letter as its files hold it; the first `own_faults` faults are of the letter's own file.
    pub fn new(
        name: StatementName,
        statement: Located<Statement>,
        acts: Vec<Located<Act>>,
        faults: Vec<Finding>,
        own_faults: usize,
    ) -> Self {
        let content = held(&name, &statement.value, &acts).unwrap_or_else(|| content_digest(&statement.value.content));
        let (mended, corrections) = corrected(&statement, acts.iter().map(|act| &act.value));
        let (statement, filed) = match mended {
            Some(mended) => (mended, Some(Box::new(statement))),
            None => (statement, None),
        };
        Self {
            name,
            draft: None,
            statement,
            filed,
            corrections,
            content,
            acts,
            faults,
            own_faults,
            void: BTreeSet::new(),
        }
    }

    /// The letter as its file holds it, frozen, whatever was corrected since.
    pub fn as_filed(&self) -> &Located<Statement> {
        self.filed.as_deref().unwrap_or(&self.statement)
    }

    /// Whether a further correction can be made.
    ///
    /// # Errors
    /// Returns why not.
    pub fn check_correction(&self, correction: &Correction) -> Result<(), String> {
        correction.apply(self.as_filed(), &self.statement).map(drop)
    }

    /// The acts of one kind, oldest first.
    pub fn acts_of(&self, kind: ActKind) -> impl DoubleEndedIterator<Item = &Located<Act>> {
        self.acts.iter().filter(move |act| act.value.kind == kind)
    }

    /// The newest act of one kind.
    pub fn last(&self, kind: ActKind) -> Option<&Act> {
        self.acts_of(kind).next_back().map(|act| &act.value)
    }

    /// Says which acts have no effect, by their files. A correction that has none is not made.
    pub fn without_effect(&mut self, void: BTreeSet<String>) {
        if self.void == void {
            return;
        }
        self.void = void;
        let filed = self.filed.take().map_or_else(|| self.statement.clone(), |filed| *filed);
        let effective = self.acts.iter().filter(|act| !self.void.contains(&act.file)).map(|act| &act.value);
        let (mended, corrections) = corrected(&filed, effective);
        self.corrections = corrections;
        (self.statement, self.filed) = match mended {
            Some(mended) => (mended, Some(Box::new(filed))),
            None => (filed, None),
        };
    }

    /// The acts of one kind that have an effect, oldest first.
    pub fn effective(&self, kind: ActKind) -> impl DoubleEndedIterator<Item = &Act> {
        self.acts_of(kind).filter(|act| !self.void.contains(&act.file)).map(|act| &act.value)
    }

    /// When it was withdrawn, unless it was reopened since. What another body sent us is not ours to withdraw.
    pub fn withdrawn(&self) -> Option<Instant> {
        let withdrawn = self.effective(ActKind::Withdraw).next_back().filter(|_| !self.was_received())?.at;
        let reopened = self.effective(ActKind::Reopen).next_back();
        reopened.is_none_or(|reopened| reopened.at < withdrawn).then_some(withdrawn)
    }

    /// What stands in its place, when its words were removed by law.
    pub fn redaction(&self) -> Option<&Redaction> {
        self.statement.value.redacted.as_ref()
    }

    /// The digest of the content that its file holds, or held before it was redacted; nothing where nobody can tell it.
    pub fn held(&self) -> Option<Digest> {
        match self.redaction() {
            Some(redaction) => redaction.content.filter(|content| *content == self.content),
            None => self.is_sound().then_some(self.content),
        }
    }

    /// The acts that removed a file of its folder, or its own, by the file's name, oldest first.
    pub fn redacted<'l>(&'l self, file: &'l str) -> impl Iterator<Item = &'l Located<Act>> {
        let names = move |act: &&Located<Act>| {
            redacted_files(&act.value).is_some_and(|files| files.iter().any(|one| one.file == file))
        };
        self.acts_of(ActKind::Redact).filter(names)
    }

    /// The name of its own file.
    pub fn file_name(&self) -> String {
        format!("{}.yaml", self.name)
    }

    /// The draft it was, as the act says that numbered it.
    pub fn told_draft(&self) -> Option<StatementName> {
        let numbering = self.acts.iter().filter(|act| matches!(act.value.kind, ActKind::Sending | ActKind::Sent));
        let mut told = numbering.filter_map(|act| act.value.detail("draft"));
        told.find_map(|slug| Slug::parse(&slug).ok()).map(StatementName::Draft)
    }

    /// Whether its acts are those of a letter that began as a draft.
    pub fn was_draft(&self) -> bool {
        self.told_draft().is_some() || [ActKind::Draft, ActKind::Sending].iter().any(|kind| self.last(*kind).is_some())
    }

    /// Whether it came from another body.
    pub fn was_received(&self) -> bool {
        let direction = self.as_filed().value.content.direction;
        self.last(ActKind::Receive).is_some() || direction == Some(Direction::Incoming)
    }

    /// The name signatures bind to: the draft's name for life, or the number of a letter that never was a draft.
    pub fn subject(&self) -> String {
        self.draft.as_ref().unwrap_or(&self.name).to_string()
    }

    /// Whether the letter's own file has the form of a letter, so that its content has a digest.
    pub fn is_sound(&self) -> bool {
        self.own_faults == 0
    }

    /// Whether something is wrong with the form of a file.
    pub fn has_fault(&self, file: &str) -> bool {
        self.faults.iter().any(|fault| fault.place.file == file)
    }

    /// Whether it was brought in from another system, without its history.
    pub fn is_imported(&self) -> bool {
        let is_import = |act: &Act| act.detail("via").as_deref() == Some("import");
        self.effective(ActKind::Receive).chain(self.effective(ActKind::Sent)).any(is_import)
    }

    /// How strictly it is judged (design.md, "Severity").
    pub fn stage(&self) -> Stage {
        match &self.name {
            StatementName::Draft(_) => Stage::Draft,
            StatementName::Numbered(_) if self.is_imported() => Stage::Imported,
            StatementName::Numbered(_) if self.statement.value.content.is_outgoing() => Stage::Sent,
            StatementName::Numbered(_) => Stage::Received,
        }
    }

    /// The day of the letter: its own date, else that of its sending.
    pub fn date(&self) -> Option<chrono::NaiveDate> {
        self.statement.value.content.date.or_else(|| self.sent_on())
    }

    /// The day it left, if it did.
    pub fn sent_on(&self) -> Option<chrono::NaiveDate> {
        let sent = self.last(ActKind::Sent)?;
        match sent.detail("date") {
            Some(date) => crate::domain::time::parse_date(&date).ok().flatten(),
            None if sent.detail("via").as_deref() == Some("import") => None,
            None => Some(sent.at.day()),
        }
    }
}

/// The digest of what a redacted letter held. That the signature is good, and is of somebody who may, is for others to judge; a
/// tombstone alone says nothing, so that nothing leaves, or was approved, under the digest of another text.
fn held(name: &StatementName, statement: &Statement, acts: &[Located<Act>]) -> Option<Digest> {
    let redaction = statement.redacted.as_ref().filter(|_| !name.is_draft())?;
    let file = format!("{name}.yaml");
    let is_own = |act: &Act| act.signature.is_some() && act.recorded_by.is_none();
    let mut acts = acts.iter().map(|act| &act.value);
    acts.any(|act| is_own(act) && stands_behind(act, &file, redaction)).then_some(redaction.content)?
}
