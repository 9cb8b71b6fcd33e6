//! How long the program takes beside what it cannot avoid: reading the files, and parsing them with the YAML library alone.
//!
//! `cargo bench --bench record [-- N …]` prints medians of runs in turn, and each one's ratio to read-and-parse.

#![allow(clippy::print_stdout, reason = "a benchmark speaks to whoever runs it")]

#[path = "../examples/generate/record.rs"]
mod generate;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use rayon::prelude::*;

/// Runs of each measure, in turn.
const RUNS: usize = 7;

/// A name and what is timed.
type Measure<'m> = (&'static str, Box<dyn Fn() + 'm>);

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let sizes: Vec<usize> = std::env::args().skip(1).filter_map(|arg| arg.parse().ok()).collect();
    let sizes = if sizes.is_empty() { vec![1_000, 10_000] } else { sizes };
    println!("{:>7}  {:<34} {:>10} {:>9}", "N", "measure", "median ms", "ratio");
    for size in sizes {
        let folder = tempfile::tempdir()?;
        generate::generate(folder.path(), size)?;
        let files = yaml_files(folder.path());
        let show = format!("ls-{}-001", 2025 - (size - 1) / 400);
        let measures: Vec<Measure<'_>> = vec![
            ("read the files", Box::new(|| read(&files))),
            ("read and parse (YAML library alone)", Box::new(|| files.par_iter().for_each(|file| parse(file)))),
            (
                "liaison check, cold",
                Box::new(|| {
                    forget(folder.path());
                    run(folder.path(), &["check", "--quiet"]);
                }),
            ),
            ("liaison check, warm", Box::new(|| run(folder.path(), &["check", "--quiet"]))),
            ("liaison list", Box::new(|| run(folder.path(), &["list", "--format", "text"]))),
            (
                "liaison show ID, cold",
                Box::new(|| {
                    forget(folder.path());
                    run(folder.path(), &["show", &show]);
                }),
            ),
            ("liaison show ID, warm", Box::new(|| run(folder.path(), &["show", &show]))),
        ];
        let medians = medians(&measures);
        let base = medians.get(1).copied().unwrap_or_default().as_secs_f64();
        for ((name, _), median) in measures.iter().zip(&medians) {
            println!(
                "{size:>7}  {name:<34} {:>10.1} {:>8.2}×",
                median.as_secs_f64() * 1000.0,
                median.as_secs_f64() / base
            );
        }
    }
    Ok(())
}

/// Each measure's median, the measures taken in turn so that a noisy moment hits all.
fn medians(measures: &[Measure<'_>]) -> Vec<Duration> {
    let mut times = vec![Vec::new(); measures.len()];
    for _ in 0..=RUNS {
        for ((_, measure), times) in measures.iter().zip(&mut times) {
            let start = Instant::now();
            measure();
            times.push(start.elapsed());
        }
    }
    times
        .into_iter()
        .map(|mut times: Vec<Duration>| {
            times.remove(0);
            times.sort();
            times.get(RUNS / 2).copied().unwrap_or_default()
        })
        .collect()
}

fn yaml_files(root: &Path) -> Vec<PathBuf> {
    let entries = walkdir::WalkDir::new(root.join("statements")).into_iter().filter_map(Result::ok);
    entries
        .map(|entry| entry.path().to_owned())
        .filter(|path| path.extension().is_some_and(|ending| ending == "yaml"))
        .collect()
}

/// Every byte of all files, on all cores.
fn read(files: &[PathBuf]) {
    let bytes: usize = files.par_iter().map(|file| std::fs::read(file).map_or(0, |bytes| bytes.len())).sum();
    std::hint::black_box(bytes);
}

/// Every event of a file, as the library gives them.
fn parse(file: &Path) {
    let text = std::fs::read_to_string(file).unwrap_or_default();
    let mut parser = saphyr_parser::Parser::new_from_str(&text);
    while let Some(Ok(event)) = parser.next_event() {
        std::hint::black_box(event);
    }
}

/// Deletes what the program keeps in the clone.
fn forget(root: &Path) {
    let _ = std::fs::remove_dir_all(root.join(".git/liaison"));
}

fn run(root: &Path, args: &[&str]) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_liaison"));
    command
        .current_dir(root)
        .args(args)
        .env("LIAISON_NOW", "2026-11-24T10:00:00Z")
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    std::hint::black_box(command.status().is_ok());
}
