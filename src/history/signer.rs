//! Makes signatures with the program that git signs with: `ssh-keygen`, `gpg`, or whatever git's settings name.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};

use tempfile::NamedTempFile;

/// Why nothing was signed.
#[derive(Debug, thiserror::Error)]
pub enum SignError {
    /// The program is not there.
    #[error("`{program}` cannot be started: {error}")]
    NoProgram {
        /// The program.
        program: String,
        /// What the system said.
        error: std::io::Error,
    },
    /// The program refused.
    #[error("`{program}` made no signature: {message}")]
    Refused {
        /// The program.
        program: String,
        /// Its last words.
        message: String,
    },
    /// The program wants an answer, and was to ask for none.
    #[error("`{program}` asks for a passphrase, a touch or another answer")]
    Asks {
        /// The program.
        program: String,
    },
    /// A file beside it could not be written.
    #[error("the key cannot be handed to the program: {0}")]
    Io(#[from] std::io::Error),
}

/// Where the private half of a key is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SigningKey {
    /// An SSH key in a file, or in an agent for the `.pub` file named.
    File(PathBuf),
    /// In an SSH agent, for this public key.
    Agent(String),
    /// An OpenPGP key in gpg's keyring, by its fingerprint.
    OpenPgp(String),
}

/// What signs for the person who works here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signer {
    /// The program, called as `ssh-keygen` or `gpg` is.
    pub program: String,
    /// The key.
    pub key: SigningKey,
}

impl Signer {
    /// Signs a text for a namespace `name@record`; gives the armoured block.
    ///
    /// # Errors
    /// Returns [`SignError`] when the program is not there or refuses, for want of a passphrase or of the key.
    pub fn sign(&self, text: &str, namespace: &str) -> Result<String, SignError> {
        let (mut command, _beside) = self.command(namespace)?;
        let failed = |error| SignError::NoProgram { program: self.program.clone(), error };
        let child = Self::started(&mut command, text).map_err(failed)?;
        self.block(&child.wait_with_output().map_err(failed)?)
    }

    /// The program with its arguments, and a file that has to be there while it runs.
    pub(super) fn command(&self, namespace: &str) -> Result<(Command, Option<NamedTempFile>), SignError> {
        let mut command = Command::new(&self.program);
        let ssh = ["-Y", "sign", "-n", namespace, "-f"];
        let mut beside = None;
        match &self.key {
            SigningKey::File(path) => drop(command.args(ssh).arg(path)),
            SigningKey::Agent(public) => {
                let mut file = NamedTempFile::new()?;
                writeln!(file, "{public}")?;
                command.args(ssh).arg(file.path()).arg("-U");
                beside = Some(file);
            }
            SigningKey::OpenPgp(fingerprint) => {
                let record = namespace.split_once('@').map_or(namespace, |(_, record)| record);
                command.args(["--armor", "--detach-sign", "--local-user", fingerprint]);
                command.arg("--sig-notation").arg(format!("act@liaison.example={record}"));
            }
        }
        Ok((command, beside))
    }

    /// Starts a program, and hands it a text.
    pub(super) fn started(command: &mut Command, text: &str) -> std::io::Result<Child> {
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
        if let Some(mut stdin) = child.stdin.take() {
            // A program that ends early closes its input; its exit code says why.
            let _ = stdin.write_all(text.as_bytes());
        }
        Ok(child)
    }

    /// The block that the program made.
    pub(super) fn block(&self, output: &Output) -> Result<String, SignError> {
        let block = String::from_utf8_lossy(&output.stdout).into_owned();
        if output.status.success() && block.starts_with("-----BEGIN ") {
            return Ok(block);
        }
        let told = String::from_utf8_lossy(&output.stderr);
        let lines: Vec<&str> = told.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        let message = if lines.is_empty() { "it said nothing".to_owned() } else { lines.join("; ") };
        Err(SignError::Refused { program: self.program.clone(), message })
    }

    /// Whether gpg holds the secret half of a key.
    pub fn gpg_has(program: &str, fingerprint: &str) -> bool {
        let mut command = Command::new(program);
        command.args(["--batch", "--list-secret-keys", fingerprint]);
        let status = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status();
        status.is_ok_and(|status| status.success())
    }

    /// The public keys that the person's agent holds, a line each; none without an agent.
    pub fn keys_of_agent() -> Vec<String> {
        let output = Command::new("ssh-add").arg("-L").stdin(Stdio::null()).stderr(Stdio::null()).output();
        let output = output.ok().filter(|output| output.status.success());
        let text = output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default();
        text.lines().filter(|line| line.contains(' ')).map(str::to_owned).collect()
    }
}
