//! `liaison approve --signature`: records what somebody signed elsewhere.

use std::path::Path;

use crate::cli::args::TravelArgs;
use crate::cli::context::Context;
use crate::cli::desk::Desk;
use crate::cli::exit::{Outcome, refuse, refuse_with};
use crate::cli::input::{Limit, read_input_or_stdin};
use crate::cli::requests::{forget, kept};
use crate::digest::{ActText, act_id, read_act_text};
use crate::domain::{Act, ActKind, Line, Text};
use crate::mail::read_mail;
use crate::policy::{Proof, ProofFault, authority_for, proof};
use crate::record::Letter;
use crate::signing::SignatureFault;
use crate::store::{Change, Record};

use super::acting::{told, write_act};
use super::preview::messages;

/// Where a signature begins and ends: one of `ssh-keygen`, or of `gpg`.
const BLOCKS: [(&str, &str); 2] = [
    ("-----BEGIN SSH SIGNATURE-----", "-----END SSH SIGNATURE-----"),
    ("-----BEGIN PGP SIGNATURE-----", "-----END PGP SIGNATURE-----"),
];

/// The first line of an act text.
const ACT: &str = "liaison-act-v1";

/// Finds the act text that the signature signs, verifies all of it, and writes the act as the signer's own.
pub(super) fn run(
    ctx: &mut Context,
    desk: &Desk,
    record: &Record<'_>,
    letter: &Letter,
    file: &Path,
    travel: TravelArgs,
) -> anyhow::Result<Outcome> {
    let bytes = read_input_or_stdin(ctx, file, Limit::text(&record.settings.limits))?;
    let texts = texts(&bytes);
    let Some(block) = texts.iter().find_map(|text| block(text)) else {
        return Err(refuse(
            format!("{} holds no signature", file.display()),
            "give the file that `ssh-keygen -Y sign` or `gpg --detach-sign` wrote, or a mail with it",
        ));
    };
    if letter.acts.iter().any(|act| act.value.signature.as_ref().is_some_and(|known| known.to_string() == block)) {
        return Err(refuse(
            format!("this approval of {} is recorded already", letter.name),
            format!("liaison show {}", letter.name),
        ));
    }
    let repo = desk.repo(ctx)?;
    let given = texts.iter().filter_map(|text| act_lines(text));
    let candidates: Vec<ActText> = given.chain(kept(&repo)).filter_map(|text| read_act_text(&text).ok()).collect();
    let mut act = signed(&candidates, &block, letter, record)?;
    let shown = messages(record, &letter.name, ctx)?;
    if act.preview != Some(shown.preview) {
        return Err(changed(&act, letter, "what would be sent"));
    }
    act.fields = Line::parse(&shown.hints)?;
    let id = record.settings.id.as_ref().map(|id| act_id(&act, id, &letter.subject()));
    let by = record.directory.name_of(act.by.as_str()).to_owned();
    let groups: Vec<String> = act.for_groups.iter().map(ToString::to_string).collect();
    let (_, reached) = write_act(ctx, desk, record, &letter.name, act, Change::default(), travel)?;
    if let Some(id) = id {
        forget(&repo, &id);
    }
    writeln!(ctx.out, "{}: approved by {by} for {}, signed", letter.name, groups.join(", "))?;
    ctx.hint(told(&reached))?;
    Ok(Outcome::Done)
}

/// The act that the signature proves, with it.
fn signed(candidates: &[ActText], block: &str, letter: &Letter, record: &Record<'_>) -> anyhow::Result<Act> {
    let subject = letter.subject();
    let mut last = None;
    for candidate in candidates.iter().filter(|candidate| candidate.subject == subject) {
        let mut act = candidate.act.clone();
        act.signature = Some(Text::parse(block)?);
        match proof(&act, &subject, &record.directory, &record.settings) {
            Proof::Signed { .. } => return usable(act, letter, record),
            Proof::Faulty(fault) => last = Some((act, fault)),
            Proof::Asserted => {}
        }
    }
    let Some((act, fault)) = last else {
        return Err(refuse(
            format!(
                "the text that was signed is not at hand: neither in the file nor among the requests of this clone for {}",
                letter.name
            ),
            "put the lines from liaison-act-v1 on before the signature, in the same file",
        ));
    };
    let next = match &fault {
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
        | ProofFault::NoRecord => format!("liaison approval-request {} --approver {}", letter.name, act.by),
    };
    Err(refuse(format!("nothing was recorded: the signature proves nothing: {fault}"), next))
}

/// Whether an act that is proven counts for the letter as it is.
fn usable(act: Act, letter: &Letter, record: &Record<'_>) -> anyhow::Result<Act> {
    let again = format!("liaison approval-request {} --approver {}", letter.name, act.by);
    if act.kind != ActKind::Approve {
        return Err(refuse(format!("the text is about the act `{}`, expected `approve`", act.kind), again));
    }
    if act.content != Some(letter.content) {
        return Err(changed(&act, letter, letter.name.to_string().as_str()));
    }
    let day = act.at.day();
    let may =
        |group: &str| authority_for(act.by.as_str(), "send", group, &record.directory, &record.settings, day).is_some();
    match act.for_groups.iter().find(|group| !may(group.as_str())) {
        Some(group) => Err(refuse(
            format!("{} had no authority to approve for {group} on {day}", act.by),
            format!("liaison contacts --from {group} --to GROUP tells who has"),
        )),
        None => Ok(act),
    }
}

/// A refusal of a signature on something that is no longer so.
fn changed(act: &Act, letter: &Letter, what: &str) -> anyhow::Error {
    let again = format!("liaison approval-request {} --approver {}", letter.name, act.by);
    refuse_with(Outcome::WaitsForPeople, format!("{what} changed since {} signed", act.by), [again])
}

/// The texts that a file holds: itself, and, if it is a mail, what it says and what is attached.
fn texts(bytes: &[u8]) -> Vec<String> {
    let mut texts = vec![String::from_utf8_lossy(bytes).into_owned()];
    if let Some(mail) = read_mail(bytes) {
        texts.push(mail.text.to_string());
        texts.extend(mail.files.iter().map(|file| String::from_utf8_lossy(&file.bytes).into_owned()));
    }
    texts.iter().map(|text| unquoted(text)).collect()
}

/// A text without the marks of a reply, and with plain line ends.
fn unquoted(text: &str) -> String {
    let bare = |line: &str| line.trim_end_matches('\r').trim_start_matches(['>', ' ']).to_owned() + "\n";
    text.split_terminator('\n').map(bare).collect()
}

fn block(text: &str) -> Option<String> {
    BLOCKS.iter().find_map(|(begin, end)| {
        let rest = text.get(text.find(begin)?..)?;
        let length = rest.find(end)? + end.len();
        rest.get(..length).map(|block| format!("{block}\n"))
    })
}

/// The lines of an act text inside of a longer one.
fn act_lines(text: &str) -> Option<String> {
    let mut lines = text.lines().skip_while(|line| *line != ACT);
    let first = lines.next()?;
    let is_line = |line: &&str| {
        line.split_once(": ").is_some_and(|(key, _)| key.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'))
    };
    Some(std::iter::once(first).chain(lines.take_while(is_line)).map(|line| format!("{line}\n")).collect())
}
