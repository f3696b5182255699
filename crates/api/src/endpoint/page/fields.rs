//! A page's request, as the handlers of the direct API read it.

use super::{PageRules, Shows, typed};
use crate::{endpoint::Incoming, error::Result};
use domain::{Refusal, token::Token};
use flows::{Call, presented::Credentials};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

const INTERMEDIATE: &str = "intermediate_session_token";
const SESSION: &str = "session_token";

/// What backends alone may say; a page that says it is not heard.
const OF_BACKENDS: [&str; 8] = [
    SESSION,
    "session_jwt",
    INTERMEDIATE,
    "session_custom_claims",
    "trusted_metadata",
    "authorization_check",
    "organization_external_id",
    "external_id",
];

/// What a member's session says; the body does not.
const OF_THE_SESSION: [&str; 4] = ["organization_id", "organization_ids", "member_id", "member_password_id"];

/// The intermediate session that the body names.
pub(super) fn intermediate_session(incoming: &Incoming) -> Result<Option<Token>> {
    match incoming.fields()?.remove(INTERMEDIATE) {
        Some(Value::String(token)) if !token.is_empty() => Ok(Some(Token::received(token))),
        None | Some(Value::Null | Value::String(_)) => Ok(None),
        Some(_) => Err(Refusal::BadRequest("an intermediate session token is a text").into()),
    }
}

/// Reads what the handler wants.
pub(super) fn read<Q: DeserializeOwned>(
    incoming: &Incoming,
    rules: PageRules,
    call: &Call,
    presented: Credentials,
) -> Result<Q> {
    let mut fields = incoming.fields()?;
    fields.retain(|name, _| !OF_BACKENDS.contains(&name.as_str()));
    if rules.shows.is_a_member() {
        fields.retain(|name, _| !OF_THE_SESSION.contains(&name.as_str()));
    }
    fields.extend(incoming.parameters().map(|(name, value)| (name.to_owned(), json!(value))));
    for (theirs, ours) in rules.renames {
        if let Some(value) = fields.remove(*theirs) {
            fields.insert((*ours).to_owned(), value);
        }
    }
    plain_number(&mut fields);
    show(&mut fields, rules.shows, call, presented)?;
    typed(fields)
}

/// Puts what is shown where the handler looks for it.
fn show(fields: &mut Map<String, Value>, shows: Shows, call: &Call, presented: Credentials) -> Result<()> {
    let Credentials { intermediate_session_token: intermediate, session_token: session, session_jwt: _ } =
        presented;
    if shows.is_a_member() {
        name_member(fields, call);
    }
    let mut put = |name: &str, token: Option<Token>| {
        if let Some(token) = token {
            fields.insert(name.to_owned(), json!(token.expose()));
        }
    };
    match shows {
        Shows::Nothing | Shows::Member => {}
        Shows::Progress => {
            put(INTERMEDIATE, intermediate);
            put(SESSION, session);
        }
        Shows::Either if intermediate.is_some() => put(INTERMEDIATE, intermediate),
        Shows::Either => put(SESSION, Some(session.ok_or(Refusal::SessionNotFound)?)),
        Shows::Intermediate => {
            put(INTERMEDIATE, Some(intermediate.ok_or(Refusal::IntermediateSessionNotFound)?));
        }
        Shows::Session | Shows::MemberAndSession => {
            put(SESSION, Some(session.ok_or(Refusal::SessionNotFound)?));
        }
    }
    Ok(())
}

/// The organization is the member's own whatever the page says; the member is, unless the path names another.
fn name_member(fields: &mut Map<String, Value>, call: &Call) {
    let Some(live) = call.caller.member() else { return };
    let organization = live.tenant.organization_id();
    fields.insert("organization_id".to_owned(), json!(organization));
    fields.insert("organization_ids".to_owned(), json!([organization]));
    fields.entry("member_id").or_insert_with(|| json!(live.member.member_id));
}

/// A phone number as people write it; the SDK sends what they typed where it cannot format.
fn plain_number(fields: &mut Map<String, Value>) {
    if let Some(Value::String(number)) = fields.get_mut("mfa_phone_number") {
        number.retain(|it| !matches!(it, ' ' | '.' | '-' | '(' | ')' | '\u{a0}'));
    }
}
