//! Where a command works: the record's root, its files, its clone, and who the person is.

use std::path::PathBuf;

use anyhow::Context as _;

use super::context::Context;
use super::exit::{Outcome, refuse, refuse_with, usage};
use super::whom::Whom;
use crate::config::Settings;
use crate::directory::Directory;
use crate::domain::{StatementName, Word};
use crate::findings::{Finding, Severity};
use crate::history::{HistoryError, Identity, Oid, Repo, Revision};
use crate::store::{Files, Record, StoreError, WorkTree, find_letter, find_root, read_settings};

/// A record's work tree, or a commit of its clone that is read instead.
pub(crate) struct Desk {
    /// The work tree: where a command writes.
    pub(crate) tree: WorkTree,
    /// What a command reads that names a letter which the work tree does not have.
    revision: Option<Revision>,
}

impl Desk {
    /// The nearest record upwards.
    pub(crate) fn open(ctx: &Context) -> anyhow::Result<Self> {
        let root = find_root(&ctx.folder).ok_or_else(|| StoreError::NoRecord(ctx.folder.display().to_string()))?;
        let mut desk = Self { tree: WorkTree::new(root), revision: None };
        desk.revision = ctx.reads.map(|commit| desk.repo(ctx)?.revision(commit)).transpose()?;
        Ok(desk)
    }

    /// The record's files.
    pub(crate) fn files(&self) -> &dyn Files {
        match &self.revision {
            Some(revision) => revision,
            None => &self.tree,
        }
    }

    /// The record, read; refused when its settings cannot be trusted: they say who approves and whose mail it is.
    pub(crate) fn record(&self) -> anyhow::Result<Record<'_>> {
        let record = self.any_record()?;
        let broken = |finding: &&Finding| finding.place.file == "liaison.toml" && finding.severity == Severity::Error;
        match record.findings.iter().find(broken) {
            Some(finding) => {
                let message = format!("{}: {}", finding.place, finding.message);
                let help = finding.help.clone().unwrap_or_default();
                Err(refuse_with(Outcome::Findings, message, [help, "liaison check tells all that is wrong".into()]))
            }
            None => Ok(record),
        }
    }

    /// The record as far as it can be read, for commands that tell what is wrong with it.
    pub(crate) fn any_record(&self) -> anyhow::Result<Record<'_>> {
        Ok(Record::open(self.files())?)
    }

    /// The settings, without looking at any other file; the defaults where they cannot be read.
    pub(crate) fn settings(&self) -> anyhow::Result<Settings> {
        Ok(read_settings(self.files())?)
    }

    /// The clone around the record.
    pub(crate) fn repo(&self, ctx: &Context) -> Result<Repo, HistoryError> {
        Repo::open(self.tree.root(), ctx.git_environment.clone())
    }

    /// The commit whose history leads to what is read here; none before the first.
    pub(crate) fn tip(&self, repo: &Repo) -> Option<Oid> {
        self.revision.as_ref().map(|revision| revision.commit).or_else(|| repo.commit_at("HEAD"))
    }

    /// The clone's folder for what is known of the work tree's files; a commit's files are read anew.
    pub(crate) fn cache(&self, ctx: &Context) -> Option<PathBuf> {
        if self.revision.is_some() {
            return None;
        }
        self.repo(ctx).ok().map(|repo| repo.private_folder())
    }
}

/// The letter a person means.
pub(crate) fn letter_name(record: &Record<'_>, part: &str) -> anyhow::Result<StatementName> {
    Ok(find_letter(record, part)?)
}

/// The handle of the person who works here: `--as`, else whoever in the directory uses git's `user.email`.
pub(crate) fn me(directory: &Directory, ctx: &Context, desk: &Desk, given: Option<&str>) -> anyhow::Result<Word> {
    if let Some(handle) = given {
        if !directory.people.contains_key(handle) {
            let known = nearest(directory, handle);
            return Err(usage(format!("`{handle}` is no person of the directory"), known));
        }
        return Word::parse(handle)?.context("the handle is empty");
    }
    let identity = desk.repo(ctx).and_then(|repo| repo.identity()).map_err(|error| {
        if matches!(error, HistoryError::OtherOwner(_)) {
            return anyhow::Error::from(error);
        }
        let is_absent = matches!(error, HistoryError::NoRepository(_));
        let first = if is_absent { "git init; or " } else { "or " };
        let last = if is_absent { ", and add --no-commit" } else { "" };
        refuse(error.to_string(), format!("{first}say who you are with --as HANDLE{last}"))
    })?;
    match directory.person_by_address(&identity.email) {
        Some(handle) => Word::parse(handle)?.context("the handle is empty"),
        None => {
            let Identity { name, email } = &identity;
            let add = format!("liaison person add HANDLE --name \"{name}\" --address {email}");
            let settings = desk.any_record()?.settings;
            let whom = Whom { directory, settings: &settings, day: ctx.now.day(), reader: None };
            Err(refuse(
                format!("git says you are {name} <{email}>, an address that nobody in the directory has"),
                format!("{}; or say who you are with --as HANDLE", whom.directory(&add)),
            ))
        }
    }
}

/// Whoever really sits here, when the act is somebody else's: an act done with `--as` says who recorded it.
pub(crate) fn recorder(directory: &Directory, ctx: &Context, desk: &Desk, by: &Word) -> Option<Word> {
    let identity = desk.repo(ctx).and_then(|repo| repo.identity()).ok()?;
    let handle = directory.person_by_address(&identity.email)?;
    Word::parse(handle).ok().flatten().filter(|handle| handle != by)
}

fn nearest(directory: &Directory, handle: &str) -> String {
    let start: String = handle.chars().take(3).collect();
    let near: Vec<&str> =
        directory.people.keys().filter(|known| known.starts_with(&start)).map(String::as_str).collect();
    match near.as_slice() {
        [] => "directory/people/ holds a file for each person; `liaison person add` adds one".into(),
        near => format!("did you mean {}?", near.join(", ")),
    }
}
