//! The schemas that operations share: one set of names for what is read and what is written.

use schemars::{JsonSchema, Schema, SchemaGenerator, generate::SchemaSettings};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

const SHARED: &str = "/components/schemas";
/// Where references to what is read point until the two sets are one.
const READ: &str = "/read";

/// Two generators, as many a type is read in a wider form than it is written.
pub struct Components {
    reading: SchemaGenerator,
    writing: SchemaGenerator,
}

impl Components {
    pub fn new() -> Self {
        let settings =
            |path: &'static str| SchemaSettings::draft2020_12().with(|it| it.definitions_path = path.into());
        Self {
            reading: settings(READ).for_deserialize().into_generator(),
            writing: settings(SHARED).for_serialize().into_generator(),
        }
    }

    /// A schema of what is read, whole even where it is a component.
    pub fn read(&mut self, schema: fn(&mut SchemaGenerator) -> Schema) -> Map<String, Value> {
        whole(&mut self.reading, schema, READ)
    }

    /// A schema of what is written, whole even where it is a component.
    pub fn written(&mut self, schema: fn(&mut SchemaGenerator) -> Schema) -> Map<String, Value> {
        whole(&mut self.writing, schema, SHARED)
    }

    /// A schema of what is written, as a reference where it is a component.
    pub fn reference<T: JsonSchema>(&mut self) -> Value {
        self.writing.subschema_for::<T>().to_value()
    }

    /// The components that the document uses, by name. A type that is read in
    /// another form than it is written has a second one, named `…Input`.
    pub fn named_in(mut self, document: &mut Value) -> BTreeMap<String, Value> {
        let written = self.writing.take_definitions(true);
        let mut all: BTreeMap<String, Value> = written.into_iter().collect();
        let mut read = self.reading.take_definitions(true);
        let same = |name: &str| format!("#{SHARED}/{name}");
        for schema in read.values_mut() {
            redirect(schema, &same);
        }
        let differs: Vec<String> = read
            .iter()
            .filter(|(name, schema)| all.get(*name).is_some_and(|it| it != *schema))
            .map(|(name, _)| name.clone())
            .collect();
        let input = |name: &str| {
            let end = if differs.iter().any(|it| it == name) { "Input" } else { "" };
            format!("{name}{end}")
        };
        redirect(document, &|name| same(&input(name)));
        for (name, schema) in read {
            all.insert(input(&name), schema);
        }
        used(document, &all)
    }
}

fn whole(
    generator: &mut SchemaGenerator,
    schema: fn(&mut SchemaGenerator) -> Schema,
    path: &str,
) -> Map<String, Value> {
    let schema = schema(generator).to_value();
    let name = schema["$ref"].as_str().and_then(|it| it.strip_prefix(&format!("#{path}/")));
    let found = name.and_then(|it| generator.definitions().get(it)).cloned();
    match found.unwrap_or(schema) {
        Value::Object(fields) => fields,
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => Map::new(),
    }
}

/// Points references to what is read elsewhere.
fn redirect(value: &mut Value, target: &dyn Fn(&str) -> String) {
    each_reference(value, &mut |reference| {
        if let Some(name) = reference.strip_prefix(&format!("#{READ}/")) {
            *reference = target(name);
        }
    });
}

/// What is referred to, directly or by what is referred to.
fn used(document: &mut Value, all: &BTreeMap<String, Value>) -> BTreeMap<String, Value> {
    let mut waiting = vec![document.clone()];
    let mut kept = BTreeMap::new();
    while let Some(mut value) = waiting.pop() {
        each_reference(&mut value, &mut |reference| {
            let name = reference.rsplit('/').next().unwrap_or_default();
            if let Some(schema) = all.get(name).filter(|_| !kept.contains_key(name)) {
                kept.insert(name.to_owned(), schema.clone());
                waiting.push(schema.clone());
            }
        });
    }
    kept
}

fn each_reference(value: &mut Value, done: &mut dyn FnMut(&mut String)) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|it| each_reference(it, done)),
        Value::Object(fields) => {
            for (key, value) in fields {
                match value {
                    Value::String(reference) if key == "$ref" => done(reference),
                    other => each_reference(other, done),
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
