//! The OpenAPI document: as committed, and sound in itself.

use api::openapi::{document, printed};
use std::collections::HashSet;
use testkit::{Value, json};

#[test]
fn the_committed_document_is_the_one_the_server_prints() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/openapi.json");
    let committed = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        committed == printed(),
        "docs/openapi.json is not what the route table and the types say. Write it anew, and read what changed:\n\n    \
         cargo run -p vestibule -- openapi > docs/openapi.json\n"
    );
}

#[test]
fn every_route_is_an_operation_with_a_name_of_its_own_and_a_description() {
    let (table, document) = (api::every_route(), document(&api::every_route()));
    let mut names = HashSet::new();
    for route in table.table().iter().filter(|it| !it.is_alias) {
        let operation = &document["paths"][route.path][route.method.as_str().to_ascii_lowercase()];
        let name = operation["operationId"].as_str().expect("a name");
        assert!(name.bytes().all(|it| it.is_ascii_lowercase() || b"_.0123456789".contains(&it)), "{name}");
        assert!(names.insert(name.to_owned()), "{name} twice");
        assert!(operation["description"].as_str().is_some_and(|it| it.ends_with('.')), "{name}");
        assert!(operation["responses"]["200"].is_object() && operation["responses"]["500"].is_object());
    }
}

#[test]
fn every_name_in_a_path_is_a_parameter_and_no_reference_is_empty() {
    let document = document(&api::every_route());
    for (path, item) in document["paths"].as_object().expect("paths") {
        for operation in item.as_object().expect("operations").values() {
            let parameters = operation["parameters"].as_array().expect("parameters");
            let in_path: Vec<_> = parameters.iter().filter(|it| it["in"] == "path").collect();
            assert_eq!(in_path.len(), path.matches('{').count(), "{path}");
            assert!(in_path.iter().all(|it| path.contains(&format!("{{{}}}", it["name"].as_str().unwrap()))));
        }
    }
    references(&document, &mut |reference| {
        let pointer = reference.strip_prefix('#').expect("in this document");
        assert!(document.pointer(pointer).is_some(), "{reference}");
    });
}

#[test]
fn errors_are_of_a_closed_list() {
    let document = document(&api::every_route());
    let kinds = &document["components"]["schemas"]["Error"]["properties"]["error_type"]["enum"];
    let kinds = kinds.as_array().expect("a list");
    assert!(
        kinds.contains(&json!("user_lock_limit_reached")) && kinds.contains(&json!("internal_server_error"))
    );
    assert_eq!(kinds.iter().map(Value::to_string).collect::<HashSet<_>>().len(), kinds.len());
}

fn references(value: &Value, seen: &mut dyn FnMut(&str)) {
    match value {
        Value::Object(fields) => fields.iter().for_each(|(key, value)| match value {
            Value::String(reference) if key == "$ref" => seen(reference),
            other => references(other, seen),
        }),
        Value::Array(items) => items.iter().for_each(|it| references(it, seen)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
