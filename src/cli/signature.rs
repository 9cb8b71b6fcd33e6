//! The key that the person who works here signs with, and the signing of acts.

use std::path::{Path, PathBuf};

use chrono::NaiveDate;

use super::context::Context;
use super::example;
use super::exit::refuse;
use super::record_id::refuse_exchanged_id;
use super::whom::Whom;
use super::words::typed_by_themselves;
use crate::config::{Grade, Settings};
use crate::digest::act_text;
use crate::directory::{Directory, Key, RootHolder};
use crate::domain::{Act, ActKind, Text, Word};
use crate::history::{Git, Repo, Signer, SigningKey};
use crate::policy::{
    Proof, Reason, is_signed_by, proof, reason_not_revoking, reason_without_effect, revoked_act, row_for,
    signer as signer_of,
};
use crate::record::Letter;
use crate::signing::{OpenPgpKey, SshPublicKey, namespace, sign_invented};
use crate::store::Record;

/// What came of signing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Signed {
    /// The act bears a signature that the directory's key verifies.
    Yes,
    /// It bears none, for this reason; and what to type next.
    No(String, String),
    /// It bears none, and nobody expects one: the directory holds no key of the person, or the record has no id.
    Unexpected(String, String),
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
        return Ok(Signed::Unexpected("the record has no id".into(), "liaison check".into()));
    };
    refuse_exchanged_id(repo, settings)?;
    let person = signer_of(act).clone();
    let text = act_text(act, id, subject);
    let day = act.at.day();
    let known = directory.people.get(person.as_str());
    let holds_key = known.is_some_and(|person| person.value.keys.iter().any(|key| key.is_good_on(day)));
    let keys = Keys { ctx, repo, directory, settings };
    let block = match keys.sign(person.as_str(), day, &text, &namespace(id)) {
        Ok(block) => block,
        Err((reason, next)) if holds_key => return Ok(Signed::No(reason, next)),
        Err((reason, next)) => return Ok(Signed::Unexpected(reason, next)),
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

/// Signs an act that says what happened to a letter, where the person has a key here. Nothing rests on its signature, but without
/// one anybody could have written it; so whoever has a key and does not get to it is told.
pub(crate) fn sign_fact(
    ctx: &Context,
    repo: &Repo,
    record: &Record<'_>,
    subject: &str,
    act: &mut Act,
) -> anyhow::Result<Option<String>> {
    Ok(match sign(ctx, repo, &record.directory, &record.settings, subject, act)? {
        Signed::No(reason, next) => Some(format!("not signed: {reason}; the act is only asserted\nnext: {next}")),
        Signed::Yes | Signed::Unexpected(..) => None,
    })
}

/// Where people's keys are looked for: the directory knows their public halves, this clone may have a private one.
pub(crate) struct Keys<'k> {
    pub(crate) ctx: &'k Context,
    pub(crate) repo: &'k Repo,
    pub(crate) directory: &'k Directory,
    pub(crate) settings: &'k Settings,
}

impl Keys<'_> {
    /// Signs a text with a key of a person that is good on a day; else says why not, and what to type next.
    pub(crate) fn sign(
        &self,
        person: &str,
        day: NaiveDate,
        text: &str,
        namespace: &str,
    ) -> Result<String, (String, String)> {
        let known = self.directory.people.get(person);
        let keys: Vec<&Key> =
            known.into_iter().flat_map(|person| &person.value.keys).filter(|key| key.is_good_on(day)).collect();
        if keys.is_empty() {
            let told = match known.map_or(0, |person| person.value.keys.len()) {
                0 => format!("the directory holds no key of {person}"),
                _ => format!("the directory holds no key of {person} that is good on {day}"),
            };
            let reader = self.repo.identity().ok();
            let reader = reader.and_then(|identity| self.directory.person_by_address(&identity.email));
            let whom = Whom { directory: self.directory, settings: self.settings, day, reader };
            return Err((told, whom.directory(&format!("liaison person key add {person} --ssh FILE.pub"))));
        }
        self.sign_with(person, &keys, text, namespace)
    }

    /// Signs a text with one of some keys of a person whose private half is here; an invented person's is in the program.
    fn sign_with(&self, person: &str, keys: &[&Key], text: &str, namespace: &str) -> Result<String, (String, String)> {
        let invented = example::private_key(person).filter(|_| self.settings.example);
        let signed = match (find_any(self.ctx, self.repo, keys), invented) {
            (Some(signer), _) => signer.sign(text, namespace).map_err(|error| error.to_string()),
            (None, Some(private)) => sign_invented(private, text, namespace),
            (None, None) => {
                return Err((
                    format!(
                        "none of {person}'s keys is here: not as git's user.signingkey, in an agent, in ~/.ssh or in gpg"
                    ),
                    "git config gpg.format ssh; git config user.signingkey ~/.ssh/KEY.pub".into(),
                ));
            }
        };
        signed.map_err(|error| (error, "liaison doctor".into()))
    }
}

