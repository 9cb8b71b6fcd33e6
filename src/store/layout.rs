//! What a path of the record means.

use crate::domain::{Slug, StatementId, StatementName};

/// The place of a file in the record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Slot {
    /// `directory/groups/<acronym>.toml`.
    Group(String),
    /// `directory/people/<handle>.toml`.
    Person(String),
    /// `directory/lists/<name>.toml`.
    List(String),
    /// A letter or, for a draft, its stub.
    Letter(StatementName),
    /// A file of a letter's folder, by its name below the folder.
    Beside(StatementName, String),
    /// An act of a letter, by its file's name.
    Act(StatementName, String),
    /// A posting rights action, or a file of its folder.
    PostingRights,
    /// Something of the trust root.
    Trust,
    /// Nothing to read: a keeper of empty folders, a readme.
    Silent,
    /// A path whose name is wrong, with what is expected.
    Wrong(&'static str),
    /// A file that has no place here.
    Stray,
}

/// The place of a path below the record's root.
pub fn classify(path: &str) -> Slot {
    let parts: Vec<&str> = path.split('/').collect();
    if parts.last().is_some_and(|name| [".gitkeep", ".gitignore", ".gitattributes", "README.md"].contains(name)) {
        return Slot::Silent;
    }
    match parts.as_slice() {
        ["directory", "groups", name] => named(name, Slot::Group),
        ["directory", "people", name] => named(name, Slot::Person),
        ["directory", "lists", name] => named(name, Slot::List),
        ["drafts", name] => match name.strip_suffix(".yaml").map(Slug::parse) {
            Some(Ok(slug)) => Slot::Letter(StatementName::Draft(slug)),
            Some(Err(_)) => Slot::Wrong(
                "a draft's name of 3 to 60 characters a-z, 0-9 and hyphens, not like a number, not `directory`, `policy` or `trust`",
            ),
            None => Slot::Stray,
        },
        ["drafts", folder, rest @ ..] => match Slug::parse(folder) {
            Ok(slug) => beside(StatementName::Draft(slug), rest),
            Err(_) => Slot::Stray,
        },
        ["statements", year, name] => match name.strip_suffix(".yaml").map(StatementId::parse) {
            Some(Ok(id)) if id.year().to_string() == *year => Slot::Letter(StatementName::Numbered(id)),
            Some(Ok(_)) => Slot::Wrong("the folder of the year in its number"),
            Some(Err(_)) => Slot::Wrong("a number such as `ls-2026-014.yaml`"),
            None => Slot::Stray,
        },
        ["statements", year, folder, rest @ ..] => match StatementId::parse(folder) {
            Ok(id) if id.year().to_string() == *year => beside(StatementName::Numbered(id), rest),
            Ok(_) | Err(_) => Slot::Stray,
        },
        ["posting-rights", ..] => Slot::PostingRights,
        ["trust", ..] => Slot::Trust,
        _ => Slot::Stray,
    }
}

fn named(name: &str, slot: impl Fn(String) -> Slot) -> Slot {
    match name.strip_suffix(".toml") {
        Some(stem) if crate::domain::text::is_word(stem) => slot(stem.to_owned()),
        Some(_) => Slot::Wrong("a name of a-z, 0-9 and hyphens"),
        None => Slot::Stray,
    }
}

fn beside(name: StatementName, rest: &[&str]) -> Slot {
    match rest {
        ["acts", file] if file.ends_with(".yaml") => Slot::Act(name, (*file).to_owned()),
        [] => Slot::Stray,
        rest => Slot::Beside(name, rest.join("/")),
    }
}

/// Names that no attachment may have: they are the record's own.
pub fn is_reserved(name: &str) -> bool {
    name == "acts" || name.starts_with("sent-") || name.starts_with("announcement-")
}
