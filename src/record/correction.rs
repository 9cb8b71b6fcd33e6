//! What the act `correct` mends: what we transcribed wrongly from a letter of another body. The letter's file never changes; the
//! letter that counts is the file with its corrections.

use super::statement::statement;
use crate::domain::{Act, ActKind, Direction, Instant, Statement, Word};
use crate::shape::{Entry, Located, Node, Sink, Span, Value};

/// How an act says that nothing stands there, or should.
pub const NOTHING: &str = "-";

/// The keys that nobody transcribed: which letter it is, and files, which prove themselves. Tags and waivers are annotated.
const NOT_TRANSCRIBED: [&str; 5] = ["direction", "attachments", "original", "tags", "waivers"];

/// A value that was transcribed wrongly, and what the letter says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Correction {
    /// The key, such as `deadline` or `from.send-reply-to`.
    pub field: String,
    /// What stands in the file; [`NOTHING`] for nothing.
    pub was: String,
    /// What the letter says; [`NOTHING`] for nothing.
    pub now: String,
    /// How it is known.
    pub reason: String,
    /// Who says so.
    pub by: Word,
    /// When.
    pub at: Instant,
}

impl Correction {
    /// What an act `correct` says; nothing for other acts, and for one that lacks something.
    pub fn of(act: &Act) -> Option<Self> {
        let text = |key: &str| Some(act.detail(key)?.trim().to_owned());
        (act.kind == ActKind::Correct).then_some(())?;
        let (field, was, now) = (text("field")?, text("was")?, text("now")?);
        Some(Self { field, was, now, reason: text("reason")?, by: act.by.clone(), at: act.at })
    }

    /// The letter with this correction, when those before it are made; where several mend one value the last counts.
    ///
    /// # Errors
    /// Returns why it is none: the key is not transcribed, `was` stands nowhere, or `now` is no value of the key.
    pub(super) fn apply(
        &self,
        filed: &Located<Statement>,
        before: &Located<Statement>,
    ) -> Result<Located<Statement>, String> {
        let key = self.field.split('.').next().unwrap_or_default();
        if NOT_TRANSCRIBED.contains(&key) {
            return Err(format!("`{key}` is nothing that was transcribed"));
        }
        let mut root = before.root.clone();
        let way = [&before.root, &filed.root].into_iter().find_map(|root| way_to(root, &self.field, &self.was));
        let text = if self.now == NOTHING { "" } else { self.now.as_str() };
        let done = match way {
            Some(way) => put(&mut root, &way, text),
            None if self.was == NOTHING => add(&mut root, &self.field, text),
            None => None,
        };
        done.ok_or_else(|| format!("`{}` is not {}", self.field, self.was))?;
        let mut sink = Sink::new(&filed.file);
        let value = statement(&root, &mut sink).unwrap_or_default();
        let mut known = Sink::new(&filed.file);
        statement(&before.root, &mut known);
        let is_new = |message: &&String| !known.findings.iter().any(|finding| finding.message == **message);
        match sink.findings.iter().map(|finding| &finding.message).find(is_new) {
            Some(fault) => Err(fault.clone()),
            None => Ok(Located { value, file: filed.file.clone(), root }),
        }
    }
}

/// The letter that counts, and the corrections that made it of the one in its file: those of a received letter, in the order of
/// their times. What is no correction of this letter has no effect, and a redacted one has nothing to correct.
pub(super) fn corrected<'a>(
    filed: &Located<Statement>,
    acts: impl IntoIterator<Item = &'a Act>,
) -> (Option<Located<Statement>>, Vec<Correction>) {
    let (mut letter, mut made) = (None, Vec::new());
    if filed.value.content.direction != Some(Direction::Incoming) || filed.value.redacted.is_some() {
        return (letter, made);
    }
    for correction in acts.into_iter().filter_map(Correction::of) {
        if let Ok(next) = correction.apply(filed, letter.as_ref().unwrap_or(filed)) {
            letter = Some(next);
            made.push(correction);
        }
    }
    (letter, made)
}

