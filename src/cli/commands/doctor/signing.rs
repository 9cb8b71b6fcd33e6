//! Questions that are answered by signing something: with the person's own settings, and without asking for anything.

use std::path::{Path, PathBuf};

use super::{Answer, Scene};
use crate::directory::Key;
use crate::history::{Repo, SignError, Signer, SigningKey};
use crate::signing::{OpenPgpKey, SshPublicKey, verify, verify_openpgp};

/// What is signed to see whether it can be. Nothing else is signed for its namespace.
const PROBE: &str = "liaison-doctor-v1\n";

/// What lets git verify the commits of the people here.
const KNOW_SIGNERS: [&str; 2] = [
    "liaison export allowed-signers --out .git/allowed_signers",
    "git config gpg.ssh.allowedSignersFile .git/allowed_signers",
];

/// What came of signing.
pub(super) enum Trial {
    /// A signature, by the key that was meant.
    Good,
    /// The program wants an answer; so far all is well.
    Asks,
    /// None; why, and what to type.
    Bad(String, Vec<String>),
}

/// Signs as acts are signed, and verifies that with the keys that the directory knows.
pub(super) fn try_key(scene: &Scene<'_>, signer: &Signer, keys: &[&Key]) -> Trial {
    let id = scene.record.settings.id.as_ref().map_or_else(|| "record".to_owned(), ToString::to_string);
    let namespace = format!("liaison-doctor@{id}");
    let block = match signer.try_sign(PROBE, &namespace) {
        Ok(block) => block,
        Err(SignError::Asks { .. }) => return Trial::Asks,
        Err(error) => return Trial::Bad(error.to_string(), mend(signer, &error)),
    };
    let verdict = match signer.key {
        SigningKey::OpenPgp(_) => {
            let known: Vec<OpenPgpKey> = keys.iter().filter_map(|key| OpenPgpKey::parse(&key.public).ok()).collect();
            verify_openpgp(PROBE, &block, &known, 0)
        }
        SigningKey::File(_) | SigningKey::Agent(_) => {
            let known: Vec<SshPublicKey> =
                keys.iter().filter_map(|key| SshPublicKey::parse(&key.public).ok()).collect();
            verify(PROBE, &block, &namespace, &known)
        }
    };
    match verdict {
        Ok(_) => Trial::Good,
        Err(fault) => {
            let told = format!("`{}` signs, and the directory's key does not fit: {fault}", signer.program);
            Trial::Bad(told, vec!["git config user.signingkey ~/.ssh/KEY.pub, a key that the directory knows".into()])
        }
    }
}

/// What to do where nothing was signed.
fn mend(signer: &Signer, error: &SignError) -> Vec<String> {
    let is_gpg = matches!(signer.key, SigningKey::OpenPgp(_));
    match (error, &signer.key) {
        (SignError::NoProgram { program, .. }, _) if is_gpg => {
            vec![format!("install {program}, or git config gpg.program PATH")]
        }
        (SignError::NoProgram { program, .. }, _) => {
            vec![format!("git config --unset gpg.ssh.program, or install `{program}`")]
        }
        (_, SigningKey::OpenPgp(key)) => {
            vec![format!("gpg --local-user {key} --detach-sign FILE tells more; a key that expired signs nothing")]
        }
        (_, SigningKey::Agent(_)) => in_agent("ssh-add FILE, with the private half of that key"),
        (_, SigningKey::File(path)) => {
            let private = path.with_extension("");
            let is_alone = path.extension().is_some_and(|ending| ending == "pub") && !private.is_file();
            match is_alone {
                true => {
                    let mut steps = in_agent("ssh-add FILE, with the private half of that key");
                    steps.push(format!("or put the private half where it is looked for: {}", private.display()));
                    steps
                }
                false => vec![format!("ssh-keygen -y -f {} tells whether the key can be read", path.display())],
            }
        }
    }
}

/// A key comes into an agent only where one runs.
fn in_agent(add: &str) -> Vec<String> {
    let start = (!Signer::has_agent()).then(|| "eval \"$(ssh-agent)\": no agent runs here".to_owned());
    start.into_iter().chain([add.to_owned()]).collect()
}

