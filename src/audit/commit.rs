//! The strict reading of a commit's bytes: what programs could read differently is malformed, never "unsigned".

use super::object::{Edges, ObjectId};

/// A commit whose header says one thing to every reader.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Header {
    /// The files.
    pub(super) tree: ObjectId,
    /// The commits before it.
    pub(super) parents: Vec<ObjectId>,
    /// Who wrote it: a claim.
    pub(super) author: Ident,
    /// Who committed it: a claim, too.
    pub(super) committer: Ident,
    /// The signature, if it bears one.
    pub(super) signature: Option<Signed>,
}

/// Somebody and a moment, as a commit claims them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Ident {
    /// The address.
    pub(super) address: String,
    /// Seconds since 1970.
    pub(super) at: i64,
}

/// A signature with the bytes it covers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Signed {
    /// The armoured block.
    pub(super) armour: String,
    /// The commit without its signature.
    pub(super) payload: Vec<u8>,
}

/// Why a commit could be read in several ways.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum CommitFault {
    /// A byte that no header holds.
    #[error("its header holds {0}")]
    Byte(&'static str),
    /// A header that must stand once.
    #[error("`{name}` stands {count} times in its header, expected once")]
    Count {
        /// The header.
        name: &'static str,
        /// How often it stands.
        count: usize,
    },
    /// Headers out of their order.
    #[error("its header has `{0}` out of its place")]
    Order(String),
    /// A value that is none.
    #[error("`{name}` in its header is \"{found}\"")]
    Value {
        /// The header.
        name: &'static str,
        /// What stands there.
        found: String,
    },
    /// A header that only looks like a signature.
    #[error("its header has `{0}`, which some programs take for a signature")]
    LooksSigned(String),
}

/// A header line with the lines that continue it.
struct Line<'b> {
    name: &'b [u8],
    value: Vec<u8>,
    /// Where it stands among the bytes.
    range: std::ops::Range<usize>,
}

/// Reads a commit.
///
/// # Errors
/// Returns [`CommitFault`] for whatever two programs could read differently.
pub(super) fn parse(bytes: &[u8]) -> Result<Header, CommitFault> {
    let end = header_end(bytes);
    let header = bytes.get(..end).unwrap_or_default();
    for (byte, name) in [(0, "a NUL"), (b'\r', "a CR")] {
        if header.contains(&byte) {
            return Err(CommitFault::Byte(name));
        }
    }
    let lines = lines(header);
    once(&lines)?;
    in_order(&lines)?;
    let value = |name: &'static str| lines.iter().find(|line| line.name == name.as_bytes());
    let id = |name: &'static str, line: &Line<'_>| {
        std::str::from_utf8(&line.value).ok().and_then(ObjectId::parse).ok_or_else(|| wrong(name, line))
    };
    let tree = value("tree").map(|line| id("tree", line)).transpose()?;
    let parents = lines.iter().filter(|line| line.name == b"parent").map(|line| id("parent", line));
    let ident = |name: &'static str| value(name).map(|line| ident(name, line)).transpose();
    let (author, committer) = (ident("author")?, ident("committer")?);
    let count = |name| CommitFault::Count { name, count: 0 };
    Ok(Header {
        tree: tree.ok_or_else(|| count("tree"))?,
        parents: parents.collect::<Result<_, _>>()?,
        author: author.ok_or_else(|| count("author"))?,
        committer: committer.ok_or_else(|| count("committer"))?,
        signature: value("gpgsig").map(|line| signed(bytes, &lines, line)),
    })
}

/// Tree and parents as git itself follows them, however malformed the rest is.
pub(super) fn edges(bytes: &[u8]) -> Edges {
    let lines = lines(bytes.get(..header_end(bytes)).unwrap_or_default());
    let ids = |name: &'static [u8]| {
        let named = lines.iter().filter(move |line| line.name == name);
        named.filter_map(|line| ObjectId::parse(std::str::from_utf8(line.value.get(..40)?).ok()?))
    };
    let at = parse(bytes).map_or(0, |header| header.committer.at);
    Edges { tree: ids(b"tree").next(), parents: ids(b"parent").collect(), at }
}

