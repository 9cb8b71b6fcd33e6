//! What a person hands over: files and standard input, read only as far as a limit of the record allows.

use std::io::Read;
use std::path::Path;

use anyhow::Context as _;

use super::context::Context;
use super::exit::{refuse, usage};
use crate::config::Limits;
use crate::domain::Malformed;

/// How much may be read, and what to do about more.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limit {
    most: u64,
    help: &'static str,
}

impl Limit {
    /// Of one attachment.
    pub(crate) fn attachment(limits: &Limits) -> Self {
        let help = "link it by its url and sha256 instead, or raise `attachment` under [limits] in liaison.toml";
        Self { most: limits.attachment, help }
    }

    /// Of a whole letter: a mail, where attachments take a third more space, or the letter as it came.
    pub(crate) fn mail(limits: &Limits) -> Self {
        let help = "record the letter without it and link what is large by its url and sha256, or raise `statement` under [limits] in liaison.toml";
        Self { most: limits.statement.saturating_add(limits.statement / 2), help }
    }

    /// Of a text that becomes part of a YAML file.
    pub(crate) fn text(limits: &Limits) -> Self {
        let help = "move long text into an attachment, or raise `yaml` under [limits] in liaison.toml";
        Self { most: limits.yaml, help }
    }

    /// Of what a forge says of a review.
    pub(crate) fn review() -> Self {
        Self { most: 1_000_000, help: "the address is to be that of one review" }
    }

    /// Of a checkpoint: a few lines and a signature.
    pub(crate) fn checkpoint() -> Self {
        Self { most: 100_000, help: "give what `liaison checkpoint` wrote: a few lines and a signature" }
    }

    /// How many bytes may be read.
    pub(crate) fn most(self) -> u64 {
        self.most
    }

    /// Refuses what is larger, by nobody knows how much.
    pub(crate) fn refuse(self, shown: &str) -> anyhow::Error {
        refuse(format!("{shown} has more than {} bytes, allowed are {}", self.most, self.most), self.help)
    }

    /// Reads to the end, or refuses what goes beyond the limit; `size` is the whole, where it is known.
    pub(crate) fn read(self, from: impl Read, shown: &str, size: Option<u64>) -> anyhow::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        if size.is_none_or(|size| size <= self.most) {
            from.take(self.most.saturating_add(1))
                .read_to_end(&mut bytes)
                .with_context(|| format!("{shown} cannot be read"))?;
            if u64::try_from(bytes.len()).is_ok_and(|read| read <= self.most) {
                return Ok(bytes);
            }
        }
        let Some(size) = size else { return Err(self.refuse(shown)) };
        let found = size.max(bytes.len() as u64);
        Err(refuse(format!("{shown} has {found} bytes, allowed are {}", self.most), self.help))
    }
}

/// Writes a file that a person named with a flag.
pub(crate) fn write_output(ctx: &Context, path: &Path, text: &str, flag: &str) -> anyhow::Result<std::path::PathBuf> {
    let path = ctx.folder.join(path);
    std::fs::write(&path, text).map_err(|error| {
        refuse(format!("{} cannot be written: {error}", path.display()), format!("give another {flag}"))
    })?;
    Ok(path)
}

/// Reads a file that a person names: a regular one, up to a limit.
pub(crate) fn read_input(ctx: &Context, path: &Path, limit: Limit) -> anyhow::Result<Vec<u8>> {
    let shown = path.display().to_string();
    let full = ctx.folder.join(path);
    let absent = |error: std::io::Error| {
        let (why, help) = if error.kind() == std::io::ErrorKind::NotFound {
            let folder = full.parent().unwrap_or(&ctx.folder).display();
            (format!("{folder} holds no such file"), "give the path of a file that exists")
        } else if error.kind() == std::io::ErrorKind::PermissionDenied {
            (error.to_string(), "ask its owner for leave to read it")
        } else {
            (error.to_string(), "give the path of a regular file")
        };
        usage(format!("{shown} cannot be read: {why}"), help)
    };
    // Opening a fifo waits for its writer, so the kind is asked first.
    let facts = std::fs::metadata(&full).map_err(absent)?;
    if facts.is_dir() {
        return Err(usage(format!("{shown} is a folder, not a file"), "name each file by itself"));
    }
    if !facts.is_file() {
        return Err(usage(
            format!("{shown} is no regular file, and might never end"),
            "save what it gives in a file, or hand it to standard input where the option takes `-`",
        ));
    }
    limit.read(std::fs::File::open(&full).map_err(absent)?, &shown, Some(facts.len()))
}

/// Reads a file, or standard input for `-`.
pub(crate) fn read_input_or_stdin(ctx: &Context, path: &Path, limit: Limit) -> anyhow::Result<Vec<u8>> {
    if path == Path::new("-") { ctx.read_stdin(limit) } else { read_input(ctx, path, limit) }
}

/// Refuses attachments that are too large together.
pub(crate) fn refuse_sum(sum: u64, limits: &Limits) -> anyhow::Result<()> {
    if sum <= limits.statement {
        return Ok(());
    }
    Err(refuse(
        format!("the attachments have {sum} bytes together, allowed are {}", limits.statement),
        "link some by their url and sha256 instead, or raise `statement` under [limits] in liaison.toml",
    ))
}

/// A value that an option gave, or a refusal that names the option.
pub(crate) fn given<T>(option: &str, value: Result<T, Malformed>) -> anyhow::Result<T> {
    value
        .map_err(|error| usage(format!("{option}: found {}", error.found), format!("give {option} {}", error.expected)))
}

/// Bytes as a text, with line breaks as this system has them.
pub(crate) fn text_of(bytes: Vec<u8>, shown: &str) -> anyhow::Result<String> {
    let text = String::from_utf8(bytes).map_err(|_| {
        usage(format!("{shown} is not UTF-8"), "save it as UTF-8 text, or send it along with --attach instead")
    })?;
    Ok(text.replace("\r\n", "\n"))
}
