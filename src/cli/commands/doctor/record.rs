//! Questions about the record: settings, proofs, the trust root.

use std::collections::{BTreeMap, BTreeSet};

use crate::cli::holders::{present_root, rotation, suspects};
use crate::cli::pin::{Pin, pin};
use crate::cli::wording::counted;
use crate::config::Grade;
use crate::domain::kind_of_change;
use crate::findings::{Finding, Severity};
use crate::policy::{approvers, at_groups, effective_version, may_do, root_standings, row_for};

use super::{Answer, Scene, some};

/// Whether the record is one, and its settings can be relied on.
pub(super) fn settings(scene: &Scene<'_>) -> Answer {
    let question = "record";
    let record = scene.record;
    let wrong = record.findings.iter().filter(|finding| finding.severity == Severity::Error).count();
    let root = scene.desk.tree.root().display();
    match &record.settings.id {
        None => Answer::problem(question, format!("{root}: liaison.toml cannot be relied on")).mend("liaison check"),
        Some(id) if id.is_template() => {
            let told = "the record has the template's id: nothing that is signed here would be bound to it";
            Answer::problem(question, told).mend("liaison init DIR makes a record with an id of its own")
        }
        Some(_) if wrong > 0 => {
            let told = format!("{root}: {} in settings, directory and layout", counted(wrong, "error"));
            Answer::problem(question, told).mend("liaison check")
        }
        Some(id) => Answer::ok(question, format!("{}, {id}", record.settings.name)),
    }
}

/// Whether settings and directory have no fault of form.
pub(super) fn is_readable(scene: &Scene<'_>) -> bool {
    let counts =
        |finding: &Finding| finding.severity == Severity::Error && kind_of_change(&finding.place.file).is_some();
    !scene.record.findings.iter().any(counts)
}

/// What stands for the questions about people, proofs and the trust root while nobody can tell.
pub(super) fn not_asked() -> Answer {
    let told = "not asked about you, your key, roles, proofs and the trust root: settings or directory have faults";
    Answer::warning("people", told).mend("liaison check; when that is mended, liaison doctor again")
}

/// Whether whoever could approve can prove it as the table asks.
pub(super) fn proof(scene: &Scene<'_>) -> Answer {
    let question = "proofs";
    let (directory, settings, day) = (&scene.record.directory, &scene.record.settings, scene.ctx.now.day());
    let mut lacking: BTreeSet<&str> = BTreeSet::new();
    let (mut people, mut wants) = (BTreeSet::new(), false);
    for group in directory.groups.keys().filter(|group| directory.is_below(group, &settings.organization, day)) {
        let Some(row) = row_for("send", group, directory, settings, day) else { continue };
        let is_signed = row.grade == Grade::Signed;
        wants |= is_signed;
        for holder in approvers(group, directory, settings, day) {
            people.insert(holder.person);
            let person = directory.people.get(holder.person);
            if is_signed && !person.is_some_and(|person| person.value.keys.iter().any(|key| key.is_good_on(day))) {
                lacking.insert(holder.person);
            }
        }
    }
    if people.is_empty() {
        let answer =
            Answer::warning(question, "nobody may approve a letter yet: no role that the approval table names is held");
        return answer.mends(roles_to_begin(scene));
    }
    if !wants {
        let told = "the approval table accepts approvals that nobody signed";
        let set = "in liaison.toml: [proof] grade = \"signed\", then liaison record-change";
        return Answer::warning(question, told).mend(scene.whom().policy(set));
    }
    if lacking.is_empty() {
        return Answer::ok(
            question,
            format!("approvals are signed, and each of {} has a key", counted(people.len(), "approver")),
        );
    }
    let names: Vec<String> = lacking.iter().map(|person| (*person).to_owned()).collect();
    let told = format!(
        "approvals are signed, and {} of {} have no key: {}",
        names.len(),
        counted(people.len(), "approver"),
        some(&names, 6)
    );
    let answer = Answer::warning(question, told);
    let whom = scene.whom();
    answer.mends(
        names.iter().take(3).map(|person| whom.directory(&format!("liaison person key add {person} --ssh FILE.pub"))),
    )
}

/// What begins the roles that approve, a command for each kind of role.
fn roles_to_begin(scene: &Scene<'_>) -> Vec<String> {
    let (directory, settings, day) = (&scene.record.directory, &scene.record.settings, scene.ctx.now.day());
    let people: Vec<&String> =
        directory.people.iter().filter(|(_, one)| !one.value.is_service).map(|(handle, _)| handle).collect();
    let who = if let [only] = people.as_slice() { only.as_str() } else { "HANDLE" };
    let mut begun: BTreeMap<&str, String> = BTreeMap::new();
    for group in directory.groups.keys().filter(|group| directory.is_below(group, &settings.organization, day)) {
        let Some(first) = row_for("send", group, directory, settings, day).and_then(|row| row.any_of.first()) else {
            continue;
        };
        let at = at_groups(&first.at, Some(&first.role), group, &[], directory, settings, day);
        if let Some(at) = at.into_iter().next() {
            begun.entry(&first.role).or_insert_with(|| format!("liaison role begin {} {at} {who}", first.role));
        }
    }
    if begun.is_empty() {
        return vec![
            scene.whom().directory("liaison group add ACRONYM --name NAME --kind working-group --parent AREA"),
        ];
    }
    begun.into_values().take(3).map(|command| scene.whom().directory(&command)).collect()
}

