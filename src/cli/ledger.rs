//! The ledger as this clone last fetched it: which numbers and drafts are taken. Looking needs no network.

use super::branches::{sending_branch, tracked};
use super::context::Context;
use super::desk::Desk;
use super::exit::{Outcome, refuse_with};
use crate::check::Whole;
use crate::config::{Flow, Lock};
use crate::dispatch::{LEDGER, draft_path, key_path, last_step, parse_entry};
use crate::domain::{ActKind, Digest, Slug, StatementId, StatementName};
use crate::history::{Oid, Repo};
use crate::policy::Taken;
use crate::store::Files as _;

/// The branch that locks numbers where the mainline is protected.
pub(crate) struct Ledger {
    /// Its last commit; nothing before the first number is taken.
    pub(crate) tip: Option<Oid>,
    paths: Vec<String>,
}

impl Ledger {
    /// The ledger as it was last fetched; nothing where the mainline is the lock, or there is no remote.
    pub(crate) fn tracked(repo: &Repo, flow: &Flow) -> anyhow::Result<Option<Self>> {
        if flow.lock != Lock::Ledger || !repo.has_remote(&flow.remote) {
            return Ok(None);
        }
        let tip = repo.tracked(&flow.remote, LEDGER);
        let paths = tip.map(|tip| repo.paths_at(tip, "")).transpose()?.unwrap_or_default();
        Ok(Some(Self { tip, paths }))
    }

    /// What it says of a draft that somebody is sending or has sent: the number and when it was taken.
    pub(crate) fn draft(&self, repo: &Repo, slug: &Slug) -> anyhow::Result<Option<(StatementId, String)>> {
        self.entry(repo, &draft_path(slug))
    }

    /// What it says of a letter that somebody has received already.
    pub(crate) fn received(&self, repo: &Repo, key: Digest) -> anyhow::Result<Option<(StatementId, String)>> {
        self.entry(repo, &key_path(key))
    }

    fn entry(&self, repo: &Repo, path: &str) -> anyhow::Result<Option<(StatementId, String)>> {
        let Some(tip) = self.tip.filter(|_| self.paths.iter().any(|known| known == path)) else { return Ok(None) };
        let bytes = repo.read_at(tip, path)?.unwrap_or_default();
        Ok(parse_entry(&String::from_utf8_lossy(&bytes)))
    }

    /// What became of a draft that is still one in this work tree.
    fn taken(&self, repo: &Repo, flow: &Flow, slug: &Slug) -> anyhow::Result<Option<Taken>> {
        let Some((number, _)) = self.draft(repo, slug)? else { return Ok(None) };
        let name = StatementName::Numbered(number.clone());
        let (mainline, branch) = (tracked(flow, &flow.mainline), tracked(flow, &sending_branch(&name)));
        let is_merged = match repo.commit_at(&mainline) {
            Some(tip) => repo.revision(tip)?.read(&name.path())?.is_some(),
            None => false,
        };
        let noted = last_step(&self.paths, &number);
        let done = match repo.commit_at(if is_merged { &mainline } else { &branch }) {
            Some(tip) => last_act(&repo.names_at(tip, &format!("{}/acts", name.stem()))?),
            None => None,
        };
        // The letter's own acts come first: whoever stops in between leaves no note behind them.
        let step = done.filter(|_| noted != ActKind::Sent).unwrap_or(noted);
        Ok(Some(Taken { number, step, is_merged }))
    }

    /// The commit that has the letter which a draft became, where its number is not here yet.
    pub(crate) fn tip_of(&self, repo: &Repo, flow: &Flow, slug: &Slug) -> anyhow::Result<Option<(StatementName, Oid)>> {
        let Some(taken) = self.taken(repo, flow, slug)? else { return Ok(None) };
        let name = StatementName::Numbered(taken.number);
        let branch = if taken.is_merged { flow.mainline.clone() } else { sending_branch(&name) };
        Ok(repo.commit_at(&tracked(flow, &branch)).map(|tip| (name, tip)))
    }
}

/// How far a sending got, as the names of its acts tell; `sent` stays whatever comes after it.
fn last_act(names: &[String]) -> Option<ActKind> {
    const STEPS: [ActKind; 5] =
        [ActKind::Sent, ActKind::HandedOver, ActKind::Refused, ActKind::InDoubt, ActKind::Sending];
    let is = |name: &String, kind: &ActKind| name.contains(&format!("Z-{kind}-"));
    let mut steps = names.iter().rev().filter_map(|name| STEPS.into_iter().find(|kind| is(name, kind)));
    if names.iter().any(|name| is(name, &ActKind::Sent)) { Some(ActKind::Sent) } else { steps.next() }
}

/// Tells some letters which of their drafts took a number that has not come here yet.
pub(crate) fn with_ledger<'r, 'f>(
    ctx: &Context,
    desk: &Desk,
    mut whole: Whole<'r, 'f>,
) -> anyhow::Result<Whole<'r, 'f>> {
    let flow = &whole.record.settings.flow;
    let Ok(repo) = desk.repo(ctx) else { return Ok(whole) };
    let Some(ledger) = Ledger::tracked(&repo, flow)? else { return Ok(whole) };
    let drafts = whole.corpus.letters.keys().filter_map(|name| match name {
        StatementName::Draft(slug) => Some(slug),
        StatementName::Numbered(_) => None,
    });
    let taken = drafts.map(|slug| Ok(ledger.taken(&repo, flow, slug)?.map(|taken| (slug.clone(), taken))));
    let taken: Vec<Option<_>> = taken.collect::<anyhow::Result<_>>()?;
    whole.taken = taken.into_iter().flatten().collect();
    Ok(whole)
}

/// Stops before a draft is changed that took its number: what left is frozen, and a change of the draft would be lost.
pub(crate) fn refuse_taken_draft(repo: &Repo, flow: &Flow, letter: &StatementName) -> anyhow::Result<()> {
    let (StatementName::Draft(slug), Some(ledger)) = (letter, Ledger::tracked(repo, flow)?) else { return Ok(()) };
    let Some(taken) = ledger.taken(repo, flow, slug)? else { return Ok(()) };
    let message =
        format!("{slug} was taken as {0}, which is {1}; nothing was changed", taken.number, taken.whereabouts());
    Err(refuse_with(Outcome::SomebodyElse, message, [format!("liaison show {} shows it", taken.number)]))
}
