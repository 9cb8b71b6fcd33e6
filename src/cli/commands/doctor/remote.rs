//! Questions about the remote: there, reachable, the same record, where the record says it lives.

use std::collections::BTreeSet;

use crate::cli::exit::Refusal;
use crate::cli::record_id::{record_id, settings_at};
use crate::cli::remote::{NOTHING_HAPPENED, refuse_lost};
use crate::config::{Flow, Lock};
use crate::dispatch::LEDGER;
use crate::domain::StatementId;
use crate::history::{HistoryError, Oid, Repo, WorkState};

use super::{Answer, Scene, State, some};

/// Seconds after which a remote that says nothing is not reachable.
const PATIENCE: &str = "10";

/// Whether the remote can be reached, and holds the same record.
pub(super) fn remote(scene: &Scene<'_>) -> Vec<Answer> {
    let question = "remote";
    let Some(repo) = scene.repo.as_ref() else { return Vec::new() };
    let flow = &scene.record.settings.flow;
    let Some(url) = repo.remote_url(&flow.remote) else { return vec![absent(repo, flow)] };
    let shown = without_password(&url);
    let mut answers = Vec::new();
    let tip = if scene.is_offline {
        answers.push(Answer::ok(question, format!("{shown}, not asked")));
        repo.tracked(&flow.remote, &flow.mainline)
    } else {
        match reach(scene, repo) {
            Ok(tip) => {
                answers.push(match tip {
                    Some(_) => Answer::ok(question, format!("{shown} is reachable")),
                    None => Answer::warning(question, format!("{shown} has no branch {}", flow.mainline))
                        .mend(format!("git push --set-upstream {} {}", flow.remote, flow.mainline)),
                });
                tip
            }
            Err(why) => {
                let answer = Answer::problem(question, format!("{shown} cannot be reached: {why}"))
                    .mend(format!("is the address right? git remote set-url {} URL", flow.remote))
                    .mends(door(&url))
                    .mend(
                        "is there a network, and the VPN that the remote may need? Until then commands take --no-push",
                    );
                answers.push(answer);
                return answers;
            }
        }
    };
    let same = tip.map(|tip| same_record(scene, repo, tip));
    if same.as_ref().is_some_and(|same| same.state != State::Problem) && !scene.is_offline {
        answers.extend(lost(repo, flow, tip));
    }
    answers.extend(same);
    answers.extend(home(scene, &url));
    answers
}

/// Whether the remote's mainline lost what this clone knows of it.
fn lost(repo: &Repo, flow: &Flow, tip: Option<Oid>) -> Option<Answer> {
    let error = refuse_lost(repo, flow, tip).err()?;
    let help = error.downcast_ref::<Refusal>().map(|refusal| refusal.help.clone());
    let answer = Answer::problem("mainline", error.to_string().replace(NOTHING_HAPPENED, ""));
    Some(answer.mends(help.unwrap_or_default()))
}

/// There is no remote of the name that the record's settings give; there may be one of another name.
fn absent(repo: &Repo, flow: &Flow) -> Answer {
    let question = "remote";
    let others = repo.remotes();
    let Some(other) = others.first() else {
        let answer =
            Answer::warning(question, format!("there is no remote `{}`: the record is only here", flow.remote));
        return answer
            .mend(format!("git remote add {0} URL && git push --set-upstream {0} {1}", flow.remote, flow.mainline));
    };
    let told = format!(
        "there is no remote `{}`, which [flow] remote in liaison.toml names: nothing is pushed; there is {}",
        flow.remote,
        others.join(", ")
    );
    Answer::problem(question, told).mend(format!("git remote rename {other} {}", flow.remote))
}

/// What asks the door itself whether it knows the person.
fn door(url: &str) -> Option<String> {
    let host = match url.split_once("://") {
        Some(("ssh", rest)) => rest.split('/').next()?.split(':').next()?.to_owned(),
        Some(_) => return Some("does it know you? Your token or password may have run out".to_owned()),
        None => url.split_once(':').filter(|(host, _)| !host.contains('/'))?.0.to_owned(),
    };
    Some(format!("does it know your key? ssh -T {host}"))
}

