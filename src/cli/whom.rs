//! Advice that whoever reads it can follow: a command they may run, or whom to ask, and what that person types.

use chrono::NaiveDate;

use super::pin::PIN;
use super::present::holder_text;
use crate::config::{Grade, Settings};
use crate::directory::Directory;
use crate::domain::ActKind;
use crate::policy::{changers, wanted_grade};

/// A record's rules about who may change directory and settings, on a day.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Whom<'a> {
    /// Groups and people.
    pub(crate) directory: &'a Directory,
    /// What the record says of itself.
    pub(crate) settings: &'a Settings,
    /// The day.
    pub(crate) day: NaiveDate,
    /// Who reads the advice; nothing where the directory does not know them.
    pub(crate) reader: Option<&'a str>,
}

impl Whom<'_> {
    /// A command that changes the directory.
    pub(crate) fn directory(&self, command: &str) -> String {
        self.typed(ActKind::Directory, command)
    }

    /// A command that changes `liaison.toml`.
    pub(crate) fn policy(&self, command: &str) -> String {
        self.typed(ActKind::Policy, command)
    }

    /// Where nobody may yet, everybody does. Where a change counts only with a signature, whoever has no key is no help.
    fn typed(&self, kind: ActKind, command: &str) -> String {
        let mut may = changers(kind, self.directory, self.settings, self.day);
        if wanted_grade(kind, self.directory, self.settings, self.day) == Grade::Signed {
            may.retain(|holder| self.has_key(holder.person));
        }
        if may.is_empty() || may.iter().any(|holder| Some(holder.person) == self.reader) {
            return command.to_owned();
        }
        let names: Vec<String> = may.iter().take(3).map(|holder| holder_text(holder, self.directory)).collect();
        format!("ask {}, who types: {command}", names.join(", or "))
    }

    /// Whether a person could sign today, as the directory says.
    pub(crate) fn has_key(&self, person: &str) -> bool {
        let known = self.directory.people.get(person);
        known.is_some_and(|person| person.value.keys.iter().any(|key| key.is_good_on(self.day)))
    }

    /// What is to be done about a first key, which does not vouch for itself: somebody else with a key confirms it; where there is
    /// nobody, whoever looked at the record pins it as it is at a commit.
    pub(crate) fn first_key(&self, person: &str, commit: &str) -> String {
        let others = changers(ActKind::Directory, self.directory, self.settings, self.day);
        let others = others.iter().filter(|holder| holder.person != person && self.has_key(holder.person));
        let names: Vec<String> = others.take(3).map(|holder| holder_text(holder, self.directory)).collect();
        if names.is_empty() {
            return format!(
                "nobody else here could vouch for it: whoever looked at the record trusts it from here on with: git config \
                 {PIN} {commit}"
            );
        }
        format!("ask {}, who types: liaison record-change directory/people/{person}.toml", names.join(", or "))
    }
}
