//! Finds a letter by any unambiguous part of its name or by another body's number of it.

use rayon::prelude::*;

use super::{Contents, Record, StoreError};
use crate::domain::{Slug, StatementName};

/// Why a letter was not found.
#[derive(Debug, thiserror::Error)]
pub enum FindError {
    /// Neither a name nor another body's number contains it.
    #[error("no letter is called \"{part}\"{}", newest_text(.newest))]
    Unknown {
        /// What was asked for.
        part: String,
        /// The newest letters, to choose from.
        newest: Vec<String>,
    },
    /// It is a part of several.
    #[error("\"{part}\" is ambiguous: it could be {}", choice(.candidates))]
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

/// So many letters are named at most.
const NAMED: usize = 12;

fn newest_text(newest: &[String]) -> String {
    if newest.is_empty() { String::new() } else { format!("; the newest letters are {}", newest.join(", ")) }
}

fn choice(candidates: &[String]) -> String {
    let named: Vec<&str> = candidates.iter().take(NAMED).map(String::as_str).collect();
    match candidates.len().checked_sub(NAMED) {
        Some(more) if more > 0 => format!("{} or one of {more} more", named.join(", ")),
        Some(_) | None => named.join(", "),
    }
}

/// The letter meant by a number, a slug, a path, a part of either, or a peer's number of it or the beginning of one.
///
/// What is meant more exactly goes first: a whole name, the end of a number (`031`, `2026-031`), a peer's whole number, and
/// only then a part that stands anywhere.
///
/// # Errors
/// Returns [`FindError`] when nothing or several letters are meant.
pub fn find_letter(record: &Record<'_>, part: &str) -> Result<StatementName, FindError> {
    let part = part.trim().trim_end_matches('/').trim_end_matches(".yaml");
    let part = part.rsplit('/').next().unwrap_or(part);
    let parsed = StatementName::parse(part);
    if let Ok(name) = &parsed
        && record.names().any(|known| known == name)
    {
        return Ok(follow(record, name.clone())?);
    }
    let lower = part.to_lowercase();
    let mut found = Vec::new();
    if !lower.is_empty() {
        found = named(record, |name| name.ends_with(&format!("-{lower}")) || name == lower)?;
    }
    if !lower.is_empty() && found.is_empty() {
        // A whole number that is not here means no other one that it is a part of.
        let is_part = !matches!(parsed, Ok(StatementName::Numbered(_)));
        found = by_identifier(record, &lower, is_part)?;
    }
    match found.as_slice() {
        [name] => Ok(name.clone()),
        [] => Err(FindError::Unknown { part: part.to_owned(), newest: newest(record) }),
        several => Err(FindError::Ambiguous {
            part: part.to_owned(),
            candidates: several.iter().map(ToString::to_string).collect(),
        }),
    }
}

/// The letters with a name of some kind; a draft that was numbered is its number.
fn named(record: &Record<'_>, is_meant: impl Fn(&str) -> bool) -> Result<Vec<StatementName>, StoreError> {
    let mut found = Vec::new();
    for name in record.names().filter(|name| is_meant(&name.to_string())) {
        let name = follow(record, name.clone())?;
        if !found.contains(&name) {
            found.push(name);
        }
    }
    Ok(found)
}

fn follow(record: &Record<'_>, name: StatementName) -> Result<StatementName, StoreError> {
    let StatementName::Draft(slug) = &name else { return Ok(name) };
    Ok(record.stub(slug)?.map_or(name, |stub| StatementName::Numbered(stub.value.became)))
}

/// Letters that another body knows under a number; where there is none, those of which a name or a number has the part.
fn by_identifier(record: &Record<'_>, part: &str, is_part: bool) -> Result<Vec<StatementName>, StoreError> {
    let names: Vec<&StatementName> = record.names().collect();
    let read = |name: &&StatementName| Ok(((*name).clone(), identifiers(record, name, part)?));
    let known: Vec<(StatementName, Vec<String>)> = names.par_iter().map(read).collect::<Result<_, StoreError>>()?;
    let having = |is_meant: &dyn Fn(&str) -> bool| -> Vec<StatementName> {
        let meant = known.iter().filter(|(_, numbers)| numbers.iter().any(|number| is_meant(number)));
        meant.map(|(name, _)| name.clone()).collect()
    };
    let whole = having(&|number| number == part);
    if !whole.is_empty() || !is_part {
        return Ok(whole);
    }
    let mut found = named(record, |name| name.contains(part))?;
    for name in having(&|number| starts_a_word(number, part)) {
        if !found.contains(&name) {
            found.push(name);
        }
    }
    Ok(found)
}

/// Whether a part stands in a number and begins where the number or a group of its signs begins: `2611` in `S3-261111`.
fn starts_a_word(number: &str, part: &str) -> bool {
    number.match_indices(part).any(|(at, _)| !number[..at].ends_with(char::is_alphanumeric))
}

/// Other bodies' numbers of a letter in small letters, as far as they may have the part: those in its file, as corrected,
/// and those annotated.
fn identifiers(record: &Record<'_>, name: &StatementName, part: &str) -> Result<Vec<String>, StoreError> {
    if !record.may_say_more(name) && !mentions(record, name, part)? {
        return Ok(Vec::new());
    }
    let Some(letter) = record.letter(name)? else { return Ok(Vec::new()) };
    let values = letter.identifiers().into_iter().filter_map(|identifier| identifier.value);
    Ok(values.map(|value| value.as_str().to_lowercase()).collect())
}

/// Whether a letter's file may hold a number with the part; most do not, and need not be parsed.
fn mentions(record: &Record<'_>, name: &StatementName, part: &str) -> Result<bool, StoreError> {
    let Contents::Whole(bytes) = record.files().read_up_to(&name.path(), record.settings.limits.yaml)? else {
        return Ok(false);
    };
    let text = String::from_utf8_lossy(&bytes).to_lowercase();
    // An escape in a quoted number could hide the part.
    Ok(text.contains("identifiers") && (text.contains(part) || text.contains('\\')))
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