/// Whether commits are signed, and git can verify them. Where git is to sign and cannot, no command can commit.
pub(super) fn commits(scene: &Scene<'_>) -> Option<Answer> {
    let question = "signed commits";
    let repo = scene.repo.as_ref()?;
    let is_true = |value: String| matches!(value.to_lowercase().as_str(), "true" | "yes" | "on" | "1");
    let signs = repo.setting("commit.gpgsign").is_some_and(is_true);
    let format = repo.setting("gpg.format").unwrap_or_else(|| "openpgp".to_owned());
    if let Err((told, mend)) = by_git(scene, repo, &format, signs) {
        let told = if signs { format!("{told}: no commit can be made") } else { told };
        let answer = if signs { Answer::problem(question, told) } else { Answer::warning(question, told) };
        return Some(mend.into_iter().fold(answer, Answer::mend));
    }
    let is_ssh = format == "ssh";
    let has_key = repo.setting("user.signingkey").is_some();
    let knows =
        repo.path_setting("gpg.ssh.allowedSignersFile").is_some_and(|file| scene.desk.tree.root().join(file).is_file());
    let mut lacking: Vec<(&str, &[&str])> = Vec::new();
    if !signs {
        lacking.push(("commits are not signed", &["git config commit.gpgsign true"]));
    }
    if !is_ssh {
        lacking.push(("git signs with OpenPGP", &["git config gpg.format ssh"]));
    }
    if !has_key {
        lacking.push(("git knows no key of yours", &["git config user.signingkey ~/.ssh/KEY.pub"]));
    }
    if !knows {
        lacking.push(("git does not know who signs here", &KNOW_SIGNERS));
    }
    if lacking.is_empty() || (signs && !is_ssh && has_key) {
        let kind = if is_ssh { "SSH" } else { "OpenPGP" };
        return Some(Answer::ok(question, format!("commits are signed ({kind})")));
    }
    let told: Vec<&str> = lacking.iter().map(|(told, _)| *told).collect();
    let answer = Answer::warning(question, format!("{}; acts are signed all the same", told.join(", ")));
    Some(lacking.iter().flat_map(|(_, mend)| mend.iter()).fold(answer, |answer, command| answer.mend(*command)))
}

/// Signs as git signs a commit; nothing is tried where git is not to sign. Gives what is wrong with the settings, and what mends it.
fn by_git(scene: &Scene<'_>, repo: &Repo, format: &str, signs: bool) -> Result<(), (String, Vec<String>)> {
    let key = repo.path_setting("user.signingkey");
    let set_key = "git config user.signingkey ~/.ssh/KEY.pub".to_owned();
    let off = "or git config commit.gpgsign false".to_owned();
    let signer = match (format, key) {
        ("ssh", Some(key)) => Signer {
            program: repo.setting("gpg.ssh.program").unwrap_or_else(|| "ssh-keygen".to_owned()),
            key: ssh_key(scene.desk.tree.root(), &key)?,
        },
        ("ssh", None) if signs && repo.setting("gpg.ssh.defaultKeyCommand").is_none() => {
            return Err(("git is to sign with SSH, and knows no key of yours".into(), vec![set_key, off]));
        }
        ("openpgp", Some(key)) if is_ssh_key(&key) => {
            let told = format!("gpg.format is `openpgp`, and user.signingkey is an SSH key, {key}");
            return Err((told, vec!["git config gpg.format ssh".into()]));
        }
        ("openpgp", key) => {
            let program = repo.setting("gpg.openpgp.program").or_else(|| repo.setting("gpg.program"));
            let own = || repo.identity().map(|identity| format!("{} <{}>", identity.name, identity.email)).ok();
            let Some(key) = key.or_else(own) else { return Ok(()) };
            Signer { program: program.unwrap_or_else(|| "gpg".to_owned()), key: SigningKey::OpenPgp(key) }
        }
        ("ssh" | "x509", _) => return Ok(()),
        (other, _) => {
            let told = format!("gpg.format is `{other}`, which git does not know");
            return Err((told, vec!["git config gpg.format ssh".into()]));
        }
    };
    if !signs {
        return Ok(());
    }
    match signer.try_sign(PROBE, "git") {
        Ok(_) | Err(SignError::Asks { .. }) => Ok(()),
        Err(error) => {
            let mut steps = mend(&signer, &error);
            steps.push(off);
            Err((format!("git is to sign, and {error}"), steps))
        }
    }
}

/// The key that git signs with, as git reads the setting: a key itself, or a file.
fn ssh_key(root: &Path, setting: &str) -> Result<SigningKey, (String, Vec<String>)> {
    if let Some(line) = setting.strip_prefix("key::").or_else(|| setting.starts_with("ssh-").then_some(setting)) {
        return Ok(SigningKey::Agent(line.to_owned()));
    }
    if SshPublicKey::parse(setting).is_ok() {
        let told = "user.signingkey is a key without `key::` before it, and git takes it for a file".to_owned();
        return Err((told, vec![format!("git config user.signingkey 'key::{setting}'")]));
    }
    let path = PathBuf::from(setting);
    if root.join(&path).is_file() {
        return Ok(SigningKey::File(path));
    }
    let told = format!("user.signingkey names {setting}, and there is no such file");
    Err((told, vec!["git config user.signingkey ~/.ssh/KEY.pub, a file that is there".into()]))
}

/// Whether a setting means an SSH key, not one of gpg.
fn is_ssh_key(setting: &str) -> bool {
    let is_file = setting.contains('/') || setting.ends_with(".pub");
    is_file || setting.starts_with("key::") || SshPublicKey::parse(setting).is_ok()
}
