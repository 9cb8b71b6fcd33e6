//! Everything that is wrong with a record, in one run: the whole of `liaison check`.

mod mailing;
mod open;
mod owners;

use std::collections::BTreeMap;

use rayon::prelude::*;

pub use mailing::letter_files;
pub use open::is_of_an_act;
use open::is_open;
pub use owners::{codeowners, only_host};

use crate::domain::{ActKind, Digest, Instant, Slug, StatementName};
use crate::findings::{Code, Finding, sort};
use crate::policy::{
    Approval, Custody, Facts, Mailing, Roots, Standing, Taken, Threads, Waiting, approval, custody, standing,
    waiting_removals, was_approved,
};
use crate::record::{Corpus, Letter, RedactedFile, redacted_files};
use crate::rules::{Case, TrustCase, judge, judge_record, judge_trust};
use crate::store::{Record, StoreError};

/// A record with all its letters read.
pub struct Whole<'r, 'f> {
    /// The record.
    pub record: &'r Record<'f>,
    /// Its letters.
    pub corpus: Corpus,
    /// Who answers whom.
    pub threads: Threads,
    /// Drafts whose numbers are locked in the ledger and have not come here yet; whoever knows the ledger tells them.
    pub taken: BTreeMap<Slug, Taken>,
    /// The versions of the trust root that count; read only where something was redacted.
    pub roots: Roots,
    /// What was wrong with files that gave no letter.
    pub findings: Vec<Finding>,
}

impl<'r, 'f> Whole<'r, 'f> {
    /// Reads all letters.
    ///
    /// # Errors
    /// Returns [`StoreError`] when a file cannot be read.
    pub fn read(record: &'r Record<'f>) -> Result<Self, StoreError> {
        let (corpus, findings) = record.corpus()?;
        let threads = Threads::of(corpus.letters.values(), |name| corpus.resolve(name));
        let roots = roots(record, &corpus)?;
        Ok(Self { record, corpus, threads, taken: BTreeMap::new(), roots, findings })
    }

    /// Everything that is wrong with one letter.
    ///
    /// # Errors
    /// Returns [`StoreError`] when a file of its folder cannot be read.
    pub fn judge(&self, name: &StatementName, now: Instant) -> Result<Vec<Finding>, StoreError> {
        let Some(letter) = self.corpus.letters.get(name) else { return Ok(Vec::new()) };
        self.judge_letter(letter, self.mailing(letter, now)?.as_ref(), now)
    }

    fn judge_letter(
        &self,
        letter: &Letter,
        mailing: Option<&Mailing>,
        now: Instant,
    ) -> Result<Vec<Finding>, StoreError> {
        let files = self.record.facts(&letter.name)?;
        Ok(judge(&Case {
            letter,
            files: &files,
            corpus: &self.corpus,
            threads: &self.threads,
            directory: &self.record.directory,
            settings: &self.record.settings,
            mailing,
            roots: &self.roots,
            now,
        }))
    }

    /// Everything that is wrong anywhere.
    ///
    /// # Errors
    /// Returns [`StoreError`] when a file cannot be read.
    pub fn check(&self, now: Instant) -> Result<Vec<Finding>, StoreError> {
        self.check_telling(now, &|| {})
    }

    /// What is wrong whatever `liaison.toml` would say: nothing is judged by settings that nobody could read.
    fn faults_of_form(&self) -> Vec<Finding> {
        let mut findings = self.record.findings.clone();
        findings.extend(self.findings.iter().cloned());
        findings.extend(self.corpus.letters.values().flat_map(|letter| letter.faults.iter().cloned()));
        sort(&mut findings);
        findings
    }

    /// The same; `judged` is called after each letter, from any core.
    ///
    /// # Errors
    /// Returns [`StoreError`] when a file cannot be read.
    pub fn check_telling(&self, now: Instant, judged: &(dyn Fn() + Sync)) -> Result<Vec<Finding>, StoreError> {
        if self.record.config.is_none() {
            return Ok(self.faults_of_form());
        }
        let names: Vec<&StatementName> = self.corpus.letters.keys().collect();
        let each = |name: &&StatementName| {
            let findings = self.judge(name, now);
            judged();
            findings
        };
        let found: Vec<Vec<Finding>> = names.par_iter().map(each).collect::<Result<_, _>>()?;
        let mut findings = self.record.findings.clone();
        findings.extend(judge_record(&self.record.settings, self.record.config.as_ref(), &self.record.directory, now));
        findings.extend(self.judge_changes()?);
        findings.extend(owners::stale(self.record, now.day())?);
        findings.extend(self.findings.iter().cloned());
        findings.extend(found.into_iter().flatten());
        sort(&mut findings);
        Ok(findings)
    }
}

impl Whole<'_, '_> {
    /// Everything that is wrong with the acts on directory, policy and trust root.
    fn judge_changes(&self) -> Result<Vec<Finding>, StoreError> {
        let trust = self.record.trust()?;
        let (directory, settings) = (&self.record.directory, &self.record.settings);
        let (root, former) = (trust.root.as_ref(), &trust.former);
        let case = TrustCase { acts: &trust.acts, present: &trust.present, root, former, directory, settings };
        let mut findings = judge_trust(&case);
        findings.extend(trust.findings);
        Ok(findings)
    }
}

/// The versions of the trust root that count, where something was redacted.
fn roots(record: &Record<'_>, corpus: &Corpus) -> Result<Roots, StoreError> {
    let is_whole = |letter: &Letter| letter.last(ActKind::Redact).is_none() && letter.redaction().is_none();
    if corpus.letters.values().all(is_whole) {
        return Ok(Roots::default());
    }
    Ok(record.trust()?.roots(&record.settings))
}