/// A ledger that is there and is not the lock: no number is taken in it, and none that it took is asked for.
pub(super) fn old_ledger(scene: &Scene<'_>) -> Option<Answer> {
    let question = "old ledger";
    let (repo, flow) = (scene.repo.as_ref()?, &scene.record.settings.flow);
    let tip = repo.tracked(&flow.remote, LEDGER).filter(|_| flow.lock == Lock::Mainline)?;
    let paths = repo.paths_at(tip, "").ok()?;
    let names = paths.iter().filter_map(|path| path.split_once('/')).map(|(_, name)| name);
    let numbers: BTreeSet<StatementId> = names.filter_map(|name| StatementId::parse(name).ok()).collect();
    let is_here = |number: &&StatementId| scene.record.names().any(|name| name.to_string() == number.to_string());
    let lacking: Vec<String> = numbers.iter().filter(|number| !is_here(number)).map(ToString::to_string).collect();
    let branch = format!("{}/{LEDGER}", flow.remote);
    let taken = super::counted(numbers.len(), "number");
    if lacking.is_empty() {
        let told = format!("{branch} holds {taken}, all of them in the record; [send] lock is the mainline");
        return Some(Answer::ok(question, told));
    }
    let told = format!(
        "{branch} took {}, not in the record here, and [send] lock is the mainline: a letter could get such a number again",
        some(&lacking, 6)
    );
    let lock = format!(
        "or, where the ledger is the lock, in liaison.toml: [send] lock = \"{LEDGER}\", then liaison record-change"
    );
    let answer =
        Answer::problem(question, told).mend("git pull; then merge the branches liaison/send/NUMBER that were sent");
    Some(answer.mend(scene.whom().policy(&lock)))
}

/// Whether what is here is what the remote has, as far as it was asked.
pub(super) fn behind(scene: &Scene<'_>) -> Option<Answer> {
    let question = "up to date";
    let (repo, flow) = (scene.repo.as_ref()?, &scene.record.settings.flow);
    let WorkState::Branch(branch) = repo.work_state() else { return None };
    let (here, there) = (repo.commit_at("HEAD")?, repo.tracked(&flow.remote, &branch)?);
    if !repo.is_related(here, there) {
        return None;
    }
    let lacks = repo.beyond(here, there).ok()?;
    let place = format!("{}/{branch}", flow.remote);
    let asked = if scene.is_offline { ", as it was last fetched," } else { "" };
    if lacks > 0 {
        let told = format!("{} of {place}{asked} not here yet", super::counted(lacks, "commit"));
        return Some(Answer::warning(question, told).mend("git pull --rebase"));
    }
    let own = repo.beyond(there, here).ok()?;
    let own = if own == 0 { String::new() } else { format!("; {} not pushed", super::counted(own, "commit")) };
    Some(Answer::ok(question, format!("nothing of {place}{asked} is missing{own}")))
}

/// Asks the remote for its mainline. Its branches are brought here only when it is the same record, and lost nothing: so that
/// a wrong address leaves no trace.
fn reach(scene: &Scene<'_>, repo: &Repo) -> Result<Option<Oid>, String> {
    let Flow { remote, mainline, .. } = &scene.record.settings.flow;
    let slow = format!("http.lowSpeedTime={PATIENCE}");
    let ssh = format!("core.sshCommand=ssh -o ConnectTimeout={PATIENCE}");
    let mut patience = vec!["-c", "http.lowSpeedLimit=1", "-c", &slow];
    if repo.setting("core.sshCommand").is_none() {
        patience.extend(["-c", &ssh]);
    }
    let branch = format!("refs/heads/{mainline}");
    let asked = [&patience[..], &["ls-remote", remote, &branch]].concat();
    let output = repo.git.try_run(&asked).map_err(|error| error.to_string())?;
    if !output.success {
        return Err(output.reason());
    }
    let mut found = None;
    if !output.stdout.trim().is_empty() {
        let judge = |at: &dyn Fn(&str) -> Option<Oid>| {
            let tip = at(mainline);
            found = tip;
            let is_same = tip.is_some_and(|tip| same_record(scene, repo, tip).state != State::Problem);
            Ok::<_, HistoryError>(is_same && repo.has_grown(remote, mainline, tip))
        };
        repo.fetch_if(&patience, remote, judge).map_err(|error| error.to_string())?;
    }
    Ok(found)
}

