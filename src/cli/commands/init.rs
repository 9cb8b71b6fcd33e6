//! `liaison init`

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use chrono::NaiveDate;
use include_dir::{Dir, include_dir};

use crate::cli::context::Context;
use crate::cli::example;
use crate::cli::exit::{Outcome, refuse, usage};
use crate::cli::signature::public_key_of_git;
use crate::domain::file::is_device;
use crate::domain::text::is_word;
use crate::domain::{Address, Contact, Slug};
use crate::history::{Git, Identity, Repo};
use crate::signing::SshPublicKey;
use crate::store::{Change, apply};

/// What a new record holds.
static TEMPLATE: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/record-template");

/// The id that a copy of the template bears.
const NIL: &str = "00000000-0000-0000-0000-000000000000";

/// Begin a record in a new or empty folder
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  liaison init my-record                      With you as its registrar
  liaison init my-record --organization ietf --domain liaison.example.org --from 'Liaison <statements@example.org>'
  liaison init try-it --example               With invented people, bodies, and a letter each way")]
pub(crate) struct InitArgs {
    /// The folder; made if it does not exist
    #[arg(value_name = "DIR", default_value = ".")]
    folder: PathBuf,
    /// The acronym of your organization
    #[arg(long, value_name = "ACRONYM", default_value = "us")]
    organization: String,
    /// What kind of group it is, as the approval table knows it; `ietf` for the acronym ietf, else `organization`
    #[arg(long, value_name = "KIND")]
    kind: Option<String>,
    /// What the record is called
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// Right side of the Message-IDs of our mail, such as liaison.example.org
    #[arg(long, value_name = "DOMAIN")]
    domain: Option<String>,
    /// Whose From our messages bear
    #[arg(long, value_name = "CONTACT")]
    from: Option<String>,
    /// Who is informed of everything, and gets replies
    #[arg(long, value_name = "CONTACT")]
    coordination: Option<String>,
    /// Add invented people and bodies, and one statement each way
    #[arg(long)]
    example: bool,
    /// Write the files, but do not commit
    #[arg(long)]
    no_commit: bool,
}

/// Writes the template, with a fresh id and its author as registrar, and makes the first commit.
pub(crate) fn run(args: &InitArgs, ctx: &mut Context) -> anyhow::Result<Outcome> {
    let root = ctx.folder.join(&args.folder);
    if !is_word(&args.organization) || is_device(&args.organization) {
        return Err(usage(
            format!("`{}` is no acronym", args.organization),
            "use a-z, 0-9 and hyphens, such as `ietf`",
        ));
    }
    if root.join("liaison.toml").exists() {
        return Err(refuse(
            format!("{} is a record already", root.display()),
            format!("liaison -C {} status", args.folder.display()),
        ));
    }
    let author = identity(ctx, &root)?;
    let key = public_key_of_git(&git_near(ctx, &root));
    let person = person_file(&author, key.as_ref(), ctx.now.day());
    let change =
        if args.example { example_record(&author, &person)? } else { new_record(args, &author, &person, ctx)? };
    let taken: Vec<String> = change.paths().into_iter().filter(|path| root.join(path).exists()).collect();
    if !taken.is_empty() {
        return Err(refuse(format!("{} holds {} already", root.display(), taken.join(", ")), "choose an empty folder"));
    }
    if let Some(other) = other_files(&root)? {
        return Err(refuse(
            format!("{} is not empty: it holds {other}", root.display()),
            "choose a new or empty folder; an empty git clone is one",
        ));
    }
    std::fs::create_dir_all(&root).with_context(|| format!("{} cannot be made", root.display()))?;
    if !args.no_commit {
        prepare_repository(ctx, &root)?;
    }
    apply(&root, &change)?;
    if !args.no_commit {
        commit(ctx, &root, &change)?;
    }
    if args.example && !args.no_commit {
        example::letters(ctx, &root)?;
    }
    let shown = root.canonicalize().unwrap_or_else(|_| root.clone());
    writeln!(ctx.out, "{} is a record now", shown.display())?;
    if key.is_none() && !args.example {
        ctx.hint("approvals here are signed, and git knows no SSH key of yours yet:\n  ssh-keygen -t ed25519 && git config --global gpg.format ssh && git config --global user.signingkey ~/.ssh/id_ed25519.pub\n  liaison person key add HANDLE --ssh ~/.ssh/id_ed25519.pub")?;
    }
    let is_here = ctx.folder.canonicalize().is_ok_and(|folder| folder == shown);
    let go = if is_here { String::new() } else { format!("cd {} && ", args.folder.display()) };
    ctx.hint(format!("next: {go}liaison {}", if args.example { "list" } else { "check" }))?;
    ctx.hint(if args.example {
        "then: liaison status, liaison show ls-2026-001, or a letter of your own: liaison new"
    } else {
        "then: fill the directory (liaison group add, liaison person add), and write the first letter: liaison new"
    })?;
    Ok(Outcome::Done)
}