/// Which child of which leads from a tree's root to the value that is mended: to the whole key where nothing stands there,
/// else to the first text in it that is `was`.
fn way_to(root: &Node, field: &str, was: &str) -> Option<Vec<usize>> {
    let (mut node, mut way) = (root, Vec::new());
    for key in field.split('.') {
        let Value::Map(entries) = &node.value else { return None };
        let (index, entry) = entries.iter().enumerate().find(|(_, entry)| entry.key == key)?;
        way.push(index);
        node = &entry.node;
    }
    if was == NOTHING { node.is_empty().then_some(way) } else { way_to_text(node, was, &way) }
}

fn way_to_text(node: &Node, was: &str, way: &[usize]) -> Option<Vec<usize>> {
    let below = |(index, child): (usize, &Node)| way_to_text(child, was, &[way, &[index]].concat());
    match &node.value {
        Value::Scalar(text) => (text.trim() == was).then(|| way.to_vec()),
        Value::List(items) => items.iter().enumerate().find_map(below),
        Value::Map(entries) => entries.iter().map(|entry| &entry.node).enumerate().find_map(below),
    }
}

/// Puts a text where a way leads.
fn put(root: &mut Node, way: &[usize], text: &str) -> Option<()> {
    let mut node = root;
    for index in way {
        node = match &mut node.value {
            Value::List(items) => items.get_mut(*index)?,
            Value::Map(entries) => &mut entries.get_mut(*index)?.node,
            Value::Scalar(_) => return None,
        };
    }
    node.value = Value::Scalar(text.to_owned());
    Some(())
}

