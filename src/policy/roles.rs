//! Where a role of a table's row is held, seen from a group.

use chrono::NaiveDate;

use crate::config::{At, Settings};
use crate::directory::Directory;
use crate::domain::{Act, ActKind};
use crate::record::Letter;

/// The groups a row's `at` means: for `receiver`, each receiving group or the nearest body above it where the role is held.
pub fn at_groups(
    at: &At,
    role: Option<&str>,
    group: &str,
    receivers: &[String],
    directory: &Directory,
    settings: &Settings,
    day: NaiveDate,
) -> Vec<String> {
    match at {
        At::Group => vec![group.to_owned()],
        At::Parent => {
            directory.group(group, day).and_then(|(_, group)| group.parent.on(day)).cloned().into_iter().collect()
        }
        At::Organization => vec![settings.organization.clone()],
        At::Named(name) => vec![name.clone()],
        At::Receiver => receivers.iter().filter_map(|receiver| nearest(receiver, role, directory, day)).collect(),
    }
}

/// The group itself, or the nearest one above it where somebody holds the role or the role has an address.
fn nearest(group: &str, role: Option<&str>, directory: &Directory, day: NaiveDate) -> Option<String> {
    let (own, _) = directory.group(group, day)?;
    let reachable = |name: &&str| {
        role.is_none_or(|role| {
            !directory.holders(role, name, day).is_empty()
                || directory.groups.get(*name).is_some_and(|group| group.value.addresses.contains_key(role))
        })
    };
    std::iter::once(own).chain(directory.above(group, day)).find(reachable).map(str::to_owned)
}

/// The act that began the draft: who originated it, in which role.
pub fn drafter(letter: &Letter) -> Option<&Act> {
    letter.acts_of(ActKind::Draft).next().map(|act| &act.value)
}
