//! Finds a letter by any unambiguous part of its name or by another body's number of it.

use super::{Record, StoreError};
use crate::domain::{Slug, StatementName};
use crate::record::parse_statement;
use crate::shape::Sink;

/// Why a letter was not found.
#[derive(Debug, thiserror::Error)]
pub enum FindError {
    /// No name contains it.
    #[error("no letter is called \"{part}\"{}", near(.candidates))]
    Unknown {
        /// What was asked for.
        part: String,
        /// Names that come close.
        candidates: Vec<String>,
    },
    /// Several names contain it.
    #[error("\"{part}\" could be {}", .candidates.join(", "))]
    Ambiguous {
        /// What was asked for.
        part: String,
        /// All of them.
        candidates: Vec<String>,
    },
    /// The record cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
}

fn near(candidates: &[String]) -> String {
    if candidates.is_empty() { String::new() } else { format!("; there are {}", candidates.join(", ")) }
}

/// The letter meant by a number, a slug, a path, a part of either, or a peer's number of it.
///
/// # Errors
/// Returns [`FindError`] when nothing or several letters are meant.
pub fn find_letter(record: &Record<'_>, part: &str) -> Result<StatementName, FindError> {
    let part = part.trim().trim_end_matches('/').trim_end_matches(".yaml");
    let part = part.rsplit('/').next().unwrap_or(part);
    if let Ok(name) = StatementName::parse(part)
        && record.names().any(|known| *known == name)
    {
        return Ok(follow(record, name)?);
    }
    let lower = part.to_lowercase();
    let named: Vec<&StatementName> =
        record.names().filter(|name| !lower.is_empty() && is_meant(&name.to_string(), &lower)).collect();
    let mut found = Vec::new();
    for name in named {
        let name = follow(record, name.clone())?;
        if !found.contains(&name) {
            found.push(name);
        }
    }
    if found.is_empty() {
        found = by_identifier(record, &lower)?;
    }
    match found.as_slice() {
        [name] => Ok(name.clone()),
        [] => Err(FindError::Unknown { part: part.to_owned(), candidates: newest(record) }),
        several => Err(FindError::Ambiguous {
            part: part.to_owned(),
            candidates: several.iter().map(ToString::to_string).collect(),
        }),
    }
}

/// A part of a slug; of a number, its end (`031`, `2026-031`) or the whole.
fn is_meant(name: &str, part: &str) -> bool {
    if name.starts_with("ls-") { name == part || name.ends_with(&format!("-{part}")) } else { name.contains(part) }
}

fn follow(record: &Record<'_>, name: StatementName) -> Result<StatementName, StoreError> {
    let StatementName::Draft(slug) = &name else { return Ok(name) };
    Ok(record.stub(slug)?.map_or(name, |stub| StatementName::Numbered(stub.value.became)))
}

/// Letters that another body knows under a number.
fn by_identifier(record: &Record<'_>, part: &str) -> Result<Vec<StatementName>, StoreError> {
    let mut found = Vec::new();
    for name in record.names() {
        let Some(bytes) = record.files().read(&name.path())? else { continue };
        let text = String::from_utf8_lossy(&bytes).to_lowercase();
        if !text.contains("identifiers") || !text.contains(part) {
            continue;
        }
        let path = name.path();
        let statement = parse_statement(&bytes, &mut Sink::new(&path));
        let known = |value: &str| value.to_lowercase() == part;
        let is_known = statement.is_some_and(|statement| {
            statement
                .value
                .identifiers
                .iter()
                .any(|identifier| identifier.value.as_ref().is_some_and(|value| known(value.as_str())))
        });
        if is_known {
            found.push(name.clone());
        }
    }
    Ok(found)
}

/// The newest names, to choose from.
fn newest(record: &Record<'_>) -> Vec<String> {
    let letters = record.names().filter(|name| !record.is_stub(name));
    let mut names: Vec<String> = letters.map(ToString::to_string).collect();
    names.reverse();
    names.truncate(5);
    names
}

/// A free slug for a new draft.
pub fn free_slug(record: &Record<'_>, slug: &Slug) -> Slug {
    let taken = |slug: &Slug| record.names().any(|name| *name == StatementName::Draft(slug.clone()));
    if !taken(slug) {
        return slug.clone();
    }
    (2..).map(|number| slug.with_suffix(number)).find(|slug| !taken(slug)).unwrap_or_else(|| slug.clone())
}
