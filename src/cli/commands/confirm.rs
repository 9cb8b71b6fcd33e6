//! What `liaison record-change` confirms of what is committed already: which files no signed act explains, how they differ from
//! the last state that one did, and what a file was that is gone.

use std::collections::BTreeSet;

use crate::cli::context::Context;
use crate::cli::desk::{Desk, me};
use crate::cli::exit::{refuse, usage};
use crate::cli::format::terminal_safe;
use crate::cli::pin::PIN;
use crate::domain::{ActKind, Digest, FileChange, kind_of_change};
use crate::history::{Oid, Repo, first_with};
use crate::rules::{proven_states, unproven_files};
use crate::store::{Record, Trust};

use super::seal::{case, wants_signature};

/// The files that somebody named, below the record's root.
pub(super) fn named(ctx: &Context, desk: &Desk, given: &[String]) -> anyhow::Result<BTreeSet<String>> {
    given.iter().map(|file| named_one(ctx, desk, file)).collect()
}

fn named_one(ctx: &Context, desk: &Desk, given: &str) -> anyhow::Result<String> {
    let root = desk.tree.root();
    let here = ctx.folder.join(given);
    let whole = |path: &std::path::Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let below =
        [here.strip_prefix(root).map(ToOwned::to_owned), whole(&here).strip_prefix(whole(root)).map(ToOwned::to_owned)];
    let below = below.into_iter().flatten().map(|path| path.display().to_string()).chain([given.to_owned()]);
    match below.into_iter().find_map(|path| Some((kind_of_change(&path)?, path))) {
        Some((ActKind::Trust, path)) => {
            Err(refuse(format!("{path} is signed by the holders of the trust root"), "liaison trust sign"))
        }
        Some((_, path)) => Ok(path),
        None => Err(usage(
            format!("`{given}` is no file whose changes are recorded"),
            "name liaison.toml, or a file such as directory/groups/tls.toml",
        )),
    }
}

/// The files that no signed act explains. They are looked for by whoever has a key, or where only a signature
/// counts: nobody else can prove more than is proven.
pub(super) fn unproven(
    ctx: &Context,
    desk: &Desk,
    repo: &Repo,
    head: Oid,
    (record, trust): (&Record<'_>, &Trust),
    given: Option<&str>,
) -> anyhow::Result<BTreeSet<String>> {
    let by = me(&record.directory, ctx, desk, given).ok();
    let person = by.and_then(|by| record.directory.people.get(by.as_str()));
    let has_key = person.is_some_and(|person| person.value.keys.iter().any(|key| key.is_good_on(ctx.now.day())));
    if !has_key && !wants_signature(ctx, record, ActKind::Directory) {
        return Ok(BTreeSet::new());
    }
    let pinned = repo.setting(PIN).and_then(|commit| repo.commit_at(&commit)).filter(|pin| repo.contains(head, *pin));
    let first = || first_with(repo, head, &["liaison.toml".to_owned()]);
    let Some(began) = pinned.map_or_else(|| Ok(first()?.map(|first| first.commit)), |pin| anyhow::Ok(Some(pin)))?
    else {
        return Ok(BTreeSet::new());
    };
    let revision = repo.revision(began)?;
    let began = Record::open(&revision)?.trust()?.present;
    Ok(unproven_files(&case(record, trust), &began))
}

/// Shows a file that is confirmed as it was committed: by whom, and how it differs from the last state that a signed act left.
pub(super) fn show(
    ctx: &mut Context,
    repo: &Repo,
    head: Oid,
    path: &str,
    (record, trust): (&Record<'_>, &Trust),
) -> anyhow::Result<()> {
    let head = head.to_string();
    let last = repo.git.run(&["log", "-1", "--format=%h %an: %s", &head, "--", path])?;
    writeln!(ctx.out, "{path}, as it was committed: {}", terminal_safe(last.trim()))?;
    let proven = proven_states(&case(record, trust)).get(path).copied().flatten();
    let since = proven.map(|state| commit_with(repo, &head, path, state)).transpose()?.flatten();
    let text = match &since {
        Some(since) => repo.git.run(&["diff", "--no-color", "--no-ext-diff", since, &head, "--", path])?,
        None => String::new(),
    };
    let diff: Vec<&str> = text.lines().skip_while(|line| !line.starts_with("@@")).collect();
    if !diff.is_empty() {
        writeln!(ctx.out, "  since the last signed act that names it:")?;
        for line in diff {
            writeln!(ctx.out, "  {}", terminal_safe(line))?;
        }
        return Ok(());
    }
    for line in repo.git.run(&["show", &format!("{head}:./{path}")])?.lines() {
        writeln!(ctx.out, "    {}", terminal_safe(line))?;
    }
    Ok(())
}

/// The newest commit in which a file had some bytes.
fn commit_with(repo: &Repo, head: &str, path: &str, state: Digest) -> anyhow::Result<Option<String>> {
    for commit in repo.git.run(&["log", "--format=%H", head, "--", path])?.lines() {
        let Some(id) = repo.commit_at(commit) else { continue };
        if repo.read_at(id, path)?.is_some_and(|bytes| Digest::of(&bytes) == state) {
            return Ok(Some(commit.to_owned()));
        }
    }
    Ok(None)
}

/// That files went which are gone already, each with what it held.
pub(super) fn removals(repo: &Repo, gone: &[String]) -> anyhow::Result<Vec<FileChange>> {
    let removal = |path: &String| {
        let removal = repo.git.run(&["log", "-1", "--diff-filter=D", "--format=%H", "--", path])?;
        let before = repo.commit_at(removal.trim()).and_then(|removal| repo.parent(removal));
        let Some(bytes) = before.map(|before| repo.read_at(before, path)).transpose()?.flatten() else {
            return Err(refuse(
                format!("there is no file {path}, and there was none"),
                "liaison record-change without it",
            ));
        };
        Ok(FileChange { path: path.clone(), before: Some(Digest::of(&bytes)), after: None })
    };
    gone.iter().map(removal).collect()
}
