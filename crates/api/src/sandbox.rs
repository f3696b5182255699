//! Sandbox values: what test suites of backends may always send, and the fixed
//! answers to it.
//!
//! The adapter asks here before the handler, in test projects of servers that
//! have the sandbox on. Nothing is read from the database, nothing is written
//! and nothing sent; no flow ever sees these values. Where the sandbox is off
//! they are unknown values like any other.

mod bodies;

use crate::{Api, endpoint::Incoming, error::Result};
use axum::http::Method;
use domain::{Refusal, Timestamp, projects::Environment};
use flows::Call;
use serde_json::{Map, Value};

const EMAIL: &str = "sandbox@stytch.com";
const ORGANIZATION: &str = "organization-test-007d9d4a-deac-4a87-ba0a-e6e8afba4d4b";
const MEMBER: &str = "member-test-32fc5024-9c09-4da3-bd2e-c9ce4da9375f";
const PHONE: &str = "+10000000000";
const CODE: &str = "000000";
const RECOVERY_CODE: &str = "a1b2-c3d4-e5f6";
const SESSION: &str = "WJtR5BCy38Szd5AfoDpf0iqFKEt4EE5JhjlWUY7l3FtY";

const LINK: &str = "DOYoip3rvIMMW5lgItikFK-Ak1CfMsgjuiCyI7uuU94=";
const LINK_UNABLE: &str = "3pzjQpgksDlGKWEwUq2Up--hCHC_0oamfLHyfspKDFU=";
const LINK_UNKNOWN: &str = "CprTtwhnRNiMBiUS2jSLcWYrfuO2POeBNdo5HhW6qTM=";

/// The fixed answer to a call that holds sandbox values; none to any other.
pub fn fixed(
    api: &Api,
    call: &Call,
    (method, path): &(Method, &'static str),
    incoming: &Incoming,
) -> Option<Result<Value>> {
    if !api.sandbox || call.project.environment != Environment::Test || method != Method::POST {
        return None;
    }
    answer(path, &incoming.read().ok()?, call.now)
}

fn answer(path: &str, fields: &Map<String, Value>, now: Timestamp) -> Option<Result<Value>> {
    let text = |name: &str| fields.get(name).and_then(Value::as_str).unwrap_or_default();
    match path {
        "/v1/b2b/magic_links/email/login_or_signup"
        | "/v1/b2b/magic_links/email/invite"
        | "/v1/b2b/otps/email/login_or_signup" => {
            let created = !path.ends_with("invite");
            sent(text("email_address"), text("organization_id")).map(|it| it.map(|()| bodies::sent(created)))
        }
        "/v1/b2b/magic_links/email/discovery/send" | "/v1/b2b/otps/email/discovery/send" => {
            (text("email_address") == EMAIL).then(|| Ok(bodies::nothing()))
        }
        "/v1/b2b/magic_links/authenticate" => link(text("magic_links_token"), || bodies::link_login(now)),
        "/v1/b2b/magic_links/discovery/authenticate" => {
            link(text("discovery_magic_links_token"), || bodies::discovery(now))
        }
        "/v1/b2b/otps/email/authenticate" => {
            let ours = (text("email_address"), text("organization_id")) == (EMAIL, ORGANIZATION);
            (ours && text("code") == CODE).then(|| Ok(bodies::login(now)))
        }
        "/v1/b2b/otps/email/discovery/authenticate" => {
            ((text("email_address"), text("code")) == (EMAIL, CODE)).then(|| Ok(bodies::discovery(now)))
        }
        "/v1/b2b/otps/sms/send" => texted(text("mfa_phone_number"), is_member(fields)),
        "/v1/b2b/otps/sms/authenticate" | "/v1/b2b/totp/authenticate" => {
            (is_member(fields) && text("code") == CODE).then(|| Ok(bodies::second_factor(now)))
        }
        "/v1/b2b/recovery_codes/recover" => {
            (is_member(fields) && text("recovery_code") == RECOVERY_CODE).then(|| Ok(bodies::recovery(now)))
        }
        "/v1/b2b/sessions/authenticate" => shows_session(fields).then(|| Ok(bodies::session(now))),
        "/v1/b2b/sessions/revoke" => shows_session(fields).then(|| Ok(bodies::nothing())),
        _ => None,
    }
}

fn sent(email: &str, organization: &str) -> Option<Result<()>> {
    match (email == EMAIL, organization == ORGANIZATION) {
        (true, true) => Some(Ok(())),
        (true, false) => Some(Err(Refusal::InvalidEmailSandbox.into())),
        (false, _) => None,
    }
}

fn texted(number: &str, to_member: bool) -> Option<Result<Value>> {
    match (number, to_member) {
        (PHONE | "", true) => Some(Ok(bodies::texted())),
        (PHONE, false) => Some(Err(Refusal::InvalidPhoneNumberSandbox.into())),
        _ => None,
    }
}

fn link(token: &str, body: impl FnOnce() -> Value) -> Option<Result<Value>> {
    match token {
        LINK => Some(Ok(body())),
        LINK_UNABLE => Some(Err(Refusal::UnableToAuthMagicLink.into())),
        LINK_UNKNOWN => Some(Err(Refusal::MagicLinkNotFound.into())),
        _ => None,
    }
}

fn is_member(fields: &Map<String, Value>) -> bool {
    fields.get("organization_id").is_some_and(|it| it == ORGANIZATION)
        && fields.get("member_id").is_some_and(|it| it == MEMBER)
}

/// The session alone: beside another credential the call is wrong as any.
fn shows_session(fields: &Map<String, Value>) -> bool {
    let others = ["session_jwt", "member_session_id", "member_id", "authorization_check"];
    fields.get("session_token").is_some_and(|it| it == SESSION)
        && others.iter().all(|it| fields.get(*it).is_none_or(|it| it == ""))
}
