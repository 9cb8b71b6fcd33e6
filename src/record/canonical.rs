//! The canonical form of a draft: keys in the order of the format, one way to write each value, every comment kept.

use std::collections::BTreeMap;

use super::comments::{Comment, Side, comments, count};
use super::path::{Anchor, Anchors, Path, Step};
use super::tree::parse_tree;
use super::write::statement_yaml_with;
use super::{WriteError, parse_statement};
use crate::domain::Statement;
use crate::findings::Finding;
use crate::shape::Sink;

/// Why a draft has no canonical form.
#[derive(Debug, thiserror::Error)]
pub enum CanonicalError {
    /// Something is wrong with its form.
    #[error("the draft cannot be read as it stands")]
    Unreadable(Vec<Finding>),
    /// The result would say something else, or lose a comment.
    #[error("the draft cannot be written anew without losing something")]
    Refused,
    /// The YAML library refuses a value.
    #[error(transparent)]
    Write(#[from] WriteError),
}

/// The canonical text of a draft: it means the same, has the same digest, and every comment is where it was about.
///
/// `file` names it in findings. Blank lines before keys of the letter itself stay, one for several; a key that says nothing goes.
///
/// # Errors
/// Returns [`CanonicalError`] when the draft has faults of form, or could not be written anew without loss.
pub fn canonical(bytes: &[u8], file: &str) -> Result<String, CanonicalError> {
    let mut sink = Sink::new(file);
    let letter = parse_statement(bytes, &mut sink).filter(|_| sink.findings.is_empty());
    let Some(letter) = letter else { return Err(CanonicalError::Unreadable(sink.findings)) };
    let text = std::str::from_utf8(bytes).map_err(|_| CanonicalError::Refused)?;
    if letter.value == Statement::default() {
        return Ok(text.to_owned());
    }
    let notes = comments(text, &letter.root);
    let needs_room = |note: &&Comment| matches!(note.side, Side::Above | Side::Beside) && !note.text.is_empty();
    let about: Vec<&Path> = notes.iter().filter(needs_room).map(|note| &note.about).collect();
    let plain = statement_yaml_with(&letter.value, &about)?;
    let woven = weave(&plain, &notes).ok_or(CanonicalError::Refused)?;
    let mut sink = Sink::new(file);
    let again = parse_statement(woven.as_bytes(), &mut sink).filter(|_| sink.findings.is_empty());
    let again = again.filter(|again| again.value == letter.value).ok_or(CanonicalError::Refused)?;
    let is_whole = count(text, &letter.root) == count(&woven, &again.root);
    let is_same = texts(&comments(&woven, &again.root)) == texts(&notes);
    if is_whole && is_same { Ok(woven) } else { Err(CanonicalError::Refused) }
}

/// What comments say, wherever they are.
fn texts(notes: &[Comment]) -> Vec<&str> {
    let mut texts: Vec<&str> = notes.iter().map(|note| note.text.as_str()).filter(|text| !text.is_empty()).collect();
    texts.sort_unstable();
    texts
}

/// What is added to one line.
#[derive(Default, Clone)]
struct Added {
    above: Vec<String>,
    beside: Option<String>,
    /// With the column of each.
    below: Vec<(usize, String)>,
}

/// Puts comments to what they are about.
fn weave(plain: &str, notes: &[Comment]) -> Option<String> {
    let mut sink = Sink::new("");
    let root = parse_tree(plain.as_bytes(), &mut sink)?;
    let anchors = Anchors::of(plain, &root);
    let by_path: BTreeMap<&[Step], &Anchor> = anchors.there.iter().map(|one| (one.path.as_slice(), one)).collect();
    let lines: Vec<&str> = plain.lines().collect();
    let mut added = vec![Added::default(); lines.len()];
    let (mut top, mut bottom) = (Vec::new(), Vec::new());
    for note in notes {
        match note.side {
            Side::Top => top.push(note.text.clone()),
            Side::Bottom => bottom.push(note.text.clone()),
            Side::Above | Side::Beside | Side::Below => {
                place(note, nearest(&by_path, &note.about)?, &anchors, &mut added)?;
            }
        }
    }
    let mut woven = Vec::new();
    top.into_iter().for_each(|note| push(note, &mut woven));
    for (line, mut added) in lines.into_iter().zip(added) {
        // What several values end with one line: what is about the innermost comes first.
        added.below.sort_by_key(|(column, _)| std::cmp::Reverse(*column));
        added.above.into_iter().for_each(|note| push(note, &mut woven));
        woven.push(added.beside.map_or_else(|| line.to_owned(), |note| format!("{line}  {note}")));
        added.below.into_iter().for_each(|(_, note)| push(note, &mut woven));
    }
    bottom.into_iter().for_each(|note| push(note, &mut woven));
    Some(woven.join("\n").trim_matches('\n').to_owned() + "\n")
}

/// Puts one comment to the lines of what it is about.
fn place(note: &Comment, anchor: &Anchor, anchors: &Anchors, added: &mut [Added]) -> Option<()> {
    let line = |column: usize| match note.text.as_str() {
        "" => String::new(),
        text => format!("{}{text}", " ".repeat(column - 1)),
    };
    if note.side == Side::Below {
        // What stands on a line behind something else has no indentation of its own.
        let anchor = anchors.up(anchor).find(|one| one.is_first)?;
        added.get_mut(anchor.last_line - 1)?.below.push((anchor.column, line(anchor.column)));
        return Some(());
    }
    // Several things may begin on one line; a comment above it stands before the leftmost.
    let at = added.get_mut(anchor.line - 1)?;
    if note.side == Side::Beside && at.beside.is_none() {
        at.beside = Some(note.text.clone());
    } else {
        at.above.push(line(anchors.leftmost(anchor).column));
    }
    Some(())
}

/// Adds a comment, or a blank line where there is none yet.
fn push(note: String, lines: &mut Vec<String>) {
    if !(note.is_empty() && lines.last().is_some_and(String::is_empty)) {
        lines.push(note);
    }
}

/// What a path leads to; or what is nearest above it.
fn nearest<'a>(by_path: &BTreeMap<&[Step], &'a Anchor>, path: &[Step]) -> Option<&'a Anchor> {
    (1..=path.len()).rev().find_map(|length| by_path.get(path.get(..length)?).copied())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(text: &str) -> String {
        let formed = canonical(text.as_bytes(), "x.yaml").unwrap_or_else(|error| panic!("{error:?}\n{text}"));
        assert_eq!(canonical(formed.as_bytes(), "x.yaml").unwrap(), formed, "once is enough");
        formed
    }

    #[test]
    fn keys_are_ordered_values_written_one_way_and_comments_stay_where_they_were_about() {
        let text = "# Ask Ada first\n\n\nto: {groups: [3gpp-sa3], send-to: 'a@x.example'} # their list\ntitle:   \"A title\"\n\
                    # whose letter\ndirection: outgoing\ndeadline: # not yet agreed\nfrom:\n    groups:\n    - tls # the chairs know\n    # and later:\n    - quic\n    # no contacts\n\
                    body: | # the text\n    Dear colleagues,  \n\n    # this is text\n    bye\n\n# the end\n";
        let formed = "# Ask Ada first\n\n# whose letter\ndirection: outgoing\ntitle: A title\n# deadline: not yet agreed\nfrom:\n  groups:\n  - tls  # the chairs know\n  # and later:\n  - quic\n  # no contacts\n\
                      to:  # their list\n  groups: [3gpp-sa3]\n  send-to: a@x.example\nbody: |  # the text\n  Dear colleagues,\n\n  # this is text\n  bye\n\n# the end\n";
        assert_eq!(form(text), formed);
    }

    #[test]
    fn no_comment_is_lost_wherever_it_stands() {
        let both = "# C1\ndirection: outgoing\ntitle: T\n";
        for (text, formed) in [
            ("--- # C1\ndirection: outgoing\ntitle: T\n", both),
            ("%YAML 1.2 # C1\n---\ntitle: T\n", "# C1\ntitle: T\n"),
            ("\u{feff}# C1\ntitle: T\n", "# C1\ntitle: T\n"),
            ("  direction: outgoing\n  title: T\n# C1\n", "direction: outgoing\ntitle: T\n# C1\n"),
            ("{ # C1\n title: T # C2\n}\n# C3\n", "# C1\ntitle: T  # C2\n# C3\n"),
            ("meeting: # C1\nrelease:\n# C2\n", "meeting: # C1\nrelease:\n# C2\n"),
            ("title: # C1\n  # C2\n  T # C3\n", "# C2\n# C3\ntitle: T  # C1\n"),
            (
                "to: {groups: [a]}\nrevises: # C1\n  # C2\n- ls-2026-001\n",
                "to:\n  groups: [a]\nrevises:  # C1\n# C2\n- ls-2026-001\n",
            ),
            ("title: T\ntags: [ # C1\n # C2\n ] # C3\n", "title: T\n# tags: C1\n# C2\n# tags: C3\n"),
            (
                "title: T\nrevises:\n- # C1\n- # C2\nmeeting: M\n",
                "title: T\n# revises: C1\n# revises: C2\nmeeting: M\n",
            ),
            (
                "questions:\n- 'y'\n-\t# C1\n  z\n- # C2\n\n  # C3\n  w\n",
                "questions:\n- \"y\"\n- z  # C1\n# C3\n- w  # C2\n",
            ),
            ("from:\n  groups: [\n   a,\n   b # C1\n  ] # C2\n", "from:\n  groups:  # C2\n  - a\n  - b  # C1\n"),
            (
                "from:\n  groups:\n    - tls\n       # C1\n    # C2\nto: {groups: [a]}\n",
                "from:\n  groups: [tls]\n  # C1\n  # C2\nto:\n  groups: [a]\n",
            ),
        ] {
            assert_eq!(form(text), formed, "{text}");
        }
    }

    #[test]
    fn many_comments_are_placed_in_little_time() {
        let text: String = (0..20_000).map(|number| format!("- a{number} # note {number}\n")).collect();
        let formed = form(&format!("questions:\n{text}"));
        assert_eq!(formed.matches("# note").count(), 20_000);
    }

    #[test]
    fn what_cannot_be_read_is_told() {
        let Err(CanonicalError::Unreadable(found)) = canonical(b"titel: x\n", "x.yaml") else { panic!("it was read") };
        assert_eq!(found.len(), 1);
    }
}
