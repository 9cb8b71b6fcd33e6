//! Rules about what was removed by law: a signed act of somebody who may stands behind it, and what went stays away.

use std::collections::BTreeSet;

use super::Case;
use super::ours::actor;
use crate::config::Grade;
use crate::domain::{Act, ActKind, Redaction};
use crate::findings::{Code, Finding, Place};
use crate::policy::{custody, is_let_go, is_of_holder, may_do, proof, redacting};
use crate::record::{redacted_files, stands_behind};
use crate::shape::Located;

/// Reports acts `redact` that prove nothing, and tombstones without such an act.
pub(super) fn redaction_unproven(case: &Case<'_>) -> Vec<Finding> {
    let acts = case.letter.acts_of(ActKind::Redact).filter_map(|act| unproven(case, act));
    acts.chain(case.letter.redaction().and_then(|redaction| tombstone_alone(case, redaction))).collect()
}

/// Why an act `redact` proves nothing: the bytes went with it all the same.
fn unproven(case: &Case<'_>, act: &Located<Act>) -> Option<Finding> {
    let (value, name) = (&act.value, actor(case, &act.value));
    let (directory, settings) = (case.directory, case.settings);
    let subject = case.letter.subject();
    let root = case.roots.at(value.at);
    let (fault, key) = if case.letter.name.is_draft() {
        (format!("{} is a draft, and a draft is withdrawn", case.id()), "act")
    } else if redacted_files(value).is_none() {
        ("its `files` are no list of `{file, sha256}`".to_owned(), "files")
    } else if let Some(root) = root {
        if root.holder(value.by.as_str()).is_none() {
            (format!("{name} does not hold version {} of the trust root", root.version), "by")
        } else if !is_of_holder(value, &subject, root, settings) {
            (format!("it bears no good signature of {name} with the key that the trust root names"), "signature")
        } else if is_carried_out(case, value) {
            let signed = redacting(value, acts(case), &subject, root, settings).len();
            (format!("{signed} of {} holders of the trust root signed it", root.threshold), "files")
        } else {
            return None;
        }
    } else if may_do(value.by.as_str(), "redact", &concerned(case, value), directory, settings, value.at.day())
        .is_none()
    {
        (format!("the approval table does not let {name} redact on {}", value.at.day()), "by")
    } else if proof(value, &subject, directory, settings).grade(value) < Grade::Signed {
        (format!("it bears no good signature of {name}"), "signature")
    } else {
        return None;
    };
    let finding = case.finding(Code::RedactionUnproven, format!("`redact` of {} proves nothing: {fault}", value.at));
    let help =
        if case.letter.name.is_draft() { format!("liaison withdraw {} --reason …", case.id()) } else { back(case) };
    Some(finding.at(act.place(key)).help(help))
}

/// The acts `redact` of a letter.
fn acts<'c>(case: &'c Case<'_>) -> impl Iterator<Item = &'c Act> {
    case.letter.acts_of(ActKind::Redact).map(|act| &act.value)
}

/// Whether enough people stand behind an act: the holders of the trust root that counted on its day; where none did, whoever made
/// it.
fn is_enough(case: &Case<'_>, act: &Act) -> bool {
    let root = case.roots.at(act.at);
    root.is_none_or(|root| is_let_go(act, acts(case), &case.letter.subject(), root, case.settings))
}

/// Whether what an act names is gone, and nothing but acts that too few signed says so.
fn is_carried_out(case: &Case<'_>, act: &Act) -> bool {
    let own = case.letter.file_name();
    let is_gone = |file: &str| match case.letter.redaction() {
        Some(redaction) if file == own => stands_behind(act, file, redaction),
        Some(_) | None => file != own && !case.files.iter().any(|fact| fact.name == file),
    };
    let is_told = |file: &str| file != own && case.letter.redacted(file).any(|other| is_enough(case, &other.value));
    let mut files = redacted_files(act).unwrap_or_default().into_iter().map(|one| one.file);
    !is_enough(case, act) && files.any(|file| is_gone(&file) && !is_told(&file))
}

/// Our groups that a letter concerned when an act was made.
fn concerned(case: &Case<'_>, act: &Act) -> Vec<String> {
    if case.content().is_outgoing() {
        return case.from_groups().into_iter().filter(|group| case.is_ours(group)).collect();
    }
    custody(case.letter, case.directory, case.settings, act.at).groups
}

/// A tombstone that no act stands behind: of the same file, moment, person and reason.
fn tombstone_alone(case: &Case<'_>, redaction: &Redaction) -> Option<Finding> {
    let file = case.letter.file_name();
    if case.letter.acts_of(ActKind::Redact).any(|act| stands_behind(&act.value, &file, redaction)) {
        return None;
    }
    let message = format!("{} is a tombstone, and no act `redact` says the same", case.letter.statement.file);
    let finding = case.finding(Code::RedactionUnproven, message).at(case.letter.statement.place("redacted"));
    Some(finding.help(back(case)))
}

/// Reports files that are there although an act removed them.
pub(super) fn redacted_file_there(case: &Case<'_>) -> Vec<Finding> {
    let own = case.letter.file_name();
    let is_there = |file: &str| match file == own {
        true => case.letter.redaction().is_none(),
        false => case.files.iter().any(|fact| fact.name == file),
    };
    let stem = case.letter.name.stem();
    let finding = |(act, file): (&Located<Act>, String)| {
        let path = if file == own { case.letter.name.path() } else { format!("{stem}/{file}") };
        let message = match case.roots.at(act.value.at) {
            Some(root) if root.threshold > 1 => {
                format!(
                    "{path} is there, and enough holders of the trust root signed that it goes, last on {}",
                    act.value.at
                )
            }
            Some(_) | None => format!("{path} is there, and `redact` of {} removed it", act.value.at),
        };
        let finding = case
            .finding(Code::RedactedFileThere, message)
            .at(Place::file(&path))
            .with(act.place("files"), "removed here");
        finding.help(format!(
            "`git log -- {path}` tells how it came back; take it away as the act says: liaison redact {}",
            case.id()
        ))
    };
    let named = |act: &'_ Located<Act>| redacted_files(&act.value).unwrap_or_default();
    let acts = case.letter.acts_of(ActKind::Redact).rev().filter(|act| is_enough(case, &act.value));
    let files = acts.flat_map(|act| named(act).into_iter().map(move |one| (act, one.file)));
    let mut told = BTreeSet::new();
    let is_news = |(_, file): &(&Located<Act>, String)| is_there(file) && told.insert(file.clone());
    files.filter(is_news).map(finding).collect()
}

fn back(case: &Case<'_>) -> String {
    let paths = format!("{} {}", case.letter.name.path(), case.letter.name.stem());
    format!(
        "bring back what was there (`git log -- {paths}`); whoever may removes it with `liaison redact {}`",
        case.id()
    )
}
