//! Advice that whoever reads it can follow: a command they may run, or whom to ask, and what that person types.

use chrono::NaiveDate;

use super::present::holder_text;
use crate::config::Settings;
use crate::directory::Directory;
use crate::domain::ActKind;
use crate::policy::changers;

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

    /// Where nobody may yet, everybody does.
    fn typed(&self, kind: ActKind, command: &str) -> String {
        let may = changers(kind, self.directory, self.settings, self.day);
        if may.is_empty() || may.iter().any(|holder| Some(holder.person) == self.reader) {
            return command.to_owned();
        }
        let names: Vec<String> = may.iter().take(3).map(|holder| holder_text(holder, self.directory)).collect();
        format!("ask {}, who types: {command}", names.join(", or "))
    }
}
