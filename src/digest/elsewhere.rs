//! What is in a message and not in the letter's file, so that no content digest covers it (docs/digest.md, "Preview").

use super::hints::{changed_units, hint, pairs};

/// Something that the message takes from elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Elsewhere {
    /// Whose From the message bears.
    Sender,
    /// The domain of its Message-ID.
    Domain,
    /// The record's id, in `liaison.json`.
    Record,
    /// What the From groups are called.
    FromGroups,
    /// What the To groups are called.
    ToGroups,
    /// Titles and other bodies' numbers of the letters it links to.
    Links,
    /// The bytes of the attachments.
    Files,
}

impl Elsewhere {
    const ALL: [Self; 7] =
        [Self::Sender, Self::Domain, Self::Record, Self::FromGroups, Self::ToGroups, Self::Links, Self::Files];

    /// Its name among the hints; no field of a letter begins with `preview.`.
    fn unit(self) -> &'static str {
        match self {
            Self::Sender => "preview.mail-from",
            Self::Domain => "preview.mail-domain",
            Self::Record => "preview.record-id",
            Self::FromGroups => "preview.from-groups",
            Self::ToGroups => "preview.to-groups",
            Self::Links => "preview.links",
            Self::Files => "preview.files",
        }
    }

    /// What it is and where it stands.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sender => "`[mail] from` in liaison.toml",
            Self::Domain => "`[mail] domain` in liaison.toml",
            Self::Record => "`[record] id` in liaison.toml",
            Self::FromGroups => "the name of a From group in directory/",
            Self::ToGroups => "the name of a To group in directory/",
            Self::Links => "a letter that it links to",
            Self::Files => "the bytes of an attachment",
        }
    }
}

/// Whether a hint's name is of something from elsewhere, not of a field of the letter.
pub(super) fn is_elsewhere(unit: &str) -> bool {
    unit.starts_with("preview.")
}

/// The hints of what a message takes from elsewhere: `preview.mail-from=5f2c91ab …`.
pub fn elsewhere_hints(taken: &[(Elsewhere, String)]) -> String {
    taken.iter().map(|(what, text)| hint(what.unit(), text)).collect::<Vec<_>>().join(" ")
}

/// What differs from what was hinted at; nothing where there were no such hints.
pub fn changed_elsewhere(before: &str, now: &str) -> Option<Vec<Elsewhere>> {
    let before: Vec<(String, String)> = pairs(before).into_iter().filter(|(unit, _)| is_elsewhere(unit)).collect();
    if before.is_empty() {
        return None;
    }
    let changed = changed_units(&before, &pairs(now));
    Some(Elsewhere::ALL.into_iter().filter(|what| changed.iter().any(|unit| unit == what.unit())).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::digest::{changed_fields, hints};
    use crate::domain::Content;

    #[test]
    fn what_changed_elsewhere_has_a_name() {
        let of = |sender: &str, group: &str| {
            elsewhere_hints(&[(Elsewhere::Sender, sender.into()), (Elsewhere::FromGroups, group.into())])
        };
        let before = of("statements@ietf.example", "TLS");
        for (now, changed) in [
            (of("statements@ietf.example", "TLS"), vec![]),
            (of("other@ietf.example", "TLS"), vec![Elsewhere::Sender]),
            (of("other@ietf.example", "Security of Transport"), vec![Elsewhere::Sender, Elsewhere::FromGroups]),
            (elsewhere_hints(&[(Elsewhere::FromGroups, "TLS".into())]), vec![Elsewhere::Sender]),
        ] {
            assert_eq!(changed_elsewhere(&before, &now), Some(changed), "{now}");
        }
        assert_eq!(changed_elsewhere("title=d8a2c786", &before), None, "an approval without such hints");
    }

    #[test]
    fn hints_of_what_is_elsewhere_name_no_field() {
        let content = Content::default();
        let both = format!("{} {}", hints(&content), elsewhere_hints(&[(Elsewhere::Sender, "a@b.example".into())]));
        assert_eq!(changed_fields(&both, &content), Vec::<String>::new());
    }
}
