//! Whether a signature can be made, tried without asking anybody for anything.

use std::process::{Command, Output, Stdio};
use std::time::Duration;

use super::signer::{SignError, Signer, SigningKey};

/// How often a program that says nothing is looked at again, before it is given up.
const LOOKS: u32 = 200;

/// Between two looks.
const PAUSE: Duration = Duration::from_millis(50);

impl Signer {
    /// Signs a text as [`Signer::sign`] does, but lets the program ask for nothing.
    ///
    /// # Errors
    /// Returns [`SignError::Asks`] when it needs a passphrase, a touch or another answer, and the other cases as `sign` does.
    pub fn try_sign(&self, text: &str, namespace: &str) -> Result<String, SignError> {
        let asks = || SignError::Asks { program: self.program.clone() };
        if self.needs_touch() {
            return Err(asks());
        }
        let (mut command, _beside) = self.command(namespace)?;
        // Whatever ssh-keygen would ask, `false` answers with nothing at once, and no terminal is opened.
        command.env("SSH_ASKPASS", "false").env("SSH_ASKPASS_REQUIRE", "force");
        if let SigningKey::OpenPgp(_) = self.key {
            command.args(["--batch", "--no-tty", "--pinentry-mode", "error"]);
        }
        let output = self.run_in_time(&mut command, text)?.ok_or_else(asks)?;
        match self.block(&output) {
            Err(SignError::Refused { message, .. }) if is_question(&message) => Err(asks()),
            result => result,
        }
    }

    /// Whether the key is in hardware that waits for a touch.
    fn needs_touch(&self) -> bool {
        let line = match &self.key {
            SigningKey::Agent(line) => Some(line.clone()),
            SigningKey::File(path) => {
                let beside = format!("{}.pub", path.display());
                [std::fs::read_to_string(beside), std::fs::read_to_string(path)].into_iter().find_map(Result::ok)
            }
            SigningKey::OpenPgp(_) => None,
        };
        line.is_some_and(|line| line.starts_with("sk-"))
    }

    /// What the program said; nothing when it did not end in time.
    fn run_in_time(&self, command: &mut Command, text: &str) -> Result<Option<Output>, SignError> {
        let failed = |error| SignError::NoProgram { program: self.program.clone(), error };
        let mut child = Self::started(command, text).map_err(failed)?;
        for _ in 0..LOOKS {
            if child.try_wait().map_err(failed)?.is_some() {
                return child.wait_with_output().map(Some).map_err(failed);
            }
            std::thread::sleep(PAUSE);
        }
        let _ = child.kill();
        let _ = child.wait();
        Ok(None)
    }

    /// Whether an agent answers; one without keys answers as well.
    pub fn has_agent() -> bool {
        let mut command = Command::new("ssh-add");
        command.arg("-l").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command.status().is_ok_and(|status| matches!(status.code(), Some(0 | 1)))
    }
}

/// Whether a program ended for want of an answer.
fn is_question(message: &str) -> bool {
    let lower = message.to_lowercase();
    ["passphrase", "pinentry", "user presence", "pin required"].iter().any(|sign| lower.contains(sign))
}
