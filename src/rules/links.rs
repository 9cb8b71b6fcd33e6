//! Rules about links: what a letter answers and revises.

use std::collections::{BTreeMap, VecDeque};

use chrono::NaiveDate;

use super::Case;
use super::places::mend;
use crate::domain::{Instant, Link, StatementName};
use crate::findings::{Code, Finding, Place};
use crate::record::{Corpus, Letter};

/// How many letters are looked at on the way from a letter back to itself.
const MAX_CHAIN: usize = 1000;

/// A link with the key and the index at which it stands.
type Written<'a> = (&'static str, usize, &'a Link);

fn links<'a>(case: &Case<'a>) -> impl Iterator<Item = Written<'a>> + use<'a> {
    let of = |key, links: &'a [Link]| links.iter().enumerate().map(move |(index, link)| (key, index, link));
    let content = case.content();
    of("in-response-to", &content.in_response_to).chain(of("revises", &content.revises))
}

/// Links to other letters of this record that can be read.
fn linked<'a>(case: &Case<'a>) -> impl Iterator<Item = (&'static str, usize, &'a Letter)> {
    let (corpus, own) = (case.corpus, &case.letter.name);
    links(case).filter_map(move |(key, index, link)| {
        let letter = corpus.get(link.here()?)?;
        (letter.name != *own).then_some((key, index, letter))
    })
}

fn place(case: &Case<'_>, key: &str, index: usize) -> Place {
    case.letter.statement.place_item(key, index)
}

/// A link names a letter that exists (digest 1.4).
pub(super) fn link_dangling(case: &Case<'_>) -> Vec<Finding> {
    let finding = |(key, index, link): Written<'_>| {
        let name = link.here()?;
        let target = case.corpus.resolve(name);
        if case.corpus.letters.contains_key(&target) || case.corpus.unreadable.contains(&target) {
            return None;
        }
        let became = if target == *name { String::new() } else { format!(" and became {target}") };
        let finding =
            case.finding(Code::LinkDangling, format!("`{key}` names {name}, which this record does not hold{became}"));
        Some(finding.at(place(case, key, index)).help(format!(
            "{}; `liaison list` shows the letters there are",
            mend(case, "mend the link; a letter that only the other body has is written `{organization: …, reference: …, title: …, date: …}`")
        )))
    };
    links(case).filter_map(finding).collect()
}

/// A letter refers to letters that were sent or received and still stand (rfc4053bis 3).
pub(super) fn link_not_public(case: &Case<'_>) -> Vec<Finding> {
    let finding = |(key, index, other): (&'static str, usize, &Letter)| {
        let name = &other.name;
        let earlier = |day: NaiveDate| case.letter.name.is_draft() || day < case.day();
        let redacted = other.redaction().and_then(|redaction| redaction.at).map(Instant::day);
        // Another body may answer what we no longer show; we do not answer what nobody can read.
        let answers_redacted =
            |day: &NaiveDate| key == "in-response-to" && case.content().is_outgoing() && earlier(*day);
        if let Some(day) = redacted.filter(answers_redacted) {
            let message = format!("`{key}` names {name}, which was redacted on {day}");
            let finding = case.finding(Code::LinkNotPublic, message).at(place(case, key, index));
            return Some(finding.help(format!("`liaison show {name}` tells why; {}", mend(case, "remove the link"))));
        }
        let (message, help) = match other.withdrawn() {
            None if name.is_draft() => (
                format!("`{key}` names {name}, which is a draft and was not sent"),
                format!("`liaison send {name}` first; the link then stands for its number"),
            ),
            Some(moment) if name.is_draft() => (
                format!("`{key}` names {name}, a draft that was withdrawn on {}", moment.day()),
                format!("{}; or `liaison reopen {name}`", mend(case, "remove the link")),
            ),
            Some(moment) if key == "in-response-to" && earlier(moment.day()) => (
                format!("`{key}` names {name}, which was withdrawn on {}", moment.day()),
                format!("`liaison show {name}` tells why; answer the letter that stands in its place"),
            ),
            Some(_) | None => return None,
        };
        Some(case.finding(Code::LinkNotPublic, message).at(place(case, key, index)).help(help))
    };
    linked(case).filter_map(finding).collect()
}

/// No letter answers or revises itself, by whatever way (digest 1.4).
pub(super) fn link_cycle(case: &Case<'_>) -> Vec<Finding> {
    let finding = |(key, index, link): Written<'_>| {
        let way = way_back(case.corpus, case.corpus.resolve(link.here()?), &case.letter.name)?;
        let way = way.iter().map(ToString::to_string).collect::<Vec<_>>().join(", then ");
        let finding =
            case.finding(Code::LinkCycle, format!("`{key}` leads from {} back to itself: to {way}", case.id()));
        Some(
            finding
                .at(place(case, key, index))
                .help("remove the link that points from the earlier letter to the later one"),
        )
    };
    links(case).filter_map(finding).collect()
}

/// The letters from one to another along links, both included; nothing when no way leads there.
fn way_back(corpus: &Corpus, from: StatementName, to: &StatementName) -> Option<Vec<StatementName>> {
    let mut came_from: BTreeMap<StatementName, Option<StatementName>> = BTreeMap::from([(from.clone(), None)]);
    let mut open = VecDeque::from([from]);
    while let Some(name) = open.pop_front() {
        if name == *to {
            let mut way: Vec<StatementName> =
                std::iter::successors(Some(name), |name| came_from.get(name).cloned().flatten()).collect();
            way.reverse();
            return Some(way);
        }
        let Some(letter) = corpus.letters.get(&name) else { continue };
        let content = &letter.statement.value.content;
        for next in content.in_response_to.iter().chain(&content.revises).filter_map(Link::here) {
            let next = corpus.resolve(next);
            if came_from.len() < MAX_CHAIN && !came_from.contains_key(&next) {
                came_from.insert(next.clone(), Some(name.clone()));
                open.push_back(next);
            }
        }
    }
    None
}
