//! Forms as JSON Schema.

use serde_json::{Map, Value, json};

use super::meaning::meaning;
use crate::domain::ActKind;
use crate::findings::Code;
use crate::shape::{Form, Mapping, Shape};

/// How a file format writes values: YAML has an empty one, which counts as absent, and TOML has none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Yaml,
    Toml,
}

/// A schema while it is written.
struct Writer {
    format: Format,
    /// What is referred to from several places, by name.
    defs: Map<String, Value>,
}

/// A letter, or what a redacted or a numbered one leaves.
pub(super) fn statement([letter, tombstone, stub]: &[Shape; 3]) -> Map<String, Value> {
    let mut writer = Writer::of(Format::Yaml);
    let [letter, tombstone, stub] = [letter, tombstone, stub].map(|shape| full(writer.value(shape)));
    let or_letter = json!({"if": {"required": ["became"]}, "then": stub, "else": letter});
    writer.whole(json!({"if": {"required": ["redacted"]}, "then": tombstone, "else": or_letter}))
}

/// An act: what all say, and what its own kind does.
pub(super) fn act(shapes: &[(ActKind, Mapping)]) -> Map<String, Value> {
    let mut writer = Writer::of(Format::Yaml);
    let is_common = |key: &str| shapes.iter().all(|(_, shape)| shape.keys.iter().any(|(known, _)| known == key));
    let mut kinds = Vec::new();
    let mut common = Map::new();
    for (kind, shape) in shapes {
        let Value::Object(mut own) = writer.mapping(shape) else { continue };
        if let Some(Value::Object(properties)) = own.get_mut("properties") {
            for (key, value) in properties.iter_mut().filter(|(key, _)| is_common(key)) {
                common.insert(key.clone(), std::mem::replace(value, true.into()));
            }
        }
        let is_it = json!({"properties": {"act": {"const": kind.as_str()}}, "required": ["act"]});
        kinds.push(json!({"if": is_it, "then": full(own.into())}));
    }
    let words: Vec<&str> = shapes.iter().map(|(kind, _)| kind.as_str()).collect();
    common.insert("act".into(), json!({"enum": words, "description": meaning("an act", "act")}));
    writer.whole(json!({"properties": common, "required": ["act"], "allOf": kinds}))
}

/// A file that is YAML.
pub(super) fn yaml(shape: &Shape) -> Map<String, Value> {
    file(Format::Yaml, shape)
}

/// A file that is TOML.
pub(super) fn toml(shape: &Shape) -> Map<String, Value> {
    file(Format::Toml, shape)
}

fn file(format: Format, shape: &Shape) -> Map<String, Value> {
    let mut writer = Writer::of(format);
    let schema = writer.value(shape);
    writer.whole(schema)
}

impl Writer {
    fn of(format: Format) -> Self {
        Self { format, defs: Map::new() }
    }

    /// A file, with what is referred to in it.
    fn whole(self, schema: Value) -> Map<String, Value> {
        let Value::Object(mut schema) = full(schema) else { return Map::new() };
        schema.insert("$defs".into(), self.defs.into());
        schema
    }

    fn value(&mut self, shape: &Shape) -> Value {
        match shape {
            Shape::Scalar(form) => self.scalar(*form),
            Shape::Choice(words) => self.one_of(words),
            Shape::OneOrMore(item) => {
                let (alone, items) = (self.value(alone(item)), self.value(item));
                json!({"anyOf": [alone, {"type": "array", "items": items}]})
            }
            Shape::List(item) => json!({"type": self.types(&["array"]), "items": self.value(item)}),
            Shape::Mapping(mapping) => self.mapping(mapping),
            Shape::ByKey(keys, value) => self.by_key(keys, value),
            Shape::Either(one, other) => json!({"anyOf": [self.value(one), self.value(other)]}),
            Shape::Anything => json!({}),
        }
    }

    fn mapping(&mut self, mapping: &Mapping) -> Value {
        let mut properties = Map::new();
        for (key, shape) in &mapping.keys {
            let mut value = described(self.value(shape), meaning(mapping.what, key));
            if mapping.required.contains(key)
                && let Value::Object(schema) = &mut value
            {
                schema.extend(self.present(shape));
            }
            properties.insert(key.clone(), value);
        }
        let mut schema = Map::new();
        schema.insert("type".into(), self.types(&["object"]));
        schema.insert("properties".into(), properties.into());
        if !mapping.required.is_empty() {
            schema.insert("required".into(), json!(mapping.required));
        }
        schema.insert("additionalProperties".into(), false.into());
        schema.into()
    }

