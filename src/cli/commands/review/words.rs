//! What changed in a letter, in words: "deadline 2026-12-20 → 2027-01-15".

use crate::digest::fields;
use crate::domain::Content;

/// The longest value that is told whole, in characters.
const LONGEST: usize = 120;

/// What a content says otherwise than an older one, a line for each field.
pub(super) fn changes(before: &Content, now: &Content) -> Vec<String> {
    let (before, now) = (fields(before), fields(now));
    let values = |fields: &[(&'static str, Vec<String>)], name: &str| {
        fields.iter().find(|(known, _)| *known == name).map(|(_, values)| values.clone()).unwrap_or_default()
    };
    let mut names: Vec<&'static str> = now.iter().map(|(name, _)| *name).collect();
    names.extend(before.iter().map(|(name, _)| *name).filter(|name| !now.iter().any(|(known, _)| known == name)));
    names.into_iter().filter_map(|name| change(name, &values(&before, name), &values(&now, name))).collect()
}

fn change(name: &str, before: &[String], now: &[String]) -> Option<String> {
    if before == now {
        return None;
    }
    let lacks = |one: &[String], other: &[String]| {
        let lacking = one.iter().filter(|value| !other.contains(value) && !value.is_empty());
        lacking.cloned().collect::<Vec<_>>()
    };
    let (gone, new) = (lacks(before, now), lacks(now, before));
    let told = match (before, now, name) {
        (_, _, "body") => format!("{}, {}", lines(new.len(), "new"), lines(gone.len(), "gone")),
        ([before], [now], _) => format!("{} → {}", short(before), short(now)),
        _ if gone.is_empty() && new.is_empty() => "in another order".to_owned(),
        _ => {
            let told = |sign: &str, values: &[String]| {
                values.iter().map(|value| format!("{sign} {}", short(value))).collect::<Vec<_>>()
            };
            [told("−", &gone), told("+", &new)].concat().join(", ")
        }
    };
    Some(format!("{name} {told}"))
}

fn lines(count: usize, how: &str) -> String {
    if count == 1 { format!("1 line {how}") } else { format!("{count} lines {how}") }
}

fn short(value: &str) -> String {
    if value.chars().count() <= LONGEST {
        return value.to_owned();
    }
    value.chars().take(LONGEST).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::parse_statement;
    use crate::shape::Sink;

    fn content(more: &str) -> Content {
        let text = format!("direction: outgoing\n{more}");
        parse_statement(text.as_bytes(), &mut Sink::new("x.yaml")).unwrap().value.content
    }

    #[test]
    fn each_field_is_told_by_what_it_was_and_is() {
        for (before, now, told) in [
            ("deadline: 2026-12-20\n", "deadline: 2027-01-15\n", &["deadline 2026-12-20 → 2027-01-15"][..]),
            ("title: A\n", "title: B\npurpose: for-action\n", &["title A → B", "purpose + for-action"]),
            ("purpose: for-action\n", "", &["purpose − for-action"]),
            ("from: {groups: [tls]}\n", "from: {groups: [tls, lamps]}\n", &["from.groups + lamps"]),
            ("from: {groups: [tls, lamps]}\n", "from: {groups: [lamps, tls]}\n", &["from.groups in another order"]),
            ("body: |\n  a\n  b\n", "body: |\n  a\n  c\n\n  d\n", &["body 2 lines new, 1 line gone"]),
            (
                "attachments: [{file: a.pdf}]\n",
                "attachments: [{file: b.pdf}]\n",
                &["attachments − file: a.pdf, + file: b.pdf"],
            ),
            ("title: A\n", "title: A\n", &[]),
        ] {
            assert_eq!(changes(&content(before), &content(now)), told, "{before}{now}");
        }
    }
}
