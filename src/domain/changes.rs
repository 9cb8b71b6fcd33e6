//! The files that an act `directory`, `policy` or `trust` changed, with their digests before and after (docs/digest.md,
//! "Act text").

use super::act::{Act, ActKind};
use super::detail::{Detail, Details};
use super::sha::Digest;
use super::text::Malformed;

/// One file that changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileChange {
    /// Its path below the record's root.
    pub path: String,
    /// The digest of its bytes before; nothing where there was no such file.
    pub before: Option<Digest>,
    /// The digest of its bytes after; nothing where there is no such file any more.
    pub after: Option<Digest>,
}

/// What a change must look like, for messages.
const EXPECTED: &str =
    "`{path, before, after}`, the last two `sha256:` and 64 digits; one of them only where no such file is";

impl FileChange {
    /// The change as an act's detail holds it.
    ///
    /// # Errors
    /// Returns [`Malformed`] for a path with control characters.
    pub fn detail(&self) -> Result<Detail, Malformed> {
        let mut map = Details::from([("path".to_owned(), Detail::text(&self.path)?)]);
        for (key, digest) in [("before", self.before), ("after", self.after)] {
            if let Some(digest) = digest {
                map.insert(key.to_owned(), Detail::text(&digest.to_string())?);
            }
        }
        Ok(Detail::Map(map))
    }

    fn parse(detail: &Detail) -> Result<Self, Malformed> {
        let Detail::Map(map) = detail else { return Err(Malformed::new(&shown(detail), EXPECTED)) };
        let text = |key: &str| map.get(key).and_then(Detail::as_text);
        let digest = |key: &str| text(key).map_or(Ok(None), |value| Digest::parse(&value));
        let change =
            Self { path: text("path").unwrap_or_default(), before: digest("before")?, after: digest("after")? };
        let is_known = map.keys().all(|key| ["path", "before", "after"].contains(&key.as_str()));
        let is_whole = !change.path.is_empty() && (change.before.is_some() || change.after.is_some());
        if is_known && is_whole { Ok(change) } else { Err(Malformed::new(&shown(detail), EXPECTED)) }
    }
}

/// A detail in a few words.
fn shown(detail: &Detail) -> String {
    match detail {
        Detail::Text(text) => text.as_str().to_owned(),
        Detail::List(_) => "a list".to_owned(),
        Detail::Map(map) => map.keys().cloned().collect::<Vec<_>>().join(", "),
    }
}

/// The files that an act changed, as its `changes` say.
///
/// # Errors
/// Returns [`Malformed`] when `changes` is no list of changes, or names a file that such an act does not change.
pub fn changes(act: &Act) -> Result<Vec<FileChange>, Malformed> {
    let Some(Detail::List(items)) = act.details.get("changes") else {
        return Err(Malformed::new("no list", EXPECTED));
    };
    let changes = items.iter().map(FileChange::parse).collect::<Result<Vec<_>, _>>()?;
    match changes.iter().find(|change| kind_of_change(&change.path) != Some(act.kind)) {
        Some(other) => Err(Malformed::new(&other.path, "a file that an act of this kind changes")),
        None => Ok(changes),
    }
}

/// The kind of act that a change of a file carries; nothing for files whose changes carry none.
pub fn kind_of_change(path: &str) -> Option<ActKind> {
    let is_root = path == "trust/root.toml" || (path.starts_with("trust/roots/") && path.ends_with(".toml"));
    match path {
        "liaison.toml" => Some(ActKind::Policy),
        _ if is_root => Some(ActKind::Trust),
        _ if path.starts_with("directory/") && path.ends_with(".toml") => Some(ActKind::Directory),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Instant, Word};

    fn act(kind: ActKind, items: Vec<Detail>) -> Act {
        let at = Instant::parse("2026-11-24T10:00:00Z").unwrap().unwrap();
        let mut act = Act::new(kind, Word::parse("ada-example").unwrap().unwrap(), at);
        act.details.insert("changes".into(), Detail::List(items));
        act
    }

    #[test]
    fn changes_are_read_back_as_they_were_written() {
        let change =
            FileChange { path: "directory/groups/tls.toml".into(), before: None, after: Some(Digest::of(b"after")) };
        let read = changes(&act(ActKind::Directory, vec![change.detail().unwrap()])).unwrap();
        assert_eq!(read, [change]);
    }

    #[test]
    fn what_is_no_change_is_refused() {
        let change = |path: &str, after: &str, more: &str| {
            let mut map = Details::from([("path".to_owned(), Detail::text(path).unwrap())]);
            for (key, value) in
                [("after", after), (more, "x")].into_iter().filter(|(key, value)| !key.is_empty() && !value.is_empty())
            {
                map.insert(key.to_owned(), Detail::text(value).unwrap());
            }
            Detail::Map(map)
        };
        let digest = Digest::of(b"after").to_string();
        for wrong in [
            change("directory/groups/tls.toml", "", ""),
            change("directory/groups/tls.toml", "sha256:12", ""),
            change("directory/groups/tls.toml", &digest, "mode"),
            change("liaison.toml", &digest, ""),
            change("drafts/x.yaml", &digest, ""),
            Detail::text("directory/groups/tls.toml").unwrap(),
        ] {
            assert!(changes(&act(ActKind::Directory, vec![wrong.clone()])).is_err(), "{wrong:?}");
        }
    }
}
