//! Reading a request: body, query and path in one strict JSON object.

use super::{form, peer::Peer};
use crate::error::{Error, Result};
use axum::{
    RequestPartsExt,
    body::to_bytes,
    extract::{RawPathParams, Request},
    http::{HeaderMap, Method},
};
use domain::Refusal;
use serde::de::{self, DeserializeOwned, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};
use std::{fmt, time::Duration};
use tokio::time::timeout;

/// The most a body may hold.
pub const MOST_BYTES: usize = 64 * 1024;
const DEEPEST: usize = 32;
/// How long a client may take over its body.
const PATIENCE: Duration = Duration::from_secs(10);

/// A request, received whole.
pub struct Incoming {
    pub peer: Peer,
    pub headers: HeaderMap,
    pub query: Vec<(String, String)>,
    path: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Incoming {
    /// Receives the body, up to the limit. The body of a GET is not read.
    pub async fn receive(request: Request, trusted_hops: usize) -> Result<Self> {
        let (mut head, body) = request.into_parts();
        let peer = Peer::of(&head, trusted_hops);
        let parameters = head.extract::<RawPathParams>().await;
        let parameters = parameters.map_err(|_| Refusal::BadRequest("the path is not UTF-8"))?;
        let path = parameters.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        let body = if head.method == Method::GET {
            Vec::new()
        } else {
            let received = timeout(PATIENCE, to_bytes(body, MOST_BYTES)).await;
            let received = received.map_err(|_| Refusal::BadRequest("the body took too long"))?;
            received.map_err(|_| Refusal::BadRequest("the body is larger than 64 KiB or broke off"))?.to_vec()
        };
        let query = head.uri.query().map(pairs).unwrap_or_default();
        Ok(Self { peer, headers: head.headers, query, path, body })
    }

    /// A parameter of the path.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.path.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Every parameter of the path, by name.
    pub(super) fn parameters(&self) -> impl Iterator<Item = (&str, &str)> {
        self.path.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Reads the request as a type. The path wins over the query, the query
    /// over the body; null at the top level means absent; unknown fields are
    /// ignored, as some official clients repeat path and query in the body.
    pub fn read<Q: DeserializeOwned>(&self) -> Result<Q> {
        let mut fields = self.fields()?;
        for (name, value) in self.query.iter().chain(&self.path) {
            if name.contains('\0') || value.contains('\0') {
                return Err(Refusal::BadRequest("a parameter holds U+0000").into());
            }
            fields.insert(name.clone(), Value::String(value.clone()));
        }
        typed(fields)
    }

    /// Reads a form or JSON, and neither path nor query: a secret in a URL
    /// stands in logs, so it counts for nothing there.
    pub fn read_of_client<Q: DeserializeOwned>(&self) -> Result<Q> {
        typed(if form::is_form(&self.headers) { form::fields(&self.body)? } else { self.fields()? })
    }

    /// The body alone.
    pub(super) fn fields(&self) -> Result<Map<String, Value>> {
        if self.body.iter().all(u8::is_ascii_whitespace) {
            return Ok(Map::new());
        }
        let text =
            std::str::from_utf8(&self.body).map_err(|_| Refusal::BadRequest("the body is not UTF-8"))?;
        let mut reader = serde_json::Deserializer::from_str(text);
        let value =
            Strict { depth: 0 }.deserialize(&mut reader).and_then(|value| reader.end().map(|()| value));
        match value {
            Ok(Value::Object(fields)) => Ok(fields),
            Ok(Value::Null) => Ok(Map::new()), // one client sends `null` where it has nothing to send
            Ok(_) => Err(Refusal::BadRequest("the body is not a JSON object").into()),
            Err(error) if error.is_data() => Err(Error::Malformed(reason(&error.to_string()))),
            Err(_) => Err(Refusal::BadRequest("the body is not well-formed JSON").into()),
        }
    }
}

pub(super) fn typed<Q: DeserializeOwned>(mut fields: Map<String, Value>) -> Result<Q> {
    fields.retain(|_, value| !value.is_null());
    serde_path_to_error::deserialize(Value::Object(fields)).map_err(|error| named(&error))
}

fn pairs(query: &str) -> Vec<(String, String)> {
    url::form_urlencoded::parse(query.as_bytes()).into_owned().collect()
}

/// Says which of our fields is wrong; never repeats what was sent.
fn named(error: &serde_path_to_error::Error<serde_json::Error>) -> Error {
    let path = error.path().to_string();
    let inner = error.inner().to_string();
    let ours = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '_' | '.' | '[' | ']');
    if let Some(rest) = inner.strip_prefix("missing field `") {
        let name: String = rest.chars().take_while(|c| *c != '`').collect();
        return Error::Malformed(format!("The field {name} is required."));
    }
    if path.len() <= 80 && path.chars().all(ours) && path != "." {
        return Error::Malformed(format!("The field {path} is missing or of the wrong type."));
    }
    Error::Malformed("A field is missing or of the wrong type.".to_owned())
}

/// One of the messages of [`Strict`]; anything else could quote the body.
fn reason(message: &str) -> String {
    let known = [DUPLICATE, TOO_DEEP, NUL, RESERVED];
    let found = known.iter().find(|it| message.starts_with(**it));
    found.map_or_else(
        || "The body cannot be read.".to_owned(),
        |it| format!("The request is malformed: {it}."),
    )
}

const DUPLICATE: &str = "a key occurs twice";
const TOO_DEEP: &str = "the body is nested deeper than 32 levels";
const RESERVED: &str = "a key is reserved";
/// The JSON library reads the text below such a key as JSON again, past every check here.
const MAGIC: &str = "$serde_json::private::";
const NUL: &str = "a text holds U+0000";

/// Reads any JSON, but no duplicate keys, no U+0000 and no deep nesting.
/// Lone surrogates are refused by the parser itself.
struct Strict {
    depth: usize,
}

impl<'de> DeserializeSeed<'de> for Strict {
    type Value = Value;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> std::result::Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl Strict {
    fn deeper<E: de::Error>(&self) -> std::result::Result<Self, E> {
        if self.depth < DEEPEST { Ok(Self { depth: self.depth + 1 }) } else { Err(E::custom(TOO_DEEP)) }
    }
}

fn text<E: de::Error>(text: &str) -> std::result::Result<String, E> {
    if text.contains('\0') { Err(E::custom(NUL)) } else { Ok(text.to_owned()) }
}

impl<'de> Visitor<'de> for Strict {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }
    fn visit_bool<E>(self, value: bool) -> std::result::Result<Value, E> {
        Ok(Value::Bool(value))
    }
    fn visit_i64<E>(self, value: i64) -> std::result::Result<Value, E> {
        Ok(Value::from(value))
    }
    fn visit_u64<E>(self, value: u64) -> std::result::Result<Value, E> {
        Ok(Value::from(value))
    }
    fn visit_f64<E>(self, value: f64) -> std::result::Result<Value, E> {
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }
    fn visit_str<E: de::Error>(self, value: &str) -> std::result::Result<Value, E> {
        text(value).map(Value::String)
    }
    fn visit_unit<E>(self) -> std::result::Result<Value, E> {
        Ok(Value::Null)
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> std::result::Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(self.deeper()?)? {
            list.push(item);
        }
        Ok(Value::Array(list))
    }
    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> std::result::Result<Value, A::Error> {
        let mut fields = Map::new();
        while let Some(key) = entries.next_key::<String>()? {
            if key.starts_with(MAGIC) {
                return Err(de::Error::custom(RESERVED));
            }
            let value = entries.next_value_seed(self.deeper()?)?;
            if fields.insert(text(&key)?, value).is_some() {
                return Err(de::Error::custom(DUPLICATE));
            }
        }
        Ok(Value::Object(fields))
    }
}
