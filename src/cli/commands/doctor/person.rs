//! Questions about the person: known, with a key, with roles.

use crate::config::Grade;
use crate::directory::Key;
use crate::domain::Word;
use crate::history::{Repo, SigningKey};
use crate::policy::{approvers, may_do, row_for};

use super::signing::{Trial, try_key};
use super::{Answer, Scene, some};
use crate::cli::commands::person::key::name_of;
use crate::cli::example;
use crate::cli::signature::find_any;

/// Whether git knows who works here, and the directory too.
pub(super) fn identity(scene: &Scene<'_>) -> (Answer, Option<Word>) {
    let question = "you";
    let Some(Ok(identity)) = scene.repo.as_ref().map(Repo::identity) else {
        let answer = Answer::problem(question, "git does not know who you are");
        let answer = answer.mend("git config --global user.name \"Your Name\"");
        return (answer.mend("git config --global user.email you@example.org"), None);
    };
    let directory = &scene.record.directory;
    let told = format!("git says {} <{}>", identity.name, identity.email);
    match directory.person_by_address(&identity.email) {
        None => {
            let answer = Answer::problem(question, format!("{told}, an address that nobody in the directory has"));
            let add = format!("liaison person add HANDLE --name \"{}\" --address {}", identity.name, identity.email);
            (
                answer.mend(scene.whom().directory(&add)).mend("or, if you are there: git config user.email ADDRESS"),
                None,
            )
        }
        Some(handle) => {
            let answer = Answer::ok(question, format!("{told}: {handle}, {}", directory.name_of(handle)));
            (answer, Word::parse(handle).ok().flatten())
        }
    }
}

/// Whether the directory holds a key of the person that is good today, and its private half is here.
pub(super) fn key(scene: &Scene<'_>) -> Option<Answer> {
    let question = "your key";
    let (me, repo) = (scene.me.as_ref()?, scene.repo.as_ref()?);
    let person = scene.record.directory.people.get(me.as_str())?;
    let good: Vec<&Key> = person.value.keys.iter().filter(|key| key.is_good_on(scene.ctx.now.day())).collect();
    let add = scene.whom().directory(&format!("liaison person key add {me} --ssh FILE.pub"));
    let lacks = |told: String| match wants_signature(scene, me.as_str()) {
        true => Answer::problem(question, format!("{told}; the record asks for signed approvals")),
        false => Answer::warning(question, format!("{told}: your acts are asserted, not signed")),
    };
    if good.is_empty() {
        let told = match person.value.keys.len() {
            0 => "the directory holds no key of yours".to_owned(),
            number => format!("none of your {number} keys in the directory is good today"),
        };
        return Some(lacks(told).mend("ssh-keygen -t ed25519, if you have no key yet").mend(add));
    }
    let names: Vec<String> = good.iter().map(|key| name_of(key.is_ssh, &key.public)).collect();
    if let Some(signer) = find_any(scene.ctx, repo, &good) {
        let place = match &signer.key {
            SigningKey::File(path) => format!("in {}", path.display()),
            SigningKey::Agent(_) => "in your SSH agent".to_owned(),
            SigningKey::OpenPgp(print) => format!("in gpg, {print}"),
        };
        let told = format!("{}; signs with `{}`, {place}", some(&names, 3), signer.program);
        return Some(match try_key(scene, &signer, &good) {
            Trial::Good => Answer::ok(question, told),
            Trial::Asks => Answer::ok(question, format!("{told}, which asks for a passphrase or a touch: not tried")),
            Trial::Bad(why, commands) => {
                Answer::problem(question, format!("{}, and nothing can be signed: {why}", some(&names, 3)))
                    .mends(commands)
            }
        });
    }
    if scene.record.settings.example && example::private_key(me.as_str()).is_some() {
        return Some(Answer::ok(question, "you are an invented person, whose key comes with the program"));
    }
    let answer = lacks(format!("the directory knows {}, and its private half is not here", some(&names, 3)));
    let answer = answer.mend("git config gpg.format ssh").mend("git config user.signingkey ~/.ssh/KEY.pub");
    Some(answer.mend(format!("or, for the key that you have: {add}")))
}

/// Whether the approval table asks this person for signatures.
fn wants_signature(scene: &Scene<'_>, me: &str) -> bool {
    let (directory, settings, day) = (&scene.record.directory, &scene.record.settings, scene.ctx.now.day());
    let mut ours = directory.groups.keys().filter(|group| directory.is_below(group, &settings.organization, day));
    ours.any(|group| {
        row_for("send", group, directory, settings, day).is_some_and(|row| row.grade == Grade::Signed)
            && approvers(group, directory, settings, day).iter().any(|holder| holder.person == me)
    })
}

/// What the person's roles let them do.
pub(super) fn roles(scene: &Scene<'_>) -> Option<Answer> {
    let question = "your roles";
    let me = scene.me.as_ref()?.as_str();
    let (directory, settings, day) = (&scene.record.directory, &scene.record.settings, scene.ctx.now.day());
    let held: Vec<String> =
        directory.roles_of(me, day).iter().map(|holder| format!("{} of {}", holder.role, holder.group)).collect();
    if held.is_empty() {
        let answer = Answer::warning(question, "you hold no role today: you may read, draft and comment");
        return Some(answer.mend(scene.whom().directory(&format!("liaison role begin ROLE GROUP {me}"))));
    }
    let ours = directory.groups.keys().filter(|group| directory.is_below(group, &settings.organization, day));
    let approves =
        |group: &&String| approvers(group, directory, settings, day).iter().any(|holder| holder.person == me);
    let groups: Vec<String> = ours.filter(approves).cloned().collect();
    let mut may = Vec::new();
    if !groups.is_empty() {
        may.push(format!("approve letters of {}", some(&groups, 6)));
    }
    for (act, what) in [("directory", "keep the directory"), ("policy", "change liaison.toml")] {
        if may_do(me, act, &[], directory, settings, day).is_some() {
            may.push(what.to_owned());
        }
    }
    let may = if may.is_empty() { "approve nothing".to_owned() } else { may.join(", ") };
    Some(Answer::ok(question, format!("{}; you may {may}", some(&held, 6))))
}
