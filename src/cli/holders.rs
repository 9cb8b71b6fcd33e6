//! Holders of the trust root whose key the directory calls compromised. The root itself goes by the key that it names, whatever
//! the directory says of it (docs/trust.md): so somebody has to be told, and to rotate it.

use chrono::NaiveDate;

use crate::directory::key::{fingerprint, is_same};
use crate::directory::{Directory, Key, RootHolder, TrustRoot};
use crate::store::{Record, Trust};

/// How much of a fingerprint names a key in an option.
const SHORT: usize = 19;

/// A holder with what the directory says of their key.
pub(crate) struct Suspect<'r> {
    /// The holder.
    pub(crate) holder: &'r RootHolder,
    /// The commit since which somebody else may have the key.
    pub(crate) since: &'r str,
}

impl Suspect<'_> {
    /// "the key SHA256:EUpDXs… of Ada Example is compromised since 2f1c09a…".
    pub(crate) fn text(&self, directory: &Directory) -> String {
        let (handle, print) = (&self.holder.handle, fingerprint(&self.holder.public).unwrap_or_default());
        format!("the key {print} of {} is compromised since {}", directory.name_of(handle), self.since)
    }
}

/// The holders of a root whose key is compromised, in whosever file it stands.
pub(crate) fn suspects<'r>(root: &'r TrustRoot, directory: &'r Directory) -> Vec<Suspect<'r>> {
    let suspect = |holder: &'r RootHolder| {
        let mut keys = directory.people.values().flat_map(|person| &person.value.keys);
        let since = keys.find_map(|key| key.compromised.as_ref().filter(|_| is_same(&key.public, &holder.public)))?;
        Some(Suspect { holder, since })
    };
    root.holders.iter().filter_map(suspect).collect()
}

/// The root that counts; where none does yet, the one that waits.
pub(crate) fn present_root(trust: &Trust, record: &Record<'_>) -> Option<TrustRoot> {
    let waiting = trust.root.as_ref().map(|file| &file.root.value);
    trust.roots(&record.settings).present().or(waiting).cloned()
}

/// The commands that give a root other keys for those: a new key for whoever has no other one, then the rotation.
pub(crate) fn rotation(root: &TrustRoot, directory: &Directory, day: NaiveDate) -> Vec<String> {
    let keys = |handle: &str| -> Vec<&Key> {
        let keys = directory.people.get(handle).map(|person| person.value.keys.as_slice()).unwrap_or_default();
        keys.iter().filter(|key| key.is_ssh && key.is_good_on(day)).collect()
    };
    let named = |holder: &RootHolder| {
        let (handle, good) = (&holder.handle, keys(&holder.handle));
        let own = good.iter().find(|key| is_same(&key.public, &holder.public));
        match (own.and_then(|key| fingerprint(&key.public)), good.len()) {
            (Some(print), 2..) => format!("{handle}={}", print.chars().take(SHORT).collect::<String>()),
            (None, 2..) => format!("{handle}=KEY"),
            (_, 0 | 1) => handle.clone(),
        }
    };
    let lacking = root.holders.iter().filter(|holder| keys(&holder.handle).is_empty());
    let mut commands: Vec<String> =
        lacking.map(|holder| format!("liaison person key add {} --ssh FILE.pub", holder.handle)).collect();
    let holders: Vec<String> = root.holders.iter().map(|holder| format!("--holder {}", named(holder))).collect();
    commands.push(format!("liaison trust rotate {} --threshold {}", holders.join(" "), root.threshold));
    commands
}