/// Signs an act with the key that the trust root names for its holder; the directory is not asked for one.
pub(crate) fn sign_as_holder(
    keys: &Keys<'_>,
    holder: &RootHolder,
    subject: &str,
    act: &mut Act,
) -> anyhow::Result<Signed> {
    let Some(id) = &keys.settings.id else {
        return Ok(Signed::No("the record has no id".into(), "liaison check".into()));
    };
    refuse_exchanged_id(keys.repo, keys.settings)?;
    let text = act_text(act, id, subject);
    let block = match keys.sign_with(act.by.as_str(), &[&holder.key()], &text, &namespace(id)) {
        Ok(block) => block,
        Err((reason, next)) => return Ok(Signed::No(reason, next)),
    };
    act.signature = Some(Text::parse(&block)?);
    if is_signed_by(act, holder, subject, keys.settings) {
        return Ok(Signed::Yes);
    }
    act.signature = None;
    Ok(Signed::No("the signature does not fit the key that the root names".into(), "liaison doctor".into()))
}

/// What signs with one of a person's keys, SSH before OpenPGP.
pub(crate) fn find_any(ctx: &Context, repo: &Repo, keys: &[&Key]) -> Option<Signer> {
    let ssh: Vec<SshPublicKey> =
        keys.iter().filter(|key| key.is_ssh).filter_map(|key| SshPublicKey::parse(&key.public).ok()).collect();
    let found = if ssh.is_empty() { None } else { find(ctx, repo, &ssh) };
    found.or_else(|| find_openpgp(repo, keys))
}

/// The first of a person's OpenPGP keys whose secret half gpg holds.
fn find_openpgp(repo: &Repo, keys: &[&Key]) -> Option<Signer> {
    let program = repo.setting("gpg.openpgp.program").or_else(|| repo.setting("gpg.program"));
    let program = program.unwrap_or_else(|| "gpg".to_owned());
    let known = keys.iter().filter(|key| !key.is_ssh).filter_map(|key| OpenPgpKey::parse(&key.public).ok());
    let fingerprint = known.map(|key| key.fingerprint()).find(|one| Signer::gpg_has(&program, one))?;
    Some(Signer { program, key: SigningKey::OpenPgp(fingerprint) })
}

/// What signs with one of some keys: git's own key first, then an agent's, then a file of `~/.ssh`.
pub(crate) fn find(ctx: &Context, repo: &Repo, keys: &[SshPublicKey]) -> Option<Signer> {
    let program = repo.setting("gpg.ssh.program").unwrap_or_else(|| "ssh-keygen".to_owned());
    let key = configured(repo, keys).or_else(|| in_agent(keys)).or_else(|| in_home(ctx, keys))?;
    Some(Signer { program, key })
}

/// The public key that git signs with, if it is an SSH key.
pub(crate) fn public_key_of_git(git: &Git) -> Option<SshPublicKey> {
    let setting = |args: &[&str]| {
        let output = git.try_run(args).ok().filter(|output| output.success)?;
        Some(output.stdout.trim().to_owned()).filter(|value| !value.is_empty())
    };
    setting(&["config", "--get", "gpg.format"]).filter(|format| format == "ssh")?;
    let key = setting(&["config", "--type=path", "--get", "user.signingkey"])?;
    let files = [format!("{key}.pub"), key.clone()];
    let lines = files.iter().filter_map(|file| std::fs::read_to_string(file).ok());
    let literal = key.strip_prefix("key::").unwrap_or(&key).to_owned();
    lines.chain([literal]).find_map(|line| SshPublicKey::parse(&line).ok())
}

/// git's `user.signingkey`, where it is one of the keys.
fn configured(repo: &Repo, keys: &[SshPublicKey]) -> Option<SigningKey> {
    let setting = repo.path_setting("user.signingkey")?;
    let literal = setting.strip_prefix("key::").or_else(|| setting.starts_with("ssh-").then_some(setting.as_str()));
    match literal {
        Some(line) => is_one_of(line, keys).then(|| SigningKey::Agent(line.to_owned())),
        None => is_file_of(Path::new(&setting), keys).then(|| SigningKey::File(PathBuf::from(&setting))),
    }
}

