//! What a reader expects, told by the reader itself: it is called with nothing to read, and draws instead of reading. So what
//! is told of a file's form is what the program reads, whatever changes in it.

/// The form of a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shape {
    /// A text of some form.
    Scalar(Form),
    /// One of some words.
    Choice(Vec<String>),
    /// Values in order; a single one stands for a list of one.
    OneOrMore(Box<Shape>),
    /// Values in order.
    List(Box<Shape>),
    /// Keys that are known.
    Mapping(Mapping),
    /// Keys of some form, each with such a value.
    ByKey(Box<Shape>, Box<Shape>),
    /// The one or the other.
    Either(Box<Shape>, Box<Shape>),
    /// A text, a list or a mapping of words, of whatever depth.
    Anything,
}

/// The form of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// One line.
    Line,
    /// Lines.
    Text,
    /// Printable ASCII characters without spaces.
    Token,
    /// `[a-z0-9][a-z0-9-]*`.
    Word,
    /// One of these words.
    OneOf(&'static [&'static str]),
    /// A word; these are usual.
    Usual(&'static [&'static str]),
    /// A day, `YYYY-MM-DD`.
    Date,
    /// A moment in UTC, to the second.
    Instant,
    /// `sha256:` and 64 hexadecimal digits.
    Digest,
    /// A mail address, or a name and one.
    Contact,
    /// A mail address.
    Address,
    /// `true` or `false`.
    Flag,
    /// A whole number from 0.
    Number,
    /// What the pattern of a regular expression says, for a text that is not empty.
    Pattern(&'static str),
}

/// The keys of a mapping.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mapping {
    /// What it is called in messages: "a letter".
    pub what: &'static str,
    /// In the order in which they are read.
    pub keys: Vec<(String, Shape)>,
    /// Those that must be there.
    pub required: Vec<String>,
}

impl Mapping {
    /// No keys yet.
    pub(super) fn new(what: &'static str) -> Self {
        Self { what, keys: Vec::new(), required: Vec::new() }
    }

    /// Adds a key, or another form of its value.
    pub fn key(&mut self, key: &str, shape: Shape) {
        match self.keys.iter_mut().find(|(known, _)| known == key) {
            Some((_, known)) if *known != shape => {
                *known = Shape::Either(Box::new(known.clone()), Box::new(shape));
            }
            Some(_) => {}
            None => self.keys.push((key.to_owned(), shape)),
        }
    }

    /// Says that a key must be there.
    pub fn require(&mut self, key: &str) {
        if !self.required.iter().any(|known| known == key) {
            self.required.push(key.to_owned());
        }
    }
}
