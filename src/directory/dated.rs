//! Facts that change: a value, or several with the days on which they held.

use chrono::NaiveDate;

use crate::domain::time::Term;
use crate::shape::{Fields, Form, Node, Sink, read_either, read_list, read_scalar};

/// Values with their days; a plain value holds on every day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dated<T>(Vec<(T, Term)>);

impl<T> Default for Dated<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Dated<T> {
    /// One value for all days.
    pub fn always(value: T) -> Self {
        Self(vec![(value, Term::default())])
    }

    /// The value on a day.
    pub fn on(&self, day: NaiveDate) -> Option<&T> {
        self.0.iter().rev().find(|(_, term)| term.holds_on(day)).map(|(value, _)| value)
    }

    /// Since when the value of a day holds, if that is known.
    pub fn since(&self, day: NaiveDate) -> Option<NaiveDate> {
        self.0.iter().rev().find(|(_, term)| term.holds_on(day)).and_then(|(_, term)| term.since)
    }

    /// All values with their days, in the order of the file.
    pub fn all(&self) -> &[(T, Term)] {
        &self.0
    }

    /// Whether nothing is known.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Reads a key that holds a text, or a list of `{ value, since, until }`.
    pub fn read<E: ToString>(
        key: &'static str,
        form: Form,
        fields: &mut Fields<'_>,
        sink: &mut Sink<'_>,
        parse: impl Fn(&str) -> Result<Option<T>, E>,
    ) -> Self {
        let always = |node: &Node, sink: &mut Sink<'_>| {
            let value = read_scalar(key, form, node, sink, &parse);
            value.map(|value| (value, Term::default())).into_iter().collect()
        };
        let dated =
            |node: &Node, sink: &mut Sink<'_>| read_list(key, node, sink, |node, sink| item(form, node, sink, &parse));
        Self(fields.value(key, sink, |node, sink| read_either(node, sink, always, dated)).unwrap_or_default())
    }
}

fn item<T, E: ToString>(
    form: Form,
    node: &Node,
    sink: &mut Sink<'_>,
    parse: impl Fn(&str) -> Result<Option<T>, E>,
) -> Option<(T, Term)> {
    let mut fields = Fields::of(node, "a dated value", sink)?;
    fields.require("value", sink);
    let value = fields.scalar("value", form, sink, parse);
    let term = fields.term(sink);
    fields.finish(sink);
    value.map(|value| (value, term))
}
