//! Which letters link to a letter: from a cache in the clone, keyed by each file's size and time and by how often it was
//! corrected, that may be deleted at any time.

use std::collections::BTreeMap;
use std::path::Path;

use rayon::prelude::*;

use super::{Contents, Record, StoreError, keep};
use crate::domain::{Link, StatementName};
use crate::record::{Corpus, Letter};

/// What is known of each letter's file: its stamp, and the names it links to.
type Known = BTreeMap<String, (String, Vec<String>)>;

/// One entry of it.
type Row = (String, (String, Vec<String>));

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
        let names: Vec<&StatementName> = self.names().collect();
        let look = |other: &&StatementName| -> Result<Option<Row>, StoreError> {
            let Some(stamp) = self.stamp(other) else { return Ok(None) };
            let links = match known.get(&other.to_string()).filter(|(old, _)| *old == stamp) {
                Some((_, links)) => links.clone(),
                None => self.links_of(other)?,
            };
            Ok(Some((other.to_string(), (stamp, links))))
        };
        let looked: Vec<_> = names.par_iter().map(look).collect::<Result<_, _>>()?;
        let fresh: Known = looked.into_iter().flatten().collect();
        if let (Some(file), true) = (&file, fresh != known) {
            save(file, &fresh);
        }
        let pointing = fresh.iter().filter(|(_, (_, links))| links.iter().any(|link| wanted.contains(link)));
        let names = pointing.filter_map(|(other, _)| StatementName::parse(other).ok());
        let letters: Vec<Option<Letter>> = names.map(|other| self.letter(&other)).collect::<Result<_, _>>()?;
        Ok(letters.into_iter().flatten().collect())
    }

    fn links_of(&self, name: &StatementName) -> Result<Vec<String>, StoreError> {
        if self.corrections(name) == 0 && !self.mentions_links(name)? {
            return Ok(Vec::new());
        }
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

    /// Whether a letter's file holds a word for a link at all; most do not, and need not be parsed.
    fn mentions_links(&self, name: &StatementName) -> Result<bool, StoreError> {
        let Contents::Whole(bytes) = self.files().read_up_to(&name.path(), self.settings.limits.yaml)? else {
            return Ok(false);
        };
        // An escape in a quoted key could hide the word.
        Ok(std::str::from_utf8(&bytes)
            .is_ok_and(|text| ["in-response-to", "revises", "\\"].iter().any(|sign| text.contains(sign))))
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
    keep(file, &text);
}
