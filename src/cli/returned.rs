//! What comes back from an approver: a block, a file, or a mail, in whatever way a mail program wrote, quoted and broke it.

use crate::digest::{ActText, read_act_text};
use crate::mail::read_mail;
use crate::signing::{armored, blocks};

/// How deep mails are looked for in mails.
const DEPTH: usize = 3;

/// How many signatures, and how many act texts, are looked at: each of the first is tried with each of the others.
const MOST: usize = 24;

/// The first line of an act text.
const ACT: &str = "liaison-act-v1";

/// The signatures and the act texts of a file.
#[derive(Debug, Default)]
pub(crate) struct Returned {
    /// Blocks, the likeliest first.
    pub(crate) blocks: Vec<String>,
    /// Act texts, the likeliest first.
    pub(crate) texts: Vec<ActText>,
}

impl Returned {
    /// Everything in a file's bytes: what a mail says and what is attached to it, then the bytes as they are. A mail's bytes
    /// come last, because in them `=` may be written `=3D`, and long lines may be broken.
    pub(crate) fn read(bytes: &[u8]) -> Self {
        let mut found = Self::default();
        found.add(bytes, DEPTH);
        found.blocks.truncate(MOST);
        found.texts.truncate(MOST);
        found
    }

    fn add(&mut self, bytes: &[u8], depth: usize) {
        if let Some(mail) = read_mail(bytes).filter(|_| depth > 0) {
            self.add_text(mail.text.as_str());
            mail.files.iter().for_each(|file| self.add(&file.bytes, depth - 1));
        }
        match armored(bytes) {
            Some(block) => self.blocks.push(block),
            None => self.add_text(&String::from_utf8_lossy(bytes)),
        }
    }

    fn add_text(&mut self, text: &str) {
        let text = unquoted(text);
        for block in blocks(&text) {
            if !self.blocks.contains(&block) {
                self.blocks.push(block);
            }
        }
        for text in act_texts(&text) {
            if !self.texts.contains(&text) {
                self.texts.push(text);
            }
        }
    }
}

/// A text without the marks of a reply, and with plain line ends. What a signature of the mail itself did to lines that begin
/// with a hyphen is undone.
fn unquoted(text: &str) -> String {
    let bare = |line: &str| {
        let line = line.trim_end().trim_start_matches(['>', '|', ' ', '\t', '\u{feff}']);
        line.strip_prefix("- -----").map_or_else(|| format!("{line}\n"), |rest| format!("-----{rest}\n"))
    };
    text.lines().map(bare).collect()
}

/// The act texts inside of a longer text.
fn act_texts(text: &str) -> impl Iterator<Item = ActText> {
    text.match_indices(ACT).filter_map(|(at, _)| read_act_text(&act_lines(text.get(at..)?)).ok())
}

/// The lines from the first line of an act text on, as far as they are its own. A value that a mail program put on a line of its
/// own, because the line was too long for it, goes back behind its key.
fn act_lines(text: &str) -> String {
    let is_key = |key: &str| !key.is_empty() && key.bytes().all(|b| b.is_ascii_lowercase() || b == b'-');
    let mut found = format!("{ACT}\n");
    let mut lines = text.lines().skip(1);
    while let Some(line) = lines.next() {
        match line.split_once(':') {
            Some((key, "")) if is_key(key) => match lines.next() {
                Some(value) => found.push_str(&format!("{key}: {value}\n")),
                None => break,
            },
            Some((key, value)) if is_key(key) && value.starts_with(' ') => found.push_str(&format!("{line}\n")),
            Some(_) | None => break,
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::digest::act_text;

    const TEXT: &str = include_str!("../../fixtures/digest/act.txt");
    const SIGNATURE: &str = include_str!("../../fixtures/digest/act.sig");

    /// The file holds the signature, and the text if it is to.
    fn holds(file: &str, with_text: bool) {
        let found = Returned::read(file.as_bytes());
        assert_eq!(found.blocks.first().map(String::as_str), Some(SIGNATURE), "{file}");
        let texts = found.texts.iter().map(|text| act_text(&text.act, &text.record, &text.subject));
        assert_eq!(texts.collect::<Vec<_>>(), if with_text { vec![TEXT] } else { Vec::new() }, "{file}");
    }

    #[test]
    fn a_signature_and_its_text_are_found_as_mail_programs_write_them() {
        let both = format!("{TEXT}\n{SIGNATURE}");
        let quoted = |mark: &str| both.lines().map(|line| format!("{mark}{line}\n")).collect::<String>();
        holds(SIGNATURE, false);
        holds(&format!("{TEXT}{SIGNATURE}"), true);
        for mark in ["> ", ">>", "> > ", "| ", "    ", "\t", "\u{feff}"] {
            holds(&quoted(mark), true);
        }
        holds(&both.replace('\n', "\r\n"), true);
        holds(&both.replace("content: ", "content:\n"), true);
        holds(&both.replace("\n-----", "\n- -----"), true);
        holds(&both.replace("at:", "and: so on\nat:"), false);
    }

    #[test]
    fn what_a_mail_says_is_looked_at_before_its_bytes() {
        let printable = format!("{TEXT}\n{SIGNATURE}").replace('=', "=3D").replace("sha256:", "sha2=\n56:");
        let mail = |encoding: &str, body: &str| {
            format!(
                "From: a@b.example\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: {encoding}\n\n{body}"
            )
        };
        holds(&mail("quoted-printable", &printable), true);
        let html = format!("<p>Yes</p><pre>{SIGNATURE}</pre>");
        holds(&mail("8bit", &html).replace("text/plain", "text/html"), false);
        let inner = mail("quoted-printable", &printable);
        let forwarded = format!(
            "From: c@d.example\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nSee below.\n\
             --b\nContent-Type: message/rfc822\n\n{inner}\n--b--\n"
        );
        holds(&forwarded, true);
    }
}
