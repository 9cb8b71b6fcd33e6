//! The files of one letter, and what reading them gives.

use super::{Contents, FileEntry, Record, StoreError};
use crate::domain::{Act, StatementName};
use crate::findings::{Code, Finding, Place, Stage};
use crate::policy::without_effect;
use crate::record::{Letter, Stub, parse_act, parse_statement, parse_stub};
use crate::shape::{Located, Sink};

/// The files of one letter.
#[derive(Debug, Clone, Default)]
pub(super) struct Home {
    pub(super) letter: Option<FileEntry>,
    pub(super) acts: Vec<FileEntry>,
    pub(super) beside: Vec<FileEntry>,
}

/// What a letter's path holds.
pub(super) enum Read {
    Letter(Box<Letter>),
    Stub(Located<Stub>, Vec<Finding>),
    Broken(Vec<Finding>),
}

impl Record<'_> {
    pub(super) fn read_home(&self, name: &StatementName, home: &Home) -> Result<Read, StoreError> {
        let Some(entry) = &home.letter else {
            let first = home.acts.iter().chain(&home.beside).next().map(|entry| entry.path.clone()).unwrap_or_default();
            let finding = Finding::plain(Code::StrayFile, format!("there is no letter {name} beside this file"))
                .at(Place::file(first));
            return Ok(Read::Broken(vec![finding.help(format!("write {}, or remove the folder", name.path()))]));
        };
        let mut sink = Sink::new(&entry.path);
        let bytes = match self.yaml(entry)? {
            Ok(bytes) => bytes,
            Err(finding) => return Ok(Read::Broken(vec![finding])),
        };
        if name.is_draft()
            && let Some(stub) = parse_stub(&bytes, &mut sink)
        {
            return Ok(Read::Stub(stub, sink.findings));
        }
        if !sink.findings.is_empty() {
            return Ok(Read::Broken(sink.findings));
        }
        let Some(statement) = parse_statement(&bytes, &mut sink) else { return Ok(Read::Broken(sink.findings)) };
        let own_faults = sink.findings.len();
        let mut faults = sink.findings;
        let mut acts = Vec::new();
        for entry in &home.acts {
            let (act, findings) = self.read_act(entry)?;
            acts.extend(act);
            faults.extend(findings);
        }
        acts.sort_by(|a, b| (a.value.at, a.value.kind, &a.file).cmp(&(b.value.at, b.value.kind, &b.file)));
        let mut letter = Letter::new(name.clone(), statement, acts, faults, own_faults);
        self.judge_acts(&mut letter);
        Ok(Read::Letter(Box::new(letter)))
    }

    /// Finds out which acts of a letter have no effect: those without the authority or the proof that the table asks for.
    pub(super) fn judge_acts(&self, letter: &mut Letter) {
        let void = without_effect(letter, &self.directory, &self.settings);
        let void = void.into_iter().map(|(act, _)| act.file.clone()).collect();
        letter.without_effect(void);
    }

    /// The bytes of a YAML file, or what to say of one that is larger than the record allows.
    fn yaml(&self, entry: &FileEntry) -> Result<Result<Vec<u8>, Finding>, StoreError> {
        let limit = self.settings.limits.yaml;
        Ok(match self.files().read_up_to(&entry.path, limit)? {
            Contents::Absent => Ok(Vec::new()),
            Contents::Whole(bytes) => Ok(bytes),
            Contents::TooLarge(size) => {
                let message = format!("the file has {size} bytes, allowed are {limit}");
                let finding = Finding::plain(Code::TooLarge, message).at(Place::file(&entry.path));
                Err(finding.help("move long text into an attachment, or raise `yaml` under [limits] in liaison.toml"))
            }
        })
    }

    pub(super) fn read_act(&self, entry: &FileEntry) -> Result<(Option<Located<Act>>, Vec<Finding>), StoreError> {
        let bytes = match self.yaml(entry)? {
            Ok(bytes) => bytes,
            Err(finding) => return Ok((None, vec![finding])),
        };
        let mut sink = Sink::new(&entry.path);
        let act = parse_act(&bytes, &mut sink);
        if let Some(act) = &act {
            let expected = act.value.file_name();
            if !entry.path.ends_with(&format!("/{expected}")) {
                sink.findings.push(
                    Finding::plain(
                        Code::ActMisplaced,
                        format!("the act says `{expected}`, its file is called otherwise"),
                    )
                    .at(Place::file(&entry.path))
                    .help(format!("git mv it to {expected}, or undo the edit of the act")),
                );
            }
        }
        Ok((act, sink.findings))
    }

    /// What is still beside a stub, and should have moved.
    pub(super) fn leftovers(&self, name: &StatementName, stub: &Located<Stub>) -> Vec<Finding> {
        let Some(home) = self.homes.get(name) else { return Vec::new() };
        let left = |entry: &FileEntry, help: String| {
            let finding = Finding::new(
                Code::StubLeftovers,
                Stage::Sent,
                format!("{name} became {}, but this file stayed behind", stub.value.became),
            )
            .at(Place::file(&entry.path));
            finding.help(help)
        };
        let letter = StatementName::Numbered(stub.value.became.clone()).stem();
        let act = |entry| left(entry, format!("liaison resolve-merge moves it along; or git mv it to {letter}/acts/"));
        let other = |entry: &FileEntry| {
            let help = format!("it was not sent: git rm {}; with a letter that revises it, it can be", entry.path);
            left(entry, help)
        };
        home.acts.iter().map(act).chain(home.beside.iter().map(other)).collect()
    }
}
