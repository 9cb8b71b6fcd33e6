//! `liaison approve --signature`: records what somebody signed elsewhere.

use std::path::{Path, PathBuf};

use crate::cli::args::TravelArgs;
use crate::cli::context::Context;
use crate::cli::desk::Desk;
use crate::cli::exit::{Outcome, refuse, refuse_with};
use crate::cli::input::{Limit, read_input, read_input_or_stdin};
use crate::cli::requests::kept;
use crate::cli::returned::Returned;
use crate::digest::{ActText, read_act_text};
use crate::domain::{Act, ActKind, Line, Text};
use crate::policy::{Change as Changed, Mailing, Proof, ProofFault, Reason, approval, proof};
use crate::record::{Letter, act_yaml, parse_act};
use crate::shape::Sink;
use crate::signing::SignatureFault;
use crate::store::{Change, Record};

use super::acting::{after_all, told, write_act};
use super::preview::{Shown, messages};

/// What a person hands over.
pub(super) struct Handed<'a> {
    /// The file with the signature.
    pub(super) file: &'a Path,
    /// The file with the text that was signed, if it is another one.
    pub(super) text: Option<&'a Path>,
}

/// Finds the act text that the signature signs, verifies all of it, and writes the act as the signer's own.
pub(super) fn run(
    ctx: &mut Context,
    desk: &Desk,
    record: &Record<'_>,
    letter: &Letter,
    handed: &Handed<'_>,
    travel: TravelArgs,
) -> anyhow::Result<Outcome> {
    let limit = Limit::mail(&record.settings.limits);
    let mut found = Returned::read(&read_input_or_stdin(ctx, handed.file, limit)?);
    if found.blocks.is_empty() {
        return Err(refuse(
            format!("{} holds no signature", handed.file.display()),
            "give the file that `ssh-keygen -Y sign` or `gpg --detach-sign` wrote, or a mail with it",
        ));
    }
    let text = handed.text.map(|file| read_input_or_stdin(ctx, file, limit)).transpose()?;
    let beside = signed_file(handed.file).and_then(|file| read_input(ctx, &file, limit).ok());
    for bytes in text.iter().chain(&beside) {
        found.texts.extend(Returned::read(bytes).texts);
    }
    let requests: Vec<ActText> = kept(&desk.repo(ctx)?).iter().filter_map(|text| read_act_text(text).ok()).collect();
    let shown = messages(record, &letter.name, ctx)?;
    let mut act = signed(&found, &requests, ctx, letter, record, &shown)?;
    act.fields = Line::parse(&shown.hints)?;
    let by = record.directory.name_of(act.by.as_str()).to_owned();
    let groups: Vec<String> = act.for_groups.iter().map(ToString::to_string).collect();
    let (_, reached) = write_act(ctx, desk, record, &letter.name, act, Change::default(), travel)?;
    writeln!(ctx.out, "{}: approved by {by} for {}, signed", letter.name, groups.join(", "))?;
    ctx.hint(told(&reached))?;
    Ok(Outcome::Done)
}

/// The file beside a signature that it was made of, by its name: `act.txt` beside `act.txt.sig`.
fn signed_file(file: &Path) -> Option<PathBuf> {
    let ending = file.extension()?.to_str()?;
    ["sig", "asc", "gpg"].contains(&ending).then(|| file.with_extension(""))
}

/// The act that one of the signatures proves, with it: each is tried with each text that could be meant. Where none will do, the
/// error tells of the one that got furthest.
fn signed(
    found: &Returned,
    requests: &[ActText],
    ctx: &Context,
    letter: &Letter,
    record: &Record<'_>,
    shown: &Shown,
) -> anyhow::Result<Act> {
    let subject = letter.subject();
    let mut refused: Option<anyhow::Error> = None;
    let mut fault: Option<(Act, ProofFault)> = None;
    for block in &found.blocks {
        for candidate in found.texts.iter().chain(requests).filter(|candidate| candidate.subject == subject) {
            let Ok(block) = Text::parse(block) else { continue };
            let mut act = candidate.act.clone();
            act.signature = Some(block);
            match proof(&act, &subject, &record.directory, &record.settings) {
                Proof::Signed { .. } => match refusal(&act, ctx, letter, record, shown)? {
                    None => return Ok(act),
                    Some(error) => refused = refused.or(Some(error)),
                },
                Proof::Faulty(new) if fault.as_ref().is_none_or(|(_, old)| reach(&new) > reach(old)) => {
                    fault = Some((act, new));
                }
                Proof::Faulty(_) | Proof::Asserted => {}
            }
        }
    }
    Err(refused.unwrap_or_else(|| match &fault {
        Some((act, fault)) => proves_nothing(act, fault, found.texts.is_empty(), letter),
        None => no_text(found, letter),
    }))
}

/// How far a signature got before it failed.
fn reach(fault: &ProofFault) -> u8 {
    match fault {
        ProofFault::NoRecord | ProofFault::Signature(SignatureFault::Unreadable(_)) => 0,
        ProofFault::Signature(SignatureFault::Namespace { .. }) => 1,
        ProofFault::NoKey { .. }
        | ProofFault::OtherKey { .. }
        | ProofFault::Signature(SignatureFault::OtherKey { .. }) => 2,
        ProofFault::Signature(SignatureFault::Altered) => 3,
        ProofFault::Signature(SignatureFault::Weak(_) | SignatureFault::KeyState(_) | SignatureFault::NotTouched) => 4,
        ProofFault::NotYet { .. } | ProofFault::Retired { .. } | ProofFault::Compromised { .. } => 5,
    }
}

