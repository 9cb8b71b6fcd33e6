//! What each key means, in the words that an editor shows beside it.

use std::collections::BTreeMap;
use std::sync::LazyLock;

/// Each mapping of the record as it is called in messages, and below it a line for each of its keys.
const TEXT: &str = include_str!("meaning.txt");

/// By mapping and key.
static MEANINGS: LazyLock<BTreeMap<(&str, &str), &str>> = LazyLock::new(|| {
    let mut mapping = "";
    let mut meanings = BTreeMap::new();
    for line in TEXT.lines() {
        match line.strip_prefix("  ").and_then(|line| line.split_once(": ")) {
            Some((key, meaning)) => _ = meanings.insert((mapping, key), meaning),
            None => mapping = line,
        }
    }
    meanings
});

/// What a key of a mapping means.
pub(super) fn meaning(mapping: &str, key: &str) -> Option<&'static str> {
    MEANINGS.get(&(mapping, key)).copied()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::shape::{Mapping, Shape};

    type Pairs = BTreeSet<(String, String)>;

    fn collect(shape: &Shape, pairs: &mut Pairs) {
        match shape {
            Shape::OneOrMore(item) | Shape::List(item) => collect(item, pairs),
            Shape::ByKey(one, other) | Shape::Either(one, other) => {
                collect(one, pairs);
                collect(other, pairs);
            }
            Shape::Mapping(mapping) => collect_keys(mapping, pairs),
            Shape::Scalar(_) | Shape::Choice(_) | Shape::Anything => {}
        }
    }

    fn collect_keys(mapping: &Mapping, pairs: &mut Pairs) {
        for (key, shape) in &mapping.keys {
            pairs.insert((mapping.what.to_owned(), key.clone()));
            collect(shape, pairs);
        }
    }

    #[test]
    fn every_key_that_is_read_has_a_meaning_and_no_other() {
        let mut read = Pairs::new();
        for shape in crate::record::letter_shapes() {
            collect(&shape, &mut read);
        }
        for (_, mapping) in crate::record::act_shapes() {
            collect_keys(&mapping, &mut read);
        }
        for shape in [
            crate::record::posting_rights_shape(),
            crate::directory::group_shape(),
            crate::directory::person_shape(),
            crate::directory::list_shape(),
            crate::directory::root_shape(),
            crate::config::config_shape(),
        ] {
            collect(&shape, &mut read);
        }
        let told: Pairs = MEANINGS.keys().map(|(what, key)| ((*what).to_owned(), (*key).to_owned())).collect();
        let missing: Vec<_> = read.difference(&told).collect();
        let superfluous: Vec<_> = told.difference(&read).collect();
        assert!(missing.is_empty() && superfluous.is_empty(), "missing {missing:#?}, superfluous {superfluous:#?}");
    }
}
