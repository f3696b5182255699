//! What the operator adds to the access tokens of clients.

mod text;

use super::Client;
use crate::Refusal;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::fmt;
use text::Text;

/// Claims with references to what is known of a client, such as
/// `{"plan": "{{ client.trusted_metadata.plan }}"}`. A text that is one
/// reference becomes the value itself, and is left out where there is none.
/// Within a longer text a reference becomes a word, or nothing.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ClaimsTemplate(Map<String, Value>);

const NAMESPACE: &str = "https://stytch.com/";
/// Claims of ours, and the fields that an introspection answer has beside them.
const RESERVED: [&str; 13] = [
    "iss",
    "sub",
    "aud",
    "exp",
    "nbf",
    "iat",
    "jti",
    "scope",
    "client_id",
    "active",
    "token_type",
    "request_id",
    "status_code",
];
const MOST_BYTES: usize = 4096;
const DEEPEST: usize = 8;

/// Whether a claim is ours to set.
pub fn is_reserved(name: &str) -> bool {
    name.starts_with(NAMESPACE) || RESERVED.contains(&name)
}

impl ClaimsTemplate {
    /// Reads what an operator wrote; nothing is the empty template.
    ///
    /// # Errors
    /// Says what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        if text.trim().is_empty() {
            return Ok(Self::default());
        }
        if text.len() > MOST_BYTES {
            return Err("at most 4 KB".to_owned());
        }
        let Ok(Value::Object(claims)) = serde_json::from_str(text) else {
            return Err("a JSON object, or nothing".to_owned());
        };
        if let Some(name) = claims.keys().find(|it| is_reserved(it)) {
            return Err(format!("the claim {name} is reserved"));
        }
        claims.values().try_for_each(|it| check(it, 1))?;
        Ok(Self(claims))
    }

    /// The claims of one client.
    ///
    /// # Errors
    /// `CustomClaimsTooLarge` when they would hold more than 4 KB.
    pub fn render(&self, client: &Client) -> Result<Map<String, Value>, Refusal> {
        let claims = rendered_fields(&self.0, client);
        let bytes = serde_json::to_vec(&claims).map_or(usize::MAX, |it| it.len());
        if bytes > MOST_BYTES { Err(Refusal::CustomClaimsTooLarge) } else { Ok(claims) }
    }
}

fn check(value: &Value, depth: usize) -> Result<(), String> {
    if depth > DEEPEST {
        return Err(format!("nested {DEEPEST} levels at most"));
    }
    match value {
        Value::String(text) => Text::parse(text).map(|_| ()),
        Value::Array(items) => items.iter().try_for_each(|it| check(it, depth + 1)),
        Value::Object(fields) => fields.values().try_for_each(|it| check(it, depth + 1)),
        Value::Null | Value::Bool(_) | Value::Number(_) => Ok(()),
    }
}

fn rendered_fields(fields: &Map<String, Value>, client: &Client) -> Map<String, Value> {
    fields.iter().filter_map(|(name, value)| Some((name.clone(), rendered(value, client)?))).collect()
}

fn rendered(value: &Value, client: &Client) -> Option<Value> {
    match value {
        // Nothing unreadable is kept: it was checked when it was set.
        Value::String(text) => Text::parse(text).ok()?.rendered(client),
        Value::Array(items) => {
            Some(Value::Array(items.iter().filter_map(|it| rendered(it, client)).collect()))
        }
        Value::Object(fields) => Some(Value::Object(rendered_fields(fields, client))),
        Value::Null | Value::Bool(_) | Value::Number(_) => Some(value.clone()),
    }
}

/// As it is set; the empty template is written as nothing.
impl fmt::Display for ClaimsTemplate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return Ok(());
        }
        f.write_str(&serde_json::to_string(&self.0).map_err(|_| fmt::Error)?)
    }
}

#[cfg(test)]
mod tests;
