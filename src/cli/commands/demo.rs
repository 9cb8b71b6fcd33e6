//! `liaison demo`

use std::path::{Path, PathBuf};

use anyhow::Context as _;

use crate::cli::context::Context;
use crate::cli::example;
use crate::cli::exit::{Outcome, refuse};
use crate::history::{Git, Identity};
use crate::store::apply;

use super::init::{example_record, prepare_repository};

/// See everything at work: a guided run on an invented record
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  liaison demo            In a new temporary folder
  liaison demo try-it     In a new or empty folder")]
pub(crate) struct DemoArgs {
    /// The folder; a new temporary one, if none is given
    #[arg(value_name = "DIR")]
    folder: Option<PathBuf>,
}

/// A step: why, after how many minutes, and the words that are typed.
struct Step {
    why: &'static str,
    minutes: i64,
    words: &'static [&'static str],
}

const fn step(minutes: i64, why: &'static str, words: &'static [&'static str]) -> Step {
    Step { why, minutes, words }
}

/// The run: a letter arrives, is answered, approved, changed, approved again, sent, and received by the other body.
const STEPS: &[Step] = &[
    step(
        0,
        "A letter of 3GPP has arrived by mail. It is recorded, its bytes kept.",
        &[
            "receive",
            ".demo/incoming.eml",
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
    ),
    step(
        1,
        "It goes to a chair of the group it concerns.",
        &["assign", "ls-2026-001", "--to", "carla-sample", "--as", "rob-registrar"],
    ),
    step(2, "What waits for her?", &["status", "--as", "carla-sample"]),
    step(
        5,
        "She answers. Groups, contacts and the address for the reply are filled in.",
        &[
            "reply",
            "ls-2026-001",
            "--body",
            ".demo/outgoing-body.txt",
            "--attach",
            ".demo/ech-profile.pdf",
            "--consensus",
            "working-group",
            "--evidence",
            "https://ietf.example/archive/tls/ech-call",
            "--document",
            "draft-ietf-tls-ech-operator-profile-02=working-group-draft",
            "--title",
            "Use of Encrypted Client Hello in 5G core networks",
            "--slug",
            "ech-in-5g-core",
            "--as",
            "carla-sample",
        ],
    ),
    step(
        6,
        "Who is addressed and informed, why, and who approves?",
        &["contacts", "--from", "tls", "--to", "3gpp-sa3"],
    ),
    step(7, "Exactly what will leave, before it leaves.", &["preview", "ech-in-5g-core"]),
    step(
        10,
        "An area director approves exactly this content.",
        &["--quiet", "approve", "ech-in-5g-core", "--as", "ada-example"],
    ),
    step(
        15,
        "The title is changed afterwards …",
        &[
            "edit",
            "ech-in-5g-core",
            "--set",
            "title=Encrypted Client Hello in 5G core networks",
            "--as",
            "carla-sample",
        ],
    ),
    step(16, "… and the approval is stale: it named the content it was given for.", &["show", "ech-in-5g-core"]),
    step(20, "She approves again.", &["--quiet", "approve", "ech-in-5g-core", "--as", "ada-example"]),
    step(
        25,
        "Sending locks the number on the remote, and lays both messages into the outbox.",
        &["send", "ech-in-5g-core", "--as", "carla-sample"],
    ),
    step(
        30,
        "The messages were sent with a mail program; the copy closes it, and they leave the outbox.",
        &["mark-sent", "ls-2026-002", "--copy", "outbox/new/ls-2026-002.eml", "--as", "carla-sample"],
    ),
    step(31, "A second `send` sends nothing.", &["send", "ls-2026-002", "--as", "carla-sample"]),
    step(
        35,
        "3GPP keeps a record too. Nothing is typed again there: the mail carries its own metadata.",
        &["-C", ".demo/3gpp", "receive", "../../statements/2026/ls-2026-002/sent-1.eml", "--as", "rob-registrar"],
    ),
    step(36, "And this is how the other body sees it.", &["-C", ".demo/3gpp", "list"]),
    step(40, "Our record, and the history of the answer.", &["list"]),
    step(41, "", &["log", "ls-2026-002"]),
    step(42, "Anybody can check the whole record.", &["check"]),
];

/// Runs every step as if it had been typed; the folder becomes the record, a bare repository below it its remote.
pub(crate) fn run(args: &DemoArgs, ctx: &mut Context) -> anyhow::Result<Outcome> {
    let root = match &args.folder {
        Some(folder) => ctx.folder.join(folder),
        None => tempfile::Builder::new().prefix("liaison-demo-").tempdir().context("no temporary folder")?.keep(),
    };
    let occupied = root.read_dir().is_ok_and(|mut entries| entries.next().is_some());
    if occupied {
        return Err(refuse(format!("{} is not empty", root.display()), "choose a new folder, or none: liaison demo"));
    }
    ctx.seed = Some(("demo".to_owned(), 0));
    prepare(ctx, &root)?;
    for (number, step) in STEPS.iter().enumerate() {
        if !step.why.is_empty() {
            writeln!(ctx.out, "\n{}", heading(ctx.color, &format!("{}. {}", number + 1, step.why)))?;
        }
        writeln!(ctx.out, "{}", heading(ctx.color, &format!("$ liaison {}", typed(step.words))))?;
        let outcome = example::run(ctx, &root, step.minutes, step.words)?;
        if outcome != Outcome::Done {
            return Ok(outcome);
        }
    }
    writeln!(
        ctx.out,
        "\nThe record is {0}\n\n  statements/2026/ls-2026-002.yaml        the letter, frozen\n  statements/2026/ls-2026-002/acts/       what people did with it\n  statements/2026/ls-2026-002/sent-1.eml  the message, byte for byte\n  outbox/                                 new: what a person hands to a mail program; cur: what left\n\nType next:\n  cd {0}\n  liaison show ls-2026-002\n  liaison why ls-2026-002\n  git log\n  liaison new --as carla-sample",
        root.display()
    )?;
    Ok(Outcome::Done)
}

fn heading(color: bool, text: &str) -> String {
    if color { format!("\u{1b}[1m{text}\u{1b}[0m") } else { text.to_owned() }
}

/// Words as a shell takes them.
fn typed(words: &[&str]) -> String {
    let quote = |word: &&str| if word.contains([' ', '=', '…']) { format!("'{word}'") } else { (*word).to_owned() };
    words.iter().map(quote).collect::<Vec<_>>().join(" ")
}

/// The record with its remote, the other body's record, and the files that the steps read.
fn prepare(ctx: &mut Context, root: &Path) -> anyhow::Result<()> {
    let start = crate::domain::Instant::parse(example::MOMENT)?.context("the example's moment")?;
    let before = (ctx.now, ctx.git_environment.clone());
    ctx.now = start;
    ctx.git_environment =
        ["GIT_AUTHOR_DATE", "GIT_COMMITTER_DATE"].iter().map(|name| ((*name).to_owned(), start.to_string())).collect();
    let side = root.join(".demo");
    std::fs::create_dir_all(&side).with_context(|| format!("{} cannot be made", root.display()))?;
    for name in ["incoming.eml", "outgoing-body.txt", "ech-profile.pdf"] {
        std::fs::write(side.join(name), example::file(name))?;
    }
    let identity = Identity { name: "Rob Registrar".into(), email: "rob@ietf.example".into() };
    record(ctx, root, "ietf", &identity)?;
    std::fs::write(root.join(".git/info/exclude"), ".demo/\n")?;
    let git = Git::new(root, ctx.git_environment.clone());
    git.run(&["init", "--quiet", "--bare", "--initial-branch=main", ".demo/remote.git"])?;
    git.run(&["remote", "add", "origin", ".demo/remote.git"])?;
    git.run(&["push", "--quiet", "--set-upstream", "origin", "main"])?;
    record(ctx, &side.join("3gpp"), "3gpp", &identity)?;
    (ctx.now, ctx.git_environment) = before;
    writeln!(
        ctx.out,
        "An invented IETF keeps its record in {}.\nEverything below was typed as shown, on {}.",
        root.display(),
        start.day()
    )?;
    Ok(())
}

/// A committed record of the invented world, seen from one organization.
fn record(ctx: &Context, root: &Path, organization: &str, identity: &Identity) -> anyhow::Result<()> {
    std::fs::create_dir_all(root)?;
    prepare_repository_here(ctx, root)?;
    let mut change = example_record(identity, "")?;
    for (path, bytes) in &mut change.write {
        if path == "liaison.toml" && organization != "ietf" {
            let text = String::from_utf8_lossy(bytes)
                .replace("organization = \"ietf\"", &format!("organization = \"{organization}\""));
            let text = text
                .replace("f3b1c0de-5eed-4a11-9e57-1e77e2000001", "f3b1c0de-5eed-4a11-9e57-1e77e2000002")
                .replace("of an invented IETF", "of an invented 3GPP");
            *bytes = text.into_bytes();
        }
    }
    apply(root, &change)?;
    let git = Git::new(root, ctx.git_environment.clone());
    for (key, value) in
        [("user.name", identity.name.as_str()), ("user.email", identity.email.as_str()), ("commit.gpgsign", "false")]
    {
        git.run(&["config", key, value])?;
    }
    let repo = crate::history::Repo::open(root, ctx.git_environment.clone())?;
    crate::history::commit_paths(&repo, &change.paths(), "Begin the record")?;
    Ok(())
}

/// A repository of its own, also below another one.
fn prepare_repository_here(ctx: &Context, root: &Path) -> anyhow::Result<()> {
    if root.join(".git").exists() {
        return Ok(());
    }
    let mut environment = ctx.git_environment.clone();
    environment.push(("GIT_DEFAULT_REF_FORMAT".into(), "files".into()));
    environment.push(("GIT_DEFAULT_HASH".into(), "sha1".into()));
    Git::new(root, environment).run(&["init", "--quiet", "--initial-branch=main"])?;
    prepare_repository(ctx, root)
}
