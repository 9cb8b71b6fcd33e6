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

/// What both hooks begin with. A commit is checked in a work tree of its own, which no hook of the person's hears of.
const CHECK: &str = r#"git_dir=$(git rev-parse --absolute-git-dir) || exit 1
unset GIT_WORK_TREE GIT_PREFIX
program=liaison
command -v liaison >/dev/null || program=@PROGRAM@
command -v "$program" >/dev/null || { echo "liaison is not here any more: install it, or go without (--no-verify)" >&2; exit 1; }
folder=$(mktemp -d) || exit 1
apart() { GIT_DIR=$git_dir git -c core.hooksPath=/dev/null -c advice.detachedHead=false worktree "$@"; }
trap 'apart remove --force "$folder/tree" 2>/dev/null; rm -rf "$folder"' EXIT
# check COMMIT [BASE]
check() {
  apart add --quiet --detach "$folder/tree" "$1" || return 1
  status=0
  if [ -e "$folder/tree"/@RECORD@liaison.toml ]; then
    (unset GIT_DIR GIT_INDEX_FILE; "$program" -C "$folder/tree"/@RECORD@ check ${2:+--since "$2"}) || status=$?
  fi
  apart remove --force "$folder/tree"
  return "$status"
}
"#;

/// What each hook does: what is staged is checked as a commit; and each branch that is pushed, beside what is there.
const HOOKS: [(&str, &str); 2] = [
    (
        "pre-commit",
        r#"base=$(git rev-parse --verify --quiet HEAD)
tree=$(git write-tree) || exit 1
commit=$(git commit-tree ${base:+-p "$base"} -m staged "$tree") || exit 1
unset GIT_INDEX_FILE
check "$commit" $base
"#,
    ),
    (
        "pre-push",
        r#"failed=0
while read -r name commit target there; do
  case $target in refs/heads/*) ;; *) continue ;; esac
  case $commit in *[!0]*) ;; *) continue ;; esac
  git cat-file -e "$there^{commit}" 2>/dev/null || there=$(git rev-parse --verify --quiet @MAINLINE@)
  git merge-base "$commit" "$there" >/dev/null 2>&1 || there=
  check "$commit" $there || failed=1
done
exit "$failed"
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
            let program = std::env::current_exe().unwrap_or_else(|_| "liaison".into());
            let program = shell_word(&program.to_string_lossy());
            let check = CHECK.replace("@RECORD@", &shell_word(repo.prefix())).replace("@PROGRAM@", &program);
            for (name, text) in HOOKS {
                let text = text.replace("@MAINLINE@", &shell_word(&mainline));
                write(&folder.join(name), &format!("#!/bin/sh\n{MARK}\n{check}{text}"))?;
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
    let asked =
        |what: &[&str]| repo.git.run(&[&["rev-parse"], what].concat()).map(|told| repo.root().join(told.trim()));
    let folder = asked(&["--git-path", "hooks"])?;
    let own = asked(&["--git-common-dir"])?;
    let is_own = |own: PathBuf| own.canonicalize().is_ok_and(|own| resolved(&folder).starts_with(own));
    if let Some(elsewhere) = repo.path_setting("core.hooksPath").filter(|_| !is_own(own)) {
        return Err(refuse(
            format!("git takes its hooks from {elsewhere} (core.hooksPath), for other clones as well"),
            "git config --local core.hooksPath .git/hooks makes them this clone's own; or call `liaison check --since HEAD` there",
        ));
    }
    Ok(folder)
}

/// A folder that need not be there yet, without links on its way.
fn resolved(folder: &Path) -> PathBuf {
    let there = folder.ancestors().find_map(|above| Some((above.canonicalize().ok()?, above)));
    there.map_or_else(
        || folder.to_owned(),
        |(real, above)| real.join(folder.strip_prefix(above).unwrap_or(Path::new(""))),
    )
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
