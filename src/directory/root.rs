//! The trust root, `trust/root.toml`: the few people who together say who may change the trust root itself.

use super::Key;
use super::key::{is_same, parse_ssh};
use crate::config::toml_tree::parse_toml;
use crate::domain::{Digest, Malformed};
use crate::findings::{Code, Finding};
use crate::shape::{Fields, Form, Located, Node, Shape, Sink, draw};

/// A version of the root: so many of these people must sign the next one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrustRoot {
    /// From 1, one more with each rotation.
    pub version: u64,
    /// How many of the holders must sign.
    pub threshold: u64,
    /// Who holds it.
    pub holders: Vec<RootHolder>,
}

/// Somebody who holds the root, with the key that counts for that.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RootHolder {
    /// The handle in the directory.
    pub handle: String,
    /// The SSH public key, as text.
    pub public: String,
}

/// A version of the root with the digest of its file.
#[derive(Debug, Clone)]
pub struct RootFile {
    /// Of the file's bytes.
    pub digest: Digest,
    /// What it says.
    pub root: Located<TrustRoot>,
}

impl RootHolder {
    /// Their key, as the directory holds keys.
    pub fn key(&self) -> Key {
        let public = self.public.clone();
        Key { is_ssh: true, public, since: None, retired: None, compromised: None, compromised_on: None, reason: None }
    }
}

impl TrustRoot {
    /// A person's part in it.
    pub fn holder(&self, handle: &str) -> Option<&RootHolder> {
        self.holders.iter().find(|holder| holder.handle == handle)
    }
}

/// Reads a root; everything wrong with it goes to the sink. A root that cannot be relied on is none.
pub fn parse_root(bytes: &[u8], sink: &mut Sink<'_>) -> Option<RootFile> {
    let root = parse_toml(bytes, sink)?;
    let root = Located::read(root, sink, trust_root)?;
    sink.findings.is_empty().then(|| RootFile { digest: Digest::of(bytes), root })
}

/// What the trust root's file may say.
pub fn root_shape() -> Shape {
    draw(trust_root)
}

fn trust_root(root: &Node, sink: &mut Sink<'_>) -> Option<TrustRoot> {
    let mut fields = Fields::of(root, "a trust root", sink)?;
    for key in ["version", "threshold", "holder"] {
        fields.require(key, sink);
    }
    let (version, threshold) = (fields.number("version", sink), fields.number("threshold", sink));
    let holders = fields.mappings("holder", sink, holder);
    let span = fields.span();
    fields.finish(sink);
    let value = TrustRoot { version: version?, threshold: threshold?, holders };
    if let Some(fault) = fault(&value) {
        sink.push(Finding::plain(Code::InvalidValue, fault), span);
    }
    Some(value)
}

fn holder(node: &Node, sink: &mut Sink<'_>) -> Option<RootHolder> {
    let mut fields = Fields::of(node, "a holder of the trust root", sink)?;
    for key in ["handle", "public"] {
        fields.require(key, sink);
    }
    let handle = fields.word("handle", sink);
    let public = fields.scalar("public", Form::Line, sink, |text| {
        parse_ssh(text).map(Some).map_err(|_| Malformed::new(text, "the line of an SSH public key").to_string())
    });
    fields.finish(sink);
    Some(RootHolder { handle: handle?.to_string(), public: public? })
}

/// What is wrong with a root as a whole: one person, or one key, counts once.
fn fault(root: &TrustRoot) -> Option<String> {
    let holders = root.holders.len() as u64;
    if root.version == 0 || root.threshold == 0 || root.threshold > holders {
        let (version, threshold) = (root.version, root.threshold);
        return Some(format!(
            "found version {version} and threshold {threshold} of {holders} holders, expected both from 1, and no more than holders"
        ));
    }
    for (index, holder) in root.holders.iter().enumerate() {
        let is_twice = |other: &&RootHolder| other.handle == holder.handle || is_same(&other.public, &holder.public);
        if let Some(twice) = root.holders.iter().skip(index + 1).find(is_twice) {
            return Some(format!("{} and {} are one person, or have one key", holder.handle, twice.handle));
        }
    }
    None
}
