//! Reads a record: settings and directory at once, letters when they are asked for.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::facts::file_facts;
use super::home::{Home, Read};
use super::layout::{Slot, classify};
use super::stubs::name_drafts;
use super::{FileEntry, Files, StoreError};
use crate::config::{Settings, parse_config};
use crate::directory::{Directory, check_directory, parse_group, parse_list, parse_person};
use crate::domain::{Digest, FileFact, Slug, StatementName};
use crate::findings::{Code, Finding, Place};
use crate::record::{Corpus, Letter, RedactedFile, Stub, parse_posting_rights};
use crate::shape::{Located, Sink};

/// A record: what is known of it before its letters are read.
pub struct Record<'f> {
    /// What `liaison.toml` says, or the defaults where it cannot be read.
    pub settings: Settings,
    /// Places in `liaison.toml`, when it can be read.
    pub config: Option<Located<Settings>>,
    /// Groups, people, lists.
    pub directory: Directory,
    /// What is wrong with settings, directory and layout.
    pub findings: Vec<Finding>,
    files: &'f dyn Files,
    pub(super) homes: BTreeMap<StatementName, Home>,
    pub(super) trust_acts: Vec<FileEntry>,
}

/// The settings of a record, without looking at any other file; the defaults where they cannot be read.
///
/// # Errors
/// Returns [`StoreError`] when there is no `liaison.toml`, or it cannot be read.
pub fn read_settings(files: &dyn Files) -> Result<Settings, StoreError> {
    let bytes = files.read("liaison.toml")?.ok_or_else(|| StoreError::NoRecord("the folder".into()))?;
    let config = parse_config(&bytes, &mut Sink::new("liaison.toml"));
    Ok(config.map(|config| config.value).unwrap_or_default())
}

impl<'f> Record<'f> {
    /// Opens the record at some files.
    ///
    /// # Errors
    /// Returns [`StoreError`] when there is no `liaison.toml`, or a folder or file cannot be read.
    pub fn open(files: &'f dyn Files) -> Result<Self, StoreError> {
        let config = files.read("liaison.toml")?.ok_or_else(|| StoreError::NoRecord("the folder".into()))?;
        let mut sink = Sink::new("liaison.toml");
        let config = parse_config(&config, &mut sink);
        let mut record = Self {
            settings: config.as_ref().map(|config| config.value.clone()).unwrap_or_default(),
            config,
            directory: Directory::default(),
            findings: sink.findings,
            files,
            homes: BTreeMap::new(),
            trust_acts: Vec::new(),
        };
        for entry in files.list()? {
            record.place(entry)?;
        }
        record.findings.extend(check_directory(&record.directory));
        Ok(record)
    }

    /// The names of all letters, drafts first. A numbered draft's stub is not among them.
    pub fn names(&self) -> impl Iterator<Item = &StatementName> {
        self.homes.keys()
    }

    /// The highest number of a year that a path takes, whether its letter can be read or not; 0 when there is none.
    pub fn last_serial(&self, year: u16) -> u32 {
        let numbers = self.homes.keys().filter_map(|name| match name {
            StatementName::Numbered(id) if id.year() == year => Some(id.serial()),
            StatementName::Numbered(_) | StatementName::Draft(_) => None,
        });
        numbers.max().unwrap_or(0)
    }

