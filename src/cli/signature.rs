//! The key that the person who works here signs with, and the signing of acts.

use std::path::{Path, PathBuf};

use super::context::Context;
use super::exit::refuse;
use crate::config::{Grade, Settings};
use crate::digest::act_text;
use crate::directory::{Directory, Key};
use crate::domain::{Act, ActKind, Text, Word};
use crate::history::{Repo, Signer, SshKey};
use crate::policy::{Proof, proof, row_for, signer as signer_of};
use crate::signing::{SshPublicKey, namespace};

/// What came of signing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Signed {
    /// The act bears a signature that the directory's key verifies.
    Yes,
    /// It bears none, for this reason; and what to type next.
    No(String, String),
}

/// Signs an act with the key of whoever records it, if that person has one here. The result is verified at once: what
/// `check` would refuse is never written.
pub(crate) fn sign(
    ctx: &Context,
    repo: &Repo,
    directory: &Directory,
    settings: &Settings,
    subject: &str,
    act: &mut Act,
) -> anyhow::Result<Signed> {
    let Some(id) = &settings.id else {
        return Ok(Signed::No("the record has no id".into(), "liaison check".into()));
    };
    let person = signer_of(act).clone();
    let keys = usable(directory, person.as_str(), act);
    if keys.is_empty() {
        return Ok(Signed::No(
            format!("the directory holds no SSH key of {person}"),
            format!("liaison person key add {person} --ssh FILE.pub"),
        ));
    }
    let Some(signer) = find(ctx, repo, &keys) else {
        return Ok(Signed::No(
            format!("none of {person}'s keys is here: not as git's user.signingkey, in an agent or in ~/.ssh"),
            "git config gpg.format ssh; git config user.signingkey ~/.ssh/KEY.pub".into(),
        ));
    };
    let block = match signer.sign(&act_text(act, id, subject), &namespace(id)) {
        Ok(block) => block,
        Err(error) => return Ok(Signed::No(error.to_string(), "liaison doctor".into())),
    };
    act.signature = Some(Text::parse(&block)?);
    match proof(act, subject, directory, settings) {
        Proof::Signed { .. } => Ok(Signed::Yes),
        Proof::Asserted => Ok(Signed::No("nothing was signed".into(), "liaison doctor".into())),
        Proof::Faulty(fault) => {
            act.signature = None;
            Ok(Signed::No(format!("the signature proves nothing: {fault}"), "liaison doctor".into()))
        }
    }
}

/// The person's SSH keys that are good on the act's day.
fn usable(directory: &Directory, person: &str, act: &Act) -> Vec<SshPublicKey> {
    let day = act.at.day();
    let is_good = |key: &&Key| key.is_ssh && key.is_good_on(day);
    let person = directory.people.get(person);
    let keys = person.into_iter().flat_map(|person| &person.value.keys).filter(is_good);
    keys.filter_map(|key| SshPublicKey::parse(&key.public).ok()).collect()
}

/// What signs with one of some keys: git's own key first, then an agent's, then a file of `~/.ssh`.
pub(crate) fn find(ctx: &Context, repo: &Repo, keys: &[SshPublicKey]) -> Option<Signer> {
    let program = repo.setting("gpg.ssh.program").unwrap_or_else(|| "ssh-keygen".to_owned());
    let key = configured(repo, keys).or_else(|| in_agent(keys)).or_else(|| in_home(ctx, keys))?;
    Some(Signer { program, key })
}

/// git's `user.signingkey`, where it is one of the keys.
fn configured(repo: &Repo, keys: &[SshPublicKey]) -> Option<SshKey> {
    let setting = repo.path_setting("user.signingkey")?;
    let literal = setting.strip_prefix("key::").or_else(|| setting.starts_with("ssh-").then_some(setting.as_str()));
    match literal {
        Some(line) => is_one_of(line, keys).then(|| SshKey::Agent(line.to_owned())),
        None => is_file_of(Path::new(&setting), keys).then(|| SshKey::File(PathBuf::from(&setting))),
    }
}

fn in_agent(keys: &[SshPublicKey]) -> Option<SshKey> {
    Signer::keys_of_agent().into_iter().find(|line| is_one_of(line, keys)).map(SshKey::Agent)
}

fn in_home(ctx: &Context, keys: &[SshPublicKey]) -> Option<SshKey> {
    let folder = ctx.home.as_ref()?.join(".ssh");
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(folder).ok()?.filter_map(|entry| Some(entry.ok()?.path())).collect();
    files.sort();
    let public = files.into_iter().filter(|file| file.extension().is_some_and(|ending| ending == "pub"));
    let mut private = public.filter(|file| is_file_of(file, keys)).map(|file| file.with_extension(""));
    private.find(|file| file.is_file()).map(SshKey::File)
}

/// Whether a file, or the `.pub` file beside it, holds one of the keys.
fn is_file_of(file: &Path, keys: &[SshPublicKey]) -> bool {
    let beside = PathBuf::from(format!("{}.pub", file.display()));
    [beside.as_path(), file].iter().any(|file| std::fs::read_to_string(file).is_ok_and(|line| is_one_of(&line, keys)))
}

fn is_one_of(line: &str, keys: &[SshPublicKey]) -> bool {
    SshPublicKey::parse(line).is_ok_and(|key| keys.iter().any(|known| known.fingerprint() == key.fingerprint()))
}

/// Refuses an approval without the proof that the table asks for: it would not count.
pub(crate) fn demand(act: &Act, signed: &Signed, directory: &Directory, settings: &Settings) -> anyhow::Result<()> {
    let day = act.at.day();
    let row = |group: &Word| row_for("send", group.as_str(), directory, settings, day);
    let wants = act.for_groups.iter().filter_map(row).any(|row| row.grade == Grade::Signed);
    if !wants || !matches!(act.kind, ActKind::Approve | ActKind::Ratify) {
        return Ok(());
    }
    match signed {
        Signed::Yes if act.recorded_by.is_none() => Ok(()),
        Signed::No(reason, next) if act.recorded_by.is_none() => {
            Err(refuse(format!("the approval table asks for a signature of {}, and {reason}", act.by), next.clone()))
        }
        Signed::Yes | Signed::No(..) => Err(refuse(
            format!("the approval table asks for a signature of {}; nobody else's word counts", act.by),
            "liaison approval-request ID prints what to sign; liaison approve ID --signature FILE records it",
        )),
    }
}
