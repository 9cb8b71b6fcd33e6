//! What lies at an address of the web, fetched by the person's own `curl`: with the proxies and certificates that it knows.

use std::io::Read as _;
use std::process::{Command, Stdio};

use super::exit::usage;
use super::format::terminal_safe;
use super::input::Limit;

/// For so many seconds at most an answer is waited for.
const PATIENCE: &str = "30";

/// How much is kept of what curl says.
const WORDS: u64 = 4096;

/// How curl ends when a file is larger than it was allowed to be.
const TOO_LARGE: i32 = 63;

/// Whether a text is an address, of whatever kind.
pub(crate) fn is_address(text: &str) -> bool {
    text.split_once("://").is_some_and(|(kind, _)| !kind.is_empty() && kind.chars().all(|c| c.is_ascii_alphanumeric()))
}

/// The bytes at an address, up to a limit. Who sent them nobody knows: what they say has to prove itself. `by_hand` tells what to do
/// where they cannot be had.
pub(crate) fn fetch(address: &str, limit: Limit, by_hand: &str) -> anyhow::Result<Vec<u8>> {
    let shown = terminal_safe(address);
    let kind = address.split("://").next().unwrap_or_default().to_ascii_lowercase();
    if !["http", "https"].contains(&kind.as_str()) || address.contains(|c: char| c.is_whitespace() || c.is_control()) {
        return Err(usage(format!("{shown} is no address that can be fetched"), "give one with https:// or http://"));
    }
    let failed = |why: String| usage(format!("{shown} cannot be fetched: {why}"), by_hand);
    let mut curl = Command::new("curl");
    curl.args(["--fail", "--silent", "--show-error", "--location", "--globoff", "--proto", "=http,https"]);
    curl.args(["--proto-redir", "=http,https", "--max-time", PATIENCE, "--max-filesize", &limit.most().to_string()]);
    curl.arg("--").arg(address).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = curl.spawn().map_err(|error| {
        if error.kind() != std::io::ErrorKind::NotFound {
            return failed(format!("`curl` cannot be started: {error}"));
        }
        let help = "install curl; or fetch it with a browser, and give the file instead";
        usage(format!("{shown} cannot be fetched: the program `curl` is not here"), help)
    })?;
    let words = child.stderr.take().map(|stderr| std::thread::spawn(move || words(stderr)));
    let read = child.stdout.take().map(|stdout| limit.read(stdout, &shown, None));
    if read.as_ref().is_none_or(Result::is_err) {
        // It may go on for ever, and nobody reads it any more.
        let _ = child.kill();
    }
    let status = child.wait().map_err(|error| failed(error.to_string()))?;
    let words = words.and_then(|words| words.join().ok()).unwrap_or_default();
    match read {
        Some(Err(error)) => Err(error),
        Some(Ok(_)) if status.code() == Some(TOO_LARGE) => Err(limit.refuse(&shown)),
        Some(Ok(bytes)) if status.success() => Ok(bytes),
        Some(Ok(_)) | None if words.is_empty() => Err(failed(format!("`curl` said nothing, and ended with {status}"))),
        Some(Ok(_)) | None => Err(failed(words)),
    }
}

/// What a program says of its failure, in one line; what goes on is read and dropped.
fn words(mut stderr: impl std::io::Read) -> String {
    let mut told = Vec::new();
    let _ = stderr.by_ref().take(WORDS).read_to_end(&mut told);
    let _ = std::io::copy(&mut stderr, &mut std::io::sink());
    let told = String::from_utf8_lossy(&told).into_owned();
    let lines: Vec<&str> = told.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    terminal_safe(&lines.join("; "))
}

#[cfg(test)]
mod tests {
    use super::is_address;

    #[test]
    fn a_file_is_no_address() {
        for (text, expected) in [
            ("https://example.org/c.txt", true),
            ("HTTP://example.org", true),
            ("file:///etc/passwd", true),
            ("checkpoint.txt", false),
            ("a/b://c", false),
            ("://x", false),
            ("-", false),
        ] {
            assert_eq!(is_address(text), expected, "{text}");
        }
    }
}
