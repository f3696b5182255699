//! The OpenAPI 3.1 document, made from the route table and the Rust types.
//!
//! Requests are described as they are read, answers as they are written. A type
//! that many operations share is a component; what one operation alone reads or
//! answers stands in it.

mod components;
mod headers;
mod operation;

use crate::{endpoint::Routes, error};
use components::Components;
use serde_json::{Map, Value, json};

/// As `vestibule openapi` prints it and `docs/openapi.json` keeps it.
pub fn printed() -> String {
    let text = serde_json::to_string_pretty(&document(&crate::every_route()));
    format!("{}\n", text.expect("a JSON value has a text form"))
}

/// The document of a table of routes.
pub fn document(routes: &Routes) -> Value {
    let mut components = Components::new();
    let mut paths: Map<String, Value> = Map::new();
    for route in routes.table().iter().filter(|it| !it.is_alias) {
        let described = operation::describe(route, &mut components);
        let item = paths.entry(route.path).or_insert_with(|| json!({}));
        item[route.method.as_str().to_ascii_lowercase()] = described;
    }
    let error = components.reference::<error::Body>();
    let oauth_error = components.reference::<error::oauth::Body>();
    let mut document = json!({
        "openapi": "3.1.0",
        "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
        "info": {
            "title": "Vestibule",
            "description": ABOUT,
            "version": env!("CARGO_PKG_VERSION"),
        },
        "servers": [{ "url": "/" }],
        "paths": paths,
        "components": {
            "securitySchemes": operation::security_schemes(),
            "responses": {
                "Refused": {
                    "description": "The call was refused, or failed; `error_type` says why.",
                    "content": { "application/json": { "schema": error } },
                },
                "RefusedInOAuth": {
                    "description": "The call was refused, or failed; `error` says why (RFC 6749, section 5.2).",
                    "content": { "application/json": { "schema": oauth_error } },
                },
            },
        },
    });
    let schemas = components.named_in(&mut document);
    document["components"]["schemas"] = json!(schemas);
    document
}

const ABOUT: &str = "Multi-tenant B2B authentication. Every answer holds `status_code` and `request_id`; \
    every refusal has the form of `Error`. At the top level of a request, null and an unknown field count \
    as absent, and most empty texts do.";