/// A letter as it stands: its digest, its approvals, its state, and, for a draft, what is wrong with it.
pub struct Overview<'a> {
    /// The letter.
    pub letter: &'a Letter,
    /// The digest of its content; absent when its file has faults of form.
    pub digest: Option<Digest>,
    /// How its approval stands.
    pub approval: Approval<'a>,
    /// Its state.
    pub standing: Standing,
    /// With whom of us it is, if it was received.
    pub custody: Custody<'a>,
    /// What the ledger says of a draft that took its number.
    pub taken: Option<&'a Taken>,
    /// Removals that holders of the trust root signed, and that are not carried out.
    pub removals: Vec<Waiting<'a>>,
    /// What is wrong with a draft; not looked for in a letter that took its number.
    pub findings: Vec<Finding>,
}

impl Overview<'_> {
    /// What keeps a draft from being ready: `no deadline is given [deadline-missing]`.
    pub fn open(&self) -> Vec<String> {
        let open = self.findings.iter().filter(|finding| is_open(finding, self.letter));
        open.map(|finding| format!("{} [{}]", finding.message, finding.code)).collect()
    }

    /// What to do about it: edit the letter, unless it is an act that nobody can read.
    pub fn mend(&self) -> String {
        let name = &self.letter.name;
        let mut open = self.findings.iter().filter(|finding| is_open(finding, self.letter));
        match open.find(|finding| is_of_an_act(finding, name) && finding.code != Code::ManagerOriginates) {
            Some(Finding { place, .. }) => format!(
                "git log -- {0} tells whose it is; they do it anew, and `git rm {0}` takes out what no act is",
                place.file
            ),
            None => format!("liaison edit {name}"),
        }
    }
}

impl Whole<'_, '_> {
    /// What the ledger says of a draft that took its number.
    fn taken_as(&self, name: &StatementName) -> Option<&Taken> {
        match name {
            StatementName::Draft(slug) => self.taken.get(slug),
            StatementName::Numbered(_) => None,
        }
    }

    /// A letter as it stands; nothing when there is none of that name.
    ///
    /// # Errors
    /// Returns [`StoreError`] when a file of its folder cannot be read.
    pub fn overview(&self, name: &StatementName, now: Instant) -> Result<Option<Overview<'_>>, StoreError> {
        let Some(letter) = self.corpus.letters.get(name) else { return Ok(None) };
        let mailing = self.mailing(letter, now)?;
        let taken = self.taken_as(name);
        let findings = match name.is_draft() && taken.is_none() {
            true => self.judge_letter(letter, mailing.as_ref(), now)?,
            false => Vec::new(),
        };
        let (directory, settings) = (&self.record.directory, &self.record.settings);
        let digest = letter.held();
        let present = digest.unwrap_or_else(|| Digest::of(b"unreadable"));
        let ours = letter.statement.value.content.is_outgoing();
        let approval = match ours {
            true => approval(letter, present, mailing.as_ref(), directory, settings, now),
            false => Approval::default(),
        };
        let is_approved = match name.is_draft() {
            true => approval.is_complete(),
            false => ours && was_approved(letter, directory, settings, now),
        };
        let (is_partly_redacted, removals) = self.removals(letter)?;
        let is_missing_something = findings.iter().any(|finding| is_open(finding, letter));
        let facts = Facts { taken, is_missing_something, is_approved, is_partly_redacted };
        let standing = standing(letter, facts, &self.threads, directory, settings, now);
        let custody = custody(letter, directory, settings, now);
        Ok(Some(Overview { letter, digest, approval, standing, custody, taken, removals, findings }))
    }

    /// Whether files beside a letter were removed by law, and which removals wait.
    fn removals<'a>(&'a self, letter: &'a Letter) -> Result<(bool, Vec<Waiting<'a>>), StoreError> {
        if letter.name.is_draft() || letter.last(ActKind::Redact).is_none() {
            return Ok((false, Vec::new()));
        }
        let there = self.record.redactable(letter)?;
        let is_gone = |file: &RedactedFile| !there.iter().any(|one| one.file == file.file);
        let acts = letter.acts_of(ActKind::Redact);
        let is_partly = acts.filter_map(|act| redacted_files(&act.value)).flatten().any(|file| is_gone(&file));
        let waiting = self.roots.present().map(|root| waiting_removals(letter, &there, root, &self.record.settings));
        Ok((is_partly, waiting.unwrap_or_default()))
    }

    /// All letters as they stand, drafts first.
    ///
    /// # Errors
    /// Returns [`StoreError`] when a file cannot be read.
    pub fn overviews(&self, now: Instant) -> Result<Vec<Overview<'_>>, StoreError> {
        let names: Vec<&StatementName> = self.corpus.letters.keys().collect();
        let read: Vec<Option<Overview<'_>>> =
            names.par_iter().map(|name| self.overview(name, now)).collect::<Result<_, _>>()?;
        Ok(read.into_iter().flatten().collect())
    }
}

impl<'r, 'f> Whole<'r, 'f> {
    /// A letter with all it links to and all that links to it, without reading the whole record.
    ///
    /// # Errors
    /// Returns [`StoreError`] when a file cannot be read.
    pub fn around(
        record: &'r Record<'f>,
        name: &StatementName,
        cache: Option<&std::path::Path>,
    ) -> Result<Self, StoreError> {
        let mut corpus = record.linked(name)?;
        for referrer in record.referrers(name, &corpus, cache)? {
            corpus.letters.entry(referrer.name.clone()).or_insert(referrer);
        }
        let threads = Threads::of(corpus.letters.values(), |name| corpus.resolve(name));
        let roots = roots(record, &corpus)?;
        Ok(Self { record, corpus, threads, taken: BTreeMap::new(), roots, findings: Vec::new() })
    }
}