/// The first byte after the last header line.
fn header_end(bytes: &[u8]) -> usize {
    bytes.windows(2).position(|pair| pair == b"\n\n").map_or(bytes.len(), |at| at + 1)
}

fn lines(header: &[u8]) -> Vec<Line<'_>> {
    let mut lines: Vec<Line<'_>> = Vec::new();
    let mut at = 0;
    for text in header.split_inclusive(|byte| *byte == b'\n') {
        let range = at..at + text.len();
        at = range.end;
        let text = text.strip_suffix(b"\n").unwrap_or(text);
        if let (Some(rest), Some(last)) = (text.strip_prefix(b" "), lines.last_mut()) {
            last.value.push(b'\n');
            last.value.extend_from_slice(rest);
            last.range.end = range.end;
            continue;
        }
        let blank = text.iter().position(|byte| *byte == b' ').unwrap_or(text.len());
        let (name, value) = text.split_at(blank);
        lines.push(Line { name, value: value.strip_prefix(b" ").unwrap_or_default().to_vec(), range });
    }
    lines
}

/// Headers that stand exactly once, and those that stand at most once.
fn once(lines: &[Line<'_>]) -> Result<(), CommitFault> {
    let count = |name: &str| lines.iter().filter(|line| line.name == name.as_bytes()).count();
    for name in ["tree", "author", "committer"] {
        if count(name) != 1 {
            return Err(CommitFault::Count { name, count: count(name) });
        }
    }
    for name in ["gpgsig", "gpgsig-sha256", "encoding"] {
        if count(name) > 1 {
            return Err(CommitFault::Count { name, count: count(name) });
        }
    }
    let parents: Vec<&Line<'_>> = lines.iter().filter(|line| line.name == b"parent").collect();
    let is_again = |(at, parent): &(usize, &&Line<'_>)| parents.iter().take(*at).any(|one| one.value == parent.value);
    if let Some((_, again)) = parents.iter().enumerate().find(is_again) {
        return Err(CommitFault::Value { name: "parent", found: format!("{}, again", shown(&again.value)) });
    }
    // A program that knows only one of the two kinds takes a commit with the other for unsigned.
    if count("gpgsig-sha256") > 0 && count("gpgsig") == 0 {
        return Err(CommitFault::LooksSigned("gpgsig-sha256".to_owned()));
    }
    let known: [&[u8]; 2] = [b"gpgsig", b"gpgsig-sha256"];
    let looks = |line: &&Line<'_>| line.name.to_ascii_lowercase().starts_with(b"gpgsig") && !known.contains(&line.name);
    lines.iter().find(looks).map_or(Ok(()), |line| Err(CommitFault::LooksSigned(shown(line.name))))
}

/// Tree, parents, author, committer; then whatever else.
fn in_order(lines: &[Line<'_>]) -> Result<(), CommitFault> {
    let rank = |line: &Line<'_>| match line.name {
        b"tree" => 0,
        b"parent" => 1,
        b"author" => 2,
        b"committer" => 3,
        _ => 4,
    };
    let out = lines.windows(2).find_map(|pair| match pair {
        [one, other] if rank(one) > rank(other) => Some(shown(other.name)),
        _ => None,
    });
    out.map_or(Ok(()), |name| Err(CommitFault::Order(name)))
}

fn ident(name: &'static str, line: &Line<'_>) -> Result<Ident, CommitFault> {
    let text = String::from_utf8_lossy(&line.value);
    let read = || {
        let (before, zone) = text.rsplit_once(' ')?;
        let (who, at) = before.rsplit_once(' ')?;
        let (_, address) = who.strip_suffix('>')?.rsplit_once('<')?;
        let is_zone =
            zone.len() == 5 && zone.starts_with(['+', '-']) && zone.bytes().skip(1).all(|b| b.is_ascii_digit());
        let is_time = at.bytes().all(|b| b.is_ascii_digit()) && at.len() < 12;
        (is_zone && is_time).then_some(Ident { address: address.to_owned(), at: at.parse().ok()? })
    };
    read().ok_or_else(|| wrong(name, line))
}

/// The signature, and the bytes without any signature's lines.
fn signed(bytes: &[u8], lines: &[Line<'_>], signature: &Line<'_>) -> Signed {
    let mut payload = Vec::with_capacity(bytes.len());
    let mut from = 0;
    for line in lines.iter().filter(|line| line.name.starts_with(b"gpgsig")) {
        payload.extend_from_slice(bytes.get(from..line.range.start).unwrap_or_default());
        from = line.range.end;
    }
    payload.extend_from_slice(bytes.get(from..).unwrap_or_default());
    Signed { armour: String::from_utf8_lossy(&signature.value).into_owned(), payload }
}

fn wrong(name: &'static str, line: &Line<'_>) -> CommitFault {
    CommitFault::Value { name, found: shown(&line.value) }
}

fn shown(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).chars().take(80).collect::<String>().escape_debug().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TREE: &str = "tree 0011223344556677889900112233445566778899\n";
    const PARENT: &str = "parent 1111223344556677889900112233445566778899\n";
    const AUTHOR: &str = "author A <a@b.example> 1700000000 +0100\n";
    const COMMITTER: &str = "committer C <c@d.example> 1700000001 +0000\n";
    const SIGNATURE: &str = "gpgsig -----BEGIN X-----\n abc\n -----END X-----\n";

    fn read(header: &[&str]) -> Result<Header, CommitFault> {
        parse(format!("{}\nmessage\n", header.concat()).as_bytes())
    }

    #[test]
    fn a_commit_is_read_and_its_signature_covers_all_else() {
        let read = read(&[TREE, PARENT, AUTHOR, COMMITTER, SIGNATURE]).unwrap();
        let signature = read.signature.unwrap();
        assert_eq!(signature.armour, "-----BEGIN X-----\nabc\n-----END X-----");
        assert_eq!(signature.payload, [TREE, PARENT, AUTHOR, COMMITTER, "\nmessage\n"].concat().into_bytes());
        assert_eq!(
            (read.parents.len(), read.author.address.as_str(), read.committer.at),
            (1, "a@b.example", 1_700_000_001)
        );
    }

    #[test]
    fn what_two_programs_could_read_differently_is_malformed() {
        let count = |name, count| CommitFault::Count { name, count };
        for (header, fault) in [
            (&[TREE, TREE, AUTHOR, COMMITTER][..], count("tree", 2)),
            (&[AUTHOR, COMMITTER], count("tree", 0)),
            (&[TREE, AUTHOR, AUTHOR, COMMITTER], count("author", 2)),
            (&[TREE, AUTHOR, COMMITTER, SIGNATURE, SIGNATURE], count("gpgsig", 2)),
            (&[TREE, AUTHOR, COMMITTER, "gpgsig-x y\n"], CommitFault::LooksSigned("gpgsig-x".into())),
            (&[TREE, AUTHOR, PARENT, COMMITTER], CommitFault::Order("parent".into())),
            (&[TREE, "author A\r <a@b.example> 1700000000 +0100\n", COMMITTER], CommitFault::Byte("a CR")),
            (&[TREE, "author A\0 <a@b.example> 1700000000 +0100\n", COMMITTER], CommitFault::Byte("a NUL")),
            (&["tree 00\n", AUTHOR, COMMITTER], CommitFault::Value { name: "tree", found: "00".into() }),
        ] {
            assert_eq!(read(header).unwrap_err(), fault, "{header:?}");
        }
        assert!(matches!(read(&[TREE, "author A <a> x\n", COMMITTER]), Err(CommitFault::Value { .. })));
    }
}
