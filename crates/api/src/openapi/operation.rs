//! One operation: what it is called, where each field of its request goes, what it answers.

use super::{components::Components, headers};
use crate::{
    endpoint::{Access, Route},
    error,
};
use axum::http::Method;
use serde_json::{Map, Value, json};

type Fields = Map<String, Value>;

pub fn describe(route: &Route, components: &mut Components) -> Value {
    let request = Request::of(route, components);
    let (tag, name) = names(route.handler);
    let mut operation = json!({
        "operationId": format!("{tag}.{name}"),
        "tags": [tag],
        "summary": sentence(&tag, &name),
        "security": security(route.access),
    });
    operation["parameters"] = request.parameters(route).into();
    if let Some(body) = request.body(route) {
        operation["requestBody"] = body;
    }
    let answer = components.written(route.schemas.answer);
    // A call that is named by its path alone is described where its answer is.
    operation["description"] =
        request.description.or_else(|| answer.get("description").cloned()).unwrap_or_default();
    operation["responses"] = responses(route, answer);
    operation
}

/// `admin` is a token above projects; `project` is the secret of a project, behind its id.
pub fn security_schemes() -> Value {
    json!({
        "admin": {
            "type": "http", "scheme": "bearer",
            "description": "A token that `vestibule admin-token create` printed. It opens no other route.",
        },
        "project": {
            "type": "http", "scheme": "basic",
            "description": "The project's id and secret, as `vestibule project create` prints them.",
        },
        "client": {
            "type": "http", "scheme": "basic",
            "description": "The id and secret of a client; or else in the body, as `client_id` and `client_secret`.",
        },
    })
}

fn security(access: Access) -> Value {
    match access {
        Access::Secret => json!([{ "project": [] }]),
        Access::Public | Access::Page(_) => json!([]),
        // In the header or in the body.
        Access::OAuth => json!([{ "client": [] }, {}]),
        Access::Admin => json!([{ "admin": [] }]),
    }
}

/// `api::b2b::magic_links::authenticate` is `authenticate` of `magic_links`, and
/// `api::admin::webhooks::list` is `webhooks_list` of `admin`.
fn names(handler: &str) -> (String, String) {
    if let Some((_, below)) = handler.split_once("::admin::") {
        return ("admin".to_owned(), below.replace("::", "_"));
    }
    let mut steps = handler.rsplit("::");
    let name = steps.next().unwrap_or_default().to_owned();
    let tag = steps.take_while(|it| !matches!(*it, "b2b" | "api" | "crate")).last().unwrap_or_default();
    (tag.to_owned(), name)
}

fn sentence(tag: &str, name: &str) -> String {
    format!("{tag}: {name}").replace('_', " ")
}

/// A request type, taken apart. Its properties lie in the path, the query and the body.
struct Request {
    description: Option<Value>,
    properties: Fields,
    required: Vec<String>,
    /// What is said of the body beside its properties.
    rest: Fields,
}

impl Request {
    fn of(route: &Route, components: &mut Components) -> Self {
        let mut rest = route.schemas.request.map(|it| components.read(it)).unwrap_or_default();
        let description = rest.remove("description");
        let properties = match rest.remove("properties") {
            Some(Value::Object(properties)) => properties,
            _ => Fields::new(),
        };
        let required = rest.remove("required").and_then(|it| serde_json::from_value(it).ok());
        for said_elsewhere in ["type", "title", "$schema"] {
            rest.remove(said_elsewhere);
        }
        Self { description, properties, required: required.unwrap_or_default(), rest }
    }

    fn parameters(&self, route: &Route) -> Vec<Value> {
        let in_path = path_names(route.path).map(|name| {
            let schema = self.properties.get(name).cloned().unwrap_or_else(|| json!({ "type": "string" }));
            let mut schema = never_null(schema);
            if schema["type"] == "string" && schema.get("minLength").is_none() {
                schema["minLength"] = 1.into(); // an empty one is another path
            }
            parameter(name, "path", true, schema)
        });
        let in_query = self.elsewhere(route).filter(|_| !has_body(route)).map(|(name, schema)| {
            parameter(name, "query", self.required.contains(name), never_null(schema.clone()))
        });
        in_path.chain(in_query).chain(headers::read(route)).collect()
    }

