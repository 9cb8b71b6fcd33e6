//! The signed acts that changes of directory, policy and trust root carry (docs/trust.md): who may, and what is signed.

use std::collections::{BTreeMap, BTreeSet};

use super::acting::{after_all, in_role, sits_here, sound_act};
use crate::cli::context::Context;
use crate::cli::desk::{Desk, me};
use crate::cli::exit::refuse;
use crate::cli::present::holder_text;
use crate::cli::signature::{Signed, sign};
use crate::cli::words::typed_by_themselves;
use crate::config::Grade;
use crate::directory::{Directory, Holder};
use crate::domain::{Act, ActKind, Detail, Digest, FileChange, Word, kind_of_change};
use crate::history::Repo;
use crate::policy::{begins, changers, wanted_grade};
use crate::rules::{TrustCase, unvouched_files};
use crate::store::{Change, Files, Record, Trust, last_act_time, trust_act_path};

/// Whoever changes directory or policy.
#[derive(Debug, Clone)]
pub(crate) struct Author<'d> {
    /// The person.
    pub(crate) by: Word,
    /// In which role; nothing where nobody holds one that could, and so everybody may: a record begins.
    pub(crate) holder: Option<Holder<'d>>,
    /// Who sits here, when that is somebody else.
    pub(crate) recorder: Option<Word>,
}

impl Author<'_> {
    /// "Rob Registrar as registrar of ietf (recorded by Carla Sample)".
    pub(crate) fn text(&self, directory: &Directory) -> String {
        let role = self.holder.as_ref().map(|holder| format!(" as {} of {}", holder.role, holder.group));
        let recorder = self.recorder.as_ref().map(|by| format!(" (recorded by {})", directory.name_of(by.as_str())));
        let name = directory.name_of(self.by.as_str());
        format!("{name}{}{}", role.unwrap_or_default(), recorder.unwrap_or_default())
    }
}

/// Whoever works here, if the approval table lets them make such a change; judged by the record as it was before, so that
/// nobody uses an authority that the same change gives. Nothing where nobody may yet and the person is unknown as well.
///
/// # Errors
/// Refuses everybody else, and says who may.
pub(crate) fn author<'d>(
    ctx: &Context,
    desk: &Desk,
    record: &'d Record<'_>,
    kind: ActKind,
    given: Option<&str>,
) -> anyhow::Result<Option<Author<'d>>> {
    let directory = &record.directory;
    let changers = changers(kind, directory, &record.settings, ctx.now.day());
    let what = if kind == ActKind::Policy { "liaison.toml" } else { "the directory" };
    let is_free = changers.is_empty() && begins(kind, directory, &record.settings);
    let by = match me(directory, ctx, desk, given) {
        Ok(by) => by,
        Err(error) if given.is_some() => return Err(error),
        Err(_) if is_free => return Ok(None),
        Err(error) => {
            return Err(refuse(
                error.to_string(),
                format!("{}, or say who you are with --as HANDLE", kept_by(what, &changers, directory)),
            ));
        }
    };
    let holder = changers.iter().find(|holder| holder.person == by.as_str()).cloned();
    if holder.is_none() && !is_free {
        return Err(refuse(
            format!("{} may not change {what}", directory.name_of(by.as_str())),
            kept_by("it", &changers, directory),
        ));
    }
    let recorder = sits_here(ctx, desk, record, &by);
    if let Some(recorder) = recorder.as_ref().filter(|_| wants_signature(ctx, record, kind)) {
        let (by, recorder) = (directory.name_of(by.as_str()), directory.name_of(recorder.as_str()));
        return Err(refuse(
            format!(
                "the approval table asks for a signature of {by}, and you are {recorder}: nobody else's word counts"
            ),
            format!("{} to type: {}", kept_by(what, &changers, directory), typed_by_themselves()),
        ));
    }
    Ok(Some(Author { by, holder, recorder }))
}

/// Whether a change counts only with the signature of whoever makes it.
pub(super) fn wants_signature(ctx: &Context, record: &Record<'_>, kind: ActKind) -> bool {
    wanted_grade(kind, &record.directory, &record.settings, ctx.now.day()) == Grade::Signed
}

