//! The readers of single values. Each either reads a node or, asked for that, draws what it expects.

use super::{Entry, Form, Node, Shape, Sink, Span, Value};
use crate::domain::text::quote;
use crate::findings::{Code, Finding};

/// What is given to a reader that draws: it looks at nothing of it.
static NOTHING: Node = Node { value: Value::Map(Vec::new()), span: Span::NOWHERE };

/// What a reader expects.
pub fn draw<T>(read: impl FnOnce(&Node, &mut Sink<'_>) -> T) -> Shape {
    let mut sink = Sink { file: "", findings: Vec::new(), drawing: Some(Shape::Anything) };
    read(&NOTHING, &mut sink);
    sink.drawing.unwrap_or(Shape::Anything)
}

impl Sink<'_> {
    /// Whether readers draw, and read nothing.
    pub(super) fn draws(&self) -> bool {
        self.drawing.is_some()
    }

    /// Says what is expected.
    pub(super) fn expect(&mut self, shape: Shape) {
        self.drawing = Some(shape);
    }
}

/// A scalar put through `parse`; faults become findings. `label` names the value in messages.
pub fn read_scalar<T, E: ToString>(
    label: &str,
    form: Form,
    node: &Node,
    sink: &mut Sink<'_>,
    parse: impl Fn(&str) -> Result<Option<T>, E>,
) -> Option<T> {
    if sink.draws() {
        sink.expect(Shape::Scalar(form));
        return None;
    }
    match &node.value {
        Value::Scalar(text) => match parse(text) {
            Ok(value) => value,
            Err(error) => {
                sink.push(Finding::plain(Code::InvalidValue, format!("`{label}`: {}", error.to_string())), node.span);
                None
            }
        },
        Value::List(_) | Value::Map(_) => {
            wrong_shape(label, "a text", node, sink);
            None
        }
    }
}

/// One of some words.
pub fn read_choice<T: Copy>(label: &str, choices: &[(&str, T)], node: &Node, sink: &mut Sink<'_>) -> Option<T> {
    if sink.draws() {
        sink.expect(Shape::Choice(choices.iter().map(|(word, _)| (*word).to_owned()).collect()));
        return None;
    }
    let choice = |value: &str| match choices.iter().find(|(word, _)| *word == value) {
        Some((_, choice)) => Ok(Some(*choice)),
        None => {
            let allowed = choices.iter().map(|(word, _)| format!("`{word}`")).collect::<Vec<_>>().join(", ");
            Err(format!("found {}, expected one of {allowed}", quote(value)))
        }
    };
    read_scalar(label, Form::Word, node, sink, choice)
}

/// The items of a list, each read by `read`; empty ones are absent.
pub fn read_list<T>(
    label: &str,
    node: &Node,
    sink: &mut Sink<'_>,
    read: impl Fn(&Node, &mut Sink<'_>) -> Option<T>,
) -> Vec<T> {
    if sink.draws() {
        sink.expect(Shape::List(Box::new(draw(read))));
        return Vec::new();
    }
    let Value::List(items) = &node.value else {
        wrong_shape(label, "a list", node, sink);
        return Vec::new();
    };
    items.iter().filter(|item| !item.is_empty()).filter_map(|item| read(item, sink)).collect()
}

/// The items of a list, each read by `read`; a single text is a list of one.
pub(super) fn read_one_or_more<T>(
    label: &str,
    node: &Node,
    sink: &mut Sink<'_>,
    read: impl Fn(&Node, &mut Sink<'_>) -> Option<T>,
) -> Vec<T> {
    if sink.draws() {
        sink.expect(Shape::OneOrMore(Box::new(draw(read))));
        return Vec::new();
    }
    if let Value::Map(_) = node.value {
        let finding = Finding::plain(Code::WrongShape, format!("`{label}` is a mapping, expected a list"));
        sink.push(finding.help(format!("write a list, also of a single one: `{label}: […]`")), node.span);
        return Vec::new();
    }
    node.items().iter().filter(|item| !item.is_empty()).filter_map(|item| read(item, sink)).collect()
}

/// A text read by `scalar`, or anything else by `other`.
pub fn read_either<T>(
    node: &Node,
    sink: &mut Sink<'_>,
    scalar: impl FnOnce(&Node, &mut Sink<'_>) -> T,
    other: impl FnOnce(&Node, &mut Sink<'_>) -> T,
) -> T {
    let is_scalar = matches!(node.value, Value::Scalar(_));
    if sink.draws() {
        let shape = draw(scalar);
        let value = other(node, sink);
        let other = sink.drawing.replace(Shape::Anything).unwrap_or(Shape::Anything);
        sink.expect(Shape::Either(Box::new(shape), Box::new(other)));
        return value;
    }
    if is_scalar { scalar(node, sink) } else { other(node, sink) }
}

/// The entries of a mapping whose keys are free; `read` reads key and value, and `keys` tells what keys it expects.
pub fn read_by_key<T>(
    label: &str,
    keys: impl FnOnce() -> Shape,
    node: &Node,
    sink: &mut Sink<'_>,
    read: impl Fn(&Entry, &mut Sink<'_>) -> Option<T>,
) -> Vec<T> {
    if sink.draws() {
        let value = draw(|node, sink| {
            let entry = Entry { key: String::new(), key_span: node.span, node: node.clone() };
            read(&entry, sink)
        });
        sink.expect(Shape::ByKey(Box::new(keys()), Box::new(value)));
        return Vec::new();
    }
    let Value::Map(entries) = &node.value else {
        wrong_shape(label, "a mapping of keys", node, sink);
        return Vec::new();
    };
    entries.iter().filter_map(|entry| read(entry, sink)).collect()
}

fn wrong_shape(label: &str, expected: &str, node: &Node, sink: &mut Sink<'_>) {
    let finding = Finding::plain(Code::WrongShape, format!("`{label}` is {}, expected {expected}", node.kind()));
    sink.push(finding, node.span);
}
