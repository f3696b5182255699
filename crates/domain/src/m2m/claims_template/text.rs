//! One text of a template: words and references.

use crate::m2m::Client;
use serde_json::Value;

pub(super) struct Text<'a>(Vec<Part<'a>>);

enum Part<'a> {
    Words(&'a str),
    Reference(Reference<'a>),
}

#[derive(Clone)]
enum Reference<'a> {
    ClientId,
    Name,
    /// The keys on the way into the metadata.
    TrustedMetadata(Vec<&'a str>),
}

const KNOWN: &str =
    "references are {{ client.client_id }}, {{ client.name }} and {{ client.trusted_metadata.KEY }}";

impl<'a> Text<'a> {
    pub fn parse(text: &'a str) -> Result<Self, String> {
        let (mut parts, mut rest) = (Vec::new(), text);
        while let Some((words, after)) = rest.split_once("{{") {
            let (reference, after) = after.split_once("}}").ok_or("a {{ without its }}")?;
            if !words.is_empty() {
                parts.push(Part::Words(words));
            }
            parts.push(Part::Reference(Reference::parse(reference.trim()).ok_or(KNOWN)?));
            rest = after;
        }
        if !rest.is_empty() || parts.is_empty() {
            parts.push(Part::Words(rest));
        }
        Ok(Self(parts))
    }

    /// None for a reference to what the client does not have.
    pub fn rendered(&self, client: &Client) -> Option<Value> {
        if let [Part::Reference(alone)] = self.0.as_slice() {
            return alone.value(client);
        }
        let words = self.0.iter().map(|part| match part {
            Part::Words(words) => (*words).to_owned(),
            Part::Reference(reference) => reference.word(client),
        });
        Some(Value::String(words.collect()))
    }
}

impl<'a> Reference<'a> {
    fn parse(text: &'a str) -> Option<Self> {
        let plain =
            |key: &&str| !key.is_empty() && !key.contains(|c: char| c.is_whitespace() || "{}".contains(c));
        let mut keys = text.split('.');
        if keys.next() != Some("client") {
            return None;
        }
        match (keys.next()?, keys.collect::<Vec<_>>()) {
            ("client_id", more) if more.is_empty() => Some(Self::ClientId),
            ("name", more) if more.is_empty() => Some(Self::Name),
            ("trusted_metadata", path) if !path.is_empty() && path.iter().all(plain) => {
                Some(Self::TrustedMetadata(path))
            }
            _ => None,
        }
    }

    fn value(&self, client: &Client) -> Option<Value> {
        match self {
            Self::ClientId => Some(Value::String(client.client_id.to_string())),
            Self::Name => Some(Value::String(client.name.clone())),
            Self::TrustedMetadata(path) => {
                let (first, more) = path.split_first()?;
                let found = client.trusted_metadata.as_map().get(*first)?;
                more.iter().try_fold(found, |value, key| value.get(key)).cloned()
            }
        }
    }

    fn word(&self, client: &Client) -> String {
        match self.value(client) {
            Some(Value::String(text)) => text,
            Some(Value::Number(number)) => number.to_string(),
            Some(Value::Bool(truth)) => truth.to_string(),
            Some(Value::Null | Value::Array(_) | Value::Object(_)) | None => String::new(),
        }
    }
}
