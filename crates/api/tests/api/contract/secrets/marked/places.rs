//! Where something can be sent: the table of routes, and the routes beside it.

use super::METHODS;
use axum::http::Method;
use std::{collections::BTreeSet, fs, path::Path};
use testkit::{Value, json};

pub struct Place {
    pub method: Method,
    /// With `{parameters}`.
    pub path: String,
    pub in_query: Vec<String>,
    /// The schema of the body, references resolved; of a place beside the table an object of any field that is known
    /// elsewhere.
    pub body: Value,
}

impl Place {
    pub fn in_path(&self) -> Vec<String> {
        let names = self.path.split('{').skip(1).filter_map(|it| it.split_once('}'));
        names.map(|(name, _)| name.to_owned()).collect()
    }

    pub fn is_admins(&self) -> bool {
        self.path.starts_with("/admin/")
    }
}

/// Every route of the table, aliases included, and every literal path of a router in the source.
pub fn every() -> Vec<Place> {
    let document: Value = serde_json::from_str(&api::openapi::printed()).expect("JSON");
    let table = api::every_route();
    let mut all: Vec<Place> = table.table().iter().map(|it| of_table(&document, it)).collect();
    let fields: BTreeSet<String> = all.iter().flat_map(|it| names(&it.body)).collect();
    let any: Vec<(String, Value)> = fields.into_iter().map(|it| (it, json!({ "type": "string" }))).collect();
    let any = json!({ "type": "object", "properties": any.into_iter().collect::<serde_json::Map<_, _>>() });
    let beside = beside();
    assert!(beside.len() >= 13, "the source was read: {beside:?}");
    for path in beside {
        for method in METHODS {
            all.push(Place { method, path: path.clone(), in_query: Vec::new(), body: any.clone() });
        }
    }
    all
}

fn of_table(document: &Value, route: &api::endpoint::Route) -> Place {
    let method = route.method.as_str().to_ascii_lowercase();
    let described = &document["paths"][route.path][&method];
    let named: Vec<&Value> = described["parameters"].as_array().into_iter().flatten().collect();
    let in_query = named.iter().filter(|it| it["in"] == "query").filter_map(|it| it["name"].as_str());
    let in_query: Vec<String> = in_query.map(str::to_owned).collect();
    let schema = described["requestBody"]["content"].as_object().and_then(|it| it.values().next());
    let mut body =
        schema.map_or_else(|| json!({ "type": "object" }), |it| resolved(document, &it["schema"], 0));
    for name in &in_query {
        body["properties"][name] = json!({ "type": "string" });
    }
    Place { method: route.method.clone(), path: route.path.to_owned(), in_query, body }
}

/// Components in the place of references to them, as deep as a body goes.
fn resolved(document: &Value, schema: &Value, depth: usize) -> Value {
    if depth > 12 {
        return json!({});
    }
    if let Some(reference) = schema["$ref"].as_str() {
        let found = document.pointer(reference.trim_start_matches('#')).expect("a component");
        return resolved(document, found, depth + 1);
    }
    match schema {
        Value::Object(fields) => {
            fields.iter().map(|(name, it)| (name.clone(), resolved(document, it, depth + 1))).collect()
        }
        Value::Array(items) => items.iter().map(|it| resolved(document, it, depth + 1)).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => schema.clone(),
    }
}

fn names(schema: &Value) -> Vec<String> {
    schema["properties"].as_object().into_iter().flatten().map(|(name, _)| name.clone()).collect()
}

/// The paths that routers of this crate name outside of the table.
fn beside() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut waiting = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    while let Some(path) = waiting.pop() {
        if path.is_dir() {
            waiting.extend(fs::read_dir(&path).expect("a folder").map(|it| it.expect("a file").path()));
        } else {
            let text = fs::read_to_string(&path).expect("a source");
            let named = text.split(".route(").skip(1).filter_map(|it| it.trim_start().strip_prefix('"'));
            found.extend(named.filter_map(|it| it.split_once('"')).map(|(path, _)| path.to_owned()));
        }
    }
    found
}
