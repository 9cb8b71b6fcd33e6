//! Names of letters and of the record: a path is an identity.

use std::fmt;

use super::file::is_device;
use super::text::Malformed;

/// The number of a letter, such as `ls-2026-014`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StatementId {
    year: u16,
    serial: u32,
}

impl StatementId {
    /// Its form, as a regular expression.
    pub const PATTERN: &'static str = "^ls-[0-9]{4}-([0-9]{3}|[1-9][0-9]{3,8})$";

    /// The letter `serial` of `year`.
    pub fn new(year: u16, serial: u32) -> Self {
        Self { year, serial }
    }

    /// Parses an id such as `ls-2026-014`: a year of four digits, at least three digits of serial.
    ///
    /// # Errors
    /// Returns [`Malformed`] for any other shape.
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        let malformed = || Malformed::new(text, "a number such as `ls-2026-014`");
        let (year, serial) = text.strip_prefix("ls-").and_then(|rest| rest.split_once('-')).ok_or_else(malformed)?;
        let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
        let padded = serial.len() == 3 || (serial.len() > 3 && !serial.starts_with('0'));
        if year.len() != 4 || !digits(year) || !digits(serial) || !padded {
            return Err(malformed());
        }
        match (year.parse(), serial.parse()) {
            (Ok(year), Ok(serial)) if serial > 0 => Ok(Self { year, serial }),
            _ => Err(malformed()),
        }
    }

    /// The year it was numbered in.
    pub fn year(&self) -> u16 {
        self.year
    }

    /// Its place in the year, from 1.
    pub fn serial(&self) -> u32 {
        self.serial
    }
}

impl fmt::Display for StatementId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ls-{:04}-{:03}", self.year, self.serial)
    }
}

/// The name of a draft, for life: `[a-z0-9-]{3,60}`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Slug(String);

impl Slug {
    /// What it has to be.
    pub const EXPECTED: &'static str = "a draft's name of 3 to 60 characters a-z, 0-9 and hyphens, not like a number, not `directory`, `policy` or \
                                        `trust`, and none of Windows' devices (con, aux, nul …)";

    /// Checks a slug.
    ///
    /// # Errors
    /// Returns [`Malformed`] for another shape, for what looks like a number, for the words `directory`, `policy`, `trust`, and for
    /// the names that Windows keeps for devices: no file there can have them.
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        let shaped = (3..=60).contains(&text.len())
            && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        if !shaped || looks_numbered(text) || ["directory", "policy", "trust"].contains(&text) || is_device(text) {
            return Err(Malformed::new(text, Self::EXPECTED));
        }
        Ok(Self(text.to_owned()))
    }

    /// The slug as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// A slug made of a title: at most 50 characters, words kept whole unless the first is longer; nothing for a title
    /// without ASCII letters and digits.
    pub fn of_title(title: &str) -> Option<Self> {
        let mut slug = String::new();
        for word in title.to_lowercase().split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()) {
            if slug.is_empty() && word.len() >= 50 {
                slug.extend(word.chars().take(50));
                break;
            }
            if slug.len() + word.len() >= 50 {
                break;
            }
            if !slug.is_empty() {
                slug.push('-');
            }
            slug.push_str(word);
        }
        if slug.is_empty() {
            return None;
        }
        Self::parse(&slug).or_else(|_| Self::parse(&format!("letter-{slug}"))).ok()
    }

    /// The same slug with a number behind it, for a title that is taken.
    pub fn with_suffix(&self, number: usize) -> Self {
        let kept: String = self.0.chars().take(55).collect();
        Self(format!("{}-{number}", kept.trim_end_matches('-')))
    }
}

impl fmt::Display for Slug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn looks_numbered(text: &str) -> bool {
    ["ls-", "pr-"].iter().any(|prefix| {
        text.strip_prefix(prefix).is_some_and(|rest| {
            let mut bytes = rest.bytes();
            (0..4).all(|_| bytes.next().is_some_and(|b| b.is_ascii_digit())) && bytes.next() == Some(b'-')
        })
    })
}

