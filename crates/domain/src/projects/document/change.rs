//! What differs between two documents.

use super::ProjectDocument;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;
use std::{collections::BTreeMap, fmt};

/// One setting that differs. There are no secrets among settings; the URL of a webhook, which may hold one, is shown to
/// administrators only.
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
        .filter(|it| {
            !is_list_without_names(&it.before, &it.after) && !is_list_without_names(&it.after, &it.before)
        })
        .collect()
}

/// An empty list beside one that is told by the names in it.
fn is_list_without_names(one: &Value, other: &Value) -> bool {
    one.as_array().is_some_and(Vec::is_empty) && other.is_null()
}

fn settings(document: &ProjectDocument) -> BTreeMap<String, Value> {
    let mut found = BTreeMap::<String, Value>::new();
    let document = serde_json::to_value(document).expect("a document has a JSON form");
    for (section, keys) in document.as_object().into_iter().flatten() {
        for (key, value) in keys.as_object().into_iter().flatten() {
            let path = format!("{section}.{key}");
            let Some(items) = named(value) else {
                found.insert(path, value.clone());
                continue;
            };
            for (name, item) in items {
                let path = format!("{path}.{name}");
                let times = found.keys().filter(|it| it.split(TIMES).next() == Some(path.as_str())).count();
                found.insert(if times == 0 { path } else { format!("{path}{TIMES}{}", times + 1) }, item);
            }
        }
    }
    found
}

/// Before the number of a name that comes again: two endpoints may share a URL, in which no blank can stand.
const TIMES: &str = " #";

/// The items of a list whose items have names: roles, resources, scopes, templates, endpoints.
fn named(list: &Value) -> Option<Vec<(String, Value)>> {
    let items: Option<Vec<_>> = list.as_array()?.iter().map(|it| Some((name(it)?, it.clone()))).collect();
    items.filter(|it| !it.is_empty())
}

fn name(item: &Value) -> Option<String> {
    let names = ["role_id", "resource_id", "scope", "template_id", "url"];
    let name = names.iter().find_map(|key| item.get(key)?.as_str())?;
    // A template is one of its language: brackets are in no id.
    let locale = item.get("content").and_then(|it| it.get("locale")?.as_str());
    Some(locale.map_or_else(|| name.to_owned(), |locale| format!("{name}[{locale}]")))
}
