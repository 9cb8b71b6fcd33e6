//! The person's own `git`: so that keys, agents, hooks, credentials and hosts work as they are used to.

use std::ffi::OsStr;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::HistoryError;
use super::obstacle::obstacle;

/// The git command in one folder, with the environment every call gets.
#[derive(Debug, Clone)]
pub struct Git {
    folder: PathBuf,
    environment: Vec<(String, String)>,
}

/// What a git command printed.
#[derive(Debug, Clone)]
pub struct GitOutput {
    /// Whether it ended with 0.
    pub success: bool,
    /// Its standard output.
    pub stdout: String,
    /// Its standard error.
    pub stderr: String,
}

impl GitOutput {
    /// The line of the error output that says most.
    pub fn reason(&self) -> String {
        let lines = self.stderr.lines().map(str::trim).filter(|line| !line.is_empty());
        let telling = |line: &&str| ["error:", "fatal:", "remote:"].iter().any(|word| line.starts_with(word));
        let told: Vec<&str> = lines.clone().filter(telling).collect();
        let told = if told.is_empty() { lines.collect() } else { told };
        told.join("; ")
    }
}

impl Git {
    /// Git in a folder; `environment` is added to each call, to fix dates in tests.
    pub fn new(folder: &Path, environment: Vec<(String, String)>) -> Self {
        Self { folder: folder.to_owned(), environment }
    }

    /// Runs a command and returns what it printed, whatever its exit code.
    ///
    /// # Errors
    /// Returns [`HistoryError::NoGit`] when git cannot be started.
    pub fn try_run<S: AsRef<OsStr>>(&self, args: &[S]) -> Result<GitOutput, HistoryError> {
        self.output(args, None)
    }

    /// Runs a command; what it gets on standard input may be longer than any argument.
    fn output<S: AsRef<OsStr>>(&self, args: &[S], input: Option<&str>) -> Result<GitOutput, HistoryError> {
        let mut command = Command::new("git");
        command
            .current_dir(&self.folder)
            .args(args)
            .stdin(if input.is_some() { Stdio::piped() } else { Stdio::null() })
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .env("LC_ALL", "C")
            .env("GIT_TERMINAL_PROMPT", "0");
        command.envs(self.environment.iter().map(|(key, value)| (key, value)));
        let mut child = command.spawn().map_err(HistoryError::NoGit)?;
        let stdin = child.stdin.take();
        let output = std::thread::scope(|scope| {
            // Beside the reading of its output, so that neither side waits for the other. A git that ends early closes
            // its input; its exit code says why.
            scope.spawn(move || stdin.zip(input).map(|(mut stdin, input)| stdin.write_all(input.as_bytes())));
            child.wait_with_output()
        });
        let output = output.map_err(HistoryError::NoGit)?;
        Ok(GitOutput {
            success: output.status.success(),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        })
    }

    /// Runs a command that has to succeed.
    ///
    /// # Errors
    /// Returns [`HistoryError`] when git cannot be started or ends with another code than 0.
    pub fn run<S: AsRef<OsStr>>(&self, args: &[S]) -> Result<String, HistoryError> {
        Self::succeeded(args, self.try_run(args)?)
    }

    /// Runs a command that has to succeed, with a text on its standard input.
    ///
    /// # Errors
    /// Returns [`HistoryError`] when git cannot be started or ends with another code than 0.
    pub fn run_with<S: AsRef<OsStr>>(&self, args: &[S], input: &str) -> Result<String, HistoryError> {
        Self::succeeded(args, self.output(args, Some(input))?)
    }

    fn succeeded<S: AsRef<OsStr>>(args: &[S], output: GitOutput) -> Result<String, HistoryError> {
        if output.success {
            return Ok(output.stdout);
        }
        let command = args.iter().map(|arg| arg.as_ref().to_string_lossy()).find(|arg| !arg.starts_with('-'));
        let command = command.unwrap_or_default().into_owned();
        let message = output.reason();
        Err(obstacle(&format!("git {command}"), &message).unwrap_or(HistoryError::Failed { command, message }))
    }
}
