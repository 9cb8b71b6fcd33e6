//! A redaction in a record with a trust root: each holder signs, and the last one whom the threshold asks for takes away.

use anyhow::Context as _;

use super::super::acting::sits_here;
use crate::cli::context::Context;
use crate::cli::desk::Desk;
use crate::cli::exit::{Outcome, refuse, refuse_with};
use crate::cli::format::terminal_safe;
use crate::cli::redactions::names_text;
use crate::cli::signature::{Keys, Signed, sign_as_holder};
use crate::config::Settings;
use crate::directory::{RootHolder, TrustRoot};
use crate::domain::{Act, StatementName, Word};
use crate::policy::{Roots, Waiting, root_standings, waiting_removals};
use crate::record::{Letter, RedactedFile, redacted_files};
use crate::store::Record;

/// The versions of the trust root that count here; a chain that is not whole is refused, because nobody can tell who may.
pub(super) fn present(record: &Record<'_>) -> anyhow::Result<Roots> {
    let trust = record.trust()?;
    if let Some(root) = &trust.root {
        root_standings(root, &trust.former, &trust.acts, &record.settings)
            .map_err(|fault| refuse(fault.to_string(), "restore the file from history"))?;
    }
    Ok(trust.roots(&record.settings))
}

/// Refuses whoever does not hold the root, or is somebody else; and says who may.
pub(super) fn may(ctx: &Context, desk: &Desk, record: &Record<'_>, root: &TrustRoot, by: &Word) -> anyhow::Result<()> {
    let holders: Vec<&RootHolder> = root.holders.iter().collect();
    let who = match root.threshold {
        1 => format!("one of its holders does: {}", names_text(&holders, &record.directory)),
        threshold => format!("{threshold} of its holders do: {}", names_text(&holders, &record.directory)),
    };
    if root.holder(by.as_str()).is_none() {
        let name = record.directory.name_of(by.as_str());
        let message = format!("{name} does not hold the trust root, and in this record only its holders redact");
        return Err(refuse(message, who));
    }
    if let Some(other) = sits_here(ctx, desk, record, by) {
        let message = format!("you are {other}; a redaction counts only with a signature of {by}'s own");
        return Err(refuse_with(Outcome::Findings, message, [format!("{by} does it in an own clone"), who]));
    }
    Ok(())
}

/// A removal, as one of the holders meets it.
pub(super) struct Among<'a> {
    root: &'a TrustRoot,
    own: &'a RootHolder,
    /// What others signed already, if it is the same.
    waiting: Option<Waiting<'a>>,
}

impl<'a> Among<'a> {
    /// The removal that waits, where no file is named; else the one of those files.
    pub(super) fn of(
        root: &'a TrustRoot,
        by: &Word,
        letter: &'a Letter,
        there: &[RedactedFile],
        named: Option<&[RedactedFile]>,
        settings: &Settings,
    ) -> anyhow::Result<Self> {
        let own = root.holder(by.as_str()).context("whoever redacts holds the root")?;
        let mut waiting = waiting_removals(letter, there, root, settings);
        waiting.retain(|one| named.is_none_or(|files| is_about(one.act, files)));
        if waiting.len() > 1 {
            let told = |one: &Waiting<'_>| {
                let files = redacted_files(one.act).unwrap_or_default();
                let files = files.iter().map(|one| format!(" --file {}", terminal_safe(&one.file)));
                format!("liaison redact {}{}", letter.name, files.collect::<String>())
            };
            let message = format!("several redactions of {} wait, so name the files of one", letter.name);
            return Err(refuse_with(Outcome::Findings, message, waiting.iter().map(told)));
        }
        Ok(Self { root, own, waiting: waiting.pop() })
    }

    /// The files of the removal that waits.
    pub(super) fn files(&self) -> Option<Vec<RedactedFile>> {
        redacted_files(self.waiting.as_ref()?.act)
    }

    /// Why, as the newest act about it says.
    pub(super) fn reason(&self) -> Option<String> {
        self.waiting.as_ref()?.act.detail("reason")
    }

    fn signed(&self) -> &[&'a RootHolder] {
        self.waiting.as_ref().map(|waiting| waiting.signed.as_slice()).unwrap_or_default()
    }

    /// How many will have signed with whoever works here.
    fn with_own(&self) -> u64 {
        let others = self.signed().iter().filter(|holder| **holder != self.own).count();
        others as u64 + 1
    }

    /// Whether no further signature is missing then.
    pub(super) fn is_last(&self) -> bool {
        self.with_own() >= self.root.threshold
    }

    /// Whether whoever works here signed already, and others are missing.
    pub(super) fn has_signed(&self) -> bool {
        self.signed().contains(&self.own) && !self.is_last()
    }

    fn others(&self, record: &Record<'_>) -> String {
        let is_open = |holder: &&RootHolder| *holder != self.own && !self.signed().contains(holder);
        let open: Vec<&RootHolder> = self.root.holders.iter().filter(is_open).collect();
        names_text(&open, &record.directory)
    }

    /// Says whom it waits for.
    pub(super) fn tell_signed(&self, ctx: &mut Context, record: &Record<'_>) -> anyhow::Result<Outcome> {
        let (name, threshold) = (record.directory.name_of(&self.own.handle), self.root.threshold);
        writeln!(ctx.out, "{name} signed it already, {} of {threshold}", self.with_own())?;
        ctx.hint(format!("it waits for {} more of {}", threshold - self.with_own(), self.others(record)))?;
        Ok(Outcome::WaitsForPeople)
    }

    /// Shows what others signed.
    pub(super) fn tell(&self, ctx: &mut Context, record: &Record<'_>) -> anyhow::Result<()> {
        let Some(waiting) = &self.waiting else { return Ok(()) };
        let signed = names_text(&waiting.signed, &record.directory);
        let reason = waiting.act.detail("reason").unwrap_or_default();
        let reason = reason.lines().collect::<Vec<_>>().join(" ");
        writeln!(ctx.out, "signed by {signed}: {}", terminal_safe(&reason))?;
        Ok(())
    }

    /// Signs the act with the key that the root names.
    pub(super) fn sign(
        &self,
        ctx: &Context,
        desk: &Desk,
        record: &Record<'_>,
        subject: &str,
        act: &mut Act,
    ) -> anyhow::Result<()> {
        let repo = desk.repo(ctx)?;
        let keys = Keys { ctx, repo: &repo, directory: &record.directory, settings: &record.settings };
        match sign_as_holder(&keys, self.own, subject, act)? {
            Signed::No(why, next) | Signed::Unexpected(why, next) => {
                let message = format!("nothing was redacted: a holder of the trust root signs a redaction, and {why}");
                Err(refuse(message, next))
            }
            Signed::Yes => Ok(()),
        }
    }

    /// Says how many signed, and what the others type.
    pub(super) fn tell_waiting(
        &self,
        ctx: &mut Context,
        name: &StatementName,
        record: &Record<'_>,
    ) -> anyhow::Result<()> {
        let (signed, threshold) = (self.with_own(), self.root.threshold);
        let more = threshold - signed;
        writeln!(ctx.out, "{name}: {signed} of {threshold} holders signed the redaction; nothing is taken away yet")?;
        ctx.hint(format!("{more} more of {} type: liaison redact {name}", self.others(record)))
    }
}

/// Whether an act is about exactly these files.
fn is_about(act: &Act, files: &[RedactedFile]) -> bool {
    let (mut named, mut files) = (redacted_files(act).unwrap_or_default(), files.to_vec());
    named.sort();
    files.sort();
    named == files
}