    fn body(&self, route: &Route) -> Option<Value> {
        let properties: Fields =
            self.elsewhere(route).map(|(name, schema)| (name.clone(), schema.clone())).collect();
        if !has_body(route) || (properties.is_empty() && self.rest.is_empty()) {
            return None;
        }
        let required: Vec<&String> = self.required.iter().filter(|it| properties.contains_key(*it)).collect();
        let is_required = !required.is_empty();
        let mut schema = json!({ "type": "object", "properties": properties });
        if is_required {
            schema["required"] = json!(required);
        }
        if let Some(schema) = schema.as_object_mut() {
            schema.extend(self.rest.clone());
        }
        let mut content = json!({ "application/json": { "schema": schema } });
        if route.access == Access::OAuth {
            content["application/x-www-form-urlencoded"] = json!({ "schema": schema });
        }
        Some(json!({ "required": is_required, "content": content }))
    }

    /// The properties that are not in the path.
    fn elsewhere(&self, route: &Route) -> impl Iterator<Item = (&String, &Value)> {
        let path = route.path;
        self.properties.iter().filter(move |(name, _)| path_names(path).all(|it| it != *name))
    }
}

fn has_body(route: &Route) -> bool {
    route.method != Method::GET && route.method != Method::DELETE
}

fn path_names(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter_map(|step| step.strip_prefix('{')?.strip_suffix('}'))
}

fn parameter(name: &str, place: &str, required: bool, mut schema: Value) -> Value {
    let description = schema.as_object_mut().and_then(|it| it.remove("description"));
    let mut parameter = json!({ "name": name, "in": place, "required": required, "schema": schema });
    if let Some(description) = description {
        parameter["description"] = description;
    }
    parameter
}

/// There is no way to write null in a path or a query.
fn never_null(mut schema: Value) -> Value {
    if let Some(kinds) = schema["type"].as_array() {
        let kinds: Vec<_> = kinds.iter().filter(|it| *it != "null").cloned().collect();
        schema["type"] = if let [one] = &kinds[..] { one.clone() } else { kinds.into() };
    }
    if let Some(values) = schema.get_mut("enum").and_then(Value::as_array_mut) {
        values.retain(|it| !it.is_null());
    }
    if let Some(choices) = schema.get_mut("anyOf").and_then(Value::as_array_mut) {
        choices.retain(|it| it["type"] != "null");
    }
    schema
}

fn responses(route: &Route, answer: Fields) -> Value {
    let refused = match route.access {
        Access::Secret | Access::Public | Access::Admin | Access::Page(_) => "Refused",
        Access::OAuth => "RefusedInOAuth",
    };
    let mut responses = json!({ "200": {
        "description": "Done.",
        "content": { "application/json": { "schema": enveloped(answer) } },
    }});
    if let Some(written) = headers::written(route) {
        responses["200"]["headers"] = written;
    }
    for status in error::statuses() {
        responses[status.as_str()] = json!({ "$ref": format!("#/components/responses/{refused}") });
    }
    responses
}

/// The answer, between the two fields that every answer has.
fn enveloped(mut answer: Fields) -> Value {
    let mut properties = json!({ "status_code": { "const": 200 }, "request_id": { "type": "string" } });
    let mut required = vec![json!("status_code"), json!("request_id")];
    for said_elsewhere in ["type", "title", "description", "$schema"] {
        answer.remove(said_elsewhere);
    }
    if let (Some(Value::Object(own)), Some(all)) = (answer.remove("properties"), properties.as_object_mut()) {
        all.extend(own);
    }
    if let Some(Value::Array(own)) = answer.remove("required") {
        required.extend(own);
    }
    let mut schema = json!({ "type": "object", "properties": properties, "required": required });
    if let Some(schema) = schema.as_object_mut() {
        schema.extend(answer);
    }
    schema
}
