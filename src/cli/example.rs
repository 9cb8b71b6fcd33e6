//! The invented example: people and bodies inside the program, and a letter each way made by its own commands.

use std::path::Path;

use anyhow::Context as _;
use clap::Parser as _;
use include_dir::{Dir, include_dir};

use super::args::Cli;
use super::commands;
use super::context::Context;
use crate::directory::parse_person;
use crate::domain::Instant;
use crate::shape::Sink;

static EXAMPLE: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/src/cli/example");

/// The moment at which the example plays, so that equal runs give equal bytes.
pub(crate) const MOMENT: &str = "2026-11-24T10:00:00Z";

/// Invented groups, people and lists.
pub(crate) fn people() -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    if let Some(directory) = EXAMPLE.get_dir("directory") {
        collect(directory, &mut files);
    }
    files
}

fn collect(dir: &Dir<'_>, files: &mut Vec<(String, Vec<u8>)>) {
    for file in dir.files() {
        let path: Vec<_> = file.path().components().map(|part| part.as_os_str().to_string_lossy()).collect();
        files.push((path.join("/"), file.contents().to_vec()));
    }
    dir.dirs().for_each(|inner| collect(inner, files));
}

/// A file of the example.
pub(crate) fn file(name: &str) -> &'static [u8] {
    EXAMPLE.get_file(name).map(include_dir::File::contents).unwrap_or_default()
}

/// The private key of an invented person, which everybody has; nothing for most of them.
pub(crate) fn private_key(handle: &str) -> Option<&'static str> {
    EXAMPLE.get_file(format!("keys/{handle}")).and_then(include_dir::File::contents_utf8)
}

/// The template's settings for the invented IETF, under an id of its own.
pub(crate) fn settings(template: &str, nil: &str) -> String {
    let mail = "[mail]\ndomain = \"liaison.ietf.example\"\nfrom = \"Liaison Statements <statements@ietf.example>\"\ncoordination = \"Liaison Coordination <liaison-coordination@iab.example>\"";
    template
        .replace(nil, "f3b1c0de-5eed-4a11-9e57-1e77e2000001")
        .replace("name = \"Liaison statements\"", "name = \"Liaison statements of an invented IETF\"")
        .replace("organization = \"us\"", "organization = \"ietf\"")
        .replace("# example = false", "example = true")
        .replace("[mail]", mail)
}

/// Runs a command as if it had been typed in the record's folder, at a moment of the example.
pub(crate) fn run(
    ctx: &mut Context,
    root: &Path,
    minutes: i64,
    words: &[&str],
) -> anyhow::Result<super::exit::Outcome> {
    let cli = Cli::try_parse_from(std::iter::once("liaison").chain(words.iter().copied()))?;
    let start = Instant::parse(MOMENT)?.context("the example's moment")?;
    let before = (ctx.folder.clone(), ctx.now, ctx.interactive, ctx.git_environment.clone(), ctx.quiet);
    ctx.folder = cli.global.record.as_ref().map_or_else(|| root.to_owned(), |folder| root.join(folder));
    ctx.quiet = ctx.quiet || cli.global.quiet;
    ctx.now = start.plus_seconds(minutes * 60);
    ctx.interactive = false;
    ctx.git_environment = environment(&ctx.now.to_string(), words);
    let outcome = commands::run(&cli.command, ctx);
    (ctx.folder, ctx.now, ctx.interactive, ctx.git_environment, ctx.quiet) = before;
    outcome
}

/// The environment of git in a step: its moment, and the person who acts, as if it were their clone.
fn environment(moment: &str, words: &[&str]) -> Vec<(String, String)> {
    let set = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let mut environment = vec![set("GIT_AUTHOR_DATE", moment), set("GIT_COMMITTER_DATE", moment)];
    let actor = words.iter().position(|word| *word == "--as").and_then(|at| words.get(at + 1));
    let path = format!("directory/people/{}.toml", actor.unwrap_or(&""));
    let person = parse_person(file(&path), &mut Sink::new(&path)).map(|person| person.value);
    if let Some((name, address)) = person.as_ref().and_then(|person| Some((&person.name, person.addresses.first()?))) {
        for role in ["AUTHOR", "COMMITTER"] {
            environment.push(set(&format!("GIT_{role}_NAME"), name));
            environment.push(set(&format!("GIT_{role}_EMAIL"), address.as_str()));
        }
    }
    environment
}

/// One statement each way: 3GPP asks, the working group answers.
pub(crate) fn letters(ctx: &mut Context, root: &Path) -> anyhow::Result<()> {
    let folder = tempfile::tempdir().context("no temporary folder")?;
    let path = |name: &str| -> anyhow::Result<String> {
        let path = folder.path().join(name);
        std::fs::write(&path, file(name))?;
        Ok(path.display().to_string())
    };
    let (incoming, body, profile) = (path("incoming.eml")?, path("outgoing-body.txt")?, path("ech-profile.pdf")?);
    let out = std::mem::replace(&mut ctx.out, Box::new(std::io::sink()));
    let err = std::mem::replace(&mut ctx.err, Box::new(std::io::sink()));
    let run_all = |ctx: &mut Context| -> anyhow::Result<()> {
        run(
            ctx,
            root,
            0,
            &[
                "receive",
                &incoming,
                "--from",
                "3gpp-sa3",
                "--to",
                "tls",
                "--purpose",
                "for-action",
                "--deadline",
                "2026-12-18",
                "--as",
                "rob-registrar",
            ],
        )?;
        run(
            ctx,
            root,
            5,
            &[
                "new",
                "--from",
                "tls",
                "--to",
                "3gpp-sa3",
                "--title",
                "Use of Encrypted Client Hello in 5G core networks",
                "--purpose",
                "in-response",
                "--in-response-to",
                "ls-2026-001",
                "--consensus",
                "working-group",
                "--evidence",
                "https://ietf.example/archive/tls/ech-call",
                "--document",
                "draft-ietf-tls-ech-operator-profile-02=working-group-draft",
                "--body",
                &body,
                "--attach",
                &profile,
                "--slug",
                "ech-in-5g-core",
                "--as",
                "carla-sample",
            ],
        )?;
        run(ctx, root, 10, &["approve", "ech-in-5g-core", "--as", "ada-example"])?;
        run(ctx, root, 15, &["send", "ech-in-5g-core", "--as", "carla-sample"])?;
        let message = root.join("statements/2026/ls-2026-002/sent-1.eml").display().to_string();
        run(ctx, root, 20, &["mark-sent", "ls-2026-002", "--copy", &message, "--as", "carla-sample"])?;
        Ok(())
    };
    let done = run_all(ctx);
    (ctx.out, ctx.err) = (out, err);
    done
}