/// Whether a text is the number of a posting rights action, such as `pr-2026-001`: they are numbered as letters are.
pub fn is_posting_rights_number(text: &str) -> bool {
    text.strip_prefix("pr-").is_some_and(|number| StatementId::parse(&format!("ls-{number}")).is_ok())
}

/// What a letter is called: its draft's name, or its number.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StatementName {
    /// Being prepared.
    Draft(Slug),
    /// Sent or received.
    Numbered(StatementId),
}

impl StatementName {
    /// The form of both, as a regular expression.
    pub const PATTERN: &'static str = "^(ls-[0-9]{4}-([0-9]{3}|[1-9][0-9]{3,8})|(?!(ls|pr)-[0-9]{4}-)(?!(directory|policy|trust|con|prn|aux|nul|com[1-9]|lpt[1-9])$)[a-z0-9-]{3,60})$";

    /// Reads a number or a slug.
    ///
    /// # Errors
    /// Returns [`Malformed`] for what is neither.
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        StatementId::parse(text).map(Self::Numbered).or_else(|_| Slug::parse(text).map(Self::Draft))
    }

    /// Whether it is the name of a draft.
    pub fn is_draft(&self) -> bool {
        matches!(self, Self::Draft(_))
    }

    /// The path of the letter below the record's root, without `.yaml`; also the path of its folder.
    pub fn stem(&self) -> String {
        match self {
            Self::Draft(slug) => format!("drafts/{slug}"),
            Self::Numbered(id) => format!("statements/{:04}/{id}", id.year()),
        }
    }

    /// The path of the letter below the record's root.
    pub fn path(&self) -> String {
        format!("{}.yaml", self.stem())
    }
}

impl fmt::Display for StatementName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Draft(slug) => slug.fmt(f),
            Self::Numbered(id) => id.fmt(f),
        }
    }
}

/// The record's identity: a random UUID that binds signatures to this record.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct RecordId(uuid::Uuid);

impl RecordId {
    /// Its form, as a regular expression.
    pub const PATTERN: &'static str = "^[0-9A-Fa-f]{8}-?([0-9A-Fa-f]{4}-?){3}[0-9A-Fa-f]{12}$";

    /// Reads a UUID.
    ///
    /// # Errors
    /// Returns [`Malformed`] for anything else.
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        uuid::Uuid::parse_str(text)
            .map(Self)
            .map_err(|_| Malformed::new(text, "a UUID such as `7c9e6679-7425-40de-944b-e07fc1f90ae7`"))
    }

    /// Whether it is the template's nil UUID, which `init` replaces.
    pub fn is_template(&self) -> bool {
        self.0.is_nil()
    }
}

impl fmt::Display for RecordId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.hyphenated())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_one_spelling() {
        for text in ["ls-2026-014", "ls-2026-1000"] {
            assert_eq!(StatementId::parse(text).unwrap().to_string(), text);
        }
        for refused in ["ls-2026-14", "ls-2026-0014", "ls-26-014", "ls-2026-000", "LS-2026-014", "ls-2026-01x"] {
            assert!(StatementId::parse(refused).is_err(), "{refused}");
        }
    }

    #[test]
    fn a_slug_never_looks_like_a_number() {
        assert!(Slug::parse("ech-5g-core").is_ok());
        for refused in ["ab", "Ech", "ls-2026-x", "pr-2026-001", "trust", "a b c"] {
            assert!(Slug::parse(refused).is_err(), "{refused}");
        }
        assert_eq!(Slug::of_title("Deployment of ECH in 5G!").unwrap().as_str(), "deployment-of-ech-in-5g");
        assert_eq!(Slug::of_title("5G").unwrap().as_str(), "letter-5g");
        assert_eq!(Slug::of_title(&"a".repeat(200)).unwrap().as_str(), "a".repeat(50));
        assert_eq!(Slug::of_title("日本語"), None);
    }
}
