//! What the act `annotate` adds to a letter that is frozen: numbers of other bodies, and words to find it by.

use super::letter::Letter;
use crate::domain::{Act, ActKind, Detail, Identifier, Line, Word};

impl Letter {
    /// Every body's number of the letter: those in the letter that counts, then those annotated since.
    pub fn identifiers(&self) -> Vec<Identifier> {
        let annotated = self.acts_of(ActKind::Annotate).flat_map(|act| annotated_identifiers(&act.value));
        once(self.statement.value.identifiers.iter().cloned().chain(annotated))
    }

    /// The words to find it by: those in the letter that counts, then those annotated since.
    pub fn tags(&self) -> Vec<Word> {
        let annotated = self.acts_of(ActKind::Annotate).flat_map(|act| annotated_tags(&act.value));
        once(self.statement.value.tags.iter().cloned().chain(annotated))
    }
}

/// Each of some values once, in the order in which they come first.
fn once<T: PartialEq>(values: impl Iterator<Item = T>) -> Vec<T> {
    let mut all = Vec::new();
    for value in values {
        if !all.contains(&value) {
            all.push(value);
        }
    }
    all
}

/// The numbers that an act adds.
pub fn annotated_identifiers(act: &Act) -> Vec<Identifier> {
    let Some(Detail::List(items)) = act.details.get("identifiers") else { return Vec::new() };
    let identifier = |item: &Detail| {
        let Detail::Map(map) = item else { return None };
        let line = |key: &str| Line::parse(&map.get(key)?.as_text()?).ok().flatten();
        let value = line("value")?;
        Some(Identifier { body: line("body"), value: Some(value) })
    };
    items.iter().filter_map(identifier).collect()
}

/// The words that an act adds.
pub fn annotated_tags(act: &Act) -> Vec<Word> {
    act.detail_list("tags").iter().filter_map(|tag| Word::parse(tag).ok().flatten()).collect()
}
