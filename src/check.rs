//! Everything that is wrong with a record, in one run: the whole of `liaison check`.

use rayon::prelude::*;

use crate::domain::{Instant, StatementName};
use crate::findings::{Finding, sort};
use crate::policy::Threads;
use crate::record::Corpus;
use crate::rules::{Case, judge, judge_record};
use crate::store::{Record, StoreError};

/// A record with all its letters read.
pub struct Whole<'r, 'f> {
    /// The record.
    pub record: &'r Record<'f>,
    /// Its letters.
    pub corpus: Corpus,
    /// Who answers whom.
    pub threads: Threads,
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
        Ok(Self { record, corpus, threads, findings })
    }

    /// Everything that is wrong with one letter.
    ///
    /// # Errors
    /// Returns [`StoreError`] when a file of its folder cannot be read.
    pub fn judge(&self, name: &StatementName, now: Instant) -> Result<Vec<Finding>, StoreError> {
        let Some(letter) = self.corpus.letters.get(name) else { return Ok(Vec::new()) };
        let files = self.record.facts(name)?;
        Ok(judge(&Case {
            letter,
            files: &files,
            corpus: &self.corpus,
            threads: &self.threads,
            directory: &self.record.directory,
            settings: &self.record.settings,
            now,
        }))
    }

    /// Everything that is wrong anywhere.
    ///
    /// # Errors
    /// Returns [`StoreError`] when a file cannot be read.
    pub fn check(&self, now: Instant) -> Result<Vec<Finding>, StoreError> {
        let names: Vec<&StatementName> = self.corpus.letters.keys().collect();
        let judged: Vec<Vec<Finding>> = names.par_iter().map(|name| self.judge(name, now)).collect::<Result<_, _>>()?;
        let mut findings = self.record.findings.clone();
        findings.extend(judge_record(&self.record.settings, self.record.config.as_ref(), &self.record.directory, now));
        findings.extend(self.findings.iter().cloned());
        findings.extend(judged.into_iter().flatten());
        sort(&mut findings);
        Ok(findings)
    }
}
