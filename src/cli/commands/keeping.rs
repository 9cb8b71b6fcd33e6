//! What the commands that keep the directory share: who may, what a change would make wrong, how it travels.

use std::collections::BTreeMap;

use crate::cli::args::TravelArgs;
use crate::cli::ask;
use crate::cli::context::Context;
use crate::cli::desk::Desk;
use crate::cli::exit::{Outcome, refuse, refuse_with};
use crate::cli::findings_text::write_findings;
use crate::cli::format::terminal_safe;
use crate::cli::record_id::refuse_unvouched_id;
use crate::cli::signature::Signed;
use crate::cli::travel::{Reached, Traveller};
use crate::config::Grade;
use crate::directory::Directory;
use crate::directory::edit::{Cell, Edit, EditError, edit, new_file};
use crate::domain::ActKind;
use crate::findings::Finding;
use crate::policy::wanted_grade;
use crate::store::{Change, Files, Memory, Record};

use super::acting::ActorArgs;
use super::seal::{Author, author, file_changes, seal, tell_unsigned, unvouched};

/// Options of every command that keeps the directory.
#[derive(Debug, Clone, Default, clap::Args)]
pub(crate) struct KeepArgs {
    #[command(flatten)]
    actor: ActorArgs,
    #[command(flatten)]
    travel: TravelArgs,
}

/// Somebody who may change the directory.
pub(crate) struct Keeper<'a> {
    desk: &'a Desk,
    record: &'a Record<'a>,
    travel: TravelArgs,
    /// Who and in which role; nothing where nobody holds such a role yet, and the person is unknown as well.
    author: Option<Author<'a>>,
}

impl<'a> Keeper<'a> {
    /// Whoever works here, if the approval table lets them change the directory. Where nobody may, everybody does: so
    /// that a record can begin.
    pub(crate) fn new(ctx: &Context, desk: &'a Desk, record: &'a Record<'a>, args: &KeepArgs) -> anyhow::Result<Self> {
        let author = author(ctx, desk, record, ActKind::Directory, args.actor.actor.as_deref())?;
        Ok(Self { desk, record, travel: args.travel, author })
    }