/// Something in the folder that is not git's own.
fn other_files(root: &Path) -> anyhow::Result<Option<String>> {
    if !root.exists() {
        return Ok(None);
    }
    let shown = root.display();
    let entries = std::fs::read_dir(root).map_err(|error| {
        usage(
            format!("{shown} cannot be listed: {error}"),
            "give a folder that is yours, or one that does not exist yet",
        )
    })?;
    let mut names = entries.flatten().map(|entry| entry.file_name()).filter(|name| name != ".git");
    Ok(names.next().map(|name| name.to_string_lossy().into_owned()))
}

/// git in the folder, or in the nearest one above it that exists.
fn git_near(ctx: &Context, root: &Path) -> Git {
    let existing = root.ancestors().find(|folder| folder.is_dir()).unwrap_or(root);
    Git::new(existing, ctx.git_environment.clone())
}

/// The author's file in the directory, with the key that git signs with.
pub(crate) fn person_file(author: &Identity, key: Option<&SshPublicKey>, since: NaiveDate) -> String {
    let mut text =
        format!("name = {}\nkind = \"person\"\naddresses = [{}]\n", quoted(&author.name), quoted(&author.email));
    if let Some(key) = key {
        text.push_str(&format!("\n[[key]]\ntype = \"ssh\"\npublic = \"{key}\"\nsince = {since}\n"));
    }
    text
}

/// Who begins the record: git's identity in the folder, or in general.
fn identity(ctx: &Context, root: &Path) -> anyhow::Result<Identity> {
    let git = git_near(ctx, root);
    let value = |key: &str| git.try_run(&["config", "--get", key]).map(|output| output.stdout.trim().to_owned());
    let identity = Identity { name: value("user.name")?, email: value("user.email")? };
    if identity.name.is_empty() || Address::parse(&identity.email).is_err() {
        return Err(crate::history::HistoryError::NoIdentity.into());
    }
    Ok(identity)
}

/// The template's files below a folder.
fn template_files() -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    collect(&TEMPLATE, &mut files);
    files
}

fn collect(dir: &Dir<'_>, files: &mut Vec<(String, Vec<u8>)>) {
    for file in dir.files() {
        let path: Vec<_> = file.path().components().map(|part| part.as_os_str().to_string_lossy()).collect();
        files.push((path.join("/"), file.contents().to_vec()));
    }
    dir.dirs().for_each(|inner| collect(inner, files));
}

/// A TOML text in quotes.
fn quoted(text: &str) -> String {
    toml_edit_string(text)
}