fn again(act: &Act, letter: &Letter) -> String {
    format!("liaison approval-request {} --approver {}", letter.name, act.by)
}

fn no_text(found: &Returned, letter: &Letter) -> anyhow::Error {
    if let Some(other) = found.texts.first() {
        let message = format!("the text that was signed is about `{}`, expected `{}`", other.subject, letter.subject());
        return refuse(message, format!("liaison show {}", other.subject));
    }
    refuse_with(
        Outcome::Findings,
        format!(
            "the text that was signed is not at hand: neither in the file nor among the requests of this clone for {}",
            letter.name
        ),
        [text_help(letter), "it names the moment of the request, which nobody can tell from the signature".to_owned()],
    )
}

fn text_help(letter: &Letter) -> String {
    format!(
        "liaison approve {} --signature FILE --text act.txt, or the mail of the request instead of act.txt",
        letter.name
    )
}

/// What is wrong with the signature that got furthest, and what to do next.
fn proves_nothing(act: &Act, fault: &ProofFault, is_bare: bool, letter: &Letter) -> anyhow::Error {
    let mut help = vec![match fault {
        ProofFault::NoKey { person } | ProofFault::OtherKey { person, .. } => {
            format!("liaison person show {person}; liaison person key add {person} --ssh FILE.pub")
        }
        ProofFault::Signature(SignatureFault::Altered) => {
            format!("{} signs exactly the text of the request: no line break changed, the last one included", act.by)
        }
        ProofFault::Signature(_)
        | ProofFault::NotYet { .. }
        | ProofFault::Retired { .. }
        | ProofFault::Compromised { .. }
        | ProofFault::NoRecord => again(act, letter),
    }];
    let is_of_other_text = matches!(
        fault,
        ProofFault::NoKey { .. } | ProofFault::OtherKey { .. } | ProofFault::Signature(SignatureFault::Altered)
    );
    if is_bare && is_of_other_text {
        help.push(format!("if it is of another request than those of this clone: {}", text_help(letter)));
    }
    refuse_with(Outcome::Findings, format!("nothing was recorded: the signature proves nothing: {fault}"), help)
}

/// Why an act that is proven would not count in the record; nothing when it would. The letter is judged as if it had the act
/// already, as everything judges it afterwards.
fn refusal(
    act: &Act,
    ctx: &Context,
    letter: &Letter,
    record: &Record<'_>,
    shown: &Shown,
) -> anyhow::Result<Option<anyhow::Error>> {
    let name = &letter.name;
    if act.kind != ActKind::Approve {
        let message = format!("the text is about the act `{}`, expected `approve`", act.kind);
        return Ok(Some(refuse(message, again(act, letter))));
    }
    if letter.acts.iter().any(|known| known.value.file_name() == act.file_name()) {
        return Ok(Some(refuse(
            format!("this approval of {name} is recorded already"),
            format!("liaison show {name}"),
        )));
    }
    // A letter leaves after its last act, so an act of the future would only keep it from leaving.
    if after_all(Some(act.at), name, ctx.now).is_err() {
        let message =
            format!("nothing was recorded: the approval of {} is of {}, and it is {} now", act.by, act.at, ctx.now);
        return Ok(Some(refuse(message, again(act, letter))));
    }
    let mut with = letter.clone();
    let file = act.file_name();
    with.acts.extend(parse_act(act_yaml(act)?.as_bytes(), &mut Sink::new(&file)));
    let mailing = Mailing { preview: Some(shown.preview), hints: shown.hints.clone() };
    let (directory, settings) = (&record.directory, &record.settings);
    let verdict = approval(&with, letter.content, Some(&mailing), directory, settings, ctx.now);
    if let Some(stale) = verdict.stale.iter().find(|stale| stale.act == act) {
        let what = match &stale.change {
            Changed::Content(_) => name.to_string(),
            Changed::Mailing(_) => "what would be sent".to_owned(),
        };
        let message = format!("{what} changed since {} signed", act.by);
        return Ok(Some(refuse_with(Outcome::WaitsForPeople, message, [again(act, letter)])));
    }
    let void = verdict.void.iter().find(|(void, _)| *void == act).map(|(_, reason)| reason);
    let counts = |group: &str| {
        let need = verdict.needs.iter().find(|need| need.group == group);
        need.is_some_and(|need| need.given.iter().any(|given| given.by == act.by))
    };
    let left_out = act.for_groups.iter().find(|group| !counts(group.as_str()));
    let reason = match (void, left_out) {
        (Some(reason), _) => reason.to_string(),
        (None, Some(group)) => format!("it is void for {group}: revoked, withdrawn since, or without authority"),
        (None, None) => return Ok(None),
    };
    let next = match void {
        Some(Reason::NoAuthority { group, .. } | Reason::NoRow { group, .. }) => {
            format!("liaison contacts --from {group} --to GROUP tells who has authority today")
        }
        Some(Reason::NoEvidence) => {
            format!("liaison approve {name} --recorded-for {} --evidence URL", act.by)
        }
        Some(
            Reason::NoContent
            | Reason::NoPreview
            | Reason::Service
            | Reason::NotCovered { .. }
            | Reason::BeforeDraft
            | Reason::Unproven
            | Reason::SamePerson
            | Reason::Signature(_)
            | Reason::Grade { .. },
        )
        | None => again(act, letter),
    };
    let message = format!("nothing was recorded: the approval of {} at {} would not count: {reason}", act.by, act.at);
    Ok(Some(refuse(message, next)))
}