fn in_agent(keys: &[SshPublicKey]) -> Option<SigningKey> {
    Signer::keys_of_agent().into_iter().find(|line| is_one_of(line, keys)).map(SigningKey::Agent)
}

fn in_home(ctx: &Context, keys: &[SshPublicKey]) -> Option<SigningKey> {
    let folder = ctx.home.as_ref()?.join(".ssh");
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(folder).ok()?.filter_map(|entry| Some(entry.ok()?.path())).collect();
    files.sort();
    let public = files.into_iter().filter(|file| file.extension().is_some_and(|ending| ending == "pub"));
    let mut private = public.filter(|file| is_file_of(file, keys)).map(|file| file.with_extension(""));
    private.find(|file| file.is_file()).map(SigningKey::File)
}

/// Whether a file, or the `.pub` file beside it, holds one of the keys.
fn is_file_of(file: &Path, keys: &[SshPublicKey]) -> bool {
    let beside = PathBuf::from(format!("{}.pub", file.display()));
    [beside.as_path(), file].iter().any(|file| std::fs::read_to_string(file).is_ok_and(|line| is_one_of(&line, keys)))
}

fn is_one_of(line: &str, keys: &[SshPublicKey]) -> bool {
    SshPublicKey::parse(line).is_ok_and(|key| keys.iter().any(|known| known.fingerprint() == key.fingerprint()))
}

/// Refuses a decision without the proof that the table asks for, and a redaction without a signature: it would not count.
pub(crate) fn demand(act: &Act, signed: &Signed, directory: &Directory, settings: &Settings) -> anyhow::Result<()> {
    let day = act.at.day();
    let row = |group: &Word| row_for("send", group.as_str(), directory, settings, day);
    let is_asked = act.for_groups.iter().filter_map(row).any(|row| row.grade == Grade::Signed);
    if act.kind == ActKind::Redact {
        return match signed {
            Signed::Yes => Ok(()),
            Signed::No(reason, next) | Signed::Unexpected(reason, next) => Err(refuse(
                format!("nothing was redacted: only a signature of {} proves a redaction, and {reason}", act.by),
                next.clone(),
            )),
        };
    }
    if !is_asked || !matches!(act.kind, ActKind::Approve | ActKind::Decline | ActKind::Ratify) {
        return Ok(());
    }
    match signed {
        Signed::Yes if act.recorded_by.is_none() => Ok(()),
        Signed::No(reason, next) | Signed::Unexpected(reason, next) if act.recorded_by.is_none() => {
            Err(refuse(format!("the approval table asks for a signature of {}, and {reason}", act.by), next.clone()))
        }
        Signed::Yes | Signed::No(..) | Signed::Unexpected(..) => Err(refuse(
            format!("the approval table asks for a signature of {}; nobody else's word counts", act.by),
            "liaison approval-request ID prints what to sign; liaison approve ID --signature FILE records it",
        )),
    }
}

/// Refuses what would have no effect for want of a signature: a withdrawal, a correction, a revoke.
pub(crate) fn demand_effect(
    act: &Act,
    signed: &Signed,
    letter: &Letter,
    directory: &Directory,
    settings: &Settings,
) -> anyhow::Result<()> {
    let reason = match revoked_act(act, letter, settings).filter(|_| act.kind == ActKind::Revoke) {
        Some(revoked) => reason_not_revoking(act, revoked, letter, directory, settings),
        None => reason_without_effect(act, letter, directory, settings),
    };
    if !matches!(reason, Some(Reason::Grade { .. })) {
        return Ok(());
    }
    let (by, kind) = (directory.name_of(act.by.as_str()), act.kind);
    match signed {
        Signed::No(why, next) | Signed::Unexpected(why, next) if act.recorded_by.is_none() => {
            Err(refuse(format!("the act `{kind}` counts only with a signature of {by}, and {why}"), next.clone()))
        }
        Signed::Yes | Signed::No(..) | Signed::Unexpected(..) => Err(refuse(
            format!("the act `{kind}` counts only with a signature of {by}; nobody else's word counts"),
            format!("ask {by} to type: {}", typed_by_themselves()),
        )),
    }
}
