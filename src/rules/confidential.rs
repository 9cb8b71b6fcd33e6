//! A rule about letters that are marked as not for the public: everything in a record is public.

use super::Case;
use crate::findings::{Code, Finding};

/// What markings say.
const MARKINGS: [&str; 14] = [
    "confidential",
    "confidentiel",
    "confidencial",
    "vertraulich",
    "not for public",
    "not for publication",
    "members only",
    "members-only",
    "member-only",
    "do not distribute",
    "do not forward",
    "not for distribution",
    "for internal use",
    "restricted distribution",
];

/// Longest line that still is a marking, in words.
const WORDS: usize = 12;

/// Reports a line of the body that marks the letter as confidential (LS-64).
pub(super) fn confidentiality_marked(case: &Case<'_>) -> Vec<Finding> {
    let Some(marking) = marking(&case.content().body.lines().collect::<Vec<_>>()) else { return Vec::new() };
    let message = format!(
        "the body bears the marking {}, and everything in a record is public",
        crate::domain::text::quote(marking)
    );
    let finding = case.finding(Code::ConfidentialityMarked, message).at(case.letter.statement.place("body"));
    vec![finding.help("ask the sender whether it may be published, before it is; drafts that must stay private lie in the [private] folder")]
}

/// The first line that is a marking: a short line that stands alone, is written in capitals or behind a label.
fn marking<'t>(lines: &[&'t str]) -> Option<&'t str> {
    let is_blank =
        |index: Option<usize>| index.and_then(|index| lines.get(index)).is_none_or(|line| line.trim().is_empty());
    let alone = |index: usize| is_blank(index.checked_sub(1)) && is_blank(Some(index + 1));
    let marked = lines.iter().enumerate().find(|(index, line)| {
        if line.is_empty() || line.split_whitespace().nth(WORDS).is_some() {
            return false;
        }
        let folded = line.to_lowercase();
        ((alone(*index) && is_framed(&folded)) || is_shouted(line) || is_labelled(&folded))
            && MARKINGS.iter().any(|marking| has_words(&folded, marking))
    });
    marked.map(|(_, line)| line.trim())
}

/// Whether a text holds a phrase that does not begin or end inside a word.
fn has_words(text: &str, phrase: &str) -> bool {
    text.match_indices(phrase).any(|(at, _)| {
        let before = text.get(..at).and_then(|text| text.chars().next_back());
        let after = text.get(at + phrase.len()..).and_then(|text| text.chars().next());
        ![before, after].into_iter().flatten().any(char::is_alphanumeric)
    })
}

/// Whether a line is nothing but a marking, or says of "this letter" what it is, and asks nothing.
fn is_framed(line: &str) -> bool {
    let bare = line.trim_matches(|c: char| !c.is_alphanumeric());
    let is_short = line.split_whitespace().count() <= 4;
    let begins = bare.starts_with("this ") || MARKINGS.iter().any(|marking| bare.starts_with(marking));
    !line.trim_end().ends_with('?') && (is_short || begins)
}

fn is_shouted(line: &str) -> bool {
    line.chars().any(char::is_uppercase) && !line.chars().any(char::is_lowercase)
}

/// `Status: confidential`, `Distribution: members only`, `Confidential: …`
fn is_labelled(line: &str) -> bool {
    let labels =
        ["classification", "confidential", "confidentiality", "distribution", "security", "sensitivity", "status"];
    line.split_once(':').is_some_and(|(label, _)| labels.contains(&label.trim()))
}

#[cfg(test)]
mod tests {
    use super::marking;

    #[test]
    fn a_marking_is_a_line_of_its_own_and_no_talk_of_secrets() {
        let marked = |text: &str| {
            let lines: Vec<&str> = text.lines().collect();
            marking(&lines).map(str::to_owned)
        };
        for text in [
            "*** CONFIDENTIAL ***\nDear colleagues,",
            "Dear colleagues,\n\nThis letter is for members only.\n\nRegards",
            "Status: confidential\nDate: today",
            "[Do not distribute outside the group]",
            "Dear colleagues,\n\nstreng vertraulich",
        ] {
            assert!(marked(text).is_some(), "{text}");
        }
        for text in [
            "We ask about confidential computing.",
            "Please tell us how ECH keeps the name of the server confidential.",
            "Is it confidential?",
            "Our members only met in\nspring, and could not decide.",
            "The names are kept confidential by\nthe client.\nIt works.",
            "the members of the group are confidentially yours",
        ] {
            assert_eq!(marked(text), None, "{text}");
        }
    }
}
