//! `CODEOWNERS`: whom a forge asks before what governs the record changes. It follows from the approval table and the directory.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use crate::config::Settings;
use crate::directory::{Directory, Person};
use crate::domain::ActKind;
use crate::findings::{Code, Finding, Place};
use crate::policy::changers;
use crate::store::{Record, StoreError};

/// Where forges look for it.
const PLACES: [&str; 4] = [".github/CODEOWNERS", ".gitlab/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"];

/// How the first line of one that this program wrote begins; the forge's host follows.
const FIRST: &str = "# liaison export codeowners --host ";

/// The file as it is on a day, for a forge; `prefix` leads from the repository's root to the record's.
pub fn codeowners(record: &Record<'_>, prefix: &str, host: &str, day: NaiveDate) -> String {
    let (directory, settings) = (&record.directory, &record.settings);
    let keepers = |kind: ActKind| owners(kind, directory, settings, host, day);
    let (registrars, rules) = (keepers(ActKind::Directory), keepers(ActKind::Policy));
    let rows = [
        ("directory/", &registrars),
        ("liaison.toml", &rules),
        ("trust/", &rules),
        (".github/", &rules),
        (".gitlab-ci.yml", &rules),
    ];
    let mut text = format!(
        "{FIRST}{host}\n# Who may change what governs this record, as its approval table and its directory say.\n"
    );
    for (path, owners) in rows.into_iter().filter(|(_, owners)| !owners.is_empty()) {
        text.push_str(&format!("/{prefix}{path} {}\n", owners.join(" ")));
    }
    text
}

/// The host whose accounts the directory knows, if it is one alone.
pub fn only_host(directory: &Directory) -> Option<&str> {
    let forges = directory.people.values().flat_map(|person| &person.value.forges);
    let hosts: BTreeSet<&str> = forges.map(|forge| forge.host.as_str()).collect();
    if hosts.len() == 1 { hosts.first().copied() } else { None }
}

fn owners(kind: ActKind, directory: &Directory, settings: &Settings, host: &str, day: NaiveDate) -> Vec<String> {
    let people = changers(kind, directory, settings, day).into_iter();
    let known = people.filter_map(|holder| directory.people.get(holder.person));
    let mut owners: Vec<String> = known.filter_map(|person| account(&person.value, host)).collect();
    owners.sort();
    owners.dedup();
    owners
}

/// A person's account on a forge, or the address by which it knows them.
fn account(person: &Person, host: &str) -> Option<String> {
    let mut accounts = person.forges.iter().filter(|forge| forge.host == host);
    let login = accounts.find_map(|forge| forge.login.as_ref()).map(|login| format!("@{login}"));
    login.or_else(|| person.addresses.first().map(ToString::to_string)).filter(|_| !person.is_service)
}

/// Reports files that the program wrote and that are no longer what it would write.
pub(super) fn stale(record: &Record<'_>, day: NaiveDate) -> Result<Vec<Finding>, StoreError> {
    let mut findings = Vec::new();
    for path in PLACES {
        let Some(bytes) = record.files().read(path)? else { continue };
        let text = String::from_utf8_lossy(&bytes).replace("\r\n", "\n");
        let host = text.lines().next().and_then(|line| line.strip_prefix(FIRST));
        // One that lies above the record's folder is the repository's; one that somebody else wrote is theirs.
        let Some(host) = host else { continue };
        if text != codeowners(record, "", host, day) {
            let message = "this is not what the approval table and the directory say today";
            let help = format!("liaison export codeowners --host {host} --out {path}");
            findings.push(Finding::plain(Code::CodeownersStale, message).at(Place::file(path)).help(help));
        }
    }
    Ok(findings)
}