fn toml_edit_string(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

fn handle_of(author: &Identity) -> String {
    Slug::of_title(&author.name).map_or_else(|| "registrar".to_owned(), |slug| slug.to_string())
}

fn new_record(args: &InitArgs, author: &Identity, person: &str, ctx: &mut Context) -> anyhow::Result<Change> {
    let handle = handle_of(author);
    let id = ctx.fresh_id();
    let mut change = Change::default();
    for (path, bytes) in template_files() {
        let text = String::from_utf8(bytes).context("the template is text")?;
        let (path, text) = match path.as_str() {
            "liaison.toml" => {
                let name = args.name.clone().unwrap_or_else(|| "Liaison statements".into());
                let text = text
                    .replace(NIL, &id)
                    .replace("name = \"Liaison statements\"", &format!("name = {}", quoted(&name)));
                let text = with_mail(args, &text)?;
                (path, text.replace("organization = \"us\"", &format!("organization = {}", quoted(&args.organization))))
            }
            "directory/groups/us.toml" => {
                let since =
                    text.lines().find(|line| line.starts_with("since")).unwrap_or("since = 2026-01-01").to_owned();
                let text = text.replace("person = \"registrar\"", &format!("person = {}", quoted(&handle)));
                let usual = if args.organization == "ietf" { "ietf" } else { "organization" };
                let kind = args.kind.as_deref().unwrap_or(usual);
                let name = if args.organization == "us" { "Our organization" } else { args.organization.as_str() };
                let text = text
                    .replace("kind = \"organization\"", &format!("kind = {}", quoted(kind)))
                    .replace("name = \"Our organization\"", &format!("name = {}", quoted(name)));
                (
                    format!("directory/groups/{}.toml", args.organization),
                    text.replace(&since, &format!("since = {}", ctx.now.day())),
                )
            }
            "directory/people/registrar.toml" => (format!("directory/people/{handle}.toml"), person.to_owned()),
            _ => (path, text),
        };
        change = change.write(path, text);
    }
    Ok(change)
}

/// The settings with what is known of our mail.
fn with_mail(args: &InitArgs, text: &str) -> anyhow::Result<String> {
    let mut lines = String::from("[mail]");
    if let Some(domain) = &args.domain {
        lines.push_str(&format!("\ndomain = {}", quoted(domain)));
    }
    for (key, contact) in [("from", &args.from), ("coordination", &args.coordination)] {
        let contact =
            contact.as_deref().map(Contact::parse).transpose().map_err(|error| usage(error.to_string(), ""))?;
        if let Some(contact) = contact.flatten() {
            lines.push_str(&format!("\n{key} = {}", quoted(&contact.to_string())));
        }
    }
    Ok(text.replacen("[mail]", &lines, 1))
}

/// The invented IETF, with the author as a second registrar.
pub(crate) fn example_record(author: &Identity, person: &str) -> anyhow::Result<Change> {
    let mut change = Change::default();
    for (path, bytes) in template_files() {
        let text = String::from_utf8(bytes).context("the template is text")?;
        match path.as_str() {
            "liaison.toml" => change = change.write(path, example::settings(&text, NIL)),
            path if path.starts_with("directory/") && !path.ends_with(".gitkeep") => {}
            _ => change = change.write(path, text),
        }
    }
    let invented = example::people();
    let is_invented = invented.iter().any(|(_, bytes)| String::from_utf8_lossy(bytes).contains(&author.email));
    for (path, bytes) in invented {
        let bytes = match path.as_str() {
            "directory/groups/ietf.toml" if !is_invented => {
                let term = format!(
                    "\n[[role]]\nrole = \"registrar\"\nperson = {}\nsince = 2026-01-01\n",
                    quoted(&handle_of(author))
                );
                [bytes, term.into_bytes()].concat()
            }
            _ => bytes,
        };
        change = change.write(path, bytes);
    }
    if !is_invented {
        change = change.write(format!("directory/people/{}.toml", handle_of(author)), person.to_owned());
    }
    Ok(change)
}

/// A repository of a kind that every git and this program read, unless the folder is in one already.
pub(crate) fn prepare_repository(ctx: &Context, root: &Path) -> anyhow::Result<()> {
    if Repo::open(root, Vec::new()).is_ok() {
        return Ok(());
    }
    let mut environment = ctx.git_environment.clone();
    environment.push(("GIT_DEFAULT_REF_FORMAT".into(), "files".into()));
    environment.push(("GIT_DEFAULT_HASH".into(), "sha1".into()));
    Git::new(root, environment).run(&["init", "--quiet", "--initial-branch=main"])?;
    Ok(())
}

fn commit(ctx: &Context, root: &Path, change: &Change) -> anyhow::Result<()> {
    let repo = Repo::open(root, ctx.git_environment.clone())?;
    repo.ready()?;
    crate::history::commit_paths(&repo, &change.paths(), "Begin the record")?;
    Ok(())
}