    /// Keys that are words of the program are written out, with what they mean; others are words.
    fn by_key(&mut self, keys: &Shape, value: &Shape) -> Value {
        let (types, value) = (self.types(&["object"]), self.value(value));
        let Shape::Choice(words) = keys else {
            return json!({"type": types, "propertyNames": {"pattern": WORD}, "additionalProperties": value});
        };
        let value = self.defined("setting", value);
        let summary = |word: &String| Code::parse(word).ok().map(Code::summary);
        let property = |word: &String| (word.clone(), described(value.clone(), summary(word)));
        let properties: Map<String, Value> = words.iter().map(property).collect();
        json!({"type": types, "properties": properties, "additionalProperties": false})
    }

    /// A scalar is its text, so a text that looks like a number may stand without quotes.
    fn scalar(&mut self, form: Form) -> Value {
        let text = &["string", "number", "boolean"];
        match form {
            Form::Line => self.named("line", text, Some(LINE)),
            Form::Text => self.named("text", text, None),
            Form::Token => self.named("token", text, Some(TOKEN)),
            Form::Word => {
                let word = json!({"type": self.types(&["string", "integer"]), "pattern": WORD, "minimum": 0});
                self.defined("word", word)
            }
            Form::Date => self.named("date", &["string"], Some(DATE)),
            Form::Instant => self.named("instant", &["string"], Some(INSTANT)),
            Form::Digest => self.named("digest", &["string"], Some(DIGEST)),
            Form::Contact => self.named("contact", &["string"], Some(CONTACT)),
            Form::Address => self.named("address", &["string"], Some(ADDRESS)),
            Form::Pattern(pattern) => json!({"type": self.types(&["string"]), "pattern": pattern}),
            Form::OneOf(words) => self.one_of(words),
            Form::Usual(words) => json!({"anyOf": [{"enum": words}, self.scalar(Form::Word)]}),
            Form::Flag => json!({"type": "boolean"}),
            Form::Number => json!({"type": self.types(&["integer"]), "minimum": 0}),
        }
    }

    /// A form with a name, which is written once.
    fn named(&mut self, name: &str, types: &[&str], pattern: Option<&str>) -> Value {
        let mut schema = Map::from_iter([("type".to_owned(), self.types(types))]);
        schema.extend(pattern.map(|pattern| ("pattern".to_owned(), pattern.into())));
        self.defined(name, schema.into())
    }

    fn defined(&mut self, name: &str, schema: Value) -> Value {
        self.defs.insert(name.to_owned(), schema);
        json!({"$ref": format!("#/$defs/{name}")})
    }

    fn one_of(&self, words: &[impl AsRef<str>]) -> Value {
        let words: Vec<&str> = words.iter().map(AsRef::as_ref).collect();
        match self.format {
            Format::Yaml => json!({"anyOf": [{"enum": words}, {"type": "null"}]}),
            Format::Toml => json!({"enum": words}),
        }
    }

    /// What a value must be so that it does not count as absent.
    fn present(&self, shape: &Shape) -> Map<String, Value> {
        let empty = match self.format {
            Format::Yaml => json!({"enum": ["", null]}),
            Format::Toml => json!({"enum": [""]}),
        };
        let mut present = Map::from_iter([("not".to_owned(), empty.clone())]);
        if matches!(shape, Shape::List(_) | Shape::OneOrMore(_)) {
            present.insert("contains".to_owned(), json!({"not": empty}));
        }
        present
    }

    fn types(&self, types: &[&str]) -> Value {
        match (self.format, types) {
            (Format::Toml, [only]) => json!(only),
            (Format::Toml, several) => json!(several),
            (Format::Yaml, types) => types.iter().chain(&["null"]).copied().collect(),
        }
    }
}

/// The schema of a mapping that is there: a file as a whole is not empty.
fn full(schema: Value) -> Value {
    let Value::Object(mut schema) = schema else { return schema };
    schema.insert("type".into(), "object".into());
    schema.into()
}

/// A schema with what it means.
fn described(schema: Value, meaning: Option<&str>) -> Value {
    let Value::Object(mut schema) = schema else { return schema };
    schema.extend(meaning.map(|meaning| ("description".to_owned(), meaning.into())));
    schema.into()
}

/// What may stand alone for a list of one: a text.
fn alone(item: &Shape) -> &Shape {
    if let Shape::Either(one, _) = item { one } else { item }
}

const LINE: &str = r"^[ \t\n]*[^\n\t]*[ \t\n]*$";
const WORD: &str = "^([a-z0-9][a-z0-9-]*)?$";
const TOKEN: &str = "^[!-~]*$";
const DATE: &str = "^([0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01]))?$";
const INSTANT: &str =
    "^([0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z)?$";
const DIGEST: &str = "^((sha256:)?[0-9a-f]{64})?$";
const ADDRESS: &str = r#"^[^\s"<>@]+@[^\s"<>@]+$"#;
const CONTACT: &str = r#"^\s*([^<>\n\t]*<[^\s"<>@]+@[^\s"<>@]+>|[^\s"<>@]+@[^\s"<>@]+)?\s*$"#;
