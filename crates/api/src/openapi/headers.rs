//! What operations read and write in headers, beside what authenticates the call.

use crate::endpoint::{Access, Route};
use axum::http::Method;
use serde_json::{Value, json};

const ON_BEHALF: &str = "The session of a member: the call has that member's rights then. One of the two.";
const IF_MATCH: &str = "The revision that the change is made of, as `ETag` told it.";

/// The headers that an operation honours.
pub fn read(route: &Route) -> Vec<Value> {
    if route.for_members {
        let named = ["X-Stytch-Member-Session", "X-Stytch-Member-SessionJWT"];
        return named.map(|it| header(it, ON_BEHALF)).to_vec();
    }
    if has_revisions(route) && route.method == Method::PUT {
        return vec![header("If-Match", IF_MATCH)];
    }
    Vec::new()
}

/// The headers of its answer.
pub fn written(route: &Route) -> Option<Value> {
    let tag = json!({ "description": "The revision of what is shown.", "schema": { "type": "string" } });
    has_revisions(route).then(|| json!({ "ETag": tag }))
}

/// Documents are read and written by revision.
fn has_revisions(route: &Route) -> bool {
    route.access == Access::Admin && route.path.ends_with("/document")
}

fn header(name: &str, description: &str) -> Value {
    json!({ "name": name, "in": "header", "required": false, "description": description,
            "schema": { "type": "string" } })
}
