//! Groups and people that a command names: those of the directory, or what to type instead.

use chrono::NaiveDate;

use crate::cli::answers::read;
use crate::cli::exit::{refuse, usage};
use crate::directory::Group;
use crate::domain::Word;
use crate::domain::file::is_device;
use crate::store::Record;

use super::contacts::known_groups;

/// A group of the directory on a day, by its file's name.
pub(crate) fn known_group<'r>(
    record: &'r Record<'_>,
    acronym: &str,
    day: NaiveDate,
) -> anyhow::Result<(&'r str, &'r Group)> {
    if let Some(found) = record.directory.group(acronym, day) {
        return Ok(found);
    }
    unread(record, &format!("directory/groups/{acronym}.toml"))?;
    Err(usage(format!("`{acronym}` is no group of the directory"), known_groups(record, acronym)))
}

/// The handle of a person of the directory.
pub(crate) fn known_person(record: &Record<'_>, handle: &str) -> anyhow::Result<()> {
    let people = &record.directory.people;
    if people.contains_key(handle) {
        return Ok(());
    }
    unread(record, &format!("directory/people/{handle}.toml"))?;
    let start: String = handle.chars().take(3).collect();
    let near: Vec<&str> = people.keys().filter(|known| known.contains(&start)).map(String::as_str).take(8).collect();
    let help = match near.as_slice() {
        [] => format!("liaison person add {handle} --name … --address …"),
        near => format!("did you mean {}? `liaison person add` adds one", near.join(", ")),
    };
    Err(usage(format!("`{handle}` is no person of the directory"), help))
}

/// A file that is there and was not read has faults, and those are the answer.
fn unread(record: &Record<'_>, path: &str) -> anyhow::Result<()> {
    if record.findings.iter().any(|finding| finding.place.file == path) {
        return Err(refuse(format!("{path} cannot be read"), "liaison check tells why"));
    }
    Ok(())
}

/// A word that becomes a file's name.
pub(crate) fn name(flag: &str, text: &str) -> anyhow::Result<String> {
    let word = read(flag, text, Word::parse)?;
    if is_device(word.as_str()) {
        return Err(usage(
            format!("{flag}: no file can be called `{word}` on Windows, where it means a device"),
            format!("choose another name, such as `{word}-1`"),
        ));
    }
    Ok(word.as_str().to_owned())
}
