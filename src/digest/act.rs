//! `liaison-act-v1`: the short ASCII text that a person signs (docs/digest.md, section 2).

use super::lines::{bare, line, maybe, text};
use crate::domain::{Act, Detail, Details, Digest, RecordId};

/// The text of an act on `subject`: a letter's draft name, or the number of a letter that never was a draft.
pub fn act_text(act: &Act, record: &RecordId, subject: &str) -> String {
    let mut lines = String::from("liaison-act-v1\n");
    line(&mut lines, "record", record);
    line(&mut lines, "subject", subject);
    line(&mut lines, "act", act.kind);
    maybe(&mut lines, "content", act.content);
    maybe(&mut lines, "preview", act.preview);
    maybe(&mut lines, "revokes", act.revokes);
    maybe(&mut lines, "details", details_digest(&act.details));
    line(&mut lines, "by", &act.by);
    maybe(&mut lines, "role", act.role.as_ref());
    maybe(&mut lines, "of", act.of.as_ref());
    act.for_groups.iter().for_each(|group| line(&mut lines, "for", group));
    maybe(&mut lines, "recorded-by", act.recorded_by.as_ref());
    maybe(&mut lines, "evidence", act.evidence.as_ref());
    line(&mut lines, "at", act.at);
    lines
}

/// The act's id: what a `revoke` names.
pub fn act_id(act: &Act, record: &RecordId, subject: &str) -> Digest {
    Digest::of(act_text(act, record, subject).as_bytes())
}

/// The digest of the details as lines, keys sorted at each level; nothing when there are none.
fn details_digest(details: &Details) -> Option<Digest> {
    let mut lines = String::new();
    map(&mut lines, "", details);
    (!lines.is_empty()).then(|| Digest::of(lines.as_bytes()))
}

fn map(lines: &mut String, path: &str, details: &Details) {
    for (key, detail) in details.iter().filter(|(_, detail)| !detail.is_empty()) {
        let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
        value(lines, &path, detail);
    }
}

fn value(lines: &mut String, path: &str, detail: &Detail) {
    match detail {
        Detail::Text(value) => text(lines, path, value.lines()),
        Detail::Map(details) => map(lines, path, details),
        Detail::List(items) => {
            for item in items.iter().filter(|item| !item.is_empty()) {
                if let Detail::Map(_) = item {
                    bare(lines, path);
                }
                value(lines, path, item);
            }
        }
    }
}
