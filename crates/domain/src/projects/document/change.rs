//! What differs between two documents.

use super::ProjectDocument;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;
use std::{collections::BTreeMap, fmt};

/// One setting that differs. There are no secrets among settings.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Change {
    /// `section.key`; `section.key.name` for what has a name of its own.
    pub path: String,
    /// Null where the setting was not there.
    pub before: Value,
    /// Null where the setting is not there any more.
    pub after: Value,
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { path, before, after } = self;
        write!(f, "{path}: {before} -> {after}")
    }
}

pub fn between(before: &ProjectDocument, after: &ProjectDocument) -> Vec<Change> {
    let (before, after) = (settings(before), settings(after));
    let paths = before.keys().chain(after.keys()).collect::<std::collections::BTreeSet<_>>();
    let value = |of: &BTreeMap<String, Value>, path: &str| of.get(path).cloned().unwrap_or_default();
    paths
        .into_iter()
        .filter(|path| before.get(*path) != after.get(*path))
        .map(|path| Change { path: path.clone(), before: value(&before, path), after: value(&after, path) })
        .collect()
}

fn settings(document: &ProjectDocument) -> BTreeMap<String, Value> {
    let mut found = BTreeMap::new();
    let document = serde_json::to_value(document).expect("a document has a JSON form");
    for (section, keys) in document.as_object().into_iter().flatten() {
        for (key, value) in keys.as_object().into_iter().flatten() {
            let path = format!("{section}.{key}");
            match named(value) {
                Some(items) => found.extend(items.map(|(name, it)| (format!("{path}.{name}"), it))),
                None => _ = found.insert(path, value.clone()),
            }
        }
    }
    found
}

/// The items of a list whose items have names: roles, resources, scopes.
fn named(list: &Value) -> Option<impl Iterator<Item = (String, Value)>> {
    let name = |it: &Value| {
        let names = ["role_id", "resource_id", "scope"];
        names.iter().find_map(|key| it.get(key)?.as_str()).map(str::to_owned)
    };
    let items: Option<Vec<_>> = list.as_array()?.iter().map(|it| Some((name(it)?, it.clone()))).collect();
    items.filter(|it| !it.is_empty()).map(Vec::into_iter)
}
