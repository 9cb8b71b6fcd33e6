//! Rules about the record as a whole.

use std::sync::Arc;

use super::example_people::{is_example_key, is_invented};
use crate::config::Settings;
use crate::directory::Directory;
use crate::domain::Instant;
use crate::findings::{Code, Finding, Place};
use crate::shape::Located;

/// The record's own id, its organization, the place of its private folder.
pub(super) fn judge_record(
    settings: &Settings,
    config: Option<&Located<Settings>>,
    directory: &Directory,
    now: Instant,
) -> Vec<Finding> {
    let place = |path: &str| config.map_or_else(|| Place::file("liaison.toml"), |config| config.place(path));
    let mut findings = Vec::new();
    if settings.id.as_ref().is_some_and(crate::domain::RecordId::is_template) {
        let finding =
            Finding::plain(Code::RecordIdMissing, "the record still has the template's id").at(place("record.id"));
        findings
            .push(finding.help("write one of its own at `id` under [record] in liaison.toml: what `uuidgen` prints"));
    }
    if !settings.organization.is_empty() && directory.group(&settings.organization, now.day()).is_none() {
        let finding = Finding::plain(
            Code::UnknownOrganization,
            format!("`{}` is no group of the directory", settings.organization),
        )
        .at(place("record.organization"));
        findings.push(
            finding.help(format!(
                "`liaison group add {}`, or name another group at `organization`",
                settings.organization
            )),
        );
    }
    findings.extend(private_inside(settings, place("private.path")));
    findings.extend(example_in_real_record(settings, directory));
    findings
}

/// Reports a private folder that everybody would see, because it lies inside the record. Only the path is looked at.
fn private_inside(settings: &Settings, place: Place) -> Option<Finding> {
    let path = settings.private_path.as_ref().filter(|path| is_inside(path))?;
    let message = format!("the private folder `{path}` lies inside the record, and what is committed is public");
    let finding = Finding::plain(Code::PrivateInside, message).at(place);
    Some(finding.help("name a folder outside the record, such as `../private`"))
}

/// Whether a path leads nowhere outside the folder it starts from.
fn is_inside(path: &str) -> bool {
    let path = path.replace('\\', "/");
    let has_drive = path.as_bytes().get(1) == Some(&b':');
    if path.starts_with('/') || has_drive {
        return false;
    }
    let mut depth: i64 = 0;
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => depth -= 1,
            _ => depth += 1,
        }
        if depth < 0 {
            return false;
        }
    }
    true
}

/// Reports invented people of the example, and keys of theirs, in a record that is not one.
fn example_in_real_record(settings: &Settings, directory: &Directory) -> Vec<Finding> {
    if settings.example {
        return Vec::new();
    }
    let invented =
        |(handle, person): &(&String, &Arc<Located<crate::directory::Person>>)| is_invented(handle, &person.value.name);
    let finding = |(handle, person): (&String, &Arc<Located<crate::directory::Person>>)| {
        let message = format!("{} (`{handle}`) is an invented person of the example record", person.value.name);
        let finding = Finding::plain(Code::ExampleInRealRecord, message).at(person.place("name"));
        finding
            .help("take the person out of the directory; where all is invented, write `example = true` under [record]")
    };
    let people = directory.people.iter().filter(invented).map(finding);
    let keys = directory.people.values().flat_map(|person| {
        let known = person.value.keys.iter().enumerate().filter(|(_, key)| is_example_key(&key.public));
        known.map(|(index, _)| {
            let message = "this is the key of an invented person, whose private half comes with the program: everybody signs with it";
            let finding = Finding::plain(Code::ExampleInRealRecord, message);
            finding.at(person.place_in_item("key", index, "public")).help("take the key out of the directory")
        })
    });
    people.chain(keys).collect()
}

#[cfg(test)]
mod tests {
    use super::is_inside;

    #[test]
    fn a_path_is_inside_unless_it_climbs_out() {
        for path in ["private", "./private", "a/../private", ".", "~/private", "a\\private"] {
            assert!(is_inside(path), "{path}");
        }
        for path in ["../private", "a/../../private", "/srv/private", "..\\private", "C:\\private"] {
            assert!(!is_inside(path), "{path}");
        }
    }
}
