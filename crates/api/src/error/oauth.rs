//! Failures in the words of OAuth (RFC 6749, section 5.2).

use super::Error;
use axum::http::StatusCode;
use domain::Refusal;
use schemars::JsonSchema;
use serde::Serialize;

/// Never beside the fields of our own refusals: strict clients fail on both in one body.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "OAuthError")]
pub struct Body {
    #[schemars(range(min = 400, max = 599))]
    status_code: u16,
    request_id: String,
    error: &'static str,
    error_description: String,
    error_uri: String,
}

/// Refusals with a word of their own; any other is told by its status.
const CODES: [(Refusal, &str); 5] = [
    (Refusal::InvalidClient, "invalid_client"),
    (Refusal::InvalidScope, "invalid_scope"),
    (Refusal::UnsupportedGrantType, "unsupported_grant_type"),
    (Refusal::ProjectNotFound, "project_not_found"),
    (Refusal::SessionAuthorization, "access_denied"),
];

pub fn body(error: &Error, request_id: String) -> Body {
    let (status, _) = error.on_the_wire();
    let code = code(error, status);
    let status_code = status.as_u16();
    let error_uri = format!("https://stytch.com/docs/b2b/api/errors/{status_code}#{code}");
    Body { status_code, request_id, error: code, error_description: error.message(), error_uri }
}

fn code(error: &Error, status: StatusCode) -> &'static str {
    if let Error::Refused(refusal) = error
        && let Some((_, code)) = CODES.iter().find(|(known, _)| known == refusal)
    {
        return code;
    }
    match status {
        StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE => "temporarily_unavailable",
        StatusCode::INTERNAL_SERVER_ERROR => "server_error",
        _ => "invalid_request",
    }
}
