//! Who may reach the development routes: pages and programs of this machine.

use axum::{
    Json,
    extract::{FromRequest, Request},
    http::{HeaderMap, Method, StatusCode, Uri, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use serde::de::DeserializeOwned;
use serde_json::json;

/// A body of JSON. One that cannot be read is refused without being repeated.
pub struct Read<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Read<T> {
    type Rejection = Response;

    async fn from_request(request: Request, state: &S) -> Result<Self, Response> {
        let read = Json::<T>::from_request(request, state).await;
        read.map(|Json(it)| Self(it)).map_err(|error| {
            refused(error.status(), "The body is no JSON, lacks a field or holds one of the wrong type.")
        })
    }
}

/// Refuses what a web page elsewhere could send: a foreign `Host` (DNS
/// rebinding), a foreign `Origin`, a POST that needs no preflight.
pub async fn only_from_here(request: Request, next: Next) -> Response {
    match check(request.method(), request.headers()) {
        Ok(()) => next.run(request).await,
        Err((status, reason)) => refused(status, reason),
    }
}

/// An answer of these routes that says no.
pub fn refused(status: StatusCode, reason: &str) -> Response {
    (status, Json(json!({ "status_code": status.as_u16(), "error_message": reason }))).into_response()
}

fn check(method: &Method, headers: &HeaderMap) -> Result<(), (StatusCode, &'static str)> {
    let text = |name| headers.get(name).and_then(|it| it.to_str().ok());
    let host = text(header::HOST).unwrap_or_default();
    if !is_loopback(host) {
        return Err((StatusCode::FORBIDDEN, "Development routes answer on a loopback host only."));
    }
    if headers.contains_key(header::ORIGIN) && text(header::ORIGIN) != Some(&format!("http://{host}")) {
        return Err((StatusCode::FORBIDDEN, "Development routes answer to pages of this server only."));
    }
    let json = text(header::CONTENT_TYPE).is_some_and(|it| it.split(';').next() == Some("application/json"));
    if method == Method::POST && !json {
        return Err((StatusCode::UNSUPPORTED_MEDIA_TYPE, "Send application/json."));
    }
    Ok(())
}

fn is_loopback(host: &str) -> bool {
    let name = host.parse::<Uri>().ok().and_then(|it| it.host().map(str::to_owned));
    matches!(name.as_deref(), Some("localhost" | "127.0.0.1" | "[::1]"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(method: &Method, headers: &[(&str, &str)]) -> bool {
        let map =
            headers.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect();
        check(method, &map).is_ok()
    }

    #[test]
    fn a_page_elsewhere_cannot_reach_the_telephone() {
        assert!(checked(&Method::GET, &[("host", "127.0.0.1:7650")]));
        assert!(checked(&Method::GET, &[("host", "localhost:7650"), ("origin", "http://localhost:7650")]));
        assert!(!checked(&Method::GET, &[("host", "evil.example")]), "a rebound name");
        assert!(!checked(&Method::GET, &[("host", "localhost.evil.example:7650")]));
        assert!(!checked(&Method::GET, &[]), "no host at all");
        assert!(!checked(&Method::GET, &[("host", "127.0.0.1:7650"), ("origin", "https://evil.example")]));
        assert!(!checked(&Method::GET, &[("host", "127.0.0.1:7650"), ("origin", "null")]));
        assert!(!checked(&Method::GET, &[("host", "127.0.0.1:7650"), ("origin", "http://127.0.0.1:9999")]));
    }

    #[test]
    fn a_post_wants_json() {
        let host = ("host", "[::1]:7650");
        assert!(checked(&Method::POST, &[host, ("content-type", "application/json; charset=utf-8")]));
        assert!(!checked(&Method::POST, &[host, ("content-type", "text/plain")]));
        assert!(!checked(&Method::POST, &[host]));
    }
}
