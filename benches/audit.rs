//! How long `liaison audit` takes beside git's own verification of the same commits.
//!
//! `cargo bench --bench audit [-- N …]` makes a history of N commits, each signed and each with a letter and a signed act, and
//! prints, from one run: git's `log --format=%G?` on a sample, scaled; the audit without its cache; and the audit after 100 more
//! commits.

#![allow(clippy::print_stdout, reason = "a benchmark speaks to whoever runs it")]

#[path = "audit/history.rs"]
mod history;

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use history::History;

/// Commits that git verifies; the time is scaled to all.
const SAMPLE: usize = 200;

/// Commits that come later.
const MORE: usize = 100;

/// Runs of each measure; the middle one counts.
const RUNS: usize = 3;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let sizes: Vec<usize> = std::env::args().skip(1).filter_map(|arg| arg.parse().ok()).collect();
    let sizes = if sizes.is_empty() { vec![2_000, 20_000] } else { sizes };
    println!("{:>7}  {:<44} {:>10} {:>9} {:>8}", "commits", "measure", "median ms", "git / it", "MB");
    for size in sizes {
        let folder = tempfile::tempdir()?;
        let mut history = History::begin(folder.path())?;
        history.grow(size)?;
        let sample = median(|| git(folder.path(), &["log", "--format=%G?", &format!("-n{SAMPLE}")]));
        let scale = u32::try_from(size / SAMPLE.min(size)).unwrap_or(1);
        let whole = sample * scale;
        row(size, &format!("git log --format=%G?, {SAMPLE} commits × {scale}"), whole, whole, None);
        let cold = median(|| audit(folder.path(), &["--no-cache"]));
        row(size, "liaison audit --no-cache", cold, whole, memory(folder.path(), &["--no-cache"]));
        audit(folder.path(), &[]);
        history.grow(MORE)?;
        let start = Instant::now();
        audit(folder.path(), &[]);
        row(size, &format!("liaison audit, {MORE} commits later"), start.elapsed(), whole, None);
    }
    Ok(())
}

fn row(size: usize, measure: &str, time: Duration, git: Duration, megabytes: Option<u64>) {
    let ratio = git.as_secs_f64() / time.as_secs_f64();
    let megabytes = megabytes.map(|megabytes| megabytes.to_string()).unwrap_or_default();
    println!("{size:>7}  {measure:<44} {:>10.1} {ratio:>8.1}× {megabytes:>8}", time.as_secs_f64() * 1000.0);
}

fn median(run: impl Fn()) -> Duration {
    let mut times: Vec<Duration> = (0..RUNS)
        .map(|_| {
            let start = Instant::now();
            run();
            start.elapsed()
        })
        .collect();
    times.sort();
    times.get(RUNS / 2).copied().unwrap_or_default()
}

fn git(folder: &Path, args: &[&str]) {
    let output = Command::new("git").current_dir(folder).args(args).output();
    let text = output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default();
    assert!(text.lines().all(|line| line == "G"), "git does not call every commit good: {:?}", text.lines().next());
}

fn audit(folder: &Path, args: &[&str]) {
    let status = command(folder, args).status();
    assert!(status.is_ok_and(|status| status.success()), "the audit of an honest history fails");
}

fn command(folder: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_liaison"));
    command.current_dir(folder).arg("audit").args(args);
    command.env("LIAISON_NOW", history::NOW).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

/// The most memory of its own that a run has, in megabytes, where the system tells; the mapped repository is the system's.
fn memory(folder: &Path, args: &[&str]) -> Option<u64> {
    let mut child = command(folder, args).spawn().ok()?;
    let file = format!("/proc/{}/status", child.id());
    let mut most = None;
    while child.try_wait().ok()?.is_none() {
        let text = std::fs::read_to_string(&file).unwrap_or_default();
        let own = text.lines().find_map(|line| line.strip_prefix("RssAnon:")?.trim().strip_suffix(" kB"));
        most = most.max(own.and_then(|own| own.parse::<u64>().ok()));
        std::thread::sleep(Duration::from_millis(5));
    }
    most.map(|kilobytes| kilobytes / 1024)
}