/// Puts a text at a key that the file does not have, or that an earlier correction added.
fn add(root: &mut Node, field: &str, text: &str) -> Option<()> {
    let span = Span::default();
    let mut node = root;
    for key in field.split('.') {
        if node.is_empty() {
            node.value = Value::Map(Vec::new());
        }
        let Value::Map(entries) = &mut node.value else { return None };
        let known = entries.iter().position(|entry| entry.key == key);
        let index = known.unwrap_or_else(|| {
            let value = Value::Scalar(String::new());
            entries.push(Entry { key: key.to_owned(), key_span: span, node: Node { value, span } });
            entries.len() - 1
        });
        node = &mut entries.get_mut(index)?.node;
    }
    let is_text = matches!(node.value, Value::Scalar(_)) || node.is_empty();
    is_text.then(|| node.value = Value::Scalar(text.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::parse_statement;

    const LETTER: &str = "direction: incoming
title: Reliance on the server name
from: {groups: [3gpp-sa3], contacts: [SA3 <sa3@3gpp.example>, Other <other@3gpp.example>]}
to: {groups: [tls]}
purpose: for-information
deadline: 2026-12-20
documents: [{name: draft-a, status: external}, {name: draft-b}]
attachments: [{file: a.pdf, sha256: sha256:0000000000000000000000000000000000000000000000000000000000000000}]
";

    fn filed(text: &str) -> Located<Statement> {
        parse_statement(text.as_bytes(), &mut Sink::new("statements/2026/ls-2026-007.yaml")).unwrap()
    }

    fn act(minute: i64, field: &str, was: &str, now: &str) -> Act {
        let at = Instant::parse("2026-12-01T10:00:00Z").unwrap().unwrap().plus_seconds(minute * 60);
        let mut act = Act::new(ActKind::Correct, Word::parse("rob").unwrap().unwrap(), at);
        for (key, value) in [("field", field), ("was", was), ("now", now), ("reason", "the PDF says so")] {
            act.details.insert(key.to_owned(), crate::domain::Detail::text(value).unwrap());
        }
        act
    }

    /// The letter that counts after some corrections, each of which has to have an effect.
    fn after(corrections: &[(&str, &str, &str)]) -> Statement {
        let acts: Vec<Act> =
            corrections.iter().zip(0..).map(|((field, was, now), minute)| act(minute, field, was, now)).collect();
        let (letter, made) = corrected(&filed(LETTER), &acts);
        assert_eq!(made.len(), corrections.len(), "{corrections:?}");
        letter.unwrap().value
    }

    #[test]
    fn the_value_that_was_wrong_is_mended_and_nothing_else() {
        let before = filed(LETTER).value;
        let mut wanted = before.clone();
        wanted.content.deadline = crate::domain::time::parse_date("2027-01-10").unwrap();
        assert_eq!(after(&[("deadline", "2026-12-20", "2027-01-10")]), wanted);
        wanted.content.deadline = None;
        assert_eq!(after(&[("deadline", "2026-12-20", "-")]), wanted);
        let content = after(&[("from.contacts", "Other <other@3gpp.example>", "Secretary <sec@3gpp.example>")]).content;
        let contacts: Vec<String> = content.from.contacts.iter().map(ToString::to_string).collect();
        assert_eq!(contacts, ["SA3 <sa3@3gpp.example>", "Secretary <sec@3gpp.example>"]);
        let content =
            after(&[("documents", "draft-b", "draft-c"), ("title", "Reliance on the server name", "SNI")]).content;
        let names: Vec<String> =
            content.documents.iter().filter_map(|d| d.name.as_ref()).map(ToString::to_string).collect();
        assert_eq!(
            (names, content.title.unwrap().to_string()),
            (vec!["draft-a".into(), "draft-c".into()], "SNI".into())
        );
    }

    #[test]
    fn what_the_file_does_not_say_is_added() {
        let content = after(&[("from.send-reply-to", "-", "sa3@3gpp.example"), ("release", "-", "20")]).content;
        assert_eq!(content.from.send_reply_to.unwrap().to_string(), "<sa3@3gpp.example>");
        assert_eq!(content.release.unwrap().to_string(), "20");
        let content = after(&[("consensus.level", "-", "working-group"), ("questions", "-", "Q1")]).content;
        assert_eq!((content.consensus.level.is_some(), content.questions.len()), (true, 1));
    }

    #[test]
    fn of_several_corrections_of_one_value_the_last_counts() {
        for second in ["2027-01-10", "2026-12-20"] {
            let content =
                after(&[("deadline", "2026-12-20", "2027-01-10"), ("deadline", second, "2027-01-12")]).content;
            assert_eq!(content.deadline.unwrap().to_string(), "2027-01-12", "two people may correct at once");
        }
        let content = after(&[("release", "-", "19"), ("release", "-", "20")]).content;
        assert_eq!(content.release.unwrap().to_string(), "20");
    }

    #[test]
    fn what_is_no_correction_has_no_effect_and_says_why() {
        let letter = filed(LETTER);
        for (field, was, now, why) in [
            ("deadline", "2026-12-21", "2027-01-10", "`deadline` is not 2026-12-21"),
            ("deadline", "2026-12-20", "soon", "`deadline`: found"),
            ("deadlines", "-", "2027-01-10", "`deadlines` is no key"),
            ("documents", "-", "draft-c", "`documents` is not -"),
            ("title.text", "-", "x", "`title.text` is not -"),
            ("direction", "incoming", "outgoing", "`direction` is nothing that was transcribed"),
            ("attachments", "a.pdf", "b.pdf", "`attachments` is nothing that was transcribed"),
            ("waivers", "-", "x", "`waivers` is nothing that was transcribed"),
            ("", "-", "x", "`` is no key"),
        ] {
            let act = act(0, field, was, now);
            let correction = Correction::of(&act).unwrap_or_else(|| Correction {
                field: String::new(),
                was: was.into(),
                now: now.into(),
                reason: "x".into(),
                by: act.by.clone(),
                at: act.at,
            });
            let told = correction.apply(&letter, &letter).unwrap_err();
            assert!(told.starts_with(why), "{field}: {told}");
            assert_eq!(corrected(&letter, [&act]), (None, Vec::new()), "{field}");
        }
        let ours = filed(&LETTER.replace("incoming", "outgoing"));
        assert_eq!(corrected(&ours, [&act(0, "title", "Reliance on the server name", "x")]).0, None);
    }

    #[test]
    fn a_value_that_cannot_be_read_can_be_mended() {
        let letter = filed(&LETTER.replace("2026-12-20", "soon"));
        let (mended, _) = corrected(&letter, [&act(0, "deadline", "soon", "2027-01-10")]);
        assert_eq!(mended.unwrap().value.content.deadline.unwrap().to_string(), "2027-01-10");
        let (mended, _) = corrected(&letter, [&act(0, "title", "Reliance on the server name", "SNI")]);
        assert!(mended.is_some(), "another fault of the file is no reason");
    }
}
