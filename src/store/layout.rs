//! What a path of the record means.

use crate::domain::file::is_device;
use crate::domain::name::is_posting_rights_number;
use crate::domain::text::is_word;
use crate::domain::{Slug, StatementId, StatementName};
use crate::findings::Code;

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
    /// A posting rights action.
    PostingRights,
    /// A file of a posting rights action's folder.
    BesidePostingRights,
    /// `trust/root.toml`.
    Root,
    /// `trust/roots/<version>.toml`: the root as it was.
    FormerRoot(u64),
    /// `trust/acts/<time>-<act>-<person>.yaml`: an act on directory, policy or trust root.
    TrustAct,
    /// Nothing to read: a keeper of empty folders, a readme.
    Silent,
    /// A path whose name breaks a rule, with what is expected.
    Wrong(Code, &'static str),
    /// A file that has no place here.
    Stray,
}

impl Slot {
    /// The letter that a file belongs to.
    pub fn letter(self) -> Option<StatementName> {
        if let Self::Letter(name) | Self::Beside(name, _) | Self::Act(name, _) = self { Some(name) } else { None }
    }

    /// The letter, or the stub of one, that a file is itself.
    pub fn letter_itself(self) -> Option<StatementName> {
        if let Self::Letter(name) = self { Some(name) } else { None }
    }

    /// The letter whose act a file is.
    pub fn act_of(self) -> Option<StatementName> {
        if let Self::Act(name, _) = self { Some(name) } else { None }
    }
}

const NUMBER: &str = "a number such as `ls-2026-014`";
const YEAR: &str = "the folder of the year in its number";

/// The place of a path below the record's root.
pub fn classify(path: &str) -> Slot {
    let parts: Vec<&str> = path.split('/').collect();
    match parts.as_slice() {
        ["statements", year, folder, rest @ ..] if is_in_letter(year, folder, rest) => {
            StatementId::parse(folder).map_or(Slot::Stray, |id| beside(StatementName::Numbered(id), rest))
        }
        [.., ".gitkeep" | ".gitignore" | ".gitattributes"] => Slot::Silent,
        ["directory" | "trust", .., "README.md"] => Slot::Silent,
        [_, "README.md"] | ["statements" | "posting-rights", _, "README.md"] => Slot::Silent,
        ["directory", "groups", name] => named(name, Slot::Group),
        ["directory", "people", name] => named(name, Slot::Person),
        ["directory", "lists", name] => named(name, Slot::List),
        ["drafts", name] => match name.strip_suffix(".yaml").map(Slug::parse) {
            Some(Ok(slug)) => Slot::Letter(StatementName::Draft(slug)),
            Some(Err(_)) => Slot::Wrong(Code::BadFileName, Slug::EXPECTED),
            None => Slot::Stray,
        },
        ["drafts", folder, rest @ ..] => match Slug::parse(folder) {
            Ok(slug) => beside(StatementName::Draft(slug), rest),
            Err(_) => Slot::Wrong(Code::BadFileName, Slug::EXPECTED),
        },
        ["statements", year, name] => match name.strip_suffix(".yaml").map(StatementId::parse) {
            Some(Ok(id)) if id.year().to_string() == *year => Slot::Letter(StatementName::Numbered(id)),
            Some(Ok(_)) => Slot::Wrong(Code::YearMismatch, YEAR),
            Some(Err(_)) => Slot::Wrong(Code::BadFileName, NUMBER),
            None => Slot::Stray,
        },
        ["statements", year, folder, rest @ ..] => match StatementId::parse(folder) {
            Ok(id) if id.year().to_string() == *year => beside(StatementName::Numbered(id), rest),
            Ok(_) => Slot::Wrong(Code::YearMismatch, YEAR),
            Err(_) => Slot::Wrong(Code::BadFileName, NUMBER),
        },
        ["posting-rights", year, name] if posting_rights_year(name.strip_suffix(".yaml")) == Some(*year) => {
            Slot::PostingRights
        }
        ["posting-rights", year, folder, _, ..] if posting_rights_year(Some(folder)) == Some(*year) => {
            Slot::BesidePostingRights
        }
        ["posting-rights", ..] => Slot::Wrong(
            Code::PostingRightsFile,
            "`posting-rights/<year>/pr-<year>-<nnn>.yaml`, or a file in the folder of that name",
        ),
        ["trust", "root.toml"] => Slot::Root,
        ["trust", "roots", name] => match name.strip_suffix(".toml").map(str::parse::<u64>) {
            Some(Ok(version)) if format!("{version}.toml") == *name && version > 0 => Slot::FormerRoot(version),
            Some(_) | None => Slot::Wrong(Code::BadFileName, "`trust/roots/<version>.toml`"),
        },
        ["trust", "acts", name] if name.ends_with(".yaml") => Slot::TrustAct,
        _ => Slot::Stray,
    }
}

/// Whether a file lies in a numbered letter's folder: there even what git alone reads is frozen.
fn is_in_letter(year: &str, folder: &str, rest: &[&str]) -> bool {
    !rest.is_empty() && StatementId::parse(folder).is_ok_and(|id| id.year().to_string() == year)
}

/// The year in the number of a posting rights action.
fn posting_rights_year(name: Option<&str>) -> Option<&str> {
    name.filter(|name| is_posting_rights_number(name))?.get(3..7)
}

fn named(name: &str, slot: impl Fn(String) -> Slot) -> Slot {
    match name.strip_suffix(".toml") {
        Some(stem) if is_word(stem) && !is_device(stem) => slot(stem.to_owned()),
        Some(_) => {
            let expected = "a name of a-z, 0-9 and hyphens, and none of Windows' devices (con, aux, nul …)";
            Slot::Wrong(Code::BadFileName, expected)
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_of_posting_rights_is_the_number_of_an_action() {
        assert_eq!(classify("posting-rights/2026/pr-2026-001.yaml"), Slot::PostingRights);
        for path in [
            "posting-rights/2026/pr-2026-001/acts/20261124T100000Z-introduce-ada-example.yaml",
            "posting-rights/2026/pr-2026-001/last-call.eml",
        ] {
            assert_eq!(classify(path), Slot::BesidePostingRights, "{path}");
        }
        for path in [
            "posting-rights/2025/pr-2026-001.yaml",
            "posting-rights/2026/pr-2026-1.yaml",
            "posting-rights/2026/ls-2026-001.yaml",
            "posting-rights/2026/pr-2026-001.yml",
            "posting-rights/2026/pr-2026-001",
            "posting-rights/2026/somebody/last-call.eml",
            "posting-rights/pr-2026-001.yaml",
        ] {
            assert!(matches!(classify(path), Slot::Wrong(Code::PostingRightsFile, _)), "{path}");
        }
    }

    #[test]
    fn a_readme_explains_a_folder_but_may_be_attached_to_a_letter() {
        for path in
            ["drafts/README.md", "statements/2026/README.md", "directory/groups/README.md", "drafts/ech/.gitkeep"]
        {
            assert_eq!(classify(path), Slot::Silent, "{path}");
        }
        assert!(matches!(classify("drafts/ech/README.md"), Slot::Beside(_, name) if name == "README.md"));
    }
}