/// Whether the remote's mainline is the same record.
fn same_record(scene: &Scene<'_>, repo: &Repo, tip: Oid) -> Answer {
    let question = "same record";
    let (settings, flow) = (&scene.record.settings, &scene.record.settings.flow);
    let theirs = record_id(repo, tip);
    let place = format!("{}/{}", flow.remote, flow.mainline);
    let set_url = format!("git remote set-url {} URL", flow.remote);
    let head = repo.commit_at("HEAD");
    let is_committed = head.and_then(|head| record_id(repo, head)).is_some_and(|id| Some(&id) == theirs.as_ref());
    let is_strange = head.is_some_and(|head| !repo.is_related(head, tip));
    match (theirs, &settings.id) {
        (_, None) => {
            let told = format!("liaison.toml cannot be read here, so nobody can tell whether {place} is this record");
            Answer::problem(question, told).mend("liaison check tells what is wrong with it")
        }
        (None, Some(_)) => Answer::problem(question, format!("{place} holds no record")).mend(set_url),
        (Some(theirs), Some(_)) if settings.ids().any(|id| *id == theirs) && is_strange => {
            let told = format!("{place} has no history in common with this clone");
            Answer::problem(question, told).mend(set_url).mend("or clone the record anew, if its history was rewritten")
        }
        (Some(theirs), Some(ours)) if theirs == *ours => Answer::ok(question, format!("{place} has the id {ours}")),
        (Some(theirs), Some(_)) if settings.ids().any(|id| *id == theirs) => {
            Answer::warning(question, format!("{place} has the id {theirs}, which this record had before"))
                .mend(format!("git push {} {}", flow.remote, flow.mainline))
        }
        (Some(theirs), Some(ours)) if settings_at(repo, tip).is_some_and(|known| known.ids().any(|id| id == ours)) => {
            Answer::warning(question, format!("{place} has the id {theirs}; the one here, {ours}, it had before"))
                .mend("git pull --rebase")
        }
        (Some(theirs), Some(ours)) if is_committed => {
            let told =
                format!("liaison.toml gives the record the id {ours}; {place} and the last commit have {theirs}");
            Answer::problem(question, told).mend("git restore --staged --worktree liaison.toml")
        }
        (Some(theirs), Some(_)) => {
            Answer::problem(question, format!("{place} is another record, {theirs}")).mend(set_url)
        }
    }
}

/// Whether the remote is where the record says it lives, else it is a mirror.
fn home(scene: &Scene<'_>, url: &str) -> Option<Answer> {
    let home = scene.record.settings.home.as_ref()?;
    let (told, question) = (without_password(url), "home");
    if plain(home) == plain(url) {
        return Some(Answer::ok(question, format!("the record lives at {home}")));
    }
    let answer = Answer::warning(question, format!("the record lives at {home}, and {told} is a mirror"));
    Some(answer.mend(format!(
        "git remote set-url {} {home}, if you want the record itself",
        scene.record.settings.flow.remote
    )))
}

/// An address without what differs between ways to the same repository.
fn plain(url: &str) -> String {
    let url = url.trim().trim_end_matches('/').trim_end_matches(".git");
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let rest = rest.rsplit_once('@').map_or(rest, |(_, rest)| rest);
    rest.replacen(':', "/", 1).to_ascii_lowercase()
}

/// An address as it may be shown.
fn without_password(url: &str) -> String {
    match url.split_once("://").and_then(|(way, rest)| Some((way, rest.split_once('@')?.1))) {
        Some((way, rest)) => format!("{way}://{rest}"),
        None => url.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{plain, without_password};

    #[test]
    fn ways_to_one_repository_are_one_place() {
        let places = ["https://forge.example/o/r", "git@forge.example:o/r.git", "ssh://git@forge.example/o/r/"];
        assert!(places.iter().all(|url| plain(url) == "forge.example/o/r"), "{:?}", places.map(plain));
        assert_eq!(without_password("https://me:secret@forge.example/o/r"), "https://forge.example/o/r");
        assert_eq!(without_password("git@forge.example:o/r.git"), "git@forge.example:o/r.git");
    }
}