    /// Writes a new file.
    pub(crate) fn add(
        &self,
        ctx: &mut Context,
        path: &str,
        keys: &[(&'static str, Cell)],
        message: &str,
    ) -> anyhow::Result<Reached> {
        if self.desk.tree.read(path)?.is_some() {
            return Err(refuse(format!("{path} exists already"), "liaison check tells whether it can be read"));
        }
        self.write(ctx, path, "", new_file(keys), message)
    }

    /// Changes a file and keeps every other byte of it; `flag` is what names the day.
    pub(crate) fn change(
        &self,
        ctx: &mut Context,
        path: &str,
        change: &Edit,
        flag: &str,
        message: &str,
    ) -> anyhow::Result<Reached> {
        let before = String::from_utf8(self.desk.tree.read(path)?.unwrap_or_default())?;
        let after = edit(&before, change).map_err(|error| {
            let help = match &error {
                EditError::Reversed { .. } => format!("choose a later day with {flag} DATE"),
                EditError::Later { until, .. } => format!("choose that day or a later one: {flag} {until}"),
                EditError::Same { .. } => "nothing needs to change".to_owned(),
                EditError::Syntax(_)
                | EditError::Shape { .. }
                | EditError::NothingLasts(_)
                | EditError::SeveralLast(_)
                | EditError::OtherText => format!("edit {path} by hand, then: liaison check"),
            };
            refuse(format!("{path}: {error}"), help)
        })?;
        self.write(ctx, path, &before, after, message)
    }

    /// Refuses what would make something wrong; on a terminal shows the lines and asks; then lets the change travel.
    fn write(
        &self,
        ctx: &mut Context,
        path: &str,
        before: &str,
        after: String,
        message: &str,
    ) -> anyhow::Result<Reached> {
        let mut memory = Memory::default();
        let listed = self.desk.tree.list()?.into_iter().map(|entry| entry.path);
        for path in listed.filter(|path| path.starts_with("directory/")).chain(["liaison.toml".to_owned()]) {
            memory.files.extend(self.desk.tree.read(&path)?.map(|bytes| (path, bytes)));
        }
        memory.files.insert(path.to_owned(), after.clone().into_bytes());
        let next = Record::open(&memory)?;
        let added = added(&self.record.findings, next.findings);
        if !added.is_empty() {
            write_findings(ctx, &memory, &added)?;
            return Err(refuse(
                format!("nothing was written: this would be wrong in {path}"),
                "mend what is told above, then run the command again",
            ));
        }
        if ctx.interactive {
            for line in changed_lines(before, &after) {
                writeln!(ctx.err, "  {}", terminal_safe(&line))?;
            }
            if !ask::confirm(ctx, &format!("write this to {path}?"))? {
                return Err(refuse_with(Outcome::WaitsForPeople, "nothing was written", []));
            }
        }
        self.refuse_unsaved(ctx, path)?;
        let message = match &self.author {
            Some(author) => format!("{message}\n\nby {}", author.text(&self.record.directory)),
            None => message.to_owned(),
        };
        let change = Change::default().write(path, after);
        let (change, signed) = self.sealed(ctx, change)?;
        let traveller = Traveller { settings: &self.record.settings, args: self.travel, letter: None };
        let reached = traveller.go(ctx, self.desk, &change, &message)?;
        let by = self.author.as_ref().map(|author| author.by.as_str());
        let is_first = by.is_some_and(|by| !has_key(&self.record.directory, by) && has_key(&next.directory, by));
        match &signed {
            Signed::No(..) | Signed::Unexpected(..) if is_first => {
                let by = by.unwrap_or_default();
                ctx.hint(format!("the change is recorded, but not signed: the directory holds no key of {by} yet"))?;
                ctx.hint("a key does not vouch for itself; what comes next is signed with the new key")?;
                if wanted_grade(ActKind::Directory, &next.directory, &next.settings, ctx.now.day()) == Grade::Signed {
                    ctx.hint(
                        "next: liaison record-change confirms with it what was recorded without a signature so far, and \
                         says who vouches for the key",
                    )?;
                }
            }
            Signed::Yes | Signed::No(..) | Signed::Unexpected(..) => tell_unsigned(ctx, &signed)?,
        }
        Ok(reached)
    }

    /// The change with its act; without one where there is nobody yet whose act it could be.
    fn sealed(&self, ctx: &Context, change: Change) -> anyhow::Result<(Change, Signed)> {
        let Some(author) = &self.author else { return Ok((change, Signed::Yes)) };
        let changes = file_changes(ctx, self.desk, &change)?;
        seal(ctx, self.desk, self.record, author, ActKind::Directory, &changes, change)
    }

    /// Refuses a file that somebody edited by hand: the act would vouch for that as well, unseen.
    fn refuse_unsaved(&self, ctx: &Context, path: &str) -> anyhow::Result<()> {
        let Ok(repo) = self.desk.repo(ctx) else { return Ok(()) };
        if self.travel.no_commit {
            return Ok(());
        }
        refuse_unvouched_id(&repo, self.record)?;
        let what = if !repo.uncommitted(&[path.to_owned()])?.is_empty() {
            "has changes that are not committed"
        } else if unvouched(self.record, &self.record.trust()?).contains(path) {
            "holds what no act vouches for"
        } else {
            return Ok(());
        };
        Err(refuse(
            format!("{path} {what}"),
            format!("liaison record-change shows and signs what is there; git restore {path} takes changes back"),
        ))
    }
}

fn has_key(directory: &Directory, person: &str) -> bool {
    directory.people.get(person).is_some_and(|person| !person.value.keys.is_empty())
}

/// What is found after a change and was not found before; places move, so they do not count.
pub(super) fn added(before: &[Finding], after: Vec<Finding>) -> Vec<Finding> {
    let key = |finding: &Finding| (finding.code, finding.place.file.clone(), finding.message.clone());
    let mut known: BTreeMap<_, usize> = BTreeMap::new();
    for finding in before {
        *known.entry(key(finding)).or_default() += 1;
    }
    let is_new = |finding: &Finding| match known.get_mut(&key(finding)) {
        Some(count) if *count > 0 => {
            *count -= 1;
            false
        }
        Some(_) | None => true,
    };
    let mut is_new = is_new;
    after.into_iter().filter(|finding| is_new(finding)).collect()
}

/// The lines that go, with `-`, and those that come, with `+`.
fn changed_lines(before: &str, after: &str) -> Vec<String> {
    let (before, after): (Vec<&str>, Vec<&str>) = (before.lines().collect(), after.lines().collect());
    let same = |pairs: &mut dyn Iterator<Item = (&&str, &&str)>| pairs.take_while(|(a, b)| a == b).count();
    let head = same(&mut before.iter().zip(&after));
    let rest = before.len().min(after.len()) - head;
    let tail = same(&mut before.iter().rev().zip(after.iter().rev())).min(rest);
    let middle = |lines: &[&str], sign: char| {
        let lines = lines.get(head..lines.len() - tail).unwrap_or_default();
        lines.iter().map(|line| format!("{sign} {line}")).collect::<Vec<_>>()
    };
    [middle(&before, '-'), middle(&after, '+')].concat()
}
