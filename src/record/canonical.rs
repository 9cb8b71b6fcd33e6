//! The canonical form of a draft: keys in the order of the format, one way to write each value, every comment kept.

use super::comments::{Comment, Side, comments};
use super::path::{Anchor, Path, anchors};
use super::tree::parse_tree;
use super::write::statement_yaml_with;
use super::{WriteError, parse_statement};
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
    let notes = comments(text, &letter.root);
    let needs_room = |note: &&Comment| matches!(note.side, Side::Above | Side::Beside) && !note.text.is_empty();
    let about: Vec<&Path> = notes.iter().filter(needs_room).map(|note| &note.about).collect();
    let plain = statement_yaml_with(&letter.value, &about)?;
    let woven = weave(&plain, &notes).ok_or(CanonicalError::Refused)?;
    let mut sink = Sink::new(file);
    let again = parse_statement(woven.as_bytes(), &mut sink).filter(|_| sink.findings.is_empty());
    let again = again.filter(|again| again.value == letter.value).ok_or(CanonicalError::Refused)?;
    let is_whole = texts(&comments(&woven, &again.root)) == texts(&notes);
    if is_whole { Ok(woven) } else { Err(CanonicalError::Refused) }
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
    let anchors = anchors(plain, &root);
    let lines: Vec<&str> = plain.lines().collect();
    let mut added = vec![Added::default(); lines.len()];
    let mut top: Vec<String> = Vec::new();
    for note in notes {
        let anchor = nearest(&anchors, &note.about)?;
        // Several things may begin on one line; a comment above it stands before the leftmost.
        let first = anchors.iter().find(|one| one.line == anchor.line).unwrap_or(anchor);
        let line = |text: &str, column: usize| {
            if text.is_empty() { String::new() } else { format!("{}{text}", " ".repeat(column - 1)) }
        };
        let at = added.get_mut(anchor.line - 1)?;
        match note.side {
            Side::Beside if at.beside.is_none() => at.beside = Some(note.text.clone()),
            Side::Beside | Side::Above => at.above.push(line(&note.text, first.column)),
            Side::Top => top.push(note.text.clone()),
            Side::Below => {
                let last = added.get_mut(anchor.last_line - 1)?;
                last.below.push((anchor.column, line(&note.text, anchor.column)));
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
    Some(woven.join("\n").trim_matches('\n').to_owned() + "\n")
}

/// Adds a comment, or a blank line where there is none yet.
fn push(note: String, lines: &mut Vec<String>) {
    if !(note.is_empty() && lines.last().is_some_and(String::is_empty)) {
        lines.push(note);
    }
}

/// What a path leads to; or what is nearest above it.
fn nearest<'a>(anchors: &'a [Anchor], path: &Path) -> Option<&'a Anchor> {
    let leads_on = |anchor: &&Anchor| path.starts_with(&anchor.path);
    anchors.iter().filter(leads_on).max_by_key(|anchor| anchor.path.len())
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
    fn what_cannot_be_read_is_told() {
        let Err(CanonicalError::Unreadable(found)) = canonical(b"titel: x\n", "x.yaml") else { panic!("it was read") };
        assert_eq!(found.len(), 1);
    }
}
