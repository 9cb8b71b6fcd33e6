//! Rules about the two sides of a letter: its direction, its From and its To groups (rfc4053bis, section "Contact
//! Information").

use std::sync::Arc;

use super::Case;
use super::places::{groups_at, is_ours_to_send, is_silent, mend};
use super::spelling::is_slip_in_a_word;
use crate::directory::Group;
use crate::domain::Direction;
use crate::findings::{Code, Finding, Place, Stage};
use crate::shape::Located;

/// Reports a draft that says it came from another body: it would be judged and approved as nobody's.
pub(super) fn draft_incoming(case: &Case<'_>) -> Vec<Finding> {
    if case.stage() != Stage::Draft || case.content().direction != Some(Direction::Incoming) {
        return Vec::new();
    }
    let finding = case.finding(Code::DraftIncoming, "the draft has the direction `incoming`, a draft is `outgoing`");
    let finding = finding.at(case.letter.statement.place("direction"));
    vec![finding.help("`liaison receive` records a letter of another body; ours is `direction: outgoing`")]
}

/// Reports a letter that does not say whether it goes out or came in.
pub(super) fn direction_missing(case: &Case<'_>) -> Vec<Finding> {
    if !is_silent(case, "direction") {
        return Vec::new();
    }
    let groups = case.from_groups();
    let likely = match (groups.is_empty(), groups.iter().any(|group| case.is_ours(group))) {
        (true, _) => "`direction: outgoing` or `direction: incoming`",
        (false, true) => "`direction: outgoing`",
        (false, false) => "`direction: incoming`",
    };
    let finding = case.finding(Code::DirectionMissing, "the letter does not say whether it goes out or came in");
    vec![finding.at(case.letter.statement.place("direction")).help(mend(case, format!("add {likely}")))]
}

/// Reports a letter without a From group (LS-23).
pub(super) fn from_missing(case: &Case<'_>) -> Vec<Finding> {
    side_missing(case, Code::FromMissing, "from", "the letter does not name the body it comes from")
}

/// Reports a letter without a To group (LS-35).
pub(super) fn to_missing(case: &Case<'_>) -> Vec<Finding> {
    side_missing(case, Code::ToMissing, "to", "the letter does not name the body it goes to")
}

fn side_missing(case: &Case<'_>, code: Code, side: &str, message: &str) -> Vec<Finding> {
    let path = format!("{side}.groups");
    if !is_silent(case, &path) {
        return Vec::new();
    }
    let add = format!("add `groups` below `{side}`, acronyms of the directory or the name of another body");
    vec![case.finding(code, message).at(case.letter.statement.place(&path)).help(mend(case, add))]
}

/// Reports an outgoing letter that comes from none of our groups.
pub(super) fn from_not_ours(case: &Case<'_>) -> Vec<Finding> {
    let groups = case.from_groups();
    let ours = &case.settings.organization;
    let has_us = case.directory.group(ours, case.day()).is_some();
    if !case.content().is_outgoing() || !has_us || groups.is_empty() || groups.iter().any(|group| case.is_ours(group)) {
        return Vec::new();
    }
    let message = format!("the letter is outgoing, and {} is no group of `{ours}`", quoted(&groups));
    let finding = case
        .finding(Code::FromNotOurs, message)
        .at(case.letter.statement.place("from.groups"))
        .with(case.letter.statement.place("direction"), "outgoing by this");
    vec![finding.help(mend(case, "name our group below `from`, or write `direction: incoming`"))]
}

/// Reports a received letter that comes from one of our own groups.
pub(super) fn from_ours(case: &Case<'_>) -> Vec<Finding> {
    if case.content().direction != Some(Direction::Incoming) {
        return Vec::new();
    }
    let ours = groups_at(case, "from.groups").into_iter().find(|(group, _)| case.is_ours(group.as_str()));
    let report = |(group, place): (crate::domain::Line, Place)| {
        let message =
            format!("the letter is incoming, but `{group}` is one of our groups (`{}`)", case.settings.organization);
        let finding = case.finding(Code::FromOurs, message).at(place);
        let finding = finding.with(case.letter.statement.place("direction"), "incoming by this");
        finding.help(mend(case, "write `direction: outgoing` if we sent it, or the body that sent it to us"))
    };
    ours.into_iter().map(report).collect()
}

/// Reports an outgoing letter to one of our own groups.
pub(super) fn to_ours(case: &Case<'_>) -> Vec<Finding> {
    if !is_ours_to_send(case) {
        return Vec::new();
    }
    let ours = groups_at(case, "to.groups").into_iter().filter(|(group, _)| case.is_ours(group.as_str()));
    ours.map(|(group, place)| {
        let message =
            format!("`{group}` is one of our groups (`{}`); a letter goes to another body", case.settings.organization);
        case.finding(Code::ToOurs, message).at(place).help(mend(case, "remove it; a mail to its list is enough"))
    })
    .collect()
}

/// Reports groups that the directory does not know; they are allowed, as text (LS-09, LS-10).
pub(super) fn body_unknown(case: &Case<'_>) -> Vec<Finding> {
    let unknown = both_sides(case).filter(|(group, _)| case.directory.group(group, case.day()).is_none());
    unknown
        .map(|(group, place)| {
            let near = near_acronym(case, &group);
            let help = match &near {
                Some(acronym) => mend(case, format!("did you mean `{acronym}`?")),
                None => {
                    "nothing to do for a body we seldom write to; else `liaison group add` keeps its addresses".into()
                }
            };
            case.finding(Code::BodyUnknown, format!("the directory does not know `{group}`")).at(place).help(help)
        })
        .collect()
}