    /// Where the files are.
    pub fn files(&self) -> &'f dyn Files {
        self.files
    }

    /// One letter; nothing when there is none, or only a stub.
    ///
    /// # Errors
    /// Returns [`StoreError`] when a file cannot be read.
    pub fn letter(&self, name: &StatementName) -> Result<Option<Letter>, StoreError> {
        match self.homes.get(name).map(|home| self.read_home(name, home)).transpose()? {
            Some(Read::Letter(letter)) => Ok(Some(*letter)),
            Some(Read::Stub(..) | Read::Broken(_)) | None => Ok(None),
        }
    }

    /// What a draft became, if its path holds a stub.
    ///
    /// # Errors
    /// Returns [`StoreError`] when the file cannot be read.
    pub fn stub(&self, slug: &Slug) -> Result<Option<Located<Stub>>, StoreError> {
        let name = StatementName::Draft(slug.clone());
        match self.homes.get(&name).map(|home| self.read_home(&name, home)).transpose()? {
            Some(Read::Stub(stub, _)) => Ok(Some(stub)),
            Some(Read::Letter(_) | Read::Broken(_)) | None => Ok(None),
        }
    }

    /// All letters, read on all cores, and what was wrong with files that gave none.
    ///
    /// # Errors
    /// Returns [`StoreError`] when a file cannot be read.
    pub fn corpus(&self) -> Result<(Corpus, Vec<Finding>), StoreError> {
        let read: Vec<(StatementName, Read)> = self
            .homes
            .par_iter()
            .map(|(name, home)| Ok((name.clone(), self.read_home(name, home)?)))
            .collect::<Result<_, StoreError>>()?;
        let mut corpus = Corpus::default();
        let mut findings = Vec::new();
        for (name, one) in read {
            match (one, &name) {
                (Read::Letter(letter), _) => {
                    corpus.letters.insert(name, *letter);
                }
                (Read::Stub(stub, faults), StatementName::Draft(slug)) => {
                    findings.extend(faults);
                    findings.extend(self.leftovers(&name, &stub));
                    corpus.stubs.insert(slug.clone(), stub);
                }
                (Read::Stub(..), StatementName::Numbered(_)) => {}
                (Read::Broken(faults), _) => {
                    findings.extend(faults);
                    if self.has_file(&name) {
                        corpus.unreadable.insert(name);
                    }
                }
            }
        }
        name_drafts(&mut corpus, &mut findings);
        // Signatures are bound to the draft that a letter was.
        let is_told = |letter: &&mut Letter| letter.draft != letter.told_draft();
        corpus.letters.values_mut().filter(is_told).for_each(|letter| self.judge_acts(letter));
        Ok((corpus, findings))
    }

    /// A letter with all it links to, so that the rules can look at it without reading the whole record.
    ///
    /// # Errors
    /// Returns [`StoreError`] when a file cannot be read.
    pub fn linked(&self, name: &StatementName) -> Result<Corpus, StoreError> {
        let mut corpus = Corpus::default();
        let mut open = vec![name.clone()];
        while let Some(next) = open.pop() {
            if corpus.letters.contains_key(&next) || corpus.unreadable.contains(&next) {
                continue;
            }
            match (self.homes.get(&next).map(|home| self.read_home(&next, home)).transpose()?, &next) {
                (Some(Read::Letter(letter)), _) => {
                    let content = &letter.statement.value.content;
                    open.extend(
                        content.in_response_to.iter().chain(&content.revises).filter_map(|link| link.here().cloned()),
                    );
                    corpus.letters.insert(next, *letter);
                }
                (Some(Read::Stub(stub, _)), StatementName::Draft(slug)) => {
                    open.push(StatementName::Numbered(stub.value.became.clone()));
                    corpus.stubs.insert(slug.clone(), stub);
                }
                (Some(Read::Broken(_)), _) if self.has_file(&next) => {
                    corpus.unreadable.insert(next);
                }
                (Some(Read::Stub(..) | Read::Broken(_)) | None, _) => {}
            }
        }
        self.draft_of(name, &mut corpus)?;
        Ok(corpus)
    }

    /// The facts of every file in a letter's folder, acts left out.
    ///
    /// # Errors
    /// Returns [`StoreError`] when a file cannot be read.
    pub fn facts(&self, name: &StatementName) -> Result<Vec<FileFact>, StoreError> {
        match self.homes.get(name) {
            Some(home) => file_facts(self.files, &name.stem(), &home.beside),
            None => Ok(Vec::new()),
        }
    }

    /// The files that could be taken away of a letter, with the digests of their bytes: its own, and those beside it.
    ///
    /// # Errors
    /// Returns [`StoreError`] when a file cannot be read.
    pub fn redactable(&self, letter: &Letter) -> Result<Vec<RedactedFile>, StoreError> {
        let own = if letter.redaction().is_none() { self.files.read(&letter.name.path())? } else { None };
        let own = own.map(|bytes| RedactedFile { file: letter.file_name(), sha256: Digest::of(&bytes) });
        let beside = self.facts(&letter.name)?.into_iter();
        let beside = beside.filter_map(|fact| Some(RedactedFile { file: fact.name, sha256: fact.digest? }));
        Ok(own.into_iter().chain(beside).collect())
    }

    /// The bytes of a file in a letter's folder.
    ///
    /// # Errors
    /// Returns [`StoreError`] when the file cannot be read.
    pub fn beside(&self, name: &StatementName, file: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let path = format!("{}/{file}", name.stem());
        let listed = self
            .homes
            .get(name)
            .is_some_and(|home| home.beside.iter().any(|entry| entry.path == path && !entry.is_link));
        if listed { self.files.read(&path) } else { Ok(None) }
    }

    /// Whether a draft's path holds a stub.
    pub(super) fn is_stub(&self, name: &StatementName) -> bool {
        let StatementName::Draft(slug) = name else { return false };
        self.stub(slug).ok().flatten().is_some()
    }

    /// What tells whether a letter's file or its corrections changed; nothing where only its bytes would.
    pub(super) fn stamp(&self, name: &StatementName) -> Option<String> {
        let home = self.homes.get(name)?;
        let stamp = self.files.stamp(&home.letter.as_ref()?.path)?;
        Some(format!("{}-{}-{}", stamp.size, stamp.modified, self.corrections(name)))
    }

    /// How many acts may mend a letter, as their files' names say.
    pub(super) fn corrections(&self, name: &StatementName) -> usize {
        let acts = self.homes.get(name).map(|home| home.acts.as_slice()).unwrap_or_default();
        acts.iter().filter(|act| act.path.contains("Z-correct-")).count()
    }

    /// Whether acts may say more of a letter's numbers than its file, as their files' names say.
    pub(super) fn may_say_more(&self, name: &StatementName) -> bool {
        let acts = self.homes.get(name).map(|home| home.acts.as_slice()).unwrap_or_default();
        acts.iter().any(|act| act.path.contains("Z-correct-") || act.path.contains("Z-annotate-"))
    }

    /// What keeps a letter's file from being read.
    ///
    /// # Errors
    /// Returns [`StoreError`] when the file cannot be read at all.
    pub fn faults(&self, name: &StatementName) -> Result<Vec<Finding>, StoreError> {
        Ok(match self.homes.get(name).map(|home| self.read_home(name, home)).transpose()? {
            Some(Read::Broken(faults)) => faults,
            Some(Read::Letter(letter)) => letter.faults,
            Some(Read::Stub(_, faults)) => faults,
            None => Vec::new(),
        })
    }

    /// Every file of a letter: its own, its acts, its folder.
    pub fn paths(&self, name: &StatementName) -> Vec<String> {
        let Some(home) = self.homes.get(name) else { return Vec::new() };
        home.letter.iter().chain(&home.acts).chain(&home.beside).map(|entry| entry.path.clone()).collect()
    }

    /// Whether a letter's own file is there, whatever it holds.
    fn has_file(&self, name: &StatementName) -> bool {
        self.homes.get(name).is_some_and(|home| home.letter.is_some())
    }

    fn place(&mut self, entry: FileEntry) -> Result<(), StoreError> {
        let slot = classify(&entry.path);
        if entry.is_link && !matches!(slot, Slot::Beside(..)) {
            self.findings.push(
                Finding::plain(Code::Symlink, "this is a link to elsewhere, not a file")
                    .at(Place::file(&entry.path))
                    .help("put the file itself here"),
            );
            return Ok(());
        }
        match slot {
            Slot::Group(name) => self.read_now(&entry, |directory, bytes, sink| {
                directory.groups.extend(parse_group(bytes, sink).map(|group| (name, group.into())));
            })?,
            Slot::Person(name) => self.read_now(&entry, |directory, bytes, sink| {
                directory.people.extend(parse_person(bytes, sink).map(|person| (name, person.into())));
            })?,
            Slot::List(name) => self.read_now(&entry, |directory, bytes, sink| {
                directory.lists.extend(parse_list(bytes, sink).map(|list| (name, list.into())));
            })?,
            Slot::Letter(name) => self.homes.entry(name).or_default().letter = Some(entry),
            Slot::Act(name, _) => self.homes.entry(name).or_default().acts.push(entry),
            Slot::Beside(name, _) => self.homes.entry(name).or_default().beside.push(entry),
            Slot::TrustAct => self.trust_acts.push(entry),
            Slot::PostingRights => self.read_now(&entry, |_, bytes, sink| {
                parse_posting_rights(bytes, sink);
            })?,
            Slot::Root | Slot::FormerRoot(_) | Slot::BesidePostingRights | Slot::Silent => {}
            Slot::Wrong(code, expected) => {
                let finding = Finding::plain(code, format!("found the path {}, expected {expected}", entry.path));
                self.findings
                    .push(finding.at(Place::file(&entry.path)).help("rename the file and its folder with `git mv`"));
            }
            Slot::Stray => self.findings.push(
                Finding::plain(Code::StrayFile, "no part of a record has its place here")
                    .at(Place::file(&entry.path))
                    .help("move it into a letter's folder, or out of the record's folders"),
            ),
        }
        Ok(())
    }

    fn read_now(
        &mut self,
        entry: &FileEntry,
        read: impl FnOnce(&mut Directory, &[u8], &mut Sink<'_>),
    ) -> Result<(), StoreError> {
        let bytes = self.files.read(&entry.path)?.unwrap_or_default();
        let mut sink = Sink::new(&entry.path);
        read(&mut self.directory, &bytes, &mut sink);
        self.findings.extend(sink.findings);
        Ok(())
    }
}