/// The people who could hold a trust root, as options: up to three, those with a key first, and among them who keeps the record.
/// Two of several have to sign, and one alone where there is only one.
fn holders(scene: &Scene<'_>) -> (usize, String) {
    let (directory, settings, day) = (&scene.record.directory, &scene.record.settings, scene.ctx.now.day());
    let keeps = |person: &str| may_do(person, "directory", &[], directory, settings, day).is_some();
    let mut people: Vec<(&String, bool)> = directory
        .people
        .iter()
        .filter(|(_, person)| !person.value.is_service)
        .map(|(handle, person)| (handle, person.value.keys.iter().any(|key| key.is_ssh && key.is_good_on(day))))
        .collect();
    people.sort_by_key(|(handle, has_key)| (!has_key, !keeps(handle)));
    people.truncate(3);
    let options: String = people.iter().map(|(handle, _)| format!(" --holder {handle}")).collect();
    (people.len(), format!("{options} --threshold {}", people.len().min(2)))
}

/// Whether the record has a trust root, and this clone's pin leads to it.
pub(super) fn trust_root(scene: &Scene<'_>) -> anyhow::Result<Answer> {
    let question = "trust root";
    let trust = scene.record.trust()?;
    let Some(root) = &trust.root else {
        let answer = Answer::warning(question, "the record has none: whoever can push can change who may approve");
        return Ok(match holders(scene) {
            (0, _) => answer.mend("liaison person add HANDLE --name NAME --address ADDRESS, then liaison doctor again"),
            (_, options) => answer.mend(format!("liaison trust init{options}")),
        });
    };
    let standings = match root_standings(root, &trust.former, &trust.acts, &scene.record.settings) {
        Ok(standings) => standings,
        Err(fault) => return Ok(Answer::problem(question, fault.to_string()).mend("liaison trust show")),
    };
    let (version, root) = (root.root.value.version, &root.root.value);
    if effective_version(&standings) != Some(version) {
        let answer = Answer::warning(question, format!("version {version} lacks signatures"));
        return Ok(answer.mend("liaison trust show").mend("liaison trust sign, by its holders"));
    }
    let pin = scene.repo.as_ref().map_or(Pin::None, |repo| pin(scene.desk, repo, scene.record, &trust));
    Ok(match pin {
        Pin::Bad { commit, why, is_slip } => {
            let answer =
                Answer::problem(question, format!("liaison.trustRoot is {commit}, and does not lead here: {why}"));
            let pin = "liaison trust pin COMMIT, with the whole id of a commit that you know from its holders";
            match is_slip {
                true => answer.mend(pin),
                false => {
                    answer.mend("ask its holders which commit they publish, before you believe anything here").mend(pin)
                }
            }
        }
        Pin::None => Answer::warning(question, format!("version {version} is not pinned in this clone"))
            .mend("liaison trust pin COMMIT, with a commit that you know from its holders"),
        Pin::Older { commit } => {
            let told = format!("version {version}; this clone trusts the history from {commit} on, which is older");
            Answer::ok(question, told)
        }
        Pin::Good { .. } if root.threshold == 1 => {
            let answer = Answer::warning(question, "one person alone can change it, and so can whoever takes that key");
            match holders(scene) {
                (0 | 1, _) => answer.mend(
                    "liaison person add HANDLE --name NAME --address ADDRESS, and once there are more people, liaison \
                     trust rotate",
                ),
                (_, options) => answer.mend(format!("liaison trust rotate{options}")),
            }
        }
        Pin::Good { .. } => Answer::ok(
            question,
            format!("version {version}, {} of {} holders, pinned", root.threshold, root.holders.len()),
        ),
    })
}

/// Whether a holder's key is one that somebody else may have. Only the holders can change that.
pub(super) fn root_keys(scene: &Scene<'_>) -> anyhow::Result<Option<Answer>> {
    let (record, trust) = (scene.record, scene.record.trust()?);
    let Some(root) = present_root(&trust, record) else { return Ok(None) };
    let directory = &record.directory;
    let told: Vec<String> = suspects(&root, directory).iter().map(|suspect| suspect.text(directory)).collect();
    if told.is_empty() {
        return Ok(None);
    }
    let is_mine = scene.me.as_ref().is_some_and(|me| root.holder(me.as_str()).is_some());
    let names: Vec<String> = root.holders.iter().map(|holder| directory.name_of(&holder.handle).to_owned()).collect();
    let typed = |command: String| match command.starts_with("liaison trust") {
        true if is_mine => command,
        true => format!("ask its holders, {}, one of whom types: {command}", some(&names, 6)),
        false => scene.whom().directory(&command),
    };
    let told = format!("{}: the root goes by it until it is rotated", told.join("; "));
    let commands = rotation(&root, directory, scene.ctx.now.day()).into_iter().map(typed);
    Ok(Some(Answer::problem("root keys", told).mends(commands)))
}
