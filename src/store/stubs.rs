//! Which draft a numbered letter was: as the stub at the draft's path says, and as the letter's own acts do.

use super::home::Read;
use super::{Record, StoreError};
use crate::domain::{Slug, StatementName};
use crate::findings::{Code, Finding, Place};
use crate::record::{Corpus, Letter, Stub, stub_again};
use crate::shape::Located;

impl Record<'_> {
    /// Tells a numbered letter which draft it was: by the stub that names it, else by its own acts.
    pub(super) fn draft_of(&self, name: &StatementName, corpus: &mut Corpus) -> Result<(), StoreError> {
        let StatementName::Numbered(id) = name else { return Ok(()) };
        let Some(letter) = corpus.letters.get(name) else { return Ok(()) };
        let (mut found, told) = (Vec::new(), letter.told_draft());
        for (draft, home) in self.homes.iter().take_while(|(draft, _)| draft.is_draft()) {
            let stamp = home.letter.as_ref().and_then(|entry| self.files().stamp(&entry.path));
            if stamp.is_some_and(|stamp| stamp.size < 64)
                && let (Read::Stub(stub, _), StatementName::Draft(slug)) = (self.read_home(draft, home)?, draft)
                && stub.value.became == *id
                && why_foreign(letter, slug).is_none()
            {
                found.push((slug.clone(), stub));
            }
        }
        if let Some(letter) = corpus.letters.get_mut(name) {
            letter.draft = found.last().map(|(slug, _)| StatementName::Draft(slug.clone())).or(told);
            self.judge_acts(letter);
        }
        corpus.stubs.extend(found);
        Ok(())
    }
}

/// Tells every numbered letter which draft it was; stubs that fit no letter, and letters whose stub is gone, are findings.
pub(super) fn name_drafts(corpus: &mut Corpus, findings: &mut Vec<Finding>) {
    for (slug, stub) in &corpus.stubs {
        let number = StatementName::Numbered(stub.value.became.clone());
        let fault = match corpus.letters.get_mut(&number) {
            None => Some(dangling(slug, stub)),
            Some(letter) => {
                let fault = misfit(letter, slug, stub);
                if fault.is_none() {
                    letter.draft = Some(StatementName::Draft(slug.clone()));
                }
                fault
            }
        };
        findings.extend(fault);
    }
    findings.extend(corpus.letters.values().filter_map(|letter| missing(letter, corpus)));
    for letter in corpus.letters.values_mut().filter(|letter| letter.draft.is_none() && !letter.name.is_draft()) {
        letter.draft = letter.told_draft();
    }
}

fn dangling(slug: &Slug, stub: &Located<Stub>) -> Finding {
    Finding::plain(Code::StubDangling, format!("{slug} became {}, which does not exist", stub.value.became))
        .at(stub.place("became"))
        .help("restore the letter from history; a number never vanishes")
}

/// Why a stub does not fit the letter that it names.
fn misfit(letter: &Letter, slug: &Slug, stub: &Located<Stub>) -> Option<Finding> {
    let (number, place) = (&letter.name, stub.place("became"));
    if let Some(why) = why_foreign(letter, slug) {
        let finding = Finding::plain(Code::StubForeign, format!("{slug} became {number}, it says, and {why}"));
        let help = format!("git log -- {0} tells what stood here; restore it, or git rm {0}", stub.file);
        return Some(finding.at(place).with(Place::file(&letter.statement.file), "the letter").help(help));
    }
    let first = letter.draft.as_ref()?;
    let finding = Finding::plain(Code::NumberReused, format!("both {first} and {slug} became {number}"));
    Some(finding.at(place).help("the later one takes the next free number"))
}

/// Why a letter never was a draft of some name.
fn why_foreign(letter: &Letter, slug: &Slug) -> Option<String> {
    if letter.was_received() {
        return Some("that was received and never was a draft".to_owned());
    }
    let told = letter.told_draft().filter(|told| *told != StatementName::Draft(slug.clone()))?;
    Some(format!("that was the draft {told}"))
}

/// Reports a letter that was a draft and has no stub any more: the draft's name is free again, and the draft perhaps there
/// again, to be sent a second time.
fn missing(letter: &Letter, corpus: &Corpus) -> Option<Finding> {
    if letter.name.is_draft() || letter.draft.is_some() || !letter.was_draft() {
        return None;
    }
    let (number, own) = (&letter.name, Place::file(&letter.statement.file));
    let Some(draft) = letter.told_draft() else {
        let message = format!("{number} was a draft, and no stub says which");
        let help = format!("git log --all -S'became: {number}' -- drafts/ tells its path; restore that file");
        return Some(Finding::plain(Code::StubMissing, message).at(own).help(help));
    };
    let help = format!("{}; liaison new --revises {number} says what changed", stub_again(&draft.path(), number));
    let is_back = corpus.letters.contains_key(&draft) || corpus.unreadable.contains(&draft);
    Some(if is_back {
        let message = format!("{draft} is a draft again, and left as {number}: it would be sent a second time");
        Finding::plain(Code::StubMissing, message).at(Place::file(draft.path())).with(own, "the letter").help(help)
    } else {
        Finding::plain(Code::StubMissing, format!("{number} was the draft {draft}, which left no stub"))
            .at(own)
            .help(help)
    })
}
