//! Which letters link to a letter: from a cache in the clone, keyed by each file's size and time, that may be deleted at any time.

use std::collections::BTreeMap;
use std::path::Path;

use rayon::prelude::*;

use super::{Record, StoreError};
use crate::domain::{Link, StatementName};
use crate::record::{Corpus, Letter, parse_statement};
use crate::shape::Sink;

/// A letter's name, with the stamp of its file and the names it links to.
type Row = (String, (String, Vec<String>));

/// What is known of the letters' files, by name.
type Known = BTreeMap<String, (String, Vec<String>)>;

impl Record<'_> {
    /// The letters that link to a letter, by its number or by the name of the draft it was.
    ///
    /// # Errors
    /// Returns [`StoreError`] when a file cannot be read.
    pub fn referrers(
        &self,
        name: &StatementName,
        corpus: &Corpus,
        cache: Option<&Path>,
    ) -> Result<Vec<Letter>, StoreError> {
        let mut wanted = vec![name.to_string()];
        wanted.extend(corpus.letters.get(name).and_then(|letter| letter.draft.as_ref()).map(ToString::to_string));
        let file = cache.map(|folder| folder.join("links"));
        let known = file
            .as_deref()
            .and_then(|file| std::fs::read_to_string(file).ok())
            .map(|text| parse(&text))
            .unwrap_or_default();
        let others: Vec<&StatementName> = self.names().collect();
        let read = |other: &&StatementName| -> Result<Option<Row>, StoreError> {
            let Some(stamp) = self.stamp(other) else { return Ok(None) };
            let links = match known.get(&other.to_string()).filter(|(old, _)| *old == stamp) {
                Some((_, links)) => links.clone(),
                None => self.links_of(other)?,
            };
            Ok(Some((other.to_string(), (stamp, links))))
        };
        let read: Vec<_> = others.par_iter().map(read).collect::<Result<_, _>>()?;
        let fresh: Known = read.into_iter().flatten().collect();
        if let (Some(file), true) = (&file, fresh != known) {
            save(file, &fresh);
        }
        let pointing = fresh.iter().filter(|(_, (_, links))| links.iter().any(|link| wanted.contains(link)));
        let names = pointing.filter_map(|(other, _)| StatementName::parse(other).ok());
        let letters: Vec<Option<Letter>> = names.map(|other| self.letter(&other)).collect::<Result<_, _>>()?;
        Ok(letters.into_iter().flatten().collect())
    }

    /// The names a letter's file links to; a file without a key of links is not parsed.
    fn links_of(&self, name: &StatementName) -> Result<Vec<String>, StoreError> {
        let path = name.path();
        let bytes = self.files().read(&path)?.unwrap_or_default();
        let text = String::from_utf8_lossy(&bytes);
        if !text.contains("in-response-to") && !text.contains("revises") {
            return Ok(Vec::new());
        }
        let Some(statement) = parse_statement(&bytes, &mut Sink::new(&path)) else { return Ok(Vec::new()) };
        let content = &statement.value.content;
        let links = content.in_response_to.iter().chain(&content.revises);
        Ok(links.filter_map(Link::here).map(ToString::to_string).collect())
    }
}

/// One line a letter: name, stamp, links, separated by tabs and blanks.
fn parse(text: &str) -> Known {
    let line = |line: &str| {
        let mut parts = line.split('\t');
        let (name, stamp, links) = (parts.next()?, parts.next()?, parts.next()?);
        Some((name.to_owned(), (stamp.to_owned(), links.split_whitespace().map(str::to_owned).collect())))
    };
    text.lines().filter_map(line).collect()
}

/// Saves the cache; a cache that cannot be saved is none.
fn save(file: &Path, known: &Known) {
    let text: String =
        known.iter().map(|(name, (stamp, links))| format!("{name}\t{stamp}\t{}\n", links.join(" "))).collect();
    let Some(folder) = file.parent() else { return };
    if std::fs::create_dir_all(folder).is_err() {
        return;
    }
    if let Ok(beside) = tempfile::NamedTempFile::new_in(folder)
        && std::fs::write(beside.path(), text).is_ok()
    {
        let _ = beside.persist(file);
    }
}