/// Whom to ask; where no term holds today, how a new one begins.
fn kept_by(what: &str, holders: &[Holder<'_>], directory: &Directory) -> String {
    if holders.is_empty() {
        return format!(
            "nobody may change {what} today, for no term that gives this holds: write one by hand into its file below \
             directory/groups/, commit it, and let whoever it names confirm it: liaison record-change"
        );
    }
    let names: Vec<String> = holders.iter().map(|holder| holder_text(holder, directory)).collect();
    format!("{what} is kept by {}; ask them", names.join(", or "))
}

/// The files of a change with what they held in the last commit; without a repository, in the work tree.
///
/// # Errors
/// Fails when a file cannot be read.
pub(crate) fn file_changes(ctx: &Context, desk: &Desk, change: &Change) -> anyhow::Result<Vec<FileChange>> {
    let repo = desk.repo(ctx).ok();
    let head = repo.as_ref().and_then(|repo| repo.commit_at("HEAD").map(|head| repo.revision(head))).transpose()?;
    let before: &dyn Files = match &head {
        Some(head) => head,
        None => &desk.tree,
    };
    let mut after: BTreeMap<&str, Option<Digest>> = BTreeMap::new();
    after.extend(change.write.iter().map(|(path, bytes)| (path.as_str(), Some(Digest::of(bytes)))));
    after.extend(change.remove.iter().map(|path| (path.as_str(), None)));
    let mut changes = Vec::new();
    for (path, after) in after {
        if kind_of_change(path).is_some() {
            let before = before.read(path)?.map(|bytes| Digest::of(&bytes));
            changes.push(FileChange { path: path.to_owned(), before, after });
        }
    }
    Ok(changes)
}

/// The files for whose present bytes no act vouches, though one should.
pub(crate) fn unvouched(record: &Record<'_>, trust: &Trust) -> BTreeSet<String> {
    unvouched_files(&case(record, trust))
}

/// The acts of a record as the rules judge them.
pub(super) fn case<'a>(record: &'a Record<'_>, trust: &'a Trust) -> TrustCase<'a> {
    let (directory, settings) = (&record.directory, &record.settings);
    let (root, former) = (trust.root.as_ref(), &trust.former);
    TrustCase { acts: &trust.acts, present: &trust.present, root, former, directory, settings }
}

/// Adds the act to a change: by this person, signed with the key they have here, if they have one. Gives what to tell of a
/// signature that is missing.
///
/// # Errors
/// Fails when the act cannot be written or signed for want of its form.
pub(crate) fn seal(
    ctx: &Context,
    desk: &Desk,
    record: &Record<'_>,
    author: &Author<'_>,
    kind: ActKind,
    changes: &[FileChange],
    change: Change,
) -> anyhow::Result<(Change, Signed)> {
    let mut act = in_role(Act::new(kind, author.by.clone(), ctx.now), author.holder.as_ref())?;
    act.recorded_by = author.recorder.clone();
    let changes = changes.iter().map(FileChange::detail).collect::<Result<Vec<_>, _>>()?;
    act.details.insert("changes".to_owned(), Detail::List(changes));
    act.at = after_all(last_act_time(desk.tree.root(), "trust"), &kind, act.at)?;
    let signed = match desk.repo(ctx) {
        Ok(repo) => sign_change(ctx, &repo, record, &mut act)?,
        Err(_) => Signed::No("the record is in no git repository".into(), "git init".into()),
    };
    if let Signed::No(reason, next) | Signed::Unexpected(reason, next) = &signed
        && wants_signature(ctx, record, kind)
    {
        let what = if kind == ActKind::Policy { "liaison.toml" } else { "the directory" };
        let changers = changers(kind, &record.directory, &record.settings, ctx.now.day());
        let others: Vec<_> = changers.into_iter().filter(|holder| holder.person != act.by.as_str()).collect();
        let ask = if others.is_empty() {
            String::new()
        } else {
            format!("; or {}", kept_by(what, &others, &record.directory))
        };
        return Err(refuse(
            format!("nothing was written: the approval table asks for a signature of {}, and {reason}", act.by),
            format!("{next}{ask}"),
        ));
    }
    let text = sound_act(&act)?;
    Ok((change.write(trust_act_path(&act), text), signed))
}

fn sign_change(ctx: &Context, repo: &Repo, record: &Record<'_>, act: &mut Act) -> anyhow::Result<Signed> {
    let subject = act.kind.as_str();
    sign(ctx, repo, &record.directory, &record.settings, subject, act)
}

/// Tells of a signature that is missing, and how to have one next time.
pub(crate) fn tell_unsigned(ctx: &mut Context, signed: &Signed) -> anyhow::Result<()> {
    let (Signed::No(reason, next) | Signed::Unexpected(reason, next)) = signed else { return Ok(()) };
    ctx.hint(format!("the change is recorded, but not signed: {reason}"))?;
    ctx.hint(format!("next: {next}"))
}
