//! Fields that several requests share, and how they become domain values.

use crate::error::Result;
use domain::{
    Refusal, email::EmailAddress, external_id::ExternalId, locale::Locale, phone::PhoneNumber,
    sessions::SessionDuration, token::Token,
};
use flows::{login::SessionWishes, presented::Credentials};
use schemars::JsonSchema;
use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, Error as _},
};
use serde_json::{Map, Value};

/// The progress a caller shows; empty strings count as absent, as some clients send them.
#[derive(Deserialize, Default, JsonSchema)]
pub struct Shown {
    intermediate_session_token: Option<String>,
    session_token: Option<String>,
    session_jwt: Option<String>,
}

/// What a caller wants of the session at the end.
#[derive(Deserialize, Default, JsonSchema)]
pub struct Wished {
    #[schemars(range(min = 5, max = 527_040))]
    session_duration_minutes: Option<i64>,
    session_custom_claims: Option<Map<String, Value>>,
}

impl From<Shown> for Credentials {
    fn from(shown: Shown) -> Self {
        Self {
            intermediate_session_token: filled(shown.intermediate_session_token).map(Token::received),
            session_token: filled(shown.session_token).map(Token::received),
            session_jwt: filled(shown.session_jwt),
        }
    }
}

impl Wished {
    pub fn parse(self) -> Result<SessionWishes> {
        let duration = self.session_duration_minutes.map(SessionDuration::minutes).transpose()?;
        Ok(SessionWishes { duration, custom_claims: self.session_custom_claims })
    }
}

pub fn filled(text: Option<String>) -> Option<String> {
    text.filter(|it| !it.is_empty())
}

pub fn email(text: &str) -> Result<EmailAddress> {
    Ok(EmailAddress::parse(text)?)
}

/// An empty number counts as absent.
pub fn phone(text: Option<String>) -> Result<Option<PhoneNumber>> {
    Ok(filled(text).map(|it| PhoneNumber::parse(&it)).transpose()?)
}

pub fn locale(text: Option<String>) -> Result<Locale> {
    Ok(filled(text).map_or_else(|| Ok(Locale::default()), |it| it.parse())?)
}

pub fn member_external_id(text: Option<String>) -> Result<Option<ExternalId>> {
    let parse = |it: String| it.parse().map_err(|_| Refusal::InvalidMemberExternalId);
    Ok(filled(text).map(parse).transpose()?)
}

/// A member's name, at most 256 characters.
pub fn name(text: Option<String>) -> Result<Option<String>> {
    const MOST: usize = 256;
    if text.as_ref().is_some_and(|it| it.chars().count() > MOST) {
        return Err(
            Refusal::InvalidArgument { field: "name", reason: "a name has at most 256 characters" }.into()
        );
    }
    Ok(text)
}

/// `true`, `True` or `1` from a query string, as the official clients write it.
pub fn truth<'de, D: Deserializer<'de>>(deserializer: D) -> std::result::Result<bool, D::Error> {
    match Value::deserialize(deserializer)? {
        Value::Bool(truth) => Ok(truth),
        Value::String(text) => match text.to_ascii_lowercase().as_str() {
            "true" | "1" => Ok(true),
            "false" | "0" | "" => Ok(false),
            _ => Err(D::Error::custom("not a truth value")),
        },
        Value::Null | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
            Err(D::Error::custom("not a truth value"))
        }
    }
}

/// Reads a list of objects and nothing else: the derived code would take lists of their values, too.
pub fn objects<'de, D: Deserializer<'de>, T: DeserializeOwned>(
    deserializer: D,
) -> std::result::Result<Option<Vec<T>>, D::Error> {
    let listed = Option::<Vec<Map<String, Value>>>::deserialize(deserializer)?;
    let read = |fields| T::deserialize(Value::Object(fields)).map_err(D::Error::custom);
    listed.map(|it| it.into_iter().map(read).collect()).transpose()
}

/// Reads an object and nothing else.
pub fn object<'de, D: Deserializer<'de>, T: DeserializeOwned>(
    deserializer: D,
) -> std::result::Result<T, D::Error> {
    let fields = Map::<String, Value>::deserialize(deserializer)?;
    T::deserialize(Value::Object(fields)).map_err(D::Error::custom)
}

/// Reads an object, if there is one, and nothing else.
pub fn optional_object<'de, D: Deserializer<'de>, T: DeserializeOwned>(
    deserializer: D,
) -> std::result::Result<Option<T>, D::Error> {
    object(deserializer).map(Some)
}
