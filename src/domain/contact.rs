//! Mail addresses with and without a name.

use std::fmt;

use super::text::{Line, Malformed};

const EXPECTED: &str = "`Name <local@domain>` or `local@domain`";

/// A mail address, its case kept.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Address(String);

impl Address {
    /// Checks an address: one `@`, no space, quote or angle bracket.
    ///
    /// # Errors
    /// Returns [`Malformed`] for any other shape.
    pub fn parse(value: &str) -> Result<Self, Malformed> {
        let refused = |c: char| c.is_whitespace() || c.is_control() || "\"<>".contains(c);
        match value.split_once('@') {
            Some((local, domain))
                if !local.is_empty() && !domain.is_empty() && !domain.contains('@') && !value.contains(refused) =>
            {
                Ok(Self(value.to_owned()))
            }
            _ => Err(Malformed::new(value, EXPECTED)),
        }
    }

    /// The address as written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What stands after the `@`, in lower case.
    pub fn domain(&self) -> String {
        self.0.rsplit('@').next().unwrap_or_default().to_ascii_lowercase()
    }

    /// What stands before the `@`.
    pub fn local(&self) -> &str {
        self.0.split('@').next().unwrap_or_default()
    }

    /// Whether two addresses reach the same mailbox for all practical purposes.
    pub fn same_mailbox(&self, other: &Self) -> bool {
        self.0.eq_ignore_ascii_case(&other.0)
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An address and, if given, the name that stands before it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Contact {
    /// The display name, unquoted.
    pub name: Option<String>,
    /// Where mail goes.
    pub address: Address,
}

impl Contact {
    /// Reads `Name <address>`, `<address>` or `address`. `Ok(None)` is an empty value.
    ///
    /// The address is what stands after the last `<`; outer quotes and backslashes of the name are removed.
    ///
    /// # Errors
    /// Returns [`Malformed`] for any other shape.
    pub fn parse(value: &str) -> Result<Option<Self>, Malformed> {
        let Some(line) = Line::parse(value)? else { return Ok(None) };
        let line = line.as_str();
        let (name, address) = match line.rfind('<') {
            None => ("", line),
            Some(at) => {
                let address = line[at + 1..].strip_suffix('>').ok_or_else(|| Malformed::new(line, EXPECTED))?;
                (line[..at].trim_matches(' '), address)
            }
        };
        let name = unquoted(name);
        if name.contains(['<', '>']) {
            return Err(Malformed::new(line, EXPECTED));
        }
        let address = Address::parse(address).map_err(|_| Malformed::new(line, EXPECTED))?;
        Ok(Some(Self { name: (!name.is_empty()).then_some(name), address }))
    }

    /// A contact that is only an address.
    pub fn bare(address: Address) -> Self {
        Self { name: None, address }
    }

    /// A contact with a name.
    pub fn named(name: &str, address: Address) -> Self {
        Self { name: Some(name.to_owned()), address }
    }
}

/// Removes outer quotes, and the backslashes that quoting needed.
fn unquoted(name: &str) -> String {
    let inner = name.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(name);
    let mut plain = String::with_capacity(inner.len());
    let mut chars = inner.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => plain.extend(chars.next()),
            c => plain.push(c),
        }
    }
    plain.trim_matches(' ').to_owned()
}

impl fmt::Display for Contact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.name {
            Some(name) => write!(f, "{name} <{}>", self.address),
            None => write!(f, "<{}>", self.address),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_addresses_have_one_form() {
        for (written, form) in [
            ("TLS Chairs <tls-chairs@ietf.org>", "TLS Chairs <tls-chairs@ietf.org>"),
            ("\"SA3 Chair\" <sa3@3gpp.example>", "SA3 Chair <sa3@3gpp.example>"),
            ("\"Café, \\\"Équipe\\\"\" <a@b.example>", "Café, \"Équipe\" <a@b.example>"),
            ("a@b.example", "<a@b.example>"),
            ("<a@b.example>", "<a@b.example>"),
        ] {
            assert_eq!(Contact::parse(written).unwrap().unwrap().to_string(), form);
        }
    }

    #[test]
    fn what_is_no_contact_is_refused() {
        for refused in ["a <b@c> d@e", "a@b@c", "no address", "a b@c", "a <b@c", "x <>", "<a@b> <c@d>"] {
            assert!(Contact::parse(refused).is_err(), "{refused}");
        }
    }
}
