//! `liaison hooks`

use std::path::{Path, PathBuf};

use anyhow::Context as _;

use crate::cli::context::Context;
use crate::cli::desk::Desk;
use crate::cli::exit::{Outcome, refuse, refuse_with};
use crate::cli::wording::shell_word;
use crate::history::Repo;

/// Check before git commits and pushes, in this clone
#[derive(Debug, clap::Args)]
#[command(
    disable_help_subcommand = true,
    after_help = "Examples:
  liaison hooks install      Check what is staged before each commit, and what is new before each push
  liaison hooks remove

With the pre-commit framework, name this in .pre-commit-config.yaml instead:
  - repo: local
    hooks:
      - {id: liaison, name: liaison, entry: liaison check --since HEAD, language: system, pass_filenames: false}"
)]
pub(crate) struct HooksArgs {
    #[command(subcommand)]
    command: HooksCommand,
}

#[derive(Debug, clap::Subcommand)]
enum HooksCommand {
    /// Write the hooks
    Install,
    /// Take them away
    Remove,
}

/// The line by which a hook of this program is known.
const MARK: &str = "# Written by `liaison hooks install`; `liaison hooks remove` takes it away.";

/// What each hook does. What is staged is checked as a commit of its own, in a work tree of its own.
const HOOKS: [(&str, &str); 2] = [
    (
        "pre-commit",
        r#"base=$(git rev-parse --verify --quiet HEAD) || exit 0
tree=$(git write-tree) || exit 1
commit=$(git commit-tree -p "$base" -m staged "$tree") || exit 1
folder=$(mktemp -d) || exit 1
unset GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE GIT_PREFIX
trap 'git worktree remove --force "$folder/staged" 2>/dev/null; rm -rf "$folder"' EXIT
git -c advice.detachedHead=false worktree add --quiet --detach "$folder/staged" "$commit" || exit 1
liaison -C "$folder/staged"/@RECORD@ check --since "$base"
"#,
    ),
    (
        "pre-push",
        r#"base=$(git rev-parse --verify --quiet '@{upstream}' || git rev-parse --verify --quiet @MAINLINE@) || exit 0
unset GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE GIT_PREFIX
liaison -C ./@RECORD@ check --since "$base"
"#,
    ),
];

/// Writes or takes away both hooks; those of somebody else are left alone.
pub(crate) fn run(args: &HooksArgs, ctx: &mut Context) -> anyhow::Result<Outcome> {
    let desk = Desk::open(ctx)?;
    let repo = desk.repo(ctx)?;
    let folder = folder(&repo)?;
    let foreign: Vec<String> = HOOKS
        .iter()
        .map(|(name, _)| folder.join(name))
        .filter(|path| is_foreign(path))
        .map(|path| path.display().to_string())
        .collect();
    if !foreign.is_empty() {
        let call = "add to them: liaison check --since HEAD (before a commit), liaison check --since @{upstream} (before a push)";
        return Err(refuse_with(
            Outcome::Findings,
            format!("{} is there already", foreign.join(" and ")),
            [call.to_owned()],
        ));
    }
    match args.command {
        HooksCommand::Install => {
            let flow = desk.settings()?.flow;
            let mainline = repo.counting(&flow.remote, &flow.mainline);
            std::fs::create_dir_all(&folder).with_context(|| format!("{} cannot be made", folder.display()))?;
            for (name, text) in HOOKS {
                let text =
                    text.replace("@RECORD@", &shell_word(repo.prefix())).replace("@MAINLINE@", &shell_word(&mainline));
                write(&folder.join(name), &format!("#!/bin/sh\n{MARK}\n{text}"))?;
            }
            writeln!(ctx.out, "git checks here before each commit and each push")?;
            ctx.hint("git commit --no-verify and git push --no-verify go without")?;
        }
        HooksCommand::Remove => {
            let there = HOOKS.iter().map(|(name, _)| folder.join(name)).filter(|path| path.exists());
            let there: Vec<PathBuf> = there.collect();
            for path in &there {
                std::fs::remove_file(path).with_context(|| format!("{} cannot be removed", path.display()))?;
            }
            let told =
                if there.is_empty() { "there are no hooks of liaison here" } else { "git no longer checks here" };
            writeln!(ctx.out, "{told}")?;
        }
    }
    Ok(Outcome::Done)
}

/// Where git looks for hooks in this clone; not where a person keeps them for all clones.
fn folder(repo: &Repo) -> anyhow::Result<PathBuf> {
    if let Some(elsewhere) = repo.path_setting("core.hooksPath") {
        return Err(refuse(
            format!("git takes its hooks from {elsewhere} (core.hooksPath), for other clones as well"),
            "git config --local core.hooksPath .git/hooks makes them this clone's own; or call `liaison check --since HEAD` there",
        ));
    }
    let output = repo.git.run(&["rev-parse", "--git-path", "hooks"])?;
    let path = Path::new(output.trim());
    Ok(if path.is_absolute() { path.to_owned() } else { repo.root().join(path) })
}

/// Whether a file is there that this program did not write.
fn is_foreign(path: &Path) -> bool {
    path.exists() && !std::fs::read_to_string(path).is_ok_and(|text| text.contains(MARK))
}

#[cfg(unix)]
fn write(path: &Path, text: &str) -> anyhow::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    let failed = || format!("{} cannot be written", path.display());
    std::fs::write(path, text).with_context(failed)?;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).with_context(failed)
}

#[cfg(not(unix))]
fn write(path: &Path, text: &str) -> anyhow::Result<()> {
    std::fs::write(path, text).with_context(|| format!("{} cannot be written", path.display()))
}