/// The acronym that a text probably means: another case, the group's name, or a slip of the finger.
fn near_acronym(case: &Case<'_>, text: &str) -> Option<String> {
    let folded = text.to_lowercase().replace(['_', ' '], "-");
    let day = case.day();
    let mut known = case.directory.groups.iter();
    let means = |(name, group): &(&String, &Arc<Located<Group>>)| {
        let group = &group.value;
        **name == folded
            || group.acronym.on(day).is_some_and(|acronym| *acronym == folded)
            || group.name.on(day).is_some_and(|own| own.eq_ignore_ascii_case(text))
            || is_slip_in_a_word(name, &folded)
    };
    known.find(means).map(|(name, group)| group.value.acronym.on(day).unwrap_or(name).clone())
}

/// Reports groups that were closed on the day of the letter.
pub(super) fn group_closed(case: &Case<'_>) -> Vec<Finding> {
    let day = case.day();
    both_sides(case)
        .filter_map(|(group, place)| {
            let (name, known) = case.directory.group(&group, day)?;
            let closed = known.state.all().iter().rev().find(|(_, term)| term.holds_on(day));
            let (_, term) = closed.filter(|(state, _)| state == "closed")?;
            let since = term.since.map_or_else(|| "is closed".to_owned(), |since| format!("is closed since {since}"));
            let when = if case.letter.name.is_draft() { "today is" } else { "the letter is of" };
            let finding = case
                .finding(Code::GroupClosed, format!("`{group}` {since}, {when} {day}"))
                .at(place)
                .with(case.directory.groups.get(name)?.place("state"), "its state");
            Some(finding.help(mend(case, "name the group that took over its work, or the one above it")))
        })
        .collect()
}

/// The groups of both sides with their places.
fn both_sides(case: &Case<'_>) -> impl Iterator<Item = (String, Place)> {
    let sides = ["from.groups", "to.groups"].map(|path| groups_at(case, path));
    sides.into_iter().flatten().map(|(group, place)| (group.to_string(), place))
}

/// Groups as one text.
pub(super) fn quoted(groups: &[impl AsRef<str>]) -> String {
    groups.iter().map(|group| format!("`{}`", group.as_ref())).collect::<Vec<_>>().join(" and ")
}

#[cfg(test)]
mod tests {
    use super::super::examples::{findings, fires};

    #[test]
    fn what_is_malformed_is_not_missing() {
        let letter = "direction: sideways\ntitle: \"a\\tb\"\nfrom: {groups: [\"a\\tb\"], contacts: [nobody], send-reply-to: \
                      nobody}\nto: {groups: [\"a\\tb\"], contacts: [nobody]}\npurpose: In Response\nin-response-to: [X]\n";
        let missing: Vec<String> = findings(&[("drafts/sloppy.yaml", letter)])
            .iter()
            .map(|finding| finding.code.to_string())
            .filter(|code| {
                ["direction", "title", "from", "to", "send-reply-to", "purpose"].iter().any(|key| code.starts_with(key))
            })
            .filter(|code| code.ends_with("-missing") || code.ends_with("-without-link"))
            .collect();
        assert_eq!(missing, Vec::<String>::new());
    }

    #[test]
    fn places_count_items_that_are_empty_or_malformed() {
        let letter = "direction: outgoing\nfrom: {groups: [tls]}\nto:\n  groups:\n  - ''\n  - 3gpp-sa3\n  - quic\n";
        let found = findings(&[("drafts/ech-in-5g.yaml", letter)]);
        let ours = found.iter().find(|finding| finding.code == super::Code::ToOurs).unwrap();
        assert_eq!(ours.place.to_string(), "drafts/ech-in-5g.yaml:7:5");
    }

    #[test]
    fn a_known_body_is_guessed_from_its_name_or_a_slip() {
        for (written, meant) in [
            ("TLS", "`tls`"),
            ("World Wide Web Consortium", "`w3c`"),
            ("itut-sg15", "`itu-t-sg15`"),
            ("samlpex", "`samplex`"),
        ] {
            let letter = format!("direction: outgoing\nto: {{groups: [{written}]}}\n");
            let found = findings(&[("drafts/ech-in-5g.yaml", &letter)]);
            let unknown = found.iter().find(|finding| finding.code == super::Code::BodyUnknown).unwrap();
            assert!(unknown.help.as_ref().is_some_and(|help| help.contains(meant)), "{written}: {unknown:?}");
        }
        assert!(!fires("body-unknown", &[("drafts/ech-in-5g.yaml", "to: {groups: [w3c]}\n")]));
    }

    #[test]
    fn a_letter_that_we_send_with_another_body_is_still_ours() {
        let letter = "direction: outgoing\nfrom: {groups: [3gpp-sa3, tls]}\nto: {groups: [w3c]}\n";
        assert!(!fires("from-not-ours", &[("drafts/ech-in-5g.yaml", letter)]));
        let nowhere = letter.replace("3gpp-sa3, tls", "OIF");
        assert!(fires("from-not-ours", &[("drafts/ech-in-5g.yaml", &nowhere)]));
    }
}
