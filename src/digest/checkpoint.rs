//! `liaison-checkpoint-v1`: what a history was at a moment, to be published where it cannot be rewritten with it.

use crate::domain::text::quote;
use crate::domain::{Instant, Malformed, RecordId, Word};

/// The first line.
const FIRST: &str = "liaison-checkpoint-v1";

/// A statement about the mainline at a moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// The record.
    pub record: RecordId,
    /// The branch that counts.
    pub branch: String,
    /// Its newest commit, 40 hex digits.
    pub tip: String,
    /// How many commits can be reached from it, itself included.
    pub commits: u64,
    /// Who says so: a handle of the directory.
    pub by: Word,
    /// When.
    pub at: Instant,
}

/// What binds a signature to checkpoints of one record.
pub fn checkpoint_namespace(record: &RecordId) -> String {
    format!("liaison-checkpoint@{record}")
}

impl Checkpoint {
    /// The text that is signed: a line for each value, in this order, the last one ended as well.
    pub fn text(&self) -> String {
        format!(
            "{FIRST}\nrecord: {}\nbranch: {}\ntip: {}\ncommits: {}\nby: {}\nat: {}\n",
            self.record, self.branch, self.tip, self.commits, self.by, self.at
        )
    }

    /// Reads the text back; whatever is not exactly such a text is refused.
    ///
    /// # Errors
    /// Returns [`Malformed`] with the line that is not as expected.
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        let mut lines = text.split_terminator('\n');
        if lines.next() != Some(FIRST) {
            return Err(Malformed::new(
                text.lines().next().unwrap_or_default(),
                "a text that begins `liaison-checkpoint-v1`",
            ));
        }
        let mut value = |key: &'static str| {
            let line = lines.next().unwrap_or_default();
            let value = line.strip_prefix(key).and_then(|rest| rest.strip_prefix(": "));
            value.map(str::to_owned).ok_or_else(|| Malformed { found: quote(line), expected: key })
        };
        let record = RecordId::parse(&value("record")?)?;
        let (branch, tip, commits) = (value("branch")?, value("tip")?, value("commits")?);
        let by = value("by")?;
        let at = value("at")?;
        let is_hex = tip.len() == 40 && tip.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
        if !is_hex {
            return Err(Malformed::new(&tip, "a full commit id of 40 hex digits"));
        }
        let read = Self {
            record,
            branch,
            tip,
            commits: commits.parse().map_err(|_| Malformed::new(&commits, "a number of commits"))?,
            by: Word::parse(&by)?.ok_or_else(|| Malformed::new(&by, "a handle"))?,
            at: Instant::parse(&at)?.ok_or_else(|| Malformed::new(&at, "a moment"))?,
        };
        if read.text() == text {
            Ok(read)
        } else {
            Err(Malformed::new(text, "a checkpoint as `liaison checkpoint` writes it"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_read_back_and_no_neighbour_of_it() {
        let checkpoint = Checkpoint {
            record: RecordId::parse("7c9e6679-7425-40de-944b-e07fc1f90ae7").unwrap(),
            branch: "main".into(),
            tip: "ab".repeat(20),
            commits: 120,
            by: Word::parse("rob-registrar").unwrap().unwrap(),
            at: Instant::parse("2026-11-24T10:00:00Z").unwrap().unwrap(),
        };
        let text = checkpoint.text();
        assert_eq!(Checkpoint::parse(&text), Ok(checkpoint));
        for other in [
            text.replace("abab", "ABAB"),
            text.replace("commits: 120", "commits: 0120"),
            text.replace("branch: main\n", ""),
            text.trim_end().to_owned(),
            format!("{text}more: x\n"),
        ] {
            assert!(Checkpoint::parse(&other).is_err(), "{other}");
        }
    }
}
