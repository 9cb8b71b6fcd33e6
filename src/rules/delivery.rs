//! Whether mail servers accept an address: the form of RFC 5321, with domains in any script.

use std::ops::RangeInclusive;

use super::Case;
use super::places::{ADDRESS_KEYS, contacts_at, mend};
use crate::domain::text::quote;
use crate::domain::{Address, Contact};
use crate::findings::{Code, Finding, Place};

/// Reports an address to which no mail server delivers.
pub(super) fn address_invalid(case: &Case<'_>) -> Vec<Finding> {
    let report = |(contact, place): (Contact, Place)| {
        let fault = fault(&contact.address)?;
        let finding = case.finding(
            Code::AddressInvalid,
            format!("{} cannot be delivered to: {fault}", quote(contact.address.as_str())),
        );
        Some(finding.at(place).help(mend(case, "write one address as mail servers know it, such as chair@example.org")))
    };
    ADDRESS_KEYS.into_iter().flat_map(|path| contacts_at(case, path)).filter_map(report).collect()
}

/// What keeps an address from being delivered to: the form of RFC 5321, section 4.1.2, with domains in any script.
pub(super) fn fault(address: &Address) -> Option<String> {
    let (local, domain) = (address.local(), address.as_str().rsplit('@').next().unwrap_or_default());
    local_fault(local).or_else(|| domain_fault(domain)).or_else(|| {
        let octets = address.as_str().len();
        (octets > 254).then(|| format!("it has {octets} octets, at most 254 are allowed"))
    })
}

fn local_fault(local: &str) -> Option<String> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c);
    if let Some(c) = local.chars().find(|c| !allowed(*c)) {
        return Some(format!("`{}` stands before the @", c.escape_debug()));
    }
    if local.split('.').any(str::is_empty) {
        return Some("a dot before the @ has nothing on one side".to_owned());
    }
    let octets = local.len();
    (octets > 64).then(|| format!("there are {octets} octets before the @, at most 64 are allowed"))
}

fn domain_fault(domain: &str) -> Option<String> {
    let allowed = |c: char| c == '.' || c == '-' || c.is_ascii_alphanumeric() || is_of_a_script(c);
    if let Some(c) = domain.chars().find(|c| !allowed(*c)) {
        return Some(format!("`{}` stands in the domain", c.escape_debug()));
    }
    let labels: Vec<&str> = domain.split('.').collect();
    if labels.iter().any(|label| label.is_empty()) {
        return Some("a dot of the domain has nothing on one side".to_owned());
    }
    if let Some(label) = labels.iter().find(|label| label.starts_with('-') || label.ends_with('-')) {
        return Some(format!("`{label}` in the domain begins or ends with a hyphen"));
    }
    // A label in another script is longer on the wire than its characters: `xn--` and more.
    let length = |label: &str| label.chars().count() + if label.is_ascii() { 0 } else { 4 };
    if let Some(label) = labels.iter().find(|label| length(label) > 63) {
        return Some(format!("`{label}` in the domain has more than 63 characters"));
    }
    match labels.as_slice() {
        [] | [_] => Some("the domain has no dot".to_owned()),
        [.., last] if last.chars().all(|c| c.is_ascii_digit()) => Some(format!("no domain ends in `{last}`")),
        _ if domain.len() > 253 => Some(format!("the domain has {} octets, at most 253 are allowed", domain.len())),
        _ => None,
    }
}

/// Blocks of Unicode whose characters are signs, not letters, or cannot be seen.
const SIGNS: [RangeInclusive<char>; 7] = [
    '\u{80}'..='\u{bf}',
    '\u{2000}'..='\u{206f}',
    '\u{2e00}'..='\u{2e7f}',
    '\u{3000}'..='\u{3004}',
    '\u{fe00}'..='\u{fe6f}',
    '\u{ff00}'..='\u{ff64}',
    '\u{fff0}'..='\u{ffff}',
];

/// Whether a character may stand in a domain of another script: a letter, or what some scripts need between letters.
fn is_of_a_script(c: char) -> bool {
    let is_joiner = "\u{b7}\u{200c}\u{200d}".contains(c);
    !c.is_ascii() && (c.is_alphanumeric() || is_joiner || !SIGNS.iter().any(|signs| signs.contains(&c)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_mail_servers_refuse_has_a_fault() {
        let long_local = format!("{}@a.example", "x".repeat(65));
        let long_label = format!("a@{}.example", "x".repeat(64));
        let long_domain = format!("a@{}example", "abcdefghi.".repeat(25));
        for refused in [
            "a@b.example,c",
            "a,b@c.example",
            "a;b@c.example",
            "a\\b@c.example",
            "a..b@c.example",
            ".a@c.example",
            "a.@c.example",
            "a@c.example.",
            "a@.c.example",
            "a@c..example",
            "a@-c.example",
            "a@c-.example",
            "a@c_d.example",
            "a@localhost",
            "a@[192.0.2.1]",
            "a@192.0.2.1",
            "é@c.example",
            "(a)@c.example",
            "a@c\u{202e}.example",
            "a@c。example",
            "a@c.example；",
            &long_local,
            &long_label,
            &long_domain,
        ] {
            let address = Address::parse(refused).unwrap();
            assert!(fault(&address).is_some(), "{refused}");
        }
    }

    #[test]
    fn what_they_accept_has_none() {
        for accepted in [
            "a@b.example",
            "first.last+tag@sub-domain.b.example",
            "o'neill@b.example",
            "liaison@例え.example",
            "info@bücher.example",
            "info@हिन्दी.example",
            "sg15=itu@xn--bcher-kva.example",
        ] {
            assert_eq!(fault(&Address::parse(accepted).unwrap()), None, "{accepted}");
        }
    }
}
