//! Which letters link to a letter: from a cache in the clone, keyed by each file's size and time, that may be deleted at any time.

use std::collections::BTreeMap;
use std::path::Path;

use super::{Record, StoreError};
use crate::domain::{Link, StatementName};
use crate::record::{Corpus, Letter};

/// What is known of one letter's file: its stamp, and the names it links to.
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
        let mut fresh = Known::new();
        for other in self.names() {
            let Some(stamp) = self.stamp(other) else { continue };
            let links = match known.get(&other.to_string()).filter(|(old, _)| *old == stamp) {
                Some((_, links)) => links.clone(),
                None => self.links_of(other)?,
            };
            fresh.insert(other.to_string(), (stamp, links));
        }
        if let (Some(file), true) = (&file, fresh != known) {
            save(file, &fresh);
        }
        let pointing = fresh.iter().filter(|(_, (_, links))| links.iter().any(|link| wanted.contains(link)));
        let names = pointing.filter_map(|(other, _)| StatementName::parse(other).ok());
        let letters: Vec<Option<Letter>> = names.map(|other| self.letter(&other)).collect::<Result<_, _>>()?;
        Ok(letters.into_iter().flatten().collect())
    }

    fn links_of(&self, name: &StatementName) -> Result<Vec<String>, StoreError> {
        let Some(letter) = self.letter(name)? else { return Ok(Vec::new()) };
        let content = &letter.statement.value.content;
        Ok(content
            .in_response_to
            .iter()
            .chain(&content.revises)
            .filter_map(Link::here)
            .map(ToString::to_string)
            .collect())
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
